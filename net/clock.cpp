// SPDX-License-Identifier: Apache-2.0
#include "net/clock.hpp"

#include <ctime>

#include "net/detail/boot_clock.hpp"

namespace clarion::net {
namespace {

std::int64_t read_ms(clockid_t clock) {
    timespec now{};
    ::clock_gettime(clock, &now);
    return std::int64_t{now.tv_sec} * 1000 + now.tv_nsec / 1'000'000;
}

}  // namespace

namespace detail {

std::int64_t& skipped_ms() {
    static std::int64_t skipped = 0;
    return skipped;
}

}  // namespace detail

Instant boot_now() { return Instant{read_ms(CLOCK_BOOTTIME) + detail::skipped_ms()}; }

WallTime wall_now() { return WallTime{read_ms(CLOCK_REALTIME)}; }

}  // namespace clarion::net
