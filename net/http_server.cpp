// SPDX-License-Identifier: Apache-2.0
#include "net/http_server.hpp"

#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>
#include <boost/beast/websocket/rfc6455.hpp>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include "net/clock.hpp"
#include "net/detail/beast_stream.hpp"
#include "net/detail/http_text.hpp"
#include "net/detail/websocket_session.hpp"

namespace clarion::net::detail {

using Parser = http::request_parser<http::string_body>;

constexpr Duration kGoodbyeMax = std::chrono::seconds{2};  // for a peer to read an error answer before the close

class HttpConnection;

struct HttpUpgrade {
    HttpServer::UpgradeHandler handler;
    HttpServer::UpgradeCheck check;
};

struct HttpServerState : std::enable_shared_from_this<HttpServerState> {
    HttpServerState(Loop& on, HttpServerOptions with) : loop(on), options(std::move(with)), listener(on) {}

    void take(Stream stream, std::string remote);
    [[nodiscard]] std::size_t count() const { return listener.handshaking() + connections.size() + sockets.size(); }

    Loop& loop;
    HttpServerOptions options;
    Listener listener;
    HttpServer::Handler handler;
    std::map<std::string, HttpUpgrade, std::less<>> upgrades;
    std::set<std::shared_ptr<HttpConnection>> connections;
    std::map<WebSocketSession*, std::weak_ptr<WebSocketSession>> sockets;
};

static HttpResponse plain_response(unsigned status, std::string_view text = {}) {
    HttpResponse response{.status = status};
    response.headers.push_back({"Content-Type", "text/plain; charset=utf-8"});
    response.body = text.empty() ? reason_phrase(status) : text;
    response.body += '\n';
    return response;
}

/// The status that answers a request which could not be read; 0: just close.
static unsigned status_of(error_code error) {
    if (error == http::error::header_limit || error == http::error::buffer_overflow) return 431;
    if (error == http::error::body_limit) return 413;
    if (error == http::error::end_of_stream || error == http::error::partial_message) return 0;
    return error.category() == make_error_code(http::error::bad_method).category() ? 400 : 0;
}

/// One accepted connection while it speaks HTTP.
class HttpConnection : public std::enable_shared_from_this<HttpConnection> {
  public:
    HttpConnection(std::shared_ptr<HttpServerState> server, Stream stream, std::string remote)
        : server_(std::move(server)),
          stream_(std::move(stream)),
          remote_(std::move(remote)),
          deadline_(server_->loop) {}

    void start() { wait_for_request(server_->options.header_deadline); }

    /// Drops the connection; whatever is under way ends silently.
    void close() {
        const auto kept = shared_from_this();
        is_closed_ = true;
        deadline_.cancel();
        stream_.close();
        server_->connections.erase(kept);
    }

    /// `number` says which request: an answer that comes too late must not answer the next one.
    void respond(std::uint64_t number, HttpResponse response) {
        if (is_closed_ || number != request_number_ || is_answered_) return;
        write(std::move(response));
    }

  private:
    void wait_for_request(Duration limit);
    void read_headers();
    void handle_headers(error_code error);
    void allow_body();
    void read_body();
    void handle_request();
    void upgrade(const HttpUpgrade& to);
    [[nodiscard]] HttpRequest take_request();
    void refuse(unsigned status);
    void write(HttpResponse response);
    void finish_response();
    void say_goodbye();

    /// Ends what is being read at the deadline; its handler sees is_late_.
    void arm_read_deadline(Duration limit) {
        is_late_ = false;
        deadline_.arm(limit, [weak = weak_from_this()] {
            const auto self = weak.lock();
            if (!self) return;
            self->is_late_ = true;
            error_code ignored;
            self->stream_.socket().cancel(ignored);
        });
    }

    void arm_close(Duration limit) {
        deadline_.arm(limit, [weak = weak_from_this()] {
            if (const auto self = weak.lock()) self->close();
        });
    }

    std::shared_ptr<HttpServerState> server_;
    Stream stream_;
    std::string remote_;
    Timer deadline_;
    beast::flat_buffer buffer_;
    std::optional<Parser> parser_;
    std::optional<http::response<http::string_body>> response_;
    std::uint64_t request_number_ = 0;
    bool is_keep_alive_ = false;
    bool is_head_ = false;
    bool is_answered_ = true;
    bool is_late_ = false;
    bool is_closed_ = false;
};

/// Answers 500 when the handler forgot to.
class HttpAnswer {
  public:
    HttpAnswer(std::weak_ptr<HttpConnection> connection, std::uint64_t number)
        : connection_(std::move(connection)), number_(number) {}

    HttpAnswer(HttpAnswer&& other) noexcept : connection_(std::move(other.connection_)), number_(other.number_) {
        other.connection_.reset();
    }

    HttpAnswer& operator=(HttpAnswer&&) = delete;

    ~HttpAnswer() {
        if (!connection_.expired()) operator()(plain_response(500));
    }

    void operator()(HttpResponse response) {
        const auto connection = std::exchange(connection_, {}).lock();
        if (connection) connection->respond(number_, std::move(response));
    }

  private:
    std::weak_ptr<HttpConnection> connection_;
    std::uint64_t number_;
};

void HttpConnection::wait_for_request(Duration limit) {
    parser_.reset();
    if (buffer_.size() > 0 || stream_.has_pending()) return read_headers();
    buffer_.shrink_to_fit();  // an idle connection keeps nothing
    arm_close(limit);
    stream_.async_wait_readable([self = shared_from_this()](error_code error) {
        if (self->is_closed_) return;
        if (error) return self->close();
        self->read_headers();
    });
}

void HttpConnection::read_headers() {
    const auto& options = server_->options;
    parser_.emplace();
    parser_->header_limit(static_cast<std::uint32_t>(std::min<std::size_t>(options.headers_max, UINT32_MAX)));
    parser_->body_limit(options.body_max);
    arm_read_deadline(options.header_deadline);
    http::async_read_header(stream_, buffer_, *parser_, [self = shared_from_this()](error_code error, std::size_t) {
        if (!self->is_closed_) self->handle_headers(error);
    });
}

void HttpConnection::handle_headers(error_code error) {
    is_head_ = false;
    is_keep_alive_ = false;
    ++request_number_;
    is_answered_ = false;
    if (is_late_) return refuse(408);
    if (error) return refuse(status_of(error));
    const auto& request = parser_->get();
    is_head_ = request.method() == http::verb::head;
    is_keep_alive_ = parser_->keep_alive();
    if (beast::websocket::is_upgrade(request)) {
        const auto found =
            server_->upgrades.find(std::string_view(request.target()).substr(0, request.target().find('?')));
        if (found != server_->upgrades.end()) return upgrade(HttpUpgrade(found->second));
    }
    if (parser_->is_done()) return handle_request();
    arm_read_deadline(server_->options.body_deadline);
    if (beast::iequals(request[http::field::expect], "100-continue")) return allow_body();
    read_body();
}

void HttpConnection::allow_body() {
    // RFC 9110 10.1.1: the client waits with its body for this.
    auto go_on = std::make_shared<http::response<http::empty_body>>(http::status::continue_, 11);
    http::async_write(stream_, *go_on, [self = shared_from_this(), go_on](error_code error, std::size_t) {
        if (self->is_closed_) return;
        if (error) return self->close();
        self->read_body();
    });
}

void HttpConnection::read_body() {
    http::async_read(stream_, buffer_, *parser_, [self = shared_from_this()](error_code error, std::size_t) {
        if (self->is_closed_) return;
        if (self->is_late_) return self->refuse(408);
        if (error) return self->refuse(status_of(error));
        self->handle_request();
    });
}

HttpRequest HttpConnection::take_request() {
    auto message = parser_->release();
    HttpRequest request;
    request.method = std::string_view(message.method_string());
    std::string_view target = message.target();
    if (target.starts_with("http://") || target.starts_with("https://")) {  // RFC 9112 3.2.2: absolute form
        const auto path = target.find('/', target.find("://") + 3);
        target = path == std::string_view::npos ? "/" : target.substr(path);
    }
    const auto mark = std::min(target.find('?'), target.size());
    request.path = target.substr(0, mark);
    request.query = target.substr(std::min(mark + 1, target.size()));
    for (const auto& field : message) {
        request.headers.push_back({to_lower(field.name_string()), std::string(field.value())});
    }
    request.body = std::move(message.body());
    request.remote_address = remote_;
    request.is_tls = stream_.is_tls();
    return request;
}

void HttpConnection::handle_request() {
    deadline_.arm(server_->options.respond_deadline, [weak = weak_from_this()] {
        if (const auto self = weak.lock()) self->refuse(503);
    });
    auto request = take_request();
    const auto handler = server_->handler;  // it may replace or stop what it was called from
    if (!handler) return write(plain_response(404));
    handler(std::move(request), HttpAnswer(weak_from_this(), request_number_));
}

void HttpConnection::upgrade(const HttpUpgrade& to) {
    if (buffer_.size() > 0) return refuse(400);  // RFC 6455 4.1: the client waits for our answer
    auto message = std::make_shared<http::request<http::string_body>>(parser_->get());
    auto request = std::make_shared<HttpRequest>(take_request());
    if (to.check) {
        auto refusal = to.check(*request);
        if (is_closed_) return;
        if (refusal) return write(std::move(*refusal));
    }
    const auto kept = shared_from_this();
    deadline_.cancel();
    auto session =
        std::make_shared<WebSocketSession>(server_->loop, std::move(stream_), server_->options.websocket, remote_);
    is_closed_ = true;
    server_->connections.erase(kept);
    server_->sockets.emplace(session.get(), session);
    session->on_gone([weak = std::weak_ptr(server_), key = session.get()] {
        if (const auto server = weak.lock()) server->sockets.erase(key);
    });
    session->drop_after(server_->options.header_deadline);
    const bool has_subprotocol =
        !session->options().subprotocol.empty() &&
        http::token_list((*message)[http::field::sec_websocket_protocol]).exists(session->options().subprotocol);
    session->beast().set_option(beast::websocket::stream_base::decorator(
        [protocol = has_subprotocol ? session->options().subprotocol : ""](beast::websocket::response_type& response) {
            response.set(http::field::server, "clarion");
            if (!protocol.empty()) response.set(http::field::sec_websocket_protocol, protocol);
        }
    ));
    session->beast().async_accept(*message, [session, message, request, handler = to.handler](error_code error) {
        if (error) return session->abort();
        if (handler && session->is_open()) handler(*request, session);
        session->start();
    });
}

void HttpConnection::refuse(unsigned status) {
    if (is_answered_) return;
    if (status == 0) return close();
    is_keep_alive_ = false;
    write(plain_response(status));
}

void HttpConnection::write(HttpResponse response) {
    is_answered_ = true;
    if (response.status == kDropConnection) return close();
    if (!are_good(response.headers) || response.status < 200 || response.status > 599) {
        response = plain_response(500);
    }
    auto& message = response_.emplace();
    message.version(11);
    message.result(response.status);
    for (const auto& header : response.headers) message.insert(header.name, header.value);
    message.set(http::field::date, http_date(wall_now().ms / 1000));
    message.keep_alive(is_keep_alive_);
    const bool has_body = response.status != 204 && response.status != 304;  // RFC 9110 6.4.1
    if (has_body) message.content_length(response.body.size());
    if (has_body && !is_head_) message.body() = std::move(response.body);
    arm_close(server_->options.write_deadline);
    http::async_write(stream_, message, [self = shared_from_this()](error_code error, std::size_t) {
        if (self->is_closed_) return;
        if (error) return self->close();
        self->finish_response();
    });
}

void HttpConnection::finish_response() {
    response_.reset();
    if (is_keep_alive_) return wait_for_request(server_->options.idle_deadline);
    say_goodbye();
}

void HttpConnection::say_goodbye() {
    arm_close(kGoodbyeMax);
    stream_.async_shutdown([self = shared_from_this()](error_code) {
        if (!self->is_closed_) self->close();
    });
}

void HttpServerState::take(Stream stream, std::string remote) {
    auto connection = std::make_shared<HttpConnection>(shared_from_this(), std::move(stream), std::move(remote));
    connections.insert(connection);
    connection->start();
}

static void stop_server(HttpServerState& server) {
    server.listener.close();
    for (const auto& connection : std::set(server.connections)) connection->close();
}

}  // namespace clarion::net::detail

namespace clarion::net {

HttpServer::HttpServer(Loop& loop, HttpServerOptions options)
    : state_(std::make_shared<detail::HttpServerState>(loop, std::move(options))) {}

HttpServer::~HttpServer() {
    detail::stop_server(*state_);
    for (const auto& [key, weak] : std::map(state_->sockets)) {
        if (const auto socket = weak.lock()) socket->abort();
    }
    // A handler may hold what holds the server: nothing of it stays behind.
    state_->handler = nullptr;
    state_->upgrades.clear();
}

void HttpServer::on_request(Handler handler) { state_->handler = std::move(handler); }

void HttpServer::on_upgrade(std::string path, UpgradeHandler handler, UpgradeCheck check) {
    state_->upgrades.insert_or_assign(std::move(path), detail::HttpUpgrade{std::move(handler), std::move(check)});
}

std::expected<std::uint16_t, Error> HttpServer::start() {
    const auto& options = state_->options;
    const std::weak_ptr weak(state_);
    return state_->listener.open(
        {.address = options.address,
         .port = options.port,
         .tls = options.tls,
         .handshake_deadline = options.handshake_deadline,
         .admit =
             [weak] {
                 const auto state = weak.lock();
                 return state && state->count() < state->options.connections_max;
             }},
        [weak](detail::Stream stream, std::string remote) {
            if (const auto state = weak.lock()) state->take(std::move(stream), std::move(remote));
        }
    );
}

void HttpServer::adopt(detail::Stream stream, std::string remote) {
    state_->take(std::move(stream), std::move(remote));
}

void HttpServer::stop() {
    detail::stop_server(*state_);
    for (const auto& [key, weak] : std::map(state_->sockets)) {
        if (const auto socket = weak.lock()) socket->close(close_code::kGoingAway, "the server stops");
    }
}

void HttpServer::set_tls(std::shared_ptr<TlsContext> tls) {
    state_->options.tls = tls;
    state_->listener.set_tls(std::move(tls));
}

std::size_t HttpServer::connections() const { return state_->count(); }

}  // namespace clarion::net
