// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "core/base/bounded.hpp"
#include "core/base/box.hpp"
#include "core/base/describe.hpp"
#include "core/base/ids.hpp"
#include "core/base/redacted.hpp"
#include "core/base/time.hpp"
#include "core/codec/json.hpp"

/// Described structs to JSON and back. Unknown members are ignored, so that a newer peer may add some; null is the same
/// as absent. Include this in few .cpp files: it is templates all the way down.
namespace clarion::codec {

namespace detail {

template <class T, template <class...> class Template>
inline constexpr bool is_a = false;
template <template <class...> class Template, class... Args>
inline constexpr bool is_a<Template<Args...>, Template> = true;

template <class T>
inline constexpr bool is_bounded_vector = false;
template <class T, std::size_t N>
inline constexpr bool is_bounded_vector<BoundedVector<T, N>> = true;

using Failure = std::optional<DecodeError>;

using TextPairs = std::vector<std::pair<std::string, std::string>>;

template <class T>
concept TimeLike = std::same_as<T, Instant> || std::same_as<T, WallTime>;

template <class T>
concept TextId = requires(const T& id, std::string_view text) {
    { id.text() };
    { T::parse(text) } -> std::same_as<std::optional<T>>;
};

// ---- a struct as a table of its members: code is made for each type of member, not for each field ----

/// What can be done with a member of one type.
struct MemberType {
    Failure (*read)(Node node, void* member, const Limits& limits);
    void (*write)(Writer& out, const void* member);
    bool (*is_absent)(const void* member);  // Null: never.
};

/// One of about a thousand in the library that ships: what several have in common stands once.
struct Member {
    const char* name_data;
    void* (*at)(void* owner);
    const MemberType* type;
    const Limits* limits;
    std::uint8_t name_size;
    bool may_be_absent;

    [[nodiscard]] std::string_view name() const { return {name_data, name_size}; }
};

template <Limits kLimits>
inline constexpr Limits shared_limits = kLimits;

void write_members(Writer& out, void* owner, const Member* members, std::size_t count);
Failure read_members(Node node, void* owner, const Member* members, std::size_t count);

template <class T>
Failure read_erased(Node node, void* member, const Limits& limits);
template <class T>
void write_erased(Writer& out, const void* member);

template <class T>
constexpr bool may_be_absent(const Limits& limits) {
    return limits.may_be_absent || is_optional<T> || is_a<T, std::vector> || is_bounded_vector<T>;
}

/// What is written as nothing. A nil call id is no id, and could not be read back.
template <class T>
bool is_absent(const void* member) {
    if constexpr (std::same_as<T, CallId>) {
        return static_cast<const T*>(member)->uuid.is_nil();
    } else if constexpr (is_optional<T>) {
        return !static_cast<const T*>(member)->has_value();
    } else {
        return false;
    }
}

template <class T>
inline constexpr MemberType member_type{
    &read_erased<T>, &write_erased<T>, is_optional<T> || std::same_as<T, CallId> ? &is_absent<T> : nullptr
};

template <class T>
struct MemberTable {
    template <std::size_t I>
    static void* at(void* owner) {
        return &(static_cast<T*>(owner)->*(std::get<I>(Describe<T>::fields).member));
    }
    template <std::size_t I>
    static constexpr Member member() {
        constexpr auto field = std::get<I>(Describe<T>::fields);
        using M = std::remove_cvref_t<decltype(std::declval<T&>().*(field.member))>;
        static_assert(field.name.size() < 256);
        return {
            .name_data = field.name.data(),
            .at = &at<I>,
            .type = &member_type<M>,
            .limits = &shared_limits<field.limits>,
            .name_size = static_cast<std::uint8_t>(field.name.size()),
            .may_be_absent = may_be_absent<M>(field.limits),
        };
    }
    template <std::size_t... I>
    static constexpr std::array<Member, sizeof...(I)> members(std::index_sequence<I...>) {
        return {member<I>()...};
    }
    static constexpr auto table =
        members(std::make_index_sequence<std::tuple_size_v<std::remove_cvref_t<decltype(Describe<T>::fields)>>>{});
};

// ---- writing ----

template <class T>
void write(Writer& out, const T& value);

template <class T>
void write_fields(Writer& out, const T& value);

template <class T>
void write_fields(Writer& out, const T& value) {
    const auto& table = MemberTable<T>::table;
    // The accessors are shared with reading; writing changes nothing.
    write_members(out, const_cast<T*>(&value), table.data(), table.size());
}

template <class T>
void write(Writer& out, const T& value) {
    if constexpr (std::same_as<T, bool>) {
        out.boolean(value);
    } else if constexpr (DescribedEnum<T>) {
        out.text(to_string(value));
    } else if constexpr (std::unsigned_integral<T>) {
        out.unsigned_integer(value);
    } else if constexpr (std::signed_integral<T>) {
        out.integer(value);
    } else if constexpr (std::floating_point<T>) {
        out.number(value);
    } else if constexpr (std::same_as<T, std::string>) {
        out.text(value);
    } else if constexpr (std::same_as<T, Duration>) {
        out.integer(value.count());
    } else if constexpr (TimeLike<T>) {
        out.integer(value.ms);
    } else if constexpr (TextId<T>) {
        out.text(value.text());
    } else if constexpr (is_a<T, Redacted>) {
        write(out, value.reveal());
    } else if constexpr (is_box<T>) {
        write(out, *value);
    } else if constexpr (is_optional<T>) {
        if (value) {
            write(out, *value);
        } else {
            out.null();
        }
    } else if constexpr (std::same_as<T, TextPairs>) {
        out.begin_object();
        for (const auto& [key, text] : value) out.key(key).text(text);
        out.end_object();
    } else if constexpr (is_a<T, std::vector> || is_bounded_vector<T>) {
        out.begin_array();
        for (const auto& item : value) write(out, item);
        out.end_array();
    } else if constexpr (is_a<T, std::variant>) {
        std::visit(
            [&]<class Alternative>(const Alternative& alternative) {
                out.begin_object().key("type").text(Describe<Alternative>::name);
                write_fields(out, alternative);
                out.end_object();
            },
            value
        );
    } else {
        static_assert(Described<T>, "this type has no description");
        out.begin_object();
        write_fields(out, value);
        out.end_object();
    }
}

// ---- reading ----

inline Failure failed(DecodeErrorCode code) { return DecodeError{code, {}}; }

Failure at_path(Failure failure, std::string_view step);

template <class T>
Failure read(Node node, T& out, const Limits& limits);

template <class T>
Failure read_fields(Node node, T& out);

template <class T>
Failure read_fields(Node node, T& out) {
    const auto& table = MemberTable<T>::table;
    return read_members(node, &out, table.data(), table.size());
}

template <class Integer>
Failure read_integer(Node node, Integer& out, const Limits& limits) {
    if constexpr (std::unsigned_integral<Integer>) {
        const auto value = node.unsigned_integer();
        if (!value) return failed(node.number() ? DecodeErrorCode::out_of_range : DecodeErrorCode::wrong_type);
        const bool over = *value > std::numeric_limits<Integer>::max() ||
                          (limits.max != INT64_MAX && *value > static_cast<std::uint64_t>(limits.max)) ||
                          (limits.min > 0 && *value < static_cast<std::uint64_t>(limits.min));
        if (over) return failed(DecodeErrorCode::out_of_range);
        out = static_cast<Integer>(*value);
    } else {
        const auto value = node.signed_integer();
        if (!value) return failed(node.number() ? DecodeErrorCode::out_of_range : DecodeErrorCode::wrong_type);
        const bool over = *value < limits.min || *value > limits.max || *value < std::numeric_limits<Integer>::min() ||
                          *value > std::numeric_limits<Integer>::max();
        if (over) return failed(DecodeErrorCode::out_of_range);
        out = static_cast<Integer>(*value);
    }
    return {};
}

template <class Vector>
Failure read_list(Node node, Vector& out, const Limits& limits, std::size_t length_max) {
    if (!node.is_array()) return failed(DecodeErrorCode::wrong_type);
    if (node.size() > length_max) return failed(DecodeErrorCode::too_long);
    for (std::size_t i = 0; i < node.size(); ++i) {
        std::remove_cvref_t<decltype(out[0])> item{};
        Limits item_limits = limits;
        if (Failure failure = read(node.at(i), item, item_limits)) {
            return at_path(std::move(failure), "[" + std::to_string(i) + "]");
        }
        if constexpr (is_bounded_vector<Vector>) {
            if (!out.try_push(std::move(item))) return failed(DecodeErrorCode::too_long);
        } else {
            out.push_back(std::move(item));
        }
    }
    return {};
}

inline Failure read_pairs(Node node, TextPairs& out, const Limits& limits) {
    if (!node.is_object()) return failed(DecodeErrorCode::wrong_type);
    if (node.size() > limits.length_max) return failed(DecodeErrorCode::too_long);
    for (std::size_t i = 0; i < node.size(); ++i) {
        const auto text = node.member(i).text();
        // By position: a name is text of the sender, which errors do not repeat.
        if (!text) return at_path(failed(DecodeErrorCode::wrong_type), "[" + std::to_string(i) + "]");
        out.emplace_back(std::string{node.member_name(i)}, std::string{*text});
    }
    return {};
}

template <class... Alternatives>
Failure read_variant(Node node, std::variant<Alternatives...>& out) {
    const auto type = node.get("type").text();
    if (!node.is_object()) return failed(DecodeErrorCode::wrong_type);
    if (!type) return DecodeError{DecodeErrorCode::missing_field, "type"};
    Failure failure = DecodeError{DecodeErrorCode::unknown_type, "type"};
    const auto try_one = [&]<class Alternative>(std::type_identity<Alternative>) {
        if (Describe<Alternative>::name != *type) return false;
        Alternative value{};
        failure = read_fields(node, value);
        if (!failure) out = std::move(value);
        return true;
    };
    (void)(try_one(std::type_identity<Alternatives>{}) || ...);
    return failure;
}

template <class T>
Failure read_text(Node node, T& out, const Limits& limits) {
    const auto text = node.text();
    if (!text) return failed(DecodeErrorCode::wrong_type);
    if constexpr (DescribedEnum<T>) {
        const auto value = enum_from<T>(*text);
        if (!value) return failed(DecodeErrorCode::unknown_word);
        out = *value;
    } else if constexpr (TextId<T>) {
        auto id = T::parse(*text);
        if (!id) return failed(DecodeErrorCode::bad_id);
        out = std::move(*id);
    } else {
        if (text->size() > limits.length_max) return failed(DecodeErrorCode::too_long);
        out = std::string{*text};
    }
    return {};
}

template <class T>
Failure read(Node node, T& out, const Limits& limits) {
    if constexpr (std::same_as<T, bool>) {
        const auto value = node.boolean();
        if (!value) return failed(DecodeErrorCode::wrong_type);
        out = *value;
        return {};
    } else if constexpr (DescribedEnum<T> || TextId<T> || std::same_as<T, std::string>) {
        return read_text(node, out, limits);
    } else if constexpr (std::integral<T>) {
        return read_integer(node, out, limits);
    } else if constexpr (std::floating_point<T>) {
        const auto value = node.number();
        if (!value) return failed(DecodeErrorCode::wrong_type);
        out = static_cast<T>(*value);
        return {};
    } else if constexpr (std::same_as<T, Duration>) {
        std::int64_t ms = 0;
        Failure failure = read_integer(node, ms, limits);
        out = Duration{ms};
        return failure;
    } else if constexpr (TimeLike<T>) {
        return read_integer(node, out.ms, limits);
    } else if constexpr (is_a<T, Redacted>) {
        std::remove_cvref_t<decltype(out.reveal())> value{};
        Failure failure = read(node, value, limits);
        out = T{std::move(value)};
        return failure;
    } else if constexpr (is_box<T>) {
        return read(node, *out, limits);
    } else if constexpr (is_optional<T>) {
        out.emplace();
        return read(node, *out, limits);
    } else if constexpr (std::same_as<T, TextPairs>) {
        return read_pairs(node, out, limits);
    } else if constexpr (is_bounded_vector<T>) {
        return read_list(node, out, limits, T::kMax);
    } else if constexpr (is_a<T, std::vector>) {
        return read_list(node, out, limits, limits.length_max);
    } else if constexpr (is_a<T, std::variant>) {
        return read_variant(node, out);
    } else {
        static_assert(Described<T>, "this type has no description");
        return read_fields(node, out);
    }
}

template <class T>
Failure read_erased(Node node, void* member, const Limits& limits) {
    return read(node, *static_cast<T*>(member), limits);
}

template <class T>
void write_erased(Writer& out, const void* member) {
    write(out, *static_cast<const T*>(member));
}

}  // namespace detail

/// `T` is a described struct, or a variant of described structs (told apart by "type").
template <class T>
[[nodiscard]] std::string encode(const T& value) {
    Writer out;
    detail::write(out, value);
    return out.take();
}

template <class T>
[[nodiscard]] std::expected<T, DecodeError> decode(Node node) {
    T value{};
    if (auto failure = detail::read(node, value, Limits{})) return std::unexpected{std::move(*failure)};
    return value;
}

template <class T>
[[nodiscard]] std::expected<T, DecodeError> decode(std::string_view text, std::size_t length_max = 64 * 1024) {
    const auto document = Document::parse(text, length_max);
    if (!document) return std::unexpected{document.error()};
    return decode<T>(document->root());
}

}  // namespace clarion::codec
