// SPDX-License-Identifier: Apache-2.0
#include "lab/devices/device_os.hpp"

#include <algorithm>
#include <utility>

namespace clarion::lab {

std::string_view to_string(Violation violation) {
    switch (violation) {
        case Violation::ios_unreported_push: return "IOS_UNREPORTED_PUSH";
        case Violation::ios_late_report: return "IOS_LATE_REPORT";
        case Violation::ios_push_blocked: return "IOS_PUSH_BLOCKED";
        case Violation::ios_unknown_uuid: return "IOS_UNKNOWN_UUID";
        case Violation::ios_action_timeout: return "IOS_ACTION_TIMEOUT";
        case Violation::and_fgs_not_allowed: return "AND_FGS_NOT_ALLOWED";
        case Violation::and_fgs_type: return "AND_FGS_TYPE";
    }
    return "?";
}

std::string_view to_string(ScreenState state) {
    switch (state) {
        case ScreenState::incoming: return "incoming";
        case ScreenState::connecting: return "connecting";
        case ScreenState::dialing: return "dialing";
        case ScreenState::connected: return "connected";
        case ScreenState::held: return "held";
        case ScreenState::gone: return "gone";
    }
    return "?";
}

void DeviceOs::handle(Instant now, const OsFact& fact) {
    std::visit([&](const auto& one) { on(now, one); }, fact);
}

std::optional<OsCommand> DeviceOs::poll_command() {
    if (commands_.empty()) return std::nullopt;
    std::optional<OsCommand> first{std::move(commands_.front())};
    commands_.pop_front();
    return first;
}

Instant DeviceOs::next_deadline() const {
    Instant at = std::min({push_kill_at_, grace_until_, foreground_service_ ? kNever : window_until_});
    for (const auto& [id, call] : screen_) at = std::min(at, call.pending_until);
    return at;
}

// ---- pushes and the process ----

void DeviceOs::on(Instant now, const PushArrived& fact) {
    if (platform_ == Platform::ios && is_blocked()) {
        // The server keeps getting 200; only the phone knows (IOS-PK-04, IOS-PK-05).
        commands_.push_back(ReportViolation{Violation::ios_push_blocked});
        return;
    }
    if (app_ == App::running && !push_open_) {
        deliver(now, fact);
        return;
    }
    waiting_pushes_.push_back(fact);
    if (app_ == App::dead) {
        app_ = App::starting;
        commands_.push_back(StartApp{});
        // The second check of the system watches the launch as well: no delegate in time is no report in time.
        if (platform_ == Platform::ios) push_kill_at_ = now + rules_.push_hard_kill;
    }
}

void DeviceOs::deliver(Instant now, const PushArrived& push) {
    push_open_ = true;
    push_reported_ = false;
    if (platform_ == Platform::ios) {
        push_kill_at_ = now + rules_.push_hard_kill;
        grace_until_ = kNever;
    } else {
        if (!visible_) window_until_ = now + rules_.push_window;
        if (push.high_priority) exempt_until_ = now + rules_.fgs_exemption;
    }
    commands_.push_back(TellApp{push.push});
}

void DeviceOs::said(Instant now, const native::Launched&) {
    app_ = App::running;
    if (waiting_pushes_.empty()) {
        push_kill_at_ = kNever;
        return;
    }
    const PushArrived first = std::move(waiting_pushes_.front());
    waiting_pushes_.pop_front();
    deliver(now, first);
}

void DeviceOs::said(Instant now, const native::PushHandlerReturned&) {
    if (!push_open_) return;
    push_open_ = false;
    push_kill_at_ = kNever;
    // IOS-PK-02, with the exemption of IOS-PK-07 for an app that has a call already.
    const bool exempt = visible_ || !screen_.empty();
    if (platform_ == Platform::ios && !push_reported_ && !exempt) {
        ++push_failures_;
        punish(Violation::ios_unreported_push);
        return;
    }
    if (!waiting_pushes_.empty()) {
        const PushArrived next = std::move(waiting_pushes_.front());
        waiting_pushes_.pop_front();
        deliver(now, next);
        return;
    }
    calls_may_be_over(now);
}

void DeviceOs::on(Instant now, const AppExited&) {
    forget_app();
    // A push that came while the old process was dying still wakes a new one.
    if (!waiting_pushes_.empty()) {
        app_ = App::starting;
        commands_.push_back(StartApp{});
        if (platform_ == Platform::ios) push_kill_at_ = now + rules_.push_hard_kill;
    }
}

void DeviceOs::forget_app() {
    app_ = App::dead;
    push_open_ = false;
    push_kill_at_ = kNever;
    window_until_ = kNever;
    grace_until_ = kNever;
    foreground_service_ = false;
    audio_active_ = false;
    visible_ = false;
    // IOS-CK-15: the calls of a dead process leave the screen; an Android notification of a dead process has no calls.
    while (!screen_.empty()) {
        const CallId id = screen_.begin()->first;
        change(id, ScreenState::gone);
        screen_.erase(id);
    }
}

void DeviceOs::punish(Violation violation) {
    commands_.push_back(ReportViolation{violation});
    kill(std::string{to_string(violation)});
}

void DeviceOs::kill(std::string why) {
    commands_.push_back(KillApp{std::move(why)});
    forget_app();
}

void DeviceOs::on(Instant now, const TimePassed&) {
    if (now >= push_kill_at_) {
        ++push_failures_;
        waiting_pushes_.clear();
        punish(Violation::ios_late_report);
        return;
    }
    if (now >= grace_until_) {
        kill("suspended in the background");
        return;
    }
    if (!foreground_service_ && now >= window_until_) {
        kill("push window over, no foreground service");
        return;
    }
    for (auto& [id, call] : screen_) {
        if (now < call.pending_until) continue;
        call.pending_until = kNever;
        commands_.push_back(ReportViolation{Violation::ios_action_timeout});
        commands_.push_back(TellApp{engine::ActionTimedOut{id, call.pending}});
        call.pending = 0;
        return;
    }
}

void DeviceOs::on(Instant, const AppOpenedByUser&) {
    visible_ = true;
    // Nobody suspends or kills what the user looks at.
    grace_until_ = kNever;
    window_until_ = kNever;
    if (app_ == App::dead) {
        app_ = App::starting;
        commands_.push_back(StartApp{});
    }
    commands_.push_back(TellApp{native::AppOpened{}});
}

// ---- the call screen ----

void DeviceOs::on(Instant now, const AppSaid& fact) {
    std::visit([&](const auto& message) { said(now, message); }, fact.message);
}

void DeviceOs::said(Instant now, const callui::ReportIncoming& report) {
    push_reported_ = true;
    if (screen_.contains(report.call_id)) {
        commands_.push_back(TellApp{engine::IncomingReported{report.call_id, engine::ReportResult::already_exists}});
        return;
    }
    if (focus_) {
        commands_.push_back(TellApp{engine::IncomingReported{report.call_id, engine::ReportResult::filtered_by_focus}});
        return;
    }
    (void)now;
    screen_.emplace(report.call_id, ScreenCall{.name = report.name.reveal(), .order = ++order_});
    change(report.call_id, ScreenState::incoming);
    commands_.push_back(TellApp{engine::IncomingReported{report.call_id, engine::ReportResult::shown}});
}

void DeviceOs::said(Instant, const callui::UpdateSystemCall& update) {
    const auto call = screen_.find(update.call_id);
    if (call != screen_.end()) {
        call->second.name = update.name.reveal();
        return;
    }
    if (platform_ != Platform::android) return;
    // A notification may be posted again by the process that came after: of a call that was accepted before.
    screen_.emplace(
        update.call_id, ScreenCall{.state = ScreenState::connecting, .name = update.name.reveal(), .order = ++order_}
    );
    change(update.call_id, ScreenState::connecting);
}

void DeviceOs::said(Instant now, const callui::EndSystemCall& end) {
    if (!screen_.contains(end.call_id)) {
        if (platform_ == Platform::ios) commands_.push_back(ReportViolation{Violation::ios_unknown_uuid});
        return;
    }
    remove(now, end.call_id, end.reason);
}

void DeviceOs::said(Instant, const callui::ReportOutgoing& report) {
    screen_.emplace(
        report.call_id, ScreenCall{.state = ScreenState::dialing, .name = report.name.reveal(), .order = ++order_}
    );
    change(report.call_id, ScreenState::dialing);
}

void DeviceOs::said(Instant, const callui::ReportOutgoingConnected& report) {
    if (screen_.contains(report.call_id)) change(report.call_id, ScreenState::connected);
}

void DeviceOs::said(Instant now, const callui::FulfilAction& done) {
    const auto found = screen_.find(done.call_id);
    if (found == screen_.end() || found->second.pending != done.action) return;
    found->second.pending = 0;
    found->second.pending_until = kNever;
    switch (found->second.pending_tap) {
        case Tap::decline:
        case Tap::hang_up: remove(now, done.call_id, std::nullopt); return;
        case Tap::hold: change(done.call_id, ScreenState::held); return;
        case Tap::resume: change(done.call_id, ScreenState::connected); return;
        case Tap::accept: change(done.call_id, ScreenState::connected);
    }
    // IOS-AU-03: perform, fulfil, then didActivate.
    if (platform_ == Platform::ios && !audio_active_) {
        audio_active_ = true;
        commands_.push_back(TellApp{engine::AudioActivated{}});
    }
}

void DeviceOs::said(Instant now, const callui::FailAction& failed) {
    const auto found = screen_.find(failed.call_id);
    if (found == screen_.end() || found->second.pending != failed.action) return;
    const Tap tap = found->second.pending_tap;
    if (tap == Tap::hold || tap == Tap::resume) {
        found->second.pending = 0;
        found->second.pending_until = kNever;
        return;  // The call stays as it is.
    }
    remove(now, failed.call_id, SystemEndReason::failed);
}

/// CallKit performs what an app asks for as it performs a tap, with an action of its own.
void DeviceOs::said(Instant now, const callui::ChangeSystemCall& asked) {
    if (platform_ != Platform::ios) return;
    switch (asked.change) {
        case callui::SystemChange::answer: return on(now, UserTapped{Tap::accept, asked.call_id});
        case callui::SystemChange::hold: return on(now, UserTapped{Tap::hold, asked.call_id});
        case callui::SystemChange::unhold: return on(now, UserTapped{Tap::resume, asked.call_id});
        default: return;  // Not on the screen that is watched here.
    }
}

void DeviceOs::on(Instant now, const UserTapped& fact) {
    const auto id = target_of(fact);
    if (!id) return;
    ScreenCall& call = screen_.at(*id);
    call.pending = next_action_++;
    call.pending_tap = fact.tap;
    // Only CallKit's actions have a time-out.
    if (platform_ == Platform::ios) call.pending_until = now + rules_.action_timeout;
    tapped_until_ = now + rules_.tap_exemption;
    exempt_until_ = std::max(exempt_until_, tapped_until_);
    switch (fact.tap) {
        case Tap::accept:
            change(*id, ScreenState::connecting);
            commands_.push_back(TellApp{engine::UserAnswered{*id, call.pending}});
            return;
        case Tap::decline:
        case Tap::hang_up: commands_.push_back(TellApp{engine::UserEnded{*id, call.pending}}); return;
        case Tap::hold:
        case Tap::resume:
            commands_.push_back(
                TellApp{engine::UserHeld{.call_id = *id, .on = fact.tap == Tap::hold, .action = call.pending}}
            );
            return;
    }
}

std::optional<CallId> DeviceOs::target_of(const UserTapped& fact) const {
    const auto fits = [&](const ScreenCall& call) {
        switch (fact.tap) {
            case Tap::accept:
            case Tap::decline: return call.state == ScreenState::incoming;
            case Tap::hang_up: return call.state != ScreenState::incoming;
            case Tap::hold: return call.state == ScreenState::connected;
            case Tap::resume: return call.state == ScreenState::held;
        }
        return false;
    };
    if (fact.call_id) {
        const auto found = screen_.find(*fact.call_id);
        return found != screen_.end() && fits(found->second) ? fact.call_id : std::nullopt;
    }
    std::optional<CallId> newest;
    std::uint64_t order = 0;
    for (const auto& [id, call] : screen_) {
        if (!fits(call) || call.order < order) continue;
        newest = id;
        order = call.order;
    }
    return newest;
}

void DeviceOs::change(const CallId& id, ScreenState state, std::optional<SystemEndReason> reason) {
    ScreenCall& call = screen_.at(id);
    call.state = state;
    commands_.push_back(ScreenChanged{id, state, call.name, reason});
}

void DeviceOs::remove(Instant now, const CallId& id, std::optional<SystemEndReason> reason) {
    change(id, ScreenState::gone, reason);
    screen_.erase(id);
    calls_may_be_over(now);
}

void DeviceOs::calls_may_be_over(Instant now) {
    if (platform_ != Platform::ios || !screen_.empty() || push_open_) return;
    if (audio_active_) {
        audio_active_ = false;
        commands_.push_back(TellApp{engine::AudioDeactivated{}});
    }
    if (!visible_) grace_until_ = now + rules_.background_grace;
}

// ---- Android's foreground service ----

void DeviceOs::said(Instant now, const callui::StartForegroundService& start) {
    if (platform_ != Platform::android) return;
    if (!visible_ && now > exempt_until_) {
        punish(Violation::and_fgs_not_allowed);
        return;
    }
    // AND-FGS-04: the microphone type needs a visible app or a user who just touched the notification.
    if (start.microphone && !visible_ && now > tapped_until_) {
        punish(Violation::and_fgs_type);
        return;
    }
    foreground_service_ = true;
}

void DeviceOs::said(Instant now, const callui::StopForegroundService&) {
    if (platform_ != Platform::android) return;
    foreground_service_ = false;
    if (visible_) return;
    // A cached process without a service lives only as long as its push window, or not much longer.
    window_until_ = std::max(window_until_ == kNever ? now : window_until_, now + Duration{1'000});
}

}  // namespace clarion::lab
