// SPDX-License-Identifier: Apache-2.0
#include "server/app/push_gateway.hpp"

#include <optional>
#include <utility>
#include <vector>

#include "server/app/log.hpp"

namespace clarion::server {
namespace {

std::string_view provider_name(PushProvider provider) { return provider == PushProvider::apns ? "APNs" : "FCM"; }

std::optional<PushProvider> provider_of(const PushEndpoint& push) {
    if (push.provider == "apns") return PushProvider::apns;
    if (push.provider == "fcm") return PushProvider::fcm;
    return std::nullopt;
}

std::optional<PushEnvironment> environment_of(const PushEndpoint& push) {
    if (push.environment == "production") return PushEnvironment::production;
    if (push.environment == "sandbox") return PushEnvironment::sandbox;
    return std::nullopt;
}

PushRequest request_of(
    const routing::CallDocument& call,
    const DeviceRecord& device,
    protocol::PushKind kind,
    const WireInvite& invite,
    WallTime now
) {
    PushRequest request;
    const PushEndpoint& push = *device.push;
    request.provider = provider_of(push).value_or(PushProvider::apns);
    request.token = push.token;
    request.topic = push.topic;
    request.environment = environment_of(push);
    const bool is_ring = kind == protocol::PushKind::ring;
    request.kind = is_ring ? PushKind::ring : PushKind::cancel;
    request.fields = {
        {"cc_param", invite.cc_param}, {"type", is_ring ? "ring" : "cancel"}, {"call_id", call.call_id.text()}
    };
    if (!invite.is_sealed) {
        request.fields.emplace_back("from_user_id", call.from_user.text());
        request.fields.emplace_back("to_user_id", call.to_user.text());
        request.fields.emplace_back("service_id", call.service.text());
        request.fields.emplace_back("media", call.media == protocol::Media::video ? "V" : "A");
    }
    request.call_id = call.call_id;
    request.device_id = device.device;
    // A cancel is worth sending as long as a ring may still be on its way or on the screen.
    request.expires = is_ring ? call.ring_until : call.accept_until;
    request.now = now;
    return request;
}

bool is_operators_affair(PushOutcome outcome) {
    return outcome == PushOutcome::credential_fault || outcome == PushOutcome::payload_fault ||
           outcome == PushOutcome::suspect_token || outcome == PushOutcome::throttled_provider;
}

}  // namespace

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

std::string push_trace_detail(PushProvider provider, const PushResult& result) {
    std::string text{provider_name(provider)};
    text += ':';
    if (result.provider_status != 0) text += " " + std::to_string(result.provider_status);
    if (!result.provider_reason.empty()) text += " " + result.provider_reason;
    if (result.provider_status == 0 && result.provider_reason.empty())
        text += " " + std::string{to_string(result.outcome)};
    if (!result.provider_id.empty()) text += ", id " + result.provider_id;
    if (result.attempts > 1) text += ", " + std::to_string(result.attempts) + " attempts";
    if (!result.advice.empty() && result.outcome != PushOutcome::accepted) text += " (" + result.advice + ")";
    return text;
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

void PushGateway::finish(const CallId& call, const DeviceRecord& device, const PushResult& result, Done done) {
    const PushProvider provider = provider_of(*device.push).value_or(PushProvider::apns);
    const std::string detail = push_trace_detail(provider, result);
    add(call, device.device, push_trace_word(result.outcome), detail);
    if (result.outcome == PushOutcome::dead_token && (!result.dead_since || device.updated_at <= *result.dead_since)) {
        // The record that the push was sent with; a token that was registered meanwhile is another text and stays.
        const auto retired = store_.retire_push(device.service, device.device, device.push->token.reveal());
        if (retired) add(call, device.device, "push_token_retired", std::string{provider_name(provider)});
    }
    const auto level = is_operators_affair(result.outcome) ? log::Level::error : log::Level::info;
    log::write(
        level, push_trace_word(result.outcome),
        {{"call", call.text()}, {"device", device.device.text()}, {"detail", detail}}
    );
    done(routing_outcome(result.outcome), detail);
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
    if (!(*found)->push) {
        return refuse(call.call_id, device, "the device has no push endpoint any more", std::move(done));
    }
    const DeviceRecord& record = **found;
    const auto provider = provider_of(*record.push);
    PushSender* sender = provider == PushProvider::fcm ? senders_.fcm : senders_.apns;
    if (!provider || sender == nullptr) {
        const std::string name{provider ? provider_name(*provider) : std::string_view{record.push->provider}};
        return refuse(call.call_id, device, name + " is not configured on this server", std::move(done));
    }
    const WallTime now = clock_.wall_now();
    const auto invite = invites_.make(call, record, push, now);
    if (!invite) return refuse(call.call_id, device, invite.error(), std::move(done));

    PushRequest request = request_of(call, record, push.kind, *invite, now);
    request.is_wanted = std::move(is_wanted);
    add(call.call_id, device, "push_sent",
        std::string{provider_name(*provider)} + (push.kind == protocol::PushKind::ring ? "" : ", cancel"));
    sender->send(
        std::move(request),
        [this, alive = std::weak_ptr<char>{alive_}, id = call.call_id, record,
         done = std::move(done)](PushResult result) mutable {
            if (!alive.expired()) finish(id, record, result, std::move(done));
        }
    );
}

}  // namespace clarion::server
