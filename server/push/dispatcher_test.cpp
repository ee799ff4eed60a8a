// SPDX-License-Identifier: Apache-2.0
#include "server/push/dispatcher.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <map>

#include "net/clock.hpp"
#include "net/http2_server.hpp"
#include "net/testing/instrumented.hpp"
#include "net/testing/test_certificate.hpp"
#include "net/testing/time_skip.hpp"

namespace clarion::server::push {
namespace {

using namespace std::chrono_literals;

constexpr WallTime kStart{1'700'000'000'000};

/// The smallest provider: the token is the path, and the status decides.
struct TestProvider final : Provider {
    [[nodiscard]] DeliveryPtr make(PushRequest&& request, PushCallback&& callback) override {
        return std::make_shared<Delivery>(std::move(request), std::move(callback));
    }
    [[nodiscard]] std::optional<Verdict> refuse(Delivery& /*delivery*/) override { return std::nullopt; }
    [[nodiscard]] ChannelPtr channel(Delivery& /*delivery*/) override { return only; }
    [[nodiscard]] std::optional<Written> write(Delivery& delivery, Duration /*window_left*/) override {
        if (is_signing_in) return std::nullopt;
        return net::Http2Request{.path = "/" + delivery.request.token.reveal(), .body = "x"};
    }
    void await_credential(std::move_only_function<void(std::optional<Verdict>)> then) override {
        waiting.push_back(std::move(then));
    }
    [[nodiscard]] Verdict judge(Delivery& /*delivery*/, const net::HttpResponse& response) override {
        if (response.status == 200) return {.outcome = PushOutcome::accepted, .reason = ""};
        if (response.status == 403) return {.outcome = PushOutcome::credential_fault, .reason = "bad key"};
        return {.outcome = PushOutcome::transient, .reason = "HTTP " + std::to_string(response.status)};
    }
    [[nodiscard]] std::string_view untrusted_advice() const override { return "check the certificate"; }

    ChannelPtr only;
    bool is_signing_in = false;
    std::vector<std::move_only_function<void(std::optional<Verdict>)>> waiting;
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
            arrived_.push_back(net::boot_now());
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
        policy.retry = {.window_tail = 0ms};  // No repeats.
        use_as_it_is(std::move(policy));
    }
    void use_as_it_is(DispatchPolicy policy) {
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
    /// Both ends are on this loop: in so many turns all that was sent is read.
    void let_things_arrive() {
        for (int turns = 200; turns > 0;) {
            const int before = turns;
            loop_.post([&] { --turns; });
            ASSERT_TRUE(loop_.run_until([&] { return turns < before; }, 10s));
        }
    }
    [[nodiscard]] std::size_t count(PushOutcome outcome) const {
        std::size_t found = 0;
        for (const auto& [token, result] : results_) found += result.outcome == outcome ? 1 : 0;
        return found;
    }

    net::Loop loop_;
    TestProvider provider_;
    std::unique_ptr<net::Http2Server> server_;
    std::unique_ptr<Dispatcher> dispatcher_;
    std::vector<std::string> order_;
    std::vector<Instant> arrived_;
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

TEST_F(Dispatch, HundredThousandWaitForAProviderThatStandsStillExpireInTimeAndNoneIsSentLate) {
    constexpr std::size_t kMany = net::testing::kIsInstrumented ? 10'000 : 100'000;
    constexpr std::size_t kStep = 100'000 / kMany;
    DispatchPolicy policy;
    policy.waiting_max = kMany;
    use(std::move(policy));
    answers_ = false;
    std::size_t expired = 0;
    std::size_t finished = 0;
    std::size_t overloaded = 0;
    // They end one after the other, from 60 to 85 minutes from now: far more than this takes.
    const auto window_of = [](std::size_t number) {
        return Duration{60min} + Duration{60 * static_cast<Duration::rep>(number * kStep % 25'000)};
    };
    const auto send_one = [&](std::size_t number) {
        PushRequest request;
        request.token = Redacted{std::to_string(number)};
        request.now = kStart;
        request.expires = kStart + window_of(number);
        dispatcher_->send(std::move(request), [&](const PushResult& result) {
            ++finished;
            expired += result.outcome == PushOutcome::expired ? 1 : 0;
            overloaded += result.outcome == PushOutcome::overloaded ? 1 : 0;
        });
    };
    const auto skip_to = [&](Duration ahead, const std::function<bool()>& done) {
        let_things_arrive();
        net::testing::skip_time(loop_, ahead);
        return loop_.run_until([&] { return done() && provider_.only->health().connections == 1; }, 60s);
    };
    // The first ones open the connection: handing over the others takes longer on a slow machine than that may take.
    for (std::size_t number = 0; number < 4; ++number) send_one(number);
    ASSERT_TRUE(loop_.run_until([&] { return held_.size() == 4; }, 60s));
    for (std::size_t number = 4; number < kMany; ++number) send_one(number);
    const Instant all_sent_at = net::boot_now();
    send_one(kMany);
    ASSERT_TRUE(loop_.run_until([&] { return finished == 1; }, 60s));
    EXPECT_EQ(overloaded, 1U) << "what waits is bounded";
    EXPECT_EQ(dispatcher_->pending(), kMany);

    ASSERT_TRUE(skip_to(55min, [&] { return finished >= 5; })) << "those that were sent get no answer in time";
    EXPECT_EQ(expired, 0U) << "none before its time";
    ASSERT_TRUE(skip_to(17min, [&] { return expired > kMany * 45 / 100; }));
    EXPECT_LT(expired, kMany * 60 / 100) << "12 of 25 minutes are over";
    ASSERT_TRUE(skip_to(15min, [&] { return finished == kMany + 1; }));
    EXPECT_EQ(dispatcher_->pending(), 0U);
    EXPECT_EQ(provider_.only->health().waiting, 0U);
    EXPECT_LE(order_.size(), kMany - expired) << "what expired was never sent";
    for (std::size_t i = 0; i < order_.size(); ++i) {
        EXPECT_LE(arrived_[i], all_sent_at + window_of(std::stoul(order_[i].substr(1)))) << order_[i];
    }
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
    EXPECT_EQ(provider_.only->health().waiting, 40U);
    status_ = 200;
    ASSERT_TRUE(wait_for(51));
    EXPECT_EQ(count(PushOutcome::accepted), 40U);
    EXPECT_FALSE(provider_.only->health().is_circuit_open);
    for (std::size_t i = 0; i < 20; ++i) {
        EXPECT_EQ(order_[10 + i], "/ring" + std::to_string(i)) << "rings first, in the order of sending";
        EXPECT_EQ(order_[30 + i], "/missed" + std::to_string(i));
    }
}

TEST_F(Dispatch, WhatExpiresWhileAProviderIsDownLeavesNothingBehind) {
    status_ = 503;
    for (int i = 0; i < 10; ++i) send("down" + std::to_string(i), 9s);
    ASSERT_TRUE(wait_for(10));
    for (int round = 0; round < 3; ++round) {
        for (int i = 0; i < 100; ++i) send(std::to_string(round) + "-" + std::to_string(i), 20s);
        net::testing::skip_time(loop_, 21s);
        ASSERT_TRUE(wait_for(10 + 100 * static_cast<std::size_t>(round + 1)));
        EXPECT_EQ(dispatcher_->pending(), 0U);
        EXPECT_EQ(provider_.only->health().waiting, 0U);
    }
    EXPECT_LE(order_.size(), 13U) << "the ten, and at most one that tried in each round";
}

TEST_F(Dispatch, PushWaitsForItsCredentialAndThenGoes) {
    provider_.is_signing_in = true;
    send("one", 9s);
    send("two", 9s);
    ASSERT_EQ(provider_.waiting.size(), 2U);
    EXPECT_EQ(dispatcher_->pending(), 2U);
    provider_.is_signing_in = false;
    for (auto& then : std::exchange(provider_.waiting, {})) then({});
    ASSERT_TRUE(wait_for(2));
    EXPECT_EQ(count(PushOutcome::accepted), 2U);
    EXPECT_EQ(order_, (std::vector<std::string>{"/one", "/two"}));
}

TEST_F(Dispatch, PushWithoutACredentialEndsWithItsWindowOrWithTheReason) {
    provider_.is_signing_in = true;
    send("late", 100ms);
    ASSERT_TRUE(wait_for(1));
    EXPECT_EQ(results_.at("late").outcome, PushOutcome::expired);
    provider_.waiting.at(0)({});  // The credential comes when nobody needs it any more.
    EXPECT_TRUE(order_.empty());
    send("refused", 9s);
    provider_.waiting.at(1)(Verdict{.outcome = PushOutcome::credential_fault, .reason = "no such account"});
    ASSERT_TRUE(wait_for(2));
    EXPECT_EQ(results_.at("refused").outcome, PushOutcome::credential_fault);
    EXPECT_EQ(results_.at("refused").provider_reason, "no such account");
    EXPECT_TRUE(provider_.only->is_faulty());
    EXPECT_EQ(dispatcher_->pending(), 0U);
}

TEST_F(Dispatch, MayGoWhilePushesAreParkedPauseAndSignIn) {
    status_ = 503;
    for (int i = 0; i < 10; ++i) send("down" + std::to_string(i), 9s);
    ASSERT_TRUE(wait_for(10));
    send("parked", 9s);
    EXPECT_EQ(provider_.only->health().waiting, 1U);
    dispatcher_.reset();
    EXPECT_TRUE(provider_.only->is_idle()) << "nothing points to what is gone";
    provider_.is_signing_in = true;
    use({});
    provider_.only->circuit = {};
    send("signing in", 9s);
    ASSERT_EQ(provider_.waiting.size(), 1U);
    dispatcher_.reset();
    provider_.waiting.at(0)({});
    net::testing::skip_time(loop_, 60s);
    EXPECT_FALSE(loop_.run_until([&] { return results_.size() > 10; }, 50ms));
}

TEST_F(Dispatch, CallbackMayEndItWhileOthersWait) {
    status_ = 503;
    for (int i = 0; i < 10; ++i) send("down" + std::to_string(i), 9s);
    ASSERT_TRUE(wait_for(10));
    for (int i = 0; i < 10; ++i) {
        PushRequest request;
        request.now = kStart;
        request.expires = kStart + Duration{20'000};
        dispatcher_->send(std::move(request), [this, i](PushResult result) {
            results_.emplace("last" + std::to_string(i), std::move(result));
            dispatcher_.reset();
        });
    }
    net::testing::skip_time(loop_, 21s);
    ASSERT_TRUE(wait_for(11));
    EXPECT_FALSE(loop_.run_until([&] { return results_.size() > 11; }, 50ms));
}

TEST_F(Dispatch, RepeatThatWaitsForTheCircuitDoesNotLeaveInTheLastSeconds) {
    status_ = 503;
    use_as_it_is({.retry = {.backoff = {200ms}, .window_tail = 1'600ms, .has_floor = true}});
    // Ten failures open the circuit for at least half a second: all of them wait for their repeat.
    for (int i = 0; i < 10; ++i) send("down" + std::to_string(i), 2s);
    ASSERT_TRUE(wait_for(10));
    EXPECT_EQ(count(PushOutcome::transient), 10U);
    EXPECT_EQ(order_.size(), 10U) << "nobody could have answered such a ring";
    for (const auto& [token, result] : results_) {
        EXPECT_EQ(result.repeated_for, std::vector<std::string>{"HTTP 503"}) << token;
    }
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
    dispatcher_->send(std::move(request), [this](PushResult result) { results_.emplace("gone", std::move(result)); });
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
    net::testing::skip_time(loop_, 51ms);
    EXPECT_FALSE(provider_.only->is_faulty());
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
