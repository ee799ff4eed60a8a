// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "core/base/describe.hpp"
#include "core/base/time.hpp"

/// How well a call is heard. Measured by the media, judged here; never durable.
namespace clarion::engine {

/// Of the time since the last measurement. Absent: not known.
struct Statistics {
    std::optional<std::uint32_t> loss_permille;  // Of the packets that the peer sent, 0 to 1000.
    std::optional<Duration> jitter;              // Of what comes in.
    std::optional<Duration> latency;             // There and back.
    std::uint64_t sent_bps = 0;
    std::uint64_t received_bps = 0;
    std::uint32_t own_level = 0;   // 0 to 100: how loud this side is,
    std::uint32_t peer_level = 0;  // and the other.
};

enum class Quality : std::uint8_t { unknown, good, fair, poor };

/// By the worst of: loss above 2 % is fair, above 8 % poor; jitter above 40 ms fair, above 100 ms poor; round trip
/// above 300 ms fair, above 600 ms poor. What is not known does not count.
[[nodiscard]] Quality quality_of(const Statistics& statistics);

}  // namespace clarion::engine

namespace clarion {

template <>
struct EnumText<engine::Quality> {
    using E = engine::Quality;
    static constexpr std::array<EnumWord<E>, 4> values{{
        {E::unknown, "unknown"},
        {E::good, "good"},
        {E::fair, "fair"},
        {E::poor, "poor"},
    }};
    static constexpr E fallback = E::unknown;
};

template <>
struct Describe<engine::Statistics> {
    using T = engine::Statistics;
    static constexpr std::string_view name = "statistics";
    static constexpr auto fields = std::tuple{
        field("loss_permille", &T::loss_permille, {.min = 0, .max = 1000}),
        field("jitter", &T::jitter),
        field("latency", &T::latency),
        optional_field("sent_bps", &T::sent_bps),
        optional_field("received_bps", &T::received_bps),
        optional_field("own_level", &T::own_level, {.min = 0, .max = 100}),
        optional_field("peer_level", &T::peer_level, {.min = 0, .max = 100}),
    };
};

}  // namespace clarion
