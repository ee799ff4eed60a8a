// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <utility>

#include "core/callui/callui.hpp"

/// What the backend says: the engine, or an app with a voice service of its own.
namespace clarion::callui {

namespace {

std::unexpected<InputError> refused(InputError error) { return std::unexpected{error}; }

bool fits(const Redacted<std::string>& text) { return text.reveal().size() <= protocol::kNameLengthMax; }

}  // namespace

CallUi::Applied CallUi::apply(const IncomingAnnounced& input) {
    if (input.call_id.uuid.is_nil() || input.ring_for < Duration{0} || !fits(input.name) || !fits(input.handle)) {
        return refused(InputError::bad_input);
    }
    if (Record* known = find_record(input.call_id)) {
        if (!input.must_report || known->outgoing) return {};
        report(*known, false);
        known->on_screen = true;  // Once refused, the system is asked anew.
        return {};
    }
    if (state_.records.size() == kRecordsMax) return refused(InputError::too_many_calls);
    Record record{
        .call_id = input.call_id,
        .name = input.name,
        .handle = input.handle,
        .media = input.media,
        .on_screen = true,
        .ring_until = state_.now + input.ring_for,
    };
    report(record, false);
    state_.records.push_back(std::move(record));
    out_.persist();
    return {};
}

CallUi::Applied CallUi::apply(const UnusablePushArrived& input) {
    if (input.call_id.uuid.is_nil() || !fits(input.name)) return refused(InputError::bad_input);
    const Record* known = find(input.call_id);
    if (known != nullptr && known->on_screen) {
        report(*known, false);  // The push is bad, but the call that it names is on the screen for a good one.
        return {};
    }
    report({.call_id = input.call_id, .name = input.name, .media = input.media}, true);
    out_.push(EndSystemCall{input.call_id, input.reason});
    return {};
}

CallUi::Applied CallUi::apply(const MissedCallLearned& input) {
    if (input.call_id.uuid.is_nil() || !fits(input.name) || !fits(input.handle)) return refused(InputError::bad_input);
    if (find(input.call_id) != nullptr) return {};
    Record record{.call_id = input.call_id, .name = input.name, .handle = input.handle, .media = input.media};
    finish_missed(record);
    return {};
}

CallUi::Applied CallUi::apply(const CallUpdated& input) {
    if (!fits(input.name) || (input.ring_for && *input.ring_for < Duration{0})) return refused(InputError::bad_input);
    Record* record = find_record(input.call_id);
    if (record == nullptr) return refused(InputError::unknown_call);
    const bool changed = record->name != input.name || record->media != input.media;
    record->name = input.name;
    record->media = input.media;
    if (input.ring_for && record->phase == Phase::waiting && !record->outgoing) {
        record->ring_until = state_.now + *input.ring_for;
    }
    if (changed && record->on_screen) out_.push(UpdateSystemCall{record->call_id, record->name, record->media});
    if (changed) out_.persist();
    return {};
}

CallUi::Applied CallUi::apply(const OutgoingStarted& input) {
    if (input.call_id.uuid.is_nil() || !fits(input.name) || !fits(input.handle)) return refused(InputError::bad_input);
    if (const Record* known = find(input.call_id)) {
        if (!known->outgoing) return refused(InputError::duplicate_call);
        return {};
    }
    if (state_.records.size() == kRecordsMax) return refused(InputError::too_many_calls);
    state_.records.push_back({
        .call_id = input.call_id,
        .outgoing = true,
        .name = input.name,
        .handle = input.handle,
        .media = input.media,
        .on_screen = true,
    });
    out_.push(ReportOutgoing{input.call_id, input.name, input.handle, input.media});
    out_.persist();
    return {};
}

CallUi::Applied CallUi::apply(const OutgoingPlaced& input) {
    const Record* record = find(input.call_id);
    if (record == nullptr) return refused(InputError::unknown_call);
    if (!record->outgoing) return refused(InputError::wrong_state);
    log_event(EventKind::placed, *record);
    return {};
}

CallUi::Applied CallUi::apply(const PeerRang& input) {
    const Record* record = find(input.call_id);
    if (record == nullptr) return refused(InputError::unknown_call);
    if (!record->outgoing || record->phase != Phase::waiting) return refused(InputError::wrong_state);
    log_event({
        .kind = EventKind::peer_ringing,
        .call_id = record->call_id,
        .name = record->name,
        .handle = record->handle,
        .media = record->media,
        .devices = input.devices,
    });
    return {};
}

CallUi::Applied CallUi::apply(const CallConnected& input) {
    Record* record = find_record(input.call_id);
    if (record == nullptr) return refused(InputError::unknown_call);
    if (record->phase == Phase::connected) return {};
    announce(*record);
    record->phase = Phase::connected;
    for (const ActionId action : record->answer_actions) out_.push(FulfilAction{record->call_id, action});
    record->answer_actions.clear();
    if (record->outgoing) out_.push(ReportOutgoingConnected{record->call_id});
    log_event(EventKind::connected, *record);
    return {};
}

CallUi::Applied CallUi::apply(const PeerHoldChanged& input) {
    Record* record = find_record(input.call_id);
    if (record == nullptr) return refused(InputError::unknown_call);
    if (record->phase == Phase::waiting && !record->outgoing) return refused(InputError::wrong_state);
    if (std::exchange(record->peer_held, input.on) != input.on) {
        log_event(input.on ? EventKind::peer_held : EventKind::peer_unheld, *record);
    }
    return {};
}

CallUi::Applied CallUi::apply(const CallEnded& input) {
    const Record* record = find(input.call_id);
    if (record == nullptr) return refused(InputError::unknown_call);
    finish(*record, input);
    return {};
}

}  // namespace clarion::callui
