// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <concepts>
#include <cstddef>
#include <deque>
#include <optional>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "core/callui/outputs.hpp"

namespace clarion::callui {

/// The outputs of one input in the order in which dying half-way does the least harm: the system's screen, then the
/// journal, then everything else. A process that dies before the journal was written ends or reports the call once
/// more, which is harmless; one that dies after it repeats what the server did not acknowledge.
template <class Output>
class Effects {
  public:
    template <class T>
    void push(T output) {
        if constexpr (std::same_as<T, PersistSnapshot>) {
            persist();
        } else if constexpr (is_screen<T>) {
            screen_.push_back(Output{std::move(output)});
        } else {
            rest_.push_back(Output{std::move(output)});
        }
    }
    void persist() { persist_ = true; }

    /// The input is done: what it produced may be polled.
    void settle() {
        for (auto& output : screen_) ready_.push_back(std::move(output));
        if (persist_) ready_.push_back(Output{PersistSnapshot{}});
        for (auto& output : rest_) ready_.push_back(std::move(output));
        screen_.clear();
        rest_.clear();
        persist_ = false;
    }

    [[nodiscard]] bool empty() const { return ready_.empty(); }

    [[nodiscard]] std::optional<Output> poll() {
        if (ready_.empty()) return std::nullopt;
        std::optional<Output> first{std::move(ready_.front())};
        ready_.pop_front();
        return first;
    }

  private:
    template <class T>
    static constexpr bool is_screen = std::same_as<T, ReportIncoming> || std::same_as<T, ReportOutgoing> ||
                                      std::same_as<T, EndSystemCall> || std::same_as<T, ShowMissedCall> ||
                                      std::same_as<T, UpdateSystemCall>;  // After its end it would be posted again.

    std::vector<Output> screen_;
    std::vector<Output> rest_;
    bool persist_ = false;
    std::deque<Output> ready_;
};

}  // namespace clarion::callui
