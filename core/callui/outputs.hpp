// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>

#include "core/base/box.hpp"
#include "core/base/describe.hpp"
#include "core/base/ids.hpp"
#include "core/base/redacted.hpp"
#include "core/callui/change.hpp"
#include "core/callui/inputs.hpp"
#include "core/callui/style.hpp"
#include "core/protocol/invite.hpp"
#include "core/protocol/reasons.hpp"

/// What the system call UI is asked to do, and what the app is told.
namespace clarion::callui {

/// Put the call on the system's incoming-call screen now, before the push handler returns (IOS-PK-02). Outputs of one
/// call are performed in order: where a report completes later, what follows for that call waits for it (IOS-CK-03).
struct ReportIncoming {
    CallId call_id;
    Redacted<std::string> name;    // Shown.
    Redacted<std::string> handle;  // For redial.
    protocol::Media media = protocol::Media::audio;
    Duration ring_for{0};          // The system's own timeout where it has one (Android timeoutAfter, AND-NOT-08).
    bool placeholder = false;      // The push was unusable: report it all the same; its end follows at once (I1).
    bool silent = false;           // On the screen without a sound: the user made it so, or talks already.
    OptionalBox<CallStyle> style;  // Complete: the call's, else the app's, else the defaults; absent: a placeholder.
    Headers headers;               // For the pictures.
    std::string backend_id;
};

struct UpdateSystemCall {
    CallId call_id;
    Redacted<std::string> name;
    protocol::Media media = protocol::Media::audio;
    Redacted<std::string> handle;
    OptionalBox<CallStyle> style;  // Complete; absent: as before.
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
    OptionalBox<CallStyle> style;  // Complete.
    Headers headers;
    std::string backend_id;
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

/// What was done elsewhere and the system's own screen has to follow: a button of the app's screen, the app's code, a
/// policy. What the system answers with (an action for the same) is fulfilled and changes nothing more. Systems without
/// controls of their own (SystemRules::controls) get only `answer`, `hide` and `silence`.
enum class SystemChange : std::uint8_t {
    answer,   // Accepted: the ring stops, the screen goes on to "connecting".
    hide,     // Only where SystemRules::hides.
    silence,  // The ring stops, the screen stays.
    mute,
    unmute,
    hold,
    unhold,
    dtmf,   // `digits`, `tone`
    group,  // `with`
    ungroup,
};
struct ChangeSystemCall {
    CallId call_id;
    SystemChange change = SystemChange::answer;
    std::string digits;
    ToneKind tone = ToneKind::single_tone;
    std::optional<CallId> with;
};

/// One missed-call notice (I9).
struct ShowMissedCall {
    CallId call_id;
    Redacted<std::string> name;
    Redacted<std::string> handle;
    protocol::Media media = protocol::Media::audio;
    OptionalBox<CallStyle> style;  // Complete; the part is `missed`.
    Headers headers;
    std::string backend_id;
};
struct HideMissedCall {
    CallId call_id;
};

/// The notification of a call that is placed, accepted or talked, where the system has none of its own
/// (SystemRules::ongoing_notice): show it, or change the one that is there. The part of the style is `calling`.
enum class OngoingStage : std::uint8_t { calling, connecting, talking, on_hold };
struct ShowOngoingCall {
    CallId call_id;
    OngoingStage stage = OngoingStage::calling;
    Redacted<std::string> name;
    Redacted<std::string> handle;
    protocol::Media media = protocol::Media::audio;
    Duration talked_for{0};  // Where its clock starts.
    OptionalBox<CallStyle> style;
    Headers headers;
};
struct HideOngoingCall {
    CallId call_id;
};

/// For an app with its own voice service: the system's audio session is active, or is not any more. A state, not an
/// event: it is told when it changes and when the app attaches, and never from before the process.
struct TellAudioSession {
    bool active = false;
};

/// Android: from the first ringing call of the process to the end of its last call (I11). Ringing asks for no
/// microphone type; an answered or outgoing call does, while the user's tap still permits it (AND-FGS-04).
struct StartForegroundService {
    bool microphone = false;
};
struct StopForegroundService {};

/// What a call on the screen is doing.
enum class Phase : std::uint8_t {
    waiting,   // Incoming: for the user. Outgoing: for the peer.
    accepted,  // The user answered; the backend connects.
    connected,
};

/// Whose doing an event is.
enum class Origin : std::uint8_t {
    remote,  // The caller, the callee, the server: whatever the backend told.
    user,    // Through the system: its screen, a notification, a headset, a watch, a car.
    app,     // Through the app's own screen or its code.
    system,  // The ring timer, a reset, a refusal, a policy.
};

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
    not_shown,     // The system refused to show it: `result`. It ends later, when its ring is over or somebody says so.
    silenced,      // It rings without a sound.
    dtmf,          // `digits`, `tone`
    grouped,       // With the call `with`.
    ungrouped,
    call_back,   // The user pressed "call back" on the missed-call notice: call `handle`.
    redial,      // The user chose `handle` in the system's own list; no call id.
    push_token,  // The address of `token_kind` is `token`, empty when it is gone; no call id.
    custom,      // `custom`; with or without a call id.
    changed,     // What the backend says of the call: `change`.
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
    Redacted<std::string> text;               // peer_held: why. ended: the release code of whoever ended it.
    OptionalBox<Change> change;               // changed
    Origin origin = Origin::remote;
    Phase was = Phase::waiting;                   // What the call was doing when it happened.
    ReportResult result = ReportResult::shown;    // not_shown
    std::string digits;                           // dtmf
    ToneKind tone = ToneKind::single_tone;        // dtmf
    std::optional<CallId> with;                   // grouped
    TokenKind token_kind = TokenKind::apns_voip;  // push_token
    Redacted<std::string> token;                  // push_token
    Redacted<std::string> custom;                 // custom
    // Of the call, untouched; in the log they stand once for each call and are filled in when an event is emitted.
    Redacted<std::string> extra;
    Headers headers;
    std::string backend_id;
};

struct EmitEvent {
    Box<Event> event;
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
    PersistSnapshot,
    ChangeSystemCall,
    HideMissedCall,
    ShowOngoingCall,
    HideOngoingCall,
    TellAudioSession>;

}  // namespace clarion::callui

namespace clarion {

template <>
struct EnumText<callui::EventKind> {
    using E = callui::EventKind;
    static constexpr std::array<EnumWord<E>, 22> values{{
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
        {E::not_shown, "not_shown"},
        {E::silenced, "silenced"},
        {E::dtmf, "dtmf"},
        {E::grouped, "grouped"},
        {E::ungrouped, "ungrouped"},
        {E::call_back, "call_back"},
        {E::redial, "redial"},
        {E::push_token, "push_token"},
        {E::custom, "custom"},
        {E::changed, "changed"},
    }};
};

}  // namespace clarion
