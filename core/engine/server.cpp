// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <utility>

#include "core/engine/machine.hpp"

/// What the server says about calls. Every event may come again after a reconnect (I12).
namespace clarion::engine {

Machine::Applied Machine::apply(const FrameReceived& input) {
    note_clock(input.wall_now);
    const auto& frame = input.frame;
    const bool is_reply = std::holds_alternative<protocol::Welcome>(frame.message) ||
                          std::holds_alternative<protocol::Error>(frame.message);
    // A straggler of a connection that was given up: its successor brings everything again.
    if (state_.link.state != LinkState::up && !(state_.link.state == LinkState::greeting && is_reply)) return {};
    if (const auto* welcome = std::get_if<protocol::Welcome>(&frame.message)) {
        on(*welcome, input.wall_now);
        return {};
    }
    if (frame.seq != 0) {
        if (frame.seq <= state_.seen_seq) return {};
        state_.seen_seq = frame.seq;
    }
    if (const auto* verified = std::get_if<protocol::Verified>(&frame.message)) {
        state_.server_offset = time_between(verified->server_now, input.wall_now);
    }
    std::visit(
        [this]<class T>(const T& message) {
            if constexpr (!std::same_as<T, protocol::Welcome>) on(message);
        },
        frame.message
    );
    return {};
}

/// The shell opens its cc_param and tells PushReceived.
void Machine::on(const protocol::Incoming&) {}

// ---- to a callee ----

void Machine::on(const protocol::Verified& event) {
    Call* call = find_live(event.call_id);
    if (call == nullptr || call->direction != Direction::incoming || call->phase != Phase::announced) return;
    const bool first = std::exchange(call->verification, Verification::verified) != Verification::verified;
    call->ring_until = event.ring_until;
    call->accept_until = event.accept_until;
    call->accept_at = state_.now + std::max(time_between(event.accept_until, event.server_now), Duration{0});
    call->media = event.media;
    if (event.from_name.reveal().size() <= protocol::kNameLengthMax && !event.from_name.reveal().empty()) {
        call->name = event.from_name;
    }
    const callui::Record* record = ui_.find(event.call_id);
    if (record == nullptr) return;
    const Duration ring_for = std::max(time_between(event.ring_until, event.server_now), Duration{0});
    (void)tell_ui(callui::CallUpdated{event.call_id, call->name, call->media, ring_for});
    prepare_answer(*call, event.offer);
    if (call->intent == Intent::accepted && call->accept_at < call->deadline.at) {
        call->deadline = {call->accept_at, TimerId::accept};
    }
    if (first) out_.persist();
    maybe_answer(event.call_id);
}

void Machine::on(const protocol::AnswerConfirmed& event) {
    Call* call = find_live(event.call_id);
    if (call == nullptr || call->direction != Direction::incoming) return;
    if (call->phase == Phase::announced) {
        // A process before this one answered and died: the server holds an answer whose media are gone.
        finish_here(event.call_id, EndReason::app_destroy, Tell::end);
        return;
    }
    if (call->phase != Phase::answering) return;
    agree(*call);
}

// ---- to a caller ----

void Machine::set_placed(Call& call) {
    if (call.phase == Phase::placing) {
        call.phase = Phase::waiting;
        arm(call, TimerId::wait, kWaitDefault);  // Until it says how long it rings.
        out_.persist();
    }
    if (!std::exchange(call.placed, true)) (void)tell_ui(callui::OutgoingPlaced{call.call_id});
}

void Machine::on(const protocol::Notified& event) {
    Call* call = find_live(event.call_id);
    if (call == nullptr || call->direction != Direction::outgoing) return;
    set_placed(*call);
    if (call->phase != Phase::waiting || !state_.clock) return;
    call->ring_until = event.ring_until;
    const WallTime server_now = state_.clock->wall + state_.server_offset.value_or(Duration{0});
    arm(*call, TimerId::wait, std::max(time_between(event.ring_until, server_now), Duration{0}) + kWaitMargin);
}

void Machine::on(const protocol::Progress& event) {
    Call* call = find_live(event.call_id);
    if (call == nullptr || call->direction != Direction::outgoing) return;
    set_placed(*call);
    if (call->phase == Phase::waiting) (void)tell_ui(callui::PeerRang{event.call_id, event.ringing});
}

void Machine::on(const protocol::Answered& event) {
    Call* call = find_live(event.call_id);
    if (call == nullptr || call->direction != Direction::outgoing) return;
    set_placed(*call);
    if (call->phase != Phase::waiting) return;
    push(ApplyAnswer{event.call_id, event.sdp});
    agree(*call);
}

// ---- to both ----

/// Both sides agreed: from here on the transport may come up, and each may hear the other's candidates.
void Machine::agree(Call& call) {
    call.phase = Phase::connecting;
    arm(call, TimerId::connect, config_.connect_timeout);
    call.deadline.at = std::min(call.deadline.at, call.fulfil_by);
    for (const auto& candidate : call.local_candidates) request(candidate);
    call.local_candidates.clear();
    add_waiting_candidates(call);
    out_.persist();
    maybe_connected(call);
}

void Machine::on(const protocol::Candidate& event) {
    Call* call = find_live(event.call_id);
    if (call == nullptr) return;
    const bool fits = event.candidate.reveal().size() <= protocol::kCandidateLengthMax && event.mid.size() <= 64;
    if (!fits || !call->remote_candidates.try_push(event)) return;
    add_waiting_candidates(*call);
}

void Machine::on(const protocol::PeerState& event) {
    if (find_live(event.call_id) != nullptr) (void)tell_ui(callui::PeerHoldChanged{event.call_id, event.state.held});
}

void Machine::on(const protocol::Ended& event) {
    const Call* call = find(event.call_id);
    if (call == nullptr) {
        // Its push may still be on the way: it must not ring then (I7). Whoever called is known only when it comes.
        if (find_tombstone(event.call_id) != nullptr) return;
        const bool missed = outcome_of(Call{.phase = Phase::announced}, event.reason) == Outcome::missed;
        mark_ended(event.call_id, system_end_reason(event.reason, event.by_remote), missed);
        return;
    }
    if (call->phase == Phase::ended) {
        drop_requests(event.call_id);
        std::erase_if(state_.calls, [&](const Call& c) { return c.call_id == event.call_id; });
        out_.persist();
        return;
    }
    finish_remote(event.call_id, event.reason, event.source, event.by_remote);
}

}  // namespace clarion::engine
