// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <variant>

#include "core/base/describe.hpp"
#include "core/base/ids.hpp"
#include "core/base/redacted.hpp"
#include "core/callui/inputs.hpp"
#include "core/protocol/invite.hpp"
#include "core/protocol/reasons.hpp"

/// What the system call UI is asked to do, and what the app is told.
namespace clarion::callui {

/// Put the call on the system's incoming-call screen now, before the push handler returns (IOS-PK-02).
struct ReportIncoming {
    CallId call_id;
    Redacted<std::string> name;    // Shown.
    Redacted<std::string> handle;  // For redial.
    protocol::Media media = protocol::Media::audio;
    Duration ring_for{0};      // The system's own timeout where it has one (Android timeoutAfter, AND-NOT-08).
    bool placeholder = false;  // The push was unusable: report it all the same; its end follows at once (I1).
};

struct UpdateSystemCall {
    CallId call_id;
    Redacted<std::string> name;
    protocol::Media media = protocol::Media::audio;
};

/// Take it off the screen. Exactly once for every reported call (I2), never for an end the user asked for there.
struct EndSystemCall {
    CallId call_id;
    SystemEndReason reason = SystemEndReason::failed;
};

/// An outgoing call on the system UI ("dialing"), then its connection, which starts the timer (IOS-CK-18).
struct ReportOutgoing {
    CallId call_id;
    Redacted<std::string> name;
    Redacted<std::string> handle;
    protocol::Media media = protocol::Media::audio;
};
struct ReportOutgoingConnected {
    CallId call_id;
};

/// The action did what it says. For an answer: only when the call is connected (IOS-CK-10, I5).
struct FulfilAction {
    CallId call_id;
    ActionId action = 0;
};
struct FailAction {
    CallId call_id;
    ActionId action = 0;
};

/// One missed-call notice (I9).
struct ShowMissedCall {
    CallId call_id;
    Redacted<std::string> name;
    Redacted<std::string> handle;
    protocol::Media media = protocol::Media::audio;
};

/// Android: from the first ringing call of the process to the end of its last call (I11). Ringing asks for no
/// microphone type; an answered or outgoing call does, while the user's tap still permits it (AND-FGS-04).
struct StartForegroundService {
    bool microphone = false;
};
struct StopForegroundService {};

enum class EventKind : std::uint8_t {
    incoming,   // A call is on screen.
    answered,   // The user accepted; the call is being connected.
    connected,  // Both sides hear each other.
    held,
    unheld,
    peer_held,
    peer_unheld,
    muted,
    unmuted,
    placed,        // Outgoing: the server has the call.
    peer_ringing,  // Outgoing: `detail` devices of the callee ring.
    ended,         // With reason, source, by_remote and the outcome for the history.
};

/// What the app hears, exactly once and in order after it attached (I10).
struct Event {
    std::uint64_t seq = 0;
    EventKind kind = EventKind::incoming;
    CallId call_id;
    Redacted<std::string> name;
    Redacted<std::string> handle;
    protocol::Media media = protocol::Media::audio;
    EndReason reason = EndReason::normal;     // ended
    EndSource source = EndSource::undefined;  // ended
    bool by_remote = false;                   // ended
    Outcome outcome = Outcome::answered;      // ended
    std::uint32_t devices = 0;                // peer_ringing
};

struct EmitEvent {
    Event event;
};

/// State changed in a way that must survive the death of the process: store snapshot() before doing anything else.
struct PersistSnapshot {};

using Output = std::variant<
    ReportIncoming,
    UpdateSystemCall,
    EndSystemCall,
    ReportOutgoing,
    ReportOutgoingConnected,
    FulfilAction,
    FailAction,
    ShowMissedCall,
    StartForegroundService,
    StopForegroundService,
    EmitEvent,
    PersistSnapshot>;

}  // namespace clarion::callui

namespace clarion {

template <>
struct EnumText<callui::EventKind> {
    using E = callui::EventKind;
    static constexpr std::array<EnumWord<E>, 12> values{{
        {E::incoming, "incoming"},
        {E::answered, "answered"},
        {E::connected, "connected"},
        {E::held, "held"},
        {E::unheld, "unheld"},
        {E::peer_held, "peer_held"},
        {E::peer_unheld, "peer_unheld"},
        {E::muted, "muted"},
        {E::unmuted, "unmuted"},
        {E::placed, "placed"},
        {E::peer_ringing, "peer_ringing"},
        {E::ended, "ended"},
    }};
};

}  // namespace clarion
