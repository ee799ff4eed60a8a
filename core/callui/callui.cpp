// SPDX-License-Identifier: Apache-2.0
#include "core/callui/callui.hpp"

#include <algorithm>
#include <utility>

namespace clarion::callui {

// ---- the contract ----

std::expected<void, InputError> CallUi::handle_input(Instant now, const Input& input) {
    if (!out_.empty()) return std::unexpected{InputError::undrained};
    if (now < state_.now) return std::unexpected{InputError::time_went_back};
    const Instant before = std::exchange(state_.now, now);
    const auto applied = std::visit([this](const auto& fact) { return apply(fact); }, input);
    if (!applied) {
        state_.now = before;
        return applied;
    }
    update_service();
    out_.settle();
    return {};
}

std::expected<void, InputError> CallUi::handle_timeout(Instant now) {
    if (!out_.empty()) return std::unexpected{InputError::undrained};
    if (now < state_.now) return std::unexpected{InputError::time_went_back};
    state_.now = now;
    expire();
    update_service();
    out_.settle();
    return {};
}

Instant CallUi::next_deadline() const {
    Instant first = kNever;
    for (const Record& record : state_.records) {
        if (!record.outgoing && record.phase == Phase::waiting) first = std::min(first, record.ring_until);
    }
    return first;
}

/// No device rings later than its ring timer says (I7), and a missed call leaves exactly one notice (I9).
void CallUi::expire() {
    const std::vector<Record> records = state_.records;
    for (const Record& record : records) {
        const bool rings = !record.outgoing && record.phase == Phase::waiting;
        if (rings && record.ring_until <= state_.now) finish_missed(record);
    }
}

void CallUi::finish_missed(const Record& record) {
    // The words of the server for the same end (I8). Silenced: it was cancelled or taken elsewhere, nobody said which.
    finish(
        record,
        {
            .call_id = record.call_id,
            .reason = EndReason::no_answer,
            .source = EndSource::caller,
            .by_remote = true,
            .outcome = Outcome::missed,
        }
    );
}

// ---- restore ----

std::expected<CallUi, RestoreError> CallUi::resume(SystemRules rules, const Snapshot& snapshot) {
    if (snapshot.version != kSnapshotVersion) return std::unexpected{RestoreError::unknown_version};
    const bool fits = snapshot.records.size() <= kRecordsMax && snapshot.events.size() <= kEventsMax;
    if (!fits) return std::unexpected{RestoreError::damaged};
    for (const Event& event : snapshot.events) {
        if (event.seq == 0 || event.seq >= snapshot.next_seq) return std::unexpected{RestoreError::damaged};
    }
    CallUi ui{rules, snapshot.now};
    ui.state_ = snapshot;
    return ui;
}

std::expected<CallUi, RestoreError> CallUi::restore(
    SystemRules rules, const Snapshot& snapshot, Instant now, Duration elapsed
) {
    auto ui = resume(rules, snapshot);
    if (!ui) return ui;
    for (Record& record : ui->state_.records) {
        if (record.ring_until != kNever) record.ring_until = now + ((record.ring_until - snapshot.now) - elapsed);
    }
    ui->state_.now = now;
    ui->revive();
    return ui;
}

void CallUi::revive() {
    // These belonged to the process.
    state_.attached = false;
    state_.audio_active = false;
    state_.service = ServiceState::off;
    state_.seen_actions.clear();
    for (Record& record : state_.records) {
        record.answer_actions.clear();
        const bool was_on_screen = record.on_screen;
        if (!rules_.screen_survives) record.on_screen = false;
        if (!was_on_screen || record.outgoing || record.phase == Phase::connected) continue;
        if (record.phase == Phase::waiting && record.ring_until <= state_.now) continue;
        record.on_screen = true;
        record.revived = record.phase == Phase::accepted;
        if (record.phase == Phase::accepted && rules_.screen_survives) {
            out_.push(UpdateSystemCall{record.call_id, record.name, record.media});
        } else {
            report(record, false);
        }
    }
    expire();
    update_service();
    out_.persist();
    out_.settle();
}

// ---- what several inputs need ----

const Record* CallUi::find(const CallId& call) const {
    const auto found = std::ranges::find(state_.records, call, &Record::call_id);
    return found == state_.records.end() ? nullptr : &*found;
}

Record* CallUi::find_record(const CallId& call) {
    const auto found = std::ranges::find(state_.records, call, &Record::call_id);
    return found == state_.records.end() ? nullptr : &*found;
}

void CallUi::report(const Record& record, bool placeholder) {
    const Duration left = record.ring_until == kNever ? Duration{0} : record.ring_until - state_.now;
    out_.push(ReportIncoming{
        .call_id = record.call_id,
        .name = record.name,
        .handle = record.handle,
        .media = record.media,
        .ring_for = std::max(left, Duration{0}),
        .placeholder = placeholder,
    });
}

void CallUi::announce(Record& record) {
    if (record.announced || record.outgoing) return;
    record.announced = true;
    log_event(EventKind::incoming, record);
}

void CallUi::log_event(EventKind kind, const Record& record) {
    log_event({
        .kind = kind,
        .call_id = record.call_id,
        .name = record.name,
        .handle = record.handle,
        .media = record.media,
    });
}

void CallUi::log_event(Event event) {
    if (state_.events.size() == kEventsMax) {
        // Nobody listened for a long time. How a call ended is worth more than how it went.
        const auto dull =
            std::ranges::find_if(state_.events, [](const Event& e) { return e.kind != EventKind::ended; });
        state_.events.erase(dull != state_.events.end() ? dull : state_.events.begin());
    }
    event.seq = state_.next_seq++;
    state_.events.push_back(event);
    out_.persist();
    if (state_.attached) out_.push(EmitEvent{std::move(event)});
}

/// Takes `record` by value: it is about to leave the list.
void CallUi::finish(Record record, const CallEnded& end) {
    std::erase_if(state_.records, [&](const Record& r) { return r.call_id == record.call_id; });
    // The reason that the system is given comes before the failure of what it waits for.
    const bool by_system_ui = end.by_user && *end.by_user != 0;
    if (by_system_ui) {
        fulfil(record.call_id, *end.by_user);
    } else if (record.on_screen) {
        const auto reason = end.by_user && end.outcome == Outcome::declined
                                ? SystemEndReason::declined_elsewhere  // On the app's own screen.
                                : system_end_reason(end.reason, end.by_remote);
        out_.push(EndSystemCall{record.call_id, reason});
    }
    for (const ActionId action : record.answer_actions) out_.push(FailAction{record.call_id, action});
    const bool notice =
        record.notice == Notice::due || (record.notice == Notice::by_rules && rules_.missed_call_notice);
    if (end.outcome == Outcome::missed && !record.outgoing && notice) {
        out_.push(ShowMissedCall{record.call_id, record.name, record.handle, record.media});
    }
    log_event({
        .kind = EventKind::ended,
        .call_id = record.call_id,
        .name = record.name,
        .handle = record.handle,
        .media = record.media,
        .reason = end.reason,
        .source = end.source,
        .by_remote = end.by_remote,
        .outcome = end.outcome,
    });
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

bool CallUi::is_new(ActionId action) const {
    return action != 0 && std::ranges::find(state_.seen_actions, action) == state_.seen_actions.end();
}

void CallUi::remember(ActionId action) {
    if (!is_new(action)) return;
    if (state_.seen_actions.full()) state_.seen_actions.erase_at(0);
    (void)state_.seen_actions.try_push(action);
}

void CallUi::fulfil(const CallId& call, ActionId action) {
    if (!is_new(action)) return;
    remember(action);
    out_.push(FulfilAction{call, action});
}

void CallUi::fail(const CallId& call, ActionId action) {
    if (!is_new(action)) return;
    remember(action);
    out_.push(FailAction{call, action});
}

}  // namespace clarion::callui
