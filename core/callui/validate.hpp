// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "core/base/bounded.hpp"
#include "core/base/box.hpp"
#include "core/callui/described.hpp"

/// Whether a value keeps to its description, and if not, which field breaks it. What came in through the JSON codec was
/// measured there; what C++ hands over, and what only a rule of ours forbids, is measured here.
namespace clarion::callui::detail {

[[nodiscard]] bool is_utf8(std::string_view text);
[[nodiscard]] bool is_color(std::string_view text);  // "#rrggbb" or "#aarrggbb"
/// What the description of a style cannot say: "style.android.text_color" for what is no colour.
[[nodiscard]] std::optional<std::string> bad_style(const OptionalBox<CallStyle>& style);
[[nodiscard]] bool are_headers(const std::vector<std::pair<std::string, std::string>>& headers);

template <class T, template <class...> class Template>
inline constexpr bool is_a = false;
template <template <class...> class Template, class... Args>
inline constexpr bool is_a<Template<Args...>, Template> = true;
template <class T>
inline constexpr bool is_bounded_vector = false;
template <class T, std::size_t N>
inline constexpr bool is_bounded_vector<BoundedVector<T, N>> = true;

/// The path of the first field that is out of its limits; "" when the value itself is.
template <class T>
[[nodiscard]] std::optional<std::string> bad_part(const T& value, const Limits& limits);

template <class T>
[[nodiscard]] std::optional<std::string> bad_field(const T& value) {
    std::optional<std::string> found;
    std::apply(
        [&](const auto&... one) {
            [[maybe_unused]] const auto check = [&](const auto& f) {
                const auto part = bad_part(value.*(f.member), f.limits);
                if (part) found = part->empty() ? std::string{f.name} : std::string{f.name} + "." + *part;
                return !found;
            };
            (void)(check(one) && ...);
        },
        Describe<T>::fields
    );
    return found;
}

template <class List>
[[nodiscard]] std::optional<std::string> bad_item(const List& list, const Limits& limits) {
    for (const auto& item : list) {
        if (auto part = bad_part(item, limits)) return part;
    }
    return std::nullopt;
}

template <class T>
std::optional<std::string> bad_part(const T& value, const Limits& limits) {
    const auto verdict = [](bool fine) { return fine ? std::optional<std::string>{} : std::optional{std::string{}}; };
    const auto between = [&](std::int64_t number) { return number >= limits.min && number <= limits.max; };
    if constexpr (is_a<T, Redacted>) {
        return bad_part(value.reveal(), limits);
    } else if constexpr (is_optional<T>) {
        return value ? bad_part(*value, limits) : std::nullopt;
    } else if constexpr (std::is_same_v<T, std::string>) {
        return verdict(value.size() <= limits.length_max && is_utf8(value));
    } else if constexpr (std::is_same_v<T, std::vector<std::pair<std::string, std::string>>>) {
        return verdict(are_headers(value));
    } else if constexpr (is_bounded_vector<T>) {
        return bad_item(value, limits);
    } else if constexpr (is_a<T, std::vector>) {
        return value.size() > limits.length_max ? verdict(false) : bad_item(value, limits);
    } else if constexpr (DescribedEnum<T>) {
        for (const auto& entry : EnumText<T>::values) {
            if (entry.value == value) return std::nullopt;
        }
        return verdict(false);
    } else if constexpr (std::is_same_v<T, bool>) {
        return std::nullopt;
    } else if constexpr (std::unsigned_integral<T>) {
        return verdict(
            std::in_range<std::int64_t>(value) ? between(static_cast<std::int64_t>(value)) : limits.max == INT64_MAX
        );
    } else if constexpr (std::signed_integral<T>) {
        return verdict(between(value));
    } else if constexpr (std::is_same_v<T, Duration>) {
        return verdict(between(value.count()));
    } else if constexpr (is_a<T, std::variant>) {
        return std::visit([](const auto& one) { return bad_field(one); }, value);
    } else if constexpr (Described<T>) {
        return bad_field(value);
    } else {
        return std::nullopt;  // An id or a time: its type is its limit.
    }
}

}  // namespace clarion::callui::detail
