// SPDX-License-Identifier: Apache-2.0
#include "core/routing/draft.hpp"

/// The race for the call, and the truth for whoever asks.
namespace clarion::routing::detail {

namespace {

void give_call_to(Draft& draft, Leg& winner, const AnswerReceived& event, const Config& config) {
    CallDocument& call = draft.call;
    call.phase = Phase::answered;
    call.answered_at = draft.now;
    call.ends_at = draft.now + config.call_time_max;
    call.winner = winner.device;
    call.answer = event.sdp;
    call.answer_message = event.start_message;
    call.answer_preparation = call.responder_preparation && event.responder_preparation;
    // As both devices begin it; what differs they say.
    call.caller.state.video = call.callee.state.video = video_of(call.media);
    call.callee.state.preparing = call.answer_preparation;
    winner.state = LegState::answered;
    winner.push_at.reset();
    trace(draft, winner.device, "answered");
    tell(draft, winner.device, protocol::AnswerConfirmed{call.call_id, std::nullopt});
    tell(
        draft, call.from_device,
        protocol::Answered{
            call.call_id, winner.device, event.sdp, call.answer_preparation, call.answer_message, std::nullopt
        }
    );
    const DeviceId device = winner.device;
    for (Leg& leg : call.legs) {
        if (leg.device != device && !knows_its_end(leg)) stop_leg(draft, leg);
    }
    // The answer came over a socket. That of the caller may have gone while it rang.
    if (!call.caller.connected) party_went(draft, Side::caller, config);
}

void verify_leg(Draft& draft, Leg& leg) {
    const CallDocument& call = draft.call;
    if (climb(draft, leg, LegState::verified)) trace(draft, leg.device, "verified");
    // Also after ring_until: a tap before it is honoured until accept_until, and server_now tells it not to ring.
    tell(
        draft, leg.device,
        protocol::Verified{
            call.call_id,
            call.from_user,
            call.from_name,
            call.media,
            call.offer,
            draft.now,
            call.ring_until,
            call.accept_until,
            call.responder_preparation,
            call.start_message,
            call.extra,
        }
    );
}

void verify_caller(Draft& draft) {
    CallDocument& call = draft.call;
    switch (call.phase) {
        case Phase::ringing:
            tell(draft, call.from_device, protocol::Notified{call.call_id, call.devices_told, call.ring_until});
            if (call.progress) tell(draft, call.from_device, *call.progress);
            return;
        case Phase::answered:
            tell(
                draft, call.from_device,
                protocol::Answered{
                    call.call_id, *call.winner, call.answer, call.answer_preparation, call.answer_message,
                    call.callee.state
                }
            );
            repeat_talk(draft, Side::caller);
            return;
        case Phase::ended: tell_end(draft, call.from_device); return;
    }
}

}  // namespace

Applied apply(Draft& draft, const AnswerReceived& event, const Config& config) {
    CallDocument& call = draft.call;
    if (event.sdp.reveal().size() > protocol::kSdpLengthMax) return std::unexpected{ErrorCode::too_large};
    if (event.start_message && event.start_message->reveal().size() > protocol::kStartMessageLengthMax) {
        return std::unexpected{ErrorCode::too_large};
    }
    Leg* leg = find_leg(call, event.device);
    if (leg == nullptr) return std::unexpected{ErrorCode::wrong_state};  // The caller cannot answer.
    switch (call.phase) {
        case Phase::ringing:
            if (leg->own_end) {
                if (!knows_its_end(*leg)) return std::unexpected{ErrorCode::wrong_state};
                tell_end(draft, event.device);
            } else {
                give_call_to(draft, *leg, event, config);
            }
            return {};
        case Phase::answered:
            if (call.winner != event.device) return std::unexpected{ErrorCode::already_answered};
            tell(draft, event.device, protocol::AnswerConfirmed{call.call_id, std::nullopt});
            return {};
        case Phase::ended:
            if (call.winner && call.winner != event.device) return std::unexpected{ErrorCode::already_answered};
            tell_end(draft, event.device);
            return {};
    }
    return {};
}

Applied apply(Draft& draft, const VerifyAsked& event, const Config&) {
    CallDocument& call = draft.call;
    const auto side = side_of(call, event.device);
    if (side && repeat_taken(draft, *side)) {
        repeat_talk(draft, *side);
        return {};
    }
    if (event.device == call.from_device) {
        verify_caller(draft);
        return {};
    }
    const bool is_taking = call.take && call.take->device == event.device;
    if (is_taking && call.winner != event.device) return {};  // The peer has its offer; the answer will come.
    Leg* leg = find_leg(call, event.device);
    if (leg != nullptr && call.phase == Phase::ringing && !knows_its_end(*leg)) {
        if (!leg->own_end) verify_leg(draft, *leg);
    } else if (call.phase == Phase::answered && call.winner == event.device) {
        tell(draft, event.device, protocol::AnswerConfirmed{call.call_id, call.caller.state});
        repeat_talk(draft, Side::callee);
    } else {
        tell_end(draft, event.device);
    }
    return {};
}

}  // namespace clarion::routing::detail
