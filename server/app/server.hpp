// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <memory>
#include <string>

#include "net/http_server.hpp"
#include "net/loop.hpp"
#include "net/tls.hpp"
#include "server/app/call_host.hpp"
#include "server/app/client_session.hpp"
#include "server/app/push_gateway.hpp"
#include "server/app/rest_api.hpp"
#include "server/app/server_keys.hpp"
#include "server/ports/clock.hpp"
#include "server/ports/store.hpp"

namespace clarion::server {

struct ServerOptions {
    std::string address = "127.0.0.1";
    std::uint16_t port = 0;
    std::shared_ptr<net::TlsContext> tls;  ///< null: plain
    CallHostOptions calls;
    SessionLimits limits;
    RestOptions rest;  ///< verify_keys are filled in
    Duration history_time{std::chrono::hours{24 * 30}};
};

/// The call server: client protocol and REST on one port, over a store and push senders that the caller made.
///
/// Thread: the loop's. Lifetime: loop, clock, store and senders outlive it.
class Server {
  public:
    struct Parts {
        net::Loop& loop;
        const Clock& clock;
        Store& store;
        PushSenders senders;
    };

    Server(Parts parts, const ServerKeys& keys, ServerOptions options);
    ~Server();
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;

    /// Listens, and resumes the calls of the store. The port; or one line for the operator.
    [[nodiscard]] std::expected<std::uint16_t, std::string> start();

    /// Says goodbye to every connection (1001) and writes what waits; live calls stay in the store for the next start.
    void stop();

    /// Connections that are still open, after stop() those that have not said goodbye yet.
    [[nodiscard]] std::size_t connections() const;

    /// For connections from now on; the server must have been made with TLS.
    void set_tls(std::shared_ptr<net::TlsContext> tls);

  private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace clarion::server
