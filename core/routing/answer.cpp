// SPDX-License-Identifier: Apache-2.0
#include "core/routing/draft.hpp"

/// The race for the call, and what its two devices say to each other afterwards.
namespace clarion::routing::detail {

namespace {

void give_call_to(Draft& draft, Leg& winner, const Redacted<std::string>& sdp) {
    CallDocument& call = draft.call;
    call.phase = Phase::answered;
    call.answered_at = draft.now;
    call.winner = winner.device;
    call.answer = sdp;
    winner.state = LegState::answered;
    winner.push_at.reset();
    trace(draft, winner.device, "answered");
    tell(draft, winner.device, protocol::AnswerConfirmed{call.call_id});
    tell(draft, call.from_device, protocol::Answered{call.call_id, winner.device, sdp});
    for (Leg& leg : call.legs) {
        if (leg.device != winner.device) stop_leg(draft, leg);
    }
}

/// The other end of an answered call; nothing for everybody else.
std::optional<DeviceId> peer_of(const CallDocument& call, const DeviceId& device) {
    if (call.phase != Phase::answered) return std::nullopt;
    if (device == call.from_device) return call.winner;
    if (device == call.winner) return call.from_device;
    return std::nullopt;
}

}  // namespace

Applied apply(Draft& draft, const AnswerReceived& event, const Config&) {
    CallDocument& call = draft.call;
    if (event.sdp.reveal().size() > protocol::kSdpLengthMax) return std::unexpected{ErrorCode::too_large};
    Leg* leg = find_leg(call, event.device);
    if (leg == nullptr) return std::unexpected{ErrorCode::wrong_state};  // The caller cannot answer.
    switch (call.phase) {
        case Phase::ringing: give_call_to(draft, *leg, event.sdp); return {};
        case Phase::answered:
            if (call.winner != event.device) return std::unexpected{ErrorCode::already_answered};
            tell(draft, event.device, protocol::AnswerConfirmed{call.call_id});
            return {};
        case Phase::ended:
            if (call.winner && call.winner != event.device) return std::unexpected{ErrorCode::already_answered};
            tell_end(draft, event.device);
            return {};
    }
    return {};
}

Applied apply(Draft& draft, const CandidateReceived& event, const Config&) {
    CallDocument& call = draft.call;
    const auto peer = peer_of(call, event.device);
    if (!peer) return std::unexpected{ErrorCode::wrong_state};
    std::uint32_t& count = event.device == call.from_device ? call.candidates_from_caller : call.candidates_from_callee;
    if (count >= kCandidatesMax) return std::unexpected{ErrorCode::too_many};
    ++count;
    protocol::Candidate candidate = event.candidate;
    candidate.call_id = call.call_id;
    tell(draft, *peer, std::move(candidate));
    return {};
}

Applied apply(Draft& draft, const StateReceived& event, const Config&) {
    const auto peer = peer_of(draft.call, event.device);
    if (!peer) return std::unexpected{ErrorCode::wrong_state};
    tell(draft, *peer, protocol::PeerState{draft.call.call_id, event.state});
    return {};
}

}  // namespace clarion::routing::detail
