// SPDX-License-Identifier: Apache-2.0
#include "net/websocket_client.hpp"

#include <fmt/format.h>

#include <utility>

#include "net/clock.hpp"
#include "net/detail/errors.hpp"
#include "net/detail/http_text.hpp"
#include "net/detail/websocket_session.hpp"

namespace clarion::net {
namespace {

using detail::error_code;
using detail::Stream;
using detail::WebSocketSession;
namespace beast = boost::beast;
namespace http = boost::beast::http;

class WebSocketConnector : public detail::Cancellable, public std::enable_shared_from_this<WebSocketConnector> {
  public:
    WebSocketConnector(Loop& loop, WebSocketConnect request, WebSocketCallback callback)
        : loop_(loop), request_(std::move(request)), callback_(std::move(callback)), deadline_(loop) {}

    void start() {
        if (!detail::is_target(request_.target) || !detail::are_good(request_.headers)) {
            loop_.post([self = shared_from_this()] {
                self->fail({ErrorCode::bad_url, "the target or a header holds blanks or control characters"});
            });
            return;
        }
        host_ = detail::host_header(request_.host, request_.port, request_.tls != nullptr);
        ends_at_ = boot_now() + request_.deadline;
        connecting_ = detail::connect(
            loop_, {.host = request_.host, .port = request_.port, .tls = request_.tls, .deadline = request_.deadline},
            [self = shared_from_this()](std::expected<Stream, Error> stream) {
                if (!self->callback_) return;
                if (!stream) return self->fail(std::move(stream.error()));
                self->upgrade(std::move(*stream));
            }
        );
    }

    void cancel() override {
        const auto kept = shared_from_this();
        callback_ = nullptr;
        release();
    }

  private:
    void upgrade(Stream stream) {
        session_ = std::make_shared<WebSocketSession>(
            loop_, std::move(stream), request_.websocket, fmt::format("{}:{}", request_.host, request_.port)
        );
        deadline_.arm_at(ends_at_, [self = shared_from_this()] {
            self->fail({ErrorCode::timed_out, self->host_ + ": the server does not answer the WebSocket upgrade"});
        });
        auto& socket = session_->beast();
        socket.set_option(beast::websocket::stream_base::decorator(
            [headers = request_.headers,
             protocol = request_.websocket.subprotocol](beast::websocket::request_type& out) {
                out.set(http::field::user_agent, "clarion");
                if (!protocol.empty()) out.set(http::field::sec_websocket_protocol, protocol);
                for (const auto& header : headers) out.set(header.name, header.value);
            }
        ));
        socket.async_handshake(
            response_, host_, request_.target,
            [self = shared_from_this(), session = session_](error_code error) { self->finish(error); }
        );
    }

    void finish(error_code error) {
        if (!callback_) return;
        if (error == beast::websocket::error::upgrade_declined) {
            return fail({ErrorCode::protocol, fmt::format("{}: the server answered {}", host_, response_.result_int())}
            );
        }
        if (error.category() == make_error_code(beast::websocket::error::closed).category() ||
            error.category() == make_error_code(http::error::bad_version).category()) {
            return fail({ErrorCode::protocol, fmt::format("{}: no WebSocket server: {}", host_, error.message())});
        }
        if (error) return fail(detail::to_error(error, host_));
        deadline_.cancel();
        const auto session = std::exchange(session_, nullptr);
        auto callback = std::exchange(callback_, nullptr);
        callback(std::shared_ptr<WebSocket>(session));
        session->start();
    }

    void fail(Error error) {
        auto callback = std::exchange(callback_, nullptr);
        const auto kept = shared_from_this();
        release();
        if (callback) callback(std::unexpected(std::move(error)));
    }

    void release() {
        deadline_.cancel();
        connecting_.cancel();
        if (const auto session = std::exchange(session_, nullptr)) session->abort();
    }

    Loop& loop_;
    WebSocketConnect request_;
    WebSocketCallback callback_;
    Timer deadline_;
    Operation connecting_;
    std::shared_ptr<WebSocketSession> session_;
    beast::websocket::response_type response_;
    std::string host_;
    Instant ends_at_;
};

}  // namespace

Operation websocket_connect(Loop& loop, WebSocketConnect request, WebSocketCallback callback) {
    auto connector = std::make_shared<WebSocketConnector>(loop, std::move(request), std::move(callback));
    connector->start();
    return Operation(connector);
}

}  // namespace clarion::net
