// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <utility>

#include "core/engine/machine.hpp"

/// The connection to the server: when there is one, who it introduces, and when it is tried again.
namespace clarion::engine {

using protocol::ErrorCode;

namespace {

/// Both sides agreed: what they say to each other does not pass the server, and needs no leave of it.
bool lives_on_media(const Call& call) { return is_agreed(call); }

}  // namespace

// ---- what is wanted ----

/// After a sign-out it is good for nothing but to say so.
bool Machine::has_token() const {
    return token().has_value() && !state_.link.token_refused && (!state_.signed_out || state_.signing_out);
}

/// Whose ticket introduces this device. The others join with theirs.
const Call* Machine::ticket_call() const {
    const auto found = std::ranges::find_if(state_.calls, [](const Call& call) { return call.ticket.has_value(); });
    return found == state_.calls.end() ? nullptr : &*found;
}

/// A ticket is good for one incoming call; everything else takes the token.
bool Machine::wants_token() const {
    if (!has_token()) return false;
    const auto places = [](const Call& call) { return call.direction == Direction::outgoing; };
    const auto concerns_no_call = [](const Request& r) {
        return holds<protocol::ListCalls>(r.frame.message) || holds<protocol::PushAddress>(r.frame.message);
    };
    return state_.online || state_.calls.size() > 1 || std::ranges::any_of(state_.calls, places) ||
           std::ranges::any_of(state_.requests, concerns_no_call);
}

bool Machine::wants_link() const {
    if (state_.link.sent_away) return false;
    if (wants_token()) return true;
    return !state_.calls.empty() && (ticket_call() != nullptr || has_token());
}

void Machine::update_link() {
    Link& link = state_.link;
    std::erase_if(state_.requests, [&](const Request& r) {
        // Nobody looks at a list that comes so late.
        return holds<protocol::ListCalls>(r.frame.message) && state_.now - r.at >= config_.place_timeout;
    });
    if (!wants_link()) {
        if (link.state != LinkState::closed) close_link();
        link.at = kNever;
        if (!link.sent_away) link.attempt = 0;
        return;
    }
    const bool introduced = link.state == LinkState::greeting || link.state == LinkState::up;
    const bool ticket_is_over = link.by_call && find(*link.by_call) == nullptr;
    if (introduced && !link.by_token && (wants_token() || ticket_is_over)) close_link();
    if (link.state == LinkState::closed && (link.at == kNever || link.at <= state_.now)) open_link();
}

// ---- open and closed ----

void Machine::open_link() {
    state_.link.state = LinkState::opening;
    state_.link.at = state_.now + config_.handshake_timeout;
    push(OpenSignalling{});
}

void Machine::close_link() {
    push(CloseSignalling{});
    lose_link();
}

void Machine::lose_link() {
    Link& link = state_.link;
    if (link.up_since != kNever && state_.now - link.up_since >= kLastingTime) link.attempt = 0;
    link.up_since = kNever;
    link.state = LinkState::closed;
    link.at = kNever;
    link.resend_at = kNever;
    link.hello = 0;
    link.by_token = false;
    link.by_call.reset();
    for (Request& request : state_.requests) request.sent = false;
}

/// Full jitter over the upper half: many devices that lost the same server do not come back in step.
void Machine::back_off() {
    Link& link = state_.link;
    link.attempt = std::min(link.attempt + 1, 30U);
    const std::int64_t least = std::max<std::int64_t>(config_.reconnect_min.count(), 1);
    const std::int64_t most = std::max<std::int64_t>(config_.reconnect_max.count(), least);
    std::int64_t pause = least;
    for (std::uint32_t i = 1; i < link.attempt && pause < most; ++i) pause *= 2;
    pause = std::min(pause, most);
    const auto half = static_cast<std::uint64_t>(pause / 2);
    link.at = state_.now + Duration{pause - static_cast<std::int64_t>(random(half + 1))};
}

/// Somebody waits: a push came, so that there is a network, or the user tapped.
void Machine::hurry_link() {
    state_.link.sent_away = false;
    if (state_.link.state != LinkState::closed) return;
    state_.link.attempt = 0;
    state_.link.at = kNever;
}

void Machine::link_timeout() {
    Link& link = state_.link;
    if (link.resend_at <= state_.now) {
        link.resend_at = kNever;
        if (link.state == LinkState::up) flush_requests();
    }
    const bool is_opening = link.state == LinkState::opening || link.state == LinkState::greeting;
    if (is_opening && link.at <= state_.now) {
        close_link();
        back_off();
    }
}

Machine::Applied Machine::apply(const SignallingOpened&) {
    if (state_.link.state != LinkState::opening) return {};
    state_.link.state = LinkState::greeting;
    say_hello();
    return {};
}

Machine::Applied Machine::apply(const SignallingClosed& input) {
    if (state_.link.state == LinkState::closed) return {};
    const bool was_by_token = state_.link.by_token;
    lose_link();
    if (input.fault == SignallingFault::replaced || input.fault == SignallingFault::refused) {
        // To come back at once would throw the other one out, or be refused again, for ever.
        const bool token_is_over = input.fault == SignallingFault::refused && was_by_token && config_.renews_token;
        state_.link.sent_away = !token_is_over;
        state_.link.token_refused = state_.link.token_refused || token_is_over;
        if (token_is_over) ask_token(true);
        out_.persist();
        return {};
    }
    back_off();
    if (input.fault != SignallingFault::tls_untrusted) return {};
    // Trying again does not help, and the caller should know why.
    std::vector<CallId> placing;
    for (const Call& call : state_.calls) {
        if (call.phase == Phase::placing) placing.push_back(call.call_id);
    }
    for (const CallId& id : placing) finish_here(id, EndReason::service_http_invalid_peer_cert, Tell::nobody);
    return {};
}

// ---- hello ----

void Machine::say_hello() {
    Link& link = state_.link;
    const Call* call = ticket_call();
    protocol::Hello hello{
        .device = config_.device, .platform = config_.platform, .seen_seq = state_.seen_seq, .stream = state_.stream
    };
    if (wants_token() || call == nullptr) {
        hello.token = token();
        link.by_token = true;
    } else {
        hello.call_id = call->call_id;
        hello.ticket = call->ticket;
        link.by_call = call->call_id;
    }
    link.hello = state_.next_request++;
    push(SendFrame{{link.hello, std::move(hello)}});
}

void Machine::on(const protocol::Welcome& welcome) {
    Link& link = state_.link;
    if (link.state == LinkState::up) return note_expiry(welcome);  // Of the token that was renewed.
    if (link.state != LinkState::greeting) return;
    if (welcome.version != protocol::kProtocolVersion) return hello_refused(ErrorCode::wrong_version);
    learn_clock(welcome.server_now);
    if (welcome.stream != state_.stream) {
        state_.stream = welcome.stream;
        state_.seen_seq = 0;
    }
    link.state = LinkState::up;
    link.at = kNever;
    link.up_since = state_.now;
    note_expiry(welcome);
    if (!welcome.resumed) {
        std::vector<CallId> live;
        for (const Call& call : state_.calls) {
            // A call that comes here from another device of this user may be here already.
            const bool may_be_here = call.taking && call.exposed && !is_sent_again(call.call_id);
            const bool is_unknown = call.phase == Phase::placing && !may_be_here;
            const bool known = call.phase != Phase::ended && !is_unknown;
            if (known && !is_asked(call.call_id)) live.push_back(call.call_id);
        }
        for (const CallId& id : live) ask_truth(*find(id));
        // The server may have lost what it knew of this side.
        for (const Call& call : state_.calls) {
            if (is_agreed(call)) repeat_state(call);
        }
        if (link.by_token) tell_addresses();
    }
    flush_requests();
}

/// The server does not take this introduction. What depends on it ends; what does not is tried another way.
void Machine::hello_refused(ErrorCode code) {
    const bool by_token = state_.link.by_token;
    const auto by_call = state_.link.by_call;
    close_link();
    back_off();
    if (code == ErrorCode::unavailable || code == ErrorCode::too_many) return;
    if (by_token) {
        state_.link.token_refused = true;
        if (code == ErrorCode::not_authorized && config_.renews_token) {
            ask_token(true);  // The calls wait for a fresh one, as long as their own deadlines let them.
            hurry_link();
            return;
        }
        const bool is_old = code == ErrorCode::wrong_version;
        std::vector<CallId> over;
        for (const Call& call : state_.calls) {
            const bool depends = !lives_on_media(call) && (call.direction == Direction::outgoing || !call.ticket);
            if (is_old || depends) over.push_back(call.call_id);
        }
        const auto reason = is_old ? EndReason::service_incompatible_version : EndReason::service_access_token_error;
        for (const CallId& id : over) {
            finish_here(id, reason, Tell::nobody);
            drop_requests(id);
        }
        std::erase_if(state_.calls, [&](const Call& c) { return std::ranges::find(over, c.call_id) != over.end(); });
        hurry_link();
        return;
    }
    if (!by_call) return;
    Call* call = find_live(*by_call);
    if (call != nullptr && lives_on_media(*call) && code == ErrorCode::not_authorized) {
        call->ticket.reset();
        out_.persist();
    } else if (call != nullptr) {
        EndReason reason = EndReason::auth_error;
        if (code == ErrorCode::unknown_call) reason = EndReason::released_call;
        if (code == ErrorCode::wrong_version) reason = EndReason::service_incompatible_version;
        finish_remote(*by_call, reason, EndSource::cloud_server);
    } else {
        drop_requests(*by_call);
        std::erase_if(state_.calls, [&](const Call& c) { return c.call_id == *by_call; });
    }
    hurry_link();
}

}  // namespace clarion::engine
