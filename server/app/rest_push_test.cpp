// SPDX-License-Identifier: Apache-2.0
// Pushes without a call, endpoints of browsers, the test ring.
#include <gtest/gtest.h>

#include "core/codec/json.hpp"
#include "crypto/web_push.hpp"
#include "server/app/testing/stage.hpp"

namespace clarion::server::testing {
namespace {

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

std::string subscription(const std::string& endpoint, const std::string& auth = "") {
    const auto browser = crypto::WebPushReceiver::generate();
    return R"({"provider":"webpush","token":")" + endpoint + R"(","p256dh":")" + browser.p256dh() + R"(","auth":")" +
           (auth.empty() ? browser.auth() : auth) + "\"}";
}

TEST(RestPush, SubscriptionsOfBrowsersAreChecked) {
    Stage stage;
    const auto put = [&](const std::string& push) {
        return stage.rest("PUT", "/v1/users/bob/devices/tab", R"({"platform":"web","push":)" + push + "}");
    };
    EXPECT_EQ(put(subscription("https://push.example.net/wpush/v2/abc")).status, 200U);
    const auto got = stage.rest("GET", "/v1/users/bob/devices/tab");
    EXPECT_TRUE(has(got.body, R"("provider":"webpush")")) << got.body;
    EXPECT_FALSE(has(got.body, "push.example.net")) << "an endpoint is as secret as a token";
    for (const std::string& bad :
         {subscription("http://push.example.net/x"), subscription("https://push.example.net/" + std::string(1000, 'x')),
          subscription("https://push.example.net/x", "short"), std::string{R"({"provider":"webpush","token":"x"})"},
          std::string{R"({"provider":"fcm","token":"x","p256dh":"y"})"},
          std::string{R"({"provider":"fcm","token":"x","alert":true})"}}) {
        const auto answer = put(bad);
        EXPECT_EQ(answer.status, 400U) << bad.substr(0, 80);
        EXPECT_TRUE(has(answer.body, "push.")) << answer.body;
    }
}

TEST(RestPush, DeviceMayHaveSeveralWays) {
    Stage stage;
    const std::string alert = R"({"provider":"apns","token":"bb","alert":true})";
    const auto put = stage.rest(
        "PUT", "/v1/users/bob/devices/phone",
        R"({"platform":"ios","push":{"provider":"apns","token":"aa"},"push_more":[)" + alert + "]}"
    );
    ASSERT_EQ(put.status, 200U) << put.body;
    EXPECT_TRUE(has(stage.rest("GET", "/v1/users/bob/devices/phone").body, R"("alert":true)"));
    EXPECT_EQ(
        stage.rest("PUT", "/v1/users/bob/devices/phone", R"({"platform":"ios","push_more":[)" + alert + "]}").status,
        400U
    );
    std::string five = alert;
    for (int i = 0; i < 3; ++i) five += "," + alert;
    EXPECT_GE(
        stage
            .rest(
                "PUT", "/v1/users/bob/devices/phone",
                R"({"platform":"ios","push":{"provider":"apns","token":"aa"},"push_more":[)" + five + "]}"
            )
            .status,
        400U
    );
}

TEST(RestPush, MessageReachesTheDevicesThatTakeMessagesAndEachAnswerIsTold) {
    Stage stage;
    stage.add_phone("bob", "bob-android", protocol::Platform::android);
    stage.add_phone("bob", "bob-iphone", protocol::Platform::ios);
    const auto answer = stage.rest(
        "POST", "/v1/users/bob/push",
        R"({"title":"Hello","body":"Bob","data":[{"name":"room","value":"7"}],"ttl_s":60})"
    );
    ASSERT_EQ(answer.status, 200U) << answer.body;
    ASSERT_EQ(stage.push.sent.size(), 1U) << "an iPhone's VoIP token takes calls only";
    const PushRequest& push = stage.push.sent[0];
    EXPECT_EQ(push.kind, PushKind::message);
    EXPECT_EQ(push.alert->title.reveal(), "Hello");
    EXPECT_EQ(field_of(push, "room"), "7");
    EXPECT_LE(push.expires - push.now, Duration{60'000});
    EXPECT_GT(push.expires, push.now);
    EXPECT_TRUE(has(answer.body, R"("device":"bob-android")") && has(answer.body, R"("outcome":"accepted")"));
    EXPECT_TRUE(has(answer.body, "alert token")) << answer.body;

    EXPECT_EQ(stage.rest("POST", "/v1/users/bob/push", R"({"device":"nobody"})").status, 404U);
    EXPECT_EQ(stage.rest("POST", "/v1/users/carol/push", "{}").status, 404U);
    EXPECT_EQ(stage.rest("GET", "/v1/users/bob/push").status, 405U);
    EXPECT_EQ(stage.rest("POST", "/v1/users/bob/push", R"({"ttl_s":-1})").status, 400U);
    EXPECT_EQ(stage.rest_as("", "POST", "/v1/users/bob/push", "{}").status, 401U);
}

TEST(RestPush, OneEndpointIsPushedToWithTheProvidersReason) {
    Stage stage;
    stage.push.result.outcome = PushOutcome::dead_token;
    stage.push.result.provider_status = 410;
    stage.push.result.provider_reason = "Unregistered";
    stage.push.result.advice = "the app was removed from the device";
    const auto answer =
        stage.rest("POST", "/v1/push", R"({"push":{"provider":"apns","token":"aabb","alert":true},"title":"Hi"})");
    ASSERT_EQ(answer.status, 200U) << answer.body;
    EXPECT_TRUE(has(answer.body, R"("outcome":"dead_token","status":410,"reason":"Unregistered")")) << answer.body;
    EXPECT_TRUE(has(answer.body, "the app was removed"));
    EXPECT_EQ(stage.rest("POST", "/v1/push", "{}").status, 400U);
    EXPECT_EQ(stage.rest("POST", "/v1/push", R"({"push":{"provider":"pigeon","token":"x"}})").status, 400U);
}

TEST(RestPush, ASilentProviderHoldsTheAnswerNoLongerThanTheRequestAllows) {
    Stage stage;
    stage.push.answers = false;
    stage.add_phone("bob", "bob-android", protocol::Platform::android);
    stage.add_phone("bob", "bob-iphone", protocol::Platform::ios);
    const auto answer = stage.rest("POST", "/v1/users/bob/push", R"({"title":"Hello","wait_ms":20})");
    ASSERT_EQ(answer.status, 202U) << answer.body;
    EXPECT_TRUE(has(answer.body, R"("done":false)"));
    EXPECT_TRUE(has(answer.body, R"("device":"bob-android","provider":"","outcome":"waiting")")) << answer.body;
    EXPECT_TRUE(has(answer.body, "alert token")) << "what is known is told: " << answer.body;
    const std::string* place = net::find_header(answer.headers, "location");
    ASSERT_NE(place, nullptr);
    EXPECT_EQ(stage.rest("GET", *place).body, answer.body);

    stage.push.speak();
    const auto later = stage.rest("GET", *place);
    EXPECT_EQ(later.status, 200U);
    EXPECT_TRUE(has(later.body, R"("done":true)"));
    EXPECT_TRUE(has(later.body, R"("device":"bob-android","provider":"fcm","outcome":"accepted")")) << later.body;
    EXPECT_FALSE(has(later.body, "waiting"));
    ASSERT_EQ(stage.push.sent.size(), 1U) << "asking again pushes nothing";
}

TEST(RestPush, WhoDoesNotWantToWaitIsAnsweredAtOnceAndTheRestIsItsOwnServicesAffair) {
    Stage stage;
    const std::string one = R"({"push":{"provider":"fcm","token":"x"},"title":"Hi","wait_ms":0})";
    stage.push.answers = false;
    const auto answer = stage.rest("POST", "/v1/push", one);
    ASSERT_EQ(answer.status, 202U) << answer.body;
    const std::string place = *net::find_header(answer.headers, "location");
    EXPECT_EQ(stage.rest_as("", "GET", place).status, 401U);
    const ApiKeyRecord bank{
        "bank-key", *ServiceId::parse("bank"), Redacted<std::string>{"s"}, stage.clock.wall_now(), {}
    };
    ASSERT_TRUE(stage.store->add_service({bank.service, "Bank", stage.clock.wall_now()}, bank));
    stage.key = bank;
    EXPECT_EQ(stage.rest("GET", place).status, 404U);
    EXPECT_EQ(stage.rest("GET", "/v1/push/nothing").status, 404U);
    EXPECT_EQ(stage.rest("DELETE", place).status, 405U);
    EXPECT_EQ(
        stage.rest("POST", "/v1/push", R"({"push":{"provider":"fcm","token":"x"},"wait_ms":30001})").status, 400U
    );
    stage.push.speak();
}

TEST(RestPush, TestRingTellsEveryStep) {
    Stage stage;
    stage.add_phone("bob", "bob-phone");
    stage.add_phone("bob", "bob-tablet");
    const auto made = stage.rest("POST", "/v1/users/bob/devices/bob-phone/ring");
    ASSERT_EQ(made.status, 202U) << made.body;
    const auto document = codec::Document::parse(made.body, 1000);
    const std::string call{document->root().get("call_id").text().value_or("")};
    ASSERT_TRUE(stage.wait([&] { return has(stage.rest("GET", "/v1/calls/" + call + "/trace").body, "push_accepted"); })
    );
    ASSERT_EQ(stage.push.sent.size(), 1U) << "this device alone";
    EXPECT_EQ(stage.invite_of(stage.push.sent[0]).from_name.reveal(), "Clarion test ring");
    auto bob = stage.with_ticket(stage.push.sent[0]);
    ASSERT_TRUE(bob->next<protocol::Welcome>());
    const auto ended = stage.rest("POST", "/v1/calls/" + call + "/end", R"({"reason":"cancel"})");
    EXPECT_EQ(ended.status, 200U) << ended.body;
    EXPECT_TRUE(bob->next<protocol::Ended>());
    EXPECT_EQ(stage.rest("POST", "/v1/users/alice/devices/bob-phone/ring").status, 404U);
}

}  // namespace
}  // namespace clarion::server::testing
