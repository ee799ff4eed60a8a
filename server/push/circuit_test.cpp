// SPDX-License-Identifier: Apache-2.0
#include "server/push/circuit.hpp"

#include <gtest/gtest.h>

namespace clarion::server::push {
namespace {

struct Fixture : ::testing::Test {
    Circuit circuit;
    Random random{7};
    Instant now{1'000'000};

    void fail(unsigned times) {
        for (unsigned i = 0; i < times; ++i) circuit.note(PushOutcome::transient, now, random);
    }
};
using CircuitTest = Fixture;

TEST_F(CircuitTest, OpensAfterFailuresInARowOnly) {
    fail(Circuit::kFailuresMax - 1);
    circuit.note(PushOutcome::dead_token, now, random);  // The provider works: it knows about tokens.
    fail(Circuit::kFailuresMax - 1);
    EXPECT_TRUE(circuit.may_go(now));
    fail(1);
    EXPECT_FALSE(circuit.may_go(now));
    EXPECT_GE(circuit.opens_at() - now, Circuit::kPauseMin / 2);
    EXPECT_LE(circuit.opens_at() - now, Circuit::kPauseMin);
}

TEST_F(CircuitTest, OneTriesAndTheOthersFollowItsFate) {
    fail(Circuit::kFailuresMax);
    now = circuit.opens_at();
    EXPECT_TRUE(circuit.may_go(now));
    EXPECT_FALSE(circuit.may_go(now));
    EXPECT_EQ(circuit.opens_at(), kNever);
    EXPECT_FALSE(circuit.note(PushOutcome::unknown, now, random));
    EXPECT_FALSE(circuit.may_go(now));
    now = circuit.opens_at();
    EXPECT_TRUE(circuit.may_go(now));
    EXPECT_TRUE(circuit.note(PushOutcome::accepted, now, random));
    EXPECT_TRUE(circuit.may_go(now));
    EXPECT_TRUE(circuit.may_go(now));
}

TEST_F(CircuitTest, PausesGrowToTheirLimit) {
    fail(Circuit::kFailuresMax);
    Duration longest{0};
    for (int i = 0; i < 12; ++i) {
        const Duration pause = circuit.opens_at() - now;
        EXPECT_LE(pause, Circuit::kPauseMax);
        longest = std::max(longest, pause);
        now = circuit.opens_at();
        ASSERT_TRUE(circuit.may_go(now));
        circuit.note(PushOutcome::transient, now, random);
    }
    EXPECT_GE(longest, Circuit::kPauseMax / 2);
}

TEST_F(CircuitTest, StragglersDoNotMakeThePauseLonger) {
    fail(Circuit::kFailuresMax);
    const Instant until = circuit.opens_at();
    fail(100);
    EXPECT_EQ(circuit.opens_at(), until);
}

TEST_F(CircuitTest, AChanceThatWasNotUsedGoesToTheNext) {
    fail(Circuit::kFailuresMax);
    now = circuit.opens_at();
    EXPECT_TRUE(circuit.may_go(now));
    circuit.give_back();
    EXPECT_TRUE(circuit.may_go(now));
}

}  // namespace
}  // namespace clarion::server::push
