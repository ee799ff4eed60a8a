// SPDX-License-Identifier: Apache-2.0
#include "server/app/push_gateway.hpp"

#include <algorithm>
#include <utility>

#include "core/protocol/messages_described.hpp"
#include "server/app/log.hpp"

namespace clarion::server {
namespace {

constexpr Duration kMissedTtl{24 * 3'600'000};
// A phone that wakes says a word within seconds, and shows its own notice: it is told of shorter calls by the cancel.
constexpr Duration kTimeToSpeak{10'000};
constexpr std::uint32_t kSuspectsMax = 3;   // Apple counts what is sent to such tokens against the sender.
constexpr std::size_t kFieldsThatStay = 3;  // cc_param, type, call_id.
constexpr std::size_t kPayloadMargin = 64;  // Braces, "aps" and the like.
constexpr std::size_t kFieldMargin = 8;     // Quotes, colon, comma.

std::optional<PushEnvironment> environment_of(const PushEndpoint& push) {
    if (push.environment == "production") return PushEnvironment::production;
    if (push.environment == "sandbox") return PushEnvironment::sandbox;
    return std::nullopt;
}

std::size_t payload_max(PushProvider provider) {
    switch (provider) {
        case PushProvider::apns: return 5120;
        case PushProvider::fcm: return 4096;
        case PushProvider::webpush:
        case PushProvider::unifiedpush: return 3993;
    }
    return 3993;
}

/// What a push of this kind is on this endpoint; nullopt: it has none there.
std::optional<PushKind> kind_on(const PushEndpoint& endpoint, PushKind kind) {
    const bool is_apple = endpoint.provider == "apns";
    switch (kind) {
        case PushKind::ring: return is_apple && endpoint.is_alert ? PushKind::message : PushKind::ring;
        case PushKind::cancel: return is_apple ? std::nullopt : std::optional{PushKind::cancel};
        case PushKind::missed: return is_apple && !endpoint.is_alert ? std::nullopt : std::optional{PushKind::missed};
        // A VoIP push has to be reported as a call (IOS-PK-14).
        case PushKind::message: return is_apple && !endpoint.is_alert ? std::nullopt : std::optional{PushKind::message};
    }
    return std::nullopt;
}

std::string no_endpoint_for(PushKind kind) {
    switch (kind) {
        case PushKind::ring:
        case PushKind::cancel: return "the device has no push endpoint any more";
        case PushKind::missed:
        case PushKind::message:
            return "the device has no endpoint for messages; an iPhone registers its alert token with \"alert\": true";
    }
    return "";
}

bool is_operators_affair(PushOutcome outcome) {
    return outcome == PushOutcome::credential_fault || outcome == PushOutcome::payload_fault ||
           outcome == PushOutcome::suspect_token || outcome == PushOutcome::throttled_provider ||
           outcome == PushOutcome::overloaded;
}

}  // namespace

/// A push on its way down the ladder of a device's endpoints.
struct PushGateway::Job {
    std::optional<CallId> call;  ///< empty: a message, which is in no trace
    ServiceId service;
    DeviceId device;
    PushKind kind = PushKind::ring;
    std::vector<std::pair<std::string, std::string>> fields;
    std::optional<PushAlert> alert;
    WallTime expires;
    std::function<bool()> is_wanted;
    std::vector<PushEndpoint> ladder;
    std::size_t rung = 0;
    std::string why;  ///< What the rungs so far said.
    Done done;
    Reported reported;
};

routing::PushOutcome routing_outcome(PushOutcome outcome) {
    switch (outcome) {
        case PushOutcome::accepted:
        case PushOutcome::unknown:  // Sent, but no answer came: the device may ring.
        case PushOutcome::withdrawn: return routing::PushOutcome::accepted;
        case PushOutcome::dead_token:
        case PushOutcome::suspect_token:
        case PushOutcome::auth_refresh:
        case PushOutcome::credential_fault:
        case PushOutcome::payload_fault:
        case PushOutcome::throttled_device:
        case PushOutcome::throttled_provider:
        case PushOutcome::transient:
        case PushOutcome::unprocessed:
        case PushOutcome::overloaded:
        case PushOutcome::expired: return routing::PushOutcome::failed;
    }
    return routing::PushOutcome::failed;
}

std::string push_trace_word(PushOutcome outcome) {
    switch (outcome) {
        case PushOutcome::accepted: return "push_accepted";
        case PushOutcome::unknown: return "push_unconfirmed";
        case PushOutcome::withdrawn: return "push_withdrawn";
        default: return "push_refused";
    }
}

std::string_view push_provider_name(PushProvider provider) {
    switch (provider) {
        case PushProvider::apns: return "APNs";
        case PushProvider::fcm: return "FCM";
        case PushProvider::webpush: return "Web Push";
        case PushProvider::unifiedpush: return "UnifiedPush";
    }
    return "push";
}

std::string push_trace_detail(PushProvider provider, const PushResult& result) {
    std::string text{push_provider_name(provider)};
    text += ':';
    if (result.provider_status != 0) text += " " + std::to_string(result.provider_status);
    if (!result.provider_reason.empty()) text += " " + result.provider_reason;
    if (result.provider_status == 0 && result.provider_reason.empty())
        text += " " + std::string{to_string(result.outcome)};
    if (!result.provider_id.empty()) text += ", id " + result.provider_id;
    if (result.attempts > 1) text += ", " + std::to_string(result.attempts) + " attempts";
    for (std::size_t i = 0; i < result.repeated_for.size(); ++i) {
        text += (i == 0 ? ", again after " : ", ") + result.repeated_for[i];
    }
    if (!result.advice.empty() && result.outcome != PushOutcome::accepted) text += " (" + result.advice + ")";
    return text;
}

void fit_fields(std::vector<std::pair<std::string, std::string>>& fields, PushProvider provider) {
    const auto size = [&] {
        std::size_t sum = kPayloadMargin;
        for (const auto& [name, value] : fields) sum += name.size() + value.size() + kFieldMargin;
        return sum;
    };
    while (fields.size() > kFieldsThatStay && size() > payload_max(provider)) fields.pop_back();
}

void PushGateway::add(const CallId& call, const DeviceId& device, std::string what, std::string detail) {
    trace_.add({call, device, clock_.wall_now(), std::move(what), std::move(detail)});
}

void PushGateway::refuse(const CallId& call, const DeviceId& device, std::string reason, Done done) {
    log::write(
        log::Level::warn, "push_refused", {{"call", call.text()}, {"device", device.text()}, {"reason", reason}}
    );
    add(call, device, "push_refused", reason);
    loop_.post([alive = std::weak_ptr<char>{alive_}, reason = std::move(reason), done = std::move(done)]() mutable {
        if (!alive.expired()) done(routing::PushOutcome::failed, std::move(reason));
    });
}

void PushGateway::send(
    const routing::CallDocument& call, const routing::SendPush& push, std::function<bool()> is_wanted, Done done
) {
    const DeviceId& device = push.device;
    const auto found = store_.find_device(call.service, device);
    if (!found) return refuse(call.call_id, device, "the store is not available", std::move(done));
    if (!*found || (*found)->user != call.to_user) {
        return refuse(call.call_id, device, "the device is not the callee's any more", std::move(done));
    }
    const DeviceRecord& record = **found;
    const WallTime now = clock_.wall_now();
    const auto invite = invites_.make(call, record, push, now);
    if (!invite) return refuse(call.call_id, device, invite.error(), std::move(done));

    const bool is_ring = push.kind == protocol::PushKind::ring;
    auto job = std::make_shared<Job>();
    job->call = call.call_id;
    job->service = call.service;
    job->device = device;
    job->kind = is_ring ? PushKind::ring : PushKind::cancel;
    job->fields = {
        {"cc_param", invite->cc_param}, {"type", is_ring ? "ring" : "cancel"}, {"call_id", call.call_id.text()}
    };
    job->alert = PushAlert{Redacted<std::string>{"Incoming call"}, Redacted<std::string>{"Open the app to answer"}};
    if (!invite->is_sealed) {
        job->fields.emplace_back("from_user_id", call.from_user.text());
        job->fields.emplace_back("to_user_id", call.to_user.text());
        job->fields.emplace_back("service_id", call.service.text());
        job->fields.emplace_back("media", call.media == protocol::Media::video ? "V" : "A");
        job->alert->body = call.from_name;
    }
    // A cancel is worth sending as long as a ring may still be on its way or on the screen.
    job->expires = is_ring ? call.ring_until : call.accept_until;
    job->is_wanted = std::move(is_wanted);
    // The call screen before an alert.
    for (const bool is_alert : {false, true}) {
        for (const PushEndpoint* endpoint : endpoints_of(record)) {
            if (endpoint->is_alert == is_alert) job->ladder.push_back(*endpoint);
        }
    }
    job->done = std::move(done);
    next(job);
}

void PushGateway::tell_missed(const routing::CallDocument& call) {
    const auto steps = store_.trace_of(call.call_id);
    if (!steps) return;
    const bool had_time = clock_.wall_now() - call.placed_at >= kTimeToSpeak;
    for (const routing::Leg& leg : call.legs) {
        if (!had_time && leg.platform != protocol::Platform::ios) continue;  // An iPhone gets no cancel.
        const bool said_a_word = std::ranges::any_of(*steps, [&](const TraceStep& step) {
            return step.device == leg.device && enum_from<protocol::ReceiptStep>(step.what);
        });
        if (said_a_word || !leg.pushed || leg.connected) continue;
        const auto found = store_.find_device(call.service, leg.device);
        if (!found || !*found || (*found)->user != call.to_user) continue;
        auto job = std::make_shared<Job>();
        for (const PushEndpoint* endpoint : endpoints_of(**found)) {
            if (kind_on(*endpoint, PushKind::missed)) job->ladder.push_back(*endpoint);
        }
        if (job->ladder.empty()) continue;
        const bool is_sealed = !(*found)->public_key.empty();
        job->call = call.call_id;
        job->service = call.service;
        job->device = leg.device;
        job->kind = PushKind::missed;
        job->fields = {{"type", "missed"}, {"call_id", call.call_id.text()}};
        job->alert =
            PushAlert{Redacted<std::string>{"Missed call"}, is_sealed ? Redacted<std::string>{} : call.from_name};
        job->expires = clock_.wall_now() + kMissedTtl;
        job->done = [](routing::PushOutcome, const std::string&) {};
        next(job);
    }
}

void PushGateway::notify(const DeviceRecord& device, const PushMessage& message, Reported reported) {
    auto job = std::make_shared<Job>();
    job->service = device.service;
    job->device = device.device;
    job->kind = PushKind::message;
    job->fields = message.data;
    job->alert = message.alert;
    job->expires = clock_.wall_now() + message.ttl;
    for (const PushEndpoint* endpoint : endpoints_of(device)) job->ladder.push_back(*endpoint);
    job->reported = std::move(reported);
    next(job);
}

void PushGateway::notify(
    const ServiceId& service, const PushEndpoint& endpoint, const PushMessage& message, Reported reported
) {
    DeviceRecord nobody;
    nobody.service = service;
    nobody.push = endpoint;
    notify(nobody, message, std::move(reported));
}

/// The next endpoint that there is a sender for.
void PushGateway::next(const JobPtr& job) {
    while (job->rung < job->ladder.size()) {
        const PushEndpoint& endpoint = job->ladder[job->rung++];
        const auto provider = push_provider_from(endpoint.provider);
        const auto kind = kind_on(endpoint, job->kind);
        if (!kind) continue;
        PushSender* sender = provider ? senders_.find(job->service, *provider) : nullptr;
        if (sender == nullptr) {
            job->why = std::string{provider ? push_provider_name(*provider) : endpoint.provider} +
                       " is not configured on this server";
            continue;
        }
        PushRequest request;
        request.provider = *provider;
        request.token = endpoint.token;
        request.p256dh = endpoint.p256dh;
        request.auth = endpoint.auth;
        request.topic = endpoint.topic;
        request.environment = environment_of(endpoint);
        request.is_environment_unproven = !endpoint.is_proven;
        request.kind = *kind;
        request.fields = job->fields;
        fit_fields(request.fields, *provider);
        if (*kind == PushKind::message || *kind == PushKind::missed) request.alert = job->alert;
        if (job->call) request.call_id = *job->call;
        request.device_id = job->device;
        request.expires = job->expires;
        request.now = clock_.wall_now();
        request.is_wanted = job->is_wanted;
        if (job->call) {
            const std::string_view suffix = job->kind == PushKind::ring && *kind == PushKind::message ? "alert"
                                            : job->kind == PushKind::ring                             ? ""
                                                                          : to_string(*kind);
            const std::string name{push_provider_name(*provider)};
            add(*job->call, job->device, "push_sent", suffix.empty() ? name : name + ", " + std::string{suffix});
        }
        PushRequest sent;
        sent.provider = *provider;
        sent.kind = *kind;
        sender->send(
            std::move(request),
            [this, alive = std::weak_ptr<char>{alive_}, job, endpoint, sent](PushResult result) {
                if (!alive.expired()) finish(job, endpoint, sent, std::move(result));
            }
        );
        return;
    }
    if (job->why.empty()) job->why = no_endpoint_for(job->kind);
    if (job->call) return refuse(*job->call, job->device, job->why, std::move(job->done));
    PushReport report{job->device, {}, {}};
    if (!job->ladder.empty()) report.provider = job->ladder.back().provider;
    report.result.outcome = PushOutcome::payload_fault;
    report.result.provider_reason = "not sent: " + job->why;
    loop_.post([alive = std::weak_ptr<char>{alive_}, job, report = std::move(report)]() mutable {
        if (!alive.expired()) job->reported(std::move(report));
    });
}

void PushGateway::finish(const JobPtr& job, const PushEndpoint& endpoint, const PushRequest& sent, PushResult result) {
    metrics_.count(sent.provider, sent.kind, result);
    learn(*job, endpoint, result);
    const std::string detail = push_trace_detail(sent.provider, result);
    const std::string word = push_trace_word(result.outcome);
    const auto level = is_operators_affair(result.outcome) ? log::Level::error : log::Level::info;
    log::write(
        level, word,
        {{"call", job->call ? job->call->text() : "none"}, {"device", job->device.text()}, {"detail", detail}}
    );
    if (!job->call) return job->reported({job->device, endpoint.provider, std::move(result)});
    add(*job->call, job->device, word, detail);
    const auto outcome = routing_outcome(result.outcome);
    const bool has_more = std::any_of(
        job->ladder.begin() + static_cast<std::ptrdiff_t>(job->rung), job->ladder.end(),
        [&](const PushEndpoint& one) {
            const auto provider = push_provider_from(one.provider);
            return provider && kind_on(one, job->kind) && senders_.find(job->service, *provider) != nullptr;
        }
    );
    if (outcome == routing::PushOutcome::failed && has_more && (!job->is_wanted || job->is_wanted())) {
        add(*job->call, job->device, "push_fallback", "the device has another way to be woken");
        return next(job);
    }
    job->done(outcome, detail);
}

/// What a provider said about a token goes into the device's record.
void PushGateway::learn(const Job& job, const PushEndpoint& endpoint, const PushResult& result) {
    if (job.device.text().empty()) return;
    const auto retire = [&](std::string_view why) {
        // The record that the push was sent with; a token that was registered meanwhile is another text and stays.
        const auto retired = store_.retire_push(job.service, job.device, endpoint.token.reveal());
        if (const auto provider = push_provider_from(endpoint.provider)) metrics_.count_retired(*provider);
        if (retired && job.call) add(*job.call, job.device, "push_token_retired", std::string{why});
    };
    PushEndpoint learned = endpoint;
    if (result.outcome == PushOutcome::dead_token) {
        const bool is_news = !result.dead_since || endpoint.registered_at <= *result.dead_since;
        const auto provider = push_provider_from(endpoint.provider);
        if (is_news && provider) retire(push_provider_name(*provider));
        return;
    }
    if (result.outcome == PushOutcome::suspect_token) {
        ++learned.suspects;
        // The token itself is unknown there, again and again; a topic that does not fit may be our own fault.
        if (learned.suspects >= kSuspectsMax && result.provider_reason == "BadDeviceToken") {
            return retire("refused " + std::to_string(learned.suspects) + " times: " + result.provider_reason);
        }
    } else if (result.outcome == PushOutcome::accepted) {
        learned.suspects = 0;
        learned.is_proven = true;
        if (result.environment) {
            learned.environment = *result.environment == PushEnvironment::sandbox ? "sandbox" : "production";
        }
    }
    const bool is_new = learned.suspects != endpoint.suspects || learned.is_proven != endpoint.is_proven ||
                        learned.environment != endpoint.environment;
    if (!is_new) return;
    if (learned.environment != endpoint.environment && job.call) {
        add(*job.call, job.device, "push_environment", "the token belongs to " + learned.environment);
    }
    (void)store_.learn_push(job.service, job.device, learned);
}

}  // namespace clarion::server
