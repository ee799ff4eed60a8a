// SPDX-License-Identifier: Apache-2.0
// For net's own sources only: it shows Beast.
#pragma once

#include <boost/beast/http/message.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/websocket/stream.hpp>
#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <string>
#include <string_view>

#include "net/detail/beast_stream.hpp"
#include "net/http_message.hpp"
#include "net/loop.hpp"
#include "net/websocket.hpp"

namespace clarion::net::detail {

namespace beast = boost::beast;
namespace http = boost::beast::http;

/// Either side of an open WebSocket: queue, pings, close, limits. Framing, masking and UTF-8 are Beast's.
class WebSocketSession final : public WebSocket, public std::enable_shared_from_this<WebSocketSession> {
  public:
    using BeastSocket = beast::websocket::stream<Stream, false>;

    WebSocketSession(Loop& loop, Stream stream, WebSocketOptions options, std::string remote);
    ~WebSocketSession() override;

    [[nodiscard]] BeastSocket& beast() { return socket_; }
    [[nodiscard]] const WebSocketOptions& options() const { return options_; }

    /// Closes the stream when the opening or closing handshake took that long; start() ends the former.
    void drop_after(Duration limit);

    /// The opening handshake is done and the owner has set its callbacks.
    void start();

    /// Runs once when this session is over in any way, for whoever counts connections.
    void on_gone(std::move_only_function<void()> fn) { on_gone_ = std::move(fn); }

    void send(std::string text) override;
    void close(std::uint16_t code, std::string_view reason) override;
    void abort() override;
    void on_message(OnMessage fn) override;
    void on_close(OnClose fn) override;
    [[nodiscard]] bool is_open() const override { return phase_ <= Phase::open && close_code_ == 0; }
    [[nodiscard]] std::size_t queued_bytes() const override { return queued_; }
    [[nodiscard]] const std::string& remote_address() const override { return remote_; }

  private:
    enum class Phase : std::uint8_t { opening, open, closing, closed };

    void read();
    void handle_read(error_code error, std::size_t count);
    void handle_read_error(error_code error);
    void write();
    void send_close();
    void arm_ping(Duration delay);
    void handle_ping_time();
    void finish(std::uint16_t code, std::string_view reason);
    void release();

    Timer timer_;  // handshake, then pings, then the close deadline: never two at once
    BeastSocket socket_;
    WebSocketOptions options_;
    std::string remote_;
    OnMessage on_message_;
    OnClose on_close_;
    std::move_only_function<void()> on_gone_;
    std::string message_;  // the message that arrives now; message_[0, message_size_) is filled
    std::size_t message_size_ = 0;
    std::list<std::string> queue_;  // the front is being written when is_writing_
    std::size_t queued_ = 0;
    Instant last_heard_;
    std::uint64_t bytes_heard_ = 0;
    std::string close_reason_;
    std::uint16_t close_code_ = 0;
    Phase phase_ = Phase::opening;
    bool is_writing_ = false;
    bool is_callback_new_ = false;
    bool is_pinging_ = false;
    bool is_close_sent_ = false;
};

}  // namespace clarion::net::detail
