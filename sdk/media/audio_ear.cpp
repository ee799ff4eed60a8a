// SPDX-License-Identifier: Apache-2.0
#include "sdk/media/audio_ear.hpp"

#include <algorithm>
#include <cstdlib>
#include <utility>

namespace clarion::media {
namespace {

constexpr std::uint32_t kRate = 48000;
constexpr double kAudible = 0.01;  // -40 dBFS: above what Opus makes of silence, below a whisper

}  // namespace

double peak_of(std::span<const std::int16_t> samples) noexcept {
    int peak = 0;
    for (const std::int16_t sample : samples) {
        peak = std::max(peak, std::abs(static_cast<int>(sample)));
    }
    return peak / 32768.0;
}

std::expected<void, WavError> AudioEar::record_to(const std::string& path) {
    auto writer = WavWriter::create(path, kRate, 1);
    if (!writer) {
        return std::unexpected(writer.error());
    }
    const std::scoped_lock lock(mutex_);
    recorder_ = std::move(*writer);
    return {};
}

void AudioEar::hear(std::span<const std::int16_t> samples) {
    const double peak = peak_of(samples);
    level_.store(peak, std::memory_order_relaxed);
    if (!heard_ && peak > kAudible) {
        heard_ = true;
        callbacks_.first_audio();
    }
    std::string failure;
    {
        const std::scoped_lock lock(mutex_);
        if (recorder_) {
            if (auto written = recorder_->write(samples); !written) {
                failure = written.error().text;
                recorder_.reset();
            }
        }
    }
    if (!failure.empty()) {
        callbacks_.recording_failed(std::move(failure));
    }
}

void AudioEar::finish() {
    const std::scoped_lock lock(mutex_);
    recorder_.reset();  // completes the file
}

}  // namespace clarion::media
