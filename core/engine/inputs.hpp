// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>

#include "core/callui/inputs.hpp"
#include "core/engine/quality.hpp"
#include "core/protocol/messages.hpp"

/// Facts, in the past tense, that a shell tells the engine. Each may come twice, late or never.
namespace clarion::engine {

using protocol::Invite;
using protocol::Media;
using protocol::Negotiation;

using callui::ActionId;
using callui::ReportResult;

// The system call UI and the app speak to callui; the engine listens (core/callui/inputs.hpp).
using callui::ActionTimedOut;
using callui::AllMuted;
using callui::AppAttached;
using callui::AppDetached;
using callui::AudioActivated;
using callui::AudioDeactivated;
using callui::CustomEventReported;
using callui::EventsAcknowledged;
using callui::EventsSilenced;
using callui::HideRequested;
using callui::IncomingReported;
using callui::MissedSeen;
using callui::MissedShown;
using callui::OutgoingReported;
using callui::ProviderReset;
using callui::PushTokenChanged;
using callui::RedialAsked;
using callui::RingSilenced;
using callui::RingTimedOut;
using callui::StyleChosen;
using callui::UserAnswered;
using callui::UserCalledBack;
using callui::UserDialled;
using callui::UserEnded;
using callui::UserGrouped;
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

// ---- the app: calls ----

/// Calls somebody. Refused: Engine::start_fail() says why, in LINE Planet's numbers.
struct PlaceRequested {
    CallId call_id;
    UserId to_user;
    Redacted<std::string> to_name;                   // For the own screen; may be empty.
    std::optional<Redacted<std::string>> from_name;  // What the callee is shown.
    Media media = Media::audio;
    std::optional<Redacted<std::string>> start_message;    // To the callee's app; at most kStartMessageLengthMax.
    std::optional<Redacted<std::string>> app_server_data;  // To the app server; at most kAppServerDataLengthMax.
    std::optional<Redacted<std::string>>
        extra;                           // JSON object text to every event of the callee's app; kExtraLengthMax.
    bool responder_preparation = false;  // The callee may prepare before media flow.
    bool video_paused = false;           // Video, but not sent until VideoPaused says otherwise.
    bool allow_without_microphone = false;
};

/// As UserAnswered, with what only an app can say.
struct AnswerRequested {
    CallId call_id;
    ActionId action = 0;
    std::optional<Redacted<std::string>> start_message;  // To the caller's app; at most kStartMessageLengthMax.
    bool responder_preparation = false;                  // Counts only if the caller allowed it.
    bool video_paused = false;
};

/// The callee is ready: media may flow (`preparing` came with `on`).
struct PreparationFinished {
    CallId call_id;
};

enum class EndManner : std::uint8_t {
    normal,  // Decline, cancel or hang up, whatever the call is doing.
    busy,    // Decline, and say that it is because of another call. Later: as normal.
    error,   // With the reason user_error.
};

struct EndRequested {
    CallId call_id;
    EndManner manner = EndManner::normal;
    bool everywhere = true;  // False: a call that rings goes on ringing on the user's other devices.
    std::optional<Redacted<std::string>> release_code;  // To the peer's app; at most kReleaseCodeLengthMax.
};

struct AllCallsEnded {};

/// As UserHeld, with words for the peer; at most kHoldReasonLengthMax bytes.
struct HoldRequested {
    CallId call_id;
    bool on = true;
    std::string reason;
};

/// Do not let the user hear the peer, or let them again. The peer does not learn of it.
struct PeerSilenceRequested {
    CallId call_id;
    bool on = true;
};

/// Ask the peer's app to mute itself, or to unmute.
struct MuteAsked {
    CallId call_id;
    bool on = true;
};

/// Audio to video, or back: then the own camera pauses at once, and stays paused (VideoPaused) when the peer's answer
/// does not come. Refused on hold, and while another change is under way.
struct VideoRequested {
    CallId call_id;
    bool on = true;
    bool paused = false;  // Without sending own pictures yet.
};

/// The answer to `video_asked`.
struct VideoAnswered {
    CallId call_id;
    bool accepted = true;
    bool paused = false;
};

/// Stop sending own pictures for a while, or go on. The call stays a video call.
struct VideoPaused {
    CallId call_id;
    bool on = true;
    protocol::PauseReason reason = protocol::PauseReason::user;
};

struct ScreenShareChanged {
    CallId call_id;
    bool on = true;
};

/// A short text to the peer's app: at most kShortDataLengthMax, of a type of at most kShortDataTypeLengthMax bytes.
struct ShortDataRequested {
    CallId call_id;
    std::string data_type;
    Redacted<std::string> data;
};

/// Which calls of this user live on any device? Answered by a notice (`live_calls`).
struct CallsRequested {};

/// Go on with a call of the last `live_calls` here instead of on the device that has it.
struct TakeRequested {
    CallId call_id;
    bool allow_without_microphone = false;
};

// ---- the app: this device ----

/// Go online with the access token of the configuration (to be rung without a push), or offline again.
struct OnlineRequested {
    bool on = true;
};

/// A fresh access token: the answer to RequestToken, or at any time.
struct TokenSupplied {
    Redacted<std::string> token;
};

/// The user left: every call ends, the server hears of it, and no push rings here any more, until the app goes online
/// or supplies a token again. Another user needs an engine of their own (another Config).
struct SignedOut {};

enum class AudioRoute : std::uint8_t { unknown, earpiece, speaker, wired, bluetooth, car };

struct AudioRouteRequested {
    AudioRoute route = AudioRoute::speaker;
};

// ---- the system ----

/// The network came, went, or is another one. Live connections are made anew.
struct NetworkChanged {
    bool available = true;
};

/// Permission was given or taken, or the only microphone was plugged in or out. Until the first one: it is there.
struct MicrophoneChanged {
    bool available = true;
};

/// The phone's own call began or ended, on systems that tell.
struct CellularCallChanged {
    bool active = true;
};

struct AudioRouteChanged {
    AudioRoute route = AudioRoute::unknown;
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
    std::uint32_t revision = 0;  // Of PrepareOffer.
};

struct AnswerPrepared {
    CallId call_id;
    Redacted<std::string> sdp;
    std::uint32_t revision = 0;  // Of PrepareAnswer.
};

/// An offer or answer inside a call could not be made: everything stays as it was.
struct NegotiationFailed {
    CallId call_id;
    std::uint32_t revision = 0;
    std::string detail;
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

struct StatisticsMeasured {
    CallId call_id;
    Statistics statistics;
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
    FirstAudioHeard,
    AnswerRequested,
    PreparationFinished,
    EndRequested,
    AllCallsEnded,
    HoldRequested,
    PeerSilenceRequested,
    MuteAsked,
    VideoRequested,
    VideoAnswered,
    VideoPaused,
    ScreenShareChanged,
    ShortDataRequested,
    CallsRequested,
    TakeRequested,
    TokenSupplied,
    SignedOut,
    AudioRouteRequested,
    NetworkChanged,
    MicrophoneChanged,
    CellularCallChanged,
    AudioRouteChanged,
    NegotiationFailed,
    StatisticsMeasured,
    AllMuted,
    AppDetached,
    CustomEventReported,
    EventsSilenced,
    HideRequested,
    MissedSeen,
    MissedShown,
    PushTokenChanged,
    RedialAsked,
    RingSilenced,
    RingTimedOut,
    StyleChosen,
    UserCalledBack,
    UserDialled,
    UserGrouped,
    OutgoingReported>;

}  // namespace clarion::engine
