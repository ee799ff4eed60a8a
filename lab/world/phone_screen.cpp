// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <string>
#include <utility>

#include "lab/world/phone.hpp"
#include "lab/world/world.hpp"

/// The system's call screen of a phone, its audio and its app, as the engine commands them.
namespace clarion::lab::world {

namespace {

constexpr std::int64_t kReportTime = 5;  // From a report to the system's word.
constexpr std::int64_t kActivationTime = 40;
constexpr std::int64_t kThinkingTime = 700;
constexpr std::int64_t kStoreTime = 50;  // The app stores an event and acknowledges.

}  // namespace

// ---- the screen ----

const ScreenCall* Phone::on_screen(std::uint8_t call) const {
    const auto found = std::ranges::find(screen_, call, &ScreenCall::call);
    return found == screen_.end() ? nullptr : &*found;
}

ScreenCall* Phone::find(const CallId& id) {
    const auto found = std::ranges::find(screen_, id, &ScreenCall::id);
    return found == screen_.end() ? nullptr : &*found;
}

void Phone::remove(const CallId& id) {
    std::erase_if(screen_, [&](const ScreenCall& call) { return call.id == id; });
    if (screen_.empty()) screen_is_empty();
}

void Phone::screen_is_empty() {
    if (!engine_) return;
    if (audio_active_) {
        world_.schedule({.at = world_.now() + 1, .kind = EventKind::audio_off, .phone = index_, .number = life_});
    }
}

void Phone::perform(const callui::ReportIncoming& out) {
    ScreenCall* known = find(out.call_id);
    if (known != nullptr && known->state == ScreenState::refused) {  // It is not there: asked anew.
        std::erase_if(screen_, [&](const ScreenCall& call) { return call.id == out.call_id; });
        known = nullptr;
    }
    engine::ReportResult result = engine::ReportResult::already_exists;
    const std::uint8_t call = call_index(out.call_id);
    if (known == nullptr) {
        const bool is_refused = refusal_.has_value();
        result = is_refused ? *refusal_ : engine::ReportResult::shown;
        known = &screen_.emplace_back(ScreenCall{.call = call, .id = out.call_id});
        known->state = is_refused ? ScreenState::refused : ScreenState::ringing;
        known->is_taken = !profile_.rules.audio_session;
        known->since = world_.now();
        known->rings_for = out.ring_for.count();
        if (!is_refused) world_.note(index_, call, "rings");
    }
    const bool times_out = profile_.system_removes_late && out.ring_for > Duration{0};
    if (times_out && world_.scenario().has_faults) {
        world_.schedule({
            .at = world_.now() + out.ring_for.count(),
            .kind = EventKind::notification_timeout,
            .phone = index_,
            .call = call,
            .value = static_cast<std::uint64_t>(known->since),
        });
    }
    // Elsewhere nobody waits for the word on a placeholder.
    if (!out.placeholder || profile_.rules.audio_session) {
        answer_later({.id = out.call_id, .result = result, .is_placeholder = out.placeholder});
    }
}

void Phone::answer_later(Report report) {
    reports_.push_back(std::move(report));
    world_.schedule({.at = world_.now() + kReportTime, .kind = EventKind::reported, .phone = index_, .number = life_});
}

void Phone::perform(const callui::UpdateSystemCall& out) {
    // A notification may be posted again by the process that came after: of a call that was accepted before.
    if (find(out.call_id) != nullptr || profile_.rules.audio_session) return;
    screen_.push_back({
        .call = call_index(out.call_id),
        .id = out.call_id,
        .state = ScreenState::accepted,
        .since = world_.now(),
        .is_taken = true,
    });
}

void Phone::perform(const callui::EndSystemCall& out) {
    world_.note(index_, call_index(out.call_id), "off the screen");
    remove(out.call_id);
}

void Phone::perform(const callui::ReportOutgoing& out) {
    const bool is_callkit = profile_.rules.audio_session;
    const bool is_refused = is_callkit && refusal_ == engine::ReportResult::not_allowed;
    screen_.push_back({
        .call = call_index(out.call_id),
        .id = out.call_id,
        .state = is_refused ? ScreenState::refused : ScreenState::dialing,
        .since = world_.now(),
        .is_taken = !is_callkit,
    });
    if (is_callkit) {
        const auto result = is_refused ? engine::ReportResult::not_allowed : engine::ReportResult::shown;
        answer_later({.id = out.call_id, .result = result, .is_outgoing = true});
    }
    if (is_refused) return;
    world_.rang(index_, call_index(out.call_id));
    take_line();
    if (!is_callkit) return;
    world_.schedule(
        {.at = world_.now() + kActivationTime, .kind = EventKind::audio_on, .phone = index_, .number = life_}
    );
}

void Phone::perform(const callui::ReportOutgoingConnected& out) {
    if (ScreenCall* call = find(out.call_id)) call->state = ScreenState::connected;
    world_.note(index_, call_index(out.call_id), "connected");
}

void Phone::perform(const callui::FulfilAction& out) {
    ScreenCall* call = find(out.call_id);
    if (call == nullptr || call->pending != out.action) return;
    call->pending = 0;
    call->state = ScreenState::connected;
    world_.note(index_, call->call, "connected");
    if (!profile_.rules.audio_session || audio_active_) return;
    world_.schedule(
        {.at = world_.now() + kActivationTime, .kind = EventKind::audio_on, .phone = index_, .number = life_}
    );
}

void Phone::perform(const callui::ChangeSystemCall& out) {
    ScreenCall* call = find(out.call_id);
    if (call == nullptr) return;
    switch (out.change) {
        case callui::SystemChange::answer:
            if (call->state != ScreenState::ringing) return;
            call->state = ScreenState::accepted;
            // CallKit takes the app's wish as if the person had tapped.
            if (profile_.rules.audio_session) {
                call->pending = next_action_++;
                world_.schedule({
                    .at = world_.now() + kReportTime,
                    .kind = EventKind::answer_asked,
                    .phone = index_,
                    .call = call->call,
                    .number = life_,
                    .value = call->pending,
                });
            }
            return;
        case callui::SystemChange::mute:
        case callui::SystemChange::unmute: muted_[call->call] = out.change == callui::SystemChange::mute; return;
        case callui::SystemChange::hold:
        case callui::SystemChange::unhold: call->is_held = out.change == callui::SystemChange::hold; return;
        default: return;
    }
}

void Phone::perform(const engine::SetHeld& out) {
    if (ScreenCall* call = find(out.call_id)) call->is_held = out.on;
}

void Phone::perform(const callui::FailAction& out) {
    ScreenCall* call = find(out.call_id);
    if (call != nullptr && out.action != 0 && out.action == last_hold_) call->is_held = was_held_;
    if (call != nullptr && call->pending == out.action) remove(out.call_id);
}

void Phone::perform(const callui::EmitEvent& out) {
    seen_event_ = out.event->seq;
    if (out.event->kind == callui::EventKind::connected) {
        ScreenCall* call = find(out.event->call_id);
        // Answered on the app's own screen: no action says so.
        if (call != nullptr && call->pending == 0) call->state = ScreenState::connected;
    }
    const bool asks = out.event->change && out.event->change->what == callui::ChangeKind::video_asked;
    if (asks) {
        const std::uint8_t call = call_index(out.event->call_id);
        const std::int64_t at = world_.now() + kThinkingTime;
        world_.schedule({.at = at, .kind = EventKind::video_asked, .phone = index_, .call = call, .number = life_});
    }
    if (dice(world_.seed(), 6, index_, out.event->seq) % 2 == 0) return;
    world_.schedule({.at = world_.now() + kStoreTime, .kind = EventKind::acknowledge, .phone = index_, .number = life_}
    );
}

void Phone::perform(const callui::PersistSnapshot&) {
    if (!world_.scenario().has_faults || !world_.mutation().persists()) return;
    journal_ = engine_->snapshot();
    journal_boot_ms_ = boot_ms_;
}

}  // namespace clarion::lab::world
