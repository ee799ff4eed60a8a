// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <expected>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/ids.hpp"
#include "core/base/time.hpp"
#include "core/protocol/messages.hpp"
#include "server/ports/store.hpp"

namespace clarion::server {

/// Whom an access token speaks for.
struct TokenIdentity {
    ServiceId service;
    UserId user;
    std::optional<DeviceId> device;  ///< the token is good for this device only
    std::string api_key;
    WallTime issued_at;
    WallTime expires_at;
    std::string jti;  ///< empty: it has none
};

/// `code` answers the client; `message` is for its developer and repeats nothing of the token.
struct TokenRefusal {
    protocol::ErrorCode code = protocol::ErrorCode::not_authorized;
    std::string message;
};

inline constexpr Duration kTokenTimeMax{std::chrono::hours{24 * 30}};
/// How far the clock of an app server that signs its own tokens may be ahead of ours.
inline constexpr Duration kTokenClockSkew{60'000};
inline constexpr std::size_t kTokenIdLengthMax = 64;

/// LINE Planet's token, stricter: a JWT with HS256 and the API secret; `sub` service, `uid` user, `iss` API key, `iat`
/// and `exp` in seconds (exp is required and at most kTokenTimeMax after iat), optionally `device` and `jti`. The key
/// must exist, belong to the service and not be revoked, and neither may the token. Thread: the store's.
[[nodiscard]] std::expected<TokenIdentity, TokenRefusal> check_access_token(
    Store& store, std::string_view token, WallTime now
);

struct IssuedToken {
    std::string token;
    WallTime expires_at;
};

/// nullopt: the key's secret is unusable, which a key of ours never is.
[[nodiscard]] std::optional<IssuedToken> make_access_token(
    const ApiKeyRecord& key, const UserId& user, const std::optional<DeviceId>& device, Duration lifetime, WallTime now
);

}  // namespace clarion::server
