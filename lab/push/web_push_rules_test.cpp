// SPDX-License-Identifier: Apache-2.0
#include "lab/push/web_push_rules.hpp"

#include <gtest/gtest.h>

#include "crypto/base64.hpp"
#include "crypto/jwt.hpp"
#include "crypto/testing.hpp"

namespace clarion::lab {
namespace {

constexpr WallTime kNow{1'700'000'000'000};
constexpr std::int64_t kNowS = kNow.ms / 1000;

/// The point of a PEM public key as `k=` has it: the last 65 bytes of its SubjectPublicKeyInfo.
std::string point_of(const std::string& pem) {
    std::string text = pem.substr(pem.find('\n') + 1);
    text.resize(text.find("-----"));
    std::erase(text, '\n');
    const auto der = crypto::base64_decode(text).value();
    return crypto::base64url_encode(crypto::BytesView{der}.last(65));
}

struct WebPushRules : ::testing::Test {
    crypto::testing::PemPair pair = crypto::testing::make_p256_pair();
    crypto::PemPrivateKey secret = crypto::PemPrivateKey::parse(pair.private_pem, "test").value();
    std::string key = point_of(pair.public_pem);
    WebPushSubscription subscription{.id = "s1", .vapid_key = key};
    WebPushPolicy policy{.origin = "https://push.example", .ttl_max = Duration{86'400'000}};

    [[nodiscard]] std::string vapid(std::string claims) const {
        return "vapid t=" + crypto::make_es256(claims, {}, secret).value() + ", k=" + key;
    }
    [[nodiscard]] std::string claims(
        std::string_view aud = "https://push.example",
        std::int64_t exp = kNowS + 3600,
        std::string_view sub = "mailto:ops@example.com"
    ) const {
        return R"({"aud":")" + std::string{aud} + R"(","exp":)" + std::to_string(exp) + R"(,"sub":")" +
               std::string{sub} + "\"}";
    }
    [[nodiscard]] net::HttpRequest good() const {
        return {
            .method = "POST",
            .path = "/wpush/v2/s1",
            .headers =
                {{"ttl", "30"},
                 {"urgency", "high"},
                 {"content-encoding", "aes128gcm"},
                 {"authorization", vapid(claims())}},
            .body = "sealed"
        };
    }
    [[nodiscard]] net::HttpRequest with(std::string_view name, std::optional<std::string> value) const {
        auto request = good();
        std::erase_if(request.headers, [&](const net::Header& one) { return one.name == name; });
        if (value) request.headers.push_back({std::string{name}, *std::move(value)});
        return request;
    }
    [[nodiscard]] std::string check(const net::HttpRequest& request) const {
        return std::string{to_string(check_web_push(request, subscription, policy, kNow).fault)};
    }
    [[nodiscard]] std::string check_claims(std::string text) const {
        return check(with("authorization", vapid(std::move(text))));
    }
};

TEST_F(WebPushRules, GoodMessageIsUnderstood) {
    const auto verdict = check_web_push(with("topic", "call_1"), subscription, policy, kNow);
    EXPECT_EQ(verdict.fault, WebPushFault::none);
    EXPECT_EQ(verdict.message.ttl, Duration{30'000});
    EXPECT_EQ(verdict.message.urgency, "high");
    EXPECT_EQ(verdict.message.topic, "call_1");
    EXPECT_FALSE(verdict.message.wants_receipt);
}

TEST_F(WebPushRules, HeadersAreChecked) {
    EXPECT_EQ(check(with("ttl", std::nullopt)), "no_ttl");
    for (const char* ttl : {"", "-1", "1.5", "soon", "30 "}) EXPECT_EQ(check(with("ttl", ttl)), "bad_ttl") << ttl;
    EXPECT_EQ(check(with("ttl", "0")), "none");
    EXPECT_EQ(check(with("ttl", "99999999999999999999")), "none");
    EXPECT_EQ(check(with("urgency", "urgent")), "bad_urgency");
    EXPECT_EQ(check(with("urgency", std::nullopt)), "none");
    EXPECT_EQ(check(with("topic", std::string(33, 'a'))), "bad_topic");
    EXPECT_EQ(check(with("topic", "a b")), "bad_topic");
    EXPECT_EQ(check(with("topic", std::string(32, 'a'))), "none");
    EXPECT_EQ(check(with("content-encoding", std::nullopt)), "bad_encoding");
    EXPECT_EQ(check(with("content-encoding", "aesgcm")), "bad_encoding");
    auto tickle = with("content-encoding", std::nullopt);
    tickle.body.clear();
    EXPECT_EQ(check(tickle), "none");
    auto get = good();
    get.method = "GET";
    EXPECT_EQ(check(get), "bad_method");
    auto large = good();
    large.body.assign(4096, 'x');
    EXPECT_EQ(check(large), "none");
    large.body.assign(4097, 'x');
    EXPECT_EQ(check(large), "too_large");
}

TEST_F(WebPushRules, LongTtlIsCut) {
    EXPECT_EQ(check_web_push(with("ttl", "9999999"), subscription, policy, kNow).message.ttl, policy.ttl_max);
}

TEST_F(WebPushRules, VapidIsChecked) {
    EXPECT_EQ(check(with("authorization", std::nullopt)), "no_vapid");
    EXPECT_EQ(check(with("authorization", "Bearer x")), "bad_vapid");
    EXPECT_EQ(check(with("authorization", "vapid t=a.b.c, k=" + key)), "bad_vapid");
    EXPECT_EQ(check(with("authorization", "vapid t=a.b.c")), "bad_vapid");
    EXPECT_EQ(check_claims(claims("https://other.example")), "bad_audience");
    EXPECT_EQ(check_claims(claims("https://push.example/")), "bad_audience");
    EXPECT_EQ(check_claims(claims("https://push.example", kNowS)), "bad_expiry");
    EXPECT_EQ(check_claims(claims("https://push.example", kNowS + 86'401)), "bad_expiry");
    EXPECT_EQ(check_claims(claims("https://push.example", kNowS + 86'400)), "none");
    EXPECT_EQ(check_claims(R"({"aud":"https://push.example"})"), "bad_expiry");
    EXPECT_EQ(check_claims(claims("https://push.example", kNowS + 60, "ops")), "bad_contact");
    EXPECT_EQ(check_claims(claims("https://push.example", kNowS + 60, "https://example.com/ops")), "none");
    subscription.vapid_key = point_of(crypto::testing::make_p256_pair().public_pem);
    EXPECT_EQ(check(good()), "other_key");
    subscription.vapid_key.clear();
    EXPECT_EQ(check(with("authorization", std::nullopt)), "none");
}

// RFC 8292 section 2.4.
TEST_F(WebPushRules, TheExampleOfTheRfcIsAccepted) {
    policy.origin = "https://push.example.net";
    subscription.vapid_key.clear();
    const auto request = with(
        "authorization",
        "vapid "
        "t=eyJ0eXAiOiJKV1QiLCJhbGciOiJFUzI1NiJ9."
        "eyJhdWQiOiJodHRwczovL3B1c2guZXhhbXBsZS5uZXQiLCJleHAiOjE0NTM1MjM3NjgsInN1YiI6Im1haWx0bzpwdXNoQGV4YW1wbGUuY29t"
        "In0.i3CYb7t4xfxCDquptFOepC9GAu_HLGkMlMuCGSK2rpiUfnK9ojFwDXb1JrErtmysazNjjvW2L9OkSSHzvoD1oA, "
        "k=BA1Hxzyi1RUM1b5wjxsn7nGxAszw2u61m164i3MrAIxHF6YK5h4SDYic-dRuU_RCPCfA5aq9ojSwk5Y2EmClBPs"
    );
    const auto at = [&](std::int64_t now_s) {
        return check_web_push(request, subscription, policy, WallTime{now_s * 1000}).fault;
    };
    EXPECT_EQ(at(1'453'523'000), WebPushFault::none);
    EXPECT_EQ(at(1'453'523'768), WebPushFault::bad_expiry);
}

TEST_F(WebPushRules, AppleWantsARealContact) {
    policy.dialect = WebPushDialect::apple;
    EXPECT_EQ(check(good()), "none");
    EXPECT_EQ(check_claims(claims("https://push.example", kNowS + 60, "mailto:me@localhost")), "bad_contact");
    EXPECT_EQ(
        check_claims(R"({"aud":"https://push.example","exp":)" + std::to_string(kNowS + 60) + "}"), "bad_contact"
    );
    EXPECT_EQ(check(with("topic", "abcde")), "bad_topic");
}

TEST_F(WebPushRules, UnifiedPushAsksForLess) {
    policy.is_unified_push = true;
    subscription.vapid_key.clear();
    const net::HttpRequest bare{.method = "POST", .path = "/upX", .body = "x"};
    EXPECT_EQ(check(bare), "none");
    EXPECT_EQ(check({.method = "POST", .path = "/upX"}), "empty");
}

TEST_F(WebPushRules, EachDialectHasItsWords) {
    const auto refusal = [](WebPushFault fault, WebPushDialect dialect) {
        const auto reply = web_push_refusal(fault, dialect);
        return std::to_string(reply.status) + " " + reply.body;
    };
    EXPECT_TRUE(refusal(WebPushFault::other_key, WebPushDialect::chrome).starts_with("403 the VAPID credentials"));
    EXPECT_EQ(
        refusal(WebPushFault::other_key, WebPushDialect::mozilla),
        R"(401 {"code":401,"errno":109,"error":"Unauthorized","message":"VAPID public key mismatch"})"
    );
    EXPECT_EQ(refusal(WebPushFault::other_key, WebPushDialect::apple), R"(400 {"reason":"VapidPkHashMismatch"})");
    EXPECT_EQ(refusal(WebPushFault::bad_vapid, WebPushDialect::apple), R"(403 {"reason":"BadJwtToken"})");
    EXPECT_TRUE(refusal(WebPushFault::no_vapid, WebPushDialect::rfc).starts_with("401 "));
    EXPECT_TRUE(refusal(WebPushFault::gone, WebPushDialect::rfc).starts_with("410 "));
}

}  // namespace
}  // namespace clarion::lab
