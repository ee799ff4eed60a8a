// SPDX-License-Identifier: Apache-2.0
// Each outcome of a call with the real programs: a push wakes the phones, their systems' rules are enforced.
#include <csignal>

#include "tests/integration/stage_test.hpp"

namespace clarion::lab {
namespace {

using testing::HasSubstr;

class Calls : public StageTest {};

TEST_F(Calls, OnePhoneAnswersTheOtherStopsAndTheHangUpReachesBothSides) {
    build();
    place();
    ASSERT_TRUE(wait_until_both_ring());
    EXPECT_EQ(iphone_->screens.front().name, "Alice");
    android_->phone->tap(Tap::accept);
    ASSERT_TRUE(wait_for(*android_, ScreenState::connected));
    ASSERT_TRUE(wait_for_end(*iphone_));
    EXPECT_EQ(iphone_->screens.back().reason, SystemEndReason::answered_elsewhere);
    EXPECT_EQ(told_end(*iphone_), EndReason::multi_device_answer);
    ASSERT_TRUE(wait_for_step(*android_, "first_audio", 2));
    android_->phone->tap(Tap::hang_up);
    ASSERT_TRUE(wait_for_alice());
    EXPECT_EQ(alice_->status.exit_code, kExitAnswered) << alice_->output();
    ASSERT_TRUE(wait_for_end(*android_));
    EXPECT_EQ(told_end(*android_), EndReason::normal);
    EXPECT_EQ(iphone_->missed_notices + android_->missed_notices, 0U);

    const auto trace = stage_->run({"trace", android_->screens.front().call_id.text()});
    EXPECT_TRUE(trace.ok());
    for (const char* step :
         {"placed", "push_accepted", "woke", "ringing", "tapped_accept", "answered", "media_connected", "first_audio",
          "ended", "answered elsewhere"}) {
        EXPECT_THAT(trace.output, HasSubstr(step));
    }
}

TEST_F(Calls, TheIphoneAnswersAndItsMicrophoneOpensAfterActivation) {
    build();
    place({"--end-after", "1s"});
    ASSERT_TRUE(wait_until_both_ring());
    iphone_->phone->tap(Tap::accept);
    ASSERT_TRUE(wait_for(*iphone_, ScreenState::connected));
    ASSERT_TRUE(wait_for_end(*android_));
    EXPECT_EQ(android_->screens.back().reason, SystemEndReason::answered_elsewhere);
    ASSERT_TRUE(wait_for_alice());
    EXPECT_EQ(alice_->status.exit_code, kExitAnswered) << alice_->output();
    ASSERT_TRUE(wait_for_end(*iphone_));
    EXPECT_EQ(iphone_->screens.back().reason, SystemEndReason::remote_ended);
}

TEST_F(Calls, ADeclineOnOnePhoneEndsTheCallEverywhere) {
    build();
    place();
    ASSERT_TRUE(wait_until_both_ring());
    iphone_->phone->tap(Tap::decline);
    ASSERT_TRUE(wait_for_alice());
    EXPECT_EQ(alice_->status.exit_code, kExitDeclined) << alice_->output();
    EXPECT_THAT(alice_->output(), HasSubstr("\"reason\":\"decline\""));
    ASSERT_TRUE(wait_for_end(*android_));
    EXPECT_EQ(android_->screens.back().reason, SystemEndReason::declined_elsewhere);
    EXPECT_EQ(told_end(*android_), EndReason::multi_device_decline);
    EXPECT_EQ(android_->missed_notices, 0U);
}

TEST_F(Calls, WhenAliceGivesUpBothPhonesStopAndOneNoticeIsLeft) {
    build();
    place();
    ASSERT_TRUE(wait_until_both_ring());
    alice_->process->kill(SIGINT);
    ASSERT_TRUE(wait_for_alice());
    EXPECT_EQ(alice_->status.exit_code, kExitCancelled) << alice_->output();
    ASSERT_TRUE(wait_for_end(*iphone_) && wait_for_end(*android_));
    EXPECT_EQ(iphone_->screens.back().reason, SystemEndReason::remote_ended);
    EXPECT_EQ(android_->screens.back().reason, SystemEndReason::remote_ended);
    EXPECT_EQ(told_end(*android_), EndReason::cancel);
    EXPECT_EQ(android_->missed_notices, 1U);
}

TEST_F(Calls, NobodyAnswersAndBothSidesCallItMissed) {
    build({{"ring_time_ms", "12000"}, {"accept_grace_ms", "500"}});
    place();
    ASSERT_TRUE(wait_until_both_ring());
    ASSERT_TRUE(wait_for_alice());
    EXPECT_EQ(alice_->status.exit_code, kExitMissed) << alice_->output();
    ASSERT_TRUE(wait_for_end(*iphone_) && wait_for_end(*android_));
    EXPECT_EQ(iphone_->screens.back().reason, SystemEndReason::unanswered);
    EXPECT_EQ(android_->screens.back().reason, SystemEndReason::unanswered);
    EXPECT_EQ(told_end(*android_), EndReason::no_answer);
    EXPECT_EQ(android_->missed_notices, 1U);
}

TEST_F(Calls, WhenNoPhoneCanBeWokenAliceIsToldAtOnce) {
    build();
    stage_->unregister(*iphone_);
    stage_->unregister(*android_);
    place();
    ASSERT_TRUE(wait_for_alice());
    EXPECT_EQ(alice_->status.exit_code, kExitFailed) << alice_->output();
    EXPECT_THAT(alice_->output(), HasSubstr("push_error"));
    EXPECT_EQ(iphone_->launches + android_->launches, 0U);
}

TEST_F(Calls, OneDeadTokenDoesNotStopTheOtherPhone) {
    build();
    stage_->unregister(*iphone_);
    place({"--end-after", "500ms"});
    ASSERT_TRUE(wait_for(*android_, ScreenState::incoming));
    android_->phone->tap(Tap::accept);
    ASSERT_TRUE(wait_for_alice());
    EXPECT_EQ(alice_->status.exit_code, kExitAnswered) << alice_->output();
    const auto trace = stage_->run({"trace", android_->screens.front().call_id.text()});
    EXPECT_THAT(trace.output, HasSubstr("410"));
}

}  // namespace
}  // namespace clarion::lab
