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
        : desk{loop, the_options}, options{the_options}, rules{the_options.environment} {}

    void asked(net::HttpRequest request, const net::Http2Exchange& exchange);
    void answer(const net::HttpRequest& request, const net::Http2Exchange& exchange, const ApnsAnswer& verdict);
    void perform(const net::HttpRequest& request, const net::Http2Exchange& exchange, const PushFault& fault);
    void accept(const net::HttpRequest& request, const net::Http2Exchange& exchange);
    void deliver(DeliveredPush push);
    void unregister(const std::string& token);
    [[nodiscard]] net::HttpResponse response(const net::HttpRequest& request, unsigned status) const;

    PushDesk desk;
    const ApnsServiceOptions options;
    ApnsRules rules;
    std::map<std::uint64_t, ApnsConnection> memories;
    std::set<std::string> away;
    std::map<std::string, DeliveredPush> stored;
};

void ApnsService::State::asked(net::HttpRequest request, const net::Http2Exchange& exchange) {
    ApnsConnection& memory = memories[exchange.connection_id()];
    while (memories.size() > kConnectionsRemembered) memories.erase(memories.begin());
    const bool was_proven = memory.is_proven;
    const ApnsAnswer verdict = rules.check(request, memory, desk.now());
    // One stream until a valid provider token was seen ("Establishing a token-based connection").
    if (!was_proven && memory.is_proven) exchange.set_streams_max(options.streams_max);
    if (verdict.status != 200) return answer(request, exchange, verdict);
    auto fault = desk.faults.take(std::string{ApnsRules::token_of(request.path)});
    if (!fault) return accept(request, exchange);
    desk.after(fault->delay, [this, request = std::move(request), exchange, fault = *fault] {
        perform(request, exchange, fault);
    });
}

void ApnsService::State::perform(
    const net::HttpRequest& request, const net::Http2Exchange& exchange, const PushFault& fault
) {
    using Kind = PushFault::Kind;
    if (misbehave(fault, exchange)) return desk.note(request, exchange, 0, fault.reason);
    if (fault.kind == Kind::unregister) {
        unregister(std::string{ApnsRules::token_of(request.path)});
        return answer(request, exchange, {.status = 410, .reason = "Unregistered", .timestamp = desk.now()});
    }
    if (fault.kind != Kind::answer && fault.kind != Kind::throttle) {
        accept(request, exchange);
        return add_last_words(fault, exchange);
    }
    const bool is_throttle = fault.kind == Kind::throttle;
    net::HttpResponse reply = response(request, is_throttle ? 429 : fault.status);
    const std::string reason = is_throttle ? "TooManyRequests" : fault.reason;
    reply.body = fault.body.value_or(error_body(reason, std::nullopt));
    if (!fault.retry_after.empty()) reply.headers.push_back({"retry-after", fault.retry_after});
    desk.note(request, exchange, reply.status, reason);
    exchange.respond(std::move(reply));
}

net::HttpResponse ApnsService::State::response(const net::HttpRequest& request, unsigned status) const {
    std::string id = header_text(request.headers, "apns-id");
    net::HttpResponse reply{.status = status, .headers = {{"apns-id", id.empty() ? new_uuid() : std::move(id)}}};
    if (options.environment == ApnsEnvironment::sandbox) reply.headers.push_back({"apns-unique-id", new_uuid()});
    if (status != 200) reply.headers.push_back({"content-type", "application/json"});
    return reply;
}

void ApnsService::State::answer(
    const net::HttpRequest& request, const net::Http2Exchange& exchange, const ApnsAnswer& verdict
) {
    net::HttpResponse reply = response(request, verdict.status);
    reply.body = error_body(verdict.reason, verdict.timestamp);
    desk.note(request, exchange, verdict.status, std::string{verdict.reason});
    exchange.respond(std::move(reply));
}

void ApnsService::State::accept(const net::HttpRequest& request, const net::Http2Exchange& exchange) {
    net::HttpResponse reply = response(request, 200);
    auto push = delivered_push(request, reply.headers.front().value, desk.now());
    desk.note(request, exchange, 200, {});
    exchange.respond(std::move(reply));
    desk.post([weak = weak_from_this(), push = std::move(push)]() mutable {
        if (const auto self = weak.lock()) self->deliver(std::move(push));
    });
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
        {.needs_alpn = false, .streams_max = 1, .headers_max = 8000, .idle_deadline = Duration{0}
        },  // Live connections stay open for hours.
        [weak = std::weak_ptr{state_}](net::HttpRequest request, const net::Http2Exchange& exchange) {
            if (const auto state = weak.lock()) state->asked(std::move(request), exchange);
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

const std::deque<PushLogEntry>& ApnsService::log() const { return state_->desk.log; }

std::size_t ApnsService::connections() const { return state_->desk.connections(); }

}  // namespace clarion::lab
