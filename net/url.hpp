// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>

#include "net/error.hpp"

namespace clarion::net {

/// An http, https, ws or wss URL in parts.
struct Url {
    std::string scheme;        ///< lower case
    std::string host;          ///< name or address; IPv6 without the brackets
    std::uint16_t port = 0;    ///< the scheme's default when the URL has none
    std::string target = "/";  ///< path and query, never empty; a fragment is dropped
    bool is_tls = false;       ///< https or wss
};

/// RFC 3986, without user information (refused: a password has no place in a URL). At most 4 kB.
/// Errors: bad_url.
[[nodiscard]] std::expected<Url, Error> parse_url(std::string_view text);

}  // namespace clarion::net
