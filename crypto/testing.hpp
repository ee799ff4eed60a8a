// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace clarion::crypto::testing {

/// A fresh key pair as PEM: PKCS#8 private, SubjectPublicKeyInfo public. For tests and the device lab.
struct PemPair {
    std::string private_pem;
    std::string public_pem;
};

[[nodiscard]] PemPair make_p256_pair();
/// RSA-2048; takes some 100 ms, so tests make one and share it.
[[nodiscard]] PemPair make_rsa_pair();

}  // namespace clarion::crypto::testing
