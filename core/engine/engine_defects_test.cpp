// SPDX-License-Identifier: Apache-2.0
#include "core/engine/testing/test_driver.hpp"

/// One test a row of the defect list (docs/defects.md), as far as the row concerns a client.
namespace clarion::engine::testing {
namespace {

using callui::EventKind;
using protocol::Platform;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class EngineDefects : public EngineTest {};
INSTANTIATE_TEST_SUITE_P(Both, EngineDefects, ::testing::Values(Mode::plain, Mode::resumed), name_of_mode);

TEST_P(EngineDefects, Defect01TheCallIdOfThePushIsTheIdOnTheScreenFromReportToEnd) {
    Driver d{GetParam()};
    d.talk();
    d.ended(EndReason::normal, EndSource::caller);
    EXPECT_EQ(d.latest<callui::ReportIncoming>()->call_id, kCall);
    EXPECT_EQ(d.latest<callui::FulfilAction>()->call_id, kCall);
    EXPECT_EQ(d.latest<callui::EndSystemCall>()->call_id, kCall);
}

TEST_P(EngineDefects, Defect02AnUnreadablePushIsReportedAndEndedUnderOneId) {
    Driver d{GetParam()};
    d.feed(PushReceived{.fault = PushFault::malformed, .wall_now = d.wall()});
    ASSERT_TRUE(d.did<callui::ReportIncoming>());
    const auto report = *d.latest<callui::ReportIncoming>();
    EXPECT_TRUE(report.placeholder);
    EXPECT_TRUE(report.name.reveal().empty());
    d.feed(IncomingReported{report.call_id});
    EXPECT_EQ(d.latest<callui::EndSystemCall>()->call_id, report.call_id);
    EXPECT_EQ(d.latest<callui::EndSystemCall>()->reason, SystemEndReason::failed);
    EXPECT_THAT(d.events(), IsEmpty());
    EXPECT_FALSE(d.socket_open());
}

TEST_P(EngineDefects, Defect03ACallThatDiesBeforeVerificationIsEndedOnScreen) {
    for (const auto reason : {EndReason::cancel, EndReason::multi_device_answer, EndReason::auth_error}) {
        Driver d{GetParam()};
        d.ring_on_screen();
        d.connect();
        d.ended(reason);
        EXPECT_EQ(d.count<callui::EndSystemCall>(kCall), 1);
    }
    Driver offline{GetParam()};
    offline.ring_on_screen();
    offline.feed(SignallingClosed{SignallingFault::unreachable});
    offline.pass(kRingTime);
    EXPECT_EQ(offline.count<callui::EndSystemCall>(kCall), 1);
}

TEST_P(EngineDefects, Defect06AcceptBeforeVerificationIsKeptAndApplied) {
    Driver d{GetParam()};
    d.ring();
    d.feed(UserAnswered{kCall, 5});
    EXPECT_EQ(d.count<callui::FulfilAction>() + d.count<callui::FailAction>(), 0);
    EXPECT_EQ(d.view()->intent, Intent::accepted);
    d.connect();
    d.verified();
    d.prepared();
    EXPECT_EQ(d.sent<protocol::Answer>().size(), 1U);
}

TEST_P(EngineDefects, Defect06DeclineBeforeVerificationReachesTheServer) {
    Driver d{GetParam()};
    d.ring();
    d.feed(UserEnded{kCall, 5});
    d.connect();
    EXPECT_EQ(d.sent<protocol::Decline>().size(), 1U);
    EXPECT_THAT(d.sent<protocol::Verify>(), IsEmpty());
}

TEST_P(EngineDefects, Defect07TheAnswerActionIsFulfilledOnConnectAndFailedOnError) {
    Driver good{GetParam()};
    good.ring_ready();
    good.feed(UserAnswered{kCall, 5});
    good.confirm();
    EXPECT_EQ(good.count<callui::FulfilAction>(), 0);
    good.feed(MediaConnected{kCall});
    EXPECT_EQ(good.latest<callui::FulfilAction>()->action, 5U);

    Driver bad{GetParam()};
    bad.ring_ready();
    bad.feed(UserAnswered{kCall, 5});
    bad.confirm();
    bad.feed(MediaFailed{kCall, "dtls"});
    EXPECT_EQ(bad.latest<callui::FailAction>()->action, 5U);
    EXPECT_EQ(bad.latest<callui::EndSystemCall>()->reason, SystemEndReason::failed);
}

TEST_P(EngineDefects, Defect08EveryActionGoesToTheCallThatItNames) {
    Driver d{GetParam()};
    d.talk(kCall, 5);
    d.ring_on_screen(kOther);
    d.feed(UserEnded{kOther, 6});
    EXPECT_EQ(d.view(kCall)->state, CallState::connected);
    EXPECT_EQ(d.end_event(kOther)->outcome, Outcome::declined);
    d.feed(UserMuted{kCall, true, 7});
    EXPECT_TRUE(d.view(kCall)->muted);
    d.feed(UserHeld{kCall, true, 8});
    EXPECT_TRUE(d.view(kCall)->held);
}

TEST_P(EngineDefects, Defect09AfterManyCallsATapRunsOnce) {
    Driver d{GetParam()};
    for (int n = 1; n <= 5; ++n) {
        d.ring_on_screen(call_id(n));
        if (n == 1) d.connect();
        d.ended(EndReason::cancel, EndSource::caller, call_id(n));
        if (n < 5) {
            d.ring_on_screen(call_id(100 + n));
            d.connect();
            d.ended(EndReason::cancel, EndSource::caller, call_id(100 + n));
        }
    }
    d.clear();
    d.ring_ready(call_id(50));
    d.feed(UserEnded{call_id(50), 77});
    EXPECT_EQ(d.count<callui::FulfilAction>(), 1);
    EXPECT_EQ(d.sent<protocol::Decline>().size(), 1U);
}

TEST_P(EngineDefects, Defect11ActivationIsRememberedWhicheverComesFirst) {
    Driver d{GetParam()};
    d.feed(AudioActivated{});
    d.ring_ready();
    d.feed(UserAnswered{kCall, 5});
    d.confirm();
    EXPECT_EQ(d.count<OpenAudio>(kCall), 1);
    d.feed(AudioDeactivated{});
    EXPECT_TRUE(d.did<CloseAudio>());
    d.feed(AudioActivated{});
    EXPECT_EQ(d.count<OpenAudio>(kCall), 2);
}

TEST_P(EngineDefects, Defect12AfterAResetNoCallIsLeft) {
    Driver d{GetParam()};
    d.talk(kCall, 5);
    d.ring_on_screen(kOther);
    d.connect();  // With the token: a ticket is good for one call only.
    d.feed(ProviderReset{});
    EXPECT_TRUE(d.did<CloseAudio>());
    EXPECT_EQ(d.count<callui::EndSystemCall>(), 0) << "the system did that";
    EXPECT_TRUE(d.end_event(kCall).has_value());
    EXPECT_TRUE(d.end_event(kOther).has_value());
    EXPECT_EQ(d.sent<protocol::End>().size(), 1U) << "the ringing one goes on elsewhere";
    d.ack_all();
    EXPECT_TRUE(d.engine().calls().empty());
}

TEST_P(EngineDefects, Defect13ACallThatTheSystemRefusesDoesNotRingAndIsMissed) {
    Driver d{GetParam()};
    d.ring();
    d.feed(IncomingReported{kCall, ReportResult::filtered_by_focus});
    d.connect();
    EXPECT_TRUE(d.sent_receipt(protocol::ReceiptStep::not_shown));
    EXPECT_FALSE(d.sent_receipt(protocol::ReceiptStep::ringing));
    EXPECT_EQ(d.count<callui::ShowMissedCall>(), 0) << "it may still be answered elsewhere";
    d.ended(EndReason::no_answer);
    EXPECT_EQ(d.count<callui::ShowMissedCall>(), 1) << "the system's list does not know it";
    EXPECT_EQ(d.count<callui::EndSystemCall>(), 0);
}

TEST_P(EngineDefects, Defect13ACallThatTheSystemRefusesAndAnotherDeviceAnsweredIsNotMissed) {
    Driver d{GetParam()};
    d.ring();
    d.feed(IncomingReported{kCall, ReportResult::filtered_by_focus});
    d.connect();
    d.ended(EndReason::multi_device_answer, EndSource::callee);
    EXPECT_EQ(d.count<callui::ShowMissedCall>(), 0);
}

TEST_P(EngineDefects, Defect13ABlockedCallerLeavesNoNotice) {
    Driver d{GetParam(), Platform::android};
    d.ring();
    d.feed(IncomingReported{kCall, ReportResult::filtered_by_block_list});
    d.pass(kRingTime);
    EXPECT_EQ(d.count<callui::ShowMissedCall>(), 0);
    EXPECT_EQ(d.end_event()->outcome, Outcome::missed);
}

TEST_P(EngineDefects, Defect15EveryReasonReachesTheScreenByNumber) {
    for (const ReasonRow& row : reason_table()) {
        Driver d{GetParam()};
        d.ring_ready();
        d.ended(row.reason);
        EXPECT_EQ(d.latest<callui::EndSystemCall>()->reason, row.system) << row.word;
        EXPECT_EQ(d.end_event()->reason, row.reason);
    }
}

TEST_P(EngineDefects, Defect16AnEndThatTheUserAskedForIsNotReportedBack) {
    Driver d{GetParam()};
    d.talk();
    d.feed(UserEnded{kCall, 6});
    d.ack_all();
    d.ended(EndReason::normal, EndSource::callee);
    EXPECT_EQ(d.count<callui::EndSystemCall>(), 0);
    EXPECT_EQ(d.count<callui::FulfilAction>(), 2);
}

TEST_P(EngineDefects, Defect20APushForSomebodyElseIsReportedWithoutANameAndEnded) {
    Driver d{GetParam()};
    auto invite = d.invite();
    invite.device = *DeviceId::parse("tablet");
    d.push(invite);
    EXPECT_TRUE(d.latest<callui::ReportIncoming>()->name.reveal().empty());
    d.feed(IncomingReported{kCall});
    EXPECT_EQ(d.count<callui::EndSystemCall>(), 1);
}

TEST_P(EngineDefects, Defect33TheServiceStopsWithTheLastCall) {
    Driver d{GetParam(), Platform::android};
    d.ring_on_screen();
    EXPECT_EQ(d.count<callui::StartForegroundService>(), 1);
    EXPECT_FALSE(d.latest<callui::StartForegroundService>()->microphone);
    d.connect();
    d.verified();
    d.prepared();
    d.feed(UserAnswered{kCall, 5});
    EXPECT_TRUE(d.latest<callui::StartForegroundService>()->microphone);
    d.confirm();
    d.feed(MediaConnected{kCall});
    d.feed(AppAttached{});
    d.feed(UserEnded{kCall, 6});
    EXPECT_TRUE(d.did<callui::StopForegroundService>());
}

TEST_P(EngineDefects, Defect34TheEndOfOneCallLeavesTheServiceOfTheOther) {
    Driver d{GetParam(), Platform::android};
    d.talk(kCall, 5);
    d.ring_on_screen(kOther);
    d.connect();  // With the token: a ticket is good for one call only.
    d.ended(EndReason::cancel, EndSource::caller, kOther);
    EXPECT_EQ(d.count<callui::StopForegroundService>(), 0);
    d.feed(UserEnded{kCall, 6});
    EXPECT_EQ(d.count<callui::StopForegroundService>(), 1);
}

TEST_P(EngineDefects, Defect36AnAppThatOpensWhileItRingsSeesTheCall) {
    Driver d{GetParam()};
    d.ring_on_screen();
    d.feed(AppAttached{});
    EXPECT_EQ(d.count<callui::EmitEvent>(), 1);
    EXPECT_EQ(d.latest<callui::EmitEvent>()->event->kind, EventKind::incoming);
    d.feed(EventsAcknowledged{1});
    d.feed(AppAttached{});
    EXPECT_FALSE(d.did<callui::EmitEvent>()) << "heard is heard";
    ASSERT_EQ(d.engine().calls().size(), 1U) << "and what lives can be asked for";
    EXPECT_TRUE(d.engine().calls()[0].on_screen);
}

TEST_P(EngineDefects, Defect38ACallThatCannotBeTakenHereIsTold) {
    Driver d{GetParam(), Platform::android};
    d.ring();
    d.feed(IncomingReported{kCall, ReportResult::not_allowed});
    d.connect();
    EXPECT_TRUE(d.sent_receipt(protocol::ReceiptStep::not_shown));
    d.pass(kRingTime);
    EXPECT_EQ(d.count<callui::ShowMissedCall>(), 1);
}

TEST_P(EngineDefects, Defect46ALatePushDoesNotRing) {
    Driver android{GetParam(), Platform::android};
    const auto late = android.invite();
    android.move_to(android.now() + kRingTime);
    android.push(late);
    android.push(late);
    EXPECT_EQ(android.count<callui::ReportIncoming>(), 0);
    android.connect();
    android.ended(EndReason::no_answer);
    android.push(late);
    EXPECT_EQ(android.count<callui::ReportIncoming>(), 0);
    EXPECT_EQ(android.count<callui::ShowMissedCall>(), 1);
    EXPECT_FALSE(android.socket_open());

    Driver ios{GetParam()};
    const auto old = ios.invite();
    ios.move_to(ios.now() + kRingTime);
    ios.push(old);
    ios.feed(IncomingReported{kCall});
    EXPECT_EQ(ios.latest<callui::EndSystemCall>()->reason, SystemEndReason::unanswered);
    EXPECT_EQ(ios.count<callui::ShowMissedCall>(), 0) << "Recents shows it";
    ios.push(old, false);
    EXPECT_TRUE(ios.last.empty());
}

TEST_P(EngineDefects, Defect47TheSamePushTwiceIsOneCall) {
    Driver android{GetParam(), Platform::android};
    android.ring_on_screen();
    android.ring();
    EXPECT_TRUE(android.last.empty());

    Driver ios{GetParam()};
    ios.ring_on_screen();
    ios.ring();
    EXPECT_EQ(ios.last.size(), 1U);
    EXPECT_TRUE(ios.did<callui::ReportIncoming>()) << "iOS wants every push reported, under the same id";
    ios.feed(IncomingReported{kCall, ReportResult::already_exists});
    EXPECT_TRUE(ios.last.empty());
    EXPECT_EQ(ios.engine().calls().size(), 1U);
}

TEST_P(EngineDefects, Defect48ACancelPushEndsTheRingWithoutANetwork) {
    Driver d{GetParam(), Platform::android};
    d.ring_on_screen();
    d.feed(SignallingClosed{SignallingFault::unreachable});
    d.push(d.cancel(EndReason::cancel));
    EXPECT_EQ(d.count<callui::EndSystemCall>(), 1);
    EXPECT_EQ(d.count<callui::ShowMissedCall>(), 1);
    EXPECT_TRUE(d.did<callui::StopForegroundService>());
    d.connect();
    d.ended(EndReason::cancel);
    d.push(d.cancel(EndReason::cancel));
    EXPECT_EQ(d.count<callui::ShowMissedCall>(), 1);
    EXPECT_EQ(d.count<callui::EndSystemCall>(), 1);
}

TEST_P(EngineDefects, Defect48ACancelPushSaysThatAnotherDeviceAnsweredOrDeclined) {
    for (const EndReason reason : {EndReason::multi_device_answer, EndReason::multi_device_decline}) {
        Driver d{GetParam(), Platform::android};
        d.ring_on_screen();
        d.push(d.cancel(reason, EndSource::callee));
        EXPECT_EQ(d.count<callui::ShowMissedCall>(), 0);
        EXPECT_EQ(d.latest<callui::EndSystemCall>()->reason, system_end_reason(reason, true));
        EXPECT_EQ(d.end_event()->reason, reason);
        EXPECT_EQ(d.end_event()->source, EndSource::callee);
    }
}

TEST_P(EngineDefects, Defect48ACancelPushAfterADeclineSettlesIt) {
    Driver d{GetParam(), Platform::android};
    d.ring_on_screen();
    d.feed(SignallingClosed{SignallingFault::unreachable});
    d.feed(callui::UserEnded{kCall});
    d.push(d.cancel(EndReason::cancel));
    EXPECT_TRUE(d.engine().calls().empty());
    EXPECT_EQ(d.count<callui::ShowMissedCall>(), 0);
}

TEST_P(EngineDefects, Defect48ACancelThatOvertakesItsPushWins) {
    Driver d{GetParam(), Platform::android};
    d.push(d.cancel(EndReason::cancel));
    EXPECT_EQ(d.count<callui::ShowMissedCall>(), 1);
    d.ring();
    d.connect();
    d.ended(EndReason::cancel);
    d.ring();
    EXPECT_EQ(d.count<callui::ReportIncoming>(), 0);
    EXPECT_EQ(d.count<callui::ShowMissedCall>(), 1);

    Driver elsewhere{GetParam(), Platform::android};
    elsewhere.push(elsewhere.cancel(EndReason::multi_device_answer, EndSource::callee));
    elsewhere.ring();
    EXPECT_EQ(elsewhere.count<callui::ReportIncoming>(), 0);
    EXPECT_EQ(elsewhere.count<callui::ShowMissedCall>(), 0);
}

TEST_P(EngineDefects, Defect48AnEndOverTheConnectionThatOvertakesThePushWins) {
    Driver d{GetParam()};
    d.feed(OnlineRequested{true});
    d.connect();
    d.ended(EndReason::multi_device_answer, EndSource::callee);
    d.ring_on_screen();
    EXPECT_EQ(d.latest<callui::EndSystemCall>()->reason, SystemEndReason::answered_elsewhere);
    EXPECT_TRUE(d.engine().calls().empty());

    Driver android{GetParam(), Platform::android};
    android.feed(OnlineRequested{true});
    android.connect();
    android.ended(EndReason::cancel);
    android.ring();
    android.ring();
    EXPECT_EQ(android.count<callui::ReportIncoming>(), 0);
    EXPECT_EQ(android.count<callui::ShowMissedCall>(), 1) << "now it is known who called";
}

TEST_P(EngineDefects, Defect49TheRingTimerIsTheServersDeadline) {
    Driver d{GetParam()};
    d.ring_on_screen();
    d.pass(Duration{10'000});
    d.connect();
    d.frame(protocol::Verified{
        .call_id = kCall,
        .from_user = kAlice,
        .from_name = Redacted<std::string>{"Alice"},
        .offer = Redacted<std::string>{"v=0 offer"},
        .server_now = d.server_now(),
        .ring_until = d.server_now() + Duration{7'000},
        .accept_until = d.server_now() + Duration{12'000},
    });
    d.disconnect();
    d.pass(Duration{7'000});
    EXPECT_EQ(d.latest<callui::EndSystemCall>()->reason, SystemEndReason::unanswered);
}

TEST_P(EngineDefects, Defect50APushForAnotherUserDoesNotRing) {
    Driver d{GetParam(), Platform::android};
    auto invite = d.invite();
    invite.to_user = *UserId::parse("carol");
    d.push(invite);
    EXPECT_TRUE(d.last.empty());
}

TEST_P(EngineDefects, Defect52TheNameIsTheServersAndCorrectedByIt) {
    Driver d{GetParam()};
    d.ring_on_screen();
    d.connect();
    d.frame(protocol::Verified{
        .call_id = kCall,
        .from_user = kAlice,
        .from_name = Redacted<std::string>{"Alice B."},
        .offer = Redacted<std::string>{"v=0 offer"},
        .server_now = d.server_now(),
        .ring_until = d.server_now() + kRingTime,
        .accept_until = d.server_now() + kRingTime,
    });
    ASSERT_TRUE(d.did<callui::UpdateSystemCall>());
    EXPECT_EQ(d.latest<callui::UpdateSystemCall>()->name.reveal(), "Alice B.");
}

}  // namespace
}  // namespace clarion::engine::testing
