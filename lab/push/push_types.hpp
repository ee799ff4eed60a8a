// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "core/base/time.hpp"
#include "net/http_message.hpp"

namespace clarion::lab {

/// A push on its way to a device, after the service accepted it.
struct DeliveredPush {
    enum class Service : std::uint8_t { apns, fcm };

    Service service = Service::apns;
    std::string token;
    std::string payload;    ///< JSON object that the app is handed: APNs the whole body, FCM the `data` map
    std::string push_type;  ///< APNs: "voip" …; FCM: "data"
    std::string topic;      ///< APNs
    std::string priority;   ///< APNs "10", "5", "1"; FCM "HIGH", "NORMAL"
    std::string collapse_id;
    std::string id;                   ///< apns-id, or the name of the FCM message
    std::optional<WallTime> expires;  ///< APNs apns-expiration (0: epoch); FCM now + ttl
    WallTime received_at;
    net::Headers headers;  ///< of the request, without its credential
};

using OnPush = std::function<void(const DeliveredPush&)>;

/// What a service does instead of accepting a push that passed every check.
struct PushFault {
    enum class Kind : std::uint8_t {
        answer,           ///< `status` and `reason`
        accept,           ///< as without a fault; with `delay`: late
        silence,          ///< no answer, ever
        refuse_stream,    ///< RST_STREAM REFUSED_STREAM
        reset_stream,     ///< RST_STREAM INTERNAL_ERROR
        go_away,          ///< GOAWAY that disowns this stream and all later ones; `reason` is its debug text
        drop_connection,  ///< TCP ends without a word
    };

    Kind kind = Kind::answer;
    unsigned times = 1;  ///< how many pushes it hits
    unsigned status = 503;
    std::string reason;               ///< APNs: "ServiceUnavailable"; FCM: the status word, "UNAVAILABLE"
    Duration delay{0};                ///< before anything happens
    std::string retry_after;          ///< as a header, when not empty
    std::optional<std::string> body;  ///< instead of the usual error body
};

/// One line of a service's log, for assertions.
struct PushLogEntry {
    std::uint64_t connection = 0;
    std::int32_t stream = 0;
    net::HttpRequest request;
    unsigned status = 0;  ///< 0: no answer (a fault)
    std::string reason;
    WallTime received_at;
};

/// Where a service listens and with which certificate.
struct PushServiceOptions {
    std::string address = "127.0.0.1";
    std::uint16_t port = 0;        ///< 0: the system picks
    std::string certificate_file;  ///< PEM, for the name that the sender uses ("localhost")
    std::string key_file;
    std::function<WallTime()> wall_now;  ///< empty: the machine's clock
};

}  // namespace clarion::lab
