// SPDX-License-Identifier: Apache-2.0
#include "server/push/retry_after.hpp"

#include <gtest/gtest.h>

#include <chrono>

namespace clarion::server::push {
namespace {

using namespace std::chrono_literals;

constexpr WallTime kNow{1'700'000'000'000};  // Tue, 14 Nov 2023 22:13:20 GMT

TEST(RetryAfter, RetryAfterIsSecondsOrADate) {
    EXPECT_EQ(parse_retry_after("30", kNow), Duration{30s});
    EXPECT_EQ(parse_retry_after("Tue, 14 Nov 2023 22:13:50 GMT", kNow), Duration{30s});
    EXPECT_EQ(parse_retry_after("Tue, 14 Nov 2023 22:13:00 GMT", kNow), Duration{0});
    EXPECT_EQ(parse_retry_after("999999999999", kNow), Duration{24h});
    for (const std::string_view bad : {"", "-1", "soon", "30s", "Tue, 14 Nov 2023"}) {
        EXPECT_FALSE(parse_retry_after(bad, kNow).has_value()) << bad;
    }
}

}  // namespace
}  // namespace clarion::server::push
