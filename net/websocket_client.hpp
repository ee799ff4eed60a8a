// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <expected>
#include <functional>
#include <memory>
#include <string>

#include "core/base/time.hpp"
#include "net/error.hpp"
#include "net/http_message.hpp"
#include "net/loop.hpp"
#include "net/operation.hpp"
#include "net/tls.hpp"
#include "net/websocket.hpp"

namespace clarion::net {

struct WebSocketConnect {
    std::string host;
    std::uint16_t port = 0;
    std::string target = "/";
    std::shared_ptr<TlsContext> tls;               ///< a client context; null: plain
    Headers headers;                               ///< added to the upgrade request, for example Authorization
    Duration deadline = std::chrono::seconds{10};  ///< for all of it, name look-up to upgrade
    WebSocketOptions websocket;
};

using WebSocketCallback = std::move_only_function<void(std::expected<std::shared_ptr<WebSocket>, Error>)>;

/// Connects, upgrades, and calls back once. Set the socket's callbacks inside the callback.
/// Thread: the loop's; the callback comes later from the loop.
/// Errors: as http_request; a server that answers without upgrading is `protocol`, its status in the message
/// ("... answered 401").
Operation websocket_connect(Loop& loop, WebSocketConnect request, WebSocketCallback callback);

}  // namespace clarion::net
