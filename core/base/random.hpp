// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace clarion {

/// SplitMix64 (Steele, Lea, Flood 2014): seeded, the same on every platform. For back-off jitter and simulations;
/// never for keys or tokens.
class Random {
  public:
    explicit Random(std::uint64_t seed) : state_{seed} {}

    [[nodiscard]] std::uint64_t next() {
        state_ += 0x9E3779B97F4A7C15ULL;
        std::uint64_t z = state_;
        z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9ULL;
        z = (z ^ (z >> 27U)) * 0x94D049BB133111EBULL;
        return z ^ (z >> 31U);
    }
    /// 0 <= result < bound; bound 0 gives 0. The bias is below 2^-32 for bounds that fit 32 bits.
    [[nodiscard]] std::uint64_t below(std::uint64_t bound) { return bound == 0 ? 0 : next() % bound; }
    [[nodiscard]] std::uint64_t state() const { return state_; }

  private:
    std::uint64_t state_;
};

}  // namespace clarion
