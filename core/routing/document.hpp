// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/protocol/messages.hpp"

/// What the server knows about one call, and the policy that decides about it.
namespace clarion::routing {

using protocol::Media;
using protocol::Platform;

inline constexpr std::size_t kLegsMax = 16;
inline constexpr std::size_t kCandidatesMax = 64;        // Kept per direction and negotiation.
inline constexpr std::size_t kCrossingsMax = 16;         // Calls that were merged into one.
inline constexpr std::size_t kTransfersMax = 16;         // Of each side of one call.
inline constexpr Duration kCallTimeMax{24 * 3'600'000};  // An answered call that nobody ended is a ghost after that.

/// What becomes of two calls of the same two users that cross each other while both ring.
enum class Glare : std::uint8_t {
    merge,          // The first one stays; who placed the second is told to answer it.
    lower_id_wins,  // The other one ends as already_got_a_call.
    refuse,         // The second one ends as busy.
};

/// What becomes of a call that its callee does not want.
enum class Unwanted : std::uint8_t {
    silent,  // No device rings, and the caller hears what callers of an unattended phone hear.
    refuse,  // It ends at once: busy (do-not-disturb) or decline (blocked).
};

/// Policy of a service; the defaults are the product's.
struct Config {
    Duration ring_time{60'000};    // place -> ring_until
    Duration accept_grace{5'000};  // ring_until -> accept_until
    Duration socket_grace{1'500};  // A connected device that said nothing for so long gets its push after all.
    bool decline_ends_all = true;  // A decline for everywhere ends the call; false: it only stops its own device.
    bool busy_ends_all = false;    // One busy device makes its user busy; false: only itself, until none is left.
    Glare glare = Glare::merge;
    Unwanted do_not_disturb = Unwanted::silent;
    Unwanted blocked_callers = Unwanted::silent;
    Duration call_time_max{kCallTimeMax};  // answer -> max_call_time_exceeded
    Duration lost_after{2'000};            // The device of a party has no socket for so long: the peer is told.
    Duration reconnect_grace{30'000};      // For so long, and media never connected: the call ends.
    Duration abandoned_grace{600'000};     // For so long on both sides: the call ends even if media had connected.
    Duration take_time{15'000};            // take -> the peer's media_answer
    std::uint32_t negotiations_per_minute = 20;  // media_offer of each side of a call.
    std::uint32_t short_data_per_second = 10;    // short_data of each side of a call.
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
    busy,      // It is in another call.
    failed,    // It said that it cannot take the call.
};

struct Leg {
    DeviceId device;
    Platform platform = Platform::desktop;
    bool has_push = false;
    bool connected = false;  // Has a live socket.
    LegState state = LegState::announced;
    std::optional<WallTime> push_at;  // When to push although a socket is there.
    bool pushed = false;
    std::optional<EndReason> own_end = std::nullopt;  // It stopped by its own word while others rang on.
    std::string why = {};                             // It is unreachable: for people.

    friend bool operator==(const Leg&, const Leg&) = default;
};

/// The two sides of a call; each has one device at a time once it is answered.
enum class Side : std::uint8_t { caller, callee };

/// How often something happened since a moment: a limit that survives a restart.
struct Window {
    WallTime since;
    std::uint32_t count = 0;

    friend bool operator==(const Window&, const Window&) = default;
};

/// One of the two who talk. What was acknowledged to a device and may not have reached the other is kept here, and told
/// again when that one asks for the truth.
struct Party {
    bool connected = true;       // The device that has the call has a live socket.
    protocol::PartyState state;  // As the other side was told.
    std::uint32_t revision = 0;  // Of its last media_offer, as the other side knows it.
    std::uint32_t shift = 0;     // So much higher than its device knows it: takes that failed had numbers of their own.
    std::optional<protocol::MediaOffer> offer;    // Its last one, until it is answered.
    std::optional<protocol::MediaAnswer> answer;  // To the other side's last one.
    bool taken = false;  // The device that has the call took it over, and may not know that yet.
    std::vector<protocol::Candidate> candidates;
    std::uint64_t short_data_number = 0;  // The last one.
    Window negotiations;
    Window short_data;
    std::optional<WallTime> lost_at;     // When to tell the peer that its network is lost.
    std::optional<WallTime> give_up_at;  // When to end a call that never had media.

    friend bool operator==(const Party&, const Party&) = default;
};

/// A device of a party's user asked for the live call; the peer has its offer.
struct PendingTake {
    DeviceId device;
    Platform platform = Platform::desktop;
    Side side = Side::callee;
    Redacted<std::string> peer_name;
    std::uint32_t revision = 0;  // Of the media_offer that the peer got.
    WallTime until;

    friend bool operator==(const PendingTake&, const PendingTake&) = default;
};

/// A call the other way round that was merged into this one: its id names this call now.
struct Crossing {
    CallId call_id;
    DeviceId device;  // That placed it.

    friend bool operator==(const Crossing&, const Crossing&) = default;
};

/// Why a new call reaches nobody.
enum class Screening : std::uint8_t {
    none,
    do_not_disturb,  // The callee's setting.
    blocked,         // The caller is on the callee's list.
    crossed,         // It crosses a call the other way round, and the policy refuses it.
    overtaken,       // The same, and the policy lets the lower id win.
};

/// Everything the server knows about one call. Described, stored as JSON.
struct CallDocument {
    CallId call_id;
    ServiceId service;
    UserId from_user;
    DeviceId from_device;  // That has the call on the caller's side.
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
    std::optional<DeviceId> winner;  // That has the call on the callee's side.
    EndReason reason = EndReason::normal;
    EndSource source = EndSource::undefined;
    std::optional<DeviceId> ended_by;
    std::optional<Redacted<std::string>> release_code;

    bool responder_preparation = false;
    std::optional<Redacted<std::string>> start_message;
    std::optional<Redacted<std::string>> extra;
    std::optional<Redacted<std::string>> app_server_data;  // Never to a device.
    bool answer_preparation = false;
    std::optional<Redacted<std::string>> answer_message;
    Screening screening = Screening::none;
    std::uint32_t devices_told = 0;              // In notified: as many as the caller believes to be searched for.
    std::optional<protocol::Progress> progress;  // As the caller was told, after notified.
    Party caller;
    Party callee;
    std::optional<WallTime> ends_at;       // Of an answered call.
    std::optional<WallTime> abandoned_at;  // When to end it because both sides are gone.
    std::optional<PendingTake> take;
    std::vector<DeviceId> former_callers;  // Devices that gave the caller's side away. The callee's are legs.
    std::vector<Crossing> crossings;

    friend bool operator==(const CallDocument&, const CallDocument&) = default;
};

/// Whose device it is; nullptr for a device that has no part in the call.
[[nodiscard]] const UserId* user_of(const CallDocument& call, const DeviceId& device);

/// Devices that have a part in the call now.
[[nodiscard]] std::vector<DeviceId> devices_of(const CallDocument& call);

}  // namespace clarion::routing
