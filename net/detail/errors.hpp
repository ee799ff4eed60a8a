// SPDX-License-Identifier: Apache-2.0
// For net's own sources only: it shows Asio.
#pragma once

#include <boost/system/error_code.hpp>
#include <string_view>

#include "net/error.hpp"

namespace clarion::net::detail {

using boost::system::error_code;

/// Errors that OpenSSL reported, by its packed code.
[[nodiscard]] const boost::system::error_category& tls_category();

/// The oldest error in OpenSSL's queue of this thread, which is emptied.
[[nodiscard]] error_code take_tls_error();

/// "<what>: <the system's words>", with the code that callers decide by.
[[nodiscard]] Error to_error(error_code error, std::string_view what);

}  // namespace clarion::net::detail
