// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <array>
#include <boost/asio/write.hpp>
#include <optional>
#include <string>

#include "net/detail/stream.hpp"
#include "net/http_client.hpp"
#include "net/http_server.hpp"
#include "net/testing/test_certificate.hpp"
#include "net/url.hpp"

namespace clarion::net {
namespace {

using namespace std::chrono_literals;
using testing::TestCertificate;

/// A client that writes what it likes, to be rude to servers.
class RawClient {
  public:
    RawClient(Loop& loop, std::uint16_t port) : loop_(loop) {
        detail::connect(loop, {.host = "127.0.0.1", .port = port}, [this](auto stream) {
            stream_.emplace(std::move(*stream));
            read();
        });
        EXPECT_TRUE(loop_.run_until([this] { return stream_.has_value(); }, 5s));
    }

    void write(std::string text) {
        auto kept = std::make_shared<std::string>(std::move(text));
        boost::asio::async_write(*stream_, boost::asio::buffer(*kept), [kept](auto, auto) {});
    }

    bool wait_for(std::string_view text) {
        return loop_.run_until([&] { return got_.contains(text); }, 5s);
    }

    bool wait_for_close() {
        return loop_.run_until([&] { return is_closed_; }, 5s);
    }

    [[nodiscard]] const std::string& got() const { return got_; }

  private:
    void read() {
        stream_->async_read_some(boost::asio::buffer(chunk_), [this](detail::error_code error, std::size_t count) {
            got_.append(chunk_.data(), count);
            is_closed_ = static_cast<bool>(error);
            if (!error) read();
        });
    }

    Loop& loop_;
    std::optional<detail::Stream> stream_;
    std::array<char, 4096> chunk_{};
    std::string got_;
    bool is_closed_ = false;
};

class HttpTest : public ::testing::Test {
  protected:
    HttpServer& serve(HttpServerOptions options = {}) {
        server_.emplace(loop_, std::move(options));
        server_->on_request([this](HttpRequest request, Respond respond) {
            last_ = request;
            HttpResponse response{.status = request.path == "/missing" ? 404U : 200U};
            response.headers.push_back({"X-Path", request.path});
            response.body = request.method + " " + request.body;
            respond(std::move(response));
        });
        const auto port = server_->start();
        EXPECT_TRUE(port);
        port_ = port.value_or(0);
        return *server_;
    }

    std::expected<HttpResponse, Error> ask(HttpClientRequest request) {
        request.host = request.host.empty() ? "127.0.0.1" : request.host;
        request.port = port_;
        std::optional<std::expected<HttpResponse, Error>> result;
        http_request(loop_, std::move(request), [&](auto got) { result = std::move(got); });
        EXPECT_TRUE(loop_.run_until([&] { return result.has_value(); }, 8s));
        return result ? *result : std::unexpected(Error{ErrorCode::internal, "no answer"});
    }

    Loop loop_;
    std::optional<HttpServer> server_;
    std::uint16_t port_ = 0;
    HttpRequest last_;
};

TEST_F(HttpTest, RequestArrivesInPartsAndResponseComesBack) {
    serve();
    const auto response =
        ask({.method = "POST", .target = "/v1/calls/a%20b?x=1&y=%26", .headers = {{"X-Token", "abc"}}, .body = "hello"}
        );
    ASSERT_TRUE(response) << response.error().message;
    EXPECT_EQ(response->status, 200U);
    EXPECT_EQ(response->body, "POST hello");
    EXPECT_EQ(*find_header(response->headers, "X-PATH"), "/v1/calls/a%20b");
    EXPECT_TRUE(find_header(response->headers, "date"));
    EXPECT_EQ(last_.query, "x=1&y=%26");
    EXPECT_EQ(query_value(last_.query, "y"), "&");
    EXPECT_EQ(*find_header(last_.headers, "x-token"), "abc");
    EXPECT_EQ(*find_header(last_.headers, "host"), "127.0.0.1:" + std::to_string(port_));
    EXPECT_TRUE(last_.remote_address.starts_with("127.0.0.1:"));
    EXPECT_FALSE(last_.is_tls);
}

TEST_F(HttpTest, RequestOverTlsIsVerified) {
    TestCertificate files;
    TestCertificate others;
    serve({.tls = TlsContext::server({files.certificate_file(), files.key_file()}).value()});
    const auto good = ask({.tls = TlsContext::client({files.ca_file()}).value(), .method = "GET"});
    ASSERT_TRUE(good) << good.error().message;
    EXPECT_TRUE(last_.is_tls);
    const auto bad = ask({.tls = TlsContext::client({others.ca_file()}).value(), .method = "GET"});
    ASSERT_FALSE(bad);
    EXPECT_EQ(bad.error().code, ErrorCode::tls_untrusted);
}

TEST_F(HttpTest, RenewedCertificateCountsForNewConnections) {
    TestCertificate before;
    TestCertificate after;
    auto& server = serve({.tls = TlsContext::server({before.certificate_file(), before.key_file()}).value()});
    const auto client = TlsContext::client({after.ca_file()}).value();
    EXPECT_FALSE(ask({.tls = client}));
    server.set_tls(TlsContext::server({after.certificate_file(), after.key_file()}).value());
    EXPECT_TRUE(ask({.tls = client}));
}

TEST_F(HttpTest, KeepAliveServesPipelinedRequestsInOrder) {
    serve();
    RawClient client(loop_, port_);
    client.write("GET /a HTTP/1.1\r\nHost: x\r\n\r\nGET /missing HTTP/1.1\r\nHost: x\r\n\r\n");
    EXPECT_TRUE(client.wait_for("404 Not Found"));
    EXPECT_LT(client.got().find("X-Path: /a"), client.got().find("X-Path: /missing"));
    client.write("GET /last HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    EXPECT_TRUE(client.wait_for("X-Path: /last"));
    EXPECT_TRUE(client.wait_for_close());
}

TEST_F(HttpTest, HeadHasLengthButNoBody) {
    serve();
    const auto response = ask({.method = "HEAD"});
    ASSERT_TRUE(response) << response.error().message;
    EXPECT_EQ(response->body, "");
    EXPECT_EQ(*find_header(response->headers, "content-length"), "5");
}

TEST_F(HttpTest, ExpectedContinueIsGiven) {
    serve();
    RawClient client(loop_, port_);
    client.write("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n");
    EXPECT_TRUE(client.wait_for("100 Continue"));
    client.write("ok");
    EXPECT_TRUE(client.wait_for("POST ok"));
}

TEST_F(HttpTest, TooLargeBodyIs413AlsoInChunks) {
    serve({.body_max = 1000});
    const auto response = ask({.method = "POST", .body = std::string(200'000, 'x')});
    ASSERT_TRUE(response) << response.error().message;
    EXPECT_EQ(response->status, 413U);
    RawClient client(loop_, port_);
    client.write("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n7d0\r\n" + std::string(2000, 'x'));
    EXPECT_TRUE(client.wait_for("413"));
    EXPECT_EQ(ask({.method = "POST", .body = std::string(1000, 'x')})->status, 200U);
}

TEST_F(HttpTest, TooLargeHeadersAre431) {
    serve({.headers_max = 1000});
    const auto response = ask({.headers = {{"X-Long", std::string(20'000, 'x')}}});
    ASSERT_TRUE(response) << response.error().message;
    EXPECT_EQ(response->status, 431U);
}

TEST_F(HttpTest, NonsenseIs400) {
    serve();
    RawClient client(loop_, port_);
    client.write("this is not http\r\n\r\n");
    EXPECT_TRUE(client.wait_for("400 Bad Request"));
    EXPECT_TRUE(client.wait_for_close());
}

TEST_F(HttpTest, SlowHeadersAre408) {
    serve({.header_deadline = 40ms});
    RawClient client(loop_, port_);
    client.write("GET / HTTP/1.1\r\nHos");
    EXPECT_TRUE(client.wait_for("408"));
    EXPECT_TRUE(client.wait_for_close());
}

TEST_F(HttpTest, SlowBodyIs408) {
    serve({.body_deadline = 40ms});
    RawClient client(loop_, port_);
    client.write("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nab");
    EXPECT_TRUE(client.wait_for("408"));
    EXPECT_TRUE(client.wait_for_close());
}

TEST_F(HttpTest, SilentAndIdleConnectionsAreClosed) {
    serve({.header_deadline = 40ms, .idle_deadline = 40ms});
    RawClient silent(loop_, port_);
    EXPECT_TRUE(silent.wait_for_close());
    EXPECT_EQ(silent.got(), "");
    RawClient idle(loop_, port_);
    idle.write("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    EXPECT_TRUE(idle.wait_for("200 OK"));
    EXPECT_TRUE(idle.wait_for_close());
    EXPECT_EQ(server_->connections(), 0U);
}

TEST_F(HttpTest, DroppedRespondIs500AndLateRespondIs503) {
    auto& server = serve({.respond_deadline = 40ms});
    std::optional<Respond> kept;
    server.on_request([&](const HttpRequest& request, Respond respond) {
        if (request.path == "/keep") kept.emplace(std::move(respond));
    });
    EXPECT_EQ(ask({.target = "/drop"})->status, 500U);
    EXPECT_EQ(ask({.target = "/keep"})->status, 503U);
    (*kept)({.status = 200});  // does nothing any more
    kept.reset();
    EXPECT_EQ(ask({.target = "/drop"})->status, 500U);
}

TEST_F(HttpTest, RespondWorksLater) {
    auto& server = serve();
    Timer later(loop_);
    server.on_request([&](const HttpRequest&, Respond respond) {
        later.arm(5ms, [respond = std::move(respond)]() mutable { respond({.status = 202, .body = "later"}); });
    });
    const auto response = ask({});
    ASSERT_TRUE(response);
    EXPECT_EQ(response->status, 202U);
    EXPECT_EQ(response->body, "later");
}

TEST_F(HttpTest, ResponseHeaderCannotSmuggleAnother) {
    auto& server = serve();
    server.on_request([](const HttpRequest&, Respond respond) {
        respond({.status = 200, .headers = {{"X-Name", "a\r\nSet-Cookie: b"}}});
    });
    EXPECT_EQ(ask({})->status, 500U);
    const auto refused = ask({.headers = {{"X-Name", "a\r\nX: b"}}});
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::bad_url);
}

TEST_F(HttpTest, ConnectionsAboveTheLimitAreClosedAtOnce) {
    serve({.connections_max = 1});
    RawClient first(loop_, port_);
    RawClient second(loop_, port_);
    EXPECT_TRUE(second.wait_for_close());
    first.write("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    EXPECT_TRUE(first.wait_for("200 OK"));
}

TEST_F(HttpTest, StopClosesConnectionsAndStartWorksAgain) {
    auto& server = serve();
    RawClient client(loop_, port_);
    client.write("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    EXPECT_TRUE(client.wait_for("200 OK"));
    server.stop();
    EXPECT_TRUE(client.wait_for_close());
    EXPECT_EQ(ask({}).error().code, ErrorCode::refused);
    const auto port = server.start();
    ASSERT_TRUE(port) << port.error().message;
    port_ = *port;
    EXPECT_EQ(ask({})->status, 200U);
}

TEST_F(HttpTest, HandlerMayStopTheServer) {
    auto& server = serve();
    server.on_request([&](const HttpRequest&, Respond respond) {
        server.stop();
        respond({.status = 200});
    });
    EXPECT_EQ(ask({}).error().code, ErrorCode::closed);
}

TEST_F(HttpTest, BusyPortSaysSo) {
    serve();
    HttpServer second(loop_, {.port = port_});
    const auto result = second.start();
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, ErrorCode::busy_port);
    EXPECT_EQ(result.error().message, "cannot listen on 127.0.0.1:" + std::to_string(port_) + ": the port is in use");
}

TEST_F(HttpTest, ClientLimitsTimeAndSizeOfTheAnswer) {
    auto& server = serve();
    std::optional<Respond> kept;
    server.on_request([&](const HttpRequest& request, Respond respond) {
        if (request.path == "/big") return respond({.status = 200, .body = std::string(5000, 'x')});
        kept.emplace(std::move(respond));
    });
    EXPECT_EQ(ask({.target = "/big", .body_max = 4999}).error().code, ErrorCode::too_large);
    EXPECT_EQ(ask({.target = "/big", .body_max = 5000})->body.size(), 5000U);
    EXPECT_EQ(ask({.target = "/never", .deadline = 40ms}).error().code, ErrorCode::timed_out);
}

TEST_F(HttpTest, CancelledRequestNeverCallsBack) {
    serve();
    bool is_called = false;
    auto operation = http_request(loop_, {.host = "127.0.0.1", .port = port_}, [&](auto) { is_called = true; });
    operation.cancel();
    EXPECT_TRUE(ask({}));
    EXPECT_FALSE(is_called);
}

TEST(Url, PartsAreFoundAndNonsenseIsRefused) {
    const auto url = parse_url("HTTPS://Example.com/a/b?c=d#e");
    ASSERT_TRUE(url) << url.error().message;
    EXPECT_EQ(url->scheme, "https");
    EXPECT_EQ(url->host, "Example.com");
    EXPECT_EQ(url->port, 443);
    EXPECT_EQ(url->target, "/a/b?c=d");
    EXPECT_TRUE(url->is_tls);
    EXPECT_EQ(parse_url("ws://[::1]:8080?x")->target, "/?x");
    EXPECT_EQ(parse_url("ws://[::1]:8080?x")->host, "::1");
    EXPECT_EQ(parse_url("http://localhost")->target, "/");
    for (const char* bad : {
             "",
             "example.com",
             "ftp://a",
             "http://",
             "http://a:0",
             "http://a:70000",
             "http://a:x",
             "http://u:p@a/",
             "http://a b/",
             "http://a/b c",
             "http://[::1",
             "http://[zz]/",
             "http://a/\r\nX: y",
         }) {
        EXPECT_FALSE(parse_url(bad)) << bad;
    }
}

TEST(HttpText, PercentAndQueryDecode) {
    EXPECT_EQ(percent_decode("a%2Fb+c"), "a/b+c");
    EXPECT_FALSE(percent_decode("%2"));
    EXPECT_FALSE(percent_decode("%zz"));
    EXPECT_EQ(percent_encode("a b/\xc3\xa9~"), "a%20b%2F%C3%A9~");
    EXPECT_EQ(query_value("a=1&b=x+y&b=z&c", "b"), "x y");
    EXPECT_EQ(query_value("a=1&b=x+y&b=z&c", "c"), "");
    EXPECT_FALSE(query_value("a=1", "d"));
}

}  // namespace
}  // namespace clarion::net
