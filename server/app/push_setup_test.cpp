// SPDX-License-Identifier: Apache-2.0
#include "server/app/push_setup.hpp"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>

#include "crypto/testing.hpp"
#include "net/clock.hpp"
#include "net/testing/time_skip.hpp"

namespace clarion::server {
namespace {

class RealClock final : public Clock {
  public:
    [[nodiscard]] WallTime wall_now() const override { return net::wall_now(); }
};

class SetupTest : public ::testing::Test {
  protected:
    void SetUp() override {
        std::string pattern = (std::filesystem::temp_directory_path() / "clarion-setup-XXXXXX").string();
        ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
        folder_ = pattern;
        write("key.p8", crypto::testing::make_p256_pair().private_pem);
        config_.push.apns.key_file = (folder_ / "key.p8").string();
        config_.push.apns.key_id = "ABC123DEFG";
        config_.push.apns.team_id = "TEAM123456";
        config_.push.apns.topic = "com.example.app";
        config_.push.apns.endpoint = config_.push.apns.sandbox_endpoint = "https://localhost:1";
    }
    void TearDown() override { std::filesystem::remove_all(folder_); }

    std::string write(const std::string& name, const std::string& text) const {
        std::ofstream{folder_ / name} << text;
        return (folder_ / name).string();
    }
    [[nodiscard]] PushSender* apns(const std::string& service = "shop") const {
        return senders_.find(*ServiceId::parse(service), PushProvider::apns);
    }
    [[nodiscard]] std::string error_of(const Config& config) {
        const auto applied = setup_.apply(config);
        return applied ? "" : applied.error();
    }

    net::Loop loop_;
    RealClock clock_;
    PushSenders senders_;
    PushSetup setup_{loop_, clock_, senders_};
    std::filesystem::path folder_;
    Config config_;
};

TEST_F(SetupTest, OnlyWhatChangedIsMadeAnew) {
    ASSERT_EQ(error_of(config_), "");
    PushSender* first = apns();
    ASSERT_NE(first, nullptr);
    ASSERT_EQ(error_of(config_), "");
    EXPECT_EQ(apns(), first) << "a token that is signed too often is punished";
    write("key.p8", crypto::testing::make_p256_pair().private_pem);
    ASSERT_EQ(error_of(config_), "");
    EXPECT_NE(apns(), first) << "the file has another key";
    config_.push.apns.key_file.clear();
    ASSERT_EQ(error_of(config_), "");
    EXPECT_EQ(apns(), nullptr);
    senders_.forget_idle();
}

TEST_F(SetupTest, AKeyThatCannotBeReadLeavesTheOldOneAtWork) {
    ASSERT_EQ(error_of(config_), "");
    PushSender* first = apns();
    write("key.p8", "garbage");
    const std::string error = error_of(config_);
    EXPECT_NE(error.find("key.p8"), std::string::npos) << error;
    EXPECT_EQ(apns(), first);
}

TEST_F(SetupTest, AKeyFileThatChangesIsTakenWithoutASignal) {
    ASSERT_EQ(error_of(config_), "");
    PushSender* const first = apns();
    std::vector<std::string> said;
    setup_.watch([&](const std::string& fault) { said.push_back(fault); });
    const auto look = [&] {
        net::testing::skip_time(loop_, PushSetup::kLookEvery);
        bool is_over = false;
        net::Timer after{loop_};
        after.arm(Duration{1}, [&] { is_over = true; });
        ASSERT_TRUE(loop_.run_until([&] { return is_over; }, Duration{10'000}));
    };
    look();
    EXPECT_EQ(apns(), first) << "nothing changed";
    EXPECT_TRUE(said.empty());
    write("key.p8", "half of a k");
    look();
    look();
    EXPECT_EQ(apns(), first);
    ASSERT_EQ(said.size(), 1U) << "said once";
    EXPECT_NE(said[0].find("key.p8"), std::string::npos) << said[0];
    write("key.p8", crypto::testing::make_p256_pair().private_pem);
    look();
    EXPECT_NE(apns(), first) << "the file has another key";
    ASSERT_EQ(said.size(), 2U);
    EXPECT_EQ(said[1], "");
    write("key.p8", "half of a k");
    look();
    EXPECT_EQ(said.size(), 3U) << "a fault that was mended and came back is said again";
}

TEST_F(SetupTest, AServiceMayHaveItsOwnKeys) {
    config_.service_push["bank"] = config_.push;
    config_.service_push["bank"].apns.topic = "com.example.bank";
    ASSERT_EQ(error_of(config_), "");
    EXPECT_NE(apns("bank"), nullptr);
    EXPECT_NE(apns("bank"), apns("shop"));
    config_.service_push.clear();
    ASSERT_EQ(error_of(config_), "");
    EXPECT_EQ(apns("bank"), apns("shop")) << "the server's own again";
}

TEST_F(SetupTest, BadKeysAreToldInOneLineWithTheRemedy) {
    const auto says = [&](const Config& config, std::initializer_list<std::string_view> parts) {
        const std::string error = error_of(config);
        EXPECT_FALSE(error.empty());
        EXPECT_EQ(error.find('\n'), std::string::npos) << error;
        for (const std::string_view part : parts) EXPECT_NE(error.find(part), std::string::npos) << error;
    };
    Config bad = config_;
    bad.push.apns.key_file = (folder_ / "none.p8").string();
    says(bad, {"none.p8", "AuthKey_"});
    bad = config_;
    bad.push.apns.key_file = write("rsa.p8", crypto::testing::make_rsa_pair().private_pem);
    says(bad, {"rsa.p8", "P-256", "AuthKey_"});
    bad = config_;
    bad.push.apns.team_id = "SHORT";
    says(bad, {"team_id", "10 characters"});
    bad = {};
    bad.push.fcm.service_account_file = write("firebase.json", "{}");
    says(bad, {"firebase.json"});
    bad = {};
    bad.push.webpush.key_file = (folder_ / "vapid").string();
    bad.push.webpush.subject = "mailto:a@example.com";
    says(bad, {"vapid", "clarion push vapid-key"});
}

TEST(CheckFault, AnUnknownTokenProvesTheCredential) {
    const auto fault = [](PushProvider provider, PushOutcome outcome, const char* reason) {
        PushResult result;
        result.outcome = outcome;
        result.provider_reason = reason;
        result.provider_status = 400;
        result.advice = "do this";
        return check_fault(provider, result);
    };
    EXPECT_EQ(fault(PushProvider::apns, PushOutcome::suspect_token, "BadDeviceToken"), "");
    EXPECT_EQ(fault(PushProvider::fcm, PushOutcome::suspect_token, "INVALID_ARGUMENT"), "");
    EXPECT_EQ(fault(PushProvider::apns, PushOutcome::suspect_token, "TopicDisallowed"), "400 TopicDisallowed: do this")
        << "the key is for another bundle id";
    EXPECT_EQ(
        fault(PushProvider::apns, PushOutcome::credential_fault, "ExpiredProviderToken"),
        "400 ExpiredProviderToken: do this"
    );
    EXPECT_NE(fault(PushProvider::fcm, PushOutcome::transient, "connect_failed"), "");
}

}  // namespace
}  // namespace clarion::server
