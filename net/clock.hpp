// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/time.hpp"

namespace clarion::net {

/// Milliseconds since boot, counting while the machine sleeps (CLOCK_BOOTTIME): the `now` for every machine in core.
/// Thread: any.
[[nodiscard]] Instant boot_now();

/// Milliseconds since 1970 UTC as this machine believes. Thread: any.
[[nodiscard]] WallTime wall_now();

}  // namespace clarion::net
