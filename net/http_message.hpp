// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace clarion::net {

struct Header {
    std::string name;  ///< lower case when received; written as given
    std::string value;
};

using Headers = std::vector<Header>;

/// The first header of that name (compared without case), or nullptr.
[[nodiscard]] const std::string* find_header(const Headers& headers, std::string_view name);

/// Replaces all headers of that name by one.
void set_header(Headers& headers, std::string_view name, std::string value);

struct HttpRequest {
    std::string method;  ///< "GET", as sent
    std::string path;    ///< the target up to '?', not percent-decoded: split at '/' first, then percent_decode
    std::string query;   ///< what follows '?', not decoded: query_value reads it
    Headers headers;     ///< in the order sent, names in lower case
    std::string body;
    std::string remote_address;  ///< "127.0.0.1:40000" or "[::1]:40000"
    bool is_tls = false;
};

/// As the status of an answer of HttpServer: the connection ends without a word (for the device lab).
inline constexpr unsigned kDropConnection = 0;

struct HttpResponse {
    unsigned status = 200;
    Headers headers;  ///< Content-Length, Connection and Date are added
    std::string body;
};

/// Answers one request. Callable once, on the loop's thread, now or any time later; a second call does nothing.
/// Dropped without a call it answers 500. After the peer or the server went away it does nothing.
using Respond = std::move_only_function<void(HttpResponse)>;

/// RFC 3986 2.1. nullopt for a '%' without two hexadecimal digits.
[[nodiscard]] std::optional<std::string> percent_decode(std::string_view text);

/// Leaves RFC 3986's unreserved characters, encodes every other byte.
[[nodiscard]] std::string percent_encode(std::string_view text);

/// The decoded value of the first parameter of that name ('+' is a space); nullopt when absent or badly encoded.
[[nodiscard]] std::optional<std::string> query_value(std::string_view query, std::string_view name);

/// The standard phrase of a status ("Not Found").
[[nodiscard]] std::string_view reason_phrase(unsigned status);

}  // namespace clarion::net
