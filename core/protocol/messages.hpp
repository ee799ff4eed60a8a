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
    std::optional<Redacted<std::string>> from_name;  // Shown to the callee; the user id when absent.
    Redacted<std::string> offer;                     // SDP.
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
};

struct Decline {
    CallId call_id;
    std::optional<Redacted<std::string>> ticket;  // Needed when the connection was not opened with it.
    EndReason reason = EndReason::decline;        // decline or busy.
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
};

struct Hold {
    CallId call_id;
    bool on = false;
};

struct Receipt {
    CallId call_id;
    ReceiptStep step = ReceiptStep::woke;
    Duration age{0};  // How long ago it happened, by the device's monotonic clock: no wall clock is trusted.
    std::string detail;
};

using ClientMessage = std::variant<Hello, Place, Verify, Answer, Decline, End, Candidate, Hold, Receipt>;

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

/// To the caller: so many devices say that they ring right now.
struct Ringing {
    CallId call_id;
    std::uint32_t devices = 0;
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
};

/// To the caller: this device answered.
struct Answered {
    CallId call_id;
    DeviceId device;
    Redacted<std::string> sdp;
};

/// To the device that answered first: it has the call.
struct AnswerConfirmed {
    CallId call_id;
};

struct PeerHeld {
    CallId call_id;
    bool on = false;
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
    Ringing,
    Verified,
    Answered,
    AnswerConfirmed,
    Candidate,
    PeerHeld,
    Ended>;

struct ServerFrame {
    std::uint64_t seq = 0;  // 0: not numbered (welcome, ack, error).
    ServerMessage message;
};

}  // namespace clarion::protocol
