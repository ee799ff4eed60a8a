// SPDX-License-Identifier: Apache-2.0
#include "server/adapters/fcm/fcm_sender.hpp"

#include <algorithm>
#include <chrono>
#include <optional>
#include <utility>

#include "core/codec/json.hpp"
#include "net/url.hpp"
#include "server/adapters/fcm/access_token.hpp"
#include "server/adapters/fcm/fcm_reply.hpp"
#include "server/push/dispatcher.hpp"

namespace clarion::server::fcm {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t kPayloadMax = 4096;
constexpr std::size_t kTokenMax = 4096;
constexpr std::int64_t kTtlMaxS = 2'419'200;   // Firebase: four weeks.
constexpr Duration kAttemptDeadline = 10s;     // Google asks for at least this.
constexpr Duration kConnectionAgeMax = 55min;  // FCM ends connections after an hour (max_age).
constexpr std::size_t kStreamsMax = 100;       // FCM's limit; more is answered by GOAWAY.

/// Firebase refuses messages with these names in `data`.
bool is_reserved(std::string_view name) {
    return name.empty() || name == "from" || name == "message_type" || name.starts_with("google.") ||
           name.starts_with("gcm.notification");
}

struct FcmDelivery final : push::Delivery {
    using Delivery::Delivery;

    AccessToken::Headers access_token;  // Of the last attempt.
};

FcmDelivery& own(push::Delivery& delivery) { return static_cast<FcmDelivery&>(delivery); }

/// A missed call that Android shall show itself, because the app may have no chance to.
bool is_notification(const PushRequest& push) { return push.kind == PushKind::missed && push.alert; }

void write_texts(codec::Writer& json, const PushAlert& alert) {
    json.key("title").text(alert.title.reveal());
    if (!alert.body.reveal().empty()) json.key("body").text(alert.body.reveal());
}

/// Everything else is data only, also texts that are to be seen: with a notification the app would not run.
void write_payload(codec::Writer& json, const PushRequest& push) {
    json.key("data").begin_object();
    for (const auto& [name, value] : push.fields) json.key(name).text(value);
    if (push.alert && !is_notification(push)) write_texts(json, *push.alert);
    json.end_object();
    if (!is_notification(push)) return;
    json.key("notification").begin_object();
    write_texts(json, *push.alert);
    json.end_object();
}

}  // namespace

struct FcmSender::State final : push::Provider {
    State(net::Loop& the_loop, const Clock& the_clock, FcmConfig the_config)
        : loop{the_loop}, clock{the_clock}, config{std::move(the_config)} {}

    net::Loop& loop;
    const Clock& clock;
    const FcmConfig config;
    std::unique_ptr<AccessToken> access;
    push::ChannelPtr only_channel;
    std::string path;
    std::optional<push::Dispatcher> dispatcher;

    [[nodiscard]] push::DeliveryPtr make(PushRequest&& request, PushCallback&& callback) override {
        return std::make_shared<FcmDelivery>(std::move(request), std::move(callback));
    }
    [[nodiscard]] std::optional<push::Verdict> refuse(push::Delivery& delivery) override;
    [[nodiscard]] push::ChannelPtr channel(push::Delivery& /*delivery*/) override { return only_channel; }
    [[nodiscard]] std::optional<Written> write(push::Delivery& delivery, Duration window_left) override;
    void await_credential(std::move_only_function<void(std::optional<push::Verdict>)> then) override;
    [[nodiscard]] push::Verdict judge(push::Delivery& delivery, const net::HttpResponse& response) override;
    [[nodiscard]] std::string_view untrusted_advice() const override {
        return "the push service's certificate is not trusted: check fcm.ca_file and fcm.endpoint";
    }
};

std::optional<push::Verdict> FcmSender::State::refuse(push::Delivery& delivery) {
    const PushRequest& request = delivery.request;
    const std::string& token = request.token.reveal();
    if (token.empty() || token.size() > kTokenMax) {
        return push::refusal(PushOutcome::suspect_token, "no registration token", "the app registered garbage");
    }
    std::size_t size = 0;
    for (const auto& [name, value] : request.fields) {
        if (is_reserved(name)) {
            return push::refusal(PushOutcome::payload_fault, "reserved field name " + name, "rename the field");
        }
        size += name.size() + value.size();
    }
    if (request.alert) size += request.alert->title.reveal().size() + request.alert->body.reveal().size();
    if (size <= kPayloadMax) return std::nullopt;
    return push::refusal(
        PushOutcome::payload_fault,
        "payload of " + std::to_string(size) + " bytes, at most " + std::to_string(kPayloadMax),
        "shorten the payload fields"
    );
}

void FcmSender::State::await_credential(std::move_only_function<void(std::optional<push::Verdict>)> then) {
    access->fetch([then = std::move(then)](std::optional<TokenFault> fault) mutable {
        if (!fault) return then({});
        then(push::Verdict{
            .outcome = fault->outcome, .reason = std::move(fault->reason), .advice = std::move(fault->advice)
        });
    });
}

std::optional<push::Provider::Written> FcmSender::State::write(push::Delivery& delivery, Duration window_left) {
    const PushRequest& push = delivery.request;
    own(delivery).access_token = access->current();
    if (!own(delivery).access_token) return std::nullopt;
    const bool is_urgent = push.kind == PushKind::ring || push.kind == PushKind::cancel;
    const std::int64_t ttl = std::clamp<std::int64_t>(window_left.count() / 1000, 0, kTtlMaxS);
    codec::Writer json;
    json.begin_object().key("message").begin_object();
    json.key("token").text(push.token.reveal());
    write_payload(json, push);
    json.key("android").begin_object();
    json.key("priority").text(is_urgent ? "HIGH" : "NORMAL");
    json.key("ttl").text(std::to_string(ttl) + "s");
    // One for each call, however often it is told.
    if (is_notification(push))
        json.key("notification").begin_object().key("tag").text(push.call_id.text()).end_object();
    json.end_object().end_object().end_object();
    return net::Http2Request{.path = path, .common = own(delivery).access_token, .body = json.take()};
}

push::Verdict FcmSender::State::judge(push::Delivery& delivery, const net::HttpResponse& response) {
    Verdict answer = fcm::judge(response, clock.wall_now());
    if (answer.outcome == PushOutcome::auth_refresh) access->reject(own(delivery).access_token);
    return {
        .outcome = answer.outcome,
        .reason = std::move(answer.reason),
        .advice = std::string{answer.advice},
        .provider_id = std::move(answer.name),
        .retry_after = answer.retry_after
    };
}

std::expected<std::unique_ptr<FcmSender>, std::string> FcmSender::make(
    net::Loop& loop, const Clock& clock, const FcmConfig& config
) {
    auto account = ServiceAccount::load(config.service_account_file);
    if (!account) return std::unexpected{account.error()};
    if (!config.token_uri.empty()) account->token_uri = config.token_uri;
    auto tls = net::TlsContext::client({.ca_file = config.ca_file, .alpn = {"h2"}});
    if (!tls) return std::unexpected{"fcm: " + tls.error().message};
    const auto endpoint = net::parse_url(config.endpoint);
    if (!endpoint || !endpoint->is_tls) return std::unexpected{"fcm: " + config.endpoint + ": not an https address"};
    const auto token_uri = net::parse_url(account->token_uri);
    if (!token_uri || !token_uri->is_tls) {
        return std::unexpected{"fcm: token_uri " + account->token_uri + ": not an https address"};
    }
    auto state = std::make_shared<State>(loop, clock, config);
    state->path = "/v1/projects/" + account->project_id + "/messages:send";
    // No PING while idle: FCM answers three of them with GOAWAY (too_many_pings).
    net::Http2ClientOptions options{
        .host = endpoint->host,
        .port = endpoint->port,
        .tls = *tls,
        .queue_max = config.waiting_max,
        .streams_max = kStreamsMax,
        .connections_min = config.connections_min,
        .connections_max = config.connections_max,
        .age_max = kConnectionAgeMax
    };
    state->only_channel = std::make_shared<push::Channel>(loop, account->project_id, std::move(options));
    auto token_client = std::make_unique<net::Http2Client>(
        loop, net::Http2ClientOptions{.host = token_uri->host, .port = token_uri->port, .tls = *tls}
    );
    state->access =
        std::make_unique<AccessToken>(clock, *std::move(account), std::move(token_client), token_uri->target);
    state->dispatcher.emplace(
        loop, *state,
        push::DispatchPolicy{
            .retry = {.backoff = {config.retry_floor}, .has_floor = true},
            .attempt_deadline = kAttemptDeadline,
            .waiting_max = config.waiting_max
        }
    );
    return std::make_unique<FcmSender>(std::move(state));
}

FcmSender::FcmSender(std::shared_ptr<State> state) : state_{std::move(state)} {}

FcmSender::~FcmSender() { state_->dispatcher.reset(); }

void FcmSender::send(PushRequest request, PushCallback callback) {
    state_->dispatcher->send(std::move(request), std::move(callback));
}

void FcmSender::warm_up() {
    state_->only_channel->client.warm_up();
    state_->access->fetch([](const std::optional<TokenFault>&) {
        // Only to have it; a push that needs it says what is wrong.
    });
}

std::size_t FcmSender::pending() const { return state_->dispatcher->pending(); }

std::vector<PushChannelHealth> FcmSender::channels() const { return {state_->only_channel->health()}; }

FcmHealth FcmSender::health() const {
    return {
        .tokens_fetched = state_->access->fetched(),
        .credential_fault = state_->only_channel->is_faulty() ? state_->only_channel->fault : "",
        .connection = state_->only_channel->client.stats()
    };
}

}  // namespace clarion::server::fcm
