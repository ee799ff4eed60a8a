// SPDX-License-Identifier: Apache-2.0
#include "server/app/push_address.hpp"

#include <algorithm>
#include <utility>

#include "core/codec/json.hpp"
#include "crypto/web_push.hpp"
#include "net/url.hpp"
#include "server/ports/push_sender.hpp"

namespace clarion::server {
namespace {

using protocol::TokenKind;

constexpr std::size_t kEndpointMax = 1000;  // UnifiedPush: at most so long.

/// A token goes into a path or a JSON text as it is.
bool is_plain(std::string_view token) {
    return std::ranges::all_of(token, [](char c) { return c > ' ' && c < '\x7f'; });
}

bool has_subscription(const PushEndpoint& endpoint) {
    return endpoint.provider == "webpush" || endpoint.provider == "unifiedpush";
}

/// Or a ring would end with it: Apple takes nothing else.
std::optional<std::string> apns_fault(const PushEndpoint& endpoint) {
    if (!is_apns_token(endpoint.token.reveal())) {
        return "token is Apple's device token: whole bytes in hexadecimal, at most 512 characters";
    }
    std::string_view topic = endpoint.topic;
    if (topic.ends_with(kApnsVoipSuffix)) topic.remove_suffix(kApnsVoipSuffix.size());
    if (!topic.empty() && !is_bundle_id(topic)) return "topic is the bundle id of the app, such as com.example.app";
    return std::nullopt;
}

/// {"endpoint":…, "keys":{"p256dh":…,"auth":…}}; what is missing stays empty, and is told as what it is.
std::optional<std::string> read_subscription(const std::string& text, PushEndpoint& into) {
    const auto document = codec::Document::parse(text, protocol::kPushTokenLengthMax);
    if (!document || !document->root().is_object()) {
        return "token is the subscription, a JSON object with endpoint and keys";
    }
    const codec::Node root = document->root();
    const auto endpoint = root.get("endpoint").text();
    if (!endpoint) return "token is the subscription, and has no endpoint";
    into.token = Redacted{std::string{*endpoint}};
    into.p256dh = root.get("keys").get("p256dh").text().value_or("");
    into.auth = Redacted{std::string{root.get("keys").get("auth").text().value_or("")}};
    return std::nullopt;
}

}  // namespace

std::optional<std::string> fault_of(const PushEndpoint& endpoint) {
    const auto provider = push_provider_from(endpoint.provider);
    if (!provider) return "provider is apns, fcm, webpush or unifiedpush";
    const std::string& token = endpoint.token.reveal();
    if (token.empty()) return "token is empty";
    const std::string& environment = endpoint.environment;
    if (!environment.empty() && environment != "production" && environment != "sandbox") {
        return "environment is production or sandbox";
    }
    if (endpoint.is_alert && *provider != PushProvider::apns) return "alert is for apns";
    if (!has_subscription(endpoint)) {
        if (!is_plain(token)) return "token holds characters that no token has";
        const bool has_keys = !endpoint.p256dh.empty() || !endpoint.auth.reveal().empty();
        if (has_keys) return "p256dh and auth are for webpush and unifiedpush";
        return *provider == PushProvider::apns ? apns_fault(endpoint) : std::nullopt;
    }
    const auto url = net::parse_url(token);
    if (!url || url->scheme != "https" || token.size() > kEndpointMax) {
        return "token is the endpoint, an https URL of at most 1000 characters";
    }
    const auto keys = crypto::WebPushKeys::parse(endpoint.p256dh, endpoint.auth.reveal());
    if (!keys) return keys.error();
    return std::nullopt;
}

PushSlot slot_of(TokenKind kind) {
    switch (kind) {
        case TokenKind::apns_voip: return {"apns", false};
        case TokenKind::apns_alert: return {"apns", true};
        case TokenKind::fcm: return {"fcm", false};
        case TokenKind::web_push: return {"webpush", false};
        case TokenKind::unified_push: return {"unifiedpush", false};
    }
    return {};
}

const PushEndpoint* endpoint_in(const DeviceRecord& device, const PushSlot& slot) {
    const auto all = endpoints_of(device);
    const auto found = std::ranges::find_if(all, [&](const PushEndpoint* one) { return slot.holds(*one); });
    return found == all.end() ? nullptr : *found;
}

std::expected<PushEndpoint, std::string> endpoint_from(
    const protocol::PushAddress& address, const PushEndpoint* before
) {
    const PushSlot slot = slot_of(address.kind);
    PushEndpoint endpoint{.provider = slot.provider, .token = address.token, .is_alert = slot.is_alert};
    endpoint.topic = address.topic.empty() && before != nullptr ? before->topic : address.topic;
    endpoint.environment = address.environment.empty() && before != nullptr ? before->environment : address.environment;
    if (has_subscription(endpoint)) {
        if (auto fault = read_subscription(address.token.reveal(), endpoint)) return std::unexpected{*std::move(fault)};
    }
    if (auto fault = fault_of(endpoint)) return std::unexpected{*std::move(fault)};
    return endpoint;
}

bool is_same_way(const PushEndpoint& one, const PushEndpoint& other) {
    const auto parts = [](const PushEndpoint& e) {
        return std::tie(e.provider, e.token.reveal(), e.topic, e.environment, e.p256dh, e.auth.reveal(), e.is_alert);
    };
    return parts(one) == parts(other);
}

}  // namespace clarion::server
