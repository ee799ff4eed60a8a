// SPDX-License-Identifier: Apache-2.0
#include "net/testing/time_skip.hpp"

#include "net/detail/boot_clock.hpp"
#include "net/detail/loop_state.hpp"

namespace clarion::net::testing {

void skip_time(Loop& loop, Duration ahead) {
    detail::skipped_ms() += ahead.count();
    loop.state().programmed = kNever;
    loop.state().program_timerfd();
}

}  // namespace clarion::net::testing
