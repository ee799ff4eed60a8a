// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <expected>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/codec/json.hpp"
#include "core/protocol/messages.hpp"
#include "net/http_message.hpp"
#include "net/http_server.hpp"
#include "server/app/call_host.hpp"
#include "server/app/device_bus.hpp"
#include "server/app/invites.hpp"
#include "server/app/push_gateway.hpp"
#include "server/app/push_orders.hpp"
#include "server/app/trace.hpp"
#include "server/ports/clock.hpp"
#include "server/ports/store.hpp"

namespace clarion::server {

struct RestOptions {
    Redacted<std::string> admin_key;       ///< empty: the admin resources answer 403
    std::vector<std::string> verify_keys;  ///< what registered devices trust
    std::string connect_url;               ///< told with tokens; empty: not told
    std::string version;
    std::size_t devices_per_user_max = 64;
};

/// The REST interface, docs/operate.md "REST". Errors are problem details (RFC 9457) with a `code` for programs.
///
/// Thread: the loop's. Bounds: bodies 64 kB (net), lists 100 rows.
class RestApi {
  public:
    struct Parts {
        net::Loop& loop;
        const Clock& clock;
        Store& store;
        DeviceBus& bus;
        CallHost& host;
        TraceLog& trace;
        const Invites& invites;
        PushGateway& pushes;
        std::function<void(std::string_view)> on_key_revoked;  ///< closes the sessions of that API key
        /// Closes the sessions of a user's tokens; an empty id: of all.
        std::function<void(const ServiceId&, const UserId&, std::string_view, WallTime)> on_tokens_revoked;
    };

    RestApi(Parts parts, RestOptions options)
        : parts_{std::move(parts)}, options_{std::move(options)}, orders_{parts_.loop} {}

    /// Answers once, at once or (pushes) when the providers have answered, and at the latest after the time that the
    /// request names.
    void serve(const net::HttpRequest& request, net::Respond respond);

  private:
    using Path = std::vector<std::string>;

    [[nodiscard]] net::HttpResponse handle(const net::HttpRequest& request);
    /// "/v1/users/bob" → {"v1", "users", "bob"}; nullopt for empty or badly encoded segments.
    [[nodiscard]] static std::optional<Path> segments_of(std::string_view path);

    /// Who asks, after authentication.
    struct Asker {
        ServiceId service;
        ApiKeyRecord key;
    };

    using Authorized = std::expected<Asker, net::HttpResponse>;

    // rest_api.cpp
    [[nodiscard]] net::HttpResponse route(const net::HttpRequest& request, const Path& path);
    [[nodiscard]] net::HttpResponse health() const;
    [[nodiscard]] std::optional<net::HttpResponse> refuse_admin(const net::HttpRequest& request) const;
    [[nodiscard]] Authorized authorize(const net::HttpRequest& request);
    /// It asks with an API key, not with the admin key.
    [[nodiscard]] static bool has_api_key(const net::HttpRequest& request);

    // rest_accounts.cpp
    [[nodiscard]] net::HttpResponse services(const net::HttpRequest& request, const Path& path);
    [[nodiscard]] net::HttpResponse make_service(const net::HttpRequest& request);
    [[nodiscard]] net::HttpResponse service(const net::HttpRequest& request, std::string_view id);
    [[nodiscard]] net::HttpResponse change_service(const net::HttpRequest& request, ServiceRecord record);
    [[nodiscard]] net::HttpResponse shown(const ServiceRecord& service);
    [[nodiscard]] net::HttpResponse keys_of_service(const net::HttpRequest& request, const Path& path);
    [[nodiscard]] net::HttpResponse users(const net::HttpRequest& request, const Path& path);
    [[nodiscard]] net::HttpResponse user(const Asker& asker, const net::HttpRequest& request, const UserId& user);
    [[nodiscard]] net::HttpResponse device(
        const Asker& asker, const net::HttpRequest& request, const UserId& user, const DeviceId& device
    );
    [[nodiscard]] net::HttpResponse put_device(
        const Asker& asker, const net::HttpRequest& request, const UserId& user, const DeviceId& device
    );
    [[nodiscard]] net::HttpResponse list_devices(const Asker& asker, const UserId& user);
    [[nodiscard]] net::HttpResponse make_token(const Asker& asker, const net::HttpRequest& request, const UserId& user);
    [[nodiscard]] net::HttpResponse tokens(
        const Asker& asker, const net::HttpRequest& request, const UserId& user, const Path& path
    );
    [[nodiscard]] net::HttpResponse settings(const Asker& asker, const net::HttpRequest& request, const UserId& user);

    // rest_push.cpp
    [[nodiscard]] static bool is_push(const Path& path);
    void push(const net::HttpRequest& request, const Path& path, net::Respond respond);
    void push_to_endpoint(const Asker& asker, const rest::MessageBody& body, net::Respond respond);
    void push_to_user(const Asker& asker, const UserId& user, const rest::MessageBody& body, net::Respond respond);
    [[nodiscard]] net::HttpResponse push_status(const Asker& asker, const std::string& id) const;
    [[nodiscard]] net::HttpResponse ring(
        const Asker& asker, const net::HttpRequest& request, const UserId& user, const DeviceId& device
    );
    [[nodiscard]] net::HttpResponse metrics(const net::HttpRequest& request) const;

    // rest_calls.cpp
    [[nodiscard]] net::HttpResponse calls(const net::HttpRequest& request, const Path& path);
    [[nodiscard]] net::HttpResponse list_calls(const Asker& asker, const net::HttpRequest& request);
    [[nodiscard]] net::HttpResponse history(const Asker& asker, const net::HttpRequest& request, const UserId& user);
    [[nodiscard]] net::HttpResponse call(const Asker& asker, const CallId& id);
    [[nodiscard]] net::HttpResponse trace(const Asker& asker, const CallId& id);
    [[nodiscard]] net::HttpResponse end_call(const Asker& asker, const net::HttpRequest& request, const CallId& id);
    [[nodiscard]] net::HttpResponse decline(const net::HttpRequest& request);

    Parts parts_;
    RestOptions options_;
    PushOrders orders_;
};

/// Answers, for the parts of the interface.
namespace rest {

[[nodiscard]] net::HttpResponse json(unsigned status, std::string body);
[[nodiscard]] net::HttpResponse problem(
    unsigned status, std::string_view code, std::string_view detail, std::optional<std::string> field = std::nullopt
);
/// The HTTP status that stands for an error of the client protocol.
[[nodiscard]] net::HttpResponse problem(protocol::ErrorCode code);
[[nodiscard]] net::HttpResponse problem(const StoreError& error);
[[nodiscard]] net::HttpResponse problem(const codec::DecodeError& error);
/// 405 with the methods that would work.
[[nodiscard]] net::HttpResponse wrong_method(std::string_view allowed);
[[nodiscard]] net::HttpResponse not_found();

}  // namespace rest

}  // namespace clarion::server
