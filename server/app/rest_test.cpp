// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "crypto/base64.hpp"
#include "crypto/keys.hpp"
#include "server/app/access_tokens.hpp"
#include "server/app/testing/stage.hpp"

namespace clarion::server::testing {
namespace {

std::string member(const std::string& json, const std::string& name) {
    const auto document = codec::Document::parse(json, 64 * 1024);
    return document ? std::string{document->root().get(name).text().value_or("")} : std::string{};
}

const std::string kAdmin = std::string{"Bearer "} + Stage::kAdminKey;

TEST(Rest, AServiceIsMadeOnceByTheAdministratorAlone) {
    Stage stage;
    const std::string body = R"({"id":"bank","name":"Bank"})";
    EXPECT_EQ(stage.rest_as("", "POST", "/v1/services", body).status, 401U);
    EXPECT_EQ(stage.rest_as("Bearer 0123456789abcdeX", "POST", "/v1/services", body).status, 401U);
    EXPECT_EQ(stage.rest("POST", "/v1/services", body).status, 401U);
    const auto made = stage.rest_as(kAdmin, "POST", "/v1/services", body);
    ASSERT_EQ(made.status, 201U);
    EXPECT_EQ(member(made.body, "api_secret").size(), 64U);
    EXPECT_EQ(stage.rest_as(kAdmin, "POST", "/v1/services", body).status, 409U);
    EXPECT_EQ(stage.rest_as(kAdmin, "POST", "/v1/services", R"({"id":"a b"})").status, 400U);

    const std::string pair = member(made.body, "api_key") + ":" + member(made.body, "api_secret");
    const std::string basic = "Basic " + crypto::base64_encode(crypto::as_bytes(pair));
    EXPECT_EQ(stage.rest_as(basic, "GET", "/v1/calls").status, 200U);
}

TEST(Rest, AKeyRotatesWithoutAGap) {
    Stage stage;
    const auto second = stage.rest_as(kAdmin, "POST", "/v1/services/shop/keys");
    ASSERT_EQ(second.status, 201U);
    const std::string pair = member(second.body, "api_key") + ":" + member(second.body, "api_secret");
    const std::string basic = "Basic " + crypto::base64_encode(crypto::as_bytes(pair));
    EXPECT_EQ(stage.rest_as(basic, "GET", "/v1/calls").status, 200U);
    EXPECT_EQ(stage.rest("GET", "/v1/calls").status, 200U);
    EXPECT_EQ(stage.rest_as(kAdmin, "DELETE", "/v1/services/shop/keys/the-api-key").status, 200U);
    EXPECT_EQ(stage.rest("GET", "/v1/calls").status, 401U);
    EXPECT_EQ(stage.rest_as(kAdmin, "DELETE", "/v1/services/shop/keys/the-api-key").status, 404U);
    EXPECT_EQ(stage.rest_as(kAdmin, "POST", "/v1/services/nobody/keys").status, 404U);
}

TEST(Rest, WrongCredentialsAreProblemDetailsWithAChallenge) {
    Stage stage;
    for (const std::string authorization :
         {"", "Basic !!!", "Basic dGhlLWFwaS1rZXk=", "Basic dGhlLWFwaS1rZXk6d3Jvbmc="}) {
        const auto answer = stage.rest_as(authorization, "GET", "/v1/users/bob/devices");
        EXPECT_EQ(answer.status, 401U) << authorization;
        EXPECT_EQ(member(answer.body, "code"), "not_authorized");
        const std::string* type = net::find_header(answer.headers, "content-type");
        ASSERT_NE(type, nullptr);
        EXPECT_EQ(*type, "application/problem+json");
        EXPECT_NE(net::find_header(answer.headers, "www-authenticate"), nullptr);
    }
}

TEST(Rest, ADeviceIsRegisteredReadAndDeleted) {
    Stage stage;
    const std::string key = crypto::BoxSecret::generate().box_public().text();
    const std::string body = R"({"platform":"ios","public_key":")" + key +
                             R"(","push":{"provider":"apns","token":"5ec4e7f0c3e4","environment":"sandbox"}})";
    const auto put = stage.rest("PUT", "/v1/users/bob/devices/bob-phone", body);
    ASSERT_EQ(put.status, 200U) << put.body;
    EXPECT_NE(put.body.find(stage.keys->invite_key.verify_key().text()), std::string::npos);
    const auto got = stage.rest("GET", "/v1/users/bob/devices/bob-phone");
    EXPECT_EQ(got.status, 200U);
    EXPECT_EQ(member(got.body, "public_key"), key);
    EXPECT_EQ(got.body.find("5ec4e7f0c3e4"), std::string::npos) << "a push token is never told";
    EXPECT_NE(stage.rest("GET", "/v1/users/bob/devices").body.find("bob-phone"), std::string::npos);
    EXPECT_EQ(stage.rest("GET", "/v1/users/alice/devices/bob-phone").status, 404U);
    EXPECT_EQ(stage.rest("PUT", "/v1/users/alice/devices/bob-phone", R"({"platform":"ios"})").status, 409U);
    EXPECT_EQ(stage.rest("DELETE", "/v1/users/bob/devices/bob-phone").status, 200U);
    EXPECT_EQ(stage.rest("DELETE", "/v1/users/bob/devices/bob-phone").status, 404U);
}

TEST(Rest, BadBodiesAndIdsNameTheirFault) {
    Stage stage;
    const std::vector<std::pair<std::string, unsigned>> bodies{
        {"", 400},
        {"{", 400},
        {R"({"platform":"toaster"})", 400},
        {R"({"platform":"ios","public_key":"short"})", 400},
        {R"({"platform":"ios","public_key":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"})", 400},  // Of low order.
        {R"({"platform":"ios","push":{"provider":"pigeon","token":"x"}})", 400},
        {R"({"platform":"ios","push":{"provider":"apns","token":"x","environment":"moon"}})", 400},
        {R"({"platform":"ios","push":{"provider":"apns","token":")" + std::string(5000, 'x') + "\"}}", 413},
        {R"({"platform":"ios","pad":")" + std::string(70'000, 'x') + "\"}", 413},
    };
    for (const auto& [body, status] : bodies) {
        const auto answer = stage.rest("PUT", "/v1/users/bob/devices/dev", body);
        EXPECT_EQ(answer.status, status) << body.substr(0, 60) << " " << answer.body;
    }
    EXPECT_EQ(stage.rest("PUT", "/v1/users/b%20b/devices/dev", R"({"platform":"ios"})").status, 400U);
    EXPECT_EQ(stage.rest("PUT", "/v1/users/bob/devices/..%2f..", R"({"platform":"ios"})").status, 400U);
    EXPECT_EQ(stage.rest("PUT", "/v1/users/bob/devices/" + std::string(65, 'x'), R"({"platform":"ios"})").status, 400U);
    EXPECT_EQ(stage.rest("GET", "/v1/calls/not-a-uuid").status, 400U);
    EXPECT_EQ(stage.rest("GET", "/v1/calls?limit=0").status, 400U);
    EXPECT_EQ(stage.rest("GET", "/v1/calls?limit=101").status, 400U);
    EXPECT_EQ(stage.rest("GET", "/v1/calls?user=a%20b").status, 400U);
    EXPECT_TRUE(stage.store->list_devices(*ServiceId::parse("shop"), *UserId::parse("bob"))->empty());
}

TEST(Rest, UnknownPathsAndMethodsAreToldApart) {
    Stage stage;
    EXPECT_EQ(stage.rest("GET", "/").status, 404U);
    EXPECT_EQ(stage.rest("GET", "/v2/calls").status, 404U);
    EXPECT_EQ(stage.rest("GET", "/v1/users//devices").status, 404U);
    EXPECT_EQ(stage.rest("GET", "/v1/users/bob/%zz").status, 404U);
    EXPECT_EQ(stage.rest("DELETE", "/v1/users/bob").status, 405U);
    EXPECT_EQ(stage.rest("PUT", "/v1/calls").status, 405U);
    EXPECT_EQ(stage.rest("GET", "/v1/decline").status, 405U);
    EXPECT_EQ(stage.rest("GET", "/v1/connect").status, 426U);
    EXPECT_EQ(stage.rest_as("", "GET", "/health").status, 200U);
}

TEST(Rest, ATokenThatItMakesOpensAConnection) {
    Stage stage;
    const auto made = stage.rest("POST", "/v1/users/alice/tokens", R"({"ttl_s":60,"device":"alice-pc"})");
    ASSERT_EQ(made.status, 201U) << made.body;
    const auto identity = check_access_token(*stage.store, member(made.body, "token"), stage.clock.wall_now());
    ASSERT_TRUE(identity);
    EXPECT_EQ(identity->user.text(), "alice");
    EXPECT_EQ(identity->device->text(), "alice-pc");
    EXPECT_EQ(stage.rest("POST", "/v1/users/alice/tokens").status, 201U);
    EXPECT_EQ(stage.rest("POST", "/v1/users/alice/tokens", R"({"ttl_s":0})").status, 400U);
    EXPECT_EQ(stage.rest("POST", "/v1/users/alice/tokens", R"({"ttl_s":99999999})").status, 400U);
}

TEST(Rest, TheAppServerEndsACallAndReadsWhatItWas) {
    Stage stage;
    stage.add_phone("bob", "bob-phone");
    auto alice = stage.online("alice", "alice-pc");
    ASSERT_EQ(alice->ask(place_call(1, "bob")), std::nullopt);
    const std::string call = "/v1/calls/" + call_id(1).text();
    EXPECT_EQ(member(stage.rest("GET", call).body, "phase"), "ringing");
    EXPECT_EQ(stage.rest("POST", call + "/end", R"({"reason":"sneeze"})").status, 200U)
        << "a newer reason is not an error";
    const auto ended = alice->next<protocol::Ended>();
    ASSERT_TRUE(ended);
    EXPECT_EQ(ended->source, EndSource::app_server);
    const auto body = stage.rest("GET", call).body;
    EXPECT_EQ(member(body, "phase"), "ended");
    EXPECT_EQ(member(body, "source"), "app_server");
    EXPECT_EQ(body.find("o=offer"), std::string::npos) << "no SDP";
    EXPECT_NE(stage.rest("GET", "/v1/calls?user=bob&limit=5").body.find(call_id(1).text()), std::string::npos);
    EXPECT_EQ(stage.rest("GET", "/v1/calls/" + call_id(7).text()).status, 404U);
}

TEST(Rest, AnotherServiceSeesNothing) {
    Stage stage;
    stage.add_phone("bob", "bob-phone");
    auto alice = stage.online("alice", "alice-pc");
    ASSERT_EQ(alice->ask(place_call(1, "bob")), std::nullopt);
    const auto made = stage.rest_as(kAdmin, "POST", "/v1/services", R"({"id":"bank"})");
    const std::string pair = member(made.body, "api_key") + ":" + member(made.body, "api_secret");
    const std::string basic = "Basic " + crypto::base64_encode(crypto::as_bytes(pair));
    EXPECT_EQ(stage.rest_as(basic, "GET", "/v1/calls/" + call_id(1).text()).status, 404U);
    EXPECT_EQ(stage.rest_as(basic, "GET", "/v1/calls/" + call_id(1).text() + "/trace").status, 404U);
    EXPECT_EQ(stage.rest_as(basic, "POST", "/v1/calls/" + call_id(1).text() + "/end").status, 404U);
    EXPECT_EQ(stage.rest_as(basic, "GET", "/v1/users/bob/devices").body, R"({"devices":[]})");
    EXPECT_EQ(stage.rest_as(basic, "DELETE", "/v1/users/bob/devices/bob-phone").status, 404U);
}

}  // namespace
}  // namespace clarion::server::testing
