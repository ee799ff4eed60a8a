// SPDX-License-Identifier: Apache-2.0
// The ear and the pump without a call around them.
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <filesystem>
#include <mutex>
#include <span>
#include <vector>

#include "sdk/media/audio_ear.hpp"
#include "sdk/media/audio_pump.hpp"
#include "sdk/media/tone_source.hpp"
#include "sdk/media/wav.hpp"

namespace clarion::media {
namespace {

using std::chrono::milliseconds;

class Audio : public testing::Test {
  protected:
    void SetUp() override {
        std::string pattern = (std::filesystem::temp_directory_path() / "clarion-audio-XXXXXX").string();
        ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
        directory_ = pattern;
    }
    void TearDown() override { std::filesystem::remove_all(directory_); }
    std::string file(const char* name) const { return (directory_ / name).string(); }

    std::filesystem::path directory_;
};

TEST_F(Audio, ARecordingKeepsTheTimeInWhichNothingCame) {
    AudioEar ear({.first_audio = [] {}, .recording_failed = [](const std::string&) {}});
    ASSERT_TRUE(ear.record_to(file("heard.wav")));
    const std::vector<std::int16_t> block(960, 5000);  // 20 ms at 48 kHz
    ear.hear(block, milliseconds(1000));
    ear.hear(block, milliseconds(1020));
    ear.hear(block, milliseconds(3040));  // Two seconds on hold.
    ear.finish();
    const auto heard = read_wav(file("heard.wav"));
    ASSERT_TRUE(heard);
    ASSERT_EQ(heard->samples.size(), 48u * (20 + 20 + 2000 + 20));
    EXPECT_EQ(heard->samples[48 * 30], 5000);
    EXPECT_EQ(heard->samples[48 * 1000], 0);
    EXPECT_EQ(heard->samples[48 * 2050], 5000);
}

TEST_F(Audio, ATimeThatJumpsBackOrFarAheadDoesNotFillTheDisk) {
    AudioEar ear({.first_audio = [] {}, .recording_failed = [](const std::string&) {}});
    ASSERT_TRUE(ear.record_to(file("heard.wav")));
    const std::vector<std::int16_t> block(960, 5000);
    ear.hear(block, milliseconds(5000));
    ear.hear(block, milliseconds(0));
    EXPECT_EQ(ear.level(), 5000 / 32768.0);
    ear.finish();
    EXPECT_EQ(read_wav(file("heard.wav"))->samples.size(), 2 * 960u);
}

TEST_F(Audio, AFileThatWasPausedGoesOnWhereItWas) {
    auto writer = WavWriter::create(file("said.wav"), 8000, 1);
    ASSERT_TRUE(writer);
    std::vector<std::int16_t> ramp(8000);
    for (std::size_t at = 0; at < ramp.size(); ++at) ramp[at] = static_cast<std::int16_t>(at);
    ASSERT_TRUE(writer->write(ramp) && writer->close());

    std::mutex mutex;
    std::condition_variable wake;
    std::vector<std::int16_t> said;
    auto source = make_source(WavInput{file("said.wav")});
    ASSERT_TRUE(source);
    AudioPump pump(
        std::move(*source),
        [&](std::span<std::int16_t> samples, std::uint64_t) {
            const std::scoped_lock lock(mutex);
            said.insert(said.end(), samples.begin(), samples.end());
            wake.notify_all();
        },
        [] {}
    );
    const auto play_until = [&](std::size_t samples) {
        pump.start();
        {
            std::unique_lock lock(mutex);
            ASSERT_TRUE(wake.wait_for(lock, std::chrono::seconds(20), [&] { return said.size() >= samples; }));
        }
        pump.stop();
    };
    play_until(400);
    play_until(said.size() + 400);
    for (std::size_t at = 0; at < said.size(); ++at) ASSERT_EQ(said[at], ramp[at]) << at;
}

/// How often the wave goes up through zero in these milliseconds: its pitch, or 0 for silence.
double pitch(const std::vector<std::int16_t>& samples, std::size_t from_ms, std::size_t to_ms) {
    int crossings = 0;
    for (std::size_t i = from_ms * 48 + 1; i < to_ms * 48; ++i) crossings += samples[i - 1] < 0 && samples[i] >= 0;
    return crossings * 1000.0 / static_cast<double>(to_ms - from_ms);
}

TEST(Tones, HaveTheirPitchAndTheirRhythmAndRepeat) {
    struct Case {
        Tone tone;
        double hz;
        std::size_t on_ms;
        std::size_t period_ms;
    };
    for (const auto& [tone, hz, on, period] : {
             Case{Tone::ring, 660, 400, 4000},
             Case{Tone::ringback, 425, 1000, 5000},
             Case{Tone::hold, 425, 200, 10000},
             Case{Tone::end, 425, 250, 500},
             Case{Tone::busy, 425, 500, 1000},
         }) {
        const auto source = make_tone(tone);
        ASSERT_EQ(source->rate(), 48000U);
        std::vector<std::int16_t> samples(48 * (period + 400));
        EXPECT_FALSE(source->fill(std::span{samples}.first(7777))) << "a tone goes on";
        EXPECT_FALSE(source->fill(std::span{samples}.subspan(7777)));
        EXPECT_NEAR(pitch(samples, 0, on), hz, 8) << static_cast<int>(tone);
        EXPECT_NEAR(pitch(samples, period, period + std::min<std::size_t>(on, 200)), hz, 8) << static_cast<int>(tone);
        const std::size_t silent_from = period - 200;
        EXPECT_EQ(pitch(samples, silent_from, period), 0.0) << static_cast<int>(tone);
        const auto loudest = *std::ranges::max_element(samples);
        EXPECT_GT(loudest, 4000);
        EXPECT_LT(loudest, 6000) << "no louder than a voice";
    }
}

TEST(Tones, WithoutASpeakerThereIsNothingToHearAndNothingFails) {
    int failures = 0;
    const auto player = create_tone_player(Discard{}, [&](const std::string&) { ++failures; });
    player->play(Tone::ring);
    player->play(Tone::busy);
    player->stop();
    EXPECT_EQ(failures, 0);
}

}  // namespace
}  // namespace clarion::media
