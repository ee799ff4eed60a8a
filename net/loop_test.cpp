// SPDX-License-Identifier: Apache-2.0
#include "net/loop.hpp"

#include <gtest/gtest.h>

#include <csignal>
#include <string>
#include <thread>
#include <vector>

#include "net/clock.hpp"
#include "net/testing/time_skip.hpp"

namespace clarion::net {
namespace {

using namespace std::chrono_literals;

TEST(Loop, TimersFireInOrderOfTimeAndThenOfArming) {
    Loop loop;
    std::string order;
    Timer late(loop), second(loop), first(loop), now(loop);
    const Instant at = boot_now() + 5ms;
    late.arm(20ms, [&] { order += 'd'; });
    first.arm_at(at, [&] { order += 'b'; });
    second.arm_at(at, [&] { order += 'c'; });
    now.arm(-5ms, [&] { order += 'a'; });
    EXPECT_TRUE(loop.run_until([&] { return order.size() == 4; }, 5s));
    EXPECT_EQ(order, "abcd");
    EXPECT_GE(boot_now(), at + 10ms);
}

TEST(Loop, CancelledMovedAndDestroyedTimersBehave) {
    Loop loop;
    int fired = 0;
    Timer cancelled(loop);
    cancelled.arm(1ms, [&] { fired += 100; });
    cancelled.cancel();
    EXPECT_FALSE(cancelled.is_armed());
    {
        Timer destroyed(loop);
        destroyed.arm(1ms, [&] { fired += 100; });
    }
    Timer source(loop);
    source.arm(1ms, [&] { fired += 1; });
    Timer moved = std::move(source);
    EXPECT_TRUE(moved.is_armed());
    Timer never(loop);
    never.arm_at(kNever, [&] { fired += 100; });
    Timer last(loop);
    bool is_over = false;
    last.arm(10ms, [&] { is_over = true; });
    EXPECT_TRUE(loop.run_until([&] { return is_over; }, 5s));
    EXPECT_EQ(fired, 1);
}

TEST(Loop, TimerThatRearmsItselfAtOnceDoesNotStarveOthers) {
    Loop loop;
    Timer busy(loop);
    int turns = 0;
    std::function<void()> again = [&] {
        ++turns;
        busy.arm(0ms, [&] { again(); });
    };
    again();
    bool is_posted = false;
    loop.post([&] { is_posted = true; });
    EXPECT_TRUE(loop.run_until([&] { return is_posted && turns > 3; }, 5s));
}

TEST(Loop, TimerMayDestroyItselfWhileItFires) {
    Loop loop;
    auto timer = std::make_unique<Timer>(loop);
    bool is_fired = false;
    timer->arm(1ms, [&] {
        timer.reset();
        is_fired = true;
    });
    EXPECT_TRUE(loop.run_until([&] { return is_fired; }, 5s));
}

TEST(Loop, SkippedTimeFiresWhatIsDueAndNothingElse) {
    Loop loop;
    std::string fired;
    Timer soon{loop};
    Timer late{loop};
    soon.arm(1h, [&] { fired += "soon "; });
    late.arm(2h, [&] { fired += "late "; });
    const Instant before = boot_now();
    testing::skip_time(loop, 90min);
    EXPECT_GE(boot_now() - before, Duration{90min});
    EXPECT_TRUE(loop.run_until([&] { return !fired.empty(); }, 5s));
    Timer armed_after{loop};
    armed_after.arm(1ms, [&] { fired += "after "; });
    EXPECT_TRUE(loop.run_until([&] { return fired == "soon after "; }, 5s)) << fired;
    testing::skip_time(loop, 31min);
    EXPECT_TRUE(loop.run_until([&] { return fired == "soon after late "; }, 5s)) << fired;
}

TEST(Loop, PostsFromOtherThreadsArriveOnTheLoopThreadInOrder) {
    Loop loop;
    std::vector<int> got;
    std::thread::id ran_on;
    std::thread poster([&] {
        for (int i = 0; i < 1000; ++i) {
            loop.post([&, i] {
                got.push_back(i);
                ran_on = std::this_thread::get_id();
            });
        }
        loop.post([&] { loop.stop(); });
    });
    loop.run();
    poster.join();
    ASSERT_EQ(got.size(), 1000U);
    for (int i = 0; i < 1000; ++i) EXPECT_EQ(got[static_cast<std::size_t>(i)], i);
    EXPECT_EQ(ran_on, std::this_thread::get_id());
}

TEST(Loop, StopBeforeRunReturnsAtOnceAndRunWorksAgain) {
    Loop loop;
    loop.stop();
    loop.run();
    bool is_run = false;
    loop.post([&] {
        is_run = true;
        loop.stop();
    });
    loop.run();
    EXPECT_TRUE(is_run);
}

TEST(Loop, SignalsArriveEachTimeAndTheLastCallbackCounts) {
    Loop loop;
    int first = 0;
    int second = 0;
    loop.on_signal(SIGUSR1, [&] { ++first; });
    std::raise(SIGUSR1);
    EXPECT_TRUE(loop.run_until([&] { return first == 1; }, 5s));
    loop.on_signal(SIGUSR1, [&] { ++second; });
    std::raise(SIGUSR1);
    EXPECT_TRUE(loop.run_until([&] { return second == 1; }, 5s));
    std::raise(SIGUSR1);
    EXPECT_TRUE(loop.run_until([&] { return second == 2; }, 5s));
    EXPECT_EQ(first, 1);
}

TEST(Loop, RunUntilGivesUpAtItsLimit) {
    Loop loop;
    EXPECT_FALSE(loop.run_until([] { return false; }, 5ms));
}

}  // namespace
}  // namespace clarion::net
