// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <utility>

#include "core/callui/described.hpp"
#include "core/engine/machine.hpp"

/// What the system call UI, its user and the app say. Every one names its call (defects 8 and 34).
namespace clarion::engine {

using protocol::ReceiptStep;

Machine::Applied Machine::apply(const IncomingReported& input) {
    const callui::Record* record = ui_.find(input.call_id);
    const bool knew = record != nullptr && record->announced;
    const bool showed = record != nullptr && record->on_screen;
    auto applied = tell_ui(input);
    record = ui_.find(input.call_id);
    if (!applied || record == nullptr) return applied;
    if (!knew && record->announced) receipt(input.call_id, ReceiptStep::ringing);
    if (showed && !record->on_screen) {
        receipt(input.call_id, ReceiptStep::not_shown, std::string{to_string(input.result)});
    }
    return {};
}

/// One that the system does not take could not be heard (IOS-AU-02): callui ended it.
Machine::Applied Machine::apply(const OutgoingReported& input) {
    const bool was_shown = ui_.find(input.call_id) != nullptr;
    auto applied = tell_ui(input);
    Call* call = find_live(input.call_id);
    if (!applied || call == nullptr || !was_shown || ui_.find(input.call_id) != nullptr) return applied;
    callui::CallEnded end{.call_id = input.call_id, .reason = EndReason::internal_kit_error};
    end.source = side_of(*call);
    end.outcome = call->phase == Phase::connected ? Outcome::answered : Outcome::failed;
    play_end(*call, end);
    // A call that lives on another device of this user goes on there.
    const bool goes_on = call->taking && call->phase == Phase::placing;
    release(input.call_id, call->exposed && !goes_on ? Tell::end : Tell::nobody, end);
    return applied;
}

/// Valid from the moment of the push: before verification, and with no network (I4, defect 6).
Machine::Applied Machine::answer(const CallId& id, const callui::UserAnswered& tap) {
    auto applied = tell_ui(tap);
    if (!applied) return applied;
    Call* call = find_live(id);
    const callui::Record* record = ui_.find(id);
    const bool accepted = call != nullptr && record != nullptr && call->direction == Direction::incoming &&
                          record->phase == callui::Phase::accepted;
    if (!accepted) return {};
    const bool waits = !record->answer_actions.empty() && rules_.answer_within > Duration{0};
    if (waits && call->fulfil_by == kNever) {
        call->fulfil_by = state_.now + rules_.answer_within;
        call->deadline.at = std::min(call->deadline.at, call->fulfil_by);
    }
    if (std::exchange(call->intent, Intent::accepted) == Intent::accepted) return {};
    receipt(id, ReceiptStep::tapped_accept);
    if (!state_.microphone && !config_.answer_without_microphone) {
        finish_here(id, EndReason::mic_no_source, Tell::nobody);
        return {};
    }
    wait_for_answer(*call);
    hurry_link();
    out_.persist();
    bring_to_front(id);
    maybe_answer(id);
    return {};
}

Machine::Applied Machine::apply(const UserAnswered& input) { return answer(input.call_id, input); }

Machine::Applied Machine::apply(const AnswerRequested& input) {
    if (input.start_message && input.start_message->reveal().size() > protocol::kStartMessageLengthMax) {
        return std::unexpected{InputError::bad_input};
    }
    if (Call* call = find_live(input.call_id); call != nullptr && call->intent == Intent::none) {
        call->own_message = input.start_message;
        call->wants_preparation = input.responder_preparation;
        call->video_paused = input.video_paused;
    }
    return answer(input.call_id, {input.call_id, input.action});
}

Machine::Applied Machine::apply(const UserEnded& input) {
    const callui::Record* record = ui_.find(input.call_id);
    if (find_live(input.call_id) == nullptr || record == nullptr) return tell_ui(input);
    end(input.call_id, callui::user_end(*record, input.action), Tell::nobody);
    return {};
}

Machine::Applied Machine::apply(const EndRequested& input) {
    if (input.release_code && input.release_code->reveal().size() > protocol::kReleaseCodeLengthMax) {
        return std::unexpected{InputError::bad_input};
    }
    const Call* call = find_live(input.call_id);
    const callui::Record* record = ui_.find(input.call_id);
    if (call == nullptr || record == nullptr) return std::unexpected{InputError::unknown_call};
    callui::CallEnded ended = callui::user_end(*record, 0);
    Farewell farewell{Tell::nobody};
    farewell.everywhere = input.everywhere;
    farewell.busy = input.manner == EndManner::busy;
    farewell.release_code = input.release_code;
    if (input.manner == EndManner::error) ended.reason = EndReason::user_error;
    if (farewell.busy && call->phase == Phase::announced) ended.reason = EndReason::busy;
    end(input.call_id, ended, std::move(farewell));
    return {};
}

Machine::Applied Machine::apply(const AllCallsEnded&) {
    std::vector<CallId> live;
    for (const Call& call : state_.calls) {
        if (call.phase != Phase::ended && !call.declined) live.push_back(call.call_id);
    }
    for (const CallId& id : live) (void)apply(UserEnded{id});
    return {};
}

/// The user or the app wants it to end; what that means depends on what the call is doing.
void Machine::end(const CallId& id, callui::CallEnded end, Farewell farewell) {
    const Call* call = find_live(id);
    const bool is_error = end.reason == EndReason::user_error;
    farewell.tell = call->exposed ? Tell::end : Tell::nobody;
    // Media that flowed once say that the answer arrived.
    const bool answers = call->phase == Phase::answering && !call->told_media;
    if (call->phase == Phase::announced || answers) {
        // An answer that is on its way is taken back by an end: whether it arrived first is not known here (I8).
        const bool takes_back = answers && call->exposed;
        farewell.tell = takes_back ? Tell::end : Tell::decline;
        // The server knows two kinds of decline. A merged call looks like one of our own, and is none.
        if (end.reason != EndReason::busy && !(takes_back && is_error)) end.reason = EndReason::decline;
        end.source = EndSource::callee;
        end.outcome = Outcome::declined;
    } else if (call->phase != Phase::placing && call->phase != Phase::waiting) {
        farewell.tell = Tell::end;
        if (!is_error) end.reason = EndReason::normal;
        end.source = side_of(*call);
        end.outcome = Outcome::answered;
    }
    if (farewell.release_code) end.release_code = *farewell.release_code;
    finish(id, end, std::move(farewell));
    hurry_link();
}

/// The system tells an action again: by now the user may have asked for the opposite (I12).
bool Machine::is_repeated(callui::ActionId action) const { return action != 0 && !ui_.is_new(action); }

// What it means for the media and the peer follows when the input is done: update_states().
Machine::Applied Machine::apply(const UserMuted& input) { return tell_ui(input); }

Machine::Applied Machine::apply(const UserHeld& input) {
    if (is_repeated(input.action)) return tell_ui(input);
    Call* call = find_live(input.call_id);
    const callui::Record* record = ui_.find(input.call_id);
    const bool may = call != nullptr && call->phase == Phase::connected && record != nullptr;
    // Nobody could be heard: the phone's own call comes first, and what it put on hold goes on by itself after it.
    if (may && !input.on && record->held && state_.cellular) return refuse_hold(input);
    // Audio stops before the system hears that it is on hold (IOS-AU-04).
    const bool changes = may && record->held != input.on;
    if (changes) set_hold(*call, input.on, std::exchange(call->hold_reason, {}));
    auto applied = tell_ui(input);
    if (applied && changes && !input.on) {
        call->cellular_hold = false;
        bring_to_front(input.call_id);
    }
    return applied;
}

Machine::Applied Machine::refuse_hold(const UserHeld& input) {
    if (input.action == 0) return std::unexpected{InputError::wrong_state};
    (void)tell_ui(callui::ActionTimedOut{input.call_id, input.action});  // Settled: told again, it changes nothing.
    push(callui::FailAction{input.call_id, input.action});
    return {};
}

Machine::Applied Machine::apply(const ActionTimedOut& input) {
    auto applied = tell_ui(input);
    const Call* call = find_live(input.call_id);
    if (!applied || call == nullptr || !rules_.audio_session) return applied;
    const callui::Record* record = ui_.find(input.call_id);
    const bool waits = record != nullptr && record->phase == callui::Phase::accepted && record->answer_actions.empty();
    // Without a fulfilled answer the system never lends its audio: a call that nobody would hear (IOS-AU-03).
    if (waits && call->fulfil_by != kNever) {
        finish_here(input.call_id, EndReason::unavailable_network, call->exposed ? Tell::end : Tell::nobody);
    }
    return {};
}

/// Every system call is gone, and audio must stop (IOS-CK-12, defect 12).
Machine::Applied Machine::apply(const ProviderReset& input) {
    std::vector<CallId> lost;
    for (Call& call : state_.calls) {
        if (call.phase == Phase::ended || ui_.find(call.call_id) == nullptr) continue;
        close_media(call);
        lost.push_back(call.call_id);
    }
    auto applied = tell_ui(input);
    for (const CallId& id : lost) {
        const Call* call = find(id);
        // A call that only rang goes on ringing on the user's other devices.
        const bool said = call->phase != Phase::announced && (call->exposed || call->direction == Direction::incoming);
        if (call->declined) continue;
        callui::CallEnded end{.call_id = id, .reason = EndReason::internal_error};
        end.source = side_of(*call);
        end.outcome = call->phase == Phase::connected ? Outcome::answered : Outcome::failed;
        release(id, said ? Tell::end : Tell::nobody, end);
    }
    return applied;
}

// Activation is remembered in callui; settle() opens whatever may be open now (I6, defect 11).
Machine::Applied Machine::apply(const AudioActivated& input) { return tell_ui(input); }

Machine::Applied Machine::apply(const AudioDeactivated& input) { return tell_ui(input); }

}  // namespace clarion::engine
