// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "sdk/door/clarion.h"

/// The door for C++ programs that load the library as other languages do: clarion.h with ownership, std::expected and
/// std::string_view. Header-only, C++23, nothing thrown. (C++ code built with Clarion uses clarion::Client in
/// sdk/native, or the machines themselves.)
///
///     auto engine = clarion::door::Engine::create(config_json, now_ms, seed);
///     if (!engine) return log(engine.error().text);
///     if (auto sent = engine->send(now_ms, R"({"type":"app_attached"})"); !sent) log(sent.error().text);
///     while (const auto command = engine->receive()) perform(std::string{*command});
///     timer.arm(engine->next_deadline().at_ms);
///
/// Threads, time, limits, versions and what to do about each error code: clarion.h. An object that was moved from, or
/// default-constructed, is closed: every call on it fails with CLARION_ERR_ARGUMENT or has nothing to give.
namespace clarion::door {

struct Error {
    std::int32_t code = CLARION_OK;  ///< CLARION_ERR_...
    std::string text;                ///< One sentence for a log; names the field and repeats no value.
};

/// The two clocks of one moment.
struct Now {
    std::int64_t monotonic_ms = 0;  ///< Keeps counting while the device sleeps.
    std::int64_t wall_ms = 0;       ///< Since 1970 UTC.
};

enum class Boot : std::int32_t { other = 0, same = 1 };

struct NextDeadline {
    std::int64_t at_ms = INT64_MAX;  ///< INT64_MAX: no timer is needed.
    std::string_view timer;          ///< Its name, for logs.
};

namespace detail {

struct EngineCalls {
    using Handle = clarion_engine;
    static constexpr auto destroy = clarion_destroy;
    static constexpr auto send = clarion_send;
    static constexpr auto receive = clarion_receive;
    static constexpr auto next_deadline = clarion_next_deadline;
    static constexpr auto handle_timeout = clarion_handle_timeout;
    static constexpr auto snapshot = clarion_snapshot;
    static constexpr auto error_text = clarion_error_text;
};

struct CallUiCalls {
    using Handle = clarion_callui;
    static constexpr auto destroy = clarion_callui_destroy;
    static constexpr auto send = clarion_callui_send;
    static constexpr auto receive = clarion_callui_receive;
    static constexpr auto next_deadline = clarion_callui_next_deadline;
    static constexpr auto handle_timeout = clarion_callui_handle_timeout;
    static constexpr auto snapshot = clarion_callui_snapshot;
    static constexpr auto error_text = clarion_callui_error_text;
};

}  // namespace detail

/// What both handles do. Use it as Engine or CallUi.
template <class C>
class Machine {
  public:
    Machine() = default;
    Machine(Machine&& other) noexcept : handle_{std::exchange(other.handle_, nullptr)} {}
    Machine& operator=(Machine&& other) noexcept {
        if (this != &other) C::destroy(std::exchange(handle_, std::exchange(other.handle_, nullptr)));
        return *this;
    }
    Machine(const Machine&) = delete;
    Machine& operator=(const Machine&) = delete;
    ~Machine() { C::destroy(handle_); }

    [[nodiscard]] bool is_open() const { return handle_ != nullptr; }

    /// One fact. Then receive() until it gives nothing. An error changed nothing.
    [[nodiscard]] std::expected<void, Error> send(std::int64_t now_ms, std::string_view input_json) {
        return result(C::send(handle_, now_ms, input_json.data(), input_json.size()));
    }

    /// The oldest command as JSON; nullopt when drained. The view is good until the next call on this object.
    [[nodiscard]] std::optional<std::string_view> receive() {
        const auto text = take(C::receive);
        if (!text) return std::nullopt;
        return *text;
    }

    /// When to call handle_timeout. Meaningful only when drained.
    [[nodiscard]] NextDeadline next_deadline() const {
        NextDeadline deadline;
        const char* timer = "";
        if (C::next_deadline(handle_, &deadline.at_ms, &timer) == CLARION_OK) deadline.timer = timer;
        return deadline;
    }

    /// May come early, late or twice. Then drain.
    [[nodiscard]] std::expected<void, Error> handle_timeout(std::int64_t now_ms) {
        return result(C::handle_timeout(handle_, now_ms));
    }

    /// Everything that must survive the process; CLARION_ERR_UNDRAINED while outputs wait.
    [[nodiscard]] std::expected<std::string, Error> snapshot() {
        const char* bytes = nullptr;
        std::size_t length = 0;
        const auto code = C::snapshot(handle_, &bytes, &length);
        if (code != CLARION_OK) return std::unexpected{error_of(code)};
        return std::string{bytes, length};
    }

  protected:
    using Handle = typename C::Handle;

    explicit Machine(Handle* handle) : handle_{handle} {}

    [[nodiscard]] static Error refused(std::int32_t code) { return {code, text_of(nullptr)}; }
    [[nodiscard]] Handle* handle() const { return handle_; }
    [[nodiscard]] Error error_of(std::int32_t code) const {
        if (handle_ == nullptr) return {code, "the handle is closed"};
        return {code, text_of(handle_)};
    }
    template <class Function>
    [[nodiscard]] std::optional<std::string_view> take(Function function) const {
        const char* text = nullptr;
        std::size_t length = 0;
        if (function(handle_, &text, &length) != CLARION_OK) return std::nullopt;
        return std::string_view{text, length};
    }

  private:
    [[nodiscard]] static std::string text_of(Handle* handle) {
        const char* text = nullptr;
        std::size_t length = 0;
        if (C::error_text(handle, &text, &length) != CLARION_OK) return {};
        return std::string{text, length};
    }
    [[nodiscard]] std::expected<void, Error> result(std::int32_t code) const {
        if (code != CLARION_OK) return std::unexpected{error_of(code)};
        return {};
    }

    Handle* handle_ = nullptr;
};

/// The whole client of a Clarion server (clarion_engine).
class Engine : public Machine<detail::EngineCalls> {
  public:
    Engine() = default;

    /// `config_json` as clarion_create says; `seed` is any random number.
    [[nodiscard]] static std::expected<Engine, Error> create(
        std::string_view config_json, std::int64_t now_ms, std::uint64_t seed
    ) {
        clarion_engine* handle = nullptr;
        const auto code = clarion_create(config_json.data(), config_json.size(), now_ms, seed, &handle);
        if (code != CLARION_OK) return std::unexpected{refused(code)};
        return Engine{handle};
    }

    /// The engine of an earlier process. Then drain. On error use create().
    [[nodiscard]] static std::expected<Engine, Error> restore(
        std::string_view config_json, std::string_view snapshot, Now now, Boot boot
    ) {
        clarion_engine* handle = nullptr;
        const auto code = clarion_restore(
            config_json.data(), config_json.size(), snapshot.data(), snapshot.size(), now.monotonic_ms, now.wall_ms,
            static_cast<std::int32_t>(boot), &handle
        );
        if (code != CLARION_OK) return std::unexpected{refused(code)};
        return Engine{handle};
    }

    /// Every call with its present state, as a JSON array. The view is good until the next call on this object.
    [[nodiscard]] std::string_view calls() const { return take(clarion_calls).value_or("[]"); }

    /// What became of the call that the app was opened for, as JSON. The view is good until the next call.
    [[nodiscard]] std::expected<std::string_view, Error> adopt(std::string_view call_id) const {
        const char* json = nullptr;
        std::size_t length = 0;
        const auto code = clarion_adopt(handle(), call_id.data(), call_id.size(), &json, &length);
        if (code != CLARION_OK) return std::unexpected{error_of(code)};
        return std::string_view{json, length};
    }

    /// 0: this "place_requested" would be taken now; otherwise LINE Planet's start-fail number.
    [[nodiscard]] std::expected<std::int32_t, Error> start_fail(std::string_view place_json) const {
        std::int32_t number = 0;
        const auto code = clarion_start_fail(handle(), place_json.data(), place_json.size(), &number);
        if (code != CLARION_OK) return std::unexpected{error_of(code)};
        return number;
    }

  private:
    explicit Engine(clarion_engine* handle) : Machine{handle} {}
};

/// The system call screen alone, over any voice service (clarion_callui).
class CallUi : public Machine<detail::CallUiCalls> {
  public:
    CallUi() = default;

    /// `config_json` as clarion_callui_create says.
    [[nodiscard]] static std::expected<CallUi, Error> create(std::string_view config_json, std::int64_t now_ms) {
        clarion_callui* handle = nullptr;
        const auto code = clarion_callui_create(config_json.data(), config_json.size(), now_ms, &handle);
        if (code != CLARION_OK) return std::unexpected{refused(code)};
        return CallUi{handle};
    }

    /// The calls of an earlier process. `elapsed_ms` is the time since the snapshot; nullopt: the same boot, so that
    /// `now_ms` tells. Then drain.
    [[nodiscard]] static std::expected<CallUi, Error> restore(
        std::string_view config_json,
        std::string_view snapshot,
        std::int64_t now_ms,
        std::optional<std::int64_t> elapsed_ms
    ) {
        clarion_callui* handle = nullptr;
        const auto code = clarion_callui_restore(
            config_json.data(), config_json.size(), snapshot.data(), snapshot.size(), now_ms, elapsed_ms.value_or(-1),
            &handle
        );
        if (code != CLARION_OK) return std::unexpected{refused(code)};
        return CallUi{handle};
    }

    /// The calls on screen, the push tokens, and what waits, as JSON. The view is good until the next call.
    [[nodiscard]] std::string_view view() const { return take(clarion_callui_view).value_or("{}"); }

  private:
    explicit CallUi(clarion_callui* handle) : Machine{handle} {}
};

}  // namespace clarion::door
