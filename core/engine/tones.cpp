// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <utility>

#include "core/engine/machine.hpp"

/// The tones of a device have one owner: at most one sounds, and it is always known why.
namespace clarion::engine {

std::optional<Tune> Machine::tune_due() const {
    const auto is_held = [&](const Call& call) {
        const callui::Record* record = ui_.find(call.call_id);
        return record == nullptr || record->held;
    };
    bool talks = state_.cellular;
    for (const Call& call : state_.calls) {
        if (!is_agreed(call) || is_held(call)) continue;
        if (call.phase == Phase::connected && call.peer_state.held && !state_.cellular) {
            return Tune{Tone::hold, call.call_id};
        }
        talks = true;
    }
    if (talks) return std::nullopt;
    for (const Call& call : state_.calls) {
        // Honest: the callee's device says itself that it rings.
        const bool rings = call.phase == Phase::waiting && call.progress && call.progress->ringing > 0;
        if (rings) return Tune{Tone::ringback, call.call_id};
    }
    const auto platform = config_.platform;
    const bool is_bare = platform == protocol::Platform::desktop || platform == protocol::Platform::web;
    const bool has_ring = config_.ring_tone.value_or(is_bare);
    for (const Call& call : state_.calls) {
        if (!has_ring) break;
        const callui::Record* record = ui_.find(call.call_id);
        const bool rings = record != nullptr && record->on_screen && !record->silenced && !record->hidden &&
                           !record->outgoing && record->phase == callui::Phase::waiting;
        if (rings) return Tune{Tone::ring, call.call_id};
    }
    if (end_tune_) return end_tune_;
    if (state_.tune && state_.tune->until != kNever && state_.tune->until > state_.now) return state_.tune;
    return std::nullopt;
}

void Machine::update_tones() {
    const bool may = !rules_.audio_session || ui_.audio_active();
    const std::optional<Tune> due = may ? tune_due() : std::nullopt;
    end_tune_.reset();
    const bool same = due.has_value() == state_.tune.has_value() &&
                      (!due || (due->tone == state_.tune->tone && due->call_id == state_.tune->call_id));
    if (same) return;
    state_.tune = due;
    if (due) {
        push(PlayTone{due->tone, due->call_id});
    } else {
        push(StopTone{});
    }
}

/// For a user who did not end the call themselves, and who had it at their ear.
void Machine::play_end(const Call& call, const callui::CallEnded& end) {
    const bool heard = call.direction == Direction::outgoing || is_agreed(call);
    const bool goes_on = end.reason == EndReason::already_got_a_call || end.reason == EndReason::multi_device_answer;
    if (end.by_user || !heard || goes_on || config_.end_tone <= Duration{0}) return;
    const Tone tone = end.reason == EndReason::busy ? Tone::busy : Tone::end;
    end_tune_ = Tune{tone, call.call_id, state_.now + config_.end_tone};
}

}  // namespace clarion::engine
