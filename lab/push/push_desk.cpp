// SPDX-License-Identifier: Apache-2.0
#include "lab/push/push_desk.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "net/clock.hpp"

namespace clarion::lab {
namespace {

using Kind = PushFault::Kind;

constexpr std::size_t kConnectionsRemembered = 1024;
constexpr std::uint32_t kWindow = 65'535;  // RFC 9113 section 6.9.2: what HTTP/2 begins with.

/// The code that goes with the words.
net::Http2Code code_of(std::string_view text) {
    if (text == "too_many_pings") return net::Http2Code::enhance_your_calm;
    if (text == "exceeded_max_concurrent_streams") return net::Http2Code::protocol_error;
    return net::Http2Code::no_error;
}

}  // namespace

std::uint64_t PushLog::add(PushLogEntry entry) {
    while (entries_.size() >= max_ && !entries_.empty()) {
        entries_.pop_front();
        ++first_;
    }
    entries_.push_back(std::move(entry));
    return first_ + entries_.size() - 1;
}

PushLogEntry* PushLog::find(std::uint64_t number) {
    return number < first_ || number - first_ >= entries_.size() ? nullptr : &entries_[number - first_];
}

void PushLog::complete(std::uint64_t number, unsigned status, std::string reason) {
    PushLogEntry* entry = find(number);
    if (entry == nullptr) return;
    entry->status = status;
    entry->reason = std::move(reason);
}

void PushLog::set_fault(std::uint64_t number, PushFault::Kind kind) {
    if (PushLogEntry* entry = find(number)) entry->fault = kind;
}

PushDesk::PushDesk(net::Loop& loop, PushServiceOptions options)
    : log{options.log_max}, loop_{loop}, options_{std::move(options)} {
    if (!options_.wall_now) options_.wall_now = net::wall_now;
}

std::expected<std::uint16_t, net::Error> PushDesk::start(
    net::Http2ServerOptions server, net::Http2Server::ExchangeHandler handler
) {
    std::vector<std::string> alpn{"h2"};
    if (server.serves_http1) alpn.emplace_back("http/1.1");
    auto tls = net::TlsContext::server(
        {.certificate_file = options_.certificate_file, .key_file = options_.key_file, .alpn = std::move(alpn)}
    );
    if (!tls) return std::unexpected{tls.error()};
    server.address = options_.address;
    server.port = options_.port;
    server.tls = *std::move(tls);
    server_ = std::make_unique<net::Http2Server>(loop_, std::move(server));
    server_->on_exchange(std::move(handler));
    return server_->start();
}

void PushDesk::after(Duration delay, std::move_only_function<void()> fn) {
    if (delay <= Duration{0}) return fn();
    std::erase_if(timers_, [](const net::Timer& timer) { return !timer.is_armed(); });
    timers_.emplace_back(loop_).arm(delay, std::move(fn));
}

std::optional<PushVisit> PushDesk::enter(PushLog& where, net::HttpRequest request, const net::Http2Exchange& exchange) {
    const std::uint64_t entry = where.add(
        {.connection = exchange.connection_id(),
         .stream = exchange.stream_id(),
         .request = request,
         .received_at = now(),
         .arrived = net::boot_now()}
    );
    if (!is_disowned(exchange)) return PushVisit{std::move(request), exchange, entry};
    where.set_fault(entry, Kind::go_away);
    where.complete(entry, 0, "disowned");
    return std::nullopt;
}

void PushDesk::respond(PushLog& where, const PushVisit& visit, net::HttpResponse reply, std::string reason) {
    note_handled(visit.exchange);
    where.complete(visit.entry, reply.status, std::move(reason));
    visit.exchange.respond(std::move(reply));
}

PushDesk::Promises& PushDesk::promises_of(const net::Http2Exchange& exchange) {
    while (promises_.size() > kConnectionsRemembered) promises_.erase(promises_.begin());
    return promises_[exchange.connection_id()];
}

bool PushDesk::is_disowned(const net::Http2Exchange& exchange) {
    return exchange.stream_id() >= promises_of(exchange).disowned;
}

void PushDesk::note_handled(const net::Http2Exchange& exchange) {
    Promises& promises = promises_of(exchange);
    promises.handled = std::max(promises.handled, exchange.stream_id());
}

void PushDesk::say_go_away(const net::Http2Exchange& exchange, const std::string& text, std::int32_t last) {
    Promises& promises = promises_of(exchange);
    last = std::max(last, promises.handled);
    promises.disowned = std::min(promises.disowned, last + 1);
    exchange.go_away(code_of(text), text, last);
}

bool PushDesk::misbehave(PushLog& where, const PushVisit& visit, const PushFault& fault) {
    const net::Http2Exchange& exchange = visit.exchange;
    if (is_disowned(exchange)) {
        where.set_fault(visit.entry, Kind::go_away);
        where.complete(visit.entry, 0, "disowned");
        return true;
    }
    where.set_fault(visit.entry, fault.kind);
    switch (fault.kind) {
        case Kind::silence: break;
        case Kind::refuse_stream: exchange.reset(net::Http2Code::refused_stream); break;
        case Kind::reset_stream: exchange.reset(net::Http2Code::internal_error); break;
        case Kind::cancel_stream: exchange.reset(net::Http2Code::cancel); break;
        case Kind::go_away:
            // Client streams are odd: the one before is two below. A later one that was handled keeps this one in.
            say_go_away(exchange, fault.reason, exchange.stream_id() - 2);
            if (!is_disowned(exchange)) exchange.reset(net::Http2Code::refused_stream);
            break;
        case Kind::drop_connection: exchange.drop_connection(); break;
        case Kind::abort_connection: exchange.drop_connection(true); break;
        case Kind::deafen: exchange.fall_silent(); break;
        default: return false;
    }
    if (fault.kind != Kind::go_away && fault.kind != Kind::refuse_stream) note_handled(exchange);
    where.complete(visit.entry, 0, fault.reason);
    return true;
}

void PushDesk::add_last_words(const PushFault& fault, const net::Http2Exchange& exchange) {
    switch (fault.kind) {
        case Kind::limit_streams:
            exchange.set_streams_max(fault.streams);
            if (fault.lasts <= Duration{0}) return;
            return after(fault.lasts, [exchange, limit = streams_max] { exchange.set_streams_max(limit); });
        case Kind::last_words: return say_go_away(exchange, fault.reason, exchange.stream_id());
        case Kind::retire: return exchange.retire(fault.reason);
        case Kind::starve:
            exchange.set_window(0);
            return after(fault.lasts, [exchange] { exchange.set_window(kWindow); });
        default: return;
    }
}

std::string header_text(const net::Headers& headers, std::string_view name) {
    const std::string* value = net::find_header(headers, name);
    return value == nullptr ? std::string{} : *value;
}

net::Headers without_credential(net::Headers headers) {
    std::erase_if(headers, [](const net::Header& one) { return one.name == "authorization"; });
    return headers;
}

}  // namespace clarion::lab
