// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "core/callui/outputs.hpp"
#include "core/engine/inputs.hpp"

/// Commands, in the imperative, that a shell performs. It starts the work and returns; the result, if there is one,
/// comes back as an input. Those of the system call UI are callui's (core/callui/outputs.hpp).
namespace clarion::engine {

// ---- signalling ----

/// Open a connection to the server; then SignallingOpened or SignallingClosed.
struct OpenSignalling {};
/// Close it, or stop opening it. Nothing of that connection is told any more, its end neither.
struct CloseSignalling {};

/// Send this frame on the open connection. The engine repeats what was not acknowledged after the next welcome.
struct SendFrame {
    protocol::ClientFrame frame;
};

/// Open this invite, which came over the connection, as that of a push; then PushReceived with must_report false. Seals
/// and signatures stay out of core.
struct OpenInvite {
    Redacted<std::string> cc_param;
};

/// The app's backend has to make a new access token; then TokenSupplied. Asked once until it came.
struct RequestToken {
    bool refused = false;  // The server did not take the old one; false: it ends soon.
};

// ---- media: one leg a call ----

/// Make a WebRTC offer; then OfferPrepared, or MediaFailed, or with a revision NegotiationFailed.
struct PrepareOffer {
    CallId call_id;
    Media media = Media::audio;
    std::uint32_t revision = 0;                // 0: the first of the call. Else a renegotiation of a live leg,
    Negotiation purpose = Negotiation::media;  // for this; `media` is what it is to have then.
};

/// Make an answer to this offer without touching the microphone; then AnswerPrepared or the failure, as above.
/// With the purpose `transfer` (and where the media library cannot do better, `ice_restart`) the offer is of a new
/// transport: a second leg comes up, and takes the first one's place when it is connected.
struct PrepareAnswer {
    CallId call_id;
    Media media = Media::audio;
    Redacted<std::string> offer;
    std::uint32_t revision = 0;
    Negotiation purpose = Negotiation::media;
};

struct ApplyAnswer {
    CallId call_id;
    Redacted<std::string> sdp;
    std::uint32_t revision = 0;
};

/// Forget the offer of this revision (WebRTC: rollback): the peer's own goes first, or it did not answer.
struct DropOffer {
    CallId call_id;
    std::uint32_t revision = 0;
};

struct AddCandidate {
    CallId call_id;
    Redacted<std::string> candidate;
    std::string mid;
    std::uint32_t line = 0;
};

/// Microphone and speaker on; never outside the system's audio activation where the OS has one (I6). At most one call
/// has them.
struct OpenAudio {
    CallId call_id;
    bool microphone = true;  // False: there is none, or it is not allowed: the speaker only.
};
struct CloseAudio {
    CallId call_id;
};
/// Of a call whose audio is open: the microphone came or went.
struct SetMicrophone {
    CallId call_id;
    bool on = true;
};
struct SetMuted {
    CallId call_id;
    bool on = false;
};
/// Nothing is sent, nothing of the peer is played or recorded.
struct SetHeld {
    CallId call_id;
    bool on = false;
};
/// What the peer says is not played; everything else goes on.
struct SetPeerSilenced {
    CallId call_id;
    bool on = false;
};
/// Own pictures: camera off, on, or paused with the camera released.
struct SetVideo {
    CallId call_id;
    protocol::Video video = protocol::Video::off;
};
/// The call went on hold: stop capturing the screen.
struct StopScreenShare {
    CallId call_id;
};
struct CloseMedia {
    CallId call_id;
};

struct SetAudioRoute {
    AudioRoute route = AudioRoute::speaker;
};

/// One tone at a time; another PlayTone replaces it. Ring, ringback and hold go on until StopTone; end and busy last as
/// long as they last, and StopTone follows.
enum class Tone : std::uint8_t {
    ring,
    ringback,  // Only while a device of the callee says that it rings.
    hold,      // The peer holds this call.
    end,
    busy,
};
struct PlayTone {
    Tone tone = Tone::end;
    CallId call_id;
};
struct StopTone {};

// ---- the app, beside the events: what is worth nothing later ----

enum class NoticeKind : std::uint8_t {
    statistics,            // `call_id`, `statistics`
    quality,               // `call_id`, `quality`: it changed
    audio_route,           // `route`: it changed
    live_calls,            // `calls`: the answer to CallsRequested
    signed_out,            // Every call ended and the server knows, or time ran out.
    push_address_refused,  // `push_kind`, `error`: nothing wakes this device there. docs/protocol.md says what helps.
};

struct Notice {
    NoticeKind kind = NoticeKind::statistics;
    std::optional<CallId> call_id;
    Statistics statistics;
    Quality quality = Quality::unknown;
    AudioRoute route = AudioRoute::unknown;
    std::vector<protocol::LiveCall> calls;
    std::optional<protocol::TokenKind> push_kind;
    std::optional<protocol::ErrorCode> error;
};

/// Only while the app is attached, not repeated, not acknowledged.
struct EmitNotice {
    Notice notice;
};

namespace detail {
template <class First, class... More>
struct Joined;
template <class... Alternatives, class... More>
struct Joined<std::variant<Alternatives...>, More...> {
    using type = std::variant<Alternatives..., More...>;
};
}  // namespace detail

/// Everything of callui::Output, and the engine's own.
using Output = detail::Joined<
    callui::Output,
    OpenSignalling,
    CloseSignalling,
    SendFrame,
    PrepareOffer,
    PrepareAnswer,
    ApplyAnswer,
    AddCandidate,
    OpenAudio,
    CloseAudio,
    SetMuted,
    SetHeld,
    CloseMedia,
    RequestToken,
    DropOffer,
    SetMicrophone,
    SetPeerSilenced,
    SetVideo,
    StopScreenShare,
    SetAudioRoute,
    PlayTone,
    StopTone,
    EmitNotice,
    OpenInvite>::type;

}  // namespace clarion::engine
