// SPDX-License-Identifier: Apache-2.0
// For net's own sources only.
#pragma once

#include <cstdint>

namespace clarion::net::detail {

/// What boot_now() is ahead of CLOCK_BOOTTIME: nothing, outside of tests (net/testing/time_skip.hpp).
[[nodiscard]] std::int64_t& skipped_ms();

}  // namespace clarion::net::detail
