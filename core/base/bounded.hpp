// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <deque>
#include <optional>
#include <utility>
#include <vector>

namespace clarion {

/// A vector that says no instead of growing past Max.
template <class T, std::size_t Max>
class BoundedVector {
  public:
    static constexpr std::size_t kMax = Max;

    [[nodiscard]] bool try_push(T value) {
        if (items_.size() == Max) return false;
        items_.push_back(std::move(value));
        return true;
    }
    void erase_at(std::size_t index) { items_.erase(items_.begin() + static_cast<std::ptrdiff_t>(index)); }
    void clear() { items_.clear(); }

    [[nodiscard]] std::size_t size() const { return items_.size(); }
    [[nodiscard]] bool empty() const { return items_.empty(); }
    [[nodiscard]] bool full() const { return items_.size() == Max; }
    [[nodiscard]] T& operator[](std::size_t i) { return items_[i]; }
    [[nodiscard]] const T& operator[](std::size_t i) const { return items_[i]; }
    [[nodiscard]] auto begin() { return items_.begin(); }
    [[nodiscard]] auto end() { return items_.end(); }
    [[nodiscard]] auto begin() const { return items_.begin(); }
    [[nodiscard]] auto end() const { return items_.end(); }
    [[nodiscard]] const std::vector<T>& items() const { return items_; }

    friend bool operator==(const BoundedVector&, const BoundedVector&) = default;

  private:
    std::vector<T> items_;
};

/// First in, first out, at most Max waiting.
template <class T, std::size_t Max>
class BoundedQueue {
  public:
    static constexpr std::size_t kMax = Max;

    [[nodiscard]] bool try_push(T value) {
        if (items_.size() == Max) return false;
        items_.push_back(std::move(value));
        return true;
    }
    [[nodiscard]] std::optional<T> pop() {
        if (items_.empty()) return std::nullopt;
        std::optional<T> first{std::move(items_.front())};
        items_.pop_front();
        return first;
    }
    [[nodiscard]] std::size_t size() const { return items_.size(); }
    [[nodiscard]] bool empty() const { return items_.empty(); }
    [[nodiscard]] std::size_t room() const { return Max - items_.size(); }

  private:
    std::deque<T> items_;
};

}  // namespace clarion
