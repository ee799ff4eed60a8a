// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "core/routing/draft.hpp"

/// What the two devices of an answered call say to each other. The server relays it, keeps what must not be lost, and
/// limits what could be a flood.
namespace clarion::routing::detail {

namespace {

constexpr Duration kMinute{60'000};
constexpr Duration kSecond{1'000};

bool is_of(Side side, std::uint32_t revision) { return (revision % 2 == 1) == (side == Side::caller); }

/// A new transport: what was gathered for the old one is of no use any more.
bool renews_transport(protocol::Negotiation purpose) { return purpose != protocol::Negotiation::media; }

}  // namespace

Party& party_of(CallDocument& call, Side side) { return side == Side::caller ? call.caller : call.callee; }

std::optional<Side> side_of(const CallDocument& call, const DeviceId& device) {
    if (call.phase != Phase::answered) return std::nullopt;
    if (device == call.from_device) return Side::caller;
    if (device == call.winner) return Side::callee;
    return std::nullopt;
}

const DeviceId& device_of(const CallDocument& call, Side side) {
    return side == Side::caller ? call.from_device : *call.winner;
}

bool take_from(Window& window, WallTime now, Duration length, std::uint32_t per) {
    // A clock that was set back starts anew: it gives at most one window more.
    if (now < window.since || now - window.since >= length) window = {now, 0};
    if (window.count >= per) return false;
    ++window.count;
    return true;
}

void repeat_talk(Draft& draft, Side side) {
    const DeviceId device = device_of(draft.call, side);
    const Party& mine = party_of(draft.call, side);
    const Party& peer = party_of(draft.call, other(side));
    if (peer.answer && !mine.offer) tell(draft, device, *peer.answer);
    if (peer.offer) tell(draft, device, *peer.offer);
    for (const protocol::Candidate& candidate : peer.candidates) tell(draft, device, candidate);
}

Applied apply(Draft& draft, const CandidateReceived& event, const Config&) {
    CallDocument& call = draft.call;
    const auto side = side_of(call, event.device);
    if (!side) return std::unexpected{ErrorCode::wrong_state};
    auto& kept = party_of(call, *side).candidates;
    protocol::Candidate candidate = event.candidate;
    candidate.call_id = call.call_id;
    if (candidate.candidate.reveal().size() > protocol::kCandidateLengthMax) {
        return std::unexpected{ErrorCode::too_large};
    }
    if (std::ranges::find(kept, candidate) != kept.end()) return {};
    if (kept.size() >= kCandidatesMax) return std::unexpected{ErrorCode::too_many};
    kept.push_back(candidate);
    tell(draft, device_of(call, other(*side)), std::move(candidate));
    return {};
}

Applied apply(Draft& draft, const StateReceived& event, const Config&) {
    CallDocument& call = draft.call;
    const auto side = side_of(call, event.device);
    if (!side) return std::unexpected{ErrorCode::wrong_state};
    if (event.state.hold_reason.size() > protocol::kHoldReasonLengthMax) return std::unexpected{ErrorCode::too_large};
    Party& party = party_of(call, *side);
    protocol::PartyState state = event.state;
    state.network_lost = party.state.network_lost;  // The server's to say.
    if (state == party.state) return {};
    party.state = state;
    tell(draft, device_of(call, other(*side)), protocol::PeerState{call.call_id, std::move(state)});
    return {};
}

Applied apply(Draft& draft, const MediaOfferReceived& event, const Config& config) {
    CallDocument& call = draft.call;
    const auto side = side_of(call, event.device);
    // Only the server makes the offer of a transfer, from a take.
    if (!side || event.offer.purpose == protocol::Negotiation::transfer) {
        return std::unexpected{ErrorCode::wrong_state};
    }
    // The call is about to go to another device of this side: what its present one begins nobody would finish.
    if (call.take && call.take->side == *side) return std::unexpected{ErrorCode::wrong_state};
    if (!is_of(*side, event.offer.revision)) return std::unexpected{ErrorCode::malformed};
    if (event.offer.sdp.reveal().size() > protocol::kSdpLengthMax) return std::unexpected{ErrorCode::too_large};
    Party& party = party_of(call, *side);
    const std::uint32_t revision = event.offer.revision + party.shift;
    if (revision <= party.revision) return {};  // Relayed before, or overtaken.
    if (!take_from(party.negotiations, draft.now, kMinute, config.negotiations_per_minute)) {
        return std::unexpected{ErrorCode::too_many};
    }
    protocol::MediaOffer offer = event.offer;
    offer.call_id = call.call_id;
    offer.revision = revision;
    party.revision = revision;
    party.offer = offer;
    party.taken = false;  // It goes on with the call, so it knows that it has it.
    if (renews_transport(offer.purpose)) party.candidates.clear();
    tell(draft, device_of(call, other(*side)), std::move(offer));
    return {};
}

Applied apply(Draft& draft, const MediaAnswerReceived& event, const Config&) {
    CallDocument& call = draft.call;
    const auto side = side_of(call, event.device);
    if (!side) return std::unexpected{ErrorCode::wrong_state};
    if (is_of(*side, event.answer.revision)) return std::unexpected{ErrorCode::malformed};
    if (event.answer.sdp.reveal().size() > protocol::kSdpLengthMax) return std::unexpected{ErrorCode::too_large};
    protocol::MediaAnswer answer = event.answer;
    answer.call_id = call.call_id;
    if (settle_take(draft, *side, answer)) return {};
    Party& offerer = party_of(call, other(*side));
    if (answer.revision > offerer.revision) return std::unexpected{ErrorCode::wrong_state};
    if (!offerer.offer || offerer.offer->revision != answer.revision) return {};  // Answered before, or overtaken.
    Party& answerer = party_of(call, *side);
    if (answer.accepted) {
        call.media = answer.media;
        if (renews_transport(offerer.offer->purpose)) answerer.candidates.clear();
    }
    offerer.offer.reset();
    answer.revision -= offerer.shift;
    answerer.answer = answer;
    tell(draft, device_of(call, other(*side)), std::move(answer));
    return {};
}

Applied apply(Draft& draft, const MuteAsked& event, const Config&) {
    const auto side = side_of(draft.call, event.device);
    if (!side) return std::unexpected{ErrorCode::wrong_state};
    tell(draft, device_of(draft.call, other(*side)), protocol::MuteRequest{draft.call.call_id, event.on});
    return {};
}

Applied apply(Draft& draft, const ShortDataReceived& event, const Config& config) {
    CallDocument& call = draft.call;
    const auto side = side_of(call, event.device);
    if (!side) return std::unexpected{ErrorCode::wrong_state};
    const bool is_large = event.data.data.reveal().size() > protocol::kShortDataLengthMax ||
                          event.data.data_type.size() > protocol::kShortDataTypeLengthMax;
    if (is_large) return std::unexpected{ErrorCode::too_large};
    Party& party = party_of(call, *side);
    if (event.data.number <= party.short_data_number) return {};  // Relayed before.
    if (!take_from(party.short_data, draft.now, kSecond, config.short_data_per_second)) {
        return std::unexpected{ErrorCode::too_many};
    }
    party.short_data_number = event.data.number;
    protocol::ShortData data = event.data;
    data.call_id = call.call_id;
    tell(draft, device_of(call, other(*side)), std::move(data));
    return {};
}

}  // namespace clarion::routing::detail
