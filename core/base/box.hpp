// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <utility>

/// Values that stand elsewhere in memory, so that what is large or seldom there does not make everything that holds it
/// large: a variant is as big as its biggest alternative. Values like any other: copies copy them.
namespace clarion {

/// Always there.
template <class T>
class Box {
  public:
    using value_type = T;

    Box() : value_{std::make_unique<T>()} {}
    Box(const T& value) : value_{std::make_unique<T>(value)} {}        // NOLINT(google-explicit-constructor)
    Box(T&& value) : value_{std::make_unique<T>(std::move(value))} {}  // NOLINT(google-explicit-constructor)
    Box(const Box& other) : value_{std::make_unique<T>(*other)} {}
    Box(Box&&) noexcept = default;  // What was moved from may only be assigned to or destroyed.
    Box& operator=(Box other) noexcept {
        value_.swap(other.value_);
        return *this;
    }
    ~Box() = default;

    [[nodiscard]] T& operator*() { return *value_; }
    [[nodiscard]] const T& operator*() const { return *value_; }
    T* operator->() { return value_.get(); }
    const T* operator->() const { return value_.get(); }

  private:
    std::unique_ptr<T> value_;
};

/// Perhaps there; used as std::optional is.
template <class T>
class OptionalBox {
  public:
    using value_type = T;

    OptionalBox() = default;
    OptionalBox(std::nullopt_t) {}                                             // NOLINT(google-explicit-constructor)
    OptionalBox(const T& value) : value_{std::make_unique<T>(value)} {}        // NOLINT(google-explicit-constructor)
    OptionalBox(T&& value) : value_{std::make_unique<T>(std::move(value))} {}  // NOLINT(google-explicit-constructor)
    OptionalBox(const OptionalBox& other) : value_{other ? std::make_unique<T>(*other) : nullptr} {}
    OptionalBox(OptionalBox&&) noexcept = default;
    OptionalBox& operator=(OptionalBox other) noexcept {
        value_.swap(other.value_);
        return *this;
    }
    ~OptionalBox() = default;

    [[nodiscard]] bool has_value() const { return value_ != nullptr; }
    explicit operator bool() const { return has_value(); }
    [[nodiscard]] T& operator*() { return *value_; }
    [[nodiscard]] const T& operator*() const { return *value_; }
    T* operator->() { return value_.get(); }
    const T* operator->() const { return value_.get(); }
    T& emplace() {
        value_ = std::make_unique<T>();
        return *value_;
    }
    void reset() { value_.reset(); }

    friend bool operator==(const OptionalBox& a, const OptionalBox& b) {
        return a.has_value() == b.has_value() && (!a.has_value() || *a == *b);
    }
    friend bool operator==(const OptionalBox& box, const T& value) { return box.has_value() && *box == value; }

  private:
    std::unique_ptr<T> value_;
};

template <class T>
inline constexpr bool is_box = false;
template <class T>
inline constexpr bool is_box<Box<T>> = true;

/// std::optional or OptionalBox.
template <class T>
inline constexpr bool is_optional = false;
template <class T>
inline constexpr bool is_optional<std::optional<T>> = true;
template <class T>
inline constexpr bool is_optional<OptionalBox<T>> = true;

}  // namespace clarion
