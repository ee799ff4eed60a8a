// SPDX-License-Identifier: Apache-2.0
#include "net/http2_server.hpp"

#include <map>
#include <utility>

#include "net/detail/http2_server_connection.hpp"
#include "net/detail/stream.hpp"

namespace clarion::net {

using detail::Http2ServerConnection;

struct Http2Server::State : std::enable_shared_from_this<State> {
    State(Loop& the_loop, Http2ServerOptions the_options)
        : loop{the_loop}, options{std::move(the_options)}, listener{the_loop} {}

    void accept(detail::Stream stream, std::string remote);

    Loop& loop;
    const Http2ServerOptions options;
    detail::Listener listener;
    ExchangeHandler handler;
    std::map<std::uint64_t, std::shared_ptr<Http2ServerConnection>> connections;
    std::uint64_t next_id = 1;
};

void Http2Server::State::accept(detail::Stream stream, std::string remote) {
    const bool speaks_h2 = stream.alpn() == "h2" || (stream.alpn().empty() && !options.needs_alpn);
    if (options.tls && !speaks_h2) return stream.close();
    const std::uint64_t id = next_id++;
    auto connection = std::make_shared<Http2ServerConnection>(loop, std::move(stream), options, id, std::move(remote));
    connections.emplace(id, connection);
    Http2ServerConnection::Hooks hooks;
    hooks.on_request = [weak = weak_from_this()](HttpRequest request, Http2Exchange exchange) {
        const auto self = weak.lock();
        if (self && self->handler) {
            const auto handler_copy = self->handler;  // The handler may replace itself.
            return handler_copy(std::move(request), std::move(exchange));
        }
        exchange.respond({.status = 404});
    };
    hooks.on_end = [weak = weak_from_this()](std::uint64_t ended) {
        if (const auto self = weak.lock()) self->connections.erase(ended);
    };
    connection->begin(std::make_shared<const Http2ServerConnection::Hooks>(std::move(hooks)));
}

Http2Exchange::Http2Exchange(
    std::weak_ptr<detail::Http2ServerConnection> connection, std::uint64_t id, std::int32_t stream
)
    : connection_{std::move(connection)}, connection_id_{id}, stream_{stream} {}

void Http2Exchange::respond(HttpResponse response) const {
    if (const auto connection = connection_.lock()) connection->respond(stream_, std::move(response));
}

void Http2Exchange::reset(Http2Code code) const {
    if (const auto connection = connection_.lock()) connection->reset(stream_, static_cast<std::uint32_t>(code));
}

void Http2Exchange::go_away(Http2Code code, std::string_view debug, std::int32_t last_stream) const {
    if (const auto connection = connection_.lock()) {
        connection->go_away(static_cast<std::uint32_t>(code), debug, last_stream);
    }
}

void Http2Exchange::set_streams_max(std::uint32_t limit) const {
    if (const auto connection = connection_.lock()) connection->set_streams_max(limit);
}

void Http2Exchange::drop_connection() const {
    if (const auto connection = connection_.lock()) connection->close({ErrorCode::cancelled, "HTTP/2 server: dropped"});
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
    detail::ListenOptions listen{
        .address = state_->options.address,
        .port = state_->options.port,
        .tls = state_->options.tls,
        .handshake_deadline = state_->options.handshake_deadline,
        .admit =
            [state = state_.get()] {
                return state->connections.size() + state->listener.handshaking() < state->options.connections_max;
            },
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
}

std::size_t Http2Server::connections() const { return state_->connections.size(); }

}  // namespace clarion::net
