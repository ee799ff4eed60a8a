// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <expected>
#include <memory>
#include <string>

#include "lab/push/web_push_service.hpp"
#include "net/error.hpp"
#include "net/loop.hpp"

namespace clarion::lab {

/// The receivers' side of a Web Push service: a WebSocket over which a browser subscribes and gets its messages, in
/// the words of Mozilla's push service (hello, register, unregister, notification, ack, nack, ping). Firefox connects
/// when its preference dom.push.serverURL names it (docs/lab.md).
///
/// A browser that comes back with its `uaid` gets what waited and what it did not acknowledge.
/// Thread: the loop's. Bounds: 1000 browsers, 100 subscriptions of each, messages of 64 kB. Loopback only: no TLS.
class WebPushDoor {
  public:
    WebPushDoor(net::Loop& loop, WebPushService& service);
    ~WebPushDoor();
    WebPushDoor(const WebPushDoor&) = delete;
    WebPushDoor& operator=(const WebPushDoor&) = delete;

    /// Listens, and gives the port; 0 lets the system pick. Errors: those of the port, in one line.
    [[nodiscard]] std::expected<std::uint16_t, net::Error> start(std::uint16_t port = 0);

    /// Browsers that are connected now.
    [[nodiscard]] std::size_t browsers() const;

  private:
    struct State;
    std::shared_ptr<State> state_;
};

}  // namespace clarion::lab
