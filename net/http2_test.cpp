// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>
#include <malloc.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "net/detail/stream.hpp"
#include "net/http2_client.hpp"
#include "net/http2_server.hpp"
#include "net/http_client.hpp"
#include "net/testing/instrumented.hpp"
#include "net/testing/test_certificate.hpp"

namespace clarion::net {
namespace {

using namespace std::chrono_literals;
using Outcome = std::expected<HttpResponse, Http2Error>;

const testing::TestCertificate& certificate() {
    static const testing::TestCertificate made;
    return made;
}

std::shared_ptr<TlsContext> server_tls(std::vector<std::string> alpn = {"h2"}) {
    return TlsContext::server({.certificate_file = certificate().certificate_file(),
                               .key_file = certificate().key_file(),
                               .alpn = std::move(alpn)})
        .value();
}

std::shared_ptr<TlsContext> client_tls(std::vector<std::string> alpn = {"h2"}) {
    return TlsContext::client({.ca_file = certificate().ca_file(), .alpn = std::move(alpn)}).value();
}

/// A server on loopback and a client of it, on one loop.
class Http2 : public ::testing::Test {
  protected:
    void serve(Http2Server::ExchangeHandler handler, Http2ServerOptions options = {}) {
        if (!options.tls) options.tls = server_tls();
        server_ = std::make_unique<Http2Server>(loop_, std::move(options));
        server_->on_exchange(std::move(handler));
        port_ = server_->start().value();
    }
    Http2ClientOptions client_options() const { return {.host = "localhost", .port = port_, .tls = client_tls()}; }
    void use_client(Http2ClientOptions options) { client_ = std::make_unique<Http2Client>(loop_, std::move(options)); }
    void ask(Http2Request request) {
        client_->request(std::move(request), [this, id = asked_++](Outcome outcome) {
            outcomes_.emplace(id, std::move(outcome));
        });
    }
    [[nodiscard]] bool wait_for(std::size_t answers) {
        return loop_.run_until([&] { return outcomes_.size() >= answers; }, 10s);
    }
    [[nodiscard]] std::size_t answered(unsigned status) const {
        return static_cast<std::size_t>(std::count_if(outcomes_.begin(), outcomes_.end(), [&](const auto& one) {
            return one.second.has_value() && one.second->status == status;
        }));
    }

    Loop loop_;
    std::unique_ptr<Http2Server> server_;
    std::unique_ptr<Http2Client> client_;
    std::uint16_t port_ = 0;
    int asked_ = 0;
    std::map<int, Outcome> outcomes_;
};

TEST_F(Http2, RequestAndResponseArriveWhole) {
    HttpRequest seen;
    serve([&](HttpRequest request, const Http2Exchange& exchange) {
        seen = std::move(request);
        exchange.respond({.status = 201, .headers = {{"Apns-Id", "x"}}, .body = std::string(40'000, 'r')});
    });
    use_client(client_options());
    ask(
        {.path = "/3/device/ab?x=1",
         .headers = {{"Authorization", "bearer t"}, {"apns-topic", "app.voip"}},
         .body = std::string(50'000, 'q')}
    );
    ASSERT_TRUE(wait_for(1));
    ASSERT_TRUE(outcomes_.at(0).has_value()) << outcomes_.at(0).error().message;
    EXPECT_EQ(outcomes_.at(0)->status, 201U);
    EXPECT_EQ(outcomes_.at(0)->body, std::string(40'000, 'r'));
    EXPECT_EQ(*find_header(outcomes_.at(0)->headers, "apns-id"), "x");
    EXPECT_EQ(seen.method, "POST");
    EXPECT_EQ(seen.path, "/3/device/ab");
    EXPECT_EQ(seen.query, "x=1");
    EXPECT_EQ(seen.body.size(), 50'000U);
    EXPECT_EQ(*find_header(seen.headers, "authorization"), "bearer t");
    EXPECT_EQ(*find_header(seen.headers, "host"), "localhost:" + std::to_string(port_));
    EXPECT_TRUE(seen.is_tls);
}

TEST_F(Http2, ServerSpeaksHttp1WithWhoeverNegotiatesIt) {
    std::vector<std::string> paths;
    serve(
        [&](const HttpRequest& request, const Http2Exchange& exchange) {
            paths.push_back(request.path);
            if (request.path == "/drop") return exchange.go_away(Http2Code::no_error, "", 0);
            exchange.respond({.status = 202, .body = "old"});
        },
        {.tls = server_tls({"h2", "http/1.1"}), .serves_http1 = true}
    );
    for (const auto& alpn : {std::vector<std::string>{"http/1.1"}, std::vector<std::string>{}}) {
        for (const char* target : {"/x", "/drop"}) {
            std::optional<std::expected<HttpResponse, Error>> outcome;
            const auto asking = http_request(
                loop_, {.host = "localhost", .port = port_, .tls = client_tls(alpn), .target = target},
                [&](auto answer) { outcome = std::move(answer); }
            );
            ASSERT_TRUE(loop_.run_until([&] { return outcome.has_value(); }, 10s));
            EXPECT_EQ(outcome->has_value() ? outcome->value().status : 0U, target[1] == 'x' ? 202U : 0U);
        }
    }
    use_client(client_options());
    ask({.path = "/h2"});
    ASSERT_TRUE(wait_for(1));
    EXPECT_EQ(answered(202), 1U);
    EXPECT_EQ(paths, (std::vector<std::string>{"/x", "/drop", "/x", "/drop", "/h2"}));
}

// A provider that stands still: what waits ends at its deadline, counted, and nothing leaves late.
TEST_F(Http2, AHundredThousandWaitingRequestsEndAtTheirDeadline) {
    constexpr std::size_t kMany = testing::kIsInstrumented ? 10'000 : 100'000;
    std::size_t seen = 0;
    serve([&](const HttpRequest&, const Http2Exchange&) { ++seen; }, {.streams_max = 100});
    auto options = client_options();
    options.queue_max = kMany;
    use_client(std::move(options));
    std::size_t timed_out = 0;
    std::size_t unsent = 0;
    const std::size_t before = mallinfo2().uordblks;
    for (std::size_t i = 0; i < kMany; ++i) {
        client_->request({.path = "/3/device/1", .body = std::string(400, 'x'), .deadline = 2s}, [&](Outcome outcome) {
            timed_out += !outcome && outcome.error().code == Http2ErrorCode::timed_out ? 1 : 0;
            unsent += !outcome && !outcome.error().was_sent ? 1 : 0;
        });
    }
    EXPECT_EQ(client_->stats().queued, kMany);
    EXPECT_LT((mallinfo2().uordblks - before) / kMany, 2048U) << "bytes for each that waits";
    std::optional<Http2ErrorCode> shed;
    client_->request({}, [&](Outcome outcome) { shed = outcome.error().code; });
    ASSERT_TRUE(loop_.run_until([&] { return timed_out == kMany; }, 30s));
    EXPECT_EQ(shed, Http2ErrorCode::queue_full);
    EXPECT_LE(seen, 1'000U) << "a stream that is given up makes room for another one at once";
    EXPECT_GE(unsent, kMany - 1'000U);
    EXPECT_GE(client_->stats().expired, kMany - 1'000U);
    EXPECT_EQ(client_->stats().queued, 0U);
    EXPECT_TRUE(loop_.run_until([&] { return client_->stats().in_flight == 0; }, 5s));
    const std::size_t seen_in_time = seen;
    ask({.deadline = 10ms});
    ASSERT_TRUE(wait_for(1));
    EXPECT_LE(seen, seen_in_time + 1);
}

TEST_F(Http2, OneConnectionServesManyRequestsUnderTheAnnouncedLimit) {
    std::vector<Http2Exchange> held;
    std::size_t held_max = 0;
    std::set<std::uint64_t> connections;
    serve(
        [&](const HttpRequest&, Http2Exchange exchange) {
            connections.insert(exchange.connection_id());
            held.push_back(std::move(exchange));
            held_max = std::max(held_max, held.size());
            loop_.post([&] {
                for (const auto& one : std::exchange(held, {})) one.respond({.status = 200});
            });
        },
        {.streams_max = 7}
    );
    use_client(client_options());
    for (int i = 0; i < 200; ++i) ask({.body = "x"});
    ASSERT_TRUE(wait_for(200));
    EXPECT_EQ(answered(200), 200U);
    EXPECT_LE(held_max, 7U);
    EXPECT_GT(held_max, 1U);
    EXPECT_EQ(connections.size(), 1U);
    EXPECT_EQ(client_->stats().connects, 1U);
}

TEST_F(Http2, LimitThatIsRaisedLaterIsUsed) {
    // APNs allows one stream until a request was accepted.
    std::size_t held = 0;
    std::size_t first_held = 0;
    std::vector<Http2Exchange> waiting;
    bool is_proven = false;
    serve(
        [&](const HttpRequest&, Http2Exchange exchange) {
            if (!std::exchange(is_proven, true)) {
                exchange.set_streams_max(50);
                loop_.post([&, exchange] {
                    first_held = held;
                    exchange.respond({.status = 200});
                });
                return;
            }
            ++held;
            waiting.push_back(std::move(exchange));
            if (waiting.size() < 50) return;
            for (const auto& one : waiting) one.respond({.status = 200});
        },
        {.streams_max = 1}
    );
    use_client(client_options());
    for (int i = 0; i < 51; ++i) ask({});
    ASSERT_TRUE(wait_for(51));
    EXPECT_EQ(answered(200), 51U);
    EXPECT_EQ(first_held, 0U);
}

TEST_F(Http2, GoAwayInMidFlightLosesNothingAndSendsNothingTwice) {
    std::map<std::string, int> processed;
    std::vector<std::pair<std::string, Http2Exchange>> held;
    bool has_gone_away = false;
    serve([&](HttpRequest request, Http2Exchange exchange) {
        if (has_gone_away) {
            ++processed[request.path];
            return exchange.respond({.status = 200});
        }
        held.emplace_back(request.path, std::move(exchange));
        if (held.size() < 10) return;
        has_gone_away = true;
        // The first four are processed, the others are disowned.
        held[0].second.go_away(Http2Code::no_error, R"({"reason":"Shutdown"})", held[3].second.stream_id());
        for (std::size_t i = 0; i < 4; ++i) {
            ++processed[held[i].first];
            held[i].second.respond({.status = 200});
        }
    });
    use_client(client_options());
    for (int i = 0; i < 10; ++i) ask({.path = "/" + std::to_string(i)});
    ASSERT_TRUE(wait_for(10));
    EXPECT_EQ(answered(200), 10U);
    EXPECT_EQ(processed.size(), 10U);
    for (const auto& [path, times] : processed) EXPECT_EQ(times, 1) << path;
    EXPECT_EQ(client_->stats().connects, 2U);
    EXPECT_EQ(client_->stats().unprocessed, 6U);
    EXPECT_EQ(client_->stats().goaway_text, R"({"reason":"Shutdown"})");
}

TEST_F(Http2, RefusedStreamsAreSentAgainWithoutTheCallerNoticing) {
    std::map<std::string, int> tries;
    serve([&](const HttpRequest& request, const Http2Exchange& exchange) {
        if (++tries[request.path] <= 2) return exchange.reset(Http2Code::refused_stream);
        exchange.respond({.status = 200});
    });
    use_client(client_options());
    for (int i = 0; i < 60; ++i) ask({.path = "/" + std::to_string(i), .body = "x"});
    ASSERT_TRUE(wait_for(60));
    EXPECT_EQ(answered(200), 60U);
    EXPECT_EQ(client_->stats().unprocessed, 120U);
    EXPECT_EQ(client_->stats().connects, 1U);
}

TEST_F(Http2, PeerThatRefusesForEverIsReportedAsUnprocessed) {
    int requests = 0;
    serve([&](const HttpRequest&, const Http2Exchange& exchange) {
        ++requests;
        exchange.reset(Http2Code::refused_stream);
    });
    use_client(client_options());
    ask({});
    ASSERT_TRUE(wait_for(1));
    ASSERT_FALSE(outcomes_.at(0).has_value());
    EXPECT_EQ(outcomes_.at(0).error().code, Http2ErrorCode::unprocessed);
    EXPECT_FALSE(outcomes_.at(0).error().was_sent);
    EXPECT_EQ(requests, 4);
}

TEST_F(Http2, OtherResetsAreNotRepeated) {
    int requests = 0;
    serve([&](const HttpRequest&, const Http2Exchange& exchange) {
        ++requests;
        exchange.reset(Http2Code::internal_error);
    });
    use_client(client_options());
    ask({});
    ASSERT_TRUE(wait_for(1));
    EXPECT_EQ(outcomes_.at(0).error().code, Http2ErrorCode::reset);
    EXPECT_TRUE(outcomes_.at(0).error().was_sent);
    EXPECT_EQ(requests, 1);
}

TEST_F(Http2, ConnectionLostAfterSendingIsReportedAndTheNextRequestReconnects) {
    bool has_dropped = false;
    serve([&](const HttpRequest&, const Http2Exchange& exchange) {
        if (!std::exchange(has_dropped, true)) return exchange.drop_connection();
        exchange.respond({.status = 200});
    });
    use_client(client_options());
    ask({});
    ASSERT_TRUE(wait_for(1));
    EXPECT_EQ(outcomes_.at(0).error().code, Http2ErrorCode::lost);
    EXPECT_TRUE(outcomes_.at(0).error().was_sent);
    ask({});
    ASSERT_TRUE(wait_for(2));
    EXPECT_TRUE(outcomes_.at(1).has_value());
    EXPECT_EQ(client_->stats().connects, 2U);
}

TEST_F(Http2, DeadlineEndsARequestThatWaitsForAnAnswer) {
    std::vector<Http2Exchange> held;
    serve([&](const HttpRequest& request, Http2Exchange exchange) {
        if (request.path == "/slow") return held.push_back(std::move(exchange));
        exchange.respond({.status = 200});
    });
    use_client(client_options());
    ask({.path = "/slow", .deadline = 80ms});
    ask({.path = "/fast"});
    ASSERT_TRUE(wait_for(2));
    EXPECT_EQ(outcomes_.at(0).error().code, Http2ErrorCode::timed_out);
    EXPECT_TRUE(outcomes_.at(0).error().was_sent);
    EXPECT_EQ(outcomes_.at(1)->status, 200U);
    // A late answer to the cancelled stream disturbs nobody.
    held.front().respond({.status = 200});
    ask({.path = "/fast"});
    ASSERT_TRUE(wait_for(3));
    EXPECT_EQ(client_->stats().connects, 1U);
}

TEST_F(Http2, DeadlineEndsARequestThatWaitsInTheQueue) {
    std::vector<Http2Exchange> held;
    int requests = 0;
    serve(
        [&](const HttpRequest&, Http2Exchange exchange) {
            ++requests;
            held.push_back(std::move(exchange));
        },
        {.streams_max = 1}
    );
    use_client(client_options());
    ask({.deadline = 400ms});
    ask({.deadline = 80ms});
    ASSERT_TRUE(wait_for(1));
    ASSERT_TRUE(outcomes_.contains(1));
    EXPECT_EQ(outcomes_.at(1).error().code, Http2ErrorCode::timed_out);
    EXPECT_FALSE(outcomes_.at(1).error().was_sent);
    EXPECT_EQ(requests, 1);
}

TEST_F(Http2, UrgentRequestsOvertakeBulk) {
    std::vector<std::string> order;
    serve(
        [&](HttpRequest request, const Http2Exchange& exchange) {
            order.push_back(request.path);
            exchange.respond({.status = 200});
        },
        {.streams_max = 1}
    );
    use_client(client_options());
    for (int i = 0; i < 5; ++i) ask({.path = "/bulk", .is_urgent = false});
    ask({.path = "/ring"});
    ASSERT_TRUE(wait_for(6));
    EXPECT_EQ(order.front(), "/ring");
}

TEST_F(Http2, FullQueueIsSaidAtOnce) {
    serve([](const HttpRequest&, const Http2Exchange& exchange) { exchange.respond({.status = 200}); });
    auto options = client_options();
    options.queue_max = 3;
    use_client(options);
    for (int i = 0; i < 5; ++i) ask({});
    ASSERT_TRUE(wait_for(5));
    EXPECT_EQ(answered(200), 3U);
    EXPECT_EQ(outcomes_.at(4).error().code, Http2ErrorCode::queue_full);
}

TEST_F(Http2, ServerWithoutHttp2IsRefused) {
    serve(
        [](const HttpRequest&, const Http2Exchange& exchange) { exchange.respond({.status = 200}); },
        {.tls = server_tls({"h2", "http/1.1"})}
    );
    auto options = client_options();
    options.tls = client_tls({"http/1.1"});
    use_client(options);
    ask({});
    ASSERT_TRUE(wait_for(1));
    EXPECT_EQ(outcomes_.at(0).error().code, Http2ErrorCode::connect_failed);
    EXPECT_EQ(outcomes_.at(0).error().cause->code, ErrorCode::protocol);
}

TEST_F(Http2, ClientWithoutAlpnIsServedOnlyWhereThatIsAllowed) {
    serve(
        [](const HttpRequest&, const Http2Exchange& exchange) { exchange.respond({.status = 200}); },
        {.needs_alpn = false}
    );
    // Our own client insists on h2; the connection it made shows that the server did not close it first.
    auto options = client_options();
    options.tls = client_tls({});
    use_client(options);
    ask({});
    ASSERT_TRUE(wait_for(1));
    EXPECT_EQ(outcomes_.at(0).error().cause->code, ErrorCode::protocol);
}

TEST_F(Http2, UnknownAuthorityIsAConnectFailureThatSaysSo) {
    serve([](const HttpRequest&, const Http2Exchange& exchange) { exchange.respond({.status = 200}); });
    const testing::TestCertificate other;
    auto options = client_options();
    options.tls = TlsContext::client({.ca_file = other.ca_file(), .alpn = {"h2"}}).value();
    use_client(options);
    ask({});
    ASSERT_TRUE(wait_for(1));
    EXPECT_EQ(outcomes_.at(0).error().code, Http2ErrorCode::connect_failed);
    EXPECT_EQ(outcomes_.at(0).error().cause->code, ErrorCode::tls_untrusted);
}

TEST_F(Http2, NobodyListeningFailsWithTheReason) {
    serve([](const HttpRequest&, const Http2Exchange&) {});
    server_.reset();
    use_client(client_options());
    ask({});
    ask({});
    ASSERT_TRUE(wait_for(2));
    EXPECT_EQ(outcomes_.at(0).error().cause->code, ErrorCode::refused);
    EXPECT_EQ(outcomes_.at(1).error().code, Http2ErrorCode::connect_failed);
}

TEST_F(Http2, ResponseOverItsLimitIsRefused) {
    serve([](const HttpRequest&, const Http2Exchange& exchange) {
        exchange.respond({.status = 200, .body = std::string(2'000, 'x')});
    });
    use_client(client_options());
    ask({.body_max = 1'000});
    ask({.body_max = 2'000});
    ASSERT_TRUE(wait_for(2));
    EXPECT_EQ(outcomes_.at(0).error().code, Http2ErrorCode::too_large);
    EXPECT_TRUE(outcomes_.at(1).has_value());
}

TEST_F(Http2, RequestOverTheServersLimitsIsAnswered) {
    serve(
        [](const HttpRequest&, const Http2Exchange& exchange) { exchange.respond({.status = 200}); },
        {.headers_max = 2'000, .body_max = 1'000}
    );
    use_client(client_options());
    ask({.body = std::string(1'001, 'x')});
    ask({.headers = {{"x-long", std::string(2'000, 'x')}}});
    ask({.body = std::string(1'000, 'x')});
    ASSERT_TRUE(wait_for(3));
    EXPECT_EQ(outcomes_.at(0)->status, 413U);
    EXPECT_EQ(outcomes_.at(1)->status, 431U);
    EXPECT_EQ(outcomes_.at(2)->status, 200U);
}

TEST_F(Http2, SilentPeerThatAnswersPingsKeepsItsConnection) {
    std::vector<Http2Exchange> held;
    serve([&](const HttpRequest&, Http2Exchange exchange) { held.push_back(std::move(exchange)); });
    auto options = client_options();
    options.ping_silence = 30ms;
    use_client(options);
    ask({.deadline = 250ms});
    ASSERT_TRUE(wait_for(1));
    EXPECT_GE(client_->stats().pings, 2U);
    EXPECT_EQ(outcomes_.at(0).error().code, Http2ErrorCode::timed_out);
    EXPECT_EQ(client_->stats().connects, 1U);
}

TEST_F(Http2, PeerThatAnswersNoPingIsGivenUp) {
    std::vector<detail::Stream> accepted;
    detail::Listener dead{loop_};
    port_ = dead.open(
                    {},
                    [&](detail::Stream stream, const std::string&) {
                        constexpr std::string_view kEmptySettings{"\0\0\0\4\0\0\0\0\0", 9};  // RFC 9113 6.5
                        (void)stream.try_write({kEmptySettings.data(), kEmptySettings.size()});
                        accepted.push_back(std::move(stream));
                    }
    ).value();
    use_client({.host = "127.0.0.1", .port = port_, .ping_silence = 20ms, .ping_deadline = 20ms});
    ask({.deadline = 9s});
    ASSERT_TRUE(wait_for(1));
    ASSERT_FALSE(outcomes_.at(0).has_value());
    EXPECT_EQ(outcomes_.at(0).error().code, Http2ErrorCode::lost);
    EXPECT_EQ(outcomes_.at(0).error().cause->code, ErrorCode::timed_out);
}

TEST_F(Http2, PeerThatSendsNoSettingsIsAConnectFailure) {
    std::vector<detail::Stream> accepted;
    detail::Listener mute{loop_};
    port_ = mute.open(
                    {}, [&](detail::Stream stream, const std::string&) { accepted.push_back(std::move(stream)); }
    ).value();
    use_client({.host = "127.0.0.1", .port = port_, .connect_deadline = 50ms});
    ask({.deadline = 9s});
    ASSERT_TRUE(wait_for(1));
    EXPECT_EQ(outcomes_.at(0).error().code, Http2ErrorCode::connect_failed);
    EXPECT_FALSE(outcomes_.at(0).error().was_sent);
}

TEST_F(Http2, IdleServerSaysGoodbyeAndTheNextRequestReconnects) {
    serve(
        [](const HttpRequest&, const Http2Exchange& exchange) { exchange.respond({.status = 200}); },
        {.idle_deadline = 30ms}
    );
    use_client(client_options());
    ask({});
    ASSERT_TRUE(wait_for(1));
    ASSERT_TRUE(loop_.run_until([&] { return client_->stats().goaways == 1; }, 10s));
    EXPECT_EQ(client_->stats().goaway_text, "session_timeout");
    ask({});
    ASSERT_TRUE(wait_for(2));
    EXPECT_EQ(answered(200), 2U);
    EXPECT_EQ(client_->stats().connects, 2U);
}

TEST_F(Http2, ReplacedConnectionFinishesWhatItStarted) {
    std::vector<Http2Exchange> held;
    std::set<std::uint64_t> connections;
    serve([&](const HttpRequest& request, Http2Exchange exchange) {
        connections.insert(exchange.connection_id());
        if (request.path == "/hold") return held.push_back(std::move(exchange));
        exchange.respond({.status = 200});
    });
    use_client(client_options());
    ask({.path = "/hold"});
    ASSERT_TRUE(loop_.run_until([&] { return !held.empty(); }, 10s));
    client_->replace_connection();
    ask({.path = "/next"});
    ASSERT_TRUE(wait_for(1));
    EXPECT_TRUE(outcomes_.contains(1));
    held.front().respond({.status = 202});
    ASSERT_TRUE(wait_for(2));
    EXPECT_EQ(outcomes_.at(0)->status, 202U);
    EXPECT_EQ(connections.size(), 2U);
    ASSERT_TRUE(loop_.run_until([&] { return server_->connections() == 1; }, 10s));
}

TEST_F(Http2, ForgottenRespondAnswers500) {
    Http2Server server{loop_, {.tls = server_tls()}};
    server.on_request([](const HttpRequest&, const Respond&) {});
    port_ = server.start().value();
    use_client(client_options());
    ask({});
    ASSERT_TRUE(wait_for(1));
    EXPECT_EQ(outcomes_.at(0)->status, 500U);
}

TEST_F(Http2, LateHandlerAnswers503) {
    std::vector<Http2Exchange> held;
    serve(
        [&](const HttpRequest&, Http2Exchange exchange) { held.push_back(std::move(exchange)); },
        {.respond_deadline = 30ms}
    );
    use_client(client_options());
    ask({});
    ASSERT_TRUE(wait_for(1));
    EXPECT_EQ(outcomes_.at(0)->status, 503U);
    held.front().respond({.status = 200});  // Too late: nothing happens.
    ask({});
    ASSERT_TRUE(wait_for(2));
}

TEST_F(Http2, CallbackMayDestroyTheClient) {
    serve([](const HttpRequest&, const Http2Exchange& exchange) { exchange.respond({.status = 200}); });
    use_client(client_options());
    bool is_gone = false;
    client_->request({}, [&](const Outcome&) {
        client_.reset();
        is_gone = true;
    });
    ask({});
    ASSERT_TRUE(loop_.run_until([&] { return is_gone && server_->connections() == 0; }, 10s));
    EXPECT_TRUE(outcomes_.empty());
}

TEST_F(Http2, ServerThatGoesAwayWithRequestsUnderWayLeavesNoCallbackBehind) {
    std::vector<Http2Exchange> held;
    serve([&](const HttpRequest&, Http2Exchange exchange) { held.push_back(std::move(exchange)); });
    use_client(client_options());
    for (int i = 0; i < 5; ++i) ask({});
    ASSERT_TRUE(loop_.run_until([&] { return held.size() == 5; }, 10s));
    server_.reset();
    ASSERT_TRUE(wait_for(5));
    for (const auto& [id, outcome] : outcomes_) EXPECT_EQ(outcome.error().code, Http2ErrorCode::lost);
    held.front().respond({.status = 200});  // Its connection is gone: nothing happens.
}

}  // namespace
}  // namespace clarion::net
