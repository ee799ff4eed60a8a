// SPDX-License-Identifier: Apache-2.0
// For net's own sources only: it shows OpenSSL.
#pragma once

#include <openssl/ssl.h>

#include <memory>

#include "net/tls.hpp"

namespace clarion::net::detail {

struct FreeSslContext {
    void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
};

struct TlsState {
    std::unique_ptr<SSL_CTX, FreeSslContext> context;
    bool is_server = false;
};

/// Reads and writes a socket with MSG_NOSIGNAL: OpenSSL's own would raise SIGPIPE when the peer is gone. The
/// descriptor stays the caller's. nullptr when out of memory.
[[nodiscard]] BIO* new_socket_bio(int fd);

}  // namespace clarion::net::detail
