// SPDX-License-Identifier: Apache-2.0
#include "lab/push/web_push_service.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "core/codec/json.hpp"
#include "crypto/keys.hpp"
#include "lab/push/push_desk.hpp"

namespace clarion::lab {
namespace {

constexpr std::size_t kStoredMax = 100;
constexpr std::size_t kSubscriptionsMax = 10'000;
constexpr std::size_t kMessagesKnownMax = 1000;
constexpr std::size_t kOptionsMax = 4096;
constexpr std::string_view kSubscribePath = "/subscribe";
constexpr std::string_view kSubscriptionPath = "/subscription/";
constexpr std::string_view kMessagePath = "/message/";
constexpr std::string_view kReceiptPath = "/receipt/";

enum class MessageState : std::uint8_t { waiting, delivered, acknowledged, dropped };

struct Channel {
    WebPushSubscription subscription;
    OnPush receiver;
    std::vector<DeliveredPush> waiting;
    bool is_away = false;
    PushPace pace;
};

std::string_view after_prefix(std::string_view path, std::string_view prefix) {
    return path.starts_with(prefix) ? path.substr(prefix.size()) : std::string_view{};
}

std::string_view id_of(std::string_view path) { return path.substr(path.rfind('/') + 1); }

}  // namespace

struct WebPushService::State : std::enable_shared_from_this<State> {
    State(net::Loop& loop, const WebPushServiceOptions& the_options) : desk{loop, the_options}, options{the_options} {}

    void asked(const PushVisit& visit);
    [[nodiscard]] std::optional<net::HttpResponse> manage(const net::HttpRequest& request);
    [[nodiscard]] net::HttpResponse make_subscription(const net::HttpRequest& request);
    [[nodiscard]] net::HttpResponse cancel_message(const std::string& id);
    [[nodiscard]] net::HttpResponse receipt(const std::string& id) const;
    void push(const PushVisit& visit);
    void refuse(const PushVisit& visit, WebPushFault fault);
    void perform(const PushVisit& visit, const WebPushMessage& message, const PushFault& fault);
    void accept(const PushVisit& visit, const WebPushMessage& message, Duration until_delivery = Duration{0});
    void deliver(DeliveredPush push);
    void unsubscribe(const std::string& id);
    [[nodiscard]] Channel& add(const std::string& vapid_key, OnPush receiver);
    [[nodiscard]] std::string endpoint_path(const Channel& channel) const;
    void set_state(const std::string& message, MessageState state);
    [[nodiscard]] Channel* find(std::string_view id);

    PushDesk desk;
    const WebPushServiceOptions options;
    WebPushPolicy policy;
    std::map<std::string, Channel, std::less<>> channels;
    std::map<std::string, MessageState> messages;
    std::deque<std::string> message_order;
};

Channel* WebPushService::State::find(std::string_view id) {
    const auto at = channels.find(id);
    return at == channels.end() ? nullptr : &at->second;
}

std::string WebPushService::State::endpoint_path(const Channel& channel) const {
    const WebPushSubscription& subscription = channel.subscription;
    if (options.is_unified_push) return "/" + subscription.id + "?up=1";
    return (subscription.vapid_key.empty() ? "/wpush/v1/" : "/wpush/v2/") + subscription.id;
}

Channel& WebPushService::State::add(const std::string& vapid_key, OnPush receiver) {
    while (channels.size() >= kSubscriptionsMax) channels.erase(channels.begin());
    const std::string id = options.is_unified_push ? "up" + crypto::random_token(9) : crypto::random_token(24);
    return channels
        .insert_or_assign(
            id, Channel{.subscription = {.id = id, .vapid_key = vapid_key}, .receiver = std::move(receiver)}
        )
        .first->second;
}

void WebPushService::State::set_state(const std::string& message, MessageState state) {
    if (messages.insert_or_assign(message, state).second) message_order.push_back(message);
    while (message_order.size() > kMessagesKnownMax) {
        messages.erase(message_order.front());
        message_order.pop_front();
    }
}

void WebPushService::State::asked(const PushVisit& visit) {
    if (auto reply = manage(visit.request)) return desk.respond(visit, *std::move(reply));
    push(visit);
}

/// Everything but a push. Nothing: it is one.
std::optional<net::HttpResponse> WebPushService::State::manage(const net::HttpRequest& request) {
    if (request.path == kSubscribePath && request.method == "POST") return make_subscription(request);
    const bool is_delete = request.method == "DELETE";
    if (const auto id = after_prefix(request.path, kSubscriptionPath); !id.empty() && is_delete) {
        if (find(id) == nullptr) return net::HttpResponse{.status = 404};
        unsubscribe(std::string{id});
        return net::HttpResponse{.status = 204};
    }
    if (const auto id = after_prefix(request.path, kMessagePath); !id.empty() && is_delete) {
        return cancel_message(std::string{id});
    }
    if (const auto id = after_prefix(request.path, kReceiptPath); !id.empty() && request.method == "GET") {
        return receipt(std::string{id});
    }
    // UnifiedPush: whoever gets an endpoint may ask what it is.
    if (options.is_unified_push && request.method == "GET" && find(id_of(request.path)) != nullptr) {
        return net::HttpResponse{
            .headers = {{"content-type", "application/json"}}, .body = R"({"unifiedpush":{"version":1}})"
        };
    }
    return std::nullopt;
}

/// RFC 8030 section 4, RFC 8292 section 4.1.
net::HttpResponse WebPushService::State::make_subscription(const net::HttpRequest& request) {
    std::string key;
    if (!request.body.empty()) {
        const auto document = codec::Document::parse(request.body, kOptionsMax);
        if (!document || header_text(request.headers, "content-type") != "application/webpush-options+json") {
            return {.status = 400, .body = "options are application/webpush-options+json\n"};
        }
        key = document->root().get("vapid").text().value_or(std::string_view{});
        if (!is_vapid_key(key)) return {.status = 400, .body = "vapid is no P-256 key\n"};
    }
    const Channel& channel = add(key, {});
    return {
        .status = 201,
        .headers =
            {{"location", policy.origin + std::string{kSubscriptionPath} + channel.subscription.id},
             {"link", "<" + policy.origin + endpoint_path(channel) + ">; rel=\"urn:ietf:params:push\""}}
    };
}

net::HttpResponse WebPushService::State::cancel_message(const std::string& id) {
    for (auto& [name, channel] : channels) {
        if (std::erase_if(channel.waiting, [&](const DeliveredPush& one) { return one.id == id; }) == 0) continue;
        set_state(id, MessageState::dropped);
        return {.status = 204};
    }
    return {.status = 404};
}

net::HttpResponse WebPushService::State::receipt(const std::string& id) const {
    const auto at = messages.find(id);
    if (at == messages.end()) return {.status = 404};
    switch (at->second) {
        case MessageState::acknowledged: return {.status = 204};
        case MessageState::dropped: return {.status = 410};
        default: return {.status = 202};
    }
}

void WebPushService::State::push(const PushVisit& visit) {
    const std::string id{id_of(visit.request.path)};
    Channel* channel = find(id);
    if (channel == nullptr) return refuse(visit, WebPushFault::unknown_endpoint);
    const auto verdict = check_web_push(visit.request, channel->subscription, policy, desk.now());
    if (verdict.fault != WebPushFault::none) return refuse(visit, verdict.fault);
    if (channel->pace.next(desk.now()) > options.per_minute) return refuse(visit, WebPushFault::too_many);
    const auto fault = desk.faults.take(id);
    if (!fault) return accept(visit, verdict.message);
    desk.after(fault->delay, [this, visit, message = verdict.message, fault = *fault] {
        perform(visit, message, fault);
    });
}

void WebPushService::State::refuse(const PushVisit& visit, WebPushFault fault) {
    auto reply = web_push_refusal(fault, options.dialect);
    if (fault == WebPushFault::too_many) {
        const Channel* channel = find(id_of(visit.request.path));
        const Duration left = channel->pace.minute_from + Duration{60'000} - desk.now();
        reply.headers.push_back({"retry-after", std::to_string(left.count() / 1000 + 1)});
    }
    desk.respond(visit, std::move(reply), std::string{to_string(fault)});
}

void WebPushService::State::perform(const PushVisit& visit, const WebPushMessage& message, const PushFault& fault) {
    using Kind = PushFault::Kind;
    if (desk.misbehave(visit, fault)) return;
    if (fault.kind == Kind::unregister) {
        unsubscribe(std::string{id_of(visit.request.path)});
        return refuse(visit, WebPushFault::gone);
    }
    if (fault.kind != Kind::answer && fault.kind != Kind::throttle) {
        PushVisit changed = visit;
        if (fault.kind == Kind::damage && !changed.request.body.empty()) changed.request.body.back() ^= 1;
        accept(changed, message, fault.kind == Kind::deliver_late ? fault.lasts : Duration{0});
        return desk.add_last_words(fault, visit.exchange);
    }
    net::HttpResponse reply = fault.kind == Kind::throttle
                                  ? web_push_refusal(WebPushFault::too_many, options.dialect)
                                  : net::HttpResponse{.status = fault.status, .body = fault.reason};
    if (fault.body) reply.body = *fault.body;
    if (!fault.retry_after.empty()) reply.headers.push_back({"retry-after", fault.retry_after});
    // A sender that follows is led back here, to a place that answers 404.
    if (reply.status / 100 == 3) reply.headers.push_back({"location", policy.origin + "/elsewhere"});
    desk.respond(visit, std::move(reply), fault.reason);
}

void WebPushService::State::accept(const PushVisit& visit, const WebPushMessage& message, Duration until_delivery) {
    const WallTime now = desk.now();
    DeliveredPush push{
        .service = options.is_unified_push ? PushService::unified_push : PushService::web_push,
        .token = std::string{id_of(visit.request.path)},
        .payload = visit.request.body,
        .push_type = header_text(visit.request.headers, "content-encoding"),
        .priority = message.urgency,
        .collapse_id = message.topic,
        .id = crypto::random_token(18),
        .expires = now + message.ttl,
        .received_at = now,
        .headers = without_credential(visit.request.headers)
    };
    net::HttpResponse reply{
        .status = message.wants_receipt ? 202U : 201U,
        .headers =
            {{"location", policy.origin + std::string{kMessagePath} + push.id},
             {"ttl", std::to_string(message.ttl.count() / 1000)}}
    };
    if (message.wants_receipt) {
        const std::string link = "<" + policy.origin + std::string{kReceiptPath} + push.id + ">";
        reply.headers.push_back({"link", link + "; rel=\"urn:ietf:params:push:receipt\""});
    }
    set_state(push.id, MessageState::waiting);
    desk.respond(visit, std::move(reply));
    auto tell = [weak = weak_from_this(), push = std::move(push)]() mutable {
        if (const auto self = weak.lock()) self->deliver(std::move(push));
    };
    until_delivery > Duration{0} ? desk.after(until_delivery, std::move(tell)) : desk.post(std::move(tell));
}

void WebPushService::State::deliver(DeliveredPush push) {
    Channel* channel = find(push.token);
    if (channel == nullptr || channel->subscription.is_gone) return set_state(push.id, MessageState::dropped);
    if (!channel->is_away) {
        set_state(push.id, MessageState::delivered);
        const OnPush receiver = channel->receiver ? channel->receiver : desk.on_push;  // It may unsubscribe.
        if (receiver) receiver(push);
        return;
    }
    if (*push.expires <= desk.now()) return set_state(push.id, MessageState::dropped);  // TTL 0: now or never.
    auto& waiting = channel->waiting;
    // RFC 8030 section 5.4: the newer message of a topic replaces the older one.
    const auto is_replaced = [&](const DeliveredPush& one) {
        return !push.collapse_id.empty() && one.collapse_id == push.collapse_id;
    };
    for (const DeliveredPush& one : waiting) {
        if (is_replaced(one)) set_state(one.id, MessageState::dropped);
    }
    std::erase_if(waiting, is_replaced);
    if (waiting.size() == kStoredMax) {
        set_state(waiting.front().id, MessageState::dropped);
        waiting.erase(waiting.begin());
    }
    waiting.push_back(std::move(push));
}

void WebPushService::State::unsubscribe(const std::string& id) {
    Channel* channel = find(id);
    if (channel == nullptr) return;
    channel->subscription.is_gone = true;
    for (const auto& push : std::exchange(channel->waiting, {})) set_state(push.id, MessageState::dropped);
}

WebPushService::WebPushService(net::Loop& loop, const WebPushServiceOptions& options)
    : state_{std::make_shared<State>(loop, options)} {}

WebPushService::~WebPushService() = default;

std::expected<std::uint16_t, net::Error> WebPushService::start() {
    const auto port = state_->desk.start(
        {.serves_http1 = true},
        [weak = std::weak_ptr{state_}](net::HttpRequest request, const net::Http2Exchange& exchange) {
            const auto state = weak.lock();
            if (!state) return;
            if (auto visit = state->desk.enter(state->desk.log, std::move(request), exchange)) {
                state->asked(*std::move(visit));
            }
        }
    );
    if (!port) return port;
    const WebPushServiceOptions& options = state_->options;
    state_->policy = {
        .dialect = options.dialect,
        .is_unified_push = options.is_unified_push,
        .origin = "https://" + options.host + ":" + std::to_string(*port),
        .ttl_max = options.ttl_max
    };
    return port;
}

void WebPushService::stop() { state_->desk.stop(); }

std::string WebPushService::origin() const { return state_->policy.origin; }

WallTime WebPushService::now() const { return state_->desk.now(); }

void WebPushService::on_push(OnPush callback) { state_->desk.on_push = std::move(callback); }

WebPushService::Subscription WebPushService::subscribe(const std::string& vapid_key, OnPush receiver) {
    const Channel& channel = state_->add(vapid_key, std::move(receiver));
    return {channel.subscription.id, state_->policy.origin + state_->endpoint_path(channel)};
}

void WebPushService::unsubscribe(const std::string& id) { state_->unsubscribe(id); }

void WebPushService::set_online(const std::string& id, bool is_online) {
    Channel* channel = state_->find(id);
    if (channel == nullptr) return;
    channel->is_away = !is_online;
    if (!is_online) return;
    for (auto& push : std::exchange(channel->waiting, {})) {
        if (*push.expires <= state_->desk.now()) {
            state_->set_state(push.id, MessageState::dropped);
        } else {
            state_->deliver(std::move(push));
        }
    }
}

void WebPushService::acknowledge(const std::string& message_id) {
    if (state_->messages.contains(message_id)) state_->set_state(message_id, MessageState::acknowledged);
}

void WebPushService::add_fault(const std::string& id, PushFault fault) {
    state_->desk.faults.add(id, std::move(fault));
}

void WebPushService::clear_faults() { state_->desk.faults.clear(); }

void WebPushService::set_skew(Duration skew) { state_->desk.skew = skew; }

const std::deque<PushLogEntry>& WebPushService::log() const { return state_->desk.log.entries(); }

}  // namespace clarion::lab
