// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "lab/world/chart.hpp"
#include "lab/world/world.hpp"

/// Two users with three devices each, real engines and routing: from several starting points every order in which the
/// next six messages, taps and answers of the system can arrive; then the story goes on to its end. A socket keeps its
/// order, pushes keep none. Two arrivals at different machines change nothing for each other: orders that differ only
/// in such neighbours are one story and walked once (Mazurkiewicz traces).
namespace clarion::lab::world {
namespace {

constexpr std::size_t kDepth = 6;
constexpr std::uint8_t kServerSide = 100;
constexpr std::uint8_t kSeveral = 101;  // Touches more than one machine.

/// Who is changed by it; nullopt: time, not a message.
std::optional<std::uint8_t> taker(const Event& event) {
    switch (event.kind) {
        case EventKind::frame_up:
        case EventKind::push_attempt:
        case EventKind::push_accepted: return kServerSide;
        case EventKind::frame_down:
        case EventKind::push_arrives:
        case EventKind::reported:
        case EventKind::media_prepared:
        case EventKind::deed: return event.phone;
        case EventKind::media_up: return kSeveral;
        default: return std::nullopt;
    }
}

bool is_ordered(EventKind kind) { return kind == EventKind::frame_up || kind == EventKind::frame_down; }

/// What may happen next: of each socket and direction only its first message.
std::vector<Event> choices(const EventQueue& queue) {
    std::vector<Event> found;
    for (const Event& event : queue.events()) {
        if (!taker(event)) continue;
        const auto same = std::ranges::find_if(found, [&](const Event& other) {
            return is_ordered(event.kind) && other.kind == event.kind && other.number == event.number;
        });
        if (same == found.end()) {
            found.push_back(event);
        } else if (event.order < same->order) {
            *same = event;
        }
    }
    std::ranges::sort(found, {}, &Event::order);
    return found;
}

struct Start {
    std::string name;
    std::int64_t at = 0;
    std::vector<Deed> deeds;
};

std::vector<Start> starts() {
    const Deed call{.kind = DeedKind::place, .phone = 0, .at = 1'000, .amount = 1};
    const auto at = [](DeedKind kind, std::uint8_t phone, std::int64_t when) {
        return Deed{.kind = kind, .phone = phone, .at = when};
    };
    return {
        {"everything is on its way", 1'055, {call}},
        {"two answer, the caller gives up",
         4'000,
         {call, at(DeedKind::accept, 3, 4'000), at(DeedKind::accept, 4, 4'000), at(DeedKind::hang_up, 0, 4'000)}},
        {"one answers, one declines, one looks on",
         4'000,
         {call, at(DeedKind::accept, 3, 4'000), at(DeedKind::decline, 5, 4'000)}},
        {"answered, and both hang up",
         4'035,
         {call, at(DeedKind::accept, 4, 4'000), at(DeedKind::hang_up, 4, 4'040), at(DeedKind::hang_up, 0, 4'040)}},
        {"both call each other",
         1'055,
         {call, {.kind = DeedKind::place, .phone = 5, .call = 1, .at = 1'000, .amount = 0}}},
    };
}

Scenario scenario_of(const Start& start) {
    Scenario scenario{.seed = 1};
    scenario.weather.latency = Duration{0};
    scenario.calls = 2;
    scenario.deeds = start.deeds;
    // A call that is still there is ended by its people: then everything comes to rest.
    for (std::uint8_t phone = 0; phone < 6; ++phone) {
        for (std::uint8_t call = 0; call < 2; ++call) {
            scenario.deeds.push_back({.kind = DeedKind::hang_up, .phone = phone, .call = call, .at = 80'000});
        }
    }
    scenario.phones = {
        {.user = 0, .platform = Platform::desktop, .is_online = true, .is_running = true},
        {.user = 0, .platform = Platform::ios, .is_running = true},
        {.user = 0, .platform = Platform::android},
        {.user = 1, .platform = Platform::ios},
        {.user = 1, .platform = Platform::android, .has_token = false},
        {.user = 1, .platform = Platform::web, .is_online = true, .is_running = true},
    };
    return scenario;
}

class Search {
  public:
    explicit Search(const Start& start) : start_{start}, scenario_{scenario_of(start)} {}

    void walk() { visit({}, {}, {}); }

    std::uint64_t stories = 0;
    std::string fault;

  private:
    struct Step {
        std::uint64_t order = 0;
        std::uint8_t taker = 0;
    };

    void replay(World& world, const std::vector<Step>& path) const {
        world.begin();
        while (!world.queue().empty() && world.queue().events().back().at < start_.at) world.take(world.queue().pop());
        for (const Step& step : path) world.take(world.queue().take(step.order));
    }
    void visit(const std::vector<Step>& path, const std::vector<Event>& before, std::optional<Step> last) {
        if (!fault.empty()) return;
        World world{scenario_};
        replay(world, path);
        const std::vector<Event> open = path.size() < kDepth ? choices(world.queue()) : std::vector<Event>{};
        bool is_leaf = true;
        for (const Event& event : open) {
            if (event.at >= 70'000) continue;  // The end of the story.
            const Step step{event.order, *taker(event)};
            // It was possible before the last one, and they do not meet: this order was walked the other way round.
            const bool was_open = std::ranges::find(before, event.order, &Event::order) != before.end();
            const bool is_other =
                last && last->taker != kSeveral && step.taker != kSeveral && last->taker != step.taker;
            if (was_open && is_other && step.taker < last->taker) continue;
            is_leaf = false;
            std::vector<Step> next = path;
            next.push_back(step);
            visit(next, open, step);
        }
        if (is_leaf) end(world, path);
    }
    void end(World& world, const std::vector<Step>& path) {
        ++stories;
        while (!world.queue().empty() && !world.is_over()) {
            const Event event = world.queue().pop();
            if (event.at < world.horizon()) world.take(event);
        }
        const RunResult result = world.finish();
        if (!result.violation) return;
        Chart chart;
        World again{scenario_, {.chart = &chart}};
        replay(again, path);
        while (!again.queue().empty() && !again.is_over()) again.take(again.queue().pop());
        (void)again.finish();
        fault = result.violation->invariant + ": " + result.violation->text + "\n" + chart.text(scenario_);
    }

    const Start& start_;
    Scenario scenario_;
};

class EveryOrder : public ::testing::TestWithParam<std::size_t> {};

TEST_P(EveryOrder, OfSixArrivalsKeepsTheInvariants) {
    const std::vector<Start> all = starts();
    Search search{all[GetParam()]};
    search.walk();
    EXPECT_TRUE(search.fault.empty()) << all[GetParam()].name << "\n" << search.fault;
    EXPECT_GT(search.stories, 50U);
    std::printf("%s: %llu stories\n", all[GetParam()].name.c_str(), static_cast<unsigned long long>(search.stories));
}

INSTANTIATE_TEST_SUITE_P(World, EveryOrder, ::testing::Range<std::size_t>(0, 5));

}  // namespace
}  // namespace clarion::lab::world
