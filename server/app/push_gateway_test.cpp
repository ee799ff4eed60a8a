// SPDX-License-Identifier: Apache-2.0
// Calls whose callee has several ways to be woken, and what is learned from what the providers say.
#include "server/app/push_gateway.hpp"

#include <gtest/gtest.h>

#include "server/app/testing/stage.hpp"

namespace clarion::server::testing {
namespace {

const ServiceId kService = *ServiceId::parse("shop");
const DeviceId kPhone = *DeviceId::parse("bob-phone");

PushResult refused(PushOutcome outcome, std::string reason) {
    PushResult result;
    result.outcome = outcome;
    result.provider_status = 400;
    result.provider_reason = std::move(reason);
    result.attempts = 1;
    return result;
}

PushResult accepted(std::optional<PushEnvironment> environment = {}) {
    PushResult result;
    result.outcome = PushOutcome::accepted;
    result.provider_status = 200;
    result.environment = environment;
    result.attempts = 1;
    return result;
}

PushEndpoint endpoint(const std::string& provider, const std::string& token, bool is_alert = false) {
    PushEndpoint made{provider, Redacted{token}};
    made.is_alert = is_alert;
    return made;
}

class Gateway : public ::testing::Test {
  protected:
    void register_phone(std::vector<PushEndpoint> endpoints, protocol::Platform platform = protocol::Platform::ios) {
        const WallTime now = stage.clock.wall_now();
        DeviceRecord record{kService, *UserId::parse("bob"), kPhone, platform, {}, {}, now, now};
        record.push = endpoints.front();
        record.push_more.assign(endpoints.begin() + 1, endpoints.end());
        ASSERT_TRUE(stage.store->put_device(record));
    }
    void call(int number) {
        if (!alice) alice = stage.online("alice", "alice-pc");
        ASSERT_EQ(alice->ask(place_call(number, "bob")), std::nullopt);
    }
    [[nodiscard]] DeviceRecord phone() { return stage.store->find_device(kService, kPhone)->value(); }
    [[nodiscard]] bool sent(std::size_t count) {
        return stage.wait([&] { return stage.push.sent.size() >= count; });
    }
    [[nodiscard]] std::string trace(int number) {
        return stage.rest("GET", "/v1/calls/" + call_id(number).text() + "/trace").body;
    }
    [[nodiscard]] bool traced(int number, const std::string& word) {
        return stage.wait([&] { return trace(number).find(word) != std::string::npos; });
    }

    Stage stage;
    std::unique_ptr<TestClient> alice;
};

TEST_F(Gateway, TheNextWayIsTriedWhenOneFailsAndTheAlertComesLast) {
    register_phone(
        {endpoint("apns", "alert", true), endpoint("apns", "voip"), endpoint("unifiedpush", "https://u.test")}
    );
    stage.push.answer_to = [](const PushRequest& push) {
        if (push.token.reveal() == "alert") return accepted();
        return refused(PushOutcome::transient, "ServiceUnavailable");
    };
    call(1);
    ASSERT_TRUE(sent(3));
    EXPECT_EQ(stage.push.sent[0].token.reveal(), "voip");
    EXPECT_EQ(stage.push.sent[0].kind, PushKind::ring);
    EXPECT_FALSE(stage.push.sent[0].alert);
    EXPECT_EQ(stage.push.sent[1].provider, PushProvider::unifiedpush);
    EXPECT_EQ(stage.push.sent[2].token.reveal(), "alert");
    EXPECT_EQ(stage.push.sent[2].kind, PushKind::message);
    ASSERT_TRUE(stage.push.sent[2].alert);
    EXPECT_EQ(stage.push.sent[2].alert->title.reveal(), "Incoming call");
    ASSERT_TRUE(traced(1, "push_accepted"));
    EXPECT_NE(trace(1).find("push_fallback"), std::string::npos);
    EXPECT_NE(trace(1).find("APNs: 400 ServiceUnavailable"), std::string::npos);
}

TEST_F(Gateway, EnvironmentThatWorkedIsRememberedAndNoClaimAnyMore) {
    register_phone({endpoint("apns", "voip")});
    stage.push.answer_to = [](const PushRequest&) { return accepted(PushEnvironment::sandbox); };
    call(1);
    ASSERT_TRUE(traced(1, "the token belongs to sandbox"));
    EXPECT_TRUE(stage.push.sent[0].is_environment_unproven);
    EXPECT_EQ(phone().push->environment, "sandbox");
    call(2);
    ASSERT_TRUE(sent(2));
    EXPECT_EQ(stage.push.sent[1].environment, PushEnvironment::sandbox);
    EXPECT_FALSE(stage.push.sent[1].is_environment_unproven);
}

TEST_F(Gateway, DeadTokenGoesUnlessItWasRegisteredAfterItDied) {
    register_phone({endpoint("apns", "voip")});
    stage.push.answer_to = [this](const PushRequest&) {
        PushResult dead = refused(PushOutcome::dead_token, "Unregistered");
        dead.dead_since = phone().push->registered_at + Duration{-1};
        return dead;
    };
    call(1);
    ASSERT_TRUE(traced(1, "push_refused"));
    EXPECT_TRUE(phone().push) << "the app registered it again meanwhile";
    stage.push.answer_to = [this](const PushRequest&) {
        PushResult dead = refused(PushOutcome::dead_token, "Unregistered");
        dead.dead_since = phone().push->registered_at;
        return dead;
    };
    call(2);
    ASSERT_TRUE(traced(2, "push_token_retired"));
    EXPECT_FALSE(phone().push);
}

TEST_F(Gateway, OnlyTheWordThatATokenIsGoneTakesIt) {
    register_phone({endpoint("fcm", "token")});
    int n = 0;
    for (const auto outcome : {PushOutcome::suspect_token, PushOutcome::credential_fault, PushOutcome::payload_fault}) {
        stage.push.answer_to = [&](const PushRequest&) { return refused(outcome, "VAPID public key mismatch"); };
        for (int left = outcome == PushOutcome::suspect_token ? 4 : 1; left > 0; --left) {
            call(++n);
            ASSERT_TRUE(traced(n, "VAPID public key mismatch")) << n;
        }
        ASSERT_TRUE(phone().push) << to_string(outcome);
        EXPECT_FALSE(stage.store->was_retired(kService, kPhone, *phone().push).value());
    }
}

TEST_F(Gateway, TokenThatNobodyKnowsAgainAndAgainIsGivenUp) {
    register_phone({endpoint("apns", "voip")});
    stage.push.answer_to = [](const PushRequest&) { return refused(PushOutcome::suspect_token, "BadDeviceToken"); };
    call(1);
    ASSERT_TRUE(stage.wait([&] { return phone().push->suspects == 1; }));
    call(2);
    ASSERT_TRUE(stage.wait([&] { return phone().push->suspects == 2; }));
    call(3);
    ASSERT_TRUE(traced(3, "refused 3 times: BadDeviceToken"));
    EXPECT_FALSE(phone().push);
}

TEST_F(Gateway, MissedCallIsToldToAnIPhoneThatNeverSaidAWord) {
    register_phone({endpoint("apns", "voip"), endpoint("apns", "alert", true)});
    call(1);
    ASSERT_TRUE(sent(1));
    ASSERT_EQ(alice->ask(protocol::End{call_id(1), EndReason::cancel, {}}), std::nullopt);
    ASSERT_TRUE(sent(2));
    EXPECT_EQ(stage.push.sent[1].kind, PushKind::missed);
    EXPECT_EQ(stage.push.sent[1].token.reveal(), "alert");
    EXPECT_EQ(stage.push.sent[1].call_id, call_id(1));
    EXPECT_EQ(stage.push.sent[1].alert->title.reveal(), "Missed call");

    // One that rang shows its own notice.
    call(2);
    ASSERT_TRUE(sent(3));
    auto bob = stage.with_ticket(stage.push.sent[2]);
    ASSERT_TRUE(bob->next<protocol::Welcome>());
    ASSERT_EQ(bob->ask(protocol::Receipt{call_id(2), protocol::ReceiptStep::ringing, {}, {}}), std::nullopt);
    ASSERT_EQ(alice->ask(protocol::End{call_id(2), EndReason::cancel, {}}), std::nullopt);
    ASSERT_TRUE(traced(2, "\"ended\""));
    EXPECT_EQ(stage.push.sent.size(), 3U);
}

TEST_F(Gateway, AndroidAndBrowsersHearOfTheEndAndOfTheMissedCall) {
    int number = 0;
    for (const auto& [provider, platform] :
         {std::pair{"fcm", protocol::Platform::android}, std::pair{"webpush", protocol::Platform::web}}) {
        register_phone({endpoint(provider, "https://push.example/" + std::to_string(number))}, platform);
        stage.push.sent.clear();
        call(++number);
        ASSERT_TRUE(sent(1));
        stage.clock.ahead += Duration{15'000};
        ASSERT_EQ(alice->ask(protocol::End{call_id(number), EndReason::cancel, {}}), std::nullopt);
        ASSERT_TRUE(sent(3)) << provider;
        EXPECT_EQ(stage.push.sent[0].kind, PushKind::ring);
        EXPECT_EQ(stage.push.sent[1].kind, PushKind::cancel);
        EXPECT_EQ(stage.push.sent[2].kind, PushKind::missed);
        EXPECT_EQ(stage.push.sent[2].alert->title.reveal(), "Missed call");
        EXPECT_GT(stage.push.sent[2].expires - stage.push.sent[2].now, Duration{3'600'000}) << "it is not too late";
    }
}

TEST_F(Gateway, OutcomesAreCounted) {
    register_phone({endpoint("apns", "voip")});
    call(1);
    ASSERT_TRUE(traced(1, "push_accepted"));
    EXPECT_EQ(stage.rest("GET", "/metrics").status, 401U);
    const auto metrics = stage.rest_as(std::string{"Bearer "} + Stage::kAdminKey, "GET", "/metrics");
    EXPECT_EQ(metrics.status, 200U);
    EXPECT_NE(
        metrics.body.find(R"(clarion_push_results_total{provider="apns",kind="ring",outcome="accepted"} 1)"),
        std::string::npos
    ) << metrics.body;
    EXPECT_NE(
        metrics.body.find(R"(clarion_push_accepted_seconds_bucket{provider="apns",le="0.01"} 1)"), std::string::npos
    );
}

TEST(FitFields, HintsGoBeforeTheInvite) {
    std::vector<std::pair<std::string, std::string>> fields{
        {"cc_param", std::string(3900, 'x')},
        {"type", "ring"},
        {"call_id", std::string(36, 'c')},
        {"from_user_id", std::string(64, 'a')},
        {"media", "A"}
    };
    auto roomy = fields;
    fit_fields(roomy, PushProvider::apns);
    EXPECT_EQ(roomy.size(), 5U);
    fit_fields(fields, PushProvider::webpush);
    EXPECT_EQ(fields.size(), 3U);
}

}  // namespace
}  // namespace clarion::server::testing
