// SPDX-License-Identifier: Apache-2.0
#include "server/adapters/apns/apns_reply.hpp"

#include <gtest/gtest.h>

namespace clarion::server::apns {
namespace {

std::string body(std::string_view reason) { return R"({"reason":")" + std::string{reason} + R"("})"; }

TEST(ApnsReply, EachReasonHasItsOutcome) {
    struct Case {
        unsigned status;
        std::string_view reason;
        PushOutcome outcome;
    };
    for (const auto& [status, reason, outcome] : std::initializer_list<Case>{
             {400, "BadDeviceToken", PushOutcome::suspect_token},
             {400, "DeviceTokenNotForTopic", PushOutcome::suspect_token},
             {400, "TopicDisallowed", PushOutcome::suspect_token},
             {400, "InvalidPushType", PushOutcome::payload_fault},
             {400, "BadExpirationDate", PushOutcome::payload_fault},
             {400, "IdleTimeout", PushOutcome::unprocessed},
             {403, "ExpiredProviderToken", PushOutcome::auth_refresh},
             {403, "InvalidProviderToken", PushOutcome::credential_fault},
             {403, "BadEnvironmentKeyIdInToken", PushOutcome::credential_fault},
             {403, "BadEnvironmentKeyInToken", PushOutcome::credential_fault},
             {404, "BadPath", PushOutcome::payload_fault},
             {410, "Unregistered", PushOutcome::dead_token},
             {410, "ExpiredToken", PushOutcome::dead_token},
             {413, "PayloadTooLarge", PushOutcome::payload_fault},
             {429, "TooManyRequests", PushOutcome::throttled_device},
             {429, "TooManyProviderTokenUpdates", PushOutcome::throttled_provider},
             {500, "InternalServerError", PushOutcome::transient},
             {503, "ServiceUnavailable", PushOutcome::transient},
             {503, "Shutdown", PushOutcome::transient}
         }) {
        const auto verdict = judge(status, body(reason));
        EXPECT_EQ(verdict.outcome, outcome) << reason;
        EXPECT_EQ(verdict.reason, reason);
    }
    EXPECT_EQ(judge(200, "").outcome, PushOutcome::accepted);
}

TEST(ApnsReply, UnknownReasonsAreJudgedByTheirStatus) {
    EXPECT_EQ(judge(410, body("SomethingNew")).outcome, PushOutcome::dead_token);
    EXPECT_EQ(judge(403, body("SomethingNew")).outcome, PushOutcome::credential_fault);
    EXPECT_EQ(judge(400, body("SomethingNew")).reason, "SomethingNew");
    EXPECT_EQ(judge(503, "").outcome, PushOutcome::transient);
    EXPECT_EQ(judge(502, "<html>").outcome, PushOutcome::transient);
    EXPECT_EQ(judge(502, "<html>").reason, "HTTP 502");
    EXPECT_EQ(judge(410, "[1,2]").outcome, PushOutcome::dead_token);
}

TEST(ApnsReply, ReasonThatIsNotPlainTextStaysOutOfTheLog) {
    EXPECT_EQ(judge(400, R"({"reason":"a\nb"})").reason, "HTTP 400");
    EXPECT_EQ(judge(400, R"({"reason":")" + std::string(200, 'x') + R"("})").reason, "HTTP 400");
    EXPECT_EQ(judge(400, R"({"reason":5})").reason, "HTTP 400");
}

TEST(ApnsReply, DeadTokenSaysSinceWhen) {
    EXPECT_EQ(judge(410, R"({"reason":"Unregistered","timestamp":1700000000123})").dead_since, WallTime{1700000000123});
    EXPECT_FALSE(judge(410, body("Unregistered")).dead_since.has_value());
    EXPECT_FALSE(judge(400, R"({"reason":"BadTopic","timestamp":5})").dead_since.has_value());
}

TEST(ApnsReply, BrokenConnectionsAreLeft) {
    EXPECT_TRUE(judge(403, body("ExpiredProviderToken")).needs_new_connection);
    EXPECT_TRUE(judge(500, body("InternalServerError")).needs_new_connection);
    EXPECT_FALSE(judge(410, body("Unregistered")).needs_new_connection);
}

}  // namespace
}  // namespace clarion::server::apns
