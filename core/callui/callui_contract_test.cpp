// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "core/callui/testing/test_ui.hpp"

/// The system call UI machine alone, as an app with a voice service of its own drives it; the first ten tests are the
/// lines of the contract (docs/engine.md).
namespace clarion::callui {
namespace {

using ::testing::ElementsAre;

std::vector<EventKind> kinds(const Ui& ui) { return ui.kinds(); }

TEST(CallUiContract, Line01OutputsAreDrainedBeforeTheNextInput) {
    Ui ui;
    ASSERT_TRUE(ui.machine.handle_input(kStart, incoming_call()).has_value());
    EXPECT_EQ(ui.machine.handle_input(kStart, AppAttached{}).error(), InputError::undrained);
    EXPECT_EQ(ui.machine.handle_timeout(kStart).error(), InputError::undrained);
}

TEST(CallUiContract, Line02TimeNeverGoesBack) {
    Ui ui;
    EXPECT_EQ(ui.machine.handle_input(Instant{0}, AppAttached{}).error(), InputError::time_went_back);
    EXPECT_EQ(ui.machine.handle_timeout(Instant{0}).error(), InputError::time_went_back);
}

TEST(CallUiContract, Line03TheRingTimerIsDataAndMayBeMetEarlyLateOrTwice) {
    Ui ui;
    EXPECT_EQ(ui.machine.next_deadline(), kNever);
    ui.feed(incoming_call());
    ui.feed(IncomingReported{kCall});
    EXPECT_EQ(ui.machine.next_deadline(), kStart + kRing);
    EXPECT_TRUE(ui.wait(kRing - Duration{1}).empty());
    EXPECT_EQ(count<EndSystemCall>(ui.wait(Duration{500})), 1);
    EXPECT_TRUE(ui.wait(Duration{0}).empty());
    EXPECT_EQ(ui.machine.next_deadline(), kNever);
}

TEST(CallUiContract, Line04AReportIsNotAssumedToHaveWorked) {
    Ui ui;
    ui.feed(incoming_call());
    EXPECT_TRUE(kinds(ui).empty());
    ui.feed(IncomingReported{kCall});
    EXPECT_THAT(kinds(ui), ElementsAre(EventKind::incoming));
}

TEST(CallUiContract, Line05TheSameInputTwiceChangesNothing) {
    Ui ui{protocol::Platform::android};
    const std::vector<Input> inputs{
        AppAttached{},
        incoming_call(),
        IncomingReported{kCall},
        UserAnswered{kCall, 5},
        CallConnected{kCall},
        UserMuted{kCall, true, 6},
        UserHeld{kCall, true, 7},
        PeerHoldChanged{kCall, true},
        EventsAcknowledged{2},
        UserEnded{kCall, 8},
        OutgoingStarted{.call_id = id_of(2)},
    };
    for (const Input& input : inputs) {
        ui.feed(input);
        const std::string before = ui.state();
        EXPECT_EQ(count<PersistSnapshot>(ui.feed(input)), 0) << codec::encode(input);
        EXPECT_EQ(ui.state(), before) << codec::encode(input);
    }
}

TEST(CallUiContract, Line06TheSameInputsGiveTheSameOutputs) {
    const auto run = [] {
        Ui ui;
        std::string text;
        for (const Input& input :
             std::vector<Input>{incoming_call(), IncomingReported{kCall}, UserAnswered{kCall, 5}}) {
            for (const Output& output : ui.feed(input)) text += codec::encode(output);
        }
        return text + ui.state();
    };
    EXPECT_EQ(run(), run());
}

TEST(CallUiContract, Line07EverythingIsBounded) {
    Ui ui;
    ui.is_renewed = false;
    for (int n = 1; n <= static_cast<int>(kRecordsMax); ++n) ui.feed(incoming_call(id_of(n)));
    EXPECT_EQ(ui.machine.handle_input(kStart, incoming_call(id_of(99))).error(), InputError::too_many_calls);
    auto named = incoming_call(id_of(99));
    named.name = Redacted<std::string>{std::string(protocol::kNameLengthMax + 1, 'x')};
    EXPECT_EQ(ui.machine.handle_input(kStart, named).error(), InputError::bad_input);
    for (ActionId action = 1; action <= 10; ++action) ui.feed(UserAnswered{kCall, action});
    EXPECT_EQ(ui.machine.find(kCall)->answer_actions.size(), kAnswerActionsMax);
    for (ActionId action = 100; action <= 1'000; ++action) ui.feed(UserMuted{kCall, action % 2 == 0, action});
    EXPECT_EQ(ui.machine.snapshot().events.size(), kEventsMax);
    EXPECT_EQ(ui.machine.snapshot().seen_actions.size(), kSeenActionsMax);
}

TEST(CallUiContract, Line08AnythingTheUserSawIsPersistedAndComesBack) {
    Ui ui{protocol::Platform::android};
    EXPECT_EQ(count<PersistSnapshot>(ui.feed(incoming_call())), 1);
    ui.feed(IncomingReported{kCall});
    EXPECT_EQ(count<PersistSnapshot>(ui.feed(UserAnswered{kCall, 5})), 1);
    const auto text = codec::encode(ui.machine.snapshot());
    const auto snapshot = codec::decode<Snapshot>(text);
    ASSERT_TRUE(snapshot.has_value());
    auto same = CallUi::resume(ui.rules_, *snapshot);
    ASSERT_TRUE(same.has_value());
    EXPECT_EQ(codec::encode(same->snapshot()), text);
    auto next = CallUi::restore(ui.rules_, *snapshot, Instant{5}, Duration{1'000});
    ASSERT_TRUE(next.has_value());
    ASSERT_NE(next->find(kCall), nullptr);
    EXPECT_EQ(next->find(kCall)->phase, Phase::accepted);
    EXPECT_EQ(next->find(kCall)->ring_until, Instant{5} + (kRing - Duration{1'000}));
}

TEST(CallUiContract, Line09RejectedMeansUntouched) {
    Ui ui;
    ui.feed(incoming_call());
    const std::string before = ui.state();
    ui.now = ui.now + Duration{10};
    const std::vector<Input> bad{
        UserAnswered{id_of(9)},  UserEnded{id_of(9)}, UserHeld{kCall, true},    PeerRang{kCall, 1},
        CallConnected{id_of(9)}, CallEnded{id_of(9)}, OutgoingStarted{kCall},   EventsAcknowledged{7},
        PeerHoldChanged{kCall},  IncomingAnnounced{}, ActionTimedOut{kCall, 0}, OutgoingPlaced{kCall},
        CallUpdated{id_of(9)},
    };
    for (const Input& input : bad) {
        EXPECT_FALSE(ui.machine.handle_input(ui.now, input).has_value()) << codec::encode(input);
        EXPECT_FALSE(ui.machine.poll_output().has_value());
        EXPECT_EQ(ui.state(), before) << codec::encode(input);
    }
}

TEST(CallUiContract, Line10ARecordedRunCanBePlayedAgain) {
    Ui first;
    Ui again;
    for (const Input& input : std::vector<Input>{incoming_call(), IncomingReported{kCall}, UserEnded{kCall, 5}}) {
        const auto decoded = codec::decode<Input>(codec::encode(input));
        ASSERT_TRUE(decoded.has_value());
        first.feed(input);
        again.feed(*decoded);
        EXPECT_EQ(again.state(), first.state());
    }
}

TEST(CallUi, ACallOfAnotherBackendRingsIsAnsweredAndEnds) {
    Ui ui{protocol::Platform::android};
    ui.feed(AppAttached{});
    ui.feed(incoming_call());
    ui.feed(IncomingReported{kCall});
    EXPECT_EQ(count<FulfilAction>(ui.feed(UserAnswered{kCall, 5})), 0);
    EXPECT_EQ(count<FulfilAction>(ui.feed(CallConnected{kCall})), 1);
    const auto end = ui.feed(CallEnded{.call_id = kCall, .by_remote = true});
    EXPECT_EQ(count<EndSystemCall>(end), 1);
    EXPECT_EQ(count<StopForegroundService>(end), 1);
    EXPECT_EQ(count<ShowMissedCall>(end), 0);
    EXPECT_THAT(
        kinds(ui), ElementsAre(EventKind::incoming, EventKind::answered, EventKind::connected, EventKind::ended)
    );
}

TEST(CallUi, AFailureAfterTheTapEndsTheScreenAndThenFailsTheAction) {
    Ui ui;
    ui.feed(incoming_call());
    ui.feed(UserAnswered{kCall, 5});
    const auto end =
        ui.feed(CallEnded{.call_id = kCall, .reason = EndReason::internal_error, .outcome = Outcome::failed});
    EXPECT_EQ(count<FailAction>(end), 1);
    ASSERT_TRUE(std::holds_alternative<EndSystemCall>(end.front()));
    EXPECT_EQ(std::get<EndSystemCall>(end.front()).reason, SystemEndReason::failed);
}

TEST(CallUi, ATapOnACallThatIsOverHasAResultAllTheSame) {
    Ui ui;
    EXPECT_EQ(count<FailAction>(ui.feed(UserAnswered{kCall, 5})), 1);
    EXPECT_EQ(count<FulfilAction>(ui.feed(UserEnded{kCall, 6})), 1);
    EXPECT_TRUE(ui.feed(UserEnded{kCall, 6}).empty());
}

TEST(CallUi, ATimedOutActionIsNeitherFulfilledNorFailed) {
    Ui ui;
    ui.feed(incoming_call());
    ui.feed(UserAnswered{kCall, 5});
    ui.feed(ActionTimedOut{kCall, 5});
    EXPECT_EQ(count<FulfilAction>(ui.feed(CallConnected{kCall})), 0);
}

TEST(CallUi, EventsAreHeardOnceInOrderHoweverLateTheAppAttaches) {
    Ui ui;
    ui.feed(incoming_call());
    ui.feed(IncomingReported{kCall});
    ui.feed(UserAnswered{kCall, 5});
    const auto replay = ui.feed(AppAttached{});
    ASSERT_EQ(count<EmitEvent>(replay), 2);
    EXPECT_EQ(std::get<EmitEvent>(replay[0]).event->seq, 1U);
    EXPECT_EQ(std::get<EmitEvent>(replay[1]).event->seq, 2U);
    EXPECT_EQ(count<EmitEvent>(ui.feed(CallConnected{kCall})), 1);
    ui.feed(EventsAcknowledged{3});
    EXPECT_EQ(count<EmitEvent>(ui.feed(AppAttached{})), 0);
}

TEST(CallUi, AFullLogLosesWhatIsDullestAndNoEnd) {
    Ui ui;
    ui.is_renewed = false;
    ui.feed(incoming_call(id_of(2)));
    ui.feed(IncomingReported{id_of(2)});
    ui.feed(UserEnded{id_of(2), 1});
    ui.feed(incoming_call());
    for (ActionId action = 100; action <= 400; ++action) ui.feed(UserMuted{kCall, action % 2 == 0, action});
    const auto events = ui.machine.snapshot().events;
    EXPECT_EQ(events.size(), kEventsMax);
    EXPECT_EQ(events.front().kind, EventKind::ended);
    EXPECT_EQ(events.front().call_id, id_of(2));
}

TEST(CallUi, TheServiceFollowsTheSetOfCalls) {
    Ui ui{protocol::Platform::android};
    EXPECT_EQ(count<StartForegroundService>(ui.feed(incoming_call())), 1);
    EXPECT_EQ(count<StartForegroundService>(ui.feed(incoming_call(id_of(2)))), 0);
    EXPECT_EQ(count<StartForegroundService>(ui.feed(UserAnswered{kCall, 5})), 1) << "now with the microphone";
    EXPECT_EQ(count<StopForegroundService>(ui.feed(UserEnded{id_of(2), 6})), 0);
    EXPECT_EQ(count<StopForegroundService>(ui.feed(UserEnded{kCall, 7})), 1);
}

TEST(CallUi, ADeclineLeavesNoMissedCallAndARefusedScreenDoes) {
    Ui ui{protocol::Platform::android};
    ui.feed(incoming_call());
    EXPECT_EQ(count<ShowMissedCall>(ui.feed(UserEnded{kCall, 5})), 0);
    ui.feed(incoming_call(id_of(2)));
    ui.feed(IncomingReported{id_of(2), ReportResult::filtered_by_focus});
    EXPECT_EQ(count<ShowMissedCall>(ui.wait(kRing)), 1);
}

}  // namespace
}  // namespace clarion::callui
