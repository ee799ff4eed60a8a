// SPDX-License-Identifier: Apache-2.0
// Speech comes from espeak-ng; without it the tests that need speech are skipped and say so.
#include "sdk/media/similarity.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <numbers>
#include <random>
#include <string>
#include <vector>

namespace clarion::media {
namespace {

constexpr const char* kSentence =
    "The quick brown fox jumps over the lazy dog, and nobody in the village was surprised.";
constexpr const char* kOther = "Yesterday we bought seven green apples at the market near the old railway station.";

class Similar : public ::testing::Test {
  protected:
    void SetUp() override {
        if (std::system("espeak-ng --version >/dev/null 2>&1") != 0) {
            GTEST_SKIP() << "espeak-ng is not installed";
        }
    }

    static WavAudio say(const std::string& text, const std::string& options = "") {
        const std::string path = ::testing::TempDir() + "similar_" + std::to_string(::getpid()) + ".wav";
        EXPECT_EQ(std::system(("espeak-ng " + options + " -w " + path + " '" + text + "'").c_str()), 0);
        auto audio = read_wav(path);
        ::unlink(path.c_str());
        EXPECT_TRUE(audio.has_value());
        return audio ? *audio : WavAudio{};
    }

    static WavAudio tone(double hz, double seconds) {
        WavAudio audio{16000, {}};
        for (int i = 0; i < static_cast<int>(seconds * 16000); ++i) {
            audio.samples.push_back(
                static_cast<std::int16_t>(8000.0 * std::sin(2.0 * std::numbers::pi * hz * i / 16000.0))
            );
        }
        return audio;
    }

    static WavAudio noise(double seconds) {
        WavAudio audio{16000, {}};
        std::mt19937 random(7);
        std::uniform_int_distribution<int> sample(-8000, 8000);
        for (int i = 0; i < static_cast<int>(seconds * 16000); ++i) {
            audio.samples.push_back(static_cast<std::int16_t>(sample(random)));
        }
        return audio;
    }

    static void show(const char* what, const Similarity& s) {
        std::printf(
            "%-24s score %.3f wave %.3f spectrum %.3f coverage %.2f lag %lld ms windows %d\n", what, s.score, s.wave,
            s.spectrum, s.coverage, static_cast<long long>(s.lag_ms), s.windows
        );
    }
};

TEST_F(Similar, SpeechIsItselfWhenLateQuietAndNoisy) {
    const WavAudio said = say(kSentence);
    WavAudio heard{said.rate, std::vector<std::int16_t>(said.rate * 7 / 10, 0)};  // 700 ms late
    for (const std::int16_t sample : said.samples) {
        heard.samples.push_back(static_cast<std::int16_t>(sample / 4));
    }
    std::mt19937 random(1);
    std::normal_distribution<double> hiss(0.0, 20.0);
    for (std::int16_t& sample : heard.samples) {
        sample = static_cast<std::int16_t>(sample + hiss(random));
    }
    const Similarity result = compare(said, heard);
    show("late, quiet, noisy", result);
    EXPECT_TRUE(result.same());
    EXPECT_GT(result.score, 0.9);
    EXPECT_DOUBLE_EQ(result.coverage, 1.0);
    EXPECT_NEAR(static_cast<double>(result.lag_ms), 700.0, 20.0);
}

TEST_F(Similar, AnotherSentenceOfTheSameVoiceIsFarBelow) {
    const Similarity result = compare(say(kSentence), say(kOther));
    show("other sentence", result);
    EXPECT_FALSE(result.same());
    EXPECT_LT(result.score, 0.55);
    EXPECT_LT(result.coverage, 0.2);
}

TEST_F(Similar, TheSameWordsOfAnotherVoiceAreNotTheSameRecording) {
    const Similarity result = compare(say(kSentence), say(kSentence, "-v en+f3 -s 150"));
    show("other voice", result);
    EXPECT_FALSE(result.same());
}

TEST_F(Similar, SilenceToneAndNoiseAreNothing) {
    const WavAudio said = say(kSentence);
    const Similarity of_silence = compare(said, WavAudio{48000, std::vector<std::int16_t>(48000 * 5, 0)});
    const Similarity of_tone = compare(said, tone(440.0, 6.0));
    const Similarity of_noise = compare(said, noise(6.0));
    const Similarity of_nothing = compare(said, WavAudio{48000, {}});
    show("silence", of_silence);
    show("tone", of_tone);
    show("noise", of_noise);
    for (const Similarity& result : {of_silence, of_tone, of_noise, of_nothing}) {
        EXPECT_FALSE(result.same());
        EXPECT_LT(result.score, 0.4);
        EXPECT_LT(result.coverage, 0.05);
    }
}

TEST_F(Similar, AHalfThatWasNotHeardIsMissingInTheCoverage) {
    const WavAudio said = say(kSentence);
    WavAudio heard = said;
    heard.samples.resize(heard.samples.size() / 2);
    const Similarity result = compare(said, heard);
    show("first half only", result);
    EXPECT_NEAR(result.coverage, 0.5, 0.2);
    EXPECT_FALSE(result.same());
}

TEST_F(Similar, SpeechIsFoundAmongOtherSpeech) {
    const WavAudio said = say(kSentence);
    WavAudio heard = say(kOther);
    const auto before_ms = static_cast<double>(heard.samples.size()) * 1000.0 / heard.rate;
    heard.samples.insert(heard.samples.end(), said.samples.begin(), said.samples.end());
    const Similarity result = compare(said, heard);
    show("after other speech", result);
    EXPECT_TRUE(result.same());
    EXPECT_NEAR(static_cast<double>(result.lag_ms), before_ms, 20.0);
}

TEST(Similarity, ASilentReferenceIsSimilarToNothing) {
    const WavAudio silence{16000, std::vector<std::int16_t>(32000, 0)};
    EXPECT_EQ(compare(silence, silence).windows, 0);
    EXPECT_FALSE(compare(silence, silence).same());
}

TEST(Similarity, AFileThatIsMissingIsAnError) {
    const auto result = compare_files("/nonexistent/said.wav", "/nonexistent/heard.wav");
    ASSERT_FALSE(result.has_value());
    EXPECT_NE(result.error().text.find("/nonexistent/said.wav"), std::string::npos);
}

}  // namespace
}  // namespace clarion::media
