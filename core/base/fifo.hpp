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
        items_.emplace_back(std::forward<Args>(args)...);
    }
    void push(T item) { items_.push_back(std::move(item)); }
    /// Only when not empty.
    [[nodiscard]] T take() {
        T first = std::move(items_[taken_++]);
        if (empty()) clear();
        return first;
    }
    void clear() {
        items_.clear();
        taken_ = 0;
    }

  private:
    std::vector<T> items_;
    std::size_t taken_ = 0;
};

}  // namespace clarion
