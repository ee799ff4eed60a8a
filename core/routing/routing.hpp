// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "core/base/bounded.hpp"
#include "core/routing/document.hpp"

/// The server's call logic: a pure function from (document, event, now) to (new document, effects).
///
/// A call is one document with a version. Whoever handles an event reads the document, lets decide() decide, writes the
/// result back with compare-and-set, and only then performs the effects; on a lost write it decides again on the new
/// document. First-answer-wins and every other race is settled by that one write.
///
/// Time: WallTime of the server, because documents outlive processes and move between machines.
namespace clarion::routing {

using protocol::ErrorCode;
using protocol::PushKind;
using protocol::ReceiptStep;

inline constexpr std::size_t kWhyLengthMax = 128;

// ---- events: facts ----

struct CalleeDevice {
    DeviceId device;
    Platform platform = Platform::desktop;
    bool has_push = false;
    bool connected = false;
};

/// Only for a call id that has no document yet. A repeated place of the same caller device goes to VerifyAsked.
/// Device ids are unique within a service: events and effects name a device without its user.
struct CallPlaced {
    CallId call_id;
    ServiceId service;
    UserId from_user;
    DeviceId from_device;
    Redacted<std::string> from_name;
    UserId to_user;
    Media media = Media::audio;
    Redacted<std::string> offer;
    std::vector<CalleeDevice> devices;  // Of the callee; more than kLegsMax: the first ones.
    bool responder_preparation = false;
    std::optional<Redacted<std::string>> start_message = std::nullopt;
    std::optional<Redacted<std::string>> extra = std::nullopt;
    std::optional<Redacted<std::string>> app_server_data = std::nullopt;
    Screening screening = Screening::none;
};

/// The device asked for the truth (Verify, or a repeated Place). Its ticket or token was checked by the host.
struct VerifyAsked {
    DeviceId device;
};

struct AnswerReceived {
    DeviceId device;
    Redacted<std::string> sdp;
    bool responder_preparation = false;
    std::optional<Redacted<std::string>> start_message = std::nullopt;
};

struct DeclineReceived {
    DeviceId device;
    EndReason reason = EndReason::decline;
    bool everywhere = true;
    std::optional<Redacted<std::string>> release_code = std::nullopt;
};

/// End by either side in any phase; `device` empty: by the app server through REST.
struct EndReceived {
    std::optional<DeviceId> device;
    EndReason reason = EndReason::normal;
    std::optional<Redacted<std::string>> release_code;
};

struct CandidateReceived {
    DeviceId device;
    protocol::Candidate candidate;
};

struct StateReceived {
    DeviceId device;
    protocol::PartyState state;
};

struct MediaOfferReceived {
    DeviceId device;
    protocol::MediaOffer offer;
};

struct MediaAnswerReceived {
    DeviceId device;
    protocol::MediaAnswer answer;
};

struct MuteAsked {
    DeviceId device;
    bool on = true;
};

struct ShortDataReceived {
    DeviceId device;
    protocol::ShortData data;
};

/// A device of a party's user wants the live call; which side it is on, the host knows. It need not have had a part in
/// the call before.
struct TakeReceived {
    DeviceId device;
    Platform platform = Platform::desktop;
    Side side = Side::callee;
    Redacted<std::string> peer_name;
    Redacted<std::string> offer;
};

/// A device of the callee placed a call to the caller, or asked again about one that was merged (Glare::merge).
struct CallCrossed {
    CalleeDevice from;
    CallId call_id;  // Of the other call.
};

/// A call the other way round has the lower id (Glare::lower_id_wins).
struct CallOvertaken {};

struct ReceiptReceived {
    DeviceId device;
    ReceiptStep step = ReceiptStep::woke;
};

enum class PushOutcome : std::uint8_t {
    accepted,  // The provider took it.
    failed,    // This device cannot be woken by push (dead token, credentials, window over).
};

struct PushFinished {
    DeviceId device;
    PushOutcome outcome = PushOutcome::accepted;
    std::string why = {};  // For people, at most kWhyLengthMax.
};

/// A socket of a device of this call came or went.
struct PresenceChanged {
    DeviceId device;
    bool connected = false;
    bool knows_call = false;  // It connected with the ticket of this call, so its invite arrived.
    bool fresh = false;       // It connected and resumed nothing: what was sent over its older socket may be lost.
};

/// A new server process took the call over: no device is connected to it yet, and nobody's grace ran while it was away.
struct ServerResumed {};

struct TimePassed {};

using Event = std::variant<
    VerifyAsked,
    AnswerReceived,
    DeclineReceived,
    EndReceived,
    CandidateReceived,
    StateReceived,
    MediaOfferReceived,
    MediaAnswerReceived,
    MuteAsked,
    ShortDataReceived,
    TakeReceived,
    CallCrossed,
    CallOvertaken,
    ReceiptReceived,
    PushFinished,
    PresenceChanged,
    ServerResumed,
    TimePassed>;

// ---- effects: commands, performed in order after the document was written ----

/// Numbered, kept and repeated by the bus until the device has seen it.
struct SendToDevice {
    DeviceId device;
    protocol::ServerMessage message;
};

/// Over the socket of the device: an Incoming with its invite (the host signs and seals).
struct SendIncoming {
    DeviceId device;
};

struct SendPush {
    DeviceId device;
    PushKind kind = PushKind::ring;
    std::optional<protocol::Ended> ended;  // Of a cancel: what its socket would say.
};

/// One line of the call's trace that only routing can know ("answered", "ended", "push_skipped"…). Words:
/// docs/protocol.md.
struct AddTrace {
    std::optional<DeviceId> device;
    std::string what;
    std::string detail;
};

/// The call is over: write the history of both sides.
struct RecordHistory {
    Outcome caller = Outcome::cancelled;
    Outcome callee = Outcome::missed;
};

using Effect = std::variant<SendToDevice, SendIncoming, SendPush, AddTrace, RecordHistory>;

struct Decision {
    CallDocument document;
    bool changed = false;  // False: nothing to write; perform the effects all the same.
    std::vector<Effect> effects;
};

/// Creates the document and wakes the callee's devices; ends it at once as push_error when none can be woken, or as the
/// policy says when its screening lets nobody be woken.
/// Errors: id_conflict (a user calls themselves), too_large (a text over its limit).
[[nodiscard]] std::expected<Decision, ErrorCode> place(const CallPlaced& event, WallTime now, const Config& config);

/// Decides one event. An error changes nothing; the host answers the device with it. Without an error the host
/// acknowledges, also when the message came too late: then the effects tell the device how the call ended for it.
/// Errors: unknown_call (the device has no part in the call), already_answered (an answer after somebody else's; the
/// device was told so when it lost), wrong_state, malformed (a revision of the other side), too_large (a text over its
/// limit), too_many (candidates, negotiations, short data, transfers or crossings of one call).
/// An overdue deadline is applied before the event: no answer wins after accept_until however late the timer is.
[[nodiscard]] std::expected<Decision, ErrorCode> decide(
    const CallDocument& document, const Event& event, WallTime now, const Config& config
);

/// When to feed TimePassed; nullopt for an ended call. Early, late or twice does no harm.
[[nodiscard]] std::optional<WallTime> next_deadline(const CallDocument& document);

}  // namespace clarion::routing
