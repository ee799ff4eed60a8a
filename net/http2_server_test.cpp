// SPDX-License-Identifier: Apache-2.0
// What a server can say beyond an answer, as the device lab uses it, and what the client makes of it.
#include "net/http2_server.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "net/http2_client.hpp"

namespace clarion::net {
namespace {

using namespace std::chrono_literals;

class Http2Says : public ::testing::Test {
  protected:
    void start(Http2ServerOptions options, Http2ClientOptions client = {}) {
        server_ = std::make_unique<Http2Server>(loop_, std::move(options));
        server_->on_exchange([this](const HttpRequest& request, const Http2Exchange& exchange) {
            bodies_.push_back(request.body);
            if (act_) act_(exchange);
            exchange.respond({.status = 200, .body = "0123456789"});
        });
        client.host = "127.0.0.1";
        client.port = server_->start().value();
        client_ = std::make_unique<Http2Client>(loop_, std::move(client));
    }
    void ask(std::string body = {}) {
        client_->request({.body = std::move(body), .deadline = 5s}, [this](auto answer) {
            answers_.push_back(std::move(answer));
        });
    }
    [[nodiscard]] bool wait_for(std::size_t answers) {
        return loop_.run_until([&] { return answers_.size() >= answers; }, 10s);
    }
    void rest(Duration time) {
        bool is_over = false;
        net::Timer timer{loop_};
        timer.arm(time, [&] { is_over = true; });
        loop_.run_until([&] { return is_over; }, 20s);
    }

    Loop loop_;
    std::unique_ptr<Http2Server> server_;
    std::unique_ptr<Http2Client> client_;
    std::function<void(const Http2Exchange&)> act_;
    std::vector<std::string> bodies_;
    std::vector<std::expected<HttpResponse, Http2Error>> answers_;
};

TEST_F(Http2Says, AnOldConnectionIsToldSoAndTheNextRequestMakesANewOne) {
    start({.age_max = 50ms});
    ask();
    ASSERT_TRUE(wait_for(1));
    ASSERT_TRUE(loop_.run_until([&] { return client_->stats().connections == 0; }, 5s));
    EXPECT_GE(client_->stats().goaways, 1U) << "an idle client leaves with the first of the two";
    ask();
    ASSERT_TRUE(wait_for(2));
    EXPECT_TRUE(answers_[1].has_value());
}

TEST_F(Http2Says, WhatCrossesAGoAwayInTwoStepsIsServed) {
    start({});
    act_ = [this](const Http2Exchange& exchange) {
        if (bodies_.size() == 1) exchange.retire("rest");
    };
    for (int i = 0; i < 20; ++i) ask("x");
    ASSERT_TRUE(wait_for(20));
    for (const auto& answer : answers_) EXPECT_TRUE(answer.has_value());
    EXPECT_EQ(bodies_.size(), 20U);
    EXPECT_EQ(client_->stats().unprocessed, 0U);
}

TEST_F(Http2Says, APingTooManyWithoutARequestEndsTheConnection) {
    start({.pings_max = 3}, {.ping_idle = 5ms, .ping_silence = 5ms});
    ask();
    ASSERT_TRUE(loop_.run_until([&] { return client_->stats().goaway_text == "too_many_pings"; }, 5s));
    EXPECT_EQ(server_->stats().pings_seen, 4U);
}

TEST_F(Http2Says, ABodyWaitsForTheWindowAndThenArrivesWhole) {
    start({});
    std::optional<Http2Exchange> first;
    act_ = [&](const Http2Exchange& exchange) {
        if (!first) exchange.set_window(0);
        if (!first) first = exchange;
    };
    ask();
    ASSERT_TRUE(wait_for(1));
    rest(20ms);
    ask(std::string(5000, 'b'));
    rest(50ms);
    EXPECT_EQ(bodies_.size(), 1U) << "not a byte of it may come";
    first->set_window(65'535);
    ASSERT_TRUE(wait_for(2));
    ASSERT_TRUE(answers_[1].has_value());
    EXPECT_EQ(bodies_[1].size(), 5000U);
}

TEST_F(Http2Says, APingIsAnsweredAndASplitBodyIsOne) {
    start({.splits_bodies = true});
    act_ = [](const Http2Exchange& exchange) { exchange.ping(); };
    ask();
    ASSERT_TRUE(wait_for(1));
    EXPECT_EQ(answers_[0]->body, "0123456789");
    ASSERT_TRUE(loop_.run_until([&] { return server_->stats().pongs_seen == 1; }, 5s));
    EXPECT_EQ(server_->stats().pings_sent, 1U);
}

TEST_F(Http2Says, APeerThatFellSilentIsFoundByItsMissingPong) {
    start({}, {.ping_silence = 30ms, .ping_deadline = 30ms});
    act_ = [](const Http2Exchange& exchange) { exchange.fall_silent(); };
    ask();
    ASSERT_TRUE(wait_for(1));
    ASSERT_FALSE(answers_[0].has_value());
    EXPECT_EQ(answers_[0].error().code, Http2ErrorCode::lost);
    EXPECT_TRUE(answers_[0].error().was_sent);
}

TEST_F(Http2Says, AResetOfTcpIsALostConnection) {
    start({});
    act_ = [](const Http2Exchange& exchange) { exchange.drop_connection(true); };
    ask();
    ASSERT_TRUE(wait_for(1));
    ASSERT_FALSE(answers_[0].has_value());
    EXPECT_EQ(answers_[0].error().code, Http2ErrorCode::lost);
    act_ = {};
    ask();
    ASSERT_TRUE(wait_for(2));
    EXPECT_TRUE(answers_[1].has_value());
}

}  // namespace
}  // namespace clarion::net
