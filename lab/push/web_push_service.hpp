// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <deque>
#include <expected>
#include <memory>
#include <string>
#include <string_view>

#include "lab/push/push_types.hpp"
#include "lab/push/web_push_rules.hpp"
#include "net/error.hpp"
#include "net/loop.hpp"

namespace clarion::lab {

struct WebPushServiceOptions : PushServiceOptions {
    std::string host = "localhost";  ///< in endpoints: a name of the certificate
    WebPushDialect dialect = WebPushDialect::rfc;
    bool is_unified_push = false;            ///< a UnifiedPush server: `up…` endpoints, discovery, its looser checks
    Duration ttl_max{30LL * 24 * 3600'000};  ///< messages are kept no longer
    unsigned per_minute = 600;               ///< messages to one subscription; more answers 429
};

/// A local Web Push service (RFC 8030 and 8292), or a UnifiedPush one: HTTP/2 and HTTP/1.1 over TLS on one port.
///
/// What it does over HTTP: POST to an endpoint sends; `Prefer: respond-async` answers 202 with a receipt that GET
/// reads (202 waits, 204 acknowledged, 410 expired or cancelled; the RFC would push it); DELETE of a message's
/// Location cancels it while it waits; POST /subscribe makes a subscription, bound to a key by
/// {"vapid": key} as application/webpush-options+json; DELETE of its Location ends it.
///
/// Thread: the loop's. Bounds: the log keeps the last `log_max` requests; 100 messages wait for a receiver that is
/// away, the oldest goes first; 10,000 subscriptions; the state of the last 1000 messages is known.
class WebPushService {
  public:
    struct Subscription {
        std::string id;
        std::string endpoint;
    };

    WebPushService(net::Loop& loop, const WebPushServiceOptions& options);
    ~WebPushService();
    WebPushService(const WebPushService&) = delete;
    WebPushService& operator=(const WebPushService&) = delete;

    /// Listens, and gives the port. Errors: those of the certificate files and of the port, in one line.
    [[nodiscard]] std::expected<std::uint16_t, net::Error> start();
    void stop();

    /// "https://localhost:1234": what `aud` must be. Known after start().
    [[nodiscard]] std::string origin() const;
    /// The service's own clock.
    [[nodiscard]] WallTime now() const;

    /// For every message that reaches a receiver, after the sender was answered; `receiver` instead, when it is given.
    void on_push(OnPush callback);
    [[nodiscard]] Subscription subscribe(const std::string& vapid_key = {}, OnPush receiver = {});
    /// From now on 410.
    void unsubscribe(const std::string& id);
    /// A receiver that is away gets what did not expire when it comes back.
    void set_online(const std::string& id, bool is_online);
    /// The receiver has handled the message: its receipt says so.
    void acknowledge(const std::string& message_id);

    /// `id` empty: whichever comes.
    void add_fault(const std::string& id, PushFault fault);
    void clear_faults();
    /// The service's clock is that far from the true time.
    void set_skew(Duration skew);

    [[nodiscard]] const std::deque<PushLogEntry>& log() const;

  private:
    struct State;
    std::shared_ptr<State> state_;
};

}  // namespace clarion::lab
