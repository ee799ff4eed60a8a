// SPDX-License-Identifier: Apache-2.0
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

EndReason reason_of_device(const Draft& draft, bool by_caller, EndReason given) {
    if (is_device_failure(given)) return given;
    if (draft.call.phase == Phase::answered) return EndReason::normal;
    if (!by_caller) return given == EndReason::busy ? EndReason::busy : EndReason::decline;
    const bool waited = given == EndReason::no_answer && draft.now >= draft.call.ring_until;
    return waited ? EndReason::no_answer : EndReason::cancel;
}

}  // namespace

Applied apply(Draft& draft, const DeclineReceived& event, const Config&) {
    CallDocument& call = draft.call;
    Leg* leg = find_leg(call, event.device);
    if (leg == nullptr) return std::unexpected{ErrorCode::wrong_state};  // The caller cancels with end.
    switch (call.phase) {
        case Phase::ringing: {
            const EndReason reason = event.reason == EndReason::busy ? EndReason::busy : EndReason::decline;
            leg->state = LegState::ringing;  // It showed the call, whatever its receipts said.
            finish(draft, {.reason = reason, .source = EndSource::callee, .by = event.device});
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

Applied apply(Draft& draft, const EndReceived& event, const Config&) {
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
    const bool lost = call.phase == Phase::answered && !by_caller && call.winner != device;
    if (call.phase == Phase::ended || lost) {
        tell_end(draft, device);
        return {};
    }
    const EndSource source = by_caller ? EndSource::caller : EndSource::callee;
    const EndReason reason = reason_of_device(draft, by_caller, event.reason);
    if (Leg* leg = find_leg(call, device); leg != nullptr && call.phase == Phase::ringing) {
        leg->state = LegState::ringing;
    }
    finish(draft, {.reason = reason, .source = source, .by = device, .release_code = event.release_code});
    return {};
}

}  // namespace clarion::routing::detail
