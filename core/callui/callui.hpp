// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <expected>
#include <optional>

#include "core/base/time.hpp"
#include "core/callui/config.hpp"
#include "core/callui/effects.hpp"
#include "core/callui/errors.hpp"
#include "core/callui/inputs.hpp"
#include "core/callui/outputs.hpp"
#include "core/callui/snapshot.hpp"

namespace clarion::callui {

/// The system call UI as a machine: what is on the screen, how long it rings, what the user tapped, what the app was
/// told. The engine owns one; an app with a voice service of its own may use it alone (docs/engine.md).
///
/// Synchronous; no clock, I/O or thread. One owner, not locked. It never calls out: effects are returned.
/// Contract: poll_output() until empty after every handle_*(); `now` never goes back; a refused input changed nothing;
/// the same input twice changes nothing the second time. Limits: kRecordsMax calls, kEventsMax events not acknowledged
/// (then the oldest that is not an `ended` goes).
class CallUi {
  public:
    CallUi(SystemRules rules, Instant now) : rules_{rules} { state_.now = now; }

    [[nodiscard]] std::expected<void, InputError> handle_input(Instant now, const Input& input);

    /// May be called early, late or twice: it only looks at `now`.
    [[nodiscard]] std::expected<void, InputError> handle_timeout(Instant now);

    /// Oldest effect not yet taken; nullopt when drained.
    [[nodiscard]] std::optional<Output> poll_output() { return out_.poll(); }

    /// When to call handle_timeout: the only timer is the ring timer.
    [[nodiscard]] Instant next_deadline() const;

    [[nodiscard]] Snapshot snapshot() const { return state_; }

    /// The same machine again, exactly: hand-over inside a process, replay of a record, tests.
    [[nodiscard]] static std::expected<CallUi, RestoreError> resume(SystemRules rules, const Snapshot& snapshot);

    /// In the process that comes after. `elapsed` is the time since the snapshot; `now` may be of another boot. The
    /// outputs that follow put ringing calls on the screen again and end those that rang long enough; drain them.
    [[nodiscard]] static std::expected<CallUi, RestoreError> restore(
        SystemRules rules, const Snapshot& snapshot, Instant now, Duration elapsed
    );

    // ---- state, for the backend ----

    [[nodiscard]] const Record* find(const CallId& call) const;
    /// The system's audio activation, remembered whichever comes first, it or the answer (I6).
    [[nodiscard]] bool audio_active() const { return state_.audio_active; }
    /// False for an action of the system that was seen before (of the last kSeenActionsMax), and for 0, which is none.
    [[nodiscard]] bool is_new(ActionId action) const;

  private:
    using Applied = std::expected<void, InputError>;

    // The system and its user: user.cpp.
    Applied apply(const IncomingReported& input);
    Applied apply(const UserAnswered& input);
    Applied apply(const UserEnded& input);
    Applied apply(const UserMuted& input);
    Applied apply(const UserHeld& input);
    Applied apply(const ActionTimedOut& input);
    Applied apply(const ProviderReset& input);
    Applied apply(const AudioActivated& input);
    Applied apply(const AudioDeactivated& input);
    Applied apply(const AppAttached& input);
    Applied apply(const EventsAcknowledged& input);
    // The backend: backend.cpp.
    Applied apply(const IncomingAnnounced& input);
    Applied apply(const UnusablePushArrived& input);
    Applied apply(const MissedCallLearned& input);
    Applied apply(const CallUpdated& input);
    Applied apply(const OutgoingStarted& input);
    Applied apply(const OutgoingPlaced& input);
    Applied apply(const PeerRang& input);
    Applied apply(const CallConnected& input);
    Applied apply(const PeerHoldChanged& input);
    Applied apply(const CallEnded& input);

    Applied answer_unknown(ActionId action, bool fulfil);
    void expire();
    void revive();
    void finish(Record record, const CallEnded& end);
    void finish_missed(const Record& record);
    void announce(Record& record);
    void report(const Record& record, bool placeholder);
    void log_event(Event event);
    void log_event(EventKind kind, const Record& record);
    void update_service();
    [[nodiscard]] Record* find_record(const CallId& call);
    void remember(ActionId action);
    void fulfil(const CallId& call, ActionId action);
    void fail(const CallId& call, ActionId action);

    SystemRules rules_;
    Snapshot state_;
    Effects<Output> out_;
};

/// What an end that the user asked for means, by what the call was doing.
[[nodiscard]] CallEnded user_end(const Record& record, ActionId action);

}  // namespace clarion::callui
