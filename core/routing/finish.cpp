// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <string>

#include "core/base/holds.hpp"
#include "core/routing/draft.hpp"

/// The end of a call: one reason and one source for everybody (I8), and each device hears it once (I2).
namespace clarion::routing::detail {

namespace {

/// How the two people find the call in their history.
RecordHistory history_of(const CallDocument& call) {
    // A word of the ringing that crossed the answer is as good as without an answer.
    const bool is_crossed = call.reason == EndReason::cancel || call.reason == EndReason::no_answer ||
                            call.reason == EndReason::decline || call.reason == EndReason::busy;
    if (call.winner && !is_crossed) {
        // Accepted, but no media ever flowed and somebody said why: that was no conversation (I5).
        const bool talked = call.connected_at.has_value() || call.reason == EndReason::normal;
        return talked ? RecordHistory{Outcome::answered, Outcome::answered}
                      : RecordHistory{Outcome::failed, Outcome::failed};
    }
    // Who is blocked left no trace that asks for a call back.
    if (call.screening == Screening::blocked) {
        const bool cancelled = call.reason == EndReason::cancel;
        const bool waited = call.reason == EndReason::no_answer;
        return {cancelled ? Outcome::cancelled : waited ? Outcome::missed : Outcome::declined, Outcome::declined};
    }
    switch (call.reason) {
        case EndReason::decline: return {Outcome::declined, Outcome::declined};
        // The other of two calls that crossed goes on, and is the one to remember.
        case EndReason::already_got_a_call: return {Outcome::cancelled, Outcome::declined};
        // The person did not decline: their phone was in another call, and they want to know who called.
        case EndReason::busy: return {Outcome::declined, Outcome::missed};
        case EndReason::cancel: return {Outcome::cancelled, Outcome::missed};
        case EndReason::no_answer: return {Outcome::missed, Outcome::missed};
        default: return {Outcome::failed, Outcome::missed};
    }
}

/// The word of the trace for an end before any answer.
std::string_view trace_word(EndReason reason) {
    switch (reason) {
        case EndReason::decline:
        case EndReason::busy: return "declined";
        case EndReason::cancel: return "cancelled";
        case EndReason::no_answer: return "no_answer";
        case EndReason::push_error: return "push_error";
        default: return "failed";
    }
}

void cancel_push(Draft& draft, const Leg& leg) {
    if (!leg.pushed || leg.device == draft.call.ended_by) return;
    // A connected device that never said a word may have a dead socket, and its push may yet ring.
    const bool hears_its_socket = leg.connected && leg.state != LegState::announced;
    if (hears_its_socket) return;
    switch (leg.platform) {
        case Platform::android:
        case Platform::web:  // Its notification is replaced by one that tells how the call ended (WEB-02, WEB-N-09).
            trace(draft, leg.device, "cancel_push");
            draft.effects.emplace_back(SendPush{leg.device, PushKind::cancel, end_for(draft.call, leg.device)});
            return;
        case Platform::ios:
            // Every VoIP push has to be reported as a new call (IOS-PK-14): a cancel would ring. It verifies instead.
            trace(draft, leg.device, "cancel_push_skipped", "iOS reports every VoIP push as a call");
            return;
        case Platform::desktop:
            trace(draft, leg.device, "cancel_push_skipped", "no cancel push on this platform");
            return;
    }
}

/// Nobody can ask for them any more.
void forget_talk(CallDocument& call) {
    call.offer = {};
    call.answer = {};
    call.extra.reset();
    call.start_message.reset();
    call.answer_message.reset();
    call.caller = {};
    call.callee = {};
    call.abandoned_at.reset();
}

}  // namespace

protocol::Ended end_for(const CallDocument& call, const DeviceId& device) {
    const protocol::Ended ended{call.call_id, call.reason, call.source, call.ended_by != device, call.release_code};
    const auto other_end = [&](EndReason reason, EndSource source, bool by_remote = true) {
        return protocol::Ended{call.call_id, reason, source, by_remote, std::nullopt};
    };
    if (device == call.from_device) return ended;
    const Leg* leg = find_leg(call, device);
    // Another device of the caller's user took the call over.
    if (leg == nullptr) return other_end(EndReason::multi_device_answer, EndSource::caller);
    const bool is_own = knows_its_end(*leg) || call.phase == Phase::ringing || call.reason == EndReason::busy;
    if (leg->own_end && is_own && call.ended_by != device) return other_end(*leg->own_end, EndSource::callee, false);
    if (call.winner) {
        return *call.winner == device ? ended : other_end(EndReason::multi_device_answer, EndSource::callee);
    }
    if (call.ended_by && *call.ended_by != device && find_leg(call, *call.ended_by) != nullptr) {
        return other_end(EndReason::multi_device_decline, EndSource::callee);
    }
    // That its push failed is news for the caller. A device that asks all the same came too late.
    if (call.reason == EndReason::push_error) return other_end(EndReason::released_call, EndSource::cloud_server);
    return ended;
}

bool knows_its_end(const Leg& leg) { return leg.own_end && leg.own_end != EndReason::busy; }

void tell_end(Draft& draft, const DeviceId& device) {
    const bool told = std::ranges::any_of(draft.effects, [&](const Effect& effect) {
        const auto* send = std::get_if<SendToDevice>(&effect);
        return send != nullptr && send->device == device && holds<protocol::Ended>(send->message);
    });
    if (!told) tell(draft, device, end_for(draft.call, device));
}

void stop_leg(Draft& draft, Leg& leg) {
    leg.push_at.reset();
    if (leg.state == LegState::unreachable && !leg.pushed) return;  // It never heard of the call.
    tell_end(draft, leg.device);
    cancel_push(draft, leg);
    if (leg.own_end) return;  // Its state says why it did not take the call.
    leg.state = leg.device == draft.call.ended_by ? LegState::declined : LegState::stopped;
}

void finish(Draft& draft, Ending ending) {
    CallDocument& call = draft.call;
    const bool was_answered = call.phase == Phase::answered;
    call.phase = Phase::ended;
    call.ended_at = draft.now;
    call.reason = ending.reason;
    call.source = ending.source;
    call.ended_by = std::move(ending.by);
    call.release_code = std::move(ending.release_code);

    if (!was_answered) trace(draft, call.ended_by, trace_word(call.reason));
    trace(
        draft, call.ended_by, "ended",
        std::string{to_string(call.reason)} + " by " + std::string{to_string(call.source)}
    );
    if (call.take) drop_take(draft, EndReason::released_call);
    if (was_answered) {
        tell_end(draft, *call.winner);
    } else {
        for (Leg& leg : call.legs) {
            if (!knows_its_end(leg)) stop_leg(draft, leg);
        }
    }
    tell_end(draft, call.from_device);
    draft.effects.emplace_back(history_of(call));
    forget_talk(call);
}

}  // namespace clarion::routing::detail
