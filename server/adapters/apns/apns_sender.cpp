// SPDX-License-Identifier: Apache-2.0
#include "server/adapters/apns/apns_sender.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <optional>
#include <unordered_set>
#include <utility>

#include "core/base/random.hpp"
#include "core/base/uuid.hpp"
#include "core/codec/json.hpp"
#include "crypto/keys.hpp"
#include "net/clock.hpp"
#include "net/url.hpp"
#include "server/adapters/apns/apns_reply.hpp"
#include "server/adapters/apns/provider_token.hpp"
#include "server/ports/push_retry.hpp"

namespace clarion::server::apns {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t kVoipPayloadMax = 5120;
constexpr std::size_t kAlertPayloadMax = 4096;
constexpr std::size_t kTokenMax = 512;  // Apple: variable length, opaque; today 64 characters.
constexpr std::size_t kTopicMax = 255;
constexpr Duration kAttemptDeadline = 5s;
constexpr Duration kPingIdle = 60min;  // Apple: connections live for hours to days, a PING after an hour.
constexpr std::string_view kVoipSuffix = ".voip";

std::uint64_t random_word() {
    std::array<std::uint8_t, 8> bytes{};
    crypto::random_bytes(bytes);
    std::uint64_t word = 0;
    for (const std::uint8_t byte : bytes) word = word << 8U | byte;
    return word;
}

bool is_hex_token(std::string_view text) {
    const auto is_hex = [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
    };
    return !text.empty() && text.size() <= kTokenMax && text.size() % 2 == 0 &&
           std::all_of(text.begin(), text.end(), is_hex);
}

bool is_topic(std::string_view text) {
    return !text.empty() && text.size() <= kTopicMax && std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.' || c == '-' ||
               c == '_';
    });
}

std::string topic_of(const PushRequest& request, const ApnsConfig& config) {
    std::string topic = request.topic.empty() ? config.topic : request.topic;
    if (topic.ends_with(kVoipSuffix)) topic.resize(topic.size() - kVoipSuffix.size());
    if (request.kind != PushKind::missed && !topic.empty()) topic += kVoipSuffix;
    return topic;
}

std::string body_of(const PushRequest& request) {
    codec::Writer json;
    json.begin_object().key("aps").begin_object();
    if (request.kind == PushKind::missed && request.alert) {
        json.key("alert").begin_object();
        json.key("title").text(request.alert->title.reveal());
        json.key("body").text(request.alert->body.reveal()).end_object();
    }
    json.end_object();
    for (const auto& [name, value] : request.fields) json.key(name).text(value);
    json.end_object();
    return json.take();
}

}  // namespace

/// Why the credential is useless in one environment, until then.
struct CredentialFault {
    std::string reason;
    Instant until;
};

/// One push and all its attempts.
struct Delivery {
    Delivery(net::Loop& loop, PushRequest the_request, PushCallback the_callback)
        : request{std::move(the_request)}, callback{std::move(the_callback)}, timer{loop}, started{net::boot_now()} {}

    [[nodiscard]] Duration elapsed() const { return net::boot_now() - started; }
    [[nodiscard]] Duration window_left() const { return request.expires - (request.now + elapsed()); }

    PushRequest request;
    PushCallback callback;
    net::Timer timer;
    Instant started;
    PushRetry retry{{.backoff = {250ms, 750ms, 2s}}};
    PushResult result;
    PushEnvironment environment = PushEnvironment::production;
    bool may_try_other = false;
    std::optional<PushResult> first_answer;  // Of the other environment, once that said BadDeviceToken.
    std::string topic;
    std::string body;
    std::string apns_id;           // The same for every attempt: one push in every log.
    std::string provider_token;    // Of the last attempt.
    std::uint64_t connection = 0;  // How often the client had connected then.
};
using DeliveryPtr = std::shared_ptr<Delivery>;

struct ApnsSender::State : std::enable_shared_from_this<State> {
    State(net::Loop& the_loop, const Clock& the_clock, ApnsConfig the_config, ProviderToken token)
        : loop{the_loop}, clock{the_clock}, config{std::move(the_config)}, provider_token{std::move(token)} {}

    net::Loop& loop;
    const Clock& clock;
    const ApnsConfig config;
    ProviderToken provider_token;
    std::array<std::unique_ptr<net::Http2Client>, 2> clients;  // By PushEnvironment.
    std::unordered_set<DeliveryPtr> deliveries;
    Random random{random_word()};
    std::array<CredentialFault, 2> faults;  // By PushEnvironment: a key may be for one of them only.

    [[nodiscard]] net::Http2Client& client(PushEnvironment environment) {
        return *clients[static_cast<std::size_t>(environment)];
    }
    [[nodiscard]] CredentialFault& fault(PushEnvironment environment) {
        return faults[static_cast<std::size_t>(environment)];
    }
    [[nodiscard]] bool prepare(Delivery& delivery);
    void attempt(const DeliveryPtr& delivery);
    [[nodiscard]] net::Http2Request request_of(const Delivery& delivery) const;
    void answered(const DeliveryPtr& delivery, std::expected<net::HttpResponse, net::Http2Error> answer);
    void note_error(Delivery& delivery, const net::Http2Error& error);
    void note_response(Delivery& delivery, const net::HttpResponse& response);
    void renew(Delivery& delivery);
    void leave_connection(const Delivery& delivery);
    [[nodiscard]] bool switch_environment(Delivery& delivery) const;
    void keep_first_answer(Delivery& delivery) const;
    void finish(const DeliveryPtr& delivery);
};

/// Everything that can be refused without asking Apple. Sets the result when it says no.
bool ApnsSender::State::prepare(Delivery& delivery) {
    const PushRequest& request = delivery.request;
    delivery.topic = topic_of(request, config);
    delivery.body = body_of(request);
    delivery.apns_id = Uuid::v4(random_word(), random_word()).text();
    delivery.result.provider_id = delivery.apns_id;
    delivery.environment = request.environment.value_or(PushEnvironment::production);
    delivery.may_try_other = !request.environment;
    const auto refuse = [&](PushOutcome outcome, std::string reason, std::string advice) {
        delivery.result.outcome = outcome;
        delivery.result.provider_reason = std::move(reason);
        delivery.result.advice = std::move(advice);
        return false;
    };
    const std::size_t payload_max = request.kind == PushKind::missed ? kAlertPayloadMax : kVoipPayloadMax;
    if (!is_hex_token(request.token.reveal())) {
        return refuse(PushOutcome::dead_token, "not sent: the token is not hexadecimal", "the app registered garbage");
    }
    if (!is_topic(delivery.topic)) {
        return refuse(PushOutcome::payload_fault, "not sent: no usable topic", "set apns.topic to the bundle id");
    }
    if (request.kind == PushKind::missed && !request.alert) {
        return refuse(PushOutcome::payload_fault, "not sent: an alert without text", "a missed call needs its text");
    }
    if (delivery.body.size() > payload_max) {
        return refuse(
            PushOutcome::payload_fault,
            "not sent: payload of " + std::to_string(delivery.body.size()) + " bytes, at most " +
                std::to_string(payload_max),
            "shorten the payload fields"
        );
    }
    return true;
}

net::Http2Request ApnsSender::State::request_of(const Delivery& delivery) const {
    const bool is_voip = delivery.request.kind != PushKind::missed;
    const std::int64_t expires_s = config.now_or_never && is_voip ? 0 : delivery.request.expires.ms / 1000;
    net::Http2Request request{
        .method = "POST",
        .path = "/3/device/" + delivery.request.token.reveal(),
        .headers =
            {{"authorization", "bearer " + delivery.provider_token},
             {"apns-push-type", is_voip ? "voip" : "alert"},
             {"apns-topic", delivery.topic},
             {"apns-priority", "10"},
             {"apns-expiration", std::to_string(expires_s)},
             {"apns-id", delivery.apns_id}},
        .body = delivery.body,
        .deadline = std::clamp<Duration>(delivery.window_left(), 1ms, kAttemptDeadline),
        .body_max = 4096,
        .is_urgent = delivery.request.kind == PushKind::ring
    };
    if (!is_voip) request.headers.push_back({"apns-collapse-id", delivery.request.call_id.text()});
    return request;
}

void ApnsSender::State::attempt(const DeliveryPtr& delivery) {
    PushResult& result = delivery->result;
    if (delivery->request.is_wanted && !delivery->request.is_wanted()) {
        result.outcome = PushOutcome::withdrawn;
        return finish(delivery);
    }
    if (delivery->window_left() <= Duration{0}) {
        if (result.attempts == 0) result.outcome = PushOutcome::expired;
        return finish(delivery);
    }
    auto token = provider_token.current(clock.wall_now());
    const CredentialFault& faulty = fault(delivery->environment);
    if (token && delivery->first_answer && net::boot_now() < faulty.until) {
        keep_first_answer(*delivery);
        return finish(delivery);
    }
    if (!token || net::boot_now() < faulty.until) {
        result.outcome = PushOutcome::credential_fault;
        result.provider_reason =
            token ? faulty.reason : "the key cannot sign: " + std::string{to_string(token.error())};
        result.advice = "pushes fail fast until the credential works: check apns.key_file, key_id and team_id";
        return finish(delivery);
    }
    delivery->provider_token = *std::move(token);
    delivery->connection = client(delivery->environment).stats().connects;
    client(delivery->environment)
        .request(
            request_of(*delivery),
            [weak = weak_from_this(), delivery](std::expected<net::HttpResponse, net::Http2Error> answer) {
                if (const auto self = weak.lock()) self->answered(delivery, std::move(answer));
            }
        );
}

void ApnsSender::State::answered(
    const DeliveryPtr& delivery, std::expected<net::HttpResponse, net::Http2Error> answer
) {
    PushResult& result = delivery->result;
    result.environment = delivery->environment;
    result.retry_after.reset();
    if (answer) {
        note_response(*delivery, *answer);
    } else {
        note_error(*delivery, answer.error());
    }
    if (switch_environment(*delivery)) return attempt(delivery);
    const auto delay = delivery->retry.next(result.outcome, result.retry_after, delivery->window_left(), random);
    if (!delay) {
        if (result.outcome == PushOutcome::auth_refresh) result.outcome = PushOutcome::credential_fault;
        return finish(delivery);
    }
    if (*delay <= Duration{0}) return attempt(delivery);
    delivery->timer.arm(*delay, [this, weak = std::weak_ptr{delivery}] {
        if (const auto live = weak.lock()) attempt(live);
    });
}

void ApnsSender::State::note_error(Delivery& delivery, const net::Http2Error& error) {
    PushResult& result = delivery.result;
    result.provider_status = 0;
    result.provider_reason = std::string{net::to_string(error.code)} + ": " + error.message;
    result.advice.clear();
    if (error.was_sent) {
        ++result.attempts;
        result.outcome = PushOutcome::unknown;
    } else if (error.code == net::Http2ErrorCode::unprocessed) {
        result.outcome = PushOutcome::unprocessed;
    } else if (error.cause && error.cause->code == net::ErrorCode::tls_untrusted) {
        result.outcome = PushOutcome::credential_fault;
        result.advice = "the push service's certificate is not trusted: check apns.ca_file and apns.endpoint";
    } else {
        result.outcome = PushOutcome::transient;
    }
}

void ApnsSender::State::note_response(Delivery& delivery, const net::HttpResponse& response) {
    PushResult& result = delivery.result;
    Verdict verdict = judge(response.status, response.body);
    ++result.attempts;
    result.outcome = verdict.outcome;
    result.provider_status = response.status;
    result.provider_reason = std::move(verdict.reason);
    result.advice = verdict.advice;
    result.dead_since = verdict.dead_since;
    if (verdict.needs_new_connection) leave_connection(delivery);
    if (verdict.is_token_too_new) provider_token.fall_back(delivery.provider_token, clock.wall_now());
    if (verdict.outcome == PushOutcome::accepted) {
        fault(delivery.environment) = {};
        if (const auto* id = net::find_header(response.headers, "apns-id")) result.provider_id = *id;
    }
    if (verdict.outcome == PushOutcome::auth_refresh) renew(delivery);
    if (result.outcome != PushOutcome::credential_fault) return;
    // A device whose environment nobody knows must not stop the others: a key that is good for production only is
    // refused in the sandbox, and that says no more about the token than the first answer did.
    if (verdict.is_other_environment && delivery.first_answer) return keep_first_answer(delivery);
    fault(delivery.environment) = {result.provider_reason, net::boot_now() + kFaultPause};
}

void ApnsSender::State::renew(Delivery& delivery) {
    if (provider_token.renew_after_expiry(delivery.provider_token, clock.wall_now())) return;
    delivery.result.outcome = PushOutcome::credential_fault;
    delivery.result.advice = "a fresh provider token is expired for Apple: this machine's clock is wrong";
}

/// Once for everybody whose push failed on it: the client counts its connections.
void ApnsSender::State::leave_connection(const Delivery& delivery) {
    auto& used = client(delivery.environment);
    // The first push of a connection left before it was counted.
    if (used.stats().connects <= delivery.connection + 1) used.replace_connection();
}

bool ApnsSender::State::switch_environment(Delivery& delivery) const {
    if (delivery.result.provider_reason != "BadDeviceToken" || !std::exchange(delivery.may_try_other, false)) {
        return false;
    }
    delivery.first_answer = delivery.result;
    delivery.environment = PushEnvironment::sandbox;
    return true;
}

void ApnsSender::State::keep_first_answer(Delivery& delivery) const {
    const unsigned attempts = delivery.result.attempts;
    delivery.result = *std::exchange(delivery.first_answer, {});
    delivery.result.attempts = attempts;
}

void ApnsSender::State::finish(const DeliveryPtr& delivery) {
    delivery->result.elapsed = delivery->elapsed();
    deliveries.erase(delivery);
    // Posted, because this may run inside send().
    loop.post([weak = weak_from_this(), delivery] {
        if (weak.expired() || !delivery->callback) return;
        std::exchange(delivery->callback, {})(std::move(delivery->result));
    });
}

std::expected<std::unique_ptr<ApnsSender>, std::string> ApnsSender::make(
    net::Loop& loop, const Clock& clock, const ApnsConfig& config
) {
    if (config.key_id.size() != 10 || config.team_id.size() != 10) {
        return std::unexpected{"apns: key_id and team_id are 10 characters each"};
    }
    auto key = crypto::PemPrivateKey::load(config.key_file);
    if (!key) return std::unexpected{"apns: " + key.error().text};
    if (key->kind() != crypto::KeyKind::p256) return std::unexpected{"apns: " + config.key_file + ": not a P-256 key"};
    auto tls = net::TlsContext::client({.ca_file = config.ca_file, .alpn = {"h2"}});
    if (!tls) return std::unexpected{"apns: " + tls.error().message};
    auto state =
        std::make_shared<State>(loop, clock, config, ProviderToken{*std::move(key), config.key_id, config.team_id});
    for (const auto environment : {PushEnvironment::production, PushEnvironment::sandbox}) {
        const bool is_production = environment == PushEnvironment::production;
        const std::string& endpoint = is_production ? config.endpoint : config.sandbox_endpoint;
        const auto url = net::parse_url(endpoint);
        if (!url || !url->is_tls) return std::unexpected{"apns: " + endpoint + ": not an https address"};
        state->clients[static_cast<std::size_t>(environment)] = std::make_unique<net::Http2Client>(
            loop,
            net::Http2ClientOptions{
                .host = url->host,
                .port = url->port,
                .tls = *tls,
                .ping_idle = kPingIdle,
                .unindexed_headers = {"apns-id", "apns-expiration", "apns-collapse-id"}
            }
        );
    }
    return std::make_unique<ApnsSender>(std::move(state));
}

ApnsSender::ApnsSender(std::shared_ptr<State> state) : state_{std::move(state)} {}

ApnsSender::~ApnsSender() = default;

void ApnsSender::send(PushRequest request, PushCallback callback) {
    auto delivery = std::make_shared<Delivery>(state_->loop, std::move(request), std::move(callback));
    state_->deliveries.insert(delivery);
    if (!state_->prepare(*delivery)) return state_->finish(delivery);
    state_->attempt(delivery);
}

void ApnsSender::warm_up() { state_->client(PushEnvironment::production).warm_up(); }

ApnsHealth ApnsSender::health() const {
    std::string fault;
    for (const CredentialFault& one : state_->faults) {
        if (fault.empty() && net::boot_now() < one.until) fault = one.reason;
    }
    return {
        .tokens_signed = state_->provider_token.signed_count(),
        .credential_fault = std::move(fault),
        .production = state_->client(PushEnvironment::production).stats(),
        .sandbox = state_->client(PushEnvironment::sandbox).stats()
    };
}

}  // namespace clarion::server::apns
