// SPDX-License-Identifier: Apache-2.0
#include "server/adapters/webpush/webpush_sender.hpp"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <set>

#include "crypto/testing.hpp"
#include "crypto/web_push.hpp"
#include "net/http2_server.hpp"
#include "net/testing/test_certificate.hpp"
#include "server/adapters/webpush/vapid.hpp"

namespace clarion::server::webpush {
namespace {

using namespace std::chrono_literals;

struct HandClock final : Clock {
    WallTime now{1'700'000'000'000};
    [[nodiscard]] WallTime wall_now() const override { return now; }
};

/// A browser with one subscription at a push service on loopback.
class WebPush : public ::testing::Test {
  protected:
    static const net::testing::TestCertificate& certificate() {
        static const net::testing::TestCertificate made;
        return made;
    }

    void SetUp() override {
        std::string pattern = (std::filesystem::temp_directory_path() / "clarion-webpush-XXXXXX").string();
        ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
        folder_ = pattern;
        std::ofstream{folder_ / "vapid.pem"} << crypto::testing::make_p256_pair().private_pem;
        for (auto* service : {&service_, &other_}) start(*service);
        sender_ = WebPushSender::make(loop_, clock_, config()).value();
    }
    void TearDown() override {
        sender_.reset();
        std::filesystem::remove_all(folder_);
    }

    struct Service {
        std::unique_ptr<net::Http2Server> server;
        std::uint16_t port = 0;
    };
    void start(Service& service) {
        auto tls = net::TlsContext::server(
            {.certificate_file = certificate().certificate_file(), .key_file = certificate().key_file(), .alpn = {"h2"}}
        );
        service.server = std::make_unique<net::Http2Server>(loop_, net::Http2ServerOptions{.tls = *std::move(tls)});
        service.server->on_exchange([this](net::HttpRequest request, const net::Http2Exchange& exchange) {
            seen_.push_back(std::move(request));
            exchange.respond(answer_);
        });
        service.port = service.server->start().value();
    }
    [[nodiscard]] WebPushConfig config() const {
        return {
            .key_file = (folder_ / "vapid.pem").string(),
            .subject = "mailto:push@example.com",
            .ca_file = certificate().ca_file(),
            .allow_private = true
        };
    }
    [[nodiscard]] PushRequest ring(const Service& service) const {
        return {
            .provider = PushProvider::webpush,
            .token = Redacted{"https://localhost:" + std::to_string(service.port) + "/wpush/v2/abc?x=1"},
            .p256dh = browser_.p256dh(),
            .auth = Redacted{browser_.auth()},
            .kind = PushKind::ring,
            .fields = {{"cc_param", "s1.AAAA"}, {"type", "ring"}},
            .call_id = *CallId::parse("0b0b6f0e-8a3c-4c3e-9a0a-2f6b4e1d7c55"),
            .device_id = *DeviceId::parse("d1"),
            .expires = clock_.now + Duration{45'000},
            .now = clock_.now
        };
    }
    PushResult send(PushRequest request) { return send(*sender_, std::move(request)); }
    PushResult send(WebPushSender& sender, PushRequest request) {
        std::optional<PushResult> result;
        sender.send(std::move(request), [&](PushResult one) { result = std::move(one); });
        EXPECT_TRUE(loop_.run_until([&] { return result.has_value(); }, 20s));
        return result.value_or(PushResult{});
    }
    [[nodiscard]] std::string header(std::string_view name) const {
        const std::string* value = net::find_header(seen_.back().headers, name);
        return value == nullptr ? "" : *value;
    }

    net::Loop loop_;
    HandClock clock_;
    std::filesystem::path folder_;
    Service service_;
    Service other_;
    net::HttpResponse answer_{.status = 201, .headers = {{"location", "/m/1"}}};
    std::vector<net::HttpRequest> seen_;
    crypto::WebPushReceiver browser_ = crypto::WebPushReceiver::generate();
    std::unique_ptr<WebPushSender> sender_;
};

TEST_F(WebPush, RingArrivesAndOnlyTheBrowserReadsIt) {
    const auto result = send(ring(service_));
    EXPECT_EQ(result.outcome, PushOutcome::accepted) << result.provider_reason;
    EXPECT_EQ(result.provider_id, "/m/1");
    ASSERT_EQ(seen_.size(), 1U);
    EXPECT_EQ(seen_.front().path, "/wpush/v2/abc");
    EXPECT_EQ(seen_.front().query, "x=1");
    EXPECT_EQ(browser_.open(seen_.front().body), R"({"cc_param":"s1.AAAA","type":"ring"})");
    EXPECT_EQ(seen_.front().body.find("cc_param"), std::string::npos);
    EXPECT_GE(std::stoi(header("ttl")), 40);
    EXPECT_LE(std::stoi(header("ttl")), 45);
    EXPECT_EQ(header("urgency"), "high");
    EXPECT_EQ(header("content-encoding"), "aes128gcm");
    EXPECT_EQ(header("topic"), "") << "Chrome throttles pushes that have one";
    EXPECT_TRUE(header("authorization").starts_with("vapid t="));
    EXPECT_TRUE(header("authorization").ends_with(sender_->public_key()));
}

TEST_F(WebPush, MissedCallReplacesItsLikeAndIsNotUrgent) {
    auto request = ring(service_);
    request.kind = PushKind::missed;
    EXPECT_EQ(send(request).outcome, PushOutcome::accepted);
    EXPECT_EQ(header("topic"), "0b0b6f0e8a3c4c3e9a0a2f6b4e1d7c55");
    EXPECT_EQ(header("urgency"), "normal");
}

TEST_F(WebPush, OneTokenForEachOriginAndANewOneInTime) {
    std::set<std::string> tokens;
    for (int i = 0; i < 3; ++i) {
        send(ring(service_));
        tokens.insert(header("authorization"));
    }
    EXPECT_EQ(tokens.size(), 1U);
    send(ring(other_));
    tokens.insert(header("authorization"));
    EXPECT_EQ(tokens.size(), 2U);
    clock_.now = clock_.now + Vapid::kRenewAfter;
    send(ring(service_));
    tokens.insert(header("authorization"));
    EXPECT_EQ(tokens.size(), 3U);
    EXPECT_EQ(sender_->channels().size(), 2U);
}

TEST_F(WebPush, OldTokenThatIsRefusedIsReplacedOnce) {
    ASSERT_EQ(send(ring(service_)).outcome, PushOutcome::accepted);
    clock_.now = clock_.now + Duration{3'600'000};
    answer_ = {.status = 403, .body = R"({"reason":"BadJwtToken"})"};
    const auto refused = send(ring(service_));
    EXPECT_EQ(refused.outcome, PushOutcome::credential_fault);
    EXPECT_EQ(refused.attempts, 2U);
    // That is between us and this service alone.
    answer_ = {.status = 201};
    EXPECT_EQ(send(ring(service_)).attempts, 0U);
    EXPECT_EQ(send(ring(other_)).outcome, PushOutcome::accepted);
}

TEST_F(WebPush, EndpointsFromStrangersLeadNowhereElse) {
    auto request = ring(service_);
    for (const std::string bad :
         {"http://localhost:8080/push", "ftp://push.example.net/x", "", "https://", "https://user@push.example.net/"}) {
        request.token = Redacted{bad};
        EXPECT_EQ(send(request).outcome, PushOutcome::suspect_token) << bad;
    }
    request.token = Redacted{"https://push.example.net/" + std::string(1000, 'x')};
    EXPECT_EQ(send(request).outcome, PushOutcome::suspect_token);
    request = ring(service_);
    request.auth = Redacted<std::string>{"short"};
    EXPECT_EQ(send(request).outcome, PushOutcome::suspect_token);
    answer_ = {.status = 307, .headers = {{"location", "https://localhost/secret"}}};
    EXPECT_EQ(send(ring(service_)).outcome, PushOutcome::suspect_token);
    EXPECT_EQ(seen_.size(), 1U);

    // Without leave for it, no private address is connected to, whatever the name resolves to.
    auto strict = config();
    strict.allow_private = false;
    const auto wary = WebPushSender::make(loop_, clock_, strict).value();
    for (const std::string host : {"localhost", "127.0.0.1", "[::1]"}) {
        request = ring(service_);
        request.token = Redacted{"https://" + host + ":" + std::to_string(service_.port) + "/x"};
        request.expires = request.now + Duration{3'200};  // No time for repeats.
        const auto result = send(*wary, request);
        EXPECT_EQ(result.outcome, PushOutcome::transient) << host;
        EXPECT_NE(result.provider_reason.find("private network"), std::string::npos) << result.provider_reason;
    }
    EXPECT_EQ(seen_.size(), 1U);
}

TEST_F(WebPush, SubscriptionThatEndedIsDead) {
    answer_ = {.status = 410};
    EXPECT_EQ(send(ring(service_)).outcome, PushOutcome::dead_token);
}

TEST_F(WebPush, TooLongAPayloadIsRefusedBeforeSending) {
    auto request = ring(service_);
    request.fields = {{"cc_param", std::string(3993 - std::string_view{R"({"cc_param":""})"}.size(), 'x')}};
    EXPECT_EQ(send(request).outcome, PushOutcome::accepted);
    EXPECT_EQ(seen_.back().body.size(), 4096U);
    request.fields.front().second += 'x';
    const auto result = send(request);
    EXPECT_EQ(result.outcome, PushOutcome::payload_fault);
    EXPECT_EQ(result.provider_reason, "not sent: payload of 3994 bytes, at most 3993");
    EXPECT_EQ(seen_.size(), 1U);
}

TEST_F(WebPush, ServiceThatWasNotUsedLongestMakesRoom) {
    auto settings = config();
    settings.origins_max = 1;
    const auto small = WebPushSender::make(loop_, clock_, settings).value();
    EXPECT_EQ(send(*small, ring(service_)).outcome, PushOutcome::accepted);
    EXPECT_EQ(send(*small, ring(other_)).outcome, PushOutcome::accepted);
    EXPECT_EQ(small->channels().size(), 1U);
    EXPECT_EQ(send(*small, ring(service_)).outcome, PushOutcome::accepted);
}

}  // namespace
}  // namespace clarion::server::webpush
