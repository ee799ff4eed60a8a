// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <string>

#include "core/protocol/messages_described.hpp"
#include "core/routing/draft.hpp"

/// How far the callee's devices are: pushes and receipts, and the ladder that the caller sees.
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
        case LegState::stopped:
        case LegState::busy:
        case LegState::failed: return 6;
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

/// Each device once, on its highest rung; one that stopped by its own word is on none.
protocol::Progress progress_of(const CallDocument& call) {
    protocol::Progress progress{.call_id = call.call_id};
    for (const Leg& leg : call.legs) {
        switch (leg.state) {
            case LegState::announced: ++progress.searching; break;
            case LegState::woke: ++progress.woke; break;
            case LegState::verified: ++progress.verified; break;
            case LegState::ringing: ++progress.ringing; break;
            case LegState::not_shown: ++progress.silenced; break;
            case LegState::unreachable: ++progress.unreachable; break;
            case LegState::declined:
            case LegState::answered:
            case LegState::stopped:
            case LegState::busy:
            case LegState::failed: break;
        }
    }
    return progress;
}

}  // namespace

bool climb(Draft& draft, Leg& leg, LegState state) {
    if (leg.push_at) {
        leg.push_at.reset();
        trace(draft, leg.device, "push_skipped", "it answered on its socket");
    }
    if (rung(state) <= rung(leg.state)) return false;
    leg.state = state;
    return true;
}

void tell_progress(Draft& draft) {
    CallDocument& call = draft.call;
    if (call.phase != Phase::ringing) return;
    // Of a call that wakes nobody the caller hears no more; a device that crossed it is on the ladder all the same.
    if (call.screening != Screening::none && call.legs.empty()) return;
    const protocol::Progress progress = progress_of(call);
    // Notified says how many are searched for.
    if (progress == call.progress.value_or(protocol::Progress{call.call_id, call.devices_told})) return;
    call.progress = progress;
    tell(draft, call.from_device, progress);
}

void give_up_on(Draft& draft, Leg& leg, std::string why) {
    if (leg.connected || leg.state != LegState::announced) return;
    leg.state = LegState::unreachable;
    trace(draft, leg.device, "unreachable", why);
    leg.why = std::move(why);
    finish_if_nobody_is_left(draft, std::nullopt, std::nullopt);
}

std::uint32_t devices_notified(const CallDocument& call) {
    const auto count =
        std::ranges::count_if(call.legs, [](const Leg& leg) { return leg.state != LegState::unreachable; });
    return static_cast<std::uint32_t>(count);
}

void send_incoming(Draft& draft, Leg& leg, const Config& config) {
    leg.state = LegState::announced;
    leg.why.clear();
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
        leg.why = "not connected and no push endpoint";
        trace(draft, leg.device, "push_skipped", leg.why);
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

Applied apply(Draft& draft, const ReceiptReceived& event, const Config&) {
    CallDocument& call = draft.call;
    trace(draft, event.device, to_string(event.step));
    if (event.step == ReceiptStep::media_connected) {
        if (side_of(call, event.device) && !call.connected_at) call.connected_at = draft.now;
        return {};
    }
    Leg* leg = find_leg(call, event.device);
    const auto state = state_after(event.step);
    if (leg == nullptr || !state || call.phase != Phase::ringing) return {};
    (void)climb(draft, *leg, *state);
    return {};
}

Applied apply(Draft& draft, const PushFinished& event, const Config&) {
    CallDocument& call = draft.call;
    Leg* leg = find_leg(call, event.device);
    if (leg == nullptr || call.phase != Phase::ringing || event.outcome == PushOutcome::accepted) return {};
    if (!leg->pushed) return {};
    leg->has_push = false;
    std::string why = event.why.empty() ? "its push failed" : event.why;
    if (why.size() > kWhyLengthMax) why.resize(kWhyLengthMax);
    give_up_on(draft, *leg, std::move(why));
    return {};
}

}  // namespace clarion::routing::detail
