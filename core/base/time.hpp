// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <compare>
#include <concepts>
#include <cstdint>

namespace clarion {

using Duration = std::chrono::milliseconds;

/// A moment on the monotonic clock of one machine. It has no now(): whoever owns time passes it in.
/// The clock must keep counting while the device sleeps (Linux CLOCK_BOOTTIME, Apple continuous time,
/// Android elapsedRealtime); on an ordinary steady clock a ring could last through a night.
struct Instant {
    std::int64_t ms = 0;

    friend constexpr auto operator<=>(Instant, Instant) = default;
};

/// Milliseconds since 1970 UTC, as some machine believes. Never mixed with Instant: the two are joined only by a
/// pair taken at the same moment.
struct WallTime {
    std::int64_t ms = 0;

    friend constexpr auto operator<=>(WallTime, WallTime) = default;
};

/// Later than every deadline: "no timer is armed".
inline constexpr Instant kNever{INT64_MAX};

/// Instant and WallTime add a Duration and saturate at the end of time instead of wrapping.
template <class Time>
    requires std::same_as<Time, Instant> || std::same_as<Time, WallTime>
constexpr Time operator+(Time at, Duration d) {
    if (d.count() > 0 && at.ms > INT64_MAX - d.count()) return Time{INT64_MAX};
    if (d.count() < 0 && at.ms < INT64_MIN - d.count()) return Time{INT64_MIN};
    return Time{at.ms + d.count()};
}

template <class Time>
    requires std::same_as<Time, Instant> || std::same_as<Time, WallTime>
constexpr Duration operator-(Time a, Time b) {
    return Duration{a.ms - b.ms};
}

}  // namespace clarion
