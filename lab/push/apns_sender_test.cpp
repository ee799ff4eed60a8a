// SPDX-License-Identifier: Apache-2.0
#include "server/adapters/apns/apns_sender.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <set>

#include "core/codec/json.hpp"
#include "crypto/testing.hpp"
#include "lab/push/apns_service.hpp"
#include "lab/push/credentials.hpp"
#include "lab/push/push_bench_test.hpp"

namespace clarion::lab {
namespace {

using namespace std::chrono_literals;
using server::PushEnvironment;
using server::PushKind;
using server::PushOutcome;
using server::PushProvider;
using server::apns::ApnsConfig;
using server::apns::ApnsSender;

const std::string kVoipToken(64, 'a');
const std::string kAlertToken(64, 'b');

std::string header(const net::HttpRequest& request, std::string_view name) {
    const std::string* value = net::find_header(request.headers, name);
    return value == nullptr ? "" : *value;
}

class Apns : public PushBench {
  protected:
    void SetUp() override {
        PushBench::SetUp();
        start_service(ApnsEnvironment::production, service_, port_);
        credentials_ = make_apns_credentials(folder_, "ABC123DEFG", "TEAM123456").value();
        service_->add_key(credentials_->key);
        service_->register_device({.token = kVoipToken, .bundle_id = "com.example.app"});
        service_->register_device(
            {.token = kAlertToken, .bundle_id = "com.example.app", .kind = ApnsDevice::Kind::alert}
        );
        sender_ = ApnsSender::make(loop_, sender_clock_, config()).value();
    }
    void start_service(ApnsEnvironment environment, std::unique_ptr<ApnsService>& service, std::uint16_t& port) {
        ApnsServiceOptions options;
        options.certificate_file = certificate().certificate_file();
        options.key_file = certificate().key_file();
        options.wall_now = [this] { return service_clock_.now; };
        options.environment = environment;
        service = std::make_unique<ApnsService>(loop_, options);
        port = service->start().value();
        service->on_push([this](const DeliveredPush& push) { pushes_.push_back(push); });
    }
    [[nodiscard]] ApnsConfig config() const {
        return {
            .endpoint = "https://localhost:" + std::to_string(port_),
            .sandbox_endpoint = "https://localhost:" + std::to_string(sandbox_port_ == 0 ? port_ : sandbox_port_),
            .ca_file = certificate().ca_file(),
            .key_file = credentials_->key_file,
            .key_id = "ABC123DEFG",
            .team_id = "TEAM123456",
            .topic = "com.example.app"
        };
    }
    [[nodiscard]] server::PushRequest ring() const { return PushBench::ring(PushProvider::apns, kVoipToken); }
    [[nodiscard]] bool wait_for_pushes(std::size_t count) {
        return loop_.run_until([&] { return pushes_.size() >= count; }, 10s);
    }

    std::unique_ptr<ApnsService> service_;
    std::unique_ptr<ApnsService> sandbox_;
    std::uint16_t port_ = 0;
    std::uint16_t sandbox_port_ = 0;
    std::optional<ApnsCredentials> credentials_;
    std::unique_ptr<ApnsSender> sender_;
    std::vector<DeliveredPush> pushes_;
};

TEST_F(Apns, RingReachesTheDeviceAsAVoipPush) {
    const auto result = send(*sender_, ring());
    EXPECT_EQ(result.outcome, PushOutcome::accepted) << result.provider_reason;
    EXPECT_EQ(result.provider_status, 200U);
    EXPECT_EQ(result.attempts, 1U);
    ASSERT_TRUE(wait_for_pushes(1));
    const DeliveredPush& push = pushes_.front();
    EXPECT_EQ(push.token, kVoipToken);
    EXPECT_EQ(push.payload, R"({"aps":{},"cc_param":"s1.AAAA","type":"ring"})");
    EXPECT_EQ(push.push_type, "voip");
    EXPECT_EQ(push.topic, "com.example.app.voip");
    EXPECT_EQ(push.priority, "10");
    EXPECT_EQ(push.expires, kTestStart + Duration{45'000});
    EXPECT_EQ(push.id, result.provider_id);
    EXPECT_TRUE(push.collapse_id.empty());
    EXPECT_EQ(net::find_header(push.headers, "authorization"), nullptr);
}

TEST_F(Apns, NowOrNeverSaysExpirationZero) {
    auto settings = config();
    settings.now_or_never = true;
    const auto strict = ApnsSender::make(loop_, sender_clock_, settings).value();
    EXPECT_EQ(send(*strict, ring()).outcome, PushOutcome::accepted);
    EXPECT_EQ(header(service_->log().back().request, "apns-expiration"), "0");
}

TEST_F(Apns, MissedCallIsACollapsedAlert) {
    auto request = PushBench::ring(PushProvider::apns, kAlertToken);
    request.kind = PushKind::missed;
    request.alert = {Redacted<std::string>{"Missed call"}, Redacted<std::string>{"Alice"}};
    const auto result = send(*sender_, request);
    EXPECT_EQ(result.outcome, PushOutcome::accepted) << result.provider_reason;
    ASSERT_TRUE(wait_for_pushes(1));
    EXPECT_EQ(pushes_.front().push_type, "alert");
    EXPECT_EQ(pushes_.front().topic, "com.example.app");
    EXPECT_EQ(pushes_.front().collapse_id, request.call_id.text());
    EXPECT_TRUE(pushes_.front().payload.starts_with(R"({"aps":{"alert":{"title":"Missed call","body":"Alice"}})"));
}

TEST_F(Apns, ManyPushesShareOneConnectionAndOneProviderToken) {
    const auto results = send_all(*sender_, ring(), 300);
    for (const auto& result : results) EXPECT_EQ(result.outcome, PushOutcome::accepted) << result.provider_reason;
    EXPECT_EQ(sender_->health().tokens_signed, 1U);
    EXPECT_EQ(sender_->health().production.connects, 1U);
    EXPECT_EQ(sender_->health().production.streams_limit, 1000U);
    std::set<std::string> ids;
    for (const auto& entry : service_->log()) ids.insert(header(entry.request, "apns-id"));
    EXPECT_EQ(ids.size(), 300U);
}

TEST_F(Apns, RemovedAppIsADeadTokenWithItsMoment) {
    service_->unregister_device(kVoipToken);
    const auto result = send(*sender_, ring());
    EXPECT_EQ(result.outcome, PushOutcome::dead_token);
    EXPECT_EQ(result.provider_reason, "Unregistered");
    EXPECT_EQ(result.dead_since, service_clock_.now);
    EXPECT_EQ(result.attempts, 1U);
    EXPECT_TRUE(pushes_.empty());
}

TEST_F(Apns, ExpiredProviderTokenIsRenewedOnceOnANewConnection) {
    ASSERT_EQ(send(*sender_, ring()).outcome, PushOutcome::accepted);
    // The service's clock is 40 minutes ahead: it sees a token of 65 minutes where the sender sees one of 25.
    sender_clock_.now = kTestStart + Duration{25min};
    service_clock_.now = kTestStart + Duration{65min};
    const auto results = send_all(*sender_, ring(), 20);
    for (const auto& result : results) {
        EXPECT_EQ(result.outcome, PushOutcome::accepted) << result.provider_reason;
        EXPECT_EQ(result.attempts, 2U);
    }
    EXPECT_EQ(sender_->health().tokens_signed, 2U);
    EXPECT_GE(sender_->health().production.connects, 2U);
}

TEST_F(Apns, WrongClockIsSaidAndNotTriedAgainAndAgain) {
    service_clock_.now = kTestStart + Duration{2h};
    const auto result = send(*sender_, ring());
    EXPECT_EQ(result.outcome, PushOutcome::credential_fault);
    EXPECT_EQ(result.provider_reason, "ExpiredProviderToken");
    EXPECT_NE(result.advice.find("clock"), std::string::npos);
    EXPECT_EQ(sender_->health().tokens_signed, 1U);
    EXPECT_EQ(service_->log().size(), 1U);
}

TEST_F(Apns, WrongKeyIsACredentialFaultAndTheNextPushFailsFast) {
    const auto other = crypto::testing::make_p256_pair();
    std::ofstream{credentials_->key_file} << other.private_pem;
    const auto wrong = ApnsSender::make(loop_, sender_clock_, config()).value();
    const auto result = send(*wrong, ring());
    EXPECT_EQ(result.outcome, PushOutcome::credential_fault);
    EXPECT_EQ(result.provider_reason, "InvalidProviderToken");
    const auto next = send(*wrong, ring());
    EXPECT_EQ(next.outcome, PushOutcome::credential_fault);
    EXPECT_EQ(next.attempts, 0U);
    EXPECT_EQ(service_->log().size(), 1U);
}

TEST_F(Apns, UnavailableThenSuccessIsOneAcceptedPush) {
    service_->add_fault(kVoipToken, {.times = 2, .status = 503, .reason = "ServiceUnavailable"});
    const auto result = send(*sender_, ring());
    EXPECT_EQ(result.outcome, PushOutcome::accepted) << result.provider_reason;
    EXPECT_EQ(result.attempts, 3U);
    ASSERT_TRUE(wait_for_pushes(1));
    EXPECT_EQ(pushes_.size(), 1U);
    // One push in every log: the id does not change, the connection does.
    std::set<std::string> ids;
    std::set<std::uint64_t> connections;
    for (const auto& entry : service_->log()) {
        ids.insert(header(entry.request, "apns-id"));
        connections.insert(entry.connection);
    }
    EXPECT_EQ(ids.size(), 1U);
    EXPECT_EQ(connections.size(), 3U);
}

TEST_F(Apns, RefusedStreamsAndGoAwayCostNoAttempt) {
    service_->add_fault(kVoipToken, {.kind = PushFault::Kind::refuse_stream, .times = 2});
    service_->add_fault(kVoipToken, {.kind = PushFault::Kind::go_away, .reason = R"({"reason":"Shutdown"})"});
    const auto result = send(*sender_, ring());
    EXPECT_EQ(result.outcome, PushOutcome::accepted) << result.provider_reason;
    EXPECT_EQ(result.attempts, 1U);
    EXPECT_EQ(service_->log().size(), 4U);
    EXPECT_EQ(sender_->health().production.goaways, 1U);
}

TEST_F(Apns, LostConnectionIsSentAgainBecauseTheCallIdMakesItHarmless) {
    service_->add_fault(kVoipToken, {.kind = PushFault::Kind::drop_connection});
    const auto result = send(*sender_, ring());
    EXPECT_EQ(result.outcome, PushOutcome::accepted) << result.provider_reason;
    EXPECT_EQ(result.attempts, 2U);
}

TEST_F(Apns, RepeatsEndWithTheWindow) {
    service_->add_fault("", {.times = 100, .status = 503, .reason = "ServiceUnavailable"});
    auto request = ring();
    request.expires = request.now + Duration{2'500};  // Under the three seconds in which a ring cannot be answered.
    const auto result = send(*sender_, request);
    EXPECT_EQ(result.outcome, PushOutcome::transient);
    EXPECT_EQ(result.attempts, 1U);
    request.expires = request.now;
    EXPECT_EQ(send(*sender_, request).outcome, PushOutcome::expired);
    EXPECT_EQ(service_->log().size(), 1U);
}

TEST_F(Apns, CallThatEndedIsNotSentAgain) {
    service_->add_fault(kVoipToken, {.status = 503, .reason = "ServiceUnavailable"});
    auto request = ring();
    request.is_wanted = [this] { return service_->log().empty(); };
    EXPECT_EQ(send(*sender_, request).outcome, PushOutcome::withdrawn);
    EXPECT_EQ(service_->log().size(), 1U);
}

TEST_F(Apns, TooLargePayloadIsRefusedBeforeSending) {
    auto request = ring();
    request.fields = {{"cc_param", ""}};
    const std::size_t rest = 5120 - std::string_view{R"({"aps":{},"cc_param":""})"}.size();
    request.fields[0].second = std::string(rest + 1, 'x');
    const auto refused = send(*sender_, request);
    EXPECT_EQ(refused.outcome, PushOutcome::payload_fault);
    EXPECT_EQ(refused.attempts, 0U);
    EXPECT_TRUE(service_->log().empty());
    request.fields[0].second = std::string(rest, 'x');
    EXPECT_EQ(send(*sender_, request).outcome, PushOutcome::accepted);
}

TEST_F(Apns, WhatIsNoTokenNeverReachesAPath) {
    for (const std::string& token :
         {std::string{}, std::string{"../../x"}, std::string(63, 'a'), std::string(600, 'a')}) {
        auto request = ring();
        request.token = Redacted{token};
        EXPECT_EQ(send(*sender_, request).outcome, PushOutcome::suspect_token) << token;
    }
    auto request = ring();
    request.topic = "com.example app";
    EXPECT_EQ(send(*sender_, request).outcome, PushOutcome::payload_fault);
    EXPECT_TRUE(service_->log().empty());
}

TEST_F(Apns, MixedUpTokensAreSuspectNotDead) {
    auto request = ring();
    request.token = Redacted{kAlertToken};
    const auto result = send(*sender_, request);
    EXPECT_EQ(result.outcome, PushOutcome::suspect_token);
    EXPECT_EQ(result.provider_reason, "DeviceTokenNotForTopic");
}

TEST_F(Apns, UnknownEnvironmentIsFoundOutAndReported) {
    start_service(ApnsEnvironment::sandbox, sandbox_, sandbox_port_);
    sandbox_->add_key(credentials_->key);
    const std::string token(64, 'c');
    sandbox_->register_device({.token = token, .bundle_id = "com.example.app", .environment = ApnsEnvironment::sandbox}
    );
    const auto both = ApnsSender::make(loop_, sender_clock_, config()).value();
    auto request = PushBench::ring(PushProvider::apns, token);
    request.environment.reset();
    const auto result = send(*both, request);
    EXPECT_EQ(result.outcome, PushOutcome::accepted) << result.provider_reason;
    EXPECT_EQ(result.environment, PushEnvironment::sandbox);
    request.environment = PushEnvironment::production;
    EXPECT_EQ(send(*both, request).outcome, PushOutcome::suspect_token);
}

TEST_F(Apns, ADeviceOfUnknownEnvironmentDoesNotStopTheOthers) {
    start_service(ApnsEnvironment::sandbox, sandbox_, sandbox_port_);
    auto production_only = credentials_->key;
    production_only.environment = ApnsEnvironment::production;
    sandbox_->add_key(production_only);
    const auto both = ApnsSender::make(loop_, sender_clock_, config()).value();
    auto stray = PushBench::ring(PushProvider::apns, std::string(64, 'c'));
    stray.environment.reset();
    const auto result = send(*both, stray);
    EXPECT_EQ(result.outcome, PushOutcome::suspect_token) << "as the first environment said";
    EXPECT_EQ(result.provider_reason, "BadDeviceToken");
    EXPECT_EQ(result.environment, PushEnvironment::production);
    EXPECT_EQ(result.attempts, 2U);
    EXPECT_EQ(sandbox_->log().back().reason, "BadEnvironmentKeyIdInToken");
    EXPECT_EQ(both->health().credential_fault, "");
    EXPECT_EQ(send(*both, ring()).outcome, PushOutcome::accepted);

    // The device's own record says sandbox: that environment is paused, production is not.
    stray.environment = PushEnvironment::sandbox;
    EXPECT_EQ(send(*both, stray).outcome, PushOutcome::credential_fault);
    EXPECT_EQ(send(*both, stray).attempts, 0U);
    EXPECT_EQ(send(*both, ring()).outcome, PushOutcome::accepted);
    stray.environment.reset();
    EXPECT_EQ(send(*both, stray).outcome, PushOutcome::suspect_token) << "also while the sandbox is paused";
}

TEST_F(Apns, TooManyUpdatesFallsBackToTheTokenBeforeAndGoesOn) {
    ASSERT_EQ(send(*sender_, ring()).outcome, PushOutcome::accepted);
    // The sender renews after 47 minutes, and the service has seen too many tokens.
    sender_clock_.now = kTestStart + Duration{47min};
    service_clock_.now = sender_clock_.now;
    service_->add_fault("", {.status = 429, .reason = "TooManyProviderTokenUpdates"});
    const auto result = send(*sender_, ring());
    EXPECT_EQ(result.outcome, PushOutcome::accepted) << result.provider_reason;
    EXPECT_EQ(result.attempts, 2U);
    EXPECT_EQ(service_->log().back().status, 200U);
    EXPECT_EQ(service_->log()[1].reason, "TooManyProviderTokenUpdates");
    EXPECT_EQ(header(service_->log()[0].request, "authorization"), header(service_->log()[2].request, "authorization"));
}

TEST_F(Apns, UntrustedServiceIsAFaultOfTheConfiguration) {
    const net::testing::TestCertificate other;
    auto settings = config();
    settings.ca_file = other.ca_file();
    const auto wary = ApnsSender::make(loop_, sender_clock_, settings).value();
    const auto result = send(*wary, ring());
    EXPECT_EQ(result.outcome, PushOutcome::credential_fault);
    EXPECT_NE(result.advice.find("ca_file"), std::string::npos);
    EXPECT_TRUE(service_->log().empty());
}

TEST_F(Apns, ServiceThatIsAwayIsTransient) {
    service_.reset();
    const auto result = send(*sender_, ring());
    EXPECT_EQ(result.outcome, PushOutcome::transient);
    EXPECT_EQ(result.attempts, 0U);
    EXPECT_NE(result.provider_reason.find("connect_failed"), std::string::npos);
}

TEST_F(Apns, PhoneThatIsAwayGetsItsPushWhenItComesBackInTime) {
    service_->set_online(kVoipToken, false);
    ASSERT_EQ(send(*sender_, ring()).outcome, PushOutcome::accepted);
    auto late = ring();
    late.fields = {{"type", "later"}};
    ASSERT_EQ(send(*sender_, late).outcome, PushOutcome::accepted);
    EXPECT_TRUE(pushes_.empty());
    service_->set_online(kVoipToken, true);
    ASSERT_EQ(pushes_.size(), 1U);  // One is kept, the latest.
    EXPECT_NE(pushes_.front().payload.find("later"), std::string::npos);

    service_->set_online(kVoipToken, false);
    ASSERT_EQ(send(*sender_, ring()).outcome, PushOutcome::accepted);
    ASSERT_TRUE(loop_.run_until([&] { return true; }, 1s));
    service_clock_.now = service_clock_.now + Duration{60'000};
    service_->set_online(kVoipToken, true);
    EXPECT_EQ(pushes_.size(), 1U);
}

TEST_F(Apns, ConfigurationErrorsNameTheFile) {
    auto settings = config();
    settings.key_file = "/nonexistent/AuthKey.p8";
    const auto no_key = ApnsSender::make(loop_, sender_clock_, settings);
    ASSERT_FALSE(no_key.has_value());
    EXPECT_NE(no_key.error().find("AuthKey.p8"), std::string::npos);
    settings = config();
    settings.key_id = "short";
    EXPECT_FALSE(ApnsSender::make(loop_, sender_clock_, settings).has_value());
    settings = config();
    settings.endpoint = "http://localhost";
    EXPECT_FALSE(ApnsSender::make(loop_, sender_clock_, settings).has_value());
}

TEST_F(Apns, SenderMayGoWhilePushesAreUnderWay) {
    service_->add_fault("", {.kind = PushFault::Kind::silence, .times = 2});
    bool was_called = false;
    sender_->send(ring(), [&](const server::PushResult&) { was_called = true; });
    sender_->send(ring(), [&](const server::PushResult&) { was_called = true; });
    ASSERT_TRUE(loop_.run_until([&] { return service_->log().size() == 1; }, 10s));
    sender_.reset();
    ASSERT_TRUE(loop_.run_until([&] { return service_->connections() == 0; }, 10s));
    EXPECT_FALSE(was_called);
}

}  // namespace
}  // namespace clarion::lab
