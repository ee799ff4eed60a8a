// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <vector>

#include "lab/world/kept.hpp"

namespace clarion::lab::world {

enum class EventKind : std::uint8_t {
    deed,
    timer,  // Of an engine.
    server_timer,
    server_up,
    opened,  // A connection: both sides have it.
    open_failed,
    frame_up,    // One frame of the connection arrives at the server.
    frame_down,  // … at the phone.
    closed_at_phone,
    closed_at_server,
    committed,      // A slow write.
    push_attempt,   // The server hands a push to the push service.
    push_accepted,  // The push service's answer reaches the server.
    push_arrives,
    media_prepared,
    media_up,
    media_lost,
    candidate,
    first_audio,
    reported,      // What the system answered to a report.
    answer_asked,  // By the system, because the app's own screen answered.
    audio_on,
    audio_off,
    action_timeout,
    notification_timeout,
    background_kill,
    acknowledge,  // The app has stored events.
    network_on,
    repeat_tap,
    video_asked,  // Of a person, by their app.
    take_call,    // The app knows the call that its user wants to take.
    checkpoint,
    finale,
};

struct Event {
    std::int64_t at = 0;
    std::uint64_t order = 0;  // First scheduled, first served.
    EventKind kind = EventKind::deed;
    std::uint8_t phone = 0;
    std::uint8_t call = 0;
    std::uint32_t number = 0;  // Connection, deed, push, …
    std::uint64_t value = 0;
};

/// What will happen, by virtual time. Few things wait at a time, and most of what is added is next: a sorted list.
class EventQueue {
  public:
    EventQueue() { events_.reserve(64); }

    void add(Event event) {
        event.order = ++order_;
        auto place = events_.end();
        while (place != events_.begin() && std::prev(place)->at <= event.at) --place;
        events_.insert(place, event);
    }
    [[nodiscard]] bool empty() const { return events_.empty(); }
    [[nodiscard]] Event pop() {
        const Event first = events_.back();
        events_.pop_back();
        return first;
    }
    /// The last first. For whoever decides the order (exhaustive search).
    [[nodiscard]] const std::vector<Event>& events() const { return events_; }
    [[nodiscard]] Event take(std::uint64_t order) {
        const auto found = std::ranges::find(events_, order, &Event::order);
        const Event event = *found;
        events_.erase(found);
        return event;
    }

  private:
    Kept<std::vector<Event>> events_;
    std::uint64_t order_ = 0;
};

}  // namespace clarion::lab::world
