// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <deque>
#include <expected>
#include <functional>
#include <list>
#include <memory>
#include <string>

#include "core/base/time.hpp"
#include "lab/push/fault_script.hpp"
#include "lab/push/push_types.hpp"
#include "net/error.hpp"
#include "net/http2_server.hpp"
#include "net/loop.hpp"

namespace clarion::lab {

/// What every local push service has: a listening socket, a clock that may be wrong, a fault script, a log, answers
/// that wait, devices that are told. Thread: the loop's.
class PushDesk {
  public:
    static constexpr std::size_t kLogMax = 1000;

    PushDesk(net::Loop& loop, PushServiceOptions options);

    /// Listens with what `server` says beyond address, port and certificate, and gives the port.
    [[nodiscard]] std::expected<std::uint16_t, net::Error> start(
        net::Http2ServerOptions server, net::Http2Server::ExchangeHandler handler
    );
    void stop() { server_.reset(); }
    [[nodiscard]] std::size_t connections() const { return server_ ? server_->connections() : 0; }

    /// The service's own clock.
    [[nodiscard]] WallTime now() const { return options_.wall_now() + skew; }

    /// Now when the delay is not positive.
    void after(Duration delay, std::move_only_function<void()> fn);
    void post(std::move_only_function<void()> fn) { loop_.post(std::move(fn)); }

    void note(
        std::deque<PushLogEntry>& where,
        const net::HttpRequest& request,
        const net::Http2Exchange& exchange,
        unsigned status,
        std::string reason
    ) const;
    void note(
        const net::HttpRequest& request, const net::Http2Exchange& exchange, unsigned status, std::string reason
    ) {
        note(log, request, exchange, status, std::move(reason));
    }

    FaultScript faults;
    Duration skew{0};
    std::deque<PushLogEntry> log;
    OnPush on_push;

  private:
    net::Loop& loop_;
    PushServiceOptions options_;
    std::unique_ptr<net::Http2Server> server_;
    std::list<net::Timer> timers_;
};

/// Empty when the header is absent.
[[nodiscard]] std::string header_text(const net::Headers& headers, std::string_view name);

/// What a device may see of a request: everything but the credential.
[[nodiscard]] net::Headers without_credential(net::Headers headers);

}  // namespace clarion::lab
