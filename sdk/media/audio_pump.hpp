// SPDX-License-Identifier: Apache-2.0
// Private to sdk/media: a source of sound that the program makes itself (tone, file, silence), paced in real time.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <expected>
#include <functional>
#include <memory>
#include <mutex>
#include <span>
#include <thread>

#include "sdk/media/media.hpp"
#include "sdk/media/wav.hpp"

namespace clarion::media {

inline constexpr int kBlocksPerSecond = 50;  // 20 ms, one Opus frame each

// Gives samples, mono, 16 bits, at rate(). One thread at a time.
class PcmSource {
  public:
    virtual ~PcmSource() = default;
    [[nodiscard]] virtual std::uint32_t rate() const = 0;
    // Fills `out` wholly, with silence where there is nothing (more). True once: the source just came to its end.
    [[nodiscard]] virtual bool fill(std::span<std::int16_t> out) = 0;
};

// Silence, a tone or a file; not for Microphone.
[[nodiscard]] std::expected<std::unique_ptr<PcmSource>, MediaError> make_source(const AudioInput& input);

// A thread that takes a block every 20 ms and hands it over, until stopped. It keeps to the clock in the long run:
// after a stall of the machine it catches up, and after one longer than a second it goes on from now (the peer's buffer
// is no longer).
class AudioPump {
  public:
    // `index` counts the blocks from 0. Called on the pump's thread.
    using Deliver = std::function<void(std::span<std::int16_t> samples, std::uint64_t index)>;

    AudioPump(std::unique_ptr<PcmSource> source, Deliver deliver, std::function<void()> on_end);
    AudioPump(const AudioPump&) = delete;
    AudioPump& operator=(const AudioPump&) = delete;
    ~AudioPump();

    [[nodiscard]] std::uint32_t rate() const { return source_->rate(); }
    void start();  // goes on where it stopped: a file is paused while the call is held
    void stop();   // no block is handed over after it returned

  private:
    void run();

    std::unique_ptr<PcmSource> source_;
    Deliver deliver_;
    std::function<void()> on_end_;
    std::mutex mutex_;
    std::condition_variable wake_;
    bool stopping_ = false;
    std::thread thread_;
};

}  // namespace clarion::media
