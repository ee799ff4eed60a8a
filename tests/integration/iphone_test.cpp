// SPDX-License-Identifier: Apache-2.0
// The real iOS shell in a process of its own, woken by the local APNs, against the real server: the flows of an iPhone.
#include <csignal>

#include "tests/integration/stage_test.hpp"

namespace clarion::lab {
namespace {

using testing::HasSubstr;

class IPhoneShell : public StageTest {
  protected:
    IPhoneShell() { shells_[Platform::ios] = CLARION_IPHONE; }

    [[nodiscard]] std::string trace() {
        return stage_->run({"trace", iphone_->screens.front().call_id.text()}).output;
    }
};

TEST_F(IPhoneShell, APushWakesTheKilledAppAndAcceptActivatesTheAudioConnectsAndEnds) {
    build();
    EXPECT_EQ(iphone_->launches, 0U);
    place();
    ASSERT_TRUE(wait_until_both_ring());
    EXPECT_EQ(iphone_->screens.front().name, "Alice");
    iphone_->phone->tap(Tap::accept);
    ASSERT_TRUE(wait_for(*iphone_, ScreenState::connected));
    ASSERT_TRUE(wait_for_step(*iphone_, "first_audio", 2));
    EXPECT_THAT(iphone_->notes, testing::ElementsAre("audio session active"));
    iphone_->phone->tap(Tap::hang_up);
    ASSERT_TRUE(wait_for_alice());
    EXPECT_EQ(alice_->status.exit_code, kExitAnswered) << alice_->output();
    ASSERT_TRUE(wait_for_end(*iphone_));
    EXPECT_EQ(told_end(*iphone_), EndReason::normal);
    EXPECT_EQ(iphone_->launches, 1U);
    for (const char* step : {"push_accepted", "woke", "ringing", "tapped_accept", "answered", "media_connected"}) {
        EXPECT_THAT(trace(), HasSubstr(step));
    }
}

}  // namespace
}  // namespace clarion::lab
