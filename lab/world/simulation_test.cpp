// SPDX-License-Identifier: Apache-2.0
#include "lab/world/simulation.hpp"

#include <gtest/gtest.h>

namespace clarion::lab::world {
namespace {

/// A thousand evenings without accidents: every word of every device agrees with the server's.
TEST(Simulation, NoInvariantBreaksWithoutFaults) {
    Totals totals;
    const auto found = find_violation(1, 1'000, false, {}, &totals);
    EXPECT_FALSE(found.has_value()) << report_violation(*found, false);
    EXPECT_GT(totals.calls, 1'000U);
    EXPECT_GT(totals.outcomes[static_cast<std::size_t>(Outcome::answered)], totals.calls / 2);
}

/// What the rate of whole calls is measured by goes all the way: rung by a push, answered, talked, hung up.
TEST(Simulation, PlainCallIsAnsweredAndEnds) {
    for (std::uint64_t seed = 1; seed <= 100; ++seed) {
        const RunResult result = run(make_plain_call(seed));
        EXPECT_FALSE(result.violation.has_value()) << seed;
        EXPECT_EQ(result.calls, 1U) << seed;
        EXPECT_EQ(result.outcomes[static_cast<std::size_t>(Outcome::answered)], 1U) << seed;
    }
}

TEST(Simulation, NoInvariantBreaksWithFaults) {
    Totals totals;
    const auto found = find_violation(1, 1'000, true, {}, &totals);
    EXPECT_FALSE(found.has_value()) << report_violation(*found, true);
}

TEST(Simulation, OneSeedIsOneStory) {
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        const RunResult first = run_seed(seed, true);
        const RunResult second = run_seed(seed, true);
        EXPECT_EQ(first.events, second.events) << seed;
        EXPECT_EQ(first.checks, second.checks) << seed;
        EXPECT_EQ(first.outcomes, second.outcomes) << seed;
    }
}

}  // namespace
}  // namespace clarion::lab::world
