// SPDX-License-Identifier: Apache-2.0
#include "sdk/native/server_link.hpp"

#include <fmt/format.h>

#include <chrono>
#include <utility>

#include "core/protocol/messages.hpp"
#include "net/tls.hpp"
#include "net/url.hpp"
#include "net/websocket_client.hpp"

namespace clarion::native {
namespace {

using engine::SignallingFault;

constexpr Duration kConnectDeadline = std::chrono::seconds{10};

// The server's own close codes (docs/protocol.md).
constexpr std::uint16_t kReplaced = 4001;
constexpr std::uint16_t kRefused = 4003;

SignallingFault fault_of(net::ErrorCode code) {
    switch (code) {
        case net::ErrorCode::timed_out: return SignallingFault::timed_out;
        case net::ErrorCode::tls_untrusted:
        case net::ErrorCode::tls_failed: return SignallingFault::tls_untrusted;
        case net::ErrorCode::closed: return SignallingFault::closed;
        case net::ErrorCode::protocol:
        case net::ErrorCode::too_large: return SignallingFault::protocol_error;
        default: return SignallingFault::unreachable;
    }
}

SignallingFault fault_of_close(std::uint16_t code) {
    switch (code) {
        case net::close_code::kProtocolError:
        case net::close_code::kBadText:
        case net::close_code::kTooBig: return SignallingFault::protocol_error;
        case kReplaced: return SignallingFault::replaced;
        case kRefused: return SignallingFault::refused;
        default: return SignallingFault::closed;
    }
}

std::string text_of_close(std::uint16_t code, std::string_view reason) {
    if (code == kReplaced) return "this device is connected from somewhere else now";
    const auto why = reason.empty() ? std::string{} : fmt::format(": {}", reason);
    if (code == kRefused) return fmt::format("the server refused this device{}", why);
    return fmt::format("the connection was closed ({}){}", code, why);
}

class WebSocketLink final : public ServerLink {
  public:
    WebSocketLink(net::Loop& loop, net::Url url, std::shared_ptr<net::TlsContext> tls, Callbacks callbacks)
        : loop_{loop}, url_{std::move(url)}, tls_{std::move(tls)}, callbacks_{std::move(callbacks)} {}

    ~WebSocketLink() override {
        connecting_.cancel();
        if (socket_) socket_->abort();
        if (leaving_) leaving_->abort();
    }

    WebSocketLink(const WebSocketLink&) = delete;
    WebSocketLink& operator=(const WebSocketLink&) = delete;

    void open() override;
    void close() override;

    void send(std::string text) override {
        if (socket_) socket_->send(std::move(text));
    }

    [[nodiscard]] bool is_quiet() const override { return !is_connecting_ && !socket_ && !leaving_; }

  private:
    void adopt(std::shared_ptr<net::WebSocket> socket);

    net::Loop& loop_;
    net::Url url_;
    std::shared_ptr<net::TlsContext> tls_;
    Callbacks callbacks_;
    net::Operation connecting_;
    bool is_connecting_ = false;
    std::shared_ptr<net::WebSocket> socket_;
    std::shared_ptr<net::WebSocket> leaving_;  // Closing politely; nobody listens to it any more.
};

void WebSocketLink::open() {
    if (is_connecting_ || socket_) return;
    is_connecting_ = true;
    net::WebSocketConnect request{
        .host = url_.host, .port = url_.port, .target = "/v1/connect", .tls = tls_, .deadline = kConnectDeadline
    };
    request.websocket.message_max = 2 * protocol::kFrameLengthMax;
    connecting_ = net::websocket_connect(loop_, std::move(request), [this](auto result) {
        is_connecting_ = false;
        if (!result) {
            callbacks_.closed(fault_of(result.error().code), result.error().message);
            return;
        }
        adopt(std::move(*result));
    });
}

void WebSocketLink::adopt(std::shared_ptr<net::WebSocket> socket) {
    socket_ = std::move(socket);
    socket_->on_message([this](std::string_view text) { callbacks_.received(text); });
    socket_->on_close([this](std::uint16_t code, std::string_view reason) {
        socket_.reset();
        callbacks_.closed(fault_of_close(code), text_of_close(code, reason));
    });
    callbacks_.opened();
}

void WebSocketLink::close() {
    connecting_.cancel();
    is_connecting_ = false;
    if (!socket_) return;
    if (leaving_) leaving_->abort();
    leaving_ = std::exchange(socket_, nullptr);
    leaving_->on_message([](std::string_view) {});
    leaving_->on_close([this](std::uint16_t, std::string_view) { leaving_.reset(); });
    leaving_->close(net::close_code::kNormal, "");
}

}  // namespace

std::expected<std::unique_ptr<ServerLink>, std::string> ServerLink::create(
    net::Loop& loop, const std::string& server, const std::string& ca_file, Callbacks callbacks
) {
    auto url = net::parse_url(server);
    if (!url) return std::unexpected{url.error().message};
    std::shared_ptr<net::TlsContext> tls;
    if (url->is_tls) {
        auto made = net::TlsContext::client({.ca_file = ca_file});
        if (!made) return std::unexpected{made.error().message};
        tls = std::move(*made);
    }
    return std::make_unique<WebSocketLink>(loop, std::move(*url), std::move(tls), std::move(callbacks));
}

}  // namespace clarion::native
