// SPDX-License-Identifier: Apache-2.0
#include "core/engine/testing/test_driver.hpp"

namespace clarion::engine::testing {
namespace {

using callui::EventKind;
using protocol::Platform;
using protocol::ReceiptStep;
using ::testing::ElementsAre;

class EngineIncoming : public EngineTest {};
INSTANTIATE_TEST_SUITE_P(Both, EngineIncoming, ::testing::Values(Mode::plain, Mode::resumed), name_of_mode);

TEST_P(EngineIncoming, APushIsReportedFirstOfAllWithTheSignedName) {
    Driver d{GetParam()};
    d.ring();
    ASSERT_FALSE(d.last.empty());
    const auto* report = std::get_if<callui::ReportIncoming>(&d.last.front());
    ASSERT_NE(report, nullptr);
    EXPECT_EQ(report->name.reveal(), "Alice");
    EXPECT_EQ(report->handle.reveal(), "alice");
    EXPECT_EQ(report->ring_for, kRingTime);
    EXPECT_FALSE(report->placeholder);
    EXPECT_TRUE(d.did<OpenSignalling>());
}

TEST_P(EngineIncoming, ThePushTicketOpensTheConnectionAndTheInviteIsVerified) {
    Driver d{GetParam()};
    d.ring_on_screen();
    d.connect();
    ASSERT_EQ(d.sent<protocol::Hello>().size(), 1U);
    const auto hello = d.sent<protocol::Hello>().front();
    EXPECT_EQ(hello.call_id, kCall);
    EXPECT_EQ(hello.ticket->reveal(), "ticket1");
    EXPECT_FALSE(hello.token.has_value());
    EXPECT_EQ(d.sent<protocol::Verify>().size(), 1U);
    for (const auto step :
         {ReceiptStep::woke, ReceiptStep::invite_opened, ReceiptStep::reported, ReceiptStep::ringing}) {
        EXPECT_TRUE(d.sent_receipt(step));
    }
}

TEST_P(EngineIncoming, TheAnswerIsPreparedWhileItRingsAndWithoutTheMicrophone) {
    Driver d{GetParam()};
    d.ring_on_screen();
    d.connect();
    d.verified();
    EXPECT_TRUE(d.did<PrepareAnswer>());
    d.prepared();
    EXPECT_EQ(d.count<OpenAudio>(), 0);
    EXPECT_TRUE(d.sent<protocol::Answer>().empty());
    EXPECT_EQ(d.view()->state, CallState::verified);
}

TEST_P(EngineIncoming, AcceptAnswersAndIsFulfilledWhenConfirmedAndTheTransportIsUp) {
    Driver d{GetParam()};
    d.ring_ready();
    d.feed(UserAnswered{kCall, 5});
    ASSERT_EQ(d.sent<protocol::Answer>().size(), 1U);
    EXPECT_EQ(d.sent<protocol::Answer>()[0].sdp.reveal(), "v=0 answer");
    EXPECT_EQ(d.count<callui::FulfilAction>(), 0);
    d.confirm();
    EXPECT_EQ(d.count<callui::FulfilAction>(), 0);
    d.feed(MediaConnected{kCall});
    // IOS-AU-09: before any audio, or activation would never come.
    EXPECT_EQ(d.count<callui::FulfilAction>(), 1);
    EXPECT_EQ(d.count<OpenAudio>(), 0);
    d.feed(AudioActivated{});
    EXPECT_TRUE(d.did<OpenAudio>(kCall));
    EXPECT_THAT(d.events(), ElementsAre(EventKind::incoming, EventKind::answered, EventKind::connected));
}

TEST_P(EngineIncoming, MediaThatConnectBeforeTheConfirmationCount) {
    Driver d{GetParam()};
    d.ring_ready();
    d.feed(UserAnswered{kCall, 5});
    d.feed(MediaConnected{kCall});
    EXPECT_EQ(d.count<callui::FulfilAction>(), 0);
    d.confirm();
    EXPECT_EQ(d.count<callui::FulfilAction>(), 1);
    EXPECT_EQ(d.view()->state, CallState::connected);
}

TEST_P(EngineIncoming, HangingUpAfterMediaFlowedIsNoDeclineThoughTheAnswerWasNeverConfirmed) {
    Driver d{GetParam()};
    d.ring_ready();
    d.feed(UserAnswered{kCall, 5});
    d.feed(MediaConnected{kCall});
    d.feed(MediaLost{kCall});
    d.feed(UserEnded{kCall, 6});
    const auto end = d.end_event();
    ASSERT_TRUE(end.has_value());
    EXPECT_EQ(end->reason, EndReason::normal);
    EXPECT_EQ(end->outcome, Outcome::answered);
    ASSERT_EQ(d.sent<protocol::End>().size(), 1U);
    EXPECT_EQ(d.sent<protocol::End>().front().reason, EndReason::normal);
    EXPECT_TRUE(d.sent<protocol::Decline>().empty());
}

TEST_P(EngineIncoming, AnActivationBeforeTheAnswerIsRemembered) {
    Driver d{GetParam()};
    d.ring_ready();
    d.feed(AudioActivated{});
    EXPECT_EQ(d.count<OpenAudio>(), 0);
    d.feed(UserAnswered{kCall, 5});
    EXPECT_EQ(d.count<OpenAudio>(), 0);
    d.confirm();
    EXPECT_TRUE(d.did<OpenAudio>());
}

TEST_P(EngineIncoming, WithoutAnAudioSessionTheMicrophoneOpensWithTheConfirmation) {
    Driver d{GetParam(), Platform::android};
    d.ring_ready();
    d.feed(UserAnswered{kCall, 5});
    EXPECT_EQ(d.count<OpenAudio>(), 0);
    d.confirm();
    EXPECT_TRUE(d.did<OpenAudio>());
}

TEST_P(EngineIncoming, DeclineStopsTheScreenAndReachesTheServer) {
    Driver d{GetParam()};
    d.ring_ready();
    d.feed(UserEnded{kCall, 5});
    EXPECT_TRUE(d.did<callui::FulfilAction>());
    EXPECT_TRUE(d.did<CloseMedia>());
    EXPECT_FALSE(d.did<callui::EndSystemCall>());
    ASSERT_EQ(d.sent<protocol::Decline>().size(), 1U);
    EXPECT_EQ(d.sent<protocol::Decline>()[0].ticket->reveal(), "ticket1");
    EXPECT_TRUE(d.sent_receipt(ReceiptStep::tapped_decline));
    EXPECT_EQ(d.end_event()->outcome, Outcome::declined);
    d.ack_all();
    EXPECT_FALSE(d.socket_open());
    EXPECT_EQ(d.engine().next_deadline().at, kNever);
    EXPECT_EQ(d.count<callui::ShowMissedCall>(), 0);
}

TEST_P(EngineIncoming, DeclineWithoutNetworkIsSentWhenTheNetworkIsThere) {
    Driver d{GetParam()};
    d.ring_on_screen();
    d.feed(SignallingClosed{SignallingFault::unreachable});
    d.feed(UserEnded{kCall, 5});
    EXPECT_TRUE(d.did<callui::FulfilAction>());
    EXPECT_TRUE(d.did<OpenSignalling>()) << "a tap does not wait for the back-off";
    d.feed(SignallingClosed{SignallingFault::unreachable});
    d.pass(Duration{3'000});
    d.connect();
    ASSERT_EQ(d.sent<protocol::Decline>().size(), 1U);
    d.ack_all();
    EXPECT_FALSE(d.view().has_value());
}

TEST_P(EngineIncoming, ADeclineThatNobodyCanHearIsGivenUpWithTheCall) {
    Driver d{GetParam()};
    d.ring_on_screen();
    d.feed(SignallingClosed{SignallingFault::unreachable});
    d.feed(UserEnded{kCall, 5});
    d.feed(SignallingClosed{SignallingFault::unreachable});
    for (int i = 0; i < 40 && d.view(); ++i) {
        d.pass(Duration{5'000});
        if (d.socket_open()) d.feed(SignallingClosed{SignallingFault::unreachable});
    }
    EXPECT_FALSE(d.view().has_value());
    EXPECT_EQ(d.engine().next_deadline().at, kNever);
}

TEST_P(EngineIncoming, AcceptWithoutNetworkIsAppliedWhenTheNetworkIsThere) {
    Driver d{GetParam(), Platform::android};
    d.ring_on_screen();
    d.feed(SignallingClosed{SignallingFault::unreachable});
    d.feed(UserAnswered{kCall, 5});
    d.connect();
    d.verified();
    d.prepared();
    ASSERT_EQ(d.sent<protocol::Answer>().size(), 1U);
    d.confirm();
    d.feed(MediaConnected{kCall});
    EXPECT_EQ(d.count<callui::FulfilAction>(), 1);
}

TEST_P(EngineIncoming, AcceptWithoutNetworkFailsVisiblyInTheEnd) {
    Driver d{GetParam()};
    d.ring_on_screen();
    d.feed(SignallingClosed{SignallingFault::unreachable});
    d.feed(UserAnswered{kCall, 5});
    d.pass(d.config().verify_timeout);
    EXPECT_EQ(d.count<callui::FailAction>(), 1);
    EXPECT_EQ(d.latest<callui::EndSystemCall>()->reason, SystemEndReason::failed);
    EXPECT_EQ(d.end_event()->reason, EndReason::unavailable_network);
    EXPECT_EQ(d.end_event()->outcome, Outcome::failed);
}

TEST_P(EngineIncoming, AnAnswerActionIsSettledBeforeIosGivesUpOnIt) {
    Driver d{GetParam()};
    d.ring_ready();
    d.feed(UserAnswered{kCall, 5});
    d.pass(Duration{5'000});
    d.confirm();
    d.pass(Duration{4'000});  // The media do not come.
    EXPECT_EQ(d.count<callui::FailAction>(), 1);
    EXPECT_EQ(d.sent<protocol::End>().size(), 1U);
}

TEST_P(EngineIncoming, AnAnswerActionThatTheSystemTimedOutEndsTheCall) {
    Driver d{GetParam()};
    d.ring_ready();
    d.feed(UserAnswered{kCall, 5});
    d.feed(ActionTimedOut{kCall, 5});
    EXPECT_EQ(d.count<callui::FailAction>() + d.count<callui::FulfilAction>(), 0);
    EXPECT_EQ(d.latest<callui::EndSystemCall>()->reason, SystemEndReason::failed);
    EXPECT_EQ(d.sent<protocol::End>().size(), 1U);
}

TEST_P(EngineIncoming, RingingEndsByItselfAsMissed) {
    Driver d{GetParam(), Platform::android};
    d.ring_ready();
    d.pass(kRingTime - Duration{1});
    EXPECT_EQ(d.count<callui::EndSystemCall>(), 0);
    d.pass(Duration{1});
    EXPECT_EQ(d.latest<callui::EndSystemCall>()->reason, SystemEndReason::unanswered);
    EXPECT_EQ(d.count<callui::ShowMissedCall>(), 1);
    EXPECT_EQ(d.end_event()->outcome, Outcome::missed);
    EXPECT_TRUE(d.did<CloseMedia>());
    d.ended(EndReason::no_answer);
    EXPECT_FALSE(d.socket_open());
    EXPECT_EQ(d.count<callui::ShowMissedCall>(), 1);
}

TEST_P(EngineIncoming, ATapJustBeforeTheRingEndsIsHonoured) {
    Driver d{GetParam(), Platform::android};
    d.ring_ready();
    d.pass(kRingTime - Duration{1});
    d.feed(UserAnswered{kCall, 5});
    d.pass(Duration{3'000});
    EXPECT_EQ(d.count<callui::EndSystemCall>(), 0);
    d.confirm();
    d.feed(MediaConnected{kCall});
    EXPECT_EQ(d.count<callui::FulfilAction>(), 1);
}

TEST_P(EngineIncoming, ATapIsNotHonouredAfterAcceptUntil) {
    Driver d{GetParam(), Platform::android};
    d.ring_ready();
    d.pass(kRingTime - Duration{1});
    d.feed(UserAnswered{kCall, 5});
    d.pass(kAcceptGrace + Duration{1});
    EXPECT_EQ(d.count<callui::FailAction>(), 1);
    EXPECT_EQ(d.latest<callui::EndSystemCall>()->reason, SystemEndReason::failed);
}

TEST_P(EngineIncoming, TheCallerCancelsAndOneMissedCallStays) {
    Driver d{GetParam(), Platform::android};
    d.ring_ready();
    d.ended(EndReason::cancel);
    EXPECT_EQ(d.latest<callui::EndSystemCall>()->reason, SystemEndReason::remote_ended);
    EXPECT_EQ(d.count<callui::ShowMissedCall>(), 1);
    EXPECT_TRUE(d.end_event()->by_remote);
    EXPECT_EQ(d.end_event()->source, EndSource::caller);
    EXPECT_FALSE(d.socket_open());
}

TEST_P(EngineIncoming, AnsweredElsewhereLeavesNoMissedCall) {
    Driver d{GetParam(), Platform::android};
    d.ring_ready();
    d.ended(EndReason::multi_device_answer, EndSource::callee);
    EXPECT_EQ(d.latest<callui::EndSystemCall>()->reason, SystemEndReason::answered_elsewhere);
    EXPECT_EQ(d.count<callui::ShowMissedCall>(), 0);
}

TEST_P(EngineIncoming, DeclinedElsewhereLeavesNoMissedCall) {
    Driver d{GetParam(), Platform::android};
    d.ring_ready();
    d.ended(EndReason::multi_device_decline, EndSource::callee);
    EXPECT_EQ(d.latest<callui::EndSystemCall>()->reason, SystemEndReason::declined_elsewhere);
    EXPECT_EQ(d.count<callui::ShowMissedCall>(), 0);
}

TEST_P(EngineIncoming, TheSecondDeviceToAnswerIsToldThatItLost) {
    Driver d{GetParam()};
    d.ring_ready();
    d.feed(UserAnswered{kCall, 5});
    d.refuse_last<protocol::Answer>(protocol::ErrorCode::already_answered);
    EXPECT_EQ(d.latest<callui::EndSystemCall>()->reason, SystemEndReason::answered_elsewhere);
    EXPECT_EQ(d.end_event()->source, EndSource::callee) << "as the server's own word says";
    EXPECT_EQ(d.count<callui::FailAction>(), 1);
}

TEST_P(EngineIncoming, HangUpEndsMediaThenTheActionThenTellsTheServer) {
    Driver d{GetParam()};
    d.talk();
    d.feed(UserEnded{kCall, 6});
    const auto at = [&](auto matches) { return std::ranges::find_if(d.last, matches) - d.last.begin(); };
    const auto closed = at([](const Output& o) { return std::holds_alternative<CloseAudio>(o); });
    const auto fulfilled = at([](const Output& o) { return std::holds_alternative<callui::FulfilAction>(o); });
    EXPECT_LT(closed, fulfilled);
    ASSERT_EQ(d.sent<protocol::End>().size(), 1U);
    EXPECT_EQ(d.sent<protocol::End>()[0].reason, EndReason::normal);
    EXPECT_EQ(d.end_event()->outcome, Outcome::answered);
    EXPECT_FALSE(d.end_event()->by_remote);
}

TEST_P(EngineIncoming, AnsweredOnTheAppsOwnScreenWorksWithoutAnAction) {
    Driver d{GetParam(), Platform::desktop};
    d.ring_ready();
    d.feed(UserAnswered{kCall});
    d.confirm();
    d.feed(MediaConnected{kCall});
    EXPECT_EQ(d.count<callui::FulfilAction>(), 0);
    EXPECT_EQ(d.view()->state, CallState::connected);
    d.feed(UserEnded{kCall});
    EXPECT_EQ(d.count<callui::EndSystemCall>(), 1) << "the system does not know about a tap on our own screen";
}

TEST_P(EngineIncoming, CandidatesWaitUntilBothSidesAgreed) {
    Driver d{GetParam()};
    d.ring_on_screen();
    d.connect();
    d.frame(protocol::Candidate{kCall, Redacted<std::string>{"remote early"}, "0", 0});
    EXPECT_EQ(d.count<AddCandidate>(), 0);
    d.verified();
    EXPECT_EQ(d.count<AddCandidate>(), 1);
    d.feed(CandidateFound{kCall, Redacted<std::string>{"local early"}, "0", 0});
    d.prepared();
    d.feed(UserAnswered{kCall, 5});
    EXPECT_TRUE(d.sent<protocol::Candidate>().empty());
    d.confirm();
    ASSERT_EQ(d.sent<protocol::Candidate>().size(), 1U);
    d.feed(CandidateFound{kCall, Redacted<std::string>{"local late"}, "0", 0});
    EXPECT_EQ(d.sent<protocol::Candidate>().size(), 2U);
}

TEST_P(EngineIncoming, ACallThatCannotBePreparedRingsOnAndFailsOnAccept) {
    Driver d{GetParam()};
    d.ring_on_screen();
    d.connect();
    d.verified();
    d.feed(MediaFailed{kCall, "no codec"});
    EXPECT_EQ(d.count<callui::EndSystemCall>(), 0);
    d.feed(UserAnswered{kCall, 5});
    EXPECT_EQ(d.count<callui::FailAction>(), 1);
    EXPECT_EQ(d.latest<callui::EndSystemCall>()->reason, SystemEndReason::failed);
    EXPECT_EQ(d.end_event()->reason, EndReason::internal_error);
}

TEST_P(EngineIncoming, TheServerDoesNotKnowTheCall) {
    Driver d{GetParam(), Platform::android};
    d.ring_on_screen();
    d.connect();
    d.refuse_last<protocol::Verify>(protocol::ErrorCode::unknown_call);
    EXPECT_EQ(d.latest<callui::EndSystemCall>()->reason, SystemEndReason::remote_ended);
    EXPECT_EQ(d.end_event()->reason, EndReason::released_call);
    EXPECT_EQ(d.count<callui::ShowMissedCall>(), 1);
}

TEST_P(EngineIncoming, ARefusedTicketEndsTheCall) {
    Driver d{GetParam(), Platform::android};
    d.ring_on_screen();
    d.feed(SignallingOpened{});
    d.refuse_last<protocol::Hello>(protocol::ErrorCode::not_authorized);
    EXPECT_EQ(d.latest<callui::EndSystemCall>()->reason, SystemEndReason::failed);
    EXPECT_EQ(d.end_event()->reason, EndReason::auth_error);
    EXPECT_FALSE(d.socket_open());
}

TEST_P(EngineIncoming, OnlineItRingsOverTheConnectionWithoutAReportDuty) {
    Driver d{GetParam()};
    d.feed(OnlineRequested{true});
    d.connect();
    EXPECT_EQ(d.sent<protocol::Hello>()[0].token->reveal(), "token");
    d.push(d.invite(), false);
    EXPECT_TRUE(d.did<callui::ReportIncoming>());
    ASSERT_EQ(d.sent<protocol::Verify>().size(), 1U);
    EXPECT_EQ(d.sent<protocol::Verify>()[0].ticket->reveal(), "ticket1");
    d.ended(EndReason::cancel);
    EXPECT_TRUE(d.socket_open()) << "online stays online";
    d.feed(OnlineRequested{false});
    EXPECT_TRUE(d.did<CloseSignalling>());
}

TEST_P(EngineIncoming, ASlowDeviceClockNeitherShortensNorLengthensTheRing) {
    Driver d{GetParam(), Platform::android};
    d.server_ahead = Duration{3'600'000};  // The device is an hour behind.
    d.ring();
    EXPECT_EQ(d.latest<callui::ReportIncoming>()->ring_for, kRingTime);
}

TEST_P(EngineIncoming, AFastDeviceClockIsLearnedFromTheServer) {
    Driver d{GetParam(), Platform::android};
    d.server_ahead = Duration{-3'600'000};  // The device is an hour ahead.
    d.feed(OnlineRequested{true});
    d.connect();
    d.feed(OnlineRequested{false});
    d.ring();
    EXPECT_EQ(d.latest<callui::ReportIncoming>()->ring_for, kRingTime);
}

TEST_P(EngineIncoming, TheCalleeHoldsAndTheCallerHolds) {
    Driver d{GetParam()};
    d.talk();
    d.feed(UserHeld{kCall, true, 6});
    EXPECT_TRUE(d.did<SetHeld>());
    const auto at = [&]<class T>(std::type_identity<T>) {
        return std::ranges::find_if(d.last, [](const Output& o) { return std::holds_alternative<T>(o); }) -
               d.last.begin();
    };
    // IOS-AU-04: audio stops before the system hears that the hold is done.
    EXPECT_LT(at(std::type_identity<CloseAudio>{}), at(std::type_identity<callui::FulfilAction>{}));
    EXPECT_TRUE(d.sent<protocol::MyState>()[0].state.held);
    d.feed(UserHeld{kCall, false, 7});
    EXPECT_TRUE(d.did<OpenAudio>()) << "activation is remembered across hold";
    d.frame(protocol::PeerState{kCall, {.held = true}});
    EXPECT_EQ(d.events().back(), EventKind::peer_held);
    EXPECT_TRUE(d.view()->peer_held);
}

TEST_P(EngineIncoming, MuteIsMirroredToTheMediaAndFulfilled) {
    Driver d{GetParam()};
    d.talk();
    d.feed(UserMuted{kCall, true, 6});
    EXPECT_TRUE(d.did<SetMuted>());
    EXPECT_TRUE(d.did<callui::FulfilAction>());
    d.feed(UserMuted{kCall, true, 7});
    EXPECT_FALSE(d.did<SetMuted>());
    EXPECT_TRUE(d.did<callui::FulfilAction>());
}

TEST_P(EngineIncoming, LostMediaHaveTimeToComeBack) {
    Driver d{GetParam()};
    d.talk();
    d.feed(MediaLost{kCall});
    d.pass(Duration{5'000});
    d.feed(MediaConnected{kCall});
    d.pass(Duration{60'000});
    EXPECT_EQ(d.view()->state, CallState::connected);
    d.feed(MediaLost{kCall});
    d.pass(d.config().reconnect_timeout);
    EXPECT_EQ(d.end_event()->reason, EndReason::unavailable_network);
    EXPECT_EQ(d.latest<callui::EndSystemCall>()->reason, SystemEndReason::failed);
    EXPECT_EQ(d.sent<protocol::End>().size(), 1U);
}

TEST_P(EngineIncoming, AConnectedCallSurvivesTheLossOfItsSignalling) {
    Driver d{GetParam()};
    d.talk();
    d.disconnect();
    d.pass(Duration{30'000});
    EXPECT_EQ(d.view()->state, CallState::connected);
    d.connect(false);
    EXPECT_EQ(d.sent<protocol::Verify>().size(), 2U) << "not resumed: ask for the truth";
    d.confirm();
    EXPECT_EQ(d.view()->state, CallState::connected);
}

// ---- clocks ----

TEST_P(EngineIncoming, AClockThatIsSetDoesNotMoveTheServersDeadlines) {
    for (const std::int64_t by : {7'200'000, -7'200'000, 50'000, -50'000}) {
        Driver d{GetParam(), protocol::Platform::android};
        d.ring_ready();  // From here on it knows the server's clock.
        const Invite late = d.invite(kOther);
        d.set_clock(Duration{by});
        d.pass(Duration{20'000});
        d.push(late);
        EXPECT_EQ(d.latest<callui::ReportIncoming>()->ring_for, kRingTime - Duration{20'000}) << by;
        d.pass(kRingTime - Duration{20'000});
        for (const CallView& call : d.engine().calls()) EXPECT_EQ(call.phase, Phase::ended) << by;
        EXPECT_EQ(d.count<callui::ShowMissedCall>(), 2) << by;
    }
}

TEST_P(EngineIncoming, AnOldWordThatComesAgainDoesNotTurnTheClockBack) {
    Driver d{GetParam(), protocol::Platform::android};
    d.ring_ready();
    const protocol::Verified old{
        .call_id = kCall,
        .from_user = kAlice,
        .from_name = Redacted<std::string>{"Alice"},
        .offer = Redacted<std::string>{"v=0 offer"},
        .server_now = d.server_now(),
        .ring_until = d.server_now() + kRingTime,
        .accept_until = d.server_now() + kRingTime + kAcceptGrace,
    };
    d.pass(Duration{20'000});
    d.disconnect();
    d.pass(Duration{500});
    d.connect(true);
    d.frame(old);
    d.pass(kRingTime - Duration{20'500});
    EXPECT_EQ(d.count<callui::ShowMissedCall>(), 1);
}

TEST_P(EngineIncoming, TheFirstWordOfTheServerCorrectsWhatRings) {
    Driver d{GetParam(), protocol::Platform::android};
    d.server_ahead = Duration{30'000};  // The device's clock is slow, and nobody told it.
    const Invite invite = d.invite();
    d.pass(Duration{20'000});
    d.push(invite);
    EXPECT_EQ(d.latest<callui::ReportIncoming>()->ring_for, kRingTime) << "as far as it can know";
    d.connect();
    d.pass(kRingTime - Duration{20'000});
    EXPECT_EQ(d.count<callui::ShowMissedCall>(), 1);
}

}  // namespace
}  // namespace clarion::engine::testing
