// SPDX-License-Identifier: Apache-2.0
#pragma once

// Only for the .cpp files of this folder: what a PEM key is made of.

#include <openssl/evp.h>

#include <memory>

#include "crypto/pem.hpp"

namespace clarion::crypto {

struct PkeyFree {
    void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};

using Pkey = std::unique_ptr<EVP_PKEY, PkeyFree>;

struct PemPrivateKey::Handle {
    Pkey key;
};

struct PemPublicKey::Handle {
    Pkey key;
};

}  // namespace clarion::crypto
