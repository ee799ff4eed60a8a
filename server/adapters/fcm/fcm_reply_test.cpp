// SPDX-License-Identifier: Apache-2.0
#include "server/adapters/fcm/fcm_reply.hpp"

#include <gtest/gtest.h>

namespace clarion::server::fcm {
namespace {

using namespace std::chrono_literals;

constexpr WallTime kNow{1'700'000'000'000};  // Tue, 14 Nov 2023 22:13:20 GMT

net::HttpResponse error(
    unsigned status, std::string_view word, std::string_view code, std::string_view message = "text"
) {
    std::string details;
    if (!code.empty()) {
        // The FcmError is not always the first of the details.
        details = R"(,"details":[{"@type":"type.googleapis.com/google.rpc.Help","links":[]},)"
                  R"({"@type":"type.googleapis.com/google.firebase.fcm.v1.FcmError","errorCode":")" +
                  std::string{code} + R"("}])";
    }
    return {
        .status = status,
        .body = R"({"error":{"code":)" + std::to_string(status) + R"(,"message":")" + std::string{message} +
                R"(","status":")" + std::string{word} + '"' + details + "}}"
    };
}

TEST(FcmReply, EachErrorHasItsOutcome) {
    struct Case {
        net::HttpResponse response;
        PushOutcome outcome;
        std::string_view reason;
    };
    const auto token_text = "The registration token is not a valid FCM registration token";
    for (const auto& [response, outcome, reason] : std::initializer_list<Case>{
             {error(404, "NOT_FOUND", "UNREGISTERED"), PushOutcome::dead_token, "UNREGISTERED"},
             {error(403, "PERMISSION_DENIED", "SENDER_ID_MISMATCH"), PushOutcome::suspect_token, "SENDER_ID_MISMATCH"},
             {error(403, "PERMISSION_DENIED", ""), PushOutcome::credential_fault, "PERMISSION_DENIED"},
             {error(401, "UNAUTHENTICATED", ""), PushOutcome::auth_refresh, "UNAUTHENTICATED"},
             {error(401, "UNAUTHENTICATED", "THIRD_PARTY_AUTH_ERROR"), PushOutcome::suspect_token,
              "THIRD_PARTY_AUTH_ERROR"},
             {error(400, "INVALID_ARGUMENT", "INVALID_ARGUMENT", token_text), PushOutcome::suspect_token,
              "INVALID_ARGUMENT"},
             {error(400, "INVALID_ARGUMENT", "INVALID_ARGUMENT"), PushOutcome::payload_fault, "INVALID_ARGUMENT"},
             {error(429, "RESOURCE_EXHAUSTED", "QUOTA_EXCEEDED"), PushOutcome::throttled_provider, "QUOTA_EXCEEDED"},
             {error(500, "INTERNAL", "INTERNAL"), PushOutcome::transient, "INTERNAL"},
             {error(503, "UNAVAILABLE", "UNAVAILABLE"), PushOutcome::transient, "UNAVAILABLE"},
             {{.status = 502, .body = "<html>try again in 30 seconds</html>"}, PushOutcome::transient, "HTTP 502"},
             {{.status = 404, .body = "<html>Not Found</html>"}, PushOutcome::credential_fault, "HTTP 404"}
         }) {
        const auto verdict = judge(response, kNow);
        EXPECT_EQ(verdict.outcome, outcome) << response.body;
        EXPECT_EQ(verdict.reason, reason) << response.body;
    }
}

TEST(FcmReply, AMalformedTokenIsSuspectAndNotDead) {
    const net::HttpResponse response{
        .status = 400,
        .body = R"({"error":{"code":400,"message":"Request contains an invalid argument.","status":"INVALID_ARGUMENT",)"
                R"("details":[{"@type":"type.googleapis.com/google.rpc.BadRequest","fieldViolations":)"
                R"([{"field":"message.token","description":"Invalid registration token"}]}]}})"
    };
    EXPECT_EQ(judge(response, kNow).outcome, PushOutcome::suspect_token);
}

TEST(FcmReply, AcceptedMessageHasAName) {
    const auto verdict = judge({.status = 200, .body = R"({"name":"projects/p/messages/0:1%a"})"}, kNow);
    EXPECT_EQ(verdict.outcome, PushOutcome::accepted);
    EXPECT_EQ(verdict.name, "projects/p/messages/0:1%a");
}

TEST(FcmReply, QuotaWithoutATimeWaitsAMinute) {
    EXPECT_EQ(judge(error(429, "RESOURCE_EXHAUSTED", "QUOTA_EXCEEDED"), kNow).retry_after, Duration{60s});
    auto response = error(429, "RESOURCE_EXHAUSTED", "QUOTA_EXCEEDED");
    response.headers.push_back({"retry-after", "5"});
    EXPECT_EQ(judge(response, kNow).retry_after, Duration{5s});
}

}  // namespace
}  // namespace clarion::server::fcm
