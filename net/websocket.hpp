// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "core/base/time.hpp"

namespace clarion::net {

/// Close codes of RFC 6455 7.4.1 that this project uses; 4000 to 4999 are the application's own.
namespace close_code {
inline constexpr std::uint16_t kNormal = 1000;
inline constexpr std::uint16_t kGoingAway = 1001;
inline constexpr std::uint16_t kProtocolError = 1002;
inline constexpr std::uint16_t kBinaryRefused = 1003;
inline constexpr std::uint16_t kNoStatus = 1005;  ///< told to on_close only: the peer gave no code
inline constexpr std::uint16_t kAbnormal = 1006;  ///< told to on_close only: the connection broke without a close frame
inline constexpr std::uint16_t kBadText = 1007;
inline constexpr std::uint16_t kPolicy = 1008;
inline constexpr std::uint16_t kTooBig = 1009;
inline constexpr std::uint16_t kInternal = 1011;
inline constexpr std::uint16_t kTryLater = 1013;  ///< our queue for a peer that does not read was full
}  // namespace close_code

struct WebSocketOptions {
    std::size_t message_max = 64 * 1024;             ///< bytes of one received message; a larger one closes 1009
    std::size_t queue_max = 256 * 1024;              ///< bytes that wait to be sent; more closes 1013
    Duration ping_every = std::chrono::seconds{25};  ///< silence after which a ping goes out; 0: no pings
    Duration dead_after = std::chrono::seconds{60};  ///< silence after which the peer counts as gone (1006); 0: never
    Duration close_deadline = std::chrono::seconds{5};  ///< how long the peer may take to answer our close
    std::string subprotocol;  ///< asked for by a client; a server answers it when the client asked for it
};

/// One open WebSocket (RFC 6455), text messages only, either side.
///
/// Thread: the loop's. Callbacks never run inside a call to this object.
/// Lifetime: it lives while it is open, also when nobody holds it; its callbacks are released when it closed.
/// An owner that dies before it calls abort(): then no callback comes.
/// Set the callbacks in the callback that delivers the socket; messages wait for that.
class WebSocket {
  public:
    using OnMessage = std::move_only_function<void(std::string_view text)>;
    using OnClose = std::move_only_function<void(std::uint16_t code, std::string_view reason)>;

    virtual ~WebSocket() = default;

    /// Queues one text message (the caller vouches for UTF-8). Ignored when closing. When the queue is full the
    /// socket closes with 1013 and on_close says so.
    virtual void send(std::string text) = 0;

    /// Sends a close frame after what is queued, then on_close(code, reason) once the peer answered or the deadline
    /// passed. Reason: at most 123 bytes, cut if longer.
    virtual void close(std::uint16_t code, std::string_view reason) = 0;

    /// Drops the connection at once. No callback comes any more.
    virtual void abort() = 0;

    /// A whole, valid UTF-8 message. The view is good during the call.
    virtual void on_message(OnMessage fn) = 0;

    /// Once, last of all: code and reason of whoever closed first, or 1006 when the connection broke.
    virtual void on_close(OnClose fn) = 0;

    [[nodiscard]] virtual bool is_open() const = 0;

    /// Bytes handed to send() and not yet to the system.
    [[nodiscard]] virtual std::size_t queued_bytes() const = 0;

    /// "127.0.0.1:40000".
    [[nodiscard]] virtual const std::string& remote_address() const = 0;
};

}  // namespace clarion::net
