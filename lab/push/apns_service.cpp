// SPDX-License-Identifier: Apache-2.0
#include "lab/push/apns_service.hpp"

#include <charconv>
#include <map>
#include <set>
#include <utility>

#include "core/base/uuid.hpp"
#include "core/codec/json.hpp"
#include "crypto/keys.hpp"
#include "lab/push/push_desk.hpp"

namespace clarion::lab {
namespace {

constexpr std::size_t kConnectionsRemembered = 1024;

std::string new_uuid() {
    Uuid uuid;
    crypto::random_bytes(uuid.bytes);
    uuid.bytes[6] = static_cast<std::uint8_t>((uuid.bytes[6] & 0x0fU) | 0x40U);
    uuid.bytes[8] = static_cast<std::uint8_t>((uuid.bytes[8] & 0x3fU) | 0x80U);
    return uuid.text();
}

std::string error_body(std::string_view reason, std::optional<WallTime> timestamp) {
    codec::Writer json;
    json.begin_object().key("reason").text(reason);
    if (timestamp) json.key("timestamp").integer(timestamp->ms);
    json.end_object();
    return json.take();
}

DeliveredPush delivered_push(const net::HttpRequest& request, const std::string& id, WallTime now) {
    DeliveredPush push{
        .service = PushService::apns,
        .token = std::string{ApnsRules::token_of(request.path)},
        .payload = request.body,
        .push_type = header_text(request.headers, "apns-push-type"),
        .topic = header_text(request.headers, "apns-topic"),
        .priority = header_text(request.headers, "apns-priority"),
        .collapse_id = header_text(request.headers, "apns-collapse-id"),
        .id = id,
        .received_at = now,
        .headers = without_credential(request.headers)
    };
    const std::string expiration = header_text(request.headers, "apns-expiration");
    std::int64_t seconds = 0;
    const auto [end, error] = std::from_chars(expiration.data(), expiration.data() + expiration.size(), seconds);
    if (!expiration.empty() && error == std::errc{}) push.expires = WallTime{seconds * 1000};
    return push;
}

}  // namespace

struct ApnsService::State : std::enable_shared_from_this<State> {
    State(net::Loop& loop, const ApnsServiceOptions& the_options)
        : desk{loop, the_options}, options{the_options}, rules{the_options.environment, the_options.policy} {
        desk.streams_max = the_options.streams_max;
    }

    void asked(PushVisit visit);
    void answer(const PushVisit& visit, const ApnsAnswer& verdict);
    void perform(const PushVisit& visit, const PushFault& fault);
    void accept(const PushVisit& visit, Duration until_delivery = Duration{0});
    void respond(const PushVisit& visit, net::HttpResponse reply, std::string reason);
    [[nodiscard]] bool is_over_pace(const std::string& token);
    void deliver(DeliveredPush push);
    void unregister(const std::string& token);
    [[nodiscard]] net::HttpResponse response(const net::HttpRequest& request, unsigned status) const;

    PushDesk desk;
    const ApnsServiceOptions options;
    ApnsRules rules;
    std::map<std::uint64_t, ApnsConnection> memories;
    std::set<std::uint64_t> opened;  // Connections that may have more than one stream.
    std::map<std::string, PushPace> paces;
    std::set<std::string> away;
    std::map<std::string, DeliveredPush> stored;
};

void ApnsService::State::asked(PushVisit visit) {
    ApnsConnection& memory = memories[visit.exchange.connection_id()];
    while (memories.size() > kConnectionsRemembered) memories.erase(memories.begin());
    const ApnsAnswer verdict = rules.check(visit.request, memory, desk.now());
    if (verdict.status != 200) return answer(visit, verdict);
    const std::string token{ApnsRules::token_of(visit.request.path)};
    if (is_over_pace(token)) return answer(visit, {.status = 429, .reason = "TooManyRequests"});
    auto fault = desk.faults.take(token);
    if (!fault) return accept(visit);
    desk.after(fault->delay, [this, visit = std::move(visit), fault = *fault] { perform(visit, fault); });
}

/// One stream until a push with a valid provider token was answered ("Establishing a token-based connection").
void ApnsService::State::respond(const PushVisit& visit, net::HttpResponse reply, std::string reason) {
    const std::uint64_t connection = visit.exchange.connection_id();
    desk.respond(visit, std::move(reply), std::move(reason));
    if (!memories[connection].is_proven || !opened.insert(connection).second) return;
    while (opened.size() > kConnectionsRemembered) opened.erase(opened.begin());
    visit.exchange.set_streams_max(options.streams_max);
}

bool ApnsService::State::is_over_pace(const std::string& token) {
    const unsigned most = options.policy.per_device_minute;
    return most != 0 && paces[token].next(desk.now()) > most;
}

void ApnsService::State::perform(const PushVisit& visit, const PushFault& fault) {
    using Kind = PushFault::Kind;
    if (desk.misbehave(visit, fault)) return;
    if (fault.kind == Kind::unregister) {
        unregister(std::string{ApnsRules::token_of(visit.request.path)});
        return answer(visit, {.status = 410, .reason = "Unregistered", .timestamp = desk.now()});
    }
    if (fault.kind != Kind::answer && fault.kind != Kind::throttle) {
        accept(visit, fault.kind == Kind::deliver_late ? fault.lasts : Duration{0});
        return desk.add_last_words(fault, visit.exchange);
    }
    const bool is_throttle = fault.kind == Kind::throttle;
    net::HttpResponse reply = response(visit.request, is_throttle ? 429 : fault.status);
    const std::string reason = is_throttle ? "TooManyRequests" : fault.reason;
    const auto moment = reply.status == 410 ? std::optional{desk.now()} : std::nullopt;
    reply.body = fault.body.value_or(error_body(reason, moment));
    if (!fault.retry_after.empty()) reply.headers.push_back({"retry-after", fault.retry_after});
    respond(visit, std::move(reply), reason);
}

net::HttpResponse ApnsService::State::response(const net::HttpRequest& request, unsigned status) const {
    const auto id = Uuid::parse(header_text(request.headers, "apns-id"));
    net::HttpResponse reply{.status = status, .headers = {{"apns-id", id ? id->text() : new_uuid()}}};
    if (options.environment == ApnsEnvironment::sandbox) reply.headers.push_back({"apns-unique-id", new_uuid()});
    if (status != 200) reply.headers.push_back({"content-type", "application/json"});
    return reply;
}

void ApnsService::State::answer(const PushVisit& visit, const ApnsAnswer& verdict) {
    net::HttpResponse reply = response(visit.request, verdict.status);
    reply.body = error_body(verdict.reason, verdict.timestamp);
    respond(visit, std::move(reply), std::string{verdict.reason});
}

void ApnsService::State::accept(const PushVisit& visit, Duration until_delivery) {
    net::HttpResponse reply = response(visit.request, 200);
    auto push = delivered_push(visit.request, reply.headers.front().value, desk.now());
    respond(visit, std::move(reply), {});
    auto tell = [weak = weak_from_this(), push = std::move(push)]() mutable {
        if (const auto self = weak.lock()) self->deliver(std::move(push));
    };
    until_delivery > Duration{0} ? desk.after(until_delivery, std::move(tell)) : desk.post(std::move(tell));
}

void ApnsService::State::deliver(DeliveredPush push) {
    if (!away.contains(push.token)) {
        if (desk.on_push) desk.on_push(push);
        return;
    }
    // Without an expiration Apple uses its own storage policy, here: keep. 0 and the past: try once only.
    if (!push.expires || *push.expires > desk.now()) stored.insert_or_assign(push.token, std::move(push));
}

void ApnsService::State::unregister(const std::string& token) {
    const auto at = rules.devices.find(token);
    if (at != rules.devices.end()) at->second.unregistered_at = desk.now();
    stored.erase(token);
}

ApnsService::ApnsService(net::Loop& loop, const ApnsServiceOptions& options)
    : state_{std::make_shared<State>(loop, options)} {}

ApnsService::~ApnsService() = default;

std::expected<std::uint16_t, net::Error> ApnsService::start() {
    return state_->desk.start(
        {.needs_alpn = false,
         .streams_max = 1,
         .headers_max = 8000,
         .idle_deadline = Duration{0},  // Live connections stay open for hours.
         .excess_code = net::Http2Code::refused_stream,
         .excess_text = "Maximum active streams violated for this endpoint."},
        [weak = std::weak_ptr{state_}](net::HttpRequest request, const net::Http2Exchange& exchange) {
            const auto state = weak.lock();
            if (!state) return;
            if (auto visit = state->desk.enter(state->desk.log, std::move(request), exchange)) {
                state->asked(*std::move(visit));
            }
        }
    );
}

void ApnsService::stop() { state_->desk.stop(); }

void ApnsService::on_push(OnPush callback) { state_->desk.on_push = std::move(callback); }

void ApnsService::add_key(ApnsKey key) {
    const std::string id = key.key_id;
    state_->rules.keys.insert_or_assign(id, std::move(key));
}

void ApnsService::register_device(ApnsDevice device) {
    const std::string token = device.token;
    state_->rules.devices.insert_or_assign(token, std::move(device));
}

void ApnsService::unregister_device(const std::string& token) { state_->unregister(token); }

void ApnsService::expire_device(const std::string& token) {
    const auto at = state_->rules.devices.find(token);
    if (at != state_->rules.devices.end()) at->second.expired_at = state_->desk.now();
}

void ApnsService::set_online(const std::string& token, bool is_online) {
    if (!is_online) {
        state_->away.insert(token);
        return;
    }
    state_->away.erase(token);
    auto kept = state_->stored.extract(token);
    if (kept.empty()) return;
    if (kept.mapped().expires && *kept.mapped().expires <= state_->desk.now()) return;
    state_->deliver(std::move(kept.mapped()));
}

void ApnsService::add_fault(const std::string& token, PushFault fault) {
    state_->desk.faults.add(token, std::move(fault));
}

void ApnsService::clear_faults() { state_->desk.faults.clear(); }

void ApnsService::set_skew(Duration skew) { state_->desk.skew = skew; }

const std::deque<PushLogEntry>& ApnsService::log() const { return state_->desk.log.entries(); }

std::size_t ApnsService::connections() const { return state_->desk.connections(); }

net::Http2ServerStats ApnsService::traffic() const { return state_->desk.traffic(); }

}  // namespace clarion::lab
