// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <utility>

#include "core/engine/machine.hpp"

/// One call: when it may go on, how long it waits, and how it ends.
namespace clarion::engine {

using protocol::ReceiptStep;

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
    request(protocol::Answer{id, std::exchange(call->local_sdp, {})});
    out_.persist();
}

/// The transport is up and both sides agreed. Audio follows; to wait for it would deadlock with the system's
/// activation, which follows fulfilment (IOS-AU-09).
void Machine::maybe_connected(Call& call) {
    if (call.connectivity != Connectivity::up) return;
    if (call.phase == Phase::connected) {
        call.deadline = {};
        return;
    }
    if (call.phase != Phase::connecting) return;
    call.phase = Phase::connected;
    call.deadline = {};
    (void)tell_ui(callui::CallConnected{call.call_id});
    out_.persist();
}

void Machine::call_timeout(const CallId& id) {
    const Call* call = find(id);
    if (call == nullptr) return;
    const bool is_up = state_.link.state == LinkState::up;
    const Tell tell = call->exposed ? Tell::end : Tell::nobody;
    switch (call->deadline.timer) {
        case TimerId::accept:
        case TimerId::verify:
            finish_here(id, is_up ? EndReason::network_unstable : EndReason::unavailable_network, tell);
            return;
        case TimerId::connect: finish_here(id, EndReason::unavailable_network, Tell::end); return;
        case TimerId::place:
            finish_here(id, is_up ? EndReason::service_http_connection_time_out : EndReason::unavailable_network, tell);
            return;
        case TimerId::wait: finish_here(id, EndReason::no_answer, Tell::end); return;
        case TimerId::goodbye:
            drop_requests(id);
            std::erase_if(state_.calls, [&](const Call& c) { return c.call_id == id; });
            out_.persist();
            return;
        case TimerId::none:
        case TimerId::ring:
        case TimerId::reconnect:
        case TimerId::resend: return;
    }
}

// ---- the end ----

Outcome outcome_of(const Call& call, EndReason reason) {
    switch (call.phase) {
        case Phase::connected: return Outcome::answered;
        case Phase::connecting: return reason == EndReason::normal ? Outcome::answered : Outcome::failed;
        case Phase::announced:
        case Phase::answering:
            if (reason == EndReason::multi_device_answer) return Outcome::answered;
            if (reason == EndReason::multi_device_decline || reason == EndReason::decline) return Outcome::declined;
            return Outcome::missed;
        case Phase::placing:
        case Phase::waiting:
        case Phase::ended: break;
    }
    switch (reason) {
        case EndReason::decline:
        case EndReason::busy: return Outcome::declined;
        case EndReason::no_answer: return Outcome::missed;
        case EndReason::cancel: return Outcome::cancelled;
        default: return Outcome::failed;
    }
}

/// The other side or the server ended it.
void Machine::finish_remote(const CallId& id, EndReason reason, EndSource source, bool by_remote) {
    const Call* call = find_live(id);
    if (call == nullptr) return;
    const Outcome outcome = outcome_of(*call, reason);
    finish(
        id, {.call_id = id, .reason = reason, .source = source, .by_remote = by_remote, .outcome = outcome},
        Tell::nobody
    );
}

/// It failed on this device (I5).
void Machine::finish_here(const CallId& id, EndReason reason, Tell tell) {
    const Call* call = find_live(id);
    if (call == nullptr) return;
    callui::CallEnded end{.call_id = id, .reason = reason};
    end.source = call->direction == Direction::incoming ? EndSource::callee : EndSource::caller;
    end.outcome = call->phase == Phase::connected ? Outcome::answered : Outcome::failed;
    if (reason == EndReason::no_answer) end.outcome = Outcome::missed;
    finish(id, end, tell);
}

void Machine::finish(const CallId& id, callui::CallEnded end, Tell tell) {
    Call* call = find_live(id);
    if (call == nullptr) return;
    close_media(*call);  // Before the user's end is fulfilled: audio stops first.
    const SystemEndReason system = system_end_reason(end.reason, end.by_remote);
    const EndReason reason = end.reason;
    (void)tell_ui(end);
    release(id, tell, reason, system);
}

/// What stays of a call that the user interface is done with: a tombstone, and the message that tells the server.
void Machine::release(const CallId& id, Tell tell, EndReason reason, SystemEndReason system) {
    Call* call = find_live(id);
    if (call == nullptr) return;
    close_media(*call);
    mark_ended(id, system);
    out_.persist();
    drop_requests(id);
    if (tell == Tell::nobody) {
        std::erase_if(state_.calls, [&](const Call& c) { return c.call_id == id; });
        return;
    }
    call->phase = Phase::ended;
    call->intent = Intent::ended;
    call->local_sdp = {};
    call->local_candidates.clear();
    call->remote_candidates.clear();
    arm(*call, TimerId::goodbye, kGoodbyeTime);
    if (tell == Tell::decline) {
        // Later the server has forgotten the ringing anyway.
        call->deadline.at = std::max(call->accept_at, state_.now + kResendPause);
        receipt(id, ReceiptStep::tapped_decline);
        request(protocol::Decline{id, call->ticket, EndReason::decline});
    } else {
        request(protocol::End{.call_id = id, .reason = reason});
    }
}

/// callui ends calls of its own: the ring timer, a tap that came too late.
void Machine::reap() {
    std::vector<CallId> gone;
    for (const Call& call : state_.calls) {
        if (call.phase != Phase::ended && ui_.find(call.call_id) == nullptr) gone.push_back(call.call_id);
    }
    for (const CallId& id : gone) release(id, Tell::nobody, EndReason::no_answer, SystemEndReason::unanswered);
}

void Machine::mark_ended(const CallId& id, SystemEndReason reason, bool notice_owed) {
    std::erase_if(state_.tombstones, [&](const Tombstone& t) { return t.call_id == id || t.until <= state_.now; });
    if (state_.tombstones.size() == kTombstonesMax) state_.tombstones.erase(state_.tombstones.begin());
    state_.tombstones.push_back({id, state_.now + kTombstoneTime, reason, notice_owed});
    out_.persist();
}

}  // namespace clarion::engine
