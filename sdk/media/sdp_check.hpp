// SPDX-License-Identifier: Apache-2.0
// Private to sdk/media. What a remote peer wrote is looked at here before webrtcbin sees it: webrtcbin 1.22 trusts its
// input and answers nonsense with warnings, silence or worse. Pure functions, any thread.
#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <vector>

namespace clarion::media {

// a=fingerprint (RFC 8122): what the peer's DTLS certificate must hash to. SHA-256, -384 or -512; older ones are
// refused.
struct Fingerprint {
    std::string algorithm;  // lower case: "sha-256"
    std::string hex;        // lower case, no colons
    bool operator==(const Fingerprint&) const = default;
};

struct RemoteAudio {
    std::uint8_t opus_payload = 0;          // RFC 7587: the dynamic payload type that stands for opus/48000
    std::vector<Fingerprint> fingerprints;  // any one of them must match; at least one, at most 8
    std::string sdp;                        // what to give on: CRLF line ends, candidates that cannot be used removed
};

enum class SdpKind : std::uint8_t { offer, answer };

// Exactly one media section, audio over DTLS-SRTP with Opus, with ICE credentials and a fingerprint (RFC 8866, 8839,
// 8842). At most 64 kB and 1000 lines. The error is one line for a person and quotes nothing of the SDP.
[[nodiscard]] std::expected<RemoteAudio, std::string> check_remote_sdp(std::string_view sdp, SdpKind kind);

// A trickled candidate (RFC 8839 section 5.1), with or without "a=". Returns it as "candidate:..." or nothing: broken,
// or an mDNS name (".local"), which a browser hides its address behind and which cannot be resolved from here; the call
// connects all the same, because the browser knows our address and we learn the browser's from its checks
// (peer-reflexive).
[[nodiscard]] std::expected<std::string, std::string> check_candidate(std::string_view candidate);

}  // namespace clarion::media
