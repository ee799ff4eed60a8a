// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <utility>

#include "core/engine/machine.hpp"

/// Who is signed in on this device, and the access token that shows it.
namespace clarion::engine {

namespace {

protocol::ClientMessage address_of(protocol::TokenKind kind, const Redacted<std::string>& token) {
    return protocol::PushAddress{kind, token, {}, {}};
}

/// Not acknowledged yet.
bool is_address(const Request& request, protocol::TokenKind kind) {
    const auto* address = std::get_if<protocol::PushAddress>(&request.frame.message);
    return address != nullptr && address->kind == kind;
}

/// Whatever becomes of the user who was signed in: the app took it away from this device.
bool takes_away(const Request& request) {
    const auto* address = std::get_if<protocol::PushAddress>(&request.frame.message);
    return address != nullptr && address->token.reveal().empty();
}

/// Empty: none.
Redacted<std::string> held_token(const callui::CallUi& ui, protocol::TokenKind kind) {
    for (const callui::PushToken& held : ui.view().tokens) {
        if (held.kind == kind) return held.token;
    }
    return {};
}

}  // namespace

const std::optional<Redacted<std::string>>& Machine::token() const {
    return state_.token ? state_.token : config_.token;
}

Machine::Applied Machine::apply(const OnlineRequested& input) {
    if (input.on && !token()) return std::unexpected{InputError::wrong_state};
    const bool was_refused = state_.link.token_refused || state_.link.sent_away || state_.signed_out;
    if (state_.online == input.on && !(input.on && was_refused)) return {};
    state_.online = input.on;
    if (input.on) {
        if (std::exchange(state_.signed_out, false)) tell_addresses();
        state_.signing_out = false;
        state_.link.token_refused = false;
        hurry_link();
    }
    out_.persist();
    return {};
}

Machine::Applied Machine::apply(const TokenSupplied& input) {
    const auto& text = input.token.reveal();
    if (text.empty() || text.size() > protocol::kTokenLengthMax) return std::unexpected{InputError::bad_input};
    state_.token_asked = false;
    state_.renew_at = kNever;
    if (token() == input.token && !state_.signed_out && !state_.link.token_refused) return {};
    state_.token = input.token;
    if (std::exchange(state_.signed_out, false)) tell_addresses();
    state_.signing_out = false;
    state_.link.token_refused = false;
    if (state_.link.state == LinkState::up && state_.link.by_token) {
        std::erase_if(state_.requests, [](const Request& r) { return holds<protocol::Renew>(r.frame.message); });
        request(protocol::Renew{input.token});
    } else {
        hurry_link();
    }
    out_.persist();
    return {};
}

void Machine::ask_token(bool refused) {
    state_.renew_at = kNever;
    if (!config_.renews_token || state_.signed_out || std::exchange(state_.token_asked, true)) return;
    push(RequestToken{refused});
}

/// By the server's clock from one moment to another: how right the device's own clock is does not matter.
void Machine::note_expiry(const protocol::Welcome& welcome) {
    state_.renew_at = kNever;
    if (!state_.link.by_token || !welcome.token_expires_at) return;
    const Duration left = time_between(*welcome.token_expires_at, welcome.server_now);
    // A short-lived token is renewed after half its life.
    const Duration before = std::min(config_.renew_before, left / 2);
    state_.renew_at = state_.now + std::max(left - before, Duration{0});
}

/// Nobody may call through this device any more, and nothing of the user is left to ring.
Machine::Applied Machine::apply(const SignedOut&) {
    if (state_.signed_out) return {};
    state_.signed_out = state_.signing_out = true;
    state_.online = false;
    state_.renew_at = kNever;
    state_.token_asked = false;
    state_.elsewhere.clear();
    std::vector<CallId> live;
    for (const Call& call : state_.calls) {
        if (call.phase != Phase::ended) live.push_back(call.call_id);
    }
    for (const CallId& id : live) {
        const Call* call = find(id);
        if (call->declined) {
            forget(id);
            continue;
        }
        // What only rings goes on ringing on the user's other devices.
        const bool told = call->phase != Phase::announced && call->exposed;
        finish_here(id, EndReason::system_log_off, told || is_agreed(*call) ? Tell::end : Tell::nobody);
    }
    out_.persist();
    return {};
}

void Machine::finish_sign_out() {
    if (!state_.signing_out || !state_.calls.empty()) return;
    state_.signing_out = false;
    std::erase_if(state_.requests, [](const Request& request) { return !takes_away(request); });
    state_.token.reset();
    emit({.kind = NoticeKind::signed_out});
}

// ---- where this device is woken ----

/// The server hears what is new. What it did not acknowledge yet about the same push service is not true any more.
/// Without a user an address is told at the next sign-in; that there is none any more waits for the connection.
Machine::Applied Machine::apply(const PushTokenChanged& input) {
    const bool is_same = held_token(ui_, input.kind) == input.token;
    if (auto told = tell_ui(input); !told || is_same) return told;
    std::erase_if(state_.requests, [&](const Request& r) { return is_address(r, input.kind); });
    if (!state_.signed_out || input.token.reveal().empty()) request(address_of(input.kind, input.token));
    return {};
}

/// To a server that may have lost them: the app server put the device anew, or a push service once called them dead.
void Machine::tell_addresses() {
    for (const callui::PushToken& held : ui_.view().tokens) {
        const bool is_waiting =
            std::ranges::any_of(state_.requests, [&](const Request& r) { return is_address(r, held.kind); });
        if (!is_waiting) request(address_of(held.kind, held.token));
    }
}

}  // namespace clarion::engine
