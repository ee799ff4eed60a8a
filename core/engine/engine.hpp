// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <expected>
#include <memory>
#include <optional>
#include <string_view>

#include "core/base/time.hpp"
#include "core/engine/config.hpp"
#include "core/engine/inputs.hpp"
#include "core/engine/outputs.hpp"
#include "core/engine/snapshot.hpp"

namespace clarion::engine {

/// Why an input was refused. A refused input changed nothing.
enum class InputError : std::uint8_t {
    undrained,      // Outputs wait: poll them first. A bug of the shell.
    time_went_back, // `now` is before the last one. A bug of the shell: use a clock that counts in sleep.
    unknown_call,   // No such call: normal for a late tap or message; do nothing.
    wrong_state,    // The call cannot do that now; do nothing.
    duplicate_call, // The id is in use by another call of this device.
    too_many_calls, // kCallsMax live calls.
    bad_input,      // A field is out of its limits.
};

enum class RestoreError : std::uint8_t { unknown_version, damaged };

enum class TimerId : std::uint8_t { none, ring, accept, verify, connect, place, reconnect, tombstone };

struct Deadline {
    Instant at = kNever;
    TimerId timer = TimerId::none;  // Who asked: for logs and for "why is the phone waking up?".
};

/// A device's view of its calls: push, verification, signalling, media commands and reasons, over a callui.
///
/// Synchronous; no clock, I/O or thread. One owner, not locked. It never calls out: effects are returned.
/// Contract (docs/engine.md): poll_output() until empty after every handle_*(); `now` never goes back; rejected means
/// untouched; the same input twice changes nothing the second time; everything is bounded.
class Engine {
  public:
    Engine(Config config, Instant now, std::uint64_t seed);
    Engine(Engine&&) noexcept;
    Engine& operator=(Engine&&) noexcept;
    ~Engine();

    [[nodiscard]] std::expected<void, InputError> handle_input(Instant now, const Input& input);

    /// May be called early, late or twice: it only looks at `now`.
    [[nodiscard]] std::expected<void, InputError> handle_timeout(Instant now);

    /// Oldest effect not yet taken; nullopt when drained.
    [[nodiscard]] std::optional<Output> poll_output();

    /// When to call handle_timeout, and which timer asked. Meaningful only when drained.
    [[nodiscard]] Deadline next_deadline() const;

    /// Everything that must survive the process. Meaningful only when drained.
    [[nodiscard]] Snapshot snapshot() const;

    /// In the process that comes after: live calls go on, expired ones end with a reason (I15). The outputs that follow
    /// say so; drain them. `same_boot` is false when the monotonic clock started anew.
    [[nodiscard]] static std::expected<Engine, RestoreError> restore(
        Config config, const Snapshot& snapshot, Instant now, WallTime wall_now, bool same_boot
    );

  private:
    struct Impl;
    explicit Engine(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

}  // namespace clarion::engine
