// SPDX-License-Identifier: Apache-2.0
#include "server/app/access_tokens.hpp"

#include <utility>

#include "core/codec/json.hpp"
#include "crypto/jwt.hpp"
#include "crypto/keys.hpp"

namespace clarion::server {
namespace {

std::unexpected<TokenRefusal> refuse(std::string message) {
    return std::unexpected{TokenRefusal{protocol::ErrorCode::not_authorized, std::move(message)}};
}

/// The API key that the token names; not yet proved.
std::expected<std::string, TokenRefusal> issuer_of(std::string_view token) {
    const auto peeked = crypto::peek_jwt(token);
    if (!peeked) return refuse("the access token is not a JWT");
    const auto claims = codec::Document::parse(peeked->claims_json, crypto::kJwtMax);
    const auto issuer = claims ? claims->root().get("iss").text() : std::nullopt;
    if (!issuer) return refuse("the access token names no API key (iss)");
    return std::string{*issuer};
}

std::expected<TokenIdentity, TokenRefusal> read_claims(const std::string& text, const ApiKeyRecord& key, WallTime now) {
    const auto document = codec::Document::parse(text, crypto::kJwtMax);
    if (!document) return refuse("the claims of the access token are not JSON");
    const codec::Node claims = document->root();
    const auto service = ServiceId::parse(claims.get("sub").text().value_or(""));
    if (!service || *service != key.service) return refuse("the access token is for another service (sub)");
    const auto user = UserId::parse(claims.get("uid").text().value_or(""));
    if (!user) return refuse("the access token names no user (uid)");

    constexpr std::int64_t kSecondsMax = INT64_MAX / 1000;
    const auto issued = claims.get("iat").signed_integer();
    const auto expires = claims.get("exp").signed_integer();
    if (!issued || *issued < 0 || *issued > kSecondsMax)
        return refuse("the access token does not say when it was made (iat)");
    if (!expires || *expires < 0 || *expires > kSecondsMax)
        return refuse("the access token does not say when it expires (exp)");
    const WallTime issued_at{*issued * 1000};
    const WallTime expires_at{*expires * 1000};
    if (issued_at > now + kTokenClockSkew)
        return refuse("the access token comes from the future (iat): check the clocks");
    if (expires_at <= now) return refuse("the access token is expired");
    if (expires_at - issued_at > kTokenTimeMax) return refuse("the access token lives longer than 30 days");

    TokenIdentity identity{*service, *user, {}, key.key, issued_at, expires_at, {}};
    if (const auto id = claims.get("jti"); id.exists() && !id.is_null()) {
        identity.jti = std::string{id.text().value_or("")};
        const bool is_good = !identity.jti.empty() && identity.jti.size() <= kTokenIdLengthMax;
        if (!is_good) return refuse("the id of the access token (jti) is 1 to 64 characters");
    }
    if (const auto device = claims.get("device"); device.exists() && !device.is_null()) {
        identity.device = DeviceId::parse(device.text().value_or(""));
        if (!identity.device) return refuse("the device in the access token is no device id");
    }
    return identity;
}

}  // namespace

std::expected<TokenIdentity, TokenRefusal> check_access_token(Store& store, std::string_view token, WallTime now) {
    const auto issuer = issuer_of(token);
    if (!issuer) return std::unexpected{issuer.error()};
    const auto key = store.find_api_key(*issuer);
    if (!key) return std::unexpected{TokenRefusal{protocol::ErrorCode::unavailable, "the store is not available"}};
    if (!key->has_value() || (*key)->revoked_at) return refuse("the API key of the access token is unknown or revoked");
    const auto claims = crypto::verify_hs256(token, (*key)->secret.reveal());
    if (!claims) return refuse("the access token is not signed with the secret of its API key (HS256)");
    auto identity = read_claims(*claims, **key, now);
    if (!identity) return identity;
    const auto revoked = store.is_revoked(identity->service, identity->user, identity->jti, identity->issued_at);
    if (!revoked) return std::unexpected{TokenRefusal{protocol::ErrorCode::unavailable, "the store is not available"}};
    if (*revoked) return refuse("the access token was revoked");
    return identity;
}

std::optional<IssuedToken> make_access_token(
    const ApiKeyRecord& key, const UserId& user, const std::optional<DeviceId>& device, Duration lifetime, WallTime now
) {
    const std::int64_t issued = now.ms / 1000;
    const std::int64_t expires = issued + std::chrono::duration_cast<std::chrono::seconds>(lifetime).count();
    codec::Writer claims;
    claims.begin_object();
    claims.key("sub").text(key.service.text()).key("uid").text(user.text()).key("iss").text(key.key);
    claims.key("iat").integer(issued).key("exp").integer(expires).key("jti").text(crypto::random_token(16));
    if (device) claims.key("device").text(device->text());
    claims.end_object();
    auto token = crypto::make_hs256(claims.take(), key.secret.reveal());
    if (!token) return std::nullopt;
    return IssuedToken{std::move(*token), WallTime{expires * 1000}};
}

}  // namespace clarion::server
