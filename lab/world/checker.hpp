// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>
#include <vector>

#include "core/base/holds.hpp"
#include "core/engine/engine.hpp"
#include "core/routing/routing.hpp"
#include "lab/world/kept.hpp"
#include "lab/world/phone.hpp"
#include "lab/world/server.hpp"

namespace clarion::lab::world {

class World;

/// Some alternatives of a variant.
template <class Variant>
using Kinds = std::array<bool, std::variant_size_v<Variant>>;

namespace detail {
template <class T, class... Alternatives>
consteval std::size_t index_in(std::type_identity<std::variant<Alternatives...>>) {
    constexpr std::array kIs{std::same_as<T, Alternatives>...};
    return static_cast<std::size_t>(std::ranges::find(kIs, true) - kIs.begin());
}
template <class Variant, class... Of>
consteval Kinds<Variant> kinds() {
    Kinds<Variant> made{};
    ((made.at(index_in<Of>(std::type_identity<Variant>{})) = true), ...);
    return made;
}
template <class... Alternatives, class Rule>
consteval Kinds<std::variant<Alternatives...>> kinds_that(
    std::type_identity<std::variant<Alternatives...>>, Rule rule
) {
    return { rule.template operator()<Alternatives>()... };
}
}  // namespace detail

/// Watches one invariant of the product (docs/testing.md) from outside: what goes into the machines and what comes out,
/// never how they work. It says what it listens to: of most inputs and outputs a checker has nothing to say.
class Checker {
  public:
    struct Hooks {
        Kinds<engine::Input> inputs{};
        Kinds<engine::Output> outputs{};
        bool steps = false;                  // All of them; or only those
        Kinds<engine::Input> steps_after{};  // that one of these began,
        Kinds<engine::Output> steps_with{};  // that led to one of these,
        bool own_steps = false;              // that the engine took by itself: a timer, a new process.
        bool decisions = false;
    };
    template <class... Of>
    static constexpr Kinds<engine::Input> inputs = detail::kinds<engine::Input, Of...>();
    template <class... Of>
    static constexpr Kinds<engine::Output> outputs = detail::kinds<engine::Output, Of...>();

    Checker(World& world, std::string_view invariant, const Hooks& hooks)
        : world_{world}, invariant_{invariant}, hooks_{hooks} {}
    virtual ~Checker() = default;
    Checker(const Checker&) = delete;
    Checker& operator=(const Checker&) = delete;

    /// One of Hooks::inputs, before its outputs are performed.
    virtual void on_input(const Phone&, const engine::Input&) {}
    /// One of Hooks::outputs, before it is performed.
    virtual void on_output(const Phone&, const engine::Output&) {}
    /// After Hooks::steps and its neighbours. `input` is null for a timer and for a new process.
    virtual void after_step(const Phone&, const engine::Input*, const std::vector<engine::Output>&) {}
    /// Before it is written.
    virtual void on_decision(const CallRecord&, const routing::Decision&) {}
    virtual void on_tap(const Phone&, DeedKind, std::uint8_t, callui::ActionId) {}
    virtual void on_death(const Phone&) {}
    /// kSoon after something that everybody should have learned.
    virtual void at_checkpoint(std::uint8_t) {}
    /// Everything is at rest.
    virtual void at_end() {}

    [[nodiscard]] const Hooks& hooks() const { return hooks_; }
    [[nodiscard]] std::string_view invariant() const { return invariant_; }
    [[nodiscard]] std::uint64_t checks() const { return checks_; }

  protected:
    void fail(std::uint8_t phone, std::string text);
    /// Counts a check; a false one is a violation. The text is made only then.
    void expect(bool holds, const Phone& phone, std::string_view text, std::uint8_t call = 255);

    World& world_;

  private:
    std::string_view invariant_;
    Hooks hooks_;
    std::uint64_t checks_ = 0;
};

using CheckerList = Kept<std::vector<std::unique_ptr<Checker>>>;

/// All of them.
class Checkers {
  public:
    Checkers();
    void add_all(World& world);
    void on_input(const Phone& phone, const engine::Input& input) {
        for (std::uint32_t left = listeners_->to_inputs[input.index()]; left != 0; left &= left - 1) {
            all_[static_cast<std::size_t>(std::countr_zero(left))]->on_input(phone, input);
        }
    }
    void on_output(const Phone& phone, const engine::Output& output) {
        for (std::uint32_t left = listeners_->to_outputs[output.index()]; left != 0; left &= left - 1) {
            all_[static_cast<std::size_t>(std::countr_zero(left))]->on_output(phone, output);
        }
    }
    void after_step(const Phone& phone, const engine::Input* input, const std::vector<engine::Output>& outputs) {
        std::uint32_t left = input != nullptr ? listeners_->to_steps_after[input->index()] : listeners_->to_own_steps;
        for (const engine::Output& output : outputs) left |= listeners_->to_steps_with[output.index()];
        for (; left != 0; left &= left - 1) {
            all_[static_cast<std::size_t>(std::countr_zero(left))]->after_step(phone, input, outputs);
        }
    }
    void on_decision(const CallRecord& before, const routing::Decision& decision) {
        for (std::uint32_t left = listeners_->to_decisions; left != 0; left &= left - 1) {
            all_[static_cast<std::size_t>(std::countr_zero(left))]->on_decision(before, decision);
        }
    }
    [[nodiscard]] const CheckerList& all() const { return all_; }
    [[nodiscard]] std::uint64_t checks() const;

  private:
    /// Which of them listen to what, as bits; the same in every world.
    struct Listeners {
        std::array<std::uint32_t, std::variant_size_v<engine::Input>> to_inputs{};
        std::array<std::uint32_t, std::variant_size_v<engine::Output>> to_outputs{};
        std::array<std::uint32_t, std::variant_size_v<engine::Input>> to_steps_after{};
        std::array<std::uint32_t, std::variant_size_v<engine::Output>> to_steps_with{};
        std::uint32_t to_own_steps = 0;
        std::uint32_t to_decisions = 0;
    };
    [[nodiscard]] static Listeners listeners_of(const CheckerList& list);

    CheckerList all_;
    const Listeners* listeners_ = nullptr;
};

/// The checkers of this folder, one function a file.
void add_screen_checkers(World& world, CheckerList& list);    // I1, I2, I7, I9, I11, I14
void add_call_checkers(World& world, CheckerList& list);      // I3, I5, I6, I8, I16
void add_person_checkers(World& world, CheckerList& list);    // I4, I10, I12, I13, I15
void add_talk_checkers(World& world, CheckerList& list);      // I6, I12, I13 of video, data and states
void add_cellular_checkers(World& world, CheckerList& list);  // I6, I13 with calls of the phone's own network

}  // namespace clarion::lab::world
