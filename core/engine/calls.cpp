// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <utility>

#include "core/engine/machine.hpp"

/// One call: when it may go on, how long it waits, and how it ends.
namespace clarion::engine {

using callui::ChangeKind;
using protocol::ReceiptStep;

bool is_agreed(const Call& call) { return call.phase == Phase::connecting || call.phase == Phase::connected; }

bool is_engaged(const Call& call) {
    if (call.phase == Phase::ended || call.declined) return false;
    return call.direction == Direction::outgoing || call.intent == Intent::accepted;
}

void Machine::arm(Call& call, TimerId timer, Duration from_now) { call.deadline = {state_.now + from_now, timer}; }

/// Accepted: verification, preparation and the server's word have so long. The server takes no answer after accept_at.
void Machine::wait_for_answer(Call& call) {
    arm(call, TimerId::verify, config_.verify_timeout);
    if (call.accept_at < call.deadline.at) call.deadline = {call.accept_at, TimerId::accept};
    call.deadline.at = std::min(call.deadline.at, call.fulfil_by);
}

/// The user wants it, the server said that it is real, and the answer is ready: say it.
void Machine::maybe_answer(const CallId& id) {
    Call* call = find_live(id);
    if (call == nullptr || call->phase != Phase::announced || call->intent != Intent::accepted) return;
    if (call->verification != Verification::verified) return;
    if (call->preparation == Preparation::failed) return finish_here(id, EndReason::internal_error, Tell::nobody);
    if (call->preparation != Preparation::ready) return;
    call->phase = Phase::answering;
    request(protocol::Answer{
        .call_id = id,
        .sdp = std::exchange(call->local_sdp, {}),
        .responder_preparation = call->responder_preparation && call->wants_preparation,
        .start_message = call->own_message,
    });
    out_.persist();
}

/// The transport is up and both sides agreed. Audio follows; to wait for it would deadlock with the system's
/// activation, which follows fulfilment (IOS-AU-09).
void Machine::maybe_connected(Call& call) {
    if (call.connectivity != Connectivity::up) return;
    if (call.phase == Phase::connected) return way_is_back(call);
    if (call.phase != Phase::connecting) return;
    call.phase = Phase::connected;
    call.deadline = {};
    call.connected_at = state_.now;
    if (call.mine.preparing || call.peer_state.preparing) {  // First: who hears `connected` knows what kind it is.
        tell_app(call.call_id, ChangeKind::preparing, call.mine.preparing);
    }
    (void)tell_ui(callui::CallConnected{call.call_id});
    if (!state_.microphone) tell_app(call.call_id, ChangeKind::microphone_missing);
    if (call.taking) tell_app(call.call_id, ChangeKind::moved_here);
    out_.persist();
    step_back(call.call_id);
}

void Machine::call_timeout(const CallId& id) {
    const Call* call = find(id);
    if (call == nullptr) return;
    const bool is_up = state_.link.state == LinkState::up;
    const Tell tell = call->exposed ? Tell::end : Tell::nobody;
    switch (call->deadline.timer) {
        case TimerId::accept:
        case TimerId::verify:
            if (call->declined) {
                const Call over = *call;
                finish_declined(id, EndReason::no_answer, EndSource::caller);
                return ask_on(over);
            }
            finish_here(id, is_up ? EndReason::network_unstable : EndReason::unavailable_network, tell);
            return;
        case TimerId::connect: finish_here(id, EndReason::unavailable_network, Tell::end); return;
        case TimerId::place:
            finish_here(id, is_up ? EndReason::service_http_connection_time_out : EndReason::unavailable_network, tell);
            return;
        case TimerId::wait: finish_here(id, EndReason::no_answer, Tell::end); return;
        case TimerId::goodbye: forget(id); return;
        case TimerId::none:
        case TimerId::ring:
        case TimerId::reconnect:
        case TimerId::resend:
        case TimerId::restart:
        case TimerId::change:
        case TimerId::renew:
        case TimerId::tone: return;
    }
}

// ---- the end ----

/// Not its direction: a call that was taken over is outgoing here, whoever placed it.
EndSource side_of(const Call& call) { return call.is_odd ? EndSource::caller : EndSource::callee; }

Outcome outcome_of(Direction direction, Phase phase, EndReason reason) {
    // Who was answered elsewhere, or answered here without hearing of it, hears these.
    const bool talked = reason == EndReason::normal || reason == EndReason::multi_device_answer;
    if (phase == Phase::connected || talked) return Outcome::answered;
    const bool is_incoming = direction == Direction::incoming;
    switch (reason) {
        case EndReason::multi_device_decline:
        case EndReason::decline: return Outcome::declined;
        case EndReason::busy: return is_incoming ? Outcome::missed : Outcome::declined;
        case EndReason::no_answer: return Outcome::missed;
        case EndReason::cancel: return is_incoming ? Outcome::missed : Outcome::cancelled;
        // The user called back at the same moment: it goes on as that call.
        case EndReason::already_got_a_call: return is_incoming ? Outcome::declined : Outcome::cancelled;
        default: return is_incoming && phase != Phase::connecting ? Outcome::missed : Outcome::failed;
    }
}

/// The other side or the server ended it.
void Machine::finish_remote(
    const CallId& id,
    EndReason reason,
    EndSource source,
    bool by_remote,
    const std::optional<Redacted<std::string>>& code
) {
    const Call* call = find_live(id);
    if (call == nullptr) return;
    callui::CallEnded end{.call_id = id, .reason = reason, .source = source, .by_remote = by_remote};
    end.outcome = outcome_of(call->direction, call->phase, reason);
    if (code && code->reveal().size() <= protocol::kReleaseCodeLengthMax) end.release_code = *code;
    finish(id, end, Tell::nobody);
}

/// It failed on this device (I5).
void Machine::finish_here(const CallId& id, EndReason reason, Tell tell) {
    const Call* call = find_live(id);
    if (call == nullptr) return;
    callui::CallEnded end{.call_id = id, .reason = reason};
    end.source = side_of(*call);
    end.outcome = call->phase == Phase::connected ? Outcome::answered : Outcome::failed;
    if (reason == EndReason::no_answer) end.outcome = Outcome::missed;
    finish(id, end, tell);
}

void Machine::finish(const CallId& id, callui::CallEnded end, Farewell farewell) {
    Call* call = find_live(id);
    if (call == nullptr) return;
    if (call->declined) return finish_declined(id, end.reason, end.source);
    close_media(*call);  // Before the user's end is fulfilled: audio stops first.
    play_end(*call, end);
    (void)tell_ui(end);
    release(id, std::move(farewell), end);
}

/// What stays of a call that the user interface is done with: a tombstone, and the message that tells the server.
void Machine::release(const CallId& id, Farewell farewell, const callui::CallEnded& end) {
    Call* call = find_live(id);
    if (call == nullptr) return;
    close_media(*call);
    mark_ended({
        .call_id = id,
        .reason = system_end_reason(end.reason, end.by_remote),
        .end = end.reason,
        .source = end.source,
        .by_remote = end.by_remote,
        .outcome = end.outcome,
    });
    drop_requests(id);
    if (state_.front == id) state_.front.reset();
    if (farewell.tell == Tell::nobody) return forget(id);
    call->phase = Phase::ended;
    call->change = {};
    call->restart_at = kNever;
    call->intent = Intent::ended;
    call->local_sdp = {};
    call->local_candidates.clear();
    call->remote_candidates.clear();
    arm(*call, TimerId::goodbye, kGoodbyeTime);
    if (farewell.tell == Tell::decline) {
        // Later the server has forgotten the ringing anyway.
        call->deadline.at = std::max(call->accept_at, state_.now + kResendPause);
        receipt(id, ReceiptStep::tapped_decline);
        request(protocol::Decline{
            .call_id = id,
            .ticket = call->ticket,
            .reason = farewell.busy ? EndReason::busy : EndReason::decline,
            .everywhere = farewell.everywhere,
            .release_code = std::move(farewell.release_code),
        });
    } else {
        request(protocol::End{id, end.reason, std::move(farewell.release_code)});
    }
}

void Machine::forget(const CallId& id) {
    drop_requests(id);
    std::erase_if(state_.calls, [&](const Call& c) { return c.call_id == id; });
    out_.persist();
}

/// callui ends calls of its own: the ring timer, a tap that came too late.
void Machine::reap() {
    std::vector<CallId> gone;
    for (const Call& call : state_.calls) {
        const bool is_shown = ui_.find(call.call_id) != nullptr;
        if (call.phase != Phase::ended && !call.declined && !is_shown) gone.push_back(call.call_id);
    }
    for (const CallId& id : gone) {
        callui::CallEnded end{.call_id = id, .reason = EndReason::no_answer, .source = EndSource::caller};
        end.by_remote = true;
        end.outcome = Outcome::missed;
        const Call over = *find(id);
        release(id, Tell::nobody, end);
        ask_on(over);
    }
}

/// Missed by this device's clock. Another device may have taken it at the last moment, or may still: the server is
/// asked for as long as its word can take.
void Machine::ask_on(const Call& over) {
    if (over.direction == Direction::outgoing || !over.ticket) return;
    state_.calls.push_back(over);
    Call& call = state_.calls.back();
    call.phase = Phase::ended;
    call.intent = Intent::ended;
    call.change = {};
    call.restart_at = kNever;
    call.remote_candidates.clear();
    call.deadline = {std::max(over.accept_at, state_.now) + kWaitMargin, TimerId::goodbye};
    ask_truth(call);
    out_.persist();
}

/// The server's word about a call that this device had called missed by its own clock. Who took it elsewhere missed
/// nothing: the notice goes (I9).
void Machine::learn_end(const CallId& id, EndReason reason, EndSource source) {
    const Tombstone* guess = find_tombstone(id);
    if (guess == nullptr || guess->end != EndReason::no_answer || guess->outcome != Outcome::missed) return;
    const Outcome outcome = outcome_of(Direction::incoming, Phase::announced, reason);
    if (outcome != Outcome::answered && outcome != Outcome::declined) return;
    (void)tell_ui(callui::MissedSeen{id});
    Tombstone known = *guess;
    known.reason = system_end_reason(reason, true);
    known.end = reason;
    known.source = source;
    known.outcome = outcome;
    mark_ended(std::move(known));
}

void Machine::mark_ended(Tombstone tombstone) {
    const auto is_over = [&](const Tombstone& t) { return t.call_id == tombstone.call_id || t.until <= state_.now; };
    std::erase_if(state_.tombstones, is_over);
    if (state_.tombstones.size() == kTombstonesMax) state_.tombstones.erase(state_.tombstones.begin());
    tombstone.until = state_.now + kTombstoneTime;
    state_.tombstones.push_back(std::move(tombstone));
    out_.persist();
}

}  // namespace clarion::engine
