// SPDX-License-Identifier: Apache-2.0
#include "net/detail/http2_server_connection.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace clarion::net::detail {
namespace {

constexpr std::int32_t kStreamMax = INT32_MAX;
constexpr Duration kRetireGrace{100};

std::string_view view(const std::uint8_t* data, std::size_t length) {
    return {reinterpret_cast<const char*>(data), length};
}

}  // namespace

/// C functions for nghttp2; each forwards to the connection that is its user data.
struct Http2ServerConnection::Callbacks {
    static Http2ServerConnection& self(void* user) { return *static_cast<Http2ServerConnection*>(user); }

    static int begin(nghttp2_session*, const nghttp2_frame* frame, void* user) {
        if (frame->hd.type == NGHTTP2_HEADERS && frame->headers.cat == NGHTTP2_HCAT_REQUEST) {
            self(user).note_begin(frame->hd.stream_id);
        }
        return 0;
    }
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
        if (frame->hd.type == NGHTTP2_PING) self(user).note_ping((frame->hd.flags & NGHTTP2_FLAG_ACK) != 0);
        const bool may_end = frame->hd.type == NGHTTP2_DATA || frame->hd.type == NGHTTP2_HEADERS;
        if (may_end && (frame->hd.flags & NGHTTP2_FLAG_END_STREAM) != 0) self(user).note_end(frame->hd.stream_id);
        return 0;
    }
    static int invalid(nghttp2_session*, const nghttp2_frame* frame, int error, void* user) {
        if (frame->hd.type == NGHTTP2_HEADERS && error == NGHTTP2_ERR_PROTO) self(user).note_excess();
        return 0;
    }
    static int closed(nghttp2_session*, std::int32_t stream, std::uint32_t /*code*/, void* user) {
        self(user).note_closed(stream);
        return 0;
    }
    static ssize_t body(
        nghttp2_session*,
        std::int32_t /*stream*/,
        std::uint8_t* out,
        std::size_t room,
        std::uint32_t* flags,
        nghttp2_data_source* source,
        void* user
    ) {
        auto& exchange = *static_cast<Exchange*>(source->ptr);
        const std::size_t rest = exchange.out.size() - exchange.out_sent;
        const bool is_split = self(user).options_.splits_bodies;
        const std::size_t length = std::min(room, is_split && exchange.out_sent == 0 ? (rest + 1) / 2 : rest);
        std::copy_n(exchange.out.data() + exchange.out_sent, length, out);
        exchange.out_sent += length;
        // With an empty frame at the end: nothing was left when it was asked for.
        if (exchange.out_sent == exchange.out.size() && (!is_split || rest == 0)) *flags |= NGHTTP2_DATA_FLAG_EOF;
        return static_cast<ssize_t>(length);
    }

    static nghttp2_session* make_session(Http2ServerConnection* connection) {
        nghttp2_session_callbacks* callbacks = nullptr;
        nghttp2_session_callbacks_new(&callbacks);
        nghttp2_session_callbacks_set_on_begin_headers_callback(callbacks, begin);
        nghttp2_session_callbacks_set_on_header_callback(callbacks, header);
        nghttp2_session_callbacks_set_on_data_chunk_recv_callback(callbacks, data);
        nghttp2_session_callbacks_set_on_frame_recv_callback(callbacks, received);
        nghttp2_session_callbacks_set_on_stream_close_callback(callbacks, closed);
        nghttp2_session_callbacks_set_on_invalid_frame_recv_callback(callbacks, invalid);
        nghttp2_option* option = nullptr;
        nghttp2_option_new(&option);
        nghttp2_option_set_no_http_messaging(option, connection->options_.is_lenient ? 1 : 0);
        nghttp2_session* session = nullptr;
        nghttp2_session_server_new2(&session, callbacks, connection, option);
        nghttp2_option_del(option);
        nghttp2_session_callbacks_del(callbacks);
        return session;
    }
};

Http2ServerConnection::Http2ServerConnection(
    Loop& loop, Stream stream, const Http2ServerOptions& options, std::uint64_t id, std::string remote
)
    : Http2Pump{loop, std::move(stream), options.write_deadline},
      options_{options},
      id_{id},
      remote_{std::move(remote)},
      is_tls_{options.tls != nullptr},
      idle_timer_{loop},
      age_timer_{loop},
      retire_timer_{loop} {
    adopt(Callbacks::make_session(this));
}

void Http2ServerConnection::begin(std::shared_ptr<const Hooks> hooks) {
    hooks_ = std::move(hooks);
    const std::array<nghttp2_settings_entry, 2> settings{
        {{NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS, options_.streams_max},
         {NGHTTP2_SETTINGS_MAX_HEADER_LIST_SIZE, static_cast<std::uint32_t>(options_.headers_max)}}
    };
    nghttp2_submit_settings(session(), NGHTTP2_FLAG_NONE, settings.data(), settings.size());
    start();
    arm_idle();
    if (options_.age_max <= Duration{0} || is_closed()) return;
    age_timer_.arm(options_.age_max, [this] { retire("max_age"); });
}

void Http2ServerConnection::end() {
    if (is_closed()) return;
    nghttp2_submit_goaway(
        session(), NGHTTP2_FLAG_NONE, nghttp2_session_get_last_proc_stream_id(session()), NGHTTP2_NO_ERROR, nullptr, 0
    );
    flush_now();
    close({ErrorCode::cancelled, "HTTP/2 server: stopped"});
}

Http2ServerConnection::Exchange* Http2ServerConnection::find(std::int32_t stream) {
    const auto at = streams_.find(stream);
    return at == streams_.end() ? nullptr : at->second.get();
}

void Http2ServerConnection::arm_idle() {
    if (options_.idle_deadline <= Duration{0} || is_closed()) return;
    idle_timer_.arm(options_.idle_deadline, [this] {
        if (!streams_.empty()) return;
        go_away(NGHTTP2_NO_ERROR, "session_timeout", nghttp2_session_get_last_proc_stream_id(session()));
    });
}

void Http2ServerConnection::respond(std::int32_t stream, HttpResponse response) {
    Exchange* exchange = find(stream);
    if (exchange == nullptr || is_closed() || std::exchange(exchange->is_answered, true)) return;
    exchange->timer.cancel();
    exchange->out = std::move(response.body);
    const std::string status = std::to_string(response.status);
    const std::string length = std::to_string(exchange->out.size());
    std::vector<std::string> names;
    names.reserve(response.headers.size());  // The nghttp2_nv below point into these.
    std::vector<nghttp2_nv> headers{make_nv(":status", status, true)};
    for (const Header& header : response.headers) {
        const std::string& name = names.emplace_back(lower_case(header.name));
        if (!is_connection_header(name)) headers.push_back(make_nv(name, header.value, true));
    }
    if (!exchange->out.empty()) headers.push_back(make_nv("content-length", length, true));
    nghttp2_data_provider provider{.source = {.ptr = exchange}, .read_callback = Callbacks::body};
    nghttp2_submit_response(
        session(), stream, headers.data(), headers.size(), exchange->out.empty() ? nullptr : &provider
    );
    schedule_flush();
}

void Http2ServerConnection::reset(std::int32_t stream, std::uint32_t code) {
    Exchange* exchange = find(stream);
    if (exchange == nullptr || is_closed() || std::exchange(exchange->is_answered, true)) return;
    exchange->timer.cancel();
    nghttp2_submit_rst_stream(session(), NGHTTP2_FLAG_NONE, stream, code);
    schedule_flush();
}

void Http2ServerConnection::go_away(std::uint32_t code, std::string_view debug, std::int32_t last_stream) {
    if (is_closed()) return;
    const auto* octets = reinterpret_cast<const std::uint8_t*>(debug.data());
    const std::int32_t last = std::clamp(last_stream, 0, kStreamMax);
    owned_ = std::min(owned_, last);
    nghttp2_submit_goaway(session(), NGHTTP2_FLAG_NONE, last, code, octets, debug.size());
    schedule_flush();
}

void Http2ServerConnection::retire(std::string_view debug) {
    if (is_closed()) return;
    nghttp2_submit_shutdown_notice(session());
    schedule_flush();
    retire_timer_.arm(kRetireGrace, [this, text = std::string{debug}] {
        go_away(NGHTTP2_NO_ERROR, text, nghttp2_session_get_last_proc_stream_id(session()));
    });
}

void Http2ServerConnection::ping() {
    if (is_closed()) return;
    ++hooks_->stats->pings_sent;
    nghttp2_submit_ping(session(), NGHTTP2_FLAG_NONE, nullptr);
    schedule_flush();
}

void Http2ServerConnection::drop(bool with_reset) {
    const Error why{ErrorCode::cancelled, "HTTP/2 server: dropped"};
    with_reset ? abort(why) : close(why);
}

void Http2ServerConnection::announce(nghttp2_settings_id id, std::uint32_t value) {
    if (is_closed()) return;
    const nghttp2_settings_entry setting{id, value};
    nghttp2_submit_settings(session(), NGHTTP2_FLAG_NONE, &setting, 1);
    schedule_flush();
}

void Http2ServerConnection::note_begin(std::int32_t stream) {
    auto exchange = std::make_unique<Exchange>(loop());
    exchange->request.remote_address = remote_;
    exchange->request.is_tls = is_tls_;
    exchange->timer.arm(options_.request_deadline, [this, stream] { respond(stream, {.status = 408}); });
    streams_.insert_or_assign(stream, std::move(exchange));
    idle_timer_.cancel();
    pings_ = 0;
}

void Http2ServerConnection::note_header(std::int32_t stream, std::string_view name, std::string_view value) {
    Exchange* exchange = find(stream);
    if (exchange == nullptr || exchange->refusal != 0) return;
    exchange->header_bytes += name.size() + value.size();
    HttpRequest& request = exchange->request;
    if (exchange->header_bytes > options_.headers_max) {
        exchange->refusal = 431;
    } else if (name == ":method") {
        request.method = value;
    } else if (name == ":path") {
        const std::size_t mark = value.find('?');
        request.path = value.substr(0, mark);
        if (mark != std::string_view::npos) request.query = value.substr(mark + 1);
    } else if (name == ":authority") {
        request.headers.push_back({"host", std::string{value}});
    } else if (!name.starts_with(':')) {
        request.headers.push_back({std::string{name}, std::string{value}});
    }
}

void Http2ServerConnection::note_data(std::int32_t stream, std::string_view data) {
    Exchange* exchange = find(stream);
    if (exchange == nullptr || exchange->refusal != 0) return;
    if (exchange->request.body.size() + data.size() > options_.body_max) {
        exchange->refusal = 413;
        return;
    }
    exchange->request.body.append(data);
}

void Http2ServerConnection::note_end(std::int32_t stream) {
    Exchange* exchange = find(stream);
    if (exchange == nullptr || std::exchange(exchange->is_complete, true)) return;
    complete_.push_back(stream);
}

void Http2ServerConnection::note_ping(bool is_answer) {
    ++(is_answer ? hooks_->stats->pongs_seen : hooks_->stats->pings_seen);
    if (is_answer || options_.pings_max == 0 || ++pings_ != options_.pings_max + 1) return;
    go_away(NGHTTP2_ENHANCE_YOUR_CALM, "too_many_pings", nghttp2_session_get_last_proc_stream_id(session()));
}

/// nghttp2 is about to end the session: our words go first.
void Http2ServerConnection::note_excess() {
    const auto limit = nghttp2_session_get_local_settings(session(), NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS);
    if (options_.excess_text.empty() || streams_.size() < limit) return;
    const auto* octets = reinterpret_cast<const std::uint8_t*>(options_.excess_text.data());
    const auto code = static_cast<std::uint32_t>(options_.excess_code);
    const std::int32_t last = nghttp2_session_get_last_proc_stream_id(session());
    nghttp2_submit_goaway(session(), NGHTTP2_FLAG_NONE, last, code, octets, options_.excess_text.size());
    nghttp2_session_terminate_session2(session(), last, code);
}

void Http2ServerConnection::note_closed(std::int32_t stream) {
    streams_.erase(stream);
    if (streams_.empty()) arm_idle();
}

void Http2ServerConnection::on_batch() {
    for (const std::int32_t stream : std::exchange(complete_, {})) {
        if (is_closed()) return;
        deliver(stream);
    }
}

void Http2ServerConnection::deliver(std::int32_t stream) {
    Exchange* exchange = find(stream);
    if (exchange == nullptr || exchange->is_answered) return;
    // It crossed a GOAWAY that is not written yet: the client may send it elsewhere, so nothing may come of it here.
    if (stream > owned_) return reset(stream, NGHTTP2_REFUSED_STREAM);
    if (exchange->refusal != 0) return respond(stream, {.status = exchange->refusal});
    exchange->timer.arm(options_.respond_deadline, [this, stream] { respond(stream, {.status = 503}); });
    const auto self = std::static_pointer_cast<Http2ServerConnection>(shared_from_this());
    hooks_->on_request(std::move(exchange->request), Http2Exchange{std::weak_ptr<ExchangeTarget>{self}, id_, stream});
}

void Http2ServerConnection::on_closed(const Error& /*why*/) {
    for (Timer* timer : {&idle_timer_, &age_timer_, &retire_timer_}) timer->cancel();
    for (auto& [stream, exchange] : streams_) exchange->timer.cancel();
    if (hooks_ && hooks_->on_end) hooks_->on_end(id_);
}

}  // namespace clarion::net::detail
