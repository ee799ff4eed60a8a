// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "core/base/bounded.hpp"
#include "core/protocol/messages.hpp"

/// The server's call logic: a pure function from (document, event, now) to (new document, effects).
///
/// A call is one document with a version. Whoever handles an event reads the document, lets decide() decide, writes the
/// result back with compare-and-set, and only then performs the effects; on a lost write it decides again on the new
/// document. First-answer-wins and every other race is settled by that one write.
///
/// Time: WallTime of the server, because documents outlive processes and move between machines.
namespace clarion::routing {

using protocol::ErrorCode;
using protocol::Media;
using protocol::Platform;
using protocol::PushKind;
using protocol::ReceiptStep;

inline constexpr std::size_t kLegsMax = 16;
inline constexpr std::size_t kCandidatesMax = 64;        // Relayed per direction and call.
inline constexpr Duration kCallTimeMax{24 * 3'600'000};  // An answered call that nobody ended is a ghost after that.

/// Policy of a service; the defaults are the product's.
struct Config {
    Duration ring_time{60'000};    // place -> ring_until
    Duration accept_grace{5'000};  // ring_until -> accept_until
    Duration socket_grace{1'500};  // A connected device that said nothing for so long gets its push after all.
};

enum class Phase : std::uint8_t { ringing, answered, ended };

enum class LegState : std::uint8_t {
    announced,    // Push or socket message is on its way.
    woke,         // A receipt came: the app runs.
    verified,     // It asked and was told the truth.
    ringing,      // Its system UI shows the call.
    not_shown,    // Its system UI refused to show it.
    unreachable,  // No way to wake it.
    declined,
    answered,  // The winner.
    stopped,   // Was told (or will learn) that the call is over for it.
};

struct Leg {
    DeviceId device;
    Platform platform = Platform::desktop;
    bool has_push = false;
    bool connected = false;  // Has a live socket.
    LegState state = LegState::announced;
    std::optional<WallTime> push_at;  // When to push although a socket is there.
    bool pushed = false;

    friend bool operator==(const Leg&, const Leg&) = default;
};

/// Everything the server knows about one call. Described, stored as JSON.
struct CallDocument {
    CallId call_id;
    ServiceId service;
    UserId from_user;
    DeviceId from_device;
    Redacted<std::string> from_name;
    UserId to_user;
    Media media = Media::audio;
    Redacted<std::string> offer;
    Redacted<std::string> answer;  // Of the winner.
    WallTime placed_at;
    WallTime ring_until;
    WallTime accept_until;
    std::optional<WallTime> answered_at;
    std::optional<WallTime> connected_at;  // First media_connected receipt of either side after the answer.
    std::optional<WallTime> ended_at;
    Phase phase = Phase::ringing;
    std::vector<Leg> legs;
    std::optional<DeviceId> winner;
    EndReason reason = EndReason::normal;
    EndSource source = EndSource::undefined;
    std::optional<DeviceId> ended_by;
    std::optional<Redacted<std::string>> release_code;
    std::uint32_t ringing_told = 0;  // What the caller was last told about ringing devices.
    std::uint32_t candidates_from_caller = 0;
    std::uint32_t candidates_from_callee = 0;

    friend bool operator==(const CallDocument&, const CallDocument&) = default;
};

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
};

/// The device asked for the truth (Verify, or a repeated Place). Its ticket or token was checked by the host.
struct VerifyAsked {
    DeviceId device;
};

struct AnswerReceived {
    DeviceId device;
    Redacted<std::string> sdp;
};

struct DeclineReceived {
    DeviceId device;
    EndReason reason = EndReason::decline;
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
};

/// A socket of a device of this call came or went.
struct PresenceChanged {
    DeviceId device;
    bool connected = false;
    bool knows_call = false;  // It connected with the ticket of this call, so its invite arrived.
    bool fresh = false;       // It connected and resumed nothing: what was sent over its older socket may be lost.
};

struct TimePassed {};

using Event = std::variant<
    VerifyAsked,
    AnswerReceived,
    DeclineReceived,
    EndReceived,
    CandidateReceived,
    StateReceived,
    ReceiptReceived,
    PushFinished,
    PresenceChanged,
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

/// Creates the document and wakes the callee's devices; ends it at once as push_error when none can be woken.
/// Errors: id_conflict (a user calls themselves), too_large (offer or name over its limit).
[[nodiscard]] std::expected<Decision, ErrorCode> place(const CallPlaced& event, WallTime now, const Config& config);

/// Decides one event. An error changes nothing; the host answers the device with it. Without an error the host
/// acknowledges, also when the message came too late: then the effects tell the device how the call ended for it.
/// Errors: unknown_call (the device has no part in the call), already_answered (an answer after somebody else's; the
/// device was told so when it lost), wrong_state, too_large (answer or release code), too_many (candidates).
/// An overdue deadline is applied before the event: no answer wins after accept_until however late the timer is.
[[nodiscard]] std::expected<Decision, ErrorCode> decide(
    const CallDocument& document, const Event& event, WallTime now, const Config& config
);

/// When to feed TimePassed; nullopt for an ended call. Early, late or twice does no harm.
[[nodiscard]] std::optional<WallTime> next_deadline(const CallDocument& document);

}  // namespace clarion::routing
