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
/// told. The engine owns one; an app with a voice service of its own may use it alone (docs/callui.md).
///
/// Synchronous; no clock, I/O or thread. One owner, not locked. It never calls out: effects are returned.
/// Contract: poll_output() until empty after every handle_*(); `now` never goes back; a refused input changed nothing;
/// the same input twice changes nothing the second time (but a custom event or a tone without an action number is a new
/// one each time). Limits: kRecordsMax calls, kEventsMax events not acknowledged (then the oldest that is not an
/// `ended` goes), kRecentMax calls that are over; every field as its description says, and the error names the one that
/// does not.
class CallUi {
  public:
    CallUi(SystemRules rules, Instant now) : rules_{rules} { state_.now = now; }

    [[nodiscard]] std::expected<void, InputError> handle_input(Instant now, const Input& input);

    /// May be called early, late or twice: it only looks at `now`.
    [[nodiscard]] std::expected<void, InputError> handle_timeout(Instant now);

    /// Oldest effect not yet taken; nullopt when drained.
    [[nodiscard]] std::optional<Output> poll_output() { return out_.poll(); }

    /// When to call handle_timeout: the ring timers, those of CallPolicy::connect_within, and reports that stay open.
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
    /// What an app asks for: its calls with everything that belongs to them, at the time of the last input.
    [[nodiscard]] View view() const;
    /// The system's audio activation, remembered whichever comes first, it or the answer (I6).
    [[nodiscard]] bool audio_active() const { return state_.audio_active; }
    /// Whether the app listens now.
    [[nodiscard]] bool attached() const { return state_.attached; }
    /// False for an action of the system that was seen before (of the last kSeenActionsMax), and for 0, which is none.
    [[nodiscard]] bool is_new(ActionId action) const;

  private:
    using Applied = std::expected<void, InputError>;

    // The system and its user: user.cpp, system.cpp.
    Applied apply(const IncomingReported& input);
    Applied apply(const OutgoingReported& input);
    Applied apply(const UserAnswered& input);
    Applied apply(const UserEnded& input);
    Applied apply(const UserMuted& input);
    Applied apply(const UserHeld& input);
    Applied apply(const UserDialled& input);
    Applied apply(const UserGrouped& input);
    Applied apply(const AllMuted& input);
    Applied apply(const RingSilenced& input);
    Applied apply(const RingTimedOut& input);
    Applied apply(const ActionTimedOut& input);
    Applied apply(const ProviderReset& input);
    Applied apply(const AudioActivated& input);
    Applied apply(const AudioDeactivated& input);
    Applied apply(const UserCalledBack& input);
    Applied apply(const RedialAsked& input);
    Applied apply(const MissedSeen& input);
    // The app: app.cpp.
    Applied apply(const AppAttached& input);
    Applied apply(const AppDetached& input);
    Applied apply(const EventsAcknowledged& input);
    Applied apply(const EventsSilenced& input);
    Applied apply(const EndRequested& input);
    Applied apply(const EndAllRequested& input);
    Applied apply(const HideRequested& input);
    Applied apply(const ConnectedSet& input);
    Applied apply(const MissedShown& input);
    Applied apply(const PushTokenChanged& input);
    Applied apply(const CustomEventReported& input);
    Applied apply(const StyleChosen& input);
    Applied apply(const PolicyChosen& input);
    // The backend: backend.cpp.
    Applied apply(const IncomingAnnounced& input);
    Applied apply(const PushArrived& input);
    Applied apply(const UnusablePushArrived& input);
    Applied apply(const MissedCallLearned& input);
    Applied apply(const CallDismissed& input);
    Applied apply(const CallUpdated& input);
    Applied apply(const OutgoingStarted& input);
    Applied apply(const OutgoingPlaced& input);
    Applied apply(const PeerRang& input);
    Applied apply(const CallConnected& input);
    Applied apply(const PeerHoldChanged& input);
    Applied apply(const CallEnded& input);
    Applied apply(const CallChanged& input);

    // The life of a call: callui.cpp.
    void expire();
    void revive();
    void finish(Record record, const CallEnded& end, Origin origin);
    void finish_missed(const Record& record, Origin origin);
    [[nodiscard]] Record* find_record(const CallId& call);
    [[nodiscard]] const RecentCall* find_recent(const CallId& call) const;
    RecentCall& recent(const CallId& call);
    void forget_notice(const CallId& call);
    void remember(ActionId action);
    void fulfil(const CallId& call, ActionId action);
    void fail(const CallId& call, ActionId action);
    // Several calls: user.cpp.
    void yield_to(const CallId& answered);
    void resume_held();
    void set_held(Record& record, bool on, Origin origin);
    [[nodiscard]] bool is_busy() const;
    // What the app hears: log.cpp.
    void announce(Record& record);
    void log_event(Event&& event);
    void log_event(EventKind kind, const Record& record, Origin origin);
    [[nodiscard]] static Event event_of(EventKind kind, const Record& record, Origin origin);
    void flush_events();
    void emit(const Event& logged);
    // What the system shows: screen.cpp.
    void report(const Record& record, bool placeholder);
    void report_outgoing(const Record& record);
    void show_as_placed(Record& record);
    void update_service();
    void update_ongoing();
    void change(const Record& record, SystemChange what);
    // What waits for a report: reports.cpp.
    void show(HeldCommand&& command);
    void revive_report(const Record& record);
    void await_report(const CallId& call, bool outgoing);
    [[nodiscard]] bool settle_report(const CallId& call, bool outgoing, bool is_taken);
    void drop_report(const CallId& call);
    void expire_reports();
    void give_up(OpenReport& open);
    [[nodiscard]] CallStyle style_of(const OptionalBox<CallStyle>& own) const;
    [[nodiscard]] bool wants_notice(const Record& record, const CallEnded& end) const;
    void show_missed(RecentCall& call, const OptionalBox<CallStyle>& style);

    SystemRules rules_;
    Snapshot state_;
    Effects<Output> out_;
    bool has_ended_ = false;  // A call ended with the present input.
};

/// What an end that the user asked for means, by what the call was doing.
[[nodiscard]] CallEnded user_end(const Record& record, ActionId action);

}  // namespace clarion::callui
