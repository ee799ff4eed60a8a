// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <expected>
#include <memory>
#include <string>

#include "core/base/time.hpp"
#include "crypto/jwt.hpp"

namespace clarion::server::apns {

/// The JWT that authenticates every push of one key. Apple wants it renewed at most every 20 and at least every 60
/// minutes, and shared by all connections ("Establishing a token-based connection to APNs").
///
/// Thread: one owner. Time: the wall clock of the caller, because Apple reads `iat`. When that clock jumps back, the
/// token counts as fresh: renewing too often is punished, a token that is too old is answered and renewed then.
class ProviderToken {
  public:
    static constexpr Duration kRenewAfter{47 * 60'000};  // In the upper half of Apple's 20 to 60 minutes.
    static constexpr Duration kRenewFloor{20 * 60'000};

    /// One token, the same object for all pushes that carry it.
    using Text = std::shared_ptr<const std::string>;

    ProviderToken(crypto::PemPrivateKey key, std::string key_id, std::string team_id);

    /// The token to send now; signs when there is none or it is kRenewAfter old.
    /// Errors: the key cannot sign (wrong kind): the credential is unusable.
    [[nodiscard]] std::expected<Text, crypto::JwtError> current(WallTime now);

    /// APNs called `used` expired. True: there is another one now, send again. False: it is younger than kRenewFloor,
    /// so a new one would not be accepted either; this machine's clock is wrong.
    [[nodiscard]] bool renew_after_expiry(const Text& used, WallTime now);

    /// APNs saw too many tokens: the one before `used` is used again as long as it lives.
    void fall_back(const Text& used, WallTime now);

    [[nodiscard]] std::uint64_t signed_count() const { return signed_count_; }

  private:
    [[nodiscard]] std::expected<void, crypto::JwtError> sign(WallTime now);

    crypto::PemPrivateKey key_;
    std::string key_id_;
    std::string team_id_;
    Text token_;
    Text previous_;
    WallTime issued_at_;
    WallTime previous_issued_at_;
    std::uint64_t signed_count_ = 0;
};

}  // namespace clarion::server::apns
