// SPDX-License-Identifier: Apache-2.0
#include "server/app/rest_api.hpp"

#include <utility>

#include "core/codec/protocol_codec.hpp"
#include "core/protocol/messages_described.hpp"
#include "crypto/base64.hpp"
#include "crypto/keys.hpp"
#include "server/app/client_session.hpp"
#include "server/app/log.hpp"
#include "server/app/rest_bodies.hpp"

namespace clarion::server {

using protocol::ErrorCode;

namespace rest {
namespace {

unsigned status_of(ErrorCode code) {
    switch (code) {
        case ErrorCode::malformed:
        case ErrorCode::wrong_version:
        case ErrorCode::unknown_type: return 400;
        case ErrorCode::too_large: return 413;
        case ErrorCode::not_authorized: return 401;
        case ErrorCode::not_for_device: return 403;
        case ErrorCode::unknown_call: return 404;
        case ErrorCode::wrong_state:
        case ErrorCode::already_answered:
        case ErrorCode::id_conflict: return 409;
        case ErrorCode::too_many: return 429;
        case ErrorCode::unavailable: return 503;
    }
    return 500;
}

}  // namespace

net::HttpResponse json(unsigned status, std::string body) {
    return {status, {{"Content-Type", "application/json"}, {"Cache-Control", "no-store"}}, std::move(body)};
}

net::HttpResponse problem(
    unsigned status, std::string_view code, std::string_view detail, std::optional<std::string> field
) {
    const Problem body{
        "about:blank",   std::string{net::reason_phrase(status)}, status, std::string{detail}, std::string{code},
        std::move(field)
    };
    return {status, {{"Content-Type", "application/problem+json"}, {"Cache-Control", "no-store"}}, encode(body)};
}

net::HttpResponse problem(ErrorCode code) { return problem(status_of(code), clarion::to_string(code), explain(code)); }

net::HttpResponse problem(const StoreError& error) {
    log::write(
        log::Level::error, "store_failed", {{"fault", std::string{name_of(error.fault)}}, {"error", error.text}}
    );
    return problem(ErrorCode::unavailable);
}

net::HttpResponse problem(const codec::DecodeError& error) {
    const ErrorCode code = codec::error_code_for(error.code);
    auto field = error.path.empty() ? std::nullopt : std::optional{error.path};
    return problem(status_of(code), clarion::to_string(code), error.message(), std::move(field));
}

net::HttpResponse wrong_method(std::string_view allowed) {
    auto response = problem(405, "wrong_method", "this resource takes " + std::string{allowed});
    response.headers.push_back({"Allow", std::string{allowed}});
    return response;
}

net::HttpResponse not_found() { return problem(404, "not_found", "there is no such resource"); }

}  // namespace rest

namespace {

/// What follows the scheme in Authorization, or nullopt.
std::optional<std::string_view> credentials(const net::HttpRequest& request, std::string_view scheme) {
    const std::string* header = net::find_header(request.headers, "authorization");
    if (header == nullptr || header->size() <= scheme.size()) return std::nullopt;
    for (std::size_t i = 0; i < scheme.size(); ++i) {
        const char c = (*header)[i];
        if ((c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c) != scheme[i]) return std::nullopt;
    }
    std::string_view rest{*header};
    rest.remove_prefix(scheme.size());
    if (rest.front() != ' ') return std::nullopt;
    rest.remove_prefix(1);
    return rest;
}

net::HttpResponse unauthorized(std::string_view challenge, std::string_view detail) {
    auto response = rest::problem(401, "not_authorized", detail);
    response.headers.push_back({"WWW-Authenticate", std::string{challenge}});
    return response;
}

}  // namespace

std::optional<RestApi::Path> RestApi::segments_of(std::string_view path) {
    Path segments;
    if (path.empty() || path.front() != '/') return std::nullopt;
    path.remove_prefix(1);
    for (;;) {
        const auto slash = path.find('/');
        auto segment = net::percent_decode(path.substr(0, slash));
        if (!segment || segment->empty() || segments.size() == 8) return std::nullopt;
        segments.push_back(std::move(*segment));
        if (slash == std::string_view::npos) return segments;
        path.remove_prefix(slash + 1);
    }
}

net::HttpResponse RestApi::handle(const net::HttpRequest& request) {
    const auto path = segments_of(request.path);
    if (!path) return rest::not_found();
    auto response = route(request, *path);
    log::write(
        log::Level::debug, "request",
        {{"method", request.method},
         {"resource", path->size() > 1 ? (*path)[1] : (*path)[0]},
         {"status", std::to_string(response.status)}}
    );
    return response;
}

net::HttpResponse RestApi::route(const net::HttpRequest& request, const Path& path) {
    if (path.size() == 1 && path[0] == "health") {
        return request.method == "GET" ? health() : rest::wrong_method("GET");
    }
    if (path.size() == 1 && path[0] == "metrics") {
        return request.method == "GET" ? metrics(request) : rest::wrong_method("GET");
    }
    if (path.size() < 2 || path[0] != "v1") return rest::not_found();
    if (path[1] == "services") return services(request, path);
    if (path[1] == "users") return users(request, path);
    if (path[1] == "calls") return calls(request, path);
    if (path[1] == "decline" && path.size() == 2) {
        return request.method == "POST" ? decline(request) : rest::wrong_method("POST");
    }
    if (path[1] == "connect" && path.size() == 2) {
        auto response = rest::problem(426, "upgrade_required", "connect with a WebSocket");
        response.headers.push_back({"Upgrade", "websocket"});
        return response;
    }
    return rest::not_found();
}

net::HttpResponse RestApi::health() const {
    codec::Writer out;
    const bool is_well = parts_.host.is_healthy();
    out.begin_object().key("status").text(is_well ? "ok" : "store_failing").key("version").text(options_.version);
    out.key("live_calls").unsigned_integer(parts_.host.live_calls()).end_object();
    return rest::json(is_well ? 200 : 503, out.take());
}

std::optional<net::HttpResponse> RestApi::refuse_admin(const net::HttpRequest& request) const {
    if (options_.admin_key.reveal().empty()) {
        return rest::problem(
            403, "no_admin_key", "this server has no admin key; set admin_key_file or CLARION_ADMIN_KEY"
        );
    }
    const auto given = credentials(request, "bearer");
    if (given && crypto::equal_constant_time(*given, options_.admin_key.reveal())) return std::nullopt;
    return unauthorized("Bearer realm=\"clariond\"", "this needs the admin key: Authorization: Bearer ...");
}

bool RestApi::has_api_key(const net::HttpRequest& request) { return credentials(request, "basic").has_value(); }

RestApi::Authorized RestApi::authorize(const net::HttpRequest& request) {
    constexpr std::string_view kChallenge = "Basic realm=\"clariond\", charset=\"UTF-8\"";
    const auto given = credentials(request, "basic");
    if (!given) return std::unexpected{unauthorized(kChallenge, "this needs HTTP Basic with API key and secret")};
    const auto decoded = crypto::base64_decode(*given);
    const std::string pair = decoded ? std::string{decoded->begin(), decoded->end()} : std::string{};
    const auto colon = pair.find(':');
    if (colon == std::string::npos) return std::unexpected{unauthorized(kChallenge, "Authorization is not HTTP Basic")};
    const auto key = parts_.store.find_api_key(pair.substr(0, colon));
    if (!key) return std::unexpected{rest::problem(key.error())};
    // An unknown key costs the same comparison as a wrong secret, and gets the same words.
    const bool is_known = *key && !(*key)->revoked_at;
    const std::string secret = is_known ? (*key)->secret.reveal() : std::string(64, '\0');
    const bool is_equal = crypto::equal_constant_time(std::string_view{pair}.substr(colon + 1), secret);
    if (!is_known || !is_equal) return std::unexpected{unauthorized(kChallenge, "API key or secret is wrong")};
    return Asker{(*key)->service, **key};
}

}  // namespace clarion::server
