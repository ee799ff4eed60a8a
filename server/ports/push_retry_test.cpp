// SPDX-License-Identifier: Apache-2.0
#include "server/ports/push_retry.hpp"

#include <gtest/gtest.h>

namespace clarion::server {
namespace {

using namespace std::chrono_literals;

constexpr Duration kWindow{45'000};

/// One push and the policy of its sender.
struct Attempts {
    PushRetryPolicy policy;
    PushRetry retry{};

    std::optional<Duration> next(
        PushOutcome outcome, std::optional<Duration> retry_after, Duration window_left, Random& random
    ) {
        return retry.next(policy, outcome, retry_after, window_left, random);
    }
};

struct Retry : ::testing::Test {
    Random random{7};
    Attempts apns{{.backoff = {250ms, 750ms, 2s}}};
    Attempts fcm{{.backoff = {10s}, .has_floor = true}};
};

TEST_F(Retry, TransientFailuresBackOffWithJitterAndThenEnd) {
    for (const Duration limit : {Duration{250}, Duration{750}, Duration{2'000}}) {
        const auto delay = apns.next(PushOutcome::transient, {}, kWindow, random);
        ASSERT_TRUE(delay.has_value());
        EXPECT_LE(*delay, limit);
    }
    EXPECT_FALSE(apns.next(PushOutcome::unknown, {}, kWindow, random).has_value());
}

TEST_F(Retry, UnprocessedGoesOutAtOnceThreeTimesAndDoesNotUseUpTheBackoff) {
    for (int i = 0; i < 3; ++i) EXPECT_EQ(apns.next(PushOutcome::unprocessed, {}, kWindow, random), Duration{0});
    EXPECT_FALSE(apns.next(PushOutcome::unprocessed, {}, kWindow, random).has_value());
    EXPECT_TRUE(apns.next(PushOutcome::transient, {}, kWindow, random).has_value());
}

TEST_F(Retry, CredentialsAreRenewedOnce) {
    EXPECT_EQ(apns.next(PushOutcome::auth_refresh, {}, kWindow, random), Duration{0});
    EXPECT_FALSE(apns.next(PushOutcome::auth_refresh, {}, kWindow, random).has_value());
}

TEST_F(Retry, NothingIsRepeatedCloseToTheEndOfTheWindow) {
    EXPECT_FALSE(apns.next(PushOutcome::unprocessed, {}, 2'999ms, random).has_value());
    EXPECT_TRUE(apns.next(PushOutcome::unprocessed, {}, 3'000ms, random).has_value());
}

TEST_F(Retry, ProvidersWishIsHonouredWhenItFits) {
    EXPECT_EQ(fcm.next(PushOutcome::transient, 4s, kWindow, random), Duration{4'000});
    EXPECT_FALSE(fcm.next(PushOutcome::throttled_provider, 60s, kWindow, random).has_value());
    Attempts again{{.backoff = {250ms}}};
    EXPECT_EQ(again.next(PushOutcome::transient, 2s, kWindow, random), Duration{2'000});
}

TEST_F(Retry, FloorIsNotJitteredAway) {
    EXPECT_EQ(fcm.next(PushOutcome::transient, {}, kWindow, random), Duration{10'000});
    EXPECT_FALSE(fcm.next(PushOutcome::transient, {}, kWindow, random).has_value());
}

TEST_F(Retry, ThrottledDeviceGetsOneLateRepeat) {
    EXPECT_EQ(apns.next(PushOutcome::throttled_device, {}, kWindow, random), Duration{1'000});
    EXPECT_FALSE(apns.next(PushOutcome::throttled_device, {}, kWindow, random).has_value());
}

TEST_F(Retry, VerdictsAreFinal) {
    for (const auto outcome :
         {PushOutcome::accepted, PushOutcome::dead_token, PushOutcome::suspect_token, PushOutcome::credential_fault,
          PushOutcome::payload_fault, PushOutcome::expired, PushOutcome::withdrawn}) {
        EXPECT_FALSE(apns.next(outcome, {}, kWindow, random).has_value()) << to_string(outcome);
    }
}

}  // namespace
}  // namespace clarion::server
