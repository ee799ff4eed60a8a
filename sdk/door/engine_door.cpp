// SPDX-License-Identifier: Apache-2.0
#include "core/codec/described.hpp"
#include "core/codec/inner_json.hpp"
#include "core/codec/protocol_codec.hpp"
#include "core/engine/engine.hpp"
#include "sdk/door/described.hpp"
#include "sdk/door/handle.hpp"

namespace clarion::door {
namespace {

struct EngineDoor {
    using Machine = engine::Engine;

    static auto decode_config(std::string_view json) { return codec::decode<engine::Config>(json, CLARION_JSON_MAX); }

    static auto decode_snapshot(std::string_view bytes) {
        return codec::decode<engine::Snapshot>(bytes, CLARION_SNAPSHOT_MAX);
    }

    static Machine create(engine::Config config, Instant now, std::uint64_t seed) {
        return Machine{std::move(config), now, seed};
    }

    static auto restore(
        engine::Config config, const engine::Snapshot& state, Instant now, WallTime wall_now, bool same_boot
    ) {
        return Machine::restore(std::move(config), state, now, wall_now, same_boot);
    }

    static std::expected<engine::Input, DecodeError> decode_input(std::string_view json) {
        const auto document = codec::Document::parse(json, CLARION_JSON_MAX);
        if (!document) return std::unexpected{document.error()};
        const auto root = document->root();
        if (root.get("type").text() != Describe<FrameReceived>::name) {
            auto input = codec::decode<engine::Input>(root);
            if (!input) return input;
            if (const auto* place = std::get_if<engine::PlaceRequested>(&*input); place != nullptr && place->extra) {
                auto is_object = codec::check_object("extra", place->extra->reveal());
                if (!is_object) return std::unexpected{std::move(is_object.error())};
            }
            return checked_custom(std::move(input));
        }
        auto received = codec::decode<FrameReceived>(root);
        if (!received) return std::unexpected{std::move(received.error())};
        auto frame = codec::decode_server_frame(received->text);
        if (!frame) {
            auto error = std::move(frame.error());
            error.path = error.path.empty() ? "text" : "text." + error.path;
            // A server newer than this library is skipped; a broken one is the shell's reason to close the connection.
            if (error.code != codec::DecodeErrorCode::unknown_type) error.code = codec::DecodeErrorCode::wrong_type;
            return std::unexpected{std::move(error)};
        }
        return engine::FrameReceived{std::move(*frame), received->wall_now};
    }

    static std::string encode_output(const engine::Output& output) {
        if (const auto* send = std::get_if<engine::SendFrame>(&output)) {
            return codec::encode(std::variant<SendFrame>{SendFrame{codec::encode_frame(send->frame)}});
        }
        return codec::encode(output);
    }

    static std::string encode_snapshot(const Machine& machine) { return codec::encode(machine.snapshot()); }

    static Deadline next_deadline(const Machine& machine) {
        const auto deadline = machine.next_deadline();
        return {deadline.at.ms, to_string(deadline.timer).data()};
    }
};

}  // namespace
}  // namespace clarion::door

struct clarion_engine : clarion::door::Handle<clarion::door::EngineDoor> {
    using Handle::Handle;
};

namespace door = clarion::door;

extern "C" {

uint32_t clarion_version(void) { return (CLARION_VERSION_MAJOR << 16U) | CLARION_VERSION_MINOR; }

int32_t clarion_create(
    const char* config_json, size_t config_length, int64_t now_ms, uint64_t seed, clarion_engine** out
) {
    return door::create<door::EngineDoor>(config_json, config_length, now_ms, out, seed);
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
    const door::Texts texts{config_json, config_length, snapshot, snapshot_length};
    if (!door::is_time(wall_now_ms)) now_ms = -1;
    return door::restore<door::EngineDoor>(texts, now_ms, out, clarion::WallTime{wall_now_ms}, same_boot != 0);
}

void clarion_destroy(clarion_engine* engine) { door::destroy(engine); }

int32_t clarion_send(clarion_engine* engine, int64_t now_ms, const char* input_json, size_t input_length) {
    return door::send<door::EngineDoor>(engine, now_ms, input_json, input_length);
}

int32_t clarion_receive(clarion_engine* engine, const char** json, size_t* length) {
    return door::receive<door::EngineDoor>(engine, json, length);
}

int32_t clarion_next_deadline(clarion_engine* engine, int64_t* at_ms, const char** timer) {
    return door::next_deadline<door::EngineDoor>(engine, at_ms, timer);
}

int32_t clarion_handle_timeout(clarion_engine* engine, int64_t now_ms) {
    return door::handle_timeout<door::EngineDoor>(engine, now_ms);
}

int32_t clarion_calls(clarion_engine* engine, const char** json, size_t* length) {
    return door::look<door::EngineDoor>(engine, json, length, [](const auto& machine) {
        return clarion::codec::encode(machine.calls());
    });
}

int32_t clarion_adopt(
    clarion_engine* engine, const char* call_id, size_t call_id_length, const char** json, size_t* length
) {
    if (engine == nullptr || call_id == nullptr) return CLARION_ERR_ARGUMENT;
    const auto call = clarion::CallId::parse(std::string_view{call_id, call_id_length});
    if (!call) return engine->refuse({CLARION_ERR_FIELD, "the call id is not a UUID"});
    return door::look<door::EngineDoor>(engine, json, length, [&](const auto& machine) {
        return clarion::codec::encode(machine.adopt(*call));
    });
}

int32_t clarion_start_fail(clarion_engine* engine, const char* place_json, size_t place_length, int32_t* number) {
    if (engine == nullptr || place_json == nullptr || number == nullptr) return CLARION_ERR_ARGUMENT;
    using PlaceRequested = clarion::engine::PlaceRequested;
    const auto document = clarion::codec::Document::parse({place_json, place_length}, CLARION_JSON_MAX);
    if (!document) return engine->refuse(door::refusal_of(document.error()));
    if (document->root().get("type").text() != clarion::Describe<PlaceRequested>::name) {
        return engine->refuse({CLARION_ERR_UNKNOWN_TYPE, "only \"place_requested\" can be asked about"});
    }
    const auto place = clarion::codec::decode<PlaceRequested>(document->root());
    if (!place) return engine->refuse(door::refusal_of(place.error()));
    *number = static_cast<int32_t>(engine->machine.start_fail(*place));
    return CLARION_OK;
}

int32_t clarion_snapshot(clarion_engine* engine, const char** bytes, size_t* length) {
    return door::snapshot<door::EngineDoor>(engine, bytes, length);
}

int32_t clarion_error_text(clarion_engine* engine, const char** text, size_t* length) {
    return door::error_text<door::EngineDoor>(engine, text, length);
}

}  // extern "C"
