// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <expected>
#include <filesystem>
#include <string>
#include <string_view>

#include "core/base/time.hpp"
#include "crypto/pem.hpp"

namespace clarion::server::webpush {

/// How this server shows push services who it is (RFC 8292): one key, and a token for each origin.
///
/// Thread: any.
class Vapid {
  public:
    static constexpr Duration kLifetime{12 * 3'600'000};  // RFC 8292: at most 24 hours.
    static constexpr Duration kRenewAfter{6 * 3'600'000};

    /// The key as PEM or as 43 characters of base64url; `subject` is a mailto: or https: address at which the push
    /// services may complain (Apple refuses tokens without one, and those of localhost).
    /// Errors: one line that names the file or the setting.
    [[nodiscard]] static std::expected<Vapid, std::string> load(
        const std::filesystem::path& key_file, std::string subject
    );

    /// The value of Authorization for an origin ("https://push.example.net"): good for kLifetime.
    /// Errors: the key cannot sign.
    [[nodiscard]] std::expected<std::string, std::string> header(std::string_view origin, WallTime now) const;

    /// What the page passes as applicationServerKey: 87 characters of base64url.
    [[nodiscard]] const std::string& public_key() const { return public_key_; }

  private:
    Vapid(crypto::PemPrivateKey key, std::string public_key, std::string subject)
        : key_{std::move(key)}, public_key_{std::move(public_key)}, subject_{std::move(subject)} {}

    crypto::PemPrivateKey key_;
    std::string public_key_;
    std::string subject_;
};

}  // namespace clarion::server::webpush
