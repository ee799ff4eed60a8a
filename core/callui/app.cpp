// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <utility>

#include "core/callui/backend_id.hpp"
#include "core/callui/callui.hpp"
#include "core/callui/validate.hpp"

/// What the app says: that it listens, what it wants of its calls, how they look.
namespace clarion::callui {

namespace {

std::unexpected<InputError> refused(InputError error) { return std::unexpected{std::move(error)}; }

}  // namespace

CallUi::Applied CallUi::apply(const AppAttached&) {
    state_.attached = true;
    state_.emitted_up_to = 0;
    flush_events();
    if (state_.audio_active) out_.push(TellAudioSession{true});
    return {};
}

CallUi::Applied CallUi::apply(const AppDetached&) {
    state_.attached = false;
    return {};
}

CallUi::Applied CallUi::apply(const EventsAcknowledged& input) {
    if (input.up_to >= state_.next_seq) return refused({InputError::bad_input, "up_to"});
    const auto gone = std::erase_if(state_.events, [&](const Event& event) { return event.seq <= input.up_to; });
    if (gone > 0) out_.persist();
    return {};
}

CallUi::Applied CallUi::apply(const EventsSilenced& input) {
    state_.events_silenced = input.on;
    flush_events();
    return {};
}

CallUi::Applied CallUi::apply(const EndRequested& input) {
    const Record* record = find(input.call_id);
    if (record == nullptr) return refused({InputError::unknown_call, "call_id"});
    finish(*record, user_end(*record, 0), Origin::app);
    return {};
}

CallUi::Applied CallUi::apply(const EndAllRequested&) {
    const std::vector<Record> records = state_.records;
    for (const Record& record : records) finish(record, user_end(record, 0), Origin::app);
    return {};
}

CallUi::Applied CallUi::apply(const HideRequested& input) {
    Record* record = find_record(input.call_id);
    if (record == nullptr) return refused({InputError::unknown_call, "call_id"});
    if (!rules_.hides) return refused({InputError::wrong_state, "system"});
    if (record->outgoing || record->phase != Phase::waiting) return refused(InputError::wrong_state);
    if (std::exchange(record->hidden, true)) return {};
    change(*record, SystemChange::hide);
    out_.persist();
    return {};
}

CallUi::Applied CallUi::apply(const ConnectedSet& input) {
    const Record* record = find(input.call_id);
    if (record == nullptr) return refused({InputError::unknown_call, "call_id"});
    if (!record->outgoing && record->phase == Phase::waiting) return refused(InputError::wrong_state);
    return apply(CallConnected{input.call_id});
}

CallUi::Applied CallUi::apply(const MissedShown& input) {
    const CallId id = input.call_id.uuid.is_nil() ? call_id_of(input.backend_id) : input.call_id;
    if (id.uuid.is_nil()) return refused({InputError::bad_input, "call_id"});
    if (const auto bad = detail::bad_style(input.style)) return refused({InputError::bad_input, *bad});
    if (find(id) != nullptr) return refused({InputError::wrong_state, "call_id"});
    const RecentCall* known = find_recent(id);
    if (known != nullptr && known->noticed) return {};
    RecentCall& call = recent(id);
    call.name = input.name;
    call.handle = input.handle;
    call.media = input.media;
    call.extra = input.extra;
    call.headers = input.headers;
    call.backend_id = input.backend_id;
    call.until = std::max(call.until, state_.now + kTombstoneFor);
    show_missed(call, input.style);
    out_.persist();
    return {};
}

CallUi::Applied CallUi::apply(const PushTokenChanged& input) {
    const auto& held = state_.tokens;
    std::size_t at = 0;
    while (at < held.size() && held[at].kind != input.kind) ++at;
    const bool is_there = at < held.size();
    if (is_there ? held[at].token == input.token : input.token.reveal().empty()) return {};
    if (is_there) state_.tokens.erase_at(at);
    if (!input.token.reveal().empty()) (void)state_.tokens.try_push({input.kind, input.token});
    log_event({.kind = EventKind::push_token, .origin = Origin::system, .token_kind = input.kind});
    return {};
}

CallUi::Applied CallUi::apply(const CustomEventReported& input) {
    Event event{.kind = EventKind::custom, .origin = Origin::app, .custom = input.body};
    if (input.call_id) {
        event.call_id = *input.call_id;
        if (const Record* record = find(*input.call_id)) {
            event = event_of(EventKind::custom, *record, Origin::app);
            event.custom = input.body;
        }
    }
    log_event(std::move(event));
    return {};
}

CallUi::Applied CallUi::apply(const StyleChosen& input) {
    if (const auto bad = detail::bad_style(input.style)) return refused({InputError::bad_input, *bad});
    state_.style = input.style;
    out_.persist();
    return {};
}

CallUi::Applied CallUi::apply(const PolicyChosen& input) {
    state_.policy = input.policy;
    out_.persist();
    return {};
}

}  // namespace clarion::callui
