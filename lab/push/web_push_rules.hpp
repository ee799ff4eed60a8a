// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/base/time.hpp"
#include "net/http_message.hpp"

namespace clarion::lab {

/// Whose words a refusal has: the standards' bare status, or what a vendor's service says in addition.
enum class WebPushDialect : std::uint8_t { rfc, mozilla, apple, chrome };

/// Where messages of one subscription go.
struct WebPushSubscription {
    std::string id;
    std::string vapid_key;  ///< base64url of the key that alone may send (RFC 8292 section 4.1); empty: anybody may
    bool is_gone = false;
};

enum class WebPushFault : std::uint8_t {
    none,
    unknown_endpoint,
    gone,
    bad_method,
    no_ttl,
    bad_ttl,
    bad_urgency,
    bad_topic,
    bad_encoding,
    empty,      ///< UnifiedPush: a message has a body
    no_vapid,   ///< the subscription is bound to a key and the request shows none
    bad_vapid,  ///< the header or the token cannot be read, or its signature is wrong
    bad_key,    ///< `k` is no P-256 key
    bad_audience,
    bad_expiry,
    bad_contact,
    other_key,  ///< a good token, of another key than the subscription's
    too_large,
    too_many,
};

/// A request that passed.
struct WebPushMessage {
    Duration ttl{0};
    std::string urgency = "normal";
    std::string topic;
    bool wants_receipt = false;
};

struct WebPushVerdict {
    WebPushFault fault = WebPushFault::none;
    WebPushMessage message;
};

struct WebPushPolicy {
    WebPushDialect dialect = WebPushDialect::rfc;
    bool is_unified_push = false;  ///< TTL may be absent, a body must be there, any encoding
    std::string origin;            ///< "https://localhost:8443": what `aud` must be
    Duration ttl_max{0};           ///< a longer TTL is cut to it
};

/// Checks a push to a known subscription. Pure. Order: state, method, TTL, Urgency, Topic, Content-Encoding, VAPID,
/// size. Sources: RFC 8030 section 5, RFC 8292 sections 2 to 4, UnifiedPush server specification 1.2.
[[nodiscard]] WebPushVerdict check_web_push(
    const net::HttpRequest& request, const WebPushSubscription& subscription, const WebPushPolicy& policy, WallTime now
);

/// The refusal in the words of the dialect.
[[nodiscard]] net::HttpResponse web_push_refusal(WebPushFault fault, WebPushDialect dialect);

/// For logs and tests: "bad_ttl".
[[nodiscard]] std::string_view to_string(WebPushFault fault);

/// 65 bytes of an uncompressed point on P-256 as base64url, as `k=` and applicationServerKey have it.
[[nodiscard]] bool is_vapid_key(std::string_view text);

}  // namespace clarion::lab
