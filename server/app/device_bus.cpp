// SPDX-License-Identifier: Apache-2.0
#include "server/app/device_bus.hpp"

#include <algorithm>
#include <utility>

#include "core/codec/protocol_codec.hpp"

namespace clarion::server {
namespace {

// JavaScript reads numbers up to 2^53 exactly.
constexpr std::uint64_t kStreamMask = (1ULL << 52U) - 1;

}  // namespace

bool FrameBudget::take(WallTime now, double per_second, double burst, double cost) {
    if (!tokens_) tokens_ = burst;
    // A clock that was set back gives nothing and takes nothing.
    const double elapsed_s = now > at_ ? static_cast<double>((now - at_).count()) / 1000.0 : 0.0;
    at_ = now;
    tokens_ = std::min(burst, *tokens_ + elapsed_s * per_second);
    if (*tokens_ < cost) return false;
    *tokens_ -= cost;
    return true;
}

DeviceBus::Attached DeviceBus::attach(
    const LinkScope& scope, DeviceLink& link, std::uint64_t stream, std::uint64_t seen_seq
) {
    Entry& entry = scopes_[scope];
    while (entry.stream == 0) entry.stream = next_stream_++ & kStreamMask;  // 0 means "none seen".
    if (entry.link != nullptr && entry.link != &link) entry.link->replaced();
    entry.link = &link;

    Attached attached{entry.stream, false, {}};
    const bool knows_stream = stream == entry.stream && seen_seq <= entry.last_seq;
    const std::uint64_t oldest = entry.events.empty() ? entry.last_seq + 1 : entry.events.front().seq;
    if (!knows_stream || seen_seq + 1 < oldest) {
        if (!scope.call) carry_over(scope, entry, stream, seen_seq, attached.missed);
        return attached;
    }
    attached.resumed = true;
    for (const Event& event : entry.events) {
        if (event.seq > seen_seq) attached.missed.push_back(event.frame);
    }
    return attached;
}

/// A device that had introduced itself with a ticket comes with its token: what was on its way to it then goes on here,
/// with numbers of this stream.
void DeviceBus::carry_over(
    const LinkScope& scope, Entry& to, std::uint64_t stream, std::uint64_t seen_seq, std::vector<std::string>& missed
) {
    auto it = scopes_.lower_bound(scope);
    for (; it != scopes_.end() && is_of(*it, scope.service, scope.device); ++it) {
        const Entry& from = it->second;
        if (!it->first.call || from.stream != stream || stream == 0) continue;
        for (const Event& event : from.events) {
            if (event.seq <= seen_seq) continue;
            const auto frame = codec::decode_server_frame(event.frame);
            if (frame) missed.push_back(keep(to, frame->message));
        }
    }
}

bool DeviceBus::join(const LinkScope& scope, const CallId& call) {
    const auto found = scopes_.find(scope);
    if (found == scopes_.end() || covers(*found, call) || found->second.joined.size() == kJoinedMax) return false;
    return found->second.joined.insert(call).second;
}

bool DeviceBus::covers(const LinkScope& scope, const CallId& call) const {
    if (!scope.call || *scope.call == call) return true;
    const auto found = scopes_.find(scope);
    return found != scopes_.end() && found->second.joined.contains(call);
}

void DeviceBus::detach(const LinkScope& scope, const DeviceLink& link, WallTime now) {
    const auto found = scopes_.find(scope);
    if (found == scopes_.end() || found->second.link != &link) return;
    found->second.link = nullptr;
    found->second.detached_at = now;
}

void DeviceBus::send_to(Entry& entry, const protocol::ServerMessage& message) {
    if (entry.stream == 0) return;
    std::string frame = keep(entry, message);
    if (entry.link != nullptr) entry.link->deliver(std::move(frame));
}

/// Numbers it; the frame.
std::string DeviceBus::keep(Entry& entry, const protocol::ServerMessage& message) {
    const std::uint64_t seq = ++entry.last_seq;
    std::string frame = codec::encode_frame(protocol::ServerFrame{seq, message});
    entry.events.push_back({seq, frame, {}});
    entry.bytes += frame.size();
    while (entry.events.size() > kEventsMax || entry.bytes > kBytesMax) {
        entry.bytes -= entry.events.front().frame.size();
        entry.events.pop_front();
    }
    return frame;
}

void DeviceBus::send(
    const ServiceId& service, const DeviceId& device, const CallId& call, const protocol::ServerMessage& message
) {
    // All that cover it: messages are idempotent, and which connection the app listens to is its own affair.
    auto it = scopes_.lower_bound(LinkScope{service, device, std::nullopt});
    for (; it != scopes_.end() && is_of(*it, service, device); ++it) {
        if (covers(*it, call)) send_to(it->second, message);
    }
}

void DeviceBus::send(const LinkScope& scope, const protocol::ServerMessage& message) {
    if (const auto found = scopes_.find(scope); found != scopes_.end()) send_to(found->second, message);
}

bool DeviceBus::is_connected(const ServiceId& service, const DeviceId& device, const CallId& call) const {
    auto it = scopes_.lower_bound(LinkScope{service, device, std::nullopt});
    for (; it != scopes_.end() && is_of(*it, service, device); ++it) {
        if (it->second.link != nullptr && covers(*it, call)) return true;
    }
    return false;
}

bool DeviceBus::is_online(const ServiceId& service, const DeviceId& device) const {
    const auto found = scopes_.find(LinkScope{service, device, std::nullopt});
    return found != scopes_.end() && found->second.link != nullptr;
}

void DeviceBus::disconnect(const ServiceId& service, const DeviceId& device) {
    std::vector<DeviceLink*> links;
    auto it = scopes_.lower_bound(LinkScope{service, device, std::nullopt});
    while (it != scopes_.end() && is_of(*it, service, device)) {
        if (it->second.link != nullptr) links.push_back(it->second.link);
        it = scopes_.erase(it);
    }
    for (DeviceLink* link : links) link->removed();
}

void DeviceBus::drop_old(Entry& entry, WallTime now) {
    for (Event& event : entry.events) {
        if (!event.kept_since) event.kept_since = now;
    }
    while (!entry.events.empty() && now - *entry.events.front().kept_since > kIdleMax) {
        entry.bytes -= entry.events.front().frame.size();
        entry.events.pop_front();
    }
}

void DeviceBus::forget_idle(WallTime now) {
    std::erase_if(scopes_, [&](const auto& item) {
        return item.second.link == nullptr && now - item.second.detached_at > kIdleMax;
    });
    for (auto& [scope, entry] : scopes_) drop_old(entry, now);
}

}  // namespace clarion::server
