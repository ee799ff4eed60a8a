// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <expected>
#include <memory>
#include <string>
#include <string_view>

namespace clarion::lab {

/// The keys of one subscription as a browser holds them, and what a browser does with a message: open it (RFC 8291,
/// aes128gcm of RFC 8188). It shares no code with the sender, so that it proves the sender's work.
/// Thread: any, one at a time.
class WebPushReceiver {
  public:
    WebPushReceiver();
    /// With known keys, for test vectors: private key (32 bytes) and authentication secret (16) as base64url. Throws
    /// std::runtime_error when they are none.
    WebPushReceiver(std::string_view private_key, std::string_view auth);
    ~WebPushReceiver();
    WebPushReceiver(WebPushReceiver&&) noexcept;
    WebPushReceiver& operator=(WebPushReceiver&&) noexcept;

    [[nodiscard]] std::string p256dh() const;  ///< base64url, as PushSubscription.getKey gives it
    [[nodiscard]] std::string auth() const;

    /// The plaintext, or what is wrong with the body.
    [[nodiscard]] std::expected<std::string, std::string> open(std::string_view body) const;

  private:
    struct Keys;
    std::unique_ptr<Keys> keys_;
};

}  // namespace clarion::lab
