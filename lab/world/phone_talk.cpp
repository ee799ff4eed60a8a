// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <string>

#include "lab/world/phone.hpp"
#include "lab/world/world.hpp"

/// What a person does in the app while a call lives: data, video, and going on with it on another device.
namespace clarion::lab::world {

namespace {

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
    tell(engine::TakeRequested{.call_id = call_id(call)});
}

}  // namespace clarion::lab::world
