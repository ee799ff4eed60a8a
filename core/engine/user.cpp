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

/// Valid from the moment of the push: before verification, and with no network (I4, defect 6).
Machine::Applied Machine::apply(const UserAnswered& input) {
    auto applied = tell_ui(input);
    if (!applied) return applied;
    Call* call = find_live(input.call_id);
    const callui::Record* record = ui_.find(input.call_id);
    const bool accepted = call != nullptr && record != nullptr && call->direction == Direction::incoming &&
                          record->phase == callui::Phase::accepted && call->intent == Intent::none;
    if (!accepted) return {};
    call->intent = Intent::accepted;
    const bool waits = !record->answer_actions.empty() && rules_.answer_within > Duration{0};
    if (waits) call->fulfil_by = state_.now + rules_.answer_within;
    receipt(call->call_id, ReceiptStep::tapped_accept);
    wait_for_answer(*call);
    hurry_link();
    out_.persist();
    maybe_answer(input.call_id);
    return {};
}

Machine::Applied Machine::apply(const UserEnded& input) {
    const Call* call = find_live(input.call_id);
    const callui::Record* record = ui_.find(input.call_id);
    if (call == nullptr || record == nullptr) return tell_ui(input);

    callui::CallEnded end = callui::user_end(*record, input.action);
    Tell tell = call->exposed ? Tell::end : Tell::nobody;
    if (call->phase == Phase::announced || (call->phase == Phase::answering && !call->exposed)) {
        tell = Tell::decline;
    } else if (call->phase != Phase::placing && call->phase != Phase::waiting) {
        tell = Tell::end;
        end.reason = EndReason::normal;
        end.outcome = Outcome::answered;
    }
    finish(input.call_id, end, tell);
    hurry_link();
    return {};
}

/// The system tells an action again: by now the user may have asked for the opposite (I12).
bool Machine::is_repeated(callui::ActionId action) const { return action != 0 && !ui_.is_new(action); }

Machine::Applied Machine::apply(const UserMuted& input) {
    if (is_repeated(input.action)) return tell_ui(input);
    const Call* call = find_live(input.call_id);
    const callui::Record* record = ui_.find(input.call_id);
    if (call != nullptr && record != nullptr && call->preparation != Preparation::none && record->muted != input.on) {
        push(SetMuted{input.call_id, input.on});
    }
    return tell_ui(input);
}

Machine::Applied Machine::apply(const UserHeld& input) {
    if (is_repeated(input.action)) return tell_ui(input);
    Call* call = find_live(input.call_id);
    const callui::Record* record = ui_.find(input.call_id);
    const bool changes =
        call != nullptr && call->phase == Phase::connected && record != nullptr && record->held != input.on;
    if (changes) {
        // Audio stops before the system hears that it is on hold (IOS-AU-04).
        if (input.on && std::exchange(call->audio_open, false)) push(CloseAudio{input.call_id});
        push(SetHeld{input.call_id, input.on});
        request(protocol::MyState{input.call_id, {.held = input.on}});
    }
    return tell_ui(input);
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
        release(id, said ? Tell::end : Tell::nobody, EndReason::internal_error, SystemEndReason::failed);
    }
    return applied;
}

// Activation is remembered in callui; settle() opens whatever may be open now (I6, defect 11).
Machine::Applied Machine::apply(const AudioActivated& input) { return tell_ui(input); }

Machine::Applied Machine::apply(const AudioDeactivated& input) { return tell_ui(input); }

Machine::Applied Machine::apply(const AppAttached& input) { return tell_ui(input); }

Machine::Applied Machine::apply(const EventsAcknowledged& input) { return tell_ui(input); }

Machine::Applied Machine::apply(const PlaceRequested& input) {
    const bool fits = input.to_name.reveal().size() <= protocol::kNameLengthMax &&
                      (!input.from_name || input.from_name->reveal().size() <= protocol::kNameLengthMax);
    const bool to_self = input.to_user == config_.user;
    if (input.call_id.uuid.is_nil() || input.to_user.empty() || to_self || !fits) {
        return std::unexpected{InputError::bad_input};
    }
    if (const Call* known = find(input.call_id)) {
        const bool same = known->direction == Direction::outgoing && known->peer == input.to_user;
        if (same) return {};
        return std::unexpected{InputError::duplicate_call};
    }
    if (find_tombstone(input.call_id) != nullptr) return std::unexpected{InputError::duplicate_call};
    if (!config_.token) return std::unexpected{InputError::wrong_state};
    if (!make_room()) return std::unexpected{InputError::too_many_calls};

    const Redacted<std::string> handle{input.to_user.text()};
    const Redacted<std::string> name = input.to_name.reveal().empty() ? handle : input.to_name;
    auto shown = tell_ui(callui::OutgoingStarted{input.call_id, name, handle, input.media});
    if (!shown) return shown;
    state_.link.token_refused = false;  // The person is there: try it anew.
    Call& call = state_.calls.emplace_back(Call{
        .call_id = input.call_id,
        .direction = Direction::outgoing,
        .media = input.media,
        .peer = input.to_user,
        .name = name,
        .from_name = input.from_name,
        .phase = Phase::placing,
        .preparation = Preparation::running,
    });
    push(PrepareOffer{call.call_id, call.media});
    arm(call, TimerId::place, config_.place_timeout);
    hurry_link();
    out_.persist();
    return {};
}

Machine::Applied Machine::apply(const OnlineRequested& input) {
    if (input.on && !config_.token) return std::unexpected{InputError::wrong_state};
    const bool was_refused = state_.link.token_refused || state_.link.sent_away;
    if (state_.online == input.on && !(input.on && was_refused)) return {};
    state_.online = input.on;
    if (input.on) {
        state_.link.token_refused = false;
        hurry_link();
    }
    out_.persist();
    return {};
}

}  // namespace clarion::engine
