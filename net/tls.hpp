// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <expected>
#include <memory>
#include <string>
#include <vector>

#include "net/error.hpp"

namespace clarion::net {

namespace detail {
struct TlsState;
}

struct TlsServerConfig {
    std::string certificate_file;  ///< PEM: the leaf first, then its chain
    std::string key_file;          ///< PEM, not encrypted
    std::vector<std::string> alpn{"http/1.1"
    };  ///< in order of preference; a client that offers ALPN but none of these is refused
};

struct TlsClientConfig {
    std::string ca_file;                        ///< PEM with one or more authorities; empty: the system's
    std::vector<std::string> alpn{"http/1.1"};  ///< offered in this order
};

/// Keys, certificates and rules for many TLS connections (TLS 1.2 and 1.3). Clients always verify chain and host name.
///
/// Thread: immutable, any. Hold it as long as you like: connections keep what they need.
/// Rotation: make a new one and hand it to the server (HttpServer::set_tls); running connections go on.
class TlsContext {
  public:
    /// Errors: bad_file with one line that names the file and what is wrong with it (missing, unreadable, not PEM,
    /// key does not match). Read them out to the operator.
    [[nodiscard]] static std::expected<std::shared_ptr<TlsContext>, Error> server(const TlsServerConfig& config);
    [[nodiscard]] static std::expected<std::shared_ptr<TlsContext>, Error> client(const TlsClientConfig& config);

    explicit TlsContext(std::unique_ptr<detail::TlsState> state);
    ~TlsContext();

    /// For net's own sources.
    [[nodiscard]] detail::TlsState& state() { return *state_; }

  private:
    std::unique_ptr<detail::TlsState> state_;
};

}  // namespace clarion::net
