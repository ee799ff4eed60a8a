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

struct Draft {
    CallDocument call;
    WallTime now;
    std::vector<Effect> effects;
};

/// An error leaves the draft as it was.
using Applied = std::expected<void, ErrorCode>;

[[nodiscard]] Leg* find_leg(CallDocument& call, const DeviceId& device);
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

// ---- ending (finish.cpp) ----

struct Ending {
    EndReason reason = EndReason::normal;
    EndSource source = EndSource::undefined;
    std::optional<DeviceId> by = std::nullopt;
    std::optional<Redacted<std::string>> release_code = std::nullopt;
};

/// Ends the call for everybody and records the history. Never for an ended call.
void finish(Draft& draft, Ending ending);
/// Tells a device how the call ended for it; at most once in a decision.
void tell_end(Draft& draft, const DeviceId& device);
/// A leg that lost or whose call is over: told on its socket and, where its system permits, by a cancel push.
void stop_leg(Draft& draft, Leg& leg);

// ---- events ----

[[nodiscard]] Applied apply(Draft& draft, const VerifyAsked& event, const Config& config);
[[nodiscard]] Applied apply(Draft& draft, const AnswerReceived& event, const Config& config);
[[nodiscard]] Applied apply(Draft& draft, const DeclineReceived& event, const Config& config);
[[nodiscard]] Applied apply(Draft& draft, const EndReceived& event, const Config& config);
[[nodiscard]] Applied apply(Draft& draft, const CandidateReceived& event, const Config& config);
[[nodiscard]] Applied apply(Draft& draft, const StateReceived& event, const Config& config);
[[nodiscard]] Applied apply(Draft& draft, const ReceiptReceived& event, const Config& config);
[[nodiscard]] Applied apply(Draft& draft, const PushFinished& event, const Config& config);
[[nodiscard]] Applied apply(Draft& draft, const PresenceChanged& event, const Config& config);
[[nodiscard]] Applied apply(Draft& draft, const TimePassed& event, const Config& config);

}  // namespace clarion::routing::detail
