// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <utility>

#include "server/ports/push_retry.hpp"
#include "server/ports/push_sender.hpp"

namespace clarion::server {

namespace {

constexpr std::size_t kApnsTokenMax = 512;  // Apple: variable length, opaque; today 64 characters.
constexpr std::size_t kApnsTopicMax = 255;

constexpr std::array<bool, 256> kIsHex = [] {
    std::array<bool, 256> is_hex{};
    for (const char c : std::string_view{"0123456789abcdefABCDEF"}) is_hex[static_cast<unsigned char>(c)] = true;
    return is_hex;
}();

}  // namespace

std::string_view to_string(PushOutcome outcome) {
    switch (outcome) {
        case PushOutcome::accepted: return "accepted";
        case PushOutcome::dead_token: return "dead_token";
        case PushOutcome::suspect_token: return "suspect_token";
        case PushOutcome::auth_refresh: return "auth_refresh";
        case PushOutcome::credential_fault: return "credential_fault";
        case PushOutcome::payload_fault: return "payload_fault";
        case PushOutcome::throttled_device: return "throttled_device";
        case PushOutcome::throttled_provider: return "throttled_provider";
        case PushOutcome::transient: return "transient";
        case PushOutcome::unprocessed: return "unprocessed";
        case PushOutcome::unknown: return "unknown";
        case PushOutcome::expired: return "expired";
        case PushOutcome::withdrawn: return "withdrawn";
        case PushOutcome::overloaded: return "overloaded";
    }
    return "unknown";
}

std::string_view to_string(PushProvider provider) {
    switch (provider) {
        case PushProvider::apns: return "apns";
        case PushProvider::fcm: return "fcm";
        case PushProvider::webpush: return "webpush";
        case PushProvider::unifiedpush: return "unifiedpush";
    }
    return "unknown";
}

bool is_apns_token(std::string_view text) {
    if (text.empty() || text.size() > kApnsTokenMax || text.size() % 2 != 0) return false;
    bool is_good = true;
    for (const char c : text) is_good &= kIsHex[static_cast<unsigned char>(c)];
    return is_good;
}

bool is_bundle_id(std::string_view text) {
    return !text.empty() && text.size() + kApnsVoipSuffix.size() <= kApnsTopicMax &&
           std::ranges::all_of(text, [](char c) {
               return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.' ||
                      c == '-' || c == '_';
           });
}

std::optional<PushProvider> push_provider_from(std::string_view text) {
    for (const PushProvider one : kPushProviders) {
        if (to_string(one) == text) return one;
    }
    return std::nullopt;
}

std::string_view to_string(PushKind kind) {
    switch (kind) {
        case PushKind::ring: return "ring";
        case PushKind::cancel: return "cancel";
        case PushKind::missed: return "missed";
        case PushKind::message: return "message";
    }
    return "unknown";
}

std::optional<Duration> PushRetry::next(
    const PushRetryPolicy& policy,
    PushOutcome outcome,
    std::optional<Duration> retry_after,
    Duration window_left,
    Random& random
) {
    std::optional<Duration> delay;
    switch (outcome) {
        case PushOutcome::unprocessed:
            if (unprocessed_++ < policy.unprocessed_max) delay = Duration{0};
            break;
        case PushOutcome::auth_refresh:
            if (!std::exchange(was_refreshed_, true)) delay = Duration{0};
            break;
        case PushOutcome::transient:
        case PushOutcome::unknown: {
            if (backoffs_ == policy.backoff.size()) break;
            const Duration step = policy.backoff[backoffs_++];
            const auto jittered =
                Duration{static_cast<Duration::rep>(random.below(static_cast<std::uint64_t>(step.count()) + 1))};
            // What the provider asked for goes over our own idea of a delay.
            delay = std::max(policy.has_floor ? step : jittered, retry_after.value_or(Duration{0}));
            if (retry_after && policy.has_floor) delay = *retry_after;
            break;
        }
        case PushOutcome::throttled_device:
        case PushOutcome::throttled_provider:
            if (!std::exchange(was_throttled_, true)) {
                delay = std::max(retry_after.value_or(policy.throttled_delay), policy.throttled_delay);
            }
            break;
        default: break;
    }
    if (delay && *delay + policy.window_tail > window_left) return std::nullopt;
    return delay;
}

}  // namespace clarion::server
