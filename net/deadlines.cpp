// SPDX-License-Identifier: Apache-2.0
#include "net/deadlines.hpp"

#include <utility>

namespace clarion::net {

Deadlines::~Deadlines() {
    for (auto& [at, slot] : slots_) {
        for (Entry* one = slot.ring.next_; one != &slot.ring; one = one->next_) one->owner_ = nullptr;
    }
}

void Deadlines::Entry::cancel() {
    Deadlines* owner = std::exchange(owner_, nullptr);
    if (owner == nullptr) return;
    previous_->next_ = next_;
    next_->previous_ = previous_;
    // Alone: both neighbours were the slot's own entry. The timer is left as it is: to wake once for nothing is cheap.
    if (previous_ == next_ && next_->next_ == next_) owner->slots_.erase(at_);
}

void Deadlines::arm(Entry& entry, Instant at) {
    entry.cancel();
    // Most deadlines are the latest so far.
    Entry& ring = slots_.try_emplace(slots_.end(), at)->second.ring;
    entry.owner_ = this;
    entry.at_ = at;
    entry.next_ = &ring;
    entry.previous_ = ring.previous_;
    ring.previous_->next_ = &entry;
    ring.previous_ = &entry;
    if (at < programmed_) program();
}

std::vector<Deadlines::Entry*> Deadlines::take_due(Instant now) {
    std::vector<Entry*> due;
    while (!slots_.empty() && slots_.begin()->first <= now) {
        Entry& ring = slots_.begin()->second.ring;
        for (Entry* one = ring.next_; one != &ring; one = one->next_) {
            one->owner_ = nullptr;
            due.push_back(one);
        }
        slots_.erase(slots_.begin());
    }
    program();
    return due;
}

void Deadlines::program() {
    const Instant next = slots_.empty() ? kNever : slots_.begin()->first;
    if (next == programmed_) return;
    programmed_ = next;
    timer_.arm_at(next, [this] {
        programmed_ = kNever;
        const auto on_due = on_due_;  // It may destroy this.
        on_due();
    });
}

}  // namespace clarion::net
