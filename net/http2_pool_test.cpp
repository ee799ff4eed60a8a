// SPDX-License-Identifier: Apache-2.0
// Http2Client with several connections: opened ahead of need, drained without a loss, bounded while the peer stands.
#include <gtest/gtest.h>

#include <chrono>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "net/http2_client.hpp"
#include "net/http2_server.hpp"
#include "net/testing/test_certificate.hpp"

namespace clarion::net {
namespace {

using namespace std::chrono_literals;
using Outcome = std::expected<HttpResponse, Http2Error>;

class Http2Pool : public ::testing::Test {
  protected:
    static const testing::TestCertificate& certificate() {
        static const testing::TestCertificate made;
        return made;
    }
    void serve(std::uint32_t streams_max, Http2Server::ExchangeHandler handler) {
        auto tls = TlsContext::server(
            {.certificate_file = certificate().certificate_file(), .key_file = certificate().key_file(), .alpn = {"h2"}}
        );
        server_ = std::make_unique<Http2Server>(
            loop_, Http2ServerOptions{.tls = *std::move(tls), .streams_max = streams_max}
        );
        server_->on_exchange(std::move(handler));
        port_ = server_->start().value();
    }
    void use_client(Http2ClientOptions options) {
        options.host = "localhost";
        options.port = port_;
        options.tls = TlsContext::client({.ca_file = certificate().ca_file(), .alpn = {"h2"}}).value();
        client_ = std::make_unique<Http2Client>(loop_, std::move(options));
    }
    void ask(Http2Request request) {
        client_->request(std::move(request), [this, id = asked_++](Outcome outcome) {
            outcomes_.emplace(id, std::move(outcome));
        });
    }
    [[nodiscard]] bool wait_until(const std::function<bool()>& done) { return loop_.run_until(done, 10s); }
    [[nodiscard]] bool wait_for(std::size_t answers) {
        return wait_until([&] { return outcomes_.size() >= answers; });
    }
    [[nodiscard]] std::size_t answered(unsigned status) const {
        std::size_t count = 0;
        for (const auto& [id, outcome] : outcomes_) count += outcome && outcome->status == status ? 1 : 0;
        return count;
    }

    Loop loop_;
    std::unique_ptr<Http2Server> server_;
    std::unique_ptr<Http2Client> client_;
    std::uint16_t port_ = 0;
    int asked_ = 0;
    std::map<int, Outcome> outcomes_;
};

TEST_F(Http2Pool, HeadersInCommonAndOwnOnesArriveWithEveryRequest) {
    std::vector<Headers> seen;
    serve(100, [&](const HttpRequest& request, const Http2Exchange& exchange) {
        seen.push_back(request.headers);
        exchange.respond({});
    });
    use_client({});
    const auto common = std::make_shared<const Headers>(Headers{{"authorization", "bearer t"}, {"apns-topic", "app"}});
    for (const char* id : {"one", "two", "three"}) {
        ask({.path = "/x", .common = common, .headers = {{"Apns-Id", id}, {"apns-expiration", id}, {"Upgrade", "x"}}});
    }
    ASSERT_TRUE(wait_for(3));
    ASSERT_EQ(seen.size(), 3U);
    for (std::size_t i = 0; i < 3; ++i) {
        const std::string id = i == 0 ? "one" : i == 1 ? "two" : "three";
        EXPECT_EQ(*find_header(seen[i], "authorization"), "bearer t");
        EXPECT_EQ(*find_header(seen[i], "apns-topic"), "app");
        EXPECT_EQ(*find_header(seen[i], "apns-id"), id);
        EXPECT_EQ(*find_header(seen[i], "apns-expiration"), id);
        EXPECT_EQ(find_header(seen[i], "upgrade"), nullptr) << "belongs to a connection";
    }
    client_.reset();
    EXPECT_EQ(common.use_count(), 1) << "shared, not copied, and let go";
}

TEST_F(Http2Pool, OpensMoreConnectionsWhenThoseThereAreFullAndNoMoreThanAllowed) {
    std::map<std::uint64_t, std::vector<Http2Exchange>> held;
    std::size_t most = 0;
    serve(2, [&](const HttpRequest&, Http2Exchange exchange) {
        auto& mine = held[exchange.connection_id()];
        mine.push_back(std::move(exchange));
        most = std::max(most, mine.size());
    });
    use_client({.connections_max = 3, .open_pause = 1ms});
    for (int i = 0; i < 10; ++i) ask({});
    const auto held_now = [&] {
        std::size_t count = 0;
        for (const auto& [id, mine] : held) count += mine.size();
        return count;
    };
    ASSERT_TRUE(wait_until([&] { return held_now() == 6; }));
    EXPECT_EQ(held.size(), 3U);
    EXPECT_EQ(client_->stats().connections, 3U);
    EXPECT_EQ(client_->stats().streams_limit, 6U);
    EXPECT_EQ(client_->stats().queued, 4U);
    ASSERT_TRUE(wait_until([&] {
        for (auto& [id, mine] : held) {
            for (const auto& one : std::exchange(mine, {})) one.respond({.status = 200});
        }
        return outcomes_.size() == 10;
    }));
    EXPECT_EQ(answered(200), 10U);
    EXPECT_EQ(most, 2U);
    EXPECT_EQ(client_->stats().connects, 3U);
}

TEST_F(Http2Pool, WhatIsNotWantedAnyMoreWhenItsTurnComesDoesNotLeave) {
    std::vector<Http2Exchange> held;
    serve(1, [&](const HttpRequest&, const Http2Exchange& exchange) { held.push_back(exchange); });
    use_client({});
    bool is_live = true;
    const std::function<bool()> is_wanted = [&] { return is_live; };
    ask({.is_wanted = &is_wanted});
    ask({.is_wanted = &is_wanted});  // Waits for the only stream.
    ask({});
    ASSERT_TRUE(wait_until([&] { return held.size() == 1; }));
    is_live = false;
    held[0].respond({.status = 200});
    ASSERT_TRUE(wait_until([&] { return held.size() == 2; }));
    held[1].respond({.status = 200});
    ASSERT_TRUE(wait_for(3));
    EXPECT_EQ(answered(200), 2U);
    ASSERT_FALSE(outcomes_.at(1).has_value());
    EXPECT_EQ(outcomes_.at(1).error().code, Http2ErrorCode::cancelled);
    EXPECT_FALSE(outcomes_.at(1).error().was_sent);
    EXPECT_EQ(held.size(), 2U);
}

TEST_F(Http2Pool, KeepsItsConnectionsFromWarmUpOn) {
    std::set<std::uint64_t> connections;
    serve(100, [&](const HttpRequest&, const Http2Exchange& exchange) {
        connections.insert(exchange.connection_id());
        exchange.respond({.status = 200});
    });
    use_client({.connections_min = 2, .connections_max = 4, .open_pause = 1ms});
    client_->warm_up();
    ASSERT_TRUE(wait_until([&] { return client_->stats().connections == 2; }));
    client_->replace_connection();
    ASSERT_TRUE(wait_until([&] { return client_->stats().connections == 2; }));
    EXPECT_EQ(client_->stats().connects, 4U);
    for (int i = 0; i < 40; ++i) ask({});
    ASSERT_TRUE(wait_for(40));
    EXPECT_EQ(answered(200), 40U);
    EXPECT_EQ(connections.size(), 2U);
}

TEST_F(Http2Pool, GoAwayOfOneConnectionMovesItsRequestsToAnother) {
    std::map<std::string, int> processed;
    std::map<std::uint64_t, int> seen;
    std::set<std::uint64_t> gone;
    serve(100, [&](const HttpRequest& request, const Http2Exchange& exchange) {
        const auto id = exchange.connection_id();
        if (gone.contains(id)) return;  // Disowned: nobody looks at it.
        if (++seen[id] == 20 && gone.size() < 2) {
            gone.insert(id);
            return exchange.go_away(Http2Code::no_error, "max_age", exchange.stream_id() - 2);
        }
        ++processed[request.path];
        exchange.respond({.status = 200});
    });
    use_client({.connections_min = 3, .connections_max = 3, .open_pause = 1ms});
    client_->warm_up();
    ASSERT_TRUE(wait_until([&] { return client_->stats().connections == 3; }));
    for (int i = 0; i < 250; ++i) ask({.path = "/" + std::to_string(i)});
    ASSERT_TRUE(wait_for(250));
    EXPECT_EQ(answered(200), 250U);
    EXPECT_EQ(processed.size(), 250U);
    for (const auto& [path, times] : processed) EXPECT_EQ(times, 1) << path;
    EXPECT_EQ(client_->stats().goaways, 2U);
}

TEST_F(Http2Pool, AnAnswerMayCondemnItsOwnConnectionAlone) {
    std::set<std::uint64_t> connections;
    serve(100, [&](const HttpRequest& request, const Http2Exchange& exchange) {
        connections.insert(exchange.connection_id());
        exchange.respond({.status = request.path == "/bad" ? 500U : 200U});
    });
    use_client({.connections_min = 2, .connections_max = 2, .open_pause = 1ms});
    client_->warm_up();
    ASSERT_TRUE(wait_until([&] { return client_->stats().connections == 2; }));
    bool is_told = false;
    client_->request({.path = "/bad"}, [&](const Outcome& outcome) {
        is_told = outcome.has_value();
        client_->replace_connection();
        client_->replace_connection();  // Twice is once.
    });
    ASSERT_TRUE(wait_until([&] { return is_told; }));
    ASSERT_TRUE(wait_until([&] { return client_->stats().connects == 3; }));
    EXPECT_EQ(client_->stats().connections, 2U);
}

TEST_F(Http2Pool, WaitingCostsNoneOfTheTimeForTheAnswer) {
    std::vector<Http2Exchange> held;
    serve(1, [&](const HttpRequest&, Http2Exchange exchange) { held.push_back(std::move(exchange)); });
    use_client({});
    ask({.deadline = 5s, .answer_deadline = 60ms});
    ask({.deadline = 5s, .answer_deadline = 60ms});
    ASSERT_TRUE(wait_for(1));
    EXPECT_TRUE(outcomes_.at(0).error().was_sent);
    ASSERT_TRUE(wait_until([&] { return held.size() == 2; }));
    held.back().respond({.status = 200});
    ASSERT_TRUE(wait_for(2));
    EXPECT_EQ(answered(200), 1U);
}

TEST_F(Http2Pool, PeerThatStandsStillGetsNothingLate) {
    std::size_t requests = 0;
    std::vector<Http2Exchange> held;
    serve(4, [&](const HttpRequest&, Http2Exchange exchange) {
        ++requests;
        held.push_back(std::move(exchange));
    });
    use_client({});
    for (int i = 0; i < 4; ++i) ask({.deadline = 8s});
    for (int i = 4; i < 3000; ++i) ask({.body = std::string(100, 'x'), .deadline = 200ms});
    ASSERT_TRUE(wait_for(2996));
    for (const auto& [id, outcome] : outcomes_) {
        EXPECT_EQ(outcome.error().code, Http2ErrorCode::timed_out);
        EXPECT_FALSE(outcome.error().was_sent);
    }
    EXPECT_EQ(client_->stats().expired, 2996U);
    EXPECT_EQ(client_->stats().queued, 0U);
    for (const auto& one : held) one.respond({.status = 200});
    ASSERT_TRUE(wait_for(3000));
    EXPECT_EQ(requests, 4U);
}

}  // namespace
}  // namespace clarion::net
