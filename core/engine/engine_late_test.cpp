// SPDX-License-Identifier: Apache-2.0
#include "core/engine/testing/test_driver.hpp"

/// What the device's own clock calls missed, the server may know better: I9 where the word comes late.
namespace clarion::engine::testing {
namespace {

using protocol::Platform;

class EngineLate : public EngineTest {};
INSTANTIATE_TEST_SUITE_P(Modes, EngineLate, ::testing::Values(Mode::plain, Mode::resumed), name_of_mode);

/// Its push comes when the ring time is over.
void come_late(Driver& d, Duration after = kRingTime) {
    const Invite late = d.invite();
    d.move_to(d.now() + after);
    d.push(late);
}

TEST_P(EngineLate, APushAfterTheRingAsksBeforeItSaysMissed) {
    Driver d{GetParam(), Platform::android};
    come_late(d);
    EXPECT_EQ(d.count<callui::ReportIncoming>(), 0);
    EXPECT_EQ(d.count<callui::ShowMissedCall>(), 0) << "nobody knows yet";
    EXPECT_EQ(d.engine().calls().size(), 0U) << "for the app it is no call";
    d.connect();
    EXPECT_EQ(d.sent<protocol::Verify>().size(), 1U);
    d.ended(EndReason::no_answer);
    EXPECT_EQ(d.count<callui::ShowMissedCall>(), 1);
    EXPECT_EQ(d.end_event()->outcome, Outcome::missed);
    EXPECT_EQ(d.engine().calls().size(), 0U);
}

TEST_P(EngineLate, APushAfterTheRingOfACallTakenElsewhereLeavesNothing) {
    for (const EndReason reason : {EndReason::multi_device_answer, EndReason::multi_device_decline}) {
        Driver d{GetParam(), Platform::android};
        come_late(d);
        d.connect();
        d.ended(reason, EndSource::callee);
        d.pass(Duration{60'000});
        EXPECT_EQ(d.count<callui::ShowMissedCall>(), 0);
        EXPECT_FALSE(d.end_event().has_value());
        EXPECT_EQ(d.engine().adopt(kCall).outcome.has_value() || reason == EndReason::multi_device_answer, true);
        d.push(d.invite());
        EXPECT_EQ(d.count<callui::ReportIncoming>(), 0) << "it is over";
    }
}

TEST_P(EngineLate, ACancelPushIsAnAnswerToo) {
    Driver d{GetParam(), Platform::android};
    come_late(d);
    d.push(d.cancel(EndReason::multi_device_answer, EndSource::callee));
    d.pass(Duration{60'000});
    EXPECT_EQ(d.count<callui::ShowMissedCall>(), 0);
    EXPECT_EQ(d.engine().adopt(kCall).result, AdoptResult::elsewhere);
}

TEST_P(EngineLate, WithoutAnAnswerItWasMissedBeforeTheSystemTakesTheProcess) {
    Driver d{GetParam(), Platform::android};
    come_late(d);
    d.pass(Duration{10'000});  // AND-FCM-04: the push window is 20 s.
    EXPECT_EQ(d.count<callui::ShowMissedCall>(), 1);
    EXPECT_EQ(d.end_event()->outcome, Outcome::missed);
    d.pass(Duration{60'000});
    EXPECT_EQ(d.count<callui::ShowMissedCall>(), 1);
    EXPECT_EQ(d.engine().calls().size(), 0U) << "it does not ask for ever";
    EXPECT_FALSE(d.socket_open());
}

TEST_P(EngineLate, TheNextProcessSaysIt) {
    Driver d{GetParam(), Platform::android};
    come_late(d);
    d.die(Duration{60'000});
    d.pass(Duration{0});
    EXPECT_EQ(d.count<callui::ShowMissedCall>(), 1);
}

TEST_P(EngineLate, ADeviceWhoseClockIsFastRingsAfterAll) {
    for (const Platform platform : {Platform::android, Platform::ios}) {
        Driver d{GetParam(), platform};
        const Invite invite = d.invite();
        d.set_clock(Duration{3'600'000});  // An hour fast, and it never heard the server's clock.
        d.push(invite);
        d.clear();
        d.connect();
        d.verified();
        ASSERT_TRUE(d.did<callui::ReportIncoming>());
        EXPECT_EQ(d.latest<callui::ReportIncoming>()->ring_for, kRingTime);
        d.feed(IncomingReported{kCall});
        EXPECT_EQ(d.count<callui::EndSystemCall>(), 0) << "its first report was to be ended";
        d.prepared();
        d.feed(UserAnswered{kCall, 5});
        d.ack_all();
        d.confirm();
        d.feed(MediaConnected{kCall});
        EXPECT_EQ(d.view()->state, CallState::connected);
        EXPECT_EQ(d.count<callui::ShowMissedCall>(), 0);
    }
}

TEST_P(EngineLate, AVerifiedCallWhoseRingIsOverStaysSilent) {
    Driver d{GetParam(), Platform::android};
    const Invite late = d.invite();
    d.move_to(d.now() + kRingTime + Duration{1'000});
    d.push(late);
    d.connect();
    d.frame(protocol::Verified{
        .call_id = kCall,
        .from_user = kAlice,
        .offer = Redacted<std::string>{"v=0 offer"},
        .server_now = d.server_now(),
        .ring_until = late.ring_until,
        .accept_until = late.accept_until,
    });
    EXPECT_EQ(d.count<callui::ReportIncoming>(), 0) << "I7";
    d.ended(EndReason::multi_device_answer, EndSource::callee);
    EXPECT_EQ(d.count<callui::ShowMissedCall>(), 0);
}

TEST_P(EngineLate, ABusyDeviceThatWasWrongAboutTheTimeDeclinesAsBusy) {
    Config config = config_for(Platform::android);
    config.allow_waiting = false;
    Driver d{GetParam(), config};
    const Invite invite = d.invite(kOther);
    d.set_clock(Duration{3'600'000});
    d.push(invite);
    d.place(kCall);
    d.verified(kOther);
    EXPECT_EQ(d.count<callui::ReportIncoming>(kOther), 0);
    ASSERT_EQ(d.sent<protocol::Decline>().size(), 1U);
    EXPECT_EQ(d.sent<protocol::Decline>().front().reason, EndReason::busy);
}

TEST_P(EngineLate, TheNoticeGoesWhenTheServersWordComesAfterIt) {
    for (const EndReason reason : {EndReason::multi_device_answer, EndReason::multi_device_decline}) {
        Driver d{GetParam(), Platform::android};
        come_late(d);
        d.pass(Duration{10'000});
        ASSERT_EQ(d.count<callui::ShowMissedCall>(), 1);
        d.connect();
        d.ended(reason, EndSource::callee);
        EXPECT_EQ(d.count<callui::HideMissedCall>(), 1);
        EXPECT_NE(d.engine().adopt(kCall).outcome, Outcome::missed);
        d.push(d.invite());
        EXPECT_EQ(d.count<callui::ShowMissedCall>(), 1);
    }
}

TEST_P(EngineLate, ACancelPushAfterTheNoticeTakesItAway) {
    Driver d{GetParam(), Platform::android};
    come_late(d);
    d.die(Duration{600'000});
    d.pass(Duration{60'000});
    ASSERT_EQ(d.count<callui::ShowMissedCall>(), 1);
    d.push(d.cancel(EndReason::multi_device_answer, EndSource::callee));
    EXPECT_EQ(d.count<callui::HideMissedCall>(), 1);
    d.push(d.cancel(EndReason::multi_device_answer, EndSource::callee));
    EXPECT_EQ(d.count<callui::HideMissedCall>(), 1);
}

TEST_P(EngineLate, WhatRangToTheEndIsAskedFor) {
    Driver d{GetParam(), Platform::android};
    d.ring_ready();
    d.pass(kRingTime);
    ASSERT_EQ(d.count<callui::ShowMissedCall>(), 1);
    EXPECT_TRUE(d.socket_open()) << "another device may still answer";
    d.ended(EndReason::multi_device_answer, EndSource::callee);
    EXPECT_EQ(d.count<callui::HideMissedCall>(), 1);
    EXPECT_EQ(d.engine().adopt(kCall).result, AdoptResult::elsewhere);
    EXPECT_EQ(d.engine().calls().size(), 0U);
}

TEST_P(EngineLate, WhatRangToTheEndWithoutANetworkIsAskedForOnceThereIsOne) {
    Driver d{GetParam(), Platform::android};
    d.ring_on_screen();
    d.feed(SignallingClosed{SignallingFault::unreachable});
    d.pass(kRingTime);
    ASSERT_EQ(d.count<callui::ShowMissedCall>(), 1);
    d.clear();
    d.connect();
    EXPECT_EQ(d.sent<protocol::Verify>().size(), 1U);
    d.ended(EndReason::multi_device_decline, EndSource::callee);
    EXPECT_EQ(d.count<callui::HideMissedCall>(), 1);
}

TEST_P(EngineLate, AMissedCallStaysMissed) {
    for (const EndReason reason : {EndReason::no_answer, EndReason::cancel, EndReason::busy}) {
        Driver d{GetParam(), Platform::android};
        d.ring_ready();
        d.pass(kRingTime);
        d.ended(reason);
        d.pass(Duration{60'000});
        EXPECT_EQ(d.count<callui::ShowMissedCall>(), 1);
        EXPECT_EQ(d.count<callui::HideMissedCall>(), 0);
    }
}

TEST_P(EngineLate, IosReportsTheLatePushAndAsksAllTheSame) {
    Driver d{GetParam()};
    come_late(d);
    EXPECT_TRUE(d.did<callui::ReportIncoming>()) << "I1";
    d.feed(IncomingReported{kCall});
    EXPECT_EQ(d.latest<callui::EndSystemCall>()->reason, SystemEndReason::unanswered);
    d.connect();
    d.ended(EndReason::multi_device_answer, EndSource::callee);
    EXPECT_FALSE(d.end_event().has_value());
    EXPECT_EQ(d.engine().adopt(kCall).result, AdoptResult::elsewhere);
    EXPECT_EQ(d.count<callui::ShowMissedCall>(), 0) << "Recents shows what it shows";
}

}  // namespace
}  // namespace clarion::engine::testing
