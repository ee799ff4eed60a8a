// SPDX-License-Identifier: Apache-2.0
#include "lab/push/web_push_door.hpp"

#include <algorithm>
#include <map>
#include <utility>
#include <vector>

#include "core/codec/json.hpp"
#include "crypto/base64.hpp"
#include "crypto/keys.hpp"
#include "net/http_server.hpp"

namespace clarion::lab {
namespace {

constexpr std::size_t kBrowsersMax = 1000;
constexpr std::size_t kChannelsMax = 100;
constexpr std::size_t kUnacknowledgedMax = 100;
constexpr std::size_t kMessageMax = 64 * 1024;

struct Browser {
    std::string uaid;
    std::map<std::string, std::string> channels;  // The browser's channel id to the service's subscription id.
    std::vector<DeliveredPush> unacknowledged;
    std::shared_ptr<net::WebSocket> socket;
};

std::string text_member(codec::Node object, std::string_view name) {
    return std::string{object.get(name).text().value_or(std::string_view{})};
}

}  // namespace

struct WebPushDoor::State : std::enable_shared_from_this<State> {
    State(net::Loop& the_loop, WebPushService& the_service) : loop{the_loop}, service{the_service} {}

    [[nodiscard]] std::expected<std::uint16_t, net::Error> start(std::uint16_t port);
    void opened(const std::shared_ptr<net::WebSocket>& socket);
    void said(net::WebSocket* socket, std::string_view text);
    void hello(net::WebSocket* socket, codec::Node message);
    void register_channel(Browser& browser, codec::Node message);
    void unregister_channel(Browser& browser, codec::Node message);
    void acknowledge(Browser& browser, const std::string& version);
    void push(const std::string& uaid, const DeliveredPush& push);
    void notify(const Browser& browser, const DeliveredPush& push) const;
    void closed(const net::WebSocket* socket);
    void set_online(const Browser& browser, bool is_online) const;
    [[nodiscard]] Browser* find(const net::WebSocket* socket);

    net::Loop& loop;
    WebPushService& service;
    std::map<std::string, Browser> browsers;  // By uaid.
    std::map<const net::WebSocket*, std::shared_ptr<net::WebSocket>> sockets;
    std::unique_ptr<net::HttpServer> server;
};

std::expected<std::uint16_t, net::Error> WebPushDoor::State::start(std::uint16_t port) {
    net::HttpServerOptions options{.port = port};
    options.websocket = {.message_max = kMessageMax, .subprotocol = "push-notification"};
    server = std::make_unique<net::HttpServer>(loop, std::move(options));
    server->on_upgrade("/", [this](const net::HttpRequest&, const std::shared_ptr<net::WebSocket>& socket) {
        opened(socket);
    });
    return server->start();
}

Browser* WebPushDoor::State::find(const net::WebSocket* socket) {
    for (auto& [uaid, browser] : browsers) {
        if (browser.socket.get() == socket) return &browser;
    }
    return nullptr;
}

void WebPushDoor::State::opened(const std::shared_ptr<net::WebSocket>& socket) {
    sockets.emplace(socket.get(), socket);
    socket->on_message([this, raw = socket.get()](std::string_view text) { said(raw, text); });
    socket->on_close([this, raw = socket.get()](std::uint16_t, std::string_view) { closed(raw); });
}

void WebPushDoor::State::closed(const net::WebSocket* socket) {
    if (Browser* browser = find(socket)) {
        browser->socket = nullptr;
        set_online(*browser, false);
    }
    sockets.erase(socket);
}

void WebPushDoor::State::set_online(const Browser& browser, bool is_online) const {
    const auto channels = browser.channels;  // What is delivered may end a subscription.
    for (const auto& [channel, id] : channels) service.set_online(id, is_online);
}

void WebPushDoor::State::said(net::WebSocket* socket, std::string_view text) {
    if (text == "{}") return sockets.at(socket)->send("{}");  // A ping.
    const auto document = codec::Document::parse(text, kMessageMax);
    if (!document) return socket->close(net::close_code::kPolicy, "not JSON");
    const codec::Node message = document->root();
    const std::string type = text_member(message, "messageType");
    if (type == "hello") return hello(socket, message);
    if (type == "ping") return socket->send(R"({"messageType":"ping"})");
    Browser* browser = find(socket);
    if (browser == nullptr) return socket->close(net::close_code::kPolicy, "hello comes first");
    if (type == "register") register_channel(*browser, message);
    if (type == "unregister") unregister_channel(*browser, message);
    if (type == "nack") acknowledge(*browser, text_member(message, "version"));
    if (type != "ack") return;  // Others (broadcast_subscribe) need no answer.
    const codec::Node updates = message.get("updates");
    for (std::size_t i = 0; i < updates.size(); ++i) acknowledge(*browser, text_member(updates.at(i), "version"));
}

void WebPushDoor::State::hello(net::WebSocket* socket, codec::Node message) {
    std::string uaid = text_member(message, "uaid");
    if (!browsers.contains(uaid)) {
        while (browsers.size() >= kBrowsersMax) browsers.erase(browsers.begin());
        uaid = crypto::random_token(16);
        browsers[uaid].uaid = uaid;
    }
    Browser& browser = browsers[uaid];
    if (browser.socket && browser.socket.get() != socket) browser.socket->close(net::close_code::kNormal, "elsewhere");
    browser.socket = sockets.at(socket);
    codec::Writer json;
    json.begin_object().key("messageType").text("hello").key("uaid").text(uaid).key("status").integer(200);
    json.key("use_webpush").boolean(true).key("broadcasts").begin_object().end_object().end_object();
    socket->send(json.take());
    for (const auto& push : browser.unacknowledged) notify(browser, push);
    set_online(browser, true);
}

void WebPushDoor::State::register_channel(Browser& browser, codec::Node message) {
    const std::string channel = text_member(message, "channelID");
    std::string key = text_member(message, "key");
    while (key.ends_with('=')) key.pop_back();  // Firefox pads it.
    codec::Writer json;
    json.begin_object().key("messageType").text("register").key("channelID").text(channel);
    const bool is_good =
        !channel.empty() && (key.empty() || is_vapid_key(key)) && browser.channels.size() < kChannelsMax;
    if (!is_good) {
        json.key("status").integer(400).end_object();
        return browser.socket->send(json.take());
    }
    const auto made = service.subscribe(key, [weak = weak_from_this(), uaid = browser.uaid](const DeliveredPush& push) {
        if (const auto self = weak.lock()) self->push(uaid, push);
    });
    browser.channels[channel] = made.id;
    json.key("status").integer(200).key("pushEndpoint").text(made.endpoint).end_object();
    browser.socket->send(json.take());
}

void WebPushDoor::State::unregister_channel(Browser& browser, codec::Node message) {
    const std::string channel = text_member(message, "channelID");
    const auto at = browser.channels.find(channel);
    if (at != browser.channels.end()) {
        service.unsubscribe(at->second);
        browser.channels.erase(at);
    }
    codec::Writer json;
    json.begin_object().key("messageType").text("unregister").key("channelID").text(channel);
    json.key("status").integer(200).end_object();
    browser.socket->send(json.take());
}

void WebPushDoor::State::acknowledge(Browser& browser, const std::string& version) {
    std::erase_if(browser.unacknowledged, [&](const DeliveredPush& one) { return one.id == version; });
    service.acknowledge(version);
}

void WebPushDoor::State::push(const std::string& uaid, const DeliveredPush& push) {
    const auto at = browsers.find(uaid);
    if (at == browsers.end() || !at->second.socket) return;
    auto& unacknowledged = at->second.unacknowledged;
    std::erase_if(unacknowledged, [&](const DeliveredPush& one) { return *one.expires <= service.now(); });
    if (unacknowledged.size() == kUnacknowledgedMax) unacknowledged.erase(unacknowledged.begin());
    if (*push.expires > push.received_at) unacknowledged.push_back(push);
    notify(at->second, push);
}

void WebPushDoor::State::notify(const Browser& browser, const DeliveredPush& push) const {
    const auto channel = std::find_if(browser.channels.begin(), browser.channels.end(), [&](const auto& one) {
        return one.second == push.token;
    });
    if (channel == browser.channels.end()) return;
    codec::Writer json;
    json.begin_object().key("messageType").text("notification").key("channelID").text(channel->first);
    json.key("version").text(push.id).key("ttl").integer((*push.expires - push.received_at).count() / 1000);
    if (!push.payload.empty()) {
        json.key("data").text(crypto::base64url_encode(crypto::as_bytes(push.payload)));
        json.key("headers").begin_object().key("encoding").text(push.push_type).end_object();
    }
    json.end_object();
    browser.socket->send(json.take());
}

WebPushDoor::WebPushDoor(net::Loop& loop, WebPushService& service) : state_{std::make_shared<State>(loop, service)} {}

WebPushDoor::~WebPushDoor() {
    for (const auto& [raw, socket] : std::exchange(state_->sockets, {})) socket->abort();
}

std::expected<std::uint16_t, net::Error> WebPushDoor::start(std::uint16_t port) { return state_->start(port); }

std::size_t WebPushDoor::browsers() const {
    return static_cast<std::size_t>(std::count_if(
        state_->browsers.begin(), state_->browsers.end(), [](const auto& one) { return one.second.socket != nullptr; }
    ));
}

}  // namespace clarion::lab
