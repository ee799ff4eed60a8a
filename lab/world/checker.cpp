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
    for (const auto& one : all_) {
        if ((one->hooks() & Checker::inputs) != 0) inputs_.push_back(one.get());
        if ((one->hooks() & Checker::outputs) != 0) outputs_.push_back(one.get());
        if ((one->hooks() & Checker::steps) != 0) steps_.push_back(one.get());
        if ((one->hooks() & Checker::decisions) != 0) decisions_.push_back(one.get());
    }
}

std::uint64_t Checkers::checks() const {
    std::uint64_t sum = 0;
    for (const auto& one : all_) sum += one->checks();
    return sum;
}

}  // namespace clarion::lab::world
