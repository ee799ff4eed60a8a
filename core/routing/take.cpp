// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <string>

#include "core/protocol/reasons.hpp"
#include "core/routing/draft.hpp"

/// A live call moves to another device of the same user: the new device offers, the peer answers, and only then the old
/// one is told. Until then nothing changed, so that a take which fails costs nothing.
namespace clarion::routing::detail {

namespace {

/// The next revision of a side: odd for the caller's, even for the callee's.
std::uint32_t next_revision(const Party& party, Side side) {
    if (party.revision == 0) return side == Side::caller ? 1 : 2;
    return party.revision + 2;
}

void leave_old_device(Draft& draft, Side side) {
    CallDocument& call = draft.call;
    const DeviceId old = device_of(call, side);
    if (side == Side::caller) {
        if (std::ranges::find(call.former_callers, old) == call.former_callers.end()) {
            call.former_callers.push_back(old);
        }
        call.from_device = call.take->device;
    } else {
        if (Leg* leg = find_leg(call, old)) leg->state = LegState::stopped;
        call.winner = call.take->device;
        Leg* leg = find_leg(call, call.take->device);
        if (leg == nullptr) {
            leg = &call.legs.emplace_back();
            leg->device = call.take->device;
            leg->platform = call.take->platform;
        }
        leg->state = LegState::answered;
        leg->own_end.reset();
    }
    tell_end(draft, old);
}

void tell_taken(Draft& draft, Side side, Redacted<std::string> peer_name) {
    CallDocument& call = draft.call;
    const Party& mine = party_of(call, side);
    const Party& peer = party_of(call, other(side));
    tell(
        draft, device_of(call, side),
        protocol::Taken{
            call.call_id, side == Side::caller ? call.to_user : call.from_user, std::move(peer_name),
            peer.answer->media, peer.answer->sdp, peer.state, mine.revision
        }
    );
}

void hand_over(Draft& draft, const protocol::MediaAnswer& answer) {
    CallDocument& call = draft.call;
    const PendingTake take = *call.take;
    const Side side = take.side;
    if (device_of(call, side) != take.device) leave_old_device(draft, side);
    call.take.reset();
    call.media = answer.media;
    trace(draft, take.device, "taken");

    Party& mine = party_of(call, side);
    Party& peer = party_of(call, other(side));
    const protocol::PartyState before = mine.state;
    mine.state = {};
    mine.shift = 0;
    mine.offer.reset();
    mine.candidates.clear();
    mine.short_data_number = 0;
    mine.taken = true;
    peer.answer = answer;
    peer.candidates.clear();
    mine.lost_at.reset();
    mine.give_up_at.reset();
    mine.connected = true;  // Its take came over a socket.
    call.abandoned_at.reset();
    tell_taken(draft, side, take.peer_name);
    if (mine.state != before) {
        tell(draft, device_of(call, other(side)), protocol::PeerState{call.call_id, mine.state});
    }
}

}  // namespace

bool repeat_taken(Draft& draft, Side side) {
    CallDocument& call = draft.call;
    const Party& mine = party_of(call, side);
    const Party& peer = party_of(call, other(side));
    if (!mine.taken || !peer.answer || peer.answer->revision != mine.revision) return false;
    tell_taken(draft, side, side == Side::caller ? Redacted{call.to_user.text()} : call.from_name);
    return true;
}

void drop_take(Draft& draft, EndReason reason) {
    CallDocument& call = draft.call;
    const PendingTake take = *call.take;
    call.take.reset();
    Party& party = party_of(call, take.side);
    if (party.offer && party.offer->revision == take.revision) party.offer.reset();
    trace(draft, take.device, "take_failed", std::string{to_string(reason)});
    if (call.phase == Phase::ended) {
        if (take.device == device_of(call, take.side)) return;  // It hears how its call ended.
    } else if (take.device == device_of(call, take.side)) {
        // It had lost its media and asked for new ones: without them it cannot go on.
        finish(draft, {.reason = EndReason::network_unstable, .source = EndSource::cloud_server});
        return;
    } else {
        // With the offer it took its peer for a device that had said nothing yet.
        tell(draft, device_of(call, other(take.side)), protocol::PeerState{call.call_id, party.state});
    }
    tell(
        draft, take.device,
        protocol::Ended{call.call_id, reason, EndSource::cloud_server, reason != EndReason::normal, std::nullopt}
    );
}

bool settle_take(Draft& draft, Side answering, const protocol::MediaAnswer& answer) {
    CallDocument& call = draft.call;
    if (!call.take || call.take->side == answering || call.take->revision != answer.revision) return false;
    if (answer.accepted) {
        hand_over(draft, answer);
    } else {
        drop_take(draft, EndReason::multi_device_in_use);
    }
    return true;
}

Applied apply(Draft& draft, const TakeReceived& event, const Config& config) {
    CallDocument& call = draft.call;
    if (event.offer.reveal().size() > protocol::kSdpLengthMax) return std::unexpected{ErrorCode::too_large};
    if (call.phase == Phase::ended) {
        // Too late: it learns that, and the call stays what it was.
        tell(
            draft, event.device,
            protocol::Ended{call.call_id, EndReason::released_call, EndSource::cloud_server, true, std::nullopt}
        );
        return {};
    }
    if (call.phase != Phase::answered) return std::unexpected{ErrorCode::wrong_state};
    if (call.take && call.take->device == event.device) return {};
    // The device of the other side, or another device is at it already.
    const bool is_peer = device_of(call, other(event.side)) == event.device;
    if (is_peer || call.take) return std::unexpected{ErrorCode::wrong_state};
    const bool is_known = find_leg(call, event.device) != nullptr;
    const bool is_full = event.side == Side::callee ? !is_known && call.legs.size() >= kLegsMax + kTransfersMax
                                                    : call.former_callers.size() >= kTransfersMax;
    Party& party = party_of(call, event.side);
    if (is_full || !take_from(party.negotiations, draft.now, Duration{60'000}, config.negotiations_per_minute)) {
        return std::unexpected{ErrorCode::too_many};
    }
    const std::uint32_t before = party.revision;
    party.revision = next_revision(party, event.side);
    // Its present device goes on counting from where it was.
    party.shift += before == 0 ? 2 : party.revision - before;
    const protocol::MediaOffer offer{
        call.call_id, party.revision, protocol::Negotiation::transfer, call.media, event.offer
    };
    party.offer = offer;
    call.take = PendingTake{event.device,    event.platform, event.side,
                            event.peer_name, party.revision, draft.now + config.take_time};
    trace(draft, event.device, "take_asked");
    tell(draft, device_of(call, other(event.side)), offer);
    return {};
}

}  // namespace clarion::routing::detail
