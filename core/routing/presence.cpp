// SPDX-License-Identifier: Apache-2.0
#include <string>

#include "core/routing/draft.hpp"

/// Sockets that come and go, and what time brings: pushes that were held back, networks that do not return.
namespace clarion::routing::detail {

namespace {

/// A new socket took over from one that nobody had known to be dead, and the invite may have died with it.
void repeat_incoming(Draft& draft, const Leg& leg) {
    if (leg.state != LegState::announced || draft.now >= draft.call.ring_until) return;
    draft.effects.emplace_back(SendIncoming{leg.device});
    trace(draft, leg.device, "incoming_sent", "again: it connected anew");
}

void leg_changed(Draft& draft, Leg& leg, const PresenceChanged& event, const Config& config) {
    if (leg.connected == event.connected) {
        if (event.connected && event.fresh && !event.knows_call) repeat_incoming(draft, leg);
        return;
    }
    leg.connected = event.connected;
    if (event.connected && event.knows_call) {
        (void)climb(draft, leg, LegState::woke);
        return;
    }
    const bool silent = leg.state == LegState::announced || leg.state == LegState::unreachable;
    if (!silent) return;
    if (event.connected) {
        // The app was opened before its push came, or the push will never come.
        if (draft.now < draft.call.ring_until) send_incoming(draft, leg, config);
    } else if (leg.has_push) {
        push_ring(draft, leg);
    } else if (leg.pushed) {
        give_up_on(draft, leg, "its push failed and its connection is gone");
    }
}

void tell_network(Draft& draft, Side side, bool is_lost) {
    Party& party = party_of(draft.call, side);
    if (party.state.network_lost == is_lost) return;
    party.state.network_lost = is_lost;
    trace(draft, device_of(draft.call, side), is_lost ? "network_lost" : "network_back");
    tell(draft, device_of(draft.call, other(side)), protocol::PeerState{draft.call.call_id, party.state});
}

/// True: the call is over.
bool party_time_passed(Draft& draft, Side side) {
    Party& party = party_of(draft.call, side);
    if (party.lost_at && draft.now >= *party.lost_at) {
        party.lost_at.reset();
        tell_network(draft, side, true);
    }
    if (!party.give_up_at || draft.now < *party.give_up_at) return false;
    party.give_up_at.reset();
    // Media that connected flow between the devices: the one that is still here knows better whether they do.
    if (draft.call.connected_at) return false;
    trace(draft, device_of(draft.call, side), "gave_up", "its connection did not come back and media never connected");
    finish(draft, {.reason = EndReason::network_unstable, .source = EndSource::cloud_server});
    return true;
}

void answered_time_passed(Draft& draft) {
    CallDocument& call = draft.call;
    if (call.take && draft.now >= call.take->until) drop_take(draft, EndReason::multi_device_in_use);
    if (party_time_passed(draft, Side::caller) || party_time_passed(draft, Side::callee)) return;
    if (!call.abandoned_at || draft.now < *call.abandoned_at) return;
    trace(draft, std::nullopt, "gave_up", "both sides are gone");
    finish(draft, {.reason = EndReason::unavailable_network, .source = EndSource::cloud_server});
}

}  // namespace

void party_came(Draft& draft, Side side) {
    Party& party = party_of(draft.call, side);
    party.connected = true;
    party.lost_at.reset();
    party.give_up_at.reset();
    draft.call.abandoned_at.reset();
    tell_network(draft, side, false);
}

void party_went(Draft& draft, Side side, const Config& config) {
    CallDocument& call = draft.call;
    Party& party = party_of(call, side);
    party.connected = false;
    party.lost_at = draft.now + config.lost_after;
    party.give_up_at = draft.now + config.reconnect_grace;
    if (!party_of(call, other(side)).connected) call.abandoned_at = draft.now + config.abandoned_grace;
}

Applied apply(Draft& draft, const PresenceChanged& event, const Config& config) {
    CallDocument& call = draft.call;
    if (call.phase == Phase::ringing) {
        if (event.device == call.from_device) {
            call.caller.connected = event.connected;
        } else if (Leg* leg = find_leg(call, event.device)) {
            leg_changed(draft, *leg, event, config);
        }
        return {};
    }
    const auto side = side_of(call, event.device);
    if (!side || party_of(call, *side).connected == event.connected) return {};
    if (event.connected) {
        party_came(draft, *side);
    } else {
        party_went(draft, *side, config);
    }
    return {};
}

Applied apply(Draft& draft, const ServerResumed&, const Config& config) {
    CallDocument& call = draft.call;
    switch (call.phase) {
        case Phase::ringing:
            call.caller.connected = false;
            for (Leg& leg : call.legs) {
                if (call.phase != Phase::ringing) break;  // The last way to the last device was its socket.
                if (leg.connected) leg_changed(draft, leg, {.device = leg.device}, config);
            }
            return {};
        case Phase::answered:
            party_went(draft, Side::caller, config);
            party_went(draft, Side::callee, config);
            if (call.take) call.take->until = draft.now + config.take_time;
            return {};
        case Phase::ended: return {};
    }
    return {};
}

Applied apply(Draft& draft, const TimePassed&, const Config&) {
    CallDocument& call = draft.call;
    if (call.phase == Phase::answered) answered_time_passed(draft);
    if (call.phase != Phase::ringing) return {};
    for (Leg& leg : call.legs) {
        if (leg.push_at && draft.now >= *leg.push_at) push_ring(draft, leg);
    }
    return {};
}

}  // namespace clarion::routing::detail
