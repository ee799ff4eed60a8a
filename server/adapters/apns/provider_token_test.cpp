// SPDX-License-Identifier: Apache-2.0
#include "server/adapters/apns/provider_token.hpp"

#include <gtest/gtest.h>

#include <set>

#include "crypto/testing.hpp"

namespace clarion::server::apns {
namespace {

using namespace std::chrono_literals;

constexpr WallTime kStart{1'700'000'000'000};

struct Token : ::testing::Test {
    crypto::testing::PemPair pair = crypto::testing::make_p256_pair();
    ProviderToken token{crypto::PemPrivateKey::parse(pair.private_pem, "test").value(), "ABC123DEFG", "TEAM123456"};
};

TEST_F(Token, SaysTeamKeyAndTimeAndIsSigned) {
    const auto text = *token.current(kStart).value();
    const auto key = crypto::PemPublicKey::parse(pair.public_pem, "test").value();
    EXPECT_EQ(crypto::verify_es256(text, key), R"({"iss":"TEAM123456","iat":1700000000})");
    EXPECT_EQ(crypto::peek_jwt(text)->key_id, "ABC123DEFG");
}

TEST_F(Token, IsRenewedBetweenTwentyAndSixtyMinutes) {
    std::set<std::string> seen;
    WallTime changed = kStart;
    std::string last = *token.current(kStart).value();
    for (Duration t = 0min; t < 120min; t += 1min) {
        const auto now = *token.current(kStart + t).value();
        if (now != last) {
            EXPECT_GE(kStart + t - changed, Duration{20min});
            EXPECT_LT(kStart + t - changed, Duration{60min});
            changed = kStart + t;
        }
        last = now;
        seen.insert(now);
    }
    EXPECT_EQ(seen.size(), 3U);
    EXPECT_EQ(token.signed_count(), 3U);
}

TEST_F(Token, ExpiryRenewsOnceForAllPushesThatFailedTogether) {
    const auto used = token.current(kStart).value();
    EXPECT_TRUE(token.renew_after_expiry(used, kStart + 25min));
    EXPECT_TRUE(token.renew_after_expiry(used, kStart + 25min));
    EXPECT_EQ(token.signed_count(), 2U);
}

TEST_F(Token, FreshTokenThatIsCalledExpiredMeansAWrongClock) {
    const auto used = token.current(kStart).value();
    EXPECT_FALSE(token.renew_after_expiry(used, kStart + 19min));
    EXPECT_EQ(token.signed_count(), 1U);
}

TEST_F(Token, ClockThatJumpsBackDoesNotSignAgain) {
    const auto used = token.current(kStart).value();
    EXPECT_EQ(token.current(kStart + -24h), used);
}

TEST_F(Token, TooManyUpdatesFallsBackToTheTokenBefore) {
    const auto first = token.current(kStart).value();
    const auto second = token.current(kStart + 48min).value();
    ASSERT_NE(*first, *second);
    token.fall_back(second, kStart + 48min);
    EXPECT_EQ(token.current(kStart + 49min), first);
    token.fall_back(second, kStart + 49min);  // A push that failed at the same time changes nothing.
    EXPECT_EQ(token.current(kStart + 49min), first);
}

}  // namespace
}  // namespace clarion::server::apns
