// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "core/base/time.hpp"
#include "net/http_message.hpp"

namespace clarion::lab {

enum class PushService : std::uint8_t { apns, fcm, web_push, unified_push };

/// A push on its way to a device, after the service accepted it.
struct DeliveredPush {
    PushService service = PushService::apns;
    std::string token;      ///< of the device; Web Push and UnifiedPush: the id in the endpoint
    std::string payload;    ///< APNs: the whole JSON body; FCM: the `data` map; the others: the body as it came, sealed
    std::string push_type;  ///< APNs: "voip" …; FCM: "data", or "deleted" (messages were lost while the device was
                            ///< away); the others: the content encoding, "aes128gcm"
    std::string topic;      ///< APNs
    std::string priority;   ///< APNs "10", "5", "1"; FCM "HIGH", "NORMAL"; the others: Urgency
    std::string original_priority;    ///< FCM: what the sender asked for, when the device gets less
    std::string collapse_id;          ///< APNs apns-collapse-id; FCM collapse_key; the others: Topic
    std::string id;                   ///< apns-id, the name of the FCM message, or the id in Location
    std::optional<WallTime> expires;  ///< APNs apns-expiration (0: epoch); the others now + TTL
    WallTime received_at;
    net::Headers headers;  ///< of the request, without its credential
};

using OnPush = std::function<void(const DeliveredPush&)>;

/// What a service does instead of accepting a push that passed every check.
struct PushFault {
    enum class Kind : std::uint8_t {
        answer,            ///< `status` and `reason`
        accept,            ///< as without a fault; with `delay`: the answer is late
        deliver_late,      ///< accepts at once; the device gets it `lasts` later
        damage,            ///< accepts; the device gets it with one bit turned (Web Push, UnifiedPush)
        throttle,          ///< 429 in the service's own words, with `retry_after`
        unregister,        ///< the token dies with this push and stays dead
        silence,           ///< no answer, ever
        refuse_stream,     ///< RST_STREAM REFUSED_STREAM
        reset_stream,      ///< RST_STREAM INTERNAL_ERROR
        cancel_stream,     ///< RST_STREAM CANCEL
        go_away,           ///< GOAWAY that disowns this stream and all later ones; `reason` is its debug text
        last_words,        ///< accepts, and says GOAWAY that disowns all later streams
        retire,            ///< accepts, and says GOAWAY in two steps: streams that cross it are served
        limit_streams,     ///< accepts, and announces `streams` as the limit from now on
        starve,            ///< accepts, and lets no byte of a body in for as long as it `lasts` (flow control)
        drop_connection,   ///< TCP ends without a word
        abort_connection,  ///< TCP is reset
        deafen,            ///< nothing is read or said on this connection any more, not even the answer to a PING
    };

    Kind kind = Kind::answer;
    unsigned times = 1;  ///< how many pushes it hits
    unsigned after = 0;  ///< how many pass before
    unsigned status = 503;
    std::string reason;  ///< APNs: "ServiceUnavailable"; FCM: the status word, "UNAVAILABLE"
    Duration delay{0};   ///< before anything happens
    Duration lasts{0};
    std::string retry_after;          ///< as a header, when not empty
    std::optional<std::string> body;  ///< instead of the usual error body
    std::uint32_t streams = 1;
};

/// One line of a service's log, for assertions: a request from the moment at which it came.
struct PushLogEntry {
    std::uint64_t connection = 0;
    std::int32_t stream = 0;
    net::HttpRequest request;
    unsigned status = 0;  ///< 0: no answer, or none yet
    std::string reason;
    std::optional<PushFault::Kind> fault;  ///< what the script made of it
    WallTime received_at;                  ///< by the service's clock
    Instant arrived;                       ///< by the machine's, which no script sets wrong
};

/// Where a service listens and with which certificate.
struct PushServiceOptions {
    std::string address = "127.0.0.1";
    std::uint16_t port = 0;        ///< 0: the system picks
    std::string certificate_file;  ///< PEM, for the name that the sender uses ("localhost")
    std::string key_file;
    std::function<WallTime()> wall_now;  ///< empty: the machine's clock
    std::size_t log_max = 1000;          ///< requests that the log remembers
};

}  // namespace clarion::lab
