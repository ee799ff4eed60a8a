// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <expected>
#include <memory>
#include <optional>
#include <vector>

#include "core/base/time.hpp"
#include "core/callui/errors.hpp"
#include "core/engine/config.hpp"
#include "core/engine/inputs.hpp"
#include "core/engine/outputs.hpp"
#include "core/engine/snapshot.hpp"
#include "core/engine/start_fail.hpp"
#include "core/engine/timer.hpp"
#include "core/engine/view.hpp"

namespace clarion::engine {

using callui::InputError;
using callui::RestoreError;

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

    /// Every call, with its present state: for an app that opens late (I13).
    [[nodiscard]] std::vector<CallView> calls() const;

    /// One call, for an app that was opened for it: live, ended with a reason, elsewhere, or unknown. Asking changes
    /// nothing; what happens from now on comes as events.
    [[nodiscard]] Adoption adopt(const CallId& call) const;

    /// Whether this call could be placed now, in LINE Planet's numbers; handle_input() refuses exactly what this
    /// refuses.
    [[nodiscard]] StartFail start_fail(const PlaceRequested& request) const;

    /// The same engine again, exactly: hand-over inside a process, replay of a record, tests.
    [[nodiscard]] static std::expected<Engine, RestoreError> resume(Config config, const Snapshot& snapshot);

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
