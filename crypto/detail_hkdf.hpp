// SPDX-License-Identifier: Apache-2.0
#pragma once

// Only for the .cpp files of this folder: HKDF with SHA-256 (RFC 5869), for outputs of at most one block.

#include <sodium.h>

#include <array>
#include <initializer_list>
#include <string_view>

#include "crypto/base64.hpp"

namespace clarion::crypto {

using Prk = std::array<std::uint8_t, crypto_auth_hmacsha256_BYTES>;

inline Prk hmac_sha256(BytesView key, std::initializer_list<std::string_view> parts) {
    crypto_auth_hmacsha256_state state;
    crypto_auth_hmacsha256_init(&state, key.data(), key.size());
    for (const std::string_view part : parts) {
        crypto_auth_hmacsha256_update(&state, as_bytes(part).data(), part.size());
    }
    Prk out{};
    crypto_auth_hmacsha256_final(&state, out.data());
    return out;
}

inline std::string_view as_text(BytesView bytes) { return {reinterpret_cast<const char*>(bytes.data()), bytes.size()}; }

inline Prk hkdf_extract(BytesView salt, BytesView ikm) { return hmac_sha256(salt, {as_text(ikm)}); }

/// The first block: T(1) = HMAC(PRK, info | 0x01).
inline Prk hkdf_expand(const Prk& prk, std::initializer_list<std::string_view> info) {
    crypto_auth_hmacsha256_state state;
    crypto_auth_hmacsha256_init(&state, prk.data(), prk.size());
    for (const std::string_view part : info) {
        crypto_auth_hmacsha256_update(&state, as_bytes(part).data(), part.size());
    }
    const std::uint8_t counter = 1;
    crypto_auth_hmacsha256_update(&state, &counter, 1);
    Prk out{};
    crypto_auth_hmacsha256_final(&state, out.data());
    return out;
}

}  // namespace clarion::crypto
