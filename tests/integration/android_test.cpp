// SPDX-License-Identifier: Apache-2.0
// The flows of an Android phone through the real Kotlin shell: clariond, the local FCM service, a JVM that a push
// starts and SIGKILL ends, TLS, signed and sealed invites, WebRTC. Bob's iPhone beside it is the native client.
#include <csignal>
#include <fstream>

#include "tests/integration/stage_test.hpp"

namespace clarion::lab {
namespace {

using callui::EventKind;

class AndroidShell : public StageTest {
  protected:
    void SetUp() override {
        StageTest::SetUp();
        if (!std::filesystem::exists(std::filesystem::path{ANDROID_BUILD} / "live" / "io")) {
            GTEST_SKIP() << "the Kotlin shell is not built: ctest -R Android.Build says why";
        }
        shells_ = {{Platform::android, ANDROID_PHONE}};
    }

    void TearDown() override {
        if (android_ != nullptr) {  // -Xcheck:jni only warns.
            std::ifstream log{directory_ / "bob-android.log"};
            for (std::string line; std::getline(log, line);) {
                EXPECT_FALSE(line.contains(" in native method")) << line;
            }
        }
        StageTest::TearDown();
    }

    [[nodiscard]] bool wait_until_android_rings() { return wait_for(*android_, ScreenState::incoming); }

    /// What the app's UI was told when it adopted the call.
    [[nodiscard]] bool wait_for_adoption(const std::string& state) {
        return wait([&] {
            return std::ranges::any_of(android_->notes, [&](const std::string& note) {
                return note.starts_with("the app adopts its call: live") && note.contains(state);
            });
        });
    }

    /// The process of the app is killed by itself, so many calls into the system after it was told this.
    void die_after(const std::string& line, unsigned steps) {
        std::ofstream{android_->state_directory / "die-at"} << line << " " << steps << "\n";
    }
};

TEST_F(AndroidShell, ABackgroundPushStartsTheProcessWhichRingsBehindAServiceAndTalks) {
    build();
    place();
    ASSERT_TRUE(wait_until_android_rings());
    ASSERT_TRUE(wait([&] { return android_->phone->os().foreground_service(); }));
    EXPECT_EQ(android_->screens.front().name, "Alice");
    EXPECT_EQ(android_->launches, 1U);
    EXPECT_TRUE(android_->events.empty()) << "no code of the app runs for a ring";
    android_->phone->tap(Tap::accept);
    ASSERT_TRUE(wait_for(*android_, ScreenState::connected));
    ASSERT_TRUE(wait_for_step(*android_, "first_audio", 2)) << "both sides hear each other";
    android_->phone->tap(Tap::hang_up);
    ASSERT_TRUE(wait_for_alice());
    EXPECT_EQ(alice_->status.exit_code, kExitAnswered) << alice_->output();
    ASSERT_TRUE(wait_for_end(*android_));
    EXPECT_EQ(told_end(*android_), EndReason::normal);
    EXPECT_EQ(android_->missed_notices, 0U);
}

TEST_F(AndroidShell, ABackgroundPushRingsAndTheUiThatOpensLateAdoptsTheRingingCall) {
    build();
    place({"--end-after", "500ms"});
    ASSERT_TRUE(wait_until_android_rings());
    ASSERT_TRUE(wait_for_step(*android_, "ringing", 2));
    android_->phone->open_app();
    ASSERT_TRUE(wait([&] { return android_->has_heard(EventKind::incoming); }));
    ASSERT_TRUE(wait_for_adoption(", verified")) << testing::PrintToString(android_->notes);
    android_->phone->tap(Tap::accept);
    ASSERT_TRUE(wait_for(*android_, ScreenState::connected));
    EXPECT_TRUE(android_->has_heard(EventKind::answered));
    ASSERT_TRUE(wait_for_alice());
    EXPECT_EQ(alice_->status.exit_code, kExitAnswered) << alice_->output();
}

TEST_F(AndroidShell, AHeadsetAnswersWithoutTheUiWhichOpensLateAndAdoptsTheConnectedCall) {
    shell_arguments_ = {"--answer-with", "headset"};
    build();
    place();
    ASSERT_TRUE(wait_until_android_rings());
    android_->phone->tap(Tap::accept);
    ASSERT_TRUE(wait_for(*android_, ScreenState::connected));
    EXPECT_TRUE(android_->events.empty()) << "no code of the app ran";
    android_->phone->open_app();
    ASSERT_TRUE(wait_for_adoption("connected"));
    ASSERT_TRUE(wait([&] { return android_->has_heard(EventKind::connected); }));
    ASSERT_TRUE(wait_for_step(*android_, "first_audio", 2));
    android_->phone->tap(Tap::hang_up);
    ASSERT_TRUE(wait_for_alice());
    EXPECT_EQ(alice_->status.exit_code, kExitAnswered) << alice_->output();
}

TEST_F(AndroidShell, AForegroundPushTellsTheAppAtOnce) {
    build();
    android_->phone->open_app();
    ASSERT_TRUE(wait([&] { return android_->launches == 1; }));
    place({"--end-after", "500ms"});
    ASSERT_TRUE(wait([&] { return android_->has_heard(EventKind::incoming); }));
    ASSERT_TRUE(wait_until_android_rings());
    android_->phone->tap(Tap::accept);
    ASSERT_TRUE(wait_for_alice());
    EXPECT_EQ(alice_->status.exit_code, kExitAnswered) << alice_->output();
    ASSERT_TRUE(wait_for_end(*android_));
    EXPECT_EQ(android_->screens.back().reason, SystemEndReason::remote_ended);
    EXPECT_EQ(android_->launches, 1U);
}

TEST_F(AndroidShell, ADeclineInTheNotificationReachesTheCallerWithoutTheApp) {
    build();
    place();
    ASSERT_TRUE(wait_until_android_rings());
    android_->phone->tap(Tap::decline);
    ASSERT_TRUE(wait_for_alice());
    EXPECT_EQ(alice_->status.exit_code, kExitDeclined) << alice_->output();
    EXPECT_TRUE(android_->events.empty()) << "the app was never there";
    EXPECT_EQ(told_end(*android_), EndReason::decline);
    EXPECT_EQ(android_->missed_notices, 0U);
}

TEST_F(AndroidShell, WhenTheCallerHangsUpFirstTheRingEndsAndOneNoticeIsLeft) {
    build();
    place();
    ASSERT_TRUE(wait_until_both_ring());
    alice_->process->kill(SIGINT);
    ASSERT_TRUE(wait_for_alice());
    EXPECT_EQ(alice_->status.exit_code, kExitCancelled) << alice_->output();
    ASSERT_TRUE(wait_for_end(*android_));
    EXPECT_EQ(told_end(*android_), EndReason::cancel);
    EXPECT_EQ(android_->missed_notices, 1U);
}

TEST_F(AndroidShell, AnsweredElsewhereEndsTheRingWithoutANotice) {
    build();
    place({"--end-after", "500ms"});
    ASSERT_TRUE(wait_until_both_ring());
    ASSERT_TRUE(wait_for_step(*android_, "ringing", 2));
    iphone_->phone->tap(Tap::accept);
    ASSERT_TRUE(wait_for_end(*android_));
    EXPECT_EQ(android_->screens.back().reason, SystemEndReason::answered_elsewhere);
    ASSERT_TRUE(wait_for_alice());
    EXPECT_EQ(alice_->status.exit_code, kExitAnswered) << alice_->output();
    EXPECT_EQ(told_end(*android_), EndReason::multi_device_answer);
    EXPECT_EQ(android_->missed_notices, 0U);
}

TEST_F(AndroidShell, AnAcceptWhileTheServerIsAwayIsHonouredWhenItIsBack) {
    build();
    place({"--end-after", "500ms"});
    ASSERT_TRUE(wait_until_both_ring());
    stage_->kill_server();
    android_->phone->tap(Tap::accept);
    const auto restarted = stage_->start_server();
    ASSERT_TRUE(restarted) << restarted.error();
    ASSERT_TRUE(wait_for(*android_, ScreenState::connected));
    ASSERT_TRUE(wait_for_alice());
    EXPECT_EQ(alice_->status.exit_code, kExitAnswered) << alice_->output();
}

TEST_F(AndroidShell, AProcessThatSigkillEndsWhileItRingsRingsAgainAndTalks) {
    build();
    place({"--end-after", "500ms"});
    ASSERT_TRUE(wait_until_android_rings());
    ASSERT_TRUE(wait([&] { return android_->pushes_handled == 1; }));
    android_->phone->kill_app();
    android_->phone->open_app();
    ASSERT_TRUE(wait_until_android_rings());
    android_->phone->tap(Tap::accept);
    ASSERT_TRUE(wait_for(*android_, ScreenState::connected));
    ASSERT_TRUE(wait_for_alice());
    EXPECT_EQ(alice_->status.exit_code, kExitAnswered) << alice_->output();
    EXPECT_EQ(android_->launches, 2U);
}

TEST_F(AndroidShell, TheTokenThatFcmGaveToTheShellIsWhereItsCallsComeFrom) {
    registers_itself_ = true;
    build();
    const auto push = [&] { return stage_->run({"push", "send", "bob", "--device", "bob-android", "--body", "x"}); };
    ASSERT_FALSE(push().output.contains("over fcm")) << "nobody registered it";
    android_->phone->open_app();
    const Instant until = net::boot_now() + kLimit;
    std::string answer;
    while (!answer.contains("over fcm") && net::boot_now() < until) answer = push().output;
    ASSERT_THAT(answer, testing::HasSubstr("bob-android over fcm"))
        << "the shell told the server, over its own connection";
    place();
    ASSERT_TRUE(wait_until_android_rings());
    EXPECT_GE(android_->pushes, 2U) << "that one, and the call's";
    android_->phone->tap(Tap::decline);
    ASSERT_TRUE(wait_for_alice());
    EXPECT_EQ(alice_->status.exit_code, kExitDeclined) << alice_->output();
}

/// The tap was taken, and the process dies so many calls into the system later: before its journal, after it, while the
/// answer is on its way. What the server never heard of happens after the restart, or the user can tap again.
class AndroidShellDies : public AndroidShell, public testing::WithParamInterface<unsigned> {};

TEST_P(AndroidShellDies, NoDeclineIsLost) {
    build();
    place();
    ASSERT_TRUE(wait_until_android_rings());
    ASSERT_TRUE(wait([&] { return android_->pushes_handled == 1; }));
    die_after("user_ended", GetParam());
    android_->phone->tap(Tap::decline);
    ASSERT_TRUE(wait([&] { return !android_->deaths.empty() || alice_->done; }));
    if (!alice_->done) android_->phone->open_app();
    ASSERT_TRUE(wait([&] { return alice_->done || android_->is_on_screen(ScreenState::incoming); }));
    if (!alice_->done) android_->phone->tap(Tap::decline);
    ASSERT_TRUE(wait_for_alice());
    EXPECT_EQ(alice_->status.exit_code, kExitDeclined) << alice_->output();
    EXPECT_THAT(android_->deaths, testing::Contains("exit 137"));
    EXPECT_EQ(told_end(*android_), EndReason::decline);
    EXPECT_EQ(android_->phone->os().calls_on_screen(), 0U);
}

TEST_P(AndroidShellDies, NoAcceptIsLost) {
    build();
    place({"--end-after", "500ms"});
    ASSERT_TRUE(wait_until_android_rings());
    ASSERT_TRUE(wait([&] { return android_->pushes_handled == 1; }));
    ASSERT_TRUE(wait_for_step(*android_, "verified", 2));
    stage_->kill_server();  // So that no answer reaches it before the process is dead: its voice died with it.
    die_after("user_answered", GetParam());
    android_->phone->tap(Tap::accept);
    ASSERT_TRUE(wait([&] { return !android_->deaths.empty(); }));
    EXPECT_EQ(android_->deaths.front(), "exit 137");
    const auto restarted = stage_->start_server();
    ASSERT_TRUE(restarted) << restarted.error();
    android_->phone->open_app();
    ASSERT_TRUE(wait([&] {
        return android_->is_on_screen(ScreenState::incoming) || android_->is_on_screen(ScreenState::connected);
    }));
    if (android_->is_on_screen(ScreenState::incoming)) android_->phone->tap(Tap::accept);
    ASSERT_TRUE(wait_for_alice());
    EXPECT_EQ(alice_->status.exit_code, kExitAnswered) << alice_->output();
    ASSERT_TRUE(wait_for_end(*android_));
    EXPECT_EQ(told_end(*android_), EndReason::normal);
}

INSTANTIATE_TEST_SUITE_P(Step, AndroidShellDies, testing::Values(1U, 2U, 4U, 6U, 9U));

}  // namespace
}  // namespace clarion::lab
