// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <utility>
#include <vector>

namespace clarion {

/// First in, first out; made for queues that are filled and then emptied: it keeps its memory for the next time, and
/// has none before the first.
template <class T>
class Fifo {
  public:
    [[nodiscard]] bool empty() const { return taken_ == items_.size(); }
    [[nodiscard]] std::size_t size() const { return items_.size() - taken_; }
    template <class... Args>
    void emplace(Args&&... args) {
        if (items_.capacity() == 0) items_.reserve(kFirstRoom);
        items_.emplace_back(std::forward<Args>(args)...);
    }
    void push(T item) { emplace(std::move(item)); }
    /// The first, and away with it; only when not empty.
    [[nodiscard]] T& front() { return items_[taken_]; }
    void pop() {
        ++taken_;
        if (empty()) clear();
    }
    [[nodiscard]] T take() {
        T first = std::move(front());
        pop();
        return first;
    }
    void clear() {
        items_.clear();
        taken_ = 0;
    }

  private:
    static constexpr std::size_t kFirstRoom = 3;

    std::vector<T> items_;
    std::size_t taken_ = 0;
};

}  // namespace clarion
