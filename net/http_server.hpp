// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "core/base/time.hpp"
#include "net/error.hpp"
#include "net/http_message.hpp"
#include "net/loop.hpp"
#include "net/tls.hpp"
#include "net/websocket.hpp"

namespace clarion::net {

namespace detail {
struct HttpServerState;
class Stream;
}  // namespace detail

struct HttpServerOptions {
    std::string address = "127.0.0.1";                       ///< an IP address, "0.0.0.0" or "::" for all
    std::uint16_t port = 0;                                  ///< 0: the system picks
    std::shared_ptr<TlsContext> tls;                         ///< null: plain
    std::size_t headers_max = 16 * 1024;                     ///< more answers 431
    std::size_t body_max = 64 * 1024;                        ///< more answers 413
    std::size_t connections_max = 16 * 1024;                 ///< with WebSockets; a further one is closed at once
    Duration handshake_deadline = std::chrono::seconds{10};  ///< TLS
    Duration header_deadline = std::chrono::seconds{10};     ///< first to last byte of the headers; late answers 408
    Duration body_deadline = std::chrono::seconds{20};       ///< late answers 408
    Duration respond_deadline = std::chrono::seconds{60};    ///< for the handler; late answers 503
    Duration write_deadline = std::chrono::seconds{20};      ///< for the peer to take the response; late closes
    Duration idle_deadline = std::chrono::seconds{60};       ///< between requests; then closed
    WebSocketOptions websocket;
};

/// HTTP/1.1 with keep-alive, and WebSocket upgrades, on one listening socket.
///
/// Thread: the loop's. Re-entry: handlers run from the loop, never inside start() or stop(); they may call anything
/// here except the destructor.
/// Bounds: see HttpServerOptions. One request at a time on a connection; pipelined ones wait in the socket.
class HttpServer {
  public:
    using Handler = std::function<void(HttpRequest request, Respond respond)>;
    using UpgradeHandler = std::function<void(const HttpRequest& request, std::shared_ptr<WebSocket> socket)>;
    /// Looks at an upgrade before it is accepted; an answer refuses it.
    using UpgradeCheck = std::function<std::optional<HttpResponse>(const HttpRequest& request)>;

    HttpServer(Loop& loop, HttpServerOptions options);

    /// As stop(), but WebSockets are dropped at once without on_close.
    ~HttpServer();
    HttpServer(const HttpServer&) = delete;
    HttpServer& operator=(const HttpServer&) = delete;

    /// Every request that is no upgrade to a known path. Without a handler all answers are 404.
    void on_request(Handler handler);

    /// WebSocket upgrades of exactly that path.
    void on_upgrade(std::string path, UpgradeHandler handler, UpgradeCheck check = {});

    /// Listens, and gives the port. Errors: busy_port, denied, bad_address: one line with address and port for the
    /// operator; the server may be started again.
    [[nodiscard]] std::expected<std::uint16_t, Error> start();

    /// Stops listening, closes every HTTP connection, and every WebSocket with 1001. Responds that come later do
    /// nothing.
    void stop();

    /// For connections accepted from now on. The server must have been made with TLS.
    void set_tls(std::shared_ptr<TlsContext> tls);

    /// For net's own sources: serves a connection that another listener accepted.
    void adopt(detail::Stream stream, std::string remote);

    /// Open connections: in handshake, HTTP and WebSocket.
    [[nodiscard]] std::size_t connections() const;

  private:
    std::shared_ptr<detail::HttpServerState> state_;
};

}  // namespace clarion::net
