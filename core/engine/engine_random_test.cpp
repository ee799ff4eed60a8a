// SPDX-License-Identifier: Apache-2.0
#include <cstdlib>

#include "core/base/random.hpp"
#include "core/engine/testing/test_driver.hpp"

/// Random facts in random order, legal or not: no input may break an invariant (testing/test_invariants.hpp). A failure
/// names its seed; the same seed fails again.
namespace clarion::engine::testing {
namespace {

using protocol::ErrorCode;
using protocol::Platform;

class RandomShell {
  public:
    RandomShell(std::uint64_t seed, Platform platform) : random_{seed}, d_{Mode::plain, platform} {}

    void run(int steps) {
        d_.is_traced = std::getenv("CLARION_TRACE") != nullptr;
        for (int i = 0; i < steps && !::testing::Test::HasFailure(); ++i) step();
        settle();
    }

  private:
    CallId some_call() { return call_id(static_cast<int>(first_ + random_.below(5))); }
    bool coin() { return random_.below(2) == 0; }
    /// New actions mostly, an old one sometimes.
    ActionId some_action() {
        if (random_.below(4) == 0) return 0;
        return random_.below(8) == 0 ? std::max<ActionId>(action_, 1) : ++action_;
    }

    void step() {
        if (random_.below(20) == 0) ++first_;  // Ids that come and go.
        switch (random_.below(24)) {
            case 16:
            case 17:
            case 18:
            case 19: play_along(); return;
            case 20:
            case 21: wish(); return;
            case 22: surroundings(); return;
            case 23: peer(); return;
            case 0:
            case 1: time(); return;
            case 2:
            case 3: push(); return;
            case 4:
            case 5: user(); return;
            case 6: system(); return;
            case 7:
            case 8: link(); return;
            case 9:
            case 10:
            case 11: server(); return;
            case 12:
            case 13: media(); return;
            case 14: app(); return;
            default:
                if (random_.below(20) == 0) d_.die(Duration{static_cast<std::int64_t>(random_.below(30'000))}, coin());
        }
    }
    void feed(const Input& input) { (void)d_.try_feed(input); }

    void time() {
        const std::uint64_t longest = random_.below(8) == 0 ? 90'000 : 3'000;
        d_.pass(Duration{static_cast<std::int64_t>(random_.below(longest))});
    }
    /// What would come next if all went well, so that the walk gets beyond the first steps.
    void play_along() {
        const auto calls = d_.engine().calls();
        const Redacted<std::string> sdp{"v=0"};
        if (calls.empty()) return feed(PushReceived{.invite = d_.invite(some_call()), .wall_now = d_.wall()});
        const CallView& call = calls[random_.below(calls.size())];
        const CallId id = call.call_id;
        feed(SignallingOpened{});
        server_says(protocol::Welcome{.server_now = d_.server_now(), .stream = 1, .resumed = true});
        switch (call.phase) {
            case Phase::announced: {
                const WallTime until = d_.server_now() + kRingTime;
                server_says(protocol::Verified{id, kAlice, sdp, Media::audio, sdp, d_.server_now(), until, until});
                feed(IncomingReported{id});
                feed(AnswerPrepared{id, sdp});
                if (coin()) feed(UserAnswered{id, ++action_});
                return;
            }
            case Phase::answering: server_says(protocol::AnswerConfirmed{id}); return;
            case Phase::placing:
                feed(OfferPrepared{id, sdp});
                return server_says(protocol::Progress{.call_id = id, .ringing = 1});
            case Phase::waiting: server_says(protocol::Answered{id, *DeviceId::parse("tablet"), sdp}); return;
            case Phase::connecting:
                feed(AudioActivated{});
                feed(MediaConnected{id});
                return;
            case Phase::connected:
                feed(UserHeld{id, coin(), ++action_});
                if (random_.below(4) == 0) feed(UserEnded{id, ++action_});
                return;
            case Phase::ended: feed(FrameReceived{{0, protocol::Ack{some_request()}}, d_.wall()}); return;
        }
    }
    void push() {
        auto invite =
            d_.invite(some_call(), random_.below(4) == 0 ? protocol::PushKind::cancel : protocol::PushKind::ring);
        if (coin()) invite.reason = EndReason::multi_device_answer;
        PushReceived push{.invite = invite, .wall_now = d_.wall(), .must_report = random_.below(5) != 0};
        switch (random_.below(10)) {
            case 0: push.invite->to_user = kAlice; break;
            case 1: push.invite->ring_until = d_.server_now(); break;
            case 2: push = {.fault = PushFault::bad_signature, .wall_now = d_.wall()}; break;
            case 3: push.wall_now = WallTime{static_cast<std::int64_t>(random_.next())}; break;
            default: break;
        }
        feed(push);
    }
    void user() {
        const CallId id = some_call();
        switch (random_.below(8)) {
            case 0:
            case 1: feed(UserAnswered{id, some_action()}); return;
            case 2: feed(UserEnded{id, some_action()}); return;
            case 3: feed(UserMuted{id, coin(), some_action()}); return;
            case 4: feed(UserHeld{id, coin(), some_action()}); return;
            default: feed(PlaceRequested{.call_id = id, .to_user = kAlice}); return;
        }
    }
    void system() {
        const CallId id = some_call();
        switch (random_.below(8)) {
            case 0:
            case 1:
            case 2: feed(IncomingReported{id}); return;
            case 3: feed(IncomingReported{id, static_cast<ReportResult>(random_.below(7))}); return;
            case 4:
                if (coin()) return feed(OutgoingReported{id, static_cast<ReportResult>(random_.below(4) / 2 * 4)});
                return feed(AudioActivated{});
            case 5: feed(AudioDeactivated{}); return;
            case 6: feed(ActionTimedOut{id, action_}); return;
            default:
                if (random_.below(10) == 0) feed(ProviderReset{});
        }
    }
    void link() {
        switch (random_.below(6)) {
            case 0: feed(SignallingClosed{static_cast<SignallingFault>(random_.below(6))}); return;
            case 1: feed(SignallingOpened{}); return;
            case 2:
                server_says(
                    protocol::Welcome{.server_now = d_.server_now(), .stream = random_.below(3), .resumed = coin()}
                );
                return;
            default:
                feed(SignallingOpened{});
                server_says(protocol::Welcome{.server_now = d_.server_now(), .stream = 1, .resumed = coin()});
        }
    }
    void server_says(protocol::ServerMessage message) {
        const std::uint64_t seq = random_.below(10) == 0 ? seq_ : ++seq_;
        feed(FrameReceived{{seq, std::move(message)}, d_.wall()});
    }
    std::uint64_t some_request() {
        const auto ids = d_.ids_of_sent();
        return ids.empty() ? 1 : ids[ids.size() - 1 - random_.below(std::min<std::size_t>(ids.size(), 6))];
    }
    void server() {
        const CallId id = some_call();
        const Redacted<std::string> sdp{"v=0"};
        switch (random_.below(12)) {
            case 0:
            case 1: d_.try_feed(FrameReceived{{0, protocol::Ack{some_request()}}, d_.wall()}); return;
            case 2:
                d_.try_feed(FrameReceived{
                    {0, protocol::Error{some_request(), static_cast<ErrorCode>(random_.below(12)), ""}}, d_.wall()
                });
                return;
            case 3:
            case 4: {
                const auto left = Duration{static_cast<std::int64_t>(random_.below(60'000))};
                const WallTime until = d_.server_now() + left;
                server_says(
                    protocol::Verified{id, kAlice, sdp, Media::audio, sdp, d_.server_now(), until, until + kAcceptGrace}
                );
                return;
            }
            case 5: server_says(protocol::AnswerConfirmed{id}); return;
            case 6: server_says(protocol::Answered{id, *DeviceId::parse("tablet"), sdp}); return;
            case 7: server_says(protocol::Candidate{id, sdp, "0", 0}); return;
            case 8: server_says(protocol::PeerState{id, {.held = coin()}}); return;
            case 9: server_says(protocol::Notified{id, 1, d_.server_now() + kRingTime}); return;
            case 10: server_says(protocol::Progress{.call_id = id, .ringing = 1}); return;
            default: {
                const auto table = reason_table();
                server_says(protocol::Ended{
                    .call_id = id, .reason = table[random_.below(table.size())].reason, .by_remote = coin()
                });
            }
        }
    }
    void media() {
        const CallId id = some_call();
        const Redacted<std::string> sdp{"v=0"};
        switch (random_.below(8)) {
            case 0:
            case 1: feed(AnswerPrepared{id, sdp, some_revision()}); return;
            case 2: feed(OfferPrepared{id, sdp, some_revision()}); return;
            case 3:
            case 4: feed(MediaConnected{id}); return;
            case 5: feed(MediaLost{id}); return;
            case 6:
                if (random_.below(4) == 0) feed(MediaFailed{id, "x"});
                return;
            default: feed(coin() ? Input{FirstAudioHeard{id}} : Input{CandidateFound{id, sdp, "0", 0}});
        }
    }
    std::uint32_t some_revision() { return static_cast<std::uint32_t>(coin() ? 0 : random_.below(6)); }
    /// Of a call that lives, mostly: what only a connected call can do would be refused too often.
    CallId live_call() {
        const auto calls = d_.engine().calls();
        return calls.empty() || random_.below(4) == 0 ? some_call() : calls[random_.below(calls.size())].call_id;
    }
    void wish() {
        const CallId id = live_call();
        switch (random_.below(18)) {
            case 0:
                feed(AnswerRequested{.call_id = id, .action = some_action(), .responder_preparation = true});
                return;
            case 1: feed(PreparationFinished{id}); return;
            case 2:
                feed(EndRequested{id, static_cast<EndManner>(random_.below(3)), coin(), Redacted<std::string>{"c"}});
                return;
            case 3: feed(HoldRequested{id, coin(), "lunch"}); return;
            case 4: feed(PeerSilenceRequested{id, coin()}); return;
            case 5: feed(MuteAsked{id, coin()}); return;
            case 6:
            case 7: feed(VideoRequested{id, coin(), coin()}); return;
            case 8: feed(VideoAnswered{id, coin(), coin()}); return;
            case 9: feed(VideoPaused{id, coin()}); return;
            case 10: feed(ScreenShareChanged{id, coin()}); return;
            case 11: feed(ShortDataRequested{id, "chat", Redacted<std::string>{"hi"}}); return;
            case 12: feed(CallsRequested{}); return;
            case 13: feed(TakeRequested{some_call()}); return;
            case 14: feed(TokenSupplied{Redacted<std::string>{coin() ? "token" : "fresh"}}); return;
            case 15: feed(AllMuted{coin()}); return;
            case 16: feed(RingSilenced{id}); return;
            default:
                if (random_.below(6) == 0) feed(coin() ? Input{SignedOut{}} : Input{AllCallsEnded{}});
        }
    }
    void surroundings() {
        switch (random_.below(6)) {
            case 0: feed(NetworkChanged{coin()}); return;
            case 1: feed(MicrophoneChanged{random_.below(3) != 0}); return;
            case 2: feed(CellularCallChanged{random_.below(3) == 0}); return;
            case 3: feed(AudioRouteChanged{static_cast<AudioRoute>(random_.below(6))}); return;
            case 4: feed(AudioRouteRequested{static_cast<AudioRoute>(random_.below(6))}); return;
            default:
                feed(StatisticsMeasured{live_call(), {.loss_permille = static_cast<std::uint32_t>(random_.below(200))}}
                );
        }
    }
    void peer() {
        const CallId id = live_call();
        const Redacted<std::string> sdp{"v=0"};
        const auto media = coin() ? Media::audio : Media::video;
        switch (random_.below(9)) {
            case 0:
            case 1:
                server_says(
                    protocol::MediaOffer{id, some_revision(), static_cast<Negotiation>(random_.below(3)), media, sdp}
                );
                return;
            case 2: server_says(protocol::MediaAnswer{id, some_revision(), coin(), media, sdp}); return;
            case 3:
                server_says(protocol::PeerState{
                    id,
                    {.held = coin(),
                     .muted = coin(),
                     .video = static_cast<protocol::Video>(random_.below(3)),
                     .screen_shared = coin(),
                     .preparing = coin(),
                     .network_lost = coin()}
                });
                return;
            case 4: server_says(protocol::MuteRequest{id, coin()}); return;
            case 5: server_says(protocol::ShortData{id, random_.below(5), "chat", sdp}); return;
            case 6: server_says(protocol::Merged{id, some_call(), kAlice, sdp}); return;
            case 7:
                server_says(protocol::LiveCalls{
                    {{.call_id = some_call(), .peer = kAlice, .device = *DeviceId::parse("tablet")}}
                });
                return;
            default: server_says(protocol::Taken{.call_id = id, .peer = kAlice, .sdp = sdp, .revision = 3});
        }
    }
    void app() {
        switch (random_.below(4)) {
            case 0: feed(AppAttached{}); return;
            case 1: feed(EventsAcknowledged{d_.engine().snapshot().ui.next_seq - 1}); return;
            default: feed(OnlineRequested{random_.below(3) == 0}); return;
        }
    }
    /// Left alone, with no network and no user, every call comes to its end and no timer is left.
    void settle() {
        feed(OnlineRequested{false});
        feed(CellularCallChanged{false});
        for (int i = 0; i < 200 && !d_.engine().calls().empty(); ++i) {
            for (const CallView& call : d_.engine().calls()) {
                if (call.phase == Phase::connected) feed(UserEnded{call.call_id, ++action_});
            }
            feed(SignallingClosed{});
            d_.pass(Duration{5'000});
        }
        d_.pass(Duration{60'000});  // The end tone, and a list of calls that nobody brought.
        EXPECT_TRUE(d_.engine().calls().empty());
        EXPECT_GT(d_.count<OpenAudio>(), 0) << "the walk did not get far";
        EXPECT_EQ(d_.engine().next_deadline().at, kNever);
    }

    Random random_;
    Driver d_;
    ActionId action_ = 0;
    std::uint64_t seq_ = 0;
    std::uint64_t first_ = 1;
};

class EngineRandom : public ::testing::TestWithParam<std::tuple<Platform, int>> {};
INSTANTIATE_TEST_SUITE_P(
    Seeds,
    EngineRandom,
    ::testing::Combine(::testing::Values(Platform::ios, Platform::android, Platform::desktop), ::testing::Range(1, 5))
);

TEST_P(EngineRandom, NoOrderOfFactsBreaksAnInvariant) {
    const auto [platform, seed] = GetParam();
    const char* walks = std::getenv("CLARION_WALKS");  // More of them: for a night, or after a change.
    for (int i = 0; i < (walks != nullptr ? std::atoi(walks) : 1) && !HasFailure(); ++i) {
        const auto walk = static_cast<std::uint64_t>(seed + (4 * i));
        SCOPED_TRACE(::testing::Message() << "seed " << walk);
        RandomShell{walk, platform}.run(1'600);
    }
}

}  // namespace
}  // namespace clarion::engine::testing
