// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <variant>

namespace clarion {

/// Which alternative it is, in one comparison: libstdc++'s std::holds_alternative looks for T in the list at run time,
/// some two hundred instructions for an engine::Input.
template <class T, class... Alternatives>
[[nodiscard]] constexpr bool holds(const std::variant<Alternatives...>& variant) {
    return std::get_if<T>(&variant) != nullptr;
}

}  // namespace clarion
