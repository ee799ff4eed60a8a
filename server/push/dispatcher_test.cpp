// SPDX-License-Identifier: Apache-2.0
#include "server/push/dispatcher.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <map>

#include "net/http2_server.hpp"
#include "net/testing/test_certificate.hpp"

namespace clarion::server::push {
namespace {

using namespace std::chrono_literals;

constexpr WallTime kStart{1'700'000'000'000};

/// The smallest provider: the token is the path, and the status decides.
struct TestProvider final : Provider {
    explicit TestProvider(net::Loop& the_loop) : loop{the_loop} {}

    [[nodiscard]] DeliveryPtr make(PushRequest request, PushCallback callback) override {
        return std::make_shared<Delivery>(loop, std::move(request), std::move(callback));
    }
    [[nodiscard]] std::optional<Verdict> refuse(Delivery& /*delivery*/) override { return std::nullopt; }
    [[nodiscard]] ChannelPtr channel(Delivery& /*delivery*/) override { return only; }
    void write(const DeliveryPtr& delivery, Written written) override {
        written(net::Http2Request{.path = "/" + delivery->request.token.reveal(), .body = "x"});
    }
    [[nodiscard]] Verdict judge(Delivery& /*delivery*/, const net::HttpResponse& response) override {
        if (response.status == 200) return {.outcome = PushOutcome::accepted, .reason = ""};
        if (response.status == 403) return {.outcome = PushOutcome::credential_fault, .reason = "bad key"};
        return {.outcome = PushOutcome::transient, .reason = "HTTP " + std::to_string(response.status)};
    }
    [[nodiscard]] std::string_view untrusted_advice() const override { return "check the certificate"; }

    net::Loop& loop;
    ChannelPtr only;
};

class Dispatch : public ::testing::Test {
  protected:
    static const net::testing::TestCertificate& certificate() {
        static const net::testing::TestCertificate made;
        return made;
    }

    void SetUp() override {
        auto tls = net::TlsContext::server(
            {.certificate_file = certificate().certificate_file(), .key_file = certificate().key_file(), .alpn = {"h2"}}
        );
        server_ = std::make_unique<net::Http2Server>(
            loop_, net::Http2ServerOptions{.tls = *std::move(tls), .streams_max = 4}
        );
        server_->on_exchange([this](const net::HttpRequest& request, const net::Http2Exchange& exchange) {
            order_.push_back(request.path);
            if (!answers_) return held_.push_back(exchange);
            exchange.respond({.status = status_});
        });
        provider_.only = std::make_shared<Channel>(
            loop_, "test",
            net::Http2ClientOptions{
                .host = "localhost",
                .port = server_->start().value(),
                .tls = net::TlsContext::client({.ca_file = certificate().ca_file(), .alpn = {"h2"}}).value(),
                .queue_max = 100'000
            }
        );
        use({});
    }
    void TearDown() override { dispatcher_.reset(); }

    void use(DispatchPolicy policy) {
        policy.retry.window_tail = 0ms;
        dispatcher_ = std::make_unique<Dispatcher>(loop_, provider_, std::move(policy));
    }
    void send(const std::string& token, Duration window, PushKind kind = PushKind::ring) {
        PushRequest request;
        request.token = Redacted{token};
        request.kind = kind;
        request.now = kStart;
        request.expires = kStart + window;
        dispatcher_->send(std::move(request), [this, token](PushResult result) {
            results_.emplace(token, std::move(result));
        });
    }
    [[nodiscard]] bool wait_for(std::size_t results) {
        return loop_.run_until([&] { return results_.size() >= results; }, 10s);
    }
    [[nodiscard]] std::size_t count(PushOutcome outcome) const {
        std::size_t found = 0;
        for (const auto& [token, result] : results_) found += result.outcome == outcome ? 1 : 0;
        return found;
    }

    net::Loop loop_;
    TestProvider provider_{loop_};
    std::unique_ptr<net::Http2Server> server_;
    std::unique_ptr<Dispatcher> dispatcher_;
    std::vector<std::string> order_;
    std::vector<net::Http2Exchange> held_;
    std::map<std::string, PushResult> results_;
    unsigned status_ = 200;
    bool answers_ = true;
};

TEST_F(Dispatch, PushesOfAProviderThatStandsStillExpireAndNoneIsSentLate) {
    answers_ = false;
    for (int i = 0; i < 4; ++i) send("first" + std::to_string(i), 9s);
    for (int i = 0; i < 2000; ++i) send("late" + std::to_string(i), 300ms);
    ASSERT_TRUE(wait_for(2000));
    EXPECT_EQ(count(PushOutcome::expired), 2000U);
    EXPECT_EQ(dispatcher_->pending(), 4U);
    EXPECT_EQ(provider_.only->health().waiting, 0U);
    answers_ = true;
    for (const auto& one : held_) one.respond({.status = 200});
    ASSERT_TRUE(wait_for(2004));
    EXPECT_EQ(count(PushOutcome::accepted), 4U);
    EXPECT_EQ(order_.size(), 4U) << "nothing was sent after its window";
}

TEST_F(Dispatch, ProviderThatIsDownIsAskedByOneAndTheOthersFollow) {
    status_ = 503;
    // No repeats: the first ten failures open the circuit.
    for (int i = 0; i < 10; ++i) send("down" + std::to_string(i), 9s);
    ASSERT_TRUE(wait_for(10));
    EXPECT_EQ(count(PushOutcome::transient), 10U);
    EXPECT_TRUE(provider_.only->health().is_circuit_open);
    for (int i = 0; i < 20; ++i) send("missed" + std::to_string(i), 9s, PushKind::missed);
    for (int i = 0; i < 20; ++i) send("ring" + std::to_string(i), 9s);
    send("short", 100ms);
    ASSERT_TRUE(wait_for(11));
    EXPECT_EQ(results_.at("short").outcome, PushOutcome::expired);
    EXPECT_EQ(order_.size(), 10U) << "nobody asked while it was open";
    status_ = 200;
    ASSERT_TRUE(wait_for(51));
    EXPECT_EQ(count(PushOutcome::accepted), 40U);
    EXPECT_FALSE(provider_.only->health().is_circuit_open);
    for (std::size_t i = 10; i < 30; ++i) EXPECT_TRUE(order_[i].starts_with("/ring")) << order_[i];
}

TEST_F(Dispatch, CallThatEndedWhileItsPushWaitedIsNotSent) {
    status_ = 503;
    for (int i = 0; i < 10; ++i) send("down" + std::to_string(i), 9s);
    ASSERT_TRUE(wait_for(10));
    PushRequest request;
    request.token = Redacted<std::string>{"gone"};
    request.now = kStart;
    request.expires = kStart + Duration{9'000};
    request.is_wanted = [] { return false; };
    // It is asked before each attempt, and the next push gets the chance.
    dispatcher_->send(request, [this](PushResult result) { results_.emplace("gone", std::move(result)); });
    status_ = 200;
    send("next", 9s);
    ASSERT_TRUE(wait_for(12));
    EXPECT_EQ(results_.at("gone").outcome, PushOutcome::withdrawn);
    EXPECT_EQ(results_.at("next").outcome, PushOutcome::accepted);
    EXPECT_EQ(order_.size(), 11U);
}

TEST_F(Dispatch, MoreThanMayWaitIsRefusedAndRingsHaveRoomLonger) {
    answers_ = false;
    use({.waiting_max = 10});
    for (int i = 0; i < 5; ++i) send("bulk" + std::to_string(i), 9s, PushKind::message);
    send("bulk5", 9s, PushKind::message);
    ASSERT_TRUE(wait_for(1));
    EXPECT_EQ(results_.at("bulk5").outcome, PushOutcome::overloaded);
    for (int i = 0; i < 5; ++i) send("ring" + std::to_string(i), 9s);
    send("ring5", 9s);
    ASSERT_TRUE(wait_for(2));
    EXPECT_EQ(results_.at("ring5").outcome, PushOutcome::overloaded);
    EXPECT_EQ(dispatcher_->pending(), 10U);
}

TEST_F(Dispatch, FaultOfTheCredentialFailsFastUntilSomebodyTriesAgain) {
    status_ = 403;
    use({.fault_pause = 50ms});
    send("first", 9s);
    ASSERT_TRUE(wait_for(1));
    send("second", 9s);
    ASSERT_TRUE(wait_for(2));
    EXPECT_EQ(results_.at("second").outcome, PushOutcome::credential_fault);
    EXPECT_EQ(results_.at("second").provider_reason, "bad key");
    EXPECT_EQ(results_.at("second").attempts, 0U);
    status_ = 200;
    ASSERT_TRUE(loop_.run_until([&] { return !provider_.only->is_faulty(); }, 10s));
    send("third", 9s);
    ASSERT_TRUE(wait_for(3));
    EXPECT_EQ(results_.at("third").outcome, PushOutcome::accepted);
}

TEST_F(Dispatch, MayGoWhilePushesWait) {
    answers_ = false;
    for (int i = 0; i < 8; ++i) send("one" + std::to_string(i), 9s);
    ASSERT_TRUE(loop_.run_until([&] { return held_.size() == 4; }, 10s));
    dispatcher_.reset();
    for (const auto& one : held_) one.respond({.status = 200});
    EXPECT_FALSE(loop_.run_until([&] { return !results_.empty(); }, 50ms));
}

}  // namespace
}  // namespace clarion::server::push
