// SPDX-License-Identifier: Apache-2.0
#include "sdk/media/audio_pump.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <numbers>
#include <utility>
#include <variant>
#include <vector>

namespace clarion::media {
namespace {

constexpr std::uint32_t kRate = 48000;

class SilenceSource final : public PcmSource {
  public:
    std::uint32_t rate() const override { return kRate; }
    bool fill(std::span<std::int16_t> out) override {
        std::ranges::fill(out, std::int16_t{0});
        return false;
    }
};

class ToneSource final : public PcmSource {
  public:
    explicit ToneSource(double hz) : step_(2.0 * std::numbers::pi * hz / kRate) {}
    std::uint32_t rate() const override { return kRate; }
    bool fill(std::span<std::int16_t> out) override {
        for (std::int16_t& sample : out) {
            sample = static_cast<std::int16_t>(std::lround(std::sin(phase_) * 8000.0));  // about -12 dBFS
            phase_ = std::fmod(phase_ + step_, 2.0 * std::numbers::pi);
        }
        return false;
    }

  private:
    double step_;
    double phase_ = 0.0;
};

class WavSource final : public PcmSource {
  public:
    WavSource(WavReader reader, bool loop) : reader_(std::move(reader)), loop_(loop) {}
    std::uint32_t rate() const override { return reader_.rate(); }
    bool fill(std::span<std::int16_t> out) override {
        std::size_t filled = 0;
        bool just_ended = false;
        while (filled < out.size() && !ended_) {
            const std::size_t got = reader_.read(out.subspan(filled));
            filled += got;
            if (got == 0) {
                ended_ = !loop_ || reader_.frames() == 0 || !reader_.rewind();
                just_ended = ended_;
            }
        }
        std::ranges::fill(out.subspan(filled), std::int16_t{0});
        return just_ended;
    }

  private:
    WavReader reader_;
    bool loop_;
    bool ended_ = false;
};

}  // namespace

std::expected<std::unique_ptr<PcmSource>, MediaError> make_source(const AudioInput& input) {
    if (const auto* tone = std::get_if<TestTone>(&input)) {
        if (!(tone->hz >= 20.0 && tone->hz <= 20000.0)) {
            return std::unexpected(MediaError{MediaErrorCode::bad_option, "a test tone is 20 to 20000 Hz"});
        }
        return std::make_unique<ToneSource>(tone->hz);
    }
    if (const auto* wav = std::get_if<WavInput>(&input)) {
        auto reader = WavReader::open(wav->path);
        if (!reader) {
            return std::unexpected(MediaError{MediaErrorCode::bad_file, reader.error().text});
        }
        return std::make_unique<WavSource>(std::move(*reader), wav->loop);
    }
    return std::make_unique<SilenceSource>();
}

AudioPump::AudioPump(std::unique_ptr<PcmSource> source, Deliver deliver, std::function<void()> on_end)
    : source_(std::move(source)), deliver_(std::move(deliver)), on_end_(std::move(on_end)) {}

AudioPump::~AudioPump() { stop(); }

void AudioPump::start() {
    if (thread_.joinable()) {
        return;
    }
    stopping_ = false;
    thread_ = std::thread([this] { run(); });
}

void AudioPump::stop() {
    if (!thread_.joinable()) {
        return;
    }
    {
        const std::scoped_lock lock(mutex_);
        stopping_ = true;
    }
    wake_.notify_all();
    thread_.join();
}

void AudioPump::run() {
    using Clock = std::chrono::steady_clock;
    constexpr std::chrono::milliseconds kBlock{1000 / kBlocksPerSecond};
    const std::uint64_t rate = source_->rate();
    std::vector<std::int16_t> samples;
    auto due = Clock::now();
    for (std::uint64_t index = 0;; ++index) {
        // 11025 Hz does not divide by 50: the blocks differ by a sample so that no time is lost.
        const std::uint64_t first = index * rate / kBlocksPerSecond;
        const std::uint64_t next = (index + 1) * rate / kBlocksPerSecond;
        samples.resize(static_cast<std::size_t>(next - first));
        const bool ended = source_->fill(samples);
        deliver_(samples, index);
        if (ended) {
            on_end_();
        }
        // One block ahead: the peer's Opus decoder holds each packet until the next one is there, which may carry its
        // repair (in-band FEC). A source that need not wait for a microphone can spare it that wait.
        due += index == 0 ? kBlock * 0 : kBlock;
        const auto now = Clock::now();
        if (now - due > std::chrono::seconds(1)) {
            due = now;
        }
        std::unique_lock lock(mutex_);
        if (wake_.wait_until(lock, due, [this] { return stopping_; })) {
            return;
        }
    }
}

}  // namespace clarion::media
