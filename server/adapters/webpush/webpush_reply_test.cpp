// SPDX-License-Identifier: Apache-2.0
#include "server/adapters/webpush/webpush_reply.hpp"

#include <gtest/gtest.h>

namespace clarion::server::webpush {
namespace {

constexpr WallTime kNow{1'700'000'000'000};

struct Case {
    unsigned status;
    std::string_view body;
    PushOutcome outcome;
};

TEST(WebPushReply, EachAnswerHasItsOutcome) {
    const std::string_view chrome_key =
        "the VAPID credentials in the authorization header do not correspond to the credentials used to create the "
        "subscriptions.";
    const std::string_view mozilla_key = R"({"code":401,"errno":109,"message":"VAPID public key mismatch"})";
    for (const Case& one : {
             Case{200, "", PushOutcome::accepted},
             Case{201, "", PushOutcome::accepted},
             Case{202, "", PushOutcome::accepted},
             Case{204, "", PushOutcome::accepted},
             Case{404, "", PushOutcome::dead_token},
             Case{410, R"({"errno":103})", PushOutcome::dead_token},
             Case{400, R"({"reason":"VapidPkHashMismatch"})", PushOutcome::suspect_token},
             Case{401, mozilla_key, PushOutcome::suspect_token},
             Case{403, chrome_key, PushOutcome::suspect_token},
             Case{401, R"({"errno":109,"message":"bad exp"})", PushOutcome::credential_fault},
             Case{403, R"({"reason":"BadJwtToken"})", PushOutcome::credential_fault},
             Case{400, R"({"reason":"BadTtl"})", PushOutcome::payload_fault},
             Case{413, "", PushOutcome::payload_fault},
             Case{429, "", PushOutcome::throttled_device},
             Case{406, "", PushOutcome::throttled_device},
             Case{301, "", PushOutcome::suspect_token},
             Case{405, "<html>", PushOutcome::suspect_token},
             Case{500, "", PushOutcome::transient},
             Case{502, R"({"errno":902})", PushOutcome::transient},
             Case{503, "", PushOutcome::transient},
             Case{507, "", PushOutcome::transient},
             Case{408, "", PushOutcome::transient},
         }) {
        const auto verdict = judge({.status = one.status, .body = std::string{one.body}}, kNow);
        EXPECT_EQ(verdict.outcome, one.outcome) << one.status << " " << one.body;
        if (verdict.outcome != PushOutcome::accepted) EXPECT_FALSE(verdict.reason.empty()) << one.status;
    }
}

TEST(WebPushReply, WordsAndTimesOfTheServiceAreKept) {
    const auto verdict = judge(
        {.status = 503,
         .headers = {{"retry-after", "120"}},
         .body = R"({"code":503,"errno":201,"message":"Use exponential back-off"})"},
        kNow
    );
    EXPECT_EQ(verdict.reason, "errno 201 Use exponential back-off");
    EXPECT_EQ(verdict.retry_after, Duration{120'000});
    const auto accepted = judge({.status = 201, .headers = {{"location", "/m/abc"}}}, kNow);
    EXPECT_EQ(accepted.provider_id, "/m/abc");
    const auto rude = judge({.status = 400, .body = std::string(3000, '\x01')}, kNow);
    EXPECT_LE(rude.reason.size(), 120U);
    EXPECT_EQ(rude.reason.find('\x01'), std::string::npos);
    EXPECT_EQ(judge({.status = 502, .body = "<html><body>sorry"}, kNow).reason, "HTTP 502");
}

}  // namespace
}  // namespace clarion::server::webpush
