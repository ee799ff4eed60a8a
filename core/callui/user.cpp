// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <utility>

#include "core/callui/callui.hpp"

/// What the user does with a call: on the system's screen (an action number), or on the app's own (0).
namespace clarion::callui {

namespace {

std::unexpected<InputError> refused(InputError error) { return std::unexpected{std::move(error)}; }

Origin origin_of(ActionId action) { return action != 0 ? Origin::user : Origin::app; }

}  // namespace

CallEnded user_end(const Record& record, ActionId action) {
    CallEnded end{.call_id = record.call_id, .by_user = action};
    end.source = record.outgoing ? EndSource::caller : EndSource::callee;
    if (record.phase == Phase::connected) {
        end.reason = EndReason::normal;
        end.outcome = Outcome::answered;
    } else {
        end.reason = record.outgoing ? EndReason::cancel : EndReason::decline;
        end.outcome = record.outgoing ? Outcome::cancelled : Outcome::declined;
    }
    return end;
}

CallUi::Applied CallUi::apply(const UserAnswered& input) {
    Record* record = find_record(input.call_id);
    if (record == nullptr || record->outgoing) {
        if (input.action == 0) return refused(record == nullptr ? InputError::unknown_call : InputError::wrong_state);
        fail(input.call_id, input.action);  // Its result is shown, whatever it is (I4).
        return {};
    }
    if (input.action != 0 && !is_new(input.action)) return {};
    if (input.action != 0) (void)settle_report(input.call_id, false, true);  // Who taps there saw it.
    if (record->phase == Phase::waiting && record->ring_until <= state_.now) {
        fail(input.call_id, input.action);
        finish_missed(*record, Origin::system);
        return {};
    }
    if (std::exchange(record->revived, false)) out_.persist();  // This tap permits the microphone (AND-FGS-04).
    if (record->phase == Phase::connected) {
        fulfil(input.call_id, input.action);
        return {};
    }
    if (input.action != 0) {
        if (record->answer_actions.try_push(input.action)) {
            remember(input.action);
        } else {
            fail(input.call_id, input.action);
        }
    }
    if (record->phase == Phase::accepted) return {};
    announce(*record);
    Event event = event_of(EventKind::answered, *record, origin_of(input.action));
    record->phase = Phase::accepted;
    const auto chosen = state_.policy.value_or(CallPolicy{}).connect_within;
    const Duration within = chosen.value_or(rules_.connect_within);
    if (within > Duration{0}) record->connect_by = state_.now + within;
    log_event(std::move(event));
    if (!record->on_screen) show_as_placed(*record);
    if (input.action == 0 && !record->outgoing) change(*record, SystemChange::answer);
    yield_to(input.call_id);
    return {};
}

CallUi::Applied CallUi::apply(const UserEnded& input) {
    const Record* record = find(input.call_id);
    if (record == nullptr) {
        if (input.action == 0) return refused(InputError::unknown_call);
        drop_report(input.call_id);           // Who taps there saw it, and ended it.
        fulfil(input.call_id, input.action);  // It is over already (IOS-CK-07).
        return {};
    }
    if (input.action != 0 && !is_new(input.action)) return {};
    finish(*record, user_end(*record, input.action), origin_of(input.action));
    return {};
}

CallUi::Applied CallUi::apply(const UserMuted& input) {
    Record* record = find_record(input.call_id);
    if (record == nullptr) {
        if (input.action == 0) return refused(InputError::unknown_call);
        fail(input.call_id, input.action);
        return {};
    }
    if (input.action != 0 && !is_new(input.action)) return {};
    fulfil(input.call_id, input.action);
    if (std::exchange(record->muted, input.on) != input.on) {
        log_event(input.on ? EventKind::muted : EventKind::unmuted, *record, origin_of(input.action));
        if (input.action == 0) change(*record, input.on ? SystemChange::mute : SystemChange::unmute);
    }
    return {};
}

CallUi::Applied CallUi::apply(const AllMuted& input) {
    for (Record& record : state_.records) {
        if (!record.outgoing && record.phase == Phase::waiting) continue;
        if (std::exchange(record.muted, input.on) == input.on) continue;
        log_event(input.on ? EventKind::muted : EventKind::unmuted, record, Origin::app);
        change(record, input.on ? SystemChange::mute : SystemChange::unmute);
    }
    return {};
}

CallUi::Applied CallUi::apply(const UserHeld& input) {
    Record* record = find_record(input.call_id);
    if (record == nullptr || record->phase != Phase::connected) {
        if (input.action == 0) return refused(record == nullptr ? InputError::unknown_call : InputError::wrong_state);
        fail(input.call_id, input.action);
        return {};
    }
    if (input.action != 0 && !is_new(input.action)) return {};
    fulfil(input.call_id, input.action);
    if (record->held == input.on) return {};
    set_held(*record, input.on, origin_of(input.action));
    return {};
}

CallUi::Applied CallUi::apply(const UserDialled& input) {
    const bool are_digits =
        !input.digits.empty() && input.digits.find_first_not_of("0123456789ABCDabcd*#,;") == std::string::npos;
    if (!are_digits) return refused({InputError::bad_input, "digits"});
    const Record* record = find(input.call_id);
    if (record == nullptr || record->phase != Phase::connected) {
        if (input.action == 0) return refused(record == nullptr ? InputError::unknown_call : InputError::wrong_state);
        fail(input.call_id, input.action);
        return {};
    }
    if (input.action != 0 && !is_new(input.action)) return {};
    fulfil(input.call_id, input.action);
    Event event = event_of(EventKind::dtmf, *record, origin_of(input.action));
    event.digits = input.digits;
    event.tone = input.tone;
    log_event(std::move(event));
    if (input.action == 0 && record->on_screen && rules_.controls) {
        show(ChangeSystemCall{record->call_id, SystemChange::dtmf, input.digits, input.tone});
    }
    return {};
}

CallUi::Applied CallUi::apply(const UserGrouped& input) {
    Record* record = find_record(input.call_id);
    const Record* with = input.with ? find(*input.with) : nullptr;
    const auto is_talked = [](const Record* one) { return one != nullptr && one->phase == Phase::connected; };
    const bool can = is_talked(record) && (!input.with || (is_talked(with) && with != record));
    if (!can) {
        if (input.action != 0) {
            fail(input.call_id, input.action);
            return {};
        }
        if (record == nullptr) return refused({InputError::unknown_call, "call_id"});
        if (input.with && with == nullptr) return refused({InputError::unknown_call, "with"});
        return refused({InputError::wrong_state, is_talked(record) ? "with" : "call_id"});
    }
    if (input.action != 0 && !is_new(input.action)) return {};
    fulfil(input.call_id, input.action);
    if (std::exchange(record->grouped_with, input.with) == input.with) return {};
    Event event = event_of(input.with ? EventKind::grouped : EventKind::ungrouped, *record, origin_of(input.action));
    event.with = input.with;
    log_event(std::move(event));
    if (input.action == 0 && record->on_screen && rules_.controls) {
        const auto what = input.with ? SystemChange::group : SystemChange::ungroup;
        show(ChangeSystemCall{.call_id = record->call_id, .change = what, .with = input.with});
    }
    return {};
}

// ---- several calls ----

bool CallUi::is_busy() const {
    return std::ranges::any_of(state_.records, [](const Record& r) { return r.outgoing || r.phase != Phase::waiting; });
}

void CallUi::set_held(Record& record, bool on, Origin origin) {
    record.held = on;
    record.held_since = on ? std::optional{state_.now} : std::nullopt;
    log_event(on ? EventKind::held : EventKind::unheld, record, origin);
    if (origin != Origin::user) change(record, on ? SystemChange::hold : SystemChange::unhold);
}

/// Another call was answered: what becomes of those that were talked is the app's choice (CallPolicy::first).
void CallUi::yield_to(const CallId& answered) {
    const FirstCall first = state_.policy.value_or(CallPolicy{}).first;
    if (first == FirstCall::leave) return;
    const std::vector<Record> records = state_.records;
    for (const Record& record : records) {
        if (record.call_id == answered || (!record.outgoing && record.phase == Phase::waiting)) continue;
        if (first == FirstCall::end) {
            CallEnded end = user_end(record, 0);
            end.by_user.reset();
            finish(record, end, Origin::system);
        } else if (record.phase == Phase::connected && !record.held) {
            set_held(*find_record(record.call_id), true, Origin::system);
        }
    }
}

/// A call ended: the system does not go on with the held one by itself (IOS-AU-05).
void CallUi::resume_held() {
    if (!state_.policy || !state_.policy->resume_held) return;
    Record* last = nullptr;
    for (Record& record : state_.records) {
        if (!record.held && (record.outgoing || record.phase != Phase::waiting)) return;
        if (!record.held_since) continue;
        if (last == nullptr || *last->held_since <= *record.held_since) last = &record;
    }
    if (last != nullptr) set_held(*last, false, Origin::system);
}

}  // namespace clarion::callui
