// SPDX-License-Identifier: Apache-2.0
#pragma once

// Only for the .cpp files of this folder: ECDH keys on P-256 (SEC 1; NIST SP 800-56A).

#include <array>
#include <optional>

#include "crypto/base64.hpp"
#include "crypto/detail_openssl.hpp"

namespace clarion::crypto {

using P256Point = std::array<std::uint8_t, 65>;   // 0x04, x, y
using P256Scalar = std::array<std::uint8_t, 32>;  // d, or the shared x

/// Empty when the bytes are no point of the curve: with cofactor 1 that is all there is to check, once.
[[nodiscard]] Pkey p256_from_point(BytesView point);
/// Empty when the scalar is 0 or not below the order.
[[nodiscard]] Pkey p256_from_scalar(BytesView scalar);
[[nodiscard]] Pkey p256_generate();
[[nodiscard]] std::optional<P256Point> p256_point(const EVP_PKEY* key);
/// `peer` was checked when it was made and is not checked again.
[[nodiscard]] std::optional<P256Scalar> p256_agree(EVP_PKEY* own, EVP_PKEY* peer);

}  // namespace clarion::crypto
