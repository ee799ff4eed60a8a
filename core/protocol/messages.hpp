// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "core/base/ids.hpp"
#include "core/base/redacted.hpp"
#include "core/base/time.hpp"
#include "core/protocol/invite.hpp"
#include "core/protocol/reasons.hpp"

/// The client protocol, docs/protocol.md: JSON text frames over WebSocket, one message each.
///
/// A client message carries `id` (1, 2, …) and is answered by exactly one ack or error with that id; sending it again
/// after a reconnect is harmless. A server event carries `seq`, numbered per device from 1; the client says in its next
/// hello which one it saw last and gets the later ones again.
namespace clarion::protocol {

inline constexpr std::uint32_t kProtocolVersion = 1;
inline constexpr std::size_t kFrameLengthMax = 64 * 1024;
inline constexpr std::size_t kSdpLengthMax = 32 * 1024;
inline constexpr std::size_t kCandidateLengthMax = 512;
inline constexpr std::size_t kReleaseCodeLengthMax = 128;
inline constexpr std::size_t kTokenLengthMax = 4096;
inline constexpr std::size_t kStartMessageLengthMax = 200;    // LINE Planet's limits, in bytes of UTF-8.
inline constexpr std::size_t kAppServerDataLengthMax = 4096;  //
inline constexpr std::size_t kHoldReasonLengthMax = 256;      //
inline constexpr std::size_t kShortDataTypeLengthMax = 100;   //
inline constexpr std::size_t kShortDataLengthMax = 800;       //
inline constexpr std::size_t kExtraLengthMax = 2048;
inline constexpr std::size_t kLiveCallsMax = 16;
inline constexpr std::size_t kPushTokenLengthMax = 4096;
inline constexpr std::size_t kPushTopicLengthMax = 255;

enum class Platform : std::uint8_t { ios, android, desktop, web };

/// A device's word that a step happened; the rungs of the ladder that the trace and the caller see.
enum class ReceiptStep : std::uint8_t {
    woke,            // The push reached the app's process.
    invite_opened,   // Seal and signature were good.
    invite_refused,  // They were not, or the invite was expired or meant for somebody else.
    reported,        // ReportIncoming was handed to the system UI.
    ringing,         // The system UI says that it shows the call.
    not_shown,       // The system UI refused (do-not-disturb, block list, limit).
    tapped_accept,
    tapped_decline,
    media_connected,  // ICE and DTLS are up on this device.
    first_audio,      // The first audio of the peer was heard here.
};

enum class Video : std::uint8_t { off, on, paused };

/// A push service and what it does there for this app: a device has one address of each.
enum class TokenKind : std::uint8_t { apns_voip, apns_alert, fcm, web_push, unified_push };

/// LINE Planet's video pause reasons, by name and number.
enum class PauseReason : std::uint8_t {
    unknown = 0,
    user = 1,
    interrupt = 2,  // The app went to the background.
    undefined = 3,
    internal = 4,
    enable_video_response = 5,
    camera_inactive = 6,
    hold = 7,
};

/// One party's present state in an answered call. Whole, so that the last one wins and a repetition changes nothing.
struct PartyState {
    bool held = false;  // This party put the call on hold.
    std::string hold_reason;
    bool muted = false;
    Video video = Video::off;
    PauseReason pause_reason = PauseReason::unknown;
    bool screen_shared = false;
    bool preparing = false;     // Responder preparation: answered, but no media until the callee is ready.
    bool network_lost = false;  // Set by the server: no socket of this party for a while.

    friend bool operator==(const PartyState&, const PartyState&) = default;
};

/// Why a media_offer is made.
enum class Negotiation : std::uint8_t {
    ice_restart,  // The network changed: new transport, same media.
    media,        // Audio to video or back.
    transfer,     // Another device of the peer takes the call: a new transport.
};

// ---- client to server ----

/// First message of a connection, and the only one before welcome. Exactly one of token, or ticket with call_id.
struct Hello {
    std::uint32_t version = kProtocolVersion;
    DeviceId device;
    Platform platform = Platform::desktop;
    std::optional<Redacted<std::string>> token;   // Access token (JWT).
    std::optional<CallId> call_id;                // With ticket: the connection is good for this call only.
    std::optional<Redacted<std::string>> ticket;  // From the invite of the push.
    std::uint64_t seen_seq = 0;                   // Last server event seen on this device, 0 for none.
    std::uint64_t stream = 0;                     // The numbering that seen_seq belongs to (welcome.stream).
};

struct Place {
    CallId call_id;
    UserId to_user;
    Media media = Media::audio;
    std::optional<Redacted<std::string>> from_name;        // Shown to the callee; the user id when absent.
    Redacted<std::string> offer;                           // SDP.
    bool responder_preparation = false;                    // The callee may prepare before media flow.
    std::optional<Redacted<std::string>> start_message;    // To the callee's app, with `verified`.
    std::optional<Redacted<std::string>> app_server_data;  // To the app server only.
    std::optional<Redacted<std::string>> extra;  // JSON object, opaque: carried to every event of the callee's app.
};

/// Asks for the truth about a call of this device, at first and again after a connection that could not be resumed.
/// Answered by the event that says where the call stands: verified, answer_confirmed or ended to a callee device;
/// notified, answered or ended to the caller.
struct Verify {
    CallId call_id;
    std::optional<Redacted<std::string>> ticket;  // A callee device that connected with a token shows its invite.
};

struct Answer {
    CallId call_id;
    Redacted<std::string> sdp;
    bool responder_preparation = false;                  // Counts only where the caller allowed it.
    std::optional<Redacted<std::string>> start_message;  // To the caller's app, with `answered`.
};

struct Decline {
    CallId call_id;
    std::optional<Redacted<std::string>> ticket;  // Needed when the connection was not opened with it.
    EndReason reason = EndReason::decline;        // decline or busy.
    bool everywhere = true;                       // False: only this device stops ringing.
    std::optional<Redacted<std::string>> release_code;
};

/// Ends a call of this device in any phase: the caller's cancel as well as either side's hang-up.
struct End {
    CallId call_id;
    EndReason reason = EndReason::normal;
    std::optional<Redacted<std::string>> release_code;
};

struct Candidate {
    CallId call_id;
    Redacted<std::string> candidate;
    std::string mid;
    std::uint32_t line = 0;

    friend bool operator==(const Candidate&, const Candidate&) = default;
};

/// This side's whole present state, after the answer. The other side gets it as `peer_state`.
struct MyState {
    CallId call_id;
    PartyState state;
};

/// Renegotiation, relayed between the two parties as it is. `revision` counts up within a call; the caller's are odd,
/// the callee's even. When both offer at once the caller's counts and the callee's is dropped.
struct MediaOffer {
    CallId call_id;
    std::uint32_t revision = 0;
    Negotiation purpose = Negotiation::media;
    Media media = Media::audio;
    Redacted<std::string> sdp;

    friend bool operator==(const MediaOffer&, const MediaOffer&) = default;
};

struct MediaAnswer {
    CallId call_id;
    std::uint32_t revision = 0;
    bool accepted = true;  // False: everything stays as it was, and sdp is empty.
    Media media = Media::audio;
    Redacted<std::string> sdp;

    friend bool operator==(const MediaAnswer&, const MediaAnswer&) = default;
};

/// Asks the peer's app to mute or unmute its microphone; it decides. Relayed as it is.
struct MuteRequest {
    CallId call_id;
    bool on = true;
};

/// A short text between the two apps of an answered call. Relayed as it is.
struct ShortData {
    CallId call_id;
    std::uint64_t number = 0;  // Counts up per sender and call: the receiver drops what it has seen.
    std::string data_type;
    Redacted<std::string> data;
};

/// This device takes over a live call of its user. Answered by `taken`, or `ended` when it could not be had.
struct Take {
    CallId call_id;
    Redacted<std::string> offer;
};

/// Which calls of this user live? Answered by `live_calls`.
struct ListCalls {};

/// A fresh access token for this connection, before the old one expires.
struct Renew {
    Redacted<std::string> token;
};

/// This device's address at one push service, from now on; empty: there is none any more.
struct PushAddress {
    TokenKind kind = TokenKind::apns_voip;
    Redacted<std::string> token;  // Of web_push and unified_push the subscription, JSON.
    std::string topic;            // APNs: whose the token is; empty: as before, or the server's.
    std::string environment;      // APNs: production or sandbox; empty: as before, or found out.
};

struct Receipt {
    CallId call_id;
    ReceiptStep step = ReceiptStep::woke;
    Duration age{0};  // How long ago it happened, by the device's monotonic clock: no wall clock is trusted.
    std::string detail;
};

using ClientMessage = std::variant<
    Hello,
    Place,
    Verify,
    Answer,
    Decline,
    End,
    Candidate,
    MyState,
    MediaOffer,
    MediaAnswer,
    MuteRequest,
    ShortData,
    Take,
    ListCalls,
    Renew,
    PushAddress,
    Receipt>;

struct ClientFrame {
    std::uint64_t id = 0;
    ClientMessage message;
};

// ---- server to client ----

struct Welcome {
    std::uint32_t version = kProtocolVersion;
    ServiceId service;
    UserId user;
    DeviceId device;
    WallTime server_now;
    std::uint64_t stream = 0;  // Changes when numbering starts again (the server lost the event log of this device).
    bool resumed = false;      // Events after seen_seq follow; otherwise re-verify every live call.
    std::optional<WallTime> token_expires_at;  // Of the token of hello: renew it before.
};

struct Ack {
    std::uint64_t id = 0;
};

/// What a client does about it: docs/protocol.md, "errors".
enum class ErrorCode : std::uint8_t {
    malformed,         // Not JSON, not UTF-8, a field missing or of the wrong kind: a bug of the client. Do not repeat.
    too_large,         // The frame or a field is over its limit. Do not repeat.
    wrong_version,     // Update the app.
    unknown_type,      // The server is older than the client. Do not repeat.
    not_authorized,    // Token or ticket is wrong or expired: get a new one.
    not_for_device,    // The invite belongs to another device. Drop it.
    unknown_call,      // No such call, or it ended long ago: end it locally as released_call.
    wrong_state,       // For example an answer to a call that one cannot answer: do not repeat.
    already_answered,  // Another device won: end locally as multi_device_answer.
    id_conflict,       // call_id is in use by another call, or a user calls themselves.
    too_many,          // A limit of this device or user: try later.
    unavailable,       // The server could not store it: repeat with the same id after a moment.
};

struct Error {
    std::uint64_t id = 0;  // 0: the frame had no readable id.
    ErrorCode code = ErrorCode::malformed;
    std::string message;
};

/// To a callee device that is connected: the same invite that a push would carry.
struct Incoming {
    CallId call_id;
    Redacted<std::string> cc_param;
};

/// To the caller: the callee's devices are being woken (LINE Planet: WAIT_ANSWER).
struct Notified {
    CallId call_id;
    std::uint32_t devices = 0;
    WallTime ring_until;
};

/// To the caller: how far the callee's devices are, each counted once, on its highest rung, by its own word.
struct Progress {
    CallId call_id;
    std::uint32_t searching = 0;  // A push or a message is on its way.
    std::uint32_t woke = 0;
    std::uint32_t verified = 0;
    std::uint32_t ringing = 0;   // Its system UI says that it shows the call: honest ringback.
    std::uint32_t silenced = 0;  // Its system UI would not show it.
    std::uint32_t unreachable = 0;

    friend bool operator==(const Progress&, const Progress&) = default;
};

/// To a callee device that asked to verify: the call is real and still there.
struct Verified {
    CallId call_id;
    UserId from_user;
    Redacted<std::string> from_name;
    Media media = Media::audio;
    Redacted<std::string> offer;
    WallTime server_now;
    WallTime ring_until;
    WallTime accept_until;
    bool responder_preparation = false;
    std::optional<Redacted<std::string>> start_message;
    std::optional<Redacted<std::string>> extra;
};

/// To the caller: this device answered.
struct Answered {
    CallId call_id;
    DeviceId device;
    Redacted<std::string> sdp;
    bool responder_preparation = false;
    std::optional<Redacted<std::string>> start_message;
    std::optional<PartyState> peer_state;  // When it was asked for again later.
};

/// To the device that answered first: it has the call.
struct AnswerConfirmed {
    CallId call_id;
    std::optional<PartyState> peer_state;  // When it was asked for again later.
};

struct PeerState {
    CallId call_id;
    PartyState state;
};

/// To the second caller of a glare: your call `call_id` met a call of the same two users the other way round, `into`,
/// which stays. It is as if you had accepted `into`: verify and answer it.
struct Merged {
    CallId call_id;
    CallId into;
    UserId peer;
    Redacted<std::string> peer_name;
};

/// To the device that took a call over: it has it now; `sdp` answers its offer.
struct Taken {
    CallId call_id;
    UserId peer;
    Redacted<std::string> peer_name;
    Media media = Media::audio;
    Redacted<std::string> sdp;
    PartyState peer_state;
    std::uint32_t revision = 0;  // Of this offer: odd on the caller's side; its next media_offer says a higher one.
};

struct LiveCall {
    CallId call_id;
    UserId peer;
    Redacted<std::string> peer_name;
    Media media = Media::audio;
    DeviceId device;  // Of this user, that has it now.
    WallTime answered_at;
};

struct LiveCalls {
    std::vector<LiveCall> calls;
};

struct Ended {
    CallId call_id;
    EndReason reason = EndReason::normal;
    EndSource source = EndSource::undefined;
    bool by_remote = true;  // False for the device whose own message ended the call.
    std::optional<Redacted<std::string>> release_code;
};

using ServerMessage = std::variant<
    Welcome,
    Ack,
    Error,
    Incoming,
    Notified,
    Progress,
    Verified,
    Answered,
    AnswerConfirmed,
    Candidate,
    PeerState,
    MediaOffer,
    MediaAnswer,
    MuteRequest,
    ShortData,
    Merged,
    Taken,
    LiveCalls,
    Ended>;

struct ServerFrame {
    std::uint64_t seq = 0;  // 0: not numbered (welcome, ack, error).
    ServerMessage message;
};

}  // namespace clarion::protocol
