// SPDX-License-Identifier: Apache-2.0
// Pushes without a call, the test ring, and what was counted.
#include <memory>
#include <utility>

#include "crypto/web_push.hpp"
#include "net/url.hpp"
#include "server/app/push_gateway.hpp"
#include "server/app/rest_api.hpp"
#include "server/app/rest_bodies.hpp"

namespace clarion::server {
namespace {

constexpr std::size_t kEndpointMax = 1000;  // UnifiedPush: at most so long.

PushMessage message_of(const rest::MessageBody& body) {
    PushMessage message;
    if (body.title || body.body) {
        message.alert =
            PushAlert{body.title.value_or(Redacted<std::string>{}), body.body.value_or(Redacted<std::string>{})};
    }
    for (const rest::DataField& field : body.data) message.data.emplace_back(field.name, field.value.reveal());
    message.ttl = std::chrono::seconds{body.ttl_s};
    return message;
}

rest::PushReportView view_of(const PushReport& report) {
    const PushResult& result = report.result;
    rest::PushReportView view;
    if (report.device && !report.device->text().empty()) view.device = report.device->text();
    view.provider = report.provider;
    view.outcome = to_string(result.outcome);
    view.status = result.provider_status;
    view.reason = result.provider_reason;
    view.advice = result.outcome == PushOutcome::accepted ? "" : result.advice;
    view.provider_id = result.provider_id;
    if (result.environment) {
        view.environment = *result.environment == PushEnvironment::sandbox ? "sandbox" : "production";
    }
    view.attempts = result.attempts;
    view.elapsed_ms = result.elapsed.count();
    return view;
}

}  // namespace

namespace rest {

std::optional<std::string> fault_of(const PushBody& push) {
    const auto provider = push_provider_from(push.provider);
    if (!provider) return "push.provider is apns, fcm, webpush or unifiedpush";
    if (push.token.reveal().empty()) return "push.token is empty";
    const std::string& environment = push.environment;
    if (!environment.empty() && environment != "production" && environment != "sandbox") {
        return "push.environment is production or sandbox";
    }
    if (push.alert && *provider != PushProvider::apns) return "push.alert is for apns";
    if (*provider != PushProvider::webpush && *provider != PushProvider::unifiedpush) {
        const bool has_keys = !push.p256dh.empty() || !push.auth.reveal().empty();
        return has_keys ? std::optional<std::string>{"push.p256dh and push.auth are for webpush and unifiedpush"}
                        : std::nullopt;
    }
    const std::string& endpoint = push.token.reveal();
    const auto url = net::parse_url(endpoint);
    if (!url || url->scheme != "https" || endpoint.size() > kEndpointMax) {
        return "push.token is the endpoint, an https URL of at most 1000 characters";
    }
    const auto keys = crypto::WebPushKeys::parse(push.p256dh, push.auth.reveal());
    if (!keys) return "push." + keys.error();
    return std::nullopt;
}

PushEndpoint endpoint_of(const PushBody& body) {
    PushEndpoint endpoint{body.provider, body.token, body.topic, body.environment};
    endpoint.p256dh = body.p256dh;
    endpoint.auth = body.auth;
    endpoint.is_alert = body.alert;
    return endpoint;
}

}  // namespace rest

void RestApi::serve(const net::HttpRequest& request, net::Respond respond) {
    const auto path = segments_of(request.path);
    if (path && is_push(*path)) return push(request, *path, std::move(respond));
    respond(handle(request));
}

/// /v1/push and /v1/users/{user}/push: the answer waits for the providers.
bool RestApi::is_push(const Path& path) {
    if (path.size() == 2 && path[0] == "v1" && path[1] == "push") return true;
    return path.size() == 4 && path[0] == "v1" && path[1] == "users" && path[3] == "push";
}

void RestApi::push(const net::HttpRequest& request, const Path& path, net::Respond respond) {
    const auto asker = authorize(request);
    if (!asker) return respond(asker.error());
    if (request.method != "POST") return respond(rest::wrong_method("POST"));
    const auto body = rest::decode_message(request.body);
    if (!body) return respond(rest::problem(body.error()));
    const PushMessage message = message_of(*body);
    if (path.size() == 2) {
        if (!body->push) return respond(rest::problem(400, "malformed", "push, the endpoint, is missing"));
        if (const auto fault = rest::fault_of(*body->push)) return respond(rest::problem(400, "malformed", *fault));
        parts_.pushes.notify(
            asker->service, rest::endpoint_of(*body->push), message,
            [respond = std::move(respond)](const PushReport& report) mutable {
                respond(rest::json(200, rest::encode(rest::PushReportList{{view_of(report)}})));
            }
        );
        return;
    }
    const auto user = UserId::parse(path[2]);
    if (!user)
        return respond(rest::problem(400, "bad_id", "a user id is 1 to 64 of letters, digits, '-', '_' and '.'"));
    const auto devices = parts_.store.list_devices(asker->service, *user);
    if (!devices) return respond(rest::problem(devices.error()));
    push_to(*devices, body->device, message, std::move(respond));
}

void RestApi::push_to(
    const std::vector<DeviceRecord>& devices,
    const std::optional<DeviceId>& only,
    const PushMessage& message,
    net::Respond respond
) {
    struct Waiting {
        std::size_t left = 0;
        rest::PushReportList list;
        net::Respond respond;
    };
    const auto waiting = std::make_shared<Waiting>();
    std::vector<const DeviceRecord*> chosen;
    for (const DeviceRecord& device : devices) {
        if (only ? device.device == *only : device.push.has_value()) chosen.push_back(&device);
    }
    if (chosen.empty()) {
        return respond(rest::problem(404, "not_found", "the user has no such device, or none with a push endpoint"));
    }
    waiting->left = chosen.size();
    waiting->respond = std::move(respond);
    for (const DeviceRecord* device : chosen) {
        parts_.pushes.notify(*device, message, [waiting](const PushReport& report) {
            waiting->list.results.push_back(view_of(report));
            if (--waiting->left == 0) waiting->respond(rest::json(200, rest::encode(waiting->list)));
        });
    }
}

net::HttpResponse RestApi::ring(
    const Asker& asker, const net::HttpRequest& request, const UserId& user, const DeviceId& device
) {
    if (request.method != "POST") return rest::wrong_method("POST");
    const auto found = parts_.store.find_device(asker.service, device);
    if (!found) return rest::problem(found.error());
    if (!*found || (*found)->user != user) return rest::not_found();
    const auto placed = parts_.host.ring_test(**found);
    if (!placed) return rest::problem(placed.error());
    return rest::json(202, rest::encode(rest::RingMade{*placed}));
}

net::HttpResponse RestApi::metrics(const net::HttpRequest& request) const {
    if (auto refused = refuse_admin(request)) return std::move(*refused);
    std::string text = parts_.pushes.metrics();
    text += "# HELP clarion_live_calls Calls that have not ended\n# TYPE clarion_live_calls gauge\n";
    text += "clarion_live_calls " + std::to_string(parts_.host.live_calls()) + '\n';
    return {200, {{"Content-Type", "text/plain; version=0.0.4"}, {"Cache-Control", "no-store"}}, std::move(text)};
}

}  // namespace clarion::server
