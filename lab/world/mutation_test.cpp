// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <array>
#include <set>

#include "lab/world/simulation.hpp"

/// Bugs that somebody may write one day, put in at the seams of the world: the simulation finds every one of them.
namespace clarion::lab::world {
namespace {

using engine::Input;
using engine::Output;
using engine::Snapshot;

constexpr std::uint64_t kSeedsMax = 10'000;

struct Bug : Mutation {
    [[nodiscard]] std::string_view name() const override { return "bug"; }
};

// ---- the server's host ----

struct NoCompareAndSet final : Bug {
    [[nodiscard]] bool compares_and_sets() const override { return false; }
};

struct LosersHearNothing final : Bug {
    [[nodiscard]] bool keeps(const routing::Effect& effect) override {
        const auto* word = std::get_if<routing::SendToDevice>(&effect);
        const auto* ended = word != nullptr ? std::get_if<protocol::Ended>(&word->message) : nullptr;
        return ended == nullptr || ended->reason != EndReason::multi_device_answer;
    }
    using Bug::keeps;
};

struct RestartLosesDocuments final : Bug {
    [[nodiscard]] bool keeps_documents() const override { return false; }
};

struct ResumeForgetsEvents final : Bug {
    [[nodiscard]] bool replays_events() const override { return false; }
};

struct TraceWithoutEnd final : Bug {
    [[nodiscard]] bool keeps(const routing::Effect& effect) override {
        const auto* trace = std::get_if<routing::AddTrace>(&effect);
        return trace == nullptr || trace->what != "ended";
    }
    using Bug::keeps;
};

// ---- the state of the engine ----

struct NoTombstones final : Bug {
    [[nodiscard]] bool changes_state() const override { return true; }
    void change(Snapshot& state) override { state.tombstones.clear(); }
    using Bug::change;
};

struct ServerClockForgotten final : Bug {
    [[nodiscard]] bool changes_state() const override { return true; }
    void change(Snapshot& state) override { state.server_clock.reset(); }
    using Bug::change;
};

struct NoAudioMemory final : Bug {
    [[nodiscard]] bool changes_state() const override { return true; }
    void change(Snapshot& state) override { state.ui.audio_active = false; }
    using Bug::change;
};

struct NoJournalReplay final : Bug {
    void on_restore(Snapshot& journal) override { journal.ui.events.clear(); }
};

struct NoJournal final : Bug {
    [[nodiscard]] bool persists() override { return ++count_ % 2 == 1; }

  private:
    int count_ = 0;
};

struct DeclineForgottenOffline final : Bug {
    void on_restore(Snapshot& journal) override { forget(journal); }
    [[nodiscard]] bool changes_state() const override { return true; }
    void change(Snapshot& state) override {
        if (state.link.state != engine::LinkState::up) forget(state);
    }
    using Bug::change;

  private:
    static void forget(Snapshot& state) {
        std::erase_if(state.requests, [](const engine::Request& request) {
            return std::holds_alternative<protocol::Decline>(request.frame.message);
        });
    }
};

struct ForgetsSeenActions final : Bug {
    [[nodiscard]] bool changes_state() const override { return true; }
    void change(Snapshot& state) override { state.ui.seen_actions.clear(); }
    using Bug::change;
};

struct HeldCommandsLost final : Bug {
    [[nodiscard]] bool changes_state() const override { return true; }
    void change(Snapshot& state) override {
        for (callui::OpenReport& open : state.ui.reports) open.held.clear();
    }
    using Bug::change;
};

// ---- what is told to the engine ----

struct NoRingDeadline final : Bug {
    [[nodiscard]] bool fires(engine::TimerId timer) const override { return timer != engine::TimerId::ring; }
};

struct SignatureNotChecked final : Bug {
    void change(Input& input) override {
        if (auto* push = std::get_if<engine::PushReceived>(&input)) push->fault = engine::PushFault::none;
    }
    using Bug::change;
};

/// A second push of the same call comes as a new one.
struct DuplicateIsNewCall final : Bug {
    void change(Input& input) override {
        auto* push = std::get_if<engine::PushReceived>(&input);
        if (push == nullptr || !push->invite || push->invite->kind != protocol::PushKind::ring) return;
        if (seen_.insert({push->invite->device, push->invite->call_id}).second) return;
        push->invite->call_id.uuid.bytes[7] ^= 0x55;
    }
    using Bug::change;

  private:
    std::set<std::pair<DeviceId, CallId>> seen_;
};

struct RefusalOfTheScreenLost final : Bug {
    [[nodiscard]] bool keeps(const Input& input) override {
        const auto* reported = std::get_if<engine::IncomingReported>(&input);
        return reported == nullptr || reported->result == engine::ReportResult::shown ||
               reported->result == engine::ReportResult::already_exists;
    }
    using Bug::keeps;
};

struct DeclineTapLost final : Bug {
    [[nodiscard]] bool keeps(const Input& input) override { return !std::holds_alternative<engine::UserEnded>(input); }
    using Bug::keeps;
};

// ---- what the engine commands ----

template <class T, int Times>
struct Performed final : Bug {
    [[nodiscard]] int copies(const Output& output) override { return std::holds_alternative<T>(output) ? Times : 1; }
};

struct NoReportAgain final : Bug {
    [[nodiscard]] int copies(const Output& output) override {
        const auto* report = std::get_if<callui::ReportIncoming>(&output);
        return report != nullptr && report->placeholder ? 0 : 1;
    }
};

struct ConnectedTooEarly final : Bug {
    [[nodiscard]] int copies(const Output& output) override {
        return std::holds_alternative<callui::FulfilAction>(output) ? 0 : 1;
    }
};

/// On iOS the screen of a dead process is gone, and the new one shows a call that was accepted as ringing.
// ---- while they talk ----

struct WordsForgotten final : Bug {
    [[nodiscard]] bool keeps(const routing::Effect& effect) override {
        const auto* word = std::get_if<routing::SendToDevice>(&effect);
        return word == nullptr || !std::holds_alternative<protocol::ShortData>(word->message);
    }
    using Bug::keeps;
};

struct CameraPolicyForgotten final : Bug {
    [[nodiscard]] bool changes_state() const override { return true; }
    void change(Snapshot& state) override {
        for (engine::Call& call : state.calls) call.video_paused = false;
    }
    using Bug::change;
};

struct ConsentForgotten final : Bug {
    void change(Input& input) override {
        auto* frame = std::get_if<engine::FrameReceived>(&input);
        auto* answer = frame != nullptr ? std::get_if<protocol::MediaAnswer>(&frame->frame.message) : nullptr;
        if (answer != nullptr) answer->accepted = false;
    }
    using Bug::change;
};

struct SharedScreenForgotten final : Bug {
    [[nodiscard]] bool keeps(const routing::Effect& effect) override {
        const auto* word = std::get_if<routing::SendToDevice>(&effect);
        const auto* state = word != nullptr ? std::get_if<protocol::PeerState>(&word->message) : nullptr;
        return state == nullptr || !state->state.screen_shared;
    }
    using Bug::keeps;
};

// ---- calls of the phone's own network ----

struct CellularCallNotTold final : Bug {
    [[nodiscard]] bool keeps(const Input& input) override {
        return !std::holds_alternative<engine::CellularCallChanged>(input);
    }
    using Bug::keeps;
};

struct CellularEndNotTold final : Bug {
    [[nodiscard]] bool keeps(const Input& input) override {
        const auto* cellular = std::get_if<engine::CellularCallChanged>(&input);
        return cellular == nullptr || cellular->active;
    }
    using Bug::keeps;
};

struct HeldCallNotGivenBack final : Bug {
    [[nodiscard]] bool changes_state() const override { return true; }
    void change(Snapshot& state) override {
        for (engine::Call& call : state.calls) call.cellular_hold = false;
    }
    using Bug::change;
};

struct HoldOfTheSystemLost final : Bug {
    [[nodiscard]] bool keeps(const Input& input) override {
        const auto* hold = std::get_if<engine::UserHeld>(&input);
        return hold == nullptr || hold->action == 0;
    }
    using Bug::keeps;
};

struct CellularPolicyForgotten final : Bug {
    [[nodiscard]] bool changes_state() const override { return true; }
    void change(Snapshot& state) override { state.cellular = false; }
    using Bug::change;
};

// ---- missed calls ----

/// A push that came after its ring is called missed, and nobody asks what became of the call.
struct TruthNotAskedFor final : Bug {
    [[nodiscard]] bool changes_state() const override { return true; }
    void change(Snapshot& state) override {
        std::erase_if(state.calls, [](const engine::Call& call) {
            return call.phase == engine::Phase::ended && call.verification == engine::Verification::asked;
        });
    }
    using Bug::change;
};

struct AnswerNotAskedForAgain final : Bug {
    [[nodiscard]] int copies(const Output& output) override {
        const auto* change = std::get_if<callui::ChangeSystemCall>(&output);
        return change != nullptr && change->change == callui::SystemChange::answer ? 0 : 1;
    }
};

struct Row {
    const char* name;
    const char* invariant;  // The first to notice, of those that may; for the reader.
    MutationMaker make;
};

template <class T>
MutationMaker maker() {
    return [] { return std::make_unique<T>(); };
}

const std::array kRows{
    Row{"FirstAnswerWins", "I3", maker<NoCompareAndSet>()},
    Row{"LosersHearNothing", "I3", maker<LosersHearNothing>()},
    Row{"RestartLosesDocuments", "I8", maker<RestartLosesDocuments>()},
    Row{"ResumeForgetsEvents", "I2", maker<ResumeForgetsEvents>()},
    Row{"TraceWithoutEnd", "I16", maker<TraceWithoutEnd>()},
    Row{"CancelTombstone", "I7", maker<NoTombstones>()},
    Row{"AudioActivationMemory", "I6", maker<NoAudioMemory>()},
    Row{"JournalReplay", "I10", maker<NoJournalReplay>()},
    Row{"JournalNotWritten", "I15", maker<NoJournal>()},
    Row{"DeclineForgottenOffline", "I4", maker<DeclineForgottenOffline>()},
    Row{"ActionsForgotten", "I12", maker<ForgetsSeenActions>()},
    Row{"HeldCommandsLost", "I2", maker<HeldCommandsLost>()},
    Row{"ServerClockForgotten", "I7", maker<ServerClockForgotten>()},
    Row{"AnswerNotAskedForAgain", "I7", maker<AnswerNotAskedForAgain>()},
    Row{"RefusalOfTheScreenLost", "I13", maker<RefusalOfTheScreenLost>()},
    Row{"RingDeadline", "I7", maker<NoRingDeadline>()},
    Row{"SignatureNotChecked", "I14", maker<SignatureNotChecked>()},
    Row{"DuplicatePush", "I14", maker<DuplicateIsNewCall>()},
    Row{"DeclineTapLost", "I4", maker<DeclineTapLost>()},
    Row{"MissedCallNoticeTwice", "I9", maker<Performed<callui::ShowMissedCall, 2>>()},
    Row{"MissedCallNoticeForgotten", "I9", maker<Performed<callui::ShowMissedCall, 0>>()},
    Row{"MissedCallNoticeStays", "I9", maker<Performed<callui::HideMissedCall, 0>>()},
    Row{"TruthNotAskedFor", "I9", maker<TruthNotAskedFor>()},
    Row{"ForegroundServiceStays", "I11", maker<Performed<callui::StopForegroundService, 0>>()},
    Row{"EventTwice", "I10", maker<Performed<callui::EmitEvent, 2>>()},
    Row{"EndNotShown", "I2", maker<Performed<callui::EndSystemCall, 0>>()},
    Row{"UnusablePushNotReported", "I1", maker<NoReportAgain>()},
    Row{"MicrophoneStaysShut", "I6", maker<Performed<engine::OpenAudio, 0>>()},
    Row{"ShortDataForgotten", "I12", maker<WordsForgotten>()},
    Row{"CameraPolicyForgotten", "I6", maker<CameraPolicyForgotten>()},
    Row{"ConsentForgotten", "I13", maker<ConsentForgotten>()},
    Row{"SharedScreenForgotten", "I13", maker<SharedScreenForgotten>()},
    Row{"ScreenSharedOnHold", "I13", maker<Performed<engine::StopScreenShare, 0>>()},
    Row{"CellularCallNotTold", "I6", maker<CellularCallNotTold>()},
    Row{"CellularEndNotTold", "I13", maker<CellularEndNotTold>()},
    Row{"HeldCallNotGivenBack", "I13", maker<HeldCallNotGivenBack>()},
    Row{"HoldOfTheSystemLost", "I6", maker<HoldOfTheSystemLost>()},
    Row{"CellularPolicyForgotten", "I6", maker<CellularPolicyForgotten>()},
    Row{"AnswerNeverFulfilled", "I4", maker<ConnectedTooEarly>()},
};

class Mutated : public ::testing::TestWithParam<Row> {};

TEST_P(Mutated, IsFound) {
    Totals totals;
    const auto seed = find_violation(1, kSeedsMax, true, GetParam().make, &totals);
    ASSERT_TRUE(seed.has_value()) << "not found in " << kSeedsMax << " seeds";
    const RunResult result = run_seed(*seed, true, GetParam().make);
    ASSERT_TRUE(result.violation.has_value());
    RecordProperty("seed", std::to_string(*seed));
    RecordProperty("invariant", result.violation->invariant);
    std::printf(
        "found by seed %llu: %s, %s (expected of %s)\n", static_cast<unsigned long long>(*seed),
        result.violation->invariant.c_str(), result.violation->text.c_str(), GetParam().invariant
    );
}

INSTANTIATE_TEST_SUITE_P(Simulation, Mutated, ::testing::ValuesIn(kRows), [](const auto& info) {
    return std::string{info.param.name};
});

/// A story of a thousand decisions is of no use to a person.
TEST(Shrinking, KeepsTheViolationAndLosesTheRest) {
    const auto make = maker<NoCompareAndSet>();
    const auto seed = find_violation(1, kSeedsMax, true, make);
    ASSERT_TRUE(seed.has_value());
    const Scenario whole = make_scenario(*seed, true);
    const Scenario small = shrink(whole, make);
    const RunResult result = run(small, make);
    ASSERT_TRUE(result.violation.has_value());
    EXPECT_EQ(result.violation->invariant, run(whole, make).violation->invariant);
    EXPECT_LE(small.deeds.size(), 4U);  // One call and two answers, and nothing else matters.
    const std::string report = report_violation(*seed, true, make);
    EXPECT_NE(report.find("clarion-lab sim --seed " + std::to_string(*seed)), std::string::npos);
    EXPECT_NE(report.find("answer"), std::string::npos);
}

}  // namespace
}  // namespace clarion::lab::world
