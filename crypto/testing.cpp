// SPDX-License-Identifier: Apache-2.0
#include "crypto/testing.hpp"

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include <cstdlib>
#include <memory>

#include "crypto/detail_openssl.hpp"

namespace clarion::crypto::testing {
namespace {

struct BioFree {
    void operator()(BIO* bio) const { BIO_free(bio); }
};

PemPair to_pem(const Pkey& key) {
    const auto text = [&](auto write) {
        const std::unique_ptr<BIO, BioFree> bio{BIO_new(BIO_s_mem())};
        char* data = nullptr;
        if (!key || !bio || write(bio.get()) != 1) std::abort();  // Only out of memory leads here.
        const long length = BIO_get_mem_data(bio.get(), &data);
        return std::string{data, static_cast<std::size_t>(length)};
    };
    return {
        .private_pem = text([&](BIO* bio) {
            return PEM_write_bio_PKCS8PrivateKey(bio, key.get(), nullptr, nullptr, 0, nullptr, nullptr);
        }),
        .public_pem = text([&](BIO* bio) { return PEM_write_bio_PUBKEY(bio, key.get()); })
    };
}

}  // namespace

PemPair make_p256_pair() { return to_pem(Pkey{EVP_EC_gen("P-256")}); }

PemPair make_rsa_pair() { return to_pem(Pkey{EVP_RSA_gen(2048)}); }

}  // namespace clarion::crypto::testing
