// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/routing/routing.hpp"

/// Inside of core/routing: a call while it is being decided, and the steps that several events share.
namespace clarion::routing::detail {

/// Of a decision that is being made.
struct Draft {
    CallDocument& call;
    WallTime now;
    std::vector<Effect>& effects;
};

/// An error leaves the draft as it was.
using Applied = std::expected<void, ErrorCode>;

[[nodiscard]] Leg* find_leg(CallDocument& call, const DeviceId& device);
[[nodiscard]] const Leg* find_leg(const CallDocument& call, const DeviceId& device);
[[nodiscard]] bool is_party(const CallDocument& call, const DeviceId& device);

void tell(Draft& draft, const DeviceId& device, protocol::ServerMessage message);
void trace(Draft& draft, const std::optional<DeviceId>& device, std::string_view what, std::string detail = {});

// ---- waking (devices.cpp) ----

/// Over the socket of the leg, with its push to follow when nothing comes back.
void send_incoming(Draft& draft, Leg& leg, const Config& config);
/// Its push, unless it had one or the ring time is over: a leg never starts to ring after ring_until (I7).
void push_ring(Draft& draft, Leg& leg);
/// Devices of the callee that somebody is trying to wake.
[[nodiscard]] std::uint32_t devices_notified(const CallDocument& call);
/// It spoke: its invite arrived, by whichever way. True when it is higher on the ladder than before.
bool climb(Draft& draft, Leg& leg, LegState state);
/// Its push failed: without a socket nothing reaches it any more.
void give_up_on(Draft& draft, Leg& leg, std::string why);
/// To the caller, when the counts are not those that it was told.
void tell_progress(Draft& draft);

// ---- the two who talk (talk.cpp) ----

[[nodiscard]] constexpr Side other(Side side) { return side == Side::caller ? Side::callee : Side::caller; }
[[nodiscard]] Party& party_of(CallDocument& call, Side side);
/// How the video of a side begins with these media.
[[nodiscard]] constexpr protocol::Video video_of(protocol::Media media) {
    return media == protocol::Media::video ? protocol::Video::on : protocol::Video::off;
}
/// Which side of an answered call has this device; nothing for everybody else.
[[nodiscard]] std::optional<Side> side_of(const CallDocument& call, const DeviceId& device);
/// The device that a side of an answered call has.
[[nodiscard]] const DeviceId& device_of(const CallDocument& call, Side side);
/// What the device of that side may have missed: the other side's negotiation and candidates.
void repeat_talk(Draft& draft, Side side);
/// Counts one more of `per` in a window of `length`; false: that would be too many.
[[nodiscard]] bool take_from(Window& window, WallTime now, Duration length, std::uint32_t per);

// ---- sockets of the two who talk (presence.cpp) ----

/// The device of that side has its socket, or lost it.
void party_came(Draft& draft, Side side);
void party_went(Draft& draft, Side side, const Config& config);

// ---- taking a live call over (take.cpp) ----

/// The peer answered the offer of the take. False: there is no take with that revision.
bool settle_take(Draft& draft, Side answering, const protocol::MediaAnswer& answer);
/// To the device of that side, when it took the call and nothing was agreed on since: it may have missed its Taken.
[[nodiscard]] bool repeat_taken(Draft& draft, Side side);
/// Nobody takes it any more; `reason` is what the device that wanted it is told.
void drop_take(Draft& draft, EndReason reason);

// ---- ending (finish.cpp, end.cpp) ----

struct Ending {
    EndReason reason = EndReason::normal;
    EndSource source = EndSource::undefined;
    std::optional<DeviceId> by = std::nullopt;
    std::optional<Redacted<std::string>> release_code = std::nullopt;
};

/// Ends the call for everybody and records the history. Never for an ended call.
void finish(Draft& draft, Ending ending);
/// What this device is to be told. Works for an ended call, and for a leg that lost an answered one.
[[nodiscard]] protocol::Ended end_for(const CallDocument& call, const DeviceId& device);
/// It stopped by its own word, and was told so. A busy device is not: the user's other devices may take the call, and
/// only how it ended says whether it was missed (I9).
[[nodiscard]] bool knows_its_end(const Leg& leg);
/// Tells a device how the call ended for it; at most once in a decision.
void tell_end(Draft& draft, const DeviceId& device);
/// A leg that lost or whose call is over: told on its socket and, where its system permits, by a cancel push.
void stop_leg(Draft& draft, Leg& leg);
/// Ends a ringing call that no device can answer any more; `code` goes along when `by` was the one that decided.
void finish_if_nobody_is_left(
    Draft& draft, const std::optional<DeviceId>& by, const std::optional<Redacted<std::string>>& code
);

// ---- events ----

[[nodiscard]] Applied apply(Draft& draft, const VerifyAsked& event, const Config& config);
[[nodiscard]] Applied apply(Draft& draft, const AnswerReceived& event, const Config& config);
[[nodiscard]] Applied apply(Draft& draft, const DeclineReceived& event, const Config& config);
[[nodiscard]] Applied apply(Draft& draft, const EndReceived& event, const Config& config);
[[nodiscard]] Applied apply(Draft& draft, const CandidateReceived& event, const Config& config);
[[nodiscard]] Applied apply(Draft& draft, const StateReceived& event, const Config& config);
[[nodiscard]] Applied apply(Draft& draft, const MediaOfferReceived& event, const Config& config);
[[nodiscard]] Applied apply(Draft& draft, const MediaAnswerReceived& event, const Config& config);
[[nodiscard]] Applied apply(Draft& draft, const MuteAsked& event, const Config& config);
[[nodiscard]] Applied apply(Draft& draft, const ShortDataReceived& event, const Config& config);
[[nodiscard]] Applied apply(Draft& draft, const TakeReceived& event, const Config& config);
[[nodiscard]] Applied apply(Draft& draft, const CallCrossed& event, const Config& config);
[[nodiscard]] Applied apply(Draft& draft, const CallOvertaken& event, const Config& config);
[[nodiscard]] Applied apply(Draft& draft, const ReceiptReceived& event, const Config& config);
[[nodiscard]] Applied apply(Draft& draft, const PushFinished& event, const Config& config);
[[nodiscard]] Applied apply(Draft& draft, const PresenceChanged& event, const Config& config);
[[nodiscard]] Applied apply(Draft& draft, const ServerResumed& event, const Config& config);
[[nodiscard]] Applied apply(Draft& draft, const TimePassed& event, const Config& config);

}  // namespace clarion::routing::detail
