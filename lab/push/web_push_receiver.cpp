// SPDX-License-Identifier: Apache-2.0
#include "lab/push/web_push_receiver.hpp"

#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/param_build.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <stdexcept>
#include <vector>

#include "crypto/base64.hpp"
#include "crypto/keys.hpp"

namespace clarion::lab {
namespace {

using crypto::Bytes;
using crypto::BytesView;

constexpr std::size_t kPointSize = 65;
constexpr std::size_t kSaltSize = 16;
constexpr std::size_t kTagSize = 16;
constexpr std::size_t kHeaderSize = kSaltSize + 4 + 1 + kPointSize;

struct FreeKey {
    void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
    void operator()(EVP_PKEY_CTX* context) const { EVP_PKEY_CTX_free(context); }
    void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
    void operator()(OSSL_PARAM_BLD* builder) const { OSSL_PARAM_BLD_free(builder); }
    void operator()(OSSL_PARAM* parameters) const { OSSL_PARAM_free(parameters); }
    void operator()(BIGNUM* number) const { BN_clear_free(number); }
    void operator()(EC_GROUP* group) const { EC_GROUP_free(group); }
    void operator()(EC_POINT* point) const { EC_POINT_free(point); }
};
template <class T>
using Owned = std::unique_ptr<T, FreeKey>;

void require(bool is_good, const char* what) {
    if (!is_good) throw std::runtime_error{std::string{"Web Push receiver: "} + what};
}

Bytes point_of(EVP_PKEY* key) {
    Bytes point(kPointSize);
    std::size_t size = 0;
    require(
        EVP_PKEY_get_octet_string_param(key, OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size(), &size) == 1 &&
            size == kPointSize,
        "public key"
    );
    return point;
}

/// P-256 from its point, and from its secret number where that is known.
Owned<EVP_PKEY> key_of(BytesView point, const BIGNUM* secret) {
    const Owned<OSSL_PARAM_BLD> builder{OSSL_PARAM_BLD_new()};
    OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, "P-256", 0);
    OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size());
    if (secret != nullptr) OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_PRIV_KEY, secret);
    const Owned<OSSL_PARAM> parameters{OSSL_PARAM_BLD_to_param(builder.get())};
    const Owned<EVP_PKEY_CTX> context{EVP_PKEY_CTX_new_from_name(nullptr, "EC", nullptr)};
    EVP_PKEY* made = nullptr;
    const int selection = secret != nullptr ? EVP_PKEY_KEYPAIR : EVP_PKEY_PUBLIC_KEY;
    if (EVP_PKEY_fromdata_init(context.get()) != 1 ||
        EVP_PKEY_fromdata(context.get(), &made, selection, parameters.get()) != 1) {
        return nullptr;
    }
    return Owned<EVP_PKEY>{made};
}

Owned<EVP_PKEY> key_of_secret(BytesView secret) {
    const Owned<BIGNUM> number{BN_bin2bn(secret.data(), static_cast<int>(secret.size()), nullptr)};
    const Owned<EC_GROUP> group{EC_GROUP_new_by_curve_name(NID_X9_62_prime256v1)};
    const Owned<EC_POINT> point{EC_POINT_new(group.get())};
    Bytes octets(kPointSize);
    require(
        EC_POINT_mul(group.get(), point.get(), number.get(), nullptr, nullptr, nullptr) == 1 &&
            EC_POINT_point2oct(
                group.get(), point.get(), POINT_CONVERSION_UNCOMPRESSED, octets.data(), octets.size(), nullptr
            ) == kPointSize,
        "private key"
    );
    return key_of(octets, number.get());
}

Bytes hmac(BytesView key, BytesView data) {
    Bytes digest(32);
    unsigned size = 0;
    HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), data.data(), data.size(), digest.data(), &size);
    return digest;
}

/// The text and the zero octet that both RFCs put between a label and what follows.
Bytes labelled(std::string_view label, std::initializer_list<BytesView> parts) {
    Bytes all{label.begin(), label.end()};
    all.push_back(0);
    for (const BytesView part : parts) all.insert(all.end(), part.begin(), part.end());
    all.push_back(1);
    return all;
}

std::expected<std::string, std::string> decrypt(BytesView key, BytesView nonce, BytesView sealed) {
    const Owned<EVP_CIPHER_CTX> context{EVP_CIPHER_CTX_new()};
    const std::size_t length = sealed.size() - kTagSize;
    std::string plain(length, '\0');
    std::array<std::uint8_t, kTagSize> tag{};
    std::copy_n(sealed.data() + length, kTagSize, tag.begin());
    int written = 0;
    int rest = 0;
    auto* out = reinterpret_cast<std::uint8_t*>(plain.data());
    const bool is_good =
        EVP_DecryptInit_ex(context.get(), EVP_aes_128_gcm(), nullptr, key.data(), nonce.data()) == 1 &&
        EVP_DecryptUpdate(context.get(), out, &written, sealed.data(), static_cast<int>(length)) == 1 &&
        EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_SET_TAG, kTagSize, tag.data()) == 1 &&
        EVP_DecryptFinal_ex(context.get(), out + written, &rest) == 1;
    if (!is_good) return std::unexpected{"sealed for another subscription, or damaged"};
    return plain;
}

}  // namespace

struct WebPushReceiver::Keys {
    Owned<EVP_PKEY> pair;
    Bytes auth;
};

WebPushReceiver::WebPushReceiver() : keys_{std::make_unique<Keys>()} {
    keys_->pair.reset(EVP_EC_gen("P-256"));
    require(keys_->pair != nullptr, "key");
    keys_->auth.resize(16);
    crypto::random_bytes(keys_->auth);
}

WebPushReceiver::WebPushReceiver(std::string_view private_key, std::string_view auth)
    : keys_{std::make_unique<Keys>()} {
    const auto secret = crypto::base64url_decode(private_key);
    const auto shared = crypto::base64url_decode(auth);
    require(secret && secret->size() == 32 && shared && shared->size() == 16, "keys have 32 and 16 bytes");
    keys_->pair = key_of_secret(*secret);
    require(keys_->pair != nullptr, "private key");
    keys_->auth = *shared;
}

WebPushReceiver::~WebPushReceiver() = default;
WebPushReceiver::WebPushReceiver(WebPushReceiver&&) noexcept = default;
WebPushReceiver& WebPushReceiver::operator=(WebPushReceiver&&) noexcept = default;

std::string WebPushReceiver::p256dh() const { return crypto::base64url_encode(point_of(keys_->pair.get())); }

std::string WebPushReceiver::auth() const { return crypto::base64url_encode(keys_->auth); }

std::expected<std::string, std::string> WebPushReceiver::open(std::string_view body) const {
    const BytesView bytes = crypto::as_bytes(body);
    if (bytes.size() < kHeaderSize + kTagSize + 1) return std::unexpected{"shorter than header, tag and delimiter"};
    if (bytes[kSaltSize + 4] != kPointSize) return std::unexpected{"the key id is no P-256 point"};
    const std::size_t record_size = (std::size_t{bytes[16]} << 24U) | (std::size_t{bytes[17]} << 16U) |
                                    (std::size_t{bytes[18]} << 8U) | std::size_t{bytes[19]};
    const BytesView salt = bytes.first(kSaltSize);
    const BytesView sender_point = bytes.subspan(kSaltSize + 5, kPointSize);
    const BytesView sealed = bytes.subspan(kHeaderSize);
    if (sealed.size() > record_size) return std::unexpected{"more than one record"};
    const auto sender = key_of(sender_point, nullptr);
    if (!sender) return std::unexpected{"the sender's key is not on the curve"};
    const Owned<EVP_PKEY_CTX> context{EVP_PKEY_CTX_new(keys_->pair.get(), nullptr)};
    Bytes shared(32);
    std::size_t size = shared.size();
    if (EVP_PKEY_derive_init(context.get()) != 1 || EVP_PKEY_derive_set_peer(context.get(), sender.get()) != 1 ||
        EVP_PKEY_derive(context.get(), shared.data(), &size) != 1) {
        return std::unexpected{"no shared secret"};
    }
    // RFC 8291 section 3.4, then RFC 8188 section 2.2.
    const Bytes own_point = point_of(keys_->pair.get());
    const Bytes input = hmac(hmac(keys_->auth, shared), labelled("WebPush: info", {own_point, sender_point}));
    const Bytes secret = hmac(salt, input);
    const Bytes key = hmac(secret, labelled("Content-Encoding: aes128gcm", {}));
    const Bytes nonce = hmac(secret, labelled("Content-Encoding: nonce", {}));
    auto plain = decrypt(key, nonce, sealed);
    if (!plain) return plain;
    // The last record's delimiter is 2, zeros pad it.
    const std::size_t end = plain->find_last_not_of('\0');
    if (end == std::string::npos || (*plain)[end] != '\x02') return std::unexpected{"no delimiter of a last record"};
    plain->resize(end);
    return plain;
}

}  // namespace clarion::lab
