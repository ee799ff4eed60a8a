// SPDX-License-Identifier: Apache-2.0
#include "server/adapters/apns/apns_reply.hpp"

#include <algorithm>
#include <array>

#include "core/codec/json.hpp"

namespace clarion::server::apns {
namespace {

constexpr std::size_t kBodyMax = 4096;
constexpr std::size_t kReasonMax = 64;

struct Row {
    std::string_view reason;
    PushOutcome outcome;
    std::string_view advice;
    bool needs_new_connection = false;
};

constexpr std::string_view kOurFault = "a fault of this program: report it with the reason";
constexpr std::string_view kTokenMixUp =
    "token and topic do not belong together: VoIP and alert tokens mixed up, another app, or the other environment";

constexpr auto kRows = std::to_array<Row>({
    {"BadDeviceToken", PushOutcome::suspect_token,
     "token malformed, or from the other environment (sandbox, production)"},
    {"DeviceTokenNotForTopic", PushOutcome::suspect_token, kTokenMixUp},
    {"TopicDisallowed", PushOutcome::suspect_token, "this key may not push to that topic: check bundle id and key"},
    {"BadCollapseId", PushOutcome::payload_fault, kOurFault},
    {"BadExpirationDate", PushOutcome::payload_fault, kOurFault},
    {"BadMessageId", PushOutcome::payload_fault, kOurFault},
    {"BadPriority", PushOutcome::payload_fault, kOurFault},
    {"BadTopic", PushOutcome::payload_fault, "the topic is no bundle id: check apns.topic and the device's record"},
    {"DuplicateHeaders", PushOutcome::payload_fault, kOurFault},
    {"InvalidPushType", PushOutcome::payload_fault, kOurFault},
    {"MissingDeviceToken", PushOutcome::payload_fault, kOurFault},
    {"MissingTopic", PushOutcome::payload_fault, "no topic: set apns.topic"},
    {"PayloadEmpty", PushOutcome::payload_fault, kOurFault},
    {"PayloadTooLarge", PushOutcome::payload_fault, "shorten the payload fields"},
    {"BadPath", PushOutcome::payload_fault, kOurFault},
    {"MethodNotAllowed", PushOutcome::payload_fault, kOurFault},
    {"IdleTimeout", PushOutcome::unprocessed, {}, true},
    {"ExpiredProviderToken", PushOutcome::auth_refresh, "provider token too old: check this machine's clock", true},
    {"InvalidProviderToken", PushOutcome::credential_fault,
     "key, key id or team id is wrong, or the key was revoked: check apns.key_file, key_id, team_id", true},
    {"MissingProviderToken", PushOutcome::credential_fault, kOurFault},
    {"BadCertificate", PushOutcome::credential_fault, "client certificate refused"},
    {"BadCertificateEnvironment", PushOutcome::credential_fault, "client certificate of the other environment"},
    {"Forbidden", PushOutcome::credential_fault, "Apple forbids this action to the key: check team and topic"},
    {"UnrelatedKeyIdInToken", PushOutcome::credential_fault, "keys of different kinds on one connection", true},
    {"BadEnvironmentKeyIdInToken", PushOutcome::credential_fault, "this key is for the other environment"},
    {"BadEnvironmentKeyInToken", PushOutcome::credential_fault, "this key is for the other environment"},
    {"Unregistered", PushOutcome::dead_token, "the app was removed from the device"},
    {"ExpiredToken", PushOutcome::dead_token, "the device token expired"},
    {"TooManyProviderTokenUpdates", PushOutcome::throttled_provider,
     "provider tokens are renewed too often: do other servers use the same key without sharing the token?"},
    {"TooManyRequests", PushOutcome::throttled_device, "too many pushes to this device"},
    {"InternalServerError", PushOutcome::transient, {}, true},
    {"ServiceUnavailable", PushOutcome::transient, {}, true},
    {"Shutdown", PushOutcome::transient, {}, true},
});

PushOutcome outcome_of_status(unsigned status) {
    if (status == 403) return PushOutcome::credential_fault;
    if (status == 410) return PushOutcome::dead_token;
    if (status == 429) return PushOutcome::throttled_device;
    if (status >= 500 || status == 408) return PushOutcome::transient;
    return PushOutcome::payload_fault;
}

bool is_printable(std::string_view text) {
    return !text.empty() && text.size() <= kReasonMax &&
           std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c <= '~'; });
}

}  // namespace

Verdict judge(unsigned status, std::string_view body) {
    Verdict verdict;
    if (status == 200) {
        verdict.outcome = PushOutcome::accepted;
        return verdict;
    }
    verdict.outcome = outcome_of_status(status);
    verdict.needs_new_connection = status >= 500;
    verdict.reason = "HTTP " + std::to_string(status);
    const auto document = codec::Document::parse(body, kBodyMax);
    if (!document) return verdict;
    const auto reason = document->root().get("reason").text();
    if (!reason || !is_printable(*reason)) return verdict;
    verdict.reason = *reason;
    const auto row = std::find_if(kRows.begin(), kRows.end(), [&](const Row& one) { return one.reason == *reason; });
    if (row != kRows.end()) {
        verdict.outcome = row->outcome;
        verdict.advice = row->advice;
        verdict.needs_new_connection = row->needs_new_connection;
        verdict.is_other_environment = reason->starts_with("BadEnvironmentKey");
        verdict.is_token_too_new = row->outcome == PushOutcome::throttled_provider;
    }
    const auto timestamp = document->root().get("timestamp").signed_integer();
    if (verdict.outcome == PushOutcome::dead_token && timestamp) verdict.dead_since = WallTime{*timestamp};
    return verdict;
}

}  // namespace clarion::server::apns
