// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>

#include "core/protocol/messages.hpp"

/// Facts, in the past tense, that a shell tells the engine. Each may come twice, late or never.
namespace clarion::engine {

using protocol::Invite;
using protocol::Media;

/// Names a pending action of the system call UI (a CXAction, a notification button). 0: the tap came from the app's own
/// screen and nothing waits for an answer.
using ActionId = std::uint64_t;

/// Why a push could not be turned into an invite (sdk/native opens it; crypto stays out of core).
enum class PushFault : std::uint8_t { none, malformed, not_for_this_device, bad_signature, unsupported_version };

/// What the system call UI answered to ReportIncoming (IOS-CK-02; other systems use the same words).
enum class ReportResult : std::uint8_t {
    shown,
    already_exists,       // The same UUID is on screen: harmless (IOS-PK-08).
    filtered_by_focus,    // Do not disturb.
    filtered_by_block_list,
    limit_reached,
    not_allowed,          // Entitlement, permission or notification channel is missing.
    failed,
};

enum class SignallingFault : std::uint8_t { none, unreachable, timed_out, tls_untrusted, closed, protocol_error };

// ---- push ----

struct PushReceived {
    std::optional<Invite> invite;  // Opened and its signature verified; absent when fault says why.
    PushFault fault = PushFault::none;
    WallTime wall_now;        // The device's own clock at this moment.
    bool must_report = true;  // PKVoIPPushMetadata.mustReport on iOS 26.4 and later (IOS-PK-09).
};

// ---- system call UI ----

struct IncomingReported {
    CallId call_id;
    ReportResult result = ReportResult::shown;
};

struct UserAnswered {
    CallId call_id;
    ActionId action = 0;
};

/// Decline while it rings, cancel while placing, hang-up while talking: the engine knows which (IOS-CK-08).
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

struct ActionTimedOut {
    CallId call_id;
    ActionId action = 0;
};

/// CXProvider reset: every system call is gone (IOS-CK-12).
struct ProviderReset {};

struct AudioActivated {};
struct AudioDeactivated {};

// ---- the app ----

struct PlaceRequested {
    CallId call_id;
    UserId to_user;
    Redacted<std::string> to_name;                   // For the own screen; may be empty.
    std::optional<Redacted<std::string>> from_name;  // What the callee is shown.
    Media media = Media::audio;
};

/// The app's UI code is there and listens: replay every event that was not acknowledged.
struct AppAttached {};

struct EventsAcknowledged {
    std::uint64_t up_to = 0;
};

/// Go online with the access token of the configuration (to be rung without a push), or offline again.
struct OnlineRequested {
    bool on = true;
};

// ---- signalling ----

struct SignallingOpened {};

struct SignallingClosed {
    SignallingFault fault = SignallingFault::closed;
};

/// Every frame of the server in order, the welcome included.
struct FrameReceived {
    protocol::ServerFrame frame;
    WallTime wall_now;
};

// ---- media ----

struct OfferPrepared {
    CallId call_id;
    Redacted<std::string> sdp;
};

struct AnswerPrepared {
    CallId call_id;
    Redacted<std::string> sdp;
};

struct CandidateFound {
    CallId call_id;
    Redacted<std::string> candidate;
    std::string mid;
    std::uint32_t line = 0;
};

struct MediaConnected {
    CallId call_id;
};

struct MediaLost {
    CallId call_id;
};

struct MediaFailed {
    CallId call_id;
    std::string detail;
};

struct FirstAudioHeard {
    CallId call_id;
};

using Input = std::variant<
    PushReceived,
    IncomingReported,
    UserAnswered,
    UserEnded,
    UserMuted,
    UserHeld,
    ActionTimedOut,
    ProviderReset,
    AudioActivated,
    AudioDeactivated,
    PlaceRequested,
    AppAttached,
    EventsAcknowledged,
    OnlineRequested,
    SignallingOpened,
    SignallingClosed,
    FrameReceived,
    OfferPrepared,
    AnswerPrepared,
    CandidateFound,
    MediaConnected,
    MediaLost,
    MediaFailed,
    FirstAudioHeard>;

}  // namespace clarion::engine
