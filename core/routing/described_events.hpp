// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/routing/described.hpp"

/// Events and effects as JSON lines: a call can be recorded, sent in a report and decided again (tests, tools). The
/// product stores documents only.
namespace clarion {

template <>
struct EnumText<routing::PushOutcome> {
    static constexpr std::array<EnumWord<routing::PushOutcome>, 2> values{{
        {routing::PushOutcome::accepted, "accepted"},
        {routing::PushOutcome::failed, "failed"},
    }};
};

template <>
struct Describe<routing::CalleeDevice> {
    using T = routing::CalleeDevice;
    static constexpr std::string_view name = "callee_device";
    static constexpr auto fields = std::tuple{
        field("device", &T::device),
        field("platform", &T::platform),
        field("has_push", &T::has_push),
        field("connected", &T::connected),
    };
};

template <>
struct Describe<routing::CallPlaced> {
    using T = routing::CallPlaced;
    static constexpr std::string_view name = "call_placed";
    static constexpr auto fields = std::tuple{
        field("call_id", &T::call_id),
        field("service", &T::service),
        field("from_user", &T::from_user),
        field("from_device", &T::from_device),
        field("from_name", &T::from_name, {.length_max = protocol::kNameLengthMax}),
        field("to_user", &T::to_user),
        field("media", &T::media),
        field("offer", &T::offer, {.length_max = protocol::kSdpLengthMax}),
        field("devices", &T::devices),
        optional_field("responder_preparation", &T::responder_preparation),
        field("start_message", &T::start_message, {.length_max = protocol::kStartMessageLengthMax}),
        field("extra", &T::extra, {.length_max = protocol::kExtraLengthMax}),
        field("app_server_data", &T::app_server_data, {.length_max = protocol::kAppServerDataLengthMax}),
        optional_field("screening", &T::screening),
    };
};

template <>
struct Describe<routing::VerifyAsked> {
    using T = routing::VerifyAsked;
    static constexpr std::string_view name = "verify_asked";
    static constexpr auto fields = std::tuple{field("device", &T::device)};
};

template <>
struct Describe<routing::AnswerReceived> {
    using T = routing::AnswerReceived;
    static constexpr std::string_view name = "answer_received";
    static constexpr auto fields = std::tuple{
        field("device", &T::device),
        field("sdp", &T::sdp, {.length_max = protocol::kSdpLengthMax}),
        optional_field("responder_preparation", &T::responder_preparation),
        field("start_message", &T::start_message, {.length_max = protocol::kStartMessageLengthMax}),
    };
};

template <>
struct Describe<routing::DeclineReceived> {
    using T = routing::DeclineReceived;
    static constexpr std::string_view name = "decline_received";
    static constexpr auto fields = std::tuple{
        field("device", &T::device),
        field("reason", &T::reason),
        optional_field("everywhere", &T::everywhere),
        field("release_code", &T::release_code, {.length_max = protocol::kReleaseCodeLengthMax}),
    };
};

template <>
struct Describe<routing::EndReceived> {
    using T = routing::EndReceived;
    static constexpr std::string_view name = "end_received";
    static constexpr auto fields = std::tuple{
        field("device", &T::device),
        field("reason", &T::reason),
        field("release_code", &T::release_code, {.length_max = protocol::kReleaseCodeLengthMax}),
    };
};

template <>
struct Describe<routing::CandidateReceived> {
    using T = routing::CandidateReceived;
    static constexpr std::string_view name = "candidate_received";
    static constexpr auto fields = std::tuple{field("device", &T::device), field("candidate", &T::candidate)};
};

template <>
struct Describe<routing::StateReceived> {
    using T = routing::StateReceived;
    static constexpr std::string_view name = "state_received";
    static constexpr auto fields = std::tuple{field("device", &T::device), field("state", &T::state)};
};

template <>
struct Describe<routing::MediaOfferReceived> {
    using T = routing::MediaOfferReceived;
    static constexpr std::string_view name = "media_offer_received";
    static constexpr auto fields = std::tuple{field("device", &T::device), field("offer", &T::offer)};
};

template <>
struct Describe<routing::MediaAnswerReceived> {
    using T = routing::MediaAnswerReceived;
    static constexpr std::string_view name = "media_answer_received";
    static constexpr auto fields = std::tuple{field("device", &T::device), field("answer", &T::answer)};
};

template <>
struct Describe<routing::MuteAsked> {
    using T = routing::MuteAsked;
    static constexpr std::string_view name = "mute_asked";
    static constexpr auto fields = std::tuple{field("device", &T::device), field("on", &T::on)};
};

template <>
struct Describe<routing::ShortDataReceived> {
    using T = routing::ShortDataReceived;
    static constexpr std::string_view name = "short_data_received";
    static constexpr auto fields = std::tuple{field("device", &T::device), field("data", &T::data)};
};

template <>
struct Describe<routing::TakeReceived> {
    using T = routing::TakeReceived;
    static constexpr std::string_view name = "take_received";
    static constexpr auto fields = std::tuple{
        field("device", &T::device),
        field("platform", &T::platform),
        field("side", &T::side),
        field("peer_name", &T::peer_name, {.length_max = protocol::kNameLengthMax}),
        field("offer", &T::offer, {.length_max = protocol::kSdpLengthMax}),
    };
};

template <>
struct Describe<routing::CallCrossed> {
    using T = routing::CallCrossed;
    static constexpr std::string_view name = "call_crossed";
    static constexpr auto fields = std::tuple{field("from", &T::from), field("call_id", &T::call_id)};
};

template <>
struct Describe<routing::CallOvertaken> {
    static constexpr std::string_view name = "call_overtaken";
    static constexpr auto fields = std::tuple{};
};

template <>
struct Describe<routing::ReceiptReceived> {
    using T = routing::ReceiptReceived;
    static constexpr std::string_view name = "receipt_received";
    static constexpr auto fields = std::tuple{field("device", &T::device), field("step", &T::step)};
};

template <>
struct Describe<routing::PushFinished> {
    using T = routing::PushFinished;
    static constexpr std::string_view name = "push_finished";
    static constexpr auto fields =
        std::tuple{field("device", &T::device), field("outcome", &T::outcome), optional_field("why", &T::why)};
};

template <>
struct Describe<routing::PresenceChanged> {
    using T = routing::PresenceChanged;
    static constexpr std::string_view name = "presence_changed";
    static constexpr auto fields = std::tuple{
        field("device", &T::device),
        field("connected", &T::connected),
        optional_field("knows_call", &T::knows_call),
        optional_field("fresh", &T::fresh),
    };
};

template <>
struct Describe<routing::ServerResumed> {
    static constexpr std::string_view name = "server_resumed";
    static constexpr auto fields = std::tuple{};
};

template <>
struct Describe<routing::TimePassed> {
    static constexpr std::string_view name = "time_passed";
    static constexpr auto fields = std::tuple{};
};

template <>
struct Describe<routing::SendToDevice> {
    using T = routing::SendToDevice;
    static constexpr std::string_view name = "send_to_device";
    static constexpr auto fields = std::tuple{field("device", &T::device), field("message", &T::message)};
};

template <>
struct Describe<routing::SendIncoming> {
    using T = routing::SendIncoming;
    static constexpr std::string_view name = "send_incoming";
    static constexpr auto fields = std::tuple{field("device", &T::device)};
};

template <>
struct Describe<routing::SendPush> {
    using T = routing::SendPush;
    static constexpr std::string_view name = "send_push";
    static constexpr auto fields =
        std::tuple{field("device", &T::device), field("kind", &T::kind), field("ended", &T::ended)};
};

template <>
struct Describe<routing::AddTrace> {
    using T = routing::AddTrace;
    static constexpr std::string_view name = "add_trace";
    static constexpr auto fields = std::tuple{
        field("device", &T::device),
        field("what", &T::what),
        field("detail", &T::detail),
    };
};

template <>
struct Describe<routing::RecordHistory> {
    using T = routing::RecordHistory;
    static constexpr std::string_view name = "record_history";
    static constexpr auto fields = std::tuple{field("caller", &T::caller), field("callee", &T::callee)};
};

}  // namespace clarion
