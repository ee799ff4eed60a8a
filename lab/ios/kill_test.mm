/* SPDX-License-Identifier: Apache-2.0 */
#import "lab/ios/shell_test.hpp"

/// The process dies at every one of its calls to the system, and starts again: no tap is lost, and no ghost stays.
namespace clarion::lab {
namespace {

using State = ScreenCall::State;

struct Life : ShellTest {
    void TestBody() override {}
    void TearDown() override {}
};

/// A ring that the user answers or declines. `dies_at` 0: it lives.
void ring_and_tap(Life& life, bool is_accepted, int dies_at) {
    life.phone.kill_after = dies_at;
    life.ring();
    if (life.state() == State::ringing) {
        is_accepted ? life.phone.tap_answer(Life::uuid(kCall)) : life.phone.tap_end(Life::uuid(kCall));
        life.phone.run();
    }
    life.phone.kill_after = 0;
}

int calls_of_a_life(bool is_accepted) {
    Life life;
    ring_and_tap(life, is_accepted, 0);
    return life.phone.calls_made;
}

TEST(IosDeath, AnAcceptIsNeverLost) {
    const int steps = calls_of_a_life(true);
    ASSERT_GT(steps, 20);
    for (int step = 1; step <= steps; ++step) {
        SCOPED_TRACE(step);
        @autoreleasepool {
            Life life;
            ring_and_tap(life, true, step);
            const bool was_tapped = life.phone.screen.contains(kCall.UTF8String) && life.event(@"answered") != nil;
            life.phone.open_app();
            life.phone.run();
            if (life.state() == State::ringing && !was_tapped) life.answer();
            life.media_flow();
            life.phone.advance(2'000);
            life.media_flow();
            const bool is_talked = life.state() == State::connected && life.app.media.isAudioOpen;
            const bool is_over = life.phone.calls_on_screen() == 0 && life.app.media.legs == 0;
            EXPECT_TRUE(is_talked || is_over) << "a ghost";
            if (was_tapped) {
                EXPECT_GE([life.server count:@"answer"], 1U) << "I4";
            }
            life.phone.advance(80'000);
            EXPECT_THAT(life.phone.violations, ::testing::IsEmpty());
        }
    }
}

TEST(IosDeath, ADeclineIsNeverLostAndNothingRingsOn) {
    const int steps = calls_of_a_life(false);
    ASSERT_GT(steps, 15);
    for (int step = 1; step <= steps; ++step) {
        SCOPED_TRACE(step);
        @autoreleasepool {
            Life life;
            ring_and_tap(life, false, step);
            life.phone.open_app();
            life.phone.run();
            if (life.state() == State::ringing) {  // It died before the tap was heard.
                life.phone.tap_end(Life::uuid(kCall));
                life.phone.run();
            }
            life.phone.advance(2'000);
            EXPECT_EQ(life.phone.calls_on_screen(), 0) << "a ghost";
            if (life.heard(@"incoming") > 0) {
                EXPECT_GE([life.server count:@"decline"], 1U) << "I4";
            }
            NSMutableSet* numbers = [NSMutableSet new];  // Told again is the same event: the ack died with the process.
            for (CLRMessage* one in life.all_events) {
                if ([one[@"kind"] isEqual:@"ended"]) [numbers addObject:one[@"seq"]];
            }
            EXPECT_EQ(numbers.count, life.heard(@"incoming") > 0 ? 1U : 0U) << "I10";
            EXPECT_THAT(life.phone.violations, ::testing::IsEmpty());
        }
    }
}

}  // namespace
}  // namespace clarion::lab
