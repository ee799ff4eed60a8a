// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <utility>

#include "core/engine/machine.hpp"

/// What the server has to be told: kept until acknowledged, sent again with the same id on every new connection.
namespace clarion::engine {

using protocol::ErrorCode;

namespace {

CallId call_of(const protocol::ClientMessage& message) {
    return std::visit(
        []<class T>(const T& m) {
            if constexpr (std::same_as<T, protocol::Hello>) {
                return m.call_id.value_or(CallId{});
            } else if constexpr (requires { m.call_id; }) {
                return m.call_id;
            } else {
                return CallId{};
            }
        },
        message
    );
}

bool is_spare(const protocol::ClientMessage& message) {
    return holds<protocol::Receipt>(message) || holds<protocol::Candidate>(message);
}

/// A connection that the ticket of a call opened is for calls.
bool fits(const Link& link, const protocol::ClientMessage& message) {
    return link.by_token || !holds<protocol::PushAddress>(message);
}

}  // namespace

void Machine::request(protocol::ClientMessage message) {
    const std::size_t room = is_spare(message) ? kRequestsMax - kRequestsRoomKept : kRequestsMax;
    if (state_.requests.size() >= room) {
        const auto spare =
            std::ranges::find_if(state_.requests, [](const Request& r) { return is_spare(r.frame.message); });
        if (is_spare(message) || spare == state_.requests.end()) return;
        state_.requests.erase(spare);
    }
    Request& last =
        state_.requests.emplace_back(protocol::ClientFrame{state_.next_request++, std::move(message)}, state_.now);
    if (state_.link.state == LinkState::up && fits(state_.link, last.frame.message)) send(last);
}

void Machine::receipt(const CallId& call, protocol::ReceiptStep step, std::string detail) {
    request(protocol::Receipt{.call_id = call, .step = step, .detail = std::move(detail)});
}

bool Machine::is_asked(const CallId& call) const {
    return std::ranges::any_of(state_.requests, [&](const Request& request) {
        const auto* verify = std::get_if<protocol::Verify>(&request.frame.message);
        return verify != nullptr && verify->call_id == call;
    });
}

/// The take of this call was never acknowledged.
bool Machine::is_sent_again(const CallId& call) const {
    return std::ranges::any_of(state_.requests, [&](const Request& request) {
        const auto* take = std::get_if<protocol::Take>(&request.frame.message);
        return take != nullptr && take->call_id == call;
    });
}

/// On a connection that another call's ticket opened, a call joins with its own before it says anything else.
bool Machine::opens(const Request& request) const {
    const auto& message = request.frame.message;
    return call_of(message) == state_.link.by_call || holds<protocol::Verify>(message) ||
           holds<protocol::Decline>(message);
}

void Machine::ask_truth(const Call& call) {
    request(protocol::Verify{call.call_id, call.ticket});
    Call* asked = find(call.call_id);
    if (asked->verification == Verification::none) asked->verification = Verification::asked;
}

void Machine::send(Request& request) {
    request.sent = true;
    const auto& message = request.frame.message;
    const bool changes_the_call =
        holds<protocol::Place>(message) || holds<protocol::Answer>(message) || holds<protocol::Take>(message);
    if (changes_the_call) {
        if (Call* call = find_live(call_of(message))) {
            call->exposed = true;
            out_.persist();
        }
    }
    SendFrame out{request.frame};
    if (auto* receipt = std::get_if<protocol::Receipt>(&out.frame.message)) receipt->age = state_.now - request.at;
    push(std::move(out));
}

void Machine::flush_requests() {
    for (Request& request : state_.requests) {
        if (state_.link.by_call && !request.sent && opens(request)) send(request);
    }
    for (Request& request : state_.requests) {
        if (!request.sent && fits(state_.link, request.frame.message)) send(request);
    }
}

void Machine::drop_requests(const CallId& call) {
    std::erase_if(state_.requests, [&](const Request& request) { return call_of(request.frame.message) == call; });
}

// ---- answers ----

void Machine::on(const protocol::Ack& ack) {
    const auto found = std::ranges::find_if(state_.requests, [&](const Request& r) { return r.frame.id == ack.id; });
    if (found == state_.requests.end()) return;
    const protocol::ClientMessage message = std::move(found->frame.message);
    state_.requests.erase(found);
    const CallId id = call_of(message);
    if (holds<protocol::Place>(message)) {
        if (Call* call = find_live(id)) set_placed(*call);
    }
    if (holds<protocol::Decline>(message) || holds<protocol::End>(message)) {
        const Call* call = find(id);
        if (call != nullptr && call->phase == Phase::ended) forget(id);
    }
}

void Machine::on(const protocol::Error& error) {
    if (error.id == 0) return;
    if (error.id == state_.link.hello) {
        if (state_.link.state == LinkState::greeting) hello_refused(error.code);
        return;
    }
    const auto found = std::ranges::find_if(state_.requests, [&](const Request& r) { return r.frame.id == error.id; });
    if (found == state_.requests.end()) return;
    const bool placing = holds<protocol::Place>(found->frame.message);
    const bool later = error.code == ErrorCode::unavailable || (error.code == ErrorCode::too_many && !placing);
    if (later) {
        found->sent = false;
        if (state_.link.resend_at == kNever) state_.link.resend_at = state_.now + kResendPause;
        return;
    }
    const protocol::ClientMessage message = std::move(found->frame.message);
    state_.requests.erase(found);
    request_failed(message, error.code);
}

void Machine::request_failed(const protocol::ClientMessage& message, ErrorCode code) {
    const CallId id = call_of(message);
    const bool asked = holds<protocol::Verify>(message);
    if (holds<protocol::Place>(message)) {
        place_failed(id, code);
    } else if (holds<protocol::Take>(message)) {
        EndReason reason = EndReason::released_call;
        if (code == ErrorCode::not_authorized) reason = EndReason::service_access_token_error;
        if (code == ErrorCode::unknown_type) reason = EndReason::service_incompatible_version;
        finish_remote(id, reason, EndSource::cloud_server);
    } else if (const auto* offer = std::get_if<protocol::MediaOffer>(&message)) {
        Call* call = find_live(id);
        if (call != nullptr && call->change.revision == offer->revision) change_timeout(*call);
    } else if (holds<protocol::Renew>(message)) {
        if (code == ErrorCode::not_authorized) ask_token(true);
    } else if (const auto* address = std::get_if<protocol::PushAddress>(&message)) {
        emit({.kind = NoticeKind::push_address_refused, .push_kind = address->kind, .error = code});
    } else if (asked || holds<protocol::Answer>(message)) {
        EndReason reason = asked ? EndReason::released_call : EndReason::internal_error;
        if (code == ErrorCode::already_answered) reason = EndReason::multi_device_answer;
        if (code == ErrorCode::unknown_call || code == ErrorCode::wrong_state) reason = EndReason::released_call;
        if (code == ErrorCode::not_authorized || code == ErrorCode::not_for_device) reason = EndReason::auth_error;
        const bool is_ours = code == ErrorCode::already_answered;  // Another device of this user.
        finish_remote(id, reason, is_ours ? EndSource::callee : EndSource::cloud_server);
    } else if (holds<protocol::Decline>(message) || holds<protocol::End>(message)) {
        const Call* call = find(id);
        if (call == nullptr || call->phase != Phase::ended) return;
        const auto* decline = std::get_if<protocol::Decline>(&message);
        // A process before this one answered and died: the server holds that answer, and only an end ends it.
        const bool is_held = decline != nullptr && code == ErrorCode::wrong_state;
        if (is_held) return request(protocol::End{id, decline->reason, decline->release_code});
        forget(id);
    }
}

void Machine::place_failed(const CallId& id, ErrorCode code) {
    EndReason reason = EndReason::service_internal_error;
    switch (code) {
        case ErrorCode::not_authorized: reason = EndReason::service_access_token_error; break;
        case ErrorCode::unknown_call: reason = EndReason::service_invalid_id; break;
        case ErrorCode::too_many: reason = EndReason::service_too_many_requests; break;
        case ErrorCode::wrong_version: reason = EndReason::service_incompatible_version; break;
        case ErrorCode::malformed:
        case ErrorCode::too_large:
        case ErrorCode::unknown_type:
        case ErrorCode::id_conflict: reason = EndReason::internal_error; break;
        case ErrorCode::not_for_device:
        case ErrorCode::wrong_state:
        case ErrorCode::already_answered:
        case ErrorCode::unavailable: break;
    }
    finish_remote(id, reason, EndSource::cloud_server);
}

}  // namespace clarion::engine
