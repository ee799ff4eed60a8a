// SPDX-License-Identifier: Apache-2.0
#include "crypto/pem.hpp"

#include <openssl/bio.h>
#include <openssl/crypto.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/pem.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <optional>

#include "crypto/detail_openssl.hpp"
#include "crypto/detail_p256.hpp"

namespace clarion::crypto {
namespace {

constexpr std::streamsize kPemMax = 64 * 1024;

PemError pem_error(PemError::Fault fault, std::string_view name, std::string_view what) {
    return {fault, std::string{name} + ": " + std::string{what}};
}

struct BioFree {
    void operator()(BIO* bio) const { BIO_free(bio); }
};

/// An encrypted PEM must fail, not ask a terminal for its password.
int refuse_password(char* /*buffer*/, int /*size*/, int /*writing*/, void* /*user*/) { return 0; }

std::expected<std::string, PemError> read_pem(const std::filesystem::path& path) {
    std::ifstream file{path, std::ios::binary};
    if (!file) return std::unexpected{pem_error(PemError::Fault::unreadable, path.string(), std::strerror(errno))};
    std::string text(static_cast<std::size_t>(kPemMax) + 1, '\0');
    file.read(text.data(), kPemMax + 1);
    if (file.bad() || file.gcount() > kPemMax) {
        return std::unexpected{pem_error(PemError::Fault::unreadable, path.string(), "not a PEM file (above 64 kB)")};
    }
    text.resize(static_cast<std::size_t>(file.gcount()));
    return text;
}

std::optional<KeyKind> suitable_kind(const EVP_PKEY* key) {
    if (EVP_PKEY_get_base_id(key) == EVP_PKEY_RSA) {
        return EVP_PKEY_get_bits(key) >= 2048 ? std::optional{KeyKind::rsa} : std::nullopt;
    }
    if (EVP_PKEY_get_base_id(key) != EVP_PKEY_EC) return std::nullopt;
    std::array<char, 64> group{};
    std::size_t length = 0;
    if (EVP_PKEY_get_group_name(key, group.data(), group.size(), &length) != 1) return std::nullopt;
    const std::string_view name{group.data(), length};
    return name == "prime256v1" || name == "P-256" ? std::optional{KeyKind::p256} : std::nullopt;
}

template <class Key, class Handle, class Make>
std::expected<Key, PemError> parse_key(std::string_view pem, std::string_view name, Make make, auto reader) {
    const std::unique_ptr<BIO, BioFree> bio{BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()))};
    Pkey key{bio ? reader(bio.get(), nullptr, refuse_password, nullptr) : nullptr};
    ERR_clear_error();
    if (!key) return std::unexpected{pem_error(PemError::Fault::malformed, name, "not an unencrypted PEM key")};
    const auto kind = suitable_kind(key.get());
    if (!kind) {
        return std::unexpected{
            pem_error(PemError::Fault::unsuitable_key, name, "want a P-256 key or an RSA key of 2048 bits or more")
        };
    }
    return make(std::make_shared<const Handle>(Handle{std::move(key)}), *kind);
}

}  // namespace

std::expected<PemPrivateKey, PemError> PemPrivateKey::parse(std::string_view pem, std::string_view name) {
    const auto make = [](std::shared_ptr<const Handle> handle, KeyKind kind) {
        return PemPrivateKey{std::move(handle), kind};
    };
    return parse_key<PemPrivateKey, Handle>(pem, name, make, PEM_read_bio_PrivateKey);
}

std::expected<PemPrivateKey, PemError> PemPrivateKey::load(const std::filesystem::path& file) {
    auto text = read_pem(file);
    if (!text) return std::unexpected{text.error()};
    auto key = parse(*text, file.string());
    OPENSSL_cleanse(text->data(), text->size());
    return key;
}

std::expected<PemPrivateKey, PemError> PemPrivateKey::from_p256_text(std::string_view text, std::string_view name) {
    const auto scalar = base64url_decode(text);
    Pkey key = scalar ? p256_signing_key(*scalar) : Pkey{};
    if (!key) {
        return std::unexpected{
            pem_error(PemError::Fault::malformed, name, "not a private key of P-256 (43 characters of base64url)")
        };
    }
    return PemPrivateKey{std::make_shared<const Handle>(Handle{std::move(key)}), KeyKind::p256};
}

std::expected<PemPublicKey, PemError> PemPublicKey::parse(std::string_view pem, std::string_view name) {
    const auto make = [](std::shared_ptr<const Handle> handle, KeyKind kind) {
        return PemPublicKey{std::move(handle), kind};
    };
    return parse_key<PemPublicKey, Handle>(pem, name, make, PEM_read_bio_PUBKEY);
}

std::expected<PemPublicKey, PemError> PemPublicKey::load(const std::filesystem::path& file) {
    const auto text = read_pem(file);
    if (!text) return std::unexpected{text.error()};
    return parse(*text, file.string());
}

}  // namespace clarion::crypto
