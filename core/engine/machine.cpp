// SPDX-License-Identifier: Apache-2.0
#include "core/engine/machine.hpp"

#include <algorithm>
#include <utility>

#include "core/base/random.hpp"

/// The contract, and what every part needs.
namespace clarion::engine {

Machine::Machine(Config config, Instant now, std::uint64_t seed)
    : config_{std::move(config)}, rules_{system_rules(config_.platform)}, ui_{rules_, now} {
    state_.service = config_.service;
    state_.user = config_.user;
    state_.device = config_.device;
    state_.now = now;
    state_.random = seed;
}

Machine::Machine(Config config, const Snapshot& snapshot, callui::CallUi ui)
    : config_{std::move(config)}, rules_{system_rules(config_.platform)}, state_{snapshot}, ui_{std::move(ui)} {
    state_.ui = {};
}

std::expected<void, InputError> Machine::handle_input(Instant now, const Input& input) {
    if (!out_.empty()) return std::unexpected{InputError::undrained};
    if (now < state_.now) return std::unexpected{InputError::time_went_back};
    const Instant before = std::exchange(state_.now, now);
    auto applied = std::visit([this](const auto& fact) { return apply(fact); }, input);
    if (!applied) {
        state_.now = before;
        return applied;
    }
    settle();
    return {};
}

std::expected<void, InputError> Machine::handle_timeout(Instant now) {
    if (!out_.empty()) return std::unexpected{InputError::undrained};
    if (now < state_.now) return std::unexpected{InputError::time_went_back};
    state_.now = now;
    if (ui_.next_deadline() <= now) {
        (void)ui_.handle_timeout(now);
        take_ui();
    }
    std::vector<CallId> due;
    for (const Call& call : state_.calls) {
        if (call.deadline.at <= now) due.push_back(call.call_id);
    }
    for (const CallId& id : due) call_timeout(id);
    for (Call& call : state_.calls) {
        if (call.change.until <= now) change_timeout(call);
        if (call.restart_at <= now) find_way(call);
    }
    if (state_.renew_at <= now) ask_token(false);
    link_timeout();
    settle();
    return {};
}

void Machine::settle() {
    reap();
    update_states();
    update_audio();
    update_tones();
    finish_sign_out();
    update_link();
}

Deadline Machine::next_deadline() const {
    Deadline first;
    const auto consider = [&first](Instant at, TimerId timer) {
        if (at < first.at) first = {at, timer};
    };
    consider(ui_.next_deadline(), TimerId::ring);
    for (const Call& call : state_.calls) {
        consider(call.deadline.at, call.deadline.timer);
        consider(call.change.until, TimerId::change);
        consider(call.restart_at, TimerId::restart);
    }
    if (state_.tune) consider(state_.tune->until, TimerId::tone);
    consider(state_.renew_at, TimerId::renew);
    consider(state_.link.at, TimerId::reconnect);
    consider(state_.link.resend_at, TimerId::resend);
    return first;
}

Snapshot Machine::snapshot() const {
    Snapshot snapshot = state_;
    snapshot.ui = ui_.snapshot();
    snapshot.ui.now = state_.now;  // Not every input concerns it.
    return snapshot;
}

Machine::Applied Machine::tell_ui(const callui::Input& input) {
    auto applied = ui_.handle_input(state_.now, input);
    take_ui();
    return applied;
}

void Machine::take_ui() {
    while (auto output = ui_.poll_output()) {
        std::visit(
            [this]<class T>(T& effect) {
                // Not every command of the call screen is one of the engine's: it has no ongoing notice of its own.
                if constexpr (std::is_constructible_v<Output, T>) push(std::move(effect));
            },
            *output
        );
    }
}

/// Worth nothing to an app that is not there.
void Machine::emit(Notice notice) {
    if (ui_.attached()) push(EmitNotice{std::move(notice)});
}

void Machine::note_clock(WallTime wall_now) {
    // Within a century of 1970: a device's clock says anything, and sums must not wrap.
    state_.clock = ClockPair{state_.now, WallTime{time_between(wall_now, WallTime{0}).count()}};
}

/// As it said itself in this boot, else as the device's clock says: somebody may set that one at any moment.
WallTime Machine::server_now() const {
    const ClockPair pair = state_.server_clock.value_or(state_.clock.value_or(ClockPair{}));
    return pair.wall + (state_.now - pair.at);
}

Call* Machine::find(const CallId& id) {
    const auto found = std::ranges::find(state_.calls, id, &Call::call_id);
    return found == state_.calls.end() ? nullptr : &*found;
}

Call* Machine::find_live(const CallId& id) {
    Call* call = find(id);
    return call != nullptr && call->phase != Phase::ended ? call : nullptr;
}

Tombstone* Machine::find_tombstone(const CallId& id) {
    const auto found = std::ranges::find(state_.tombstones, id, &Tombstone::call_id);
    return found == state_.tombstones.end() || found->until <= state_.now ? nullptr : &*found;
}

/// A call whose end is still to be told gives way to a new one.
bool Machine::has_room() const {
    return state_.calls.size() < kCallsMax ||
           std::ranges::find(state_.calls, Phase::ended, &Call::phase) != state_.calls.end();
}

bool Machine::make_room() {
    if (!has_room()) return false;
    if (state_.calls.size() < kCallsMax) return true;
    const auto over = std::ranges::find(state_.calls, Phase::ended, &Call::phase);
    drop_requests(over->call_id);
    state_.calls.erase(over);
    return true;
}

std::uint64_t Machine::random(std::uint64_t bound) {
    Random random{state_.random};
    const std::uint64_t value = random.below(bound);
    state_.random = random.state();
    return value;
}

CallId Machine::random_call_id() {
    Random random{state_.random};
    const std::uint64_t high = random.next();
    const std::uint64_t low = random.next();
    state_.random = random.state();
    return CallId{Uuid::v4(high, low)};
}

Duration time_between(WallTime a, WallTime b) {
    constexpr std::int64_t kCentury = 100LL * 366 * 24 * 3'600'000;
    const std::int64_t x = std::clamp(a.ms, -kCentury, kCentury);
    const std::int64_t y = std::clamp(b.ms, -kCentury, kCentury);
    return Duration{x - y};
}

}  // namespace clarion::engine
