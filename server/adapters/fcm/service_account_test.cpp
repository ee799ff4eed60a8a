// SPDX-License-Identifier: Apache-2.0
#include "server/adapters/fcm/service_account.hpp"

#include <gtest/gtest.h>

#include "core/codec/json.hpp"
#include "crypto/jwt.hpp"
#include "crypto/testing.hpp"

namespace clarion::server::fcm {
namespace {

std::string file(std::string_view pem, std::string_view project = "demo-project") {
    codec::Writer json;
    json.begin_object().key("type").text("service_account").key("project_id").text(project);
    json.key("private_key_id").text("abc123").key("private_key").text(pem);
    json.key("client_email").text("push@demo-project.example");
    json.key("token_uri").text("https://localhost/token").end_object();
    return json.take();
}

const crypto::testing::PemPair& pair() {
    static const auto made = crypto::testing::make_rsa_pair();
    return made;
}

TEST(ServiceAccount, AssertionIsWhatGoogleAsksFor) {
    const auto account = ServiceAccount::parse(file(pair().private_pem), "test");
    ASSERT_TRUE(account.has_value()) << account.error();
    const auto assertion = account->assertion(WallTime{1'700'000'000'000});
    ASSERT_TRUE(assertion.has_value());
    const auto key = crypto::PemPublicKey::parse(pair().public_pem, "test").value();
    EXPECT_EQ(
        crypto::verify_rs256(*assertion, key),
        // lint-allow: host: the scope is a name that happens to look like an address
        R"({"iss":"push@demo-project.example","scope":"https://www.googleapis.com/auth/firebase.messaging",)"
        R"("aud":"https://localhost/token","iat":1700000000,"exp":1700003600})"
    );
    EXPECT_EQ(crypto::peek_jwt(*assertion)->key_id, "abc123");
}

TEST(ServiceAccount, ErrorsNameTheFileAndTheField) {
    const auto no_file = ServiceAccount::load("/nonexistent/account.json");
    ASSERT_FALSE(no_file.has_value());
    EXPECT_NE(no_file.error().find("account.json"), std::string::npos);
    const auto garbage = ServiceAccount::parse("{", "account.json");
    ASSERT_FALSE(garbage.has_value());
    EXPECT_NE(garbage.error().find("account.json"), std::string::npos);
    const auto no_key = ServiceAccount::parse("{}", "account.json");
    EXPECT_NE(no_key.error().find("private_key"), std::string::npos);
    const auto bad_project = ServiceAccount::parse(file(pair().private_pem, "a/b"), "account.json");
    EXPECT_NE(bad_project.error().find("project_id"), std::string::npos);
    const auto wrong_kind = ServiceAccount::parse(file(crypto::testing::make_p256_pair().private_pem), "account.json");
    EXPECT_NE(wrong_kind.error().find("RSA"), std::string::npos);
}

}  // namespace
}  // namespace clarion::server::fcm
