// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "core/callui/callui.hpp"
#include "core/callui/described.hpp"
#include "core/codec/described.hpp"
#include "sdk/door/described.hpp"
#include "sdk/door/handle.hpp"

namespace clarion::door {
namespace {

struct CallUiDoor {
    using Machine = callui::CallUi;

    static auto decode_config(std::string_view json) { return codec::decode<CallUiConfig>(json, CLARION_JSON_MAX); }

    static auto decode_snapshot(std::string_view bytes) {
        return codec::decode<callui::Snapshot>(bytes, CLARION_SNAPSHOT_MAX);
    }

    static Machine create(const CallUiConfig& config, Instant now) {
        return Machine{callui::standalone_rules(config.platform), now};
    }

    static std::expected<Machine, callui::RestoreError> restore(
        const CallUiConfig& config, const callui::Snapshot& state, Instant now, std::int64_t elapsed_ms
    ) {
        const auto rules = callui::standalone_rules(config.platform);
        // The same boot: the clock went on, so the snapshot's own time says how long it was. A snapshot from the future
        // is not of this boot, whatever the shell believes.
        if (elapsed_ms < 0) elapsed_ms = now.ms - std::clamp<std::int64_t>(state.now.ms, 0, now.ms);
        return Machine::restore(rules, state, now, Duration{std::min(elapsed_ms, kTimeMax)});
    }

    static auto decode_input(std::string_view json) {
        return checked_custom(codec::decode<callui::Input>(json, CLARION_JSON_MAX));
    }

    static std::string encode_output(const callui::Output& output) { return codec::encode(output); }

    static std::string encode_snapshot(const Machine& machine) { return codec::encode(machine.snapshot()); }

    static Deadline next_deadline(const Machine& machine) {
        const auto at = machine.next_deadline();
        return {at.ms, at == kNever ? "none" : "ring"};
    }
};

}  // namespace
}  // namespace clarion::door

struct clarion_callui : clarion::door::Handle<clarion::door::CallUiDoor> {
    using Handle::Handle;
};

namespace door = clarion::door;

extern "C" {

int32_t clarion_callui_create(const char* config_json, size_t config_length, int64_t now_ms, clarion_callui** out) {
    return door::create<door::CallUiDoor>(config_json, config_length, now_ms, out);
}

int32_t clarion_callui_restore(
    const char* config_json,
    size_t config_length,
    const char* snapshot,
    size_t snapshot_length,
    int64_t now_ms,
    int64_t elapsed_ms,
    clarion_callui** out
) {
    const door::Texts texts{config_json, config_length, snapshot, snapshot_length};
    return door::restore<door::CallUiDoor>(texts, now_ms, out, elapsed_ms);
}

void clarion_callui_destroy(clarion_callui* callui) { door::destroy(callui); }

int32_t clarion_callui_send(clarion_callui* callui, int64_t now_ms, const char* input_json, size_t input_length) {
    return door::send<door::CallUiDoor>(callui, now_ms, input_json, input_length);
}

int32_t clarion_callui_receive(clarion_callui* callui, const char** json, size_t* length) {
    return door::receive<door::CallUiDoor>(callui, json, length);
}

int32_t clarion_callui_next_deadline(clarion_callui* callui, int64_t* at_ms, const char** timer) {
    return door::next_deadline<door::CallUiDoor>(callui, at_ms, timer);
}

int32_t clarion_callui_handle_timeout(clarion_callui* callui, int64_t now_ms) {
    return door::handle_timeout<door::CallUiDoor>(callui, now_ms);
}

int32_t clarion_callui_view(clarion_callui* callui, const char** json, size_t* length) {
    return door::look<door::CallUiDoor>(callui, json, length, [](const auto& machine) {
        return clarion::codec::encode(machine.view());
    });
}

int32_t clarion_callui_snapshot(clarion_callui* callui, const char** bytes, size_t* length) {
    return door::snapshot<door::CallUiDoor>(callui, bytes, length);
}

int32_t clarion_callui_error_text(clarion_callui* callui, const char** text, size_t* length) {
    return door::error_text<door::CallUiDoor>(callui, text, length);
}

}  // extern "C"
