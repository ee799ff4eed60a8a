// SPDX-License-Identifier: Apache-2.0
// Services, keys, users, devices and access tokens.
#include <array>
#include <cstdio>
#include <utility>

#include "crypto/keys.hpp"
#include "server/app/access_tokens.hpp"
#include "server/app/log.hpp"
#include "server/app/policies.hpp"
#include "server/app/rest_api.hpp"
#include "server/app/rest_bodies.hpp"

namespace clarion::server {
namespace {

constexpr std::size_t kBodyMax = 64 * 1024;  // As net's.

/// 64 lower-case hexadecimal characters, as LINE Planet's API secret.
std::string make_secret() {
    std::array<std::uint8_t, 32> bytes{};
    crypto::random_bytes(bytes);
    std::string text;
    for (const std::uint8_t byte : bytes) {
        std::array<char, 3> hex{};
        std::snprintf(hex.data(), hex.size(), "%02x", static_cast<unsigned>(byte));
        text += hex.data();
    }
    return text;
}

ApiKeyRecord make_key(const ServiceId& service, WallTime now) {
    return {crypto::random_token(24), service, Redacted{make_secret()}, now, {}};
}

rest::DeviceView view_of(const DeviceRecord& device, bool connected) {
    rest::DeviceView view{device.device, device.user,       device.platform,  {}, {},
                          connected,     device.created_at, device.updated_at};
    if (!device.public_key.empty()) view.public_key = device.public_key;
    const auto shown = [](const PushEndpoint& one) {
        return rest::PushView{one.provider, one.topic, one.environment, one.is_alert, one.is_proven};
    };
    if (device.push) view.push = shown(*device.push);
    for (const PushEndpoint& one : device.push_more) view.push_more.push_back(shown(one));
    return view;
}

}  // namespace

// ---- services (admin) ----

net::HttpResponse RestApi::services(const net::HttpRequest& request, const Path& path) {
    if (path.size() == 3) return service(request, path[2]);
    if (auto refused = refuse_admin(request)) return std::move(*refused);
    if (path.size() == 2) return request.method == "POST" ? make_service(request) : rest::wrong_method("POST");
    if ((path.size() == 4 || path.size() == 5) && path[3] == "keys") return keys_of_service(request, path);
    return rest::not_found();
}

net::HttpResponse RestApi::make_service(const net::HttpRequest& request) {
    const auto body = rest::decode_service(request.body);
    if (!body) return rest::problem(body.error());
    const WallTime now = parts_.clock.wall_now();
    const ApiKeyRecord key = make_key(body->id, now);
    const auto made = parts_.store.add_service({body->id, body->name, now}, key);
    if (!made && made.error().fault == StoreFault::exists) {
        return rest::problem(409, "exists", "there is a service with that id");
    }
    if (!made) return rest::problem(made.error());
    log::write(log::Level::info, "service_made", {{"service", body->id.text()}});
    return rest::json(201, rest::encode(rest::ServiceMade{body->id, key.key, key.secret.reveal()}));
}

/// The administrator asks for any service, an app server for its own.
net::HttpResponse RestApi::service(const net::HttpRequest& request, std::string_view id) {
    const auto asked = ServiceId::parse(id);
    if (has_api_key(request)) {
        const auto asker = authorize(request);
        if (!asker) return asker.error();
        if (asked != asker->service) return rest::not_found();
    } else if (auto refused = refuse_admin(request)) {
        return std::move(*refused);
    }
    if (request.method != "GET" && request.method != "PATCH") return rest::wrong_method("GET, PATCH");
    auto found = asked ? parts_.store.find_service(*asked) : Stored<std::optional<ServiceRecord>>{};
    if (!found) return rest::problem(found.error());
    if (!*found) return rest::not_found();
    return request.method == "PATCH" ? change_service(request, std::move(**found)) : shown(**found);
}

net::HttpResponse RestApi::change_service(const net::HttpRequest& request, ServiceRecord record) {
    const auto document = codec::Document::parse(request.body, kBodyMax);
    if (!document) return rest::problem(document.error());
    const codec::Node body = document->root();
    if (!body.is_object()) return rest::problem(400, "malformed", "the body is an object with name, policy or both");
    for (std::size_t i = 0; i < body.size(); ++i) {
        if (body.member_name(i) == "name" || body.member_name(i) == "policy") continue;
        return rest::problem(400, "malformed", "the body takes name and policy; what holds for calls stands in policy");
    }
    if (const codec::Node name = body.get("name"); name.exists()) {
        const auto text = name.text();
        if (!text || text->size() > rest::kServiceNameMax) {
            return rest::problem(400, "malformed", "name is a text of at most 128 bytes", "name");
        }
        record.name = *text;
    }
    if (const codec::Node policy = body.get("policy"); policy.exists()) {
        const auto changed = patched(record.policy, policy, parts_.host.policies().effective({}));
        if (!changed) return rest::problem(400, "malformed", changed.error().detail, changed.error().field);
        record.policy = *changed;
    }
    const auto written = parts_.host.policies().change(record);
    if (!written) return rest::problem(written.error());
    if (!*written) return rest::not_found();
    log::write(log::Level::info, "service_changed", {{"service", record.id.text()}});
    return shown(record);
}

net::HttpResponse RestApi::shown(const ServiceRecord& service) {
    const ServicePolicy effective = parts_.host.policies().effective(service.policy);
    return rest::json(
        200, rest::encode(rest::ServiceView{service.id, service.name, service.created_at, service.policy, effective})
    );
}

net::HttpResponse RestApi::keys_of_service(const net::HttpRequest& request, const Path& path) {
    const auto service = ServiceId::parse(path[2]);
    const auto known = service ? parts_.store.find_service(*service) : Stored<std::optional<ServiceRecord>>{};
    if (!known) return rest::problem(known.error());
    if (!*known) return rest::not_found();
    const WallTime now = parts_.clock.wall_now();
    if (path.size() == 4) {
        if (request.method != "POST") return rest::wrong_method("POST");
        const ApiKeyRecord key = make_key(*service, now);
        if (const auto made = parts_.store.add_api_key(key); !made) return rest::problem(made.error());
        return rest::json(201, rest::encode(rest::ServiceMade{*service, key.key, key.secret.reveal()}));
    }
    if (request.method != "DELETE") return rest::wrong_method("DELETE");
    const auto revoked = parts_.store.revoke_api_key(*service, path[4], now);
    if (!revoked) return rest::problem(revoked.error());
    if (*revoked && parts_.on_key_revoked) parts_.on_key_revoked(path[4]);
    return *revoked ? rest::json(200, "{}") : rest::not_found();
}

// ---- users and devices ----

net::HttpResponse RestApi::users(const net::HttpRequest& request, const Path& path) {
    const auto asker = authorize(request);
    if (!asker) return asker.error();
    if (path.size() < 3 || path.size() > 6) return rest::not_found();
    const auto user_id = UserId::parse(path[2]);
    if (!user_id) return rest::problem(400, "bad_id", "a user id is 1 to 64 of letters, digits, '-', '_' and '.'");
    if (path.size() == 3) return user(*asker, request, *user_id);
    if (path[3] == "tokens") return tokens(*asker, request, *user_id, path);
    if (path[3] == "settings" && path.size() == 4) return settings(*asker, request, *user_id);
    if (path[3] == "calls" && path.size() == 4) {
        return request.method == "GET" ? history(*asker, request, *user_id) : rest::wrong_method("GET");
    }
    if (path[3] != "devices") return rest::not_found();
    if (path.size() == 4) return request.method == "GET" ? list_devices(*asker, *user_id) : rest::wrong_method("GET");
    const auto device_id = DeviceId::parse(path[4]);
    if (!device_id) return rest::problem(400, "bad_id", "a device id is 1 to 64 of letters, digits, '-', '_' and '.'");
    if (path.size() == 5) return device(*asker, request, *user_id, *device_id);
    return path[5] == "ring" ? ring(*asker, request, *user_id, *device_id) : rest::not_found();
}

net::HttpResponse RestApi::user(const Asker& asker, const net::HttpRequest& request, const UserId& user) {
    if (request.method == "GET") {
        const auto found = parts_.store.find_user(asker.service, user);
        if (!found) return rest::problem(found.error());
        if (!*found) return rest::not_found();
        return rest::json(200, rest::encode(rest::UserView{user, (*found)->name}));
    }
    if (request.method != "PUT") return rest::wrong_method("GET, PUT");
    const auto body = rest::decode_user(request.body);
    if (!body) return rest::problem(body.error());
    const auto put = parts_.store.put_user({asker.service, user, body->name, parts_.clock.wall_now()});
    if (!put) return rest::problem(put.error());
    return rest::json(200, rest::encode(rest::UserView{user, body->name}));
}

net::HttpResponse RestApi::device(
    const Asker& asker, const net::HttpRequest& request, const UserId& user, const DeviceId& device
) {
    if (request.method == "PUT") return put_device(asker, request, user, device);
    if (request.method == "GET") {
        const auto found = parts_.store.find_device(asker.service, device);
        if (!found) return rest::problem(found.error());
        if (!*found || (*found)->user != user) return rest::not_found();
        return rest::json(200, rest::encode(view_of(**found, parts_.bus.is_online(asker.service, device))));
    }
    if (request.method != "DELETE") return rest::wrong_method("GET, PUT, DELETE");
    const auto removed = parts_.store.remove_device(asker.service, user, device, parts_.clock.wall_now());
    if (!removed) return rest::problem(removed.error());
    if (*removed) parts_.bus.disconnect(asker.service, device);
    return *removed ? rest::json(200, "{}") : rest::not_found();
}

net::HttpResponse RestApi::put_device(
    const Asker& asker, const net::HttpRequest& request, const UserId& user, const DeviceId& device
) {
    const auto body = rest::decode_device(request.body);
    if (!body) return rest::problem(body.error());
    if (body->push) {
        if (const auto fault = rest::fault_of(*body->push)) return rest::problem(400, "malformed", *fault, "push");
    } else if (!body->push_more.empty()) {
        return rest::problem(400, "malformed", "push_more needs push: the first way to wake the device", "push");
    }
    for (const rest::PushBody& more : body->push_more) {
        if (const auto fault = rest::fault_of(more))
            return rest::problem(400, "malformed", "push_more: " + *fault, "push_more");
    }
    if (body->public_key && !parts_.invites.is_usable_device_key(*body->public_key)) {
        return rest::problem(
            400, "malformed", "public_key is not an X25519 key in base64url (43 characters)", "public_key"
        );
    }
    const auto devices = parts_.store.list_devices(asker.service, user);
    if (!devices) return rest::problem(devices.error());
    const WallTime now = parts_.clock.wall_now();
    DeviceRecord record{asker.service, user, device, body->platform, body->public_key.value_or(""), {}, now, now};
    bool is_new = true;
    for (const DeviceRecord& old : *devices) is_new = is_new && old.device != device;
    if (is_new && devices->size() >= options_.devices_per_user_max) {
        return rest::problem(
            429, "too_many", "the user has " + std::to_string(devices->size()) + " devices; delete some"
        );
    }
    if (body->push) record.push = rest::endpoint_of(*body->push);
    for (const rest::PushBody& more : body->push_more) record.push_more.push_back(rest::endpoint_of(more));
    const auto put = parts_.store.put_device(record);
    if (!put && put.error().fault == StoreFault::exists) {
        return rest::problem(
            409, "exists",
            "the device is registered for another user of this service: device ids are unique in a service; when a "
            "person "
            "signs out of a device, delete it there first"
        );
    }
    if (!put) return rest::problem(put.error());
    return rest::json(200, rest::encode(rest::DeviceMade{device, options_.verify_keys}));
}

net::HttpResponse RestApi::list_devices(const Asker& asker, const UserId& user) {
    const auto devices = parts_.store.list_devices(asker.service, user);
    if (!devices) return rest::problem(devices.error());
    rest::DeviceList list;
    for (const DeviceRecord& device : *devices) {
        list.devices.push_back(view_of(device, parts_.bus.is_online(asker.service, device.device)));
    }
    return rest::json(200, rest::encode(list));
}

net::HttpResponse RestApi::settings(const Asker& asker, const net::HttpRequest& request, const UserId& user) {
    if (request.method == "GET") {
        const auto found = parts_.store.find_settings(asker.service, user);
        if (!found) return rest::problem(found.error());
        return rest::json(200, rest::encode(rest::SettingsBody{found->do_not_disturb_until, found->blocked}));
    }
    if (request.method != "PUT") return rest::wrong_method("GET, PUT");
    const auto body = rest::decode_settings(request.body);
    if (!body) return rest::problem(body.error());
    const auto put = parts_.store.put_settings(
        asker.service, user, {body->do_not_disturb_until, body->blocked}, parts_.clock.wall_now()
    );
    if (!put) return rest::problem(put.error());
    return rest::json(200, rest::encode(*body));
}

net::HttpResponse RestApi::tokens(
    const Asker& asker, const net::HttpRequest& request, const UserId& user, const Path& path
) {
    const std::string_view id = path.size() == 5 ? std::string_view{path[4]} : std::string_view{};
    if (path.size() == 4 && request.method == "POST") return make_token(asker, request, user);
    if (request.method != "DELETE") return rest::wrong_method(path.size() == 4 ? "POST, DELETE" : "DELETE");
    if (id.size() > kTokenIdLengthMax) return rest::not_found();
    const WallTime now = parts_.clock.wall_now();
    const auto revoked = parts_.store.revoke_tokens(asker.service, user, id, now);
    if (!revoked) return rest::problem(revoked.error());
    if (parts_.on_tokens_revoked) parts_.on_tokens_revoked(asker.service, user, id, now);
    return rest::json(200, "{}");
}

net::HttpResponse RestApi::make_token(const Asker& asker, const net::HttpRequest& request, const UserId& user) {
    const auto body =
        rest::decode_token(request.body.empty() ? std::string_view{"{}"} : std::string_view{request.body});
    if (!body) return rest::problem(body.error());
    // Seconds are all that a token can say: one made right after older ones were revoked has to count as later.
    WallTime now = parts_.clock.wall_now();
    const WallTime second{now.ms / 1000 * 1000};
    const auto revoked = parts_.store.is_revoked(asker.service, user, "", second);
    if (!revoked) return rest::problem(revoked.error());
    if (*revoked) now = second + Duration{1'000};
    const auto made = make_access_token(asker.key, user, body->device, std::chrono::seconds{body->ttl_s}, now);
    if (!made) return rest::problem(protocol::ErrorCode::unavailable);
    rest::TokenMade answer{made->token, made->expires_at, {}};
    if (!options_.connect_url.empty()) answer.connect_url = options_.connect_url;
    return rest::json(201, rest::encode(answer));
}

}  // namespace clarion::server
