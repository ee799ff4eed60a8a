// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "core/codec/protocol_codec.hpp"
#include "net/clock.hpp"
#include "net/http_server.hpp"
#include "net/loop.hpp"
#include "net/tls.hpp"

namespace clarion::native::testing {

/// The server's end of `/v1/connect`: welcomes everybody, acknowledges everything, keeps what it got.
class FakeServer {
  public:
    explicit FakeServer(net::Loop& loop, std::shared_ptr<net::TlsContext> tls = nullptr)
        : is_tls_{tls != nullptr}, server_{loop, {.tls = std::move(tls)}} {
        server_.on_upgrade("/v1/connect", [this](const net::HttpRequest&, std::shared_ptr<net::WebSocket> socket) {
            adopt(std::move(socket));
        });
        const auto port = server_.start();
        if (!port) throw std::runtime_error{port.error().message};
        port_ = *port;
    }

    [[nodiscard]] std::string url() const {
        return (is_tls_ ? "https://localhost:" : "http://127.0.0.1:") + std::to_string(port_);
    }

    /// The newest message of that kind, or null.
    template <class Message>
    [[nodiscard]] const Message* last() const {
        for (auto it = received.rbegin(); it != received.rend(); ++it) {
            if (const auto* message = std::get_if<Message>(&it->message)) return message;
        }
        return nullptr;
    }

    void send(protocol::ServerMessage message) {
        send_text(codec::encode_frame(protocol::ServerFrame{++seq_, std::move(message)}));
    }

    void send_text(std::string text) {
        if (socket_) socket_->send(std::move(text));
    }

    void drop() {
        if (socket_) socket_->abort();
        socket_.reset();
    }

    void close(std::uint16_t code, std::string_view reason) {
        if (socket_) socket_->close(code, std::string{reason});
    }

    std::optional<protocol::ErrorCode> refuses_hello;
    bool answers_hello = true;
    std::vector<protocol::ClientFrame> received;
    int connections = 0;

  private:
    void adopt(std::shared_ptr<net::WebSocket> socket) {
        ++connections;
        socket_ = std::move(socket);
        socket_->on_message([this](std::string_view text) {
            auto frame = codec::decode_client_frame(text);
            if (!frame) throw std::runtime_error{"the client sent a broken frame: " + frame.error().error.message()};
            received.push_back(*frame);
            if (const auto* hello = std::get_if<protocol::Hello>(&frame->message)) {
                if (!answers_hello) return;
                if (refuses_hello) {
                    send_text(codec::encode_frame(
                        protocol::ServerFrame{0, protocol::Error{.id = frame->id, .code = *refuses_hello}}
                    ));
                    return;
                }
                protocol::Welcome welcome{.server_now = net::wall_now(), .stream = 7};
                welcome.service = *ServiceId::parse("acme");
                welcome.user = *UserId::parse("bob");
                welcome.device = hello->device;
                send_text(codec::encode_frame(protocol::ServerFrame{0, welcome}));
            } else {
                send_text(codec::encode_frame(protocol::ServerFrame{0, protocol::Ack{frame->id}}));
            }
        });
        socket_->on_close([this, raw = socket_.get()](std::uint16_t, std::string_view) {
            if (socket_.get() == raw) socket_.reset();
        });
    }

    bool is_tls_;
    net::HttpServer server_;
    std::uint16_t port_ = 0;
    std::uint64_t seq_ = 0;
    std::shared_ptr<net::WebSocket> socket_;
};

}  // namespace clarion::native::testing
