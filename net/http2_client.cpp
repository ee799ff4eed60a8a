// SPDX-License-Identifier: Apache-2.0
#include "net/http2_client.hpp"

#include <algorithm>
#include <deque>
#include <utility>
#include <vector>

#include "net/clock.hpp"
#include "net/detail/http2_client_connection.hpp"
#include "net/detail/stream.hpp"

namespace clarion::net {
namespace {

using detail::Http2ClientConnection;
using detail::Http2Pending;
using detail::Http2PendingPtr;
using ConnectionPtr = std::shared_ptr<Http2ClientConnection>;
using How = Http2ClientConnection::Finished::How;

}  // namespace

std::string_view to_string(Http2ErrorCode code) {
    switch (code) {
        case Http2ErrorCode::queue_full: return "queue_full";
        case Http2ErrorCode::connect_failed: return "connect_failed";
        case Http2ErrorCode::unprocessed: return "unprocessed";
        case Http2ErrorCode::timed_out: return "timed_out";
        case Http2ErrorCode::lost: return "lost";
        case Http2ErrorCode::reset: return "reset";
        case Http2ErrorCode::too_large: return "too_large";
        case Http2ErrorCode::cancelled: return "cancelled";
    }
    return "unknown";
}

struct Http2Client::State final : Http2ClientConnection::Owner, std::enable_shared_from_this<State> {
    State(Loop& the_loop, Http2ClientOptions the_options)
        : loop{the_loop}, options{std::move(the_options)}, ready_timer{the_loop} {}

    Loop& loop;
    const Http2ClientOptions options;
    std::deque<Http2PendingPtr> urgent;
    std::deque<Http2PendingPtr> bulk;
    ConnectionPtr current;                // May still wait for its SETTINGS.
    std::vector<ConnectionPtr> draining;  // No new streams; answers still come.
    Operation connecting;
    Timer ready_timer;
    bool is_connecting = false;
    bool is_stopped = false;
    Http2ClientStats stats;  // Without what connections count themselves.

    // Requests.
    void add(Http2Request request, Callback callback);
    void pump();
    [[nodiscard]] Http2PendingPtr take_next();
    void expire(const Http2PendingPtr& pending);
    void settle(const Http2PendingPtr& pending, std::expected<HttpResponse, Http2Error> result);
    void send_again(const Http2PendingPtr& pending);
    void fail_queue(const Error& cause);

    // Connections.
    void connect();
    void connected(std::expected<detail::Stream, Error> stream);
    void retire_current();
    void remember(const Http2ClientConnection& connection);
    void stop();

    void on_ready(Http2ClientConnection& connection) override;
    void on_finished(Http2ClientConnection& connection, std::vector<Http2ClientConnection::Finished> finished) override;
    void on_progress(Http2ClientConnection& connection) override;
    void on_lost(Http2ClientConnection& connection, const Error& why) override;
};

void Http2Client::State::add(Http2Request request, Callback callback) {
    auto pending = std::make_shared<Http2Pending>(loop, std::move(request), std::move(callback));
    if (urgent.size() + bulk.size() >= options.queue_max) {
        loop.post([weak = weak_from_this(), pending] {
            if (const auto self = weak.lock()) {
                self->settle(pending, std::unexpected{Http2Error{Http2ErrorCode::queue_full, false, {}, "queue full"}});
            }
        });
        return;
    }
    // The timer belongs to the request, so it must not keep it alive.
    pending->timer.arm(pending->request.deadline, [this, weak = std::weak_ptr{pending}] {
        if (const auto live = weak.lock()) expire(live);
    });
    (pending->request.is_urgent ? urgent : bulk).push_back(std::move(pending));
    pump();
}

Http2PendingPtr Http2Client::State::take_next() {
    auto& queue = urgent.empty() ? bulk : urgent;
    if (queue.empty()) return nullptr;
    auto first = std::move(queue.front());
    queue.pop_front();
    return first;
}

void Http2Client::State::pump() {
    if (is_stopped || (urgent.empty() && bulk.empty())) return;
    if (current && options.age_max > Duration{0} && boot_now() - current->born() > options.age_max) retire_current();
    if (current && current->is_draining()) retire_current();
    if (!current) return connect();
    if (current->is_closed()) return;  // on_lost() is on its way and pumps again.
    while (current->is_ready() && !current->is_draining() && current->in_flight() < current->limit()) {
        const auto next = take_next();
        if (!next) return;
        ++stats.sent;
        current->submit(next);
    }
}

void Http2Client::State::settle(const Http2PendingPtr& pending, std::expected<HttpResponse, Http2Error> result) {
    if (is_stopped || !pending->callback) return;
    pending->timer.cancel();
    auto callback = std::exchange(pending->callback, {});
    callback(std::move(result));
}

void Http2Client::State::expire(const Http2PendingPtr& pending) {
    const auto self = shared_from_this();  // The callback may destroy the client.
    std::erase(urgent, pending);
    std::erase(bulk, pending);
    if (const auto connection = pending->connection.lock()) connection->abandon(*pending);
    settle(
        pending,
        std::unexpected{Http2Error{Http2ErrorCode::timed_out, pending->was_sent, {}, "no answer within the deadline"}}
    );
}

void Http2Client::State::send_again(const Http2PendingPtr& pending) {
    if (!pending->callback) return;
    ++stats.unprocessed;
    if (++pending->unprocessed > options.unprocessed_max) {
        return settle(
            pending, std::unexpected{Http2Error{Http2ErrorCode::unprocessed, false, {}, "the peer refuses new streams"}}
        );
    }
    pending->restart();
    (pending->request.is_urgent ? urgent : bulk).push_front(pending);
}

void Http2Client::State::fail_queue(const Error& cause) {
    auto failed = std::exchange(urgent, {});
    for (auto& pending : std::exchange(bulk, {})) failed.push_back(std::move(pending));
    for (const auto& pending : failed) {
        settle(pending, std::unexpected{Http2Error{Http2ErrorCode::connect_failed, false, cause, cause.message}});
    }
}

void Http2Client::State::connect() {
    if (is_connecting || is_stopped) return;
    is_connecting = true;
    connecting = detail::connect(
        loop, {.host = options.host, .port = options.port, .tls = options.tls, .deadline = options.connect_deadline},
        [weak = weak_from_this()](std::expected<detail::Stream, Error> stream) {
            if (const auto self = weak.lock()) self->connected(std::move(stream));
        }
    );
}

void Http2Client::State::connected(std::expected<detail::Stream, Error> stream) {
    if (is_stopped) return;
    is_connecting = false;
    std::expected<void, Error> good;
    if (!stream) {
        good = std::unexpected{stream.error()};
    } else if (options.tls && stream->alpn() != "h2") {
        good = std::unexpected{Error{ErrorCode::protocol, options.host + " does not offer HTTP/2 (ALPN h2)"}};
    }
    if (!good) {
        ++stats.connect_failures;
        return fail_queue(good.error());
    }
    current = std::make_shared<Http2ClientConnection>(loop, *std::move(stream), options, weak_from_this());
    ready_timer.arm(options.connect_deadline, [this] {
        const auto self = shared_from_this();
        if (current && !current->is_ready()) current->close({ErrorCode::timed_out, "HTTP/2: no SETTINGS came"});
    });
    current->begin();
}

void Http2Client::State::retire_current() {
    if (!current) return;
    const auto old = std::exchange(current, nullptr);
    draining.push_back(old);
    old->drain();
}

void Http2Client::State::remember(const Http2ClientConnection& connection) {
    stats.goaways += connection.goaways();
    stats.pings += connection.pings();
    if (connection.goaways() > 0) stats.goaway_text = connection.goaway_text();
}

void Http2Client::State::stop() {
    is_stopped = true;
    connecting.cancel();
    ready_timer.cancel();
    urgent.clear();
    bulk.clear();
    if (current) draining.push_back(std::exchange(current, nullptr));
    for (const auto& connection : std::exchange(draining, {})) {
        connection->close({ErrorCode::cancelled, "HTTP/2 client: stopped"});
    }
}

void Http2Client::State::on_ready(Http2ClientConnection& connection) {
    if (&connection != current.get()) return;
    ready_timer.cancel();
    ++stats.connects;
}

void Http2Client::State::on_progress(Http2ClientConnection& /*connection*/) { pump(); }

void Http2Client::State::on_finished(
    Http2ClientConnection& /*connection*/, std::vector<Http2ClientConnection::Finished> finished
) {
    const auto self = shared_from_this();  // A callback may destroy the client.
    // Backwards, because each is put in front of the queue.
    for (auto it = finished.rbegin(); it != finished.rend(); ++it) {
        if (it->how == How::unprocessed) send_again(it->pending);
    }
    for (auto& [pending, how, code] : finished) {
        if (how == How::answered) {
            settle(pending, std::move(pending->response));
        } else if (how == How::too_large) {
            settle(
                pending, std::unexpected{Http2Error{Http2ErrorCode::too_large, true, {}, "response over its limit"}}
            );
        } else if (how == How::reset) {
            settle(
                pending, std::unexpected{Http2Error{
                             Http2ErrorCode::reset, pending->was_sent, {}, "stream reset, code " + std::to_string(code)
                         }}
            );
        }
    }
    pump();
}

void Http2Client::State::on_lost(Http2ClientConnection& connection, const Error& why) {
    const auto self = shared_from_this();
    remember(connection);
    const bool was_ready = connection.is_ready();
    auto streams = connection.take_streams();
    if (&connection == current.get()) current = nullptr;
    std::erase_if(draining, [&](const ConnectionPtr& one) { return one.get() == &connection; });
    if (is_stopped) return;
    if (!was_ready) {
        // It never worked: as if the connect had failed. Trying again at once could go on for ever.
        ++stats.connect_failures;
        return fail_queue(why);
    }
    for (auto it = streams.rbegin(); it != streams.rend(); ++it) {
        if (!(*it)->was_sent) send_again(*it);
    }
    for (const auto& pending : streams) {
        if (!pending->was_sent) continue;
        settle(pending, std::unexpected{Http2Error{Http2ErrorCode::lost, true, why, why.message}});
    }
    pump();
}

Http2Client::Http2Client(Loop& loop, Http2ClientOptions options)
    : state_{std::make_shared<State>(loop, std::move(options))} {}

Http2Client::~Http2Client() { state_->stop(); }

void Http2Client::request(Http2Request request, Callback callback) {
    state_->add(std::move(request), std::move(callback));
}

void Http2Client::warm_up() {
    if (!state_->current) state_->connect();
}

void Http2Client::replace_connection() { state_->retire_current(); }

Http2ClientStats Http2Client::stats() const {
    Http2ClientStats stats = state_->stats;
    const auto add = [&](const Http2ClientConnection& connection) {
        stats.goaways += connection.goaways();
        stats.pings += connection.pings();
        stats.in_flight += connection.in_flight();
        if (connection.goaways() > 0) stats.goaway_text = connection.goaway_text();
    };
    for (const auto& connection : state_->draining) add(*connection);
    if (state_->current) {
        add(*state_->current);
        stats.streams_limit = state_->current->is_ready() ? state_->current->limit() : 0;
    }
    stats.queued = state_->urgent.size() + state_->bulk.size();
    return stats;
}

}  // namespace clarion::net
