// SPDX-License-Identifier: Apache-2.0
#include "sdk/media/audio_ear.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <utility>

namespace clarion::media {
namespace {

constexpr std::uint32_t kRate = 48000;
constexpr std::chrono::nanoseconds kSilenceBlock = std::chrono::milliseconds(20);
constexpr std::chrono::nanoseconds kGapMax = std::chrono::hours(1);
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

void AudioEar::hear(std::span<const std::int16_t> samples, std::chrono::nanoseconds at) {
    const double peak = peak_of(samples);
    level_.store(peak, std::memory_order_relaxed);
    if (!heard_ && peak > kAudible) {
        heard_ = true;
        callbacks_.first_audio();
    }
    record(samples, at);
}

void AudioEar::record(std::span<const std::int16_t> samples, std::chrono::nanoseconds at) {
    static constexpr std::array<std::int16_t, kRate / 50> kSilence{};
    const auto length = std::chrono::nanoseconds(samples.size() * 1'000'000'000 / kRate);
    const auto missing = heard_until_ ? at - *heard_until_ : std::chrono::nanoseconds(0);
    heard_until_ = at + length;
    std::string failure;
    {
        const std::scoped_lock lock(mutex_);
        if (!recorder_) {
            return;
        }
        std::expected<void, WavError> written;
        for (auto gap = std::min(missing, kGapMax); written && gap >= kSilenceBlock; gap -= kSilenceBlock) {
            written = recorder_->write(kSilence);
        }
        if (written) {
            written = recorder_->write(samples);
        }
        if (!written) {
            failure = written.error().text;
            recorder_.reset();
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
