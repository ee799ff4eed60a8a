// SPDX-License-Identifier: Apache-2.0
#include "lab/push/push_desk.hpp"

#include <utility>
#include <vector>

#include "net/clock.hpp"

namespace clarion::lab {

PushDesk::PushDesk(net::Loop& loop, PushServiceOptions options) : loop_{loop}, options_{std::move(options)} {
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

void PushDesk::note(
    std::deque<PushLogEntry>& where,
    const net::HttpRequest& request,
    const net::Http2Exchange& exchange,
    unsigned status,
    std::string reason
) const {
    if (where.size() == kLogMax) where.pop_front();
    where.push_back({exchange.connection_id(), exchange.stream_id(), request, status, std::move(reason), now()});
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
