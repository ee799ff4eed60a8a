// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <utility>

#include "core/callui/backend_id.hpp"
#include "core/callui/callui.hpp"
#include "core/callui/validate.hpp"

/// What the backend says: the engine, or an app with a voice service of its own.
namespace clarion::callui {

namespace {

/// Nobody waits longer, and an end that is beyond all clocks could not be stored.
constexpr Duration kRingMax{24 * 3'600'000};

std::unexpected<InputError> refused(InputError error) { return std::unexpected{std::move(error)}; }

CallId id_of(const CallId& call, const std::string& backend_id) {
    return call.uuid.is_nil() ? call_id_of(backend_id) : call;
}

/// The call that a push speaks of.
template <class Fact>
CallId id_in(const Fact& fact) {
    if constexpr (requires { fact.backend_id; }) {
        return id_of(fact.call_id, fact.backend_id);
    } else {
        return fact.call_id;
    }
}

}  // namespace

CallUi::Applied CallUi::apply(const IncomingAnnounced& input) {
    const CallId id = id_of(input.call_id, input.backend_id);
    if (id.uuid.is_nil()) return refused({InputError::bad_input, "call_id"});
    if (const auto bad = detail::bad_style(input.style)) return refused({InputError::bad_input, *bad});
    if (Record* known = find_record(id)) {
        if (!input.must_report || known->outgoing) return {};
        known->hidden = false;
        report(*known, false);
        known->on_screen = true;  // Once refused, the system is asked anew.
        return {};
    }
    const RecentCall* over = find_recent(id);
    if (over != nullptr && over->until > state_.now) {
        // The push is late or came again: the call is over, and does not ring (I7, I12).
        if (!input.must_report) return {};
        report({.call_id = id, .name = input.name, .handle = input.handle, .media = input.media}, true);
        show(EndSystemCall{id, over->reason});
        return {};
    }
    if (state_.records.size() == kRecordsMax) return refused(InputError::too_many_calls);
    forget_notice(id);
    const SecondCall second = is_busy() ? state_.policy.value_or(CallPolicy{}).second : SecondCall::ring;
    Record record{
        .call_id = id,
        .name = input.name,
        .handle = input.handle,
        .media = input.media,
        .on_screen = second != SecondCall::busy || input.must_report,
        .ring_until = state_.now + std::min(input.ring_for, kRingMax),
        .style = input.style,
        .extra = input.extra,
        .headers = input.headers,
        .backend_id = input.backend_id,
        .silenced = second == SecondCall::ring_silently,
    };
    if (record.on_screen) report(record, second == SecondCall::busy);
    if (second == SecondCall::busy) {
        CallEnded busy{.call_id = id, .reason = EndReason::busy, .source = EndSource::callee};
        busy.outcome = Outcome::missed;
        finish(std::move(record), busy, Origin::system);
        return {};
    }
    state_.records.push_back(std::move(record));
    out_.persist();
    return {};
}

CallUi::Applied CallUi::apply(const PushArrived& input) {
    const bool is_due = input.must_report && rules_.must_report_every_push;
    if (is_due && input.call_id.uuid.is_nil()) return refused({InputError::bad_input, "call_id"});
    CallId id = input.call_id;
    if (input.fact) {
        PushFact fact = *input.fact;
        auto* ring = std::get_if<IncomingAnnounced>(&fact);
        if (ring != nullptr) ring->must_report = is_due;
        const auto applied = std::visit([this](const auto& said) { return apply(said); }, fact);
        if (!is_due) return applied;
        id = std::visit([](const auto& said) { return id_in(said); }, fact);
        const Record* known = find(id);
        const bool is_ours = known != nullptr && !known->outgoing;
        if (ring != nullptr && applied && (is_ours || find_recent(id) != nullptr)) return {};
        if (is_ours) return apply(IncomingAnnounced{.call_id = id, .must_report = true});
    }
    if (!is_due) return {};
    if (const RecentCall* over = find_recent(id)) {
        return apply(UnusablePushArrived{id, over->name, over->media, over->reason});
    }
    return apply(UnusablePushArrived{find(id) != nullptr ? id : input.call_id});
}

CallUi::Applied CallUi::apply(const UnusablePushArrived& input) {
    if (input.call_id.uuid.is_nil()) return refused({InputError::bad_input, "call_id"});
    const Record* known = find(input.call_id);
    if (known != nullptr && known->on_screen) {
        report(*known, false);  // The push is bad, but the call that it names is on the screen for a good one.
        return {};
    }
    report({.call_id = input.call_id, .name = input.name, .media = input.media}, true);
    show(EndSystemCall{input.call_id, input.reason});
    return {};
}

CallUi::Applied CallUi::apply(const MissedCallLearned& input) {
    const CallId id = id_of(input.call_id, input.backend_id);
    if (id.uuid.is_nil()) return refused({InputError::bad_input, "call_id"});
    if (const auto bad = detail::bad_style(input.style)) return refused({InputError::bad_input, *bad});
    if (find(id) != nullptr) return {};
    const RecentCall* over = find_recent(id);
    if (over != nullptr && over->until > state_.now) return {};  // How it ended was told.
    Record record{.call_id = id, .name = input.name, .handle = input.handle, .media = input.media};
    record.style = input.style;
    record.extra = input.extra;
    record.headers = input.headers;
    record.backend_id = input.backend_id;
    finish_missed(record, Origin::remote);
    return {};
}

namespace {

/// The engine's table of outcomes (core/engine/calls.cpp), for a backend without numbers.
CallEnded end_of(const Record& record, Dismissal why) {
    CallEnded end{.call_id = record.call_id, .source = EndSource::callee, .by_remote = true};
    switch (why) {
        case Dismissal::cancelled:
            end.reason = EndReason::cancel;
            end.source = EndSource::caller;
            end.outcome = record.outgoing ? Outcome::cancelled : Outcome::missed;
            break;
        case Dismissal::answered_elsewhere:
            end.reason = EndReason::multi_device_answer;
            end.outcome = Outcome::answered;
            break;
        case Dismissal::declined_elsewhere:
            end.reason = record.outgoing ? EndReason::decline : EndReason::multi_device_decline;
            end.outcome = Outcome::declined;
            break;
        case Dismissal::timed_out:
            end.reason = EndReason::no_answer;
            end.source = EndSource::caller;
            end.outcome = Outcome::missed;
            break;
        case Dismissal::busy:
            end.reason = EndReason::busy;
            end.outcome = record.outgoing ? Outcome::declined : Outcome::missed;
            break;
        case Dismissal::failed:
            end.reason = EndReason::internal_error;
            end.source = EndSource::undefined;
            end.by_remote = false;
            end.outcome = Outcome::failed;
            break;
    }
    if (record.phase == Phase::connected) {
        end.outcome = Outcome::answered;
        if (why == Dismissal::cancelled) end.reason = EndReason::normal;
    }
    return end;
}

}  // namespace

CallUi::Applied CallUi::apply(const CallDismissed& input) {
    const CallId id = id_of(input.call_id, input.backend_id);
    if (id.uuid.is_nil()) return refused({InputError::bad_input, "call_id"});
    if (const Record* record = find(id)) {
        finish(*record, end_of(*record, input.why), Origin::remote);
        return {};
    }
    if (find_recent(id) != nullptr) return {};
    // It overtook its push: when that comes, the call does not ring.
    const CallEnded end = end_of({.call_id = id}, input.why);
    RecentCall& over = recent(id);
    over.backend_id = input.backend_id;
    over.reason = system_end_reason(end.reason, end.by_remote);
    over.until = state_.now + kTombstoneFor;
    out_.persist();
    return {};
}

CallUi::Applied CallUi::apply(const CallUpdated& input) {
    if (const auto bad = detail::bad_style(input.style)) return refused({InputError::bad_input, *bad});
    Record* record = find_record(input.call_id);
    if (record == nullptr) return refused(InputError::unknown_call);
    const auto handle = input.handle.value_or(record->handle);
    const bool changed =
        record->name != input.name || record->media != input.media || record->handle != handle || input.style;
    record->name = input.name;
    record->media = input.media;
    record->handle = handle;
    if (input.style) record->style = input.style;
    const bool has_extra = input.extra && record->extra != *input.extra;
    if (has_extra) record->extra = *input.extra;
    if (input.ring_for && record->phase == Phase::waiting && !record->outgoing) {
        record->ring_until = state_.now + std::min(*input.ring_for, kRingMax);
    }
    if (changed && record->on_screen) {
        show(UpdateSystemCall{
            .call_id = record->call_id,
            .name = record->name,
            .media = record->media,
            .handle = record->handle,
            .style = input.style ? style_of(record->style) : OptionalBox<CallStyle>{},
        });
    }
    if (changed || has_extra) out_.persist();
    return {};
}

CallUi::Applied CallUi::apply(const OutgoingStarted& input) {
    const CallId id = id_of(input.call_id, input.backend_id);
    if (id.uuid.is_nil()) return refused({InputError::bad_input, "call_id"});
    if (const auto bad = detail::bad_style(input.style)) return refused({InputError::bad_input, *bad});
    if (const Record* known = find(id)) {
        if (!known->outgoing) return refused({InputError::duplicate_call, "call_id"});
        return {};
    }
    if (state_.records.size() == kRecordsMax) return refused(InputError::too_many_calls);
    forget_notice(id);
    Record record{
        .call_id = id,
        .outgoing = true,
        .name = input.name,
        .handle = input.handle,
        .media = input.media,
        .on_screen = true,
        .style = input.style,
        .extra = input.extra,
        .headers = input.headers,
        .backend_id = input.backend_id,
    };
    report_outgoing(record);
    state_.records.push_back(std::move(record));
    out_.persist();
    yield_to(id);
    return {};
}

CallUi::Applied CallUi::apply(const OutgoingPlaced& input) {
    const Record* record = find(input.call_id);
    if (record == nullptr) return refused(InputError::unknown_call);
    if (!record->outgoing) return refused(InputError::wrong_state);
    log_event(EventKind::placed, *record, Origin::remote);
    return {};
}

CallUi::Applied CallUi::apply(const PeerRang& input) {
    const Record* record = find(input.call_id);
    if (record == nullptr) return refused(InputError::unknown_call);
    if (!record->outgoing || record->phase != Phase::waiting) return refused(InputError::wrong_state);
    Event event = event_of(EventKind::peer_ringing, *record, Origin::remote);
    event.devices = input.devices;
    log_event(std::move(event));
    return {};
}

CallUi::Applied CallUi::apply(const CallConnected& input) {
    Record* record = find_record(input.call_id);
    if (record == nullptr) return refused(InputError::unknown_call);
    if (record->phase == Phase::connected) return {};
    announce(*record);
    Event event = event_of(EventKind::connected, *record, Origin::remote);
    record->phase = Phase::connected;
    record->connected_at = state_.now;
    for (const ActionId action : record->answer_actions) out_.push(FulfilAction{record->call_id, action});
    record->answer_actions.clear();
    if (record->outgoing) show(ReportOutgoingConnected{record->call_id});
    log_event(std::move(event));
    return {};
}

CallUi::Applied CallUi::apply(const PeerHoldChanged& input) {
    Record* record = find_record(input.call_id);
    if (record == nullptr) return refused(InputError::unknown_call);
    if (record->phase == Phase::waiting && !record->outgoing) return refused(InputError::wrong_state);
    if (std::exchange(record->peer_held, input.on) != input.on) {
        const auto kind = input.on ? EventKind::peer_held : EventKind::peer_unheld;
        Event event = event_of(kind, *record, Origin::remote);
        event.text = input.reason;
        log_event(std::move(event));
    }
    return {};
}

CallUi::Applied CallUi::apply(const CallChanged& input) {
    const Record* record = find(input.call_id);
    if (record == nullptr) return refused(InputError::unknown_call);
    Event event = event_of(EventKind::changed, *record, Origin::remote);
    event.change = input.change;
    log_event(std::move(event));
    return {};
}

CallUi::Applied CallUi::apply(const CallEnded& input) {
    const Record* record = find(input.call_id);
    if (record == nullptr) return refused(InputError::unknown_call);
    Origin origin = input.by_remote ? Origin::remote : Origin::system;
    if (input.by_user) origin = *input.by_user != 0 ? Origin::user : Origin::app;
    finish(*record, input, origin);
    return {};
}

}  // namespace clarion::callui
