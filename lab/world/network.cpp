// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <utility>

#include "lab/world/chart.hpp"
#include "lab/world/world.hpp"

/// Sockets, push services and media: what is between the machines, and what goes wrong there.
namespace clarion::lab::world {

namespace {

constexpr std::int64_t kLeastLatency = 20;
constexpr std::int64_t kHandshake = 15'000;  // What an engine waits for a server that does not answer.
constexpr std::int64_t kIceTime = 50;
constexpr std::int64_t kMediaSilence = 3'000;  // Until a leg notices that the other is gone.

}  // namespace

std::int64_t World::latency(std::uint64_t salt) {
    const auto most =
        static_cast<std::uint64_t>(is_calm() && scenario_.has_faults ? 30 : scenario_.weather.latency.count());
    return kLeastLatency + static_cast<std::int64_t>(dice(seed(), 1, salt) % (most + 1));
}

// ---- sockets ----

ConnectionId World::open_connection(std::uint8_t index) {
    connections_.emplace_back().phone = index;
    const auto id = static_cast<ConnectionId>(connections_.size());
    const bool is_deaf = !is_calm() && scenario_.weather.deaf_opens > 0 &&
                         dice(seed(), 2, index, id) % 100 < scenario_.weather.deaf_opens;
    if (!phone(index).has_network()) {
        schedule({.at = now_ + 100, .kind = EventKind::open_failed, .phone = index, .number = id});
    } else if (is_deaf) {
        phone(index).disturb(kHandshake);
    } else {
        const std::int64_t both_ways = 2 * latency(id * 2);
        schedule({.at = now_ + both_ways, .kind = EventKind::opened, .phone = index, .number = id});
    }
    return id;
}

void World::send_up(ConnectionId id, const protocol::ClientFrame& frame) {
    Connection& on = connection(id);
    if (on.broken) return;
    on.up.emplace(frame);
    on.up_at = std::max(on.up_at, now_ + latency(++salt_));
    schedule({.at = on.up_at, .kind = EventKind::frame_up, .phone = on.phone, .number = id});
}

void World::fly_down(ConnectionId id, Connection& on) {
    on.down_at = std::max(on.down_at, now_ + latency(++salt_));
    schedule({.at = on.down_at, .kind = EventKind::frame_down, .phone = on.phone, .number = id});
}

void World::close_from_phone(ConnectionId id) {
    Connection& on = connection(id);
    on.phone_side = false;
    on.down.clear();
    if (on.broken) return;
    const std::int64_t at = std::max(on.up_at, now_ + latency(++salt_));
    schedule({.at = at, .kind = EventKind::closed_at_server, .phone = on.phone, .number = id});
}

void World::close_from_server(ConnectionId id, engine::SignallingFault fault) {
    Connection& on = connection(id);
    if (on.broken) return;
    on.down_at = std::max(on.down_at, now_ + latency(++salt_));
    schedule({
        .at = on.down_at,
        .kind = EventKind::closed_at_phone,
        .phone = on.phone,
        .number = id,
        .value = static_cast<std::uint64_t>(fault),
    });
    schedule({.at = now_, .kind = EventKind::closed_at_server, .phone = on.phone, .number = id});
}

void World::break_connection(ConnectionId id, std::int64_t phone_notices, std::int64_t server_notices) {
    Connection& on = connection(id);
    if (on.broken) return;
    on.broken = true;
    on.up.clear();
    on.down.clear();
    schedule({
        .at = now_ + phone_notices,
        .kind = EventKind::closed_at_phone,
        .phone = on.phone,
        .number = id,
        .value = static_cast<std::uint64_t>(engine::SignallingFault::closed),
    });
    schedule({.at = now_ + server_notices, .kind = EventKind::closed_at_server, .phone = on.phone, .number = id});
}

bool World::write_is_slow(ConnectionId id, std::uint64_t request) const {
    if (scenario_.weather.slow_writes == 0 || is_calm()) return false;
    return dice(seed(), 3, id, request) % 100 < scenario_.weather.slow_writes;
}

std::int64_t World::write_time(ConnectionId id) const {
    return 1 + static_cast<std::int64_t>(dice(seed(), 4, id, static_cast<std::uint64_t>(now_)) % 60);
}

void World::network_off(std::uint8_t index, std::int64_t for_ms) {
    Phone& at = phone(index);
    if (!at.has_network()) return;
    note(index, kNoPhone, "network off");
    at.set_network(false);
    at.disturb(for_ms);
    if (at.connection() != 0) {
        const auto server_notices = static_cast<std::int64_t>(dice(seed(), 8, index, salt_) % 20'000);
        break_connection(at.connection(), 50, server_notices);
        at.disturb(server_notices);
    }
    for (const Leg& leg : at.legs()) {
        if (!leg.is_up) continue;
        const std::int64_t when = now_ + kMediaSilence;
        schedule({.at = when, .kind = EventKind::media_lost, .phone = index, .call = leg.call, .number = leg.number});
        if (const Leg* peer = peer_of(leg, index)) {
            schedule(
                {.at = when, .kind = EventKind::media_lost, .phone = leg.peer, .call = leg.call, .number = peer->number}
            );
        }
    }
    schedule({.at = now_ + for_ms, .kind = EventKind::network_on, .phone = index});
}

void World::network_on(std::uint8_t index) {
    Phone& at = phone(index);
    if (at.has_network()) return;
    note(index, kNoPhone, "network on");
    at.set_network(true);
    std::vector<std::uint8_t> calls;
    for (const Leg& leg : at.legs()) calls.push_back(leg.call);
    for (const std::uint8_t call : calls) try_media(call);
    // The push services kept what came meanwhile.
    std::vector<engine::PushReceived> held;
    held.swap(at.held_pushes());
    for (const engine::PushReceived& push : held) at.push(push);
}

void World::take_network(const Event& event) {
    switch (event.kind) {
        case EventKind::opened: {
            Connection& on = connection(event.number);
            if (on.broken || !on.phone_side) return;
            if (!server_.is_up() || !phone(event.phone).has_network()) {
                return phone(event.phone).closed(event.number, engine::SignallingFault::unreachable);
            }
            on.server_side = true;
            server_.opened(event.number);
            return phone(event.phone).opened(event.number);
        }
        case EventKind::open_failed:
            return phone(event.phone).closed(event.number, engine::SignallingFault::unreachable);
        case EventKind::frame_up: {
            Connection& on = connection(event.number);
            if (on.up.empty() || !on.server_side) return;
            protocol::ClientFrame frame = on.up.take();
            if (chart_ != nullptr) chart_->message(now_, event.phone, Chart::kServer, brief(frame.message));
            return server_.receive(event.number, std::move(frame));
        }
        case EventKind::frame_down: {
            Connection& on = connection(event.number);
            if (on.down.empty() || !on.phone_side) return;
            if (chart_ != nullptr) chart_->message(now_, Chart::kServer, event.phone, brief(on.down.front().message));
            Phone& at = phone(event.phone);
            engine::Input heard{std::in_place_type<engine::FrameReceived>, std::move(on.down.front()), at.wall()};
            on.down.pop();
            return at.frame(event.number, std::move(heard));
        }
        case EventKind::closed_at_phone:
            if (!connection(event.number).phone_side) return;
            connection(event.number).phone_side = false;
            return phone(event.phone).closed(event.number, static_cast<engine::SignallingFault>(event.value));
        case EventKind::closed_at_server:
            if (!connection(event.number).server_side) return;
            connection(event.number).server_side = false;
            return server_.closed(event.number);
        case EventKind::committed: return server_.committed(event.number);
        case EventKind::push_attempt:
            if (event.value != server_.life()) return;
            return server_.push_attempt(
                event.call, event.phone, invites_[event.number].invite->kind == protocol::PushKind::ring, event.number
            );
        case EventKind::push_accepted:
            if (event.value == server_.life()) server_.push_finished(event.call, event.phone, true);
            return;
        case EventKind::push_arrives: {
            const engine::PushReceived& push = invites_[event.number];
            if (chart_ != nullptr) {
                const bool is_ring = push.invite->kind == protocol::PushKind::ring;
                chart_->message(now_, Chart::kServer, event.phone, is_ring ? "push: ring" : "push: cancel");
            }
            return phone(event.phone).push(push);
        }
        default: return;
    }
}

// ---- push ----

std::uint32_t World::make_invite(const CallRecord& call, std::uint8_t index, const routing::SendPush& push) {
    const routing::CallDocument& document = call.document;
    protocol::Invite invite{
        .kind = push.kind,
        .service = document.service,
        .call_id = document.call_id,
        .to_user = document.to_user,
        .device = device_id(index),
        .from_user = document.from_user,
        .from_name = document.from_name,
        .media = document.media,
        .issued_at = server_wall(),
        .ring_until = document.ring_until,
        .accept_until = document.accept_until,
        .ticket = Redacted{ticket(call.call, index)},
    };
    if (push.ended) {
        invite.reason = push.ended->reason;
        invite.source = push.ended->source;
    }
    invites_.push_back({.invite = std::move(invite)});
    return static_cast<std::uint32_t>(invites_.size() - 1);
}

void World::send_push(std::uint8_t index, std::uint32_t invite) {
    const Weather& weather = scenario_.weather;
    const bool calm = is_calm() && scenario_.has_faults;
    const auto most = static_cast<std::uint64_t>(calm ? 100 : weather.push_delay.count());
    const std::uint64_t salt = ++salt_;
    if (!calm && dice(seed(), 11, salt) % 100 < weather.push_loss) {
        note(index, kNoPhone, "a push is lost");
        phones_[index].disturb(0);  // Perhaps the word that a checker waits for.
        return;
    }
    const auto delay = static_cast<std::int64_t>(100 + dice(seed(), 12, salt) % (most + 1));
    schedule({.at = now_ + delay, .kind = EventKind::push_arrives, .phone = index, .number = invite});
    if (calm || dice(seed(), 13, salt) % 100 >= weather.push_duplicates) return;
    const auto again = static_cast<std::int64_t>(100 + dice(seed(), 14, salt) % (2 * most + 1));
    schedule({.at = now_ + again, .kind = EventKind::push_arrives, .phone = index, .number = invite});
}

// ---- media ----

Leg* World::peer_of(const Leg& leg, std::uint8_t index) {
    if (leg.peer >= phones_.size()) return nullptr;
    Leg* peer = phone(leg.peer).leg(leg.call);
    return peer != nullptr && peer->peer == index ? peer : nullptr;
}

/// The side that answers another device of its peer's user: its second way comes up and takes the first one's place.
void World::turn_to(const Leg& leg, std::uint8_t index) {
    Leg* peer = leg.peer < phones_.size() ? phone(leg.peer).leg(leg.call) : nullptr;
    if (peer == nullptr || peer->next_peer != index || !phone(leg.peer).has_network()) return;
    peer->peer = std::exchange(peer->next_peer, kNoPhone);
    peer->is_up = false;
}

/// Both sides have what the other said, and a network.
void World::try_media(std::uint8_t call) {
    for (std::uint8_t i = 0; i < phones_.size(); ++i) {
        const Leg* leg = phone(i).leg(call);
        if (leg == nullptr || !leg->is_caller || leg->peer >= phones_.size()) continue;
        const Leg* peer = phone(leg->peer).leg(call);
        if (peer == nullptr || (peer->peer != i && peer->next_peer != i)) continue;
        schedule({.at = now_ + kIceTime, .kind = EventKind::media_up, .phone = i, .call = call});
    }
}

void World::media_up(std::uint8_t caller, std::uint8_t call) {
    Leg* leg = phone(caller).leg(call);
    if (leg != nullptr && leg->is_ready && phone(caller).has_network()) turn_to(*leg, caller);
    Leg* peer = leg != nullptr ? peer_of(*leg, caller) : nullptr;
    if (peer == nullptr || !leg->is_ready || !peer->is_ready) return;
    const std::uint8_t other = leg->peer;
    if (!phone(caller).has_network() || !phone(other).has_network()) return;
    if (!std::exchange(leg->is_up, true)) phone(caller).tell(engine::MediaConnected{call_id(call)});
    peer = phone(other).leg(call);
    if (peer == nullptr || std::exchange(peer->is_up, true)) return;
    phone(other).tell(engine::MediaConnected{call_id(call)});
}

void World::leg_closed(const Phone& from, const Leg& leg) {
    const Leg* peer = leg.is_up ? peer_of(leg, from.index()) : nullptr;
    if (peer == nullptr) return;
    schedule({
        .at = now_ + kMediaSilence,
        .kind = EventKind::media_lost,
        .phone = leg.peer,
        .call = leg.call,
        .number = peer->number,
    });
}

void World::media_lost(const Event& event) {
    Leg* leg = phone(event.phone).leg(event.call);
    if (leg == nullptr || leg->number != event.number || !leg->is_up) return;
    const Leg* peer = peer_of(*leg, event.phone);
    if (peer != nullptr && phone(event.phone).has_network() && phone(leg->peer).has_network()) return;
    leg->is_up = false;
    phone(event.phone).tell(engine::MediaLost{call_id(event.call)});
}

void World::audio_opened(Phone& at, const Leg& leg) {
    const Leg* peer = peer_of(leg, at.index());
    if (peer == nullptr || !peer->is_open || !leg.is_up) return;
    for (const auto& [who, number] : {std::pair{at.index(), leg.number}, {leg.peer, peer->number}}) {
        schedule({.at = now_ + 20, .kind = EventKind::first_audio, .phone = who, .call = leg.call, .number = number});
    }
}

void World::take_media(const Event& event) {
    if (event.kind == EventKind::media_up) return media_up(event.phone, event.call);
    if (event.kind == EventKind::media_lost) return media_lost(event);
    Phone& at = phone(event.phone);
    Leg* leg = at.leg(event.call);
    if (leg == nullptr || leg->number != event.number) return;
    const CallId id = call_id(event.call);
    switch (event.kind) {
        case EventKind::media_prepared: {
            leg->is_ready = true;
            const bool is_answer = event.value % 2 == 1;
            const auto revision = static_cast<std::uint32_t>(event.value / 2);
            Redacted<std::string> sdp{(is_answer ? "a" : "o") + std::to_string(event.phone)};
            if (revision > 0) try_media(event.call);
            schedule({
                .at = now_ + 5,
                .kind = EventKind::candidate,
                .phone = event.phone,
                .call = event.call,
                .number = event.number,
            });
            if (!is_answer) return at.tell(engine::OfferPrepared{id, std::move(sdp), revision});
            at.tell(engine::AnswerPrepared{id, std::move(sdp), revision});
            return;
        }
        case EventKind::candidate:
            return at.tell(engine::CandidateFound{id, Redacted<std::string>{"candidate"}, "0", 0});
        case EventKind::first_audio:
            if (!leg->is_open || std::exchange(leg->was_heard, true)) return;
            return at.tell(engine::FirstAudioHeard{id});
        default: return;
    }
}

}  // namespace clarion::lab::world
