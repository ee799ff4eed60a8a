// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "sdk/door/clarion.h"

/// The door for C++ shells: clarion.h with ownership. Header-only, C++17, no exceptions. Threads, time, limits and
/// error codes: clarion.h.
namespace clarion::door {

class Engine {
  public:
    struct Deadline {
        std::int64_t at_ms = INT64_MAX;
        std::string_view timer;
    };

    /// `*status`, when given, gets the code. The engine is empty (is_open() false) after an error.
    [[nodiscard]] static Engine create(
        std::string_view config_json, std::int64_t now_ms, std::uint64_t seed, std::int32_t* status = nullptr
    ) {
        Engine engine;
        const auto code = clarion_create(config_json.data(), config_json.size(), now_ms, seed, &engine.handle_);
        if (status != nullptr) *status = code;
        return engine;
    }

    enum class Boot : std::int32_t { other = 0, same = 1 };

    /// The two clocks of one moment.
    struct Now {
        std::int64_t monotonic_ms = 0;
        std::int64_t wall_ms = 0;
    };

    [[nodiscard]] static Engine restore(
        std::string_view config_json, std::string_view snapshot, Now now, Boot boot, std::int32_t* status = nullptr
    ) {
        Engine engine;
        const auto code = clarion_restore(
            config_json.data(), config_json.size(), snapshot.data(), snapshot.size(), now.monotonic_ms, now.wall_ms,
            static_cast<std::int32_t>(boot), &engine.handle_
        );
        if (status != nullptr) *status = code;
        return engine;
    }

    Engine() = default;
    Engine(Engine&& other) noexcept : handle_{std::exchange(other.handle_, nullptr)} {}
    Engine& operator=(Engine&& other) noexcept {
        std::swap(handle_, other.handle_);
        return *this;
    }
    Engine(const Engine&) = delete;
    Engine& operator=(const Engine&) = delete;
    ~Engine() { clarion_destroy(handle_); }

    [[nodiscard]] bool is_open() const { return handle_ != nullptr; }

    [[nodiscard]] std::int32_t send(std::int64_t now_ms, std::string_view input_json) {
        return clarion_send(handle_, now_ms, input_json.data(), input_json.size());
    }

    /// The oldest command as JSON; nullopt when drained. The view is good until the next call.
    [[nodiscard]] std::optional<std::string_view> receive() {
        const char* json = nullptr;
        std::size_t length = 0;
        if (clarion_receive(handle_, &json, &length) != CLARION_OK) return std::nullopt;
        return std::string_view{json, length};
    }

    [[nodiscard]] Deadline next_deadline() const {
        Deadline deadline;
        const char* timer = "";
        if (clarion_next_deadline(handle_, &deadline.at_ms, &timer) == CLARION_OK) deadline.timer = timer;
        return deadline;
    }

    [[nodiscard]] std::int32_t handle_timeout(std::int64_t now_ms) { return clarion_handle_timeout(handle_, now_ms); }

    /// Empty when outputs wait.
    [[nodiscard]] std::string snapshot() {
        const char* bytes = nullptr;
        std::size_t length = 0;
        if (clarion_snapshot(handle_, &bytes, &length) != CLARION_OK) return {};
        return std::string{bytes, length};
    }

    [[nodiscard]] std::string error_text() const {
        const char* text = nullptr;
        std::size_t length = 0;
        if (clarion_error_text(handle_, &text, &length) != CLARION_OK) return {};
        return std::string{text, length};
    }

  private:
    clarion_engine* handle_ = nullptr;
};

}  // namespace clarion::door
