// SPDX-License-Identifier: Apache-2.0
// Scenarios 1 to 20 of docs/push.md: the APNs sender and a local APNs.
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <set>

#include "crypto/jwt.hpp"
#include "lab/push/apns_service.hpp"
#include "lab/push/credentials.hpp"
#include "lab/push/push_bench_test.hpp"
#include "server/adapters/apns/apns_sender.hpp"

namespace clarion::lab {
namespace {

using namespace std::chrono_literals;
using server::PushKind;
using server::PushOutcome;
using server::PushProvider;
using server::PushRequest;
using server::PushResult;
using server::apns::ApnsConfig;
using server::apns::ApnsSender;
using Kind = PushFault::Kind;

const std::string kVoipToken(64, 'a');
const std::string kAlertToken(64, 'b');
constexpr const char* kBundle = "com.example.app";

std::string header(const PushLogEntry& entry, std::string_view name) {
    const std::string* value = net::find_header(entry.request.headers, name);
    return value == nullptr ? "" : *value;
}

class ApnsScenario : public PushBench {
  protected:
    void start(ApnsServiceOptions options = {}) {
        options.certificate_file = certificate().certificate_file();
        options.key_file = certificate().key_file();
        options.log_max = 50'000;
        options.wall_now = [this] { return service_clock_.now; };
        service_ = std::make_unique<ApnsService>(loop_, options);
        port_ = service_->start().value();
        service_->on_push([this](const DeliveredPush& push) { pushes_.push_back(push); });
        if (!credentials_) credentials_ = make_apns_credentials(folder_, "ABC123DEFG", "TEAM123456").value();
        service_->add_key(credentials_->key);
        service_->register_device({.token = kVoipToken, .bundle_id = kBundle});
        service_->register_device({.token = kAlertToken, .bundle_id = kBundle, .kind = ApnsDevice::Kind::alert});
        sender_ = make();
    }
    [[nodiscard]] ApnsConfig config() const {
        const std::string endpoint = "https://localhost:" + std::to_string(port_);
        return {
            .endpoint = endpoint,
            .sandbox_endpoint = endpoint,
            .ca_file = certificate().ca_file(),
            .key_file = credentials_->key_file,
            .key_id = "ABC123DEFG",
            .team_id = "TEAM123456",
            .topic = kBundle
        };
    }
    [[nodiscard]] std::unique_ptr<ApnsSender> make() {
        return ApnsSender::make(loop_, sender_clock_, config()).value();
    }
    [[nodiscard]] PushRequest ring() const { return PushBench::ring(PushProvider::apns, kVoipToken); }
    [[nodiscard]] PushRequest alert() const {
        auto request = PushBench::ring(PushProvider::apns, kAlertToken);
        request.kind = PushKind::missed;
        request.alert = {Redacted<std::string>{"Missed call"}, Redacted<std::string>{"Alice"}};
        return request;
    }
    /// Without waiting for the results.
    void launch(std::size_t times) {
        for (std::size_t i = 0; i < times; ++i) {
            sender_->send(ring(), [this](PushResult result) { results_.push_back(std::move(result)); });
        }
    }
    [[nodiscard]] bool wait(const std::function<bool()>& done) { return loop_.run_until(done, 20s); }
    void rest(Duration time) {
        bool is_over = false;
        net::Timer timer{loop_};
        timer.arm(time, [&] { is_over = true; });
        loop_.run_until([&] { return is_over; }, 20s);
    }
    void expect_all(const std::vector<PushResult>& results, PushOutcome outcome, unsigned attempts) const {
        for (const PushResult& result : results) {
            EXPECT_EQ(result.outcome, outcome) << result.provider_reason;
            EXPECT_EQ(result.attempts, attempts) << result.provider_reason;
        }
    }
    void move_clocks(Duration by) {
        sender_clock_.now = sender_clock_.now + by;
        service_clock_.now = service_clock_.now + by;
    }

    std::optional<ApnsCredentials> credentials_;
    std::unique_ptr<ApnsService> service_;
    std::uint16_t port_ = 0;
    std::unique_ptr<ApnsSender> sender_;
    std::vector<DeliveredPush> pushes_;
    std::vector<PushResult> results_;
};

TEST_F(ApnsScenario, S01_TheFirstPushOfAConnectionGoesAloneThenAsManyAsAnnounced) {
    start({.streams_max = 8});
    service_->add_fault("", {.kind = Kind::accept, .delay = 150ms});
    service_->add_fault("", {.kind = Kind::accept, .times = 39, .delay = 50ms});
    launch(40);
    ASSERT_TRUE(wait([&] { return service_->log().size() == 1; }));
    rest(100ms);
    EXPECT_EQ(service_->log().size(), 1U) << "one stream until a provider token was seen";
    ASSERT_TRUE(wait([&] { return service_->log().size() == 9; }));
    rest(20ms);
    EXPECT_EQ(service_->log().size(), 9U) << "eight more, and no more than eight";
    ASSERT_TRUE(wait([&] { return results_.size() == 40; }));
    expect_all(results_, PushOutcome::accepted, 1);
}

TEST_F(ApnsScenario, S02_ALimitThatFallsAndRisesCostsNoPush) {
    start();
    service_->add_fault("", {.kind = Kind::limit_streams, .after = 20, .lasts = 150ms, .streams = 1});
    service_->add_fault("", {.kind = Kind::limit_streams, .after = 3, .lasts = 200ms, .streams = 0});
    for (int i = 0; i < 4; ++i) {
        launch(50);
        rest(60ms);
    }
    ASSERT_TRUE(wait([&] { return results_.size() == 200; }));
    expect_all(results_, PushOutcome::accepted, 1);
    EXPECT_EQ(service_->log().size(), 200U);
    EXPECT_EQ(sender_->health().production.goaways, 0U) << "a stream over the limit would be punished";
}

TEST_F(ApnsScenario, S03_TwoHoursNeedThreeProviderTokensOnAllConnections) {
    start({.streams_max = 40});
    sender_->warm_up();
    ASSERT_TRUE(wait([&] { return sender_->health().production.connections == 2; }));
    std::map<std::string, WallTime> first_seen;
    for (int batch = 0; batch < 100; ++batch) {
        expect_all(send_all(*sender_, ring(), 100), PushOutcome::accepted, 1);
        move_clocks(72s);
    }
    std::set<std::uint64_t> connections;
    for (const auto& entry : service_->log()) {
        first_seen.try_emplace(header(entry, "authorization"), entry.received_at);
        connections.insert(entry.connection);
    }
    EXPECT_EQ(service_->log().size(), 10'000U);
    EXPECT_GE(connections.size(), 2U);
    EXPECT_LE(sender_->health().tokens_signed, 3U);
    ASSERT_EQ(first_seen.size(), sender_->health().tokens_signed);
    std::vector<WallTime> moments;
    for (const auto& [token, moment] : first_seen) moments.push_back(moment);
    std::ranges::sort(moments);
    for (std::size_t i = 1; i < moments.size(); ++i) EXPECT_GE(moments[i] - moments[i - 1], Duration{20min});
}

TEST_F(ApnsScenario, S04_AnExpiredTokenIsRenewedOnceAndItsConnectionLeft) {
    start({.policy = {.wedges = true}});
    ASSERT_EQ(send(*sender_, ring()).outcome, PushOutcome::accepted);
    sender_clock_.now = kTestStart + Duration{25min};
    service_clock_.now = kTestStart + Duration{65min};
    expect_all(send_all(*sender_, ring(), 50), PushOutcome::accepted, 2);
    EXPECT_EQ(sender_->health().tokens_signed, 2U);
    ASSERT_TRUE(wait([&] { return pushes_.size() == 51; }));
    rest(50ms);
    EXPECT_EQ(pushes_.size(), 51U) << "each once";
}

TEST_F(ApnsScenario, S05_AClockTwoHoursBehindIsOneAlarmAndNoStormOfTokens) {
    start();
    service_clock_.now = kTestStart + Duration{2h};
    for (int i = 0; i < 20; ++i) {
        const auto result = send(*sender_, ring());
        EXPECT_EQ(result.outcome, PushOutcome::credential_fault);
        EXPECT_TRUE(result.advice.contains("clock")) << result.advice;
    }
    EXPECT_EQ(service_->log().size(), 1U);
    EXPECT_EQ(sender_->health().tokens_signed, 1U);
}

TEST_F(ApnsScenario, S06_TooManyTokenUpdatesFallBackToTheTokenBefore) {
    start();
    ASSERT_EQ(send(*sender_, ring()).outcome, PushOutcome::accepted);
    move_clocks(47min);  // The sender renews.
    service_->add_fault("", {.status = 429, .reason = "TooManyProviderTokenUpdates"});
    expect_all({send(*sender_, ring())}, PushOutcome::accepted, 2);
    const auto& log = service_->log();
    ASSERT_EQ(log.size(), 3U);
    EXPECT_EQ(log[1].reason, "TooManyProviderTokenUpdates");
    EXPECT_EQ(header(log[0], "authorization"), header(log[2], "authorization"));
}

TEST_F(ApnsScenario, S07_AGoAwayInMidFlightLosesNoneAndSendsNoneTwice) {
    start();
    ASSERT_EQ(send(*sender_, ring()).outcome, PushOutcome::accepted);
    service_->add_fault("", {.kind = Kind::accept, .times = 60, .delay = 80ms});
    service_->add_fault("", {.kind = Kind::go_away, .reason = R"({"reason":"Shutdown"})"});
    service_->add_fault("", {.kind = Kind::retire, .after = 40});
    launch(120);
    ASSERT_TRUE(wait([&] { return results_.size() == 120; }));
    expect_all(results_, PushOutcome::accepted, 1);
    EXPECT_GE(sender_->health().production.goaways, 1U);
    EXPECT_GE(sender_->health().production.unprocessed, 1U);
    rest(100ms);
    EXPECT_EQ(pushes_.size(), 121U);
}

TEST_F(ApnsScenario, S08_AnAbruptEndUnderFiveHundredSendsThemAgainAndSaysWhy) {
    start();
    ASSERT_EQ(send(*sender_, ring()).outcome, PushOutcome::accepted);
    service_->add_fault("", {.kind = Kind::accept, .times = 499, .delay = 300ms});
    service_->add_fault("", {.kind = Kind::abort_connection});
    launch(500);
    ASSERT_TRUE(wait([&] { return results_.size() == 500; }));
    for (const auto& result : results_) {
        EXPECT_EQ(result.outcome, PushOutcome::accepted) << result.provider_reason;
        EXPECT_EQ(result.attempts, 1U + result.repeated_for.size());
        for (const auto& reason : result.repeated_for) EXPECT_TRUE(reason.starts_with("lost")) << reason;
    }
    EXPECT_EQ(service_->log().size(), 1'001U) << "each once more, none a third time";
}

TEST_F(ApnsScenario, S09_AStormOfRefusedStreamsCostsNoAttempt) {
    start();
    for (int i = 0; i < 30; ++i) service_->add_fault("", {.kind = Kind::refuse_stream, .after = 9});
    launch(300);
    ASSERT_TRUE(wait([&] { return results_.size() == 300; }));
    expect_all(results_, PushOutcome::accepted, 1);
    EXPECT_EQ(service_->log().size(), 330U);
}

TEST_F(ApnsScenario, S10_ADeadTokenSaysSinceWhen) {
    start();
    service_->unregister_device(kVoipToken);
    service_clock_.now = kTestStart + Duration{1h};
    sender_clock_.now = service_clock_.now;
    const auto result = send(*sender_, ring());
    EXPECT_EQ(result.outcome, PushOutcome::dead_token);
    EXPECT_EQ(result.dead_since, kTestStart) << "the gateway compares it with the registration";
    service_->register_device({.token = kVoipToken, .bundle_id = kBundle, .expired_at = service_clock_.now});
    EXPECT_EQ(send(*sender_, ring()).provider_reason, "ExpiredToken");
    EXPECT_EQ(send(*sender_, ring()).dead_since, service_clock_.now);
}

TEST_F(ApnsScenario, S11_EachReasonHasItsOutcome) {
    start();
    struct Row {
        unsigned status;
        std::string reason;
        PushOutcome outcome;
        std::optional<std::string> body{};
    };
    const std::vector<Row> rows{
        {400, "BadCollapseId", PushOutcome::payload_fault},
        {400, "BadDeviceToken", PushOutcome::suspect_token},
        {400, "BadExpirationDate", PushOutcome::payload_fault},
        {400, "BadMessageId", PushOutcome::payload_fault},
        {400, "BadPriority", PushOutcome::payload_fault},
        {400, "BadTopic", PushOutcome::payload_fault},
        {400, "DeviceTokenNotForTopic", PushOutcome::suspect_token},
        {400, "DuplicateHeaders", PushOutcome::payload_fault},
        {400, "IdleTimeout", PushOutcome::unprocessed},
        {400, "InvalidPushType", PushOutcome::payload_fault},
        {400, "MissingDeviceToken", PushOutcome::payload_fault},
        {400, "MissingTopic", PushOutcome::payload_fault},
        {400, "PayloadEmpty", PushOutcome::payload_fault},
        {400, "TopicDisallowed", PushOutcome::suspect_token},
        {403, "BadCertificate", PushOutcome::credential_fault},
        {403, "BadCertificateEnvironment", PushOutcome::credential_fault},
        {403, "ExpiredProviderToken", PushOutcome::credential_fault},
        {403, "Forbidden", PushOutcome::credential_fault},
        {403, "InvalidProviderToken", PushOutcome::credential_fault},
        {403, "MissingProviderToken", PushOutcome::credential_fault},
        {403, "UnrelatedKeyIdInToken", PushOutcome::credential_fault},
        {403, "BadEnvironmentKeyIdInToken", PushOutcome::credential_fault},
        {403, "BadEnvironmentKeyInToken", PushOutcome::credential_fault},
        {404, "BadPath", PushOutcome::payload_fault},
        {405, "MethodNotAllowed", PushOutcome::payload_fault},
        {410, "ExpiredToken", PushOutcome::dead_token},
        {410, "Unregistered", PushOutcome::dead_token},
        {413, "PayloadTooLarge", PushOutcome::payload_fault},
        {429, "TooManyProviderTokenUpdates", PushOutcome::throttled_provider},
        {429, "TooManyRequests", PushOutcome::throttled_device},
        {500, "InternalServerError", PushOutcome::transient},
        {503, "ServiceUnavailable", PushOutcome::transient},
        {503, "Shutdown", PushOutcome::transient},
        {400, "NobodyKnowsThis", PushOutcome::payload_fault},
        {410, "HTTP 410", PushOutcome::dead_token, ""},
        {503, "HTTP 503", PushOutcome::transient, "<html>no JSON</html>"},
        {500, "HTTP 500", PushOutcome::transient, "[]"},
        {400, "HTTP 400", PushOutcome::payload_fault, std::string(3000, 'x')},
    };
    for (const Row& row : rows) {
        const auto fresh = make();  // A fault of the credential would stop the others.
        service_->add_fault("", {.status = row.status, .reason = row.reason, .body = row.body});
        auto request = ring();
        request.expires = request.now + Duration{2'500};  // Too short for a repeat.
        const auto result = send(*fresh, request);
        EXPECT_EQ(to_string(result.outcome), to_string(row.outcome)) << row.status << ' ' << row.reason;
        EXPECT_EQ(result.provider_reason, row.reason);
        EXPECT_EQ(result.provider_status, row.status);
        EXPECT_EQ(result.attempts, 1U) << row.reason;
    }
}

TEST_F(ApnsScenario, S12_TooLargePayloadsNeverLeave) {
    start();
    const auto fill = [this](PushRequest request, std::size_t size) {
        request.fields = {{"x", ""}};
        // The frame around it is what the shortest one of its kind has.
        const auto before = service_->log().size();
        EXPECT_EQ(send(*sender_, request).outcome, PushOutcome::accepted);
        const std::size_t frame = service_->log()[before].request.body.size();
        request.fields[0].second = std::string(size - frame, 'x');
        return request;
    };
    EXPECT_EQ(send(*sender_, fill(ring(), 5120)).outcome, PushOutcome::accepted);
    EXPECT_EQ(service_->log().back().request.body.size(), 5120U);
    EXPECT_EQ(send(*sender_, fill(alert(), 4096)).outcome, PushOutcome::accepted);
    EXPECT_EQ(service_->log().back().request.body.size(), 4096U);
    EXPECT_EQ(send(*sender_, fill(ring(), 5121)).outcome, PushOutcome::payload_fault);
    EXPECT_EQ(send(*sender_, fill(alert(), 4097)).outcome, PushOutcome::payload_fault);
    EXPECT_EQ(service_->log().size(), 6U);
}

TEST_F(ApnsScenario, S13_ExpirationZeroIsOnTheWireAndSoIsTheGrace) {
    start();
    EXPECT_EQ(send(*sender_, ring()).outcome, PushOutcome::accepted);
    EXPECT_EQ(header(service_->log().back(), "apns-expiration"), std::to_string((kTestStart.ms + 45'000) / 1000));
    auto settings = config();
    settings.now_or_never = true;
    const auto strict = ApnsSender::make(loop_, sender_clock_, settings).value();
    EXPECT_EQ(send(*strict, ring()).outcome, PushOutcome::accepted);
    EXPECT_EQ(header(service_->log().back(), "apns-expiration"), "0");
}

TEST_F(ApnsScenario, S14_EachKindHasItsTypeTopicAndPriority) {
    start();
    const auto seen = [&](const PushRequest& request) {
        const auto result = send(*sender_, request);
        EXPECT_EQ(result.outcome, PushOutcome::accepted) << result.provider_reason;
        const auto& entry = service_->log().back();
        return header(entry, "apns-push-type") + " " + header(entry, "apns-topic") + " " +
               header(entry, "apns-priority") + " " + header(entry, "apns-collapse-id");
    };
    EXPECT_EQ(seen(ring()), "voip com.example.app.voip 10 ");
    EXPECT_EQ(seen(alert()), "alert com.example.app 10 " + alert().call_id.text());
    auto message = alert();
    message.kind = PushKind::message;
    EXPECT_EQ(seen(message), "alert com.example.app 10 ");
    message.alert.reset();
    EXPECT_EQ(seen(message), "background com.example.app 5 ");
}

TEST_F(ApnsScenario, S15_AServerThatIsNotApplesIsNotTalkedTo) {
    start();
    const net::testing::TestCertificate stranger;
    auto settings = config();
    settings.ca_file = stranger.ca_file();
    const auto wary = ApnsSender::make(loop_, sender_clock_, settings).value();
    EXPECT_EQ(send(*wary, ring()).outcome, PushOutcome::credential_fault);

    const net::testing::TestCertificate other_name{"other.test"};
    ApnsServiceOptions options;
    options.certificate_file = other_name.certificate_file();
    options.key_file = other_name.key_file();
    ApnsService impostor{loop_, options};
    settings = config();
    settings.endpoint = "https://localhost:" + std::to_string(impostor.start().value());
    settings.ca_file = other_name.ca_file();
    const auto misled = ApnsSender::make(loop_, sender_clock_, settings).value();
    EXPECT_EQ(send(*misled, ring()).outcome, PushOutcome::credential_fault);
    EXPECT_TRUE(service_->log().empty());
    EXPECT_TRUE(impostor.log().empty());
}

TEST_F(ApnsScenario, S16_AnAnswerThatTakesTooLongIsNotWaitedFor) {
    start();
    service_->add_fault("", {.kind = Kind::accept, .delay = 9s});
    const auto result = send(*sender_, ring());
    EXPECT_EQ(result.outcome, PushOutcome::accepted) << result.provider_reason;
    ASSERT_EQ(result.repeated_for.size(), 1U);
    EXPECT_TRUE(result.repeated_for[0].starts_with("timed_out")) << result.repeated_for[0];
    EXPECT_LT(result.elapsed, Duration{8s});
    EXPECT_EQ(service_->log().size(), 2U);
}

TEST_F(ApnsScenario, S17_NothingLeavesForACallThatEnded) {
    start();
    bool is_live = true;
    auto request = ring();
    request.is_wanted = [&] { return is_live; };
    const auto launch_it = [&] {
        sender_->send(request, [this](PushResult result) { results_.push_back(std::move(result)); });
    };
    service_->add_fault("", {.status = 503, .reason = "ServiceUnavailable"});
    launch_it();  // It waits for its repeat,
    ASSERT_TRUE(wait([&] { return service_->log().size() == 1 && service_->log()[0].status == 503; }));
    is_live = false;
    ASSERT_TRUE(wait([&] { return results_.size() == 1; }));
    EXPECT_EQ(results_[0].outcome, PushOutcome::withdrawn);
    is_live = true;
    service_->add_fault("", {.kind = Kind::limit_streams, .streams = 0});
    ASSERT_EQ(send(*sender_, ring()).outcome, PushOutcome::accepted);
    ASSERT_TRUE(wait([&] { return sender_->health().production.streams_limit == 0; }));
    launch_it();  // and this one for a stream, which another connection will have.
    is_live = false;
    ASSERT_TRUE(wait([&] { return results_.size() == 2; }));
    EXPECT_EQ(results_[1].outcome, PushOutcome::withdrawn);
    EXPECT_EQ(service_->log().size(), 2U);
}

TEST_F(ApnsScenario, S18_APhoneThatWasAwayGetsOneLatePushThatIsStillGood) {
    start();
    auto settings = config();
    settings.now_or_never = true;
    const auto strict = ApnsSender::make(loop_, sender_clock_, settings).value();
    service_->set_online(kVoipToken, false);
    ASSERT_EQ(send(*strict, ring()).outcome, PushOutcome::accepted);
    rest(20ms);
    service_->set_online(kVoipToken, true);
    EXPECT_TRUE(pushes_.empty()) << "0: once or never";
    service_->set_online(kVoipToken, false);
    ASSERT_EQ(send(*sender_, ring()).outcome, PushOutcome::accepted);
    ASSERT_EQ(send(*sender_, ring()).outcome, PushOutcome::accepted);
    rest(20ms);
    move_clocks(20s);
    service_->set_online(kVoipToken, true);
    ASSERT_EQ(pushes_.size(), 1U);
    EXPECT_GT(*pushes_[0].expires, service_clock_.now);
    service_->set_online(kVoipToken, false);
    ASSERT_EQ(send(*sender_, ring()).outcome, PushOutcome::accepted);
    rest(20ms);
    move_clocks(46s);
    service_->set_online(kVoipToken, true);
    EXPECT_EQ(pushes_.size(), 1U) << "what expired is gone";
}

TEST_F(ApnsScenario, S19_PushesMayOvertakeEachOtherOnTheWayToThePhone) {
    start();
    service_->add_fault("", {.kind = Kind::deliver_late, .lasts = 100ms});
    auto first = ring();
    first.fields = {{"type", "ring"}};
    auto second = ring();
    second.fields = {{"type", "later"}};
    EXPECT_EQ(send(*sender_, first).outcome, PushOutcome::accepted);
    EXPECT_EQ(send(*sender_, second).outcome, PushOutcome::accepted);
    ASSERT_TRUE(wait([&] { return pushes_.size() == 2; }));
    EXPECT_TRUE(pushes_[0].payload.contains("later"));
    EXPECT_TRUE(pushes_[1].payload.contains("ring")) << "what the phone makes of it: I7, tests of core/engine";
}

TEST_F(ApnsScenario, S20_CredentialsOfOneHostDoNotShareConnections) {
    start();
    auto of_topic = make_apns_credentials(folder_, "TOPIC12345", "TEAM123456").value();
    of_topic.key.bundle_ids = {kBundle};
    service_->add_key(of_topic.key);
    auto settings = config();
    settings.key_file = of_topic.key_file;
    settings.key_id = "TOPIC12345";
    const auto other = ApnsSender::make(loop_, sender_clock_, settings).value();
    for (int i = 0; i < 5; ++i) {
        EXPECT_EQ(send(*sender_, ring()).outcome, PushOutcome::accepted);
        EXPECT_EQ(send(*other, ring()).outcome, PushOutcome::accepted) << "else: UnrelatedKeyIdInToken";
    }
    std::map<std::uint64_t, std::set<std::string>> keys;
    for (const auto& entry : service_->log()) {
        const auto token = header(entry, "authorization").substr(std::string_view{"bearer "}.size());
        keys[entry.connection].insert(crypto::peek_jwt(token).value().key_id);
    }
    EXPECT_EQ(keys.size(), 2U);
    for (const auto& [connection, used] : keys) EXPECT_EQ(used.size(), 1U);
}

}  // namespace
}  // namespace clarion::lab
