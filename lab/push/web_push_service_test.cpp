// SPDX-License-Identifier: Apache-2.0
#include "lab/push/web_push_service.hpp"

#include <gtest/gtest.h>

#include "core/codec/json.hpp"
#include "lab/push/push_bench_test.hpp"
#include "lab/push/push_desk.hpp"
#include "lab/push/web_push_door.hpp"
#include "net/http2_client.hpp"
#include "net/http_client.hpp"
#include "net/url.hpp"
#include "net/websocket_client.hpp"

namespace clarion::lab {
namespace {

using namespace std::chrono_literals;

class WebPush : public PushBench {
  protected:
    void start(WebPushServiceOptions options = {}) {
        options.certificate_file = certificate().certificate_file();
        options.key_file = certificate().key_file();
        options.wall_now = [this] { return service_clock_.now; };
        service_ = std::make_unique<WebPushService>(loop_, options);
        const auto port = service_->start().value();
        service_->on_push([this](const DeliveredPush& push) { pushes_.push_back(push); });
        const auto tls = net::TlsContext::client({.ca_file = certificate().ca_file(), .alpn = {"h2"}}).value();
        client_ = std::make_unique<net::Http2Client>(
            loop_, net::Http2ClientOptions{.host = "localhost", .port = port, .tls = tls}
        );
        subscription_ = service_->subscribe();
    }
    net::HttpResponse ask(net::Http2Request request) {
        std::optional<net::HttpResponse> reply;
        client_->request(std::move(request), [&](std::expected<net::HttpResponse, net::Http2Error> answer) {
            reply = answer ? *std::move(answer) : net::HttpResponse{.status = 0, .body = answer.error().message};
        });
        EXPECT_TRUE(loop_.run_until([&] { return reply.has_value(); }, 10s));
        loop_.run_until([] { return false; }, 1ms);  // What the service posted runs.
        return reply.value_or(net::HttpResponse{.status = 0});
    }
    net::HttpResponse send(std::string body, std::string ttl, net::Headers more = {}) {
        more.push_back({"ttl", std::move(ttl)});
        more.push_back({"content-encoding", "aes128gcm"});
        return ask({.path = path_of(subscription_.endpoint), .headers = std::move(more), .body = std::move(body)});
    }
    [[nodiscard]] std::string path_of(const std::string& url) const { return url.substr(service_->origin().size()); }
    [[nodiscard]] std::string bodies() const {
        std::string all;
        for (const auto& push : pushes_) all += push.payload + " ";
        return all;
    }

    std::unique_ptr<WebPushService> service_;
    std::unique_ptr<net::Http2Client> client_;
    WebPushService::Subscription subscription_;
    std::vector<DeliveredPush> pushes_;
};

TEST_F(WebPush, MessageIsCreatedAndDelivered) {
    start();
    const auto reply = send("sealed", "30", {{"urgency", "high"}, {"topic", "t"}});
    EXPECT_EQ(reply.status, 201U);
    EXPECT_EQ(*net::find_header(reply.headers, "ttl"), "30");
    ASSERT_EQ(pushes_.size(), 1U);
    EXPECT_EQ(pushes_[0].payload, "sealed");
    EXPECT_EQ(pushes_[0].priority, "high");
    EXPECT_EQ(pushes_[0].expires, service_clock_.now + Duration{30'000});
    EXPECT_EQ(*net::find_header(reply.headers, "location"), service_->origin() + "/message/" + pushes_[0].id);
}

TEST_F(WebPush, MessagesWaitForAReceiverUntilTheirTtlEnds) {
    start();
    service_->set_online(subscription_.id, false);
    EXPECT_EQ(send("never", "0").status, 201U);
    send("early", "10");
    send("late", "60");
    EXPECT_EQ(pushes_.size(), 0U);
    service_clock_.now = service_clock_.now + Duration{10'000};
    service_->set_online(subscription_.id, true);
    EXPECT_EQ(bodies(), "late ");
}

TEST_F(WebPush, MessageReplacesTheWaitingOneOfItsTopic) {
    start();
    service_->set_online(subscription_.id, false);
    send("ring", "60", {{"topic", "call"}});
    send("other", "60", {{"topic", "mail"}});
    send("missed", "60", {{"topic", "call"}});
    service_->set_online(subscription_.id, true);
    EXPECT_EQ(bodies(), "other missed ");
}

TEST_F(WebPush, ReceiptFollowsTheMessage) {
    start();
    service_->set_online(subscription_.id, false);
    const auto reply = send("x", "60", {{"prefer", "respond-async"}});
    EXPECT_EQ(reply.status, 202U);
    std::string link = *net::find_header(reply.headers, "link");
    link = path_of(link.substr(1, link.find('>') - 1));
    EXPECT_EQ(ask({.method = "GET", .path = link}).status, 202U);
    service_->set_online(subscription_.id, true);
    ASSERT_EQ(pushes_.size(), 1U);
    service_->acknowledge(pushes_[0].id);
    EXPECT_EQ(ask({.method = "GET", .path = link}).status, 204U);
}

TEST_F(WebPush, WaitingMessageIsCancelledByItsLocation) {
    start();
    service_->set_online(subscription_.id, false);
    const auto location = path_of(*net::find_header(send("x", "60").headers, "location"));
    EXPECT_EQ(ask({.method = "DELETE", .path = location}).status, 204U);
    EXPECT_EQ(ask({.method = "DELETE", .path = location}).status, 404U);
    service_->set_online(subscription_.id, true);
    EXPECT_EQ(pushes_.size(), 0U);
}

TEST_F(WebPush, SubscriptionIsMadeAndEndedOverHttp) {
    start();
    const std::string key = "BA1Hxzyi1RUM1b5wjxsn7nGxAszw2u61m164i3MrAIxHF6YK5h4SDYic-dRuU_RCPCfA5aq9ojSwk5Y2EmClBPs";
    const net::Headers type{{"content-type", "application/webpush-options+json"}};
    const auto made = ask({.path = "/subscribe", .headers = type, .body = R"({"vapid":")" + key + "\"}"});
    ASSERT_EQ(made.status, 201U);
    std::string link = *net::find_header(made.headers, "link");
    subscription_.endpoint = link.substr(1, link.find('>') - 1);
    EXPECT_EQ(send("x", "1").status, 401U);  // Bound to the key.
    EXPECT_EQ(ask({.path = "/subscribe", .headers = type, .body = R"({"vapid":"x"})"}).status, 400U);
    const auto location = path_of(*net::find_header(made.headers, "location"));
    EXPECT_EQ(ask({.method = "DELETE", .path = location}).status, 204U);
    EXPECT_EQ(send("x", "1").status, 410U);
    subscription_.endpoint = service_->origin() + "/wpush/v1/nobody";
    EXPECT_EQ(send("x", "1").status, 404U);
}

TEST_F(WebPush, TooManyMessagesAreRefusedUntilTheMinuteEnds) {
    start({.per_minute = 2});
    EXPECT_EQ(send("a", "1").status, 201U);
    service_clock_.now = service_clock_.now + Duration{20'000};
    EXPECT_EQ(send("b", "1").status, 201U);
    const auto reply = send("c", "1");
    EXPECT_EQ(reply.status, 429U);
    EXPECT_EQ(*net::find_header(reply.headers, "retry-after"), "41");
    service_clock_.now = service_clock_.now + Duration{41'000};
    EXPECT_EQ(send("d", "1").status, 201U);
}

TEST_F(WebPush, ScriptIsFollowed) {
    start();
    using Kind = PushFault::Kind;
    service_->add_fault({}, {.kind = Kind::throttle, .retry_after = "9"});
    service_->add_fault({}, {.kind = Kind::answer, .status = 502, .reason = "bridge"});
    service_->add_fault(subscription_.id, {.kind = Kind::unregister, .after = 3});
    EXPECT_EQ(*net::find_header(send("x", "1").headers, "retry-after"), "9");
    EXPECT_EQ(send("x", "1").status, 502U);
    EXPECT_EQ(send("x", "1").status, 201U);
    EXPECT_EQ(send("x", "1").status, 410U);
    EXPECT_EQ(send("x", "1").status, 410U);
    EXPECT_EQ(pushes_.size(), 1U);
}

TEST_F(WebPush, Http1IsSpokenOnTheSamePort) {
    start();
    const auto tls = net::TlsContext::client({.ca_file = certificate().ca_file(), .alpn = {"http/1.1"}}).value();
    unsigned status = 0;
    const auto url = net::parse_url(subscription_.endpoint).value();
    const auto asking = net::http_request(
        loop_,
        {.host = url.host,
         .port = url.port,
         .tls = tls,
         .method = "POST",
         .target = url.target,
         .headers = {{"TTL", "5"}, {"Content-Encoding", "aes128gcm"}},
         .body = "old style"},
        [&](const auto& answer) { status = answer ? answer->status : 1; }
    );
    EXPECT_TRUE(loop_.run_until([&] { return status != 0 && !pushes_.empty(); }, 10s));
    EXPECT_EQ(status, 201U);
    EXPECT_EQ(bodies(), "old style ");
}

TEST_F(WebPush, UnifiedPushSaysWhatItIsAndTakesBareMessages) {
    start({.is_unified_push = true});
    const auto path = path_of(subscription_.endpoint);
    EXPECT_TRUE(path.starts_with("/up"));
    EXPECT_EQ(ask({.method = "GET", .path = path}).body, R"({"unifiedpush":{"version":1}})");
    EXPECT_EQ(ask({.path = path, .body = "x"}).status, 201U);
    EXPECT_EQ(ask({.path = path}).status, 400U);
    EXPECT_EQ(ask({.path = path, .body = std::string(4097, 'x')}).status, 413U);
    EXPECT_EQ(bodies(), "x ");
}

/// A browser's side of the door.
class Door : public WebPush {
  protected:
    void SetUp() override {
        WebPush::SetUp();
        start();
        door_ = std::make_unique<WebPushDoor>(loop_, *service_);
        port_ = door_->start().value();
    }
    void TearDown() override {
        if (socket_) socket_->abort();
        WebPush::TearDown();
    }
    void connect() {
        connecting_ = net::websocket_connect(loop_, {.host = "127.0.0.1", .port = port_}, [this](auto socket) {
            ASSERT_TRUE(socket.has_value()) << socket.error().message;
            socket_ = *std::move(socket);
            socket_->on_message([this](std::string_view text) { heard_.emplace_back(text); });
        });
        ASSERT_TRUE(loop_.run_until([&] { return socket_ != nullptr; }, 10s));
    }
    /// Says it and returns a member of the next message.
    std::string say(std::string text, std::string_view member) {
        const std::size_t before = heard_.size();
        socket_->send(std::move(text));
        EXPECT_TRUE(loop_.run_until([&] { return heard_.size() > before; }, 10s));
        return member_of(heard_.back(), member);
    }
    static std::string member_of(const std::string& text, std::string_view name) {
        const auto document = codec::Document::parse(text, 65'536);
        const codec::Node member = document ? document->root().get(name) : codec::Node{};
        return std::string{member.text().value_or(std::string_view{})};
    }

    std::unique_ptr<WebPushDoor> door_;
    std::uint16_t port_ = 0;
    net::Operation connecting_;
    std::shared_ptr<net::WebSocket> socket_;
    std::vector<std::string> heard_;
};

TEST_F(Door, BrowserSubscribesGetsMessagesAndWhatWaited) {
    connect();
    const auto uaid = say(R"({"messageType":"hello","uaid":"","use_webpush":true})", "uaid");
    EXPECT_FALSE(uaid.empty());
    subscription_.endpoint = say(R"({"messageType":"register","channelID":"c1"})", "pushEndpoint");
    EXPECT_EQ(send("sealed", "60").status, 201U);
    ASSERT_TRUE(loop_.run_until([&] { return heard_.size() == 3; }, 10s));
    EXPECT_EQ(member_of(heard_[2], "messageType"), "notification");
    EXPECT_EQ(member_of(heard_[2], "channelID"), "c1");
    EXPECT_EQ(member_of(heard_[2], "data"), "c2VhbGVk");
    // Not acknowledged, and one that comes while it is away: both are there when it comes back.
    socket_->abort();
    socket_ = nullptr;
    ASSERT_TRUE(loop_.run_until([&] { return door_->browsers() == 0; }, 10s));
    send("later", "60");
    connect();
    EXPECT_EQ(say(R"({"messageType":"hello","uaid":")" + uaid + "\"}", "uaid"), uaid);
    ASSERT_TRUE(loop_.run_until([&] { return heard_.size() >= 6; }, 10s));
    EXPECT_EQ(member_of(heard_.back(), "data"), "bGF0ZXI");
    EXPECT_EQ(say("{}", "x"), "");
    EXPECT_EQ(heard_.back(), "{}");
    EXPECT_EQ(say(R"({"messageType":"unregister","channelID":"c1"})", "channelID"), "c1");
    EXPECT_EQ(send("x", "60").status, 410U);
}

TEST_F(Door, NonsenseEndsTheConnectionAndNothingElse) {
    connect();
    bool is_closed = false;
    socket_->on_close([&](std::uint16_t, std::string_view) { is_closed = true; });
    socket_->send(R"({"messageType":"register","channelID":"c1"})");  // Without hello.
    EXPECT_TRUE(loop_.run_until([&] { return is_closed; }, 10s));
    socket_ = nullptr;
    connect();
    EXPECT_FALSE(say(R"({"messageType":"hello"})", "uaid").empty());
    EXPECT_EQ(say(R"({"messageType":"register","channelID":"c","key":"bad"})", "pushEndpoint"), "");
}

TEST_F(Door, KeyOfASubscriptionMayBePadded) {
    connect();
    EXPECT_FALSE(say(R"({"messageType":"hello"})", "uaid").empty());
    const std::string key =
        "BA1Hxzyi1RUM1b5wjxsn7nGxAszw2u61m164i3MrAIxHF6YK5h4SDYic-dRuU_RCPCfA5aq9ojSwk5Y2EmClBPs=";  // Of Firefox.
    const auto endpoint = say(R"({"messageType":"register","channelID":"c","key":")" + key + "\"}", "pushEndpoint");
    EXPECT_TRUE(endpoint.starts_with(service_->origin() + "/wpush/v2/"));
}

}  // namespace
}  // namespace clarion::lab
