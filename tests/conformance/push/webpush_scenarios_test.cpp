// SPDX-License-Identifier: Apache-2.0
// Scenarios 28 to 34 of docs/push.md: the Web Push sender and local services of every dialect.
#include <gtest/gtest.h>

#include <chrono>
#include <fstream>
#include <set>

#include "core/base/random.hpp"
#include "crypto/testing.hpp"
#include "crypto/web_push.hpp"
#include "lab/push/push_bench_test.hpp"
#include "lab/push/push_desk.hpp"
#include "lab/push/web_push_service.hpp"
#include "net/clock.hpp"
#include "server/adapters/webpush/webpush_sender.hpp"

namespace clarion::lab {
namespace {

using namespace std::chrono_literals;
using server::PushKind;
using server::PushOutcome;
using server::PushProvider;
using server::PushRequest;
using server::webpush::WebPushConfig;
using server::webpush::WebPushSender;

class WebPushScenario : public PushBench {
  protected:
    void start(WebPushServiceOptions options = {}) {
        options.certificate_file = certificate().certificate_file();
        options.key_file = certificate().key_file();
        options.wall_now = [this] { return service_clock_.now; };
        service_ = std::make_unique<WebPushService>(loop_, options);
        ASSERT_TRUE(service_->start());
        service_->on_push([this](const DeliveredPush& push) { pushes_.push_back(push); });
        if (!sender_) sender_ = make("vapid.pem");
        subscription_ = service_->subscribe(options.is_unified_push ? "" : sender_->public_key());
    }
    [[nodiscard]] std::unique_ptr<WebPushSender> make(const std::string& key, bool allow_private = true) {
        std::ofstream{folder_ / key} << crypto::testing::make_p256_pair().private_pem;
        return WebPushSender::make(
                   loop_, sender_clock_,
                   WebPushConfig{
                       .key_file = (folder_ / key).string(),
                       .subject = "mailto:push@example.com",
                       .ca_file = certificate().ca_file(),
                       .allow_private = allow_private
                   }
        )
            .value();
    }
    [[nodiscard]] PushRequest ring_to(const std::string& endpoint) const {
        auto request = PushBench::ring(PushProvider::webpush, endpoint);
        request.p256dh = browser_.p256dh();
        request.auth = Redacted{browser_.auth()};
        return request;
    }
    [[nodiscard]] PushRequest ring() const { return ring_to(subscription_.endpoint); }
    [[nodiscard]] std::string header(std::string_view name) const {
        return header_text(service_->log().back().request.headers, name);
    }
    void move_clocks(Duration by) {
        sender_clock_.now = sender_clock_.now + by;
        service_clock_.now = service_clock_.now + by;
    }

    std::unique_ptr<WebPushService> service_;
    std::unique_ptr<WebPushSender> sender_;
    WebPushService::Subscription subscription_;
    crypto::WebPushReceiver browser_ = crypto::WebPushReceiver::generate();
    std::vector<DeliveredPush> pushes_;
};

TEST_F(WebPushScenario, S28_RandomMessagesAreReadByTheBrowserAndByNobodyElse) {
    start();  // The RFC's example byte for byte: tests of crypto.
    const auto stranger = crypto::WebPushReceiver::generate();
    Random random{28};
    for (int i = 0; i < 40; ++i) {
        auto request = ring();
        std::string text;
        for (std::uint64_t left = random.below(3'000); left > 0; --left)
            text += static_cast<char>(' ' + random.below(90));
        request.fields = {{"x", text}};
        ASSERT_EQ(send(*sender_, request).outcome, PushOutcome::accepted);
        ASSERT_TRUE(loop_.run_until([&] { return pushes_.size() == static_cast<std::size_t>(i) + 1; }, 10s));
        const auto opened = browser_.open(pushes_.back().payload);
        ASSERT_TRUE(opened.has_value());
        EXPECT_TRUE(opened->starts_with(R"({"x":")")) << *opened;
        EXPECT_GE(opened->size(), text.size());
        EXPECT_FALSE(stranger.open(pushes_.back().payload).has_value());
    }
}

TEST_F(WebPushScenario, S29_OneVapidTokenForAnOriginUntilItGrowsOld) {
    start();
    std::set<std::string> tokens;
    for (int i = 0; i < 20; ++i) {
        ASSERT_EQ(send(*sender_, ring()).outcome, PushOutcome::accepted) << "aud names the port, too";
        tokens.insert(header("authorization"));
    }
    EXPECT_EQ(tokens.size(), 1U);
    for (int i = 0; i < 30; ++i) {
        move_clocks(1h);
        ASSERT_EQ(send(*sender_, ring()).outcome, PushOutcome::accepted) << "renewed before it expires";
        tokens.insert(header("authorization"));
    }
    EXPECT_GE(tokens.size(), 3U);
    EXPECT_LE(tokens.size(), 8U);
}

TEST_F(WebPushScenario, S30_TheLongestMessageLeavesAndOneByteMoreDoesNot) {
    start();
    auto request = ring();
    request.fields = {{"x", std::string(3993 - std::string_view{R"({"x":""})"}.size(), 'x')}};
    EXPECT_EQ(send(*sender_, request).outcome, PushOutcome::accepted);
    EXPECT_EQ(service_->log().back().request.body.size(), 4096U);
    request.fields[0].second += 'x';
    EXPECT_EQ(send(*sender_, request).outcome, PushOutcome::payload_fault);
    EXPECT_EQ(service_->log().size(), 1U);
}

TEST_F(WebPushScenario, S31_EachStatusHasItsOutcome) {
    start();
    struct Row {
        unsigned status;
        PushOutcome outcome;
    };
    for (const auto& [status, outcome] : std::initializer_list<Row>{
             {200, PushOutcome::accepted},
             {202, PushOutcome::accepted},
             {204, PushOutcome::accepted},
             {400, PushOutcome::payload_fault},
             {404, PushOutcome::dead_token},
             {406, PushOutcome::throttled_device},
             {408, PushOutcome::transient},
             {410, PushOutcome::dead_token},
             {413, PushOutcome::payload_fault},
             {429, PushOutcome::throttled_device},
             {500, PushOutcome::transient},
             {503, PushOutcome::transient},
             {507, PushOutcome::transient},
             {401, PushOutcome::credential_fault},
         }) {
        service_->add_fault("", {.status = status, .reason = status >= 400 ? "scripted" : ""});
        auto request = ring();
        request.expires = request.now + Duration{2'500};
        EXPECT_EQ(to_string(send(*sender_, request).outcome), to_string(outcome)) << status;
    }
}

TEST_F(WebPushScenario, S31b_AnotherVapidKeyIsTheOperatorsAffairAndLeavesTheSubscription) {
    using Dialect = WebPushDialect;
    const auto first = make("first.pem");
    const auto other = make("other.pem");
    for (const auto dialect : {Dialect::mozilla, Dialect::apple, Dialect::chrome}) {
        sender_.reset();
        start({.dialect = dialect});
        subscription_ = service_->subscribe(first->public_key());
        EXPECT_EQ(send(*first, ring()).outcome, PushOutcome::accepted);
        const auto result = send(*other, ring());
        EXPECT_EQ(result.outcome, PushOutcome::suspect_token)
            << static_cast<int>(dialect) << ": " << result.provider_status << ' ' << result.provider_reason;
        EXPECT_NE(result.advice.find("webpush.key_file"), std::string::npos) << result.advice;
        EXPECT_EQ(send(*first, ring()).outcome, PushOutcome::accepted) << "the right key is back";
    }
}

TEST_F(WebPushScenario, S32_EndpointsLeadNowhereElse) {
    start();
    service_->add_fault("", {.status = 301});
    EXPECT_EQ(send(*sender_, ring()).outcome, PushOutcome::suspect_token);
    EXPECT_EQ(service_->log().size(), 1U) << "a redirect is not followed";
    const auto wary = make("wary.pem", false);
    // An address, a name that resolves to one, and one in another notation.
    const std::string rest = subscription_.endpoint.substr(subscription_.endpoint.find(':', 8));
    for (const std::string host : {"127.0.0.1", "localhost", "[::1]", "2130706433"}) {
        auto request = ring_to("https://" + host + rest);
        request.expires = request.now + Duration{2'500};
        const auto result = send(*wary, request);
        EXPECT_NE(result.outcome, PushOutcome::accepted) << host;
        EXPECT_EQ(result.attempts, 0U) << host;
    }
    EXPECT_EQ(service_->log().size(), 1U);
}

TEST_F(WebPushScenario, S33_ALostConnectionIsNoDeadSubscription) {
    start();
    service_->add_fault("", {.kind = PushFault::Kind::drop_connection, .times = 9});
    auto request = ring();
    request.expires = request.now + Duration{2'500};
    EXPECT_EQ(send(*sender_, request).outcome, PushOutcome::unknown);
    service_->stop();
    EXPECT_EQ(send(*sender_, request).outcome, PushOutcome::transient);
}

TEST_F(WebPushScenario, S34_TimeToLiveAndUrgencyAreAlwaysThereAndRingsHaveNoTopic) {
    start();
    for (const PushKind kind : {PushKind::ring, PushKind::cancel, PushKind::missed, PushKind::message}) {
        auto request = ring();
        request.kind = kind;
        ASSERT_EQ(send(*sender_, request).outcome, PushOutcome::accepted);
        EXPECT_FALSE(header("ttl").empty());
        const bool is_urgent = kind == PushKind::ring || kind == PushKind::cancel;
        EXPECT_EQ(header("urgency"), is_urgent ? "high" : "normal");
        EXPECT_EQ(header("topic").empty(), kind != PushKind::missed);
    }
}

}  // namespace
}  // namespace clarion::lab
