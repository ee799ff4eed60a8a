// SPDX-License-Identifier: Apache-2.0
#include "lab/world/simulation.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "lab/world/chart.hpp"

namespace clarion::lab::world {

namespace {

/// Tries one smaller scenario after the other, and keeps those that still break the same invariant.
class Shrinker {
  public:
    Shrinker(Scenario scenario, const MutationMaker& mutation) : best_{std::move(scenario)}, mutation_{mutation} {
        const RunResult result = run(best_, mutation_);
        if (result.violation) invariant_ = result.violation->invariant;
    }

    Scenario shrink() {
        if (invariant_.empty()) return best_;
        bool smaller = true;
        while (smaller && tries_ < kTriesMax) smaller = without_deeds() || with_better_weather() || without_phones();
        return best_;
    }

  private:
    static constexpr int kTriesMax = 3'000;

    bool keep(const Scenario& candidate) {
        if (++tries_ > kTriesMax) return false;
        const RunResult result = run(candidate, mutation_);
        if (!result.violation || result.violation->invariant != invariant_) return false;
        best_ = candidate;
        return true;
    }
    bool without_deeds() {
        bool smaller = false;
        for (std::size_t i = best_.deeds.size(); i-- > 0;) {
            Scenario candidate = best_;
            candidate.deeds.erase(candidate.deeds.begin() + static_cast<std::ptrdiff_t>(i));
            smaller = keep(candidate) || smaller;
        }
        return smaller;
    }
    bool with_better_weather() {
        bool smaller = false;
        const auto improve = [&](auto Weather::* part, auto good) {
            if (best_.weather.*part == good) return;
            Scenario candidate = best_;
            candidate.weather.*part = good;
            smaller = keep(candidate) || smaller;
        };
        improve(&Weather::push_loss, 0U);
        improve(&Weather::push_duplicates, 0U);
        improve(&Weather::slow_writes, 0U);
        improve(&Weather::deaf_opens, 0U);
        improve(&Weather::push_delay, Duration{150});
        improve(&Weather::latency, Duration{0});
        for (std::size_t i = 0; i < best_.phones.size(); ++i) {
            if (best_.phones[i].clock_skew == Duration{0}) continue;
            Scenario candidate = best_;
            candidate.phones[i].clock_skew = Duration{0};
            smaller = keep(candidate) || smaller;
        }
        return smaller;
    }
    bool without_phones() {
        bool smaller = false;
        for (std::size_t i = best_.phones.size(); i-- > 0;) {
            const auto phone = static_cast<std::uint8_t>(i);
            const bool is_needed =
                std::ranges::any_of(best_.deeds, [&](const Deed& deed) { return deed.phone == phone; });
            const auto same = std::ranges::count(best_.phones, best_.phones[i].user, &PhoneSpec::user);
            if (is_needed || same == 1) continue;
            Scenario candidate = best_;
            candidate.phones.erase(candidate.phones.begin() + static_cast<std::ptrdiff_t>(i));
            for (Deed& deed : candidate.deeds) {
                if (deed.phone > phone) --deed.phone;
            }
            smaller = keep(candidate) || smaller;
        }
        return smaller;
    }

    Scenario best_;
    const MutationMaker& mutation_;
    std::string invariant_;
    int tries_ = 0;
};

}  // namespace

void Totals::add(const RunResult& result) {
    ++seeds;
    calls += result.calls;
    for (std::size_t i = 0; i < outcomes.size(); ++i) outcomes[i] += result.outcomes[i];
    events += result.events;
    checks += result.checks;
}

void Totals::add(const Totals& other) {
    seeds += other.seeds;
    calls += other.calls;
    for (std::size_t i = 0; i < outcomes.size(); ++i) outcomes[i] += other.outcomes[i];
    events += other.events;
    checks += other.checks;
}

RunResult run(const Scenario& scenario, const MutationMaker& mutation, Chart* chart) {
    const auto made = mutation ? mutation() : nullptr;
    World world{scenario, {.mutation = made.get(), .chart = chart}};
    return world.run();
}

RunResult run_seed(std::uint64_t seed, bool with_faults, const MutationMaker& mutation) {
    return run(make_scenario(seed, with_faults), mutation);
}

std::optional<std::uint64_t> find_violation(
    std::uint64_t from, std::uint64_t count, bool with_faults, const MutationMaker& mutation, Totals* totals
) {
    for (std::uint64_t seed = from; seed < from + count; ++seed) {
        const RunResult result = run_seed(seed, with_faults, mutation);
        if (totals != nullptr) totals->add(result);
        if (result.violation) return seed;
    }
    return std::nullopt;
}

Scenario shrink(const Scenario& scenario, const MutationMaker& mutation) {
    return Shrinker{scenario, mutation}.shrink();
}

std::string report_violation(std::uint64_t seed, bool with_faults, const MutationMaker& mutation) {
    const Scenario scenario = make_scenario(seed, with_faults);
    const RunResult whole = run(scenario, mutation);
    std::string text = fmt::format("clarion-lab sim --seed {}{} --chart\n", seed, with_faults ? "" : " --no-faults");
    if (!whole.violation) return text + "no violation\n";
    const auto said = [&](const RunResult& result, const Scenario& of) {
        const Violation& violation = *result.violation;
        return fmt::format(
            "{} at {:.3f} s, {}: {}\n", violation.invariant, static_cast<double>(violation.at) / 1000.0,
            name_of(of, violation.phone), violation.text
        );
    };
    text += said(whole, scenario);
    const Scenario small = shrink(scenario, mutation);
    Chart chart;
    const RunResult again = run(small, mutation, &chart);
    if (again.violation) text += fmt::format("\nshrunken to {} steps:\n", small.deeds.size()) + said(again, small);
    return text + "\n" + chart.text(small);
}

}  // namespace clarion::lab::world
