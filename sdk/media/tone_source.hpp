// SPDX-License-Identifier: Apache-2.0
// Private to sdk/media: the tones as samples.
#pragma once

#include <memory>

#include "sdk/media/audio_pump.hpp"
#include "sdk/media/tones.hpp"

namespace clarion::media {

// Pitch and rhythm follow ETSI TR 101 041-2 (Europe's network tones: 425 Hz; ringback 1 s on, 4 s off; busy half a
// second on and off; congestion, our end tone, a quarter). Ring and hold are no network tones: two pitches in turn, and
// a short beep every ten seconds. About -16 dBFS, with soft edges, at 48 kHz.
[[nodiscard]] std::unique_ptr<PcmSource> make_tone(Tone tone);

}  // namespace clarion::media
