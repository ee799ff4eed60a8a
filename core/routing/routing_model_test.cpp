// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "core/routing/model_test.hpp"

/// Longer stories than the exhaustive test can walk, chosen at random and made short again when one fails.
namespace clarion::routing::testing {
namespace {

TEST(RoutingModel, RandomStoriesOfAnyLengthKeepEveryInvariant) {
    const bool good =
        rc::check("every invariant after every event", [](std::uint8_t start, const std::vector<std::uint8_t>& deeds) {
            Checker checker;
            Node node;
            bool holds = checker.begin(node, starts()[start % 3]);
            for (const std::uint8_t deed : deeds) {
                holds = holds && checker.act(node, static_cast<Deed>(deed % kDeedNames.size()));
            }
            holds = holds && checker.settles(node);
            if (!holds) RC_FAIL(checker.fault);
        });
    EXPECT_TRUE(good);
}

}  // namespace
}  // namespace clarion::routing::testing
