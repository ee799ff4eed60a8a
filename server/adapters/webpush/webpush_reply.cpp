// SPDX-License-Identifier: Apache-2.0
#include "server/adapters/webpush/webpush_reply.hpp"

#include <algorithm>
#include <string>

#include "core/codec/json.hpp"
#include "server/push/retry_after.hpp"

namespace clarion::server::webpush {
namespace {

constexpr std::size_t kBodyMax = 4096;
constexpr std::size_t kReasonMax = 120;

/// The service's own words: Apple's `reason`, Mozilla's errno and message, else the first line of a text.
std::string words_of(std::string_view body) {
    std::string words;
    if (const auto document = codec::Document::parse(body, kBodyMax)) {
        const codec::Node root = document->root();
        const auto reason = root.get("reason").text();
        if (const auto number = root.get("errno").signed_integer()) words = "errno " + std::to_string(*number);
        const auto message = reason ? reason : root.get("message").text();
        if (message) words += (words.empty() ? "" : " ") + std::string{*message};
    } else if (!body.contains('<')) {  // No HTML page.
        words = body.substr(0, body.find('\n'));
    }
    if (words.size() > kReasonMax) words.resize(kReasonMax);
    std::replace_if(words.begin(), words.end(), [](char c) { return c < ' ' || c > '~'; }, '?');
    return words;
}

/// The subscription was made with another VAPID key than ours. Which of the two is wrong the service does not say: with
/// the right key in our configuration the subscription lives.
bool is_other_key(std::string_view words) {
    return words.contains("mismatch") || words.contains("Mismatch") || words.contains("do not correspond");
}

void judge_refusal(push::Verdict& verdict, unsigned status, std::string_view words) {
    if (status == 404 || status == 410) {
        verdict.outcome = PushOutcome::dead_token;
        verdict.advice = "the subscription ended: the app has to subscribe again";
    } else if ((status == 400 || status == 401 || status == 403) && is_other_key(words)) {
        verdict.outcome = PushOutcome::suspect_token;
        verdict.advice =
            "the subscription was made with another VAPID key: check webpush.key_file; after a change of the key "
            "the app has to subscribe again";
    } else if (status == 401 || status == 403) {
        verdict.outcome = PushOutcome::credential_fault;
        verdict.advice = "the service refuses the VAPID token: check webpush.key_file, webpush.subject and the clock";
    } else if (status == 429 || status == 406) {
        verdict.outcome = PushOutcome::throttled_device;
        verdict.advice = "too many pushes to this subscription";
    } else if (status == 413) {
        verdict.outcome = PushOutcome::payload_fault;
        verdict.advice = "shorten the payload fields";
    } else if (status >= 500 || status == 408) {
        verdict.outcome = PushOutcome::transient;
    } else if (status >= 300 && status < 400) {
        verdict.outcome = PushOutcome::suspect_token;
        verdict.advice = "the endpoint sends elsewhere; that is never followed";
    } else if (status == 400) {
        verdict.outcome = PushOutcome::payload_fault;
        verdict.advice = "the service refuses the request itself";
    } else {
        verdict.outcome = PushOutcome::suspect_token;
        verdict.advice = "the endpoint does not answer as a push service";
    }
}

}  // namespace

push::Verdict judge(const net::HttpResponse& response, WallTime now) {
    push::Verdict verdict;
    if (response.status >= 200 && response.status < 300) {
        verdict.outcome = PushOutcome::accepted;
        if (const auto* place = net::find_header(response.headers, "location")) {
            verdict.provider_id = place->substr(0, kReasonMax);
        }
        return verdict;
    }
    if (const auto* after = net::find_header(response.headers, "retry-after")) {
        verdict.retry_after = push::parse_retry_after(*after, now);
    }
    const std::string words = words_of(response.body);
    verdict.reason = words.empty() ? "HTTP " + std::to_string(response.status) : words;
    judge_refusal(verdict, response.status, words);
    return verdict;
}

}  // namespace clarion::server::webpush
