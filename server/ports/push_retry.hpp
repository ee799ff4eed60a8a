// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <vector>

#include "core/base/random.hpp"
#include "core/base/time.hpp"
#include "server/ports/push_sender.hpp"

namespace clarion::server {

/// When a push that failed is sent again. A call gives seconds, not the minutes that providers advise.
struct PushRetryPolicy {
    std::vector<Duration> backoff;    ///< For transient and unknown: each entry is one repeat, with full jitter.
    Duration throttled_delay{1'000};  ///< Before the one repeat to a throttled device.
    unsigned unprocessed_max = 3;     ///< Repeats at once; they cost the provider nothing.
    Duration window_tail{3'000};      ///< No repeat this close to the end: nobody could answer such a ring.
    bool has_floor = false;           ///< The back-off is a floor that the provider asks for: no jitter below it.
};

/// What a push has been through. Pure: the clock and the randomness are arguments, and so is the policy, which all
/// pushes of a sender share.
class PushRetry {
  public:
    /// After `outcome`, with `window_left` until the push expires: how long to wait before the next attempt, or
    /// nullopt when this outcome is final.
    [[nodiscard]] std::optional<Duration> next(
        const PushRetryPolicy& policy,
        PushOutcome outcome,
        std::optional<Duration> retry_after,
        Duration window_left,
        Random& random
    );

  private:
    std::size_t backoffs_ = 0;
    unsigned unprocessed_ = 0;
    bool was_refreshed_ = false;
    bool was_throttled_ = false;
};

}  // namespace clarion::server
