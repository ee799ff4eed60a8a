// SPDX-License-Identifier: Apache-2.0
#include "net/detail/stream.hpp"

#include <gtest/gtest.h>

#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <fstream>
#include <optional>

#include "net/testing/test_certificate.hpp"

namespace clarion::net::detail {
namespace {

using namespace std::chrono_literals;
using testing::TestCertificate;

class StreamTest : public ::testing::Test {
  protected:
    static std::shared_ptr<TlsContext> server_tls(
        const TestCertificate& files, std::vector<std::string> alpn = {"h2"}
    ) {
        auto made = TlsContext::server({files.certificate_file(), files.key_file(), std::move(alpn)});
        if (!made) ADD_FAILURE() << made.error().message;
        return made.value();
    }

    static std::shared_ptr<TlsContext> client_tls(
        const TestCertificate& files, std::vector<std::string> alpn = {"h2"}
    ) {
        return TlsContext::client({files.ca_file(), std::move(alpn)}).value();
    }

    void listen(std::shared_ptr<TlsContext> tls, Duration handshake_deadline = 5s) {
        const auto port = listener_.open(
            {.tls = std::move(tls), .handshake_deadline = handshake_deadline},
            [this](Stream stream, std::string) { server_.emplace(std::move(stream)); }
        );
        ASSERT_TRUE(port) << port.error().message;
        port_ = *port;
    }

    std::optional<Error> connect_to(const std::string& host, std::shared_ptr<TlsContext> tls, Duration deadline = 5s) {
        std::optional<Error> error;
        bool is_called = false;
        connect(loop_, {.host = host, .port = port_, .tls = std::move(tls), .deadline = deadline}, [&](auto result) {
            is_called = true;
            if (result)
                client_.emplace(std::move(*result));
            else
                error = result.error();
        });
        EXPECT_TRUE(loop_.run_until([&] { return is_called && (error || server_); }, 8s));
        return error;
    }

    void echo_through(std::size_t size) {
        std::string sent(size, ' ');
        for (std::size_t i = 0; i < size; ++i) sent[i] = static_cast<char>('a' + i * 7 % 26);
        const std::string head = "head";
        std::string got(size + head.size(), ' ');
        bool is_written = false;
        bool is_read = false;
        const std::array<asio::const_buffer, 3> parts{asio::buffer(head), asio::const_buffer{}, asio::buffer(sent)};
        asio::async_write(*client_, parts, [&](error_code error, std::size_t count) {
            EXPECT_FALSE(error) << error.message();
            EXPECT_EQ(count, got.size());
            is_written = true;
        });
        asio::async_read(*server_, asio::buffer(got), [&](error_code error, std::size_t) {
            EXPECT_FALSE(error) << error.message();
            is_read = true;
        });
        EXPECT_TRUE(loop_.run_until([&] { return is_written && is_read; }, 10s));
        EXPECT_EQ(got, head + sent);
    }

    Loop loop_;
    Listener listener_{loop_};
    std::uint16_t port_ = 0;
    std::optional<Stream> client_;
    std::optional<Stream> server_;
};

TEST_F(StreamTest, PlainBytesArriveWhole) {
    listen(nullptr);
    ASSERT_FALSE(connect_to("127.0.0.1", nullptr));
    EXPECT_FALSE(client_->is_tls());
    echo_through(10);
    echo_through(5'000'000);
}

TEST_F(StreamTest, TlsBytesArriveWholeAndAlpnIsKnown) {
    TestCertificate files;
    listen(server_tls(files));
    ASSERT_FALSE(connect_to("127.0.0.1", client_tls(files, {"http/1.1", "h2"})));
    EXPECT_EQ(client_->alpn(), "h2");
    EXPECT_EQ(server_->alpn(), "h2");
    echo_through(10);
    echo_through(5'000'000);
    EXPECT_GE(server_->bytes_read(), 5'000'000U);
}

TEST_F(StreamTest, NamesAreVerifiedAsWellAsAddresses) {
    TestCertificate files;
    listen(server_tls(files));
    EXPECT_FALSE(connect_to("localhost", client_tls(files)));
}

TEST_F(StreamTest, UnknownAuthorityIsUntrusted) {
    TestCertificate files;
    TestCertificate others;
    listen(server_tls(files));
    const auto error = connect_to("127.0.0.1", client_tls(others));
    ASSERT_TRUE(error);
    EXPECT_EQ(error->code, ErrorCode::tls_untrusted) << error->message;
}

TEST_F(StreamTest, WrongHostIsUntrusted) {
    TestCertificate files("elsewhere.example");
    listen(server_tls(files));
    for (const char* host : {"127.0.0.1", "localhost"}) {
        const auto error = connect_to(host, client_tls(files));
        ASSERT_TRUE(error);
        EXPECT_EQ(error->code, ErrorCode::tls_untrusted) << error->message;
    }
}

TEST_F(StreamTest, AlpnWithoutCommonNameFailsTheHandshake) {
    TestCertificate files;
    listen(server_tls(files, {"http/1.1"}));
    const auto error = connect_to("127.0.0.1", client_tls(files, {"h2"}));
    ASSERT_TRUE(error);
    EXPECT_EQ(error->code, ErrorCode::tls_failed) << error->message;
}

TEST_F(StreamTest, BusyPortSaysAddressAndPort) {
    listen(nullptr);
    Listener second(loop_);
    const auto result = second.open({.port = port_}, [](Stream, std::string) {});
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, ErrorCode::busy_port);
    EXPECT_EQ(result.error().message, "cannot listen on 127.0.0.1:" + std::to_string(port_) + ": the port is in use");
    const auto nonsense = second.open({.address = "nonsense"}, [](Stream, std::string) {});
    ASSERT_FALSE(nonsense);
    EXPECT_EQ(nonsense.error().code, ErrorCode::bad_address);
}

TEST_F(StreamTest, NobodyListeningIsRefused) {
    listen(nullptr);
    listener_.close();
    const auto error = connect_to("127.0.0.1", nullptr);
    ASSERT_TRUE(error);
    EXPECT_EQ(error->code, ErrorCode::refused) << error->message;
}

TEST_F(StreamTest, SilentServerEndsTheHandshakeAtTheDeadline) {
    TestCertificate files;
    listen(nullptr);
    const auto error = connect_to("127.0.0.1", client_tls(files), 50ms);
    ASSERT_TRUE(error);
    EXPECT_EQ(error->code, ErrorCode::timed_out) << error->message;
}

TEST_F(StreamTest, SilentClientIsDroppedAtTheHandshakeDeadline) {
    TestCertificate files;
    listen(server_tls(files), 30ms);
    bool is_connected = false;
    connect(loop_, {.host = "127.0.0.1", .port = port_}, [&](auto result) {
        client_.emplace(std::move(*result));
        is_connected = true;
    });
    ASSERT_TRUE(loop_.run_until([&] { return is_connected && listener_.handshaking() == 1; }, 5s));
    EXPECT_TRUE(loop_.run_until([&] { return listener_.handshaking() == 0; }, 5s));
    EXPECT_FALSE(server_);
}

TEST_F(StreamTest, CancelledConnectNeverCallsBack) {
    listen(nullptr);
    bool is_called = false;
    auto operation = connect(loop_, {.host = "127.0.0.1", .port = port_}, [&](auto) { is_called = true; });
    operation.cancel();
    Timer timer(loop_);
    bool is_over = false;
    timer.arm(20ms, [&] { is_over = true; });
    EXPECT_TRUE(loop_.run_until([&] { return is_over; }, 5s));
    EXPECT_FALSE(is_called);
}

TEST_F(StreamTest, CloseEndsAPendingRead) {
    TestCertificate files;
    listen(server_tls(files));
    ASSERT_FALSE(connect_to("127.0.0.1", client_tls(files)));
    std::array<char, 16> buffer;
    std::optional<error_code> result;
    server_->async_read_some(asio::buffer(buffer), [&](error_code error, std::size_t) { result = error; });
    server_->close();
    EXPECT_FALSE(result) << "handlers never run inside the call";
    EXPECT_TRUE(loop_.run_until([&] { return result.has_value(); }, 5s));
    EXPECT_EQ(*result, asio::error::operation_aborted);
}

TEST_F(StreamTest, ShutdownIsAGoodbyeAndALostPeerIsNot) {
    TestCertificate files;
    listen(server_tls(files));
    for (const bool is_polite : {true, false}) {
        server_.reset();
        ASSERT_FALSE(connect_to("127.0.0.1", client_tls(files)));
        std::array<char, 16> buffer;
        std::optional<error_code> result;
        server_->async_read_some(asio::buffer(buffer), [&](error_code error, std::size_t) { result = error; });
        if (is_polite)
            client_->async_shutdown([](error_code) {});
        else
            client_->close();
        EXPECT_TRUE(loop_.run_until([&] { return result.has_value(); }, 5s));
        EXPECT_EQ(*result, is_polite ? error_code(asio::error::eof) : error_code(asio::error::connection_reset));
        server_->close();
        Timer timer(loop_);
        bool is_over = false;
        timer.arm(5ms, [&] { is_over = true; });
        loop_.run_until([&] { return is_over; }, 5s);
    }
}

TEST(TlsContext, BadFilesAreNamedWithTheirFault) {
    TestCertificate files;
    TestCertificate others;
    const std::string text = files.folder() + "/text.pem";
    std::ofstream(text) << "not a certificate\n";
    const std::string empty = files.folder() + "/empty.pem";
    std::ofstream{empty};
    const auto fault = [](auto result) { return result ? std::string("none") : result.error().message; };
    EXPECT_EQ(
        fault(TlsContext::server({"/nowhere.pem", files.key_file()})), "certificate file /nowhere.pem is missing"
    );
    EXPECT_EQ(
        fault(TlsContext::server({files.certificate_file(), "/nowhere.key"})), "key file /nowhere.key is missing"
    );
    EXPECT_EQ(
        fault(TlsContext::server({text, files.key_file()})), "certificate file " + text + " has no PEM certificate"
    );
    EXPECT_EQ(
        fault(TlsContext::server({files.certificate_file(), text})),
        "key file " + text + " has no PEM unencrypted private key"
    );
    EXPECT_EQ(fault(TlsContext::server({empty, files.key_file()})), "certificate file " + empty + " is empty");
    EXPECT_EQ(
        fault(TlsContext::server({files.certificate_file(), others.key_file()})),
        "key file " + others.key_file() + " does not match certificate file " + files.certificate_file()
    );
    EXPECT_EQ(fault(TlsContext::client({text})), "CA file " + text + " has no PEM certificate");
    EXPECT_EQ(fault(TlsContext::client({"/nowhere.pem"})), "CA file /nowhere.pem is missing");
    EXPECT_EQ(
        fault(TlsContext::server({"/tmp", files.key_file()})), "certificate file /tmp cannot be read: Is a directory"
    );
    EXPECT_EQ(fault(TlsContext::server({files.certificate_file(), files.key_file()})), "none");
}

}  // namespace
}  // namespace clarion::net::detail
