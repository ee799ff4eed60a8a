// SPDX-License-Identifier: Apache-2.0
#include "server/adapters/fcm/fcm_sender.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <unordered_set>
#include <utility>

#include "core/base/random.hpp"
#include "core/codec/json.hpp"
#include "crypto/keys.hpp"
#include "net/clock.hpp"
#include "net/url.hpp"
#include "server/adapters/fcm/access_token.hpp"
#include "server/adapters/fcm/fcm_reply.hpp"
#include "server/ports/push_retry.hpp"

namespace clarion::server::fcm {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t kPayloadMax = 4096;
constexpr std::size_t kTokenMax = 4096;
constexpr std::int64_t kTtlMaxS = 2'419'200;   // Firebase: four weeks.
constexpr Duration kAttemptDeadline = 10s;     // Google asks for at least this.
constexpr Duration kConnectionAgeMax = 55min;  // FCM ends connections after an hour (max_age).
constexpr std::size_t kStreamsMax = 100;       // FCM's limit; more is answered by GOAWAY.

std::uint64_t random_seed() {
    std::array<std::uint8_t, 8> bytes{};
    crypto::random_bytes(bytes);
    std::uint64_t word = 0;
    for (const std::uint8_t byte : bytes) word = word << 8U | byte;
    return word;
}

/// Firebase refuses messages with these names in `data`.
bool is_reserved(std::string_view name) {
    return name.empty() || name == "from" || name == "message_type" || name.starts_with("google.") ||
           name.starts_with("gcm.notification");
}

}  // namespace

/// One push and all its attempts.
struct Delivery {
    Delivery(net::Loop& loop, PushRequest the_request, PushCallback the_callback, Duration retry_floor)
        : request{std::move(the_request)},
          callback{std::move(the_callback)},
          timer{loop},
          started{net::boot_now()},
          retry{{.backoff = {retry_floor}, .has_floor = true}} {}

    [[nodiscard]] Duration elapsed() const { return net::boot_now() - started; }
    [[nodiscard]] Duration window_left() const { return request.expires - (request.now + elapsed()); }

    PushRequest request;
    PushCallback callback;
    net::Timer timer;
    Instant started;
    PushRetry retry;
    PushResult result;
    std::string access_token;  // Of the last attempt.
};
using DeliveryPtr = std::shared_ptr<Delivery>;

struct FcmSender::State : std::enable_shared_from_this<State> {
    State(net::Loop& the_loop, const Clock& the_clock, FcmConfig the_config)
        : loop{the_loop}, clock{the_clock}, config{std::move(the_config)} {}

    net::Loop& loop;
    const Clock& clock;
    const FcmConfig config;
    std::unique_ptr<AccessToken> access;
    std::unique_ptr<net::Http2Client> client;
    std::string path;
    std::unordered_set<DeliveryPtr> deliveries;
    Random random{random_seed()};
    std::string fault;  // Why the credential is useless, until fault_until.
    Instant fault_until;

    [[nodiscard]] bool prepare(Delivery& delivery) const;
    [[nodiscard]] bool may_go_on(const DeliveryPtr& delivery);
    void attempt(const DeliveryPtr& delivery);
    void submit(const DeliveryPtr& delivery);
    [[nodiscard]] net::Http2Request request_of(const Delivery& delivery) const;
    void answered(const DeliveryPtr& delivery, std::expected<net::HttpResponse, net::Http2Error> answer);
    void note_error(Delivery& delivery, const net::Http2Error& error) const;
    void note_response(Delivery& delivery, const net::HttpResponse& response);
    void note_fault(const PushResult& result);
    void go_on(const DeliveryPtr& delivery);
    void finish(const DeliveryPtr& delivery);
};

/// Everything that can be refused without asking Google. Sets the result when it says no.
bool FcmSender::State::prepare(Delivery& delivery) const {
    const PushRequest& request = delivery.request;
    PushResult& result = delivery.result;
    const auto refuse = [&](PushOutcome outcome, std::string reason, std::string_view advice) {
        result.outcome = outcome;
        result.provider_reason = std::move(reason);
        result.advice = advice;
        return false;
    };
    const std::string& token = request.token.reveal();
    if (token.empty() || token.size() > kTokenMax) {
        return refuse(PushOutcome::dead_token, "not sent: no registration token", "the app registered garbage");
    }
    std::size_t size = 0;
    for (const auto& [name, value] : request.fields) {
        if (is_reserved(name)) {
            return refuse(PushOutcome::payload_fault, "not sent: reserved field name " + name, "rename the field");
        }
        size += name.size() + value.size();
    }
    if (size <= kPayloadMax) return true;
    return refuse(
        PushOutcome::payload_fault,
        "not sent: payload of " + std::to_string(size) + " bytes, at most " + std::to_string(kPayloadMax),
        "shorten the payload fields"
    );
}

net::Http2Request FcmSender::State::request_of(const Delivery& delivery) const {
    const PushRequest& push = delivery.request;
    const std::int64_t ttl = std::clamp<std::int64_t>(delivery.window_left().count() / 1000, 0, kTtlMaxS);
    codec::Writer json;
    json.begin_object().key("message").begin_object();
    json.key("token").text(push.token.reveal());
    json.key("data").begin_object();
    for (const auto& [name, value] : push.fields) json.key(name).text(value);
    json.end_object();
    json.key("android").begin_object();
    json.key("priority").text(push.kind == PushKind::missed ? "NORMAL" : "HIGH");
    json.key("ttl").text(std::to_string(ttl) + "s").end_object();
    json.end_object().end_object();
    return {
        .method = "POST",
        .path = path,
        .headers = {{"authorization", "Bearer " + delivery.access_token}, {"content-type", "application/json"}},
        .body = json.take(),
        .deadline = std::clamp<Duration>(delivery.window_left(), 1ms, kAttemptDeadline),
        .is_urgent = push.kind == PushKind::ring
    };
}

bool FcmSender::State::may_go_on(const DeliveryPtr& delivery) {
    PushResult& result = delivery->result;
    if (delivery->request.is_wanted && !delivery->request.is_wanted()) {
        result.outcome = PushOutcome::withdrawn;
    } else if (delivery->window_left() <= Duration{0}) {
        if (result.attempts == 0) result.outcome = PushOutcome::expired;
    } else if (net::boot_now() < fault_until) {
        result.outcome = PushOutcome::credential_fault;
        result.provider_reason = fault;
        result.advice = "pushes fail fast until the credential works: check fcm.service_account_file";
    } else {
        return true;
    }
    finish(delivery);
    return false;
}

void FcmSender::State::attempt(const DeliveryPtr& delivery) {
    if (!may_go_on(delivery)) return;
    access->get([weak = weak_from_this(), delivery](std::expected<std::string, TokenFault> token) {
        const auto self = weak.lock();
        if (!self) return;
        if (token) {
            delivery->access_token = *std::move(token);
            // The token may have taken its time.
            if (self->may_go_on(delivery)) self->submit(delivery);
            return;
        }
        PushResult& result = delivery->result;
        result.outcome = token.error().outcome;
        result.provider_status = 0;
        result.provider_reason = token.error().reason;
        result.advice = token.error().advice;
        self->note_fault(result);
        self->go_on(delivery);
    });
}

void FcmSender::State::submit(const DeliveryPtr& delivery) {
    client->request(
        request_of(*delivery),
        [weak = weak_from_this(), delivery](std::expected<net::HttpResponse, net::Http2Error> answer) {
            if (const auto self = weak.lock()) self->answered(delivery, std::move(answer));
        }
    );
}

void FcmSender::State::answered(const DeliveryPtr& delivery, std::expected<net::HttpResponse, net::Http2Error> answer) {
    delivery->result.retry_after.reset();
    if (answer) {
        note_response(*delivery, *answer);
    } else {
        note_error(*delivery, answer.error());
    }
    go_on(delivery);
}

void FcmSender::State::note_error(Delivery& delivery, const net::Http2Error& error) const {
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
        result.advice = "the push service's certificate is not trusted: check fcm.ca_file and fcm.endpoint";
    } else {
        result.outcome = PushOutcome::transient;
    }
}

void FcmSender::State::note_response(Delivery& delivery, const net::HttpResponse& response) {
    PushResult& result = delivery.result;
    Verdict verdict = judge(response, clock.wall_now());
    ++result.attempts;
    result.outcome = verdict.outcome;
    result.provider_status = response.status;
    result.provider_reason = std::move(verdict.reason);
    result.provider_id = std::move(verdict.name);
    result.advice = verdict.advice;
    result.retry_after = verdict.retry_after;
    if (verdict.outcome == PushOutcome::accepted) fault.clear();
    if (verdict.outcome == PushOutcome::auth_refresh) access->reject(delivery.access_token);
    note_fault(result);
}

void FcmSender::State::note_fault(const PushResult& result) {
    if (result.outcome != PushOutcome::credential_fault) return;
    fault = result.provider_reason;
    fault_until = net::boot_now() + kFaultPause;
}

void FcmSender::State::go_on(const DeliveryPtr& delivery) {
    PushResult& result = delivery->result;
    const auto delay = delivery->retry.next(result.outcome, result.retry_after, delivery->window_left(), random);
    if (!delay) {
        if (result.outcome == PushOutcome::auth_refresh) {
            result.outcome = PushOutcome::credential_fault;
            note_fault(result);
        }
        return finish(delivery);
    }
    if (*delay <= Duration{0}) return attempt(delivery);
    delivery->timer.arm(*delay, [this, weak = std::weak_ptr{delivery}] {
        if (const auto live = weak.lock()) attempt(live);
    });
}

void FcmSender::State::finish(const DeliveryPtr& delivery) {
    delivery->result.elapsed = delivery->elapsed();
    deliveries.erase(delivery);
    // Posted, because this may run inside send().
    loop.post([weak = weak_from_this(), delivery] {
        if (weak.expired() || !delivery->callback) return;
        std::exchange(delivery->callback, {})(std::move(delivery->result));
    });
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
    state->client = std::make_unique<net::Http2Client>(
        loop,
        net::Http2ClientOptions{
            .host = endpoint->host,
            .port = endpoint->port,
            .tls = *tls,
            .streams_max = kStreamsMax,
            .age_max = kConnectionAgeMax
        }
    );
    auto token_client = std::make_unique<net::Http2Client>(
        loop, net::Http2ClientOptions{.host = token_uri->host, .port = token_uri->port, .tls = *tls}
    );
    state->access =
        std::make_unique<AccessToken>(clock, *std::move(account), std::move(token_client), token_uri->target);
    return std::make_unique<FcmSender>(std::move(state));
}

FcmSender::FcmSender(std::shared_ptr<State> state) : state_{std::move(state)} {}

FcmSender::~FcmSender() = default;

void FcmSender::send(PushRequest request, PushCallback callback) {
    auto delivery =
        std::make_shared<Delivery>(state_->loop, std::move(request), std::move(callback), state_->config.retry_floor);
    state_->deliveries.insert(delivery);
    if (!state_->prepare(*delivery)) return state_->finish(delivery);
    state_->attempt(delivery);
}

void FcmSender::warm_up() {
    state_->client->warm_up();
    state_->access->get([](const std::expected<std::string, TokenFault>&) {
        // Only to have it; a push that needs it says what is wrong.
    });
}

FcmHealth FcmSender::health() const {
    return {
        .tokens_fetched = state_->access->fetched(),
        .credential_fault = net::boot_now() < state_->fault_until ? state_->fault : "",
        .connection = state_->client->stats()
    };
}

}  // namespace clarion::server::fcm
