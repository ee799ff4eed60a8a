// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <limits>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <variant>

#include "core/codec/described.hpp"
#include "tools/schema/model.hpp"

/// From types to the model, by the same rules as core/codec/described.hpp reads and writes them.
namespace clarion::schema {

/// "clarion::callui::UserAnswered".
template <class T>
std::string qualified_name() {
    const std::string_view text = __PRETTY_FUNCTION__;  // "... [T = clarion::callui::UserAnswered]"
    const auto from = text.find("T = ") + 4;
    return std::string{text.substr(from, text.rfind(']') - from)};
}

class Reflector {
  public:
    explicit Reflector(Model& model) : model_{model} {}

    /// `in` and `out`: who writes it, the shell or the library.
    template <class T>
    void root(std::string name, std::string description, bool in, bool out) {
        in_ = in;
        out_ = out;
        Type type;
        if constexpr (is_variant<T>) {
            type = choice<T>(name);
        } else {
            type = type_of<T>(Limits{});
        }
        model_.roots.push_back({std::move(name), std::move(description), std::move(type)});
    }

    /// Words that no message has and that shells need all the same.
    template <class E>
    void words_of() {
        (void)words<E>();
    }

    void common_field(const std::string& choice, Field field) { model_.choices.at(choice).common.push_back(field); }

  private:
    template <class T>
    static constexpr bool is_variant = codec::detail::is_a<T, std::variant>;

    template <class T>
    Type choice(const std::string& name) {
        auto& made = model_.choices[name];
        made = {};
        alternatives(made, std::type_identity<T>{});
        return {.kind = Kind::choice, .name = name};
    }
    template <class... Alternatives>
    void alternatives(Choice& made, std::type_identity<std::variant<Alternatives...>>) {
        (made.structs.push_back(structure<Alternatives>(true)), ...);
    }

    /// Visits again when it is reached from another direction.
    template <class T>
    std::string structure(bool as_message) {
        const auto key = qualified_name<T>();
        auto& known = model_.structs[key];
        (as_message ? known.is_message : known.is_value) = true;
        if ((!in_ || known.goes_in) && (!out_ || known.comes_out)) return key;
        known.goes_in |= in_;
        known.comes_out |= out_;
        known.wire_name = std::string{Describe<T>::name};
        std::vector<Field> fields;
        std::apply([&](const auto&... one) { (fields.push_back(field_of<T>(one)), ...); }, Describe<T>::fields);
        model_.structs[key].fields = std::move(fields);
        return key;
    }

    template <class Owner, class F>
    Field field_of(const F& field) {
        using Member = std::remove_cvref_t<decltype(std::declval<Owner&>().*(field.member))>;
        return {
            .name = std::string{field.name},
            .type = type_of<Member>(field.limits),
            .must_be_sent = !codec::detail::may_be_absent<Member>(field.limits),
            .is_always_there = !is_optional<Member>,
        };
    }

    template <class T>
    Type integer(const Limits& limits, std::string unit) {
        Type type{.kind = Kind::integer, .unit = std::move(unit)};
        if (limits.min != INT64_MIN) type.min = limits.min;
        if (limits.max != INT64_MAX) type.max = limits.max;
        if constexpr (std::unsigned_integral<T>) type.min = std::max<std::int64_t>(0, limits.min);
        if constexpr (sizeof(T) < 8) {
            type.min = std::max<std::int64_t>(limits.min, std::numeric_limits<T>::min());
            type.max = std::min<std::int64_t>(limits.max, std::numeric_limits<T>::max());
        }
        return type;
    }

    template <class T>
    Type words() {
        const auto key = qualified_name<T>();
        auto& made = model_.words[key];
        made = {};
        std::int64_t expected = 0;
        for (const auto& entry : EnumText<T>::values) {
            made.words.push_back({std::string{entry.word}, static_cast<std::int64_t>(entry.value)});
            if (made.words.back().number != expected++) made.numbers_matter = true;
        }
        return {.kind = Kind::words, .name = key};
    }

    template <class T>
    Type type_of(const Limits& limits) {
        using namespace codec::detail;
        if constexpr (std::same_as<T, bool>) {
            return {.kind = Kind::boolean};
        } else if constexpr (DescribedEnum<T>) {
            return words<T>();
        } else if constexpr (std::integral<T>) {
            return integer<T>(limits, {});
        } else if constexpr (std::floating_point<T>) {
            return {.kind = Kind::number};
        } else if constexpr (std::same_as<T, std::string>) {
            return {.kind = Kind::text, .max_len = limits.length_max};
        } else if constexpr (std::same_as<T, CallId>) {
            return {.kind = Kind::uuid};
        } else if constexpr (TextId<T>) {
            return {.kind = Kind::id, .max_len = T::kLengthMax};
        } else if constexpr (std::same_as<T, Duration>) {
            return integer<std::int64_t>(limits, "ms");
        } else if constexpr (std::same_as<T, WallTime>) {
            return integer<std::int64_t>(limits, "ms since 1970");
        } else if constexpr (std::same_as<T, Instant>) {
            return integer<std::int64_t>(limits, "ms of the monotonic clock");
        } else if constexpr (is_a<T, Redacted>) {
            auto type = type_of<std::remove_cvref_t<decltype(std::declval<T>().reveal())>>(limits);
            type.secret = true;
            return type;
        } else if constexpr (is_optional<T> || is_box<T>) {
            return type_of<typename T::value_type>(limits);
        } else if constexpr (std::same_as<T, TextPairs>) {
            return {.kind = Kind::text_map, .max_len = limits.length_max};
        } else if constexpr (is_bounded_vector<T> || is_a<T, std::vector>) {
            return list<T>(limits);
        } else if constexpr (is_variant<T>) {
            static_assert(std::same_as<T, callui::PushFact>, "a choice inside a struct: give it a name first");
            return choice<T>("push_fact");
        } else {
            return {.kind = Kind::object, .name = structure<T>(false)};
        }
    }

    template <class T>
    Type list(const Limits& limits) {
        using Item = std::remove_cvref_t<decltype(std::declval<const T&>()[0])>;
        std::size_t max = limits.length_max;
        if constexpr (codec::detail::is_bounded_vector<T>) max = T::kMax;
        return {.kind = Kind::list, .max_len = max, .item = std::make_shared<Type>(type_of<Item>(limits))};
    }

    Model& model_;
    bool in_ = false;
    bool out_ = false;
};

}  // namespace clarion::schema
