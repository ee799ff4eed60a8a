// SPDX-License-Identifier: Apache-2.0
#include "crypto/web_push.hpp"

#include <algorithm>

#include "crypto/detail_hkdf.hpp"
#include "crypto/detail_p256.hpp"
#include "crypto/keys.hpp"

namespace clarion::crypto {
namespace {

constexpr std::size_t kAuth = 16;
using Auth = std::array<std::uint8_t, kAuth>;

std::optional<Bytes> decode(std::string_view text) {
    while (text.ends_with('=')) text.remove_suffix(1);
    return base64url_decode(text);
}

std::optional<Auth> decode_auth(std::string_view text) {
    const auto bytes = decode(text);
    if (!bytes || bytes->size() != kAuth) return std::nullopt;
    Auth auth{};
    std::ranges::copy(*bytes, auth.begin());
    return auth;
}

/// RFC 8291 section 3.4.
Prk input_key(const P256Scalar& shared, const Auth& auth, const P256Point& receiver, const P256Point& sender) {
    const Prk prk = hkdf_extract(auth, shared);
    return hkdf_expand(prk, {std::string_view{"WebPush: info\0", 14}, as_text(receiver), as_text(sender)});
}

}  // namespace

struct WebPushKeys::Handle {
    EcPoint peer;
    P256Point point{};
    Auth auth{};
};

struct WebPushReceiver::State {
    P256Pair pair;
    Auth auth{};
};

std::expected<WebPushKeys, std::string> WebPushKeys::parse(std::string_view p256dh, std::string_view auth) {
    const auto point = decode(p256dh);
    EcPoint peer = point ? p256_peer(*point) : EcPoint{};
    if (!peer) return std::unexpected{"p256dh is not a public key of P-256 (87 characters of base64url)"};
    const auto secret = decode_auth(auth);
    if (!secret) return std::unexpected{"auth is not 16 bytes (22 characters of base64url)"};
    auto handle = std::make_shared<Handle>();
    handle->peer = std::move(peer);
    std::ranges::copy(*point, handle->point.begin());
    handle->auth = *secret;
    return WebPushKeys{std::move(handle)};
}

namespace {

std::optional<std::string> seal(
    std::string_view plain, const WebPushKeys::Handle& to, const P256Pair& own, const Aes128GcmSalt& salt
) {
    if (plain.size() > kWebPushPlainMax || !own) return std::nullopt;
    const auto shared = p256_agree(own, to.peer);
    if (!shared) return std::nullopt;
    return aes128gcm_seal(plain, input_key(*shared, to.auth, to.point, own.point), salt, as_text(own.point));
}

}  // namespace

std::optional<std::string> web_push_seal(std::string_view plain, const WebPushKeys& to) {
    Aes128GcmSalt salt{};
    random_bytes(salt);
    return seal(plain, to.handle(), p256_generate(), salt);
}

std::optional<std::string> web_push_seal_with(
    std::string_view plain, const WebPushKeys& to, const WebPushSecrets& secrets
) {
    return seal(plain, to.handle(), p256_pair(secrets.private_key), secrets.salt);
}

WebPushReceiver WebPushReceiver::generate() {
    auto state = std::make_shared<State>();
    state->pair = p256_generate();
    random_bytes(state->auth);
    return WebPushReceiver{std::move(state)};
}

std::optional<WebPushReceiver> WebPushReceiver::parse(std::string_view private_key, std::string_view auth) {
    const auto scalar = decode(private_key);
    const auto secret = decode_auth(auth);
    auto state = std::make_shared<State>();
    if (scalar) state->pair = p256_pair(*scalar);
    if (!state->pair || !secret) return std::nullopt;
    state->auth = *secret;
    return WebPushReceiver{std::move(state)};
}

std::string WebPushReceiver::p256dh() const { return base64url_encode(state_->pair.point); }

std::string WebPushReceiver::auth() const { return base64url_encode(state_->auth); }

std::optional<std::string> WebPushReceiver::open(std::string_view body) const {
    const auto header = aes128gcm_header(body);
    if (!header) return std::nullopt;
    const EcPoint sender = p256_peer(as_bytes(header->key_id));
    if (!sender) return std::nullopt;
    const auto shared = p256_agree(state_->pair, sender);
    if (!shared) return std::nullopt;
    P256Point point{};
    std::ranges::copy(as_bytes(header->key_id), point.begin());
    return aes128gcm_open(body, input_key(*shared, state_->auth, state_->pair.point, point));
}

VapidPair make_vapid_pair() {
    P256Scalar scalar{};
    P256Pair pair;
    while (!pair) {  // All but one of 2^32 numbers are keys.
        random_bytes(scalar);
        pair = p256_pair(scalar);
    }
    return {base64url_encode(scalar), base64url_encode(pair.point)};
}

std::optional<std::string> p256_public_text(const PemPrivateKey& key) {
    if (key.kind() != KeyKind::p256) return std::nullopt;
    const auto point = p256_point(key.handle().key.get());
    return point ? std::optional{base64url_encode(*point)} : std::nullopt;
}

}  // namespace clarion::crypto
