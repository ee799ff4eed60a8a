// SPDX-License-Identifier: Apache-2.0
#include "core/routing/support_test.hpp"

/// How calls end: what each side sees, and that each hears it once.
namespace clarion::routing::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class Outcomes : public Routing {};
INSTANTIATE_TEST_SUITE_P(Modes, Outcomes, ::testing::Bool(), [](const auto& info) {
    return info.param ? "Restored" : "Kept";
});

MATCHER_P2(History, caller, callee, "") { return arg.caller == caller && arg.callee == callee; }

AnswerReceived answer(const DeviceId& id) { return {id, sdp("answer of " + id.text())}; }
EndReceived end(const DeviceId& id, EndReason reason = EndReason::normal) { return {.device = id, .reason = reason}; }

TEST_P(Outcomes, FirstAnswerWinsAndTheOthersStop) {
    (void)world_.place(placed({android(kPhone), ios(kTablet), desktop(kDesktop)}));
    const Step step = world_.feed(answer(kTablet));
    EXPECT_THAT(step.told<protocol::AnswerConfirmed>(kTablet), SizeIs(1));
    const auto answered = step.told<protocol::Answered>(kCaller);
    ASSERT_THAT(answered, SizeIs(1));
    EXPECT_EQ(answered[0].device, kTablet);
    EXPECT_EQ(answered[0].sdp, sdp("answer of tablet"));
    for (const DeviceId& id : {kPhone, kDesktop}) {
        EXPECT_THAT(
            step.told<protocol::Ended>(id),
            ElementsAre(EndedWith(EndReason::multi_device_answer, EndSource::callee, true))
        );
    }
    EXPECT_THAT(step.told<protocol::Ended>(kTablet), IsEmpty());
    EXPECT_THAT(step.told<protocol::Ended>(kCaller), IsEmpty());
    EXPECT_THAT(step.history(), IsEmpty());
    EXPECT_EQ(step.pushes(kPhone, PushKind::cancel), 1U);
    EXPECT_EQ(step.pushes(kDesktop, PushKind::cancel), 0U);
}

TEST_P(Outcomes, SecondAnswerLosesAndHasBeenToldWhy) {
    (void)world_.place(placed({android(kPhone), ios(kTablet)}));
    EXPECT_THAT(world_.feed(answer(kPhone)).told<protocol::Ended>(kTablet), SizeIs(1));
    EXPECT_EQ(world_.feed(answer(kTablet)).error, ErrorCode::already_answered);
    EXPECT_THAT(
        world_.feed(VerifyAsked{kTablet}).told<protocol::Ended>(kTablet),
        ElementsAre(EndedWith(EndReason::multi_device_answer, EndSource::callee, true))
    );
    (void)world_.feed(end(kPhone));
    EXPECT_EQ(world_.feed(answer(kTablet)).error, ErrorCode::already_answered);
    EXPECT_EQ(world_.call().winner, kPhone);
}

TEST_P(Outcomes, TheWinnerAnswersAgainAndIsConfirmedAgain) {
    (void)world_.place(placed({android(kPhone), ios(kTablet)}));
    (void)world_.feed(answer(kPhone));
    const Step again = world_.feed(AnswerReceived{kPhone, sdp("another")});
    EXPECT_FALSE(again.changed);
    EXPECT_EQ(again.spoken(), 1U);
    EXPECT_THAT(again.told<protocol::AnswerConfirmed>(kPhone), SizeIs(1));
    EXPECT_EQ(world_.call().answer, sdp("answer of phone"));
}

TEST_P(Outcomes, TheCallerCannotAnswerOrDeclineItsOwnCall) {
    (void)world_.place(placed({android(kPhone)}));
    EXPECT_EQ(world_.feed(answer(kCaller)).error, ErrorCode::wrong_state);
    EXPECT_EQ(world_.feed(DeclineReceived{kCaller}).error, ErrorCode::wrong_state);
}

TEST_P(Outcomes, OneDeclineDeclinesEverywhere) {
    (void)world_.place(placed({android(kPhone), ios(kTablet)}));
    const Step step = world_.feed(DeclineReceived{kPhone});
    EXPECT_THAT(
        step.told<protocol::Ended>(kCaller), ElementsAre(EndedWith(EndReason::decline, EndSource::callee, true))
    );
    EXPECT_THAT(
        step.told<protocol::Ended>(kPhone), ElementsAre(EndedWith(EndReason::decline, EndSource::callee, false))
    );
    EXPECT_THAT(
        step.told<protocol::Ended>(kTablet),
        ElementsAre(EndedWith(EndReason::multi_device_decline, EndSource::callee, true))
    );
    EXPECT_THAT(step.history(), ElementsAre(History(Outcome::declined, Outcome::declined)));
    EXPECT_EQ(step.pushes(kPhone, PushKind::cancel), 0U);  // It knows.
    const Step again = world_.feed(DeclineReceived{kPhone});
    EXPECT_FALSE(again.changed);
    EXPECT_THAT(again.history(), IsEmpty());
    EXPECT_EQ(again.spoken(), 1U);
}

TEST_P(Outcomes, BusyReachesTheCallerAndIsAMissedCall) {
    (void)world_.place(placed({android(kPhone)}));
    const Step step = world_.feed(DeclineReceived{kPhone, EndReason::busy});
    EXPECT_THAT(step.told<protocol::Ended>(kCaller), ElementsAre(EndedWith(EndReason::busy, EndSource::callee, true)));
    EXPECT_THAT(step.history(), ElementsAre(History(Outcome::declined, Outcome::missed)));
}

TEST_P(Outcomes, ADeclineWithAStrangeReasonIsStillADecline) {
    (void)world_.place(placed({android(kPhone)}));
    EXPECT_THAT(
        world_.feed(DeclineReceived{kPhone, EndReason::unknown}).told<protocol::Ended>(kCaller),
        ElementsAre(EndedWith(EndReason::decline, EndSource::callee, true))
    );
}

TEST_P(Outcomes, DeclineAfterTheAnswerIsWrongForTheWinnerAndHarmlessForTheOthers) {
    (void)world_.place(placed({android(kPhone), ios(kTablet)}));
    (void)world_.feed(answer(kPhone));
    EXPECT_EQ(world_.feed(DeclineReceived{kPhone}).error, ErrorCode::wrong_state);
    const Step step = world_.feed(DeclineReceived{kTablet});
    EXPECT_FALSE(step.changed);
    EXPECT_THAT(
        step.told<protocol::Ended>(kTablet),
        ElementsAre(EndedWith(EndReason::multi_device_answer, EndSource::callee, true))
    );
}

TEST_P(Outcomes, EndOfARingingCalleeDeviceIsADecline) {
    (void)world_.place(placed({android(kPhone), ios(kTablet)}));
    const Step step = world_.feed(end(kPhone));
    EXPECT_THAT(
        step.told<protocol::Ended>(kCaller), ElementsAre(EndedWith(EndReason::decline, EndSource::callee, true))
    );
    EXPECT_THAT(
        step.told<protocol::Ended>(kTablet),
        ElementsAre(EndedWith(EndReason::multi_device_decline, EndSource::callee, true))
    );
}

TEST_P(Outcomes, CancelReachesEverySide) {
    (void)world_.place(placed({android(kPhone), ios(kTablet)}));
    const Step step = world_.feed(end(kCaller));
    EXPECT_THAT(
        step.told<protocol::Ended>(kCaller), ElementsAre(EndedWith(EndReason::cancel, EndSource::caller, false))
    );
    for (const DeviceId& id : {kPhone, kTablet}) {
        EXPECT_THAT(step.told<protocol::Ended>(id), ElementsAre(EndedWith(EndReason::cancel, EndSource::caller, true)));
    }
    EXPECT_THAT(step.history(), ElementsAre(History(Outcome::cancelled, Outcome::missed)));
}

// The vendor's server relies on the callee being connected: a phone that is offline keeps ringing.
TEST_P(Outcomes, Defect48CancelReachesAnAndroidPhoneThatIsNotConnected) {
    (void)world_.place(placed({android(kPhone), ios(kTablet)}));
    const Step step = world_.feed(end(kCaller));
    EXPECT_EQ(step.pushes(kPhone, PushKind::cancel), 1U);
    // IOS-PK-14: a VoIP push would be a new call; it verifies, or stops by its own ring timer.
    EXPECT_EQ(step.pushes(kTablet, PushKind::cancel), 0U);
    EXPECT_THAT(
        world_.feed(VerifyAsked{kTablet}).told<protocol::Ended>(kTablet),
        ElementsAre(EndedWith(EndReason::cancel, EndSource::caller, true))
    );
}

TEST_P(Outcomes, Defect48CancelPushFollowsARingPushToASocketThatNeverSpoke) {
    (void)world_.place(placed({android(kPhone, true)}));
    world_.after(kConfig.socket_grace);
    (void)world_.feed(TimePassed{});
    EXPECT_EQ(world_.feed(end(kCaller)).pushes(kPhone, PushKind::cancel), 1U);
}

TEST_P(Outcomes, ADeviceThatWasNeverPushedGetsNoCancelPush) {
    (void)world_.place(placed({android(kPhone, true)}));
    EXPECT_EQ(world_.feed(end(kCaller)).pushes(kPhone, PushKind::cancel), 0U);
}

TEST_P(Outcomes, ADeviceThatVerifiesAfterTheCancelLearnsTheTrueReason) {
    (void)world_.place(placed({ios(kTablet)}));
    (void)world_.feed(end(kCaller));
    world_.after(Duration{4'000});
    for (const Event& late : {Event{VerifyAsked{kTablet}}, Event{answer(kTablet)}, Event{DeclineReceived{kTablet}}}) {
        const Step step = world_.feed(late);
        EXPECT_FALSE(step.changed);
        EXPECT_THAT(
            step.told<protocol::Ended>(kTablet), ElementsAre(EndedWith(EndReason::cancel, EndSource::caller, true))
        );
    }
}

// Re-delivered pushes and repeated requests are normal life.
TEST_P(Outcomes, Defect47DuplicatesChangeNothingTheSecondTime) {
    const std::vector<std::vector<Event>> stories{
        {VerifyAsked{kPhone}},
        {PresenceChanged{kPhone, true}},
        {ReceiptReceived{kPhone, ReceiptStep::ringing}},
        {PushFinished{kPhone, PushOutcome::failed}},
        {answer(kPhone)},
        {DeclineReceived{kPhone}},
        {end(kCaller)},
        {answer(kPhone), end(kPhone)},
        {answer(kPhone), ReceiptReceived{kPhone, ReceiptStep::media_connected}},
        {EndReceived{}},
    };
    for (const auto& story : stories) {
        World world{GetParam()};
        (void)world.place(placed({android(kPhone), ios(kTablet)}));
        for (const Event& event : story) EXPECT_TRUE(world.feed(event).changed);
        const Step again = world.feed(story.back());
        EXPECT_FALSE(again.changed) << to_line(story.back());
        EXPECT_THAT(again.history(), IsEmpty());
        EXPECT_LE(again.spoken(), 1U) << to_line(story.back());  // At most the answer to the device that asked.
        EXPECT_EQ(again.pushes(kPhone, PushKind::ring) + again.pushes(kTablet, PushKind::ring), 0U);
    }
}

TEST_P(Outcomes, HangUpIsNormalForBoth) {
    for (const bool by_caller : {true, false}) {
        World world{GetParam()};
        (void)world.place(placed({android(kPhone), ios(kTablet)}));
        (void)world.feed(answer(kPhone));
        (void)world.feed(ReceiptReceived{kPhone, ReceiptStep::media_connected});
        // Whatever it calls it: they talked.
        const Step step = world.feed(by_caller ? end(kCaller, EndReason::cancel) : end(kPhone));
        const EndSource source = by_caller ? EndSource::caller : EndSource::callee;
        EXPECT_THAT(step.told<protocol::Ended>(kCaller), ElementsAre(EndedWith(EndReason::normal, source, !by_caller)));
        EXPECT_THAT(step.told<protocol::Ended>(kPhone), ElementsAre(EndedWith(EndReason::normal, source, by_caller)));
        EXPECT_THAT(step.told<protocol::Ended>(kTablet), IsEmpty());
        EXPECT_THAT(step.history(), ElementsAre(History(Outcome::answered, Outcome::answered)));
    }
}

TEST_P(Outcomes, AnEndThatCrossesTheAnswerStaysWhatItsUserDid) {
    struct Row {
        DeviceId who;
        EndReason reason;
        Outcome caller;
        Outcome callee;
    };
    const std::vector<Row> rows{
        {kCaller, EndReason::cancel, Outcome::cancelled, Outcome::missed},
        {kCaller, EndReason::no_answer, Outcome::missed, Outcome::missed},
        {kPhone, EndReason::decline, Outcome::declined, Outcome::declined},
        {kPhone, EndReason::busy, Outcome::declined, Outcome::missed},
    };
    for (const Row& row : rows) {
        World world{GetParam()};
        (void)world.place(placed({android(kPhone), ios(kTablet)}));
        (void)world.feed(answer(kPhone));
        const Step step = world.feed(end(row.who, row.reason));
        const EndSource source = row.who == kCaller ? EndSource::caller : EndSource::callee;
        for (const DeviceId& id : {kCaller, kPhone}) {
            EXPECT_THAT(step.told<protocol::Ended>(id), ElementsAre(EndedWith(row.reason, source, id != row.who)));
        }
        EXPECT_THAT(step.history(), ElementsAre(History(row.caller, row.callee)));
    }
}

TEST_P(Outcomes, AnAppDefinedEndCarriesItsCodeToBothSides) {
    (void)world_.place(placed({android(kPhone)}));
    (void)world_.feed(answer(kPhone));
    (void)world_.feed(ReceiptReceived{kPhone, ReceiptStep::media_connected});
    EndReceived event = end(kCaller, EndReason::user_error);
    event.release_code = Redacted<std::string>{"quota"};
    const Step step = world_.feed(event);
    for (const DeviceId& id : {kCaller, kPhone}) {
        const auto ended = step.told<protocol::Ended>(id);
        ASSERT_THAT(ended, ElementsAre(EndedWith(EndReason::user_error, EndSource::caller, id != kCaller)));
        EXPECT_EQ(ended[0].release_code, event.release_code);
    }
    EXPECT_THAT(step.history(), ElementsAre(History(Outcome::answered, Outcome::answered)));
}

TEST_P(Outcomes, AcceptedButNeverConnectedIsAFailedCall) {
    (void)world_.place(placed({android(kPhone)}));
    (void)world_.feed(answer(kPhone));
    EXPECT_THAT(
        world_.feed(end(kPhone, EndReason::unavailable_network)).history(),
        ElementsAre(History(Outcome::failed, Outcome::failed))
    );
}

TEST_P(Outcomes, ACellularCallEndsBothSidesWithItsReason) {
    (void)world_.place(placed({android(kPhone)}));
    EXPECT_THAT(
        world_.feed(end(kCaller, EndReason::cell_call)).told<protocol::Ended>(kPhone),
        ElementsAre(EndedWith(EndReason::cell_call, EndSource::caller, true))
    );
}

TEST_P(Outcomes, ADeviceCannotPutTheServersWordsInItsEnd) {
    for (const EndReason forged : {EndReason::push_error, EndReason::multi_device_answer, EndReason::unknown}) {
        World world{GetParam()};
        (void)world.place(placed({android(kPhone)}));
        EXPECT_THAT(
            world.feed(end(kCaller, forged)).told<protocol::Ended>(kPhone),
            ElementsAre(EndedWith(EndReason::cancel, EndSource::caller, true))
        );
    }
}

TEST_P(Outcomes, TheCallersOwnTimerMaySayNoAnswerOnlyAfterRingUntil) {
    World early{GetParam()};
    (void)early.place(placed({android(kPhone)}));
    EXPECT_THAT(
        early.feed(end(kCaller, EndReason::no_answer)).told<protocol::Ended>(kPhone),
        ElementsAre(EndedWith(EndReason::cancel, EndSource::caller, true))
    );
    (void)world_.place(placed({android(kPhone)}));
    world_.at(kRingUntil);
    EXPECT_THAT(
        world_.feed(end(kCaller, EndReason::no_answer)).told<protocol::Ended>(kPhone),
        ElementsAre(EndedWith(EndReason::no_answer, EndSource::caller, true))
    );
}

TEST_P(Outcomes, TheAppServerEndsARingingCallAndAnAnsweredOne) {
    for (const bool answered : {false, true}) {
        World world{GetParam()};
        (void)world.place(placed({android(kPhone)}));
        if (answered) (void)world.feed(answer(kPhone));
        const Step step = world.feed(EndReceived{});
        const EndReason reason = answered ? EndReason::normal : EndReason::cancel;
        for (const DeviceId& id : {kCaller, kPhone}) {
            EXPECT_THAT(step.told<protocol::Ended>(id), ElementsAre(EndedWith(reason, EndSource::app_server, true)));
        }
        EXPECT_EQ(world.feed(EndReceived{}).spoken(), 0U);
    }
}

TEST_P(Outcomes, EveryEndHasATraceLineThatExplainsIt) {
    (void)world_.place(placed({android(kPhone), ios(kTablet)}));
    EXPECT_THAT(
        world_.feed(end(kCaller)).trace(), ElementsAre("cancelled", "ended", "cancel_push", "cancel_push_skipped")
    );
}

TEST_P(Outcomes, ABrowserThatMayShowARingIsToldThatItIsOver) {
    CalleeDevice browser = android(kTablet);
    browser.platform = Platform::web;
    (void)world_.place(placed({android(kPhone), browser}));
    const Step step = world_.feed(answer(kPhone));
    EXPECT_EQ(step.pushes(kTablet, PushKind::cancel), 1U);
    EXPECT_EQ(step.pushes(kPhone, PushKind::cancel), 0U);
}

}  // namespace
}  // namespace clarion::routing::testing
