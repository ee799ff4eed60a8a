// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <utility>

#include "core/engine/machine.hpp"

/// Several calls of one device: which one is talked, and what else wants the microphone. At most one call has audio.
namespace clarion::engine {

using callui::ChangeKind;

/// The user chose this call: answered it, placed it, took it off hold. Whoever they talked to waits (or is left).
void Machine::bring_to_front(const CallId& id) {
    state_.front = id;
    std::vector<CallId> others;
    for (const Call& call : state_.calls) {
        if (call.call_id != id && call.phase == Phase::connected) others.push_back(call.call_id);
    }
    for (const CallId& other : others) step_back(other);
}

/// A call that is talked, or about to be, gives way to the one in front.
void Machine::step_back(const CallId& id) {
    const Call* call = find_live(id);
    const callui::Record* record = ui_.find(id);
    if (call == nullptr || record == nullptr || call->phase != Phase::connected || record->held) return;
    if (state_.cellular) {
        find(id)->cellular_hold = true;
        (void)apply(UserHeld{id, true});
        return;
    }
    const Call* front = state_.front ? find_live(*state_.front) : nullptr;
    if (front == nullptr || front == call) return;
    if (config_.first_call == FirstCall::end) {
        (void)apply(UserEnded{id});
    } else {
        (void)apply(UserHeld{id, true});
    }
}

/// Microphone and speaker: both sides agreed and are ready, nobody on hold here, the user talks to nobody else, and the
/// system's activation where there is one (I6). One closes before another opens.
void Machine::update_audio() {
    const bool may = (!rules_.audio_session || ui_.audio_active()) && !state_.cellular;
    const auto wanted = [&](const Call& call) {
        if (!may || !is_agreed(call)) return false;
        const callui::Record* record = ui_.find(call.call_id);
        const bool held = record == nullptr || record->held;
        const bool prepares = call.mine.preparing || call.peer_state.preparing;
        const bool in_front = !state_.front || state_.front == call.call_id;
        return !held && !prepares && in_front;
    };
    Call* next = nullptr;
    for (Call& call : state_.calls) {
        const bool wants = wanted(call);
        if (call.audio_open && !wants) {
            call.audio_open = false;
            push(CloseAudio{call.call_id});
        }
        if (wants && (next == nullptr || call.audio_open)) next = &call;
    }
    if (next == nullptr || next->audio_open) return;
    next->audio_open = true;
    push(OpenAudio{next->call_id, state_.microphone});
}

Machine::Applied Machine::apply(const CellularCallChanged& input) {
    if (std::exchange(state_.cellular, input.active) == input.active) return {};
    std::vector<CallId> concerned;
    for (const Call& call : state_.calls) {
        const bool counts = input.active ? is_engaged(call) : call.cellular_hold;
        if (counts && call.phase != Phase::ended) concerned.push_back(call.call_id);
    }
    for (const CallId& id : concerned) {
        Call* call = find_live(id);
        if (call == nullptr) continue;
        if (!input.active) {
            call->cellular_hold = false;
            // The call that was talked when it began goes on; the others were on hold before.
            if (!state_.front || state_.front == id) (void)apply(UserHeld{id, false});
        } else if (config_.on_cellular == OnCellular::hold) {
            step_back(id);
        } else {
            const bool told = call->phase != Phase::announced && call->exposed;
            finish_here(id, EndReason::cell_call, told ? Tell::end : Tell::nobody);
        }
    }
    return {};
}

/// Permission given in the middle of a call, or taken away (IOS-AU-07).
Machine::Applied Machine::apply(const MicrophoneChanged& input) {
    if (std::exchange(state_.microphone, input.available) == input.available) return {};
    for (const Call& call : state_.calls) {
        if (call.audio_open) push(SetMicrophone{call.call_id, input.available});
    }
    std::vector<CallId> connected;
    for (const Call& call : state_.calls) {
        if (call.phase == Phase::connected) connected.push_back(call.call_id);
    }
    const auto what = input.available ? ChangeKind::microphone_present : ChangeKind::microphone_missing;
    for (const CallId& id : connected) tell_app(id, what);
    return {};
}

Machine::Applied Machine::apply(const AudioRouteRequested& input) {
    if (input.route == AudioRoute::unknown) return std::unexpected{InputError::bad_input};
    if (input.route != state_.route) push(SetAudioRoute{input.route});
    return {};
}

Machine::Applied Machine::apply(const AudioRouteChanged& input) {
    if (std::exchange(state_.route, input.route) == input.route) return {};
    emit({.kind = NoticeKind::audio_route, .route = input.route});
    return {};
}

// ---- busy ----

bool Machine::is_busy() const {
    if (state_.cellular && config_.on_cellular == OnCellular::end) return true;
    return !config_.allow_waiting && std::ranges::any_of(state_.calls, is_engaged);
}

void Machine::say_busy(Call& call) {
    call.deadline = {call.accept_at + kWaitMargin, TimerId::accept};
    request(protocol::Decline{
        .call_id = call.call_id, .ticket = call.ticket, .reason = EndReason::busy, .everywhere = false
    });
    out_.persist();
}

void Machine::finish_declined(const CallId& id, EndReason reason, EndSource source) {
    const Call call = *find(id);
    const Outcome outcome = outcome_of(call.direction, call.phase, reason);
    forget(id);
    if (outcome == Outcome::missed) {
        (void)tell_ui(callui::MissedCallLearned{
            .call_id = id, .name = call.name, .handle = Redacted{call.peer.text()}, .media = call.media
        });
    }
    mark_ended({
        .call_id = id,
        .reason = system_end_reason(reason, true),
        .end = reason,
        .source = source,
        .outcome = outcome,
    });
}

}  // namespace clarion::engine
