// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <limits>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>

#include "core/codec/described.hpp"
#include "tests/fuzz/entropy.hpp"

/// Any value of any described type within its limits, from the input's bytes: an input that is added to a machine is
/// fuzzed from that moment on. Ids come from small pools, so that facts meet.
namespace clarion::fuzz {

/// What the present moment is, so that times are near it more often than not.
struct Moment {
    Instant now;
    WallTime wall;
};

inline CallId pooled_call(Entropy& entropy) {
    CallId id;
    id.uuid.bytes[0] = 0xC0;
    id.uuid.bytes[15] = static_cast<std::uint8_t>(1 + entropy.below(3));
    return id;
}

template <class T>
T arbitrary(Entropy& entropy, const Moment& moment, const Limits& limits = {});

namespace detail {

inline std::string arbitrary_text(Entropy& entropy, std::size_t length_max) {
    static constexpr std::array<std::string_view, 6> kTexts{"",      "v=0",       "Alice",
                                                            "token", "{\"a\":1}", "\xF0\x9F\x93\x9E"};
    switch (entropy.below(16)) {
        case 0: return std::string(length_max, 'x');
        case 1: return std::string(1, static_cast<char>(' ' + entropy.below(95)));
        default: return std::string{entropy.one_of(kTexts).substr(0, length_max)};
    }
}

template <class T>
T arbitrary_integer(Entropy& entropy, const Limits& limits) {
    using Range = std::numeric_limits<T>;
    T made{};
    switch (entropy.below(8)) {
        case 0: made = Range::max(); break;
        case 1: made = Range::min(); break;
        case 2: made = static_cast<T>(entropy.word()); break;
        case 3: made = static_cast<T>(static_cast<T>(entropy.byte()) * 500); break;
        default: made = static_cast<T>(entropy.below(8));
    }
    if constexpr (std::unsigned_integral<T>) {
        if (limits.max != INT64_MAX) made = std::min(made, static_cast<T>(limits.max));
        if (limits.min > 0) made = std::max(made, static_cast<T>(limits.min));
    } else {
        if (limits.max < Range::max()) made = std::min(made, static_cast<T>(limits.max));
        if (limits.min > Range::min()) made = std::max(made, static_cast<T>(limits.min));
    }
    return made;
}

template <class Id>
Id arbitrary_id(Entropy& entropy) {
    if constexpr (std::same_as<Id, CallId>) {
        return pooled_call(entropy);
    } else if constexpr (std::same_as<Id, UserId>) {
        return *Id::parse(entropy.below(4) == 0 ? "bob" : "alice");
    } else if constexpr (std::same_as<Id, ServiceId>) {
        return *Id::parse(entropy.below(8) == 0 ? "other" : "svc");
    } else {
        return *Id::parse(entropy.below(4) == 0 ? "tablet" : "phone");
    }
}

/// Near `at`, or anywhere.
template <class Time>
Time arbitrary_time(Entropy& entropy, Time at, const Limits& limits) {
    if (entropy.below(16) == 0) return Time{arbitrary_integer<std::int64_t>(entropy, limits)};
    return Time{at.ms} + Duration{(static_cast<std::int64_t>(entropy.byte()) - 32) * 500};
}

template <class Variant, std::size_t... I>
Variant arbitrary_choice(Entropy& entropy, const Moment& moment, std::index_sequence<I...>) {
    Variant made;
    const std::size_t which = entropy.below(sizeof...(I));
    (void)((which == I
                ? (made.template emplace<I>(arbitrary<std::variant_alternative_t<I, Variant>>(entropy, moment)), true)
                : false) ||
           ...);
    return made;
}

template <class T>
T arbitrary_struct(Entropy& entropy, const Moment& moment) {
    T made{};
    std::apply(
        [&](const auto&... one) {
            [[maybe_unused]] const auto fill = [&](const auto& field) {
                auto& member = made.*(field.member);
                using Member = std::remove_cvref_t<decltype(member)>;
                // Absent fields keep their defaults.
                if (field.limits.may_be_absent && entropy.coin()) return;
                member = arbitrary<Member>(entropy, moment, field.limits);
            };
            (fill(one), ...);
        },
        Describe<T>::fields
    );
    return made;
}

}  // namespace detail

template <class T>
T arbitrary(Entropy& entropy, const Moment& moment, const Limits& limits) {
    using namespace codec::detail;
    if constexpr (std::same_as<T, bool>) {
        return entropy.coin();
    } else if constexpr (DescribedEnum<T>) {
        return entropy.one_of(EnumText<T>::values).value;
    } else if constexpr (std::integral<T>) {
        return detail::arbitrary_integer<T>(entropy, limits);
    } else if constexpr (std::floating_point<T>) {
        return static_cast<T>(entropy.byte()) / 7;
    } else if constexpr (std::same_as<T, std::string>) {
        return detail::arbitrary_text(entropy, limits.length_max);
    } else if constexpr (std::same_as<T, Duration>) {
        return Duration{detail::arbitrary_integer<std::int64_t>(entropy, limits)};
    } else if constexpr (std::same_as<T, Instant>) {
        return detail::arbitrary_time(entropy, moment.now, limits);
    } else if constexpr (std::same_as<T, WallTime>) {
        return detail::arbitrary_time(entropy, moment.wall, limits);
    } else if constexpr (TextId<T>) {
        return detail::arbitrary_id<T>(entropy);
    } else if constexpr (is_a<T, Redacted>) {
        return T{arbitrary<std::remove_cvref_t<decltype(std::declval<T>().reveal())>>(entropy, moment, limits)};
    } else if constexpr (is_box<T>) {
        return arbitrary<typename T::value_type>(entropy, moment, limits);
    } else if constexpr (is_optional<T>) {
        if (entropy.coin()) return std::nullopt;
        return arbitrary<typename T::value_type>(entropy, moment, limits);
    } else if constexpr (std::same_as<T, TextPairs>) {
        T made;
        for (std::size_t n = entropy.below(3); n > 0; --n) {
            made.emplace_back(detail::arbitrary_text(entropy, 8), detail::arbitrary_text(entropy, 32));
        }
        return made;
    } else if constexpr (is_bounded_vector<T>) {
        T made;
        for (std::size_t n = entropy.below(3); n > 0; --n) {
            (void)made.try_push(arbitrary<std::remove_cvref_t<decltype(made[0])>>(entropy, moment, limits));
        }
        return made;
    } else if constexpr (is_a<T, std::vector>) {
        T made;
        for (std::size_t n = entropy.below(3); n > 0; --n) {
            made.push_back(arbitrary<typename T::value_type>(entropy, moment, limits));
        }
        return made;
    } else if constexpr (is_a<T, std::variant>) {
        return detail::arbitrary_choice<T>(entropy, moment, std::make_index_sequence<std::variant_size_v<T>>{});
    } else {
        return detail::arbitrary_struct<T>(entropy, moment);
    }
}

}  // namespace clarion::fuzz
