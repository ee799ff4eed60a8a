// SPDX-License-Identifier: Apache-2.0
// For net's own sources only: it shows nghttp2.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "net/detail/http2_pump.hpp"
#include "net/http2_server.hpp"

namespace clarion::net::detail {

/// What an Http2Exchange talks to. Every function does nothing once the connection ended.
class ExchangeTarget {
  public:
    virtual ~ExchangeTarget() = default;
    virtual void respond(std::int32_t stream, HttpResponse response) = 0;
    virtual void reset(std::int32_t stream, std::uint32_t code) = 0;
    virtual void go_away(std::uint32_t code, std::string_view debug, std::int32_t last_stream) = 0;
    virtual void retire(std::string_view debug) = 0;
    virtual void set_streams_max(std::uint32_t limit) = 0;
    virtual void set_window(std::uint32_t bytes) = 0;
    virtual void ping() = 0;
    virtual void fall_silent() = 0;
    virtual void drop(bool with_reset) = 0;
};

/// One connection of a server.
class Http2ServerConnection final : public Http2Pump, public ExchangeTarget {
  public:
    struct Hooks {
        std::function<void(HttpRequest, Http2Exchange)> on_request;
        std::function<void(std::uint64_t id)> on_end;
        std::shared_ptr<Http2ServerStats> stats;
    };

    Http2ServerConnection(
        Loop& loop, Stream stream, const Http2ServerOptions& options, std::uint64_t id, std::string remote
    );

    void begin(std::shared_ptr<const Hooks> hooks);
    /// Says GOAWAY and closes at once.
    void end();

    void respond(std::int32_t stream, HttpResponse response) override;
    void reset(std::int32_t stream, std::uint32_t code) override;
    void go_away(std::uint32_t code, std::string_view debug, std::int32_t last_stream) override;
    void retire(std::string_view debug) override;
    void set_streams_max(std::uint32_t limit) override { announce(NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS, limit); }
    void set_window(std::uint32_t bytes) override { announce(NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, bytes); }
    void ping() override;
    void fall_silent() override { mute(); }
    void drop(bool with_reset) override;

  private:
    struct Exchange {
        explicit Exchange(Loop& loop) : timer{loop} {}

        HttpRequest request;
        Timer timer;  // First for the request, then for the handler.
        std::size_t header_bytes = 0;
        unsigned refusal = 0;  // A status that a limit already decided.
        bool is_complete = false;
        bool is_answered = false;
        std::string out;
        std::size_t out_sent = 0;
    };

    void on_batch() override;
    void on_closed(const Error& why) override;

    void arm_idle();
    void announce(nghttp2_settings_id id, std::uint32_t value);
    void deliver(std::int32_t stream);

    // nghttp2's callbacks.
    struct Callbacks;
    void note_begin(std::int32_t stream);
    void note_header(std::int32_t stream, std::string_view name, std::string_view value);
    void note_data(std::int32_t stream, std::string_view data);
    void note_end(std::int32_t stream);
    void note_ping(bool is_answer);
    void note_excess();
    void note_closed(std::int32_t stream);
    [[nodiscard]] Exchange* find(std::int32_t stream);

    const Http2ServerOptions options_;
    const std::uint64_t id_;
    const std::string remote_;
    const bool is_tls_;
    std::shared_ptr<const Hooks> hooks_;
    std::map<std::int32_t, std::unique_ptr<Exchange>> streams_;
    std::vector<std::int32_t> complete_;
    Timer idle_timer_;
    Timer age_timer_;
    Timer retire_timer_;
    unsigned pings_ = 0;              // Since the last request.
    std::int32_t owned_ = INT32_MAX;  // What a GOAWAY did not disown: up to this stream.
};

}  // namespace clarion::net::detail
