// SPDX-License-Identifier: Apache-2.0
#include "net/websocket.hpp"

#include <gtest/gtest.h>

#include <array>
#include <boost/asio/write.hpp>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "net/detail/stream.hpp"
#include "net/http_server.hpp"
#include "net/testing/test_certificate.hpp"
#include "net/websocket_client.hpp"

namespace clarion::net {
namespace {

using namespace std::chrono_literals;
using testing::TestCertificate;

struct Closed {
    std::uint16_t code = 0;
    std::string reason;
};

class WebSocketTest : public ::testing::Test {
  protected:
    void serve(HttpServerOptions options = {}) {
        server_.emplace(loop_, std::move(options));
        server_->on_upgrade("/echo", [this](const HttpRequest& request, std::shared_ptr<WebSocket> socket) {
            accepted_ = request;
            theirs_ = socket;
            socket->on_message([socket = std::weak_ptr(socket)](std::string_view text) {
                if (auto open = socket.lock()) open->send(std::string(text));
            });
            socket->on_close([this](std::uint16_t code, std::string_view reason) {
                server_closed_ = Closed{code, std::string(reason)};
            });
        });
        server_->on_upgrade(
            "/locked", [](const HttpRequest&, const std::shared_ptr<WebSocket>&) { ADD_FAILURE(); },
            [](const HttpRequest&) { return std::optional<HttpResponse>({.status = 401}); }
        );
        const auto port = server_->start();
        ASSERT_TRUE(port) << port.error().message;
        port_ = *port;
    }

    std::optional<Error> open(WebSocketConnect request) {
        request.host = request.host.empty() ? "127.0.0.1" : request.host;
        request.port = port_;
        std::optional<Error> error;
        bool is_called = false;
        websocket_connect(loop_, std::move(request), [&](auto result) {
            is_called = true;
            if (!result) {
                error = result.error();
                return;
            }
            ours_ = *result;
            ours_->on_message([this](std::string_view text) { got_.emplace_back(text); });
            ours_->on_close([this](std::uint16_t code, std::string_view reason) {
                client_closed_ = Closed{code, std::string(reason)};
            });
        });
        EXPECT_TRUE(loop_.run_until([&] { return is_called; }, 8s));
        return error;
    }

    bool wait(const std::function<bool()>& done) { return loop_.run_until(done, 8s); }

    Loop loop_;
    std::optional<HttpServer> server_;
    std::uint16_t port_ = 0;
    HttpRequest accepted_;
    std::shared_ptr<WebSocket> ours_;
    std::shared_ptr<WebSocket> theirs_;
    std::vector<std::string> got_;
    std::optional<Closed> client_closed_;
    std::optional<Closed> server_closed_;
};

/// Speaks the opening handshake itself and then sends any frames.
class RawSocket {
  public:
    RawSocket(Loop& loop, std::uint16_t port) : loop_(loop) {
        detail::connect(loop, {.host = "127.0.0.1", .port = port}, [this](auto stream) {
            stream_.emplace(std::move(*stream));
            read();
        });
        EXPECT_TRUE(loop_.run_until([this] { return stream_.has_value(); }, 5s));
        write(
            "GET /echo HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
            "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"
        );
        EXPECT_TRUE(loop_.run_until([this] { return got_.contains("\r\n\r\n"); }, 5s));
        EXPECT_TRUE(got_.contains("101 Switching")) << got_;
        got_.clear();
    }

    void write(std::string text) {
        auto kept = std::make_shared<std::string>(std::move(text));
        boost::asio::async_write(*stream_, boost::asio::buffer(*kept), [kept](auto, auto) {});
    }

    /// A final frame with an all-zero mask.
    void frame(int opcode, const std::string& payload) {
        std::string out{static_cast<char>(0x80 | opcode), static_cast<char>(0x80 | payload.size())};
        write(out + std::string(4, '\0') + payload);
    }

    /// The code of the server's close frame, 0 if none came.
    int close_code() {
        loop_.run_until([this] { return is_closed_ || got_.size() >= 4; }, 5s);
        if (got_.size() < 4 || got_[0] != '\x88') return 0;
        return static_cast<unsigned char>(got_[2]) * 256 + static_cast<unsigned char>(got_[3]);
    }

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

TEST_F(WebSocketTest, EchoOverPlain) {
    serve();
    ASSERT_FALSE(open({.target = "/echo?token=1", .headers = {{"Authorization", "Bearer x"}}}));
    for (const auto& text : {std::string("hello"), std::string(), std::string(60'000, 'x'), std::string("\xc3\xa9")}) {
        ours_->send(text);
    }
    EXPECT_TRUE(ours_->is_open());
    EXPECT_EQ(accepted_.query, "token=1");
    EXPECT_EQ(*find_header(accepted_.headers, "authorization"), "Bearer x");
    ASSERT_TRUE(wait([&] { return got_.size() == 4; }));
    EXPECT_EQ(got_[0], "hello");
    EXPECT_EQ(got_[1], "");
    EXPECT_EQ(got_[2], std::string(60'000, 'x'));
    EXPECT_EQ(got_[3], "\xc3\xa9");
    EXPECT_EQ(ours_->queued_bytes(), 0U);
    EXPECT_EQ(server_->connections(), 1U);
}

TEST_F(WebSocketTest, EchoOverTls) {
    TestCertificate files;
    serve({.tls = TlsContext::server({files.certificate_file(), files.key_file()}).value()});
    ASSERT_FALSE(open({.target = "/echo", .tls = TlsContext::client({files.ca_file()}).value()}));
    EXPECT_TRUE(accepted_.is_tls);
    for (int i = 0; i < 300; ++i) ours_->send(std::string(static_cast<std::size_t>(i), 'a'));
    ASSERT_TRUE(wait([&] { return got_.size() == 300; }));
    for (std::size_t i = 0; i < 300; ++i) EXPECT_EQ(got_[i].size(), i);
    ours_->close(4001, "enough");
    ASSERT_TRUE(wait([&] { return client_closed_ && server_closed_; }));
    EXPECT_EQ(client_closed_->code, 4001);
    EXPECT_EQ(server_closed_->code, 4001);
    EXPECT_EQ(server_closed_->reason, "enough");
    EXPECT_EQ(server_->connections(), 0U);
}

TEST_F(WebSocketTest, UntrustedServerAndWrongHostAreRefused) {
    TestCertificate files;
    TestCertificate others;
    TestCertificate elsewhere("elsewhere.example");
    serve({.tls = TlsContext::server({files.certificate_file(), files.key_file()}).value()});
    auto error = open({.target = "/echo", .tls = TlsContext::client({others.ca_file()}).value()});
    ASSERT_TRUE(error);
    EXPECT_EQ(error->code, ErrorCode::tls_untrusted) << error->message;
    server_->set_tls(TlsContext::server({elsewhere.certificate_file(), elsewhere.key_file()}).value());
    error = open({.target = "/echo", .tls = TlsContext::client({elsewhere.ca_file()}).value()});
    ASSERT_TRUE(error);
    EXPECT_EQ(error->code, ErrorCode::tls_untrusted) << error->message;
}

TEST_F(WebSocketTest, ServerClosesWithCodeAndQueuedMessagesArriveFirst) {
    serve();
    ASSERT_FALSE(open({.target = "/echo"}));
    ASSERT_TRUE(wait([&] { return theirs_ != nullptr; }));
    theirs_->send("last words");
    theirs_->close(4002, std::string(300, 'r'));
    theirs_->send("too late");
    EXPECT_FALSE(theirs_->is_open());
    ASSERT_TRUE(wait([&] { return client_closed_ && server_closed_; }));
    EXPECT_EQ(got_, std::vector<std::string>{"last words"});
    EXPECT_EQ(client_closed_->code, 4002);
    EXPECT_EQ(client_closed_->reason, std::string(123, 'r'));
    EXPECT_EQ(server_closed_->code, 4002);
}

TEST_F(WebSocketTest, RefusalsNameTheStatus) {
    serve();
    auto error = open({.target = "/locked"});
    ASSERT_TRUE(error);
    EXPECT_EQ(error->code, ErrorCode::protocol);
    EXPECT_TRUE(error->message.ends_with("the server answered 401")) << error->message;
    error = open({.target = "/unknown"});
    ASSERT_TRUE(error);
    EXPECT_TRUE(error->message.ends_with("the server answered 404")) << error->message;
    error = open({.target = "/a b"});
    ASSERT_TRUE(error);
    EXPECT_EQ(error->code, ErrorCode::bad_url);
}

TEST_F(WebSocketTest, OversizedMessageCloses1009) {
    serve({.websocket = {.message_max = 1000}});
    ASSERT_FALSE(open({.target = "/echo"}));
    ours_->send(std::string(1000, 'x'));
    ASSERT_TRUE(wait([&] { return got_.size() == 1; }));
    ours_->send(std::string(1001, 'x'));
    ASSERT_TRUE(wait([&] { return client_closed_ && server_closed_; }));
    EXPECT_EQ(client_closed_->code, 1009);
    EXPECT_EQ(server_closed_->code, 1009);
}

TEST_F(WebSocketTest, BadUtf8Closes1007) {
    serve({.websocket = {.close_deadline = 50ms}});
    RawSocket raw(loop_, port_);
    raw.frame(1, "\xff\xfe");
    EXPECT_EQ(raw.close_code(), 1007);
    ASSERT_TRUE(wait([&] { return server_closed_.has_value(); }));
    EXPECT_EQ(server_closed_->code, 1007);
}

TEST_F(WebSocketTest, BinaryCloses1003) {
    serve({.websocket = {.close_deadline = 50ms}});
    RawSocket raw(loop_, port_);
    raw.frame(2, "binary");
    EXPECT_EQ(raw.close_code(), 1003);
    ASSERT_TRUE(wait([&] { return server_closed_.has_value(); }));
    EXPECT_EQ(server_closed_->code, 1003);
}

TEST_F(WebSocketTest, ReservedOpcodeCloses1002) {
    serve({.websocket = {.close_deadline = 50ms}});
    RawSocket raw(loop_, port_);
    raw.frame(5, "x");
    EXPECT_EQ(raw.close_code(), 1002);
    ASSERT_TRUE(wait([&] { return server_closed_.has_value(); }));
    EXPECT_EQ(server_closed_->code, 1002);
}

TEST_F(WebSocketTest, PeerThatDoesNotReadIsClosed1013) {
    serve({.websocket = {.queue_max = 100'000, .close_deadline = 50ms}});
    RawSocket raw(loop_, port_);
    for (int i = 0; i < 1000 && theirs_->is_open(); ++i) theirs_->send(std::string(50'000, 'x'));
    EXPECT_FALSE(theirs_->is_open());
    EXPECT_LE(theirs_->queued_bytes(), 100'000U);
    EXPECT_FALSE(server_closed_) << "callbacks never run inside a call";
    ASSERT_TRUE(wait([&] { return server_closed_.has_value(); }));
    EXPECT_EQ(server_closed_->code, 1013);
    EXPECT_EQ(server_closed_->reason, "the send queue is full");
    EXPECT_EQ(server_->connections(), 0U);
}

TEST_F(WebSocketTest, IdleSocketsLiveByPings) {
    serve({.websocket = {.ping_every = 20ms, .dead_after = 100ms}});
    ASSERT_FALSE(open({.target = "/echo", .websocket = {.ping_every = 0ms, .dead_after = 0ms}}));
    Timer timer(loop_);
    bool is_over = false;
    timer.arm(400ms, [&] { is_over = true; });
    ASSERT_TRUE(wait([&] { return is_over; }));
    EXPECT_FALSE(server_closed_);
    EXPECT_TRUE(ours_->is_open());
    EXPECT_TRUE(theirs_->is_open());
}

TEST_F(WebSocketTest, PeerThatAnswersNoPingIsDead) {
    serve({.websocket = {.ping_every = 20ms, .dead_after = 60ms}});
    RawSocket raw(loop_, port_);  // it reads, but never answers a ping
    ASSERT_TRUE(wait([&] { return server_closed_.has_value(); }));
    EXPECT_EQ(server_closed_->code, 1006);
    EXPECT_EQ(server_closed_->reason, "the peer is silent");
}

TEST_F(WebSocketTest, LostConnectionIs1006) {
    serve();
    ASSERT_FALSE(open({.target = "/echo"}));
    ASSERT_TRUE(wait([&] { return theirs_ != nullptr; }));
    ours_->abort();
    ASSERT_TRUE(wait([&] { return server_closed_.has_value(); }));
    EXPECT_EQ(server_closed_->code, 1006);
    EXPECT_FALSE(client_closed_);
}

TEST_F(WebSocketTest, PeerThatAnswersNoCloseIsDroppedAtTheDeadline) {
    serve({.websocket = {.close_deadline = 30ms}});
    RawSocket raw(loop_, port_);
    theirs_->close(4003, "bye");
    EXPECT_EQ(raw.close_code(), 4003);
    ASSERT_TRUE(wait([&] { return server_closed_.has_value(); }));
    EXPECT_EQ(server_closed_->code, 4003);
    EXPECT_EQ(server_->connections(), 0U);
}

TEST_F(WebSocketTest, PeerThatSaysGoodbyeButStaysIsDroppedAtTheDeadline) {
    serve({.websocket = {.close_deadline = 30ms}});
    RawSocket raw(loop_, port_);
    raw.frame(8, "\x03\xe8");
    EXPECT_EQ(raw.close_code(), 1000);
    ASSERT_TRUE(wait([&] { return server_closed_.has_value(); }));
    EXPECT_EQ(server_closed_->code, 1000);
}

TEST_F(WebSocketTest, ServerStopClosesWith1001) {
    serve();
    ASSERT_FALSE(open({.target = "/echo"}));
    ASSERT_TRUE(wait([&] { return theirs_ != nullptr; }));
    server_->stop();
    ASSERT_TRUE(wait([&] { return client_closed_ && server_closed_; }));
    EXPECT_EQ(client_closed_->code, 1001);
    EXPECT_EQ(server_closed_->code, 1001);
    EXPECT_EQ(server_->connections(), 0U);
}

TEST_F(WebSocketTest, DestroyedServerDropsSocketsWithoutCallbacks) {
    serve();
    ASSERT_FALSE(open({.target = "/echo"}));
    ASSERT_TRUE(wait([&] { return theirs_ != nullptr; }));
    server_.reset();
    ASSERT_TRUE(wait([&] { return client_closed_.has_value(); }));
    EXPECT_EQ(client_closed_->code, 1006);
    EXPECT_FALSE(server_closed_);
}

TEST_F(WebSocketTest, CallbackMayCloseReplaceAndAbort) {
    serve();
    ASSERT_FALSE(open({.target = "/echo"}));
    int second = 0;
    ours_->on_message([&](std::string_view) {
        ours_->on_message([&](std::string_view) {
            ++second;
            ours_->abort();
        });
    });
    ours_->send("a");
    ours_->send("b");
    ours_->send("c");
    ASSERT_TRUE(wait([&] { return server_closed_.has_value(); }));
    EXPECT_EQ(second, 1);
}

TEST_F(WebSocketTest, SubprotocolIsAnsweredWhenBothKnowIt) {
    serve({.websocket = {.subprotocol = "clarion.v1"}});
    EXPECT_FALSE(open({.target = "/echo", .websocket = {.subprotocol = "clarion.v1"}}));
    EXPECT_EQ(*find_header(accepted_.headers, "sec-websocket-protocol"), "clarion.v1");
}

TEST_F(WebSocketTest, ServerAndClientMayRunOnTwoThreads) {
    TestCertificate files;
    serve({.tls = TlsContext::server({files.certificate_file(), files.key_file()}).value()});
    std::size_t count = 0;
    std::thread client([&, port = port_] {
        Loop loop;
        std::shared_ptr<WebSocket> socket;
        const auto tls = TlsContext::client({files.ca_file()}).value();
        websocket_connect(loop, {.host = "127.0.0.1", .port = port, .target = "/echo", .tls = tls}, [&](auto result) {
            ASSERT_TRUE(result) << result.error().message;
            socket = *result;
            socket->on_message([&](std::string_view text) {
                if (++count == 100)
                    socket->close(close_code::kNormal, "done");
                else
                    socket->send(std::string(text) + "x");
            });
            socket->on_close([&](auto, auto) { loop.stop(); });
            socket->send("x");
        });
        loop.run();
        loop_.post([this] { loop_.stop(); });
    });
    loop_.run();
    client.join();
    EXPECT_EQ(count, 100U);
}

TEST_F(WebSocketTest, SilentServerEndsTheUpgradeAtTheDeadline) {
    detail::Listener listener(loop_);
    std::optional<detail::Stream> kept;
    port_ =
        listener.open({}, [&](detail::Stream stream, const std::string&) { kept.emplace(std::move(stream)); }).value();
    const auto error = open({.target = "/echo", .deadline = 40ms});
    ASSERT_TRUE(error);
    EXPECT_EQ(error->code, ErrorCode::timed_out) << error->message;
}

}  // namespace
}  // namespace clarion::net
