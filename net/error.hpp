// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace clarion::net {

/// Why something with a socket, a TLS file or a child process failed. The comment says what the caller does about it.
enum class ErrorCode : std::uint8_t {
    busy_port,      ///< somebody listens there already: tell the operator, do not retry
    denied,         ///< no permission for the port, file or program: tell the operator
    bad_address,    ///< not an address of this machine, or not an address at all: fix the configuration
    bad_url,        ///< the URL is not http, https, ws or wss with a host: fix it
    bad_file,       ///< a certificate, key or CA file is missing, unreadable or wrong: the message names it
    not_found,      ///< the host name has no address, or the program does not exist: retry later, or fix the name
    refused,        ///< nobody listens there: retry later
    unreachable,    ///< no way to the network: retry when the network is back
    timed_out,      ///< the deadline passed: retry later
    tls_untrusted,  ///< the certificate is not trusted, expired or names another host: never retry blindly
    tls_failed,     ///< the TLS handshake failed otherwise: the two ends do not fit
    closed,         ///< the peer or the network closed the connection: reconnect
    cancelled,      ///< our own side cancelled or stopped
    too_large,      ///< a limit was passed; the same message fails again
    protocol,       ///< the peer does not speak the protocol, or refused the upgrade
    exhausted,      ///< out of file descriptors or memory: shed load
    internal,       ///< anything else the system said; the message has its words
};

/// The name of the code as written above, for logs.
[[nodiscard]] std::string_view to_string(ErrorCode code);

/// One failure: a code to decide by and one clear line for people. The message never holds tokens or bodies.
struct Error {
    ErrorCode code = ErrorCode::internal;
    std::string message;
};

}  // namespace clarion::net
