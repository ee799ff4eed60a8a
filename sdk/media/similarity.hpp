// SPDX-License-Identifier: Apache-2.0
// Whether a recording holds the speech of a reference after a trip through Opus, packet loss and a jitter buffer. This
// is how a test or a demonstration proves that the right person was heard, not only that something was.
//
// Opus keeps what the ear keeps: the picture of loudness over time and pitch, not the wave form (at low rates the phase
// is not preserved). So both are compared: the normalised cross-correlation of the wave, which decides at good quality,
// and the correlation of log spectrograms, which still holds where the wave does not.
#pragma once

#include <cstdint>
#include <expected>
#include <string>

#include "sdk/media/wav.hpp"

namespace clarion::media {

// Above it the recording is the reference; measured on synthetic speech through Opus at 32 kbit/s: the same sentence
// 0.9 and more, another sentence of the same voice, tones, noise and silence below 0.4 (similarity_test, media_test).
inline constexpr double kSameSpeech = 0.7;

struct Similarity {
    double score = 0.0;     // 0 .. 1: mean over the reference's speech windows of the better of both correlations
    double wave = 0.0;      // mean normalised cross-correlation of the wave, 300 to 3400 Hz
    double spectrum = 0.0;  // mean correlation of the log spectrograms
    double coverage = 0.0;  // share of the reference's speech windows (500 ms) that were found in the recording
    std::int64_t lag_ms =
        0;            // how much later the recording has it; negative: the recording starts within the reference
    int windows = 0;  // speech windows of the reference; 0: it holds no speech, and nothing is similar to it
    [[nodiscard]] bool same() const noexcept { return windows > 0 && score >= kSameSpeech && coverage >= kSameSpeech; }
};

// Any thread; about 50 ms of work for 10 s of sound.
[[nodiscard]] Similarity compare(const WavAudio& reference, const WavAudio& recorded);

// Errors: a file that cannot be read.
[[nodiscard]] std::expected<Similarity, WavError> compare_files(
    const std::string& reference, const std::string& recorded
);

}  // namespace clarion::media
