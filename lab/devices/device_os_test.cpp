// SPDX-License-Identifier: Apache-2.0
#include "lab/devices/device_os.hpp"

#include <gmock/gmock.h>

#include <vector>

namespace clarion::lab {
namespace {

using testing::Contains;

const CallId kCall = *CallId::parse("7f3c1d2e-0a4b-4c5d-8e6f-001122334455");

struct Phone {
    explicit Phone(Platform platform) : os{platform} {}

    std::vector<OsCommand> feed(Instant now, const OsFact& fact) {
        os.handle(now, fact);
        std::vector<OsCommand> commands;
        while (auto command = os.poll_command()) commands.push_back(std::move(*command));
        return commands;
    }
    std::vector<OsCommand> say(Instant now, ToSystem message) { return feed(now, AppSaid{std::move(message)}); }

    /// Push to a dead app up to the moment when the app has the push.
    std::vector<OsCommand> wake(Instant now) {
        feed(now, PushArrived{});
        return say(now, native::Launched{});
    }
    std::vector<OsCommand> report(Instant now) { return say(now, callui::ReportIncoming{.call_id = kCall}); }

    DeviceOs os;
};

template <class Command>
const Command* first_of(const std::vector<OsCommand>& commands) {
    for (const OsCommand& command : commands) {
        if (const auto* one = std::get_if<Command>(&command)) return one;
    }
    return nullptr;
}

template <class Message>
const Message* told(const std::vector<OsCommand>& commands) {
    for (const OsCommand& command : commands) {
        const auto* tell = std::get_if<TellApp>(&command);
        if (tell == nullptr) continue;
        if (const auto* message = std::get_if<Message>(&tell->message)) return message;
    }
    return nullptr;
}

TEST(IosPhone, APushToADeadAppStartsItAndIsDeliveredOnceItLaunched) {
    Phone phone{Platform::ios};
    EXPECT_TRUE(first_of<StartApp>(phone.feed(Instant{0}, PushArrived{})));
    EXPECT_TRUE(told<native::PushDelivered>(phone.say(Instant{20}, native::Launched{})));
}

TEST(IosPhone, AnAppThatReturnsFromItsPushHandlerWithoutAReportIsKilled) {
    Phone phone{Platform::ios};
    phone.wake(Instant{0});
    const auto commands = phone.say(Instant{10}, native::PushHandlerReturned{});
    ASSERT_TRUE(first_of<ReportViolation>(commands));
    EXPECT_EQ(first_of<ReportViolation>(commands)->violation, Violation::ios_unreported_push);
    EXPECT_TRUE(first_of<KillApp>(commands));
    EXPECT_FALSE(phone.os.app_is_running());
}

TEST(IosPhone, AnAppThatReportsInTimeLives) {
    Phone phone{Platform::ios};
    phone.wake(Instant{0});
    const auto reported = phone.report(Instant{5});
    ASSERT_TRUE(told<engine::IncomingReported>(reported));
    EXPECT_EQ(told<engine::IncomingReported>(reported)->result, engine::ReportResult::shown);
    EXPECT_TRUE(phone.say(Instant{6}, native::PushHandlerReturned{}).empty());
    EXPECT_EQ(phone.os.next_deadline(), kNever);
}

TEST(IosPhone, WhatTheAppAsksForComesBackAsAnActionAndIsOnTheScreenWhenItIsFulfilled) {
    Phone phone{Platform::ios};
    phone.wake(Instant{0});
    phone.report(Instant{5});
    const auto asked = phone.say(Instant{6}, callui::ChangeSystemCall{.call_id = kCall});
    ASSERT_TRUE(told<engine::UserAnswered>(asked));
    const auto done = phone.say(Instant{7}, callui::FulfilAction{kCall, told<engine::UserAnswered>(asked)->action});
    ASSERT_TRUE(first_of<ScreenChanged>(done));
    EXPECT_EQ(first_of<ScreenChanged>(done)->state, ScreenState::connected);
    EXPECT_TRUE(told<engine::AudioActivated>(done));
    const auto held = phone.say(Instant{8}, callui::ChangeSystemCall{kCall, callui::SystemChange::hold});
    ASSERT_TRUE(told<engine::UserHeld>(held));
    EXPECT_TRUE(told<engine::UserHeld>(held)->on);
}

TEST(IosPhone, AnAppThatHangsIsKilledAfterSevenSeconds) {
    Phone phone{Platform::ios};
    phone.wake(Instant{0});
    EXPECT_EQ(phone.os.next_deadline(), Instant{7'000});
    EXPECT_TRUE(phone.feed(Instant{6'999}, TimePassed{}).empty());
    const auto commands = phone.feed(Instant{7'000}, TimePassed{});
    ASSERT_TRUE(first_of<ReportViolation>(commands));
    EXPECT_EQ(first_of<ReportViolation>(commands)->violation, Violation::ios_late_report);
}

TEST(IosPhone, AfterThreeFailuresItIsNoLongerWoken) {
    Phone phone{Platform::ios};
    for (int i = 0; i < 3; ++i) {
        phone.wake(Instant{i * 100});
        phone.say(Instant{i * 100 + 10}, native::PushHandlerReturned{});
        phone.feed(Instant{i * 100 + 20}, AppExited{});
    }
    const auto commands = phone.feed(Instant{1'000}, PushArrived{});
    ASSERT_TRUE(first_of<ReportViolation>(commands));
    EXPECT_EQ(first_of<ReportViolation>(commands)->violation, Violation::ios_push_blocked);
    EXPECT_FALSE(first_of<StartApp>(commands));
}

TEST(IosPhone, InFocusTheReportIsRefusedButCounts) {
    Phone phone{Platform::ios};
    phone.os.set_focus(true);
    phone.wake(Instant{0});
    const auto commands = phone.report(Instant{5});
    ASSERT_TRUE(told<engine::IncomingReported>(commands));
    EXPECT_EQ(told<engine::IncomingReported>(commands)->result, engine::ReportResult::filtered_by_focus);
    EXPECT_FALSE(first_of<KillApp>(phone.say(Instant{6}, native::PushHandlerReturned{})));
}

TEST(IosPhone, AudioIsActivatedOnlyAfterTheAnswerWasFulfilled) {
    Phone phone{Platform::ios};
    phone.wake(Instant{0});
    phone.report(Instant{1});
    phone.say(Instant{2}, native::PushHandlerReturned{});
    const auto tapped = phone.feed(Instant{1'000}, UserTapped{Tap::accept, {}});
    ASSERT_TRUE(told<engine::UserAnswered>(tapped));
    EXPECT_FALSE(told<engine::AudioActivated>(tapped));
    const auto action = told<engine::UserAnswered>(tapped)->action;
    const auto fulfilled = phone.say(Instant{1'050}, callui::FulfilAction{kCall, action});
    EXPECT_TRUE(told<engine::AudioActivated>(fulfilled));
    const auto ended = phone.say(Instant{2'000}, callui::EndSystemCall{kCall, SystemEndReason::remote_ended});
    EXPECT_TRUE(told<engine::AudioDeactivated>(ended));
    EXPECT_EQ(phone.os.calls_on_screen(), 0U);
}

TEST(IosPhone, AHeldCallIsShownAsHeldOnlyWhenTheAppDidIt) {
    Phone phone{Platform::ios};
    phone.wake(Instant{0});
    phone.report(Instant{10});
    phone.say(Instant{11}, native::PushHandlerReturned{});
    const auto accept = phone.feed(Instant{20}, UserTapped{Tap::accept});
    phone.say(Instant{30}, callui::FulfilAction{kCall, told<engine::UserAnswered>(accept)->action});
    EXPECT_TRUE(phone.feed(Instant{31}, UserTapped{Tap::resume}).empty()) << "it is not held";
    const auto hold = phone.feed(Instant{40}, UserTapped{Tap::hold});
    ASSERT_TRUE(told<engine::UserHeld>(hold));
    EXPECT_TRUE(told<engine::UserHeld>(hold)->on);
    EXPECT_FALSE(first_of<ScreenChanged>(hold));
    const auto held = phone.say(Instant{41}, callui::FulfilAction{kCall, told<engine::UserHeld>(hold)->action});
    EXPECT_EQ(first_of<ScreenChanged>(held)->state, ScreenState::held);
    const auto resume = phone.feed(Instant{50}, UserTapped{Tap::resume});
    EXPECT_FALSE(told<engine::UserHeld>(resume)->on);
    const auto refused = phone.say(Instant{51}, callui::FailAction{kCall, told<engine::UserHeld>(resume)->action});
    EXPECT_FALSE(first_of<ScreenChanged>(refused)) << "an action that failed leaves the call as it was";
    EXPECT_EQ(phone.os.calls_on_screen(), 1U);
}

TEST(IosPhone, AnActionThatNobodyAnswersTimesOut) {
    Phone phone{Platform::ios};
    phone.wake(Instant{0});
    phone.report(Instant{1});
    phone.say(Instant{2}, native::PushHandlerReturned{});
    phone.feed(Instant{1'000}, UserTapped{Tap::accept, {}});
    EXPECT_TRUE(told<engine::ActionTimedOut>(phone.feed(Instant{11'000}, TimePassed{})));
}

TEST(IosPhone, EndingAnUnknownCallIsAViolation) {
    Phone phone{Platform::ios};
    phone.wake(Instant{0});
    const auto commands = phone.say(Instant{1}, callui::EndSystemCall{kCall, SystemEndReason::failed});
    ASSERT_TRUE(first_of<ReportViolation>(commands));
    EXPECT_EQ(first_of<ReportViolation>(commands)->violation, Violation::ios_unknown_uuid);
}

TEST(IosPhone, TheCallsOfADeadProcessLeaveTheScreen) {
    Phone phone{Platform::ios};
    phone.wake(Instant{0});
    phone.report(Instant{1});
    const auto commands = phone.feed(Instant{2}, AppExited{});
    ASSERT_TRUE(first_of<ScreenChanged>(commands));
    EXPECT_EQ(first_of<ScreenChanged>(commands)->state, ScreenState::gone);
}

TEST(AndroidPhone, WithoutAForegroundServiceTheProcessDiesWithItsPushWindow) {
    Phone phone{Platform::android};
    phone.wake(Instant{0});
    phone.report(Instant{5});
    phone.say(Instant{6}, native::PushHandlerReturned{});
    EXPECT_EQ(phone.os.next_deadline(), Instant{20'000});
    EXPECT_TRUE(first_of<KillApp>(phone.feed(Instant{20'000}, TimePassed{})));
}

TEST(AndroidPhone, AForegroundServiceKeepsItAlive) {
    Phone phone{Platform::android};
    phone.wake(Instant{0});
    phone.say(Instant{5}, callui::StartForegroundService{});
    phone.report(Instant{6});
    phone.say(Instant{7}, native::PushHandlerReturned{});
    EXPECT_EQ(phone.os.next_deadline(), kNever);
    EXPECT_TRUE(phone.feed(Instant{60'000}, TimePassed{}).empty());
    phone.say(Instant{60'000}, callui::StopForegroundService{});
    EXPECT_TRUE(first_of<KillApp>(phone.feed(Instant{61'000}, TimePassed{})));
}

TEST(AndroidPhone, AServiceMayNotStartFromTheBackgroundLater) {
    Phone phone{Platform::android};
    phone.wake(Instant{0});
    const auto commands = phone.say(Instant{10'001}, callui::StartForegroundService{});
    ASSERT_TRUE(first_of<ReportViolation>(commands));
    EXPECT_EQ(first_of<ReportViolation>(commands)->violation, Violation::and_fgs_not_allowed);
    EXPECT_TRUE(first_of<KillApp>(commands));
}

TEST(AndroidPhone, ANormalPriorityPushGivesNoRightToAService) {
    Phone phone{Platform::android};
    phone.feed(Instant{0}, PushArrived{.high_priority = false});
    phone.say(Instant{1}, native::Launched{});
    EXPECT_TRUE(first_of<KillApp>(phone.say(Instant{2}, callui::StartForegroundService{})));
}

TEST(AndroidPhone, AnAppThatTheUserLooksAtIsNotKilled) {
    Phone phone{Platform::android};
    phone.wake(Instant{0});
    phone.say(Instant{1}, native::PushHandlerReturned{});
    phone.feed(Instant{2}, AppOpenedByUser{});
    EXPECT_EQ(phone.os.next_deadline(), kNever);
    EXPECT_FALSE(first_of<KillApp>(phone.feed(Instant{60'000}, TimePassed{})));
}

TEST(AndroidPhone, AnAcceptHasNoTimeOut) {
    Phone phone{Platform::android};
    phone.wake(Instant{0});
    phone.say(Instant{1}, callui::StartForegroundService{});
    phone.report(Instant{2});
    phone.feed(Instant{3'000}, UserTapped{Tap::accept, {}});
    EXPECT_EQ(phone.os.next_deadline(), kNever);
}

TEST(AndroidPhone, AnAcceptedCallIsShownAgainByTheNextProcess) {
    Phone phone{Platform::android};
    phone.wake(Instant{0});
    const auto commands = phone.say(Instant{1}, callui::UpdateSystemCall{.call_id = kCall});
    ASSERT_TRUE(first_of<ScreenChanged>(commands));
    EXPECT_EQ(first_of<ScreenChanged>(commands)->state, ScreenState::connecting);
    EXPECT_TRUE(told<engine::UserEnded>(phone.feed(Instant{2}, UserTapped{Tap::hang_up, {}})));
}

TEST(AndroidPhone, TheMicrophoneNeedsTheUsersTouch) {
    Phone phone{Platform::android};
    phone.wake(Instant{0});
    phone.say(Instant{1}, callui::StartForegroundService{});
    phone.report(Instant{2});
    phone.feed(Instant{3'000}, UserTapped{Tap::accept, {}});
    EXPECT_TRUE(phone.say(Instant{3'100}, callui::StartForegroundService{.microphone = true}).empty());

    Phone ringing{Platform::android};
    ringing.wake(Instant{0});
    const auto commands = ringing.say(Instant{1}, callui::StartForegroundService{.microphone = true});
    ASSERT_TRUE(first_of<ReportViolation>(commands));
    EXPECT_EQ(first_of<ReportViolation>(commands)->violation, Violation::and_fgs_type);
}

}  // namespace
}  // namespace clarion::lab
