// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <concepts>
#include <cstddef>
#include <optional>
#include <type_traits>
#include <utility>

#include "core/base/fifo.hpp"
#include "core/callui/outputs.hpp"

namespace clarion::callui {

/// The outputs of one input in the order in which dying half-way does the least harm: the system's screen, then the
/// journal, then everything else. A process that dies before the journal was written ends or reports the call once
/// more, which is harmless; one that dies after it repeats what the server did not acknowledge.
///
/// Filled while an input is handled, polled afterwards, filled again when empty.
template <class Output>
class Effects {
  public:
    template <class T>
    void push(T&& output) {
        using Kind = std::remove_cvref_t<T>;
        if constexpr (std::same_as<Kind, PersistSnapshot>) {
            persist();
        } else {
            (is_screen<Kind> ? screen_ : rest_).emplace(std::in_place_type<Kind>, std::forward<T>(output));
        }
    }
    void persist() { persist_ = true; }

    [[nodiscard]] bool empty() const { return screen_.empty() && !persist_ && rest_.empty(); }

    [[nodiscard]] std::optional<Output> poll() {
        if (!screen_.empty()) return take(screen_);
        if (std::exchange(persist_, false)) return Output{PersistSnapshot{}};
        if (!rest_.empty()) return take(rest_);
        return std::nullopt;
    }

  private:
    template <class T>
    static constexpr bool is_screen = std::same_as<T, ReportIncoming> || std::same_as<T, ReportOutgoing> ||
                                      std::same_as<T, EndSystemCall> || std::same_as<T, ShowMissedCall> ||
                                      std::same_as<T, UpdateSystemCall>;  // After its end it would be posted again.

    /// Moved once: an output may be large.
    static std::optional<Output> take(Fifo<Output>& queue) {
        std::optional<Output> first{std::move(queue.front())};
        queue.pop();
        return first;
    }

    Fifo<Output> screen_;
    Fifo<Output> rest_;
    bool persist_ = false;
};

}  // namespace clarion::callui
