// SPDX-License-Identifier: Apache-2.0
#include "sdk/media/similarity.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <complex>
#include <cstddef>
#include <numbers>
#include <span>
#include <utility>
#include <vector>

#include "sdk/media/fft.hpp"

namespace clarion::media {
namespace {

constexpr int kRate = 16000;
constexpr std::size_t kFrame = 512;  // 32 ms
constexpr std::size_t kHop = 160;    // 10 ms
constexpr std::size_t kBands = 24;
constexpr std::ptrdiff_t kWindowFrames = 50;  // 500 ms
constexpr std::ptrdiff_t kWindowStep = 25;    // 250 ms
constexpr std::ptrdiff_t kNearFrames =
    10;  // a window may lie 100 ms off the common lag: a jitter buffer stretches time
constexpr std::size_t kVotingWindows = 16;    // windows that settle the common lag
constexpr double kActiveBelowLoudest = 35.0;  // dB
constexpr double kFloorBelowLoudest = 50.0;   // dB: what is quieter is noise, and all noise is alike
constexpr double kFound = 0.7;                // a window at least this similar is in the recording

using Bands = std::array<double, kBands>;

// ---- To 16 kHz and the telephone band
// ---------------------------------------------------------------------------------

// Windowed sinc, 16 zero crossings to each side, from a table.
std::vector<double> resample(const WavAudio& audio) {
    constexpr int kCrossings = 16;
    constexpr int kSteps = 256;
    static const std::vector<double> kernel = [] {
        std::vector<double> table(kCrossings * kSteps + 2, 0.0);
        for (std::size_t i = 0; i < table.size() - 1; ++i) {
            const double x = static_cast<double>(i) / kSteps;
            const double sinc = i == 0 ? 1.0 : std::sin(std::numbers::pi * x) / (std::numbers::pi * x);
            table[i] = sinc * 0.5 * (1.0 + std::cos(std::numbers::pi * x / kCrossings));
        }
        return table;
    }();
    const double step = static_cast<double>(audio.rate) / kRate;
    const double cutoff = std::min(1.0, 1.0 / step);  // of the input's half rate
    const double reach = kCrossings / cutoff;
    const auto size = static_cast<std::ptrdiff_t>(audio.samples.size());
    std::vector<double> out(static_cast<std::size_t>(static_cast<double>(size) / step));
    for (std::size_t i = 0; i < out.size(); ++i) {
        const double centre = static_cast<double>(i) * step;
        const auto first = std::max<std::ptrdiff_t>(0, static_cast<std::ptrdiff_t>(std::ceil(centre - reach)));
        const auto last = std::min<std::ptrdiff_t>(size - 1, static_cast<std::ptrdiff_t>(std::floor(centre + reach)));
        double sum = 0.0;
        for (std::ptrdiff_t k = first; k <= last; ++k) {
            const double at = std::abs(static_cast<double>(k) - centre) * cutoff * kSteps;
            sum += audio.samples[static_cast<std::size_t>(k)] * kernel[static_cast<std::size_t>(at)];
        }
        out[i] = sum * cutoff;
    }
    return out;
}

// Second-order Butterworth, high-pass at 300 Hz and low-pass at 3400 Hz (R. Bristow-Johnson's cookbook formulas).
void telephone_band(std::vector<double>& samples) {
    for (const bool high : {true, false}) {
        const double omega = 2.0 * std::numbers::pi * (high ? 300.0 : 3400.0) / kRate;
        const double alpha = std::sin(omega) / std::numbers::sqrt2;
        const double cosine = std::cos(omega);
        const double a0 = 1.0 + alpha;
        const double b0 = (high ? 1.0 + cosine : 1.0 - cosine) / 2.0 / a0;
        const double b1 = (high ? -1.0 - cosine : 1.0 - cosine) / a0;
        const double a1 = -2.0 * cosine / a0;
        const double a2 = (1.0 - alpha) / a0;
        double x1 = 0.0;
        double x2 = 0.0;
        double y1 = 0.0;
        double y2 = 0.0;
        for (double& sample : samples) {
            const double y = b0 * sample + b1 * x1 + b0 * x2 - a1 * y1 - a2 * y2;
            x2 = std::exchange(x1, sample);
            y2 = std::exchange(y1, y);
            sample = y;
        }
    }
}

// ---- The picture of loudness over time and pitch
// ----------------------------------------------------------------------

struct Picture {
    std::vector<double> wave;      // 16 kHz, telephone band
    std::vector<double> energy;    // of the wave, running sum, one more than samples
    std::vector<Bands> frames;     // log loudness, dB, each band around its own mean
    std::vector<double> loudness;  // dB of the whole frame
    double loudest = 0.0;          // dB, the 95th percentile of the frames
};

// Which band each spectral line belongs to: equal steps in mel from 100 to 4000 Hz.
const std::array<int, kFrame / 2>& band_of_line() {
    static const std::array<int, kFrame / 2> table = [] {
        const auto mel = [](double hz) { return std::log1p(hz / 700.0); };
        std::array<int, kFrame / 2> made{};
        for (std::size_t line = 0; line < made.size(); ++line) {
            const double hz = static_cast<double>(line) * kRate / kFrame;
            const double place = (mel(hz) - mel(100.0)) / (mel(4000.0) - mel(100.0));
            made[line] = place < 0.0 || place >= 1.0 ? -1 : static_cast<int>(place * kBands);
        }
        return made;
    }();
    return table;
}

void add_frame(std::span<const double> samples, Picture& picture) {
    std::array<std::complex<double>, kFrame> data;
    for (std::size_t i = 0; i < kFrame; ++i) {
        const double window = 0.5 - 0.5 * std::cos(2.0 * std::numbers::pi * static_cast<double>(i) / kFrame);
        data[i] = samples[i] * window;
    }
    fft(data);
    Bands bands{};
    double sum = 0.0;
    for (std::size_t line = 0; line < kFrame / 2; ++line) {
        if (const int band = band_of_line()[line]; band >= 0) {
            const double power = std::norm(data[line]);
            bands[static_cast<std::size_t>(band)] += power;
            sum += power;
        }
    }
    for (double& band : bands) {
        band = 10.0 * std::log10(band + 1e-3);
    }
    picture.frames.push_back(bands);
    picture.loudness.push_back(10.0 * std::log10(sum + 1e-3));
}

Picture picture_of(const WavAudio& audio) {
    Picture picture;
    if (audio.rate < 8000 || audio.samples.empty()) {
        return picture;
    }
    picture.wave = resample(audio);
    telephone_band(picture.wave);
    picture.energy.resize(picture.wave.size() + 1);
    for (std::size_t i = 0; i < picture.wave.size(); ++i) {
        picture.energy[i + 1] = picture.energy[i] + picture.wave[i] * picture.wave[i];
    }
    for (std::size_t start = 0; start + kFrame <= picture.wave.size(); start += kHop) {
        add_frame(std::span(picture.wave).subspan(start, kFrame), picture);
    }
    if (picture.frames.empty()) {
        return picture;
    }
    std::vector<double> sorted = picture.loudness;
    const auto place = sorted.begin() + static_cast<std::ptrdiff_t>(sorted.size() * 95 / 100);
    std::nth_element(sorted.begin(), place, sorted.end());
    picture.loudest = *place;
    // The mean of each band goes: it is the voice and the line, which other sentences share.
    for (std::size_t band = 0; band < kBands; ++band) {
        double mean = 0.0;
        for (Bands& frame : picture.frames) {
            frame[band] = std::max(frame[band], picture.loudest - kFloorBelowLoudest);
            mean += frame[band];
        }
        mean /= static_cast<double>(picture.frames.size());
        for (Bands& frame : picture.frames) {
            frame[band] -= mean;
        }
    }
    return picture;
}

// ---- Comparing
// --------------------------------------------------------------------------------------------------------

// Correlation of 500 ms of both pictures; 0 outside the recording.
double spectrum_match(const Picture& reference, std::ptrdiff_t at, const Picture& recorded, std::ptrdiff_t there) {
    if (there < 0 || there + kWindowFrames > static_cast<std::ptrdiff_t>(recorded.frames.size())) {
        return 0.0;
    }
    double product = 0.0;
    double left = 0.0;
    double right = 0.0;
    for (std::ptrdiff_t i = 0; i < kWindowFrames; ++i) {
        const Bands& a = reference.frames[static_cast<std::size_t>(at + i)];
        const Bands& b = recorded.frames[static_cast<std::size_t>(there + i)];
        for (std::size_t band = 0; band < kBands; ++band) {
            product += a[band] * b[band];
            left += a[band] * a[band];
            right += b[band] * b[band];
        }
    }
    // A picture that hardly moves (a tone, a hum) is no speech: below 3 dB of movement it counts as none.
    constexpr double kStill = 9.0 * kWindowFrames * kBands;
    return left < kStill || right < kStill ? 0.0 : product / std::sqrt(left * right);
}

// Best normalised cross-correlation of 500 ms of the wave within 100 ms around the common lag.
double wave_match(const Picture& reference, std::ptrdiff_t at, const Picture& recorded, std::ptrdiff_t there) {
    constexpr std::ptrdiff_t kLength = kWindowFrames * static_cast<std::ptrdiff_t>(kHop);
    constexpr std::ptrdiff_t kNear = kNearFrames * static_cast<std::ptrdiff_t>(kHop);
    constexpr std::size_t kSize = 16384;
    static_assert(kLength + 2 * kNear <= static_cast<std::ptrdiff_t>(kSize));
    const std::ptrdiff_t from = at * static_cast<std::ptrdiff_t>(kHop);
    const std::ptrdiff_t around = there * static_cast<std::ptrdiff_t>(kHop) - kNear;
    const auto recorded_size = static_cast<std::ptrdiff_t>(recorded.wave.size());
    std::vector<std::complex<double>> a(kSize);
    std::vector<std::complex<double>> b(kSize);
    for (std::ptrdiff_t i = 0; i < kLength && from + i < static_cast<std::ptrdiff_t>(reference.wave.size()); ++i) {
        a[static_cast<std::size_t>(i)] = reference.wave[static_cast<std::size_t>(from + i)];
    }
    for (std::ptrdiff_t i = 0; i < kLength + 2 * kNear; ++i) {
        if (around + i >= 0 && around + i < recorded_size) {
            b[static_cast<std::size_t>(i)] = recorded.wave[static_cast<std::size_t>(around + i)];
        }
    }
    fft(a);
    fft(b);
    for (std::size_t i = 0; i < kSize; ++i) {
        b[i] *= std::conj(a[i]);
    }
    fft(b, true);
    const auto energy = [](const Picture& of, std::ptrdiff_t first, std::ptrdiff_t last) {
        const auto size = static_cast<std::ptrdiff_t>(of.wave.size());
        const auto begin = static_cast<std::size_t>(std::clamp<std::ptrdiff_t>(first, 0, size));
        return of.energy[static_cast<std::size_t>(std::clamp<std::ptrdiff_t>(last, 0, size))] - of.energy[begin];
    };
    const double own = energy(reference, from, from + kLength);
    double best = 0.0;
    for (std::ptrdiff_t lag = 0; lag <= 2 * kNear; ++lag) {
        const double other = energy(recorded, around + lag, around + lag + kLength);
        if (own > 1.0 && other > own * 1e-6) {
            best = std::max(best, b[static_cast<std::size_t>(lag)].real() / std::sqrt(own * other));
        }
    }
    return best;
}

std::vector<std::ptrdiff_t> speech_windows(const Picture& reference) {
    std::vector<std::ptrdiff_t> found;
    const auto frames = static_cast<std::ptrdiff_t>(reference.frames.size());
    if (reference.loudest < 20.0) {  // below one step of 16 bits: silence
        return found;
    }
    for (std::ptrdiff_t at = 0; at + kWindowFrames <= frames; at += kWindowStep) {
        const auto first = reference.loudness.begin() + at;
        const auto active = std::count_if(first, first + kWindowFrames, [&](double loudness) {
            return loudness > reference.loudest - kActiveBelowLoudest;
        });
        if (active * 2 >= kWindowFrames) {
            found.push_back(at);
        }
    }
    return found;
}

// The lag, in frames, at which some windows spread over the reference fit best together.
std::ptrdiff_t common_lag(
    const Picture& reference, const std::vector<std::ptrdiff_t>& windows, const Picture& recorded
) {
    const std::size_t voters = std::min(windows.size(), kVotingWindows);
    std::ptrdiff_t best_lag = 0;
    double best = -1.0;
    const std::ptrdiff_t from = -windows.back();
    const std::ptrdiff_t to = static_cast<std::ptrdiff_t>(recorded.frames.size()) - windows.front() - kWindowFrames;
    for (std::ptrdiff_t lag = from; lag <= to; ++lag) {
        double sum = 0.0;
        for (std::size_t voter = 0; voter < voters; ++voter) {
            const std::ptrdiff_t at = windows[voter * windows.size() / voters];
            sum += spectrum_match(reference, at, recorded, at + lag);
        }
        if (sum > best) {
            best = sum;
            best_lag = lag;
        }
    }
    return best_lag;
}

}  // namespace

Similarity compare(const WavAudio& reference, const WavAudio& recorded) {
    Similarity result;
    const Picture said = picture_of(reference);
    const Picture heard = picture_of(recorded);
    const auto windows = speech_windows(said);
    result.windows = static_cast<int>(windows.size());
    if (windows.empty() || heard.frames.empty()) {
        return result;
    }
    const std::ptrdiff_t lag = common_lag(said, windows, heard);
    int found = 0;
    for (const std::ptrdiff_t at : windows) {
        double spectrum = 0.0;
        for (std::ptrdiff_t near = -kNearFrames; near <= kNearFrames; ++near) {
            spectrum = std::max(spectrum, spectrum_match(said, at, heard, at + lag + near));
        }
        const double wave = wave_match(said, at, heard, at + lag);
        result.spectrum += spectrum;
        result.wave += wave;
        result.score += std::max(spectrum, wave);
        found += std::max(spectrum, wave) >= kFound ? 1 : 0;
    }
    const auto count = static_cast<double>(windows.size());
    result.spectrum /= count;
    result.wave /= count;
    result.score /= count;
    result.coverage = found / count;
    result.lag_ms = lag * static_cast<std::int64_t>(kHop) * 1000 / kRate;
    return result;
}

std::expected<Similarity, WavError> compare_files(const std::string& reference, const std::string& recorded) {
    const auto said = read_wav(reference);
    if (!said) {
        return std::unexpected(said.error());
    }
    const auto heard = read_wav(recorded);
    if (!heard) {
        return std::unexpected(heard.error());
    }
    return compare(*said, *heard);
}

}  // namespace clarion::media
