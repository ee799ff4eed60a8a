// SPDX-License-Identifier: Apache-2.0
#include "net/detail/http2_pump.hpp"

#include <algorithm>
#include <utility>

#include "net/clock.hpp"

namespace clarion::net::detail {
namespace {

constexpr int kCollectRounds = 4;  // Acting on one round's notes may submit frames for the next.

}  // namespace

Http2Pump::Http2Pump(Loop& loop, Stream stream, Duration write_deadline)
    : loop_{loop},
      stream_{std::move(stream)},
      write_timer_{loop},
      write_deadline_{write_deadline},
      last_read_{boot_now()} {}

Http2Pump::~Http2Pump() = default;

void Http2Pump::start() {
    read();
    flush();
}

void Http2Pump::schedule_flush() {
    if (is_closed_ || is_writing_ || std::exchange(is_flush_posted_, true)) return;
    loop_.post([self = shared_from_this()] {
        self->is_flush_posted_ = false;
        self->flush();
    });
}

void Http2Pump::close(const Error& why) {
    if (std::exchange(is_closed_, true)) return;
    write_timer_.cancel();
    stream_.close();
    on_closed(why);
}

void Http2Pump::abort(const Error& why) {
    if (!is_closed_) stream_.reset_on_close();
    close(why);
}

void Http2Pump::read() {
    stream_.async_read_some(asio::buffer(in_), [self = shared_from_this()](error_code error, std::size_t length) {
        if (self->is_closed_) return;
        if (error) return self->close(to_error(error, "HTTP/2 connection"));
        self->received(length);
    });
}

void Http2Pump::received(std::size_t length) {
    if (is_mute_) return read();
    last_read_ = boot_now();
    const auto used = nghttp2_session_mem_recv(session_.get(), in_.data(), length);
    on_batch();
    if (is_closed_) return;
    if (used < 0) {
        // nghttp2 gives up only on a broken preface or without memory; other faults become its own GOAWAY.
        return close({ErrorCode::protocol, std::string{"HTTP/2: "} + nghttp2_strerror(static_cast<int>(used))});
    }
    flush();
    if (!is_closed_) read();
}

bool Http2Pump::collect() {
    while (out_.size() < kWriteMax) {
        const std::uint8_t* data = nullptr;
        const auto length = nghttp2_session_mem_send(session_.get(), &data);
        if (length < 0) return false;
        if (length == 0) break;
        out_.append(reinterpret_cast<const char*>(data), static_cast<std::size_t>(length));
    }
    return true;
}

void Http2Pump::flush() {
    if (is_closed_ || is_writing_ || is_mute_) return;
    out_.clear();
    is_writing_ = true;  // What on_batch() submits is collected below or after the write.
    for (int round = 0; round < kCollectRounds; ++round) {
        const bool is_good = collect();
        on_batch();
        if (is_closed_) return;
        if (!is_good) return close({ErrorCode::protocol, "HTTP/2: the session cannot go on"});
        if (!out_.empty() || nghttp2_session_want_write(session_.get()) == 0) break;
    }
    if (out_.empty()) {
        is_writing_ = false;
        return close_when_finished();
    }
    write_timer_.arm(write_deadline_, [this] { close({ErrorCode::timed_out, "HTTP/2: the peer takes no bytes"}); });
    write_from(0);
}

void Http2Pump::write_from(std::size_t offset) {
    const auto rest = asio::buffer(out_.data() + offset, out_.size() - offset);
    stream_.async_write_some(rest, [self = shared_from_this(), offset](error_code error, std::size_t length) {
        if (self->is_closed_) return;
        if (error) return self->close(to_error(error, "HTTP/2 connection"));
        if (offset + length < self->out_.size()) return self->write_from(offset + length);
        self->write_timer_.cancel();
        self->is_writing_ = false;
        self->flush();
    });
}

void Http2Pump::flush_now() {
    if (is_closed_ || is_writing_) return;
    out_.clear();
    if (collect() && !out_.empty()) (void)stream_.try_write(asio::buffer(out_));  // Last words: nobody waits for them.
}

void Http2Pump::close_when_finished() {
    if (nghttp2_session_want_read(session_.get()) == 0 && nghttp2_session_want_write(session_.get()) == 0) {
        close({ErrorCode::closed, "HTTP/2 connection: finished"});
    }
}

nghttp2_nv make_nv(std::string_view name, std::string_view value, bool is_indexed) {
    // nghttp2's struct is not const-correct; it never writes through these.
    const auto octets = [](std::string_view text) {
        return reinterpret_cast<std::uint8_t*>(const_cast<char*>(text.data()));
    };
    return {
        .name = octets(name),
        .value = octets(value),
        .namelen = name.size(),
        .valuelen = value.size(),
        .flags = static_cast<std::uint8_t>(is_indexed ? NGHTTP2_NV_FLAG_NONE : NGHTTP2_NV_FLAG_NO_INDEX)
    };
}

std::string lower_case(std::string_view name) {
    std::string lower{name};
    std::transform(lower.begin(), lower.end(), lower.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    return lower;
}

bool is_connection_header(std::string_view lower_name) {
    return lower_name == "connection" || lower_name == "keep-alive" || lower_name == "transfer-encoding" ||
           lower_name == "upgrade" || lower_name == "host" || lower_name == "content-length";
}

}  // namespace clarion::net::detail
