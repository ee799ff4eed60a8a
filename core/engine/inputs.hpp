// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>

#include "core/callui/inputs.hpp"
#include "core/protocol/messages.hpp"

/// Facts, in the past tense, that a shell tells the engine. Each may come twice, late or never.
namespace clarion::engine {

using protocol::Invite;
using protocol::Media;

using callui::ActionId;
using callui::ReportResult;

// The system call UI and the app speak to callui; the engine listens (core/callui/inputs.hpp).
using callui::ActionTimedOut;
using callui::AppAttached;
using callui::AudioActivated;
using callui::AudioDeactivated;
using callui::EventsAcknowledged;
using callui::IncomingReported;
using callui::ProviderReset;
using callui::UserAnswered;
using callui::UserEnded;
using callui::UserHeld;
using callui::UserMuted;

/// Why a push could not be turned into an invite (sdk/native opens it; crypto stays out of core).
enum class PushFault : std::uint8_t { none, malformed, not_for_this_device, bad_signature, unsupported_version };

enum class SignallingFault : std::uint8_t {
    none,
    unreachable,
    timed_out,
    tls_untrusted,
    closed,
    protocol_error,
    replaced,  // A newer connection of the same device took over (close code 4001).
    refused,   // The server does not want this device: removed, or its token is over (close code 4003).
};

// ---- push ----

struct PushReceived {
    std::optional<Invite> invite;  // Opened and its signature verified; absent when fault says why.
    PushFault fault = PushFault::none;
    WallTime wall_now;        // The device's own clock at this moment.
    bool must_report = true;  // PKVoIPPushMetadata.mustReport on iOS 26.4 and later (IOS-PK-09).
};

// ---- the app ----

struct PlaceRequested {
    CallId call_id;
    UserId to_user;
    Redacted<std::string> to_name;                   // For the own screen; may be empty.
    std::optional<Redacted<std::string>> from_name;  // What the callee is shown.
    Media media = Media::audio;
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

/// Every frame of the server in order, the welcome included. For an Incoming the shell opens its cc_param and tells
/// PushReceived (must_report false) as well: seals and signatures stay out of core.
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
