// SPDX-License-Identifier: Apache-2.0
// Private to sdk/media: the GStreamer graph of one leg.
//
//   appsrc "in" - convert - resample - opusenc - rtpopuspay -> webrtcbin "rtc" -> rtpopusdepay "depay" - opusdec -
//   convert
//     - resample - capsfilter "heard" - tee "out" - fakesink
//
// The receiving half stands ready before the call is answered, so that nothing is loaded or built when the first packet
// comes. Microphone and speaker are added when the audio opens, and not before (I6).
#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>

#include "sdk/media/gst_runtime.hpp"
#include "sdk/media/media.hpp"

namespace clarion::media {

inline constexpr int kCallRate = 48000;  // Opus' RTP clock and what the recording has

// Not started. Offer: any free dynamic `payload`, 96 to 127; answer: the offer's.
[[nodiscard]] std::expected<ElementPtr, MediaError> build_call_graph(
    std::uint8_t payload, bool offers, const LegOptions& options
);

// Microphone -> fakesink "mic", adds itself to nothing. With `probe`, echo of that probe is removed.
[[nodiscard]] std::expected<ElementPtr, MediaError> build_microphone(const std::string& device, std::string_view probe);

// Speaker with a ghost pad "sink"; `probe` names its echo probe, empty: none.
[[nodiscard]] std::expected<ElementPtr, MediaError> build_speaker(const std::string& device, std::string_view probe);

// turn://user:password@host:port, with everything in user and password percent-encoded. A secret.
[[nodiscard]] std::string turn_url(const TurnServer& server);

}  // namespace clarion::media
