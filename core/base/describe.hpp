// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <tuple>
#include <utility>

namespace clarion {

/// The one description (docs/adr/0002): a struct says its fields once, as a constexpr list, and the JSON codec, the
/// docs tables and the constants of other languages come from that list.
///
///     template <> struct Describe<Decline> {
///         static constexpr std::string_view name = "decline";
///         static constexpr auto fields = std::tuple{field("call_id", &Decline::call_id)};
///     };
///
/// A member of type std::optional, std::vector or BoundedVector may be absent in JSON; every other member must be
/// there unless its field says optional_field().
template <class T>
struct Describe;

/// What a foreign value must satisfy. Text is measured in bytes of UTF-8, lists in elements.
struct Limits {
    std::size_t length_max = 256;
    std::int64_t min = INT64_MIN;
    std::int64_t max = INT64_MAX;
    bool may_be_absent = false;
};

template <class Owner, class Member>
struct Field {
    std::string_view name;
    Member Owner::* member;
    Limits limits;
};

template <class Owner, class Member>
constexpr Field<Owner, Member> field(std::string_view name, Member Owner::* member, Limits limits = {}) {
    return {name, member, limits};
}

/// Absent means "keep the default of the struct".
template <class Owner, class Member>
constexpr Field<Owner, Member> optional_field(std::string_view name, Member Owner::* member, Limits limits = {}) {
    limits.may_be_absent = true;
    return {name, member, limits};
}

template <class T>
concept Described = requires { Describe<T>::fields; };

/// Enumerations travel as words. `values` is a std::array of {value, word}; a word that is not in it is an error,
/// unless `fallback` names the value that stands for "something newer than me".
template <class E>
struct EnumText;

template <class E>
struct EnumWord {
    E value;
    std::string_view word;
};

template <class E>
concept DescribedEnum = requires { EnumText<E>::values; };

template <DescribedEnum E>
[[nodiscard]] constexpr std::string_view to_string(E value) {
    for (const auto& entry : EnumText<E>::values) {
        if (entry.value == value) return entry.word;
    }
    return "unknown";
}

template <DescribedEnum E>
[[nodiscard]] constexpr std::optional<E> enum_from(std::string_view word) {
    for (const auto& entry : EnumText<E>::values) {
        if (entry.word == word) return entry.value;
    }
    if constexpr (requires { EnumText<E>::fallback; }) return EnumText<E>::fallback;
    return std::nullopt;
}

}  // namespace clarion
