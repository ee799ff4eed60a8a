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
constexpr std::string_view kSignIn =
    " Expected OAuth 2 access token, login cookie or other valid authentication credential. "
    "See https://developers.google.com/identity/sign-in/web/devconsole-project.";

struct AccessGrant {
    std::string project_id;
    WallTime expires_at;
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
    FcmError error = fcm_error(429, "QUOTA_EXCEEDED");
    error.message = std::move(message);
    return error;
}

FcmError not_registered() { return fcm_error(404, "UNREGISTERED"); }

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
    State(net::Loop& loop, const FcmServiceOptions& the_options)
        : desk{loop, the_options}, options{the_options}, oauth_log{the_options.log_max} {}

    void asked(net::HttpRequest request, const net::Http2Exchange& exchange);
    void grant(const PushVisit& visit);
    void send(const PushVisit& visit);
    [[nodiscard]] std::expected<FcmMessage, FcmError> check(const PushVisit& visit, const std::string& project);
    [[nodiscard]] std::optional<FcmError> check_credential(const net::HttpRequest& request, const std::string& project);
    [[nodiscard]] std::optional<FcmError> check_device(const FcmMessage& message, const std::string& project);
    [[nodiscard]] std::optional<FcmError> check_pace(const FcmMessage& message, const std::string& project);
    void perform(const PushVisit& visit, const PushFault& fault);
    void refuse(const PushVisit& visit, const FcmError& error);
    void accept(const PushVisit& visit, const std::string& project, const FcmMessage& message, Duration until_delivery);
    void deliver(DeliveredPush push);
    void store(DeliveredPush push);
    void hand_over(DeliveredPush push);
    [[nodiscard]] bool is_downgraded(const std::string& token);
    void release(const std::string& token);
    void unregister(const std::string& token);

    PushDesk desk;
    const FcmServiceOptions options;
    std::uint16_t port = 0;
    std::map<std::string, FcmAccount> accounts;
    std::map<std::string, AccessGrant> grants;
    std::map<std::string, FcmDevice> devices;
    std::map<std::string, PushPace> paces;          // By token.
    std::map<std::string, PushPace> project_paces;  // By project.
    std::map<std::string, unsigned> unseen;         // High-priority messages that showed nothing, by token.
    FaultScript oauth_faults;
    std::set<std::string> away;
    std::set<std::string> dozing;
    std::map<std::string, std::vector<DeliveredPush>> stored;
    std::set<std::string> lost;  // Tokens whose stored messages were too many.
    PushLog oauth_log;
};

void FcmService::State::asked(net::HttpRequest request, const net::Http2Exchange& exchange) {
    const bool is_grant = request.method == "POST" && (request.path == kTokenPath || request.path == kOldTokenPath);
    const auto visit = desk.enter(is_grant ? oauth_log : desk.log, std::move(request), exchange);
    if (!visit) return;
    if (!is_grant) return send(*visit);
    const auto fault = oauth_faults.take({});
    if (!fault) return grant(*visit);
    desk.after(fault->delay, [this, visit = *visit, fault = *fault] {
        if (desk.misbehave(oauth_log, visit, fault)) return;
        const bool is_refusal = fault.kind == PushFault::Kind::answer || fault.kind == PushFault::Kind::throttle;
        if (!is_refusal) {
            grant(visit);
            return desk.add_last_words(fault, visit.exchange);
        }
        const unsigned status = fault.kind == PushFault::Kind::throttle ? 429 : fault.status;
        net::HttpResponse reply = json_response(status, fault.body.value_or(R"({"error":")" + fault.reason + "\"}"));
        if (!fault.retry_after.empty()) reply.headers.push_back({"retry-after", fault.retry_after});
        desk.respond(oauth_log, visit, std::move(reply), fault.reason);
    });
}

void FcmService::State::grant(const PushVisit& visit) {
    const std::string uri = "https://" + options.host + ":" + std::to_string(port) + std::string{kTokenPath};
    const auto account = check_assertion(visit.request.body, accounts, uri, desk.now());
    codec::Writer json;
    json.begin_object();
    if (!account) {
        json.key("error").text(account.error().error);
        json.key("error_description").text(account.error().description).end_object();
        return desk.respond(oauth_log, visit, json_response(400, json.take()), account.error().error);
    }
    const std::string token = "ya29.lab-" + crypto::random_token(24);
    while (grants.size() >= kAccessTokensMax) grants.erase(grants.begin());
    grants[token] = {account->project_id, desk.now() + options.token_lifetime};
    json.key("access_token").text(token).key("expires_in").integer(options.token_lifetime.count() / 1000);
    json.key("token_type").text("Bearer").end_object();
    desk.respond(oauth_log, visit, json_response(200, json.take()));
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
    FcmError error = fcm_error(403, "IAM_PERMISSION_DENIED");
    error.message =
        "Permission 'cloudmessaging.messages.create' denied on resource "
        "'//cloudresourcemanager.googleapis.com/projects/" +
        project + "' (or it may not exist).";
    return error;
}

std::optional<FcmError> FcmService::State::check_device(const FcmMessage& message, const std::string& project) {
    const auto device = devices.find(message.token);
    if (device == devices.end() || !device->second.is_registered) {
        return not_registered();
    }
    if (device->second.project_id == project) return std::nullopt;
    return fcm_error(403, "SENDER_ID_MISMATCH");
}

/// Requests that are refused count against the project as well, those that are too many do not.
std::optional<FcmError> FcmService::State::check_pace(const FcmMessage& message, const std::string& project) {
    PushPace& of_project = project_paces[project];
    const bool is_over_device = paces[message.token].next(desk.now()) > options.per_device_minute;
    if (!is_over_device && of_project.count <= options.per_project_minute) return std::nullopt;
    --of_project.count;
    return over_quota(is_over_device ? "Device message rate exceeded." : "Project message rate exceeded.");
}

std::expected<FcmMessage, FcmError> FcmService::State::check(const PushVisit& visit, const std::string& project) {
    if (auto error = check_credential(visit.request, project)) return std::unexpected{*std::move(error)};
    project_paces[project].next(desk.now());
    auto message = read_fcm_message(visit.request.body, options.is_strict_token);
    if (!message) return message;
    if (auto error = check_device(*message, project)) return std::unexpected{*std::move(error)};
    if (message->is_validate_only) return message;
    if (auto error = check_pace(*message, project)) return std::unexpected{*std::move(error)};
    return message;
}

void FcmService::State::send(const PushVisit& visit) {
    const std::string project = project_of(visit.request.path);
    if (visit.request.method != "POST" || project.empty()) return desk.respond(visit, html_404());
    // The live service answers 400 to a request without :authority.
    if (net::find_header(visit.request.headers, "host") == nullptr) return desk.respond(visit, {.status = 400});
    const auto message = check(visit, project);
    if (!message) return refuse(visit, message.error());
    if (message->is_validate_only) return accept(visit, project, *message, Duration{0});
    const auto fault = desk.faults.take(message->token);
    if (!fault) return accept(visit, project, *message, Duration{0});
    desk.after(fault->delay, [this, visit, project, message = *message, fault = *fault] {
        using Kind = PushFault::Kind;
        if (desk.misbehave(visit, fault)) return;
        if (fault.kind == Kind::unregister) unregister(message.token);
        const bool is_refusal =
            fault.kind == Kind::answer || fault.kind == Kind::throttle || fault.kind == Kind::unregister;
        if (is_refusal) return perform(visit, fault);
        accept(visit, project, message, fault.kind == Kind::deliver_late ? fault.lasts : Duration{0});
        desk.add_last_words(fault, visit.exchange);
    });
}

void FcmService::State::perform(const PushVisit& visit, const PushFault& fault) {
    FcmError error = fcm_error(fault.status, fault.reason);
    if (fault.kind == PushFault::Kind::throttle) error = over_quota("Quota exceeded.");
    if (fault.kind == PushFault::Kind::unregister) error = not_registered();
    net::HttpResponse reply = json_response(error.status, fault.body.value_or(error.body()));
    if (fault.body) reply.headers.front().value = "text/html; charset=UTF-8";
    if (!fault.retry_after.empty()) reply.headers.push_back({"retry-after", fault.retry_after});
    desk.respond(visit, std::move(reply), error.name());
}

void FcmService::State::refuse(const PushVisit& visit, const FcmError& error) {
    desk.respond(visit, json_response(error.status, error.body()), error.name());
}

void FcmService::State::accept(
    const PushVisit& visit, const std::string& project, const FcmMessage& message, Duration until_delivery
) {
    const WallTime now = desk.now();
    const std::string id =
        message.is_validate_only ? "fake_message_id" : "0:" + std::to_string(now.ms) + "%" + crypto::random_token(12);
    const std::string name = "projects/" + project + "/messages/" + id;
    desk.respond(visit, json_response(200, R"({"name":")" + name + "\"}"));
    // A bandwidth probe, as Google's front ends send it.
    if (options.pings_after_replies) visit.exchange.ping();
    if (message.is_validate_only) return;
    DeliveredPush push{
        .service = PushService::fcm,
        .token = message.token,
        .payload = message.data_json,
        .push_type = "data",
        .priority = message.priority,
        .original_priority = message.priority,
        .collapse_id = message.collapse_key,
        .id = name,
        .expires = now + message.ttl,
        .received_at = now,
        .headers = without_credential(visit.request.headers)
    };
    auto tell = [weak = weak_from_this(), push = std::move(push)]() mutable {
        if (const auto self = weak.lock()) self->deliver(std::move(push));
    };
    until_delivery > Duration{0} ? desk.after(until_delivery, std::move(tell)) : desk.post(std::move(tell));
}

/// A phone that was woken in vain too often is woken no more: what says HIGH is treated as NORMAL.
bool FcmService::State::is_downgraded(const std::string& token) {
    return options.unseen_max != 0 && unseen[token] >= options.unseen_max;
}

void FcmService::State::deliver(DeliveredPush push) {
    if (push.priority == "HIGH" && is_downgraded(push.token)) push.priority = "NORMAL";
    const bool sleeps_on = dozing.contains(push.token) && push.priority != "HIGH";
    if (away.contains(push.token) || sleeps_on) return store(std::move(push));
    hand_over(std::move(push));
}

void FcmService::State::hand_over(DeliveredPush push) {
    if (push.priority == "HIGH") ++unseen[push.token];
    if (desk.on_push) desk.on_push(push);
}

void FcmService::State::store(DeliveredPush push) {
    if (push.expires && *push.expires <= desk.now()) return;  // "0s": now or never.
    if (lost.contains(push.token)) return;
    auto& waiting = stored[push.token];
    if (!push.collapse_id.empty()) {
        std::erase_if(waiting, [&](const DeliveredPush& one) { return one.collapse_id == push.collapse_id; });
    }
    const auto plain =
        std::count_if(waiting.begin(), waiting.end(), [](const auto& one) { return one.collapse_id.empty(); });
    if (!push.collapse_id.empty() || plain < static_cast<std::ptrdiff_t>(kStoredMax)) {
        return waiting.push_back(std::move(push));
    }
    // Over the limit Firebase drops them all and tells the app so (onDeletedMessages).
    lost.insert(push.token);
    stored.erase(push.token);
}

/// The device can be reached: it gets what did not expire.
void FcmService::State::release(const std::string& token) {
    if (away.contains(token) || dozing.contains(token)) return;
    if (lost.erase(token) != 0 && desk.on_push) {
        desk.on_push({.service = PushService::fcm, .token = token, .push_type = "deleted", .received_at = desk.now()});
    }
    auto kept = stored.extract(token);
    if (kept.empty()) return;
    for (auto& push : kept.mapped()) {
        if (!push.expires || *push.expires > desk.now()) hand_over(std::move(push));
    }
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
        {.serves_http1 = true,
         .is_lenient = true,
         .streams_max = 100,
         .idle_deadline = state_->options.idle_max,
         .age_max = state_->options.age_max,
         .pings_max = state_->options.pings_max,
         .excess_code = net::Http2Code::protocol_error,
         .excess_text = "exceeded_max_concurrent_streams",
         .splits_bodies = state_->options.splits_bodies},
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
    state_->release(token);
}

void FcmService::set_dozing(const std::string& token, bool is_dozing) {
    if (is_dozing) {
        state_->dozing.insert(token);
        return;
    }
    state_->dozing.erase(token);
    state_->release(token);
}

void FcmService::note_shown(const std::string& token) { state_->unseen.erase(token); }

void FcmService::add_fault(const std::string& token, PushFault fault) {
    state_->desk.faults.add(token, std::move(fault));
}

void FcmService::add_oauth_fault(PushFault fault) { state_->oauth_faults.add({}, std::move(fault)); }

void FcmService::clear_faults() {
    state_->desk.faults.clear();
    state_->oauth_faults.clear();
}

void FcmService::set_skew(Duration skew) { state_->desk.skew = skew; }

const std::deque<PushLogEntry>& FcmService::log() const { return state_->desk.log.entries(); }

const std::deque<PushLogEntry>& FcmService::oauth_log() const { return state_->oauth_log.entries(); }

net::Http2ServerStats FcmService::traffic() const { return state_->desk.traffic(); }

}  // namespace clarion::lab
