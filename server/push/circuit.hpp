// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/random.hpp"
#include "core/base/time.hpp"
#include "server/ports/push_sender.hpp"

namespace clarion::server::push {

/// Whether a provider is asked at all: after kFailuresMax failures in a row nobody asks for a while, then one push
/// tries, and by its fate all go again or wait again, twice as long (1 s to 30 s, half of it jitter). So a provider
/// that is down is not hammered, and its return is noticed within a second or two when rings wait.
///
/// Pure: clock and randomness are arguments. What a provider says about one device is no failure of the provider.
class Circuit {
  public:
    static constexpr unsigned kFailuresMax = 10;
    static constexpr Duration kPauseMin{1'000};
    static constexpr Duration kPauseMax{30'000};

    /// May a push go now? True while open only for the one that tries; tell its fate with note() or give_back().
    [[nodiscard]] bool may_go(Instant now);
    /// When to ask again; kNever: nothing has to be waited for, or the one that tries is on its way.
    [[nodiscard]] Instant opens_at() const;

    /// The fate of an attempt. True: everybody who waits may go now.
    bool note(PushOutcome outcome, Instant now, Random& random);
    /// The push that was to try did not leave.
    void give_back() { is_trying_ = false; }

    [[nodiscard]] bool is_open() const { return failures_ >= kFailuresMax; }

  private:
    unsigned failures_ = 0;
    unsigned pauses_ = 0;
    bool is_trying_ = false;
    Instant until_;
};

}  // namespace clarion::server::push
