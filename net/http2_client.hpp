// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/time.hpp"
#include "net/error.hpp"
#include "net/http_message.hpp"
#include "net/loop.hpp"
#include "net/tls.hpp"

namespace clarion::net {

/// Why a request has no response, and what is known about the peer: the caller decides by that whether to send again.
enum class Http2ErrorCode : std::uint8_t {
    queue_full,      ///< nothing was sent; shed load, or send again later
    connect_failed,  ///< nothing was sent; `cause` says why: retry later, unless it is tls_untrusted
    unprocessed,     ///< the peer said that it did not look at it, again and again: send again elsewhere or later
    timed_out,       ///< the deadline passed; see `was_sent`
    lost,       ///< the connection ended after it was sent: the peer may have acted; repeat only what is idempotent
    reset,      ///< the peer reset the stream after it was sent: as lost
    too_large,  ///< the response passed a limit; the peer acted
    cancelled,  ///< it was not wanted any more
};

[[nodiscard]] std::string_view to_string(Http2ErrorCode code);

struct Http2Error {
    Http2ErrorCode code = Http2ErrorCode::lost;
    bool was_sent = false;       ///< false: certainly nothing happened at the peer
    std::optional<Error> cause;  ///< of connect_failed and lost
    std::string message;         ///< for people; never holds tokens, paths or bodies
};

struct Http2Request {
    std::string method = "POST";
    std::string path = "/";  ///< with query; goes out as a literal that is never indexed
    /// What many requests have in common, shared instead of copied: goes through HPACK's table (but `authorization`,
    /// which is never indexed). Names in lower case.
    std::shared_ptr<const Headers> common;
    Headers headers;  ///< of this request alone: values are never indexed; names are written in lower case
    std::string body;
    Duration deadline = std::chrono::seconds{10};  ///< for all of it: queue, connect, response
    Duration answer_deadline{0};                   ///< from a stream of its own to the response; 0: only `deadline`
    std::size_t body_max = 64 * 1024;              ///< of the response
    bool is_urgent = true;                         ///< false: goes behind everything that is urgent
    /// Asked each time before it goes to a connection; false: it ends as cancelled and nothing leaves. Null: always
    /// wanted. Lives as long as the callback.
    const std::function<bool()>* is_wanted = nullptr;
};

struct Http2ClientOptions {
    std::string host;
    std::uint16_t port = 443;
    std::shared_ptr<TlsContext> tls;  ///< a client context that offers h2; null: plain with prior knowledge
    Duration connect_deadline = std::chrono::seconds{3};  ///< look-up, TCP, TLS and the peer's SETTINGS
    Duration write_deadline = std::chrono::seconds{10};   ///< for the peer to take bytes; then the connection is lost
    std::size_t queue_max = 10'000;                       ///< requests that wait
    std::size_t streams_max = 1'000;                      ///< our own cap of a connection, under the peer's
    /// Refuses loopback, private, link-local, shared and multicast addresses, also those that a name resolves to: for
    /// hosts that strangers may name (SSRF). What was checked is what is connected to.
    bool public_only = false;
    std::size_t connections_min = 0;  ///< kept open from warm_up() on; 0: one is made when a request needs it
    std::size_t connections_max = 1;  ///< one more is opened when those there are carry 70 % of what they may
    Duration open_pause = std::chrono::seconds{1};  ///< between two openings while another connection works
    unsigned unprocessed_max = 3;                   ///< a request that the peer refused goes out so often again
    Duration ping_idle{0};                          ///< PING when nothing was asked for so long; 0: never (FCM)
    Duration ping_silence =
        std::chrono::seconds{5};  ///< PING when requests wait and nothing came for so long; 0: never
    Duration ping_deadline = std::chrono::seconds{5};  ///< for its answer; then the connection is lost
    Duration age_max{0};                               ///< replace a connection after that; 0: never
};

struct Http2ClientStats {
    std::uint64_t connects = 0;  ///< connections that became usable
    std::uint64_t connect_failures = 0;
    std::uint64_t sent = 0;         ///< requests handed to a connection, repeats included
    std::uint64_t unprocessed = 0;  ///< of these: refused unlooked-at
    std::uint64_t goaways = 0;
    std::uint64_t pings = 0;
    std::uint64_t expired = 0;    ///< requests whose deadline passed before they were sent
    std::size_t connections = 0;  ///< that take requests now
    std::size_t queued = 0;
    std::size_t in_flight = 0;
    std::size_t streams_limit = 0;  ///< what the peer allows at once now, over all connections; 0: there is none
    std::string goaway_text;        ///< the peer's last words, printable, at most 256 bytes
};

/// HTTP/2 (RFC 9113) to one host and port for one credential: a pool of one or more connections with one queue.
///
/// A connection is made when first needed, or ahead of need (`connections_min`, and one more whenever those there are
/// get full), each with a fresh look-up, and again after it was lost. Each request goes to the connection with the
/// fewest under way; what is over every peer's MAX_CONCURRENT_STREAMS waits in the bounded queue; none goes out before
/// a peer's first SETTINGS. After GOAWAY no new stream starts there, what the peer still processes is awaited, and
/// everything else moves to another connection. Streams that were refused (REFUSED_STREAM, above GOAWAY's last id,
/// never written) are sent again without the caller noticing. Openings that fail while nobody waits for them are
/// repeated with back-off (250 ms to 30 s, full jitter); a request that finds no connection tries at once.
///
/// Thread: the loop's. Re-entry: callbacks run from the loop, never inside a call of this class; they may call
/// anything here, and destroy it.
/// Bounds: see the options; response headers at most 16 kB.
/// Not libcurl: it resets streams that end with their headers, which APNs-like services punish.
class Http2Client {
  public:
    using Callback = std::move_only_function<void(std::expected<HttpResponse, Http2Error>)>;

    Http2Client(Loop& loop, Http2ClientOptions options);
    /// Drops everything; callbacks are not called any more.
    ~Http2Client();
    Http2Client(const Http2Client&) = delete;
    Http2Client& operator=(const Http2Client&) = delete;

    /// Sends once; calls back once, with any status or with an error.
    void request(Http2Request request, Callback callback);

    /// Connects now, so that the first request does not wait for it, and keeps `connections_min` from now on.
    void warm_up();

    /// No new request uses a connection; those under way finish on it. Inside a callback: the connection that brought
    /// its answer; otherwise all of them. For peers whose connections stay broken after a certain answer (APNs after
    /// ExpiredProviderToken, or when one answers 500 again and again), and when a key was changed.
    void replace_connection();

    [[nodiscard]] Http2ClientStats stats() const;

  private:
    struct State;
    std::shared_ptr<State> state_;
};

}  // namespace clarion::net
