// SPDX-License-Identifier: Apache-2.0
#include "lab/push/apns_service.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <list>
#include <map>
#include <set>
#include <utility>

#include "core/base/uuid.hpp"
#include "core/codec/json.hpp"
#include "crypto/keys.hpp"
#include "lab/push/fault_script.hpp"
#include "net/clock.hpp"
#include "net/http2_server.hpp"

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

std::string text_of(const net::Headers& headers, std::string_view name) {
    const std::string* value = net::find_header(headers, name);
    return value == nullptr ? std::string{} : *value;
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
        .service = DeliveredPush::Service::apns,
        .token = std::string{ApnsRules::token_of(request.path)},
        .payload = request.body,
        .push_type = text_of(request.headers, "apns-push-type"),
        .topic = text_of(request.headers, "apns-topic"),
        .priority = text_of(request.headers, "apns-priority"),
        .collapse_id = text_of(request.headers, "apns-collapse-id"),
        .id = id,
        .received_at = now,
        .headers = request.headers
    };
    std::erase_if(push.headers, [](const net::Header& one) { return one.name == "authorization"; });
    const std::string expiration = text_of(request.headers, "apns-expiration");
    std::int64_t seconds = 0;
    const auto [end, error] = std::from_chars(expiration.data(), expiration.data() + expiration.size(), seconds);
    if (!expiration.empty() && error == std::errc{}) push.expires = WallTime{seconds * 1000};
    return push;
}

}  // namespace

struct ApnsService::State : std::enable_shared_from_this<State> {
    State(net::Loop& the_loop, ApnsServiceOptions the_options)
        : loop{the_loop}, options{std::move(the_options)}, rules{options.environment} {
        if (!options.wall_now) options.wall_now = net::wall_now;
    }

    void asked(net::HttpRequest request, const net::Http2Exchange& exchange);
    void answer(const net::HttpRequest& request, const net::Http2Exchange& exchange, const ApnsAnswer& verdict);
    void perform(const net::HttpRequest& request, const net::Http2Exchange& exchange, const PushFault& fault);
    void accept(const net::HttpRequest& request, const net::Http2Exchange& exchange);
    void deliver(DeliveredPush push);
    void after(Duration delay, std::move_only_function<void()> fn);
    void note(const net::HttpRequest& request, const net::Http2Exchange& exchange, unsigned status, std::string reason);
    [[nodiscard]] net::HttpResponse response(const net::HttpRequest& request, unsigned status) const;

    net::Loop& loop;
    ApnsServiceOptions options;
    ApnsRules rules;
    std::unique_ptr<net::Http2Server> server;
    std::map<std::uint64_t, ApnsConnection> memories;
    FaultScript faults;
    std::set<std::string> away;
    std::map<std::string, DeliveredPush> stored;
    std::list<net::Timer> timers;
    std::deque<PushLogEntry> log;
    OnPush on_push;
};

void ApnsService::State::asked(net::HttpRequest request, const net::Http2Exchange& exchange) {
    ApnsConnection& memory = memories[exchange.connection_id()];
    while (memories.size() > kConnectionsRemembered) memories.erase(memories.begin());
    const bool was_proven = memory.is_proven;
    const ApnsAnswer verdict = rules.check(request, memory, options.wall_now());
    // One stream until a valid provider token was seen ("Establishing a token-based connection").
    if (!was_proven && memory.is_proven) exchange.set_streams_max(options.streams_max);
    if (verdict.status != 200) return answer(request, exchange, verdict);
    const auto fault = faults.take(std::string{ApnsRules::token_of(request.path)});
    if (!fault) return accept(request, exchange);
    after(fault->delay, [this, request = std::move(request), exchange, fault = *fault] {
        perform(request, exchange, fault);
    });
}

void ApnsService::State::perform(
    const net::HttpRequest& request, const net::Http2Exchange& exchange, const PushFault& fault
) {
    if (fault.kind == PushFault::Kind::accept) return accept(request, exchange);
    if (misbehave(fault, exchange)) return note(request, exchange, 0, fault.reason);
    net::HttpResponse reply = response(request, fault.status);
    reply.body = fault.body.value_or(error_body(fault.reason, std::nullopt));
    if (!fault.retry_after.empty()) reply.headers.push_back({"retry-after", fault.retry_after});
    note(request, exchange, fault.status, fault.reason);
    exchange.respond(std::move(reply));
}

net::HttpResponse ApnsService::State::response(const net::HttpRequest& request, unsigned status) const {
    std::string id = text_of(request.headers, "apns-id");
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
    note(request, exchange, verdict.status, std::string{verdict.reason});
    exchange.respond(std::move(reply));
}

void ApnsService::State::accept(const net::HttpRequest& request, const net::Http2Exchange& exchange) {
    net::HttpResponse reply = response(request, 200);
    auto push = delivered_push(request, reply.headers.front().value, options.wall_now());
    note(request, exchange, 200, {});
    exchange.respond(std::move(reply));
    loop.post([weak = weak_from_this(), push = std::move(push)]() mutable {
        if (const auto self = weak.lock()) self->deliver(std::move(push));
    });
}

void ApnsService::State::deliver(DeliveredPush push) {
    if (!away.contains(push.token)) {
        if (on_push) on_push(push);
        return;
    }
    // Without an expiration Apple uses its own storage policy, here: keep. 0 and the past: try once only.
    if (!push.expires || *push.expires > options.wall_now()) stored.insert_or_assign(push.token, std::move(push));
}

void ApnsService::State::after(Duration delay, std::move_only_function<void()> fn) {
    if (delay <= Duration{0}) return fn();
    std::erase_if(timers, [](const net::Timer& timer) { return !timer.is_armed(); });
    timers.emplace_back(loop).arm(delay, std::move(fn));
}

void ApnsService::State::note(
    const net::HttpRequest& request, const net::Http2Exchange& exchange, unsigned status, std::string reason
) {
    if (log.size() == kLogMax) log.pop_front();
    log.push_back(
        {exchange.connection_id(), exchange.stream_id(), request, status, std::move(reason), options.wall_now()}
    );
}

ApnsService::ApnsService(net::Loop& loop, ApnsServiceOptions options)
    : state_{std::make_shared<State>(loop, std::move(options))} {}

ApnsService::~ApnsService() = default;

std::expected<std::uint16_t, net::Error> ApnsService::start() {
    auto tls = net::TlsContext::server(
        {.certificate_file = state_->options.certificate_file, .key_file = state_->options.key_file, .alpn = {"h2"}}
    );
    if (!tls) return std::unexpected{tls.error()};
    state_->server = std::make_unique<net::Http2Server>(
        state_->loop,
        net::Http2ServerOptions{
            .address = state_->options.address,
            .port = state_->options.port,
            .tls = *std::move(tls),
            .needs_alpn = false,
            .streams_max = 1,
            .headers_max = 8000,
            .idle_deadline = Duration{0}  // Live connections stay open for hours.
        }
    );
    state_->server->on_exchange([weak = std::weak_ptr{state_
                                 }](net::HttpRequest request, const net::Http2Exchange& exchange) {
        if (const auto state = weak.lock()) state->asked(std::move(request), exchange);
    });
    return state_->server->start();
}

void ApnsService::stop() { state_->server.reset(); }

void ApnsService::on_push(OnPush callback) { state_->on_push = std::move(callback); }

void ApnsService::add_key(ApnsKey key) {
    const std::string id = key.key_id;
    state_->rules.keys.insert_or_assign(id, std::move(key));
}

void ApnsService::register_device(ApnsDevice device) {
    const std::string token = device.token;
    state_->rules.devices.insert_or_assign(token, std::move(device));
}

void ApnsService::unregister_device(const std::string& token) {
    const auto at = state_->rules.devices.find(token);
    if (at != state_->rules.devices.end()) at->second.unregistered_at = state_->options.wall_now();
}

void ApnsService::expire_device(const std::string& token) {
    const auto at = state_->rules.devices.find(token);
    if (at != state_->rules.devices.end()) at->second.expired_at = state_->options.wall_now();
}

void ApnsService::set_online(const std::string& token, bool is_online) {
    if (!is_online) {
        state_->away.insert(token);
        return;
    }
    state_->away.erase(token);
    auto kept = state_->stored.extract(token);
    if (kept.empty()) return;
    if (kept.mapped().expires && *kept.mapped().expires <= state_->options.wall_now()) return;
    state_->deliver(std::move(kept.mapped()));
}

void ApnsService::add_fault(const std::string& token, PushFault fault) { state_->faults.add(token, std::move(fault)); }

void ApnsService::clear_faults() { state_->faults.clear(); }

const std::deque<PushLogEntry>& ApnsService::log() const { return state_->log; }

std::size_t ApnsService::connections() const { return state_->server ? state_->server->connections() : 0; }

}  // namespace clarion::lab
