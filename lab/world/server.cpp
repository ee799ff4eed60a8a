// SPDX-License-Identifier: Apache-2.0
#include "lab/world/server.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "lab/world/world.hpp"

namespace clarion::lab::world {

using protocol::ErrorCode;

namespace {

constexpr std::int64_t kPushRetry = 500;
constexpr std::size_t kTraceUsual = 32;   // Lines of a call,
constexpr std::size_t kEventsUsual = 16;  // and what a device hears: room from the start.

std::unexpected<ErrorCode> refused(ErrorCode code) { return std::unexpected{code}; }

bool may_be_slow(const protocol::ClientMessage& message) {
    return holds<protocol::Answer>(message) || holds<protocol::Decline>(message) || holds<protocol::End>(message) ||
           holds<protocol::Verify>(message);
}

CallId call_of(const protocol::ClientMessage& message) {
    return std::visit(
        []<class T>(const T& one) {
            if constexpr (requires { CallId{one.call_id}; }) {
                return one.call_id;
            } else {
                return CallId{};
            }
        },
        message
    );
}

}  // namespace

// ---- connections ----

const CallRecord* Server::find(std::uint8_t call) const {
    const auto found = std::ranges::find(calls_, call, &CallRecord::call);
    return found == calls_.end() ? nullptr : &*found;
}

CallRecord* Server::record(std::uint8_t call) {
    const auto found = std::ranges::find(calls_, call, &CallRecord::call);
    return found == calls_.end() ? nullptr : &*found;
}

/// By its id, or by that of a call that was merged into it.
CallRecord* Server::record(const CallId& id) {
    for (CallRecord& call : calls_) {
        const auto& names = call.document.crossings;
        const bool is_name = std::ranges::find(names, id, &routing::Crossing::call_id) != names.end();
        if (call.document.call_id == id || is_name) return &call;
    }
    return nullptr;
}

Server::Scope* Server::scope(std::uint8_t phone, std::uint8_t call) {
    for (Scope& one : scopes_) {
        if (one.phone == phone && one.call == call) return &one;
    }
    return nullptr;
}

Server::Scope& Server::make_scope(std::uint8_t phone, std::uint8_t call) {
    if (Scope* found = scope(phone, call)) return *found;
    scopes_.push_back({.phone = phone, .call = call, .stream = next_stream_++});
    scopes_.back().events.reserve(kEventsUsual);
    return scopes_.back();
}

bool Server::hears(std::uint8_t phone, std::uint8_t call) const {
    return std::ranges::any_of(scopes_, [&](const Scope& one) {
        return one.phone == phone && one.connection != 0 && one.covers(call);
    });
}

void Server::opened(ConnectionId) {}

void Server::closed(ConnectionId id) {
    Session& session = world_.connection(id).session;
    session.closing = true;
    const auto found = std::ranges::find(scopes_, id, &Scope::connection);
    if (found == scopes_.end()) return;
    found->connection = 0;
    presence_changed(*found, false);
}

void Server::receive(ConnectionId id, protocol::ClientFrame&& frame) {
    Connection& connection = world_.connection(id);
    Session& session = connection.session;
    if (session.closing) return;
    if (session.writing) {
        session.waiting.push(std::move(frame));
        return;
    }
    if (!session.greeted) {
        const auto* message = std::get_if<protocol::Hello>(&frame.message);
        const Result result = message != nullptr ? hello(id, *message) : refused(ErrorCode::not_authorized);
        if (result) return welcome(id, *message);
        world_.send_down(id, 0U, protocol::Error{frame.id, result.error(), {}});
        session.closing = true;
        const bool for_now = result.error() == ErrorCode::unavailable || result.error() == ErrorCode::too_many;
        const auto fault = for_now ? engine::SignallingFault::closed : engine::SignallingFault::refused;
        return world_.close_from_server(id, fault);
    }
    if (may_be_slow(frame.message) && world_.write_is_slow(id, frame.id)) {
        CallRecord* found = record(call_of(frame.message));
        const auto event = event_of(connection.phone, frame.message);
        if (found != nullptr && event && found->document.call_id == call_of(frame.message)) {
            auto decision = routing::decide(found->document, *event, world_.server_wall(), world_.routing_config());
            if (decision && decision->changed) {
                pending_.push_back({id, found->call, found->version, std::move(*decision)});
                session.writing = std::move(frame);
                world_.schedule({.at = world_.now() + world_.write_time(id), .kind = EventKind::committed, .number = id}
                );
                return;
            }
        }
    }
    perform_request(id, frame);
}

/// The write reaches the store. Somebody else may have written meanwhile: then what was decided is void.
void Server::committed(ConnectionId id) {
    const auto found = std::ranges::find(pending_, id, &Pending::connection);
    if (found == pending_.end()) return;
    Pending pending = std::move(*found);
    pending_.erase(found);
    Session& session = world_.connection(id).session;
    const protocol::ClientFrame frame = *std::exchange(session.writing, std::nullopt);
    CallRecord& call = *record(pending.call);
    const bool is_current = call.version == pending.version || !world_.mutation().compares_and_sets();
    if (is_current && may_touch(id, call.document.call_id, std::nullopt)) {
        write(call, std::move(pending.decision));
        world_.send_down(id, 0U, protocol::Ack{frame.id});
    } else {
        perform_request(id, frame);
    }
    while (!session.waiting.empty() && !session.writing) {
        receive(id, session.waiting.take());
    }
}

void Server::perform_request(ConnectionId id, const protocol::ClientFrame& frame) {
    const std::uint8_t phone = world_.connection(id).phone;
    const Result result = std::visit(
        [&]<class T>(const T& message) -> Result {
            if constexpr (std::same_as<T, protocol::Hello>) {
                return refused(ErrorCode::wrong_state);
            } else if constexpr (std::same_as<T, protocol::Place>) {
                return place(id, message);
            } else if constexpr (std::same_as<T, protocol::ListCalls>) {
                return list_calls(id);
            } else if constexpr (std::same_as<T, protocol::Take>) {
                return take(id, message);
            } else if constexpr (std::same_as<T, protocol::Receipt>) {
                if (auto may = may_touch(id, message.call_id, std::nullopt); !may) return may;
                return receipt(phone, message);
            } else if constexpr (requires { CallId{message.call_id}; }) {
                std::optional<Redacted<std::string>> ticket;
                if constexpr (requires { message.ticket; }) ticket = message.ticket;
                if (auto may = may_touch(id, message.call_id, ticket); !may) return may;
                const auto event = event_of(phone, frame.message);
                if (!event) return refused(ErrorCode::unknown_type);
                const CallRecord* named = record(message.call_id);
                if (named->document.call_id != message.call_id) return on_name(id, *named, message.call_id, *event);
                return decide(named->call, *event);
            } else {
                return refused(ErrorCode::unknown_type);
            }
        },
        frame.message
    );
    if (result) {
        world_.send_down(id, 0U, protocol::Ack{frame.id});
    } else {
        world_.send_down(id, 0U, protocol::Error{frame.id, result.error(), {}});
    }
}

std::optional<routing::Event> Server::event_of(std::uint8_t phone, const protocol::ClientMessage& message) {
    const DeviceId& device = device_id(phone);
    return std::visit(
        [&]<class T>(const T& one) -> std::optional<routing::Event> {
            if constexpr (std::same_as<T, protocol::Verify>) {
                return routing::VerifyAsked{device};
            } else if constexpr (std::same_as<T, protocol::Answer>) {
                return routing::AnswerReceived{device, one.sdp, one.responder_preparation, one.start_message};
            } else if constexpr (std::same_as<T, protocol::Decline>) {
                return routing::DeclineReceived{device, one.reason, one.everywhere, one.release_code};
            } else if constexpr (std::same_as<T, protocol::End>) {
                return routing::EndReceived{device, one.reason, one.release_code};
            } else if constexpr (std::same_as<T, protocol::Candidate>) {
                return routing::CandidateReceived{device, one};
            } else if constexpr (std::same_as<T, protocol::MyState>) {
                return routing::StateReceived{device, one.state};
            } else if constexpr (std::same_as<T, protocol::MediaOffer>) {
                return routing::MediaOfferReceived{device, one};
            } else if constexpr (std::same_as<T, protocol::MediaAnswer>) {
                return routing::MediaAnswerReceived{device, one};
            } else if constexpr (std::same_as<T, protocol::MuteRequest>) {
                return routing::MuteAsked{device, one.on};
            } else if constexpr (std::same_as<T, protocol::ShortData>) {
                return routing::ShortDataReceived{device, one};
            } else {
                return std::nullopt;
            }
        },
        message
    );
}

// ---- calls ----

Server::Result Server::place(ConnectionId id, const protocol::Place& message) {
    const Connection& connection = world_.connection(id);
    if (connection.session.scope_call != kNoPhone) return refused(ErrorCode::not_authorized);
    const std::uint8_t call = call_index(message.call_id);
    const DeviceId& device = device_id(connection.phone);
    if (const CallRecord* there = record(message.call_id)) {
        if (there->document.call_id != message.call_id) {
            return decide(there->call, routing::CallCrossed{{device}, message.call_id});
        }
        if (there->document.from_device != device) return refused(ErrorCode::id_conflict);
        return decide(call, routing::VerifyAsked{device});
    }
    if (const CallRecord* crossing = crossed_by(connection.session.user, message.to_user)) {
        const PhoneSpec& spec = world_.spec(connection.phone);
        const bool has_push = profile_of(spec.platform).has_push;
        return decide(crossing->call, routing::CallCrossed{{device, spec.platform, has_push, true}, message.call_id});
    }
    const std::uint8_t user = connection.session.user;
    routing::CallPlaced placed{message.call_id, world_.service(), user_id(user), device, Redacted{user_name(user)},
                               message.to_user, message.media,    message.offer, {}};
    for (std::uint8_t phone = 0; phone < world_.phones(); ++phone) {
        const PhoneSpec& spec = world_.spec(phone);
        if (user_id(spec.user) != message.to_user) continue;
        const Scope* online = scope(phone, kNoPhone);
        placed.devices.push_back(
            {device_id(phone), spec.platform, profile_of(spec.platform).has_push,
             online != nullptr && online->connection != 0}
        );
    }
    for (std::uint8_t callee = 0; callee < screening_.size(); ++callee) {
        if (user_id(callee) == message.to_user) placed.screening = screening_[callee];
    }
    auto decision = routing::place(placed, world_.server_wall(), world_.routing_config());
    if (!decision) return refused(decision.error());
    calls_.push_back({.call = call});
    calls_.back().trace.reserve(kTraceUsual);
    write(calls_.back(), std::move(*decision));
    return {};
}

/// A ringing call of the same two users, the other way round.
const CallRecord* Server::crossed_by(std::uint8_t user, const UserId& to) const {
    const auto found = std::ranges::find_if(calls_, [&](const CallRecord& call) {
        const routing::CallDocument& document = call.document;
        return document.phase == routing::Phase::ringing && document.from_user == to &&
               document.to_user == user_id(user);
    });
    return found == calls_.end() ? nullptr : &*found;
}

/// A device speaks of the call that it placed and that was merged.
Server::Result Server::on_name(
    ConnectionId id, const CallRecord& call, const CallId& name, const routing::Event& event
) {
    if (const auto* verify = std::get_if<routing::VerifyAsked>(&event)) {
        return decide(call.call, routing::CallCrossed{{verify->device}, name});
    }
    const auto* end = std::get_if<routing::EndReceived>(&event);
    if (end == nullptr) return refused(ErrorCode::wrong_state);
    const protocol::Ended ended{name, EndReason::cancel, EndSource::caller, false, end->release_code};
    send(world_.connection(id).phone, call.call, ended);
    return {};
}

Server::Result Server::receipt(std::uint8_t phone, const protocol::Receipt& message) {
    CallRecord* found = record(message.call_id);
    const CallRecord::Step step{phone, message.step};
    if (std::ranges::find(found->receipts, step) != found->receipts.end()) return {};
    const Result result = decide(found->call, routing::ReceiptReceived{device_id(phone), message.step});
    if (result) record(message.call_id)->receipts.push_back(step);
    return result;
}

Server::Result Server::decide(std::uint8_t call, const routing::Event& event) {
    CallRecord* found = record(call);
    if (found == nullptr) return refused(ErrorCode::unknown_call);
    auto decision = routing::decide(found->document, event, world_.server_wall(), world_.routing_config());
    if (!decision) return refused(decision.error());
    write(*found, std::move(*decision));
    return {};
}

/// The document first, then the effects.
void Server::write(CallRecord& call, routing::Decision&& decision) {
    const bool was_over = call.version != 0 && call.document.phase == routing::Phase::ended;
    world_.check_decision(call, decision);
    if (decision.changed) {
        call.document = std::move(decision.document);
        ++call.version;
        if (!was_over && call.document.phase == routing::Phase::ended) {
            call.ended_at = world_.now();
            world_.call_ended(call.call);
        }
    }
    for (routing::Effect& effect : decision.effects) {
        if (auto* trace = std::get_if<routing::AddTrace>(&effect)) {
            if (!world_.mutation().keeps(effect)) continue;
            call.trace.emplace_back(world_.now(), std::move(*trace));
        } else if (const auto* history = std::get_if<routing::RecordHistory>(&effect)) {
            ++call.histories;
            call.outcome = *history;
        }
    }
    perform(call, decision.effects);
    arm();
}

void Server::perform(CallRecord& call, std::vector<routing::Effect>& effects) {
    for (routing::Effect& effect : effects) {
        if (!world_.mutation().keeps(effect)) continue;
        if (auto* word = std::get_if<routing::SendToDevice>(&effect)) {
            send(phone_index(word->device), call.call, std::move(word->message));
        } else if (const auto* incoming = std::get_if<routing::SendIncoming>(&effect)) {
            const std::uint8_t phone = phone_index(incoming->device);
            const std::uint32_t invite = world_.make_invite(call, phone, {.device = incoming->device});
            const protocol::Incoming frame{call.document.call_id, Redacted{std::to_string(invite)}};
            send(phone, call.call, frame);
        } else if (const auto* push = std::get_if<routing::SendPush>(&effect)) {
            const std::uint8_t phone = phone_index(push->device);
            const std::uint32_t invite = world_.make_invite(call, phone, *push);
            world_.schedule({
                .at = world_.now() + 5,
                .kind = EventKind::push_attempt,
                .phone = phone,
                .call = call.call,
                .number = invite,
                .value = life_,
            });
        }
    }
}

void Server::push_attempt(std::uint8_t call, std::uint8_t phone, bool is_ring, std::uint64_t invite) {
    const CallRecord* found = record(call);
    if (!is_up_ || found == nullptr) return;
    if (is_ring && found->document.phase != routing::Phase::ringing) return;  // Withdrawn.
    if (!world_.push_service_is_up()) {
        if (world_.server_wall() + Duration{kPushRetry} < found->document.ring_until) {
            world_.schedule({
                .at = world_.now() + kPushRetry,
                .kind = EventKind::push_attempt,
                .phone = phone,
                .call = call,
                .number = static_cast<std::uint32_t>(invite),
                .value = life_,
            });
        } else if (is_ring) {
            push_finished(call, phone, false);
        }
        return;
    }
    world_.send_push(phone, static_cast<std::uint32_t>(invite));
    if (!is_ring) return;
    world_.schedule(
        {.at = world_.now() + 40, .kind = EventKind::push_accepted, .phone = phone, .call = call, .value = life_}
    );
}

void Server::push_finished(std::uint8_t call, std::uint8_t phone, bool accepted) {
    CallRecord* found = record(call);
    if (!is_up_ || found == nullptr) return;
    found->push_answered.push_back(phone);
    const auto outcome = accepted ? routing::PushOutcome::accepted : routing::PushOutcome::failed;
    (void)decide(call, routing::PushFinished{device_id(phone), outcome});
}

void Server::end_by_app_server(std::uint8_t call) {
    if (is_up_ && record(call) != nullptr) (void)decide(call, routing::EndReceived{});
}

/// Deciding may add effects, but neither scopes nor calls.
void Server::presence_changed(const Scope& of, bool is_fresh) {
    for (std::size_t i = 0; i < calls_.size(); ++i) {
        if (of.covers(calls_[i].call)) presence_changed(of, calls_[i].call, is_fresh);
    }
}

void Server::presence_changed(const Scope& of, std::uint8_t call, bool is_fresh) {
    if (record(call)->document.phase == routing::Phase::ended) return;
    const bool connected = hears(of.phone, call);
    const bool knows = connected && of.call != kNoPhone;
    (void)decide(call, routing::PresenceChanged{device_id(of.phone), connected, knows, connected && is_fresh});
}

/// The ticket of another call came over a connection that a ticket opened: it hears of both.
void Server::join(std::uint8_t phone, std::uint8_t opened_for, std::uint8_t call) {
    Scope* entry = scope(phone, opened_for);
    if (entry == nullptr || entry->covers(call)) return;
    entry->joined.push_back(call);
    presence_changed(*entry, call, false);
}

void Server::send(std::uint8_t phone, std::uint8_t call, protocol::ServerMessage&& message) {
    Scope* last = nullptr;
    for (Scope& entry : scopes_) {
        if (entry.phone != phone || !entry.covers(call)) continue;
        if (last != nullptr) send(*last, message);
        last = &entry;
    }
    if (last != nullptr) send(*last, std::move(message));
}

void Server::send(Scope& scope, protocol::ServerMessage message) {
    scope.events.emplace_back(++scope.last_seq, std::move(message));
    if (scope.connection != 0) world_.send_down(scope.connection, scope.events.back());
}

// ---- time ----

void Server::arm() {
    WallTime first{INT64_MAX};
    for (const CallRecord& call : calls_) {
        const auto at = routing::next_deadline(call.document);
        if (at) first = std::min(first, *at);
    }
    if (first.ms == INT64_MAX) return;
    const std::int64_t at = std::max(world_.now(), world_.at_server_wall(first));
    if (at >= armed_at_ || at > world_.horizon()) return;
    armed_at_ = at;
    world_.schedule({.at = at, .kind = EventKind::server_timer});
}

void Server::time_passed() {
    armed_at_ = INT64_MAX;
    if (!is_up_) return;
    for (std::size_t i = 0; i < calls_.size(); ++i) {
        const auto at = routing::next_deadline(calls_[i].document);
        if (at && *at <= world_.server_wall()) (void)decide(calls_[i].call, routing::TimePassed{});
    }
    arm();
}

// ---- the process ----

void Server::stop() {
    is_up_ = false;
    ++life_;
    scopes_.clear();
    pending_.clear();
    next_stream_ += 1'000;
    if (!world_.mutation().keeps_documents()) calls_.clear();
}

void Server::start() {
    is_up_ = true;
    for (std::size_t i = 0; i < calls_.size(); ++i) {
        if (calls_[i].document.phase != routing::Phase::ended) resume(calls_[i]);
    }
    armed_at_ = INT64_MAX;
    arm();
}

void Server::resume(CallRecord& call) {
    (void)decide(call.call, routing::ServerResumed{});
    (void)decide(call.call, routing::TimePassed{});
    const std::vector<routing::Leg> legs = call.document.legs;
    for (const routing::Leg& leg : legs) {
        const std::uint8_t phone = phone_index(leg.device);
        const bool is_confirmed = std::ranges::find(call.push_answered, phone) != call.push_answered.end();
        const bool is_silent = leg.state == routing::LegState::announced;
        const bool is_wanted = call.document.phase == routing::Phase::ringing;
        if (!leg.pushed || !is_silent || is_confirmed || !is_wanted) continue;
        std::vector<routing::Effect> again{routing::SendPush{.device = leg.device}};
        perform(call, again);
    }
}

}  // namespace clarion::lab::world
