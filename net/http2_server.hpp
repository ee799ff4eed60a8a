// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "core/base/time.hpp"
#include "net/error.hpp"
#include "net/http_message.hpp"
#include "net/loop.hpp"
#include "net/tls.hpp"

namespace clarion::net {

namespace detail {
class ExchangeTarget;
}

/// What HTTP/2 error codes are called here (RFC 9113 section 7); any other number is allowed as well.
enum class Http2Code : std::uint32_t {
    no_error = 0x0,
    protocol_error = 0x1,
    internal_error = 0x2,
    refused_stream = 0x7,
    cancel = 0x8,
    enhance_your_calm = 0xb,
};

struct Http2ServerOptions {
    std::string address = "127.0.0.1";  ///< an IP address
    std::uint16_t port = 0;             ///< 0: the system picks
    std::shared_ptr<TlsContext> tls;    ///< a server context that selects h2; null: plain with prior knowledge
    bool needs_alpn = true;           ///< false: a TLS client that offers no ALPN at all is served as well (APNs does)
    bool serves_http1 = false;        ///< on TLS also HTTP/1.1, for whoever negotiates it or offers no ALPN
    bool is_lenient = false;          ///< takes malformed pseudo headers as Google's servers do; they are dropped
    std::uint32_t streams_max = 100;  ///< announced MAX_CONCURRENT_STREAMS of a new connection
    std::size_t headers_max = 16 * 1024;  ///< of one request; more answers 431
    std::size_t body_max = 64 * 1024;     ///< more answers 413
    std::size_t connections_max = 1024;   ///< a further one is closed at once
    Duration handshake_deadline = std::chrono::seconds{10};
    Duration request_deadline = std::chrono::seconds{20};  ///< first to last byte of a request; late answers 408
    Duration respond_deadline = std::chrono::seconds{60};  ///< for the handler; late answers 503
    Duration write_deadline = std::chrono::seconds{20};    ///< for the peer to take bytes; late closes
    Duration idle_deadline = std::chrono::seconds{240};    ///< without a stream; then GOAWAY session_timeout. 0: never
    Duration age_max{0};                                   ///< of a connection; then GOAWAY max_age. 0: never
    unsigned pings_max = 0;  ///< PINGs without a request between them; one more: GOAWAY too_many_pings. 0: any number
    Http2Code excess_code = Http2Code::protocol_error;  ///< for a client that opens more streams than it may:
    std::string excess_text;                            ///< GOAWAY with these words; empty: nghttp2's
    bool splits_bodies = false;  ///< a response body leaves in two DATA frames, and a third, empty one ends it
};

/// Of all connections since start().
struct Http2ServerStats {
    std::uint64_t pings_seen = 0;  ///< from clients
    std::uint64_t pings_sent = 0;
    std::uint64_t pongs_seen = 0;  ///< clients' answers to these
};

/// One request and everything that its server can do to it and to its connection. Copies share the request.
/// After the connection ended every function does nothing. Over HTTP/1.1 (serves_http1) each request counts as a
/// connection of its own, and whatever only HTTP/2 can say ends it. Thread: the loop's.
class Http2Exchange {
  public:
    Http2Exchange(std::weak_ptr<detail::ExchangeTarget> target, std::uint64_t id, std::int32_t stream);
    /// Owns what it talks to.
    Http2Exchange(std::shared_ptr<detail::ExchangeTarget> target, std::uint64_t id);

    /// Tells connections apart; never used again by the same server.
    [[nodiscard]] std::uint64_t connection_id() const { return connection_id_; }
    [[nodiscard]] std::int32_t stream_id() const { return stream_; }

    void respond(HttpResponse response) const;
    void reset(Http2Code code) const;
    /// Streams above `last_stream` are dropped unanswered; the connection ends when the others are answered.
    void go_away(Http2Code code, std::string_view debug, std::int32_t last_stream) const;
    /// GOAWAY in two steps (RFC 9113 section 6.8): what the client opens in the next 100 ms is served as well.
    void retire(std::string_view debug) const;
    /// Announces a new limit of concurrent streams.
    void set_streams_max(std::uint32_t limit) const;
    /// Announces how much of a request's body may come at once; 0: nothing until another number follows.
    void set_window(std::uint32_t bytes) const;
    void ping() const;
    /// From now on nothing is read and nothing is written, and the connection stays open.
    void fall_silent() const;
    /// Ends the connection without a word: with the end of TCP, or with its reset.
    void drop_connection(bool with_reset = false) const;

  private:
    std::shared_ptr<detail::ExchangeTarget> owned_;
    std::weak_ptr<detail::ExchangeTarget> target_;
    std::uint64_t connection_id_;
    std::int32_t stream_;
};

/// HTTP/2, and HTTP/1.1 when asked for, on one listening socket. `:authority` arrives as the header `host`.
///
/// Thread: the loop's. Re-entry: handlers run from the loop, never inside start() or stop().
/// Bounds: see Http2ServerOptions.
class Http2Server {
  public:
    using Handler = std::function<void(HttpRequest request, Respond respond)>;
    using ExchangeHandler = std::function<void(HttpRequest request, Http2Exchange exchange)>;

    Http2Server(Loop& loop, Http2ServerOptions options);
    ~Http2Server();
    Http2Server(const Http2Server&) = delete;
    Http2Server& operator=(const Http2Server&) = delete;

    /// Every request. A Respond that is dropped without a call answers 500. Without any handler all answers are 404.
    void on_request(Handler handler);
    /// Instead of on_request: for whoever must also misbehave (the device lab). Somebody must answer in the end.
    void on_exchange(ExchangeHandler handler);

    /// Listens, and gives the port. Errors: busy_port, denied, bad_address: one line for the operator.
    [[nodiscard]] std::expected<std::uint16_t, Error> start();
    /// Stops listening and closes every connection after a GOAWAY.
    void stop();

    /// Open connections after their handshake.
    [[nodiscard]] std::size_t connections() const;
    [[nodiscard]] Http2ServerStats stats() const;

  private:
    struct State;
    std::shared_ptr<State> state_;
};

}  // namespace clarion::net
