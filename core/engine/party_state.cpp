// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <utility>

#include "core/engine/machine.hpp"

/// What each side tells the other of itself in a call: hold, mute, pictures, screen, readiness; and their apps' words.
/// `mine` is how it is, `told` what the peer knows; update_states() brings them together when an input is done.
namespace clarion::engine {

using callui::Change;
using callui::ChangeKind;
using protocol::PartyState;
using protocol::PauseReason;
using protocol::Video;

namespace {

std::unexpected<InputError> refused(InputError error) { return std::unexpected{error}; }

}  // namespace

void Machine::tell_app(const CallId& call, Change change) {
    (void)tell_ui(callui::CallChanged{call, std::move(change)});
}

void Machine::tell_app(const CallId& call, ChangeKind what, bool on) { tell_app(call, {.what = what, .on = on}); }

// ---- this side ----

/// Both sides know the same at the moment of the answer: this is where their states begin.
void Machine::begin_states(Call& call, bool peer_prepares) {
    const Video video = call.media == Media::video ? Video::on : Video::off;
    const bool prepares = call.direction == Direction::incoming && call.responder_preparation && call.wants_preparation;
    call.told = {.video = video, .preparing = prepares};
    call.peer_state = {.video = video, .preparing = peer_prepares};
    call.mine.video = video;
    call.mine.preparing = prepares;
    if (video == Video::on && call.video_paused) {
        call.mine.video = Video::paused;
        call.mine.pause_reason = PauseReason::user;
    }
    if (video != Video::off) push(SetVideo{call.call_id, call.mine.video});
}

/// What happened on the screen, whoever did it there, means something for the media and the peer.
void Machine::update_states() {
    for (Call& call : state_.calls) {
        const callui::Record* record = ui_.find(call.call_id);
        if (call.phase == Phase::ended || record == nullptr) continue;
        if (record->muted != call.mine.muted) {
            call.mine.muted = record->muted;
            if (call.preparation != Preparation::none) push(SetMuted{call.call_id, record->muted});
        }
        if (record->held != call.mine.held) set_hold(call, record->held, {});
        if (!is_agreed(call) || call.mine == call.told) continue;
        call.told = call.mine;
        repeat_state(call);
    }
}

/// Whole, so that only the last one counts.
void Machine::repeat_state(const Call& call) {
    std::erase_if(state_.requests, [&](const Request& request) {
        const auto* old = std::get_if<protocol::MyState>(&request.frame.message);
        return old != nullptr && old->call_id == call.call_id;
    });
    request(protocol::MyState{call.call_id, call.mine});
}

/// Both directions stop at this side; the camera and the screen too (LINE Planet: hold).
void Machine::set_hold(Call& call, bool on, const std::string& reason) {
    if (std::exchange(call.mine.held, on) == on) return;
    call.mine.hold_reason = on ? reason : std::string{};
    if (on && std::exchange(call.audio_open, false)) push(CloseAudio{call.call_id});
    push(SetHeld{call.call_id, on});
    if (on && call.mine.video == Video::on) {
        call.mine.video = Video::paused;
        call.mine.pause_reason = PauseReason::hold;
        push(SetVideo{call.call_id, Video::paused});
    } else if (!on && call.mine.video == Video::paused && call.mine.pause_reason == PauseReason::hold) {
        call.mine.video = Video::on;
        call.mine.pause_reason = PauseReason::unknown;
        push(SetVideo{call.call_id, Video::on});
    }
    if (on && std::exchange(call.mine.screen_shared, false)) {
        push(StopScreenShare{call.call_id});
        tell_app(call.call_id, ChangeKind::screen_stopped);
    }
}

Machine::Applied Machine::apply(const HoldRequested& input) {
    if (input.reason.size() > protocol::kHoldReasonLengthMax) return refused(InputError::bad_input);
    if (Call* call = find_live(input.call_id)) call->hold_reason = input.reason;
    auto applied = apply(UserHeld{input.call_id, input.on});
    if (Call* call = find_live(input.call_id)) call->hold_reason.clear();
    return applied;
}

Machine::Applied Machine::apply(const PreparationFinished& input) {
    Call* call = find_live(input.call_id);
    if (call == nullptr) return refused(InputError::unknown_call);
    if (call->direction != Direction::incoming) return refused(InputError::wrong_state);
    if (!is_agreed(*call)) {
        call->wants_preparation = false;  // Ready before the answer: nothing to wait for.
        return {};
    }
    if (!std::exchange(call->mine.preparing, false)) return {};
    if (call->phase == Phase::connected) tell_app(input.call_id, ChangeKind::preparation_finished);
    return {};
}

Machine::Applied Machine::apply(const PeerSilenceRequested& input) {
    Call* call = find_live(input.call_id);
    if (call == nullptr) return refused(InputError::unknown_call);
    if (!is_agreed(*call)) return refused(InputError::wrong_state);
    if (std::exchange(call->peer_silenced, input.on) == input.on) return {};
    push(SetPeerSilenced{input.call_id, input.on});
    tell_app(input.call_id, input.on ? ChangeKind::silenced_peer : ChangeKind::unsilenced_peer);
    return {};
}

Machine::Applied Machine::apply(const MuteAsked& input) {
    const Call* call = find_live(input.call_id);
    if (call == nullptr) return refused(InputError::unknown_call);
    if (!is_agreed(*call)) return refused(InputError::wrong_state);
    request(protocol::MuteRequest{input.call_id, input.on});
    return {};
}

Machine::Applied Machine::apply(const VideoPaused& input) {
    Call* call = find_live(input.call_id);
    if (call == nullptr) return refused(InputError::unknown_call);
    if (call->media != Media::video || !is_agreed(*call)) return refused(InputError::wrong_state);
    // On hold it stays paused, and the wish is remembered by the reason for it.
    const bool held = call->mine.held;
    PartyState next = call->mine;
    next.video = input.on || held ? Video::paused : Video::on;
    next.pause_reason = input.on ? input.reason : held ? PauseReason::hold : PauseReason::unknown;
    if (next == call->mine) return {};
    if (next.video != call->mine.video) push(SetVideo{input.call_id, next.video});
    call->mine = next;
    return {};
}

Machine::Applied Machine::apply(const ScreenShareChanged& input) {
    Call* call = find_live(input.call_id);
    if (call == nullptr) return refused(InputError::unknown_call);
    if (!is_agreed(*call) || (input.on && call->mine.held)) return refused(InputError::wrong_state);
    call->mine.screen_shared = input.on;
    return {};
}

Machine::Applied Machine::apply(const ShortDataRequested& input) {
    const bool fits = input.data_type.size() <= protocol::kShortDataTypeLengthMax &&
                      input.data.reveal().size() <= protocol::kShortDataLengthMax;
    if (!fits) return refused(InputError::bad_input);
    Call* call = find_live(input.call_id);
    if (call == nullptr) return refused(InputError::unknown_call);
    if (!is_agreed(*call)) return refused(InputError::wrong_state);
    request(protocol::ShortData{input.call_id, ++call->data_number, input.data_type, input.data});
    return {};
}

// ---- the peer ----

void Machine::on(const protocol::PeerState& event) {
    if (Call* call = find_live(event.call_id)) hear_peer_state(*call, event.state);
}

void Machine::hear_peer_state(Call& call, const PartyState& state) {
    if (!is_agreed(call) || state.hold_reason.size() > protocol::kHoldReasonLengthMax) return;
    const PartyState before = std::exchange(call.peer_state, state);
    const CallId id = call.call_id;
    if (before.held != state.held) {
        (void)tell_ui(callui::PeerHoldChanged{id, state.held, Redacted{state.hold_reason}});
    }
    if (before.muted != state.muted) tell_app(id, state.muted ? ChangeKind::peer_muted : ChangeKind::peer_unmuted);
    hear_peer_video(call, before);
    if (before.screen_shared != state.screen_shared) {
        tell_app(id, state.screen_shared ? ChangeKind::peer_screen_started : ChangeKind::peer_screen_stopped);
    }
    if (before.preparing && !state.preparing && call.phase == Phase::connected) {
        tell_app(id, ChangeKind::preparation_finished);
    }
    if (before.network_lost != state.network_lost) {
        tell_app(id, state.network_lost ? ChangeKind::peer_network_lost : ChangeKind::peer_network_returned);
    }
}

void Machine::hear_peer_video(Call& call, const PartyState& before) {
    const PartyState& now = call.peer_state;
    if (now.video == Video::paused && (before.video != Video::paused || before.pause_reason != now.pause_reason)) {
        tell_app(
            call.call_id, {.what = ChangeKind::peer_video_paused, .by_peer = true, .pause_reason = now.pause_reason}
        );
    }
    if (now.video == Video::on && before.video == Video::paused) {
        tell_app(call.call_id, {.what = ChangeKind::peer_video_resumed, .by_peer = true});
    }
}

/// The app decides; nothing is done to the microphone here.
void Machine::on(const protocol::MuteRequest& event) {
    const Call* call = find_live(event.call_id);
    if (call == nullptr || !is_agreed(*call)) return;
    tell_app(event.call_id, {.what = ChangeKind::mute_asked, .on = event.on, .by_peer = true});
}

/// The peer's engine repeats what the server did not acknowledge: the number says what was heard already.
void Machine::on(const protocol::ShortData& event) {
    Call* call = find_live(event.call_id);
    if (call == nullptr || !is_agreed(*call) || event.number <= call->peer_data_number) return;
    const bool fits = event.data_type.size() <= protocol::kShortDataTypeLengthMax &&
                      event.data.reveal().size() <= protocol::kShortDataLengthMax;
    if (!fits) return;
    call->peer_data_number = event.number;
    tell_app(
        event.call_id,
        {.what = ChangeKind::short_data, .by_peer = true, .text = event.data, .data_type = event.data_type}
    );
}

}  // namespace clarion::engine
