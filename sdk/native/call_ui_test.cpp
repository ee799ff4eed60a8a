// SPDX-License-Identifier: Apache-2.0
#include "sdk/native/call_ui.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <fstream>

#include "core/callui/backend_id.hpp"
#include "net/clock.hpp"
#include "sdk/native/journal.hpp"
#include "sdk/native/testing/fake_ui.hpp"
#include "sdk/native/testing/temporary_directory.hpp"

namespace clarion {
namespace {

using callui::EventKind;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr Duration kLimit{10'000};

struct CallUiTest : ::testing::Test {
    net::Loop loop;
    native::testing::TemporaryDirectory directory;
    native::testing::FakeUi system;
    std::vector<callui::Event> events;
    std::vector<std::string> warnings;
    std::unique_ptr<CallUi> ui;

    std::expected<std::unique_ptr<CallUi>, std::string> make(
        net::Loop& on, protocol::Platform platform = protocol::Platform::android
    ) {
        CallUiOptions options{
            .state_directory = directory.path() / "screen",
            .rules = callui::system_rules(platform),
            .log =
                [this](LogLevel level, std::string_view line) {
                    if (level >= LogLevel::warning) warnings.emplace_back(line);
                },
        };
        return CallUi::create(on, std::move(options), system);
    }

    void start(protocol::Platform platform = protocol::Platform::android) {
        auto made = make(loop, platform);
        ASSERT_TRUE(made.has_value()) << made.error();
        ui = std::move(*made);
        ui->start();
    }

    void listen() {
        ui->attach([this](const callui::Event& event) { events.push_back(event); });
    }

    /// The system kills the app's process in the middle of what `does`; this one goes on as the next process.
    void killed_in(const std::function<void(CallUi&)>& does) {
        const pid_t child = ::fork();
        ASSERT_GE(child, 0);
        if (child == 0) {
            net::Loop its_loop;
            auto made = make(its_loop);
            if (made) {
                (*made)->start();
                does(**made);
            }
            ::_exit(1);  // It was to be killed.
        }
        int status = 0;
        ASSERT_EQ(::waitpid(child, &status, 0), child);
        ASSERT_TRUE(WIFSIGNALED(status)) << status;
    }

    [[nodiscard]] static callui::IncomingAnnounced call(Duration ring_for = Duration{60'000}) {
        callui::IncomingAnnounced call{
            .name = Redacted<std::string>{"Alice"},
            .handle = Redacted<std::string>{"+4930123"},
            .ring_for = ring_for,
        };
        call.backend_id = "room 7";
        call.extra = Redacted<std::string>{R"({"room":7})"};
        return call;
    }

    [[nodiscard]] static CallId call_id() { return callui::call_id_of("room 7"); }

    [[nodiscard]] std::vector<EventKind> kinds() const {
        std::vector<EventKind> kinds;
        for (const auto& event : events) kinds.push_back(event.kind);
        return kinds;
    }

    [[nodiscard]] std::filesystem::path journal() const { return directory.path() / "screen" / "call_ui.journal"; }
};

void die() { ::kill(::getpid(), SIGKILL); }

TEST_F(CallUiTest, AWholeIncomingCallOverAVoiceServiceOfTheAppsOwn) {
    start();
    listen();
    const auto id = ui->incoming(call());
    ASSERT_TRUE(id.has_value());
    EXPECT_EQ(*id, call_id()) << "the same text is the same call";
    ASSERT_NE(system.find<callui::ReportIncoming>(), nullptr) << "before the push handler returns";
    ui->feed(callui::IncomingReported{*id, callui::ReportResult::shown});
    ui->feed(callui::UserAnswered{*id, 5});
    EXPECT_EQ(system.find<callui::FulfilAction>(), nullptr) << "connected is what fulfils an answer (I5)";
    ui->connected(*id);
    ASSERT_NE(system.find<callui::FulfilAction>(), nullptr);
    ui->mute(*id, true);
    ui->hold(*id, true);
    ui->dial(*id, "12#");
    ui->peer_held(*id, true, "lunch");
    ASSERT_TRUE(ui->find(*id).has_value());
    EXPECT_TRUE(ui->find(*id)->muted);
    EXPECT_TRUE(ui->find(*id)->peer_held);
    ui->dismiss(*id, callui::Dismissal::cancelled);
    EXPECT_FALSE(ui->find(*id).has_value());
    EXPECT_NE(system.find<callui::EndSystemCall>(), nullptr);
    EXPECT_THAT(
        kinds(), ElementsAre(
                     EventKind::incoming, EventKind::answered, EventKind::connected, EventKind::muted, EventKind::held,
                     EventKind::dtmf, EventKind::peer_held, EventKind::ended
                 )
    );
    for (const auto& event : events) EXPECT_EQ(event.extra.reveal(), R"({"room":7})");
    EXPECT_EQ(ui->view().events_waiting, 0U) << "heard is acknowledged";
    EXPECT_THAT(warnings, IsEmpty());
}

TEST_F(CallUiTest, AWholeOutgoingCall) {
    start();
    listen();
    callui::OutgoingStarted call{.name = Redacted<std::string>{"Bob"}};
    call.backend_id = "sip:bob@example.org;1";
    const auto id = ui->outgoing(std::move(call));
    ASSERT_TRUE(id.has_value());
    ui->placed(*id);
    ui->peer_rang(*id);
    ui->connected(*id);
    ui->end(*id);
    EXPECT_THAT(
        kinds(), ElementsAre(EventKind::placed, EventKind::peer_ringing, EventKind::connected, EventKind::ended)
    );
    EXPECT_NE(system.find<callui::ReportOutgoingConnected>(), nullptr);
}

TEST_F(CallUiTest, ARingThatIsOverIsAMissedCall) {
    start();
    listen();
    ASSERT_TRUE(ui->incoming(call(Duration{30})).has_value());
    ui->feed(callui::IncomingReported{call_id(), callui::ReportResult::shown});
    ASSERT_TRUE(loop.run_until([&] { return system.find<callui::ShowMissedCall>() != nullptr; }, kLimit));
    EXPECT_THAT(kinds(), ElementsAre(EventKind::incoming, EventKind::ended));
    EXPECT_EQ(events.back().outcome, Outcome::missed);
    ui->missed_seen(call_id());
    EXPECT_NE(system.find<callui::HideMissedCall>(), nullptr);
}

TEST_F(CallUiTest, RefusedDataNamesItsFieldAndChangesNothing) {
    start();
    auto bad = call();
    bad.style.emplace().android.emplace().text_color = "red";
    const auto id = ui->incoming(std::move(bad));
    ASSERT_FALSE(id.has_value());
    EXPECT_EQ(id.error().field, "style.android.text_color");
    EXPECT_THAT(ui->view().calls, IsEmpty());
    EXPECT_THAT(system.commands, IsEmpty());
    EXPECT_FALSE(ui->use_style({.app_name = std::string(500, 'x')}).has_value());
    EXPECT_FALSE(ui->push_token(callui::TokenKind::fcm, std::string(5000, 'x')).has_value());
    EXPECT_FALSE(ui->update({.call_id = call_id()}).has_value());
    const auto custom = ui->custom_event("{not json");
    ASSERT_FALSE(custom.has_value());
    EXPECT_EQ(custom.error().field, "body");
    auto not_json = call();
    not_json.extra = Redacted<std::string>{"{not json"};
    EXPECT_TRUE(ui->incoming(std::move(not_json)).has_value()) << "nothing in it keeps a call from ringing";
}

TEST_F(CallUiTest, WhatFollowsFromACallbackComesAfterTheBatch) {
    start();
    system.on_command = [this](const native::SystemCommand& command) {
        if (!std::holds_alternative<callui::ReportIncoming>(command)) return;
        ui->feed(callui::IncomingReported{call_id(), callui::ReportResult::shown});
        ui->answer(call_id());
        EXPECT_EQ(ui->find(call_id())->phase, callui::Phase::accepted) << "taken at once";
        EXPECT_EQ(system.count<callui::ChangeSystemCall>(), 0) << "performed later";
    };
    ui->attach([this](const callui::Event& event) {
        events.push_back(event);
        if (event.kind == EventKind::answered) ui->connected(call_id());
    });
    ASSERT_TRUE(ui->incoming(call()).has_value());
    EXPECT_EQ(system.count<callui::ChangeSystemCall>(), 1) << "and yet before the push handler returns";
    EXPECT_THAT(kinds(), ElementsAre(EventKind::incoming, EventKind::answered, EventKind::connected));
}

TEST_F(CallUiTest, ACallGoesOnInTheProcessThatComesAfterAKill) {
    killed_in([](CallUi& its) {
        (void)its.incoming(call());
        its.feed(callui::IncomingReported{call_id(), callui::ReportResult::shown});
        its.feed(callui::UserAnswered{call_id(), 5});
        die();
    });
    start();
    const auto found = ui->find(call_id());
    ASSERT_TRUE(found.has_value());
    EXPECT_EQ(found->phase, callui::Phase::accepted) << "the tap was not lost (I4)";
    EXPECT_EQ(found->backend_id, "room 7");
    EXPECT_NE(system.find<callui::UpdateSystemCall>(), nullptr) << "it is on the screen of the next process, too";
    listen();
    EXPECT_THAT(kinds(), ElementsAre(EventKind::incoming, EventKind::answered));
}

TEST_F(CallUiTest, ARingGoesOnForTheRestOfItsTimeAfterAKill) {
    killed_in([](CallUi& its) {
        (void)its.incoming(call(Duration{300}));
        its.feed(callui::IncomingReported{call_id(), callui::ReportResult::shown});
        die();
    });
    start();
    const auto* report = system.find<callui::ReportIncoming>();
    if (report != nullptr) EXPECT_LE(report->ring_for, Duration{300});
    ASSERT_TRUE(loop.run_until([&] { return ui->view().calls.empty(); }, kLimit));
    EXPECT_EQ(system.count<callui::ShowMissedCall>(), 1) << "exactly one notice (I9)";
}

TEST_F(CallUiTest, AnEventThatKilledItsListenerIsToldAgainAndOneThatWasHeardIsNot) {
    killed_in([](CallUi& its) {
        its.attach([](const callui::Event& event) {
            if (event.kind == EventKind::answered) die();
        });
        (void)its.incoming(call());
        its.feed(callui::IncomingReported{call_id(), callui::ReportResult::shown});
        its.answer(call_id());
    });
    start();
    listen();
    EXPECT_THAT(kinds(), ElementsAre(EventKind::answered));
    ui.reset();
    events.clear();
    start();
    listen();
    EXPECT_THAT(kinds(), IsEmpty());
}

TEST_F(CallUiTest, AfterAnotherBootTheWallClockSaysHowLongItWasAway) {
    start();
    ASSERT_TRUE(ui->incoming(call()).has_value());
    ui->feed(callui::IncomingReported{call_id(), callui::ReportResult::shown});
    ui.reset();
    auto kept = native::Journal{journal(), native::system_boot_id()}.load().value().value().snapshot;
    const std::string was = "{\"at\":";
    ASSERT_TRUE(kept.starts_with(was)) << kept.substr(0, 40);
    const auto end = kept.find(',');
    const auto two_minutes_ago = net::wall_now().ms - 120'000;
    kept.replace(0, end, was + std::to_string(two_minutes_ago));
    ASSERT_TRUE(native::Journal(journal(), "another-boot").store(kept).has_value());
    system.commands.clear();
    start();
    EXPECT_THAT(warnings, IsEmpty());
    EXPECT_THAT(ui->view().calls, IsEmpty());
    EXPECT_EQ(system.count<callui::ShowMissedCall>(), 1);
    EXPECT_EQ(system.count<callui::ReportIncoming>(), 0) << "it would ring for a call that is long over";
}

TEST_F(CallUiTest, ADamagedJournalIsDroppedWithOneLine) {
    start();
    ui.reset();
    std::ofstream{journal()} << "clarion-journal 1 rubbish";
    start();
    ASSERT_EQ(warnings.size(), 1U);
    EXPECT_THAT(warnings.front(), HasSubstr("damaged"));
    ASSERT_TRUE(native::Journal(journal(), native::system_boot_id()).store(R"({"version":1})").has_value());
    ui.reset();
    start();
    ASSERT_EQ(warnings.size(), 2U);
    EXPECT_THAT(warnings.back(), HasSubstr("put aside"));
}

TEST_F(CallUiTest, ASecondOneOverTheSameDirectoryIsRefused) {
    start();
    const auto second = make(loop);
    ASSERT_FALSE(second.has_value());
    EXPECT_THAT(second.error(), HasSubstr("in use"));
}

TEST_F(CallUiTest, StyleTokensAndCustomEventsOutliveTheProcess) {
    killed_in([](CallUi& its) {
        (void)its.use_style({.app_name = "Our App"});
        (void)its.push_token(callui::TokenKind::fcm, "token");
        (void)its.custom_event(R"({"hello":1})");
        die();
    });
    start();
    listen();
    EXPECT_THAT(kinds(), ElementsAre(EventKind::push_token, EventKind::custom));
    ASSERT_EQ(ui->view().tokens.size(), 1U);
    ASSERT_TRUE(ui->incoming(call()).has_value());
    ASSERT_NE(system.find<callui::ReportIncoming>(), nullptr);
    EXPECT_EQ(system.find<callui::ReportIncoming>()->style->app_name, "Our App");
}

}  // namespace
}  // namespace clarion
