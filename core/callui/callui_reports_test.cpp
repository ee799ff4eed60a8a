// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include "core/callui/testing/test_ui.hpp"

/// What waits for a report, and what a push of an app's own service comes to.
namespace clarion::callui {
namespace {

using protocol::Platform;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

const CallEnded kGone{.call_id = kCall, .reason = EndReason::cancel, .by_remote = true, .outcome = Outcome::missed};

TEST(CallUiReports, TheCommandsOfACallWaitUntilTheSystemTookItsReport) {
    Ui ui;
    ui.feed(incoming_call());
    EXPECT_EQ(count<UpdateSystemCall>(ui.feed(CallUpdated{.call_id = kCall, .name = text("Alice B.")})), 0);
    EXPECT_EQ(count<ChangeSystemCall>(ui.feed(UserAnswered{kCall})), 0);
    ui.feed(incoming_call(kOther));
    EXPECT_EQ(count<UpdateSystemCall>(ui.feed(IncomingReported{kOther})), 0) << "of another call";
    const auto taken = ui.feed(IncomingReported{kCall});
    EXPECT_EQ(only<UpdateSystemCall>(taken).name, text("Alice B."));
    EXPECT_EQ(only<ChangeSystemCall>(taken).change, SystemChange::answer);
    EXPECT_EQ(count<UpdateSystemCall>(ui.feed(CallUpdated{.call_id = kCall, .name = text("A.")})), 1) << "at once";
}

TEST(CallUiReports, ACallThatEndsMeanwhileIsOnlyEnded) {
    Ui ui;
    ui.feed(incoming_call());
    ui.feed(CallUpdated{.call_id = kCall, .name = text("Alice B.")});
    EXPECT_EQ(count<EndSystemCall>(ui.feed(kGone)), 0);
    const auto taken = ui.feed(IncomingReported{kCall});
    EXPECT_EQ(only<EndSystemCall>(taken).reason, SystemEndReason::remote_ended);
    EXPECT_EQ(taken.size(), 1U);
    EXPECT_THAT(ui.feed(IncomingReported{kCall}), IsEmpty());
}

TEST(CallUiReports, WhatTheSystemRefusedNeedsNoEnd) {
    Ui ui;
    ui.feed(incoming_call());
    ui.feed(kGone);
    EXPECT_THAT(ui.feed(IncomingReported{kCall, ReportResult::filtered_by_focus}), IsEmpty());
    EXPECT_EQ(ui.machine.next_deadline(), kNever);
}

TEST(CallUiReports, OfTwoReportsOfOneCallTheRefusalOfTheFirstSaysNothingYet) {
    Ui ui;
    auto push = incoming_call();
    push.must_report = true;
    ui.feed(push);
    ui.feed(push);
    ui.feed(kGone);
    EXPECT_THAT(ui.feed(IncomingReported{kCall, ReportResult::failed}), IsEmpty());
    EXPECT_EQ(count<EndSystemCall>(ui.feed(IncomingReported{kCall})), 1);
}

TEST(CallUiReports, ACallThatLivesAfterAllIsNotEnded) {
    Ui ui;
    ui.feed(UnusablePushArrived{.call_id = kCall});
    ui.feed(incoming_call());
    const auto taken = ui.feed(IncomingReported{kCall});
    EXPECT_EQ(count<EndSystemCall>(taken), 0);
    EXPECT_EQ(only<UpdateSystemCall>(taken).name, text("Alice")) << "instead of the placeholder's";
}

TEST(CallUiReports, ATapThereProvesThatItIsThere) {
    Ui ui;
    ui.feed(incoming_call());
    ui.feed(CallUpdated{.call_id = kCall, .name = text("Alice B.")});
    EXPECT_EQ(count<UpdateSystemCall>(ui.feed(UserAnswered{kCall, 5})), 1);
    const auto failed = ui.feed(CallEnded{.call_id = kCall, .reason = EndReason::internal_error});
    EXPECT_EQ(count<EndSystemCall>(failed), 1);
}

TEST(CallUiReports, AReportThatIsNeverAnsweredHoldsNothingForEver) {
    Ui ui;
    ui.feed(incoming_call());
    ui.feed(kGone);
    EXPECT_EQ(ui.machine.next_deadline(), kStart + Duration{5'000});
    EXPECT_THAT(ui.wait(Duration{4'999}), IsEmpty());
    EXPECT_EQ(count<EndSystemCall>(ui.wait(Duration{1})), 1);
    EXPECT_EQ(ui.machine.next_deadline(), kNever);
    EXPECT_EQ(count<EndSystemCall>(ui.feed(IncomingReported{kCall})), 1) << "it came at last: else it would ring on";
    EXPECT_THAT(ui.feed(IncomingReported{kCall}), IsEmpty());
}

TEST(CallUiReports, TheyAreBoundedAndBelongToTheProcess) {
    Ui ui;
    ui.is_renewed = false;
    for (int n = 1; n <= 60; ++n) ui.feed(UnusablePushArrived{.call_id = id_of(n)});
    EXPECT_EQ(ui.machine.snapshot().reports.size(), kReportsMax);
    ui.feed(incoming_call(id_of(61)));
    for (int n = 0; n < 60; ++n) ui.feed(UserMuted{id_of(61), n % 2 == 0});
    EXPECT_LE(ui.machine.snapshot().reports.back().held.size(), kHeldMax);
    ui.die_and_restart();
    EXPECT_EQ(ui.machine.snapshot().reports.size(), 1U) << "of the call that rings again";
}

TEST(CallUiReports, WhereAReportIsInstantNothingWaits) {
    Ui ui{Platform::android};
    ui.feed(incoming_call());
    EXPECT_EQ(count<EndSystemCall>(ui.feed(kGone)), 1);
    EXPECT_THAT(ui.machine.snapshot().reports, IsEmpty());
}

TEST(CallUiReports, TheCommandsOfAnOutgoingCallWaitForItsStart) {
    Ui ui;
    ui.feed(OutgoingStarted{.call_id = kCall});
    EXPECT_EQ(count<ReportOutgoingConnected>(ui.feed(CallConnected{kCall})), 0);
    EXPECT_THAT(ui.feed(IncomingReported{kCall}), IsEmpty()) << "of something else";
    EXPECT_EQ(count<ReportOutgoingConnected>(ui.feed(OutgoingReported{kCall})), 1);
}

TEST(CallUiReports, AStartThatTheSystemRefusesEndsTheCallAndSaysWhy) {
    for (const Platform platform : {Platform::ios, Platform::android}) {
        Ui ui{platform};
        ui.feed(OutgoingStarted{.call_id = kCall});
        const auto refused = ui.feed(OutgoingReported{kCall, ReportResult::limit_reached});
        EXPECT_EQ(count<EndSystemCall>(refused), 0) << "it never stood there";
        EXPECT_THAT(ui.kinds(), ElementsAre(EventKind::not_shown, EventKind::ended));
        EXPECT_EQ(ui.events()[0].result, ReportResult::limit_reached);
        EXPECT_EQ(ui.events()[1].reason, EndReason::internal_kit_error);
        EXPECT_EQ(ui.events()[1].outcome, Outcome::failed);
        EXPECT_THAT(ui.machine.view().calls, IsEmpty());
        EXPECT_THAT(ui.feed(OutgoingReported{kCall, ReportResult::limit_reached}), IsEmpty());
    }
}

TEST(CallUiReports, AnAcceptedCallThatTheSystemTakesInNoFormIsEndedByTheCallee) {
    Ui ui;
    ui.feed(incoming_call());
    ui.feed(IncomingReported{kCall});
    ui.feed(UserAnswered{kCall, 5});
    ui.die_and_restart();
    EXPECT_EQ(count<ReportOutgoing>(ui.feed(IncomingReported{kCall, ReportResult::filtered_by_focus})), 1);
    ui.feed(OutgoingReported{kCall, ReportResult::filtered_by_focus});
    const Event end = ui.events().back();
    EXPECT_EQ(end.kind, EventKind::ended);
    EXPECT_EQ(end.reason, EndReason::internal_kit_error);
    EXPECT_EQ(end.source, EndSource::callee) << "it was placed by the other side";
}

// ---- a push of the app's own service ----

PushArrived push(std::optional<PushFact> fact, bool must_report = true) {
    return {.call_id = id_of(99), .fact = std::move(fact), .must_report = must_report};
}

TEST(CallUiPush, ARingIsReportedInTheSameStack) {
    Ui ui;
    const auto report = only<ReportIncoming>(ui.feed(push(incoming_call())));
    EXPECT_EQ(report.call_id, kCall);
    EXPECT_FALSE(report.placeholder);
    EXPECT_EQ(count<ReportIncoming>(ui.feed(push(incoming_call()))), 1) << "and so is its repetition";
    EXPECT_EQ(count<ReportIncoming>(ui.feed(push(incoming_call(), false))), 0) << "IOS-PK-09: not demanded";
}

TEST(CallUiPush, WhatIsOverByItIsReportedAndEnded) {
    Ui ui;
    ui.feed(push(incoming_call()));
    ui.feed(IncomingReported{kCall});
    const auto over = ui.feed(push(CallDismissed{kCall, Dismissal::answered_elsewhere}));
    EXPECT_TRUE(only<ReportIncoming>(over).placeholder);
    EXPECT_EQ(only<ReportIncoming>(over).name, text("Alice"));
    EXPECT_EQ(all<EndSystemCall>(over).at(0).reason, SystemEndReason::answered_elsewhere) << "of the ring itself";
    EXPECT_EQ(only<EndSystemCall>(ui.feed(IncomingReported{kCall})).reason, SystemEndReason::answered_elsewhere);
}

TEST(CallUiPush, WhatIsOnTheScreenStaysThere) {
    Ui ui;
    ui.feed(push(incoming_call()));
    ui.feed(IncomingReported{kCall});
    const auto updated = ui.feed(push(CallUpdated{.call_id = kCall, .name = text("Alice B.")}));
    EXPECT_EQ(only<UpdateSystemCall>(updated).name, text("Alice B."));
    EXPECT_EQ(only<ReportIncoming>(updated).name, text("Alice B."));
    EXPECT_EQ(ui.machine.view().calls.size(), 1U);
    ui.feed(OutgoingStarted{.call_id = kOther});
    const auto placed = ui.feed(push(incoming_call(kOther)));
    EXPECT_EQ(only<ReportIncoming>(placed).call_id, kOther) << "I1: also of a call that was placed here";
    EXPECT_EQ(ui.machine.view().calls.size(), 2U);
}

TEST(CallUiPush, WhatCannotBeUsedIsReportedUnderItsFreshIdAndEnded) {
    const std::vector<std::optional<PushFact>> useless{
        std::nullopt,
        CallEnded{.call_id = kOther},
        CallUpdated{.call_id = kOther, .name = text("Bob")},
        IncomingAnnounced{.name = text("Nobody"), .ring_for = kRing},
    };
    for (const auto& fact : useless) {
        Ui ui;
        EXPECT_EQ(only<ReportIncoming>(ui.feed(push(fact))).call_id, id_of(99));
        EXPECT_EQ(only<EndSystemCall>(ui.feed(IncomingReported{id_of(99)})).call_id, id_of(99));
        EXPECT_THAT(ui.machine.view().calls, IsEmpty());
    }
    Ui ui;
    auto nameless = push(std::nullopt);
    nameless.call_id = {};
    EXPECT_EQ(ui.refused(nameless), InputError::bad_input);
}

TEST(CallUiPush, WhereNoReportIsDueItIsWhatItSays) {
    for (const Platform platform : {Platform::ios, Platform::android}) {
        Ui ui{platform};
        const bool demanded = platform == Platform::android;  // Android demands none, whatever the shell says.
        EXPECT_THAT(ui.feed(push(std::nullopt, demanded)), IsEmpty());
        EXPECT_EQ(ui.refused(push(CallUpdated{.call_id = kOther}, demanded)), InputError::unknown_call);
        ui.feed(push(incoming_call(), demanded));
        EXPECT_EQ(ui.machine.view().calls.size(), 1U);
        EXPECT_EQ(count<ReportIncoming>(ui.feed(push(CallDismissed{kCall}, demanded))), 0);
        EXPECT_THAT(ui.machine.view().calls, IsEmpty());
    }
}

}  // namespace
}  // namespace clarion::callui
