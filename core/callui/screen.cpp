// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <utility>

#include "core/callui/callui.hpp"

/// What the system shows: the report, the notices, the foreground service, and how they look.
namespace clarion::callui {

void CallUi::report(const Record& record, bool placeholder) {
    const Duration left = record.ring_until == kNever ? Duration{0} : record.ring_until - state_.now;
    out_.push(ReportIncoming{
        .call_id = record.call_id,
        .name = record.name,
        .handle = record.handle,
        .media = record.media,
        .ring_for = std::max(left, Duration{0}),
        .placeholder = placeholder,
        .silent = record.silenced,
        .style = placeholder ? OptionalBox<CallStyle>{} : style_of(record.style),
        .headers = record.headers,
        .backend_id = record.backend_id,
    });
    if (!placeholder) revive_report(record);
    if (!record.shown) await_report(record.call_id, false);
}

void CallUi::report_outgoing(const Record& record) {
    show(ReportOutgoing{
        .call_id = record.call_id,
        .name = record.name,
        .handle = record.handle,
        .media = record.media,
        .style = style_of(record.style),
        .headers = record.headers,
        .backend_id = record.backend_id,
    });
}

/// The user wants a call that the system does not let ring: it goes on as one of their own. Without a place on the
/// screen it could be neither heard (IOS-AU-02) nor ended there.
void CallUi::show_as_placed(Record& record) {
    record.outgoing = true;
    record.on_screen = true;
    report_outgoing(record);
    if (record.phase == Phase::connected) show(ReportOutgoingConnected{record.call_id});
    out_.persist();
}

/// The call's own, else the app's, else the defaults; of the groups exactly the one that this system reads.
CallStyle CallUi::style_of(const OptionalBox<CallStyle>& own) const {
    CallStyle style = own ? *own : state_.style ? *state_.style : CallStyle{};
    if (!style.android && state_.style) style.android = state_.style->android;
    if (!style.ios && state_.style) style.ios = state_.style->ios;
    if (rules_.style != StyleGroup::android) {
        style.android.reset();
    } else if (!style.android) {
        style.android.emplace();
    }
    if (rules_.style != StyleGroup::ios) {
        style.ios.reset();
    } else if (!style.ios) {
        style.ios.emplace();
    }
    return style;
}

/// The system's own screen follows what was done elsewhere.
void CallUi::change(const Record& record, SystemChange what) {
    const bool is_always = what == SystemChange::answer || what == SystemChange::hide || what == SystemChange::silence;
    if (record.on_screen && (is_always || rules_.controls)) show(ChangeSystemCall{record.call_id, what});
}

/// One owner of the foreground service, bound to the set of calls (I11, defects 33 and 34).
void CallUi::update_service() {
    if (!rules_.foreground_service) return;
    ServiceState wanted = ServiceState::off;
    for (const Record& record : state_.records) {
        const bool lives = record.phase != Phase::waiting;
        if (record.outgoing || (lives && !record.revived)) {
            wanted = ServiceState::with_microphone;
        } else if ((record.on_screen || lives) && wanted == ServiceState::off) {
            wanted = ServiceState::on;
        }
    }
    if (wanted == state_.service) return;
    state_.service = wanted;
    if (wanted == ServiceState::off) {
        out_.push(StopForegroundService{});
    } else {
        out_.push(StartForegroundService{wanted == ServiceState::with_microphone});
    }
}

namespace {

std::optional<OngoingStage> stage_of(const Record& record) {
    switch (record.phase) {
        case Phase::waiting: return record.outgoing ? std::optional{OngoingStage::calling} : std::nullopt;
        case Phase::accepted: return OngoingStage::connecting;
        case Phase::connected: return record.held ? OngoingStage::on_hold : OngoingStage::talking;
    }
    return std::nullopt;
}

}  // namespace

void CallUi::update_ongoing() {
    if (!rules_.ongoing_notice) return;
    for (Record& record : state_.records) {
        const auto stage = stage_of(record);
        if (!stage || stage == record.notice_shown) continue;
        CallStyle style = style_of(record.style);
        if (!style.calling.show) continue;
        record.notice_shown = stage;
        out_.push(ShowOngoingCall{
            .call_id = record.call_id,
            .stage = *stage,
            .name = record.name,
            .handle = record.handle,
            .media = record.media,
            .talked_for = record.connected_at ? state_.now - *record.connected_at : Duration{0},
            .style = std::move(style),
            .headers = record.headers,
        });
    }
}

/// A missed call leaves one notice, a declined or elsewhere answered one none (I9); for what lies between the app has a
/// choice.
bool CallUi::wants_notice(const Record& record, const CallEnded& end) const {
    const bool by_rules = record.notice == Notice::by_rules && rules_.missed_call_notice;
    if (record.outgoing || (record.notice != Notice::due && !by_rules)) return false;
    const CallPolicy policy = state_.policy.value_or(CallPolicy{});
    if (end.outcome == Outcome::failed) return policy.notice_if_failed && record.phase != Phase::connected;
    if (end.outcome != Outcome::missed) return false;
    return end.reason != EndReason::busy || policy.notice_if_busy;
}

void CallUi::show_missed(RecentCall& call, const OptionalBox<CallStyle>& own) {
    CallStyle style = style_of(own);
    call.noticed = true;
    if (!style.missed.show) return;
    call.notice_stands = true;
    out_.push(ShowMissedCall{
        .call_id = call.call_id,
        .name = call.name,
        .handle = call.handle,
        .media = call.media,
        .style = std::move(style),
        .headers = call.headers,
        .backend_id = call.backend_id,
    });
}

}  // namespace clarion::callui
