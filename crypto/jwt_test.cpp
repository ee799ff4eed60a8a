// SPDX-License-Identifier: Apache-2.0
#include "crypto/jwt.hpp"

#include <gtest/gtest.h>

#include "crypto/base64.hpp"
#include "crypto/testing.hpp"

namespace clarion::crypto {
namespace {

// RFC 7515 appendix A.1.
constexpr std::string_view kRfcHs256 =
    "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9"
    ".eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ"
    ".dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
constexpr std::string_view kRfcHs256Key =
    "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow";
// RFC 7515 appendix A.3.
constexpr std::string_view kRfcEs256 =
    "eyJhbGciOiJFUzI1NiJ9"
    ".eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ"
    ".DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q";
constexpr std::string_view kRfcEs256X = "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU";
constexpr std::string_view kRfcEs256Y = "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0";

constexpr std::string_view kClaims = R"({"iss":"TEAM123456","iat":1700000000})";

std::string text(const Bytes& bytes) { return {bytes.begin(), bytes.end()}; }

std::string with_header(std::string_view header, std::string_view rest) {
    return base64url_encode(as_bytes(header)) + std::string{rest};
}

PemPublicKey p256_public(std::string_view x, std::string_view y) {
    // SubjectPublicKeyInfo of a P-256 key up to the uncompressed point (RFC 5480).
    Bytes der{0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06,
              0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00, 0x04};
    for (const auto half : {x, y}) {
        const Bytes bytes = base64url_decode(half).value();
        der.insert(der.end(), bytes.begin(), bytes.end());
    }
    const std::string pem = "-----BEGIN PUBLIC KEY-----\n" + base64_encode(der) + "\n-----END PUBLIC KEY-----\n";
    return PemPublicKey::parse(pem, "rfc").value();
}

struct Pair {
    PemPrivateKey secret;
    PemPublicKey open;
};

Pair make_pair(const testing::PemPair& pem) {
    return {PemPrivateKey::parse(pem.private_pem, "test").value(), PemPublicKey::parse(pem.public_pem, "test").value()};
}

const Pair& p256() {
    static const Pair pair = make_pair(testing::make_p256_pair());
    return pair;
}

const Pair& rsa() {
    static const Pair pair = make_pair(testing::make_rsa_pair());
    return pair;
}

TEST(JwtHs256, VerifiesTheExampleOfRfc7515) {
    const auto key = text(base64url_decode(kRfcHs256Key).value());
    const auto claims = verify_hs256(kRfcHs256, key);
    ASSERT_TRUE(claims.has_value());
    EXPECT_TRUE(claims->starts_with(R"({"iss":"joe")"));
}

TEST(JwtHs256, RoundTripsAndAnotherSecretFails) {
    const auto token = make_hs256(kClaims, "secret").value();
    EXPECT_EQ(verify_hs256(token, "secret"), std::string{kClaims});
    EXPECT_EQ(verify_hs256(token, "Secret"), std::unexpected{JwtError::bad_signature});
    EXPECT_EQ(verify_hs256(token, ""), std::unexpected{JwtError::wrong_key});
    EXPECT_EQ(make_hs256(kClaims, ""), std::unexpected{JwtError::wrong_key});
}

TEST(JwtHs256, NoOtherAlgorithmPasses) {
    const auto token = make_hs256(kClaims, "secret").value();
    const std::string rest = token.substr(token.find('.'));
    for (const std::string_view header :
         {R"({"alg":"none"})", R"({"alg":"HS512"})", R"({"alg":"hs256"})", R"({"alg":"RS256"})",
          R"({"alg":"HS256","crit":["b64"],"b64":false})"}) {
        EXPECT_EQ(verify_hs256(with_header(header, rest), "secret"), std::unexpected{JwtError::wrong_alg}) << header;
    }
}

TEST(JwtHs256, OddHeadersAreRefused) {
    const auto token = make_hs256(kClaims, "secret").value();
    const std::string rest = token.substr(token.find('.'));
    for (const std::string_view header :
         {"", "{}", "[]", "null", R"({"alg":"HS256")", R"({"alg":"HS256"}x)", R"({"alg":1})", R"({"typ":"JWT"})",
          R"({"alg":"HS256","alg":"none"})", R"({"\u0061lg":"HS256"})", R"({"alg":"HS256","jwk":{"kty":"oct"}})",
          R"({"alg":"HS256",})", R"({"alg":"HS256" "typ":"JWT"})"}) {
        EXPECT_EQ(verify_hs256(with_header(header, rest), "secret"), std::unexpected{JwtError::malformed}) << header;
    }
}

TEST(JwtHs256, FlippingAnyCharacterFails) {
    const auto token = make_hs256(kClaims, "secret").value();
    for (std::size_t at = 0; at < token.size(); ++at) {
        std::string bad = token;
        bad[at] = bad[at] == 'A' ? 'B' : 'A';
        EXPECT_FALSE(verify_hs256(bad, "secret").has_value()) << at;
    }
}

TEST(Jwt, StructureIsChecked) {
    for (const std::string_view bad : {"", ".", "..", "a.b", "a.b.c.d", "e30.e30.", "e30.e30"}) {
        EXPECT_EQ(verify_hs256(bad, "k"), std::unexpected{JwtError::malformed}) << bad;
    }
    EXPECT_EQ(verify_hs256(std::string(kJwtMax + 1, 'a'), "k"), std::unexpected{JwtError::too_large});
    EXPECT_EQ(make_hs256(std::string(kJwtMax, 'a'), "k"), std::unexpected{JwtError::too_large});
}

TEST(JwtEs256, VerifiesTheExampleOfRfc7515) {
    const auto key = p256_public(kRfcEs256X, kRfcEs256Y);
    EXPECT_TRUE(verify_es256(kRfcEs256, key).has_value());
    std::string bad{kRfcEs256};
    bad[bad.size() - 5] = 'A';
    EXPECT_EQ(verify_es256(bad, key), std::unexpected{JwtError::bad_signature});
}

TEST(JwtEs256, MakesTheProviderTokenThatApnsWants) {
    const auto token = make_es256(kClaims, "ABC123DEFG", p256().secret).value();
    const auto seen = peek_jwt(token).value();
    EXPECT_EQ(seen.alg, "ES256");
    EXPECT_EQ(seen.key_id, "ABC123DEFG");
    EXPECT_EQ(seen.claims_json, kClaims);
    const auto signature = base64url_decode(token.substr(token.rfind('.') + 1)).value();
    EXPECT_EQ(signature.size(), 64U);
    EXPECT_EQ(verify_es256(token, p256().open), std::string{kClaims});
}

TEST(JwtEs256, AnotherKeyOrAnotherKindIsRefused) {
    const auto token = make_es256(kClaims, "K", p256().secret).value();
    const auto other = make_pair(testing::make_p256_pair());
    EXPECT_EQ(verify_es256(token, other.open), std::unexpected{JwtError::bad_signature});
    EXPECT_EQ(verify_es256(token, rsa().open), std::unexpected{JwtError::wrong_key});
    EXPECT_EQ(verify_rs256(token, rsa().open), std::unexpected{JwtError::wrong_alg});
    EXPECT_EQ(make_es256(kClaims, "K", rsa().secret), std::unexpected{JwtError::wrong_key});
    EXPECT_EQ(make_es256(kClaims, "a\"b", p256().secret), std::unexpected{JwtError::wrong_key});
}

TEST(JwtRs256, RoundTripsAndTamperingFails) {
    const auto token = make_rs256(kClaims, "", rsa().secret).value();
    EXPECT_EQ(verify_rs256(token, rsa().open), std::string{kClaims});
    for (std::size_t at = 0; at < token.size(); at += 7) {
        std::string bad = token;
        bad[at] = bad[at] == 'A' ? 'B' : 'A';
        EXPECT_FALSE(verify_rs256(bad, rsa().open).has_value()) << at;
    }
}

TEST(Pem, ErrorsNameTheFile) {
    const auto missing = PemPrivateKey::load("/nonexistent/AuthKey_ABC.p8");
    ASSERT_FALSE(missing.has_value());
    EXPECT_EQ(missing.error().fault, PemError::Fault::unreadable);
    EXPECT_NE(missing.error().text.find("AuthKey_ABC.p8"), std::string::npos);

    const auto garbage = PemPrivateKey::parse("hello", "service.json private_key");
    ASSERT_FALSE(garbage.has_value());
    EXPECT_EQ(garbage.error().fault, PemError::Fault::malformed);
    EXPECT_NE(garbage.error().text.find("service.json"), std::string::npos);
}

}  // namespace
}  // namespace clarion::crypto
