// SPDX-License-Identifier: Apache-2.0
#include "core/callui/callui.hpp"

#include <algorithm>
#include <utility>

#include "core/callui/validate.hpp"

namespace clarion::callui {

namespace {

/// Sums with it do not wrap: some thirty million years.
bool is_sane(Instant at) { return at == kNever || (at.ms > -(1LL << 60) && at.ms < (1LL << 60)); }

bool is_sane(const Record& record) {
    return is_sane(record.ring_until) && is_sane(record.connect_by) && is_sane(record.connected_at.value_or(kNever)) &&
           is_sane(record.held_since.value_or(kNever));
}

}  // namespace

// ---- the contract ----

std::expected<void, InputError> CallUi::handle_input(Instant now, const Input& input) {
    if (!out_.empty()) return std::unexpected{InputError::undrained};
    if (now < state_.now) return std::unexpected{InputError::time_went_back};
    if (auto bad = std::visit([](const auto& fact) { return detail::bad_field(fact); }, input)) {
        return std::unexpected{InputError{InputError::bad_input, std::move(*bad)}};
    }
    const Instant before = std::exchange(state_.now, now);
    const auto applied = std::visit([this](const auto& fact) { return apply(fact); }, input);
    if (!applied) {
        state_.now = before;
        return applied;
    }
    if (std::exchange(has_ended_, false)) resume_held();
    update_ongoing();
    update_service();
    return {};
}

std::expected<void, InputError> CallUi::handle_timeout(Instant now) {
    if (!out_.empty()) return std::unexpected{InputError::undrained};
    if (now < state_.now) return std::unexpected{InputError::time_went_back};
    state_.now = now;
    expire_reports();
    expire();
    if (std::exchange(has_ended_, false)) resume_held();
    update_ongoing();
    update_service();
    return {};
}

Instant CallUi::next_deadline() const {
    Instant first = kNever;
    for (const Record& record : state_.records) {
        if (!record.outgoing && record.phase == Phase::waiting) first = std::min(first, record.ring_until);
        if (record.phase == Phase::accepted) first = std::min(first, record.connect_by);
    }
    for (const OpenReport& open : state_.reports) first = std::min(first, open.until);
    return first;
}

/// No device rings later than its ring timer says (I7), and a missed call leaves exactly one notice (I9).
void CallUi::expire() {
    const std::vector<Record> records = state_.records;
    for (const Record& record : records) {
        const bool rings = !record.outgoing && record.phase == Phase::waiting;
        if (rings && record.ring_until <= state_.now) finish_missed(record, Origin::system);
        if (record.phase == Phase::accepted && record.connect_by <= state_.now) {
            CallEnded end{.call_id = record.call_id, .reason = EndReason::network_unstable};
            end.source = EndSource::callee;
            end.outcome = Outcome::failed;
            finish(record, end, Origin::system);
        }
    }
}

// ---- restore ----

std::expected<CallUi, RestoreError> CallUi::resume(SystemRules rules, const Snapshot& snapshot) {
    if (snapshot.version != kSnapshotVersion) return std::unexpected{RestoreError::unknown_version};
    bool fits = !detail::bad_field(snapshot) && is_sane(snapshot.now) && snapshot.next_seq > 0;
    fits = fits && snapshot.records.size() <= kRecordsMax && snapshot.events.size() <= kEventsMax;
    for (const Record& record : snapshot.records) {
        const auto same = std::ranges::count(snapshot.records, record.call_id, &Record::call_id);
        fits = fits && is_sane(record) && same == 1 && !record.call_id.uuid.is_nil();
    }
    for (const OpenReport& open : snapshot.reports) fits = fits && is_sane(open.until);
    for (const RecentCall& call : snapshot.recent) fits = fits && is_sane(call.until);
    for (const Event& event : snapshot.events) fits = fits && event.seq != 0 && event.seq < snapshot.next_seq;
    if (!fits) return std::unexpected{RestoreError::damaged};
    CallUi ui{rules, snapshot.now};
    ui.state_ = snapshot;
    return ui;
}

std::expected<CallUi, RestoreError> CallUi::restore(
    SystemRules rules, const Snapshot& snapshot, Instant now, Duration elapsed
) {
    auto ui = resume(rules, snapshot);
    if (!ui) return ui;
    if (elapsed < Duration{0}) elapsed = Duration{0};  // A clock that was set; at worst it rings a little longer.
    const auto moved = [&](Instant at) { return at == kNever ? kNever : now + ((at - snapshot.now) - elapsed); };
    for (Record& record : ui->state_.records) {
        record.ring_until = moved(record.ring_until);
        record.connect_by = moved(record.connect_by);
        if (record.connected_at) record.connected_at = moved(*record.connected_at);
        if (record.held_since) record.held_since = moved(*record.held_since);
    }
    for (RecentCall& call : ui->state_.recent) call.until = moved(call.until);
    ui->state_.now = now;
    ui->revive();
    return ui;
}

void CallUi::revive() {
    // These belonged to the process.
    state_.attached = false;
    state_.events_silenced = false;
    state_.emitted_up_to = 0;
    state_.audio_active = false;
    state_.service = ServiceState::off;
    state_.seen_actions.clear();
    state_.reports.clear();
    for (Record& record : state_.records) {
        record.answer_actions.clear();
        record.notice_shown.reset();
        record.shown = false;
        const bool was_on_screen = record.on_screen;
        if (!rules_.screen_survives) record.on_screen = false;
        if (!was_on_screen || record.outgoing || record.phase == Phase::connected) continue;
        if (record.phase == Phase::waiting && record.ring_until <= state_.now) continue;
        if (record.phase == Phase::waiting && record.hidden) continue;
        record.on_screen = true;
        record.revived = record.phase == Phase::accepted;
        if (record.phase == Phase::accepted && rules_.screen_survives) {
            show(UpdateSystemCall{
                .call_id = record.call_id, .name = record.name, .media = record.media, .handle = record.handle
            });
        } else {
            report(record, false);
        }
    }
    expire();
    has_ended_ = false;
    update_ongoing();
    update_service();
    out_.persist();
}

// ---- the end of a call ----

/// Takes `record` by value: it is about to leave the list.
void CallUi::finish(Record record, const CallEnded& end, Origin origin) {
    std::erase_if(state_.records, [&](const Record& r) { return r.call_id == record.call_id; });
    has_ended_ = true;
    // The reason that the system is given comes before the failure of what it waits for.
    const bool by_system_ui = end.by_user && *end.by_user != 0;
    const auto reason = end.by_user && end.outcome == Outcome::declined
                            ? SystemEndReason::declined_elsewhere  // On the app's own screen.
                            : system_end_reason(end.reason, end.by_remote);
    if (by_system_ui) {
        drop_report(record.call_id);  // Who taps there saw it.
        fulfil(record.call_id, *end.by_user);
    } else if (record.on_screen) {
        show(EndSystemCall{record.call_id, reason});
    }
    for (const ActionId action : record.answer_actions) out_.push(FailAction{record.call_id, action});
    if (record.notice_shown) out_.push(HideOngoingCall{record.call_id});

    RecentCall& over = recent(record.call_id);
    over.outgoing = record.outgoing;
    over.name = record.name;
    over.handle = record.handle;
    over.media = record.media;
    over.extra = record.extra;
    over.headers = record.headers;
    over.backend_id = record.backend_id;
    over.reason = reason;
    over.until = state_.now + kTombstoneFor;
    if (!over.noticed && wants_notice(record, end)) show_missed(over, record.style);

    if (by_system_ui) announce(record);  // Who taps there saw it, also when the completion of its report comes late.
    Event event = event_of(EventKind::ended, record, origin);
    event.reason = end.reason;
    event.source = end.source;
    event.by_remote = end.by_remote;
    event.outcome = end.outcome;
    event.text = end.release_code;
    log_event(std::move(event));
    for (Record& other : state_.records) {
        if (other.grouped_with != record.call_id) continue;
        other.grouped_with.reset();
        log_event(EventKind::ungrouped, other, Origin::system);
    }
}

void CallUi::finish_missed(const Record& record, Origin origin) {
    // The words of the server for the same end (I8). Silenced: it was cancelled or taken elsewhere, nobody said which.
    finish(
        record,
        {
            .call_id = record.call_id,
            .reason = EndReason::no_answer,
            .source = EndSource::caller,
            .by_remote = true,
            .outcome = Outcome::missed,
        },
        origin
    );
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

const RecentCall* CallUi::find_recent(const CallId& call) const {
    const auto found = std::ranges::find(state_.recent, call, &RecentCall::call_id);
    return found == state_.recent.end() ? nullptr : &*found;
}

/// The one of that id, as the newest; made when it is not there.
RecentCall& CallUi::recent(const CallId& call) {
    RecentCall entry{.call_id = call, .until = state_.now};
    const auto found = std::ranges::find(state_.recent, call, &RecentCall::call_id);
    if (found != state_.recent.end()) {
        entry = std::move(*found);
        state_.recent.erase(found);
    }
    if (state_.recent.size() == kRecentMax) state_.recent.erase(state_.recent.begin());
    return state_.recent.emplace_back(std::move(entry));
}

/// A new call has the id of one that was over long ago: it may be missed like any other.
void CallUi::forget_notice(const CallId& call) {
    const auto found = std::ranges::find(state_.recent, call, &RecentCall::call_id);
    if (found != state_.recent.end()) found->noticed = false;
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

View CallUi::view() const {
    View view;
    for (const Record& record : state_.records) {
        const bool rings = !record.outgoing && record.phase == Phase::waiting;
        view.calls.push_back({
            .call_id = record.call_id,
            .backend_id = record.backend_id,
            .outgoing = record.outgoing,
            .name = record.name,
            .handle = record.handle,
            .media = record.media,
            .phase = record.phase,
            .accepted = record.outgoing || record.phase != Phase::waiting,
            .on_screen = record.on_screen,
            .silenced = record.silenced,
            .held = record.held,
            .peer_held = record.peer_held,
            .muted = record.muted,
            .ring_left = rings ? std::max(record.ring_until - state_.now, Duration{0}) : Duration{0},
            .talked_for = record.connected_at ? state_.now - *record.connected_at : Duration{0},
            .grouped_with = record.grouped_with,
            .extra = record.extra,
            .headers = record.headers,
        });
    }
    view.tokens = state_.tokens.items();
    view.events_waiting = state_.events.size();
    view.attached = state_.attached;
    view.events_silenced = state_.events_silenced;
    view.audio_active = state_.audio_active;
    const auto stands = std::ranges::count(state_.recent, true, &RecentCall::notice_stands);
    view.missed_notices = static_cast<std::uint32_t>(stands);
    return view;
}

}  // namespace clarion::callui
