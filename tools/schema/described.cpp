// SPDX-License-Identifier: Apache-2.0
// The roots: everything that crosses the door and the wire. A message that is added to a variant appears by itself.
#include "core/callui/described.hpp"

#include "core/engine/start_fail.hpp"
#include "core/engine/view.hpp"
#include "core/protocol/messages_described.hpp"
#include "sdk/door/clarion.h"
#include "sdk/door/described.hpp"
#include "tools/schema/reflect.hpp"

namespace clarion::schema {
namespace {

void add_limits(Model& model) {
    const auto add = [&](std::string name, std::size_t value) {
        model.limits.push_back({std::move(name), static_cast<std::int64_t>(value)});
    };
    add("json_max", CLARION_JSON_MAX);
    add("snapshot_max", CLARION_SNAPSHOT_MAX);
    add("frame_length_max", protocol::kFrameLengthMax);
    add("sdp_length_max", protocol::kSdpLengthMax);
    add("candidate_length_max", protocol::kCandidateLengthMax);
    add("token_length_max", protocol::kTokenLengthMax);
    add("ticket_length_max", protocol::kTicketLengthMax);
    add("cc_param_length_max", protocol::kCcParamLengthMax);
    add("id_length_max", UserId::kLengthMax);
    add("name_length_max", protocol::kNameLengthMax);
    add("release_code_length_max", protocol::kReleaseCodeLengthMax);
    add("start_message_length_max", protocol::kStartMessageLengthMax);
    add("app_server_data_length_max", protocol::kAppServerDataLengthMax);
    add("hold_reason_length_max", protocol::kHoldReasonLengthMax);
    add("short_data_type_length_max", protocol::kShortDataTypeLengthMax);
    add("short_data_length_max", protocol::kShortDataLengthMax);
    add("extra_length_max", protocol::kExtraLengthMax);
    add("calls_max", engine::kCallsMax);
    add("callui_calls_max", callui::kRecordsMax);
    add("events_max", callui::kEventsMax);
    add("protocol_version", protocol::kProtocolVersion);
    add("invite_version", protocol::kInviteVersion);
}

void add_status_codes(Model& model) {
    model.status_codes = {
        {"ok", CLARION_OK},
        {"nothing", CLARION_NOTHING},
        {"argument", CLARION_ERR_ARGUMENT},
        {"too_large", CLARION_ERR_TOO_LARGE},
        {"malformed", CLARION_ERR_MALFORMED},
        {"unknown_type", CLARION_ERR_UNKNOWN_TYPE},
        {"field", CLARION_ERR_FIELD},
        {"undrained", CLARION_ERR_UNDRAINED},
        {"time_went_back", CLARION_ERR_TIME_WENT_BACK},
        {"unknown_call", CLARION_ERR_UNKNOWN_CALL},
        {"wrong_state", CLARION_ERR_WRONG_STATE},
        {"duplicate_call", CLARION_ERR_DUPLICATE_CALL},
        {"too_many_calls", CLARION_ERR_TOO_MANY_CALLS},
        {"snapshot_version", CLARION_ERR_SNAPSHOT_VERSION},
        {"snapshot_damaged", CLARION_ERR_SNAPSHOT_DAMAGED},
    };
}

}  // namespace

Model build_model() {
    Model model;
    Reflector reflect{model};
    reflect.root<engine::Config>("config", "clarion_create, clarion_restore.", true, false);
    reflect.root<door::EngineInput>("engine_input", "A fact for clarion_send.", true, false);
    reflect.root<door::EngineOutput>("engine_output", "A command of clarion_receive.", false, true);
    reflect.root<std::vector<engine::CallView>>("calls", "What clarion_calls gives.", false, true);
    reflect.root<engine::Adoption>("adoption", "What clarion_adopt gives.", false, true);
    reflect.words_of<engine::StartFail>();
    reflect.root<door::CallUiConfig>("callui_config", "clarion_callui_create, clarion_callui_restore.", true, false);
    reflect.root<callui::Input>("callui_input", "A fact for clarion_callui_send.", true, false);
    reflect.root<callui::Output>("callui_output", "A command of clarion_callui_receive.", false, true);
    reflect.root<callui::View>("callui_view", "What clarion_callui_view gives.", false, true);
    reflect.root<protocol::ClientMessage>("client_message", "A WebSocket message of a client.", true, false);
    reflect.common_field(
        "client_message", {.name = "id", .type = {.kind = Kind::integer, .min = 1}, .must_be_sent = true}
    );
    reflect.root<protocol::ServerMessage>("server_message", "A WebSocket message of the server.", false, true);
    reflect.common_field(
        "server_message", {.name = "seq", .type = {.kind = Kind::integer, .min = 1}, .is_always_there = false}
    );
    reflect.root<protocol::Invite>("invite", "The JSON inside cc_param.", true, false);
    add_limits(model);
    add_status_codes(model);
    return model;
}

}  // namespace clarion::schema
