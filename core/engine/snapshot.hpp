// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/base/bounded.hpp"
#include "core/base/time.hpp"
#include "core/callui/snapshot.hpp"
#include "core/engine/outputs.hpp"
#include "core/engine/timer.hpp"
#include "core/protocol/messages.hpp"

/// The whole state of the engine, as a value: what the machine works on is what is stored (core/engine/described.hpp).
/// Fields are only ever added, and an added one may be absent; anything else is a new kSnapshotVersion.
namespace clarion::engine {

inline constexpr std::uint32_t kSnapshotVersion = 1;
inline constexpr std::size_t kCallsMax = 8;  // Live ones and those whose end the server does not know yet.
inline constexpr std::size_t kTombstonesMax = 64;
inline constexpr std::size_t kRequestsMax = 192;      // Not acknowledged by the server.
inline constexpr std::size_t kRequestsRoomKept = 64;  // Receipts and candidates leave this much for what matters.
inline constexpr std::size_t kCandidatesMax = 32;     // Kept per call and direction until they can be used.

enum class Direction : std::uint8_t { incoming, outgoing };

/// Where a call stands. Everything else about it is on axes of its own (docs/engine.md).
enum class Phase : std::uint8_t {
    announced,   // Incoming: known here, rings unless the system or a tombstone keeps it silent.
    answering,   // Incoming: our answer is on its way to the server.
    placing,     // Outgoing: the server does not know it yet.
    waiting,     // Outgoing: for the callee.
    connecting,  // Both sides agreed; the transport comes up.
    connected,
    ended,  // Over for the user; the server has still to be told.
};

enum class Intent : std::uint8_t { none, accepted, ended };

enum class Verification : std::uint8_t { none, asked, verified };

enum class Preparation : std::uint8_t { none, running, ready, failed };

enum class Connectivity : std::uint8_t { none, up, lost };

/// A change of a live call's media, from the wish to the answer (negotiation.cpp).
enum class Step : std::uint8_t {
    none,
    offering,   // The media make our offer.
    offered,    // It is on its way to the peer.
    asking,     // The peer's offer waits for the user's consent.
    answering,  // The media make the answer to it.
};

struct Renegotiation {
    Step step = Step::none;
    std::uint32_t revision = 0;
    protocol::Negotiation purpose = protocol::Negotiation::media;
    protocol::Media media = protocol::Media::audio;
    Redacted<std::string> sdp;  // asking: the peer's offer.
    Instant until = kNever;
};

struct Call {
    CallId call_id;
    Direction direction = Direction::incoming;
    protocol::Media media = protocol::Media::audio;
    UserId peer;
    Redacted<std::string> name;
    std::optional<Redacted<std::string>> from_name;  // Outgoing: for Place.
    std::optional<Redacted<std::string>> ticket;     // Incoming: of its invite.
    Phase phase = Phase::announced;
    Intent intent = Intent::none;
    Verification verification = Verification::none;
    Preparation preparation = Preparation::none;
    Connectivity connectivity = Connectivity::none;
    bool audio_open = false;
    bool placed = false;              // Outgoing: the server has it.
    bool exposed = false;             // Place or Answer was handed to a connection: the server may have it.
    bool told_first_audio = false;    // The receipt was given.
    bool told_media = false;          // The receipt was given.
    WallTime ring_until;              // Server clock.
    WallTime accept_until;            // Server clock.
    Instant accept_at = kNever;       // accept_until on this device's clock.
    Instant fulfil_by = kNever;       // The system waits no longer for the answer to be fulfilled.
    Deadline deadline;                // Of the present phase.
    Redacted<std::string> local_sdp;  // Prepared, not sent yet.

    // What the app wanted said with place or answer.
    std::optional<Redacted<std::string>> own_message;    // Our start message,
    std::optional<Redacted<std::string>> start_message;  // and the peer's.
    std::optional<Redacted<std::string>> app_server_data;
    std::optional<Redacted<std::string>> extra;
    bool responder_preparation = false;  // Outgoing: allowed. Incoming: allowed by the caller.
    bool wants_preparation = false;      // Incoming: this side's app wants it.
    bool video_paused = false;           // From the start.
    bool without_microphone = false;     // Allowed.

    // Both sides' state, on its axes; `told` is what the peer knows of `mine`.
    protocol::PartyState mine;
    protocol::PartyState told;
    protocol::PartyState peer_state;
    std::string hold_reason;  // Of the hold that is about to begin.
    bool peer_silenced = false;
    bool cellular_hold = false;  // Held because of the phone's own call.
    std::optional<protocol::Progress> progress;
    Quality quality = Quality::unknown;

    // The way to the peer.
    Renegotiation change;
    bool is_odd = false;              // Ours is the caller's side: odd revisions.
    std::uint32_t revision = 0;       // Highest of ours.
    std::uint32_t peer_revision = 0;  // Highest of the peer's.
    Instant connected_at = kNever;
    Instant lost_at = kNever;
    Instant restart_at = kNever;  // Try another way then.

    std::uint64_t data_number = 0;       // Of the last short data of ours,
    std::uint64_t peer_data_number = 0;  // and of the peer's.

    bool taking = false;      // Outgoing: it lives on another device of this user, and comes here.
    bool declined = false;    // Incoming, never shown: this device is busy. It may still be answered elsewhere.
    bool asks_first = false;  // Incoming: rang before the device was booted. Rings again when the server says so.

    BoundedVector<protocol::Candidate, kCandidatesMax> local_candidates;   // Found before the peer may hear them.
    BoundedVector<protocol::Candidate, kCandidatesMax> remote_candidates;  // Came before the media can use them.
};

/// A message that the server did not acknowledge.
struct Request {
    protocol::ClientFrame frame;
    Instant at;         // When it was made: the age of a receipt.
    bool sent = false;  // On the present connection.
};

/// A call that is over: no later push may make it ring (I7).
struct Tombstone {
    CallId call_id;
    Instant until;
    SystemEndReason reason = SystemEndReason::remote_ended;
    bool notice_owed = false;  // It was missed, and nothing here knew who called: the push that comes later says it.

    // How it ended, for an app that opens late (I13).
    EndReason end = EndReason::unknown;
    EndSource source = EndSource::undefined;
    bool by_remote = true;
    std::optional<Outcome> outcome;  // Absent: nothing was known of it here but its end.
};

enum class LinkState : std::uint8_t { closed, opening, greeting, up };

struct Link {
    LinkState state = LinkState::closed;
    std::uint32_t attempt = 0;      // Failures in a row.
    Instant at = kNever;            // closed: try again; opening and greeting: give up.
    std::uint64_t hello = 0;        // Request id of the hello of this connection.
    bool by_token = false;          // How this connection introduced itself,
    std::optional<CallId> by_call;  // or with the ticket of this call.
    bool token_refused = false;     // Until the app asks again.
    Instant resend_at = kNever;     // The server could not take something: repeat it then.
    Instant up_since = kNever;      // up: since when; only one that lasts ends a row of failures.
    bool sent_away = false;         // Replaced or refused by the server: until the app or a call needs it anew.
};

struct Tune {
    Tone tone = Tone::end;
    CallId call_id;
    Instant until = kNever;  // It is over then by itself.
};

/// A wall clock and the monotonic clock at one moment.
struct ClockPair {
    Instant at;
    WallTime wall;
};

struct Snapshot {
    std::uint32_t version = kSnapshotVersion;
    ServiceId service;
    UserId user;
    DeviceId device;
    Instant now;                            // Of the last input.
    std::optional<ClockPair> clock;         // The device's own: how long it was off, nothing else.
    std::optional<ClockPair> server_clock;  // The server's by its own word, as long as the device is not booted anew.
    std::uint64_t random = 0;
    bool online = false;
    Link link;
    std::uint64_t next_request = 1;
    std::uint64_t seen_seq = 0;
    std::uint64_t stream = 0;
    std::vector<Call> calls;
    std::vector<Request> requests;
    std::vector<Tombstone> tombstones;
    callui::Snapshot ui;

    std::optional<CallId> front;  // The call that the user chose last: the only one that may have audio.
    std::optional<Tune> tune;     // The tone that is played.
    bool microphone = true;
    bool cellular = false;
    AudioRoute route = AudioRoute::unknown;
    std::optional<Redacted<std::string>> token;  // The last one supplied, instead of the configuration's.
    bool token_asked = false;                    // RequestToken was not answered yet.
    Instant renew_at = kNever;                   // Ask for a fresh token then.
    bool signed_out = false;
    bool signing_out = false;                   // The ends of the last calls are still on their way.
    std::vector<protocol::LiveCall> elsewhere;  // The last answer to ListCalls.
};

}  // namespace clarion::engine
