// SPDX-License-Identifier: Apache-2.0
// The real iOS shell in a process of its own, woken by the local APNs, against the real server: the flows of an iPhone.
#include <csignal>
#include <fstream>
#include <iterator>

#include "lab/stage/speech.hpp"
#include "tests/integration/stage_test.hpp"

namespace clarion::lab {
namespace {

using testing::HasSubstr;

class IPhoneShell : public StageTest {
  protected:
    IPhoneShell() { shells_[Platform::ios] = CLARION_IPHONE; }

    [[nodiscard]] std::string trace() { return stage_->run({"trace", iphone_->screens.front().call_id.text()}).output; }

    /// A recording has this much more than now.
    [[nodiscard]] bool wait_until_longer(const std::filesystem::path& recording, Duration time) {
        constexpr std::int64_t kBytesEachMillisecond = 96;  // 48 kHz, 16 bits, one channel.
        const auto size = [&]() -> std::int64_t {
            std::error_code failure;
            const auto bytes = std::filesystem::file_size(recording, failure);
            return failure ? 0 : static_cast<std::int64_t>(bytes);
        };
        const std::int64_t enough = size() + time.count() * kBytesEachMillisecond;
        return wait([&] { return size() >= enough; });
    }

    /// What the shell keeps for the process that comes after.
    [[nodiscard]] std::string journal() const {
        std::ifstream file{iphone_->state_directory / "journal", std::ios::binary};
        return {std::istreambuf_iterator<char>{file}, {}};
    }
};

TEST_F(IPhoneShell, APushWakesTheKilledAppAndAcceptActivatesTheAudioConnectsAndEnds) {
    build();
    EXPECT_EQ(iphone_->launches, 0U);
    place();
    ASSERT_TRUE(wait_until_both_ring());
    EXPECT_EQ(iphone_->screens.front().name, "Alice");
    iphone_->phone->tap(Tap::accept);
    ASSERT_TRUE(wait_for(*iphone_, ScreenState::connected));
    ASSERT_TRUE(wait_for_step(*iphone_, "first_audio", 2));
    EXPECT_THAT(iphone_->notes, testing::ElementsAre("audio session active"));
    iphone_->phone->tap(Tap::hang_up);
    ASSERT_TRUE(wait_for_alice());
    EXPECT_EQ(alice_->status.exit_code, kExitAnswered) << alice_->output();
    ASSERT_TRUE(wait_for_end(*iphone_));
    EXPECT_EQ(told_end(*iphone_), EndReason::normal);
    EXPECT_EQ(iphone_->launches, 1U);
    for (const char* step : {"push_accepted", "woke", "ringing", "tapped_accept", "answered", "media_connected"}) {
        EXPECT_THAT(trace(), HasSubstr(step));
    }
}

TEST_F(IPhoneShell, AcceptTappedBeforeVerificationCounts) {
    build();
    // In the stack of the report: the app has not even a connection yet.
    iphone_->on_screen = [this](const ScreenChanged& change) {
        if (change.state == ScreenState::incoming) iphone_->phone->tap(Tap::accept);
    };
    place({"--end-after", "500ms"});
    ASSERT_TRUE(wait_for(*iphone_, ScreenState::connected));
    ASSERT_TRUE(wait_for_alice());
    EXPECT_EQ(alice_->status.exit_code, kExitAnswered) << alice_->output();
    EXPECT_LT(trace().find("tapped_accept"), trace().rfind("verified")) << trace();
}

TEST_F(IPhoneShell, ADeclineWithTheAppKilledReachesTheServerAndLeavesNoNotice) {
    build();
    place();
    ASSERT_TRUE(wait_until_both_ring());
    iphone_->phone->tap(Tap::decline);
    ASSERT_TRUE(wait_for_alice());
    EXPECT_EQ(alice_->status.exit_code, kExitDeclined) << alice_->output();
    ASSERT_TRUE(wait_for_end(*iphone_) && wait_for_end(*android_));
    EXPECT_EQ(android_->screens.back().reason, SystemEndReason::declined_elsewhere);
    EXPECT_EQ(told_end(*iphone_), EndReason::decline);
    EXPECT_EQ(iphone_->missed_notices, 0U);
    EXPECT_TRUE(iphone_->notes.empty()) << "no audio without an answer";
}

TEST_F(IPhoneShell, TheCallerHangsUpFirst) {
    build();
    place();
    ASSERT_TRUE(wait_until_both_ring());
    alice_->process->kill(SIGINT);
    ASSERT_TRUE(wait_for_alice());
    EXPECT_EQ(alice_->status.exit_code, kExitCancelled) << alice_->output();
    ASSERT_TRUE(wait_for_end(*iphone_));
    EXPECT_EQ(iphone_->screens.back().reason, SystemEndReason::remote_ended);
    EXPECT_EQ(told_end(*iphone_), EndReason::cancel);
}

TEST_F(IPhoneShell, TheCallerHangsUpWhileTheyTalk) {
    build();
    place({"--end-after", "500ms"});
    ASSERT_TRUE(wait_until_both_ring());
    iphone_->phone->tap(Tap::accept);
    ASSERT_TRUE(wait_for_alice());
    ASSERT_TRUE(wait_for_end(*iphone_));
    EXPECT_EQ(iphone_->screens.back().reason, SystemEndReason::remote_ended);
    ASSERT_TRUE(wait([&] { return iphone_->notes.size() == 2; }));
    EXPECT_EQ(iphone_->notes.back(), "audio session over");
    EXPECT_EQ(told_end(*iphone_), EndReason::normal);
}

TEST_F(IPhoneShell, AnotherPhoneAnswers) {
    build();
    place({"--end-after", "500ms"});
    ASSERT_TRUE(wait_until_both_ring());
    android_->phone->tap(Tap::accept);
    ASSERT_TRUE(wait_for_end(*iphone_));
    EXPECT_EQ(iphone_->screens.back().reason, SystemEndReason::answered_elsewhere);
    EXPECT_EQ(told_end(*iphone_), EndReason::multi_device_answer);
    EXPECT_EQ(iphone_->missed_notices, 0U);
    EXPECT_TRUE(iphone_->notes.empty()) << "no audio without an answer";
}

TEST_F(IPhoneShell, AHeldCallIsHeardAsSilenceAndComesBack) {
    build();
    const auto heard = directory_ / "alice-heard.wav";
    place({"--record", heard.string()});
    ASSERT_TRUE(wait_until_both_ring());
    iphone_->phone->tap(Tap::accept);
    ASSERT_TRUE(wait_for(*iphone_, ScreenState::connected));
    ASSERT_TRUE(wait_until_longer(heard, Duration{500}));
    iphone_->phone->tap(Tap::hold);
    ASSERT_TRUE(wait_for(*iphone_, ScreenState::held));
    ASSERT_TRUE(wait([&] { return iphone_->notes.size() == 2; })) << "the session is given up (IOS-AU-03)";
    const Duration pause{1'500};
    ASSERT_FALSE(stage_->wait([&] { return alice_->done; }, pause));
    iphone_->phone->tap(Tap::resume);
    ASSERT_TRUE(wait_for(*iphone_, ScreenState::connected));
    ASSERT_TRUE(wait([&] { return iphone_->notes.size() == 3; }));
    // What comes first after a pause writes the pause as well.
    ASSERT_TRUE(wait_until_longer(heard, pause + Duration{500}));
    iphone_->phone->tap(Tap::hang_up);
    ASSERT_TRUE(wait_for_alice());
    EXPECT_EQ(alice_->status.exit_code, kExitAnswered) << alice_->output();
    const auto silence = longest_silence(heard);
    ASSERT_TRUE(silence) << silence.error();
    EXPECT_GT(*silence, pause - Duration{300});
}

TEST_F(IPhoneShell, AForgedPushIsReportedAndEnded) {
    build();
    iphone_->phone->push({.data = {{"cc_param", "p1.AAAA"}, {"from_user_id", "the-bank"}}}, true);
    ASSERT_TRUE(wait([&] { return iphone_->pushes_handled == 1; }));
    ASSERT_TRUE(wait_for_end(*iphone_));
    EXPECT_EQ(iphone_->screens.front().name.find("bank"), std::string::npos);
    EXPECT_EQ(iphone_->screens.back().reason, SystemEndReason::failed);
}

/// The server is away, so that only the tap changes what the shell keeps; then the process dies.
TEST_F(IPhoneShell, ATapSurvivesTheDeathOfItsProcess) {
    build();
    place({"--end-after", "500ms"});
    ASSERT_TRUE(wait_until_both_ring());
    ASSERT_TRUE(wait_for_step(*iphone_, "verified", 2));
    stage_->kill_server();
    const auto kept = journal();
    iphone_->phone->tap(Tap::accept);
    ASSERT_TRUE(wait([&] { return journal() != kept; }));
    iphone_->phone->kill_app();
    ASSERT_TRUE(wait_for_end(*iphone_));
    ASSERT_TRUE(stage_->start_server());
    iphone_->phone->open_app();
    ASSERT_TRUE(wait_for(*iphone_, ScreenState::connected));
    ASSERT_TRUE(wait_for_alice());
    EXPECT_EQ(alice_->status.exit_code, kExitAnswered) << alice_->output();
    EXPECT_EQ(iphone_->launches, 2U);
}

/// PushKit gives the token, the shell tells the server, and that is where the phone is woken (IOS-PK-17).
TEST_F(IPhoneShell, AnAppThatTellsItsTokenItselfIsWokenByItWhenItWasKilled) {
    registers_itself_ = true;
    build();
    const auto ring_for = [&](const char* limit) {
        return stage_->run({"push", "test", "bob", "bob-iphone", "--for", limit});
    };
    EXPECT_FALSE(ring_for("5s").ok()) << "nobody has told the server anything";
    iphone_->phone->open_app();
    auto ring = ring_for("5s");
    const Instant until = net::boot_now() + kLimit;
    while (!ring.ok() && net::boot_now() < until) ring = ring_for("5s");
    ASSERT_TRUE(ring.ok()) << ring.output;
    iphone_->phone->kill_app();
    ring = ring_for("20s");
    EXPECT_TRUE(ring.ok()) << ring.output;
    EXPECT_EQ(iphone_->launches, 2U);
}

class IPhoneDeath : public IPhoneShell, public testing::WithParamInterface<int> {};

/// Its process dies at this call of its to the system, and the user opens the app. A tap that was kept needs no second
/// one; what rings again is tapped again.
TEST_P(IPhoneDeath, KeepsTheTapAndLeavesNoGhost) {
    shell_arguments_ = {"--die-at", std::to_string(GetParam())};
    build();
    bool is_kept = false;
    iphone_->on_screen = [&](const ScreenChanged& change) {
        if (change.state == ScreenState::incoming && !is_kept) iphone_->phone->tap(Tap::accept);
    };
    place();
    ASSERT_TRUE(wait([&] { return iphone_->deaths.size() == 1; }));
    is_kept = journal().find(R"("intent":"accepted")") != std::string::npos;
    RecordProperty("tap_was_kept", is_kept ? "yes" : "no");
    iphone_->phone->open_app();
    ASSERT_TRUE(wait_for(*iphone_, ScreenState::connected));
    iphone_->phone->tap(Tap::hang_up);
    ASSERT_TRUE(wait_for_alice());
    EXPECT_EQ(alice_->status.exit_code, kExitAnswered) << alice_->output();
    ASSERT_TRUE(wait_for_end(*iphone_));
    EXPECT_EQ(iphone_->phone->os().calls_on_screen(), 0U);
    EXPECT_EQ(iphone_->launches, 2U);
}

// 1 to 8: before the report; then the report, the tap, from about 18 on it is kept; the answer is sent at about 32.
// lab/ios/kill_test.mm has every step, under virtual time.
INSTANTIATE_TEST_SUITE_P(AtTheListedSteps, IPhoneDeath, testing::Values(2, 8, 9, 13, 17, 20, 23, 26));

TEST_F(IPhoneShell, ADeathWhileTheyTalkEndsTheCallForBothWithAReason) {
    build();
    place();
    ASSERT_TRUE(wait_until_both_ring());
    iphone_->phone->tap(Tap::accept);
    ASSERT_TRUE(wait_for(*iphone_, ScreenState::connected));
    iphone_->phone->kill_app();
    EXPECT_EQ(told_end(*iphone_), EndReason::app_destroy);
    ASSERT_TRUE(wait_for_alice());
    EXPECT_THAT(alice_->output(), HasSubstr("\"reason\":\"app_destroy\""));
    EXPECT_EQ(iphone_->phone->os().calls_on_screen(), 0U);
}

}  // namespace
}  // namespace clarion::lab
