// SPDX-License-Identifier: Apache-2.0
#include "server/push/circuit.hpp"

#include <algorithm>
#include <utility>

namespace clarion::server::push {
namespace {

bool is_failure(PushOutcome outcome) {
    return outcome == PushOutcome::transient || outcome == PushOutcome::unknown || outcome == PushOutcome::unprocessed;
}

}  // namespace

bool Circuit::may_go(Instant now) {
    if (!is_open()) return true;
    if (now < until_ || is_trying_) return false;
    is_trying_ = true;
    return true;
}

Instant Circuit::opens_at() const { return is_open() && !is_trying_ ? until_ : kNever; }

bool Circuit::note(PushOutcome outcome, Instant now, Random& random) {
    const bool was_trying = std::exchange(is_trying_, false);
    if (!is_failure(outcome)) {
        const bool was_open = is_open();
        failures_ = 0;
        pauses_ = 0;
        return was_open;
    }
    // Those that were under way when it opened say nothing new.
    if (is_open() && !was_trying) return false;
    if (++failures_ < kFailuresMax) return false;
    const Duration pause = std::min(kPauseMax, kPauseMin * (1 << std::min(pauses_++, 10U)));
    const auto half = static_cast<std::uint64_t>(pause.count()) / 2;
    until_ = now + Duration{static_cast<Duration::rep>(half + random.below(half + 1))};
    return false;
}

}  // namespace clarion::server::push
