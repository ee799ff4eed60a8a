// SPDX-License-Identifier: Apache-2.0
// Two legs call each other over 127.0.0.1, with the real WebRTC stack and real time. Waits end on events; the limits
// are generous and met only when something is broken.
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <complex>
#include <condition_variable>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <fstream>
#include <functional>
#include <memory>
#include <mutex>
#include <numbers>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "sdk/media/fft.hpp"
#include "sdk/media/similarity.hpp"
#include "sdk/media/webrtc.hpp"

namespace clarion::media {
namespace {

// A complaint of GLib or GStreamer is a mistake of ours: the test stops there, with a stack.
[[maybe_unused]] const int kStrict = ::setenv("G_DEBUG", "fatal-criticals", 1);

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr seconds kGenerous{30};

double ms_since(Clock::time_point start) {
    return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

MediaFactory& factory() {
    static const auto made = [] {
        auto result = create_webrtc_factory();
        if (!result) {
            std::fprintf(stderr, "%s\n", result.error().text.c_str());
            std::abort();
        }
        return std::move(*result);
    }();
    return *made;
}

std::string temporary(const std::string& name) {
    return ::testing::TempDir() + "media_test_" + std::to_string(::getpid()) + "_" + name;
}

// One leg and what it told, in order.
class Party {
  public:
    explicit Party(LegOptions options) {
        options.loopback_only = true;
        auto made = factory().create_leg(std::move(options), [this](Event event) {
            const std::scoped_lock lock(mutex_);
            events_.push_back(std::move(event));
            arrived_.notify_all();
        });
        EXPECT_TRUE(made.has_value()) << (made ? "" : made.error().text);
        leg = std::move(*made);
    }

    // The first event of this kind that was told, waiting for it; nothing when the time is over.
    template <typename T>
    std::optional<T> wait(Clock::duration limit = kGenerous) {
        std::optional<T> found;
        std::unique_lock lock(mutex_);
        arrived_.wait_for(lock, limit, [&] {
            for (const Event& event : events_) {
                if (const T* it = std::get_if<T>(&event)) {
                    found = *it;
                    return true;
                }
            }
            return false;
        });
        return found;
    }

    // Takes events off until one of this kind.
    template <typename T>
    std::optional<T> take(Clock::duration limit = kGenerous) {
        const auto until = Clock::now() + limit;
        std::unique_lock lock(mutex_);
        while (arrived_.wait_until(lock, until, [&] { return !events_.empty(); })) {
            const Event event = std::move(events_.front());
            events_.pop_front();
            if (const T* it = std::get_if<T>(&event)) {
                return *it;
            }
        }
        return std::nullopt;
    }

    template <typename T>
    bool told() {
        return wait<T>(Clock::duration::zero()).has_value();
    }

    Stats stats() {
        leg->request_stats();
        return take<Stats>().value_or(Stats{});
    }

    // Stats until they satisfy the condition.
    bool stats_until(const std::function<bool(const Stats&)>& enough) {
        const auto until = Clock::now() + kGenerous;
        while (Clock::now() < until) {
            if (enough(stats())) {
                return true;
            }
        }
        return false;
    }

  private:
    std::mutex mutex_;
    std::condition_variable arrived_;
    std::deque<Event> events_;

  public:
    std::unique_ptr<MediaLeg> leg;  // Last, so first to go: until then its thread may tell something.
};

// Offer, answer and candidates as a signalling server would carry them. False when one side failed.
bool introduce(Party& caller, Party& callee) {
    caller.leg->prepare_offer();
    const auto offer = caller.wait<LocalDescription>();
    const auto from_caller = caller.wait<LocalCandidate>();
    if (!offer || !from_caller) {
        return false;
    }
    callee.leg->prepare_answer(offer->sdp);
    callee.leg->add_remote_candidate(from_caller->mid, from_caller->mline_index, from_caller->candidate);
    const auto answer = callee.wait<LocalDescription>();
    const auto from_callee = callee.wait<LocalCandidate>();
    if (!answer || !from_callee) {
        return false;
    }
    caller.leg->set_remote_answer(answer->sdp);
    caller.leg->add_remote_candidate(from_callee->mid, from_callee->mline_index, from_callee->candidate);
    return true;
}

// The strongest frequency of the last second of a recording.
double pitch_of(const std::string& path) {
    const auto audio = read_wav(path);
    constexpr std::size_t kSize = 32768;
    if (!audio || audio->samples.size() < kSize) {
        return 0.0;
    }
    std::vector<std::complex<double>> data(kSize);
    for (std::size_t i = 0; i < kSize; ++i) {
        const double window = 0.5 - 0.5 * std::cos(2.0 * std::numbers::pi * static_cast<double>(i) / kSize);
        data[i] = audio->samples[audio->samples.size() - kSize + i] * window;
    }
    fft(data);
    std::size_t best = 1;
    for (std::size_t i = 2; i < kSize / 2; ++i) {
        best = std::norm(data[i]) > std::norm(data[best]) ? i : best;
    }
    return static_cast<double>(best) * audio->rate / kSize;
}

bool say(const std::string& text, const std::string& path) {
    return std::system(("espeak-ng -w " + path + " '" + text + "' 2>/dev/null").c_str()) == 0;
}

long resident_kb() {
    std::ifstream status("/proc/self/status");
    for (std::string line; std::getline(status, line);) {
        if (line.starts_with("VmRSS:")) {
            return std::atol(line.c_str() + 6);
        }
    }
    return 0;
}

TEST(MediaLeg, TonesAreHeardBothWaysWithTheirPitch) {
    const std::string at_a = temporary("tone_a.wav");
    const std::string at_b = temporary("tone_b.wav");
    Party a({.input = TestTone{440.0}, .output = WavOutput{at_a}});
    Party b({.input = TestTone{1000.0}, .output = WavOutput{at_b}});
    a.leg->open_audio();
    b.leg->open_audio();
    ASSERT_TRUE(introduce(a, b));
    ASSERT_TRUE(a.wait<Connected>() && b.wait<Connected>());
    ASSERT_TRUE(a.wait<FirstAudio>() && b.wait<FirstAudio>());
    ASSERT_TRUE(a.stats_until([](const Stats& stats) { return stats.packets_received > 75; }));
    ASSERT_TRUE(b.stats_until([](const Stats& stats) { return stats.packets_received > 75; }));
    const Stats stats = a.stats();
    EXPECT_GT(stats.packets_sent, 50U);
    EXPECT_EQ(stats.packets_lost, 0);
    EXPECT_GT(stats.microphone_level, 0.1);
    EXPECT_GT(stats.speaker_level, 0.1);
    a.leg->close();
    b.leg->close();
    EXPECT_NEAR(pitch_of(at_a), 1000.0, 5.0);
    EXPECT_NEAR(pitch_of(at_b), 440.0, 5.0);
    ::unlink(at_a.c_str());
    ::unlink(at_b.c_str());
}

TEST(MediaLeg, SpeechArrivesAsItselfBothWaysFromItsFirstSample) {
    const std::string said_a = temporary("said_a.wav");
    const std::string said_b = temporary("said_b.wav");
    if (!say("Good morning, this is Alice. I am calling about the meeting on Thursday.", said_a) ||
        !say("Hello Alice, Bob speaking. Thursday at half past nine suits me very well.", said_b)) {
        GTEST_SKIP() << "espeak-ng is not installed";
    }
    const std::string heard_a = temporary("heard_a.wav");
    const std::string heard_b = temporary("heard_b.wav");
    Party a({.input = WavInput{said_a}, .output = WavOutput{heard_a}});
    Party b({.input = WavInput{said_b}, .output = WavOutput{heard_b}});
    ASSERT_TRUE(introduce(a, b));
    ASSERT_TRUE(a.wait<Connected>() && b.wait<Connected>());
    a.leg->open_audio();
    b.leg->open_audio();
    ASSERT_TRUE(a.wait<AudioSourceEnded>() && b.wait<AudioSourceEnded>());
    for (Party* party : {&a, &b}) {  // what is still on its way
        const std::uint64_t now = party->stats().packets_received;
        ASSERT_TRUE(party->stats_until([&](const Stats& stats) { return stats.packets_received > now + 25; }));
    }
    a.leg->close();
    b.leg->close();
    const auto b_heard_a = compare_files(said_a, heard_b);
    const auto a_heard_b = compare_files(said_b, heard_a);
    const auto crossed = compare_files(said_a, heard_a);
    ASSERT_TRUE(b_heard_a && a_heard_b && crossed);
    std::printf(
        "a to b: score %.3f wave %.3f spectrum %.3f coverage %.2f lag %lld ms; crossed: score %.3f coverage %.2f\n",
        b_heard_a->score, b_heard_a->wave, b_heard_a->spectrum, b_heard_a->coverage,
        static_cast<long long>(b_heard_a->lag_ms), crossed->score, crossed->coverage
    );
    EXPECT_TRUE(b_heard_a->same());
    EXPECT_TRUE(a_heard_b->same());
    EXPECT_GT(b_heard_a->coverage, 0.95);
    EXPECT_GT(a_heard_b->coverage, 0.95);
    EXPECT_LT(std::abs(b_heard_a->lag_ms), 100) << "the file starts with the recording";
    EXPECT_FALSE(crossed->same());
    EXPECT_LT(crossed->score, 0.5);
    for (const auto& path : {said_a, said_b, heard_a, heard_b}) {
        ::unlink(path.c_str());
    }
}

TEST(MediaLeg, NothingIsSentBeforeTheAudioIsOpened) {  // I6
    Party a({.input = TestTone{440.0}});
    Party b({.input = TestTone{1000.0}});
    ASSERT_TRUE(introduce(a, b));
    ASSERT_TRUE(a.wait<Connected>() && b.wait<Connected>());
    b.leg->open_audio();
    // b's packets are the clock: a second of them arrives at a while a must stay silent.
    ASSERT_TRUE(a.stats_until([](const Stats& stats) { return stats.packets_received > 50; }));
    EXPECT_EQ(a.stats().packets_sent, 0U);
    EXPECT_EQ(b.stats().packets_received, 0U);
    EXPECT_FALSE(b.told<FirstAudio>());
    a.leg->open_audio();
    EXPECT_TRUE(b.wait<FirstAudio>());
    a.leg->close_audio();
    const std::uint64_t sent = a.stats().packets_sent;
    const std::uint64_t received = a.stats().packets_received;
    ASSERT_TRUE(a.stats_until([&](const Stats& stats) { return stats.packets_received > received + 25; }));
    EXPECT_LE(a.stats().packets_sent, sent + 1) << "one block may have been on its way";
}

TEST(MediaLeg, MuteAndHoldSendSilenceAndHoldHearsNone) {
    Party a({.input = TestTone{440.0}});
    Party b({.input = TestTone{1000.0}});
    ASSERT_TRUE(introduce(a, b));
    a.leg->open_audio();
    b.leg->open_audio();
    ASSERT_TRUE(a.wait<FirstAudio>() && b.wait<FirstAudio>());
    const auto loud = [](const Stats& stats) { return stats.speaker_level > 0.1; };
    const auto quiet = [](const Stats& stats) { return stats.speaker_level < 0.01; };
    ASSERT_TRUE(b.stats_until(loud));
    a.leg->set_muted(true);
    EXPECT_TRUE(b.stats_until(quiet));
    const std::uint64_t received = b.stats().packets_received;
    EXPECT_TRUE(b.stats_until([&](const Stats& stats) { return stats.packets_received > received + 10; }))
        << "silence is sent, not nothing";
    a.leg->set_muted(false);
    EXPECT_TRUE(b.stats_until(loud));
    a.leg->set_held(true);
    EXPECT_TRUE(b.stats_until(quiet));
    a.leg->set_held(false);
    EXPECT_TRUE(b.stats_until(loud));
}

TEST(MediaLeg, AnAnswerPreparedLongBeforeConnectsWhenItIsGiven) {
    Party caller({.input = TestTone{440.0}});
    Party callee({.input = TestTone{1000.0}});
    caller.leg->prepare_offer();
    const auto offer = caller.wait<LocalDescription>();
    const auto from_caller = caller.wait<LocalCandidate>();
    ASSERT_TRUE(offer && from_caller);
    callee.leg->prepare_answer(offer->sdp);
    callee.leg->add_remote_candidate(from_caller->mid, from_caller->mline_index, from_caller->candidate);
    const auto answer = callee.wait<LocalDescription>();
    const auto from_callee = callee.wait<LocalCandidate>();
    ASSERT_TRUE(answer && from_callee);
    // The phone rings for longer than libnice waits by default (5 s); nothing may fail meanwhile.
    EXPECT_FALSE(callee.wait<Failed>(milliseconds(6500)).has_value());
    EXPECT_FALSE(callee.told<Connected>());
    const auto answered = Clock::now();
    callee.leg->open_audio();
    caller.leg->set_remote_answer(answer->sdp);
    caller.leg->add_remote_candidate(from_callee->mid, from_callee->mline_index, from_callee->candidate);
    ASSERT_TRUE(caller.wait<Connected>());
    const double connected_ms = ms_since(answered);
    caller.leg->open_audio();
    ASSERT_TRUE(callee.wait<FirstAudio>() && caller.wait<FirstAudio>());
    std::printf(
        "warm answer to Connected %.1f ms, to FirstAudio both ways %.1f ms\n", connected_ms, ms_since(answered)
    );
}

TEST(MediaLeg, WithoutTrickleTheDescriptionHoldsTheCandidates) {
    Party a({.input = TestTone{440.0}, .trickle = false});
    Party b({.input = TestTone{1000.0}, .trickle = false});
    a.leg->open_audio();
    b.leg->open_audio();
    a.leg->prepare_offer();
    const auto offer = a.wait<LocalDescription>();
    ASSERT_TRUE(offer);
    EXPECT_NE(offer->sdp.find("a=candidate:"), std::string::npos);
    b.leg->prepare_answer(offer->sdp);
    const auto answer = b.wait<LocalDescription>();
    ASSERT_TRUE(answer);
    EXPECT_NE(answer->sdp.find("a=candidate:"), std::string::npos);
    a.leg->set_remote_answer(answer->sdp);
    EXPECT_TRUE(a.wait<FirstAudio>() && b.wait<FirstAudio>());
    EXPECT_FALSE(a.told<LocalCandidate>());
}

TEST(MediaLeg, OnlyLoopbackAddressesAreOfferedWhenAsked) {
    Party a({.trickle = false});
    a.leg->prepare_offer();
    const auto offer = a.wait<LocalDescription>();
    ASSERT_TRUE(offer);
    std::size_t candidates = 0;
    for (std::size_t at = offer->sdp.find("a=candidate:"); at != std::string::npos;
         at = offer->sdp.find("a=candidate:", at + 1)) {
        ++candidates;
        EXPECT_NE(offer->sdp.substr(at, offer->sdp.find('\n', at) - at).find(" 127.0.0.1 "), std::string::npos);
    }
    EXPECT_GE(candidates, 1U);
}

TEST(MediaLeg, TheOfferIsWhatABrowserUnderstands) {
    Party a({});
    a.leg->prepare_offer();
    const auto offer = a.wait<LocalDescription>();
    ASSERT_TRUE(offer);
    EXPECT_NE(offer->sdp.find("OPUS/48000/2"), std::string::npos) << "RFC 7587: always two channels in the SDP";
    EXPECT_NE(offer->sdp.find("useinbandfec=1"), std::string::npos);
    EXPECT_NE(offer->sdp.find("a=setup:actpass"), std::string::npos);
    EXPECT_NE(offer->sdp.find("a=rtcp-mux"), std::string::npos);
}

TEST(MediaLeg, GarbageFailsCleanly) {
    for (const std::string& garbage :
         {std::string("garbage"), std::string(), std::string(200000, 'v'),
          std::string("v=0\r\no=- 1 1 IN IP4 0\r\ns=-\r\nm=audio 9 RTP/AVP 0\r\n")}) {
        Party callee({});
        callee.leg->prepare_answer(garbage);
        const auto failed = callee.wait<Failed>();
        ASSERT_TRUE(failed);
        EXPECT_NE(failed->reason.find("caller's description"), std::string::npos);
    }
    Party caller({});
    caller.leg->prepare_offer();
    ASSERT_TRUE(caller.wait<LocalDescription>());
    caller.leg->add_remote_candidate("audio0", 0, "garbage");
    caller.leg->add_remote_candidate("", 7, "candidate:1 1 UDP 1 127.0.0.1 9 typ host");
    caller.leg->set_remote_answer("garbage");
    EXPECT_TRUE(caller.wait<Failed>());
}

TEST(MediaLeg, AFingerprintOfSomebodyElseNeverConnects) {
    Party a({.input = TestTone{440.0}});
    Party b({.input = TestTone{1000.0}});
    a.leg->open_audio();
    b.leg->open_audio();
    a.leg->prepare_offer();
    const auto offer = a.wait<LocalDescription>();
    const auto candidate = a.wait<LocalCandidate>();
    ASSERT_TRUE(offer && candidate);
    b.leg->prepare_answer(offer->sdp);
    b.leg->add_remote_candidate(candidate->mid, candidate->mline_index, candidate->candidate);
    auto answer = b.wait<LocalDescription>();
    const auto back = b.wait<LocalCandidate>();
    ASSERT_TRUE(answer && back);
    // One digit of the callee's fingerprint is changed, as a man in the middle would have to.
    const std::size_t at = answer->sdp.find("a=fingerprint:sha-256 ") + 22;
    answer->sdp[at] = answer->sdp[at] == '0' ? '1' : '0';
    a.leg->set_remote_answer(answer->sdp);
    a.leg->add_remote_candidate(back->mid, back->mline_index, back->candidate);
    EXPECT_TRUE(a.wait<Failed>());
    EXPECT_FALSE(a.told<Connected>());
    EXPECT_FALSE(a.told<FirstAudio>());
    EXPECT_EQ(a.stats().packets_sent, 0U);
}

TEST(MediaLeg, ClosingAtAnyMomentIsSafe) {
    for (int moment = 0; moment < 6; ++moment) {
        Party a({.input = TestTone{440.0}});
        Party b({.input = TestTone{1000.0}});
        a.leg->open_audio();
        if (moment >= 1) {
            a.leg->prepare_offer();
        }
        if (moment >= 2) {
            const auto offer = a.wait<LocalDescription>();
            ASSERT_TRUE(offer);
            b.leg->prepare_answer(offer->sdp);
            b.leg->open_audio();
        }
        if (moment >= 3) {
            const auto answer = b.wait<LocalDescription>();
            const auto candidate = b.wait<LocalCandidate>();
            ASSERT_TRUE(answer && candidate);
            a.leg->set_remote_answer(answer->sdp);
            if (moment >= 4) {
                a.leg->add_remote_candidate(candidate->mid, candidate->mline_index, candidate->candidate);
            }
            if (moment >= 5) {
                ASSERT_TRUE(a.wait<Connected>());
            }
        }
        a.leg->close();
        a.leg->close();
        a.leg->set_remote_answer("late");
        a.leg->add_remote_candidate("", 0, "candidate:1 1 UDP 1 127.0.0.1 9 typ host");
        a.leg->open_audio();
        a.leg->request_stats();
        b.leg.reset();  // the destructor closes as well
    }
}

TEST(MediaLeg, AClosedLegTellsNothingMore) {
    std::mutex mutex;
    bool closed = false;
    bool told_late = false;
    for (int round = 0; round < 10; ++round) {
        closed = false;
        auto leg = factory().create_leg({.loopback_only = true}, [&](const Event&) {
            const std::scoped_lock lock(mutex);
            told_late = told_late || closed;
        });
        ASSERT_TRUE(leg.has_value());
        (*leg)->prepare_offer();
        (*leg)->close();
        const std::scoped_lock lock(mutex);
        closed = true;
    }
    EXPECT_FALSE(told_late);
}

TEST(MediaLeg, WrongOptionsAreRefusedWithTheReason) {
    const auto error_of = [](LegOptions options) {
        auto leg = factory().create_leg(std::move(options), [](const Event&) {});
        EXPECT_FALSE(leg.has_value());
        return leg ? std::string() : leg.error().text;
    };
    EXPECT_NE(
        error_of({.input = WavInput{"/nonexistent/a.wav"}}).find("/nonexistent/a.wav: cannot be opened"),
        std::string::npos
    );
    EXPECT_NE(error_of({.input = WavInput{"/proc/self/status"}}).find("not a WAV file"), std::string::npos);
    EXPECT_NE(
        error_of({.output = WavOutput{"/nonexistent/b.wav"}}).find("/nonexistent/b.wav: cannot be written"),
        std::string::npos
    );
    EXPECT_NE(error_of({.input = TestTone{0.0}}).find("20 to 20000"), std::string::npos);
    EXPECT_NE(error_of({.turn = std::vector<TurnServer>(9)}).find("8 TURN"), std::string::npos);
    EXPECT_FALSE(factory().create_leg({}, nullptr).has_value());
}

TEST(MediaLeg, AMicrophoneThatIsNotThereIsToldAndTheCallGoesOn) {
    if (std::getenv("PULSE_SERVER") != nullptr) {
        GTEST_SKIP() << "there is a sound server";
    }
    ::setenv("PULSE_SERVER", "unix:/nonexistent/pulse", 1);
    Party a({.input = Microphone{}, .output = Speaker{}});
    Party b({.input = TestTone{1000.0}});
    ASSERT_TRUE(introduce(a, b));
    ASSERT_TRUE(a.wait<Connected>());
    a.leg->open_audio();
    b.leg->open_audio();
    EXPECT_TRUE(a.wait<AudioDeviceFailed>());
    EXPECT_TRUE(a.wait<FirstAudio>()) << "what the peer says still arrives";
    EXPECT_FALSE(a.told<Failed>());
    ::unsetenv("PULSE_SERVER");
}

// Needs a PulseAudio server with two null sinks, "in" (its monitor is the microphone) and "out" (the speaker), its
// socket in PULSE_SERVER, and CLARION_TEST_SOUND_SERVER=1; README.md says how to start one. Nothing is heard or
// recorded for real.
TEST(MediaLeg, MicrophoneAndSpeakerWorkWithASoundServer) {
    if (std::getenv("CLARION_TEST_SOUND_SERVER") == nullptr) {
        GTEST_SKIP() << "CLARION_TEST_SOUND_SERVER is not set";
    }
    const std::string tone = temporary("room.wav");
    const std::string at_speaker = temporary("speaker.wav");
    const std::string at_b = temporary("microphone.wav");
    std::vector<std::int16_t> samples(48000 * 20);
    for (std::size_t i = 0; i < samples.size(); ++i) {
        samples[i] = static_cast<std::int16_t>(
            8000.0 * std::sin(2.0 * std::numbers::pi * 600.0 * static_cast<double>(i) / 48000.0)
        );
    }
    ASSERT_TRUE(write_wav(tone, 48000, samples).has_value());
    ASSERT_EQ(std::system(("timeout 20 paplay --device=in " + tone + " &").c_str()), 0);
    Party a({.input = Microphone{"in.monitor"}, .output = Speaker{"out"}});
    Party b({.input = TestTone{1000.0}, .output = WavOutput{at_b}});
    ASSERT_TRUE(introduce(a, b));
    ASSERT_TRUE(a.wait<Connected>() && b.wait<Connected>());
    a.leg->open_audio();
    b.leg->open_audio();
    ASSERT_TRUE(a.wait<FirstAudio>() && b.wait<FirstAudio>());
    ASSERT_EQ(
        std::system(("timeout 4 parec --device=out.monitor --file-format=wav " + at_speaker + "; true").c_str()), 0
    );
    EXPECT_FALSE(a.told<AudioDeviceFailed>());
    EXPECT_GT(b.stats().packets_received, 100U);
    a.leg->close_audio();
    const std::uint64_t sent = a.stats().packets_sent;
    const std::uint64_t received = a.stats().packets_received;
    EXPECT_TRUE(a.stats_until([&](const Stats& stats) { return stats.packets_received > received + 25; }));
    EXPECT_LE(a.stats().packets_sent, sent + 1);
    a.leg->close();
    b.leg->close();
    EXPECT_NEAR(pitch_of(at_b), 600.0, 5.0);
    EXPECT_NEAR(pitch_of(at_speaker), 1000.0, 5.0);
    for (const auto& path : {tone, at_speaker, at_b}) {
        ::unlink(path.c_str());
    }
}

TEST(MediaLeg, MeasureSetUpAndMemory) {
    const auto start = Clock::now();
    factory().warm_up();
    const double warm_ms = ms_since(start);
    const long before = resident_kb();
    Party a({.input = TestTone{440.0}});
    Party b({.input = TestTone{1000.0}});
    a.leg->open_audio();
    b.leg->open_audio();
    a.leg->prepare_offer();
    const auto offer = a.wait<LocalDescription>();
    const auto candidate = a.wait<LocalCandidate>();
    ASSERT_TRUE(offer && candidate);
    const auto offered = Clock::now();
    b.leg->prepare_answer(offer->sdp);
    b.leg->add_remote_candidate(candidate->mid, candidate->mline_index, candidate->candidate);
    const auto answer = b.wait<LocalDescription>();
    const double answer_ms = ms_since(offered);
    const auto back = b.wait<LocalCandidate>();
    ASSERT_TRUE(answer && back);
    const auto answered = Clock::now();
    a.leg->set_remote_answer(answer->sdp);
    a.leg->add_remote_candidate(back->mid, back->mline_index, back->candidate);
    ASSERT_TRUE(a.wait<Connected>());
    const double connected_ms = ms_since(answered);
    ASSERT_TRUE(a.wait<FirstAudio>());
    const double audio_ms = ms_since(answered);
    const long after = resident_kb();
    const auto closing = Clock::now();
    a.leg->close();
    std::printf(
        "warm_up %.0f ms, prepare_answer %.1f ms, answer to Connected %.1f ms, to FirstAudio %.1f ms, "
        "close %.1f ms, RSS %ld kB before, %ld kB with two legs\n",
        warm_ms, answer_ms, connected_ms, audio_ms, ms_since(closing), before, after
    );
}

// A callee in a process of its own, over pipes.
class Peer {
  public:
    explicit Peer(const std::string& recording) {
        std::array<int, 2> to{};
        std::array<int, 2> from{};
        EXPECT_EQ(::pipe(to.data()), 0);
        EXPECT_EQ(::pipe(from.data()), 0);
        pid_ = ::fork();
        if (pid_ == 0) {
            ::dup2(to[0], 0);
            ::dup2(from[1], 1);
            for (const int fd : {to[0], to[1], from[0], from[1]}) {
                ::close(fd);
            }
            ::execl(CLARION_MEDIA_PEER, CLARION_MEDIA_PEER, recording.c_str(), nullptr);
            ::_exit(127);
        }
        ::close(to[0]);
        ::close(from[1]);
        out_ = ::fdopen(to[1], "w");
        in_ = ::fdopen(from[0], "r");
    }
    Peer(const Peer&) = delete;
    Peer& operator=(const Peer&) = delete;
    ~Peer() {
        kill_now();
        std::fclose(out_);
        std::fclose(in_);
    }

    void tell(std::string line) {
        std::erase(line, '\r');
        std::ranges::replace(line, '\n', '|');
        std::fprintf(out_, "%s\n", line.c_str());
        std::fflush(out_);
    }

    // The rest of the next line that starts so; the test's own time limit is the deadline of this read.
    std::string hear(const std::string& start) {
        std::array<char, 65536> line{};
        while (std::fgets(line.data(), static_cast<int>(line.size()), in_) != nullptr) {
            std::string text(line.data());
            if (text.starts_with(start)) {
                text.pop_back();
                std::ranges::replace(text, '|', '\n');
                return text.substr(start.size());
            }
        }
        return {};
    }

    void kill_now() {
        if (pid_ > 0) {
            ::kill(pid_, SIGKILL);
            ::waitpid(pid_, nullptr, 0);
            pid_ = -1;
        }
    }

  private:
    pid_t pid_ = -1;
    std::FILE* out_ = nullptr;
    std::FILE* in_ = nullptr;
};

TEST(MediaLeg, APeerThatIsKilledIsNoticedAndItsRecordingIsValid) {
    const std::string recording = temporary("killed.wav");
    Party a({.input = TestTone{440.0}});
    Peer peer(recording);
    a.leg->open_audio();
    a.leg->prepare_offer();
    const auto offer = a.wait<LocalDescription>();
    const auto candidate = a.wait<LocalCandidate>();
    ASSERT_TRUE(offer && candidate);
    peer.tell("sdp " + offer->sdp);
    peer.tell("candidate " + candidate->candidate);
    const std::string answer = peer.hear("sdp ");
    const std::string back = peer.hear("candidate ");
    ASSERT_FALSE(answer.empty() || back.empty());
    a.leg->set_remote_answer(answer);
    a.leg->add_remote_candidate("", 0, back);
    ASSERT_TRUE(a.wait<FirstAudio>());
    ASSERT_TRUE(a.stats_until([](const Stats& stats) { return stats.packets_received > 100; }));  // 2 s
    peer.kill_now();
    const auto killed = Clock::now();
    const auto heard = read_wav(recording);
    ASSERT_TRUE(heard.has_value()) << heard.error().text;
    EXPECT_GT(heard->samples.size(), 48000U);
    EXPECT_NEAR(pitch_of(recording), 440.0, 5.0);
    EXPECT_TRUE(a.wait<Lost>(kGenerous)) << "the peer vanished without a word";
    std::printf("loss noticed after %.0f ms\n", ms_since(killed));
    ::unlink(recording.c_str());
}

}  // namespace
}  // namespace clarion::media
