// SPDX-License-Identifier: Apache-2.0
// The tones of a phone, made here and played on this device's speaker; nothing of them reaches the peer.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "sdk/media/media.hpp"

namespace clarion::media {

enum class Tone : std::uint8_t {
    ring,      // a call comes
    ringback,  // the peer's device rings
    hold,      // the peer put the call on hold
    end,       // the call is over
    busy,      // the peer is busy
};

// One tone at a time. Threads: the client's loop; it never blocks for longer than a device takes to open.
class TonePlayer {
  public:
    virtual ~TonePlayer() = default;
    virtual void play(Tone tone) = 0;  // until stop(), or instead of the one that plays
    virtual void stop() = 0;           // when it returns, the speaker is released

  protected:
    TonePlayer() = default;
    TonePlayer(const TonePlayer&) = delete;
    TonePlayer& operator=(const TonePlayer&) = delete;
};

// On the speaker; with any other output a player that plays nothing: a recording is of the peer's voice.
// `on_failed`, inside play(): the device does not work, in one line for a log; the tone is not heard, and the next one
// is tried anew. GStreamer must be there: after create_webrtc_factory().
[[nodiscard]] std::unique_ptr<TonePlayer> create_tone_player(
    const AudioOutput& output, std::function<void(const std::string&)> on_failed
);

}  // namespace clarion::media
