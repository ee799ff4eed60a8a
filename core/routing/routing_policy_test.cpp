// SPDX-License-Identifier: Apache-2.0
#include "core/routing/support_test.hpp"

/// Policies: who is woken, whose word ends the call, and two calls that cross. And what the caller sees of it.
namespace clarion::routing::testing {
namespace {

using protocol::Progress;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

const CallId kOther = *CallId::parse("7c9e6679-7425-40de-944b-e07fc1f90ae7");

class Policy : public Routing {};
INSTANTIATE_TEST_SUITE_P(Modes, Policy, ::testing::Bool(), [](const auto& info) {
    return info.param ? "Restored" : "Kept";
});

MATCHER_P2(History, caller, callee, "") { return arg.caller == caller && arg.callee == callee; }

ReceiptReceived receipt(const DeviceId& id, ReceiptStep step) { return {id, step}; }
DeclineReceived busy(const DeviceId& id) { return {id, EndReason::busy}; }
DeclineReceived decline_here(const DeviceId& id) { return {.device = id, .everywhere = false}; }
CallCrossed crossed(const DeviceId& id) { return {android(id, true), kOther}; }

Decision place_with(const Config& config, Screening screening, std::vector<CalleeDevice> devices) {
    CallPlaced event = placed(std::move(devices));
    event.screening = screening;
    return *place(event, kPlacedAt, config);
}

// ---- the ladder ----

TEST_P(Policy, TheCallerSeesEachDeviceOnceOnItsHighestRung) {
    const auto seen = [](const Step& step) { return step.told<Progress>(kCaller); };
    const Step first = world_.place(placed({android(kPhone), ios(kTablet), desktop(kDesktop, false)}));
    EXPECT_EQ(first.told<protocol::Notified>(kCaller)[0].devices, 2U);
    const CallId id = world_.call().call_id;
    EXPECT_THAT(seen(first), ElementsAre(Progress{id, 2, 0, 0, 0, 0, 1}));
    EXPECT_THAT(seen(world_.feed(receipt(kPhone, ReceiptStep::woke))), ElementsAre(Progress{id, 1, 1, 0, 0, 0, 1}));
    EXPECT_THAT(seen(world_.feed(VerifyAsked{kPhone})), ElementsAre(Progress{id, 1, 0, 1, 0, 0, 1}));
    EXPECT_THAT(seen(world_.feed(receipt(kPhone, ReceiptStep::reported))), IsEmpty()) << "it was higher already";
    EXPECT_THAT(seen(world_.feed(receipt(kPhone, ReceiptStep::ringing))), ElementsAre(Progress{id, 1, 0, 0, 1, 0, 1}));
    EXPECT_THAT(
        seen(world_.feed(receipt(kTablet, ReceiptStep::not_shown))), ElementsAre(Progress{id, 0, 0, 0, 1, 1, 1})
    );
    EXPECT_THAT(seen(world_.feed(busy(kPhone))), ElementsAre(Progress{id, 0, 0, 0, 0, 1, 1})) << "no ringback any more";
    EXPECT_THAT(seen(world_.feed(VerifyAsked{kCaller})), ElementsAre(Progress{id, 0, 0, 0, 0, 1, 1}));
}

TEST_P(Policy, APlainSearchIsWhatNotifiedSays) {
    EXPECT_THAT(world_.place(placed({android(kPhone), ios(kTablet)})).told<Progress>(kCaller), IsEmpty());
    EXPECT_THAT(world_.feed(TimePassed{}).told<Progress>(kCaller), IsEmpty());
}

TEST_P(Policy, AnUnreachableDeviceSaysWhy) {
    (void)world_.place(placed({android(kPhone), ios(kTablet)}));
    (void)world_.feed(PushFinished{kPhone, PushOutcome::failed, "FCM: 404 UNREGISTERED"});
    EXPECT_EQ(world_.leg(kPhone).why, "FCM: 404 UNREGISTERED");
    (void)world_.feed(PresenceChanged{kPhone, true});
    EXPECT_EQ(world_.leg(kPhone).why, "");
}

// ---- what goes along ----

TEST_P(Policy, WhatTheTwoAppsSayAtTheStartReachesTheOtherAndTheAppServersDataNobody) {
    CallPlaced event = placed({android(kPhone)});
    event.start_message = sdp("hello");
    event.extra = sdp("{\"room\":7}");
    event.app_server_data = sdp("for the server");
    event.responder_preparation = true;
    Step all = world_.place(event);
    const Step verified = world_.feed(VerifyAsked{kPhone});
    ASSERT_THAT(verified.told<protocol::Verified>(kPhone), SizeIs(1));
    EXPECT_EQ(verified.told<protocol::Verified>(kPhone)[0].start_message, sdp("hello"));
    EXPECT_EQ(verified.told<protocol::Verified>(kPhone)[0].extra, sdp("{\"room\":7}"));
    EXPECT_TRUE(verified.told<protocol::Verified>(kPhone)[0].responder_preparation);
    const Step answered = world_.feed(AnswerReceived{kPhone, sdp("a"), true, sdp("hi")});
    ASSERT_THAT(answered.told<protocol::Answered>(kCaller), SizeIs(1));
    EXPECT_EQ(answered.told<protocol::Answered>(kCaller)[0].start_message, sdp("hi"));
    EXPECT_TRUE(answered.told<protocol::Answered>(kCaller)[0].responder_preparation);
    EXPECT_TRUE(world_.call().callee.state.preparing);
    for (const Step& step : {all, verified, answered}) {
        EXPECT_EQ(to_line(step.effects).find("for the server"), std::string::npos);
    }
    (void)world_.feed(EndReceived{});
    EXPECT_EQ(world_.call().app_server_data, sdp("for the server")) << "the app server may still read it";
    EXPECT_EQ(world_.call().extra, std::nullopt);
}

TEST_P(Policy, PreparationCountsOnlyWhereTheCallerAllowedIt) {
    (void)world_.place(placed({android(kPhone)}));
    const Step answered = world_.feed(AnswerReceived{kPhone, sdp("a"), true});
    EXPECT_FALSE(answered.told<protocol::Answered>(kCaller)[0].responder_preparation);
    EXPECT_FALSE(world_.call().callee.state.preparing);
}

// ---- one device's word ----

TEST_P(Policy, ADeviceThatDeclinesForItselfLetsTheOthersRing) {
    (void)world_.place(placed({android(kPhone), ios(kTablet)}));
    const Step step = world_.feed(decline_here(kPhone));
    EXPECT_THAT(
        step.told<protocol::Ended>(kPhone), ElementsAre(EndedWith(EndReason::decline, EndSource::callee, false))
    );
    EXPECT_THAT(step.told<protocol::Ended>(kTablet), IsEmpty());
    EXPECT_THAT(step.told<protocol::Ended>(kCaller), IsEmpty());
    EXPECT_EQ(world_.feed(decline_here(kPhone)).changed, false);
    EXPECT_THAT(world_.feed(AnswerReceived{kPhone, sdp("a")}).told<protocol::Ended>(kPhone), SizeIs(1)) << "it is out";
    EXPECT_THAT(world_.feed(AnswerReceived{kTablet, sdp("b")}).told<protocol::Ended>(kPhone), IsEmpty());
    EXPECT_THAT(
        world_.feed(VerifyAsked{kPhone}).told<protocol::Ended>(kPhone),
        ElementsAre(EndedWith(EndReason::decline, EndSource::callee, false))
    ) << "as it was told";
}

TEST_P(Policy, TheLastDevicesWordEndsTheCallAndBusyGoesBeforeDecline) {
    (void)world_.place(placed({android(kPhone), ios(kTablet)}));
    (void)world_.feed(busy(kPhone));
    DeclineReceived last = decline_here(kTablet);
    last.release_code = sdp("later");
    const Step step = world_.feed(last);
    EXPECT_THAT(step.told<protocol::Ended>(kCaller), ElementsAre(EndedWith(EndReason::busy, EndSource::callee, true)));
    EXPECT_THAT(
        step.told<protocol::Ended>(kTablet), ElementsAre(EndedWith(EndReason::decline, EndSource::callee, false))
    );
    EXPECT_THAT(step.told<protocol::Ended>(kPhone), ElementsAre(EndedWith(EndReason::busy, EndSource::callee, false)));
    EXPECT_THAT(step.history(), ElementsAre(History(Outcome::declined, Outcome::missed)));
}

TEST_P(Policy, ABusyDeviceHearsWhatBecameOfTheCallAndNothingBefore) {
    const auto told = [](const Step& step) { return step.told<protocol::Ended>(kPhone); };
    struct Row {
        Event event;
        EndReason reason;
        EndSource source;
    };
    const std::vector<Row> rows{
        {AnswerReceived{kTablet, sdp("b")}, EndReason::multi_device_answer, EndSource::callee},
        {DeclineReceived{kTablet}, EndReason::multi_device_decline, EndSource::callee},
        {EndReceived{.device = kCaller}, EndReason::cancel, EndSource::caller},
        {EndReceived{}, EndReason::cancel, EndSource::app_server},
    };
    for (const Row& row : rows) {
        World world{GetParam()};
        (void)world.place(placed({android(kPhone, true), ios(kTablet)}));
        EXPECT_THAT(told(world.feed(busy(kPhone))), IsEmpty());
        EXPECT_FALSE(world.feed(busy(kPhone)).changed);
        EXPECT_THAT(told(world.feed(busy(kPhone))), IsEmpty()) << "nobody knows yet";
        EXPECT_EQ(world.feed(VerifyAsked{kPhone}).spoken(), 0U);
        EXPECT_EQ(world.feed(AnswerReceived{kPhone, sdp("a")}).error, ErrorCode::wrong_state);
        EXPECT_THAT(told(world.feed(row.event)), ElementsAre(EndedWith(row.reason, row.source, true)));
        EXPECT_EQ(world.leg(kPhone).state, LegState::busy) << "why it did not take the call, for whoever asks later";
        EXPECT_THAT(told(world.feed(VerifyAsked{kPhone})), ElementsAre(EndedWith(row.reason, row.source, true)));
    }
}

TEST_P(Policy, ABusyDeviceThatDeclinedWithoutASocketHearsItByACancelPush) {
    (void)world_.place(placed({android(kPhone), ios(kTablet)}));
    (void)world_.feed(busy(kPhone));
    EXPECT_EQ(world_.feed(AnswerReceived{kTablet, sdp("b")}).pushes(kPhone, PushKind::cancel), 1U);
}

TEST_P(Policy, TheCodeOfTheLastDeclineReachesTheCaller) {
    (void)world_.place(placed({android(kPhone)}));
    DeclineReceived last = decline_here(kPhone);
    last.release_code = sdp("later");
    EXPECT_EQ(world_.feed(last).told<protocol::Ended>(kCaller)[0].release_code, sdp("later"));
}

TEST_P(Policy, ABusyDeviceAndOneThatCannotBeReachedAreABusyUser) {
    (void)world_.place(placed({android(kPhone), ios(kTablet)}));
    (void)world_.feed(busy(kPhone));
    EXPECT_THAT(
        world_.feed(PushFinished{kTablet, PushOutcome::failed}).told<protocol::Ended>(kCaller),
        ElementsAre(EndedWith(EndReason::busy, EndSource::callee, true))
    );
}

TEST_P(Policy, AFailureOfOneDeviceIsNoWordOfItsUser) {
    (void)world_.place(placed({android(kPhone), ios(kTablet)}));
    const Step failed = world_.feed(EndReceived{.device = kPhone, .reason = EndReason::mic_no_source});
    EXPECT_THAT(failed.told<protocol::Ended>(kCaller), IsEmpty());
    EXPECT_EQ(world_.leg(kPhone).state, LegState::failed);
    EXPECT_THAT(world_.feed(AnswerReceived{kTablet, sdp("b")}).told<protocol::AnswerConfirmed>(kTablet), SizeIs(1));

    World alone{GetParam()};
    (void)alone.place(placed({android(kPhone)}));
    EXPECT_THAT(
        alone.feed(EndReceived{.device = kPhone, .reason = EndReason::mic_no_source}).told<protocol::Ended>(kCaller),
        ElementsAre(EndedWith(EndReason::mic_no_source, EndSource::callee, true))
    );
}

TEST_P(Policy, AServiceMaySayThatBusyCountsForAllAndADeclineForNobodyElse) {
    Config config;
    config.busy_ends_all = true;
    config.decline_ends_all = false;
    const auto call = place_with(config, Screening::none, {android(kPhone), ios(kTablet)}).document;
    EXPECT_EQ(decide(call, busy(kPhone), kPlacedAt, config)->document.phase, Phase::ended);
    EXPECT_EQ(decide(call, DeclineReceived{kPhone}, kPlacedAt, config)->document.phase, Phase::ringing);
}

// ---- nobody is woken ----

TEST_P(Policy, WhoIsBlockedHearsWhatCallersOfAnUnattendedPhoneHear) {
    for (const Screening screening : {Screening::blocked, Screening::do_not_disturb}) {
        World blocked{GetParam()};
        CallPlaced event = placed({android(kPhone), ios(kTablet, true), desktop(kDesktop, false)});
        const auto plain = world_.place(event).told<protocol::Notified>(kCaller);
        event.screening = screening;
        const Step step = blocked.place(event);
        EXPECT_EQ(step.told<protocol::Notified>(kCaller)[0].devices, plain[0].devices);
        EXPECT_EQ(step.incoming(kTablet) + step.pushes(kPhone, PushKind::ring), 0U);
        EXPECT_EQ(blocked.feed(VerifyAsked{kTablet}).error, ErrorCode::unknown_call);
        const Step end = blocked.run_to(kAcceptUntil);
        EXPECT_THAT(
            end.told<protocol::Ended>(kCaller), ElementsAre(EndedWith(EndReason::no_answer, EndSource::caller, true))
        );
        const Outcome callee = screening == Screening::blocked ? Outcome::declined : Outcome::missed;
        EXPECT_THAT(end.history(), ElementsAre(History(Outcome::missed, callee)));
    }
}

TEST_P(Policy, ABlockedCallToNobodyWithinReachFailsAsAnyOther) {
    const auto decision = place_with(kConfig, Screening::blocked, {desktop(kDesktop, false)});
    EXPECT_EQ(decision.document.reason, EndReason::push_error);
}

TEST_P(Policy, AServiceMayRefuseAtOnce) {
    Config config;
    config.do_not_disturb = Unwanted::refuse;
    config.blocked_callers = Unwanted::refuse;
    EXPECT_EQ(place_with(config, Screening::do_not_disturb, {android(kPhone)}).document.reason, EndReason::busy);
    EXPECT_EQ(place_with(config, Screening::blocked, {android(kPhone)}).document.reason, EndReason::decline);
}

// ---- calls that cross ----

TEST_P(Policy, ACallTheOtherWayRoundIsMergedAndAnswered) {
    (void)world_.place(placed({android(kPhone), ios(kTablet)}));
    const auto merged = world_.feed(crossed(kPhone)).told<protocol::Merged>(kPhone);
    ASSERT_THAT(merged, SizeIs(1));
    EXPECT_EQ(merged[0].call_id, kOther);
    EXPECT_EQ(merged[0].into, world_.call().call_id);
    EXPECT_EQ(merged[0].peer, world_.call().from_user);
    EXPECT_EQ(world_.call().phase, Phase::ringing) << "its device answers";
    const Step again = world_.feed(crossed(kPhone));
    EXPECT_FALSE(again.changed);
    EXPECT_THAT(again.told<protocol::Merged>(kPhone), SizeIs(1));
    EXPECT_EQ(world_.feed(crossed(kTablet)).error, ErrorCode::id_conflict) << "not its call";
    EXPECT_THAT(world_.feed(AnswerReceived{kPhone, sdp("a")}).told<protocol::Answered>(kCaller), SizeIs(1));
    EXPECT_THAT(world_.feed(crossed(kPhone)).told<protocol::Merged>(kPhone), SizeIs(1)) << "it has the call";
    (void)world_.feed(EndReceived{.device = kCaller});
    const auto ended = world_.feed(crossed(kPhone)).told<protocol::Ended>(kPhone);
    ASSERT_THAT(ended, ElementsAre(EndedWith(EndReason::normal, EndSource::caller, true)));
    EXPECT_EQ(ended[0].call_id, kOther) << "in the words of the call that it placed";
}

TEST_P(Policy, ADeviceThatDidNotRingMayCross) {
    (void)world_.place(placed({android(kPhone)}));
    EXPECT_THAT(world_.feed(crossed(kDesktop)).told<protocol::Merged>(kDesktop), SizeIs(1));
    EXPECT_THAT(world_.feed(VerifyAsked{kDesktop}).told<protocol::Verified>(kDesktop), SizeIs(1));
    const Step answered = world_.feed(AnswerReceived{kDesktop, sdp("d")});
    EXPECT_THAT(answered.told<protocol::AnswerConfirmed>(kDesktop), SizeIs(1));
    EXPECT_THAT(answered.told<protocol::Ended>(kPhone), SizeIs(1));
}

TEST_P(Policy, WhoDeclinedHereAndThenCallsWantsToTalk) {
    (void)world_.place(placed({android(kPhone), ios(kTablet)}));
    (void)world_.feed(decline_here(kPhone));
    EXPECT_THAT(world_.feed(crossed(kPhone)).told<protocol::Merged>(kPhone), SizeIs(1));
    EXPECT_THAT(world_.feed(AnswerReceived{kPhone, sdp("a")}).told<protocol::AnswerConfirmed>(kPhone), SizeIs(1));
}

TEST_P(Policy, WhoCallsSomebodyThatIsBlockedHasNotDeclinedThem) {
    CallPlaced event = placed({android(kPhone)});
    event.screening = Screening::blocked;
    (void)world_.place(event);
    EXPECT_THAT(world_.feed(crossed(kPhone)).told<protocol::Merged>(kPhone), SizeIs(1));
    const Step end = world_.feed(EndReceived{.device = kCaller, .reason = EndReason::cancel});
    EXPECT_THAT(end.history(), ElementsAre(History(Outcome::cancelled, Outcome::missed)));
}

TEST_P(Policy, WhoDeclinedAfterTheMergerIsNotMergedAgainByARepetition) {
    (void)world_.place(placed({android(kPhone), ios(kTablet)}));
    (void)world_.feed(crossed(kPhone));
    (void)world_.feed(decline_here(kPhone));
    const Step again = world_.feed(crossed(kPhone));
    EXPECT_THAT(again.told<protocol::Merged>(kPhone), IsEmpty());
    const auto ended = again.told<protocol::Ended>(kPhone);
    ASSERT_THAT(ended, ElementsAre(EndedWith(EndReason::decline, EndSource::callee, false)));
    EXPECT_EQ(ended[0].call_id, kOther);
}

TEST_P(Policy, WhoCallsBackWhenTheRingingIsOverIsStillMergedInTime) {
    (void)world_.place(placed({android(kPhone), ios(kTablet)}));
    world_.at(kAcceptUntil + Duration{-1});
    EXPECT_THAT(world_.feed(crossed(kPhone)).told<protocol::Merged>(kPhone), SizeIs(1));
    world_.at(kAcceptUntil + Duration{9'000});
    EXPECT_GT(world_.feed(VerifyAsked{kPhone}).told<protocol::Verified>(kPhone).at(0).accept_until, world_.now());
    EXPECT_THAT(world_.feed(AnswerReceived{kPhone, sdp("a")}).told<protocol::AnswerConfirmed>(kPhone), SizeIs(1));
}

TEST_P(Policy, OnlyACallThatRingsIsCrossed) {
    (void)world_.place(placed({android(kPhone)}));
    (void)world_.feed(AnswerReceived{kPhone, sdp("a")});
    EXPECT_EQ(world_.feed(crossed(kTablet)).error, ErrorCode::wrong_state);
    EXPECT_EQ(world_.feed(CallOvertaken{}).error, ErrorCode::wrong_state);
}

TEST_P(Policy, ACrossingThatIsNotMergedEndsOneOfTheTwo) {
    EXPECT_EQ(place_with(kConfig, Screening::crossed, {android(kPhone)}).document.reason, EndReason::busy);
    EXPECT_EQ(
        place_with(kConfig, Screening::overtaken, {android(kPhone)}).document.reason, EndReason::already_got_a_call
    );
    (void)world_.place(placed({android(kPhone)}));
    const Step step = world_.feed(CallOvertaken{});
    for (const DeviceId& id : {kCaller, kPhone}) {
        EXPECT_THAT(
            step.told<protocol::Ended>(id),
            ElementsAre(EndedWith(EndReason::already_got_a_call, EndSource::cloud_server, true))
        );
    }
    EXPECT_THAT(step.history(), ElementsAre(History(Outcome::cancelled, Outcome::declined)));
}

}  // namespace
}  // namespace clarion::routing::testing
