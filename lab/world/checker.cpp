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

void Checkers::add_all(World& world) {
    add_screen_checkers(world, all_);
    add_call_checkers(world, all_);
    add_person_checkers(world, all_);
    add_talk_checkers(world, all_);
    add_cellular_checkers(world, all_);
    std::uint32_t bit = 1;
    for (const auto& one : all_) {
        const Checker::Hooks& hooks = one->hooks();
        for (std::size_t kind = 0; kind < hooks.inputs.size(); ++kind) {
            if (hooks.inputs.at(kind)) to_inputs_.at(kind) |= bit;
        }
        for (std::size_t kind = 0; kind < hooks.outputs.size(); ++kind) {
            if (hooks.outputs.at(kind)) to_outputs_.at(kind) |= bit;
        }
        if (hooks.steps) steps_.push_back(one.get());
        if (hooks.decisions) decisions_.push_back(one.get());
        bit <<= 1;
    }
}

std::uint64_t Checkers::checks() const {
    std::uint64_t sum = 0;
    for (const auto& one : all_) sum += one->checks();
    return sum;
}

}  // namespace clarion::lab::world
