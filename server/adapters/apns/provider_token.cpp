// SPDX-License-Identifier: Apache-2.0
#include "server/adapters/apns/provider_token.hpp"

#include <utility>

#include "core/codec/json.hpp"

namespace clarion::server::apns {
namespace {

constexpr Duration kLifetime{60 * 60'000};

}  // namespace

ProviderToken::ProviderToken(crypto::PemPrivateKey key, std::string key_id, std::string team_id)
    : key_{std::move(key)}, key_id_{std::move(key_id)}, team_id_{std::move(team_id)} {}

std::expected<void, crypto::JwtError> ProviderToken::sign(WallTime now) {
    codec::Writer claims;
    claims.begin_object().key("iss").text(team_id_).key("iat").integer(now.ms / 1000).end_object();
    auto token = crypto::make_es256(claims.take(), key_id_, key_);
    if (!token) return std::unexpected{token.error()};
    previous_ = std::exchange(token_, std::make_shared<const std::string>(*std::move(token)));
    previous_issued_at_ = std::exchange(issued_at_, now);
    ++signed_count_;
    return {};
}

std::expected<ProviderToken::Text, crypto::JwtError> ProviderToken::current(WallTime now) {
    if (!token_ || now - issued_at_ >= kRenewAfter) {
        if (auto done = sign(now); !done) return std::unexpected{done.error()};
    }
    return token_;
}

bool ProviderToken::renew_after_expiry(const Text& used, WallTime now) {
    if (used != token_) return true;  // Another push renewed it meanwhile.
    if (now - issued_at_ < kRenewFloor) return false;
    return sign(now).has_value();
}

void ProviderToken::fall_back(const Text& used, WallTime now) {
    if (used != token_ || !previous_ || now - previous_issued_at_ >= kLifetime) return;
    std::swap(token_, previous_);
    // Counts as new, or it would be renewed at once.
    previous_issued_at_ = std::exchange(issued_at_, now + -kRenewFloor);
}

}  // namespace clarion::server::apns
