// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <utility>

#include "core/callui/callui.hpp"

/// What the app hears: a numbered log that waits for it (I10).
namespace clarion::callui {

namespace {

constexpr std::size_t kEventsUsual = 8;  // That wait for the app: room from the start.

}  // namespace

void CallUi::announce(Record& record) {
    if (record.announced || record.outgoing) return;
    record.announced = true;
    log_event(EventKind::incoming, record, Origin::remote);
}

Event CallUi::event_of(EventKind kind, const Record& record, Origin origin) {
    return {
        .kind = kind,
        .call_id = record.call_id,
        .name = record.name,
        .handle = record.handle,
        .media = record.media,
        .origin = origin,
        .was = record.phase,
    };
}

void CallUi::log_event(EventKind kind, const Record& record, Origin origin) {
    log_event(event_of(kind, record, origin));
}

void CallUi::log_event(Event&& event) {
    const auto text_of = [](const Event& e) { return e.custom.reveal().size(); };
    std::size_t text = text_of(event);
    for (const Event& waiting : state_.events) text += text_of(waiting);
    const auto drop = [&](auto is_dull) {
        const auto found = std::ranges::find_if(state_.events, is_dull);
        const auto gone = found != state_.events.end() ? found : state_.events.begin();
        text -= text_of(*gone);
        state_.events.erase(gone);
    };
    // Nobody listened for a long time. How a call ended is worth more than how it went.
    if (state_.events.size() == kEventsMax) drop([](const Event& e) { return e.kind != EventKind::ended; });
    while (text > kLogTextMax) drop([&](const Event& e) { return text_of(e) > 0; });
    if (state_.events.capacity() == 0) state_.events.reserve(kEventsUsual);
    event.seq = state_.next_seq++;
    const Event& logged = state_.events.emplace_back(std::move(event));
    out_.persist();
    if (state_.attached && !state_.events_silenced) emit(logged);
}

/// What belongs to the call stands once for the call, not in each of its events.
void CallUi::emit(const Event& logged) {
    state_.emitted_up_to = logged.seq;
    EmitEvent told{logged};
    Event& event = *told.event;
    const auto fill = [&](const auto& call) {
        event.extra = call.extra;
        event.headers = call.headers;
        event.backend_id = call.backend_id;
    };
    if (const Record* record = find(event.call_id)) {
        fill(*record);
    } else if (const RecentCall* over = find_recent(event.call_id)) {
        fill(*over);
    }
    if (event.kind == EventKind::push_token) {
        for (const PushToken& token : state_.tokens) {
            if (token.kind == event.token_kind) event.token = token.token;
        }
    }
    out_.push(std::move(told));
}

void CallUi::flush_events() {
    if (!state_.attached || state_.events_silenced) return;
    for (const Event& event : state_.events) {
        if (event.seq > state_.emitted_up_to) emit(event);
    }
}

}  // namespace clarion::callui
