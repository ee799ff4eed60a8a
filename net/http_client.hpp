// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <functional>
#include <memory>
#include <string>

#include "core/base/time.hpp"
#include "net/error.hpp"
#include "net/http_message.hpp"
#include "net/loop.hpp"
#include "net/operation.hpp"
#include "net/tls.hpp"
#include "net/url.hpp"

namespace clarion::net {

struct HttpClientRequest {
    std::string host;
    std::uint16_t port = 0;
    std::shared_ptr<TlsContext> tls;  ///< a client context; null: plain
    std::string method = "GET";
    std::string target = "/";
    Headers headers;  ///< Host, Content-Length and Connection are added
    std::string body;
    Duration deadline = std::chrono::seconds{10};  ///< for all of it, name look-up to last byte
    std::size_t body_max = 1024 * 1024;            ///< of the response
};

using HttpCallback = std::move_only_function<void(std::expected<HttpResponse, Error>)>;

/// Makes one connection, sends one HTTP/1.1 request, calls back once with the response (any status; redirects are not
/// followed), and closes. Thread: the loop's; the callback comes later from the loop.
/// Errors: not_found, refused, unreachable, timed_out, tls_untrusted, tls_failed, closed, too_large, protocol.
Operation http_request(Loop& loop, HttpClientRequest request, HttpCallback callback);

}  // namespace clarion::net
