// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "lab/push/push_types.hpp"
#include "net/loop.hpp"
#include "net/testing/test_certificate.hpp"
#include "server/ports/clock.hpp"
#include "server/ports/push_sender.hpp"

namespace clarion::lab {

inline constexpr WallTime kTestStart{1'700'000'000'000};

struct HandClock final : server::Clock {
    WallTime now = kTestStart;

    [[nodiscard]] WallTime wall_now() const override { return now; }
};

/// One loop, one certificate, one folder, two clocks: what every meeting of a sender and a service needs.
class PushBench : public ::testing::Test {
  protected:
    static const net::testing::TestCertificate& certificate() {
        static const net::testing::TestCertificate made;
        return made;
    }

    void SetUp() override {
        std::string pattern = (std::filesystem::temp_directory_path() / "clarion-push-XXXXXX").string();
        ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
        folder_ = pattern;
    }
    void TearDown() override { std::filesystem::remove_all(folder_); }

    [[nodiscard]] server::PushRequest ring(server::PushProvider provider, const std::string& token) const {
        return {
            .provider = provider,
            .token = Redacted{token},
            .environment = server::PushEnvironment::production,
            .kind = server::PushKind::ring,
            .fields = {{"cc_param", "s1.AAAA"}, {"type", "ring"}},
            .call_id = *CallId::parse("0b0b6f0e-8a3c-4c3e-9a0a-2f6b4e1d7c55"),
            .device_id = *DeviceId::parse("d1"),
            .expires = sender_clock_.now + Duration{45'000},
            .now = sender_clock_.now
        };
    }
    server::PushResult send(server::PushSender& sender, server::PushRequest request) {
        auto results = send_all(sender, std::move(request), 1);
        return results.empty() ? server::PushResult{} : std::move(results.front());
    }
    std::vector<server::PushResult> send_all(
        server::PushSender& sender, const server::PushRequest& request, std::size_t times
    ) {
        std::vector<server::PushResult> results;
        for (std::size_t i = 0; i < times; ++i) {
            sender.send(request, [&results](server::PushResult result) { results.push_back(std::move(result)); });
        }
        EXPECT_TRUE(loop_.run_until([&] { return results.size() == times; }, Duration{20'000}));
        return results;
    }

    net::Loop loop_;
    HandClock sender_clock_;
    HandClock service_clock_;
    std::filesystem::path folder_;
};

}  // namespace clarion::lab
