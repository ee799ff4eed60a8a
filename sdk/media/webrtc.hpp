// SPDX-License-Identifier: Apache-2.0
// The WebRTC implementation of the media port: GStreamer 1.22's webrtcbin (full ICE with STUN and TURN, DTLS-SRTP,
// jitter buffer with loss concealment) and Opus. Needs the packages of packages.txt at run time.
#pragma once

#include <expected>
#include <filesystem>
#include <memory>

#include "sdk/media/media.hpp"

namespace clarion::media {

struct WebRtcOptions {
    // Where the small plugin registry is kept. Empty: $XDG_CACHE_HOME/clarion or ~/.cache/clarion, and if that cannot
    // be written, a private directory under /tmp for the life of the process. Many processes may share it.
    std::filesystem::path cache_directory;
};

// Initialises GStreamer once for the process, with only the plugins that voice needs (about 10 ms, the very first time
// on a machine about 100). Sets environment variables for a moment: call it before the program starts other threads.
// Errors: missing_package with the name of the Debian package; library.
[[nodiscard]] std::expected<std::unique_ptr<MediaFactory>, MediaError> create_webrtc_factory(
    const WebRtcOptions& options = {}
);

}  // namespace clarion::media
