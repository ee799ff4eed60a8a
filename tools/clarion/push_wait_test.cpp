// SPDX-License-Identifier: Apache-2.0
// `clarion push send` and a server whose provider takes its time: 202, and the result at the place of the order.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "net/http_server.hpp"
#include "tools/clarion/push.hpp"

namespace clarion::tool {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr const char* kWaiting =
    R"({"id":"o/1","done":false,"results":[{"device":"bob-phone","provider":"","outcome":"waiting","status":0}]})";
constexpr const char* kAccepted =
    R"({"id":"o/1","done":true,"results":[{"device":"bob-phone","provider":"fcm","outcome":"accepted","status":200}]})";
constexpr const char* kRefused =
    R"({"id":"o/1","done":true,"results":[{"device":"bob-phone","provider":"fcm","outcome":"dead_token","status":404}]})";

/// The REST side of a server, on a thread of its own as in life: it answers one request after the other with what the
/// test says, the last answer for ever.
class SlowProvider {
  public:
    explicit SlowProvider(std::vector<net::HttpResponse> answers) : answers_{std::move(answers)} {
        server_.on_request([this](const net::HttpRequest& request, net::Respond respond) {
            requests.push_back(request.method + " " + request.path);
            respond(answers_[std::min(requests.size(), answers_.size()) - 1]);
        });
        const auto port = server_.start();
        EXPECT_TRUE(port) << port.error().message;
        access.server = "http://127.0.0.1:" + std::to_string(port.value_or(0));
        access.service = "shop";
        ::setenv("CLARION_API_KEY", "key", 1);
        ::setenv("CLARION_API_SECRET", "secret", 1);
        thread_ = std::thread{[this] { (void)loop_.run_until([this] { return is_over_.load(); }, Duration{60'000}); }};
    }
    ~SlowProvider() {
        stop();
        ::unsetenv("CLARION_API_KEY");
        ::unsetenv("CLARION_API_SECRET");
    }
    void stop() {
        if (!thread_.joinable()) return;
        is_over_ = true;
        loop_.post([] {});
        thread_.join();
    }
    SlowProvider(const SlowProvider&) = delete;
    SlowProvider& operator=(const SlowProvider&) = delete;

    AccessOptions access;
    std::vector<std::string> requests;  // Read it after stop().

  private:
    std::vector<net::HttpResponse> answers_;
    net::Loop loop_;
    net::HttpServer server_{loop_, {}};
    std::atomic<bool> is_over_{false};
    std::thread thread_;
};

net::HttpResponse json(unsigned status, const char* body) {
    return {status, {{"Content-Type", "application/json"}}, body};
}

/// Exit code and what is printed.
std::pair<int, std::string> send_to_bob(const AccessOptions& access) {
    ::testing::internal::CaptureStdout();
    const int code = push_send(access, {.user = "bob", .title = "Hello"});
    return {code, ::testing::internal::GetCapturedStdout()};
}

TEST(PushSendWaits, AsksUntilTheProviderHasAnswered) {
    SlowProvider server{{json(202, kWaiting), json(200, kWaiting), json(200, kAccepted)}};
    const auto [code, text] = send_to_bob(server.access);
    server.stop();
    EXPECT_EQ(code, 0);
    EXPECT_THAT(text, HasSubstr("bob-phone over fcm: the provider took it, 200"));
    EXPECT_THAT(server.requests, ElementsAre("POST /v1/users/bob/push", "GET /v1/push/o%2F1", "GET /v1/push/o%2F1"));
}

TEST(PushSendWaits, ALateRefusalIsARefusal) {
    SlowProvider server{{json(202, kWaiting), json(200, kRefused)}};
    const auto [code, text] = send_to_bob(server.access);
    EXPECT_EQ(code, 6);
    EXPECT_THAT(text, HasSubstr("nobody is behind this token any more, 404"));
}

TEST(PushSendWaits, WhatIsDoneIsNotAskedForAgain) {
    SlowProvider server{{json(200, kAccepted)}};
    EXPECT_EQ(send_to_bob(server.access).first, 0);
    server.stop();
    EXPECT_THAT(server.requests, ElementsAre("POST /v1/users/bob/push"));
}

TEST(PushSendWaits, AServerThatForgetsTheOrderLeavesWhatIsKnownAndNothingIsSentTwice) {
    SlowProvider server{{json(202, kWaiting), json(404, R"({"title":"not found"})")}};
    const auto [code, text] = send_to_bob(server.access);
    server.stop();
    EXPECT_EQ(code, 6);
    EXPECT_THAT(text, HasSubstr("bob-phone: the provider has not answered yet"));
    EXPECT_THAT(server.requests, ElementsAre("POST /v1/users/bob/push", "GET /v1/push/o%2F1"));
}

}  // namespace
}  // namespace clarion::tool
