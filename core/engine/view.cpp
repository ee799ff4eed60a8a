// SPDX-License-Identifier: Apache-2.0
#include "core/engine/view.hpp"

#include <algorithm>
#include <utility>

#include "core/engine/machine.hpp"

/// The calls as somebody sees them who opens the app now (I13).
namespace clarion::engine {

CallState state_of(const Call& call) {
    switch (call.phase) {
        case Phase::announced:
            return call.verification == Verification::verified ? CallState::verified : CallState::trying;
        case Phase::answering: return CallState::verified;
        case Phase::placing: return CallState::trying;
        case Phase::waiting: return CallState::wait_answer;
        case Phase::connecting:
            return call.direction == Direction::incoming ? CallState::verified : CallState::wait_answer;
        case Phase::connected: return CallState::connected;
        case Phase::ended: return CallState::disconnected;
    }
    return CallState::disconnected;
}

std::vector<CallView> Machine::calls() const {
    std::vector<CallView> views;
    for (const Call& call : state_.calls) {
        if (call.declined) continue;  // Never shown here: only what became of it elsewhere is waited for.
        CallView view{
            .call_id = call.call_id,
            .direction = call.direction,
            .media = call.media,
            .peer = call.peer,
            .name = call.name,
            .state = state_of(call),
            .phase = call.phase,
            .intent = call.intent,
            .live = call.audio_open,
            .mine = call.mine,
            .peer_state = call.peer_state,
            .peer_silenced = call.peer_silenced,
            .network_lost = call.connectivity == Connectivity::lost,
            .video_asked = call.change.step == Step::asking,
            .taking = call.taking,
            .quality = call.quality,
            .progress = call.progress,
            .start_message = call.start_message,
            .extra = call.extra,
            .connected_at = call.connected_at,
        };
        if (const callui::Record* record = ui_.find(call.call_id)) {
            view.on_screen = record->on_screen;
            view.held = record->held;
            view.peer_held = record->peer_held;
            view.muted = record->muted;
        }
        views.push_back(std::move(view));
    }
    return views;
}

Adoption Machine::adopt(const CallId& id) const {
    const auto views = calls();
    const auto live = std::ranges::find(views, id, &CallView::call_id);
    if (live != views.end() && live->phase != Phase::ended && live->intent != Intent::ended) {
        return {.result = AdoptResult::live, .call = *live};
    }
    const auto other = std::ranges::find(state_.elsewhere, id, &protocol::LiveCall::call_id);
    const bool has_it = other != state_.elsewhere.end() && other->device != config_.device;
    const auto over = std::ranges::find(state_.tombstones, id, &Tombstone::call_id);
    if (over == state_.tombstones.end() || over->until <= state_.now) {
        return {.result = has_it ? AdoptResult::elsewhere : AdoptResult::unknown};
    }
    const bool was_taken = over->end == EndReason::multi_device_answer;
    return {
        .result = has_it || was_taken ? AdoptResult::elsewhere : AdoptResult::ended,
        .reason = over->end,
        .source = over->source,
        .by_remote = over->by_remote,
        .outcome = over->outcome,
    };
}

}  // namespace clarion::engine
