// SPDX-License-Identifier: Apache-2.0
// Bad days with the real programs: processes that are killed, pushes that are repeated or forged.
#include "tests/integration/stage_test.hpp"

namespace clarion::lab {
namespace {

class Faults : public StageTest {};

TEST_F(Faults, TheServerIsKilledWhileTwoPhonesRingAndTheCallStillConnects) {
    build();
    place({"--end-after", "500ms"});
    ASSERT_TRUE(wait_until_both_ring());
    stage_->kill_server();
    const auto restarted = stage_->start_server();
    ASSERT_TRUE(restarted) << restarted.error();
    android_->phone->tap(Tap::accept);
    ASSERT_TRUE(wait_for(*android_, ScreenState::connected));
    ASSERT_TRUE(wait_for_end(*iphone_));
    EXPECT_EQ(iphone_->screens.back().reason, SystemEndReason::answered_elsewhere);
    ASSERT_TRUE(wait_for_alice());
    EXPECT_EQ(alice_->status.exit_code, kExitAnswered) << alice_->output();
}

TEST_F(Faults, ATapWhileTheServerIsAwayIsHonouredWhenItIsBack) {
    build();
    place({"--end-after", "500ms"});
    ASSERT_TRUE(wait_until_both_ring());
    stage_->kill_server();
    android_->phone->tap(Tap::accept);
    const auto restarted = stage_->start_server();
    ASSERT_TRUE(restarted) << restarted.error();
    ASSERT_TRUE(wait_for(*android_, ScreenState::connected));
    ASSERT_TRUE(wait_for_alice());
    EXPECT_EQ(alice_->status.exit_code, kExitAnswered) << alice_->output();
}

TEST_F(Faults, AnAppThatIsKilledWhileItRingsRingsAgainWhenItIsOpened) {
    build();
    place({"--end-after", "500ms"});
    ASSERT_TRUE(wait_until_both_ring());
    // The screen comes before the journal (IOS-PK-02 leaves no time for a disk); both are done when the handler
    // returned.
    ASSERT_TRUE(wait([&] { return android_->pushes_handled == 1; }));
    for (int times = 0; times < 5; ++times) {  // At once: the next process waits until the last one let its files go.
        android_->phone->kill_app();
        EXPECT_TRUE(android_->is_on_screen(ScreenState::gone));
        android_->phone->open_app();
        ASSERT_TRUE(wait_for(*android_, ScreenState::incoming));
    }
    android_->phone->tap(Tap::accept);
    ASSERT_TRUE(wait_for(*android_, ScreenState::connected));
    ASSERT_TRUE(wait_for_alice());
    EXPECT_EQ(alice_->status.exit_code, kExitAnswered) << alice_->output();
}

TEST_F(Faults, Defect47TheSamePushAgainIsTheSameCall) {
    build();
    place();
    ASSERT_TRUE(wait_until_both_ring());
    iphone_->phone->push(iphone_->last_push, true);
    android_->phone->push(android_->last_push, true);
    android_->phone->tap(Tap::decline);
    ASSERT_TRUE(wait_for_alice());
    ASSERT_TRUE(wait_for_end(*iphone_));
    EXPECT_EQ(iphone_->phone->os().calls_on_screen(), 0U);
    EXPECT_EQ(told_end(*iphone_), EndReason::multi_device_decline);
    EXPECT_EQ(told_end(*android_), EndReason::decline);
}

TEST_F(Faults, AForgedPushIsReportedAndEndedOnIosAndUnseenOnAndroid) {
    build();
    const native::PushDelivered forged{
        .data = {{"cc_param", "p1.AAAA"}, {"type", "ring"}, {"from_user_id", "the-bank"}}
    };
    iphone_->phone->push(forged, true);
    android_->phone->push(forged, true);
    ASSERT_TRUE(wait([&] { return iphone_->pushes_handled == 1 && android_->pushes_handled == 1; }));
    ASSERT_TRUE(wait_for(*iphone_, ScreenState::gone));
    EXPECT_EQ(iphone_->screens.front().state, ScreenState::incoming);
    EXPECT_EQ(iphone_->screens.front().name.find("bank"), std::string::npos);
    EXPECT_EQ(iphone_->screens.back().reason, SystemEndReason::failed);
    EXPECT_TRUE(android_->screens.empty());
    EXPECT_EQ(android_->missed_notices, 0U);
}

TEST_F(Faults, AnInviteOfAnotherDeviceDoesNotRing) {
    build();
    place();
    ASSERT_TRUE(wait_until_both_ring());
    StagePhone* tablet = add("bob-tablet", Platform::android);
    ASSERT_NE(tablet, nullptr);
    tablet->phone->push(android_->last_push, true);
    ASSERT_TRUE(wait([&] { return tablet->pushes_handled == 1; }));
    android_->phone->tap(Tap::decline);
    ASSERT_TRUE(wait_for_alice());
    EXPECT_TRUE(tablet->screens.empty());
}

}  // namespace
}  // namespace clarion::lab
