// SPDX-License-Identifier: Apache-2.0
#include "lab/world/checker.hpp"

#include <utility>

#include "lab/world/world.hpp"

namespace clarion::lab::world {

void Checker::fail(std::uint8_t phone, std::string text) { world_.fail(invariant_, phone, std::move(text)); }

void Checker::expect(bool holds, const Phone& phone, std::string_view text, std::uint8_t call) {
    ++checks_;
    if (holds) return;
    std::string said{text};
    if (call != kNoPhone) said += " #" + std::to_string(call);
    fail(phone.index(), std::move(said));
}

Checkers::Checkers() {
    static const Listeners kNobody;
    listeners_ = &kNobody;
}

void Checkers::add_all(World& world) {
    add_screen_checkers(world, all_);
    add_call_checkers(world, all_);
    add_person_checkers(world, all_);
    add_talk_checkers(world, all_);
    add_cellular_checkers(world, all_);
    static const Listeners kListeners = listeners_of(all_);
    listeners_ = &kListeners;
}

Checkers::Listeners Checkers::listeners_of(const CheckerList& list) {
    Listeners found;
    std::uint32_t bit = 1;
    const auto note = [&bit](auto& to, const auto& kinds, bool all) {
        for (std::size_t kind = 0; kind < kinds.size(); ++kind) {
            if (all || kinds.at(kind)) to.at(kind) |= bit;
        }
    };
    for (const auto& one : list) {
        const Checker::Hooks& hooks = one->hooks();
        note(found.to_inputs, hooks.inputs, false);
        note(found.to_outputs, hooks.outputs, false);
        note(found.to_steps_after, hooks.steps_after, hooks.steps);
        note(found.to_steps_with, hooks.steps_with, false);
        if (hooks.steps || hooks.own_steps) found.to_own_steps |= bit;
        if (hooks.decisions) found.to_decisions |= bit;
        bit <<= 1;
    }
    return found;
}

std::uint64_t Checkers::checks() const {
    std::uint64_t sum = 0;
    for (const auto& one : all_) sum += one->checks();
    return sum;
}

}  // namespace clarion::lab::world
