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
    call->responder_preparation = event.responder_preparation;
    const auto fits = [](const auto& text, std::size_t most) { return text && text->reveal().size() <= most; };
    if (fits(event.start_message, protocol::kStartMessageLengthMax)) call->start_message = event.start_message;
    if (fits(event.extra, protocol::kExtraLengthMax)) call->extra = event.extra;
    const callui::Record* record = ui_.find(event.call_id);
    if (record == nullptr) return;
    const Duration ring_for = std::max(time_between(event.ring_until, event.server_now), Duration{0});
    (void)tell_ui(callui::CallUpdated{
        .call_id = event.call_id,
        .name = call->name,
        .media = call->media,
        .ring_for = ring_for,
        .extra = call->extra,
    });
    if (first) {
        tell_app(
            event.call_id,
            {
                .what = callui::ChangeKind::verified,
                .on = call->responder_preparation,
                .text = call->start_message.value_or(Redacted<std::string>{}),
            }
        );
    }
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
    if (call->phase == Phase::answering) agree(*call);
    if (event.peer_state) hear_peer_state(*call, *event.peer_state);
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
    if (call->phase != Phase::waiting || call->progress == event) return;
    const std::uint32_t rang = call->progress ? call->progress->ringing : 0;
    call->progress = event;
    tell_app(event.call_id, {.what = callui::ChangeKind::progress, .progress = event});
    if (event.ringing != rang) (void)tell_ui(callui::PeerRang{event.call_id, event.ringing});
}

void Machine::on(const protocol::Answered& event) {
    Call* call = find_live(event.call_id);
    if (call == nullptr || call->direction != Direction::outgoing) return;
    set_placed(*call);
    if (call->phase == Phase::waiting) {
        push(ApplyAnswer{.call_id = event.call_id, .sdp = event.sdp});
        const bool fits =
            event.start_message && event.start_message->reveal().size() <= protocol::kStartMessageLengthMax;
        if (fits) {
            call->start_message = event.start_message;
            tell_app(event.call_id, {.what = callui::ChangeKind::peer_message, .text = *event.start_message});
        }
        agree(*call, call->responder_preparation && event.responder_preparation);
    }
    if (event.peer_state) hear_peer_state(*call, *event.peer_state);
}

// ---- to both ----

/// Both sides agreed: from here on the transport may come up, and each may hear the other's candidates.
void Machine::agree(Call& call, bool peer_prepares) {
    call.phase = Phase::connecting;
    call.progress.reset();
    begin_states(call, peer_prepares);
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

void Machine::on(const protocol::Ended& event) {
    const Call* call = find(event.call_id);
    if (call == nullptr) {
        // Its push may still be on the way: it must not ring then (I7). Whoever called is known only when it comes.
        if (find_tombstone(event.call_id) != nullptr) return;
        mark_ended({
            .call_id = event.call_id,
            .reason = system_end_reason(event.reason, event.by_remote),
            .notice_owed = outcome_of(Call{.phase = Phase::announced}, event.reason) == Outcome::missed,
            .end = event.reason,
            .source = event.source,
            .by_remote = event.by_remote,
        });
        return;
    }
    if (call->phase == Phase::ended) {
        forget(event.call_id);
        return;
    }
    finish_remote(event.call_id, event.reason, event.source, event.by_remote, event.release_code);
}

}  // namespace clarion::engine
