// SPDX-License-Identifier: Apache-2.0
// A device that says itself where it is woken.
#include <gtest/gtest.h>

#include "core/codec/json.hpp"
#include "crypto/web_push.hpp"
#include "server/app/testing/stage.hpp"

namespace clarion::server::testing {
namespace {

using protocol::ErrorCode;
using protocol::PushAddress;
using protocol::TokenKind;

const ServiceId kShop = *ServiceId::parse("shop");

PushAddress address(TokenKind kind, const std::string& token, const std::string& topic = "") {
    return {kind, Redacted{token}, topic, {}};
}

std::string subscription(const std::string& endpoint) {
    const auto browser = crypto::WebPushReceiver::generate();
    return R"({"endpoint":")" + endpoint + R"(","expirationTime":null,"keys":{"p256dh":")" + browser.p256dh() +
           R"(","auth":")" + browser.auth() + "\"}}";
}

class PushAddressTest : public ::testing::Test {
  protected:
    void SetUp() override {
        bob = stage.online("bob", "bob-phone");
        ASSERT_TRUE(bob->next<protocol::Welcome>());
    }

    /// "apns:aa apns!:bb", in their order; an alert token has the '!'.
    std::string ways(const std::string& device = "bob-phone") {
        const auto record = stage.store->find_device(kShop, *DeviceId::parse(device));
        std::string text;
        for (const PushEndpoint* one : endpoints_of(record->value())) {
            text += (text.empty() ? "" : " ") + one->provider + (one->is_alert ? "!" : "") + ":" + one->token.reveal();
        }
        return text;
    }

    PushEndpoint first(const std::string& device = "bob-phone") {
        return stage.store->find_device(kShop, *DeviceId::parse(device))->value().push.value_or(PushEndpoint{});
    }

    std::optional<ErrorCode> say(TokenKind kind, const std::string& token) { return bob->ask(address(kind, token)); }

    /// What the server says to people about a refused address.
    std::string why(const PushAddress& refused) {
        const auto id = bob->send(refused);
        const auto error = bob->next<protocol::Error>();
        return error && error->id == id ? error->message : "no error";
    }

    Stage stage;
    std::unique_ptr<TestClient> bob;
};

TEST_F(PushAddressTest, AConnectedDeviceRegistersAndIsWokenThere) {
    EXPECT_EQ(ways(), "");
    ASSERT_EQ(say(TokenKind::fcm, "fcm-1"), std::nullopt);
    EXPECT_EQ(ways(), "fcm:fcm-1");
    bob->close();
    auto alice = stage.online("alice", "alice-pc");
    ASSERT_EQ(alice->ask(place_call(1, "bob")), std::nullopt);
    ASSERT_TRUE(stage.wait([&] { return stage.push.sent.size() == 1; }));
    EXPECT_EQ(stage.push.sent[0].provider, PushProvider::fcm);
    EXPECT_EQ(stage.push.sent[0].token.reveal(), "fcm-1");
}

TEST_F(PushAddressTest, EachKindHasOneAddressThatTheLastWordReplacesInItsPlace) {
    ASSERT_EQ(say(TokenKind::apns_voip, "aa"), std::nullopt);
    ASSERT_EQ(say(TokenKind::apns_alert, "bb"), std::nullopt);
    ASSERT_EQ(say(TokenKind::apns_voip, "cc"), std::nullopt);
    EXPECT_EQ(ways(), "apns:cc apns!:bb");
    ASSERT_EQ(say(TokenKind::apns_voip, ""), std::nullopt);
    EXPECT_EQ(ways(), "apns!:bb");
    EXPECT_EQ(say(TokenKind::apns_voip, ""), std::nullopt) << "it is gone, as it was to be";
    stage.kill_and_restart();
    EXPECT_EQ(ways(), "apns!:bb") << "acknowledged is stored";
}

TEST_F(PushAddressTest, TheSameAgainKeepsWhatWasLearnedAndWhatTheAppServerSaid) {
    DeviceRecord record = stage.store->find_device(kShop, *DeviceId::parse("bob-phone"))->value();
    record.push = PushEndpoint{"apns", Redacted<std::string>{"aa"}, "com.example.shop", "sandbox"};
    ASSERT_TRUE(stage.store->put_device(record));
    PushEndpoint learned = first();
    learned.is_proven = true;
    learned.suspects = 2;
    ASSERT_TRUE(stage.store->learn_push(kShop, record.device, learned));
    ASSERT_EQ(say(TokenKind::apns_voip, "aa"), std::nullopt);
    EXPECT_TRUE(first().is_proven);
    EXPECT_EQ(first().suspects, 2U) << "or a token that fails again and again would never be given up";

    stage.clock.ahead = Duration{5'000};
    ASSERT_EQ(say(TokenKind::apns_voip, "bb"), std::nullopt);
    EXPECT_EQ(first().topic, "com.example.shop") << "what the device does not say stays";
    EXPECT_EQ(first().environment, "sandbox");
    EXPECT_FALSE(first().is_proven) << "another token is another claim";
    EXPECT_EQ(first().suspects, 0U);
    EXPECT_GE(first().registered_at, record.updated_at + Duration{5'000});
    ASSERT_EQ(bob->ask(address(TokenKind::apns_voip, "bb", "com.example.other")), std::nullopt);
    EXPECT_EQ(first().topic, "com.example.other");
}

TEST_F(PushAddressTest, SubscriptionsOfBrowsersAreReadAsTheBrowserWritesThem) {
    ASSERT_EQ(say(TokenKind::web_push, subscription("https://push.example.net/wpush/v2/abc")), std::nullopt);
    EXPECT_EQ(ways(), "webpush:https://push.example.net/wpush/v2/abc");
    EXPECT_EQ(first().p256dh.size(), 87U);
    ASSERT_EQ(say(TokenKind::unified_push, subscription("https://ntfy.example.net/up1")), std::nullopt);
    EXPECT_EQ(first().provider, "webpush") << "the new one is tried after it";
}

TEST_F(PushAddressTest, ARefusedAddressNamesTheFieldAndChangesNothing) {
    ASSERT_EQ(say(TokenKind::fcm, "fcm-1"), std::nullopt);
    struct Row {
        PushAddress said;
        const char* begins;
    };
    const std::vector<Row> rows{
        {address(TokenKind::web_push, "https://push.example.net/x"), "token is the subscription, a JSON object"},
        {address(TokenKind::web_push, "{}"), "token is the subscription, and has no endpoint"},
        {address(TokenKind::web_push, subscription("http://push.example.net/x")), "token is the endpoint, an https URL"
        },
        {address(TokenKind::web_push, R"({"endpoint":"https://p.example.net/x","keys":{"auth":"x"}})"), "p256dh"},
        {address(TokenKind::fcm, "two words"), "token holds characters that no token has"},
        {address(TokenKind::apns_voip, "aa\r\nx: y"), "token holds characters that no token has"},
        {address(TokenKind::apns_alert, "no-hex"), "token is Apple's device token"},
        {address(TokenKind::apns_voip, "aa", "a topic"), "topic is the bundle id"},
        {{TokenKind::apns_voip, Redacted<std::string>{"aa"}, {}, "moon"}, "environment is production or sandbox"},
    };
    for (const Row& row : rows) EXPECT_TRUE(why(row.said).starts_with(row.begins)) << row.begins << why(row.said);
    EXPECT_TRUE(why(address(TokenKind::fcm, std::string(5'000, 'x'))).starts_with("\"token\""));
    EXPECT_EQ(ways(), "fcm:fcm-1");
}

TEST_F(PushAddressTest, ADeviceSpeaksForItselfAloneAndNeedsItsToken) {
    stage.add_phone("bob", "bob-tablet", protocol::Platform::android);
    auto alice = stage.online("alice", "alice-pc");
    ASSERT_EQ(alice->ask(place_call(1, "bob")), std::nullopt);
    ASSERT_TRUE(stage.wait([&] { return stage.push.sent.size() == 1; }));
    auto tablet = stage.with_ticket(stage.push.sent[0]);
    ASSERT_TRUE(tablet->next<protocol::Welcome>());
    EXPECT_EQ(tablet->ask(address(TokenKind::fcm, "stolen")), ErrorCode::not_authorized);
    EXPECT_EQ(ways("bob-tablet"), "fcm:token-of-bob-tablet");
    ASSERT_EQ(say(TokenKind::fcm, "fcm-1"), std::nullopt);
    EXPECT_EQ(ways("bob-tablet"), "fcm:token-of-bob-tablet") << "the other device keeps its own";
    EXPECT_EQ(ways(), "fcm:fcm-1");
}

TEST_F(PushAddressTest, ATokenMovesToTheDeviceThatSaysItLast) {
    ASSERT_EQ(say(TokenKind::fcm, "fcm-1"), std::nullopt);
    ASSERT_EQ(say(TokenKind::apns_alert, "bb"), std::nullopt);
    auto carol = stage.online("carol", "carol-phone");
    ASSERT_TRUE(carol->next<protocol::Welcome>());
    ASSERT_EQ(carol->ask(address(TokenKind::fcm, "fcm-1")), std::nullopt);
    EXPECT_EQ(ways(), "apns!:bb") << "the same app on the same phone, under another name now";
    EXPECT_EQ(ways("carol-phone"), "fcm:fcm-1");
}

TEST_F(PushAddressTest, ADeadTokenStaysDeadExceptAtApple) {
    const auto die = [&](const std::string& token) {
        ASSERT_TRUE(stage.store->retire_push(kShop, *DeviceId::parse("bob-phone"), token));
    };
    ASSERT_EQ(say(TokenKind::fcm, "fcm-1"), std::nullopt);
    die("fcm-1");
    EXPECT_EQ(ways(), "");
    EXPECT_NE(why(address(TokenKind::fcm, "fcm-1")).find("ask the push service for a new one"), std::string::npos);
    EXPECT_EQ(say(TokenKind::fcm, "fcm-1"), ErrorCode::wrong_state);
    EXPECT_EQ(say(TokenKind::fcm, "fcm-2"), std::nullopt);
    EXPECT_EQ(ways(), "fcm:fcm-2");
    ASSERT_EQ(say(TokenKind::apns_voip, "aa"), std::nullopt);
    die("aa");
    EXPECT_EQ(say(TokenKind::apns_voip, "aa"), std::nullopt) << "registered again after Apple's word";
    EXPECT_EQ(ways(), "fcm:fcm-2 apns:aa");
}

TEST_F(PushAddressTest, FourAddressesAreEnoughAndChangesHaveARate) {
    const auto token = [](int i) { return "fcm-" + std::to_string(i); };
    ASSERT_EQ(say(TokenKind::apns_voip, "aa"), std::nullopt);
    ASSERT_EQ(say(TokenKind::apns_alert, "bb"), std::nullopt);
    ASSERT_EQ(say(TokenKind::web_push, subscription("https://push.example.net/abc")), std::nullopt);
    ASSERT_EQ(say(TokenKind::unified_push, subscription("https://push.example.net/def")), std::nullopt);
    const std::string four = ways();
    EXPECT_EQ(say(TokenKind::fcm, token(0)), ErrorCode::wrong_state);
    EXPECT_EQ(ways(), four);
    ASSERT_EQ(say(TokenKind::unified_push, ""), std::nullopt);
    stage.clock.ahead = Duration{60'000};
    ASSERT_EQ(say(TokenKind::fcm, token(0)), std::nullopt);
    std::optional<ErrorCode> refused;
    std::string before;
    int last = 0;
    while (last < 20 && !refused) {
        before = ways();
        refused = say(TokenKind::fcm, token(++last));
    }
    EXPECT_EQ(refused, ErrorCode::too_many);
    EXPECT_EQ(ways(), before);
    EXPECT_EQ(say(TokenKind::fcm, token(last - 1)), std::nullopt) << "the same again costs nothing";
    stage.clock.ahead = Duration{120'000};
    EXPECT_EQ(say(TokenKind::fcm, "fcm-later"), std::nullopt);
}

TEST(PushAddressLimits, AServerWithASmallBurstTakesAnAddressToo) {
    StageOptions options;
    options.limits.frames_burst = 10;
    Stage stage{options};
    auto bob = stage.online("bob", "bob-phone");
    ASSERT_TRUE(bob->next<protocol::Welcome>());
    EXPECT_EQ(bob->ask(address(TokenKind::fcm, "fcm-1")), std::nullopt);
}

}  // namespace
}  // namespace clarion::server::testing
