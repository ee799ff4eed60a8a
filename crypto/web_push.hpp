// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "crypto/aes128gcm.hpp"
#include "crypto/pem.hpp"

namespace clarion::crypto {

/// Message encryption for Web Push (RFC 8291) and UnifiedPush: only the app that subscribed can read a push.

/// A push service takes bodies of 4096 bytes, in one record: this much text (RFC 8291 section 4).
inline constexpr std::size_t kWebPushBodyMax = 4096;
inline constexpr std::size_t kWebPushPlainMax = kWebPushBodyMax - kAes128GcmOverhead - 65;

/// The keys of a subscription, as PushSubscription.toJSON() names them. Checked once, copied cheaply.
class WebPushKeys {
  public:
    struct Handle;

    /// base64url, with or without padding: 65 bytes that are a point of P-256, and 16 bytes.
    /// Errors: one line that names the field.
    [[nodiscard]] static std::expected<WebPushKeys, std::string> parse(std::string_view p256dh, std::string_view auth);

    [[nodiscard]] const Handle& handle() const { return *handle_; }

  private:
    explicit WebPushKeys(std::shared_ptr<const Handle> handle) : handle_{std::move(handle)} {}

    std::shared_ptr<const Handle> handle_;
};

/// The body of the push, with a fresh key pair and salt. Thread: any. nullopt: more than kWebPushPlainMax bytes.
[[nodiscard]] std::optional<std::string> web_push_seal(std::string_view plain, const WebPushKeys& to);

/// The same with secrets that the caller chose: for the RFC's example alone, never twice.
struct WebPushSecrets {
    std::array<std::uint8_t, 32> private_key{};
    Aes128GcmSalt salt{};
};
[[nodiscard]] std::optional<std::string> web_push_seal_with(
    std::string_view plain, const WebPushKeys& to, const WebPushSecrets& secrets
);

/// The other side: what a browser keeps for itself. For tests and the device lab.
class WebPushReceiver {
  public:
    [[nodiscard]] static WebPushReceiver generate();
    /// base64url of private key and `auth`; nullopt when they are none.
    [[nodiscard]] static std::optional<WebPushReceiver> parse(std::string_view private_key, std::string_view auth);

    [[nodiscard]] std::string p256dh() const;  ///< base64url
    [[nodiscard]] std::string auth() const;    ///< base64url
    /// nullopt: not sealed for this subscription.
    [[nodiscard]] std::optional<std::string> open(std::string_view body) const;

  private:
    struct State;
    explicit WebPushReceiver(std::shared_ptr<const State> state) : state_{std::move(state)} {}

    std::shared_ptr<const State> state_;
};

/// A fresh VAPID key as tools for Web Push write it: base64url of the private key (43 characters) and of the public
/// one.
struct VapidPair {
    std::string private_key;
    std::string public_key;
};
[[nodiscard]] VapidPair make_vapid_pair();

/// The uncompressed public point of a P-256 key, as base64url (87 characters): `k` of VAPID, and the page's
/// applicationServerKey. nullopt: a key of another kind.
[[nodiscard]] std::optional<std::string> p256_public_text(const PemPrivateKey& key);

}  // namespace clarion::crypto
