// SPDX-License-Identifier: Apache-2.0
#include "lab/push/fcm_service.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include "core/codec/json.hpp"
#include "crypto/keys.hpp"
#include "lab/push/push_desk.hpp"

namespace clarion::lab {
namespace {

constexpr std::string_view kTokenPath = "/token";
constexpr std::string_view kOldTokenPath = "/oauth2/v4/token";  // Still used by Google's own libraries.
constexpr std::string_view kProjects = "/v1/projects/";
constexpr std::string_view kSend = "/messages:send";
constexpr std::string_view kBearer = "bearer ";
constexpr std::size_t kStoredMax = 100;
constexpr std::size_t kAccessTokensMax = 1000;
constexpr Duration kMinute{60'000};
constexpr std::string_view kSignIn =
    " Expected OAuth 2 access token, login cookie or other valid authentication credential. "
    "See https://developers.google.com/identity/sign-in/web/devconsole-project.";

struct AccessGrant {
    std::string project_id;
    WallTime expires_at;
};

/// Messages to one device in the present minute.
struct Pace {
    WallTime minute_from;
    unsigned count = 0;
};

net::HttpResponse json_response(unsigned status, std::string body) {
    return {
        .status = status, .headers = {{"content-type", "application/json; charset=UTF-8"}}, .body = std::move(body)
    };
}

net::HttpResponse html_404() {
    return {
        .status = 404,
        .headers = {{"content-type", "text/html; charset=UTF-8"}},
        .body = "<!DOCTYPE html><html lang=en><title>Error 404 (Not Found)!!1</title></html>"
    };
}

/// "p" of "/v1/projects/p/messages:send"; empty for any other path.
std::string project_of(std::string_view path) {
    if (!path.starts_with(kProjects) || !path.ends_with(kSend)) return {};
    if (path.size() <= kProjects.size() + kSend.size()) return {};
    const auto project = path.substr(kProjects.size(), path.size() - kProjects.size() - kSend.size());
    return project.contains('/') ? std::string{} : std::string{project};
}

FcmError over_quota(std::string message) {
    return {.status = 429, .word = "RESOURCE_EXHAUSTED", .error_code = "QUOTA_EXCEEDED", .message = std::move(message)};
}

FcmError not_registered() {
    return {
        .status = 404, .word = "NOT_FOUND", .error_code = "UNREGISTERED", .message = "Requested entity was not found."
    };
}

FcmError unauthenticated(std::string_view text, std::string_view reason) {
    return {
        .status = 401,
        .word = "UNAUTHENTICATED",
        .message = std::string{text} + std::string{kSignIn},
        .info_reason = std::string{reason}
    };
}

}  // namespace

struct FcmService::State : std::enable_shared_from_this<State> {
    State(net::Loop& loop, const FcmServiceOptions& the_options) : desk{loop, the_options}, options{the_options} {}

    void asked(net::HttpRequest request, const net::Http2Exchange& exchange);
    void grant(const net::HttpRequest& request, const net::Http2Exchange& exchange);
    void send(const net::HttpRequest& request, const net::Http2Exchange& exchange);
    [[nodiscard]] std::optional<FcmError> check_credential(const net::HttpRequest& request, const std::string& project);
    [[nodiscard]] std::optional<FcmError> check_device(const FcmMessage& message, const std::string& project);
    [[nodiscard]] std::optional<FcmError> check_pace(const std::string& token);
    void perform(const net::HttpRequest& request, const net::Http2Exchange& exchange, const PushFault& fault);
    void accept(
        const net::HttpRequest& request,
        const net::Http2Exchange& exchange,
        const std::string& project,
        const FcmMessage& message
    );
    void refuse(const net::HttpRequest& request, const net::Http2Exchange& exchange, const FcmError& error);
    void deliver(DeliveredPush push);
    void unregister(const std::string& token);

    PushDesk desk;
    const FcmServiceOptions options;
    std::uint16_t port = 0;
    std::map<std::string, FcmAccount> accounts;
    std::map<std::string, AccessGrant> grants;
    std::map<std::string, FcmDevice> devices;
    std::map<std::string, Pace> paces;
    FaultScript oauth_faults;
    std::set<std::string> away;
    std::map<std::string, std::vector<DeliveredPush>> stored;
    std::deque<PushLogEntry> oauth_log;
};

void FcmService::State::asked(net::HttpRequest request, const net::Http2Exchange& exchange) {
    if (request.method == "POST" && (request.path == kTokenPath || request.path == kOldTokenPath)) {
        const auto fault = oauth_faults.take({});
        if (!fault) return grant(request, exchange);
        return desk.after(fault->delay, [this, request = std::move(request), exchange, fault = *fault] {
            if (fault.kind == PushFault::Kind::accept) return grant(request, exchange);
            desk.note(oauth_log, request, exchange, fault.status, fault.reason);
            if (misbehave(fault, exchange)) return;
            exchange.respond(json_response(fault.status, fault.body.value_or(R"({"error":")" + fault.reason + "\"}")));
        });
    }
    if (request.method != "POST" || project_of(request.path).empty()) return exchange.respond(html_404());
    send(request, exchange);
}

void FcmService::State::grant(const net::HttpRequest& request, const net::Http2Exchange& exchange) {
    const std::string uri = "https://" + options.host + ":" + std::to_string(port) + std::string{kTokenPath};
    const auto account = check_assertion(request.body, accounts, uri, desk.now());
    codec::Writer json;
    json.begin_object();
    if (!account) {
        json.key("error").text(account.error().error);
        json.key("error_description").text(account.error().description).end_object();
        desk.note(oauth_log, request, exchange, 400, account.error().error);
        return exchange.respond(json_response(400, json.take()));
    }
    const std::string token = "ya29.lab-" + crypto::random_token(24);
    while (grants.size() >= kAccessTokensMax) grants.erase(grants.begin());
    grants[token] = {account->project_id, desk.now() + options.token_lifetime};
    json.key("access_token").text(token).key("expires_in").integer(options.token_lifetime.count() / 1000);
    json.key("token_type").text("Bearer").end_object();
    desk.note(oauth_log, request, exchange, 200, {});
    exchange.respond(json_response(200, json.take()));
}

std::optional<FcmError> FcmService::State::check_credential(
    const net::HttpRequest& request, const std::string& project
) {
    const std::string* header = net::find_header(request.headers, "authorization");
    if (header == nullptr || header->empty()) {
        return unauthenticated("Request is missing required authentication credential.", "CREDENTIALS_MISSING");
    }
    std::string scheme = header->substr(0, kBearer.size());
    std::transform(scheme.begin(), scheme.end(), scheme.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    const auto grant = scheme == kBearer ? grants.find(header->substr(kBearer.size())) : grants.end();
    if (grant == grants.end() || grant->second.expires_at <= desk.now()) {
        return unauthenticated("Request had invalid authentication credentials.", "ACCESS_TOKEN_EXPIRED");
    }
    if (grant->second.project_id == project) return std::nullopt;
    return FcmError{
        .status = 403,
        .word = "PERMISSION_DENIED",
        .message =
            "Permission 'cloudmessaging.messages.create' denied on resource "
            "'//cloudresourcemanager.googleapis.com/projects/" +
            project + "' (or it may not exist).",
        .info_reason = "IAM_PERMISSION_DENIED"
    };
}

std::optional<FcmError> FcmService::State::check_device(const FcmMessage& message, const std::string& project) {
    const auto device = devices.find(message.token);
    if (device == devices.end() || !device->second.is_registered) {
        return not_registered();
    }
    if (device->second.project_id == project) return std::nullopt;
    return FcmError{
        .status = 403, .word = "PERMISSION_DENIED", .error_code = "SENDER_ID_MISMATCH", .message = "SenderId mismatch"
    };
}

std::optional<FcmError> FcmService::State::check_pace(const std::string& token) {
    Pace& pace = paces[token];
    const WallTime now = desk.now();
    if (now - pace.minute_from >= kMinute) pace = {.minute_from = now};
    if (++pace.count <= options.per_device_minute) return std::nullopt;
    return over_quota("Device message rate exceeded.");
}

void FcmService::State::send(const net::HttpRequest& request, const net::Http2Exchange& exchange) {
    const std::string project = project_of(request.path);
    // The live service answers 400 to a request without :authority.
    if (net::find_header(request.headers, "host") == nullptr) return exchange.respond({.status = 400});
    if (const auto error = check_credential(request, project)) return refuse(request, exchange, *error);
    const auto message = read_fcm_message(request.body);
    if (!message) return refuse(request, exchange, message.error());
    if (const auto error = check_device(*message, project)) return refuse(request, exchange, *error);
    if (message->is_validate_only) return accept(request, exchange, project, *message);
    if (const auto error = check_pace(message->token)) return refuse(request, exchange, *error);
    const auto fault = desk.faults.take(message->token);
    if (!fault) return accept(request, exchange, project, *message);
    desk.after(fault->delay, [this, request, exchange, project, message = *message, fault = *fault] {
        using Kind = PushFault::Kind;
        const bool is_refusal =
            fault.kind == Kind::answer || fault.kind == Kind::throttle || fault.kind == Kind::unregister;
        if (fault.kind == Kind::unregister) unregister(message.token);
        if (misbehave(fault, exchange)) return desk.note(request, exchange, 0, fault.reason);
        if (is_refusal) return perform(request, exchange, fault);
        accept(request, exchange, project, message);
        add_last_words(fault, exchange);
    });
}

void FcmService::State::perform(
    const net::HttpRequest& request, const net::Http2Exchange& exchange, const PushFault& fault
) {
    FcmError error{
        .status = fault.status,
        .word = fault.reason,
        .error_code = fault.status >= 500 ? fault.reason : "",
        .message = "Scripted by the lab."
    };
    if (fault.kind == PushFault::Kind::throttle) error = over_quota("Quota exceeded.");
    if (fault.kind == PushFault::Kind::unregister) error = not_registered();
    net::HttpResponse reply = json_response(error.status, fault.body.value_or(error.body()));
    if (!fault.retry_after.empty()) reply.headers.push_back({"retry-after", fault.retry_after});
    desk.note(request, exchange, error.status, error.error_code.empty() ? error.word : error.error_code);
    exchange.respond(std::move(reply));
}

void FcmService::State::refuse(
    const net::HttpRequest& request, const net::Http2Exchange& exchange, const FcmError& error
) {
    desk.note(request, exchange, error.status, error.error_code.empty() ? error.word : error.error_code);
    exchange.respond(json_response(error.status, error.body()));
}

void FcmService::State::accept(
    const net::HttpRequest& request,
    const net::Http2Exchange& exchange,
    const std::string& project,
    const FcmMessage& message
) {
    const WallTime now = desk.now();
    const std::string id =
        message.is_validate_only ? "fake_message_id" : "0:" + std::to_string(now.ms) + "%" + crypto::random_token(12);
    const std::string name = "projects/" + project + "/messages/" + id;
    desk.note(request, exchange, 200, {});
    exchange.respond(json_response(200, R"({"name":")" + name + "\"}"));
    if (message.is_validate_only) return;
    DeliveredPush push{
        .service = PushService::fcm,
        .token = message.token,
        .payload = message.data_json,
        .push_type = "data",
        .priority = message.priority,
        .collapse_id = message.collapse_key,
        .id = name,
        .expires = now + message.ttl,
        .received_at = now,
        .headers = without_credential(request.headers)
    };
    desk.post([weak = weak_from_this(), push = std::move(push)]() mutable {
        if (const auto self = weak.lock()) self->deliver(std::move(push));
    });
}

void FcmService::State::deliver(DeliveredPush push) {
    if (!away.contains(push.token)) {
        if (desk.on_push) desk.on_push(push);
        return;
    }
    if (push.expires && *push.expires <= desk.now()) return;  // "0s": now or never.
    auto& waiting = stored[push.token];
    if (!push.collapse_id.empty()) {
        std::erase_if(waiting, [&](const DeliveredPush& one) { return one.collapse_id == push.collapse_id; });
    }
    // Over the limit Firebase drops them all and tells the app so.
    if (waiting.size() == kStoredMax) waiting.clear();
    waiting.push_back(std::move(push));
}

void FcmService::State::unregister(const std::string& token) {
    const auto at = devices.find(token);
    if (at != devices.end()) at->second.is_registered = false;
    stored.erase(token);
}

FcmService::FcmService(net::Loop& loop, const FcmServiceOptions& options)
    : state_{std::make_shared<State>(loop, options)} {}

FcmService::~FcmService() = default;

std::expected<std::uint16_t, net::Error> FcmService::start() {
    auto port = state_->desk.start(
        {.serves_http1 = true, .is_lenient = true, .streams_max = 100},
        [weak = std::weak_ptr{state_}](net::HttpRequest request, const net::Http2Exchange& exchange) {
            if (const auto state = weak.lock()) state->asked(std::move(request), exchange);
        }
    );
    if (port) state_->port = *port;
    return port;
}

void FcmService::stop() { state_->desk.stop(); }

std::string FcmService::token_uri() const {
    return "https://" + state_->options.host + ":" + std::to_string(state_->port) + std::string{kTokenPath};
}

void FcmService::on_push(OnPush callback) { state_->desk.on_push = std::move(callback); }

void FcmService::add_account(FcmAccount account) {
    const std::string email = account.client_email;
    state_->accounts.insert_or_assign(email, std::move(account));
}

void FcmService::remove_account(const std::string& client_email) { state_->accounts.erase(client_email); }

void FcmService::revoke_access_tokens() { state_->grants.clear(); }

void FcmService::register_device(FcmDevice device) {
    const std::string token = device.token;
    state_->devices.insert_or_assign(token, std::move(device));
}

void FcmService::unregister_device(const std::string& token) { state_->unregister(token); }

void FcmService::set_online(const std::string& token, bool is_online) {
    if (!is_online) {
        state_->away.insert(token);
        return;
    }
    state_->away.erase(token);
    auto kept = state_->stored.extract(token);
    if (kept.empty()) return;
    for (auto& push : kept.mapped()) {
        if (!push.expires || *push.expires > state_->desk.now()) state_->deliver(std::move(push));
    }
}

void FcmService::add_fault(const std::string& token, PushFault fault) {
    state_->desk.faults.add(token, std::move(fault));
}

void FcmService::add_oauth_fault(PushFault fault) { state_->oauth_faults.add({}, std::move(fault)); }

void FcmService::clear_faults() {
    state_->desk.faults.clear();
    state_->oauth_faults.clear();
}

void FcmService::set_skew(Duration skew) { state_->desk.skew = skew; }

const std::deque<PushLogEntry>& FcmService::log() const { return state_->desk.log; }

const std::deque<PushLogEntry>& FcmService::oauth_log() const { return state_->oauth_log; }

}  // namespace clarion::lab
