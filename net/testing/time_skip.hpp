// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/time.hpp"
#include "net/loop.hpp"

namespace clarion::net::testing {

/// Lets boot_now() jump ahead, for the rest of the process, and this loop notice it: what waits for minutes is due at
/// once, and a test need not wait for it. Sockets and other processes live in real time.
/// Thread: the loop's, and no other loop has timers.
void skip_time(Loop& loop, Duration ahead);

}  // namespace clarion::net::testing
