// SPDX-License-Identifier: Apache-2.0
#include "server/adapters/apns/apns_sender.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <optional>
#include <utility>
#include <vector>

#include "core/base/random.hpp"
#include "core/base/uuid.hpp"
#include "core/codec/json.hpp"
#include "crypto/keys.hpp"
#include "net/url.hpp"
#include "server/adapters/apns/apns_reply.hpp"
#include "server/adapters/apns/provider_token.hpp"
#include "server/push/dispatcher.hpp"

namespace clarion::server::apns {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t kVoipPayloadMax = 5120;
constexpr std::size_t kAlertPayloadMax = 4096;
constexpr Duration kPingIdle = 60min;        // Apple: connections live for hours to days, a PING after an hour.
constexpr std::size_t kLetterheadsMax = 64;  // Apps and kinds of push; for more they are made anew.
constexpr std::string_view kFaultAdvice =
    "pushes fail fast until the credential works: check apns.key_file, key_id and team_id";

bool is_voip(PushKind kind) { return kind == PushKind::ring || kind == PushKind::cancel; }

bool is_alert(const PushRequest& request) { return !is_voip(request.kind) && request.alert; }

std::string_view type_of(const PushRequest& request) {
    if (is_voip(request.kind)) return "voip";
    return request.alert ? "alert" : "background";
}

/// The app, without what VoIP adds to its topic.
std::string_view bundle_id_of(const PushRequest& request, const ApnsConfig& config) {
    std::string_view topic = request.topic.empty() ? config.topic : request.topic;
    if (topic.ends_with(kApnsVoipSuffix)) topic.remove_suffix(kApnsVoipSuffix.size());
    return topic;
}

std::string body_of(const PushRequest& request) {
    codec::Writer json;
    json.begin_object().key("aps").begin_object();
    if (is_alert(request)) {
        json.key("alert").begin_object();
        json.key("title").text(request.alert->title.reveal());
        json.key("body").text(request.alert->body.reveal()).end_object();
        if (request.kind == PushKind::message) json.key("sound").text("default");
    } else if (!is_voip(request.kind)) {
        json.key("content-available").integer(1);
    }
    json.end_object();
    for (const auto& [name, value] : request.fields) json.key(name).text(value);
    json.end_object();
    return json.take();
}

struct ApnsDelivery final : push::Delivery {
    using Delivery::Delivery;

    PushEnvironment environment = PushEnvironment::production;
    bool may_try_other = false;
    std::optional<PushResult> first_answer;  // Of the other environment, once that said BadDeviceToken.
    std::string body;                        // Until the first attempt takes it.
    ProviderToken::Text provider_token;      // Of the last attempt.
};

ApnsDelivery& own(push::Delivery& delivery) { return static_cast<ApnsDelivery&>(delivery); }

/// The headers that all pushes of one kind to one app have in common while a provider token lives.
struct Letterhead {
    std::string bundle_id;
    std::string_view type;
    ProviderToken::Text provider_token;
    std::shared_ptr<const net::Headers> headers;
};

}  // namespace

struct ApnsSender::State final : push::Provider {
    State(net::Loop& the_loop, const Clock& the_clock, ApnsConfig the_config, ProviderToken token)
        : loop{the_loop}, clock{the_clock}, config{std::move(the_config)}, provider_token{std::move(token)} {}

    net::Loop& loop;
    const Clock& clock;
    const ApnsConfig config;
    ProviderToken provider_token;
    Random ids{crypto::random_number()};       // For apns-id, which has to be unique and need not be secret.
    std::array<push::ChannelPtr, 2> channels;  // By PushEnvironment: a key may be for one of them only.
    std::vector<Letterhead> letterheads;
    std::optional<push::Dispatcher> dispatcher;

    [[nodiscard]] push::DeliveryPtr make(PushRequest&& request, PushCallback&& callback) override;
    [[nodiscard]] std::optional<push::Verdict> refuse(push::Delivery& delivery) override;
    [[nodiscard]] push::ChannelPtr channel(push::Delivery& delivery) override {
        return channels[static_cast<std::size_t>(own(delivery).environment)];
    }
    [[nodiscard]] std::optional<Written> write(push::Delivery& delivery, Duration window_left) override;
    [[nodiscard]] std::shared_ptr<const net::Headers> letterhead(
        const PushRequest& push, const ProviderToken::Text& token
    );
    [[nodiscard]] push::Verdict judge(push::Delivery& delivery, const net::HttpResponse& response) override;
    [[nodiscard]] bool try_elsewhere(push::Delivery& delivery) override;
    void settle(push::Delivery& delivery) override;
    [[nodiscard]] std::string_view untrusted_advice() const override {
        return "the push service's certificate is not trusted: check apns.ca_file and apns.endpoint";
    }
};

push::DeliveryPtr ApnsSender::State::make(PushRequest&& request, PushCallback&& callback) {
    auto delivery = std::make_shared<ApnsDelivery>(std::move(request), std::move(callback));
    const PushRequest& push = delivery->request;
    delivery->body = body_of(push);
    // The same for every attempt: one push in every log.
    delivery->result.provider_id = Uuid::v4(ids.next(), ids.next()).text();
    delivery->environment = push.environment.value_or(PushEnvironment::production);
    delivery->may_try_other = !push.environment || push.is_environment_unproven;
    return delivery;
}

std::optional<push::Verdict> ApnsSender::State::refuse(push::Delivery& delivery) {
    const PushRequest& request = delivery.request;
    const ApnsDelivery& mine = own(delivery);
    if (!is_apns_token(request.token.reveal())) {
        return push::refusal(PushOutcome::suspect_token, "the token is not hexadecimal", "the app registered garbage");
    }
    if (!is_bundle_id(bundle_id_of(request, config))) {
        return push::refusal(PushOutcome::payload_fault, "no usable topic", "set apns.topic to the bundle id");
    }
    if (request.kind == PushKind::missed && !request.alert) {
        return push::refusal(PushOutcome::payload_fault, "an alert without text", "a missed call needs its text");
    }
    const std::size_t most = is_voip(request.kind) ? kVoipPayloadMax : kAlertPayloadMax;
    if (mine.body.size() <= most) return std::nullopt;
    return push::refusal(
        PushOutcome::payload_fault,
        "payload of " + std::to_string(mine.body.size()) + " bytes, at most " + std::to_string(most),
        "shorten the payload fields"
    );
}

std::optional<push::Provider::Written> ApnsSender::State::write(push::Delivery& delivery, Duration /*window_left*/) {
    ApnsDelivery& mine = own(delivery);
    const PushRequest& push = mine.request;
    auto token = provider_token.current(clock.wall_now());
    if (!token) {
        return std::unexpected{push::Verdict{
            .outcome = PushOutcome::credential_fault,
            .reason = "the key cannot sign: " + std::string{to_string(token.error())},
            .advice = std::string{kFaultAdvice}
        }};
    }
    mine.provider_token = *std::move(token);
    if (mine.body.empty()) mine.body = body_of(push);  // A repeat.
    const std::int64_t expires_s = config.now_or_never && is_voip(push.kind) ? 0 : push.expires.ms / 1000;
    net::Http2Request request{
        .path = "/3/device/" + push.token.reveal(),
        .common = letterhead(push, mine.provider_token),
        .body = std::move(mine.body),
        .body_max = 4096
    };
    request.headers.reserve(3);
    request.headers.emplace_back("apns-id", mine.result.provider_id);
    request.headers.emplace_back("apns-expiration", std::to_string(expires_s));
    if (push.kind == PushKind::missed) request.headers.emplace_back("apns-collapse-id", push.call_id.text());
    return request;
}

std::shared_ptr<const net::Headers> ApnsSender::State::letterhead(
    const PushRequest& push, const ProviderToken::Text& token
) {
    const std::string_view bundle_id = bundle_id_of(push, config);
    const std::string_view type = type_of(push);
    const auto found = std::ranges::find_if(letterheads, [&](const Letterhead& one) {
        return one.provider_token == token && one.type == type && one.bundle_id == bundle_id;
    });
    if (found != letterheads.end()) return found->headers;
    std::erase_if(letterheads, [&](const Letterhead& one) { return one.provider_token != token; });
    if (letterheads.size() >= kLetterheadsMax) letterheads.clear();
    std::string topic{bundle_id};
    if (is_voip(push.kind)) topic += kApnsVoipSuffix;
    // Apple: a background push has priority 5, else it is refused.
    const auto headers = std::make_shared<const net::Headers>(net::Headers{
        {"authorization", "bearer " + *token},
        {"apns-push-type", std::string{type}},
        {"apns-topic", std::move(topic)},
        {"apns-priority", type == "background" ? "5" : "10"}
    });
    letterheads.push_back({std::string{bundle_id}, type, token, headers});
    return headers;
}

push::Verdict ApnsSender::State::judge(push::Delivery& delivery, const net::HttpResponse& response) {
    ApnsDelivery& mine = own(delivery);
    Verdict answer = apns::judge(response.status, response.body);
    mine.result.environment = mine.environment;
    if (answer.is_token_too_new) provider_token.fall_back(mine.provider_token, clock.wall_now());
    push::Verdict verdict{
        .outcome = answer.outcome,
        .reason = std::move(answer.reason),
        .advice = std::string{answer.advice},
        .dead_since = answer.dead_since,
        .leaves_connection = answer.needs_new_connection
    };
    if (answer.outcome == PushOutcome::accepted) {
        const auto* id = net::find_header(response.headers, "apns-id");
        if (id != nullptr && *id != mine.result.provider_id) verdict.provider_id = *id;
    }
    if (answer.outcome == PushOutcome::auth_refresh &&
        !provider_token.renew_after_expiry(mine.provider_token, clock.wall_now())) {
        verdict.outcome = PushOutcome::credential_fault;
        verdict.advice = "a fresh provider token is expired for Apple: this machine's clock is wrong";
    }
    // A device whose environment nobody knows must not stop the others: a key that is good for production only is
    // refused in the sandbox, and that says no more about the token than the first answer did.
    if (answer.is_other_environment && mine.first_answer) verdict.outcome = PushOutcome::suspect_token;
    return verdict;
}

bool ApnsSender::State::try_elsewhere(push::Delivery& delivery) {
    ApnsDelivery& mine = own(delivery);
    if (mine.result.provider_reason != "BadDeviceToken" || !std::exchange(mine.may_try_other, false)) return false;
    mine.first_answer = mine.result;
    const bool was_production = mine.environment == PushEnvironment::production;
    mine.environment = was_production ? PushEnvironment::sandbox : PushEnvironment::production;
    return true;
}

/// What the other environment said counts only when it knew the token.
void ApnsSender::State::settle(push::Delivery& delivery) {
    ApnsDelivery& mine = own(delivery);
    if (!mine.first_answer) return;
    const std::string& reason = mine.result.provider_reason;
    const bool is_stranger = reason == "BadDeviceToken" || reason.starts_with("BadEnvironmentKey");
    if (!is_stranger && mine.result.outcome != PushOutcome::credential_fault) return;
    const unsigned attempts = mine.result.attempts;
    auto repeated_for = std::move(mine.result.repeated_for);
    mine.result = *std::exchange(mine.first_answer, {});
    mine.result.attempts = attempts;
    mine.result.repeated_for = std::move(repeated_for);
}

std::expected<std::unique_ptr<ApnsSender>, std::string> ApnsSender::make(
    net::Loop& loop, const Clock& clock, const ApnsConfig& config
) {
    if (config.key_id.size() != 10 || config.team_id.size() != 10) {
        return std::unexpected{"apns: key_id and team_id are 10 characters each (Apple's developer pages show both)"};
    }
    auto key = crypto::PemPrivateKey::load(config.key_file);
    if (!key) return std::unexpected{"apns: " + key.error().text + "; apns.key_file is Apple's AuthKey_....p8"};
    if (key->kind() != crypto::KeyKind::p256) {
        return std::unexpected{
            "apns: " + config.key_file + ": not a P-256 key; apns.key_file is Apple's AuthKey_....p8"
        };
    }
    auto tls = net::TlsContext::client({.ca_file = config.ca_file, .alpn = {"h2"}});
    if (!tls) return std::unexpected{"apns: " + tls.error().message};
    auto state =
        std::make_shared<State>(loop, clock, config, ProviderToken{*std::move(key), config.key_id, config.team_id});
    for (const auto environment : {PushEnvironment::production, PushEnvironment::sandbox}) {
        const bool is_production = environment == PushEnvironment::production;
        const std::string& endpoint = is_production ? config.endpoint : config.sandbox_endpoint;
        const auto url = net::parse_url(endpoint);
        if (!url || !url->is_tls) return std::unexpected{"apns: " + endpoint + ": not an https address"};
        net::Http2ClientOptions options{
            .host = url->host,
            .port = url->port,
            .tls = *tls,
            .queue_max = config.waiting_max,
            .connections_min = config.connections_min,
            .connections_max = config.connections_max,
            .ping_idle = kPingIdle
        };
        state->channels[static_cast<std::size_t>(environment)] =
            std::make_shared<push::Channel>(loop, is_production ? "production" : "sandbox", std::move(options));
    }
    state->dispatcher.emplace(loop, *state, push::DispatchPolicy{.waiting_max = config.waiting_max});
    return std::make_unique<ApnsSender>(std::move(state));
}

ApnsSender::ApnsSender(std::shared_ptr<State> state) : state_{std::move(state)} {}

ApnsSender::~ApnsSender() { state_->dispatcher.reset(); }

void ApnsSender::send(PushRequest request, PushCallback callback) {
    state_->dispatcher->send(std::move(request), std::move(callback));
}

void ApnsSender::warm_up() { state_->channels[0]->client.warm_up(); }

std::size_t ApnsSender::pending() const { return state_->dispatcher->pending(); }

std::vector<PushChannelHealth> ApnsSender::channels() const {
    return {state_->channels[0]->health(), state_->channels[1]->health()};
}

ApnsHealth ApnsSender::health() const {
    std::string fault;
    for (const auto& channel : state_->channels) {
        if (fault.empty() && channel->is_faulty()) fault = channel->fault;
    }
    return {
        .tokens_signed = state_->provider_token.signed_count(),
        .credential_fault = std::move(fault),
        .production = state_->channels[0]->client.stats(),
        .sandbox = state_->channels[1]->client.stats()
    };
}

}  // namespace clarion::server::apns
