// SPDX-License-Identifier: Apache-2.0
#include "sdk/media/tone_source.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <numbers>
#include <span>

namespace clarion::media {
namespace {

constexpr std::uint32_t kRate = 48000;
constexpr double kLoudness = 5000.0;
constexpr std::uint32_t kEdge = kRate / 200;  // 5 ms: no click

struct Step {
    double hz;  // 0: silence
    std::uint32_t ms;
};

// Each pattern repeats.
constexpr std::array<Step, 5> kRing{{{660, 400}, {550, 400}, {660, 400}, {550, 400}, {0, 2400}}};
constexpr std::array<Step, 2> kRingback{{{425, 1000}, {0, 4000}}};
constexpr std::array<Step, 2> kHold{{{425, 200}, {0, 9800}}};
constexpr std::array<Step, 2> kEnd{{{425, 250}, {0, 250}}};
constexpr std::array<Step, 2> kBusy{{{425, 500}, {0, 500}}};

std::span<const Step> pattern_of(Tone tone) {
    switch (tone) {
        case Tone::ring: return kRing;
        case Tone::ringback: return kRingback;
        case Tone::hold: return kHold;
        case Tone::end: return kEnd;
        case Tone::busy: return kBusy;
    }
    return kEnd;
}

class PatternSource final : public PcmSource {
  public:
    explicit PatternSource(std::span<const Step> pattern) : pattern_(pattern) {}
    std::uint32_t rate() const override { return kRate; }
    bool fill(std::span<std::int16_t> out) override {
        for (std::int16_t& sample : out) {
            sample = next();
        }
        return false;
    }

  private:
    std::int16_t next() {
        const Step& step = pattern_[step_];
        const std::uint32_t length = step.ms * (kRate / 1000);
        const std::uint32_t edge = std::min({at_, length - at_, kEdge});
        const double phase = 2.0 * std::numbers::pi * step.hz * at_ / kRate;
        const double level = kLoudness * edge / kEdge;
        if (++at_ == length) {
            at_ = 0;
            step_ = (step_ + 1) % pattern_.size();
        }
        return static_cast<std::int16_t>(std::lround(std::sin(phase) * level));
    }

    std::span<const Step> pattern_;
    std::size_t step_ = 0;
    std::uint32_t at_ = 0;  // samples into the step
};

}  // namespace

std::unique_ptr<PcmSource> make_tone(Tone tone) { return std::make_unique<PatternSource>(pattern_of(tone)); }

}  // namespace clarion::media
