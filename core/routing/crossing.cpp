// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "core/routing/draft.hpp"

/// Glare: the two users call each other at the same moment. The call whose document was written first stays; the second
/// one never gets a document of its own, its id becomes another name of the first.
namespace clarion::routing::detail {

namespace {

constexpr Duration kMergeTime{10'000};

/// The device that placed the second call is told what became of it, in the words of that call's id.
void tell_merged(Draft& draft, const Crossing& crossing) {
    const CallDocument& call = draft.call;
    const Leg* leg = find_leg(call, crossing.device);
    const bool may_have_it = call.phase == Phase::ringing && !leg->own_end;
    const bool has_it = call.phase == Phase::answered && call.winner == crossing.device;
    if (may_have_it || has_it) {
        tell(draft, crossing.device, protocol::Merged{crossing.call_id, call.call_id, call.from_user, call.from_name});
        return;
    }
    protocol::Ended ended = end_for(call, crossing.device);
    ended.call_id = crossing.call_id;
    tell(draft, crossing.device, std::move(ended));
}

}  // namespace

Applied apply(Draft& draft, const CallCrossed& event, const Config&) {
    CallDocument& call = draft.call;
    const DeviceId& device = event.from.device;
    const auto known = std::ranges::find(call.crossings, event.call_id, &Crossing::call_id);
    if (known != call.crossings.end()) {
        if (known->device != device) return std::unexpected{ErrorCode::id_conflict};
        tell_merged(draft, *known);
        return {};
    }
    // Decided on an older document: the host looks again.
    if (call.phase != Phase::ringing || device == call.from_device) return std::unexpected{ErrorCode::wrong_state};
    Leg* leg = find_leg(call, device);
    const bool is_full = leg == nullptr && call.legs.size() >= kLegsMax + kTransfersMax;
    if (is_full || call.crossings.size() >= kCrossingsMax) return std::unexpected{ErrorCode::too_many};
    if (leg == nullptr) {
        leg = &call.legs.emplace_back();
        leg->device = device;
        leg->platform = event.from.platform;
        leg->has_push = event.from.has_push;
    }
    leg->connected = event.from.connected;
    if (leg->own_end) {
        // Its user did not want the call, and now wants to talk.
        leg->own_end.reset();
        leg->state = LegState::woke;
    }
    (void)climb(draft, *leg, LegState::woke);
    call.crossings.push_back({event.call_id, device});
    call.screening = Screening::none;  // Whom a user calls, they want to talk to.
    // It asks and answers by itself, but not at once: the ringing may be as good as over.
    call.accept_until = std::max(call.accept_until, draft.now + kMergeTime);
    trace(draft, device, "merged", "a call the other way round, " + event.call_id.text());
    tell_merged(draft, call.crossings.back());
    return {};
}

Applied apply(Draft& draft, const CallOvertaken&, const Config&) {
    if (draft.call.phase != Phase::ringing) return std::unexpected{ErrorCode::wrong_state};
    finish(draft, {.reason = EndReason::already_got_a_call, .source = EndSource::cloud_server});
    return {};
}

}  // namespace clarion::routing::detail
