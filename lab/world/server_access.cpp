// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <utility>

#include "lab/world/server.hpp"
#include "lab/world/world.hpp"

/// Who is it, and what may they touch.
namespace clarion::lab::world {

using protocol::ErrorCode;

namespace {

constexpr std::int64_t kTicketAfterEnd = 10 * 60'000;

std::unexpected<ErrorCode> refused(ErrorCode code) { return std::unexpected{code}; }

}  // namespace

Server::Result Server::check_ticket(const CallRecord& call, std::uint8_t phone, std::string_view ticket) const {
    const auto& legs = call.document.legs;
    const bool is_leg = std::ranges::find(legs, device_id(phone), &routing::Leg::device) != legs.end();
    if (is_leg && ticket == World::ticket(call.call, phone)) {
        const bool is_late = call.ended_at >= 0 && world_.now() - call.ended_at > kTicketAfterEnd;
        return is_late ? refused(ErrorCode::unknown_call) : Result{};
    }
    const bool is_anothers = std::ranges::any_of(legs, [&](const routing::Leg& leg) {
        return ticket == World::ticket(call.call, phone_index(leg.device));
    });
    return refused(is_anothers ? ErrorCode::not_for_device : ErrorCode::not_authorized);
}

Server::Result Server::hello(ConnectionId id, const protocol::Hello& hello) {
    Connection& connection = world_.connection(id);
    const std::uint8_t user = world_.spec(connection.phone).user;
    if (hello.token) {
        if (hello.token->reveal() != "token-" + user_id(user).text()) return refused(ErrorCode::not_authorized);
        connection.session.user = user;
        connection.session.scope_call = kNoPhone;
        return {};
    }
    if (!hello.call_id || !hello.ticket) return refused(ErrorCode::malformed);
    const CallRecord* call = record(*hello.call_id);
    if (call == nullptr) return refused(ErrorCode::unknown_call);
    if (auto may = check_ticket(*call, connection.phone, hello.ticket->reveal()); !may) return may;
    connection.session.user = user;
    connection.session.scope_call = call->call;
    return {};
}

void Server::welcome(ConnectionId id, const protocol::Hello& hello) {
    Connection& connection = world_.connection(id);
    Session& session = connection.session;
    session.greeted = true;
    Scope& entry = make_scope(connection.phone, session.scope_call);
    const ConnectionId older = std::exchange(entry.connection, id);
    if (older != 0 && older != id) {
        world_.connection(older).session.closing = true;
        world_.close_from_server(older, engine::SignallingFault::replaced);
    }
    const bool knows_stream = hello.stream == entry.stream && hello.seen_seq <= entry.last_seq;
    const std::uint64_t oldest = entry.events.empty() ? entry.last_seq + 1 : entry.events.front().seq;
    const bool resumed = knows_stream && hello.seen_seq + 1 >= oldest;
    protocol::Welcome frame{
        .service = World::service(),
        .user = user_id(session.user),
        .device = device_id(connection.phone),
        .server_now = world_.server_wall(),
        .stream = entry.stream,
        .resumed = resumed,
    };
    world_.send_down(id, 0U, std::move(frame));
    if (resumed && world_.mutation().replays_events()) {
        for (const protocol::ServerFrame& event : entry.events) {
            if (event.seq > hello.seen_seq) world_.send_down(id, event);
        }
    }
    if (!resumed && session.scope_call == kNoPhone) carry_over(connection.phone, hello);
    presence_changed(*scope(connection.phone, session.scope_call), !resumed);
}

/// What was on its way over the connection of a ticket goes on over the one with the token.
void Server::carry_over(std::uint8_t phone, const protocol::Hello& hello) {
    std::vector<protocol::ServerMessage> missed;
    for (const Scope& from : scopes_) {
        if (from.phone != phone || from.call == kNoPhone || from.stream != hello.stream) continue;
        for (const protocol::ServerFrame& event : from.events) {
            if (event.seq > hello.seen_seq) missed.push_back(event.message);
        }
    }
    for (const protocol::ServerMessage& message : missed) send(*scope(phone, kNoPhone), message);
}

Server::Result Server::may_touch(
    ConnectionId id, const CallId& call, const std::optional<Redacted<std::string>>& ticket
) {
    const Connection& connection = world_.connection(id);
    const Session& session = connection.session;
    const CallRecord* found = record(call);
    const Scope* entry = scope(connection.phone, session.scope_call);
    const bool is_covered = entry != nullptr && found != nullptr && entry->covers(found->call);
    if (session.scope_call != kNoPhone && !is_covered && !ticket) return refused(ErrorCode::not_authorized);
    if (found == nullptr) return refused(ErrorCode::unknown_call);
    if (ticket) {
        auto checked = check_ticket(*found, connection.phone, ticket->reveal());
        if (checked && session.scope_call != kNoPhone) join(connection.phone, session.scope_call, found->call);
        return checked;
    }
    const UserId* expected = routing::user_of(found->document, device_id(connection.phone));
    const bool is_theirs = expected != nullptr && *expected == user_id(session.user);
    return is_theirs ? Result{} : refused(ErrorCode::unknown_call);
}

// ---- calls that move between the devices of a user ----

Server::Result Server::list_calls(ConnectionId id) {
    const Connection& connection = world_.connection(id);
    if (connection.session.scope_call != kNoPhone) return refused(ErrorCode::not_authorized);
    const UserId& user = user_id(connection.session.user);
    protocol::LiveCalls live;
    for (const CallRecord& record : calls_) {
        const routing::CallDocument& call = record.document;
        if (call.phase != routing::Phase::answered) continue;
        const bool is_caller = call.from_user == user;
        if (!is_caller && call.to_user != user) continue;
        live.calls.push_back(
            {call.call_id, is_caller ? call.to_user : call.from_user,
             Redacted{user_name(static_cast<std::uint8_t>(1 - connection.session.user))}, call.media,
             is_caller ? call.from_device : *call.winner, *call.answered_at}
        );
    }
    send(*scope(connection.phone, kNoPhone), live);
    return {};
}

Server::Result Server::take(ConnectionId id, const protocol::Take& message) {
    const Connection& connection = world_.connection(id);
    if (connection.session.scope_call != kNoPhone) return refused(ErrorCode::not_authorized);
    const CallRecord* found = record(message.call_id);
    if (found == nullptr) return refused(ErrorCode::unknown_call);
    const UserId& user = user_id(connection.session.user);
    const bool is_caller = found->document.from_user == user;
    if (!is_caller && found->document.to_user != user) return refused(ErrorCode::unknown_call);
    routing::TakeReceived event;
    event.device = device_id(connection.phone);
    event.platform = world_.spec(connection.phone).platform;
    event.side = is_caller ? routing::Side::caller : routing::Side::callee;
    event.peer_name = Redacted{user_name(static_cast<std::uint8_t>(1 - connection.session.user))};
    event.offer = message.offer;
    return decide(found->call, event);
}

}  // namespace clarion::lab::world
