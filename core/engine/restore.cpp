// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <utility>

#include "core/engine/machine.hpp"

/// The machine again: exactly, or in the process that comes after. A phone OS kills processes between push and answer.
namespace clarion::engine {

namespace {

/// Requests of a dead process may have had ids that its last snapshot does not know.
constexpr std::uint64_t kRequestIdGap = 1'000;

/// Far from where sums and differences of times wrap.
bool is_sane(Instant at) { return at == kNever || (at.ms > -(1LL << 60) && at.ms < (1LL << 60)); }
bool is_sane(WallTime at) { return at.ms > -(1LL << 60) && at.ms < (1LL << 60); }

bool times_are_sane(const Snapshot& snapshot) {
    bool sane = is_sane(snapshot.now) && snapshot.now != kNever && snapshot.now == snapshot.ui.now;
    if (snapshot.clock) sane = sane && is_sane(snapshot.clock->at) && is_sane(snapshot.clock->wall);
    if (snapshot.server_clock)
        sane = sane && is_sane(snapshot.server_clock->at) && is_sane(snapshot.server_clock->wall);
    for (const Call& c : snapshot.calls)
        sane = sane && is_sane(c.accept_at) && is_sane(c.fulfil_by) && is_sane(c.deadline.at) &&
               is_sane(c.change.until) && is_sane(c.connected_at) && is_sane(c.lost_at) && is_sane(c.restart_at);
    for (const Request& r : snapshot.requests) sane = sane && is_sane(r.at);
    for (const Tombstone& t : snapshot.tombstones) sane = sane && is_sane(t.until);
    for (const callui::OpenReport& r : snapshot.ui.reports) sane = sane && is_sane(r.until);
    for (const callui::Record& r : snapshot.ui.records) sane = sane && is_sane(r.ring_until);
    if (snapshot.tune) sane = sane && is_sane(snapshot.tune->until);
    return sane && is_sane(snapshot.renew_at) && is_sane(snapshot.link.at) && is_sane(snapshot.link.resend_at) &&
           is_sane(snapshot.link.up_since);
}

/// Each live call has its record on the system UI, and each record its call: no ghosts (I15).
bool calls_match(const Snapshot& snapshot) {
    std::size_t live = 0;
    for (const Call& call : snapshot.calls) {
        if (call.phase == Phase::ended || call.declined) continue;
        ++live;
        const auto& records = snapshot.ui.records;
        if (std::ranges::find(records, call.call_id, &callui::Record::call_id) == records.end()) return false;
    }
    return live == snapshot.ui.records.size();
}

std::optional<RestoreError> fault_of(const Snapshot& snapshot) {
    if (snapshot.version != kSnapshotVersion) return RestoreError::unknown_version;
    const bool fits = snapshot.calls.size() <= kCallsMax && snapshot.requests.size() <= kRequestsMax &&
                      snapshot.tombstones.size() <= kTombstonesMax;
    if (!fits || !times_are_sane(snapshot) || !calls_match(snapshot)) return RestoreError::damaged;
    return std::nullopt;
}

Duration elapsed_since(const Snapshot& snapshot, Instant now, WallTime wall_now, bool same_boot) {
    if (same_boot) return now - snapshot.now;
    if (!snapshot.clock) return Duration{0};
    const WallTime wall_then = snapshot.clock->wall + (snapshot.now - snapshot.clock->at);
    return std::max(time_between(wall_now, wall_then), Duration{0});
}

/// A boot empties the screen. It ends what the monotonic clock knew too, and the device's own clock may have been set:
/// only the server can say whether a call still rings. One that nobody can ask about is missed by the device's clock.
void lose_screen(Snapshot& snapshot) {
    for (callui::Record& record : snapshot.ui.records) {
        // Nothing of these is shown again: they end here.
        if (record.outgoing || record.phase == callui::Phase::connected) record.on_screen = false;
        const bool rings = record.on_screen && !record.outgoing && record.phase == callui::Phase::waiting;
        const auto call = std::ranges::find(snapshot.calls, record.call_id, &Call::call_id);
        if (!rings || call == snapshot.calls.end()) continue;
        record.on_screen = false;
        call->asks_first = true;
    }
}

}  // namespace

std::expected<Machine, RestoreError> resume_machine(Config config, const Snapshot& snapshot) {
    if (const auto fault = fault_of(snapshot)) return std::unexpected{*fault};
    auto ui = callui::CallUi::resume(system_rules(config.platform), snapshot.ui);
    if (!ui) return std::unexpected{ui.error()};
    return Machine{std::move(config), snapshot, std::move(*ui)};
}

std::expected<Machine, RestoreError> restore_machine(
    Config config, const Snapshot& old, Instant now, WallTime wall_now, bool same_boot
) {
    if (const auto fault = fault_of(old)) return std::unexpected{*fault};
    const bool same_owner = old.service == config.service && old.user == config.user && old.device == config.device;
    if (!same_owner) {
        Machine fresh{std::move(config), now, old.random};
        fresh.begin_anew(old);
        return fresh;
    }
    if (now < old.now) same_boot = false;
    const Duration elapsed = elapsed_since(old, now, wall_now, same_boot);
    Snapshot snapshot = old;
    if (!same_boot) lose_screen(snapshot);
    auto ui = callui::CallUi::restore(system_rules(config.platform), snapshot.ui, now, elapsed);
    if (!ui) return std::unexpected{ui.error()};
    Machine machine{std::move(config), snapshot, std::move(*ui)};
    machine.revive(now, wall_now, elapsed, same_boot);
    return machine;
}

void Machine::revive(Instant now, WallTime wall_now, Duration elapsed, bool same_boot) {
    const Instant then = std::exchange(state_.now, now);
    const auto shifted = [&](Instant at) { return at == kNever ? at : now + ((at - then) - elapsed); };
    note_clock(wall_now);
    if (!same_boot) state_.server_clock.reset();
    state_.link = {};
    // These belonged to the process; the token of the configuration is at least as new.
    state_.tune.reset();
    state_.microphone = true;
    state_.cellular = false;
    state_.route = AudioRoute::unknown;
    if (config_.token) state_.token.reset();
    state_.token_asked = false;
    state_.renew_at = kNever;
    state_.elsewhere.clear();
    state_.next_request += kRequestIdGap;
    for (Tombstone& tombstone : state_.tombstones) {
        // After a boot the time between is a guess; a tombstone that stays too long does no harm.
        tombstone.until = same_boot ? shifted(tombstone.until) : now + kTombstoneTime;
    }
    for (Request& request : state_.requests) {
        request.at = shifted(request.at);
        request.sent = false;
    }
    take_ui();
    std::vector<CallId> ids;
    for (Call& call : state_.calls) {
        call.deadline.at = shifted(call.deadline.at);
        call.accept_at = shifted(call.accept_at);
        call.fulfil_by = kNever;  // The action died with the process.
        ids.push_back(call.call_id);
    }
    for (const CallId& id : ids) revive_call(id);
    out_.persist();
    settle();
}

/// The process that prepared or carried the media is dead, and the media with it.
void Machine::revive_call(const CallId& id) {
    Call* call = find(id);
    call->audio_open = false;
    call->preparation = Preparation::none;
    call->connectivity = Connectivity::none;
    call->local_sdp = {};
    call->local_candidates.clear();
    call->remote_candidates.clear();
    call->change = {};
    call->restart_at = call->lost_at = kNever;
    if (call->declined) return;
    if (call->phase != Phase::ended && ui_.find(id) == nullptr) return;  // It rang long enough: settle() buries it.
    switch (call->phase) {
        case Phase::announced:
        case Phase::answering:
            // An answer that was on its way is void. The server says whether it arrived: then the call is over here.
            drop_requests(id);
            if (ui_.find(id)->outgoing) {
                // Merged: it had no screen of its own that could ring on.
                return finish_here(id, EndReason::app_destroy, Tell::end);
            }
            call->phase = Phase::announced;
            call->verification = Verification::none;
            ask_truth(*call);
            if (call->intent == Intent::accepted) {
                wait_for_answer(*call);
                if (call->deadline.at <= state_.now) call_timeout(id);
            }
            if (find_live(id) != nullptr) tell_app(id, callui::ChangeKind::continued);
            return;
        case Phase::placing:
            // It goes on where it is.
            if (call->taking) return finish_here(id, EndReason::app_destroy, Tell::nobody);
            finish_here(id, EndReason::app_destroy, call->exposed ? Tell::end : Tell::nobody);
            return;
        case Phase::waiting:
        case Phase::connecting:
        case Phase::connected: finish_here(id, EndReason::app_destroy, Tell::end); return;
        case Phase::ended:
            if (call->deadline.at <= state_.now) call_timeout(id);
            return;
    }
}

/// Another user signed in: the calls of the one before are none of theirs.
void Machine::begin_anew(const Snapshot& old) {
    for (const callui::Record& record : old.ui.records) {
        if (record.on_screen && rules_.screen_survives) {
            push(callui::EndSystemCall{record.call_id, SystemEndReason::failed});
        }
    }
    out_.persist();
    settle();
}

}  // namespace clarion::engine
