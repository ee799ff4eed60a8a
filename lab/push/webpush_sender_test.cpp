// SPDX-License-Identifier: Apache-2.0
// The Web Push sender meets the local services of every dialect, and a browser that decrypts.
#include "server/adapters/webpush/webpush_sender.hpp"

#include <gtest/gtest.h>

#include <fstream>

#include "crypto/testing.hpp"
#include "crypto/web_push.hpp"
#include "lab/push/push_bench_test.hpp"
#include "lab/push/web_push_service.hpp"

namespace clarion::lab {
namespace {

using namespace std::chrono_literals;
using server::PushKind;
using server::PushOutcome;
using server::PushProvider;
using server::webpush::WebPushConfig;
using server::webpush::WebPushSender;

class WebPushMeets : public PushBench, public ::testing::WithParamInterface<WebPushDialect> {
  protected:
    void SetUp() override {
        PushBench::SetUp();
        std::ofstream{folder_ / "vapid.pem"} << crypto::testing::make_p256_pair().private_pem;
        sender_ = make("vapid.pem");
    }
    void start(WebPushServiceOptions options = {}) {
        options.certificate_file = certificate().certificate_file();
        options.key_file = certificate().key_file();
        options.wall_now = [this] { return service_clock_.now; };
        service_ = std::make_unique<WebPushService>(loop_, options);
        ASSERT_TRUE(service_->start());
        service_->on_push([this](const DeliveredPush& push) { pushes_.push_back(push); });
        subscription_ = service_->subscribe(options.is_unified_push ? "" : sender_->public_key());
    }
    [[nodiscard]] std::unique_ptr<WebPushSender> make(const std::string& key) {
        return WebPushSender::make(
                   loop_, sender_clock_,
                   WebPushConfig{
                       .key_file = (folder_ / key).string(),
                       .subject = "mailto:push@example.com",
                       .ca_file = certificate().ca_file(),
                       .allow_private = true
                   }
        )
            .value();
    }
    [[nodiscard]] server::PushRequest ring() const {
        auto request = PushBench::ring(PushProvider::webpush, subscription_.endpoint);
        request.p256dh = browser_.p256dh();
        request.auth = Redacted{browser_.auth()};
        return request;
    }
    [[nodiscard]] bool wait_for_pushes(std::size_t count) {
        return loop_.run_until([&] { return pushes_.size() >= count; }, 10s);
    }

    std::unique_ptr<WebPushService> service_;
    std::unique_ptr<WebPushSender> sender_;
    WebPushService::Subscription subscription_;
    crypto::WebPushReceiver browser_ = crypto::WebPushReceiver::generate();
    std::vector<DeliveredPush> pushes_;
};

TEST_P(WebPushMeets, ARingArrivesAndIsReadByTheBrowser) {
    start({.dialect = GetParam()});
    const auto result = send(*sender_, ring());
    EXPECT_EQ(result.outcome, PushOutcome::accepted) << result.provider_reason;
    ASSERT_TRUE(wait_for_pushes(1));
    EXPECT_EQ(browser_.open(pushes_.front().payload), R"({"cc_param":"s1.AAAA","type":"ring"})");
}

TEST_P(WebPushMeets, ASubscriptionThatEndedIsDeadAndOneOfAnotherKeyIsNot) {
    start({.dialect = GetParam()});
    std::ofstream{folder_ / "other.pem"} << crypto::testing::make_p256_pair().private_pem;
    const auto stranger = make("other.pem");
    const auto refused = send(*stranger, ring());
    EXPECT_TRUE(refused.outcome == PushOutcome::suspect_token || GetParam() == WebPushDialect::rfc)
        << to_string(refused.outcome) << ' ' << refused.provider_reason;
    service_->unsubscribe(subscription_.id);
    EXPECT_EQ(send(*sender_, ring()).outcome, PushOutcome::dead_token);
    EXPECT_TRUE(pushes_.empty());
}

TEST_P(WebPushMeets, AClockThatIsADayOffIsAFaultOfTheCredential) {
    start({.dialect = GetParam()});
    service_clock_.now = kTestStart + Duration{24h};
    const auto result = send(*sender_, ring());
    EXPECT_EQ(result.outcome, PushOutcome::credential_fault) << result.provider_reason;
    EXPECT_NE(result.advice.find("clock"), std::string::npos) << result.advice;
}

INSTANTIATE_TEST_SUITE_P(
    Dialects,
    WebPushMeets,
    ::testing::Values(WebPushDialect::rfc, WebPushDialect::mozilla, WebPushDialect::apple, WebPushDialect::chrome)
);

using UnifiedPushMeets = WebPushMeets;

TEST_F(UnifiedPushMeets, TheSameSenderServesADistributor) {
    start({.is_unified_push = true});
    auto request = ring();
    request.provider = PushProvider::unifiedpush;
    EXPECT_EQ(send(*sender_, request).outcome, PushOutcome::accepted);
    ASSERT_TRUE(wait_for_pushes(1));
    EXPECT_EQ(browser_.open(pushes_.front().payload), R"({"cc_param":"s1.AAAA","type":"ring"})");
}

TEST_F(UnifiedPushMeets, EachRingUnderEveryFaultIsDeliveredOrSaysWhy) {
    start();
    using Kind = PushFault::Kind;
    for (const Kind kind : {Kind::refuse_stream, Kind::go_away, Kind::reset_stream, Kind::drop_connection}) {
        service_->add_fault("", {.kind = kind});
        EXPECT_EQ(send(*sender_, ring()).outcome, PushOutcome::accepted) << static_cast<int>(kind);
    }
    service_->add_fault("", {.kind = Kind::answer, .times = 2, .status = 503});
    EXPECT_EQ(send(*sender_, ring()).outcome, PushOutcome::accepted);
    service_->add_fault("", {.kind = Kind::answer, .times = 9, .status = 429, .retry_after = "120"});
    const auto throttled = send(*sender_, ring());
    EXPECT_EQ(throttled.outcome, PushOutcome::throttled_device);
    EXPECT_EQ(throttled.retry_after, Duration{120'000});
    EXPECT_EQ(throttled.attempts, 1U) << "the wait does not fit into the ring";
}

}  // namespace
}  // namespace clarion::lab
