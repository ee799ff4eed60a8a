// SPDX-License-Identifier: Apache-2.0
#include "server/adapters/webpush/vapid.hpp"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <fstream>

#include "core/codec/json.hpp"
#include "crypto/jwt.hpp"
#include "crypto/testing.hpp"

namespace clarion::server::webpush {
namespace {

constexpr WallTime kNow{1'700'000'000'000};

class VapidTest : public ::testing::Test {
  protected:
    void SetUp() override {
        std::string pattern = (std::filesystem::temp_directory_path() / "clarion-vapid-XXXXXX").string();
        ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
        folder_ = pattern;
    }
    void TearDown() override { std::filesystem::remove_all(folder_); }

    [[nodiscard]] std::string file(const std::string& text) const {
        std::ofstream{folder_ / "key"} << text;
        return (folder_ / "key").string();
    }

    std::filesystem::path folder_;
};

TEST_F(VapidTest, TokenNamesTheOriginAndVerifiesWithTheKey) {
    const auto pair = crypto::testing::make_p256_pair();
    const auto vapid = Vapid::load(file(pair.private_pem), "mailto:push@example.com");
    ASSERT_TRUE(vapid) << vapid.error();
    const std::string header = vapid->header("https://push.example.net:8443", kNow).value();
    ASSERT_TRUE(header.starts_with("vapid t="));
    const auto comma = header.find(", k=");
    ASSERT_NE(comma, std::string::npos);
    EXPECT_EQ(header.substr(comma + 4), vapid->public_key());
    EXPECT_EQ(vapid->public_key().size(), 87U);
    const auto key = crypto::PemPublicKey::parse(pair.public_pem, "test").value();
    const auto claims = crypto::verify_es256(header.substr(8, comma - 8), key);
    ASSERT_TRUE(claims);
    EXPECT_EQ(*claims, R"({"aud":"https://push.example.net:8443","exp":1700043200,"sub":"mailto:push@example.com"})");
}

TEST_F(VapidTest, KeyMayBeBareBase64url) {
    // RFC 8291 appendix A: a private key and its public one.
    const auto vapid =
        Vapid::load(file("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw\n"), "https://example.com/contact");
    ASSERT_TRUE(vapid) << vapid.error();
    EXPECT_EQ(
        vapid->public_key(), "BP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A8"
    );
}

TEST_F(VapidTest, BadConfigurationNamesTheSettingOrTheFile) {
    const std::string key = file(crypto::testing::make_p256_pair().private_pem);
    for (const std::string subject : {"", "me@example.com", "mailto:root@localhost"}) {
        const auto vapid = Vapid::load(key, subject);
        ASSERT_FALSE(vapid) << subject;
        EXPECT_NE(vapid.error().find("webpush.subject"), std::string::npos) << vapid.error();
    }
    const auto missing = Vapid::load(folder_ / "none", "mailto:a@example.com");
    ASSERT_FALSE(missing);
    EXPECT_NE(missing.error().find("none"), std::string::npos) << missing.error();
    const auto rsa = Vapid::load(file(crypto::testing::make_rsa_pair().private_pem), "mailto:a@example.com");
    ASSERT_FALSE(rsa);
    EXPECT_NE(rsa.error().find("P-256"), std::string::npos) << rsa.error();
    EXPECT_FALSE(Vapid::load(file(std::string(43, '!')), "mailto:a@example.com"));
}

}  // namespace
}  // namespace clarion::server::webpush
