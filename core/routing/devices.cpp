// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <string>

#include "core/protocol/messages_described.hpp"
#include "core/routing/draft.hpp"

/// What is known about the callee's devices: pushes, sockets, receipts.
namespace clarion::routing::detail {

namespace {

/// Height on the ladder. A leg only climbs: receipts are repeated and overtake each other.
int rung(LegState state) {
    switch (state) {
        case LegState::unreachable: return 0;
        case LegState::announced: return 1;
        case LegState::woke: return 2;
        case LegState::verified: return 3;
        case LegState::not_shown: return 4;
        case LegState::ringing: return 5;
        case LegState::declined:
        case LegState::answered:
        case LegState::stopped: return 6;
    }
    return 6;
}

std::optional<LegState> state_after(ReceiptStep step) {
    switch (step) {
        case ReceiptStep::woke:
        case ReceiptStep::invite_opened:
        case ReceiptStep::reported: return LegState::woke;
        case ReceiptStep::invite_refused:
        case ReceiptStep::not_shown: return LegState::not_shown;
        case ReceiptStep::ringing:
        case ReceiptStep::tapped_accept:
        case ReceiptStep::tapped_decline: return LegState::ringing;
        case ReceiptStep::media_connected:
        case ReceiptStep::first_audio: return std::nullopt;
    }
    return std::nullopt;
}

/// It spoke: its invite arrived, by whichever way.
bool climb(Draft& draft, Leg& leg, LegState state) {
    if (leg.push_at) {
        leg.push_at.reset();
        trace(draft, leg.device, "push_skipped", "it answered on its socket");
    }
    if (rung(state) <= rung(leg.state)) return false;
    leg.state = state;
    return true;
}

void tell_ringing(Draft& draft) {
    CallDocument& call = draft.call;
    const auto count = std::ranges::count(call.legs, LegState::ringing, &Leg::state);
    const auto devices = static_cast<std::uint32_t>(count);
    if (devices == call.ringing_told) return;
    call.ringing_told = devices;
    tell(draft, call.from_device, protocol::Progress{.call_id = call.call_id, .ringing = devices});
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
        }
    );
}

/// Its push failed: without a socket nothing reaches it any more, and a call that reaches nobody is over.
void give_up_on(Draft& draft, Leg& leg) {
    if (leg.connected || leg.state != LegState::announced) return;
    leg.state = LegState::unreachable;
    trace(draft, leg.device, "unreachable", "its push failed");
    const auto is_unreachable = [](const Leg& one) { return one.state == LegState::unreachable; };
    if (!std::ranges::all_of(draft.call.legs, is_unreachable)) return;
    finish(draft, {.reason = EndReason::push_error, .source = EndSource::cloud_server});
}

/// A new socket took over from one that nobody had known to be dead, and the invite may have died with it.
void repeat_incoming(Draft& draft, const Leg& leg) {
    if (leg.state != LegState::announced || draft.now >= draft.call.ring_until) return;
    draft.effects.emplace_back(SendIncoming{leg.device});
    trace(draft, leg.device, "incoming_sent", "again: it connected anew");
}

void verify_caller(Draft& draft) {
    const CallDocument& call = draft.call;
    switch (call.phase) {
        case Phase::ringing:
            tell(draft, call.from_device, protocol::Notified{call.call_id, devices_notified(call), call.ring_until});
            if (call.ringing_told == 0) return;
            tell(draft, call.from_device, protocol::Progress{.call_id = call.call_id, .ringing = call.ringing_told});
            return;
        case Phase::answered:
            tell(draft, call.from_device, protocol::Answered{call.call_id, *call.winner, call.answer});
            return;
        case Phase::ended: tell_end(draft, call.from_device); return;
    }
}

}  // namespace

std::uint32_t devices_notified(const CallDocument& call) {
    const auto count =
        std::ranges::count_if(call.legs, [](const Leg& leg) { return leg.state != LegState::unreachable; });
    return static_cast<std::uint32_t>(count);
}

void send_incoming(Draft& draft, Leg& leg, const Config& config) {
    leg.state = LegState::announced;
    draft.effects.emplace_back(SendIncoming{leg.device});
    trace(draft, leg.device, "incoming_sent");
    if (!leg.has_push || leg.pushed) return;
    // A socket may be dead without anybody knowing; the push is what wakes a device whose network changed.
    leg.push_at = draft.now + config.socket_grace;
    if (*leg.push_at >= draft.call.ring_until) {
        push_ring(draft, leg);
        return;
    }
    trace(
        draft, leg.device, "push_planned", "unless it answers in " + std::to_string(config.socket_grace.count()) + " ms"
    );
}

void push_ring(Draft& draft, Leg& leg) {
    leg.push_at.reset();
    if (leg.pushed) return;
    if (!leg.has_push) {
        if (leg.connected) return;
        leg.state = LegState::unreachable;
        trace(draft, leg.device, "push_skipped", "not connected and no push endpoint");
        return;
    }
    if (draft.now >= draft.call.ring_until) {
        trace(draft, leg.device, "push_skipped", "the ring time is over");
        return;
    }
    leg.state = LegState::announced;
    leg.pushed = true;
    trace(draft, leg.device, "push_planned", "now");
    draft.effects.emplace_back(SendPush{leg.device, PushKind::ring, std::nullopt});
}

Applied apply(Draft& draft, const VerifyAsked& event, const Config&) {
    CallDocument& call = draft.call;
    if (event.device == call.from_device) {
        verify_caller(draft);
        return {};
    }
    Leg& leg = *find_leg(call, event.device);
    if (call.phase == Phase::ringing) {
        verify_leg(draft, leg);
    } else if (call.phase == Phase::answered && call.winner == event.device) {
        tell(draft, event.device, protocol::AnswerConfirmed{call.call_id});
    } else {
        tell_end(draft, event.device);
    }
    return {};
}

Applied apply(Draft& draft, const ReceiptReceived& event, const Config&) {
    CallDocument& call = draft.call;
    trace(draft, event.device, to_string(event.step));
    if (event.step == ReceiptStep::media_connected) {
        const bool has_call = event.device == call.from_device || event.device == call.winner;
        if (has_call && call.phase == Phase::answered && !call.connected_at) call.connected_at = draft.now;
        return {};
    }
    Leg* leg = find_leg(call, event.device);
    const auto state = state_after(event.step);
    if (leg == nullptr || !state || call.phase != Phase::ringing) return {};
    if (climb(draft, *leg, *state)) tell_ringing(draft);
    return {};
}

Applied apply(Draft& draft, const PushFinished& event, const Config&) {
    CallDocument& call = draft.call;
    Leg* leg = find_leg(call, event.device);
    if (leg == nullptr || call.phase != Phase::ringing || event.outcome == PushOutcome::accepted) return {};
    if (!leg->pushed) return {};
    leg->has_push = false;
    give_up_on(draft, *leg);
    return {};
}

Applied apply(Draft& draft, const PresenceChanged& event, const Config& config) {
    Leg* leg = find_leg(draft.call, event.device);
    if (leg == nullptr || draft.call.phase != Phase::ringing) return {};
    if (leg->connected == event.connected) {
        if (event.connected && event.fresh && !event.knows_call) repeat_incoming(draft, *leg);
        return {};
    }
    leg->connected = event.connected;
    if (event.connected && event.knows_call) {
        (void)climb(draft, *leg, LegState::woke);
        return {};
    }
    const bool silent = leg->state == LegState::announced || leg->state == LegState::unreachable;
    if (!silent) return {};
    if (event.connected) {
        // The app was opened before its push came, or the push will never come.
        if (draft.now < draft.call.ring_until) send_incoming(draft, *leg, config);
    } else if (leg->has_push) {
        push_ring(draft, *leg);
    } else if (leg->pushed) {
        give_up_on(draft, *leg);
    }
    return {};
}

Applied apply(Draft& draft, const TimePassed&, const Config&) {
    if (draft.call.phase != Phase::ringing) return {};
    for (Leg& leg : draft.call.legs) {
        if (leg.push_at && draft.now >= *leg.push_at) push_ring(draft, leg);
    }
    return {};
}

}  // namespace clarion::routing::detail
