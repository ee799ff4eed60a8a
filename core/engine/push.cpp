// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <utility>

#include "core/engine/machine.hpp"

/// A push, or the same invite over the connection: the one place where a call comes into being on a callee's device.
namespace clarion::engine {

using protocol::ReceiptStep;

namespace {

/// What the user reads; a user id is better than nothing.
Redacted<std::string> name_of(const Invite& invite) {
    return invite.from_name.reveal().empty() ? Redacted{invite.from_user.text()} : invite.from_name;
}

Redacted<std::string> handle_of(const Invite& invite) { return Redacted{invite.from_user.text()}; }

/// Where a report is due.
callui::UnusablePushArrived unanswered(const Invite& invite) {
    return {
        .call_id = invite.call_id,
        .name = name_of(invite),
        .media = invite.media,
        .reason = SystemEndReason::unanswered,
    };
}

/// One that never shows here, at least not yet; what becomes of it elsewhere is heard.
Call silent_call(const Invite& invite) {
    return {
        .call_id = invite.call_id,
        .media = invite.media,
        .peer = invite.from_user,
        .name = name_of(invite),
        .ticket = invite.ticket,
        .intent = Intent::ended,
        .ring_until = invite.ring_until,
        .accept_until = invite.accept_until,
        .declined = true,
    };
}

}  // namespace

Machine::Applied Machine::apply(const PushReceived& push) {
    const bool must_report = rules_.must_report_every_push && push.must_report;
    if (!is_ours(push)) return refuse(push, must_report);
    const Invite& invite = *push.invite;
    const bool is_known = find(invite.call_id) != nullptr || find_tombstone(invite.call_id) != nullptr;
    if (!is_known && !must_report && !has_room()) return std::unexpected{InputError::too_many_calls};
    note_clock(push.wall_now);
    if (invite.kind == protocol::PushKind::cancel) return cancel(invite, must_report);
    if (const Call* call = find(invite.call_id)) return come_again(*call, must_report);
    if (const Tombstone* tombstone = find_tombstone(invite.call_id)) return bury(*tombstone, invite, must_report);
    return ring(invite, must_report);
}

/// Deny by default: good for this user on this device, and nobody else (defect 50, I14).
bool Machine::is_ours(const PushReceived& push) const {
    if (push.fault != PushFault::none || !push.invite) return false;
    const Invite& invite = *push.invite;
    return invite.version == protocol::kInviteVersion && !invite.call_id.uuid.is_nil() && !invite.from_user.empty() &&
           !state_.signed_out && invite.service == config_.service && invite.to_user == config_.user &&
           invite.device == config_.device && invite.from_name.reveal().size() <= protocol::kNameLengthMax &&
           invite.ticket.reveal().size() <= protocol::kTicketLengthMax;
}

/// Nothing in it can be trusted, its name least of all.
Machine::Applied Machine::refuse(const PushReceived& push, bool must_report) {
    if (!must_report) return {};
    const bool has_id = push.invite && !push.invite->call_id.uuid.is_nil();
    return tell_ui(callui::UnusablePushArrived{
        .call_id = has_id ? push.invite->call_id : random_call_id(), .reason = SystemEndReason::failed
    });
}

/// An invite cannot come from the future: a device clock that says so is slow.
WallTime Machine::server_time(const Invite& invite) const { return std::max(server_now(), invite.issued_at); }

Machine::Applied Machine::ring(const Invite& invite, bool must_report) {
    const Duration whole = time_between(invite.ring_until, invite.issued_at);
    const Duration left = std::min(time_between(invite.ring_until, server_time(invite)), whole);
    if (left <= Duration{0}) return come_too_late(invite, must_report);
    if (!make_room()) return come_too_late(invite, must_report);  // Only where a report is due all the same.
    if (is_busy()) {
        decline_as_busy(invite, must_report);
    } else {
        take_in(invite, left, must_report);
    }
    return {};
}

/// The first thing is the report, in the same stack (I1). Everything that may be slow comes after.
void Machine::take_in(const Invite& invite, Duration ring_for, bool must_report) {
    (void)tell_ui(callui::IncomingAnnounced{
        .call_id = invite.call_id,
        .name = name_of(invite),
        .handle = handle_of(invite),
        .media = invite.media,
        .ring_for = ring_for,
        .must_report = must_report,
    });
    const Duration accept_for = time_between(invite.accept_until, server_time(invite));
    state_.calls.push_back({
        .call_id = invite.call_id,
        .media = invite.media,
        .peer = invite.from_user,
        .name = name_of(invite),
        .ticket = invite.ticket,
        .ring_until = invite.ring_until,
        .accept_until = invite.accept_until,
        .accept_at = state_.now + std::max(accept_for, Duration{0}),
    });
    const bool joins = state_.link.by_call.has_value();  // With its ticket, before it says anything else.
    if (joins) ask_truth(state_.calls.back());
    receipt(invite.call_id, ReceiptStep::woke);
    receipt(invite.call_id, ReceiptStep::invite_opened);
    receipt(invite.call_id, ReceiptStep::reported);
    if (!joins) ask_truth(state_.calls.back());
    hurry_link();
    out_.persist();
}

/// No ring (I7, defect 46). Whether it was missed, or somebody took it on another device, only the server knows: until
/// it says so, or too long says nothing, no notice stands (I9).
Machine::Applied Machine::come_too_late(const Invite& invite, bool must_report) {
    if (must_report) (void)tell_ui(unanswered(invite));
    const bool may_ask = make_room();
    state_.calls.push_back(silent_call(invite));
    Call& late = state_.calls.back();
    late.asks_first = true;
    late.accept_at = state_.now;
    arm(late, TimerId::accept, kTruthTime);
    if (!may_ask) {
        finish_declined(invite.call_id, EndReason::no_answer, EndSource::caller);
        return {};
    }
    ask_truth(late);
    receipt(invite.call_id, ReceiptStep::invite_refused, "expired");
    hurry_link();
    out_.persist();
    return {};
}

/// It seemed to be too late by this device's clock, and the server's says that it still rings.
void Machine::ring_late(Call& call) {
    const Duration left = time_between(call.ring_until, server_now());
    if (left <= Duration{0}) return;  // Its end follows.
    call.asks_first = false;
    if (is_busy()) return say_busy(call);
    call.declined = false;
    call.intent = Intent::none;
    call.deadline = {};
    (void)tell_ui(callui::IncomingAnnounced{
        .call_id = call.call_id,
        .name = call.name,
        .handle = Redacted{call.peer.text()},
        .media = call.media,
        .ring_for = left,
        .must_report = true,
    });
    receipt(call.call_id, ReceiptStep::reported);
}

/// This device is busy. The user's other devices may take it; if nobody does, it was missed here too, and that is known
/// only when the server says so or its ring is over.
void Machine::decline_as_busy(const Invite& invite, bool must_report) {
    if (must_report) (void)tell_ui(unanswered(invite));
    state_.calls.push_back(silent_call(invite));
    Call& call = state_.calls.back();
    call.accept_at = state_.now + std::max(time_between(invite.accept_until, server_time(invite)), Duration{0});
    say_busy(call);
    hurry_link();
}

/// One call id, one call (defect 47): nothing new, except that some systems want to see every push reported.
Machine::Applied Machine::come_again(const Call& call, bool must_report) {
    if (!must_report) return {};
    const callui::Record* record = ui_.find(call.call_id);
    if (record == nullptr || record->outgoing) {
        const Tombstone* tombstone = find_tombstone(call.call_id);
        const auto reason = tombstone != nullptr ? tombstone->reason : SystemEndReason::remote_ended;
        return tell_ui(callui::UnusablePushArrived{.call_id = call.call_id, .name = call.name, .reason = reason});
    }
    return tell_ui(callui::IncomingAnnounced{
        .call_id = call.call_id,
        .name = record->name,
        .handle = record->handle,
        .media = record->media,
        .must_report = true,
    });
}

/// The end came before the push (I7). Where a report is due, it is reported and ended.
Machine::Applied Machine::bury(const Tombstone& tombstone, const Invite& invite, bool must_report) {
    if (must_report) {
        (void)tell_ui(callui::UnusablePushArrived{
            .call_id = invite.call_id, .name = name_of(invite), .media = invite.media, .reason = tombstone.reason
        });
    }
    if (!tombstone.notice_owed) return {};
    (void)tell_ui(callui::MissedCallLearned{invite.call_id, name_of(invite), handle_of(invite), invite.media});
    Tombstone told = tombstone;
    told.notice_owed = false;
    told.outcome = Outcome::missed;
    mark_ended(std::move(told));
    return {};
}

/// The server's word that it is over for this device, by another way than the socket.
Machine::Applied Machine::cancel(const Invite& invite, bool must_report) {
    const EndReason reason = invite.reason.value_or(EndReason::cancel);
    if (const Call* call = find(invite.call_id)) {
        if (call->direction == Direction::outgoing) return come_again(*call, must_report);
        on(protocol::Ended{invite.call_id, reason, invite.source.value_or(EndSource::caller), true, std::nullopt});
    }
    learn_end(invite.call_id, reason, invite.source.value_or(EndSource::caller));
    if (find_tombstone(invite.call_id) == nullptr) {
        // It overtook its ring: nothing ever showed, and the caller's name came with it.
        const bool missed = outcome_of(Direction::incoming, Phase::announced, reason) == Outcome::missed;
        mark_ended({
            .call_id = invite.call_id,
            .reason = system_end_reason(reason, true),
            .notice_owed = missed,
            .end = reason,
            .source = invite.source.value_or(EndSource::caller),
        });
    }
    return bury(*find_tombstone(invite.call_id), invite, must_report);
}

}  // namespace clarion::engine
