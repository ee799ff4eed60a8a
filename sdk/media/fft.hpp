// SPDX-License-Identifier: Apache-2.0
// A radix-2 fast Fourier transform, for comparing sounds and finding tones; not for signal processing in a call.
#pragma once

#include <cmath>
#include <complex>
#include <cstddef>
#include <numbers>
#include <span>
#include <utility>

namespace clarion::media {

// In place; the size is a power of two. `inverse` divides by the size.
inline void fft(std::span<std::complex<double>> data, bool inverse = false) {
    const std::size_t size = data.size();
    for (std::size_t i = 1, j = 0; i < size; ++i) {  // bit-reversed order
        std::size_t bit = size >> 1;
        for (; (j & bit) != 0; bit >>= 1) {
            j ^= bit;
        }
        j ^= bit;
        if (i < j) {
            std::swap(data[i], data[j]);
        }
    }
    for (std::size_t length = 2; length <= size; length <<= 1) {
        const double angle = 2.0 * std::numbers::pi / static_cast<double>(length) * (inverse ? 1.0 : -1.0);
        const std::complex<double> step(std::cos(angle), std::sin(angle));
        for (std::size_t start = 0; start < size; start += length) {
            std::complex<double> turn(1.0);
            for (std::size_t i = start; i < start + length / 2; ++i) {
                const std::complex<double> even = data[i];
                const std::complex<double> odd = data[i + length / 2] * turn;
                data[i] = even + odd;
                data[i + length / 2] = even - odd;
                turn *= step;
            }
        }
    }
    if (inverse) {
        for (auto& value : data) {
            value /= static_cast<double>(size);
        }
    }
}

}  // namespace clarion::media
