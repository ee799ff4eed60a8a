// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>

namespace clarion::lab::world {

struct SimOptions {
    std::uint64_t seeds = 10'000;
    std::uint64_t from = 1;
    std::optional<std::uint64_t> seed;  // Only this one.
    unsigned jobs = 1;
    bool with_faults = true;
    bool is_plain = false;     // Each story is the plainest whole call; without faults.
    bool is_chart = false;     // With `seed`: the sequence chart of the whole run, also of a good one.
    bool is_json = false;      // The result as one line of JSON.
    bool is_progress = false;  // A terminal is watching.
    bool keeps_going = false;  // Counts violations instead of stopping at the first.
};

/// `clarion-lab sim`. The exit status: 0 no violation, 1 one was found.
[[nodiscard]] int run_sim(const SimOptions& options);

}  // namespace clarion::lab::world
