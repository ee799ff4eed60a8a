// SPDX-License-Identifier: Apache-2.0
#include "core/engine/testing/test_driver.hpp"

/// The process dies, at every point of a call, and another one starts from the journal (I4, I15, defect 37).
namespace clarion::engine::testing {
namespace {

using protocol::Platform;

class EngineRestore : public EngineTest {};
INSTANTIATE_TEST_SUITE_P(Both, EngineRestore, ::testing::Values(Mode::plain, Mode::resumed), name_of_mode);

TEST_P(EngineRestore, Defect37ARingingCallRingsOnAndIsVerifiedAnew) {
    Driver d{GetParam(), Platform::android};
    d.ring_ready();
    d.die(Duration{2'000});
    EXPECT_TRUE(d.did<callui::ReportIncoming>(kCall));
    EXPECT_EQ(d.latest<callui::ReportIncoming>()->ring_for, kRingTime - Duration{2'000});
    EXPECT_TRUE(d.did<callui::StartForegroundService>());
    d.connect();
    d.verified();
    d.prepared();
    d.feed(UserAnswered{kCall, 5});
    d.confirm();
    d.feed(MediaConnected{kCall});
    EXPECT_EQ(d.view()->state, CallState::connected);
}

TEST_P(EngineRestore, ACallThatRangLongEnoughWhileNobodyLivedIsMissed) {
    Driver android{GetParam(), Platform::android};
    android.ring_ready();
    android.die(kRingTime);
    EXPECT_TRUE(android.did<callui::EndSystemCall>());
    EXPECT_EQ(android.count<callui::ShowMissedCall>(), 1);
    android.connect();
    android.ended(EndReason::no_answer);
    EXPECT_EQ(android.count<callui::ShowMissedCall>(), 1);
    EXPECT_FALSE(android.socket_open());

    Driver ios{GetParam()};
    ios.ring_ready();
    ios.die(kRingTime);
    EXPECT_FALSE(ios.did<callui::EndSystemCall>()) << "the system ended it with the process (IOS-CK-15)";
    EXPECT_EQ(ios.end_event()->outcome, Outcome::missed);
}

TEST_P(EngineRestore, AfterABootTheServerIsAskedBeforeItRingsAgain) {
    Driver d{GetParam(), Platform::android};
    d.ring_ready();
    d.set_clock(Duration{-3'600'000});  // Set right while it was off: its own clocks know nothing of the deadline.
    d.die(Duration{20'000}, false);
    EXPECT_FALSE(d.did<callui::ReportIncoming>());
    EXPECT_FALSE(d.did<callui::StartForegroundService>());
    d.connect();
    EXPECT_FALSE(d.did<callui::ReportIncoming>());
    d.verified();
    ASSERT_TRUE(d.did<callui::ReportIncoming>());
    EXPECT_EQ(d.latest<callui::ReportIncoming>()->ring_for, kRingTime - Duration{20'000});
    d.feed(IncomingReported{kCall});
    d.verified();
    EXPECT_FALSE(d.did<callui::ReportIncoming>()) << "once";
    d.pass(kRingTime - Duration{20'000});
    EXPECT_EQ(d.count<callui::ShowMissedCall>(), 1);
}

TEST_P(EngineRestore, AfterABootACallThatIsOverDoesNotRingAgain) {
    Driver d{GetParam(), Platform::android};
    d.ring_ready();
    d.clear();
    d.die(Duration{20'000}, false);
    d.connect();
    d.ended(EndReason::cancel);
    EXPECT_EQ(d.count<callui::ReportIncoming>(), 0);
    EXPECT_EQ(d.count<callui::ShowMissedCall>(), 1);

    Driver offline{GetParam(), Platform::android};
    offline.ring_ready();
    offline.clear();
    offline.die(Duration{20'000}, false);
    offline.pass(kRingTime - Duration{20'000});
    EXPECT_EQ(offline.count<callui::ReportIncoming>(), 0);
    EXPECT_EQ(offline.count<callui::ShowMissedCall>(), 1) << "nobody can be asked: it was missed";
}

TEST_P(EngineRestore, TheServersClockOutlivesTheProcess) {
    Driver d{GetParam(), Platform::android};
    d.ring_ready();
    d.ended(EndReason::cancel);
    d.set_clock(Duration{7'200'000});
    d.die();
    d.ring(kOther);
    EXPECT_EQ(d.latest<callui::ReportIncoming>()->ring_for, kRingTime);
}

TEST_P(EngineRestore, OnIosTheNextProcessAsksTheSystemForTheAnswerAgain) {
    Driver d{GetParam()};
    d.ring_on_screen();
    d.feed(UserAnswered{kCall, 5});
    d.die();
    EXPECT_TRUE(d.did<callui::ReportIncoming>()) << "the system ended it with the process (IOS-CK-15)";
    d.feed(IncomingReported{kCall});
    ASSERT_TRUE(d.did<callui::ChangeSystemCall>());
    EXPECT_EQ(d.latest<callui::ChangeSystemCall>()->change, callui::SystemChange::answer);
    d.feed(IncomingReported{kCall, ReportResult::already_exists});
    EXPECT_FALSE(d.did<callui::ChangeSystemCall>()) << "once";
    d.feed(UserAnswered{kCall, 6});
    d.connect();
    d.verified();
    d.prepared();
    d.confirm();
    d.feed(MediaConnected{kCall});
    EXPECT_EQ(d.latest<callui::FulfilAction>()->action, 6U);
    d.feed(AudioActivated{});
    EXPECT_TRUE(d.view()->live);
}

TEST_P(EngineRestore, TheAnswerThatIsAskedForAgainIsSettledInTime) {
    Driver d{GetParam()};
    d.ring_on_screen();
    d.feed(UserAnswered{kCall, 5});
    d.die();
    d.feed(IncomingReported{kCall});
    d.pass(Duration{1'000});
    d.feed(UserAnswered{kCall, 6});
    d.pass(system_rules(Platform::ios).answer_within);
    EXPECT_EQ(d.latest<callui::FailAction>()->action, 6U);
    EXPECT_FALSE(d.view().has_value());
}

TEST_P(EngineRestore, ARefusalOfTheNextReportKeepsItFromRinging) {
    Driver d{GetParam()};
    d.ring_ready();
    d.die();
    d.feed(IncomingReported{kCall, ReportResult::filtered_by_focus});
    EXPECT_FALSE(d.view()->on_screen);
    d.connect();
    EXPECT_TRUE(d.sent_receipt(protocol::ReceiptStep::not_shown));
    d.pass(kRingTime);
    EXPECT_EQ(d.count<callui::ShowMissedCall>(), 1) << "the system's own list does not show it";
}

TEST_P(EngineRestore, ADeclineOutlivesTheProcess) {
    Driver d{GetParam()};
    d.ring_on_screen();
    d.feed(SignallingClosed{SignallingFault::unreachable});
    d.feed(UserEnded{kCall, 5});
    d.die();
    EXPECT_FALSE(d.did<callui::ReportIncoming>());
    EXPECT_TRUE(d.did<OpenSignalling>());
    d.connect();
    ASSERT_EQ(d.sent<protocol::Decline>().size(), 1U);
    EXPECT_EQ(d.sent<protocol::Decline>()[0].ticket->reveal(), "ticket1");
    d.ack_all();
    EXPECT_TRUE(d.engine().calls().empty());
}

TEST_P(EngineRestore, AnAcceptOutlivesTheProcess) {
    Driver d{GetParam(), Platform::android};
    d.ring_on_screen();
    d.feed(UserAnswered{kCall, 5});
    d.die();
    EXPECT_FALSE(d.did<callui::ReportIncoming>()) << "it does not ring again";
    EXPECT_FALSE(d.latest<callui::StartForegroundService>()->microphone) << "AND-FGS-04: nobody tapped just now";
    d.connect();
    d.verified();
    d.prepared();
    EXPECT_EQ(d.sent<protocol::Answer>().size(), 1U);
    d.confirm();
    d.feed(MediaConnected{kCall});
    EXPECT_EQ(d.view()->state, CallState::connected);
    EXPECT_FALSE(d.latest<callui::StartForegroundService>()->microphone) << "AND-FGS-04: still nobody tapped";
    d.feed(UserAnswered{kCall, 6});
    EXPECT_TRUE(d.latest<callui::StartForegroundService>()->microphone) << "now somebody did";
}

TEST_P(EngineRestore, AnAnswerOnItsWayIsMadeAnewWhenItDidNotArrive) {
    Driver d{GetParam(), Platform::android};
    d.ring_ready();
    d.feed(UserAnswered{kCall, 5});
    ASSERT_EQ(d.sent<protocol::Answer>().size(), 1U);
    d.die();
    d.connect();
    EXPECT_EQ(d.sent<protocol::Answer>().size(), 1U) << "the media of that answer are dead";
    d.verified();
    EXPECT_TRUE(d.did<PrepareAnswer>());
    d.prepared();
    EXPECT_EQ(d.sent<protocol::Answer>().size(), 2U);
}

TEST_P(EngineRestore, AnAnswerThatArrivedBeforeTheDeathEndsTheCall) {
    Driver d{GetParam(), Platform::android};
    d.ring_ready();
    d.feed(UserAnswered{kCall, 5});
    d.die();
    d.connect();
    d.confirm();
    EXPECT_EQ(d.end_event()->reason, EndReason::app_destroy);
    EXPECT_EQ(d.latest<callui::EndSystemCall>()->reason, SystemEndReason::failed);
    ASSERT_EQ(d.sent<protocol::End>().size(), 1U);
    EXPECT_EQ(d.sent<protocol::End>()[0].reason, EndReason::app_destroy);
}

TEST_P(EngineRestore, AConnectedCallEndsWithItsProcessAndTheServerIsTold) {
    Driver d{GetParam(), Platform::android};
    d.talk();
    d.die();
    EXPECT_TRUE(d.did<callui::EndSystemCall>());
    EXPECT_EQ(d.end_event()->reason, EndReason::app_destroy);
    EXPECT_EQ(d.end_event()->outcome, Outcome::answered);
    d.connect();
    ASSERT_EQ(d.sent<protocol::End>().size(), 1U);
    d.ack_all();
    EXPECT_TRUE(d.engine().calls().empty());
    EXPECT_FALSE(d.socket_open());
}

TEST_P(EngineRestore, AnOutgoingCallEndsWithItsProcess) {
    Driver d{GetParam()};
    d.place();
    d.die();
    EXPECT_EQ(d.end_event()->reason, EndReason::app_destroy);
    EXPECT_EQ(d.end_event()->outcome, Outcome::failed);
    d.connect();
    EXPECT_EQ(d.sent<protocol::End>().size(), 1U);
}

TEST_P(EngineRestore, EventsThatNobodyHeardAreHeardByTheNextProcess) {
    Driver d{GetParam(), Platform::android};
    d.ring_ready();
    d.ended(EndReason::cancel);
    d.die();
    d.feed(AppAttached{});
    EXPECT_EQ(Driver::count_in<callui::EmitEvent>(d.last), 3);
    d.feed(EventsAcknowledged{3});
    d.die();
    d.feed(AppAttached{});
    EXPECT_FALSE(d.did<callui::EmitEvent>());
}

TEST_P(EngineRestore, ATombstoneOutlivesTheProcess) {
    Driver d{GetParam(), Platform::android};
    const auto invite = d.invite();
    d.push(invite);
    d.feed(IncomingReported{kCall});
    d.connect();
    d.ended(EndReason::multi_device_answer, EndSource::callee);
    d.die();
    d.push(invite);
    EXPECT_TRUE(d.last.empty());
}

TEST_P(EngineRestore, TheCallsOfAnotherUserAreTakenOffTheScreen) {
    Driver d{GetParam(), Platform::android};
    d.ring_ready();
    Config other = d.config();
    other.user = *UserId::parse("carol");
    d.set_config(other);
    d.die();
    EXPECT_TRUE(d.did<callui::EndSystemCall>(kCall));
    EXPECT_TRUE(d.engine().calls().empty());
    EXPECT_EQ(d.count<callui::ShowMissedCall>(), 0);
}

/// The answer of the dead process may have won: then the server does not take a decline, and the peer would wait.
TEST_P(EngineRestore, ADeclineOfACallThatTheDeadProcessAnsweredEndsIt) {
    Driver d{GetParam(), Platform::android};
    d.ring_ready();
    d.feed(UserAnswered{kCall, 5});
    d.die();
    d.feed(UserEnded{kCall, 6});
    d.connect();
    ASSERT_EQ(d.sent<protocol::Decline>().size(), 1U);
    d.refuse_last<protocol::Decline>(protocol::ErrorCode::wrong_state);
    ASSERT_EQ(d.sent<protocol::End>().size(), 1U);
    d.ack_all();
    EXPECT_TRUE(d.engine().calls().empty());
}

TEST_P(EngineRestore, RequestIdsOfADeadProcessAreNotUsedAgain) {
    Driver d{GetParam(), Platform::android};
    d.ring_ready();
    d.die();
    d.connect();
    auto ids = d.ids_of_sent();
    std::ranges::sort(ids);
    // Receipts that were not acknowledged keep theirs; everything new has a new one.
    EXPECT_GT(ids.back(), 1'000U);
}

TEST_P(EngineRestore, ADamagedSnapshotIsRefused) {
    Driver d{GetParam()};
    d.ring_ready();
    Snapshot snapshot = d.engine().snapshot();
    snapshot.version = 99;
    EXPECT_EQ(Engine::restore(d.config(), snapshot, d.now(), d.wall(), true).error(), RestoreError::unknown_version);
    snapshot = d.engine().snapshot();
    snapshot.ui.records.clear();
    EXPECT_EQ(Engine::restore(d.config(), snapshot, d.now(), d.wall(), true).error(), RestoreError::damaged);
    snapshot = d.engine().snapshot();
    snapshot.calls.front().accept_at = Instant{INT64_MIN};
    EXPECT_EQ(Engine::resume(d.config(), snapshot).error(), RestoreError::damaged);
}

}  // namespace
}  // namespace clarion::engine::testing
