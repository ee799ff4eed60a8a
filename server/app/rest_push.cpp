// SPDX-License-Identifier: Apache-2.0
// Pushes without a call, the test ring, and what was counted.
#include <memory>
#include <utility>

#include "server/app/push_address.hpp"
#include "server/app/push_gateway.hpp"
#include "server/app/rest_api.hpp"
#include "server/app/rest_bodies.hpp"

namespace clarion::server {
namespace {

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
    const auto fault = server::fault_of(endpoint_of(push));
    return fault ? std::optional{"push." + *fault} : std::nullopt;
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

/// /v1/push, /v1/push/{id} and /v1/users/{user}/push: the answer may wait for the providers.
bool RestApi::is_push(const Path& path) {
    if (path.size() < 2 || path[0] != "v1") return false;
    if (path[1] == "push") return path.size() <= 3;
    return path.size() == 4 && path[1] == "users" && path[3] == "push";
}

void RestApi::push(const net::HttpRequest& request, const Path& path, net::Respond respond) {
    const auto asker = authorize(request);
    if (!asker) return respond(asker.error());
    if (path.size() == 3) {
        return respond(request.method == "GET" ? push_status(*asker, path[2]) : rest::wrong_method("GET"));
    }
    if (request.method != "POST") return respond(rest::wrong_method("POST"));
    const auto body = rest::decode_message(request.body);
    if (!body) return respond(rest::problem(body.error()));
    if (path.size() == 2) return push_to_endpoint(*asker, *body, std::move(respond));
    const auto user = UserId::parse(path[2]);
    if (!user)
        return respond(rest::problem(400, "bad_id", "a user id is 1 to 64 of letters, digits, '-', '_' and '.'"));
    push_to_user(*asker, *user, *body, std::move(respond));
}

net::HttpResponse RestApi::push_status(const Asker& asker, const std::string& id) const {
    const PushOrders::Order* order = orders_.find(asker.service, id);
    return order != nullptr ? rest::json(200, rest::encode(order->view())) : rest::not_found();
}

void RestApi::push_to_endpoint(const Asker& asker, const rest::MessageBody& body, net::Respond respond) {
    if (!body.push) return respond(rest::problem(400, "malformed", "push, the endpoint, is missing", "push"));
    if (const auto fault = rest::fault_of(*body.push)) return respond(rest::problem(400, "malformed", *fault, "push"));
    const PushEndpoint endpoint = rest::endpoint_of(*body.push);
    const auto order =
        orders_.open(asker.service, {{.provider = endpoint.provider}}, Duration{body.wait_ms}, std::move(respond));
    parts_.pushes.notify(asker.service, endpoint, message_of(body), [order](const PushReport& report) {
        order->report(0, view_of(report));
    });
}

void RestApi::push_to_user(
    const Asker& asker, const UserId& user, const rest::MessageBody& body, net::Respond respond
) {
    const auto devices = parts_.store.list_devices(asker.service, user);
    if (!devices) return respond(rest::problem(devices.error()));
    std::vector<const DeviceRecord*> chosen;
    std::vector<rest::PushReportView> expected;
    for (const DeviceRecord& device : *devices) {
        const bool is_meant = body.device ? device.device == *body.device : device.push.has_value();
        if (!is_meant) continue;
        chosen.push_back(&device);
        expected.push_back({.device = device.device.text()});  // Which endpoint it will be, is not known yet.
    }
    if (chosen.empty()) {
        return respond(rest::problem(404, "not_found", "the user has no such device, or none with a push endpoint"));
    }
    const auto order = orders_.open(asker.service, std::move(expected), Duration{body.wait_ms}, std::move(respond));
    for (std::size_t i = 0; i < chosen.size(); ++i) {
        parts_.pushes.notify(*chosen[i], message_of(body), [order, i](const PushReport& report) {
            order->report(i, view_of(report));
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
