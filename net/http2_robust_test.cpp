// SPDX-License-Identifier: Apache-2.0
// What h2spec and attackers send: the server ends such a connection or stream, and goes on serving the others.
#include <gtest/gtest.h>

#include <array>
#include <chrono>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "net/detail/stream.hpp"
#include "net/http2_client.hpp"
#include "net/http2_server.hpp"

namespace clarion::net {
namespace {

using namespace std::chrono_literals;

const std::string kPreface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

enum Type : std::uint8_t {
    kData,
    kHeaders,
    kPriority,
    kReset,
    kSettings,
    kPush,
    kPing,
    kGoaway,
    kWindow,
    kContinuation
};
constexpr std::uint8_t kEndStream = 0x1;
constexpr std::uint8_t kEndHeaders = 0x4;
constexpr std::uint8_t kPadded = 0x8;

std::string number(std::uint32_t value, int bytes) {
    std::string text;
    for (int i = bytes - 1; i >= 0; --i) text += static_cast<char>(value >> (8 * i) & 0xffU);
    return text;
}

/// A frame whose length field may lie.
std::string frame_of(
    std::uint32_t length, Type type, std::uint8_t flags, std::uint32_t stream, const std::string& body
) {
    return number(length, 3) + static_cast<char>(type) + static_cast<char>(flags) + number(stream, 4) + body;
}

std::string frame(Type type, std::uint8_t flags, std::uint32_t stream, const std::string& body = {}) {
    return frame_of(static_cast<std::uint32_t>(body.size()), type, flags, stream, body);
}

/// HPACK: a literal without indexing; texts under 127 bytes.
std::string literal(const std::string& name, const std::string& value) {
    return std::string(1, '\0') + static_cast<char>(name.size()) + name + static_cast<char>(value.size()) + value;
}

/// GET http / with an authority: three fields of the static table and a literal.
std::string get_block() { return "\x82\x86\x84" + literal(":authority", "localhost"); }

std::string request(std::uint32_t stream) { return frame(kHeaders, kEndStream | kEndHeaders, stream, get_block()); }

std::string many(int times, const std::string& what) {
    std::string all;
    for (int i = 0; i < times; ++i) all += what;
    return all;
}

/// One table entry of 4 kB, asked for again and again: a few bytes on the wire, megabytes when believed.
std::string hpack_bomb() {
    const std::string value(3900, 'b');
    // Literal with incremental indexing; length 3900 with a 7-bit prefix: 127, then 3773 in groups of seven bits.
    const std::string entry = std::string("\x40\x01") + "x\x7f\xbd\x1d" + value;
    return get_block() + entry + std::string(8000, '\xbe');
}

struct Attack {
    const char* name;
    std::string bytes;
    bool ends_connection = true;
};

std::vector<Attack> attacks() {
    const std::string hello = kPreface + frame(kSettings, 0, 0);
    std::string rapid = hello;
    std::string half = hello;
    for (std::uint32_t i = 0; i < 3000; ++i) {
        rapid += request(2 * i + 1) + frame(kReset, 0, 2 * i + 1, number(8, 4));
    }
    for (std::uint32_t i = 0; i < 500; ++i) half += frame(kHeaders, kEndHeaders, 2 * i + 1, get_block());
    const std::string agreed = hello + frame(kSettings, 1, 0);
    const auto setting = [](std::uint32_t id, std::uint32_t value) { return number(id, 2) + number(value, 4); };
    return {
        {"NoPreface", "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"},
        {"WrongPreface", std::string(24, 'x')},
        {"FirstFrameIsNotSettings", kPreface + request(1)},
        {"OversizedFrame", hello + frame_of(0xffffff, kData, 0, 1, std::string(20'000, 'x'))},
        {"HeadersOnStreamZero", hello + frame(kHeaders, kEndHeaders | kEndStream, 0, get_block())},
        {"HeadersOnEvenStream", hello + request(2)},
        {"StreamIdsGoDown", hello + request(5) + request(3), false},  // The second one is ignored.
        {"DataOnIdleStream", hello + frame(kData, 0, 7, "x")},
        {"ContinuationAlone", hello + frame(kContinuation, kEndHeaders, 1, get_block())},
        {"OtherFrameInsideHeaders", hello + frame(kHeaders, 0, 1, get_block()) + frame(kPing, 0, 0, std::string(8, 'p'))
        },
        {"SettingsOfOddLength", hello + frame(kSettings, 0, 0, "12345")},
        {"SettingsAckWithBody", hello + frame(kSettings, 1, 0, "123456")},
        {"SettingsOnAStream", hello + frame(kSettings, 0, 1)},
        {"WindowTooLarge", hello + frame(kWindow, 0, 0, number(0x7fffffff, 4))},
        {"WindowOfZero", hello + frame(kWindow, 0, 0, number(0, 4))},
        {"PingOfSevenBytes", hello + frame(kPing, 0, 0, "1234567")},
        {"ResetOfIdleStream", hello + frame(kReset, 0, 9, number(8, 4))},
        {"PushFromClient", hello + frame(kPush, kEndHeaders, 1, number(2, 4) + get_block())},
        {"BrokenHpack", hello + frame(kHeaders, kEndHeaders | kEndStream, 1, std::string(20, '\xff'))},
        {"ContinuationFlood",
         hello + frame(kHeaders, 0, 1, get_block()) + many(20'000, frame(kContinuation, 0, 1, literal("x", "y")))},
        {"RapidReset", rapid},
        {"PingFlood", hello + many(20'000, frame(kPing, 0, 0, std::string(8, 'p'))), false},  // Each is answered.
        {"SettingsFlood", hello + many(20'000, frame(kSettings, 0, 0))},
        {"HpackBomb", hello + frame(kHeaders, kEndHeaders | kEndStream, 1, hpack_bomb()), false},
        {"HeaderFlood",
         hello + frame(kHeaders, kEndHeaders | kEndStream, 1, get_block() + many(1500, literal("x", "y"))), false},
        {"UpperCaseHeader", hello + frame(kHeaders, kEndHeaders | kEndStream, 1, get_block() + literal("X", "y")), false
        },
        {"NoMethod", hello + frame(kHeaders, kEndHeaders | kEndStream, 1, literal("x", "y")), false},
        {"BodyWithoutEnd",
         hello + frame(kHeaders, kEndHeaders, 1, get_block()) + frame(kData, 0, 1, std::string(9000, 'x')), false},
        {"BodyLongerThanItsLength",
         hello + frame(kHeaders, kEndHeaders, 1, get_block() + literal("content-length", "1")) +
             frame(kData, kEndStream, 1, "123"),
         false},
        {"MoreStreamsThanAllowed", half, false},
        {"MoreStreamsThanAgreed", agreed + half.substr(hello.size())},
        {"GoawayOnAStream", hello + frame(kGoaway, 0, 1, number(0, 4) + number(0, 4))},
        {"SettingsOfATooLargeWindow", hello + frame(kSettings, 0, 0, setting(4, 0x80000000))},
        {"SettingsOfATooSmallFrame", hello + frame(kSettings, 0, 0, setting(5, 100))},
        {"ResetOfStreamZero", hello + frame(kReset, 0, 0, number(8, 4))},
        {"PriorityOfStreamZero", hello + frame(kPriority, 0, 0, number(1, 4) + "x")},
        {"PaddingLongerThanItsFrame",
         hello + frame(kHeaders, kEndHeaders, 1, get_block()) + frame(kData, kPadded, 1, std::string("\x7f") + "x")},
        {"EmptyDataFlood", hello + frame(kHeaders, kEndHeaders, 1, get_block()) + many(20'000, frame(kData, 0, 1)),
         false},
        {"UnknownFrame", hello + frame(static_cast<Type>(0x77), 0, 0, "?") + request(1), false},
    };
}

class Http2Robust : public ::testing::TestWithParam<Attack> {
  protected:
    void SetUp() override {
        server_.on_exchange([](const HttpRequest&, const Http2Exchange& exchange) { exchange.respond({.status = 200}); }
        );
        port_ = server_.start().value();
    }
    /// Sends what it has and reads whatever comes, until the peer ends it.
    void attack(const std::string& bytes) {
        connecting_ = detail::connect(
            loop_, {.host = "127.0.0.1", .port = port_, .deadline = 5s},
            [this, bytes](std::expected<detail::Stream, Error> stream) {
                ASSERT_TRUE(stream.has_value()) << stream.error().message;
                stream_.emplace(*std::move(stream));
                out_ = bytes;
                write(0);
                read();
            }
        );
    }
    void write(std::size_t offset) {
        if (offset == out_.size()) {
            is_written_ = true;
            return;
        }
        const auto rest = detail::asio::buffer(out_.data() + offset, out_.size() - offset);
        stream_->async_write_some(rest, [this, offset](detail::error_code error, std::size_t length) {
            if (error) {
                is_written_ = true;
                return;
            }
            write(offset + length);
        });
    }
    void read() {
        stream_->async_read_some(detail::asio::buffer(in_), [this](detail::error_code error, std::size_t length) {
            got_.append(in_.data(), length);
            is_ended_ = is_ended_ || error;
            if (!is_ended_) read();
        });
    }
    [[nodiscard]] unsigned good_request() {
        Http2Client client{loop_, {.host = "127.0.0.1", .port = port_}};
        std::optional<unsigned> status;
        client.request({.method = "GET"}, [&](std::expected<HttpResponse, Http2Error> answer) {
            status = answer ? answer->status : 0;
        });
        EXPECT_TRUE(loop_.run_until([&] { return status.has_value(); }, 10s));
        return status.value_or(0);
    }
    void TearDown() override {
        if (stream_) stream_->close();
        loop_.run_until([&] { return is_ended_; }, 1s);
    }

    Loop loop_;
    Http2Server server_{loop_, {.headers_max = 8000, .excess_text = "more streams than agreed"}};
    std::uint16_t port_ = 0;
    Operation connecting_;
    std::optional<detail::Stream> stream_;
    std::string out_;
    std::array<char, 16'384> in_{};
    std::string got_;
    bool is_written_ = false;
    bool is_ended_ = false;
};

TEST_P(Http2Robust, OthersAreServedOn) {
    attack(GetParam().bytes);
    if (GetParam().ends_connection) {
        EXPECT_TRUE(loop_.run_until([&] { return is_ended_; }, 10s)) << "the connection lives on";
        EXPECT_TRUE(loop_.run_until([&] { return server_.connections() == 0; }, 10s));
    } else {
        EXPECT_TRUE(loop_.run_until([&] { return is_written_ && !got_.empty(); }, 10s));
    }
    EXPECT_EQ(good_request(), 200U);
    const bool is_excess = std::string_view{GetParam().name} == "MoreStreamsThanAgreed";
    EXPECT_EQ(got_.contains("more streams than agreed"), is_excess);
}

class Http2Goodbye : public Http2Robust {};

/// RFC 9113 section 6.8: the client sends again elsewhere what a GOAWAY disowned, so it must not have been looked at.
TEST_F(Http2Goodbye, WhatItDisownsIsNotHandledAlsoWhenItWasThereBeforeTheFrameLeft) {
    std::vector<std::int32_t> handled;
    server_.on_exchange([&](const HttpRequest&, const Http2Exchange& exchange) {
        handled.push_back(exchange.stream_id());
        exchange.go_away(Http2Code::no_error, "enough", exchange.stream_id());
        exchange.respond({.status = 200});
    });
    attack(kPreface + frame(kSettings, 0, 0) + request(1) + request(3) + request(5));
    EXPECT_TRUE(loop_.run_until([&] { return got_.contains("enough"); }, 10s));
    EXPECT_EQ(handled, (std::vector<std::int32_t>{1}));
}

INSTANTIATE_TEST_SUITE_P(All, Http2Robust, ::testing::ValuesIn(attacks()), [](const auto& one) {
    return std::string{one.param.name};
});

}  // namespace
}  // namespace clarion::net
