// SPDX-License-Identifier: Apache-2.0
// Sequences of facts, legal or not, from the bytes: no sequence breaks an invariant of core/engine/testing. What the
// engine stored it reads again, and a refused fact changed nothing.
#include <gtest/gtest.h>

#include <cstdlib>

#include "core/engine/described.hpp"
#include "core/engine/testing/test_driver.hpp"
#include "tests/fuzz/arbitrary.hpp"

namespace clarion::engine::testing {
namespace {

using fuzz::Entropy;

class FuzzedShell {
  public:
    FuzzedShell(Entropy& entropy, protocol::Platform platform) : entropy_{entropy}, d_{Mode::plain, platform} {
        d_.is_traced = std::getenv("CLARION_FUZZ_TRACE") != nullptr;  // To read an input that broke something.
    }

    void run() {
        for (int steps = 0; steps < 200 && !entropy_.empty(); ++steps) step();
    }

  private:
    void step() {
        switch (entropy_.below(16)) {
            case 0: d_.pass(Duration{entropy_.byte() * 10}); return;
            case 1: d_.pass(Duration{entropy_.byte() * 500}); return;
            case 2: die(); return;
            case 3: push(); return;
            case 4: greet(); return;
            case 5:
            case 6: play_along(); return;
            case 7:
            case 8:
            case 9: frame(fuzz::arbitrary<protocol::ServerMessage>(entropy_, moment())); return;
            default: feed(fuzz::arbitrary<Input>(entropy_, moment()));
        }
    }
    fuzz::Moment moment() const { return {d_.now(), d_.wall()}; }

    void feed(const Input& input) {
        const auto before = json_of(d_.engine().snapshot());
        if (d_.try_feed(input))
            EXPECT_EQ(json_of(d_.engine().snapshot()), before) << "a refused fact changed the state";
    }
    void frame(protocol::ServerMessage message) {
        // A number that was seen is a repetition: rarely.
        if (entropy_.below(8) != 0) ++seq_;
        feed(FrameReceived{{seq_, std::move(message)}, d_.wall()});
    }
    void greet() {
        feed(SignallingOpened{});
        feed(FrameReceived{
            {0,
             protocol::Welcome{
                 .service = d_.config().service,
                 .user = d_.config().user,
                 .device = d_.config().device,
                 .server_now = d_.server_now(),
                 .stream = 1,
                 .resumed = entropy_.coin(),
             }},
            d_.wall()
        });
    }
    void push() {
        auto invite = d_.invite(fuzz::pooled_call(entropy_), fuzz::arbitrary<protocol::PushKind>(entropy_, moment()));
        if (entropy_.below(4) == 0) invite.ring_until = fuzz::arbitrary<WallTime>(entropy_, moment());
        feed(PushReceived{.invite = invite, .wall_now = d_.wall(), .must_report = entropy_.below(4) != 0});
    }
    /// What would come next if all went well, so that sequences get beyond their first steps.
    void play_along() {
        const auto calls = d_.engine().calls();
        if (calls.empty()) return push();
        const CallView& call = calls[entropy_.below(calls.size())];
        const CallId id = call.call_id;
        const Redacted<std::string> sdp{"v=0"};
        switch (call.phase) {
            case Phase::announced: {
                const WallTime until = d_.server_now() + kRingTime;
                frame(protocol::Verified{
                    .call_id = id,
                    .from_user = kAlice,
                    .offer = sdp,
                    .server_now = d_.server_now(),
                    .ring_until = until,
                    .accept_until = until,
                });
                feed(IncomingReported{id});
                feed(AnswerPrepared{id, sdp});
                if (entropy_.coin()) feed(UserAnswered{id, ++action_});
                return;
            }
            case Phase::answering: frame(protocol::AnswerConfirmed{id}); return;
            case Phase::placing: feed(OfferPrepared{id, sdp}); return;
            case Phase::waiting:
                frame(protocol::Answered{.call_id = id, .device = *DeviceId::parse("tablet"), .sdp = sdp});
                return;
            case Phase::connecting:
                feed(AudioActivated{});
                feed(MediaConnected{id});
                return;
            case Phase::connected: feed(UserHeld{id, entropy_.coin(), ++action_}); return;
            case Phase::ended: return;
        }
    }
    void die() {
        const bool same_boot = entropy_.coin();
        d_.die(Duration{entropy_.byte() * 100}, same_boot);
    }

    Entropy& entropy_;
    Driver d_;
    std::uint64_t seq_ = 0;
    ActionId action_ = 100;
};

/// An invariant that fails ends the process, with a signal that libFuzzer keeps the input for.
class StopAtFailure final : public ::testing::EmptyTestEventListener {
    void OnTestPartResult(const ::testing::TestPartResult& result) override {
        if (!result.failed()) return;
        const char* file = result.file_name() != nullptr ? result.file_name() : "";
        fuzz::broken(file, result.line_number(), "an invariant", result.message());
    }
};

bool stop_at_failure() {
    ::testing::UnitTest::GetInstance()->listeners().Append(new StopAtFailure);
    return true;
}

}  // namespace
}  // namespace clarion::engine::testing

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const bool stops = clarion::engine::testing::stop_at_failure();
    (void)stops;
    clarion::fuzz::Entropy entropy{{data, size}};
    const auto platform = entropy.one_of(clarion::EnumText<clarion::protocol::Platform>::values).value;
    clarion::engine::testing::FuzzedShell{entropy, platform}.run();
    return 0;
}
