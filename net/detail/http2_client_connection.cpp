// SPDX-License-Identifier: Apache-2.0
#include "net/detail/http2_client_connection.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "net/clock.hpp"

namespace clarion::net::detail {
namespace {

constexpr std::size_t kHeaderBytesMax = 16 * 1024;
constexpr std::size_t kGoawayTextMax = 256;
constexpr std::size_t kGivenUpFree = 16;  // So many may be given up and replaced at once.
constexpr Duration kGivenUpHold = std::chrono::seconds{1};

std::string_view view(const std::uint8_t* data, std::size_t length) {
    return {reinterpret_cast<const char*>(data), length};
}

std::string printable(std::string_view text) {
    std::string out{text.substr(0, kGoawayTextMax)};
    std::replace_if(out.begin(), out.end(), [](char c) { return c < ' ' || c > '~'; }, '?');
    return out;
}

}  // namespace

void Http2Pending::restart() {
    connection = nullptr;
    stream = 0;
    body_sent = 0;
    was_sent = false;
    is_answered = false;
    is_too_large = false;
    header_bytes = 0;
    response = {};
}

/// C functions for nghttp2; each forwards to the connection that is its user data.
struct Http2ClientConnection::Callbacks {
    static Http2ClientConnection& self(void* user) { return *static_cast<Http2ClientConnection*>(user); }

    static int header(
        nghttp2_session*,
        const nghttp2_frame* frame,
        const std::uint8_t* name,
        std::size_t name_length,
        const std::uint8_t* value,
        std::size_t value_length,
        std::uint8_t /*flags*/,
        void* user
    ) {
        self(user).note_header(frame->hd.stream_id, view(name, name_length), view(value, value_length));
        return 0;
    }
    static int data(
        nghttp2_session*,
        std::uint8_t /*flags*/,
        std::int32_t stream,
        const std::uint8_t* data,
        std::size_t length,
        void* user
    ) {
        self(user).note_data(stream, view(data, length));
        return 0;
    }
    static int received(nghttp2_session*, const nghttp2_frame* frame, void* user) {
        self(user).note_frame(*frame);
        return 0;
    }
    static int sent(nghttp2_session*, const nghttp2_frame* frame, void* user) {
        if (frame->hd.type != NGHTTP2_HEADERS) return 0;
        if (auto* pending = self(user).find(frame->hd.stream_id)) (*pending)->was_sent = true;
        return 0;
    }
    static int not_sent(nghttp2_session*, const nghttp2_frame* frame, int /*error*/, void* user) {
        if (frame->hd.type == NGHTTP2_HEADERS) self(user).note_not_sent(frame->hd.stream_id);
        return 0;
    }
    static int closed(nghttp2_session*, std::int32_t stream, std::uint32_t code, void* user) {
        self(user).note_closed(stream, code);
        return 0;
    }
    static ssize_t body(
        nghttp2_session*,
        std::int32_t /*stream*/,
        std::uint8_t* out,
        std::size_t room,
        std::uint32_t* flags,
        nghttp2_data_source* source,
        void* /*user*/
    ) {
        auto& pending = *static_cast<Http2Pending*>(source->ptr);
        const std::size_t length = std::min(room, pending.request.body.size() - pending.body_sent);
        std::copy_n(pending.request.body.data() + pending.body_sent, length, out);
        pending.body_sent += length;
        if (pending.body_sent == pending.request.body.size()) *flags |= NGHTTP2_DATA_FLAG_EOF;
        return static_cast<ssize_t>(length);
    }

    static nghttp2_session* make_session(Http2ClientConnection* connection) {
        nghttp2_session_callbacks* callbacks = nullptr;
        nghttp2_session_callbacks_new(&callbacks);
        nghttp2_session_callbacks_set_on_header_callback(callbacks, header);
        nghttp2_session_callbacks_set_on_data_chunk_recv_callback(callbacks, data);
        nghttp2_session_callbacks_set_on_frame_recv_callback(callbacks, received);
        nghttp2_session_callbacks_set_on_frame_send_callback(callbacks, sent);
        nghttp2_session_callbacks_set_on_frame_not_send_callback(callbacks, not_sent);
        nghttp2_session_callbacks_set_on_stream_close_callback(callbacks, closed);
        nghttp2_session* session = nullptr;
        nghttp2_session_client_new(&session, callbacks, connection);
        nghttp2_session_callbacks_del(callbacks);
        return session;
    }
};

Http2ClientConnection::Http2ClientConnection(
    Loop& loop, Stream stream, const Http2ClientOptions& options, std::weak_ptr<Owner> owner
)
    : Http2Pump{loop, std::move(stream), options.write_deadline},
      options_{options},
      owner_{std::move(owner)},
      watch_timer_{loop},
      given_up_timer_{loop},
      authority_{options.host + (options.port == 443 ? "" : ":" + std::to_string(options.port))},
      born_{boot_now()},
      last_use_{born_} {
    adopt(Callbacks::make_session(this));
}

void Http2ClientConnection::begin() {
    const std::array<nghttp2_settings_entry, 2> settings{
        {{NGHTTP2_SETTINGS_ENABLE_PUSH, 0}, {NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS, 0}}
    };
    nghttp2_submit_settings(session(), NGHTTP2_FLAG_NONE, settings.data(), settings.size());
    start();
    watch();
}

std::size_t Http2ClientConnection::limit() const {
    return std::min<std::size_t>(
        options_.streams_max, nghttp2_session_get_remote_settings(session(), NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS)
    );
}

Http2PendingPtr* Http2ClientConnection::find(std::int32_t stream) {
    if (stream < first_stream_ || stream % 2 == 0) return nullptr;
    const auto at = static_cast<std::size_t>(stream - first_stream_) / 2;
    return at < streams_.size() && streams_[at] ? &streams_[at] : nullptr;
}

Http2PendingPtr Http2ClientConnection::take(std::int32_t stream) {
    Http2PendingPtr* found = find(stream);
    if (found == nullptr) return nullptr;
    Http2PendingPtr pending = std::move(*found);
    pending->connection = nullptr;
    --in_flight_;
    while (!streams_.empty() && !streams_.front()) {
        streams_.pop_front();
        first_stream_ += 2;
    }
    return pending;
}

/// nghttp2 reads the texts when the frame is made: they belong to the request, which stays until its stream is closed,
/// or to the connection.
void Http2ClientConnection::add_header(std::string_view name, std::string_view value, bool is_indexed) {
    headers_.push_back(make_nv(name, value, is_indexed));
    headers_.back().flags |= NGHTTP2_NV_FLAG_NO_COPY_NAME | NGHTTP2_NV_FLAG_NO_COPY_VALUE;
}

void Http2ClientConnection::add_own_header(const Header& header, bool is_indexed) {
    if (std::ranges::any_of(header.name, [](char c) { return c >= 'A' && c <= 'Z'; })) {
        const std::string& lower = texts_.emplace_back(lower_case(header.name));
        if (is_connection_header(lower)) return;
        headers_.push_back(make_nv(lower, header.value, is_indexed));  // Copied by nghttp2.
    } else if (!header.name.starts_with(':') && !is_connection_header(header.name)) {
        add_header(header.name, header.value, is_indexed);
    }
}

void Http2ClientConnection::submit(const Http2PendingPtr& pending) {
    pending->restart();
    const Http2Request& request = pending->request;
    headers_.clear();
    texts_.clear();
    add_header(":method", request.method, true);
    add_header(":scheme", options_.tls ? "https" : "http", true);
    add_header(":authority", authority_, true);
    add_header(":path", request.path, false);
    if (request.common) {
        for (const Header& header : *request.common) add_header(header.name, header.value, true);
    }
    // The first request takes its own headers into the peer's table as well, for the sake of their names (Apple's
    // advice for apns-id and its like).
    const bool is_first = !std::exchange(has_asked_, true);
    for (const Header& header : request.headers) add_own_header(header, is_first);
    if (!request.body.empty()) {
        headers_.push_back(make_nv("content-length", texts_.emplace_back(std::to_string(request.body.size())), true));
    }
    nghttp2_data_provider provider{.source = {.ptr = pending.get()}, .read_callback = Callbacks::body};
    const std::int32_t stream = nghttp2_submit_request(
        session(), nullptr, headers_.data(), headers_.size(), request.body.empty() ? nullptr : &provider, nullptr
    );
    if (stream < 0) {
        // Stream ids used up (2^30 requests) or no memory: this connection takes no more, the request moves on.
        is_draining_ = true;
        has_news_ = true;
        finished_.push_back({pending, Finished::How::unprocessed});
    } else {
        pending->stream = stream;
        pending->connection = this;
        if (streams_.empty()) first_stream_ = stream;
        streams_.push_back(pending);
        last_use_ = boot_now();
        if (++in_flight_ == 1) watch();
    }
    schedule_flush();
}

std::size_t Http2ClientConnection::load() const {
    return in_flight_ + (given_up_ > kGivenUpFree ? given_up_ - kGivenUpFree : 0);
}

void Http2ClientConnection::abandon(Http2Pending& pending) {
    if (is_closed()) return;
    ++given_up_;
    if (!given_up_timer_.is_armed()) {
        given_up_timer_.arm(kGivenUpHold, [this] {
            given_up_ = 0;
            if (const auto owner = owner_.lock()) owner->on_progress(*this);
        });
    }
    nghttp2_submit_rst_stream(session(), NGHTTP2_FLAG_NONE, pending.stream, NGHTTP2_CANCEL);
    schedule_flush();  // The stream leaves the map when nghttp2 closes it.
}

void Http2ClientConnection::drain() {
    is_draining_ = true;
    if (in_flight_ > 0 || is_closed()) return;
    nghttp2_session_terminate_session(session(), NGHTTP2_NO_ERROR);
    schedule_flush();
}

std::vector<Http2PendingPtr> Http2ClientConnection::take_streams() {
    // In the order of asking, so that a repeat keeps it.
    std::vector<Http2PendingPtr> all;
    all.reserve(in_flight_);
    for (auto& pending : std::exchange(streams_, {})) {
        if (!pending) continue;
        pending->connection = nullptr;
        all.push_back(std::move(pending));
    }
    in_flight_ = 0;
    return all;
}

void Http2ClientConnection::note_header(std::int32_t stream, std::string_view name, std::string_view value) {
    const Http2PendingPtr* found = find(stream);
    if (found == nullptr) return;
    Http2Pending* pending = found->get();
    pending->header_bytes += name.size() + value.size();
    if (pending->header_bytes > kHeaderBytesMax) {
        pending->is_too_large = true;
        return;
    }
    if (name == ":status") {
        // nghttp2 has checked that these are three digits. An interim response (1xx) is replaced by the real one.
        unsigned status = 0;
        std::from_chars(value.data(), value.data() + value.size(), status);
        pending->response = {.status = status};
        return;
    }
    pending->response.headers.push_back({std::string{name}, std::string{value}});
}

void Http2ClientConnection::note_data(std::int32_t stream, std::string_view data) {
    const Http2PendingPtr* found = find(stream);
    if (found == nullptr || (*found)->is_too_large) return;
    Http2Pending* pending = found->get();
    if (pending->response.body.size() + data.size() > pending->request.body_max) {
        pending->is_too_large = true;
        nghttp2_submit_rst_stream(session(), NGHTTP2_FLAG_NONE, stream, NGHTTP2_CANCEL);
        return;
    }
    pending->response.body.append(data);
}

void Http2ClientConnection::note_frame(const nghttp2_frame& frame) {
    const bool is_ack = (frame.hd.flags & NGHTTP2_FLAG_ACK) != 0;
    switch (frame.hd.type) {
        case NGHTTP2_SETTINGS: has_news_ = has_news_ || !is_ack; break;
        case NGHTTP2_PING: has_pong_ = has_pong_ || is_ack; break;
        case NGHTTP2_GOAWAY:
            ++goaways_;
            is_draining_ = true;
            has_news_ = true;
            goaway_text_ = printable(view(frame.goaway.opaque_data, frame.goaway.opaque_data_len));
            break;
        case NGHTTP2_DATA:
        case NGHTTP2_HEADERS:
            if ((frame.hd.flags & NGHTTP2_FLAG_END_STREAM) == 0) break;
            if (auto* pending = find(frame.hd.stream_id)) (*pending)->is_answered = true;
            break;
        default: break;
    }
}

void Http2ClientConnection::note_not_sent(std::int32_t stream) {
    if (auto pending = take(stream)) finished_.push_back({std::move(pending), Finished::How::unprocessed});
}

void Http2ClientConnection::note_closed(std::int32_t stream, std::uint32_t code) {
    Http2PendingPtr pending = take(stream);
    if (!pending) return;
    auto how = Finished::How::reset;
    if (pending->is_too_large) {
        how = Finished::How::too_large;
    } else if (pending->is_answered) {
        given_up_ = 0;
        how = Finished::How::answered;  // Also when the peer resets what it did not read of our body.
    } else if (code == NGHTTP2_REFUSED_STREAM) {
        how = Finished::How::unprocessed;  // RFC 9113 8.7; nghttp2 says the same for streams above GOAWAY's last id.
    }
    finished_.push_back({std::move(pending), how, code});
}

void Http2ClientConnection::on_batch() {
    if (std::exchange(has_pong_, false)) {
        is_ping_out_ = false;
        watch();
    }
    const auto owner = owner_.lock();
    if (!owner) return;
    if (std::exchange(has_news_, false)) {
        if (!std::exchange(is_ready_, true)) owner->on_ready(*this);
        owner->on_progress(*this);
    }
    if (!finished_.empty()) owner->on_finished(*this, std::exchange(finished_, {}));
    if (is_draining_ && !is_closed()) drain();
}

void Http2ClientConnection::on_closed(const Error& why) {
    watch_timer_.cancel();
    given_up_timer_.cancel();
    if (const auto owner = owner_.lock()) {
        if (!finished_.empty()) owner->on_finished(*this, std::exchange(finished_, {}));
        owner->on_lost(*this, why);
    }
}

/// Arms one timer for the next moment at which a PING could be due; looks again then.
void Http2ClientConnection::watch() {
    if (is_closed() || is_ping_out_) return;
    const bool is_busy = in_flight_ > 0;
    const Duration patience = is_busy ? options_.ping_silence : options_.ping_idle;
    if (patience <= Duration{0}) return watch_timer_.cancel();
    const Instant quiet_since = std::max(last_read(), last_use_);
    watch_timer_.arm_at(quiet_since + patience, [this, is_busy, quiet_since] {
        const bool is_same = is_busy == (in_flight_ > 0) && quiet_since == std::max(last_read(), last_use_);
        if (is_same) return ping();
        watch();
    });
}

void Http2ClientConnection::ping() {
    is_ping_out_ = true;
    ++pings_;
    nghttp2_submit_ping(session(), NGHTTP2_FLAG_NONE, nullptr);
    schedule_flush();
    watch_timer_.arm(options_.ping_deadline, [this] {
        close({ErrorCode::timed_out, "HTTP/2: the peer does not answer a PING"});
    });
}

}  // namespace clarion::net::detail
