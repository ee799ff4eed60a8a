// SPDX-License-Identifier: Apache-2.0
#include "crypto/jwt.hpp"

#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <sodium.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <optional>
#include <utility>

#include "crypto/base64.hpp"
#include "crypto/detail_openssl.hpp"

namespace clarion::crypto {
namespace {

constexpr std::size_t kHeaderMax = 512;
constexpr std::size_t kEs256Half = 32;

struct MdFree {
    void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};

using MdContext = std::unique_ptr<EVP_MD_CTX, MdFree>;

struct SigFree {
    void operator()(ECDSA_SIG* sig) const { ECDSA_SIG_free(sig); }
};

using EcSignature = std::unique_ptr<ECDSA_SIG, SigFree>;

/// Reads the JOSE header: a flat JSON object. Strings without escapes are kept, other flat values are skipped, and
/// nested ones are refused: no algorithm of this file needs them (`jwk`, `x5c` would invite key confusion).
class HeaderReader {
  public:
    explicit HeaderReader(std::string_view text) : rest_{text} {}

    [[nodiscard]] bool read() {
        if (!take('{')) return false;
        if (take('}')) return at_end();
        do {
            const auto name = string();
            if (!name || !take(':') || !value(*name)) return false;
        } while (take(','));
        return take('}') && at_end();
    }

    std::optional<std::string> alg;
    std::optional<std::string> kid;
    bool critical = false;

  private:
    void skip_space() {
        while (!rest_.empty() && std::string_view{" \t\r\n"}.contains(rest_.front())) rest_.remove_prefix(1);
    }

    [[nodiscard]] bool at_end() {
        skip_space();
        return rest_.empty();
    }

    [[nodiscard]] bool take(char c) {
        skip_space();
        if (rest_.empty() || rest_.front() != c) return false;
        rest_.remove_prefix(1);
        return true;
    }

    [[nodiscard]] std::optional<std::string> string() {
        if (!take('"')) return std::nullopt;
        const std::size_t end = rest_.find_first_of("\"\\");
        if (end == std::string_view::npos || rest_[end] == '\\') return std::nullopt;
        std::string text{rest_.substr(0, end)};
        rest_.remove_prefix(end + 1);
        return text;
    }

    [[nodiscard]] bool value(const std::string& name) {
        skip_space();
        if (name == "crit") critical = true;
        if (!rest_.empty() && rest_.front() == '"') {
            auto text = string();
            if (!text) return false;
            // A repeated name is the classic way to make two readers see two headers.
            if (name == "alg") return !std::exchange(alg, std::move(text));
            if (name == "kid") return !std::exchange(kid, std::move(text));
            return true;
        }
        if (name == "alg" || name == "kid") return false;
        const std::size_t end = rest_.find_first_of(",}");
        if (end == 0 || end == std::string_view::npos) return false;
        const std::string_view plain = rest_.substr(0, end);
        const bool flat = std::all_of(plain.begin(), plain.end(), [](unsigned char c) {
            return std::isalnum(c) != 0 || std::string_view{"+-. \t\r\n"}.contains(static_cast<char>(c));
        });
        rest_.remove_prefix(end);
        return flat || critical;  // A `crit` array ends in wrong_alg, whatever it holds.
    }

    std::string_view rest_;
};

struct Parts {
    std::string_view signed_text;  // header.payload, as the signature covers it
    std::string alg;
    std::string kid;
    std::string claims;
    Bytes signature;
};

std::expected<Parts, JwtError> split(std::string_view token) {
    if (token.size() > kJwtMax) return std::unexpected{JwtError::too_large};
    const std::size_t first = token.find('.');
    const std::size_t second = first == std::string_view::npos ? first : token.find('.', first + 1);
    if (second == std::string_view::npos || token.find('.', second + 1) != std::string_view::npos) {
        return std::unexpected{JwtError::malformed};
    }
    const auto header = base64url_decode(token.substr(0, first));
    const auto claims = base64url_decode(token.substr(first + 1, second - first - 1));
    auto signature = base64url_decode(token.substr(second + 1));
    if (!header || !claims || !signature || header->size() > kHeaderMax) {
        return std::unexpected{JwtError::malformed};
    }
    const std::string header_text{header->begin(), header->end()};
    HeaderReader reader{header_text};
    const bool readable = reader.read();
    if (reader.critical) return std::unexpected{JwtError::wrong_alg};
    if (!readable || !reader.alg) return std::unexpected{JwtError::malformed};
    return Parts{
        .signed_text = token.substr(0, second),
        .alg = *reader.alg,
        .kid = reader.kid.value_or(""),
        .claims = std::string{claims->begin(), claims->end()},
        .signature = *std::move(signature)
    };
}

std::expected<Parts, JwtError> split_pinned(std::string_view token, std::string_view alg) {
    auto parts = split(token);
    if (parts && parts->alg != alg) return std::unexpected{JwtError::wrong_alg};
    return parts;
}

bool is_key_id(std::string_view text) {
    return text.size() <= 128 && std::all_of(text.begin(), text.end(), [](unsigned char c) {
               return std::isalnum(c) != 0 || c == '-' || c == '_' || c == '.';
           });
}

/// "header.payload", ready to be signed.
std::expected<std::string, JwtError> signing_input(
    std::string_view alg, std::string_view key_id, std::string_view claims
) {
    if (!is_key_id(key_id)) return std::unexpected{JwtError::wrong_key};
    std::string header = R"({"alg":")" + std::string{alg} + '"';
    if (!key_id.empty()) header += R"(,"kid":")" + std::string{key_id} + '"';
    header += R"(,"typ":"JWT"})";
    std::string text = base64url_encode(as_bytes(header)) + '.' + base64url_encode(as_bytes(claims));
    if (text.size() + 2 > kJwtMax) return std::unexpected{JwtError::too_large};
    return text;
}

std::array<std::uint8_t, crypto_auth_hmacsha256_BYTES> hmac(std::string_view text, std::string_view secret) {
    crypto_auth_hmacsha256_state state;
    crypto_auth_hmacsha256_init(&state, as_bytes(secret).data(), secret.size());
    crypto_auth_hmacsha256_update(&state, as_bytes(text).data(), text.size());
    std::array<std::uint8_t, crypto_auth_hmacsha256_BYTES> mac{};
    crypto_auth_hmacsha256_final(&state, mac.data());
    return mac;
}

std::optional<Bytes> sign_sha256(EVP_PKEY* key, std::string_view text) {
    const MdContext context{EVP_MD_CTX_new()};
    std::size_t length = 0;
    const BytesView in = as_bytes(text);
    if (!context || EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, key) != 1 ||
        EVP_DigestSign(context.get(), nullptr, &length, in.data(), in.size()) != 1) {
        ERR_clear_error();
        return std::nullopt;
    }
    Bytes signature(length);
    if (EVP_DigestSign(context.get(), signature.data(), &length, in.data(), in.size()) != 1) {
        ERR_clear_error();
        return std::nullopt;
    }
    signature.resize(length);
    return signature;
}

bool verify_sha256(EVP_PKEY* key, std::string_view text, const Bytes& signature) {
    const MdContext context{EVP_MD_CTX_new()};
    const BytesView in = as_bytes(text);
    const bool good = context && EVP_DigestVerifyInit(context.get(), nullptr, EVP_sha256(), nullptr, key) == 1 &&
                      EVP_DigestVerify(context.get(), signature.data(), signature.size(), in.data(), in.size()) == 1;
    ERR_clear_error();
    return good;
}

/// OpenSSL speaks DER, JOSE wants r || s with fixed width (RFC 7518 section 3.4).
std::optional<Bytes> der_to_raw(const Bytes& der) {
    const std::uint8_t* at = der.data();
    const EcSignature sig{d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(der.size()))};
    if (!sig) return std::nullopt;
    Bytes raw(2 * kEs256Half);
    const int half = static_cast<int>(kEs256Half);
    if (BN_bn2binpad(ECDSA_SIG_get0_r(sig.get()), raw.data(), half) != half ||
        BN_bn2binpad(ECDSA_SIG_get0_s(sig.get()), raw.data() + kEs256Half, half) != half) {
        return std::nullopt;
    }
    return raw;
}

std::optional<Bytes> raw_to_der(const Bytes& raw) {
    if (raw.size() != 2 * kEs256Half) return std::nullopt;
    const EcSignature sig{ECDSA_SIG_new()};
    if (!sig) return std::nullopt;
    BIGNUM* r = BN_bin2bn(raw.data(), static_cast<int>(kEs256Half), nullptr);
    BIGNUM* s = BN_bin2bn(raw.data() + kEs256Half, static_cast<int>(kEs256Half), nullptr);
    if (ECDSA_SIG_set0(sig.get(), r, s) != 1) {
        BN_free(r);
        BN_free(s);
        return std::nullopt;
    }
    std::uint8_t* out = nullptr;
    const int length = i2d_ECDSA_SIG(sig.get(), &out);
    if (length <= 0) return std::nullopt;
    Bytes der{out, out + length};
    OPENSSL_free(out);
    return der;
}

}  // namespace

std::string_view to_string(JwtError error) {
    switch (error) {
        case JwtError::malformed: return "malformed";
        case JwtError::too_large: return "too_large";
        case JwtError::wrong_alg: return "wrong_alg";
        case JwtError::bad_signature: return "bad_signature";
        case JwtError::wrong_key: return "wrong_key";
    }
    return "unknown";
}

std::expected<std::string, JwtError> make_hs256(std::string_view claims_json, std::string_view secret) {
    if (secret.empty()) return std::unexpected{JwtError::wrong_key};
    auto text = signing_input("HS256", "", claims_json);
    if (!text) return text;
    const auto mac = hmac(*text, secret);
    return *text + '.' + base64url_encode(mac);
}

std::expected<std::string, JwtError> verify_hs256(std::string_view token, std::string_view secret) {
    if (secret.empty()) return std::unexpected{JwtError::wrong_key};
    auto parts = split_pinned(token, "HS256");
    if (!parts) return std::unexpected{parts.error()};
    const auto mac = hmac(parts->signed_text, secret);
    if (parts->signature.size() != mac.size() || sodium_memcmp(parts->signature.data(), mac.data(), mac.size()) != 0) {
        return std::unexpected{JwtError::bad_signature};
    }
    return std::move(parts->claims);
}

std::expected<std::string, JwtError> make_es256(
    std::string_view claims_json, std::string_view key_id, const PemPrivateKey& key
) {
    if (key.kind() != KeyKind::p256) return std::unexpected{JwtError::wrong_key};
    auto text = signing_input("ES256", key_id, claims_json);
    if (!text) return text;
    const auto der = sign_sha256(key.handle().key.get(), *text);
    const auto raw = der ? der_to_raw(*der) : std::nullopt;
    if (!raw) return std::unexpected{JwtError::wrong_key};
    return *text + '.' + base64url_encode(*raw);
}

std::expected<std::string, JwtError> verify_es256(std::string_view token, const PemPublicKey& key) {
    if (key.kind() != KeyKind::p256) return std::unexpected{JwtError::wrong_key};
    auto parts = split_pinned(token, "ES256");
    if (!parts) return std::unexpected{parts.error()};
    const auto der = raw_to_der(parts->signature);
    if (!der || !verify_sha256(key.handle().key.get(), parts->signed_text, *der)) {
        return std::unexpected{JwtError::bad_signature};
    }
    return std::move(parts->claims);
}

std::expected<std::string, JwtError> make_rs256(
    std::string_view claims_json, std::string_view key_id, const PemPrivateKey& key
) {
    if (key.kind() != KeyKind::rsa) return std::unexpected{JwtError::wrong_key};
    auto text = signing_input("RS256", key_id, claims_json);
    if (!text) return text;
    const auto signature = sign_sha256(key.handle().key.get(), *text);
    if (!signature) return std::unexpected{JwtError::wrong_key};
    return *text + '.' + base64url_encode(*signature);
}

std::expected<std::string, JwtError> verify_rs256(std::string_view token, const PemPublicKey& key) {
    if (key.kind() != KeyKind::rsa) return std::unexpected{JwtError::wrong_key};
    auto parts = split_pinned(token, "RS256");
    if (!parts) return std::unexpected{parts.error()};
    if (!verify_sha256(key.handle().key.get(), parts->signed_text, parts->signature)) {
        return std::unexpected{JwtError::bad_signature};
    }
    return std::move(parts->claims);
}

std::expected<UnverifiedJwt, JwtError> peek_jwt(std::string_view token) {
    auto parts = split(token);
    if (!parts) return std::unexpected{parts.error()};
    return UnverifiedJwt{
        .alg = std::move(parts->alg), .key_id = std::move(parts->kid), .claims_json = std::move(parts->claims)
    };
}

}  // namespace clarion::crypto
