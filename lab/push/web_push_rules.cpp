// SPDX-License-Identifier: Apache-2.0
#include "lab/push/web_push_rules.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

#include "core/codec/json.hpp"
#include "crypto/base64.hpp"
#include "crypto/jwt.hpp"
#include "crypto/pem.hpp"
#include "lab/push/push_desk.hpp"

namespace clarion::lab {
namespace {

using Fault = WebPushFault;
using Dialect = WebPushDialect;

constexpr std::size_t kBodyMax = 4096;
constexpr std::size_t kTopicMax = 32;
constexpr std::int64_t kTokenLifetimeMaxS = 24 * 3600;

bool is_base64url(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '_';
    });
}

/// RFC 5480: what stands before the 65 bytes of a P-256 point in a SubjectPublicKeyInfo.
std::optional<crypto::PemPublicKey> key_of(std::string_view text) {
    constexpr auto kPrefix =
        std::to_array<std::uint8_t>({0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01,
                                     0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00});
    const auto point = crypto::base64url_decode(text);
    if (!point || point->size() != 65 || point->front() != 0x04) return std::nullopt;
    crypto::Bytes der{kPrefix.begin(), kPrefix.end()};
    der.insert(der.end(), point->begin(), point->end());
    const std::string pem =
        "-----BEGIN PUBLIC KEY-----\n" + crypto::base64_encode(der) + "\n-----END PUBLIC KEY-----\n";
    auto key = crypto::PemPublicKey::parse(pem, "VAPID key");
    if (!key) return std::nullopt;
    return *std::move(key);
}

struct Vapid {
    std::string_view token;
    std::string_view key;
};

std::string_view trim(std::string_view text) {
    while (text.starts_with(' ')) text.remove_prefix(1);
    while (text.ends_with(' ')) text.remove_suffix(1);
    return text;
}

/// "vapid t=…, k=…" (RFC 8292 section 3), parameters in any order.
std::optional<Vapid> parse_vapid(std::string_view header) {
    constexpr std::string_view kScheme = "vapid ";
    if (header.size() < kScheme.size()) return std::nullopt;
    std::string scheme{header.substr(0, kScheme.size())};
    std::transform(scheme.begin(), scheme.end(), scheme.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    if (scheme != kScheme) return std::nullopt;
    header.remove_prefix(kScheme.size());
    Vapid vapid;
    while (!header.empty()) {
        const auto end = std::min(header.find(','), header.size());
        const auto one = trim(header.substr(0, end));
        header.remove_prefix(std::min(end + 1, header.size()));
        if (one.starts_with("t=")) vapid.token = one.substr(2);
        if (one.starts_with("k=")) vapid.key = one.substr(2);
    }
    if (vapid.token.empty() || vapid.key.empty()) return std::nullopt;
    return vapid;
}

bool is_contact(std::string_view contact, Dialect dialect) {
    const bool is_shaped = contact.starts_with("mailto:") || contact.starts_with("https:");
    if (dialect != Dialect::apple) return contact.empty() || is_shaped;
    return is_shaped && !contact.contains("@localhost") && !contact.contains("//localhost");
}

Fault check_vapid(
    std::string_view header, const WebPushSubscription& subscription, const WebPushPolicy& policy, WallTime now
) {
    const bool is_bound = !subscription.vapid_key.empty();
    if (header.empty()) return is_bound ? Fault::no_vapid : Fault::none;
    const auto vapid = parse_vapid(header);
    if (!vapid) return Fault::bad_vapid;
    const auto key = key_of(vapid->key);
    if (!key) return Fault::bad_key;
    const auto claims_json = crypto::verify_es256(vapid->token, *key);
    if (!claims_json) return Fault::bad_vapid;
    const auto document = codec::Document::parse(*claims_json, crypto::kJwtMax);
    if (!document) return Fault::bad_vapid;
    const codec::Node claims = document->root();
    if (claims.get("aud").text() != policy.origin) return Fault::bad_audience;
    const auto expires_s = claims.get("exp").signed_integer();
    const std::int64_t now_s = now.ms / 1000;
    if (!expires_s || *expires_s <= now_s || *expires_s > now_s + kTokenLifetimeMaxS) return Fault::bad_expiry;
    const auto contact = claims.get("sub");
    if (contact.exists() && !contact.text()) return Fault::bad_contact;
    if (!is_contact(contact.text().value_or(std::string_view{}), policy.dialect)) return Fault::bad_contact;
    return is_bound && vapid->key != subscription.vapid_key ? Fault::other_key : Fault::none;
}

Fault check_ttl(const net::HttpRequest& request, const WebPushPolicy& policy, WebPushMessage& message) {
    const std::string* ttl = net::find_header(request.headers, "ttl");
    if (ttl == nullptr) {
        message.ttl = policy.ttl_max;
        return policy.is_unified_push ? Fault::none : Fault::no_ttl;
    }
    std::int64_t seconds = -1;
    const auto [end, error] = std::from_chars(ttl->data(), ttl->data() + ttl->size(), seconds);
    if (error == std::errc::result_out_of_range && ttl->front() != '-') seconds = INT64_MAX;
    if (end != ttl->data() + ttl->size() || seconds < 0) return Fault::bad_ttl;
    message.ttl = Duration{std::min(seconds, policy.ttl_max.count() / 1000) * 1000};
    return Fault::none;
}

Fault check_headers(const net::HttpRequest& request, const WebPushPolicy& policy, WebPushMessage& message) {
    if (const auto fault = check_ttl(request, policy, message); fault != Fault::none) return fault;
    if (const auto* urgency = net::find_header(request.headers, "urgency")) {
        constexpr auto kWords = std::to_array<std::string_view>({"very-low", "low", "normal", "high"});
        if (std::find(kWords.begin(), kWords.end(), *urgency) == kWords.end()) return Fault::bad_urgency;
        message.urgency = *urgency;
    }
    if (const auto* topic = net::find_header(request.headers, "topic")) {
        if (topic->empty() || topic->size() > kTopicMax || !is_base64url(*topic)) return Fault::bad_topic;
        if (policy.dialect == Dialect::apple && topic->size() % 4 == 1) return Fault::bad_topic;
        message.topic = *topic;
    }
    message.wants_receipt = header_text(request.headers, "prefer").contains("respond-async");
    if (policy.is_unified_push) return request.body.empty() ? Fault::empty : Fault::none;
    const bool is_sealed = header_text(request.headers, "content-encoding") == "aes128gcm";
    return request.body.empty() || is_sealed ? Fault::none : Fault::bad_encoding;
}

/// One row of every dialect's vocabulary.
struct Words {
    Fault fault;
    std::string_view name;
    unsigned status;
    unsigned mozilla_status;
    int mozilla_errno;
    unsigned apple_status;
    std::string_view apple_reason;
    std::string_view text;
};

constexpr auto kWords = std::to_array<Words>({
    {Fault::none, "none", 201, 201, 0, 201, "", ""},
    {Fault::unknown_endpoint, "unknown_endpoint", 404, 404, 102, 404, "", "no such subscription"},
    {Fault::gone, "gone", 410, 410, 106, 410, "", "push subscription has unsubscribed or expired"},
    {Fault::bad_method, "bad_method", 405, 405, 0, 405, "", "a push is a POST"},
    {Fault::no_ttl, "no_ttl", 400, 400, 111, 400, "BadTtl", "the header TTL is missing"},
    {Fault::bad_ttl, "bad_ttl", 400, 400, 112, 400, "BadTtl", "TTL is a number of seconds, 0 or more"},
    {Fault::bad_urgency, "bad_urgency", 400, 400, 0, 400, "BadUrgency", "Urgency is very-low, low, normal or high"},
    {Fault::bad_topic, "bad_topic", 400, 400, 113, 400, "BadWebPushTopic",
     "Topic has 1 to 32 characters of the base64url alphabet"},
    {Fault::bad_encoding, "bad_encoding", 400, 400, 110, 400, "BadWebPushRequest", "Content-Encoding must be aes128gcm"
    },
    {Fault::empty, "empty", 400, 400, 110, 400, "BadWebPushRequest", "a message has 1 to 4096 bytes"},
    {Fault::no_vapid, "no_vapid", 401, 401, 109, 403, "BadJwtToken", "authorization header missing"},
    {Fault::bad_vapid, "bad_vapid", 403, 401, 109, 403, "BadJwtToken", "the VAPID token is not valid"},
    {Fault::bad_key, "bad_key", 403, 401, 109, 403, "BadVapidPublicKey", "k is no P-256 key"},
    {Fault::bad_audience, "bad_audience", 403, 401, 109, 403, "BadJwtToken", "aud is not the origin of the push service"
    },
    {Fault::bad_expiry, "bad_expiry", 403, 401, 109, 403, "BadJwtToken", "exp is past or more than 24 hours ahead"},
    {Fault::bad_contact, "bad_contact", 403, 401, 109, 403, "BadJwtToken", "sub is no mailto: or https: contact"},
    {Fault::other_key, "other_key", 403, 401, 109, 400, "VapidPkHashMismatch",
     "the VAPID credentials in the authorization header do not correspond to the credentials used to create the "
     "subscriptions."},
    {Fault::too_large, "too_large", 413, 413, 104, 413, "PayloadTooLarge", "a message has at most 4096 bytes"},
    {Fault::too_many, "too_many", 429, 429, 0, 429, "TooManyRequests", "too many messages for this subscription"},
});

const Words& words_of(Fault fault) {
    return *std::find_if(kWords.begin(), kWords.end(), [&](const Words& one) { return one.fault == fault; });
}

std::string mozilla_body(const Words& words) {
    codec::Writer json;
    json.begin_object().key("code").unsigned_integer(words.mozilla_status);
    json.key("errno");
    words.mozilla_errno == 0 ? json.null() : json.integer(words.mozilla_errno);
    json.key("error").text(net::reason_phrase(words.mozilla_status));
    const bool is_mismatch = words.fault == Fault::other_key;
    json.key("message").text(is_mismatch ? "VAPID public key mismatch" : words.text).end_object();
    return json.take();
}

}  // namespace

bool is_vapid_key(std::string_view text) { return key_of(text).has_value(); }

std::string_view to_string(WebPushFault fault) { return words_of(fault).name; }

WebPushVerdict check_web_push(
    const net::HttpRequest& request, const WebPushSubscription& subscription, const WebPushPolicy& policy, WallTime now
) {
    WebPushVerdict verdict;
    const auto found = [&] {
        if (subscription.is_gone) return Fault::gone;
        if (request.method != "POST") return Fault::bad_method;
        if (const auto fault = check_headers(request, policy, verdict.message); fault != Fault::none) return fault;
        const auto vapid = header_text(request.headers, "authorization");
        if (const auto fault = check_vapid(vapid, subscription, policy, now); fault != Fault::none) return fault;
        return request.body.size() > kBodyMax ? Fault::too_large : Fault::none;
    };
    verdict.fault = found();
    return verdict;
}

net::HttpResponse web_push_refusal(WebPushFault fault, WebPushDialect dialect) {
    const Words& words = words_of(fault);
    if (dialect == Dialect::mozilla) {
        net::HttpResponse reply{
            .status = words.mozilla_status,
            .headers = {{"content-type", "application/json"}},
            .body = mozilla_body(words)
        };
        if (reply.status == 410) reply.headers.push_back({"cache-control", "max-age=86400"});
        return reply;
    }
    if (dialect == Dialect::apple) {
        net::HttpResponse reply{.status = words.apple_status};
        if (words.apple_reason.empty()) return reply;
        reply.headers.push_back({"content-type", "application/json"});
        reply.body = R"({"reason":")" + std::string{words.apple_reason} + "\"}";
        return reply;
    }
    return {
        .status = words.status,
        .headers = {{"content-type", "text/plain; charset=utf-8"}},
        .body = std::string{words.text} + "\n"
    };
}

}  // namespace clarion::lab
