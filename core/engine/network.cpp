// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <utility>

#include "core/engine/machine.hpp"

/// The way to the peer: lost, another one tried, found again; and how well it carries the voice.
namespace clarion::engine {

using callui::ChangeKind;

Machine::Applied Machine::apply(const NetworkChanged& input) {
    if (!input.available) return {};  // What is lost says so itself.
    // The socket of the old network says nothing for minutes; a new one costs a hundred milliseconds.
    if (state_.link.state == LinkState::up) {
        close_link();
        state_.link.attempt = 0;
    }
    hurry_link();
    for (Call& call : state_.calls) {
        if (call.phase == Phase::connected) find_way(call);
    }
    return {};
}

/// The call goes on without a sound, and for so long that a tunnel is no reason to end it.
void Machine::lose_way(Call& call) {
    if (std::exchange(call.connectivity, Connectivity::lost) == Connectivity::lost) return;
    call.lost_at = state_.now;
    arm(call, TimerId::connect, config_.reconnect_timeout);
    tell_app(call.call_id, ChangeKind::network_lost);
    // The caller first: when both try at once, one of them has done it in vain.
    call.restart_at = state_.now + (call.is_odd ? Duration{0} : config_.restart_after);
    if (call.is_odd) find_way(call);
}

/// A new transport for the same media.
void Machine::find_way(Call& call) {
    call.restart_at = kNever;
    if (call.phase != Phase::connected) return;
    if (call.connectivity == Connectivity::lost) call.restart_at = state_.now + config_.restart_after;
    const bool tries = call.change.step != Step::none && call.change.purpose == Negotiation::ice_restart;
    if (tries && call.connectivity != Connectivity::lost) return;
    if (call.change.step == Step::answering || call.change.step == Step::asking) return;
    // An offer that waits for the connection is as good as a new one.
    if (tries && state_.link.state != LinkState::up) return;
    if (call.change.step != Step::none) {
        const auto dropped = call.change;
        drop_change(call);
        if (dropped.purpose == Negotiation::media) tell_app(call.call_id, ChangeKind::video_refused);
    }
    start_change(call, Negotiation::ice_restart, call.media);
}

void Machine::way_is_back(Call& call) {
    call.deadline = {};
    call.restart_at = kNever;
    const Instant since = std::exchange(call.lost_at, kNever);
    if (since == kNever) return;
    tell_app(call.call_id, {.what = ChangeKind::network_returned, .lost_for = state_.now - since});
}

// ---- quality ----

Quality quality_of(const Statistics& statistics) {
    const auto grade = [](std::int64_t value, std::int64_t fair, std::int64_t poor) {
        if (value > poor) return Quality::poor;
        return value > fair ? Quality::fair : Quality::good;
    };
    Quality worst = Quality::unknown;
    if (statistics.loss_permille) worst = std::max(worst, grade(*statistics.loss_permille, 20, 80));
    if (statistics.jitter) worst = std::max(worst, grade(statistics.jitter->count(), 40, 100));
    if (statistics.latency) worst = std::max(worst, grade(statistics.latency->count(), 300, 600));
    return worst;
}

Machine::Applied Machine::apply(const StatisticsMeasured& input) {
    Call* call = find_live(input.call_id);
    if (call == nullptr) return std::unexpected{InputError::unknown_call};
    if (!is_agreed(*call)) return std::unexpected{InputError::wrong_state};
    emit({.kind = NoticeKind::statistics, .call_id = input.call_id, .statistics = input.statistics});
    const Quality quality = quality_of(input.statistics);
    if (quality == Quality::unknown || std::exchange(call->quality, quality) == quality) return {};
    emit({.kind = NoticeKind::quality, .call_id = input.call_id, .quality = quality});
    return {};
}

}  // namespace clarion::engine
