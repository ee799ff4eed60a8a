// SPDX-License-Identifier: Apache-2.0
// Private to sdk/media: what is done with each decoded block of the peer's voice: measure, notice the first sound,
// record.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <expected>
#include <functional>
#include <mutex>
#include <optional>
#include <span>
#include <string>

#include "sdk/media/wav.hpp"

namespace clarion::media {

// Loudest sample, 0 .. 1.
[[nodiscard]] double peak_of(std::span<const std::int16_t> samples) noexcept;

class AudioEar {
  public:
    struct Callbacks {
        std::function<void()> first_audio;
        std::function<void(std::string)> recording_failed;  // once
    };

    explicit AudioEar(Callbacks callbacks) : callbacks_(std::move(callbacks)) {}

    // 48 kHz mono. Before the first block.
    [[nodiscard]] std::expected<void, WavError> record_to(const std::string& path);

    // On the decoder's thread. `at` is when it was spoken, on any clock that goes on: what is missing between two
    // blocks, because nothing came or the call was held, is silence in the recording (at most an hour of it).
    void hear(std::span<const std::int16_t> samples, std::chrono::nanoseconds at);
    // Completes the recording. Any thread; blocks that come later are only measured.
    void finish();

    [[nodiscard]] double level() const noexcept { return level_.load(std::memory_order_relaxed); }

  private:
    void record(std::span<const std::int16_t> samples, std::chrono::nanoseconds at);

    Callbacks callbacks_;
    std::atomic<double> level_{0.0};
    bool heard_ = false;  // decoder's thread only
    std::mutex mutex_;
    std::optional<WavWriter> recorder_;
    std::optional<std::chrono::nanoseconds> heard_until_;  // decoder's thread only
};

}  // namespace clarion::media
