// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>

#include "core/base/box.hpp"
#include "core/base/ids.hpp"
#include "core/base/redacted.hpp"
#include "core/base/time.hpp"
#include "core/callui/change.hpp"
#include "core/callui/config.hpp"
#include "core/callui/style.hpp"
#include "core/protocol/invite.hpp"
#include "core/protocol/messages.hpp"
#include "core/protocol/reasons.hpp"

/// Facts, in the past tense, that the system call UI machine is told. Each may come twice, late or never.
///
/// Two kinds of teller: the operating system with its user, and the backend, which is whoever knows about calls: the
/// engine, or an app with a voice service of its own.
namespace clarion::callui {

/// Names a pending action of the system call UI (a CXAction, a notification button). 0: the tap came from the app's own
/// screen and nothing waits for an answer. Unique within a process.
using ActionId = std::uint64_t;

/// What the system call UI answered to ReportIncoming (IOS-CK-02; other systems use the same words).
enum class ReportResult : std::uint8_t {
    shown,
    already_exists,     // The same UUID is on screen: harmless (IOS-PK-08).
    filtered_by_focus,  // Do not disturb.
    filtered_by_block_list,
    limit_reached,
    not_allowed,  // Entitlement, permission or notification channel is missing.
    failed,
};

// ---- the system and its user ----

struct IncomingReported {
    CallId call_id;
    ReportResult result = ReportResult::shown;
};

/// What became of ReportOutgoing: CXStartCallAction came, or its request was refused; Telecom refused the call. A call
/// that the system does not take ends with `internal_kit_error`: it could neither be heard nor ended there. Android
/// need not say that it was taken: only where SystemRules::report_within is set does anything wait for that.
struct OutgoingReported {
    CallId call_id;
    ReportResult result = ReportResult::shown;
};

struct UserAnswered {
    CallId call_id;
    ActionId action = 0;
};

/// Decline while it rings, cancel while placing, hang-up while talking (IOS-CK-08).
struct UserEnded {
    CallId call_id;
    ActionId action = 0;
};

struct UserMuted {
    CallId call_id;
    bool on = false;
    ActionId action = 0;
};

struct UserHeld {
    CallId call_id;
    bool on = false;
    ActionId action = 0;
};

/// The system gave up waiting for this action: it must be neither fulfilled nor failed any more (IOS-CK-09).
struct ActionTimedOut {
    CallId call_id;
    ActionId action = 0;
};

/// CXProvider reset: every system call is gone (IOS-CK-12).
struct ProviderReset {};

struct AudioActivated {};
struct AudioDeactivated {};

/// The user made the ring silent and left the call on the screen: volume or power key, a swipe, Telecom's onSilence. A
/// screen that went dark by itself is not this.
struct RingSilenced {
    CallId call_id;
};

/// The system's own time for the incoming screen is over (Android timeoutAfter). A system that cannot tell this from a
/// swipe says this: before the ring is over it counts as RingSilenced.
struct RingTimedOut {
    CallId call_id;
};

/// CXPlayDTMFCallAction's kinds (IOS-CK-19).
enum class ToneKind : std::uint8_t { single_tone = 1, soft_pause = 2, hard_pause = 3 };

/// The keypad: digits of "0123456789ABCD*#,;".
struct UserDialled {
    CallId call_id;
    std::string digits;
    ToneKind tone = ToneKind::single_tone;
    ActionId action = 0;
};

/// The user joined this call with another one, or took it out of its group (`with` absent).
struct UserGrouped {
    CallId call_id;
    std::optional<CallId> with;
    ActionId action = 0;
};

/// Every call that is placed or talked was muted or unmuted at once.
struct AllMuted {
    bool on = false;
};

/// "Call back" on a missed-call notice.
struct UserCalledBack {
    CallId call_id;
};

/// A call from the system's own lists: Recents, contacts, Siri (IOS-CK-21). The handle is the one that the app
/// supplied.
struct RedialAsked {
    Redacted<std::string> handle;
    protocol::Media media = protocol::Media::audio;
};

/// The missed-call notice is gone, or the app showed the call in its own list.
struct MissedSeen {
    CallId call_id;
};

// ---- the app ----

/// The app's UI code is there and listens: replay every event that was not acknowledged.
struct AppAttached {};

struct EventsAcknowledged {
    std::uint64_t up_to = 0;
};

/// Nobody listens any more: events wait again.
struct AppDetached {};

/// While on, events wait instead of being emitted; none is lost.
struct EventsSilenced {
    bool on = false;
};

/// The app's code ends the call, whatever it is doing: declines, cancels or hangs up.
struct EndRequested {
    CallId call_id;
};
struct EndAllRequested {};

/// The incoming screen goes, the call stays and may be answered until its ring is over. Refused (`wrong_state`) where
/// the system has no such thing (CallKit).
struct HideRequested {
    CallId call_id;
};

/// The app's own voice service connected an accepted or outgoing call. It never answers: of a call that still rings it
/// is refused (`wrong_state`).
struct ConnectedSet {
    CallId call_id;
};

/// Show a missed-call notice by hand; at most one for a call, however often it is asked for and whoever asks.
struct MissedShown {
    CallId call_id;
    Redacted<std::string> name;
    Redacted<std::string> handle;
    protocol::Media media = protocol::Media::audio;
    OptionalBox<CallStyle> style;
    Redacted<std::string> extra;
    Headers headers;
    std::string backend_id;
};

using protocol::TokenKind;

/// A push service gave the app an address; empty: took it away (IOS-PK-17).
struct PushTokenChanged {
    TokenKind kind = TokenKind::apns_voip;
    Redacted<std::string> token;
};

/// Something that native code wants the app to hear in order with everything else.
struct CustomEventReported {
    std::optional<CallId> call_id;
    Redacted<std::string> body;  // JSON text; not looked at.
};

/// How calls look that do not say it themselves; kept for the next process, whose push handler needs it.
struct StyleChosen {
    CallStyle style;
};

struct PolicyChosen {
    CallPolicy policy;
};

// ---- the backend ----

/// Somebody calls. A call that is there already is reported again only when `must_report`, and one that is over rings
/// no more (kTombstoneFor).
struct IncomingAnnounced {
    CallId call_id;  // Nil: made from `backend_id`.
    Redacted<std::string> name;
    Redacted<std::string> handle;
    protocol::Media media = protocol::Media::audio;
    Duration ring_for{0};      // From now. It ends by itself, as missed, when this is over.
    bool must_report = false;  // The system insists on a report for this push (I1).
    OptionalBox<CallStyle> style;
    Redacted<std::string> extra;  // The app's own; comes back untouched in every event of the call.
    Headers headers;              // So do these.
    std::string backend_id;       // And this: the id of a backend whose ids are no UUIDs (backend_id.hpp).
};

/// A push that is no call: reported and ended at once where the system insists on a report (I1).
struct UnusablePushArrived {
    CallId call_id;
    Redacted<std::string> name;  // Only of an invite that was meant for this user.
    protocol::Media media = protocol::Media::audio;
    SystemEndReason reason = SystemEndReason::failed;
};

/// A call that was over before it could ring here.
struct MissedCallLearned {
    CallId call_id;
    Redacted<std::string> name;
    Redacted<std::string> handle;
    protocol::Media media = protocol::Media::audio;
    OptionalBox<CallStyle> style;
    Redacted<std::string> extra;
    Headers headers;
    std::string backend_id;
};

/// What became of a call, in the words of a backend that only knows that it is over.
enum class Dismissal : std::uint8_t {
    cancelled,  // The caller hung up.
    answered_elsewhere,
    declined_elsewhere,
    timed_out,
    busy,
    failed,
};

/// The call is over somewhere else. Of a call that is not known here: it will not ring when its push comes later.
struct CallDismissed {
    CallId call_id;  // Nil: made from `backend_id`.
    Dismissal why = Dismissal::cancelled;
    std::string backend_id;
};

struct CallUpdated {
    CallId call_id;
    Redacted<std::string> name;
    protocol::Media media = protocol::Media::audio;
    std::optional<Duration> ring_for;             // From now; absent: as before.
    std::optional<Redacted<std::string>> extra;   // Absent: as before.
    OptionalBox<CallStyle> style;                 // Absent: as before.
    std::optional<Redacted<std::string>> handle;  // Absent: as before.
};

struct OutgoingStarted {
    CallId call_id;  // Nil: made from `backend_id`.
    Redacted<std::string> name;
    Redacted<std::string> handle;
    protocol::Media media = protocol::Media::audio;
    OptionalBox<CallStyle> style;
    Redacted<std::string> extra;
    Headers headers;
    std::string backend_id;
};

struct OutgoingPlaced {
    CallId call_id;
};

struct PeerRang {
    CallId call_id;
    std::uint32_t devices = 0;
};

/// The transport is up and both sides agreed: fulfils what the user waits for (IOS-CK-10, IOS-AU-09).
struct CallConnected {
    CallId call_id;
};

struct PeerHoldChanged {
    CallId call_id;
    bool on = false;
    Redacted<std::string> reason;  // The peer's own words; at most protocol::kHoldReasonLengthMax bytes.
};

struct CallEnded {
    CallId call_id;
    EndReason reason = EndReason::normal;
    EndSource source = EndSource::undefined;
    bool by_remote = false;
    Outcome outcome = Outcome::answered;
    std::optional<ActionId> by_user;     // The user asked for it, with this action.
    Redacted<std::string> release_code;  // At most protocol::kReleaseCodeLengthMax bytes.
};

/// What a push can say of a call: what its sender knows, and never what the user did.
using PushFact = std::variant<IncomingAnnounced, CallDismissed, CallUpdated, CallEnded, MissedCallLearned>;

/// A push of a voice service of the app's own. Where the system insists on a report (I1), there is one, whatever the
/// push says, and whatever becomes of that: what is over by it is reported and ended at once, what is on the screen
/// stays there. A fact that is refused (its error is this input's) where no report is due changed nothing.
struct PushArrived {
    CallId call_id;                // Fresh: for the report of a push that names no call.
    std::optional<PushFact> fact;  // Absent: it says nothing that can be read.
    bool must_report = false;      // PKVoIPPushMetadata.mustReport, and every push before iOS 26.4.
};

using Input = std::variant<
    IncomingReported,
    UserAnswered,
    UserEnded,
    UserMuted,
    UserHeld,
    ActionTimedOut,
    ProviderReset,
    AudioActivated,
    AudioDeactivated,
    AppAttached,
    EventsAcknowledged,
    IncomingAnnounced,
    UnusablePushArrived,
    MissedCallLearned,
    CallUpdated,
    OutgoingStarted,
    OutgoingPlaced,
    PeerRang,
    CallConnected,
    PeerHoldChanged,
    CallEnded,
    CallChanged,
    RingSilenced,
    RingTimedOut,
    UserDialled,
    UserGrouped,
    AllMuted,
    UserCalledBack,
    RedialAsked,
    MissedSeen,
    AppDetached,
    EventsSilenced,
    EndRequested,
    EndAllRequested,
    HideRequested,
    ConnectedSet,
    MissedShown,
    PushTokenChanged,
    CustomEventReported,
    StyleChosen,
    PolicyChosen,
    CallDismissed,
    OutgoingReported,
    PushArrived>;

}  // namespace clarion::callui
