// SPDX-License-Identifier: Apache-2.0
#include "lab/push/apns_rules.hpp"

#include <algorithm>
#include <array>
#include <set>

#include "core/base/uuid.hpp"
#include "core/codec/json.hpp"
#include "crypto/jwt.hpp"

namespace clarion::lab {
namespace {

constexpr std::string_view kDevicePath = "/3/device/";
constexpr std::string_view kVoipSuffix = ".voip";
constexpr std::size_t kCollapseIdMax = 64;
constexpr std::size_t kPayloadMax = 4096;
constexpr std::size_t kVoipPayloadMax = 5120;
constexpr Duration kTokenLifetime{60 * 60'000};
constexpr Duration kTokenChangeMin{20 * 60'000};
constexpr Duration kFutureMax{5 * 60'000};

struct PushType {
    std::string_view name;
    std::string_view suffix;
};

constexpr auto kPushTypes = std::to_array<PushType>({
    {"alert", ""},
    {"background", ""},
    {"voip", ".voip"},
    {"complication", ".complication"},
    {"fileprovider", ".pushkit.fileprovider"},
    {"location", ".location-query"},
    {"liveactivity", ".push-type.liveactivity"},
    {"pushtotalk", ".voip-ptt"},
    {"widgets", ".push-type.widgets"},
    {"controls", ".push-type.controls"},
    {"mdm", ""},
});

constexpr ApnsAnswer kGood{};

ApnsAnswer bad(std::string_view reason) { return {.status = 400, .reason = reason}; }

ApnsAnswer forbidden(std::string_view reason) { return {.status = 403, .reason = reason}; }

std::string_view header(const net::HttpRequest& request, std::string_view name) {
    const std::string* value = net::find_header(request.headers, name);
    return value == nullptr ? std::string_view{} : std::string_view{*value};
}

bool is_digits(std::string_view text) {
    return !text.empty() && text.size() <= 18 &&
           std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

bool is_hex(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
    });
}

bool is_topic(std::string_view text) {
    return text.size() <= 255 && std::all_of(text.begin(), text.end(), [](char c) {
               return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.' ||
                      c == '-' || c == '_';
           });
}

/// Binds the connection to its first good token. A newer one counts as a change; going back to an older one does not.
ApnsAnswer note_token(const ApnsKey& key, WallTime issued_at, ApnsConnection& connection, WallTime now) {
    if (connection.is_proven && issued_at <= connection.token_issued_at) return kGood;
    if (connection.is_proven && now - connection.token_changed_at < kTokenChangeMin) {
        return {.status = 429, .reason = "TooManyProviderTokenUpdates"};
    }
    connection.team_id = key.team_id;
    connection.is_of_topics = !key.bundle_ids.empty();
    connection.token_issued_at = issued_at;
    // The first one may have served elsewhere before: it counts from its birth.
    connection.token_changed_at = connection.is_proven ? now : std::min(now, issued_at);
    connection.is_proven = true;
    return kGood;
}

/// The bundle id inside a topic.
std::string_view bundle_of(std::string_view topic) {
    for (const PushType& type : kPushTypes) {
        if (!type.suffix.empty() && topic.ends_with(type.suffix)) {
            topic.remove_suffix(type.suffix.size());
            break;
        }
    }
    return topic;
}

bool has_duplicates(const net::Headers& headers) {
    std::set<std::string_view> seen;
    return std::any_of(headers.begin(), headers.end(), [&](const net::Header& one) {
        const bool counts = one.name.starts_with("apns-") || one.name == "authorization";
        return counts && !seen.insert(one.name).second;
    });
}

ApnsAnswer check_push_type(std::string_view name, std::string_view topic) {
    if (name.empty()) return kGood;  // Inferred from the topic, as the live service does.
    const auto* type =
        std::find_if(kPushTypes.begin(), kPushTypes.end(), [&](const PushType& one) { return one.name == name; });
    if (type == kPushTypes.end()) return bad("InvalidPushType");
    const auto* named = std::find_if(kPushTypes.begin(), kPushTypes.end(), [&](const PushType& one) {
        return !one.suffix.empty() && topic.ends_with(one.suffix);
    });
    const std::string_view suffix = named == kPushTypes.end() ? std::string_view{} : named->suffix;
    // Seen on the live service: a VoIP push to a topic without the suffix is told by the token, not by the type.
    if (suffix != type->suffix && !(name == "voip" && suffix.empty())) return bad("InvalidPushType");
    return kGood;
}

}  // namespace

std::string_view ApnsRules::token_of(std::string_view path) {
    return path.starts_with(kDevicePath) ? path.substr(kDevicePath.size()) : std::string_view{};
}

ApnsAnswer ApnsRules::check(const net::HttpRequest& request, ApnsConnection& connection, WallTime now) const {
    if (const auto answer = check_headers(request); answer.status != 200) return answer;
    if (const auto answer = check_path(request.path); answer.status != 200) return answer;
    if (const auto answer = check_credential(request, connection, now); answer.status != 200) return answer;
    if (const auto answer = check_device(request); answer.status != 200) return answer;
    return check_body(request);
}

ApnsAnswer ApnsRules::check_headers(const net::HttpRequest& request) const {
    if (has_duplicates(request.headers)) return bad("DuplicateHeaders");
    const auto id = header(request, "apns-id");
    if (!id.empty() && !Uuid::parse(id)) return bad("BadMessageId");
    if (request.method != "POST") return {.status = 405, .reason = "MethodNotAllowed"};
    const auto topic = header(request, "apns-topic");
    if (topic.empty()) return bad("MissingTopic");
    if (!is_topic(topic)) return bad("BadTopic");
    if (header(request, "apns-collapse-id").size() > kCollapseIdMax) return bad("BadCollapseId");
    const auto priority = header(request, "apns-priority");
    const auto type = header(request, "apns-push-type");
    const bool is_known = priority.empty() || priority == "10" || priority == "5" || priority == "1";
    if (!is_known || (type == "background" && priority == "10")) return bad("BadPriority");
    const auto* expiration = net::find_header(request.headers, "apns-expiration");
    if (expiration != nullptr && !is_digits(*expiration)) return bad("BadExpirationDate");
    return check_push_type(type, topic);
}

ApnsAnswer ApnsRules::check_path(std::string_view path) const {
    if (path == "/3/device" || path == kDevicePath) return bad("MissingDeviceToken");
    if (!path.starts_with(kDevicePath)) return {.status = 404, .reason = "BadPath"};
    const auto token = token_of(path);
    if (token.size() % 2 != 0 || !is_hex(token)) return bad("BadDeviceToken");
    return kGood;
}

ApnsAnswer ApnsRules::check_credential(const net::HttpRequest& request, ApnsConnection& connection, WallTime now)
    const {
    const auto authorization = header(request, "authorization");
    const std::size_t space = authorization.find(' ');
    std::string scheme{authorization.substr(0, space)};
    std::transform(scheme.begin(), scheme.end(), scheme.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    if (scheme != "bearer" || space == std::string_view::npos) return forbidden("MissingProviderToken");
    const auto token = authorization.substr(space + 1);
    const auto seen = crypto::peek_jwt(token);
    const auto key = seen ? keys.find(seen->key_id) : keys.end();
    if (key == keys.end()) return forbidden("InvalidProviderToken");
    const auto claims = crypto::verify_es256(token, key->second.public_key);
    if (!claims) return forbidden("InvalidProviderToken");
    const auto document = codec::Document::parse(*claims, crypto::kJwtMax);
    const auto issuer = document ? document->root().get("iss").text() : std::nullopt;
    const auto issued_at_s = document ? document->root().get("iat").signed_integer() : std::nullopt;
    if (!issuer || *issuer != key->second.team_id || !issued_at_s) return forbidden("InvalidProviderToken");
    const WallTime issued_at{*issued_at_s * 1000};
    if (now - issued_at > kTokenLifetime) {
        connection.is_wedged = policy_.wedges;
        return forbidden("ExpiredProviderToken");
    }
    if (connection.is_wedged) return forbidden("ExpiredProviderToken");
    if (issued_at - now > kFutureMax) return forbidden("InvalidProviderToken");
    if (key->second.environment && *key->second.environment != environment_) {
        return forbidden(policy_.is_short_of_id ? "BadEnvironmentKeyInToken" : "BadEnvironmentKeyIdInToken");
    }
    if (const auto answer = check_binding(key->second, connection); answer.status != 200) return answer;
    const auto& bundles = key->second.bundle_ids;
    const auto bundle = bundle_of(header(request, "apns-topic"));
    if (!bundles.empty() && std::find(bundles.begin(), bundles.end(), bundle) == bundles.end()) {
        return bad("TopicDisallowed");
    }
    return note_token(key->second, issued_at, connection, now);
}

ApnsAnswer ApnsRules::check_binding(const ApnsKey& key, const ApnsConnection& connection) const {
    if (!connection.is_proven) return kGood;
    if (connection.team_id != key.team_id) {
        return forbidden(policy_.forbids_other_team ? "Forbidden" : "InvalidProviderToken");
    }
    return connection.is_of_topics == !key.bundle_ids.empty() ? kGood : forbidden("UnrelatedKeyIdInToken");
}

ApnsAnswer ApnsRules::check_device(const net::HttpRequest& request) const {
    const auto at = devices.find(std::string{token_of(request.path)});
    if (at == devices.end() || at->second.environment != environment_) return bad("BadDeviceToken");
    const ApnsDevice& device = at->second;
    const auto topic = header(request, "apns-topic");
    if (bundle_of(topic) != device.bundle_id) return bad("DeviceTokenNotForTopic");
    const bool is_voip_topic = topic.ends_with(kVoipSuffix);
    if (!is_voip_topic && header(request, "apns-push-type") == "voip") return bad("DeviceTokenNotForTopic");
    if (device.kind == ApnsDevice::Kind::alert && is_voip_topic) return bad("DeviceTokenNotForTopic");
    if (device.kind == ApnsDevice::Kind::voip && !is_voip_topic) return bad("TopicDisallowed");
    if (device.unregistered_at) {
        return {.status = 410, .reason = "Unregistered", .timestamp = device.unregistered_at};
    }
    if (device.expired_at) return {.status = 410, .reason = "ExpiredToken", .timestamp = device.expired_at};
    return kGood;
}

ApnsAnswer ApnsRules::check_body(const net::HttpRequest& request) {
    if (request.body.empty()) return bad("PayloadEmpty");
    const bool is_voip = header(request, "apns-topic").ends_with(kVoipSuffix);
    const std::size_t limit = is_voip ? kVoipPayloadMax : kPayloadMax;
    if (request.body.size() > limit) return {.status = 413, .reason = "PayloadTooLarge"};
    const auto document = codec::Document::parse(request.body, limit);
    // The live service's word for this is not documented.
    if (!document || !document->root().is_object()) return bad("PayloadEmpty");
    return kGood;
}

}  // namespace clarion::lab
