// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <expected>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "core/base/time.hpp"
#include "lab/push/fault_script.hpp"
#include "lab/push/push_types.hpp"
#include "net/error.hpp"
#include "net/http2_server.hpp"
#include "net/loop.hpp"

namespace clarion::lab {

/// The last requests, oldest first. An entry is written when its request comes and completed when it is answered.
class PushLog {
  public:
    explicit PushLog(std::size_t max) : max_{max} {}

    /// Gives the entry's number.
    std::uint64_t add(PushLogEntry entry);
    void complete(std::uint64_t number, unsigned status, std::string reason);
    void set_fault(std::uint64_t number, PushFault::Kind kind);
    [[nodiscard]] const std::deque<PushLogEntry>& entries() const { return entries_; }

  private:
    [[nodiscard]] PushLogEntry* find(std::uint64_t number);

    std::size_t max_;
    std::uint64_t first_ = 0;  // Number of the oldest entry.
    std::deque<PushLogEntry> entries_;
};

/// How many pushes came in the present minute.
struct PushPace {
    WallTime minute_from;
    unsigned count = 0;

    /// Counts one more, and gives their number.
    unsigned next(WallTime now) {
        if (now - minute_from >= Duration{60'000}) *this = {.minute_from = now};
        return ++count;
    }
};

/// One request and all that answers it. Copies share the request's stream.
struct PushVisit {
    net::HttpRequest request;
    net::Http2Exchange exchange;
    std::uint64_t entry = 0;  ///< in the log that it came to
};

/// What every local push service has: a listening socket, a clock that may be wrong, a fault script, a log, answers
/// that wait, devices that are told. Thread: the loop's.
class PushDesk {
  public:
    PushDesk(net::Loop& loop, PushServiceOptions options);

    /// Listens with what `server` says beyond address, port and certificate, and gives the port.
    [[nodiscard]] std::expected<std::uint16_t, net::Error> start(
        net::Http2ServerOptions server, net::Http2Server::ExchangeHandler handler
    );
    void stop() { server_.reset(); }
    [[nodiscard]] std::size_t connections() const { return server_ ? server_->connections() : 0; }
    [[nodiscard]] net::Http2ServerStats traffic() const { return server_ ? server_->stats() : net::Http2ServerStats{}; }

    /// The service's own clock.
    [[nodiscard]] WallTime now() const { return options_.wall_now() + skew; }

    /// Now when the delay is not positive.
    void after(Duration delay, std::move_only_function<void()> fn);
    void post(std::move_only_function<void()> fn) { loop_.post(std::move(fn)); }

    /// Writes the request into the log. Nothing: a GOAWAY that is on its way disowned it, and nothing may come of it.
    [[nodiscard]] std::optional<PushVisit> enter(
        PushLog& where, net::HttpRequest request, const net::Http2Exchange& exchange
    );
    /// Answers, and completes the entry in the log with the answer's status.
    void respond(PushLog& where, const PushVisit& visit, net::HttpResponse reply, std::string reason = {});
    void respond(const PushVisit& visit, net::HttpResponse reply, std::string reason = {}) {
        respond(log, visit, std::move(reply), std::move(reason));
    }
    /// Does on the level of HTTP/2 what the fault says. False: the service itself has to act.
    /// So does a stream that a GOAWAY disowned meanwhile: nothing may come of it.
    bool misbehave(PushLog& where, const PushVisit& visit, const PushFault& fault);
    bool misbehave(const PushVisit& visit, const PushFault& fault) { return misbehave(log, visit, fault); }
    /// After the service accepted: what else HTTP/2 is to say.
    void add_last_words(const PushFault& fault, const net::Http2Exchange& exchange);

    FaultScript faults;
    std::uint32_t streams_max = 100;  ///< What a connection may have when no fault limits it.
    Duration skew{0};
    PushLog log;
    OnPush on_push;

  private:
    net::Loop& loop_;
    PushServiceOptions options_;
    std::unique_ptr<net::Http2Server> server_;
    std::list<net::Timer> timers_;

    /// The promises of one connection: RFC 9113 section 6.8 lets a GOAWAY disown only what was not looked at.
    struct Promises {
        std::int32_t handled = 0;           // The highest stream that got its answer or its fate.
        std::int32_t disowned = INT32_MAX;  // From this stream on.
    };
    std::map<std::uint64_t, Promises> promises_;

    [[nodiscard]] Promises& promises_of(const net::Http2Exchange& exchange);
    [[nodiscard]] bool is_disowned(const net::Http2Exchange& exchange);
    void note_handled(const net::Http2Exchange& exchange);
    void say_go_away(const net::Http2Exchange& exchange, const std::string& text, std::int32_t last);
};

/// Empty when the header is absent.
[[nodiscard]] std::string header_text(const net::Headers& headers, std::string_view name);

/// What a device may see of a request: everything but the credential.
[[nodiscard]] net::Headers without_credential(net::Headers headers);

}  // namespace clarion::lab
