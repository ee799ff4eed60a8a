// SPDX-License-Identifier: Apache-2.0
#include "core/routing/support_test.hpp"

namespace clarion::routing::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

INSTANTIATE_TEST_SUITE_P(Modes, Routing, ::testing::Bool(), [](const auto& info) {
    return info.param ? "Restored" : "Kept";
});

MATCHER_P2(Outcomes, caller, callee, "") { return arg.caller == caller && arg.callee == callee; }

AnswerReceived answer(const DeviceId& id) { return {id, sdp("answer of " + id.text())}; }
ReceiptReceived receipt(const DeviceId& id, ReceiptStep step) { return {id, step}; }
EndReceived end(const DeviceId& id, EndReason reason = EndReason::normal) { return {.device = id, .reason = reason}; }

// ---- placing and waking ----

TEST_P(Routing, PlaceWakesEveryDeviceAndTellsTheCaller) {
    const Step step = world_.place(placed({android(kPhone), ios(kTablet, true), desktop(kDesktop)}));
    EXPECT_EQ(step.pushes(kPhone, PushKind::ring), 1U);
    EXPECT_EQ(step.incoming(kTablet), 1U);
    EXPECT_EQ(step.pushes(kTablet, PushKind::ring), 0U);
    EXPECT_EQ(step.incoming(kDesktop), 1U);
    const auto notified = step.told<protocol::Notified>(kCaller);
    ASSERT_THAT(notified, SizeIs(1));
    EXPECT_EQ(notified[0].devices, 3U);
    EXPECT_EQ(notified[0].ring_until, kRingUntil);
    EXPECT_EQ(world_.call().accept_until, kAcceptUntil);
    EXPECT_EQ(next_deadline(world_.call()), kPlacedAt + kConfig.socket_grace);
}

TEST_P(Routing, NobodyToWakeEndsAtOnceAsPushError) {
    for (const auto& devices : {std::vector<CalleeDevice>{}, std::vector{desktop(kDesktop, false)}}) {
        const Step step = world_.place(placed(devices));
        EXPECT_THAT(
            step.told<protocol::Ended>(kCaller),
            ElementsAre(EndedWith(EndReason::push_error, EndSource::cloud_server, true))
        );
        EXPECT_THAT(step.told<protocol::Notified>(kCaller), IsEmpty());
        EXPECT_THAT(step.told<protocol::Ended>(kDesktop), IsEmpty());
        EXPECT_THAT(step.history(), ElementsAre(Outcomes(Outcome::failed, Outcome::missed)));
        EXPECT_EQ(next_deadline(world_.call()), std::nullopt);
    }
}

TEST_P(Routing, CallingYourselfIsAConflict) {
    CallPlaced event = placed({android(kPhone)});
    event.to_user = event.from_user;
    EXPECT_EQ(world_.place(event).error, ErrorCode::id_conflict);
}

TEST_P(Routing, TheSameDeviceTwiceRingsOnce) {
    const Step step = world_.place(placed({android(kPhone), android(kPhone), android(kCaller)}));
    EXPECT_EQ(step.pushes(kPhone, PushKind::ring), 1U);
    EXPECT_EQ(step.pushes(kCaller, PushKind::ring), 0U);
    EXPECT_THAT(world_.call().legs, SizeIs(1));
}

TEST_P(Routing, ADeadSocketDoesNotKeepAPhoneFromRinging) {
    (void)world_.place(placed({android(kPhone, true)}));
    world_.after(kConfig.socket_grace);
    EXPECT_EQ(world_.feed(TimePassed{}).pushes(kPhone, PushKind::ring), 1U);
    EXPECT_EQ(world_.feed(TimePassed{}).pushes(kPhone, PushKind::ring), 0U);
    EXPECT_EQ(next_deadline(world_.call()), kAcceptUntil);
}

TEST_P(Routing, ADeviceThatSpokeOnItsSocketGetsNoPush) {
    (void)world_.place(placed({android(kPhone, true)}));
    (void)world_.feed(receipt(kPhone, ReceiptStep::woke));
    EXPECT_EQ(world_.run_to(kRingUntil).pushes(kPhone, PushKind::ring), 0U);
}

TEST_P(Routing, ADeviceThatVerifiedOnItsSocketGetsNoPush) {
    (void)world_.place(placed({android(kPhone, true)}));
    (void)world_.feed(VerifyAsked{kPhone});
    EXPECT_EQ(world_.run_to(kRingUntil).pushes(kPhone, PushKind::ring), 0U);
}

TEST_P(Routing, ASocketThatClosesBeforeAnyReceiptIsReplacedByAPushAtOnce) {
    (void)world_.place(placed({android(kPhone, true)}));
    EXPECT_EQ(world_.feed(PresenceChanged{kPhone, false}).pushes(kPhone, PushKind::ring), 1U);
    EXPECT_EQ(world_.run_to(kRingUntil).pushes(kPhone, PushKind::ring), 0U);
}

TEST_P(Routing, ADeviceThatRingsNeedsNoPushWhenItsSocketCloses) {
    (void)world_.place(placed({android(kPhone, true)}));
    (void)world_.feed(receipt(kPhone, ReceiptStep::ringing));
    EXPECT_EQ(world_.feed(PresenceChanged{kPhone, false}).spoken(), 0U);
}

TEST_P(Routing, AnAppThatOpensWhileItsPushIsOnItsWayHearsOfTheCall) {
    (void)world_.place(placed({android(kPhone), desktop(kDesktop, false)}));
    EXPECT_EQ(world_.feed(PresenceChanged{kPhone, true}).incoming(kPhone), 1U);
    EXPECT_EQ(world_.feed(PresenceChanged{kPhone, true}).spoken(), 0U);
    EXPECT_EQ(world_.feed(PresenceChanged{kDesktop, true}).incoming(kDesktop), 1U);
    EXPECT_EQ(world_.leg(kDesktop).state, LegState::announced);
}

TEST_P(Routing, ANewSocketThatResumedNothingHearsOfTheCallAgainUntilItSpeaks) {
    (void)world_.place(placed({desktop(kDesktop)}));
    EXPECT_EQ(world_.feed(PresenceChanged{kDesktop, true}).spoken(), 0U);
    EXPECT_EQ(world_.feed(PresenceChanged{kDesktop, true, false, true}).incoming(kDesktop), 1U);
    (void)world_.feed(receipt(kDesktop, ReceiptStep::woke));
    EXPECT_EQ(world_.feed(PresenceChanged{kDesktop, true, false, true}).incoming(kDesktop), 0U);
}

TEST_P(Routing, ADeviceWhosePushFailedIsLostWithItsSocket) {
    (void)world_.place(placed({android(kPhone, true), ios(kTablet)}));
    (void)world_.run_to(kPlacedAt + kConfig.socket_grace);
    (void)world_.feed(PushFinished{kPhone, PushOutcome::failed});
    EXPECT_EQ(world_.leg(kPhone).state, LegState::announced) << "its socket may still carry it";
    EXPECT_THAT(world_.feed(PresenceChanged{kPhone, false}).history(), IsEmpty());
    EXPECT_EQ(world_.leg(kPhone).state, LegState::unreachable);
    EXPECT_THAT(
        world_.feed(PushFinished{kTablet, PushOutcome::failed}).told<protocol::Ended>(kCaller),
        ElementsAre(EndedWith(EndReason::push_error, EndSource::cloud_server, true))
    );
}

TEST_P(Routing, ADeviceThatComesWithItsTicketNeedsNoSecondInvite) {
    (void)world_.place(placed({ios(kPhone)}));
    EXPECT_EQ(world_.feed(PresenceChanged{kPhone, true, true}).incoming(kPhone), 0U);
    EXPECT_EQ(world_.leg(kPhone).state, LegState::woke);
}

TEST_P(Routing, NothingStartsToRingAfterRingUntil) {
    (void)world_.place(placed({android(kPhone, true), desktop(kDesktop, false)}));
    world_.at(kRingUntil);
    EXPECT_EQ(world_.feed(TimePassed{}).pushes(kPhone, PushKind::ring), 0U);
    EXPECT_EQ(world_.feed(PresenceChanged{kPhone, false}).pushes(kPhone, PushKind::ring), 0U);
    EXPECT_EQ(world_.feed(PresenceChanged{kDesktop, true}).incoming(kDesktop), 0U);
}

TEST_P(Routing, AllPushesFailedEndsAsPushError) {
    (void)world_.place(placed({android(kPhone), ios(kTablet)}));
    EXPECT_THAT(world_.feed(PushFinished{kPhone, PushOutcome::failed}).history(), IsEmpty());
    const Step step = world_.feed(PushFinished{kTablet, PushOutcome::failed});
    EXPECT_THAT(
        step.told<protocol::Ended>(kCaller),
        ElementsAre(EndedWith(EndReason::push_error, EndSource::cloud_server, true))
    );
    // A push that its provider called failed and that rang all the same is told that it came too late.
    EXPECT_THAT(
        world_.feed(VerifyAsked{kPhone}).told<protocol::Ended>(kPhone),
        ElementsAre(EndedWith(EndReason::released_call, EndSource::cloud_server, true))
    );
}

TEST_P(Routing, AFailedPushIsNoNewsWhenTheDeviceIsAwake) {
    (void)world_.place(placed({android(kPhone)}));
    (void)world_.feed(receipt(kPhone, ReceiptStep::woke));
    EXPECT_THAT(world_.feed(PushFinished{kPhone, PushOutcome::failed}).history(), IsEmpty());
    EXPECT_EQ(world_.call().phase, Phase::ringing);
}

TEST_P(Routing, OneLiveSocketKeepsACallWhosePushesFailed) {
    (void)world_.place(placed({android(kPhone), desktop(kDesktop)}));
    (void)world_.feed(PushFinished{kPhone, PushOutcome::failed});
    EXPECT_EQ(world_.call().phase, Phase::ringing);
}

// ---- receipts ----

TEST_P(Routing, TheCallerSeesHowManyDevicesRing) {
    (void)world_.place(placed({android(kPhone), ios(kTablet)}));
    const auto ringing = [&](const DeviceId& id) {
        std::vector<std::uint32_t> counts;
        for (const auto& m : world_.feed(receipt(id, ReceiptStep::ringing)).told<protocol::Progress>(kCaller)) {
            counts.push_back(m.ringing);
        }
        return counts;
    };
    EXPECT_THAT(ringing(kPhone), ElementsAre(1U));
    EXPECT_THAT(ringing(kTablet), ElementsAre(2U));
    EXPECT_THAT(ringing(kTablet), IsEmpty());
}

TEST_P(Routing, ALateReceiptNeverTakesALegDown) {
    (void)world_.place(placed({android(kPhone)}));
    (void)world_.feed(receipt(kPhone, ReceiptStep::ringing));
    for (const ReceiptStep late : {ReceiptStep::woke, ReceiptStep::invite_opened, ReceiptStep::not_shown}) {
        (void)world_.feed(receipt(kPhone, late));
        EXPECT_EQ(world_.leg(kPhone).state, LegState::ringing);
    }
    EXPECT_THAT(world_.feed(VerifyAsked{kPhone}).told<protocol::Verified>(kPhone), SizeIs(1));
    EXPECT_EQ(world_.leg(kPhone).state, LegState::ringing);
}

TEST_P(Routing, ADeviceThatRefusedToShowTheCallDoesNotCountAsRinging) {
    (void)world_.place(placed({android(kPhone)}));
    const auto told = world_.feed(receipt(kPhone, ReceiptStep::not_shown)).told<protocol::Progress>(kCaller);
    EXPECT_THAT(told, ElementsAre(protocol::Progress{.call_id = world_.call().call_id, .silenced = 1}));
    EXPECT_EQ(world_.leg(kPhone).state, LegState::not_shown);
}

TEST_P(Routing, MediaIsConnectedOnlyOnceAndOnlyByThoseWhoTalk) {
    (void)world_.place(placed({android(kPhone), ios(kTablet)}));
    EXPECT_FALSE(world_.feed(receipt(kPhone, ReceiptStep::media_connected)).changed);
    (void)world_.feed(answer(kPhone));
    EXPECT_FALSE(world_.feed(receipt(kTablet, ReceiptStep::media_connected)).changed);
    world_.after(Duration{300});
    EXPECT_TRUE(world_.feed(receipt(kCaller, ReceiptStep::media_connected)).changed);
    const auto first = world_.call().connected_at;
    world_.after(Duration{300});
    EXPECT_FALSE(world_.feed(receipt(kPhone, ReceiptStep::media_connected)).changed);
    EXPECT_EQ(world_.call().connected_at, first);
}

// ---- verify ----

TEST_P(Routing, ACalleeDeviceVerifiesAndLearnsEverything) {
    (void)world_.place(placed({ios(kPhone)}));
    world_.after(Duration{700});
    const auto verified = world_.feed(VerifyAsked{kPhone}).told<protocol::Verified>(kPhone);
    ASSERT_THAT(verified, SizeIs(1));
    EXPECT_EQ(verified[0].offer, sdp("v=0\r\noffer"));
    EXPECT_EQ(verified[0].from_user.text(), "alice");
    EXPECT_EQ(verified[0].server_now, world_.now());
    EXPECT_EQ(verified[0].ring_until, kRingUntil);
    EXPECT_EQ(verified[0].accept_until, kAcceptUntil);
}

TEST_P(Routing, TheCallerVerifiesInEveryPhase) {
    (void)world_.place(placed({ios(kPhone)}));
    EXPECT_THAT(world_.feed(VerifyAsked{kCaller}).told<protocol::Notified>(kCaller), SizeIs(1));
    (void)world_.feed(receipt(kPhone, ReceiptStep::ringing));
    EXPECT_THAT(world_.feed(VerifyAsked{kCaller}).told<protocol::Progress>(kCaller), SizeIs(1));
    (void)world_.feed(answer(kPhone));
    const auto answered = world_.feed(VerifyAsked{kCaller}).told<protocol::Answered>(kCaller);
    ASSERT_THAT(answered, SizeIs(1));
    EXPECT_EQ(answered[0].sdp, sdp("answer of phone"));
    EXPECT_THAT(world_.feed(VerifyAsked{kPhone}).told<protocol::AnswerConfirmed>(kPhone), SizeIs(1));
    (void)world_.feed(end(kPhone));
    EXPECT_THAT(
        world_.feed(VerifyAsked{kCaller}).told<protocol::Ended>(kCaller),
        ElementsAre(EndedWith(EndReason::normal, EndSource::callee, true))
    );
    EXPECT_THAT(
        world_.feed(VerifyAsked{kPhone}).told<protocol::Ended>(kPhone),
        ElementsAre(EndedWith(EndReason::normal, EndSource::callee, false))
    );
}

TEST_P(Routing, AStrangerLearnsNothing) {
    (void)world_.place(placed({ios(kPhone)}));
    const std::vector<Event> events{
        VerifyAsked{kStranger},
        answer(kStranger),
        DeclineReceived{kStranger},
        end(kStranger),
        StateReceived{kStranger, {.held = true}},
        CandidateReceived{kStranger, {}},
        receipt(kStranger, ReceiptStep::ringing),
        PresenceChanged{kStranger, true},
        PushFinished{kStranger, PushOutcome::failed},
    };
    for (const Event& event : events) EXPECT_EQ(world_.feed(event).error, ErrorCode::unknown_call);
}

// ---- the deadlines ----

TEST_P(Routing, NoAnswerEndsEverybodyAtAcceptUntil) {
    (void)world_.place(placed({android(kPhone), ios(kTablet)}));
    (void)world_.feed(receipt(kPhone, ReceiptStep::ringing));
    world_.at(WallTime{kAcceptUntil.ms - 1});
    EXPECT_FALSE(world_.feed(TimePassed{}).changed);
    world_.at(kAcceptUntil);
    const Step step = world_.feed(TimePassed{});
    for (const DeviceId& id : {kCaller, kPhone, kTablet}) {
        EXPECT_THAT(
            step.told<protocol::Ended>(id), ElementsAre(EndedWith(EndReason::no_answer, EndSource::caller, true))
        ) << id.text();
    }
    EXPECT_THAT(step.history(), ElementsAre(Outcomes(Outcome::missed, Outcome::missed)));
}

TEST_P(Routing, ATapInTheLastSecondIsHonouredUntilAcceptUntil) {
    (void)world_.place(placed({android(kPhone)}));
    world_.at(WallTime{kAcceptUntil.ms - 1});
    EXPECT_THAT(world_.feed(answer(kPhone)).told<protocol::AnswerConfirmed>(kPhone), SizeIs(1));
}

TEST_P(Routing, ALateTimerDoesNotLetALateAnswerWin) {
    (void)world_.place(placed({android(kPhone)}));
    world_.at(kAcceptUntil);
    const Step step = world_.feed(answer(kPhone));
    EXPECT_THAT(step.told<protocol::AnswerConfirmed>(kPhone), IsEmpty());
    EXPECT_THAT(
        step.told<protocol::Ended>(kPhone), ElementsAre(EndedWith(EndReason::no_answer, EndSource::caller, true))
    );
    EXPECT_EQ(world_.call().phase, Phase::ended);
}

TEST_P(Routing, AnEndThatTimeBroughtIsNotLostBehindAnError) {
    (void)world_.place(placed({android(kPhone)}));
    world_.at(kAcceptUntil);
    const Step step = world_.feed(StateReceived{kPhone, {.held = true}});
    EXPECT_EQ(step.error, std::nullopt);
    EXPECT_THAT(step.history(), SizeIs(1));
}

TEST_P(Routing, AnAnsweredCallThatNobodyEndsIsNoGhost) {
    (void)world_.place(placed({android(kPhone)}));
    (void)world_.feed(answer(kPhone));
    const Step step = world_.run_to(kPlacedAt + kCallTimeMax);
    EXPECT_THAT(
        step.told<protocol::Ended>(kPhone),
        ElementsAre(EndedWith(EndReason::max_call_time_exceeded, EndSource::cloud_server, true))
    );
}

// ---- relaying ----

TEST_P(Routing, CandidatesAndHoldGoOnlyBetweenTheTwoWhoTalk) {
    (void)world_.place(placed({android(kPhone), ios(kTablet)}));
    const CandidateReceived early{kCaller, {.candidate = sdp("c"), .mid = "0"}};
    EXPECT_EQ(world_.feed(early).error, ErrorCode::wrong_state);
    EXPECT_EQ(world_.feed(StateReceived{kPhone, {.held = true}}).error, ErrorCode::wrong_state);
    (void)world_.feed(answer(kPhone));
    const auto candidates = world_.feed(early).told<protocol::Candidate>(kPhone);
    ASSERT_THAT(candidates, SizeIs(1));
    EXPECT_EQ(candidates[0].call_id, world_.call().call_id);
    EXPECT_THAT(world_.feed(CandidateReceived{kPhone, {}}).told<protocol::Candidate>(kCaller), SizeIs(1));
    EXPECT_THAT(world_.feed(StateReceived{kPhone, {.held = true}}).told<protocol::PeerState>(kCaller), SizeIs(1));
    EXPECT_EQ(world_.feed(StateReceived{kTablet, {.held = true}}).error, ErrorCode::wrong_state);
    (void)world_.feed(end(kCaller));
    EXPECT_EQ(world_.feed(early).error, ErrorCode::wrong_state);
}

}  // namespace
}  // namespace clarion::routing::testing
