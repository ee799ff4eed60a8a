// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <string>
#include <tuple>
#include <utility>
#include <variant>
#include <vector>

#include "core/callui/testing/test_ui.hpp"
#include "core/callui/validate.hpp"

/// Everything else that an app, a system or a backend may say (docs/callui.md).
namespace clarion::callui {
namespace {

using protocol::Platform;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using enum EventKind;

/// A call that is talked.
Ui talking(Platform platform = Platform::ios) {
    Ui ui{platform};
    ui.feed(incoming_call());
    ui.feed(IncomingReported{kCall});
    ui.feed(UserAnswered{kCall, 5});
    ui.feed(CallConnected{kCall});
    ui.feed(EventsAcknowledged{3});
    return ui;
}

std::vector<std::uint64_t> seqs(const std::vector<Output>& outputs) {
    std::vector<std::uint64_t> found;
    for (const auto& emitted : all<EmitEvent>(outputs)) found.push_back(emitted.event->seq);
    return found;
}

// ---- errors name the field ----

TEST(CallUiInputs, ARefusedInputNamesTheFieldThatIsOutOfItsLimits) {
    const auto with = [](auto change) {
        auto push = incoming_call();
        push.style.emplace();
        push.style->android.emplace();
        push.style->ios.emplace();
        change(push);
        return Input{push};
    };
    const std::string long_text(4'097, 'x');
    const std::vector<std::pair<Input, std::string>> rows{
        {with([&](auto& p) { p.name = text(long_text); }), "name"},
        {with([&](auto& p) { p.handle = text("\xff"); }), "handle"},
        {with([&](auto& p) { p.ring_for = Duration{-1}; }), "ring_for"},
        {with([&](auto& p) { p.call_id = {}; }), "call_id"},
        {with([&](auto& p) { p.extra = text(long_text); }), "extra"},
        {with([&](auto& p) { p.backend_id = long_text; }), "backend_id"},
        {with([&](auto& p) { p.headers = Headers{{{"a", "b\r\nc"}}}; }), "headers"},
        {with([&](auto& p) { p.headers = Headers{{{"", "b"}}}; }), "headers"},
        {with([&](auto& p) { p.style->avatar = text(long_text); }), "style.avatar"},
        {with([&](auto& p) { p.style->missed.text = long_text; }), "style.missed.text"},
        {with([&](auto& p) { p.style->calling.count = 10'000; }), "style.calling.count"},
        {with([&](auto& p) { p.style->android->text_color = "white"; }), "style.android.text_color"},
        {with([&](auto& p) { p.style->android->background_color = ""; }), "style.android.background_color"},
        {with([&](auto& p) { p.style->android->accept_color = "#12"; }), "style.android.accept_color"},
        {with([&](auto& p) { p.style->ios->call_groups = 0; }), "style.ios.call_groups"},
        {with([&](auto& p) { p.style->ios->sample_rate_hz = 44; }), "style.ios.sample_rate_hz"},
        {with([&](auto& p) { p.style->ios->audio_mode = AudioMode{99}; }), "style.ios.audio_mode"},
        {UserDialled{kCall, "12x"}, "digits"},
        {UserDialled{kCall, ""}, "digits"},
        {RedialAsked{}, "handle"},
        {MissedShown{}, "call_id"},
        {CallDismissed{}, "call_id"},
        {EventsAcknowledged{7}, "up_to"},
        {ActionTimedOut{kCall, 0}, "action"},
        {PushTokenChanged{TokenKind::fcm, text(long_text)}, "token"},
        {CustomEventReported{{}, text(long_text)}, "body"},
        {PolicyChosen{{.connect_within = Duration{-1}}}, "policy.connect_within"},
    };
    Ui ui;
    for (const auto& [input, field] : rows) {
        const InputError error = ui.refused(input);
        EXPECT_EQ(error, InputError::bad_input) << field;
        EXPECT_EQ(error.field, field);
    }
}

TEST(CallUiInputs, TextIsUtf8) {
    for (const auto* good : {"", "a", "é", "€", "😀", "\x7f"}) EXPECT_TRUE(detail::is_utf8(good)) << good;
    for (const auto* bad : {"\x80", "\xc0\x80", "\xc3", "\xe0\x80\x80", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xf8"}) {
        EXPECT_FALSE(detail::is_utf8(bad));
    }
}

// ---- the page ----

template <class... Alternatives>
void expect_named(const std::string& page, const std::variant<Alternatives...>*) {
    for (const auto name : {Describe<Alternatives>::name...}) {
        EXPECT_NE(page.find("`" + std::string{name} + "`"), std::string::npos) << name;
    }
}

/// By the last word of its path in the input: "android.text_color" or "`text_color`" will do.
template <class T>
void expect_fields(const std::string& page) {
    std::apply(
        [&](const auto&... f) {
            for (const std::string& name : {std::string{f.name}...}) {
                const bool is_there = page.find(name + "`") != std::string::npos;
                EXPECT_TRUE(is_there) << Describe<T>::name << "." << name;
            }
        },
        Describe<T>::fields
    );
}

TEST(CallUiPage, EveryInputOutputEventAndPartOfAStyleIsExplained) {
    std::ifstream file{CLARION_SOURCE_DIR "/docs/callui.md"};
    const std::string page{std::istreambuf_iterator<char>{file}, {}};
    expect_named(page, static_cast<Input*>(nullptr));
    expect_named(page, static_cast<Output*>(nullptr));
    for (const auto& entry : EnumText<EventKind>::values) {
        EXPECT_NE(page.find("`" + std::string{entry.word} + "`"), std::string::npos) << entry.word;
    }
    expect_fields<NoticeStyle>(page);
    expect_fields<AndroidStyle>(page);
    expect_fields<IosStyle>(page);
    expect_fields<CallPolicy>(page);
}

// ---- how a call looks ----

TEST(CallUiStyle, WithoutAnyChoiceTheDefaultsOfTheSystemAreReported) {
    Ui android{Platform::android};
    const auto style = *only<ReportIncoming>(android.feed(incoming_call())).style;
    ASSERT_TRUE(style.android);
    EXPECT_FALSE(style.ios);
    EXPECT_EQ(style.android->accept_text, "Accept");
    EXPECT_EQ(style.android->background_color, "#0955fa");
    EXPECT_EQ(style.missed.text, "Missed call");
    Ui ios{Platform::ios};
    const auto other = *only<ReportIncoming>(ios.feed(incoming_call())).style;
    ASSERT_TRUE(other.ios);
    EXPECT_FALSE(other.android);
    EXPECT_EQ(other.ios->icon, "CallKitLogo");
    EXPECT_EQ(other.ios->call_groups, 2U);
    Ui web{Platform::web};
    const auto plain = *only<ReportIncoming>(web.feed(incoming_call())).style;
    EXPECT_FALSE(plain.ios || plain.android);
}

TEST(CallUiStyle, TheAppsStyleHoldsForThePushHandlerOfTheNextProcessAndACallsOwnGoesBeforeIt) {
    Ui ui{Platform::android};
    CallStyle app{.app_name = "Talk"};
    app.android = AndroidStyle{.accept_text = "Annehmen"};
    ui.feed(StyleChosen{app});
    ui.die_and_restart();
    const auto first = *only<ReportIncoming>(ui.feed(incoming_call())).style;
    EXPECT_EQ(first.app_name, "Talk");
    EXPECT_EQ(first.android->accept_text, "Annehmen");
    auto own = incoming_call(kOther);
    own.style = CallStyle{.app_name = "Work"};
    const auto second = *only<ReportIncoming>(ui.feed(own)).style;
    EXPECT_EQ(second.app_name, "Work");
    EXPECT_EQ(second.android->accept_text, "Annehmen") << "a group that the call does not have is the app's";
}

TEST(CallUiStyle, AnUpdateReachesTheScreenAndTheLog) {
    Ui ui{Platform::ios};
    ui.feed(incoming_call());
    ui.feed(CallUpdated{
        .call_id = kCall,
        .name = text("Alice B."),
        .extra = text("{\"room\":7}"),
        .style = CallStyle{.app_name = "Work"},
        .handle = text("alice2"),
    });
    const auto update = only<UpdateSystemCall>(ui.feed(IncomingReported{kCall}));
    EXPECT_EQ(update.name, text("Alice B."));
    EXPECT_EQ(update.handle, text("alice2"));
    EXPECT_EQ(update.style->app_name, "Work");
    const auto event = *only<EmitEvent>(ui.feed(AppAttached{})).event;
    EXPECT_EQ(event.handle, text("alice2"));
    EXPECT_EQ(event.extra, text("{\"room\":7}"));
}

TEST(CallUiStyle, NoticesThatTheAppDoesNotWantAreNotShown) {
    Ui ui{Platform::android};
    auto push = incoming_call();
    push.style.emplace();
    push.style->missed.show = false;
    push.style->calling.show = false;
    ui.feed(push);
    EXPECT_EQ(count<ShowOngoingCall>(ui.feed(UserAnswered{kCall})), 0);
    EXPECT_EQ(count<StartForegroundService>(ui.feed(OutgoingStarted{.call_id = kOther})), 0) << "it runs already";
    EXPECT_EQ(count<ShowMissedCall>(ui.feed(CallDismissed{kCall, Dismissal::cancelled})), 0);
}

TEST(CallUiStyle, TheOngoingNoticeFollowsTheCallWithItsClock) {
    Ui ui{Platform::android};
    EXPECT_EQ(only<ShowOngoingCall>(ui.feed(OutgoingStarted{.call_id = kCall})).stage, OngoingStage::calling);
    EXPECT_EQ(only<ShowOngoingCall>(ui.feed(ConnectedSet{kCall})).stage, OngoingStage::talking);
    ui.now = ui.now + Duration{9'000};
    const auto held = only<ShowOngoingCall>(ui.feed(UserHeld{kCall, true}));
    EXPECT_EQ(held.stage, OngoingStage::on_hold);
    EXPECT_EQ(held.talked_for, Duration{9'000});
    EXPECT_EQ(count<HideOngoingCall>(ui.feed(EndRequested{kCall})), 1);
}

// ---- what belongs to a call comes back ----

TEST(CallUiExtra, ExtraHeadersAndBackendIdAreInEveryEventOfTheCallAlsoInTheNextProcess) {
    Ui ui{Platform::android};
    auto push = incoming_call();
    push.extra = text("{\"user\":\"ä\",\"n\":1.50}");
    push.headers = Headers{{{"authorization", "Bearer x"}}};
    push.backend_id = "room 7";
    ui.feed(push);
    ui.feed(IncomingReported{kCall});
    ui.feed(UserAnswered{kCall, 5});
    ui.die_and_restart();
    ui.feed(CallEnded{.call_id = kCall, .by_remote = true});
    ui.die_and_restart();
    const auto replay = all<EmitEvent>(ui.feed(AppAttached{}));
    ASSERT_EQ(replay.size(), 3U);
    for (const auto& one : replay) {
        EXPECT_EQ(one.event->extra, push.extra);
        EXPECT_EQ(one.event->headers, push.headers);
        EXPECT_EQ(one.event->backend_id, "room 7");
    }
}

TEST(CallUiExtra, TheCallsOfAnAppAreToldWithEverythingThatBelongsToThem) {
    auto ui = talking();
    ui.now = ui.now + Duration{4'000};
    auto second = incoming_call(kOther);
    second.extra = text("{}");
    ui.feed(second);
    ui.feed(UserMuted{kCall, true});
    const View view = ui.machine.view();
    ASSERT_EQ(view.calls.size(), 2U);
    EXPECT_TRUE(view.calls[0].accepted && view.calls[0].muted);
    EXPECT_EQ(view.calls[0].talked_for, Duration{4'000});
    EXPECT_FALSE(view.calls[1].accepted);
    EXPECT_EQ(view.calls[1].ring_left, kRing);
    EXPECT_EQ(view.calls[1].extra, text("{}"));
    EXPECT_EQ(view.events_waiting, 1U);
}

// ---- events ----

TEST(CallUiEvents, SilencedEventsWaitAndComeInOrder) {
    Ui ui{Platform::android};
    ui.feed(AppAttached{});
    ui.feed(incoming_call());
    EXPECT_THAT(seqs(ui.feed(IncomingReported{kCall})), ElementsAre(1));
    EXPECT_THAT(ui.feed(EventsSilenced{true}), IsEmpty());
    EXPECT_THAT(seqs(ui.feed(UserAnswered{kCall, 5})), IsEmpty());
    EXPECT_THAT(seqs(ui.feed(UserMuted{kCall, true})), IsEmpty());
    EXPECT_THAT(seqs(ui.feed(EventsSilenced{false})), ElementsAre(2, 3)) << "and 1 not again";
    EXPECT_THAT(seqs(ui.feed(EventsSilenced{false})), IsEmpty());
    ui.feed(EventsSilenced{true});
    ui.die_and_restart();
    EXPECT_THAT(seqs(ui.feed(AppAttached{})), ElementsAre(1, 2, 3)) << "silence ends with its process";
}

TEST(CallUiEvents, APushTokenIsToldWithTheNewestValueAndKept) {
    Ui ui{Platform::ios};
    ui.feed(PushTokenChanged{TokenKind::apns_voip, text("aa")});
    ui.feed(PushTokenChanged{TokenKind::apns_voip, text("bb")});
    EXPECT_THAT(ui.feed(PushTokenChanged{TokenKind::apns_voip, text("bb")}), IsEmpty());
    ui.feed(PushTokenChanged{TokenKind::apns_alert, text("cc")});
    ui.die_and_restart();
    const auto replay = all<EmitEvent>(ui.feed(AppAttached{}));
    ASSERT_EQ(replay.size(), 3U);
    EXPECT_EQ(replay[0].event->token, text("bb"));
    EXPECT_EQ(replay[2].event->token_kind, TokenKind::apns_alert);
    EXPECT_EQ(ui.machine.view().tokens.size(), 2U);
    EXPECT_EQ(only<EmitEvent>(ui.feed(PushTokenChanged{TokenKind::apns_voip, {}})).event->token, text(""));
    EXPECT_EQ(ui.machine.view().tokens.size(), 1U);
}

TEST(CallUiEvents, ACustomEventStandsInLineWithOrWithoutACall) {
    auto ui = talking();
    ui.feed(CustomEventReported{{}, text("{\"a\":1}")});
    ui.feed(CustomEventReported{kCall, text("b")});
    const auto replay = all<EmitEvent>(ui.feed(AppAttached{}));
    ASSERT_EQ(replay.size(), 2U);
    EXPECT_TRUE(replay[0].event->call_id.uuid.is_nil());
    EXPECT_EQ(replay[0].event->custom, text("{\"a\":1}"));
    EXPECT_EQ(replay[1].event->name, text("Alice"));
    ui.is_renewed = false;
    for (int n = 0; n < 100; ++n) ui.feed(CustomEventReported{{}, text(std::string(kCustomMax, 'x'))});
    EXPECT_EQ(ui.events().size(), kLogTextMax / kCustomMax) << "bounded in bytes, too";
}

TEST(CallUiEvents, CallBackOnAMissedNoticeIsHeardOnceAndTheNoticeGoes) {
    Ui ui{Platform::android};
    auto push = incoming_call();
    push.extra = text("{}");
    ui.feed(push);
    ui.wait(kRing);
    ui.feed(EventsAcknowledged{1});
    ui.die_and_restart();
    EXPECT_EQ(ui.machine.view().missed_notices, 1U);
    EXPECT_EQ(count<HideMissedCall>(ui.feed(UserCalledBack{kCall})), 1);
    EXPECT_THAT(ui.feed(UserCalledBack{kCall}), IsEmpty());
    const auto event = *only<EmitEvent>(ui.feed(AppAttached{})).event;
    EXPECT_EQ(event.kind, call_back);
    EXPECT_EQ(event.handle, text("alice"));
    EXPECT_EQ(event.extra, text("{}"));
    ui.feed(MissedShown{.call_id = kOther});
    EXPECT_EQ(count<HideMissedCall>(ui.feed(MissedSeen{kOther})), 1);
    EXPECT_EQ(ui.machine.view().missed_notices, 0U);
    EXPECT_EQ(ui.refused(MissedSeen{id_of(9)}), InputError::unknown_call);
}

// ---- controls ----

TEST(CallUiControls, WhatTheAppDoesIsMirroredOnTheSystemsScreenAndItsEchoChangesNothing) {
    auto ui = talking();
    EXPECT_EQ(only<ChangeSystemCall>(ui.feed(UserMuted{kCall, true})).change, SystemChange::mute);
    const auto echo = ui.feed(UserMuted{kCall, true, 9});
    EXPECT_EQ(count<FulfilAction>(echo), 1);
    EXPECT_EQ(echo.size(), 1U);
    EXPECT_EQ(only<ChangeSystemCall>(ui.feed(UserHeld{kCall, true})).change, SystemChange::hold);
    EXPECT_EQ(count<ChangeSystemCall>(ui.feed(UserHeld{kCall, false, 10})), 0) << "the system knows its own buttons";
    const auto tone = only<ChangeSystemCall>(ui.feed(UserDialled{kCall, "12#", ToneKind::soft_pause}));
    EXPECT_EQ(tone.digits, "12#");
    EXPECT_EQ(tone.tone, ToneKind::soft_pause);
    EXPECT_THAT(ui.kinds(), ElementsAre(muted, held, unheld, dtmf));
    EXPECT_EQ(ui.events()[3].digits, "12#");
    Ui web{Platform::web};
    web.feed(OutgoingStarted{.call_id = kCall});
    EXPECT_EQ(count<ChangeSystemCall>(web.feed(UserMuted{kCall, true})), 0) << "no switches of its own";
}

TEST(CallUiControls, AnAnswerOnTheAppsOwnScreenStopsTheSystemsRing) {
    for (const Platform platform : {Platform::ios, Platform::android, Platform::desktop, Platform::web}) {
        Ui ui{platform};
        ui.feed(incoming_call());
        ui.feed(IncomingReported{kCall});
        EXPECT_EQ(only<ChangeSystemCall>(ui.feed(UserAnswered{kCall})).change, SystemChange::answer);
        EXPECT_EQ(ui.events().back().origin, Origin::app);
    }
}

TEST(CallUiControls, AllCallsAreMutedAtOnceButNotTheOneThatRings) {
    auto ui = talking();
    ui.feed(OutgoingStarted{.call_id = kOther});
    ui.feed(OutgoingReported{kOther});
    ui.feed(incoming_call(id_of(3)));
    EXPECT_EQ(count<ChangeSystemCall>(ui.feed(AllMuted{true})), 2);
    EXPECT_THAT(ui.feed(AllMuted{true}), IsEmpty());
    EXPECT_FALSE(ui.machine.find(id_of(3))->muted);
}

TEST(CallUiControls, CallsAreGroupedAndAGroupEndsWithItsCall) {
    auto ui = talking();
    EXPECT_EQ(ui.refused(UserGrouped{kCall, kOther}).field, "with");
    EXPECT_EQ(count<FailAction>(ui.feed(UserGrouped{kCall, kOther, 8})), 1);
    ui.feed(OutgoingStarted{.call_id = kOther});
    ui.feed(CallConnected{kOther});
    EXPECT_EQ(ui.refused(UserGrouped{kCall, kCall}), InputError::wrong_state);
    EXPECT_EQ(count<FulfilAction>(ui.feed(UserGrouped{kCall, kOther, 9})), 1);
    EXPECT_EQ(ui.machine.view().calls[0].grouped_with, kOther);
    ui.feed(EndRequested{kOther});
    EXPECT_EQ(ui.machine.view().calls[0].grouped_with, std::nullopt);
    EXPECT_THAT(ui.kinds(), ElementsAre(connected, grouped, ended, ungrouped));
    EXPECT_EQ(ui.events()[1].with, kOther);
}

TEST(CallUiControls, AHiddenCallStaysAndIsAnsweredOrMissed) {
    Ui ios{Platform::ios};
    ios.feed(incoming_call());
    EXPECT_EQ(ios.refused(HideRequested{kCall}).field, "system") << "CallKit has no such thing";
    Ui ui{Platform::android};
    ui.feed(incoming_call());
    EXPECT_EQ(only<ChangeSystemCall>(ui.feed(HideRequested{kCall})).change, SystemChange::hide);
    EXPECT_THAT(ui.feed(HideRequested{kCall}), IsEmpty());
    EXPECT_EQ(count<ReportIncoming>(ui.die_and_restart()), 0);
    EXPECT_EQ(ui.machine.view().calls.size(), 1U);
    EXPECT_EQ(count<ShowMissedCall>(ui.wait(kRing)), 1);
}

TEST(CallUiControls, ACallThatIsAnsweredAndNeverConnectedFailsInItsTime) {
    Ui ui{Platform::ios};
    ui.feed(PolicyChosen{{.connect_within = Duration{10'000}}});
    ui.feed(incoming_call());
    ui.feed(UserAnswered{kCall, 5});
    EXPECT_EQ(ui.machine.next_deadline(), kStart + Duration{10'000});
    ui.die_and_restart(Duration{4'000});
    ui.feed(UserAnswered{kCall, 6});
    const auto end = ui.wait(Duration{6'000});
    EXPECT_EQ(only<EndSystemCall>(end).reason, SystemEndReason::failed);
    EXPECT_EQ(count<FailAction>(end), 1);
    EXPECT_EQ(ui.events().back().outcome, Outcome::failed);
}

TEST(CallUiControls, AloneAnAnsweredCallFailsInItsSystemsTimeAndAnAppMayChooseAnother) {
    const std::vector<std::pair<Platform, Duration>> limits{
        {Platform::ios, Duration{8'000}},  // IOS-CK-09
        {Platform::android, Duration{30'000}},
        {Platform::desktop, Duration{30'000}},
        {Platform::web, Duration{30'000}},
    };
    for (const auto& [platform, limit] : limits) {
        Ui ui{standalone_rules(platform)};
        ui.feed(PolicyChosen{{.second = SecondCall::busy}});  // Says nothing of it.
        ui.feed(incoming_call());
        ui.feed(UserAnswered{kCall, 5});
        ui.die_and_restart(Duration{1'000});
        EXPECT_THAT(ui.wait(limit - Duration{1'001}), IsEmpty());
        const auto end = ui.wait(Duration{1});
        EXPECT_EQ(only<EndSystemCall>(end).reason, SystemEndReason::failed);
        EXPECT_EQ(ui.events().back().outcome, Outcome::failed);
        EXPECT_TRUE(ui.machine.view().calls.empty());
    }
    for (const Duration chosen : {Duration{0}, Duration{90'000}}) {
        Ui ui{standalone_rules(Platform::android)};
        ui.feed(PolicyChosen{{.connect_within = chosen}});
        ui.feed(incoming_call());
        ui.feed(UserAnswered{kCall, 5});
        EXPECT_EQ(ui.machine.next_deadline(), chosen == Duration{0} ? kNever : kStart + chosen);
    }
    Ui of_an_engine{Platform::android};
    of_an_engine.feed(incoming_call());
    of_an_engine.feed(UserAnswered{kCall, 5});
    EXPECT_EQ(of_an_engine.machine.next_deadline(), kNever) << "the engine has deadlines of its own";
}

// ---- a snapshot from anywhere ----

TEST(CallUiRestore, ADamagedSnapshotIsRefusedAndNeverRuns) {
    auto ui = talking();
    const auto damaged = [&](auto change) {
        Snapshot snapshot = ui.machine.snapshot();
        change(snapshot);
        return CallUi::restore(ui.rules_, snapshot, kStart, Duration{0}).error();
    };
    EXPECT_EQ(damaged([](Snapshot& s) { s.records.push_back(s.records[0]); }), RestoreError::damaged);
    EXPECT_EQ(damaged([](Snapshot& s) { s.records[0].ring_until = Instant{INT64_MIN}; }), RestoreError::damaged);
    EXPECT_EQ(damaged([](Snapshot& s) { s.records[0].name = text("\xff"); }), RestoreError::damaged);
    EXPECT_EQ(damaged([](Snapshot& s) { s.events.resize(kEventsMax + 1); }), RestoreError::damaged);
    EXPECT_EQ(damaged([](Snapshot& s) { s.now = Instant{INT64_MIN}; }), RestoreError::damaged);
    EXPECT_EQ(damaged([](Snapshot& s) { s.version = 2; }), RestoreError::unknown_version);
}

TEST(CallUiRestore, WhatIsOverIsBounded) {
    Ui ui{Platform::android};
    for (int n = 1; n <= 60; ++n) ui.feed(CallDismissed{id_of(n), Dismissal::cancelled});
    EXPECT_EQ(ui.machine.snapshot().recent.size(), kRecentMax);
    EXPECT_EQ(count<ReportIncoming>(ui.feed(incoming_call(id_of(60)))), 0);
    EXPECT_EQ(count<ReportIncoming>(ui.feed(incoming_call(id_of(1)))), 1) << "the oldest is forgotten first";
}

}  // namespace
}  // namespace clarion::callui
