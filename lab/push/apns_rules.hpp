// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/time.hpp"
#include "crypto/pem.hpp"
#include "net/http_message.hpp"

namespace clarion::lab {

enum class ApnsEnvironment : std::uint8_t { production, sandbox };

/// A signing key that the account's owner made at Apple: good for the whole team, or, when it names bundle ids, for
/// these topics alone. The two kinds do not share a connection.
struct ApnsKey {
    std::string key_id;
    std::string team_id;
    crypto::PemPublicKey public_key;
    std::vector<std::string> bundle_ids;         ///< empty: all of the team
    std::optional<ApnsEnvironment> environment;  ///< restricted to one; nullopt: both
};

/// A device token: what PushKit (voip) or UIKit (alert) gave to an app.
struct ApnsDevice {
    enum class Kind : std::uint8_t { voip, alert };

    std::string token;  ///< hexadecimal
    std::string bundle_id;
    Kind kind = Kind::voip;
    ApnsEnvironment environment = ApnsEnvironment::production;
    std::optional<WallTime> unregistered_at;
    std::optional<WallTime> expired_at;
};

/// What the service remembers of one connection.
struct ApnsConnection {
    std::string team_id;
    bool is_of_topics = false;  ///< The kind of the key that the connection began with.
    WallTime token_issued_at;
    WallTime token_changed_at;
    bool is_proven = false;  ///< A valid provider token was seen.
    bool is_wedged = false;  ///< An expired one was seen.
};

/// Where the live service is not documented or was seen to differ: how this one does it.
struct ApnsPolicy {
    bool wedges =
        false;  ///< After ExpiredProviderToken a connection takes no token any more (seen by pushy's authors).
    bool forbids_other_team =
        false;                    ///< Another team's token on a bound connection: Forbidden, not InvalidProviderToken.
    bool is_short_of_id = false;  ///< "BadEnvironmentKeyInToken", as the live service spells it at times.
    unsigned per_device_minute = 0;  ///< More pushes to one device answer TooManyRequests; 0: any number.
};

/// 200 with an empty reason, or the refusal as Apple words it.
struct ApnsAnswer {
    unsigned status = 200;
    std::string_view reason;
    std::optional<WallTime> timestamp;  ///< Of 410.
};

/// Checks a request as APNs does, in the order of pushy's mock server, the fullest published model. Pure: keys and
/// devices are data, time is an argument; only the connection's memory changes.
/// Source: "Sending notification requests to APNs", "Handling notification responses from APNs".
class ApnsRules {
  public:
    explicit ApnsRules(ApnsEnvironment environment, ApnsPolicy policy = {})
        : environment_{environment}, policy_{policy} {}

    std::map<std::string, ApnsKey> keys;
    std::map<std::string, ApnsDevice> devices;

    [[nodiscard]] ApnsAnswer check(const net::HttpRequest& request, ApnsConnection& connection, WallTime now) const;

    /// The token in the path; empty when there is none.
    [[nodiscard]] static std::string_view token_of(std::string_view path);

  private:
    [[nodiscard]] ApnsAnswer check_headers(const net::HttpRequest& request) const;
    [[nodiscard]] ApnsAnswer check_path(std::string_view path) const;
    [[nodiscard]] ApnsAnswer check_credential(const net::HttpRequest& request, ApnsConnection& connection, WallTime now)
        const;
    [[nodiscard]] ApnsAnswer check_device(const net::HttpRequest& request) const;
    /// What the connection's first push bound it to.
    [[nodiscard]] ApnsAnswer check_binding(const ApnsKey& key, const ApnsConnection& connection) const;
    [[nodiscard]] static ApnsAnswer check_body(const net::HttpRequest& request);

    ApnsEnvironment environment_;
    ApnsPolicy policy_;
};

}  // namespace clarion::lab
