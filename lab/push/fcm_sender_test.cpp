// SPDX-License-Identifier: Apache-2.0
#include "server/adapters/fcm/fcm_sender.hpp"

#include <gtest/gtest.h>

#include "lab/push/credentials.hpp"
#include "lab/push/fcm_service.hpp"
#include "lab/push/push_bench_test.hpp"

namespace clarion::lab {
namespace {

using namespace std::chrono_literals;
using server::PushKind;
using server::PushOutcome;
using server::PushProvider;
using server::fcm::FcmConfig;
using server::fcm::FcmSender;

const std::string kToken = "cHh4eHh4eHh4eHh4eHh4eA:APA91bTestTokenOfALabPhone_0123456789-abcdef";

class Fcm : public PushBench {
  protected:
    void SetUp() override {
        PushBench::SetUp();
        FcmServiceOptions options;
        options.certificate_file = certificate().certificate_file();
        options.key_file = certificate().key_file();
        options.wall_now = [this] { return service_clock_.now; };
        service_ = std::make_unique<FcmService>(loop_, options);
        port_ = service_->start().value();
        service_->on_push([this](const DeliveredPush& push) { pushes_.push_back(push); });
        service_->add_account(credentials().account);
        service_->register_device({.token = kToken, .project_id = "demo-project"});
        sender_ = FcmSender::make(loop_, sender_clock_, config()).value();
    }
    /// Made once, because an RSA key takes its time; the token address of each service is configured over it.
    [[nodiscard]] static const FcmCredentials& credentials() {
        struct Made {
            Made() {
                std::string pattern = (std::filesystem::temp_directory_path() / "clarion-fcm-XXXXXX").string();
                folder = ::mkdtemp(pattern.data());
                made = make_fcm_credentials(folder, "demo-project", "https://localhost/token").value();
            }
            Made(const Made&) = delete;
            Made& operator=(const Made&) = delete;
            ~Made() { std::filesystem::remove_all(folder); }

            std::filesystem::path folder;
            std::optional<FcmCredentials> made;
        };
        static const Made shared;
        return *shared.made;
    }
    [[nodiscard]] FcmConfig config() const {
        return {
            .endpoint = "https://localhost:" + std::to_string(port_),
            .token_uri = service_->token_uri(),
            .service_account_file = credentials().service_account_file,
            .ca_file = certificate().ca_file(),
            .retry_floor = 20ms
        };
    }
    [[nodiscard]] server::PushRequest ring() const { return PushBench::ring(PushProvider::fcm, kToken); }
    [[nodiscard]] bool wait_for_pushes(std::size_t count) {
        return loop_.run_until([&] { return pushes_.size() >= count; }, 10s);
    }
    void move_clocks(Duration by) {
        sender_clock_.now = sender_clock_.now + by;
        service_clock_.now = service_clock_.now + by;
    }

    std::unique_ptr<FcmService> service_;
    std::uint16_t port_ = 0;
    std::unique_ptr<FcmSender> sender_;
    std::vector<DeliveredPush> pushes_;
};

TEST_F(Fcm, RingReachesTheDeviceAsAHighPriorityDataMessage) {
    const auto result = send(*sender_, ring());
    EXPECT_EQ(result.outcome, PushOutcome::accepted) << result.provider_reason;
    EXPECT_TRUE(result.provider_id.starts_with("projects/demo-project/messages/0:"));
    ASSERT_TRUE(wait_for_pushes(1));
    EXPECT_EQ(pushes_.front().token, kToken);
    EXPECT_EQ(pushes_.front().payload, R"({"cc_param":"s1.AAAA","type":"ring"})");
    EXPECT_EQ(pushes_.front().priority, "HIGH");
    // What is left of ringing, in whole seconds, counted when the message left.
    EXPECT_LE(*pushes_.front().expires, kTestStart + Duration{45'000});
    EXPECT_GE(*pushes_.front().expires, kTestStart + Duration{35'000});
    EXPECT_EQ(service_->log().back().request.body.find("notification"), std::string::npos);
}

TEST_F(Fcm, MissedCallDoesNotWakeThePhoneInAHurry) {
    auto request = ring();
    request.kind = PushKind::missed;
    EXPECT_EQ(send(*sender_, request).outcome, PushOutcome::accepted);
    ASSERT_TRUE(wait_for_pushes(1));
    EXPECT_EQ(pushes_.front().priority, "NORMAL");
    EXPECT_EQ(service_->log().back().request.body.find("notification"), std::string::npos) << "nothing to show";
}

TEST_F(Fcm, MissedCallWithATextIsShownByAndroidItself) {
    auto request = ring();
    request.kind = PushKind::missed;
    request.fields = {{"type", "missed"}};
    request.alert = server::PushAlert{Redacted<std::string>{"Missed call"}, Redacted<std::string>{"Ann"}};
    ASSERT_EQ(send(*sender_, request).outcome, PushOutcome::accepted);
    ASSERT_TRUE(wait_for_pushes(1));
    EXPECT_EQ(pushes_.front().payload, R"({"type":"missed"})") << "the texts are not in the data";
    const std::string& body = service_->log().back().request.body;
    EXPECT_NE(body.find(R"("notification":{"title":"Missed call","body":"Ann"})"), std::string::npos) << body;
    EXPECT_NE(body.find(R"("notification":{"tag":")" + request.call_id.text()), std::string::npos) << body;
    request.kind = PushKind::message;
    ASSERT_EQ(send(*sender_, request).outcome, PushOutcome::accepted);
    EXPECT_EQ(service_->log().back().request.body.find("notification"), std::string::npos) << "the app shall run";
}

TEST_F(Fcm, AccessTokenIsFetchedOnceForManyParallelPushes) {
    const auto results = send_all(*sender_, ring(), 200);
    for (const auto& result : results) EXPECT_EQ(result.outcome, PushOutcome::accepted) << result.provider_reason;
    EXPECT_EQ(service_->oauth_log().size(), 1U);
    EXPECT_EQ(sender_->health().tokens_fetched, 1U);
    EXPECT_EQ(sender_->health().connection.connects, 1U);
}

TEST_F(Fcm, AccessTokenIsRenewedInTheBackgroundBeforeItEnds) {
    ASSERT_EQ(send(*sender_, ring()).outcome, PushOutcome::accepted);
    move_clocks(52min);  // 87 % of 3599 s.
    ASSERT_EQ(send(*sender_, ring()).outcome, PushOutcome::accepted);
    ASSERT_TRUE(loop_.run_until([&] { return sender_->health().tokens_fetched == 2; }, 10s));
    move_clocks(10min);  // The first one is over now.
    ASSERT_EQ(send(*sender_, ring()).outcome, PushOutcome::accepted);
    EXPECT_EQ(sender_->health().tokens_fetched, 2U);
}

TEST_F(Fcm, TokenEndpointThatFailsDoesNotStopPushesWhileTheOldTokenLives) {
    ASSERT_EQ(send(*sender_, ring()).outcome, PushOutcome::accepted);
    move_clocks(52min);
    service_->add_oauth_fault({.times = 100, .status = 503});
    EXPECT_EQ(send(*sender_, ring()).outcome, PushOutcome::accepted);
    EXPECT_EQ(send(*sender_, ring()).outcome, PushOutcome::accepted);
    service_->clear_faults();
    move_clocks(10min);
    EXPECT_EQ(send(*sender_, ring()).outcome, PushOutcome::accepted);
}

TEST_F(Fcm, RevokedAccessTokenIsReplacedOnce) {
    ASSERT_EQ(send(*sender_, ring()).outcome, PushOutcome::accepted);
    service_->revoke_access_tokens();
    const auto results = send_all(*sender_, ring(), 20);
    for (const auto& result : results) {
        EXPECT_EQ(result.outcome, PushOutcome::accepted) << result.provider_reason;
        EXPECT_EQ(result.attempts, 2U);
    }
    EXPECT_EQ(sender_->health().tokens_fetched, 2U);
}

TEST_F(Fcm, SecondRefusalOfAFreshTokenIsACredentialFault) {
    service_->add_fault("", {.times = 2, .status = 401, .reason = "UNAUTHENTICATED"});
    const auto result = send(*sender_, ring());
    EXPECT_EQ(result.outcome, PushOutcome::credential_fault);
    EXPECT_EQ(result.attempts, 2U);
    EXPECT_EQ(send(*sender_, ring()).attempts, 0U);  // Fails fast.
}

TEST_F(Fcm, DeletedAccountIsACredentialFaultWithGooglesWords) {
    service_->remove_account(credentials().account.client_email);
    const auto result = send(*sender_, ring());
    EXPECT_EQ(result.outcome, PushOutcome::credential_fault);
    EXPECT_NE(result.provider_reason.find("account not found"), std::string::npos);
    EXPECT_FALSE(result.advice.empty());
}

TEST_F(Fcm, KeyThatGoogleDoesNotKnowIsACredentialFault) {
    const auto other = make_fcm_credentials(folder_, "other-project", service_->token_uri()).value();
    auto stolen = other.account;
    stolen.client_email = credentials().account.client_email;
    service_->add_account(stolen);
    const auto result = send(*sender_, ring());
    EXPECT_EQ(result.outcome, PushOutcome::credential_fault);
    EXPECT_NE(result.provider_reason.find("Invalid JWT Signature"), std::string::npos);
}

TEST_F(Fcm, WrongClockIsACredentialFault) {
    sender_clock_.now = kTestStart + Duration{2h};
    const auto result = send(*sender_, ring());
    EXPECT_EQ(result.outcome, PushOutcome::credential_fault);
    EXPECT_NE(result.advice.find("clock"), std::string::npos);
}

TEST_F(Fcm, RemovedAppIsADeadToken) {
    service_->unregister_device(kToken);
    const auto result = send(*sender_, ring());
    EXPECT_EQ(result.outcome, PushOutcome::dead_token);
    EXPECT_EQ(result.provider_reason, "UNREGISTERED");
    auto request = ring();
    request.token = Redacted<std::string>{"not a token!"};
    EXPECT_EQ(send(*sender_, request).outcome, PushOutcome::suspect_token);
}

TEST_F(Fcm, TokenOfAnotherProjectIsSuspect) {
    service_->register_device({.token = kToken, .project_id = "somebody-else"});
    const auto result = send(*sender_, ring());
    EXPECT_EQ(result.outcome, PushOutcome::suspect_token);
    EXPECT_EQ(result.provider_reason, "SENDER_ID_MISMATCH");
}

TEST_F(Fcm, UnavailableThenSuccessIsOneAcceptedPush) {
    service_->add_fault(kToken, {.status = 503, .reason = "UNAVAILABLE"});
    const auto result = send(*sender_, ring());
    EXPECT_EQ(result.outcome, PushOutcome::accepted) << result.provider_reason;
    EXPECT_EQ(result.attempts, 2U);
    EXPECT_GE(result.elapsed, Duration{20});
    ASSERT_TRUE(wait_for_pushes(1));
}

TEST_F(Fcm, WaitThatDoesNotFitTheRingIsNotWaited) {
    service_->add_fault(kToken, {.status = 503, .reason = "UNAVAILABLE", .retry_after = "120"});
    const auto result = send(*sender_, ring());
    EXPECT_EQ(result.outcome, PushOutcome::transient);
    EXPECT_EQ(result.retry_after, Duration{120s});
    EXPECT_EQ(result.attempts, 1U);
    service_->add_fault(kToken, {.status = 429, .reason = "RESOURCE_EXHAUSTED"});
    EXPECT_EQ(send(*sender_, ring()).outcome, PushOutcome::throttled_provider);
}

TEST_F(Fcm, FrontEndsPageIsTransient) {
    service_->add_fault(kToken, {.status = 502, .body = "<html>try again in 30 seconds</html>"});
    EXPECT_EQ(send(*sender_, ring()).outcome, PushOutcome::accepted);
}

TEST_F(Fcm, TooLargePayloadAndReservedNamesAreRefusedBeforeSending) {
    auto request = ring();
    request.fields = {{"cc_param", std::string(4096 - 8 + 1, 'x')}};
    EXPECT_EQ(send(*sender_, request).outcome, PushOutcome::payload_fault);
    for (const std::string name : {"from", "message_type", "google.x", "gcm.notification.x", ""}) {
        request.fields = {{name, "x"}};
        EXPECT_EQ(send(*sender_, request).outcome, PushOutcome::payload_fault) << name;
    }
    EXPECT_TRUE(service_->log().empty());
    EXPECT_TRUE(service_->oauth_log().empty());
    request.fields = {{"cc_param", std::string(4096 - 8, 'x')}};
    EXPECT_EQ(send(*sender_, request).outcome, PushOutcome::accepted);
}

TEST_F(Fcm, DeviceThatIsPushedTooOftenIsSaidSo) {
    const auto results = send_all(*sender_, ring(), 241);
    const auto throttled = std::count_if(results.begin(), results.end(), [](const auto& result) {
        return result.outcome == PushOutcome::throttled_provider;
    });
    EXPECT_EQ(throttled, 1);
}

TEST_F(Fcm, SlowAnswerOverTheDeadlineIsUnknownNotLost) {
    service_->add_fault("", {.kind = PushFault::Kind::silence, .times = 9});
    auto request = ring();
    request.expires = request.now + Duration{300};
    const auto result = send(*sender_, request);
    EXPECT_EQ(result.outcome, PushOutcome::unknown);
    EXPECT_EQ(result.attempts, 1U);
}

TEST_F(Fcm, ConfigurationErrorsNameTheFile) {
    auto settings = config();
    settings.service_account_file = "/nonexistent/service.json";
    const auto missing = FcmSender::make(loop_, sender_clock_, settings);
    ASSERT_FALSE(missing.has_value());
    EXPECT_NE(missing.error().find("service.json"), std::string::npos);
    settings = config();
    settings.token_uri = "http://localhost/token";
    EXPECT_FALSE(FcmSender::make(loop_, sender_clock_, settings).has_value());
}

TEST_F(Fcm, PhoneThatIsAwayGetsWhatDidNotExpire) {
    service_->set_online(kToken, false);
    ASSERT_EQ(send(*sender_, ring()).outcome, PushOutcome::accepted);
    ASSERT_TRUE(loop_.run_until([&] { return true; }, 1s));
    service_->set_online(kToken, true);
    EXPECT_EQ(pushes_.size(), 1U);
    service_->set_online(kToken, false);
    ASSERT_EQ(send(*sender_, ring()).outcome, PushOutcome::accepted);
    move_clocks(60s);
    service_->set_online(kToken, true);
    EXPECT_EQ(pushes_.size(), 1U);
}

}  // namespace
}  // namespace clarion::lab
