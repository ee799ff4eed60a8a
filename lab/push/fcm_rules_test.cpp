// SPDX-License-Identifier: Apache-2.0
#include "lab/push/fcm_rules.hpp"

#include <gtest/gtest.h>

#include "core/codec/json.hpp"

namespace clarion::lab {
namespace {

std::string message(std::string_view inside) { return R"({"message":{)" + std::string{inside} + "}}"; }

std::string refusal(std::string_view body) {
    const auto read = read_fcm_message(body);
    if (read) return "accepted";
    EXPECT_EQ(read.error().status, 400U);
    EXPECT_TRUE(codec::Document::parse(read.error().body(), 10'000).has_value());
    return read.error().message;
}

TEST(FcmRules, GoodMessageIsRead) {
    const auto read =
        read_fcm_message(message(R"("token":"abc:DEF-1_2","data":{"a":"1"},"android":{"priority":"high","ttl":"1.5s"})")
        );
    ASSERT_TRUE(read.has_value());
    EXPECT_EQ(read->token, "abc:DEF-1_2");
    EXPECT_EQ(read->data_json, R"({"a":"1"})");
    EXPECT_EQ(read->priority, "HIGH");
    EXPECT_EQ(read->ttl, Duration{1'500});
    EXPECT_FALSE(read->is_validate_only);
    EXPECT_EQ(read_fcm_message(message(R"("token":"abc")"))->ttl, Duration{2'419'200'000});
}

TEST(FcmRules, SchemaFaultsAreToldInGooglesWords) {
    EXPECT_TRUE(refusal("{").starts_with("Invalid JSON payload received."));
    EXPECT_EQ(refusal("{}"), "Recipient of the message is not set.");
    EXPECT_EQ(refusal(message(R"("data":{})")), "Recipient of the message is not set.");
    EXPECT_EQ(
        refusal(message(R"("token":"abc","x":1)")),
        R"(Invalid JSON payload received. Unknown name "x" at 'message': Cannot find field.)"
    );
    EXPECT_EQ(
        refusal(message(R"("token":"abc","data":{"a":12})")),
        "Invalid value at 'message.data[0].value' (TYPE_STRING), 12"
    );
    EXPECT_EQ(refusal(message(R"("token":"abc","data":{"from":"x"})")), "Invalid data payload key: from");
    EXPECT_TRUE(refusal(message(R"("token":"abc","topic":"t")")).contains("oneof"));
    EXPECT_TRUE(refusal(message(R"("token":"abc","android":{"priority":"URGENT"})")).contains("priority"));
    for (const std::string_view ttl : {"30", "-1s", "s", "2419201s", "1e3s", "nans"}) {
        EXPECT_TRUE(refusal(message(R"("token":"abc","android":{"ttl":")" + std::string{ttl} + R"("})")).contains("ttl")
        ) << ttl;
    }
    EXPECT_EQ(refusal(message(R"("token":"a b")")), "The registration token is not a valid FCM registration token");
}

TEST(FcmRules, FaultsAreFoundInTheDocumentedOrder) {
    const std::string big(4097, 'x');
    // Each body has the fault of its line and all those below.
    const std::string token = R"("token":"a b")";
    const std::string data = R"("data":{"google.x":")" + big + R"("})";
    EXPECT_TRUE(refusal(message(R"("x":1,"data":{"n":1})")).contains("Unknown name"));
    EXPECT_TRUE(refusal(message(R"("data":{"n":1})")).contains("TYPE_STRING"));
    EXPECT_TRUE(refusal(message(data)).contains("Recipient"));
    EXPECT_TRUE(refusal(message(token + "," + data + R"(,"android":{"ttl":"x"})")).contains("google.x"));
    EXPECT_TRUE(refusal(message(token + R"(,"data":{"n":")" + big + R"("},"android":{"ttl":"x"})")).contains("ttl"));
    EXPECT_EQ(refusal(message(token + R"(,"data":{"n":")" + big + R"("})")), "Android message is too big");
    EXPECT_TRUE(refusal(message(token)).contains("registration token"));
    EXPECT_EQ(refusal(message(R"("fid":"abc")")), "accepted");
}

TEST(FcmRules, EachDocumentedErrorHasItsBody) {
    for (const std::string_view name :
         {"INVALID_ARGUMENT", "THIRD_PARTY_AUTH_ERROR", "SENDER_ID_MISMATCH", "UNREGISTERED", "QUOTA_EXCEEDED",
          "INTERNAL", "UNAVAILABLE"}) {
        const FcmError error = fcm_error(500, name);
        EXPECT_EQ(error.name(), name);
        EXPECT_TRUE(error.body().contains(R"("errorCode":")" + std::string{name})) << error.body();
    }
    EXPECT_EQ(fcm_error(500, "UNREGISTERED").status, 404U);
    EXPECT_TRUE(fcm_error(0, "SERVICE_DISABLED").body().contains("ErrorInfo"));
    EXPECT_TRUE(fcm_error(0, "QUOTA_EXCEEDED").body().contains("QuotaFailure"));
    EXPECT_FALSE(fcm_error(400, "SOMETHING").body().contains("details"));
    EXPECT_EQ(fcm_error(418, "SOMETHING").status, 418U);
}

TEST(FcmRules, PayloadIsLimited) {
    const auto sized = [](std::size_t size) {
        return message(R"("token":"abc","data":{"a":")" + std::string(size - 1, 'x') + R"("})");
    };
    EXPECT_EQ(refusal(sized(4096)), "accepted");
    EXPECT_EQ(refusal(sized(4097)), "Android message is too big");
}

TEST(FcmRules, TokenRequestWithoutAssertionIsRefused) {
    const std::map<std::string, FcmAccount> none;
    const auto refused = [&](std::string_view form) {
        return check_assertion(form, none, "https://localhost/token", WallTime{0}).error().error;
    };
    EXPECT_EQ(refused(""), "unsupported_grant_type");
    EXPECT_EQ(refused("grant_type=password"), "unsupported_grant_type");
    EXPECT_EQ(refused("grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer"), "invalid_request");
    EXPECT_EQ(
        refused("grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion=a.b.c"), "invalid_grant"
    );
}

}  // namespace
}  // namespace clarion::lab
