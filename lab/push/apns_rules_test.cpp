// SPDX-License-Identifier: Apache-2.0
#include "lab/push/apns_rules.hpp"

#include <gtest/gtest.h>

#include "crypto/jwt.hpp"
#include "crypto/testing.hpp"

namespace clarion::lab {
namespace {

using namespace std::chrono_literals;

constexpr WallTime kNow{1'700'000'000'000};
const std::string kVoip(64, 'a');
const std::string kAlert(64, 'b');

struct Keys {
    crypto::testing::PemPair pair = crypto::testing::make_p256_pair();
    crypto::PemPrivateKey secret = crypto::PemPrivateKey::parse(pair.private_pem, "test").value();
    crypto::PemPublicKey open = crypto::PemPublicKey::parse(pair.public_pem, "test").value();
};

struct Rules : ::testing::Test {
    Keys keys;
    ApnsRules rules{ApnsEnvironment::production};
    ApnsConnection connection;

    void SetUp() override {
        rules.keys.insert({"KEY", {.key_id = "KEY", .team_id = "TEAM", .public_key = keys.open}});
        rules.devices[kVoip] = {.token = kVoip, .bundle_id = "com.example.app"};
        rules.devices[kAlert] = {.token = kAlert, .bundle_id = "com.example.app", .kind = ApnsDevice::Kind::alert};
    }
    [[nodiscard]] std::string token(WallTime issued, std::string_view team = "TEAM", std::string_view kid = "KEY")
        const {
        const std::string claims =
            R"({"iss":")" + std::string{team} + R"(","iat":)" + std::to_string(issued.ms / 1000) + "}";
        return "bearer " + crypto::make_es256(claims, kid, keys.secret).value();
    }
    [[nodiscard]] net::HttpRequest good() const {
        return {
            .method = "POST",
            .path = "/3/device/" + kVoip,
            .headers =
                {{"authorization", token(kNow)},
                 {"apns-push-type", "voip"},
                 {"apns-topic", "com.example.app.voip"},
                 {"apns-priority", "10"},
                 {"apns-expiration", "0"},
                 {"apns-id", "0b0b6f0e-8a3c-4c3e-9a0a-2f6b4e1d7c55"}},
            .body = R"({"aps":{}})"
        };
    }
    [[nodiscard]] net::HttpRequest with(std::string_view name, std::string value) const {
        auto request = good();
        std::erase_if(request.headers, [&](const net::Header& one) { return one.name == name; });
        if (!value.empty()) request.headers.push_back({std::string{name}, std::move(value)});
        return request;
    }
    [[nodiscard]] std::string check(const net::HttpRequest& request, WallTime now = kNow) {
        ApnsConnection fresh;
        const auto answer = rules.check(request, fresh, now);
        return std::to_string(answer.status) + " " + std::string{answer.reason};
    }
};

TEST_F(Rules, GoodPushIsAccepted) { EXPECT_EQ(check(good()), "200 "); }

TEST_F(Rules, HeadersAreChecked) {
    auto twice = good();
    twice.headers.push_back({"apns-topic", "com.example.app.voip"});
    EXPECT_EQ(check(twice), "400 DuplicateHeaders");
    EXPECT_EQ(check(with("apns-id", "not-a-uuid")), "400 BadMessageId");
    auto get = good();
    get.method = "GET";
    EXPECT_EQ(check(get), "405 MethodNotAllowed");
    EXPECT_EQ(check(with("apns-topic", "")), "400 MissingTopic");
    EXPECT_EQ(check(with("apns-topic", "com example")), "400 BadTopic");
    EXPECT_EQ(check(with("apns-collapse-id", std::string(65, 'x'))), "400 BadCollapseId");
    EXPECT_EQ(check(with("apns-collapse-id", std::string(64, 'x'))), "200 ");
    EXPECT_EQ(check(with("apns-priority", "7")), "400 BadPriority");
    EXPECT_EQ(check(with("apns-expiration", "-1")), "400 BadExpirationDate");
    EXPECT_EQ(check(with("apns-expiration", "soon")), "400 BadExpirationDate");
}

TEST_F(Rules, PushTypeAndTopicMustFit) {
    EXPECT_EQ(check(with("apns-push-type", "ring")), "400 InvalidPushType");
    EXPECT_EQ(check(with("apns-push-type", "alert")), "400 InvalidPushType");
    EXPECT_EQ(check(with("apns-push-type", "")), "200 ");
    EXPECT_EQ(check(with("apns-topic", "com.example.app")), "400 DeviceTokenNotForTopic");
    auto stranger = with("apns-topic", "com.example.app");
    std::erase_if(stranger.headers, [](const net::Header& one) { return one.name == "authorization"; });
    EXPECT_EQ(check(stranger), "403 MissingProviderToken") << "the token is looked up after the credential";
    EXPECT_EQ(check(with("apns-topic", "com.example.app.complication")), "400 InvalidPushType");
    auto background = with("apns-push-type", "background");
    EXPECT_EQ(check(background), "400 BadPriority");
}

TEST_F(Rules, PathIsChecked) {
    for (const auto& [path, want] : std::initializer_list<std::pair<std::string, std::string>>{
             {"/3/device/", "400 MissingDeviceToken"},
             {"/3/devices/" + kVoip, "404 BadPath"},
             {"/3/device/abc", "400 BadDeviceToken"},
             {"/3/device/zz", "400 BadDeviceToken"},
             {"/3/device/" + std::string(64, 'f'), "400 BadDeviceToken"}
         }) {
        auto request = good();
        request.path = path;
        EXPECT_EQ(check(request), want) << path;
    }
}

TEST_F(Rules, ProviderTokenIsChecked) {
    EXPECT_EQ(check(with("authorization", "")), "403 MissingProviderToken");
    EXPECT_EQ(check(with("authorization", "basic abc")), "403 MissingProviderToken");
    EXPECT_EQ(check(with("authorization", "bearer abc")), "403 InvalidProviderToken");
    EXPECT_EQ(check(with("authorization", token(kNow, "TEAM", "OTHER"))), "403 InvalidProviderToken");
    EXPECT_EQ(check(with("authorization", token(kNow, "OTHER"))), "403 InvalidProviderToken");
    EXPECT_EQ(check(with("authorization", token(kNow + Duration{10min}))), "403 InvalidProviderToken");
    EXPECT_EQ(check(good(), kNow + Duration{60min}), "200 ");
    EXPECT_EQ(check(good(), kNow + Duration{61min}), "403 ExpiredProviderToken");
    const Keys others;
    const auto forged = crypto::make_es256(R"({"iss":"TEAM","iat":1700000000})", "KEY", others.secret).value();
    EXPECT_EQ(check(with("authorization", "bearer " + forged)), "403 InvalidProviderToken");
    rules.keys.at("KEY").environment = ApnsEnvironment::sandbox;
    EXPECT_EQ(check(good()), "403 BadEnvironmentKeyIdInToken");
    rules.keys.at("KEY").environment.reset();
    rules.keys.at("KEY").bundle_ids = {"com.example.other"};
    EXPECT_EQ(check(good()), "400 TopicDisallowed");
}

TEST_F(Rules, ProviderTokenMayChangeOnlyEveryTwentyMinutes) {
    const auto first = good();
    EXPECT_EQ(rules.check(first, connection, kNow).status, 200U);
    EXPECT_TRUE(connection.is_proven);
    const auto renewed = with("authorization", token(kNow + Duration{5min}));
    EXPECT_EQ(rules.check(renewed, connection, kNow + Duration{5min}).reason, "TooManyProviderTokenUpdates");
    EXPECT_EQ(rules.check(first, connection, kNow + Duration{6min}).status, 200U);
    const auto later = with("authorization", token(kNow + Duration{21min}));
    EXPECT_EQ(rules.check(later, connection, kNow + Duration{21min}).status, 200U);
}

TEST_F(Rules, AnOlderTokenIsNoChangeAndAnExpiredOneMayWedgeTheConnection) {
    const auto at = [&](Duration issued, Duration now) {
        return std::string{rules.check(with("authorization", token(kNow + issued)), connection, kNow + now).reason};
    };
    EXPECT_EQ(at(0min, 0min), "");
    EXPECT_EQ(at(21min, 21min), "");
    EXPECT_EQ(at(0min, 22min), "") << "back to the one before";
    EXPECT_EQ(at(22min, 23min), "TooManyProviderTokenUpdates");
    EXPECT_EQ(at(0min, 61min), "ExpiredProviderToken");
    EXPECT_EQ(at(61min, 61min), "");
    rules = ApnsRules{ApnsEnvironment::production, {.wedges = true}};
    SetUp();
    EXPECT_EQ(at(0min, 122min), "ExpiredProviderToken");
    EXPECT_EQ(at(122min, 122min), "ExpiredProviderToken") << "a good one does not help this connection";
}

TEST_F(Rules, AConnectionIsBoundToItsTeamAndToItsKindOfKey) {
    rules.keys.insert({"TOPIC", {.key_id = "TOPIC", .team_id = "TEAM", .public_key = keys.open}});
    rules.keys.at("TOPIC").bundle_ids = {"com.example.app"};
    rules.keys.insert({"OTHER", {.key_id = "OTHER", .team_id = "OTHERTEAM", .public_key = keys.open}});
    const auto by = [&](std::string_view key, std::string_view team) {
        return std::string{rules.check(with("authorization", token(kNow, team, key)), connection, kNow).reason};
    };
    EXPECT_EQ(by("KEY", "TEAM"), "");
    EXPECT_EQ(by("TOPIC", "TEAM"), "UnrelatedKeyIdInToken");
    EXPECT_EQ(by("OTHER", "OTHERTEAM"), "InvalidProviderToken");
    connection = {};
    EXPECT_EQ(by("TOPIC", "TEAM"), "");
    EXPECT_EQ(by("KEY", "TEAM"), "UnrelatedKeyIdInToken");
    const auto known = rules.keys;
    rules = ApnsRules{ApnsEnvironment::production, {.forbids_other_team = true, .is_short_of_id = true}};
    rules.keys = known;
    EXPECT_EQ(by("OTHER", "OTHERTEAM"), "Forbidden");
    connection = {};
    rules.keys.at("KEY").environment = ApnsEnvironment::sandbox;
    EXPECT_EQ(by("KEY", "TEAM"), "BadEnvironmentKeyInToken");
}

TEST_F(Rules, DevicesAreLookedUp) {
    rules.devices[kVoip].environment = ApnsEnvironment::sandbox;
    EXPECT_EQ(check(good()), "400 BadDeviceToken");
    rules.devices[kVoip] = {.token = kVoip, .bundle_id = "com.example.other"};
    EXPECT_EQ(check(good()), "400 DeviceTokenNotForTopic");
    rules.devices[kVoip] = {.token = kVoip, .bundle_id = "com.example.app", .unregistered_at = kNow};
    EXPECT_EQ(check(good()), "410 Unregistered");
    EXPECT_EQ(rules.check(good(), connection, kNow).timestamp, kNow);
    rules.devices[kVoip] = {.token = kVoip, .bundle_id = "com.example.app", .expired_at = kNow};
    EXPECT_EQ(check(good()), "410 ExpiredToken");
    auto alert = good();
    alert.path = "/3/device/" + kAlert;
    EXPECT_EQ(check(alert), "400 DeviceTokenNotForTopic");
}

TEST_F(Rules, BodyIsChecked) {
    auto request = good();
    request.body = "";
    EXPECT_EQ(check(request), "400 PayloadEmpty");
    request.body = "[]";
    EXPECT_EQ(check(request), "400 PayloadEmpty");
    request.body = R"({"x":")" + std::string(5120 - 8, 'x') + R"("})";
    ASSERT_EQ(request.body.size(), 5120U);
    EXPECT_EQ(check(request), "200 ");
    request.body = R"({"x":")" + std::string(5120 - 7, 'x') + R"("})";
    EXPECT_EQ(check(request), "413 PayloadTooLarge");
}

}  // namespace
}  // namespace clarion::lab
