// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <string>

#include "core/protocol/reasons.hpp"
#include "core/routing/draft.hpp"

/// Who may end a call, when, and with which reason.
namespace clarion::routing::detail {

namespace {

/// Reasons that a device may give for its own end; the others are the server's to say, or follow from the phase.
bool is_device_failure(EndReason reason) {
    switch (reason) {
        case EndReason::cell_call:
        case EndReason::internal_error:
        case EndReason::user_error:
        case EndReason::internal_kit_error:
        case EndReason::mic_no_source:
        case EndReason::network_unstable:
        case EndReason::unavailable_network:
        case EndReason::app_destroy:
        case EndReason::system_sleep:
        case EndReason::system_log_off:
        case EndReason::mtu_exceeded:
        case EndReason::desktop_screen_locked:
        case EndReason::service_http_error:
        case EndReason::service_http_connection_time_out:
        case EndReason::service_http_invalid_peer_cert:
        case EndReason::service_http_connect_fail:
        case EndReason::service_http_invalid_url: return true;
        default: return false;
    }
}

/// Reasons that say how ringing ended; they mean nothing for an answered call and nothing in the app server's mouth.
bool is_about_ringing(EndReason reason) {
    switch (reason) {
        case EndReason::unknown:
        case EndReason::decline:
        case EndReason::cancel:
        case EndReason::busy:
        case EndReason::no_answer:
        case EndReason::already_got_a_call:
        case EndReason::multi_device_in_use:
        case EndReason::multi_device_answer:
        case EndReason::multi_device_decline:
        case EndReason::push_error:
        case EndReason::released_call: return true;
        default: return false;
    }
}

EndReason reason_of_app_server(const CallDocument& call, EndReason given) {
    if (call.phase == Phase::answered) return is_about_ringing(given) ? EndReason::normal : given;
    // Never connected, so it was not a normal call: for the callee's devices it is a cancel.
    return is_about_ringing(given) || given == EndReason::normal ? EndReason::cancel : given;
}

/// What ends a call for somebody who does not know that it was answered.
bool is_word_of_ringing(bool by_caller, EndReason given) {
    if (by_caller) return given == EndReason::cancel || given == EndReason::no_answer;
    return given == EndReason::decline || given == EndReason::busy;
}

EndReason reason_of_device(const Draft& draft, bool by_caller, EndReason given) {
    if (is_device_failure(given)) return given;
    if (draft.call.phase == Phase::answered) {
        // It crossed the answer, and they never talked: what its user did and was shown is the truth (I8).
        const bool crossed = !draft.call.connected_at && is_word_of_ringing(by_caller, given);
        return crossed ? given : EndReason::normal;
    }
    if (!by_caller) return given == EndReason::busy ? EndReason::busy : EndReason::decline;
    const bool waited = given == EndReason::no_answer && draft.now >= draft.call.ring_until;
    return waited ? EndReason::no_answer : EndReason::cancel;
}

/// A failure of one device is no word of its user; what the app defines is.
bool is_only_its_own(EndReason reason) { return is_device_failure(reason) && reason != EndReason::user_error; }

LegState state_after(EndReason own_end) {
    if (own_end == EndReason::busy) return LegState::busy;
    return own_end == EndReason::decline ? LegState::declined : LegState::failed;
}

/// This device stops, and the others ring on; unless it was the last one.
void stop_only(Draft& draft, Leg& leg, EndReason reason, const std::optional<Redacted<std::string>>& code) {
    const DeviceId device = leg.device;
    leg.own_end = reason;
    leg.state = state_after(reason);
    leg.push_at.reset();
    trace(draft, device, "device_stopped", std::string{to_string(reason)});
    const bool is_told = knows_its_end(leg);
    finish_if_nobody_is_left(draft, device, code);
    if (is_told) tell_end(draft, device);
}

/// The callee's user does not want this call, or this device cannot take it.
void callee_ends_ringing(
    Draft& draft, Leg& leg, EndReason reason, bool is_own, const std::optional<Redacted<std::string>>& code
) {
    if (leg.own_end) {
        if (knows_its_end(leg)) tell_end(draft, leg.device);
    } else if (is_own) {
        stop_only(draft, leg, reason, code);
    } else {
        leg.state = LegState::ringing;  // It showed the call, whatever its receipts said.
        finish(draft, {.reason = reason, .source = EndSource::callee, .by = leg.device, .release_code = code});
    }
}

}  // namespace

void finish_if_nobody_is_left(
    Draft& draft, const std::optional<DeviceId>& by, const std::optional<Redacted<std::string>>& code
) {
    const CallDocument& call = draft.call;
    if (call.phase != Phase::ringing) return;
    const auto is_out = [](const Leg& leg) { return leg.own_end || leg.state == LegState::unreachable; };
    if (!std::ranges::all_of(call.legs, is_out)) return;
    const Leg* speaker = nullptr;
    // A person who is there but busy, before one who said no here, before a device that failed.
    for (const LegState state : {LegState::busy, LegState::declined, LegState::failed}) {
        for (const Leg& leg : call.legs) {
            if (leg.state == state && (speaker == nullptr || leg.device == by)) speaker = &leg;
        }
        if (speaker != nullptr) break;
    }
    if (speaker == nullptr) {
        finish(draft, {.reason = EndReason::push_error, .source = EndSource::cloud_server});
        return;
    }
    const bool is_by = by && speaker->device == *by;
    finish(
        draft,
        {
            .reason = *speaker->own_end,
            .source = EndSource::callee,
            .by = speaker->device,
            .release_code = is_by ? code : std::nullopt,
        }
    );
}

Applied apply(Draft& draft, const DeclineReceived& event, const Config& config) {
    CallDocument& call = draft.call;
    if (event.release_code && event.release_code->reveal().size() > protocol::kReleaseCodeLengthMax) {
        return std::unexpected{ErrorCode::too_large};
    }
    Leg* leg = find_leg(call, event.device);
    if (leg == nullptr) return std::unexpected{ErrorCode::wrong_state};  // The caller cancels with end.
    switch (call.phase) {
        case Phase::ringing: {
            const bool is_busy = event.reason == EndReason::busy;
            const bool is_own = is_busy ? !config.busy_ends_all : !event.everywhere || !config.decline_ends_all;
            const EndReason reason = is_busy ? EndReason::busy : EndReason::decline;
            callee_ends_ringing(draft, *leg, reason, is_own, event.release_code);
            return {};
        }
        case Phase::answered:
            if (call.winner == event.device) return std::unexpected{ErrorCode::wrong_state};
            tell_end(draft, event.device);
            return {};
        case Phase::ended: tell_end(draft, event.device); return {};
    }
    return {};
}

Applied apply(Draft& draft, const EndReceived& event, const Config& config) {
    CallDocument& call = draft.call;
    if (event.release_code && event.release_code->reveal().size() > protocol::kReleaseCodeLengthMax) {
        return std::unexpected{ErrorCode::too_large};
    }
    if (!event.device) {
        if (call.phase == Phase::ended) return {};
        const EndReason reason = reason_of_app_server(call, event.reason);
        finish(draft, {.reason = reason, .source = EndSource::app_server, .release_code = event.release_code});
        return {};
    }
    const DeviceId& device = *event.device;
    const bool by_caller = device == call.from_device;
    if (call.take && call.take->device == device && !side_of(call, device)) {
        drop_take(draft, EndReason::normal);
        return {};
    }
    if (call.phase == Phase::ended || (call.phase == Phase::answered && !side_of(call, device))) {
        tell_end(draft, device);
        return {};
    }
    const EndReason reason = reason_of_device(draft, by_caller, event.reason);
    if (Leg* leg = find_leg(call, device); leg != nullptr && call.phase == Phase::ringing) {
        const bool is_own = reason == EndReason::busy      ? !config.busy_ends_all
                            : reason == EndReason::decline ? !config.decline_ends_all
                                                           : is_only_its_own(reason);
        callee_ends_ringing(draft, *leg, reason, is_own, event.release_code);
        return {};
    }
    const EndSource source = by_caller ? EndSource::caller : EndSource::callee;
    finish(draft, {.reason = reason, .source = source, .by = device, .release_code = event.release_code});
    return {};
}

}  // namespace clarion::routing::detail
