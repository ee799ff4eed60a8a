// SPDX-License-Identifier: Apache-2.0
#include "net/http2_client.hpp"

#include <algorithm>
#include <iterator>
#include <list>
#include <utility>
#include <vector>

#include "core/base/random.hpp"
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
using Queue = std::list<Http2PendingPtr>;

constexpr std::size_t kBatch = 16;
constexpr Duration kBackoffMin{250};
constexpr Duration kBackoffMax{30'000};

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
        : loop{the_loop},
          options{std::move(the_options)},
          ready_timer{the_loop},
          deadlines{the_loop, [this] { expire_due(); }},
          open_timer{the_loop} {}

    Loop& loop;
    const Http2ClientOptions options;
    Queue urgent;
    Queue bulk;
    std::vector<ConnectionPtr> open;             // The last one may still wait for its SETTINGS.
    std::vector<ConnectionPtr> draining;         // No new streams; answers still come.
    Http2ClientConnection* answering = nullptr;  // Whose answers callbacks are told now.
    Operation connecting;
    Timer ready_timer;
    Deadlines deadlines;  // Of all requests.
    Timer open_timer;     // For the next opening that nobody waits for.
    Instant opened_at{-1'000'000};
    Random random{static_cast<std::uint64_t>(boot_now().ms)};
    unsigned failures = 0;  // Openings that failed since one worked.
    bool is_warm = false;
    bool is_connecting = false;
    bool is_stopped = false;
    Http2ClientStats stats;  // Without what connections count themselves.

    // Requests.
    void add(Http2Request request, Callback callback);
    void pump();
    void enqueue(const Http2PendingPtr& pending, bool in_front);
    [[nodiscard]] Http2PendingPtr take_next();
    [[nodiscard]] bool is_waiting() const { return !urgent.empty() || !bulk.empty(); }
    void expire_due();
    void expire(const Http2PendingPtr& pending);
    void drop_unwanted(const Http2PendingPtr& pending);
    void settle(const Http2PendingPtr& pending, std::expected<HttpResponse, Http2Error>&& result);
    void send_again(const Http2PendingPtr& pending);
    void fail_queue(const Error& cause);

    // Connections.
    [[nodiscard]] Http2ClientConnection* freest() const;
    [[nodiscard]] bool is_full() const;
    [[nodiscard]] bool is_old(const Http2ClientConnection& connection) const;
    void retire_unfit();
    void look_after_connections();
    void connect();
    void connected(std::expected<detail::Stream, Error> stream);
    void connect_failed(const Error& why);
    void retire(const ConnectionPtr& connection);
    void remember(const Http2ClientConnection& connection);
    void stop();

    void on_ready(Http2ClientConnection& connection) override;
    void on_finished(Http2ClientConnection& connection, std::vector<Http2ClientConnection::Finished> finished) override;
    void on_progress(Http2ClientConnection& connection) override;
    void on_lost(Http2ClientConnection& connection, const Error& why) override;
};

void Http2Client::State::add(Http2Request request, Callback callback) {
    auto pending = std::make_shared<Http2Pending>(std::move(request), std::move(callback));
    if (urgent.size() + bulk.size() >= options.queue_max) {
        loop.post([weak = weak_from_this(), pending] {
            if (const auto self = weak.lock()) {
                self->settle(pending, std::unexpected{Http2Error{Http2ErrorCode::queue_full, false, {}, "queue full"}});
            }
        });
        return;
    }
    pending->ends_at = boot_now() + std::max(pending->request.deadline, Duration{0});
    enqueue(pending, false);
    if (answering == nullptr) pump();  // Else on_finished() does, for all that callbacks ask for.
    if (pending->is_queued) deadlines.arm(*pending, pending->ends_at);
}

void Http2Client::State::expire_due() {
    const auto self = shared_from_this();  // A callback may destroy the client.
    std::vector<Http2PendingPtr> due;
    for (auto* entry : deadlines.take_due(boot_now())) {
        due.push_back(static_cast<Http2Pending*>(entry)->shared_from_this());
    }
    for (const auto& pending : due) expire(pending);
}

void Http2Client::State::enqueue(const Http2PendingPtr& pending, bool in_front) {
    Queue& queue = pending->request.is_urgent ? urgent : bulk;
    pending->place = queue.insert(in_front ? queue.begin() : queue.end(), pending);
    pending->is_queued = true;
}

Http2PendingPtr Http2Client::State::take_next() {
    Queue& queue = urgent.empty() ? bulk : urgent;
    if (queue.empty()) return nullptr;
    auto first = std::move(queue.front());
    queue.pop_front();
    first->is_queued = false;
    return first;
}

void Http2Client::State::pump() {
    if (is_stopped) return;
    retire_unfit();
    const Instant now = boot_now();
    while (is_waiting()) {
        Http2ClientConnection* connection = freest();
        if (connection == nullptr) break;
        // A few at a time: they leave in one TLS record.
        for (std::size_t i = 0; i < kBatch && connection->load() < connection->limit(); ++i) {
            const auto next = take_next();
            if (!next) break;
            if (next->request.is_wanted != nullptr && !(*next->request.is_wanted)()) {
                drop_unwanted(next);
                continue;
            }
            ++stats.sent;
            const Duration patience = next->request.answer_deadline;
            deadlines.arm(*next, patience > Duration{0} ? std::min(next->ends_at, now + patience) : next->ends_at);
            connection->submit(next);
        }
    }
    look_after_connections();
}

void Http2Client::State::drop_unwanted(const Http2PendingPtr& pending) {
    loop.post([weak = weak_from_this(), pending] {
        const auto self = weak.lock();
        if (!self) return;
        self->settle(pending, std::unexpected{Http2Error{Http2ErrorCode::cancelled, false, {}, "not wanted any more"}});
    });
}

void Http2Client::State::settle(const Http2PendingPtr& pending, std::expected<HttpResponse, Http2Error>&& result) {
    if (is_stopped || !pending->callback) return;
    pending->cancel();
    auto callback = std::exchange(pending->callback, {});
    callback(std::move(result));
}

void Http2Client::State::expire(const Http2PendingPtr& pending) {
    if (is_stopped || !pending->callback) return;  // Another one's callback was faster.
    if (std::exchange(pending->is_queued, false)) {
        (pending->request.is_urgent ? urgent : bulk).erase(pending->place);
        ++stats.expired;
    }
    if (pending->connection != nullptr) pending->connection->abandon(*pending);
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
    deadlines.arm(*pending, pending->ends_at);
    enqueue(pending, true);
}

void Http2Client::State::fail_queue(const Error& cause) {
    std::vector<Http2PendingPtr> failed;
    while (auto next = take_next()) failed.push_back(std::move(next));
    for (const auto& pending : failed) {
        settle(pending, std::unexpected{Http2Error{Http2ErrorCode::connect_failed, false, cause, cause.message}});
    }
}

// ---- connections ----

Http2ClientConnection* Http2Client::State::freest() const {
    Http2ClientConnection* best = nullptr;
    for (const ConnectionPtr& one : open) {
        const bool is_usable = one->is_ready() && !one->is_draining() && !one->is_closed();
        if (!is_usable || one->load() >= one->limit()) continue;
        if (best == nullptr || one->load() < best->load()) best = one.get();
    }
    return best;
}

/// Those there are carry most of what they may. A connection that still waits for its SETTINGS is no reason to open
/// another one.
bool Http2Client::State::is_full() const {
    std::size_t in_flight = 0;
    std::size_t limit = 0;
    for (const ConnectionPtr& one : open) {
        if (!one->is_ready()) return false;
        in_flight += one->load();
        limit += one->limit();
    }
    return is_waiting() || in_flight * 10 > limit * 7;
}

bool Http2Client::State::is_old(const Http2ClientConnection& connection) const {
    return options.age_max > Duration{0} && boot_now() - connection.born() > options.age_max;
}

void Http2Client::State::retire_unfit() {
    // An old connection serves until its successor does, unless that does not come.
    const bool has_old = std::ranges::any_of(open, [&](const ConnectionPtr& one) { return is_old(*one); });
    const bool has_young = has_old && std::ranges::any_of(open, [&](const ConnectionPtr& one) {
                               return one->is_ready() && !is_old(*one);
                           });
    for (std::size_t i = 0; i < open.size();) {
        const bool is_unfit = open[i]->is_draining() || (has_young && is_old(*open[i]));
        if (!is_unfit || open[i]->is_closed()) {
            ++i;  // on_lost() is on its way for a closed one.
        } else {
            retire(ConnectionPtr{open[i]});
        }
    }
}

void Http2Client::State::look_after_connections() {
    if (is_stopped || is_connecting) return;
    const bool is_opening = std::ranges::any_of(open, [](const ConnectionPtr& one) { return !one->is_ready(); });
    if (is_opening) return;
    if (open.empty() && is_waiting()) return connect();
    const bool is_short = is_warm && open.size() < options.connections_min;
    const bool is_grown_old = !open.empty() && std::ranges::all_of(open, [&](const auto& one) { return is_old(*one); });
    const bool may_grow = !open.empty() && open.size() < options.connections_max && is_full();
    if (!is_short && !is_grown_old && !may_grow) return;
    // Nobody waits for this one: it keeps its distance from the last, and a longer one after failures.
    Duration pause = open.empty() ? Duration{0} : options.open_pause;
    if (failures > 0) {
        const Duration step = std::min(kBackoffMax, kBackoffMin * (1 << std::min(failures, 16U)));
        pause = std::max(pause, Duration{1 + static_cast<Duration::rep>(random.below(std::uint64_t(step.count())))});
    }
    const Instant due = opened_at + pause;
    if (due <= boot_now()) return connect();
    if (!open_timer.is_armed()) open_timer.arm_at(due, [this] { look_after_connections(); });
}

void Http2Client::State::connect() {
    if (is_connecting || is_stopped) return;
    is_connecting = true;
    opened_at = boot_now();
    open_timer.cancel();
    connecting = detail::connect(
        loop,
        {.host = options.host,
         .port = options.port,
         .tls = options.tls,
         .deadline = options.connect_deadline,
         .public_only = options.public_only},
        [weak = weak_from_this()](std::expected<detail::Stream, Error> stream) {
            if (const auto self = weak.lock()) self->connected(std::move(stream));
        }
    );
}

void Http2Client::State::connected(std::expected<detail::Stream, Error> stream) {
    if (is_stopped) return;
    is_connecting = false;
    if (!stream) return connect_failed(stream.error());
    if (options.tls && stream->alpn() != "h2") {
        return connect_failed({ErrorCode::protocol, options.host + " does not offer HTTP/2 (ALPN h2)"});
    }
    const auto made = std::make_shared<Http2ClientConnection>(loop, *std::move(stream), options, weak_from_this());
    open.push_back(made);
    ready_timer.arm(options.connect_deadline, [weak = std::weak_ptr{made}] {
        const auto live = weak.lock();
        if (live && !live->is_ready()) live->close({ErrorCode::timed_out, "HTTP/2: no SETTINGS came"});
    });
    made->begin();
}

/// With another connection at work, what waits goes on waiting for that one.
void Http2Client::State::connect_failed(const Error& why) {
    const auto self = shared_from_this();
    ++stats.connect_failures;
    ++failures;
    if (open.empty()) fail_queue(why);
    look_after_connections();
}

void Http2Client::State::retire(const ConnectionPtr& connection) {
    if (std::erase(open, connection) == 0) return;
    draining.push_back(connection);
    connection->drain();
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
    open_timer.cancel();
    urgent.clear();
    bulk.clear();
    std::ranges::move(std::exchange(open, {}), std::back_inserter(draining));
    for (const auto& connection : std::exchange(draining, {})) {
        connection->close({ErrorCode::cancelled, "HTTP/2 client: stopped"});
    }
}

void Http2Client::State::on_ready(Http2ClientConnection& /*connection*/) {
    ready_timer.cancel();
    failures = 0;
    ++stats.connects;
}

void Http2Client::State::on_progress(Http2ClientConnection& /*connection*/) { pump(); }

void Http2Client::State::on_finished(
    Http2ClientConnection& connection, std::vector<Http2ClientConnection::Finished> finished
) {
    const auto self = shared_from_this();  // A callback may destroy the client.
    // Backwards, because each is put in front of the queue.
    for (auto it = finished.rbegin(); it != finished.rend(); ++it) {
        if (it->how == How::unprocessed) send_again(it->pending);
    }
    answering = &connection;
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
        pending.reset();  // Its memory serves the request that comes next.
    }
    answering = nullptr;
    pump();
}

void Http2Client::State::on_lost(Http2ClientConnection& connection, const Error& why) {
    const auto self = shared_from_this();
    remember(connection);
    const bool was_ready = connection.is_ready();
    auto streams = connection.take_streams();
    const auto is_it = [&](const ConnectionPtr& one) { return one.get() == &connection; };
    std::erase_if(open, is_it);
    std::erase_if(draining, is_it);
    if (is_stopped) return;
    // It never worked: as if the connect had failed. Trying again at once could go on for ever.
    if (!was_ready) return connect_failed(why);
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
    state_->is_warm = true;
    if (state_->open.empty()) state_->connect();
    state_->look_after_connections();
}

void Http2Client::replace_connection() {
    const auto all = state_->open;
    for (const ConnectionPtr& one : all) {
        if (state_->answering == nullptr || state_->answering == one.get()) state_->retire(one);
    }
}

Http2ClientStats Http2Client::stats() const {
    Http2ClientStats stats = state_->stats;
    const auto add = [&](const Http2ClientConnection& connection) {
        stats.goaways += connection.goaways();
        stats.pings += connection.pings();
        stats.in_flight += connection.in_flight();
        if (connection.goaways() > 0) stats.goaway_text = connection.goaway_text();
    };
    for (const auto& connection : state_->draining) add(*connection);
    for (const auto& connection : state_->open) {
        add(*connection);
        if (!connection->is_ready()) continue;
        ++stats.connections;
        stats.streams_limit += connection->limit();
    }
    stats.queued = state_->urgent.size() + state_->bulk.size();
    return stats;
}

}  // namespace clarion::net
