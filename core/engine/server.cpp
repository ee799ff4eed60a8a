// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <utility>

#include "core/engine/machine.hpp"

/// What the server says about calls. Every event may come again after a reconnect (I12).
namespace clarion::engine {

Machine::Applied Machine::apply(const FrameReceived& input) {
    note_clock(input.wall_now);
    const auto& frame = input.frame;
    const bool is_reply = holds<protocol::Welcome>(frame.message) || holds<protocol::Error>(frame.message);
    // A straggler of a connection that was given up: its successor brings everything again.
    if (state_.link.state != LinkState::up && !(state_.link.state == LinkState::greeting && is_reply)) return {};
    if (const auto* welcome = std::get_if<protocol::Welcome>(&frame.message)) {
        on(*welcome);
        return {};
    }
    if (frame.seq != 0) {
        if (frame.seq <= state_.seen_seq) return {};
        state_.seen_seq = frame.seq;
    }
    std::visit(
        [this]<class T>(const T& message) {
            if constexpr (!std::same_as<T, protocol::Welcome>) on(message);
        },
        frame.message
    );
    return {};
}

/// What the server's clock says counts on by the monotonic one, whatever becomes of the device's (I7).
void Machine::learn_clock(WallTime server_now) {
    constexpr Duration kNews{1'000};
    const WallTime now{time_between(server_now, WallTime{0}).count()};
    const Duration error = time_between(now, this->server_now());
    if (!state_.server_clock || error > kNews || error < -kNews) out_.persist();
    state_.server_clock = ClockPair{state_.now, now};
    for (Call& call : state_.calls) set_deadlines(call);
}

/// The server's deadlines of a call that rings here, or was accepted and waits, on this device's clock.
void Machine::set_deadlines(Call& call) {
    const bool has_them = call.direction == Direction::incoming && call.accept_until > WallTime{0};
    if (!has_them || call.phase != Phase::announced || call.declined) return;
    const WallTime now = server_now();
    call.accept_at = state_.now + std::max(time_between(call.accept_until, now), Duration{0});
    (void)tell_ui(callui::CallUpdated{
        .call_id = call.call_id,
        .name = call.name,
        .media = call.media,
        .ring_for = std::max(time_between(call.ring_until, now), Duration{0}),
    });
    const bool waits = call.intent == Intent::accepted;
    if (waits && (call.deadline.timer == TimerId::accept || call.accept_at < call.deadline.at)) wait_for_answer(call);
}

void Machine::on(const protocol::Incoming& event) { push(OpenInvite{event.cc_param}); }

// ---- to a callee ----

void Machine::on(const protocol::Verified& event) {
    Call* call = find_live(event.call_id);
    if (call == nullptr || call->direction != Direction::incoming || call->phase != Phase::announced) return;
    const bool first = std::exchange(call->verification, Verification::verified) != Verification::verified;
    call->ring_until = event.ring_until;
    call->accept_until = event.accept_until;
    call->media = event.media;
    if (event.from_name.reveal().size() <= protocol::kNameLengthMax && !event.from_name.reveal().empty()) {
        call->name = event.from_name;
    }
    call->responder_preparation = event.responder_preparation;
    const auto fits = [](const auto& text, std::size_t most) { return text && text->reveal().size() <= most; };
    if (fits(event.start_message, protocol::kStartMessageLengthMax)) call->start_message = event.start_message;
    if (fits(event.extra, protocol::kExtraLengthMax)) call->extra = event.extra;
    if (call->declined && call->asks_first) ring_late(*call);
    const callui::Record* record = ui_.find(event.call_id);
    if (record == nullptr) return;
    (void)tell_ui(
        callui::CallUpdated{.call_id = event.call_id, .name = call->name, .media = call->media, .extra = call->extra}
    );
    // It may be an old word that a connection brings again; the time cannot be earlier than it said.
    if (event.server_now > server_now()) learn_clock(event.server_now);
    set_deadlines(*call);
    ring_again(*call);
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
    if (first) out_.persist();
    maybe_answer(event.call_id);
}

/// It rang when the device was switched off, and nothing on the device says how long that was (I7).
void Machine::ring_again(Call& call) {
    const bool is_in_time = server_now() < call.ring_until;
    if (!std::exchange(call.asks_first, false) || call.intent != Intent::none || !is_in_time) return;
    const callui::Record& record = *ui_.find(call.call_id);
    (void)tell_ui(callui::IncomingAnnounced{
        .call_id = call.call_id,
        .name = record.name,
        .handle = record.handle,
        .media = record.media,
        .must_report = true,
    });
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
    if (call->phase != Phase::waiting) return;
    call->ring_until = event.ring_until;
    arm(*call, TimerId::wait, std::max(time_between(event.ring_until, server_now()), Duration{0}) + kWaitMargin);
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
        if (find_tombstone(event.call_id) != nullptr) return learn_end(event.call_id, event.reason, event.source);
        mark_ended({
            .call_id = event.call_id,
            .reason = system_end_reason(event.reason, event.by_remote),
            .notice_owed = outcome_of(Direction::incoming, Phase::announced, event.reason) == Outcome::missed,
            .end = event.reason,
            .source = event.source,
            .by_remote = event.by_remote,
        });
        return;
    }
    if (call->phase == Phase::ended) {
        learn_end(event.call_id, event.reason, event.source);
        forget(event.call_id);
        return;
    }
    // A late word about the time when another device had it; a take that fails ends with other reasons.
    const bool is_old = call->taking && call->phase == Phase::placing && event.reason == EndReason::multi_device_answer;
    if (is_old) return;
    finish_remote(event.call_id, event.reason, event.source, event.by_remote, event.release_code);
}

}  // namespace clarion::engine
