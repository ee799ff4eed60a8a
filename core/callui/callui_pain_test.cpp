// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "core/callui/backend_id.hpp"
#include "core/callui/testing/test_ui.hpp"

/// What users of call-UI plugins report most often, group by group, as far as a call screen machine settles it
/// (docs/defects.md): the number of the group is in the name.
namespace clarion::callui {
namespace {

using protocol::Platform;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using enum EventKind;

const std::vector<Platform> kPlatforms{Platform::ios, Platform::android, Platform::desktop, Platform::web};

// ---- it does not ring, or not as it should ----

TEST(CallUiPain, Pain01APushThatComesAfterItsRingIsAMissedCallAndNoRing) {
    Ui ui{Platform::android};
    const auto late = ui.feed(MissedCallLearned{.call_id = kCall, .name = text("Alice"), .handle = text("alice")});
    EXPECT_EQ(count<ReportIncoming>(late), 0);
    EXPECT_EQ(count<ShowMissedCall>(late), 1);
    EXPECT_EQ(ui.machine.next_deadline(), kNever);
    EXPECT_THAT(ui.feed(MissedCallLearned{.call_id = kCall}), IsEmpty());
}

TEST(CallUiPain, Pain03ACallRingsThoughTheAppHasGoneAndIsHeardWhenItIsBack) {
    Ui ui{Platform::android};
    ui.feed(AppAttached{});
    ui.feed(AppDetached{});
    const auto ring = ui.feed(incoming_call());
    EXPECT_EQ(count<ReportIncoming>(ring), 1);
    EXPECT_EQ(count<EmitEvent>(ui.feed(IncomingReported{kCall})), 0);
    EXPECT_EQ(count<EmitEvent>(ui.feed(AppAttached{})), 1);
}

TEST(CallUiPain, Pain04EveryPushThatTheSystemInsistsOnIsReportedAndTheUselessOneEndedAtOnce) {
    Ui ui{Platform::ios};
    auto push = incoming_call();
    push.must_report = true;
    EXPECT_EQ(count<ReportIncoming>(ui.feed(push)), 1);
    EXPECT_EQ(count<ReportIncoming>(ui.feed(push)), 1) << "a duplicate";
    ui.feed(UserEnded{kCall, 5});
    const auto over = ui.feed(push);
    EXPECT_TRUE(only<ReportIncoming>(over).placeholder) << "of a call that is over";
    EXPECT_EQ(count<EndSystemCall>(ui.feed(IncomingReported{kCall})), 1);
    const auto broken = ui.feed(UnusablePushArrived{.call_id = kOther});
    EXPECT_TRUE(only<ReportIncoming>(broken).placeholder);
    EXPECT_EQ(count<EndSystemCall>(ui.feed(IncomingReported{kOther})), 1);
    EXPECT_EQ(ui.machine.next_deadline(), kNever);
}

TEST(CallUiPain, Pain05TwoCallsWhereTheSystemTakesOneEachGetAResult) {
    Ui ui{Platform::ios};
    ui.feed(incoming_call());
    ui.feed(IncomingReported{kCall});
    ui.feed(incoming_call(kOther));
    ui.feed(IncomingReported{kOther, ReportResult::limit_reached});
    EXPECT_THAT(ui.kinds(), ElementsAre(EventKind::incoming, not_shown));
    EXPECT_EQ(ui.events()[1].call_id, kOther);
    EXPECT_EQ(ui.events()[1].result, ReportResult::limit_reached);
    ui.feed(UserAnswered{kCall, 5});
    EXPECT_EQ(ui.machine.find(kCall)->phase, Phase::accepted) << "the other one's refusal is not its own";
    const auto end = ui.wait(kRing);
    EXPECT_EQ(only<ShowMissedCall>(end).call_id, kOther) << "the system's list does not know it";
    EXPECT_EQ(count<EndSystemCall>(end), 0);
}

TEST(CallUiPain, Pain07TheSamePushAnyNumberOfTimesInAnyStateRingsOnce) {
    for (const Platform platform : kPlatforms) {
        Ui ui{platform};
        int rings = 0;
        const auto push_thrice = [&] {
            for (int n = 0; n < 3; ++n) rings += count<ReportIncoming>(ui.feed(incoming_call()));
        };
        push_thrice();
        ui.feed(IncomingReported{kCall});
        push_thrice();
        ui.feed(UserAnswered{kCall, 5});
        push_thrice();
        ui.feed(CallConnected{kCall});
        push_thrice();
        ui.feed(CallEnded{.call_id = kCall, .by_remote = true});
        push_thrice();
        ui.die_and_restart();
        push_thrice();
        EXPECT_EQ(rings, 1);
        EXPECT_THAT(ui.kinds(), ElementsAre(EventKind::incoming, answered, connected, ended));
    }
}

TEST(CallUiPain, Pain08ACancelThatOvertakesItsPushMeansNoRing) {
    for (const Platform platform : kPlatforms) {
        Ui ui{platform};
        EXPECT_EQ(count<EndSystemCall>(ui.feed(CallDismissed{kCall, Dismissal::cancelled})), 0);
        ui.die_and_restart(Duration{1'000});
        EXPECT_EQ(count<ReportIncoming>(ui.feed(incoming_call())), 0);
        EXPECT_EQ(ui.machine.next_deadline(), kNever);
        ui.now = ui.now + kTombstoneFor;
        EXPECT_EQ(count<ReportIncoming>(ui.feed(incoming_call())), 1) << "an id may be used again much later";
    }
}

TEST(CallUiPain, Pain09NothingRingsAfterAnyWayOutOfTheRing) {
    const std::vector<Input> ways{
        UserAnswered{kCall},
        UserEnded{kCall},
        EndRequested{kCall},
        EndAllRequested{},
        HideRequested{kCall},
        RingSilenced{kCall},
        CallDismissed{kCall, Dismissal::cancelled},
        CallEnded{.call_id = kCall, .reason = EndReason::multi_device_answer, .by_remote = true},
        CallConnected{kCall},
    };
    for (const Input& way : ways) {
        Ui ui{Platform::android};
        ui.feed(incoming_call());
        ui.feed(IncomingReported{kCall});
        const auto out = ui.feed(way);
        const bool goes_on = std::holds_alternative<CallConnected>(way);
        EXPECT_EQ(count<EndSystemCall>(out) + count<ChangeSystemCall>(out) + count<ShowOngoingCall>(out) > 0, true)
            << codec::encode(way);
        if (!goes_on) {
            EXPECT_EQ(count<ReportIncoming>(ui.feed(incoming_call())), 0) << codec::encode(way);
        }
    }
    Ui ui{Platform::android};
    ui.feed(incoming_call());
    EXPECT_EQ(only<ReportIncoming>(ui.die_and_restart(Duration{20'000})).ring_for, Duration{10'000})
        << "the system's own time-out silences what a dead process left";
}

TEST(CallUiPain, Pain10AUserWhoSilencesTheRingCanStillAnswer) {
    Ui ui{Platform::android};
    ui.feed(incoming_call());
    ui.feed(IncomingReported{kCall});
    EXPECT_EQ(only<ChangeSystemCall>(ui.feed(RingSilenced{kCall})).change, SystemChange::silence);
    EXPECT_THAT(ui.feed(RingSilenced{kCall}), IsEmpty());
    EXPECT_EQ(ui.machine.next_deadline(), kStart + kRing) << "silence is not an end";
    EXPECT_TRUE(only<ReportIncoming>(ui.die_and_restart()).silent) << "nor does it ring aloud in the next process";
    ui.feed(UserAnswered{kCall, 5});
    EXPECT_THAT(ui.kinds(), ElementsAre(EventKind::incoming, silenced, answered));
}

TEST(CallUiPain, Pain11TheHandleIsInClearAndARecentsTapAfterAColdStartFindsTheName) {
    Ui ui{Platform::ios};
    const auto report = only<ReportIncoming>(ui.feed(incoming_call()));
    EXPECT_EQ(report.handle, text("alice"));
    ui.feed(UserEnded{kCall, 5});
    ui.feed(EventsAcknowledged{2});
    ui.die_and_restart(Duration{86'400'000});
    ui.feed(RedialAsked{text("alice"), protocol::Media::video});
    ASSERT_THAT(ui.kinds(), ElementsAre(redial));
    EXPECT_EQ(ui.events()[0].handle, text("alice"));
    EXPECT_EQ(ui.events()[0].name, text("Alice"));
    EXPECT_EQ(ui.events()[0].media, protocol::Media::video);
}

// ---- taps get lost or doubled ----

TEST(CallUiPain, Pain12AnAcceptBeforeAnyListenerIsHeardOnceWhereverTheProcessDies) {
    for (int dies_after = 0; dies_after < 4; ++dies_after) {
        Ui ui{Platform::android};
        const std::vector<Input> steps{incoming_call(), IncomingReported{kCall}, UserAnswered{kCall, 5}, AppAttached{}};
        std::vector<EventKind> heard;
        for (int n = 0; n < static_cast<int>(steps.size()); ++n) {
            for (const auto& emitted : all<EmitEvent>(ui.feed(steps[static_cast<std::size_t>(n)]))) {
                heard.push_back(emitted.event->kind);
                ui.feed(EventsAcknowledged{emitted.event->seq});
            }
            if (n == dies_after) ui.die_and_restart();
        }
        for (const auto& emitted : all<EmitEvent>(ui.feed(AppAttached{}))) heard.push_back(emitted.event->kind);
        EXPECT_THAT(heard, ElementsAre(EventKind::incoming, answered)) << "died after step " << dies_after;
        EXPECT_TRUE(ui.machine.view().calls.at(0).accepted);
    }
}

TEST(CallUiPain, Pain13ADeclineWithoutAListenerWaitsUntilItIsAcknowledged) {
    Ui ui{Platform::android};
    ui.feed(incoming_call());
    EXPECT_EQ(count<PersistSnapshot>(ui.feed(UserEnded{kCall, 5})), 1);
    ui.die_and_restart();
    for (int n = 0; n < 2; ++n) {
        const auto told = all<EmitEvent>(ui.feed(AppAttached{}));
        ASSERT_EQ(told.size(), 2U);
        EXPECT_EQ(told[0].event->kind, EventKind::incoming);
        EXPECT_EQ(told[1].event->kind, ended);
        EXPECT_EQ(told[1].event->outcome, Outcome::declined);
        EXPECT_EQ(told[1].event->origin, Origin::user);
    }
    ui.feed(EventsAcknowledged{2});
    EXPECT_EQ(count<EmitEvent>(ui.feed(AppAttached{})), 0);
}

TEST(CallUiPain, Pain14AcceptThroughEverySurfaceAtOnceIsOneEventAndConnectedNeverAnswers) {
    Ui ui{Platform::ios};
    ui.feed(incoming_call());
    ui.feed(IncomingReported{kCall});
    EXPECT_EQ(ui.refused(ConnectedSet{kCall}), InputError::wrong_state) << "of a call that still rings";
    ui.feed(UserAnswered{kCall, 5});
    ui.feed(UserAnswered{kCall, 6});
    ui.feed(UserAnswered{kCall, 5});
    ui.feed(UserAnswered{kCall});
    EXPECT_EQ(count<FulfilAction>(ui.feed(ConnectedSet{kCall})), 2) << "each action has its result";
    EXPECT_THAT(ui.feed(ConnectedSet{kCall}), IsEmpty());
    EXPECT_EQ(count<FulfilAction>(ui.feed(UserAnswered{kCall, 7})), 1);
    EXPECT_THAT(ui.kinds(), ElementsAre(EventKind::incoming, answered, connected));
}

TEST(CallUiPain, Pain15TheEndOfEitherOfTwoCallsByAnyoneNamesItsCallItsReasonAndWhoDidIt) {
    struct Row {
        Input input;
        EndReason reason;
        Origin origin;
        Outcome outcome;
        Phase was;
    };
    for (const CallId& mine : {kCall, kOther}) {
        const bool talks = mine == kCall;
        const Phase was = talks ? Phase::connected : Phase::waiting;
        const EndReason own = talks ? EndReason::normal : EndReason::decline;
        const Outcome own_outcome = talks ? Outcome::answered : Outcome::declined;
        const EndReason theirs = talks ? EndReason::normal : EndReason::cancel;
        const Outcome their_outcome = talks ? Outcome::answered : Outcome::missed;
        const std::vector<Row> rows{
            {UserEnded{mine, 9}, own, Origin::user, own_outcome, was},
            {UserEnded{mine}, own, Origin::app, own_outcome, was},
            {EndRequested{mine}, own, Origin::app, own_outcome, was},
            {CallDismissed{mine, Dismissal::cancelled}, theirs, Origin::remote, their_outcome, was},
        };
        for (const Row& row : rows) {
            Ui ui{Platform::android};
            ui.feed(incoming_call());
            ui.feed(UserAnswered{kCall, 5});
            ui.feed(CallConnected{kCall});
            ui.feed(incoming_call(kOther));
            ui.feed(row.input);
            const Event event = ui.events().back();
            EXPECT_EQ(event.kind, ended) << codec::encode(row.input);
            EXPECT_EQ(event.call_id, mine);
            EXPECT_EQ(event.reason, row.reason) << codec::encode(row.input);
            EXPECT_EQ(event.origin, row.origin) << codec::encode(row.input);
            EXPECT_EQ(event.outcome, row.outcome) << codec::encode(row.input);
            EXPECT_EQ(event.was, row.was);
            EXPECT_EQ(ui.machine.view().calls.size(), 1U) << "the other call stays";
        }
    }
}

TEST(CallUiPain, Pain16AnAnswerFromAHeadsetIsTheUsersAndReachesTheApp) {
    Ui ui{Platform::android};
    ui.feed(AppAttached{});
    ui.feed(incoming_call());
    ui.feed(IncomingReported{kCall});
    const auto event = *only<EmitEvent>(ui.feed(UserAnswered{kCall, 77})).event;  // Telecom's onAnswer.
    EXPECT_EQ(event.kind, answered);
    EXPECT_EQ(event.origin, Origin::user);
    EXPECT_TRUE(ui.machine.view().calls.at(0).accepted);
}

// ---- ending ----

TEST(CallUiPain, Pain19ADeclineThatOvertakesTheCompletionOfTheReportIsHeardAsIncomingThenEnded) {
    Ui ui{Platform::ios};
    ui.feed(incoming_call());
    ui.feed(UserEnded{kCall, 5});
    EXPECT_THAT(ui.feed(IncomingReported{kCall}), IsEmpty());
    EXPECT_THAT(ui.kinds(), ElementsAre(EventKind::incoming, ended));
}

TEST(CallUiPain, Pain19AnEndInAnyStateTakesTheCallOffTheScreenOnce) {
    for (int state = 0; state < 4; ++state) {
        Ui ui{Platform::ios};
        ui.feed(incoming_call());
        if (state > 0) ui.feed(IncomingReported{kCall});  // 0: the report is in flight.
        if (state > 1) ui.feed(UserAnswered{kCall, 5});
        if (state > 2) ui.feed(CallConnected{kCall});
        EXPECT_EQ(count<EndSystemCall>(ui.feed(EndRequested{kCall})), state > 0 ? 1 : 0) << state;
        EXPECT_EQ(count<EndSystemCall>(ui.feed(IncomingReported{kCall})), state > 0 ? 0 : 1) << "waited for it";
        EXPECT_THAT(ui.feed(IncomingReported{kCall}), IsEmpty()) << "its completion comes again";
        EXPECT_EQ(ui.refused(EndRequested{kCall}), InputError::unknown_call) << "a typed result, not silence";
    }
}

TEST(CallUiPain, Pain19EndAllWhileCallsRingAreTalkedAndPlacedEndsEachAsWhatItWas) {
    Ui ui{Platform::android};
    ui.feed(incoming_call());
    ui.feed(UserAnswered{kCall, 5});
    ui.feed(CallConnected{kCall});
    ui.feed(incoming_call(kOther));
    ui.feed(OutgoingStarted{.call_id = id_of(3)});
    const auto out = ui.feed(EndAllRequested{});
    EXPECT_EQ(count<EndSystemCall>(out), 3);
    EXPECT_EQ(count<HideOngoingCall>(out), 2);
    EXPECT_EQ(count<StopForegroundService>(out), 1);
    EXPECT_EQ(count<ShowMissedCall>(out), 0);
    std::vector<Outcome> outcomes;
    for (const Event& event : ui.events()) {
        if (event.kind == ended) outcomes.push_back(event.outcome);
    }
    EXPECT_THAT(outcomes, ElementsAre(Outcome::answered, Outcome::declined, Outcome::cancelled));
    EXPECT_THAT(ui.feed(EndAllRequested{}), IsEmpty());
}

TEST(CallUiPain, Pain20AfterACrashNoCallIsActiveForEver) {
    for (const Platform platform : kPlatforms) {
        Ui ui{platform};
        ui.feed(incoming_call());
        ui.feed(IncomingReported{kCall});
        ui.die_and_restart(Duration{86'400'000});
        EXPECT_THAT(ui.machine.view().calls, IsEmpty());
        EXPECT_EQ(ui.events().back().kind, ended);
        EXPECT_EQ(ui.events().back().outcome, Outcome::missed);
        EXPECT_EQ(count<ReportIncoming>(ui.feed(incoming_call(kOther))), 1) << "nobody is busy for ever";
    }
}

TEST(CallUiPain, Pain21AHungUpCallerIsNotADecline) {
    Ui cancelled{Platform::android};
    cancelled.feed(incoming_call());
    EXPECT_EQ(count<ShowMissedCall>(cancelled.feed(CallDismissed{kCall, Dismissal::cancelled})), 1);
    EXPECT_EQ(cancelled.events().back().reason, EndReason::cancel);
    EXPECT_TRUE(cancelled.events().back().by_remote);
    Ui declined{Platform::android};
    declined.feed(incoming_call());
    EXPECT_EQ(count<ShowMissedCall>(declined.feed(UserEnded{kCall, 5})), 0);
    EXPECT_EQ(declined.events().back().reason, EndReason::decline);
}

TEST(CallUiPain, Pain22TheDeadlineSettlesTheCallWithoutAnyNotificationAndThroughOtherCalls) {
    Ui ui{Platform::android};
    ui.feed(incoming_call());
    ui.feed(IncomingReported{kCall, ReportResult::not_allowed});  // Notifications are blocked.
    ui.feed(OutgoingStarted{.call_id = kOther});
    ui.feed(CallConnected{kOther});
    ui.feed(UserHeld{kOther, true});
    const auto end = ui.wait(kRing);
    EXPECT_EQ(count<ShowMissedCall>(end), 1);
    EXPECT_EQ(ui.events().back().call_id, kCall);
    EXPECT_EQ(ui.events().back().reason, EndReason::no_answer);
    EXPECT_EQ(ui.events().back().origin, Origin::system);
    EXPECT_THAT(ui.wait(kRing), IsEmpty()) << "and only once, also after the other call is resumed";
}

TEST(CallUiPain, Pain22ASwipeIsNoTimeout) {
    Ui ui{Platform::android};
    ui.feed(incoming_call());
    ui.now = ui.now + Duration{3'000};
    EXPECT_EQ(only<ChangeSystemCall>(ui.feed(RingTimedOut{kCall})).change, SystemChange::silence);
    EXPECT_EQ(ui.machine.next_deadline(), kStart + kRing);
    ui.now = kStart + kRing + Duration{-200};  // The system's clock is a little ahead.
    EXPECT_EQ(count<ShowMissedCall>(ui.feed(RingTimedOut{kCall})), 1);
    EXPECT_EQ(ui.refused(RingTimedOut{kCall}), InputError::unknown_call);
}

TEST(CallUiPain, Pain23TheMissedNoticeFollowsTheReasonOnceInAnyProcess) {
    struct Row {
        Dismissal why;
        int by_default;
        int if_asked_for;
    };
    const std::vector<Row> rows{
        {Dismissal::timed_out, 1, 1},          {Dismissal::cancelled, 1, 1}, {Dismissal::answered_elsewhere, 0, 0},
        {Dismissal::declined_elsewhere, 0, 0}, {Dismissal::busy, 1, 0},      {Dismissal::failed, 0, 1},
    };
    for (const Row& row : rows) {
        for (const bool is_chosen : {false, true}) {
            for (const bool is_restarted : {false, true}) {
                Ui ui{Platform::android};
                if (is_chosen) ui.feed(PolicyChosen{{.notice_if_busy = false, .notice_if_failed = true}});
                ui.feed(incoming_call());
                if (is_restarted) ui.die_and_restart();
                int notices = count<ShowMissedCall>(ui.feed(CallDismissed{kCall, row.why}));
                notices += count<ShowMissedCall>(ui.feed(CallDismissed{kCall, row.why}));
                notices += count<ShowMissedCall>(ui.feed(MissedCallLearned{.call_id = kCall}));
                EXPECT_EQ(notices, is_chosen ? row.if_asked_for : row.by_default) << to_string(row.why);
            }
        }
    }
}

TEST(CallUiPain, Pain23ANoticeByHandDoesNotDoubleTheAutomaticOne) {
    Ui ui{Platform::android};
    ui.feed(incoming_call());
    EXPECT_EQ(ui.refused(MissedShown{.call_id = kCall}), InputError::wrong_state) << "it still rings";
    EXPECT_EQ(count<ShowMissedCall>(ui.wait(kRing)), 1);
    EXPECT_THAT(ui.feed(MissedShown{.call_id = kCall}), IsEmpty());
    EXPECT_EQ(count<ShowMissedCall>(ui.feed(MissedShown{.call_id = kOther})), 1);
    EXPECT_THAT(ui.feed(MissedShown{.call_id = kOther}), IsEmpty());
}

// ---- identity, audio, services ----

TEST(CallUiPain, Pain24AnyBackendIdIsOneCallAndComesBackByteForByte) {
    const std::vector<std::string> ids{
        "7", "Room 12/é", std::string(kBackendIdMax, 'x'), "0D9E6F2A-8B1C-4E7D-9A3F-5C6B7D8E9F01",
        "0d9e6f2a-8b1c-4e7d-9a3f-5c6b7d8e9f01"
    };
    for (const std::string& backend_id : ids) {
        Ui ui{Platform::ios};
        auto push = incoming_call({});
        push.backend_id = backend_id;
        const auto report = only<ReportIncoming>(ui.feed(push));
        EXPECT_EQ(report.backend_id, backend_id);
        EXPECT_EQ(report.call_id, call_id_of(backend_id));
        EXPECT_THAT(ui.feed(push), IsEmpty()) << "the same push is the same call";
        ui.feed(CallDismissed{.why = Dismissal::cancelled, .backend_id = backend_id});
        EXPECT_EQ(only<EmitEvent>(ui.feed(AppAttached{})).event->backend_id, backend_id);
    }
    EXPECT_EQ(call_id_of(ids[3]), call_id_of(ids[4])) << "letter case is no difference";
    EXPECT_EQ(call_id_of(ids[3]).text(), ids[4]);
    EXPECT_NE(call_id_of("7"), call_id_of("8"));
    constexpr Uuid kDomainNames{
        {0x6b, 0xa7, 0xb8, 0x10, 0x9d, 0xad, 0x11, 0xd1, 0x80, 0xb4, 0x00, 0xc0, 0x4f, 0xd4, 0x30, 0xc8}
    };
    EXPECT_EQ(uuid_v5(kDomainNames, "www.example.com").text(), "2ed6657d-e927-568b-95e1-2665a8aea6a2");  // RFC 9562 A.4
}

TEST(CallUiPain, Pain25TheAppHearsOfTheAudioSessionAsItIsNowAndNeverFromADeadProcess) {
    Ui ui{Platform::ios};
    ui.feed(AudioActivated{});
    EXPECT_TRUE(only<TellAudioSession>(ui.feed(AppAttached{})).active);
    EXPECT_THAT(ui.feed(AudioActivated{}), IsEmpty());
    EXPECT_FALSE(only<TellAudioSession>(ui.feed(AudioDeactivated{})).active);
    ui.feed(AudioActivated{});
    ui.die_and_restart();
    EXPECT_EQ(count<TellAudioSession>(ui.feed(AppAttached{})), 0);
    EXPECT_FALSE(ui.machine.audio_active());
}

TEST(CallUiPain, Pain26TheMicrophoneTypeComesWithTheUsersTapAndNotWithTheRing) {
    Ui ui{Platform::android};
    EXPECT_FALSE(only<StartForegroundService>(ui.feed(incoming_call())).microphone);
    EXPECT_TRUE(only<StartForegroundService>(ui.feed(UserAnswered{kCall, 5})).microphone);
    EXPECT_FALSE(only<StartForegroundService>(ui.die_and_restart()).microphone) << "no tap permits it any more";
    EXPECT_TRUE(only<StartForegroundService>(ui.feed(UserAnswered{kCall, 6})).microphone);
}

TEST(CallUiPain, Pain27AHeadsUpThatGoesAwayLeavesACallThatCanBeAnswered) {
    Ui ui{Platform::android};
    auto push = incoming_call();
    push.ring_for = Duration{90'000};
    ui.feed(push);
    ui.now = ui.now + Duration{60'000};  // What Android gives a heads-up without the full-screen permission.
    ui.feed(RingTimedOut{kCall});
    ui.feed(UserAnswered{kCall, 5});
    EXPECT_EQ(ui.machine.find(kCall)->phase, Phase::accepted);
}

TEST(CallUiPain, Pain28TheServiceStandsFromTheFirstRingToTheLastEnd) {
    Ui ui{Platform::android};
    EXPECT_EQ(count<StartForegroundService>(ui.feed(incoming_call())), 1) << "so that CallStyle has its service";
    ui.feed(incoming_call(kOther));
    ui.feed(UserAnswered{kCall, 5});
    EXPECT_EQ(count<StopForegroundService>(ui.feed(EndRequested{kCall})), 0);
    EXPECT_EQ(count<StopForegroundService>(ui.feed(EndRequested{kOther})), 1);
}

TEST(CallUiPain, Pain29ASecondCallDoesWhatTheAppChose) {
    for (const SecondCall second : {SecondCall::ring, SecondCall::ring_silently, SecondCall::busy}) {
        for (const FirstCall first : {FirstCall::leave, FirstCall::hold, FirstCall::end}) {
            Ui ui{Platform::android};
            ui.feed(PolicyChosen{{.second = second, .first = first, .resume_held = true}});
            ui.feed(incoming_call());
            ui.feed(UserAnswered{kCall, 5});
            ui.feed(CallConnected{kCall});
            const auto ring = ui.feed(incoming_call(kOther));
            EXPECT_EQ(count<ReportIncoming>(ring), second == SecondCall::busy ? 0 : 1);
            if (second == SecondCall::busy) {
                EXPECT_EQ(ui.events().back().reason, EndReason::busy);
                EXPECT_EQ(ui.events().back().call_id, kOther);
                continue;
            }
            EXPECT_EQ(only<ReportIncoming>(ring).silent, second == SecondCall::ring_silently);
            ui.feed(UserAnswered{kOther, 6});
            ui.feed(CallConnected{kOther});
            const Record* talked = ui.machine.find(kCall);
            EXPECT_EQ(talked == nullptr, first == FirstCall::end);
            if (talked == nullptr) continue;
            EXPECT_EQ(talked->held, first == FirstCall::hold);
            const auto end = ui.feed(CallEnded{.call_id = kOther, .by_remote = true});
            EXPECT_FALSE(ui.machine.find(kCall)->held) << "the system does not resume it by itself";
            EXPECT_EQ(count<ChangeSystemCall>(end), first == FirstCall::hold ? 1 : 0);
        }
    }
}

TEST(CallUiPain, Pain30TheSameCallRunsOnEveryBackEndOfTheScreenWithItsDifferencesAsData) {
    auto without_callkit = system_rules(Platform::ios);
    without_callkit.must_report_every_push = false;  // An alert push and a plain notification instead.
    without_callkit.missed_call_notice = true;
    without_callkit.hides = true;
    std::vector<SystemRules> systems{without_callkit};
    for (const Platform platform : kPlatforms) systems.push_back(system_rules(platform));
    for (const SystemRules& rules : systems) {
        Ui ui{rules};
        EXPECT_EQ(count<ReportIncoming>(ui.feed(incoming_call())), 1);
        ui.feed(IncomingReported{kCall});
        ui.feed(UserAnswered{kCall, 5});
        EXPECT_EQ(count<FulfilAction>(ui.feed(CallConnected{kCall})), 1);
        EXPECT_EQ(count<EndSystemCall>(ui.feed(CallEnded{.call_id = kCall, .by_remote = true})), 1);
        EXPECT_THAT(ui.kinds(), ElementsAre(EventKind::incoming, answered, connected, ended));
        EXPECT_EQ(count<ShowMissedCall>(ui.feed(MissedCallLearned{.call_id = kOther})), rules.missed_call_notice);
    }
}

}  // namespace
}  // namespace clarion::callui
