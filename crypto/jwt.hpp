// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <string>
#include <string_view>

#include "crypto/pem.hpp"

namespace clarion::crypto {

/// JSON Web Tokens in compact form (RFC 7515, 7519): only structure and signature. Claims are JSON text that the
/// caller wrote or will read; `exp`, `iat`, `iss` are the caller's to check, after the signature.
/// Thread: any. Bounds: a token is at most kJwtMax bytes.

inline constexpr std::size_t kJwtMax = 8192;

enum class JwtError : std::uint8_t {
    malformed,      ///< Not three base64url parts, or the header is no flat JSON object. Refuse the request.
    too_large,      ///< Above kJwtMax. Refuse the request.
    wrong_alg,      ///< The header names another algorithm than the caller pinned, or a `crit` extension. Refuse.
    bad_signature,  ///< Not signed by this key. Refuse; do not tell the peer more than that.
    wrong_key,      ///< Caller's configuration: key of another kind, empty secret, or an unusable key id.
};

[[nodiscard]] std::string_view to_string(JwtError error);

/// HS256 with a shared secret: users' access tokens. `secret` may be any length above 0.
[[nodiscard]] std::expected<std::string, JwtError> make_hs256(std::string_view claims_json, std::string_view secret);
/// The claims, when the signature (compared in constant time) is right.
[[nodiscard]] std::expected<std::string, JwtError> verify_hs256(std::string_view token, std::string_view secret);

/// ES256 (P-256, r || s of 64 bytes): the provider token of APNs. `key_id` goes into the header when not empty;
/// letters, digits, '-', '_' and '.' only.
[[nodiscard]] std::expected<std::string, JwtError> make_es256(
    std::string_view claims_json, std::string_view key_id, const PemPrivateKey& key
);
[[nodiscard]] std::expected<std::string, JwtError> verify_es256(std::string_view token, const PemPublicKey& key);

/// RS256 (RSASSA-PKCS1-v1_5): the OAuth assertion of a Google service account (RFC 7523).
[[nodiscard]] std::expected<std::string, JwtError> make_rs256(
    std::string_view claims_json, std::string_view key_id, const PemPrivateKey& key
);
[[nodiscard]] std::expected<std::string, JwtError> verify_rs256(std::string_view token, const PemPublicKey& key);

/// What a token says about itself before anything is verified: good for choosing a key, for nothing else.
struct UnverifiedJwt {
    std::string alg;
    std::string key_id;  ///< Empty when the header has no `kid`.
    std::string claims_json;
};

[[nodiscard]] std::expected<UnverifiedJwt, JwtError> peek_jwt(std::string_view token);

}  // namespace clarion::crypto
