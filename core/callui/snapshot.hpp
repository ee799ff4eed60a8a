// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "core/base/bounded.hpp"
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

enum class Phase : std::uint8_t {
    waiting,   // Incoming: for the user. Outgoing: for the peer.
    accepted,  // The user answered; the backend connects.
    connected,
};

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
    bool announced = false;  // The app was told of it (`incoming`).
    Notice notice = Notice::by_rules;
    bool revived = false;  // Accepted in a process that died: the tap no longer permits a microphone (AND-FGS-04).
    Instant ring_until = kNever;
    bool held = false;
    bool peer_held = false;
    bool muted = false;
    BoundedVector<ActionId, kAnswerActionsMax> answer_actions;  // Wait for FulfilAction or FailAction.
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
};

}  // namespace clarion::callui
