// SPDX-License-Identifier: Apache-2.0
#include "server/adapters/webpush/webpush_sender.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <utility>

#include "core/codec/json.hpp"
#include "crypto/web_push.hpp"
#include "net/clock.hpp"
#include "net/url.hpp"
#include "server/adapters/webpush/vapid.hpp"
#include "server/adapters/webpush/webpush_reply.hpp"
#include "server/push/dispatcher.hpp"

namespace clarion::server::webpush {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t kEndpointMax = 1000;  // UnifiedPush's limit; browsers' endpoints have some 200.
constexpr std::int64_t kTtlMaxS = 28 * 24 * 3600;
constexpr Duration kConnectionAgeMax = 55min;  // As FCM, which serves Chrome's subscriptions.

using Letterhead = std::shared_ptr<const net::Headers>;

/// One push service: its connections, and the token that it knows us by.
struct Origin {
    push::ChannelPtr channel;
    std::array<Letterhead, 2> letterheads;  // What its pushes have in common: [1] for what is urgent. Null: no token.
    WallTime vapid_at;
    Instant used_at;
};

struct WebPushDelivery final : push::Delivery {
    using Delivery::Delivery;

    std::string origin;
    net::Url url;
    std::optional<crypto::WebPushKeys> keys;
    std::string plain;
    std::string body;  // Sealed once, at the first attempt.
};

WebPushDelivery& own(push::Delivery& delivery) { return static_cast<WebPushDelivery&>(delivery); }

/// Scheme, host and port if it is not the default (RFC 6454): what VAPID calls the audience.
std::string origin_of(const net::Url& url) {
    const std::string host = url.host.contains(':') ? "[" + url.host + "]" : url.host;
    return "https://" + host + (url.port == 443 ? "" : ":" + std::to_string(url.port));
}

std::string plain_of(const PushRequest& push) {
    codec::Writer json;
    json.begin_object();
    for (const auto& [name, value] : push.fields) json.key(name).text(value);
    if (push.alert) {
        json.key("title").text(push.alert->title.reveal());
        json.key("body").text(push.alert->body.reveal());
    }
    json.end_object();
    return json.take();
}

/// 32 characters of the base64url alphabet at most (RFC 8030 section 5.4): the UUID without its dashes.
std::string topic_of(const CallId& call) {
    std::string topic = call.text();
    std::erase(topic, '-');
    return topic;
}

}  // namespace

struct WebPushSender::State final : push::Provider {
    State(net::Loop& the_loop, const Clock& the_clock, WebPushConfig the_config, Vapid the_vapid)
        : loop{the_loop}, clock{the_clock}, config{std::move(the_config)}, vapid{std::move(the_vapid)} {}

    net::Loop& loop;
    const Clock& clock;
    const WebPushConfig config;
    const Vapid vapid;
    std::shared_ptr<net::TlsContext> tls;
    std::map<std::string, Origin> origins;
    std::optional<push::Dispatcher> dispatcher;

    [[nodiscard]] push::DeliveryPtr make(PushRequest&& request, PushCallback&& callback) override;
    [[nodiscard]] std::optional<push::Verdict> refuse(push::Delivery& delivery) override;
    [[nodiscard]] push::ChannelPtr channel(push::Delivery& delivery) override;
    [[nodiscard]] bool make_room();
    [[nodiscard]] std::optional<Written> write(push::Delivery& delivery, Duration window_left) override;
    [[nodiscard]] std::expected<Letterhead, push::Verdict> letterhead(const std::string& origin, bool is_urgent);
    [[nodiscard]] push::Verdict judge(push::Delivery& delivery, const net::HttpResponse& response) override;
    [[nodiscard]] std::string_view untrusted_advice() const override {
        return "the push service's certificate is not trusted; for a service of your own set webpush.ca_file";
    }
};

push::DeliveryPtr WebPushSender::State::make(PushRequest&& request, PushCallback&& callback) {
    auto delivery = std::make_shared<WebPushDelivery>(std::move(request), std::move(callback));
    delivery->plain = plain_of(delivery->request);
    return delivery;
}

std::optional<push::Verdict> WebPushSender::State::refuse(push::Delivery& delivery) {
    WebPushDelivery& mine = own(delivery);
    const std::string& endpoint = mine.request.token.reveal();
    auto url = net::parse_url(endpoint);
    if (!url || url->scheme != "https" || endpoint.size() > kEndpointMax) {
        return push::refusal(PushOutcome::suspect_token, "the endpoint is no https URL", "the app registered garbage");
    }
    auto keys = crypto::WebPushKeys::parse(mine.request.p256dh, mine.request.auth.reveal());
    if (!keys) return push::refusal(PushOutcome::suspect_token, keys.error(), "the app registered garbage");
    mine.url = *std::move(url);
    mine.origin = origin_of(mine.url);
    mine.keys = *std::move(keys);
    if (mine.plain.size() <= crypto::kWebPushPlainMax) return std::nullopt;
    return push::refusal(
        PushOutcome::payload_fault,
        "payload of " + std::to_string(mine.plain.size()) + " bytes, at most " +
            std::to_string(crypto::kWebPushPlainMax),
        "shorten the payload fields"
    );
}

push::ChannelPtr WebPushSender::State::channel(push::Delivery& delivery) {
    const WebPushDelivery& mine = own(delivery);
    auto found = origins.find(mine.origin);
    if (found == origins.end()) {
        if (origins.size() >= config.origins_max && !make_room()) return nullptr;
        net::Http2ClientOptions options{
            .host = mine.url.host,
            .port = mine.url.port,
            .tls = tls,
            .queue_max = config.waiting_max,
            .public_only = !config.allow_private,
            .connections_max = config.connections_max,
            .age_max = kConnectionAgeMax
        };
        const auto channel = std::make_shared<push::Channel>(loop, mine.url.host, std::move(options));
        found = origins.emplace(mine.origin, Origin{.channel = channel}).first;
    }
    found->second.used_at = net::boot_now();
    return found->second.channel;
}

/// Gives up the connections of the service that was not used for the longest time.
bool WebPushSender::State::make_room() {
    auto oldest = origins.end();
    for (auto it = origins.begin(); it != origins.end(); ++it) {
        const bool is_older = oldest == origins.end() || it->second.used_at < oldest->second.used_at;
        if (is_older && it->second.channel->is_idle()) oldest = it;
    }
    if (oldest == origins.end()) return false;
    origins.erase(oldest);
    return true;
}

std::expected<Letterhead, push::Verdict> WebPushSender::State::letterhead(const std::string& name, bool is_urgent) {
    Origin& origin = origins.at(name);
    const WallTime now = clock.wall_now();
    const bool is_fresh = now >= origin.vapid_at && now - origin.vapid_at < Vapid::kRenewAfter;
    const Letterhead& found = origin.letterheads[is_urgent ? 1 : 0];
    if (found && is_fresh) return found;
    const auto header = vapid.header(name, now);
    if (!header) {
        return std::unexpected{push::Verdict{
            .outcome = PushOutcome::credential_fault, .reason = header.error(), .advice = "check webpush.key_file"
        }};
    }
    for (const bool one : {false, true}) {
        origin.letterheads[one ? 1 : 0] = std::make_shared<const net::Headers>(net::Headers{
            {"authorization", *header},
            {"urgency", one ? "high" : "normal"},
            {"content-encoding", "aes128gcm"},
            {"content-type", "application/octet-stream"}
        });
    }
    origin.vapid_at = now;
    return found;
}

std::optional<push::Provider::Written> WebPushSender::State::write(push::Delivery& delivery, Duration window_left) {
    WebPushDelivery& mine = own(delivery);
    if (mine.body.empty()) {
        auto sealed = crypto::web_push_seal(mine.plain, *mine.keys);
        if (!sealed) {
            return std::unexpected{
                push::Verdict{.outcome = PushOutcome::payload_fault, .reason = "not sent: it cannot be encrypted"}
            };
        }
        mine.body = *std::move(sealed);
    }
    const PushKind kind = mine.request.kind;
    auto common = letterhead(mine.origin, kind == PushKind::ring || kind == PushKind::cancel);
    if (!common) return std::unexpected{std::move(common.error())};
    const std::int64_t ttl = std::clamp<std::int64_t>(window_left.count() / 1000, 0, kTtlMaxS);
    net::Http2Request request{
        .path = mine.url.target, .common = *std::move(common), .body = mine.body, .body_max = 4096
    };
    request.headers.reserve(2);
    request.headers.emplace_back("ttl", std::to_string(ttl));
    if (kind == PushKind::missed) request.headers.emplace_back("topic", topic_of(mine.request.call_id));
    return request;
}

push::Verdict WebPushSender::State::judge(push::Delivery& delivery, const net::HttpResponse& response) {
    push::Verdict verdict = webpush::judge(response, clock.wall_now());
    if (verdict.outcome != PushOutcome::credential_fault) return verdict;
    // A token that was made a while ago may be too old for this service: a new one is tried once.
    const auto origin = origins.find(own(delivery).origin);
    if (origin != origins.end() && clock.wall_now() - origin->second.vapid_at > Duration{60'000}) {
        origin->second.letterheads = {};
        verdict.outcome = PushOutcome::auth_refresh;
    }
    return verdict;
}

std::expected<std::unique_ptr<WebPushSender>, std::string> WebPushSender::make(
    net::Loop& loop, const Clock& clock, const WebPushConfig& config
) {
    auto vapid = Vapid::load(config.key_file, config.subject);
    if (!vapid) return std::unexpected{vapid.error()};
    auto tls = net::TlsContext::client({.ca_file = config.ca_file, .alpn = {"h2"}});
    if (!tls) return std::unexpected{"webpush: " + tls.error().message};
    auto state = std::make_shared<State>(loop, clock, config, *std::move(vapid));
    state->tls = *std::move(tls);
    state->dispatcher.emplace(loop, *state, push::DispatchPolicy{.waiting_max = config.waiting_max});
    return std::make_unique<WebPushSender>(std::move(state));
}

WebPushSender::WebPushSender(std::shared_ptr<State> state) : state_{std::move(state)} {}

WebPushSender::~WebPushSender() { state_->dispatcher.reset(); }

void WebPushSender::send(PushRequest request, PushCallback callback) {
    state_->dispatcher->send(std::move(request), std::move(callback));
}

std::size_t WebPushSender::pending() const { return state_->dispatcher->pending(); }

std::vector<PushChannelHealth> WebPushSender::channels() const {
    std::vector<PushChannelHealth> all;
    for (const auto& [name, origin] : state_->origins) all.push_back(origin.channel->health());
    return all;
}

const std::string& WebPushSender::public_key() const { return state_->vapid.public_key(); }

}  // namespace clarion::server::webpush
