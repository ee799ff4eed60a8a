// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "lab/world/scenario.hpp"
#include "lab/world/world.hpp"

namespace clarion::lab::world {

struct Totals {
    std::uint64_t seeds = 0;
    std::uint64_t calls = 0;
    std::array<std::uint64_t, 5> outcomes{};  // Of the caller, by Outcome.
    std::uint64_t events = 0;
    std::uint64_t checks = 0;

    void add(const RunResult& result);
    void add(const Totals& other);
};

/// Made anew for each run: a mutation may remember.
using MutationMaker = std::function<std::unique_ptr<Mutation>()>;

[[nodiscard]] RunResult run_seed(std::uint64_t seed, bool with_faults, const MutationMaker& mutation = {});
[[nodiscard]] RunResult run(const Scenario& scenario, const MutationMaker& mutation = {}, Chart* chart = nullptr);

/// The first seed of [from, from + count) that breaks an invariant.
[[nodiscard]] std::optional<std::uint64_t> find_violation(
    std::uint64_t from,
    std::uint64_t count,
    bool with_faults,
    const MutationMaker& mutation = {},
    Totals* totals = nullptr
);

/// The same violation with as few faults, taps, phones and calls as can be: steps are taken out as long as it stays.
[[nodiscard]] Scenario shrink(const Scenario& scenario, const MutationMaker& mutation = {});

/// For a person: the command that repeats it, what broke, the shrunken story and its sequence chart.
[[nodiscard]] std::string report_violation(std::uint64_t seed, bool with_faults, const MutationMaker& mutation = {});

}  // namespace clarion::lab::world
