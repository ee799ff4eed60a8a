// SPDX-License-Identifier: Apache-2.0
// Scenario 35 of docs/push.md: all providers together.
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <map>

#include "net/clock.hpp"
#include "tests/conformance/push/street.hpp"

namespace clarion::lab {
namespace {

using namespace std::chrono_literals;
using server::PushOutcome;
using server::PushProvider;

TEST(GatewayScenario, S35_OneProviderThatIsDownKeepsNobodyElseWaiting) {
    Street street;
    street.play("fcm * times 1000 status 503 UNAVAILABLE");
    std::map<PushProvider, StreetDevice> one_of_each;
    for (const auto& device : street.devices()) one_of_each[device.provider] = device;  // The last one works.
    std::vector<StreetPush*> others;
    std::vector<StreetPush*> stuck;
    for (int call = 0; call < 20; ++call) {
        for (const auto& [provider, device] : one_of_each) {
            StreetPush& push = street.send(device, 6s);
            (provider == PushProvider::fcm ? stuck : others).push_back(&push);
        }
    }
    const Instant start = net::boot_now();
    ASSERT_TRUE(street.loop.run_until(
        [&] { return std::ranges::all_of(others, [](const auto* push) { return push->results == 1; }); }, 10s
    ));
    EXPECT_LT(net::boot_now() - start, Duration{3s}) << "they ring in time";
    for (const auto* push : others)
        EXPECT_EQ(push->result.outcome, PushOutcome::accepted) << push->result.provider_reason;
    ASSERT_TRUE(street.loop.run_until([&] { return street.are_all_settled(); }, 15s));
    for (const auto* push : stuck) {
        EXPECT_NE(push->result.outcome, PushOutcome::accepted);
        EXPECT_FALSE(push->result.provider_reason.empty());
    }
    street.collect();
    for (const auto* push : others) EXPECT_EQ(push->delivered, 1U);
}

}  // namespace
}  // namespace clarion::lab
