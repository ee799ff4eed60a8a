// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <utility>

#include "core/callui/callui.hpp"

/// What the system and its user say.
namespace clarion::callui {

namespace {

std::unexpected<InputError> refused(InputError error) { return std::unexpected{error}; }

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

CallUi::Applied CallUi::apply(const IncomingReported& input) {
    Record* record = find_record(input.call_id);
    if (record == nullptr || record->outgoing) return {};  // Of a placeholder, or the call ended meanwhile.
    const bool shown = input.result == ReportResult::shown || input.result == ReportResult::already_exists;
    if (shown) {
        if (record->on_screen) announce(*record);
        return {};
    }
    // Refused: it must not ring here, but it may still turn out to be answered elsewhere (defect 13). Once it was on
    // the screen, a refusal speaks of a repeated report only.
    if (record->announced || !record->on_screen || record->phase != Phase::waiting) return {};
    record->on_screen = false;
    record->notice = input.result == ReportResult::filtered_by_block_list ? Notice::never : Notice::due;
    out_.persist();
    return {};
}

CallUi::Applied CallUi::apply(const UserAnswered& input) {
    Record* record = find_record(input.call_id);
    if (record == nullptr || record->outgoing) {
        if (input.action == 0) return refused(record == nullptr ? InputError::unknown_call : InputError::wrong_state);
        fail(input.call_id, input.action);  // Its result is shown, whatever it is (I4).
        return {};
    }
    if (input.action != 0 && !is_new(input.action)) return {};
    if (record->phase == Phase::waiting && record->ring_until <= state_.now) {
        fail(input.call_id, input.action);
        finish_missed(*record);
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
    record->phase = Phase::accepted;
    log_event(EventKind::answered, *record);
    return {};
}

CallUi::Applied CallUi::apply(const UserEnded& input) {
    const Record* record = find(input.call_id);
    if (record == nullptr) {
        if (input.action == 0) return refused(record == nullptr ? InputError::unknown_call : InputError::wrong_state);
        fulfil(input.call_id, input.action);  // It is over already (IOS-CK-07).
        return {};
    }
    if (input.action != 0 && !is_new(input.action)) return {};
    finish(*record, user_end(*record, input.action));
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
        log_event(input.on ? EventKind::muted : EventKind::unmuted, *record);
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
    if (std::exchange(record->held, input.on) != input.on) {
        log_event(input.on ? EventKind::held : EventKind::unheld, *record);
    }
    return {};
}

CallUi::Applied CallUi::apply(const ActionTimedOut& input) {
    if (input.action == 0) return refused(InputError::bad_input);
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
    state_.audio_active = false;
    const std::vector<Record> records = state_.records;
    for (Record record : records) {
        record.on_screen = false;  // The system did that already.
        record.answer_actions.clear();
        CallEnded end{.call_id = record.call_id, .reason = EndReason::internal_error};
        end.source = record.outgoing ? EndSource::caller : EndSource::callee;
        end.outcome = Outcome::failed;
        if (record.phase == Phase::connected) end.outcome = Outcome::answered;
        if (!record.outgoing && record.phase == Phase::waiting) end.outcome = Outcome::missed;
        finish(std::move(record), end);
    }
    return {};
}

CallUi::Applied CallUi::apply(const AudioActivated&) {
    state_.audio_active = true;
    return {};
}

CallUi::Applied CallUi::apply(const AudioDeactivated&) {
    state_.audio_active = false;
    return {};
}

CallUi::Applied CallUi::apply(const AppAttached&) {
    state_.attached = true;
    for (const Event& event : state_.events) out_.push(EmitEvent{event});
    return {};
}

CallUi::Applied CallUi::apply(const EventsAcknowledged& input) {
    if (input.up_to >= state_.next_seq) return refused(InputError::bad_input);
    const auto gone = std::erase_if(state_.events, [&](const Event& event) { return event.seq <= input.up_to; });
    if (gone > 0) out_.persist();
    return {};
}

}  // namespace clarion::callui
