// SPDX-License-Identifier: Apache-2.0
// For net's own sources only.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "net/http_message.hpp"

namespace clarion::net::detail {

/// RFC 9110 5.6.2: may stand as a method or header name.
[[nodiscard]] bool is_token(std::string_view text);

/// No control byte that would end the line and start another header.
[[nodiscard]] bool is_one_line(std::string_view text);

/// A request target that stays one word on the request line.
[[nodiscard]] bool is_target(std::string_view text);

[[nodiscard]] bool are_good(const Headers& headers);

/// Compared without case, ASCII.
[[nodiscard]] bool equals_ignoring_case(std::string_view a, std::string_view b);

[[nodiscard]] std::string to_lower(std::string_view text);

/// RFC 9110 5.6.7: "Sun, 06 Nov 1994 08:49:37 GMT".
[[nodiscard]] std::string http_date(std::int64_t unix_seconds);

/// The Host header: without the scheme's own port, IPv6 in brackets.
[[nodiscard]] std::string host_header(std::string_view host, std::uint16_t port, bool is_tls);

}  // namespace clarion::net::detail
