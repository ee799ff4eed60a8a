// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "core/base/bounded.hpp"
#include "core/base/box.hpp"
#include "core/base/time.hpp"
#include "core/callui/inputs.hpp"
#include "core/callui/outputs.hpp"

/// The whole state of the machine, as a value (core/callui/described.hpp).
namespace clarion::callui {

inline constexpr std::uint32_t kSnapshotVersion = 1;
inline constexpr std::size_t kRecordsMax = 16;
inline constexpr std::size_t kEventsMax = 128;  // Not yet acknowledged.
inline constexpr std::size_t kAnswerActionsMax = 4;
inline constexpr std::size_t kSeenActionsMax = 64;
inline constexpr std::size_t kRecentMax = 48;  // Calls that are over.
inline constexpr std::size_t kReportsMax = 24;
inline constexpr std::size_t kHeldMax = 16;
inline constexpr std::size_t kTokensMax = 5;  // One of each kind.
inline constexpr std::size_t kTokenLengthMax = 4096;
inline constexpr std::size_t kCustomMax = 2048;
inline constexpr std::size_t kDigitsMax = 64;
inline constexpr std::size_t kLogTextMax = 64 * 1024;  // Bytes of all `custom` in the log; then the oldest go.
/// How long a call that is over does not ring for a late or repeated push. Longer than any push service keeps a push
/// that was sent with the rest of the ring as its time to live.
inline constexpr Duration kTombstoneFor{600'000};

enum class ServiceState : std::uint8_t { off, on, with_microphone };

/// Whether this call, if missed, gets a notice of ours.
enum class Notice : std::uint8_t {
    by_rules,  // Where the system's own call list does not show it.
    due,       // Always: the system kept the call off its screen, so its list does not show it either.
    never,     // The user blocked the caller.
};

/// One call that is, or would be, on the system's screen.
struct Record {
    CallId call_id;
    bool outgoing = false;
    Redacted<std::string> name;
    Redacted<std::string> handle;
    protocol::Media media = protocol::Media::audio;
    Phase phase = Phase::waiting;
    bool on_screen = false;  // Reported, and neither refused nor ended there.
    bool shown = false;      // The system said so to this process: a refusal speaks of a repeated report only.
    bool announced = false;  // The app was told of it (`incoming`).
    Notice notice = Notice::by_rules;
    bool revived = false;  // Accepted in a process that died: the tap no longer permits a microphone (AND-FGS-04).
    Instant ring_until = kNever;
    bool held = false;
    bool peer_held = false;
    bool muted = false;
    BoundedVector<ActionId, kAnswerActionsMax> answer_actions;  // Wait for FulfilAction or FailAction.
    OptionalBox<CallStyle> style;                               // As it was given.
    Redacted<std::string> extra;
    Headers headers;
    std::string backend_id;
    bool silenced = false;  // Rings without a sound.
    bool hidden = false;    // The app took the incoming screen away.
    std::optional<Instant> held_since;
    Instant connect_by = kNever;  // CallPolicy::connect_within
    std::optional<CallId> grouped_with;
    std::optional<Instant> connected_at;
    std::optional<OngoingStage> notice_shown;  // Of the ongoing notification.
};

/// A call that is over: a late push for it does not ring, its events still carry what belongs to it, and a missed one
/// can be called back.
struct RecentCall {
    CallId call_id;
    bool outgoing = false;
    Redacted<std::string> name;
    Redacted<std::string> handle;
    protocol::Media media = protocol::Media::audio;
    Redacted<std::string> extra;
    Headers headers;
    std::string backend_id;
    SystemEndReason reason = SystemEndReason::failed;  // For a push that comes after the end.
    Instant until = kNever;                            // No push for it rings before this.
    bool noticed = false;                              // It had its missed-call notice.
    bool notice_stands = false;
};

/// A command that waits until the system has taken its call.
using HeldCommand =
    std::variant<UpdateSystemCall, EndSystemCall, ReportOutgoing, ReportOutgoingConnected, ChangeSystemCall>;

/// Reports of one call that the system has not answered (SystemRules::report_within). They belong to the process.
struct OpenReport {
    CallId call_id;
    bool outgoing = false;
    std::uint32_t count = 1;
    Instant until = kNever;         // Nothing waits longer. kNever: it is late, and only an end is said again.
    std::vector<HeldCommand> held;  // At most kHeldMax.
};

struct PushToken {
    TokenKind kind = TokenKind::apns_voip;
    Redacted<std::string> token;
};

/// A call as an app asks for it.
struct ActiveCall {
    CallId call_id;
    std::string backend_id;
    bool outgoing = false;
    Redacted<std::string> name;
    Redacted<std::string> handle;
    protocol::Media media = protocol::Media::audio;
    Phase phase = Phase::waiting;
    bool accepted = false;
    bool on_screen = false;
    bool silenced = false;
    bool held = false;
    bool peer_held = false;
    bool muted = false;
    Duration ring_left{0};   // 0 when it does not ring.
    Duration talked_for{0};  // At the last input.
    std::optional<CallId> grouped_with;
    Redacted<std::string> extra;
    Headers headers;
};

/// What an app that opens late wants to know at once.
struct View {
    std::vector<ActiveCall> calls;
    std::vector<PushToken> tokens;
    std::uint64_t events_waiting = 0;  // Not acknowledged.
    bool attached = false;
    bool events_silenced = false;
    bool audio_active = false;
    std::uint32_t missed_notices = 0;  // That stand.
};

struct Snapshot {
    std::uint32_t version = kSnapshotVersion;
    Instant now;  // Of the last input.
    std::vector<Record> records;
    std::vector<Event> events;  // Not acknowledged.
    std::uint64_t next_seq = 1;
    bool attached = false;
    bool audio_active = false;
    ServiceState service = ServiceState::off;
    BoundedVector<ActionId, kSeenActionsMax> seen_actions;
    std::vector<RecentCall> recent;  // The oldest first.
    BoundedVector<PushToken, kTokensMax> tokens;
    bool events_silenced = false;
    std::uint64_t emitted_up_to = 0;   // Since the app attached.
    OptionalBox<CallStyle> style;      // StyleChosen
    std::optional<CallPolicy> policy;  // PolicyChosen
    std::vector<OpenReport> reports;   // At most kReportsMax, the oldest first.
};

}  // namespace clarion::callui
