// SPDX-License-Identifier: Apache-2.0
#include "server/app/server.hpp"

#include <set>
#include <utility>

#include "crypto/keys.hpp"
#include "server/app/device_bus.hpp"
#include "server/app/log.hpp"
#include "server/app/trace.hpp"

namespace clarion::server {
namespace {

constexpr Duration kHousekeeping{60'000};
constexpr Duration kStoreCheck{5'000};  // While the store refuses writes.
constexpr std::size_t kForgetAtOnce = 500;
// Larger messages than the protocol allows still get their error; far larger ones close the connection (1009).
constexpr std::size_t kMessageMax = 4 * protocol::kFrameLengthMax;

net::HttpServerOptions http_options(const ServerOptions& options) {
    net::HttpServerOptions http;
    http.address = options.address;
    http.port = options.port;
    http.tls = options.tls;
    http.websocket.message_max = kMessageMax;
    http.websocket.queue_max = 1024 * 1024;
    return http;
}

RestOptions rest_options(RestOptions options, const ServerKeys& keys) {
    options.verify_keys = keys.verify_keys;
    return options;
}

}  // namespace

struct Server::State {
    State(Parts given, const ServerKeys& keys, const ServerOptions& server_options)
        : parts{given},
          options{server_options},
          bus{crypto::random_number()},
          trace{parts.loop, parts.store},
          invites{keys.invite_key, Tickets{keys.ticket_key}},
          pushes{parts.loop, parts.clock, parts.store, invites, trace, parts.senders},
          host{{parts.loop, parts.clock, parts.store, bus, pushes, trace, invites}, options.calls},
          rest{
              {parts.loop, parts.clock, parts.store, bus, host, trace, invites, pushes,
               [this](std::string_view key) { revoked(key); },
               [this](const ServiceId& service, const UserId& user, std::string_view jti, WallTime at) {
                   const auto open = sessions;  // Closing may end one at once.
                   for (const auto& session : open) session->tokens_revoked(service, user, jti, at);
               }},
              rest_options(options.rest, keys)
          },
          http{parts.loop, http_options(options)},
          housekeeping{parts.loop} {}

    void accept(std::shared_ptr<net::WebSocket> socket) {
        const ClientSession::Parts session_parts{parts.loop, parts.clock,       parts.store,   bus,
                                                 host,       invites.tickets(), options.limits};
        auto session = std::make_shared<ClientSession>(session_parts, std::move(socket), [this](ClientSession& closed) {
            sessions.erase(closed.shared_from_this());
        });
        sessions.insert(session);
        session->start();
    }

    void revoked(std::string_view api_key) {
        const auto open = sessions;  // Closing may end one at once.
        for (const auto& session : open) session->key_revoked(api_key);
    }

    void keep_house() {
        const WallTime now = parts.clock.wall_now();
        parts.senders.forget_idle();
        bus.forget_idle(now);
        host.look_after_store();
        host.forget_idle(now);
        if (const auto done = parts.store.forget_marks(now + -(kTokenTimeMax + kTokenClockSkew)); !done) {
            log::write(log::Level::warn, "store_failed", {{"error", done.error().text}});
        }
        const auto forgotten = parts.store.forget_calls(now + -options.history_time, kForgetAtOnce);
        if (!forgotten) log::write(log::Level::warn, "store_failed", {{"error", forgotten.error().text}});
        // More may wait: a big clean-up goes in small pieces, so that no call waits for it.
        const bool has_more = forgotten && *forgotten == kForgetAtOnce;
        const Duration pause = host.is_healthy() ? kHousekeeping : kStoreCheck;
        housekeeping.arm(has_more ? Duration{100} : pause, [this] { keep_house(); });
    }

    Parts parts;
    ServerOptions options;
    DeviceBus bus;
    TraceLog trace;
    Invites invites;
    PushGateway pushes;
    CallHost host;
    RestApi rest;
    std::set<std::shared_ptr<ClientSession>> sessions;
    net::HttpServer http;
    net::Timer housekeeping;
};

Server::Server(Parts parts, const ServerKeys& keys, ServerOptions options)
    : state_{std::make_unique<State>(parts, keys, options)} {
    state_->http.on_request([state = state_.get()](net::HttpRequest request, net::Respond respond) {
        state->rest.serve(request, std::move(respond));
    });
    state_->http.on_upgrade(
        "/v1/connect",
        [state = state_.get()](const net::HttpRequest&, std::shared_ptr<net::WebSocket> socket) {
            state->accept(std::move(socket));
        }
    );
}

Server::~Server() {
    // Sessions point into the state: none may get a callback from here on.
    for (const auto& session : std::exchange(state_->sessions, {})) session->abandon();
}

std::expected<std::uint16_t, std::string> Server::start() {
    // First the port: a start that fails must not have sent pushes. Nobody is served before the loop runs.
    const auto port = state_->http.start();
    if (!port) return std::unexpected{port.error().message};
    const auto resumed = state_->host.resume();
    if (!resumed) return std::unexpected{resumed.error()};
    if (*resumed > 0) log::write(log::Level::info, "calls_resumed", {{"calls", std::to_string(*resumed)}});
    state_->keep_house();
    return *port;
}

void Server::stop() {
    state_->host.ignore_presence();
    state_->http.stop();
    state_->housekeeping.cancel();
    state_->trace.flush();
}

std::size_t Server::connections() const { return state_->http.connections(); }

void Server::set_tls(std::shared_ptr<net::TlsContext> tls) { state_->http.set_tls(std::move(tls)); }

}  // namespace clarion::server
