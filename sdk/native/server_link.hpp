// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <expected>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "core/engine/inputs.hpp"
#include "net/loop.hpp"

namespace clarion::native {

/// The connection to the server's `/v1/connect`: one at a time, opened and closed by the engine's word.
///
/// Thread: the loop's. Callbacks come from the loop, never inside a call of this class.
/// Time: a connect takes at most 10 s; a silent peer is noticed after 60 s (pings after 25 s).
class ServerLink {
  public:
    struct Callbacks {
        std::function<void()> opened;
        std::function<void(engine::SignallingFault fault, const std::string& text)> closed;
        std::function<void(std::string_view text)> received;
    };

    /// `server`: "https://host:port" (or http, for tests). `ca_file` empty: the system's authorities.
    /// Error: one line about the URL or the file.
    [[nodiscard]] static std::expected<std::unique_ptr<ServerLink>, std::string> create(
        net::Loop& loop, const std::string& server, const std::string& ca_file, Callbacks callbacks
    );

    virtual ~ServerLink() = default;

    /// Then opened() or closed(). Nothing happens when it is open or being opened.
    virtual void open() = 0;
    /// Sends what is queued, then says good-bye. closed() does not come.
    virtual void close() = 0;
    /// Dropped when it is not open: the engine repeats what was not acknowledged.
    virtual void send(std::string text) = 0;
    /// True when nothing waits to be sent and no connection is open or being closed.
    [[nodiscard]] virtual bool is_quiet() const = 0;
};

}  // namespace clarion::native
