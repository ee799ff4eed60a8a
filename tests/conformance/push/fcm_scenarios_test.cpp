// SPDX-License-Identifier: Apache-2.0
// Scenarios 21 to 27 and 36 of docs/push.md: the FCM sender, a local FCM and its token endpoint.
#include <gtest/gtest.h>

#include <chrono>
#include <map>

#include "core/codec/json.hpp"
#include "lab/push/credentials.hpp"
#include "lab/push/fcm_service.hpp"
#include "lab/push/push_bench_test.hpp"
#include "server/adapters/fcm/fcm_sender.hpp"

namespace clarion::lab {
namespace {

using namespace std::chrono_literals;
using server::PushKind;
using server::PushOutcome;
using server::PushProvider;
using server::PushResult;
using server::fcm::FcmConfig;
using server::fcm::FcmSender;
using Kind = PushFault::Kind;

constexpr const char* kProject = "scenario-project";
const std::string kToken = "scenarioscenarioscenar:APA91b" + std::string(128, 'x');

class FcmScenario : public PushBench {
  protected:
    void start(FcmServiceOptions options = {}) {
        options.certificate_file = certificate().certificate_file();
        options.key_file = certificate().key_file();
        options.log_max = 50'000;
        options.per_device_minute = 100'000;
        options.is_strict_token = true;
        options.wall_now = [this] { return service_clock_.now; };
        service_ = std::make_unique<FcmService>(loop_, options);
        port_ = service_->start().value();
        service_->on_push([this](const DeliveredPush& push) { pushes_.push_back(push); });
        if (!credentials_) credentials_ = make_fcm_credentials(folder_, kProject, service_->token_uri()).value();
        service_->add_account(credentials_->account);
        service_->register_device({.token = kToken, .project_id = kProject});
        sender_ = make();
    }
    [[nodiscard]] std::unique_ptr<FcmSender> make(std::size_t waiting_max = 100'000) {
        const FcmConfig config{
            .endpoint = "https://localhost:" + std::to_string(port_),
            .service_account_file = credentials_->service_account_file,
            .ca_file = certificate().ca_file(),
            .retry_floor = 50ms,
            .waiting_max = waiting_max
        };
        return FcmSender::make(loop_, sender_clock_, config).value();
    }
    [[nodiscard]] server::PushRequest ring() const { return PushBench::ring(PushProvider::fcm, kToken); }
    [[nodiscard]] bool wait(const std::function<bool()>& done) { return loop_.run_until(done, 20s); }
    void rest(Duration time) {
        bool is_over = false;
        net::Timer timer{loop_};
        timer.arm(time, [&] { is_over = true; });
        loop_.run_until([&] { return is_over; }, 20s);
    }
    void expect_all(const std::vector<PushResult>& results, PushOutcome outcome) const {
        for (const auto& result : results) EXPECT_EQ(result.outcome, outcome) << result.provider_reason;
    }
    void move_clocks(Duration by) {
        sender_clock_.now = sender_clock_.now + by;
        service_clock_.now = service_clock_.now + by;
    }

    std::optional<FcmCredentials> credentials_;
    std::unique_ptr<FcmService> service_;
    std::uint16_t port_ = 0;
    std::unique_ptr<FcmSender> sender_;
    std::vector<DeliveredPush> pushes_;
};

TEST_F(FcmScenario, S21_OneAccessTokenServesAThousandAndIsRenewedBehindTheirBacks) {
    start();
    service_->add_oauth_fault({.kind = Kind::accept, .delay = 100ms});
    expect_all(send_all(*sender_, ring(), 1'000), PushOutcome::accepted);
    EXPECT_EQ(service_->oauth_log().size(), 1U);
    move_clocks(52min);  // Past 85 % of its life.
    service_->add_oauth_fault({.times = 2, .status = 503, .reason = "unavailable"});
    expect_all(send_all(*sender_, ring(), 20), PushOutcome::accepted);
    ASSERT_TRUE(wait([&] { return service_->oauth_log().size() == 2; }));
    expect_all(send_all(*sender_, ring(), 20), PushOutcome::accepted);
    service_->clear_faults();
    move_clocks(9min);  // The first token is over; whoever needs one waits for it.
    expect_all(send_all(*sender_, ring(), 20), PushOutcome::accepted);
    EXPECT_EQ(sender_->health().tokens_fetched, 2U);
}

TEST_F(FcmScenario, S22_ARevokedTokenIsReplacedOnceAndASecondRefusalIsAFault) {
    start();
    expect_all({send(*sender_, ring())}, PushOutcome::accepted);
    service_->revoke_access_tokens();
    for (const auto& result : send_all(*sender_, ring(), 20)) {
        EXPECT_EQ(result.outcome, PushOutcome::accepted) << result.provider_reason;
        EXPECT_EQ(result.repeated_for, std::vector<std::string>{"UNAUTHENTICATED"});
    }
    EXPECT_EQ(service_->oauth_log().size(), 2U);
    service_->add_fault("", {.times = 2, .status = 401, .reason = "ACCESS_TOKEN_EXPIRED"});
    const auto result = send(*sender_, ring());
    EXPECT_EQ(result.outcome, PushOutcome::credential_fault);
    EXPECT_EQ(result.attempts, 2U);
    EXPECT_EQ(send(*sender_, ring()).attempts, 0U) << "the others fail fast";
}

TEST_F(FcmScenario, S23_EachBodyHasItsOutcome) {
    start();
    struct Row {
        unsigned status;
        std::string reason;
        PushOutcome outcome;
        std::optional<std::string> body{};
    };
    // The code that decides is not the first of the details.
    const std::string second =
        R"({"error":{"code":400,"message":"x","status":"INVALID_ARGUMENT","details":[)"
        R"({"@type":"type.googleapis.com/google.rpc.Help"},)"
        R"({"@type":"type.googleapis.com/google.firebase.fcm.v1.FcmError","errorCode":"UNREGISTERED"}]}})";
    const std::vector<Row> rows{
        {400, "INVALID_ARGUMENT", PushOutcome::payload_fault},
        {401, "THIRD_PARTY_AUTH_ERROR", PushOutcome::suspect_token},
        {403, "SENDER_ID_MISMATCH", PushOutcome::suspect_token},
        {403, "IAM_PERMISSION_DENIED", PushOutcome::credential_fault},
        {403, "SERVICE_DISABLED", PushOutcome::credential_fault},
        {404, "UNREGISTERED", PushOutcome::dead_token},
        {429, "QUOTA_EXCEEDED", PushOutcome::throttled_provider},
        {500, "INTERNAL", PushOutcome::transient},
        {503, "UNAVAILABLE", PushOutcome::transient},
        {502, "", PushOutcome::transient, "<html>try again in 30 seconds</html>"},
        {404, "", PushOutcome::credential_fault, "<html>Error 404</html>"},
        {400, "", PushOutcome::dead_token, second},
    };
    for (const Row& row : rows) {
        const auto fresh = make();
        service_->add_fault("", {.status = row.status, .reason = row.reason, .body = row.body});
        auto request = ring();
        request.expires = request.now + Duration{2'500};
        const auto result = send(*fresh, request);
        EXPECT_EQ(to_string(result.outcome), to_string(row.outcome)) << row.status << ' ' << row.reason;
        EXPECT_EQ(result.provider_status, row.status) << row.reason;
        EXPECT_FALSE(result.provider_reason.empty());
    }
    auto nobody = ring();
    nobody.token = Redacted<std::string>{"garbage"};
    EXPECT_EQ(send(*sender_, nobody).outcome, PushOutcome::suspect_token) << "a malformed token";
}

TEST_F(FcmScenario, S24_RetryAfterIsWaitedForWhenItFitsAndElseNot) {
    start();
    service_->add_fault("", {.status = 503, .reason = "UNAVAILABLE", .retry_after = "1"});
    auto result = send(*sender_, ring());
    EXPECT_EQ(result.outcome, PushOutcome::accepted);
    EXPECT_GE(result.elapsed, Duration{1s});
    // kTestStart is Tue, 14 Nov 2023 22:13:20 GMT.
    service_->add_fault("", {.status = 503, .reason = "UNAVAILABLE", .retry_after = "Tue, 14 Nov 2023 22:13:21 GMT"});
    result = send(*sender_, ring());
    EXPECT_EQ(result.outcome, PushOutcome::accepted);
    EXPECT_GE(result.elapsed, Duration{900});
    for (const char* const too_long : {"60", "Tue, 14 Nov 2023 22:15:00 GMT"}) {
        service_->add_fault("", {.kind = Kind::throttle, .retry_after = too_long});
        result = send(*sender_, ring());
        EXPECT_EQ(result.outcome, PushOutcome::throttled_provider);
        EXPECT_EQ(result.attempts, 1U);
        EXPECT_LT(result.elapsed, Duration{500});
    }
}

TEST_F(FcmScenario, S25_GoodbyesOfFcmCostNothingAndNobodyPingsIt) {
    start({.idle_max = 150ms, .age_max = 400ms});
    std::size_t sent = 0;
    while (sender_->health().connection.goaways < 4 && sent < 10'000) {
        const auto results = send_all(*sender_, ring(), 20);
        for (const auto& result : results) {
            EXPECT_EQ(result.outcome, PushOutcome::accepted) << result.provider_reason;
            EXPECT_EQ(result.attempts, 1U);
        }
        sent += results.size();
        rest(sent % 100 == 0 ? 250ms : 5ms);  // At times long enough for session_timeout.
    }
    EXPECT_EQ(service_->log().size(), sent);
    EXPECT_EQ(pushes_.size(), sent);
    EXPECT_GE(sender_->health().connection.goaways, 4U);
    service_->add_fault("", {.kind = Kind::go_away, .reason = "too_many_pings"});
    EXPECT_EQ(send(*sender_, ring()).attempts, 1U);
    EXPECT_EQ(sender_->health().connection.goaway_text, "too_many_pings");
    rest(100ms);
    EXPECT_EQ(service_->traffic().pings_seen, 0U);
}

TEST_F(FcmScenario, S26_AnEmptyLastFrameIsAnAnswerAndAPingIsAcknowledged) {
    start({.pings_after_replies = true, .splits_bodies = true});
    const auto results = send_all(*sender_, ring(), 50);
    expect_all(results, PushOutcome::accepted);
    for (const auto& result : results) EXPECT_TRUE(result.provider_id.starts_with("projects/")) << "the body is whole";
    ASSERT_TRUE(wait([&] { return service_->traffic().pongs_seen == 50; }));
    EXPECT_EQ(service_->traffic().pings_sent, 50U);
}

TEST_F(FcmScenario, S27_DataIsTextPriorityIsHighAndTheTimeToLiveIsWhatIsLeft) {
    start();
    auto request = ring();
    request.fields = {{"type", "ring"}, {"n", "17"}};
    expect_all({send(*sender_, request)}, PushOutcome::accepted);
    const auto body = codec::Document::parse(service_->log().back().request.body, 10'000).value();
    const auto message = body.root().get("message");
    EXPECT_EQ(message.get("data").get("n").text(), "17");
    EXPECT_EQ(message.get("android").get("priority").text(), "HIGH");
    const std::string ttl{message.get("android").get("ttl").text().value()};
    EXPECT_TRUE(ttl == "45s" || ttl == "44s") << ttl;
    EXPECT_FALSE(message.get("notification").exists());
    EXPECT_FALSE(message.get("android").get("collapse_key").exists());
    request.expires = request.now + Duration{900};
    expect_all({send(*sender_, request)}, PushOutcome::accepted);
    EXPECT_TRUE(service_->log().back().request.body.contains(R"("ttl":"0s")")) << "now or never";
}

TEST_F(FcmScenario, S27b_ADozingPhoneIsWokenByHighPriorityUntilItWasWokenInVainTooOften) {
    start({.unseen_max = 2});
    service_->set_dozing(kToken, true);
    auto missed = ring();
    missed.kind = PushKind::missed;
    expect_all({send(*sender_, missed)}, PushOutcome::accepted);
    expect_all({send(*sender_, ring())}, PushOutcome::accepted);
    expect_all({send(*sender_, ring())}, PushOutcome::accepted);
    ASSERT_TRUE(wait([&] { return pushes_.size() == 2; }));
    expect_all({send(*sender_, ring())}, PushOutcome::accepted);  // Nothing was shown for either.
    rest(20ms);
    EXPECT_EQ(pushes_.size(), 2U);
    service_->set_dozing(kToken, false);
    ASSERT_EQ(pushes_.size(), 4U);
    EXPECT_EQ(pushes_[3].priority, "NORMAL");
    EXPECT_EQ(pushes_[3].original_priority, "HIGH");
    service_->note_shown(kToken);
    expect_all({send(*sender_, ring())}, PushOutcome::accepted);
    ASSERT_TRUE(wait([&] { return pushes_.size() == 5; }));
    EXPECT_EQ(pushes_[4].priority, "HIGH");
}

TEST_F(FcmScenario, S36_UnderLoadRingsGoFirstAndWhatIsTooMuchIsSaid) {
    start();
    sender_ = make(40);
    service_->add_oauth_fault({.kind = Kind::accept, .delay = 200ms});  // All of them wait for the access token.
    std::vector<PushResult> results;
    const auto launch = [&](PushKind kind, int times) {
        auto request = ring();
        request.kind = kind;
        for (int i = 0; i < times; ++i) {
            sender_->send(request, [&](PushResult result) { results.push_back(std::move(result)); });
        }
    };
    launch(PushKind::message, 25);
    launch(PushKind::ring, 25);
    ASSERT_TRUE(wait([&] { return results.size() == 50; }));
    std::map<PushOutcome, int> count;
    for (const auto& result : results) {
        ++count[result.outcome];
        if (result.outcome == PushOutcome::overloaded) EXPECT_FALSE(result.advice.empty());
    }
    EXPECT_EQ(count[PushOutcome::accepted], 40);
    EXPECT_EQ(count[PushOutcome::overloaded], 10);
    const auto& log = service_->log();
    ASSERT_EQ(log.size(), 40U);
    for (std::size_t i = 0; i < log.size(); ++i) {
        EXPECT_EQ(log[i].request.body.contains(R"("HIGH")"), i < 20) << "20 rings, then 20 messages: " << i;
    }
}

}  // namespace
}  // namespace clarion::lab
