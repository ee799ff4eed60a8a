// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "core/base/time.hpp"
#include "core/callui/errors.hpp"
#include "core/callui/inputs.hpp"
#include "core/codec/inner_json.hpp"
#include "core/codec/json.hpp"
#include "sdk/door/clarion.h"

/// What is the same behind every handle of the door, written once. A `Door` says what is different:
///
///     using Machine = ...; using Config = ...; using Snapshot = ...;
///     decode_config(text) -> expected<Config, DecodeError>      decode_snapshot(text) -> expected<Snapshot,
///     DecodeError> decode_input(text) -> expected<Input, DecodeError>        encode_output(Output) -> std::string
///     encode_snapshot(Machine) -> std::string                   next_deadline(Machine) -> Deadline
namespace clarion::door {

using codec::DecodeError;

struct Deadline {
    std::int64_t at_ms;
    const char* timer;  // Of a constant table: ends with a zero byte and never moves.
};

/// No clock shows more (285,000 years), and every language carries it exactly.
inline constexpr std::int64_t kTimeMax = std::int64_t{1} << 53U;

[[nodiscard]] constexpr bool is_time(std::int64_t ms) { return ms >= 0 && ms <= kTimeMax; }

/// What is wrong, as the C interface says it.
struct Refusal {
    std::int32_t code = CLARION_OK;
    std::string text;
};

[[nodiscard]] Refusal refusal_of(const DecodeError& error);
[[nodiscard]] Refusal refusal_of(const callui::InputError& error);
[[nodiscard]] Refusal refusal_of(callui::RestoreError error);

/// A refused create or restore has no handle to keep its error: it is kept for the thread.
std::int32_t refuse_handle(const Refusal& refusal);
void forget_refused_handle();
[[nodiscard]] std::string_view refused_handle_text();

/// A custom event's body is JSON, as its description says; both machines take one.
template <class Input>
std::expected<Input, DecodeError> checked_custom(std::expected<Input, DecodeError> input) {
    if (!input) return input;
    const auto* custom = std::get_if<callui::CustomEventReported>(&*input);
    if (custom == nullptr) return input;
    auto is_json = codec::check_json("body", custom->body.reveal());
    if (!is_json) return std::unexpected{std::move(is_json.error())};
    return input;
}

template <class Door>
struct Handle {
    typename Door::Machine machine;
    std::string text;   // What was handed out last.
    std::string error;  // Of the last refused call.
    bool is_drained;    // Nothing waits: a snapshot is whole.

    Handle(typename Door::Machine made, bool drained) : machine{std::move(made)}, is_drained{drained} {}

    std::int32_t refuse(Refusal refusal) {
        error = std::move(refusal.text);
        return refusal.code;
    }

    std::int32_t result_of(const std::expected<void, callui::InputError>& result) {
        if (!result) return refuse(refusal_of(result.error()));
        is_drained = false;
        return CLARION_OK;
    }

    std::int32_t hand_out(std::string made, const char** out, std::size_t* length) {
        text = std::move(made);
        *out = text.data();
        *length = text.size();
        return CLARION_OK;
    }
};

/// `H` is the C struct: Handle<Door> under its public name.
template <class Door, class H, class... More>
std::int32_t create(const char* config_json, std::size_t length, std::int64_t now_ms, H** out, More... more) {
    if (out == nullptr) return CLARION_ERR_ARGUMENT;
    *out = nullptr;
    forget_refused_handle();
    if (config_json == nullptr || !is_time(now_ms))
        return refuse_handle({CLARION_ERR_ARGUMENT, "a null, or a time that no clock shows"});
    auto config = Door::decode_config(std::string_view{config_json, length});
    if (!config) return refuse_handle(refusal_of(config.error()));
    *out = std::make_unique<H>(Door::create(std::move(*config), Instant{now_ms}, more...), true).release();
    return CLARION_OK;
}

struct Texts {
    const char* config;
    std::size_t config_length;
    const char* snapshot;
    std::size_t snapshot_length;
};

template <class Door, class H, class... More>
std::int32_t restore(const Texts& texts, std::int64_t now_ms, H** out, More... more) {
    if (out == nullptr) return CLARION_ERR_ARGUMENT;
    *out = nullptr;
    forget_refused_handle();
    if (texts.config == nullptr || texts.snapshot == nullptr || !is_time(now_ms)) {
        return refuse_handle({CLARION_ERR_ARGUMENT, "a null, or a time that no clock shows"});
    }
    auto config = Door::decode_config(std::string_view{texts.config, texts.config_length});
    if (!config) return refuse_handle(refusal_of(config.error()));
    const auto state = Door::decode_snapshot(std::string_view{texts.snapshot, texts.snapshot_length});
    if (!state) {
        return refuse_handle({CLARION_ERR_SNAPSHOT_DAMAGED, "in the snapshot, " + state.error().message()});
    }
    auto machine = Door::restore(std::move(*config), *state, Instant{now_ms}, more...);
    if (!machine) return refuse_handle(refusal_of(machine.error()));
    *out = std::make_unique<H>(std::move(*machine), false).release();
    return CLARION_OK;
}

template <class H>
void destroy(H* handle) {
    const std::unique_ptr<H> owned{handle};
}

template <class Door>
std::int32_t send(Handle<Door>* handle, std::int64_t now_ms, const char* json, std::size_t length) {
    if (handle == nullptr) return CLARION_ERR_ARGUMENT;
    if (json == nullptr || !is_time(now_ms))
        return handle->refuse({CLARION_ERR_ARGUMENT, "a null, or a time that no clock shows"});
    const auto input = Door::decode_input(std::string_view{json, length});
    if (!input) return handle->refuse(refusal_of(input.error()));
    return handle->result_of(handle->machine.handle_input(Instant{now_ms}, *input));
}

template <class Door>
std::int32_t receive(Handle<Door>* handle, const char** json, std::size_t* length) {
    if (handle == nullptr || json == nullptr || length == nullptr) return CLARION_ERR_ARGUMENT;
    const auto output = handle->machine.poll_output();
    if (!output) {
        handle->is_drained = true;
        return CLARION_NOTHING;
    }
    return handle->hand_out(Door::encode_output(*output), json, length);
}

template <class Door>
std::int32_t next_deadline(Handle<Door>* handle, std::int64_t* at_ms, const char** timer) {
    if (handle == nullptr || at_ms == nullptr) return CLARION_ERR_ARGUMENT;
    const auto deadline = Door::next_deadline(handle->machine);
    *at_ms = deadline.at_ms;
    if (timer != nullptr) *timer = deadline.timer;
    return CLARION_OK;
}

template <class Door>
std::int32_t handle_timeout(Handle<Door>* handle, std::int64_t now_ms) {
    if (handle == nullptr) return CLARION_ERR_ARGUMENT;
    if (!is_time(now_ms)) return handle->refuse({CLARION_ERR_ARGUMENT, "a time that no clock shows"});
    return handle->result_of(handle->machine.handle_timeout(Instant{now_ms}));
}

template <class Door>
std::int32_t snapshot(Handle<Door>* handle, const char** bytes, std::size_t* length) {
    if (handle == nullptr || bytes == nullptr || length == nullptr) return CLARION_ERR_ARGUMENT;
    if (!handle->is_drained) return handle->refuse(refusal_of(callui::InputError::undrained));
    return handle->hand_out(Door::encode_snapshot(handle->machine), bytes, length);
}

/// What `make` says of the machine, at any time.
template <class Door, class Make>
std::int32_t look(Handle<Door>* handle, const char** json, std::size_t* length, Make make) {
    if (handle == nullptr || json == nullptr || length == nullptr) return CLARION_ERR_ARGUMENT;
    return handle->hand_out(make(handle->machine), json, length);
}

template <class Door>
std::int32_t error_text(Handle<Door>* handle, const char** text, std::size_t* length) {
    if (text == nullptr || length == nullptr) return CLARION_ERR_ARGUMENT;
    const std::string_view error = handle == nullptr ? refused_handle_text() : std::string_view{handle->error};
    *text = error.data();
    *length = error.size();
    return CLARION_OK;
}

}  // namespace clarion::door
