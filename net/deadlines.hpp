// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <map>
#include <vector>

#include "core/base/time.hpp"
#include "net/loop.hpp"

namespace clarion::net {

/// Deadlines of a hundred thousand things that nearly always end before them, on one Timer: to arm and to cancel one
/// allocates nothing, because things that end in the same millisecond share a slot.
///
/// Thread: the loop's. Resolution 1 ms, never early.
class Deadlines {
  public:
    /// To derive from. It leaves its slot when it goes.
    class Entry {
      public:
        Entry() = default;
        ~Entry() { cancel(); }
        Entry(const Entry&) = delete;
        Entry& operator=(const Entry&) = delete;

        void cancel();

      private:
        friend class Deadlines;
        Deadlines* owner_ = nullptr;  // Nothing is armed without one.
        Entry* previous_ = nullptr;
        Entry* next_ = nullptr;
        Instant at_;
    };

    /// `on_due` runs from the loop when something may be due: it calls take_due(). It may destroy this.
    Deadlines(Loop& loop, std::function<void()> on_due) : timer_{loop}, on_due_{std::move(on_due)} {}
    ~Deadlines();
    Deadlines(const Deadlines&) = delete;
    Deadlines& operator=(const Deadlines&) = delete;

    /// Replaces what was armed.
    void arm(Entry& entry, Instant at);

    /// Those that are due, in the order of their times, armed no more. What the caller does with one may end another:
    /// whoever owns them makes sure that all live before it begins.
    [[nodiscard]] std::vector<Entry*> take_due(Instant now);

  private:
    /// A ring of entries; the slot's own entry stands between last and first.
    struct Slot {
        Slot() { ring.previous_ = ring.next_ = &ring; }
        Slot(const Slot&) = delete;
        Slot& operator=(const Slot&) = delete;

        Entry ring;
    };

    void program();

    std::map<Instant, Slot> slots_;
    Timer timer_;
    std::function<void()> on_due_;
    Instant programmed_ = kNever;
};

}  // namespace clarion::net
