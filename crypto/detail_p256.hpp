// SPDX-License-Identifier: Apache-2.0
#pragma once

// Only for the .cpp files of this folder: ECDH on P-256 (SEC 1; NIST SP 800-56A) on OpenSSL's curve arithmetic itself.
// Its EVP interface looks the curve up and sets it up anew for every key, which costs as much as making the key.

#include <openssl/bn.h>
#include <openssl/ec.h>

#include <array>
#include <memory>
#include <optional>

#include "crypto/base64.hpp"
#include "crypto/detail_openssl.hpp"

namespace clarion::crypto {

using P256Point = std::array<std::uint8_t, 65>;   // 0x04, x, y
using P256Scalar = std::array<std::uint8_t, 32>;  // d, or the shared x

/// Forgets what it frees.
template <auto kFree>
struct OpensslFree {
    void operator()(auto* object) const { kFree(object); }
};
using EcPoint = std::unique_ptr<EC_POINT, OpensslFree<EC_POINT_clear_free>>;
using BigNumber = std::unique_ptr<BIGNUM, OpensslFree<BN_clear_free>>;

/// A key pair for agreements. Empty when there is none.
struct P256Pair {
    BigNumber secret;
    P256Point point{};

    explicit operator bool() const { return secret != nullptr; }
};

/// Empty when the bytes are no point of the curve: with cofactor 1 that is all there is to check, once.
[[nodiscard]] EcPoint p256_peer(BytesView point);
/// Empty when the scalar is 0 or not below the order.
[[nodiscard]] P256Pair p256_pair(BytesView scalar);
[[nodiscard]] P256Pair p256_generate();
/// `peer` was checked when it was made.
[[nodiscard]] std::optional<P256Scalar> p256_agree(const P256Pair& own, const EcPoint& peer);

/// For signatures. Empty as p256_pair().
[[nodiscard]] Pkey p256_signing_key(BytesView scalar);
[[nodiscard]] std::optional<P256Point> p256_point(const EVP_PKEY* key);

}  // namespace clarion::crypto
