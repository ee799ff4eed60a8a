// SPDX-License-Identifier: Apache-2.0
#include "net/http2_server.hpp"

#include <map>
#include <utility>

#include "net/detail/http2_server_connection.hpp"
#include "net/detail/stream.hpp"
#include "net/http_server.hpp"

namespace clarion::net {

using detail::Http2ServerConnection;

namespace {

/// A request over HTTP/1.1, as far as it can do what an exchange of HTTP/2 does.
class Http1Target final : public detail::ExchangeTarget {
  public:
    explicit Http1Target(Respond respond) : respond_{std::move(respond)} {}

    void respond(std::int32_t /*stream*/, HttpResponse response) override { answer(std::move(response)); }
    void reset(std::int32_t /*stream*/, std::uint32_t /*code*/) override { drop(false); }
    void go_away(std::uint32_t /*code*/, std::string_view /*debug*/, std::int32_t /*last_stream*/) override {
        drop(false);
    }
    void set_streams_max(std::uint32_t /*limit*/) override {}
    void retire(std::string_view /*debug*/) override { drop(false); }
    void set_window(std::uint32_t /*bytes*/) override {}
    void ping() override {}
    void fall_silent() override { respond_ = {}; }
    void drop(bool /*with_reset*/) override { answer({.status = kDropConnection}); }

  private:
    void answer(HttpResponse response) {
        if (respond_) std::exchange(respond_, {})(std::move(response));
    }

    Respond respond_;
};

}  // namespace

struct Http2Server::State : std::enable_shared_from_this<State> {
    State(Loop& the_loop, Http2ServerOptions the_options)
        : loop{the_loop}, options{std::move(the_options)}, listener{the_loop} {}

    void accept(detail::Stream stream, std::string remote);
    void asked(HttpRequest request, const Http2Exchange& exchange) const;
    void open_http1();
    [[nodiscard]] std::size_t count() const { return connections.size() + (http1 ? http1->connections() : 0); }

    Loop& loop;
    const Http2ServerOptions options;
    detail::Listener listener;
    ExchangeHandler handler;
    std::map<std::uint64_t, std::shared_ptr<Http2ServerConnection>> connections;
    std::unique_ptr<HttpServer> http1;  // Never listens: it is handed its connections.
    std::uint64_t next_id = 1;
    std::shared_ptr<Http2ServerStats> stats = std::make_shared<Http2ServerStats>();
};

void Http2Server::State::asked(HttpRequest request, const Http2Exchange& exchange) const {
    if (!handler) return exchange.respond({.status = 404});
    const auto handler_copy = handler;  // The handler may replace itself.
    handler_copy(std::move(request), exchange);
}

void Http2Server::State::open_http1() {
    http1 = std::make_unique<HttpServer>(
        loop,
        HttpServerOptions{
            .headers_max = options.headers_max,
            .body_max = options.body_max,
            .respond_deadline = options.respond_deadline,
            .write_deadline = options.write_deadline
        }
    );
    http1->on_request([this](HttpRequest request, Respond respond) {
        asked(std::move(request), Http2Exchange{std::make_shared<Http1Target>(std::move(respond)), next_id++});
    });
}

void Http2Server::State::accept(detail::Stream stream, std::string remote) {
    const bool speaks_h2 = stream.alpn() == "h2" || (stream.alpn().empty() && !options.needs_alpn);
    if (options.tls && !speaks_h2) {
        return http1 ? http1->adopt(std::move(stream), std::move(remote)) : stream.close();
    }
    const std::uint64_t id = next_id++;
    auto connection = std::make_shared<Http2ServerConnection>(loop, std::move(stream), options, id, std::move(remote));
    connections.emplace(id, connection);
    Http2ServerConnection::Hooks hooks;
    hooks.on_request = [weak = weak_from_this()](HttpRequest request, Http2Exchange exchange) {
        if (const auto self = weak.lock()) self->asked(std::move(request), exchange);
    };
    hooks.on_end = [weak = weak_from_this()](std::uint64_t ended) {
        if (const auto self = weak.lock()) self->connections.erase(ended);
    };
    hooks.stats = stats;
    connection->begin(std::make_shared<const Http2ServerConnection::Hooks>(std::move(hooks)));
}

Http2Exchange::Http2Exchange(std::weak_ptr<detail::ExchangeTarget> target, std::uint64_t id, std::int32_t stream)
    : target_{std::move(target)}, connection_id_{id}, stream_{stream} {}

Http2Exchange::Http2Exchange(std::shared_ptr<detail::ExchangeTarget> target, std::uint64_t id)
    : owned_{std::move(target)}, target_{owned_}, connection_id_{id}, stream_{1} {}

void Http2Exchange::respond(HttpResponse response) const {
    if (const auto target = target_.lock()) target->respond(stream_, std::move(response));
}

void Http2Exchange::reset(Http2Code code) const {
    if (const auto target = target_.lock()) target->reset(stream_, static_cast<std::uint32_t>(code));
}

void Http2Exchange::go_away(Http2Code code, std::string_view debug, std::int32_t last_stream) const {
    if (const auto target = target_.lock()) target->go_away(static_cast<std::uint32_t>(code), debug, last_stream);
}

void Http2Exchange::set_streams_max(std::uint32_t limit) const {
    if (const auto target = target_.lock()) target->set_streams_max(limit);
}

void Http2Exchange::retire(std::string_view debug) const {
    if (const auto target = target_.lock()) target->retire(debug);
}

void Http2Exchange::set_window(std::uint32_t bytes) const {
    if (const auto target = target_.lock()) target->set_window(bytes);
}

void Http2Exchange::ping() const {
    if (const auto target = target_.lock()) target->ping();
}

void Http2Exchange::fall_silent() const {
    if (const auto target = target_.lock()) target->fall_silent();
}

void Http2Exchange::drop_connection(bool with_reset) const {
    if (const auto target = target_.lock()) target->drop(with_reset);
}

Http2Server::Http2Server(Loop& loop, Http2ServerOptions options)
    : state_{std::make_shared<State>(loop, std::move(options))} {}

Http2Server::~Http2Server() { stop(); }

void Http2Server::on_request(Handler handler) {
    /// Answers 500 for a handler that forgot.
    struct Answer {
        explicit Answer(Http2Exchange the_exchange) : exchange{std::move(the_exchange)} {}
        Answer(Answer&&) = default;
        Answer& operator=(Answer&&) = default;
        ~Answer() { exchange.respond({.status = 500}); }  // Does nothing after an answer, or after a move.

        Http2Exchange exchange;
    };
    state_->handler = [handler = std::move(handler)](HttpRequest request, Http2Exchange exchange) {
        handler(std::move(request), [answer = Answer{std::move(exchange)}](HttpResponse response) mutable {
            answer.exchange.respond(std::move(response));
        });
    };
}

void Http2Server::on_exchange(ExchangeHandler handler) { state_->handler = std::move(handler); }

std::expected<std::uint16_t, Error> Http2Server::start() {
    if (state_->options.serves_http1) state_->open_http1();
    detail::ListenOptions listen{
        .address = state_->options.address,
        .port = state_->options.port,
        .tls = state_->options.tls,
        .handshake_deadline = state_->options.handshake_deadline,
        .admit = [state = state_.get(
                  )] { return state->count() + state->listener.handshaking() < state->options.connections_max; },
    };
    return state_->listener.open(
        std::move(listen),
        [weak = state_->weak_from_this()](detail::Stream stream, std::string remote) {
            if (const auto state = weak.lock()) state->accept(std::move(stream), std::move(remote));
        }
    );
}

void Http2Server::stop() {
    state_->listener.close();
    // end() takes the connection out of the map.
    for (const auto& [id, connection] : std::exchange(state_->connections, {})) connection->end();
    if (state_->http1) state_->http1->stop();
}

std::size_t Http2Server::connections() const { return state_->count(); }

Http2ServerStats Http2Server::stats() const { return *state_->stats; }

}  // namespace clarion::net
