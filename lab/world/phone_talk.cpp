// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <string>

#include "lab/world/phone.hpp"
#include "lab/world/world.hpp"

/// What a person does in the app while a call lives: data, video, and going on with it on another device.
namespace clarion::lab::world {

namespace {

constexpr std::int64_t kActivationTime = 40;
constexpr std::int64_t kChoosingTime = 300;  // From the list of calls to the tap on one.

}  // namespace

void Phone::talk(DeedKind kind, std::uint8_t call) {
    const ScreenCall* shown = on_screen(call);
    if (!engine_ || shown == nullptr || shown->state != ScreenState::connected) return;
    const CallId id = shown->id;
    open_app();
    world_.note(index_, call, "user: " + std::string{to_string(kind)});
    if (kind == DeedKind::send_data) {
        // Who says it, and which of their words it is.
        const std::string text = std::to_string(index_) + "." + std::to_string(++words_);
        return tell(engine::ShortDataRequested{id, "text", Redacted{text}});
    }
    if (kind == DeedKind::share_screen || kind == DeedKind::stop_sharing) {
        const bool on = kind == DeedKind::share_screen;
        const bool is_taken = takes(engine::ScreenShareChanged{id, on});
        Leg* of = leg(call);
        if (of != nullptr && (is_taken || !on)) of->is_sharing = on;
        return;
    }
    tell(engine::VideoRequested{.call_id = id, .on = kind == DeedKind::ask_video});
}

void Phone::answer_video(std::uint8_t call) {
    const bool accepted = dice(world_.seed(), 15, index_, call) % 4 != 0;
    tell(engine::VideoAnswered{.call_id = call_id(call), .accepted = accepted});
}

void Phone::ask_for_calls(std::uint8_t wanted) {
    if (!spec_.has_token || on_screen(wanted) != nullptr) return;
    open_app();
    wanted_ = wanted;
    world_.note(index_, wanted, "user: wants to take the call");
    tell(engine::OnlineRequested{true});
    tell(engine::CallsRequested{});
}

void Phone::perform(const engine::EmitNotice& out) {
    if (out.notice.kind != engine::NoticeKind::live_calls || wanted_ == kNoPhone) return;
    const auto& calls = out.notice.calls;
    const bool is_there = std::ranges::find(calls, call_id(wanted_), &protocol::LiveCall::call_id) != calls.end();
    if (is_there && on_screen(wanted_) == nullptr) {
        world_.schedule({
            .at = world_.now() + kChoosingTime,
            .kind = EventKind::take_call,
            .phone = index_,
            .call = wanted_,
            .number = life_,
        });
    }
    wanted_ = kNoPhone;
}

void Phone::take(std::uint8_t call) {
    world_.note(index_, call, "user: takes the call");
    muted_[call] = false;  // Whatever was tapped here before it went to the other device.
    tell(engine::TakeRequested{.call_id = call_id(call)});
}

void Phone::perform(const engine::StopScreenShare& out) {
    if (Leg* of = leg(call_index(out.call_id))) of->is_sharing = false;
}

// ---- calls of the phone's own network ----

CellularRule Phone::cellular_rule() const {
    const bool is_alone = spec_.platform == Platform::android && !spec_.has_telecom;
    return is_alone ? CellularRule::told : profile_.cellular;
}

void Phone::cellular(bool on) {
    if (cellular_rule() == CellularRule::none || cellular_ == on) return;
    world_.note(index_, kNoPhone, on ? "a cellular call begins" : "the cellular call ends");
    if (cellular_rule() == CellularRule::told) {
        cellular_ = on;
        tell(engine::CellularCallChanged{on});
    } else if (on) {
        make_room_for_cellular();
        cellular_ = true;
    } else {
        cellular_ = false;
        lend_audio();
    }
    world_.schedule({.at = world_.now(), .kind = EventKind::checkpoint, .call = kNoPhone});
}

/// The system's word to the calls of the app: hold what is talked, end what cannot be held (AND-TEL-06).
void Phone::make_room_for_cellular() {
    const std::vector<ScreenCall> shown = screen_;
    for (const ScreenCall& call : shown) {
        if (!engine_ || find(call.id) == nullptr || call.call == kNoPhone) continue;
        const callui::ActionId action = next_action_++;
        if (call.state == ScreenState::connected) {
            if (!call.is_held) tell(engine::UserHeld{call.id, true, action});
        } else if (call.state == ScreenState::accepted || call.state == ScreenState::dialing) {
            world_.tapped(*this, DeedKind::hang_up, call.call, action);
            remove(call.id);
            tell(engine::UserEnded{call.id, action});
        }
    }
    audio(false);
}

/// A process that starts meanwhile: it learns of the cellular call, or takes the line for what its user answered
/// before.
void Phone::resume_cellular() {
    if (cellular_rule() == CellularRule::told) {
        tell(engine::CellularCallChanged{true});
    } else if (std::ranges::any_of(screen_, [](const ScreenCall& call) {
                   return call.state == ScreenState::accepted || call.state == ScreenState::dialing;
               })) {
        take_line();
    }
}

/// What is answered, placed or taken off hold has the line; the system puts the cellular call on hold.
void Phone::take_line() {
    if (cellular_ && cellular_rule() == CellularRule::arbitrated) cellular(false);
}

/// To a call that is talked. One on hold waits for its user (IOS-AU-05).
void Phone::lend_audio() {
    if (!profile_.rules.audio_session || audio_active_) return;
    const bool is_wanted = std::ranges::any_of(screen_, [](const ScreenCall& call) {
        return call.state == ScreenState::connected && !call.is_held;
    });
    if (!is_wanted) return;
    world_.schedule(
        {.at = world_.now() + kActivationTime, .kind = EventKind::audio_on, .phone = index_, .number = life_}
    );
}

}  // namespace clarion::lab::world
