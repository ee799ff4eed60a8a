// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>

#include "core/base/ids.hpp"
#include "core/base/redacted.hpp"
#include "core/base/time.hpp"
#include "core/protocol/invite.hpp"
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

// ---- the app ----

/// The app's UI code is there and listens: replay every event that was not acknowledged.
struct AppAttached {};

struct EventsAcknowledged {
    std::uint64_t up_to = 0;
};

// ---- the backend ----

/// Somebody calls. A call that is there already is reported again only when `must_report`.
struct IncomingAnnounced {
    CallId call_id;
    Redacted<std::string> name;
    Redacted<std::string> handle;
    protocol::Media media = protocol::Media::audio;
    Duration ring_for{0};      // From now. It ends by itself, as missed, when this is over.
    bool must_report = false;  // The system insists on a report for this push (I1).
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
};

struct CallUpdated {
    CallId call_id;
    Redacted<std::string> name;
    protocol::Media media = protocol::Media::audio;
    std::optional<Duration> ring_for;  // From now; absent: as before.
};

struct OutgoingStarted {
    CallId call_id;
    Redacted<std::string> name;
    Redacted<std::string> handle;
    protocol::Media media = protocol::Media::audio;
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
};

struct CallEnded {
    CallId call_id;
    EndReason reason = EndReason::normal;
    EndSource source = EndSource::undefined;
    bool by_remote = false;
    Outcome outcome = Outcome::answered;
    std::optional<ActionId> by_user;  // The user asked for it, with this action.
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
    CallEnded>;

}  // namespace clarion::callui
