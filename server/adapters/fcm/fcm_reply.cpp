// SPDX-License-Identifier: Apache-2.0
#include "server/adapters/fcm/fcm_reply.hpp"

#include <algorithm>
#include <chrono>

#include "core/codec/json.hpp"
#include "server/push/retry_after.hpp"

namespace clarion::server::fcm {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t kBodyMax = 64 * 1024;
constexpr std::size_t kDetailsMax = 32;
constexpr Duration kQuotaPause = 60s;  // Firebase: the default when a 429 names no time.

/// The parts of Google's error envelope that decide.
struct Envelope {
    std::string status;      // "NOT_FOUND"
    std::string error_code;  // FcmError: "UNREGISTERED"
    bool names_token = false;
};

bool is_word(std::string_view text) {
    return !text.empty() && text.size() <= 64 && std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
    });
}

bool names_token(codec::Node violations) {
    for (std::size_t i = 0; i < std::min(violations.size(), kDetailsMax); ++i) {
        if (violations.at(i).get("field").text() == "message.token") return true;
    }
    return false;
}

Envelope read_envelope(std::string_view body) {
    Envelope envelope;
    const auto document = codec::Document::parse(body, kBodyMax);
    if (!document) return envelope;  // A front end's HTML page.
    const codec::Node error = document->root().get("error");
    if (const auto status = error.get("status").text(); status && is_word(*status)) envelope.status = *status;
    const auto message = error.get("message").text().value_or(std::string_view{});
    envelope.names_token = message.contains("not a valid FCM registration token");
    const codec::Node details = error.get("details");
    for (std::size_t i = 0; i < std::min(details.size(), kDetailsMax); ++i) {
        const codec::Node one = details.at(i);
        const auto type = one.get("@type").text().value_or(std::string_view{});
        const auto code = one.get("errorCode").text();
        if (type.ends_with("FcmError") && code && is_word(*code)) envelope.error_code = *code;
        if (names_token(one.get("fieldViolations"))) envelope.names_token = true;
    }
    return envelope;
}

void judge_error(Verdict& verdict, unsigned status, const Envelope& envelope) {
    const std::string_view code = envelope.error_code;
    if (code == "UNREGISTERED") {
        verdict.outcome = PushOutcome::dead_token;
        verdict.advice = "the app was removed, or the token expired";
    } else if (code == "SENDER_ID_MISMATCH") {
        verdict.outcome = PushOutcome::suspect_token;
        verdict.advice = "the token belongs to another Firebase project";
    } else if (code == "THIRD_PARTY_AUTH_ERROR") {
        // Of this device's kind only: Android devices of the same project are reached.
        verdict.outcome = PushOutcome::suspect_token;
        verdict.advice = "the project's own APNs or Web Push credential is wrong: fix it in the Firebase console";
    } else if (status == 401) {
        verdict.outcome = PushOutcome::auth_refresh;
        verdict.advice = "Google refuses a fresh access token: check the service account";
    } else if (status == 403) {
        verdict.outcome = PushOutcome::credential_fault;
        verdict.advice = "the service account may not send for this project, or the FCM API is not enabled";
    } else if (status == 400 && envelope.names_token) {
        verdict.outcome = PushOutcome::suspect_token;
        verdict.advice = "not a registration token: the app registered something else";
    } else if (status == 404 && code.empty() && envelope.status.empty()) {
        verdict.outcome = PushOutcome::credential_fault;  // An HTML page: the path is wrong, not the token.
        verdict.advice = "nothing at this address: check fcm.endpoint and the project id";
    } else if (status == 429 || code == "QUOTA_EXCEEDED") {
        verdict.outcome = PushOutcome::throttled_provider;
        verdict.advice = "the quota of project or device is used up";
        if (!verdict.retry_after) verdict.retry_after = kQuotaPause;
    } else if (status >= 500 || status == 408) {
        verdict.outcome = PushOutcome::transient;
    } else {
        verdict.outcome = PushOutcome::payload_fault;
        verdict.advice = "FCM refuses the message itself: check the payload fields";
    }
}

}  // namespace

Verdict judge(const net::HttpResponse& response, WallTime now) {
    Verdict verdict;
    if (response.status == 200) {
        verdict.outcome = PushOutcome::accepted;
        const auto document = codec::Document::parse(response.body, kBodyMax);
        if (document) verdict.name = document->root().get("name").text().value_or(std::string_view{});
        return verdict;
    }
    if (const auto* after = net::find_header(response.headers, "retry-after")) {
        verdict.retry_after = push::parse_retry_after(*after, now);
    }
    const Envelope envelope = read_envelope(response.body);
    verdict.reason = !envelope.error_code.empty() ? envelope.error_code
                     : !envelope.status.empty()   ? envelope.status
                                                  : "HTTP " + std::to_string(response.status);
    judge_error(verdict, response.status, envelope);
    return verdict;
}

}  // namespace clarion::server::fcm
