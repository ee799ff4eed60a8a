// SPDX-License-Identifier: Apache-2.0
#include "net/detail/websocket_session.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "net/clock.hpp"

namespace clarion::net::detail {
namespace {

namespace websocket = boost::beast::websocket;

constexpr std::size_t kIdleBuffer = 256;  // what an idle socket keeps for the next message
constexpr std::size_t kGrowth = 4096;     // how much a longer message takes at a time
constexpr std::size_t kReasonMax = 123;   // RFC 6455 5.5: a control frame holds 125 bytes, two are the code

/// Cuts at a character, so that the reason stays UTF-8.
std::string cut_reason(std::string_view reason) {
    if (reason.size() <= kReasonMax) return std::string(reason);
    std::size_t end = kReasonMax;
    while (end > 0 && (static_cast<unsigned char>(reason[end]) & 0xC0U) == 0x80U) --end;
    return std::string(reason.substr(0, end));
}

}  // namespace

WebSocketSession::WebSocketSession(Loop& loop, Stream stream, WebSocketOptions options, std::string remote)
    : timer_(loop), socket_(std::move(stream)), options_(std::move(options)), remote_(std::move(remote)) {
    socket_.read_message_max(options_.message_max);
    socket_.auto_fragment(false);
    socket_.text(true);
}

WebSocketSession::~WebSocketSession() { release(); }

void WebSocketSession::drop_after(Duration limit) {
    timer_.arm(limit, [weak = weak_from_this()] {
        if (auto self = weak.lock()) self->socket_.next_layer().close();
    });
}

void WebSocketSession::start() {
    if (phase_ != Phase::opening) return;
    phase_ = Phase::open;
    timer_.cancel();
    // The peer began to close, or Beast did for a message that it refused: from here on there is the deadline only.
    socket_.control_callback([this](websocket::frame_type kind, std::string_view) {
        if (kind == websocket::frame_type::close && phase_ == Phase::open) drop_after(options_.close_deadline);
    });
    socket_.next_layer().on_shutdown([this] {
        if (phase_ == Phase::open) drop_after(options_.close_deadline);
    });
    last_heard_ = boot_now();
    if (options_.ping_every.count() > 0 || options_.dead_after.count() > 0) arm_ping(options_.ping_every);
    if (close_code_ != 0) {  // closed inside the callback that delivered it
        const auto code = std::exchange(close_code_, std::uint16_t{0});
        close(code, std::string(close_reason_));
    }
    read();
}

void WebSocketSession::read() {
    if (message_size_ == 0 && message_.size() > kGrowth) std::string().swap(message_);
    if (message_size_ == message_.size()) {
        const std::size_t wanted =
            message_size_ == 0 ? kIdleBuffer : std::max(message_size_ + kGrowth, message_size_ * 2);
        message_.resize(std::max(wanted, message_.size()));
    }
    socket_.async_read_some(
        asio::buffer(message_.data() + message_size_, message_.size() - message_size_),
        [self = shared_from_this()](error_code error, std::size_t count) { self->handle_read(error, count); }
    );
}

void WebSocketSession::handle_read(error_code error, std::size_t count) {
    if (phase_ == Phase::closed) return;
    if (error) return handle_read_error(error);
    if (phase_ == Phase::closing) {
        // Until our close frame is on its way somebody must read on, or the peer's own close would wait.
        message_size_ = 0;
        if (!is_close_sent_) read();
        return;
    }
    if (!socket_.got_text()) {
        message_size_ = 0;
        close(close_code::kBinaryRefused, "text messages only");
        if (!is_close_sent_) read();
        return;
    }
    message_size_ += count;
    if (socket_.is_message_done()) {
        const std::size_t size = std::exchange(message_size_, 0);
        if (on_message_) {
            // The callback may replace itself or abort: both must outlive the call.
            is_callback_new_ = false;
            auto callback = std::exchange(on_message_, nullptr);
            auto text = std::move(message_);
            message_.clear();
            callback(std::string_view(text.data(), size));
            if (phase_ == Phase::closed) return;
            if (!is_callback_new_) on_message_ = std::move(callback);
            message_ = std::move(text);
        }
        if (phase_ == Phase::closing && is_close_sent_) return;
    }
    read();
}

void WebSocketSession::handle_read_error(error_code error) {
    if (phase_ == Phase::closing && is_close_sent_) return;  // the close operation reports
    if (phase_ == Phase::closing) return finish(close_code_, close_reason_);
    if (error == websocket::error::closed) {
        const auto& theirs = socket_.reason();
        const std::string reason(theirs.reason.data(), theirs.reason.size());
        const auto code = theirs.code == websocket::close_code::none ? close_code::kNoStatus : theirs.code;
        return finish(static_cast<std::uint16_t>(code), reason);
    }
    if (error == websocket::error::message_too_big) {
        return finish(close_code::kTooBig, fmt::format("a message is larger than {} bytes", options_.message_max));
    }
    if (error == websocket::error::bad_frame_payload) return finish(close_code::kBadText, "a text is not UTF-8");
    if (error == websocket::condition::protocol_violation) return finish(close_code::kProtocolError, error.message());
    finish(close_code::kAbnormal, close_reason_.empty() ? error.message() : close_reason_);
}

void WebSocketSession::send(std::string text) {
    if (phase_ == Phase::closed || phase_ == Phase::closing || close_code_ != 0) return;
    queued_ += text.size();
    queue_.push_back(std::move(text));
    if (queued_ > options_.queue_max) {
        // What waits is lost; the message that is being written stays alive until Beast let go of it.
        queue_.erase(is_writing_ ? std::next(queue_.begin()) : queue_.begin(), queue_.end());
        queued_ = is_writing_ ? queue_.front().size() : 0;
        return close(close_code::kTryLater, "the send queue is full");
    }
    if (!is_writing_) write();
}

void WebSocketSession::write() {
    is_writing_ = true;
    socket_.async_write(asio::buffer(queue_.front()), [self = shared_from_this()](error_code error, std::size_t) {
        self->is_writing_ = false;
        self->queued_ -= std::min(self->queued_, self->queue_.front().size());
        self->queue_.pop_front();
        if (self->phase_ == Phase::closed) return;
        if (error) {
            // The pending read, or the close operation, reports it.
            if (self->phase_ == Phase::open) self->close_reason_ = error.message();
            self->socket_.next_layer().close();
            return;
        }
        if (!self->queue_.empty()) return self->write();
        if (self->phase_ == Phase::closing) self->send_close();
    });
}

void WebSocketSession::close(std::uint16_t code, std::string_view reason) {
    if (phase_ == Phase::closed || phase_ == Phase::closing || close_code_ != 0) return;
    close_code_ = code;
    close_reason_ = cut_reason(reason);
    if (phase_ == Phase::opening) return;  // start() goes on
    phase_ = Phase::closing;
    drop_after(options_.close_deadline);
    if (!is_writing_ || code == close_code::kTryLater) send_close();
}

void WebSocketSession::send_close() {
    if (std::exchange(is_close_sent_, true)) return;
    websocket::close_reason reason(static_cast<websocket::close_code>(close_code_));
    reason.reason.assign(close_reason_.data(), close_reason_.size());
    socket_.async_close(reason, [self = shared_from_this()](error_code) {
        self->finish(self->close_code_, self->close_reason_);
    });
}

void WebSocketSession::arm_ping(Duration delay) {
    const auto least = std::chrono::milliseconds{1};
    if (delay.count() <= 0) delay = options_.dead_after;
    timer_.arm(std::max<Duration>(delay, least), [weak = weak_from_this()] {
        if (auto self = weak.lock()) self->handle_ping_time();
    });
}

void WebSocketSession::handle_ping_time() {
    if (phase_ != Phase::open) return;
    const Instant now = boot_now();
    const auto heard = socket_.next_layer().bytes_read();
    if (heard != std::exchange(bytes_heard_, heard)) {
        last_heard_ = now;
        return arm_ping(options_.ping_every);
    }
    const Duration silence = now - last_heard_;
    if (options_.dead_after.count() > 0 && silence >= options_.dead_after) {
        close_reason_ = "the peer is silent";
        return socket_.next_layer().close();  // the pending read reports it
    }
    if (!is_pinging_ && options_.ping_every.count() > 0) {
        is_pinging_ = true;
        socket_.async_ping({}, [self = shared_from_this()](error_code) { self->is_pinging_ = false; });
    }
    const bool is_deadline_near =
        options_.dead_after.count() > 0 && options_.dead_after - silence < options_.ping_every;
    arm_ping(is_deadline_near ? options_.dead_after - silence : options_.ping_every);
}

void WebSocketSession::finish(std::uint16_t code, std::string_view reason) {
    if (phase_ == Phase::closed) return;
    const auto kept = shared_from_this();
    auto callback = std::exchange(on_close_, nullptr);
    const std::string text(reason);  // it may be a member that release() clears
    release();
    if (callback) callback(code, text);
}

void WebSocketSession::abort() {
    const auto kept = weak_from_this().lock();
    release();
}

void WebSocketSession::release() {
    phase_ = Phase::closed;
    timer_.cancel();
    socket_.next_layer().close();
    const auto message_callback = std::exchange(on_message_, nullptr);
    const auto close_callback = std::exchange(on_close_, nullptr);
    if (auto gone = std::exchange(on_gone_, nullptr)) gone();
}

void WebSocketSession::on_message(OnMessage fn) {
    if (phase_ == Phase::closed) return;
    on_message_ = std::move(fn);
    is_callback_new_ = true;
}

void WebSocketSession::on_close(OnClose fn) {
    if (phase_ != Phase::closed) on_close_ = std::move(fn);
}

}  // namespace clarion::net::detail
