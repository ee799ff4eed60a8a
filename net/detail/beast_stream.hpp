// SPDX-License-Identifier: Apache-2.0
// For net's own sources only: what Beast wants to find beside Stream by argument-dependent look-up.
#pragma once

#include <boost/beast/core/role.hpp>
#include <utility>

#include "net/detail/stream.hpp"

namespace clarion::net::detail {

inline void beast_close_socket(Stream& stream) { stream.close(); }

inline void teardown(boost::beast::role_type, Stream& stream, error_code& error) {
    error = stream.try_shutdown().error;
}

/// After the closing handshake of RFC 6455 7.1.1. The session's close deadline bounds it.
template <class Handler>
void async_teardown(boost::beast::role_type, Stream& stream, Handler&& handler) {
    stream.async_shutdown(std::forward<Handler>(handler));
}

}  // namespace clarion::net::detail
