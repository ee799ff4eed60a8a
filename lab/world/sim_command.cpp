// SPDX-License-Identifier: Apache-2.0
#include "lab/world/sim_command.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <ctime>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "lab/world/chart.hpp"
#include "lab/world/simulation.hpp"

namespace clarion::lab::world {

namespace {

constexpr std::uint64_t kChunk = 200;

struct Found {
    std::uint64_t seed = 0;
    std::uint64_t count = 0;
};

struct Board {
    std::mutex mutex;
    Totals totals;
    std::map<std::string, Found> violations;  // By what broke; the smallest seed of each.
    std::atomic<std::uint64_t> next{0};
    std::atomic<bool> is_stopped{false};
};

Scenario story(const SimOptions& options, std::uint64_t seed) {
    return options.is_plain ? make_plain_call(seed) : make_scenario(seed, options.with_faults);
}

void work(const SimOptions& options, Board& board) {
    const std::uint64_t end = options.from + options.seeds;
    while (!board.is_stopped) {
        const std::uint64_t first = board.next.fetch_add(kChunk);
        if (first >= end) return;
        Totals totals;
        std::map<std::string, Found> violations;
        for (std::uint64_t seed = first; seed < std::min(first + kChunk, end); ++seed) {
            const RunResult result = run(story(options, seed));
            totals.add(result);
            if (!result.violation) continue;
            Found& found = violations[result.violation->invariant + ": " + result.violation->text];
            if (found.count++ == 0) found.seed = seed;
            if (!options.keeps_going) board.is_stopped = true;
            if (board.is_stopped) break;
        }
        const std::lock_guard lock{board.mutex};
        board.totals.add(totals);
        for (const auto& [what, found] : violations) {
            Found& all = board.violations[what];
            all.seed = all.count == 0 ? found.seed : std::min(all.seed, found.seed);
            all.count += found.count;
        }
        if (options.is_progress) {
            std::fprintf(
                stderr, "\r%llu of %llu seeds, %llu calls ", static_cast<unsigned long long>(board.totals.seeds),
                static_cast<unsigned long long>(options.seeds), static_cast<unsigned long long>(board.totals.calls)
            );
        }
    }
}

void print_result(const SimOptions& options, const Board& board, double seconds, double cpu_seconds) {
    const Totals& all = board.totals;
    const double rate = static_cast<double>(all.calls) / std::max(seconds, 1e-9);
    const double cpu_rate = static_cast<double>(all.calls) / std::max(cpu_seconds, 1e-9);
    std::uint64_t violations = 0;
    for (const auto& [what, found] : board.violations) violations += found.count;
    if (options.is_json) {
        fmt::print(
            "{{\"seeds\":{},\"from\":{},\"faults\":{},\"calls\":{},\"answered\":{},\"missed\":{},\"declined\":{},"
            "\"cancelled\":{},\"failed\":{},\"events\":{},\"checks\":{},\"violations\":{},\"seconds\":{:.3f},"
            "\"calls_per_second\":{:.0f},\"calls_per_cpu_second\":{:.0f},\"jobs\":{}}}\n",
            all.seeds, options.from, options.with_faults, all.calls, all.outcomes[0], all.outcomes[1], all.outcomes[2],
            all.outcomes[3], all.outcomes[4], all.events, all.checks, violations, seconds, rate, cpu_rate, options.jobs
        );
        return;
    }
    fmt::print(
        "{} seeds {} faults, {} calls: {} answered, {} missed, {} declined, {} cancelled, {} failed\n", all.seeds,
        options.with_faults ? "with" : "without", all.calls, all.outcomes[0], all.outcomes[1], all.outcomes[2],
        all.outcomes[3], all.outcomes[4]
    );
    fmt::print(
        "{} events, {} checks of I1 to I16, {} violations; {:.1f} s, {:.0f} calls a second on {} thread{}, {:.0f} "
        "calls a "
        "second of processor time\n",
        all.events, all.checks, violations, seconds, rate, options.jobs, options.jobs == 1 ? "" : "s", cpu_rate
    );
}

int run_one(const SimOptions& options) {
    const Scenario scenario = story(options, *options.seed);
    Chart chart;
    const RunResult result = run(scenario, {}, &chart);
    if (result.violation && !options.is_chart && !options.is_plain) {
        fmt::print("{}", report_violation(*options.seed, options.with_faults));
        return 1;
    }
    if (options.is_chart) fmt::print("{}\n", chart.text(scenario));
    if (result.violation) {
        const Violation& violation = *result.violation;
        fmt::print(
            "{} at {:.3f} s, {}: {}\n", violation.invariant, static_cast<double>(violation.at) / 1000.0,
            name_of(scenario, violation.phone), violation.text
        );
        return 1;
    }
    fmt::print("seed {}: {} calls, {} checks, no violation\n", *options.seed, result.calls, result.checks);
    return 0;
}

}  // namespace

int run_sim(const SimOptions& options) {
    if (options.seed) return run_one(options);
    Board board;
    board.next = options.from;
    const auto start = std::chrono::steady_clock::now();
    const std::clock_t cpu_start = std::clock();  // Of all threads.
    std::vector<std::thread> threads;
    for (unsigned i = 1; i < options.jobs; ++i) threads.emplace_back([&] { work(options, board); });
    work(options, board);
    for (std::thread& thread : threads) thread.join();
    const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - start;
    if (options.is_progress) std::fputc('\n', stderr);
    const double cpu_seconds = static_cast<double>(std::clock() - cpu_start) / CLOCKS_PER_SEC;
    print_result(options, board, taken.count(), cpu_seconds);
    if (board.violations.empty()) return 0;
    if (options.keeps_going) {
        for (const auto& [what, found] : board.violations)
            fmt::print("{:6}  seed {}  {}\n", found.count, found.seed, what);
        return 1;
    }
    SimOptions one = options;
    one.seed = board.violations.begin()->second.seed;
    one.is_chart = options.is_plain;  // There is nothing to shrink.
    fmt::print("\n");
    return run_one(one);
}

}  // namespace clarion::lab::world
