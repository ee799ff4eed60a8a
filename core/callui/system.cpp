// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <utility>

#include "core/callui/callui.hpp"

/// What the operating system says: of its screen, its ring, its audio, its own lists.
namespace clarion::callui {

namespace {

std::unexpected<InputError> refused(InputError error) { return std::unexpected{std::move(error)}; }

/// The system's timer and ours start a moment apart.
constexpr Duration kRingSlack{1'000};

}  // namespace

CallUi::Applied CallUi::apply(const IncomingReported& input) {
    const bool is_shown = input.result == ReportResult::shown || input.result == ReportResult::already_exists;
    if (!settle_report(input.call_id, false, is_shown)) return {};  // It was reported again meanwhile: that one counts.
    Record* record = find_record(input.call_id);
    if (record == nullptr || record->outgoing) return {};  // Of a placeholder, or the call ended meanwhile.
    if (!record->on_screen) return {};
    if (is_shown) {
        announce(*record);
        const bool is_first = !std::exchange(record->shown, true);
        // Accepted in a process that died, and its screen with it: the system shows it as ringing (IOS-CK-15).
        if (is_first && record->revived && !rules_.screen_survives) change(*record, SystemChange::answer);
        return {};
    }
    if (record->shown) return {};
    if (record->phase != Phase::waiting) {
        show_as_placed(*record);
        return {};
    }
    // It must not ring here, but it may still turn out to be answered elsewhere (defect 13).
    record->on_screen = false;
    record->notice = input.result == ReportResult::filtered_by_block_list ? Notice::never : Notice::due;
    Event event = event_of(EventKind::not_shown, *record, Origin::system);
    event.result = input.result;
    log_event(std::move(event));
    return {};
}

CallUi::Applied CallUi::apply(const OutgoingReported& input) {
    const bool is_shown = input.result == ReportResult::shown || input.result == ReportResult::already_exists;
    if (!settle_report(input.call_id, true, is_shown) || is_shown) return {};
    Record* record = find_record(input.call_id);
    if (record == nullptr || !record->outgoing || !record->on_screen) return {};
    record->on_screen = false;
    Event event = event_of(EventKind::not_shown, *record, Origin::system);
    event.result = input.result;
    log_event(std::move(event));
    CallEnded end{.call_id = input.call_id, .reason = EndReason::internal_kit_error};
    // One that rang is the callee's, though the system knows it as outgoing. One that is talked may have been taken
    // over from another device: whose it is only the backend knows.
    const bool is_placed = record->phase == Phase::waiting;
    end.source = record->announced ? EndSource::callee : is_placed ? EndSource::caller : EndSource::undefined;
    end.outcome = record->phase == Phase::connected ? Outcome::answered : Outcome::failed;
    finish(*record, end, Origin::system);
    return {};
}

CallUi::Applied CallUi::apply(const RingSilenced& input) {
    Record* record = find_record(input.call_id);
    if (record == nullptr) return refused(InputError::unknown_call);
    if (record->outgoing || record->phase != Phase::waiting) return refused(InputError::wrong_state);
    if (std::exchange(record->silenced, true)) return {};
    change(*record, SystemChange::silence);
    log_event(EventKind::silenced, *record, Origin::user);
    return {};
}

CallUi::Applied CallUi::apply(const RingTimedOut& input) {
    const Record* record = find(input.call_id);
    if (record == nullptr) return refused(InputError::unknown_call);
    if (record->outgoing || record->phase != Phase::waiting) return refused(InputError::wrong_state);
    if (record->ring_until > state_.now + kRingSlack) return apply(RingSilenced{input.call_id});
    finish_missed(*record, Origin::system);
    return {};
}

CallUi::Applied CallUi::apply(const ActionTimedOut& input) {
    if (input.action == 0) return refused({InputError::bad_input, "action"});
    remember(input.action);
    for (Record& record : state_.records) {  // Its number says enough, whatever call it is said to be of.
        for (std::size_t i = 0; i < record.answer_actions.size(); ++i) {
            if (record.answer_actions[i] != input.action) continue;
            record.answer_actions.erase_at(i);
            return {};
        }
    }
    return {};
}

CallUi::Applied CallUi::apply(const ProviderReset&) {
    (void)apply(AudioDeactivated{});
    state_.reports.clear();
    const std::vector<Record> records = state_.records;
    for (Record record : records) {
        record.on_screen = false;  // The system did that already.
        record.answer_actions.clear();
        CallEnded end{.call_id = record.call_id, .reason = EndReason::internal_error};
        end.source = record.outgoing ? EndSource::caller : EndSource::callee;
        end.outcome = Outcome::failed;
        if (record.phase == Phase::connected) end.outcome = Outcome::answered;
        if (!record.outgoing && record.phase == Phase::waiting) end.outcome = Outcome::missed;
        finish(std::move(record), end, Origin::system);
    }
    return {};
}

CallUi::Applied CallUi::apply(const AudioActivated&) {
    if (!std::exchange(state_.audio_active, true) && state_.attached) out_.push(TellAudioSession{true});
    return {};
}

CallUi::Applied CallUi::apply(const AudioDeactivated&) {
    if (std::exchange(state_.audio_active, false) && state_.attached) out_.push(TellAudioSession{false});
    return {};
}

// ---- the system's own lists ----

CallUi::Applied CallUi::apply(const UserCalledBack& input) {
    if (find(input.call_id) != nullptr) return refused(InputError::wrong_state);
    const RecentCall* known = find_recent(input.call_id);
    if (known != nullptr && !known->notice_stands) return {};
    RecentCall& call = recent(input.call_id);  // A notice may outlive what we remember: its id is worth telling.
    if (known == nullptr) call.until = state_.now + kTombstoneFor;
    call.noticed = true;
    call.notice_stands = false;
    out_.push(HideMissedCall{call.call_id});
    log_event({
        .kind = EventKind::call_back,
        .call_id = call.call_id,
        .name = call.name,
        .handle = call.handle,
        .media = call.media,
        .origin = Origin::user,
    });
    return {};
}

/// The handle is what the app gave, in clear; the name is known when the call was one of the last ones.
CallUi::Applied CallUi::apply(const RedialAsked& input) {
    if (input.handle.reveal().empty()) return refused({InputError::bad_input, "handle"});
    Event event{.kind = EventKind::redial, .handle = input.handle, .media = input.media, .origin = Origin::user};
    for (const RecentCall& call : state_.recent) {
        if (call.handle == input.handle) event.name = call.name;
    }
    for (const Record& record : state_.records) {
        if (record.handle == input.handle) event.name = record.name;
    }
    log_event(std::move(event));
    return {};
}

CallUi::Applied CallUi::apply(const MissedSeen& input) {
    const RecentCall* known = find_recent(input.call_id);
    if (known == nullptr) return refused(InputError::unknown_call);
    if (!known->notice_stands) return {};
    std::ranges::find(state_.recent, input.call_id, &RecentCall::call_id)->notice_stands = false;
    out_.push(HideMissedCall{input.call_id});
    out_.persist();
    return {};
}

}  // namespace clarion::callui
