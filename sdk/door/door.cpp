// SPDX-License-Identifier: Apache-2.0
#include <cstddef>
#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>

#include "core/codec/described.hpp"
#include "core/codec/protocol_codec.hpp"
#include "core/engine/described.hpp"
#include "core/engine/engine.hpp"
#include "sdk/door/clarion.h"

namespace clarion::door {
namespace {

using codec::DecodeError;
using codec::DecodeErrorCode;

/// A frame of the connection as it goes through the door: the text of the WebSocket message, so that a shell only
/// carries it. The engine's own description has the frame in parts (core/engine/described.hpp).
struct SendFrameText {
    std::string text;
};

struct FrameReceivedText {
    std::string text;
    WallTime wall_now;
};

}  // namespace
}  // namespace clarion::door

namespace clarion {

template <>
struct Describe<door::SendFrameText> {
    using T = door::SendFrameText;
    static constexpr std::string_view name = "send_frame";
    static constexpr auto fields = std::tuple{field("text", &T::text)};
};

template <>
struct Describe<door::FrameReceivedText> {
    using T = door::FrameReceivedText;
    static constexpr std::string_view name = "frame_received";
    static constexpr auto fields = std::tuple{
        field("text", &T::text, {.length_max = 2 * protocol::kFrameLengthMax}), field("wall_now", &T::wall_now)
    };
};

}  // namespace clarion

struct clarion_engine {
    clarion::engine::Engine machine;
    std::string text;   // What was handed out last.
    std::string error;  // Of the last refused call.
    bool is_drained;    // Nothing waits: a snapshot is whole.
};

namespace clarion::door {
namespace {

std::int32_t code_of(const DecodeError& error) {
    switch (error.code) {
        case DecodeErrorCode::malformed:
        case DecodeErrorCode::not_utf8: return CLARION_ERR_MALFORMED;
        case DecodeErrorCode::too_large: return CLARION_ERR_TOO_LARGE;
        case DecodeErrorCode::unknown_type: return CLARION_ERR_UNKNOWN_TYPE;
        case DecodeErrorCode::missing_field:
        case DecodeErrorCode::wrong_type:
        case DecodeErrorCode::out_of_range:
        case DecodeErrorCode::too_long:
        case DecodeErrorCode::unknown_word:
        case DecodeErrorCode::bad_id: return CLARION_ERR_FIELD;
    }
    return CLARION_ERR_FIELD;
}

struct Refusal {
    std::int32_t code;
    std::string_view text;
};

Refusal refusal_of(engine::InputError error) {
    switch (error) {
        case engine::InputError::undrained: return {CLARION_ERR_UNDRAINED, "outputs wait: receive them first"};
        case engine::InputError::time_went_back: return {CLARION_ERR_TIME_WENT_BACK, "now_ms is before the last one"};
        case engine::InputError::unknown_call: return {CLARION_ERR_UNKNOWN_CALL, "no such call"};
        case engine::InputError::wrong_state: return {CLARION_ERR_WRONG_STATE, "the call cannot do that now"};
        case engine::InputError::duplicate_call: return {CLARION_ERR_DUPLICATE_CALL, "the call id is in use"};
        case engine::InputError::too_many_calls: return {CLARION_ERR_TOO_MANY_CALLS, "too many calls at once"};
        case engine::InputError::bad_input: return {CLARION_ERR_FIELD, "a field is out of its limits"};
    }
    return {CLARION_ERR_FIELD, "a field is out of its limits"};
}

std::int32_t refuse(clarion_engine& engine, const DecodeError& error) {
    engine.error = error.message();
    return code_of(error);
}

std::int32_t result_of(clarion_engine& engine, const std::expected<void, engine::InputError>& result) {
    if (result) {
        engine.is_drained = false;
        return CLARION_OK;
    }
    const auto refusal = refusal_of(result.error());
    engine.error = refusal.text;
    return refusal.code;
}

std::expected<engine::Input, DecodeError> decode_input(std::string_view json) {
    const auto document = codec::Document::parse(json, CLARION_JSON_MAX);
    if (!document) return std::unexpected{document.error()};
    const auto root = document->root();
    if (root.get("type").text() != Describe<FrameReceivedText>::name) return codec::decode<engine::Input>(root);
    auto received = codec::decode<FrameReceivedText>(root);
    if (!received) return std::unexpected{std::move(received.error())};
    auto frame = codec::decode_server_frame(received->text);
    if (!frame) {
        auto error = std::move(frame.error());
        error.path = error.path.empty() ? "text" : "text." + error.path;
        // A server newer than this library is skipped; a broken one is the shell's reason to close the connection.
        if (error.code != DecodeErrorCode::unknown_type) error.code = DecodeErrorCode::wrong_type;
        return std::unexpected{std::move(error)};
    }
    return engine::FrameReceived{std::move(*frame), received->wall_now};
}

std::string encode_output(const engine::Output& output) {
    if (const auto* send = std::get_if<engine::SendFrame>(&output)) {
        return codec::encode(std::variant<SendFrameText>{SendFrameText{codec::encode_frame(send->frame)}});
    }
    return codec::encode(output);
}

std::int32_t decode_config(const char* json, std::size_t length, engine::Config& out) {
    auto config = codec::decode<engine::Config>(std::string_view{json, length}, CLARION_JSON_MAX);
    if (!config) return code_of(config.error());
    out = std::move(*config);
    return CLARION_OK;
}

std::int32_t hand_out(const std::string& from, const char** text, std::size_t* length) {
    *text = from.data();
    *length = from.size();
    return CLARION_OK;
}

}  // namespace
}  // namespace clarion::door

using clarion::Instant;
using clarion::WallTime;
namespace door = clarion::door;

extern "C" {

uint32_t clarion_version(void) { return (CLARION_VERSION_MAJOR << 16U) | CLARION_VERSION_MINOR; }

int32_t clarion_create(
    const char* config_json, size_t config_length, int64_t now_ms, uint64_t seed, clarion_engine** out
) {
    if (out == nullptr) return CLARION_ERR_ARGUMENT;
    *out = nullptr;
    if (config_json == nullptr || now_ms < 0) return CLARION_ERR_ARGUMENT;
    clarion::engine::Config config;
    const auto code = door::decode_config(config_json, config_length, config);
    if (code != CLARION_OK) return code;
    *out = new clarion_engine{clarion::engine::Engine{std::move(config), Instant{now_ms}, seed}, {}, {}, true};
    return CLARION_OK;
}

int32_t clarion_restore(
    const char* config_json,
    size_t config_length,
    const char* snapshot,
    size_t snapshot_length,
    int64_t now_ms,
    int64_t wall_now_ms,
    int32_t same_boot,
    clarion_engine** out
) {
    if (out == nullptr) return CLARION_ERR_ARGUMENT;
    *out = nullptr;
    if (config_json == nullptr || snapshot == nullptr || now_ms < 0 || wall_now_ms < 0) return CLARION_ERR_ARGUMENT;
    clarion::engine::Config config;
    const auto code = door::decode_config(config_json, config_length, config);
    if (code != CLARION_OK) return code;
    const auto state = clarion::codec::decode<clarion::engine::Snapshot>(
        std::string_view{snapshot, snapshot_length}, CLARION_SNAPSHOT_MAX
    );
    if (!state) return CLARION_ERR_SNAPSHOT_DAMAGED;
    auto machine = clarion::engine::Engine::restore(
        std::move(config), *state, Instant{now_ms}, WallTime{wall_now_ms}, same_boot != 0
    );
    if (!machine) {
        const bool is_other = machine.error() == clarion::engine::RestoreError::unknown_version;
        return is_other ? CLARION_ERR_SNAPSHOT_VERSION : CLARION_ERR_SNAPSHOT_DAMAGED;
    }
    *out = new clarion_engine{std::move(*machine), {}, {}, false};
    return CLARION_OK;
}

void clarion_destroy(clarion_engine* engine) { delete engine; }

int32_t clarion_send(clarion_engine* engine, int64_t now_ms, const char* input_json, size_t input_length) {
    if (engine == nullptr || input_json == nullptr || now_ms < 0) return CLARION_ERR_ARGUMENT;
    const auto input = door::decode_input(std::string_view{input_json, input_length});
    if (!input) return door::refuse(*engine, input.error());
    return door::result_of(*engine, engine->machine.handle_input(Instant{now_ms}, *input));
}

int32_t clarion_receive(clarion_engine* engine, const char** json, size_t* length) {
    if (engine == nullptr || json == nullptr || length == nullptr) return CLARION_ERR_ARGUMENT;
    const auto output = engine->machine.poll_output();
    if (!output) {
        engine->is_drained = true;
        return CLARION_NOTHING;
    }
    engine->text = door::encode_output(*output);
    return door::hand_out(engine->text, json, length);
}

int32_t clarion_next_deadline(clarion_engine* engine, int64_t* at_ms, const char** timer) {
    if (engine == nullptr || at_ms == nullptr) return CLARION_ERR_ARGUMENT;
    const auto deadline = engine->machine.next_deadline();
    *at_ms = deadline.at.ms;
    // Words of a constant table: they end with a zero byte and never move.
    if (timer != nullptr) *timer = clarion::to_string(deadline.timer).data();
    return CLARION_OK;
}

int32_t clarion_handle_timeout(clarion_engine* engine, int64_t now_ms) {
    if (engine == nullptr || now_ms < 0) return CLARION_ERR_ARGUMENT;
    return door::result_of(*engine, engine->machine.handle_timeout(Instant{now_ms}));
}

int32_t clarion_snapshot(clarion_engine* engine, const char** bytes, size_t* length) {
    if (engine == nullptr || bytes == nullptr || length == nullptr) return CLARION_ERR_ARGUMENT;
    if (!engine->is_drained) {
        return door::result_of(*engine, std::unexpected{clarion::engine::InputError::undrained});
    }
    engine->text = clarion::codec::encode(engine->machine.snapshot());
    return door::hand_out(engine->text, bytes, length);
}

int32_t clarion_error_text(clarion_engine* engine, const char** text, size_t* length) {
    if (engine == nullptr || text == nullptr || length == nullptr) return CLARION_ERR_ARGUMENT;
    return door::hand_out(engine->error, text, length);
}

}  // extern "C"
