// SPDX-License-Identifier: Apache-2.0
#include "sdk/media/sdp_check.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <optional>
#include <utility>
#include <vector>

namespace clarion::media {
namespace {

constexpr std::size_t kSdpBytesMax = 64 * 1024;
constexpr std::size_t kLinesMax = 1000;
constexpr std::size_t kCandidateBytesMax = 512;
constexpr std::size_t kFingerprintsMax = 8;

std::vector<std::string_view> words(std::string_view text) {
    std::vector<std::string_view> found;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find(' '), text.size());
        if (end > 0) {
            found.push_back(text.substr(0, end));
        }
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return found;
}

std::optional<unsigned> number(std::string_view text, unsigned max) {
    unsigned value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size() || value > max) {
        return std::nullopt;
    }
    return value;
}

bool printable(std::string_view text) {
    return std::ranges::all_of(text, [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return byte == '\t' || (byte >= 0x20 && byte != 0x7F);
    });
}

bool starts_with_no_case(std::string_view text, std::string_view lower_prefix) {
    return text.size() >= lower_prefix.size() &&
           std::ranges::equal(text.substr(0, lower_prefix.size()), lower_prefix, {}, [](char c) {
               return static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
           });
}

// sha-256 AA:BB:...
std::optional<Fingerprint> read_fingerprint(std::string_view value) {
    const auto parts = words(value);
    if (parts.size() != 2) {
        return std::nullopt;
    }
    Fingerprint found;
    for (const char c : parts[0]) {
        found.algorithm += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    }
    const std::size_t bytes = found.algorithm == "sha-256"   ? 32
                              : found.algorithm == "sha-384" ? 48
                              : found.algorithm == "sha-512" ? 64
                                                             : 0;
    if (bytes == 0 || parts[1].size() != bytes * 3 - 1) {
        return std::nullopt;
    }
    for (std::size_t i = 0; i < parts[1].size(); ++i) {
        const auto c = static_cast<unsigned char>(parts[1][i]);
        if (i % 3 == 2 ? c != ':' : std::isxdigit(c) == 0) {
            return std::nullopt;
        }
        if (i % 3 != 2) {
            found.hex += static_cast<char>(std::tolower(c));
        }
    }
    return found;
}

// What one pass over the lines gathers.
struct Seen {
    bool version = false;
    bool origin = false;
    int media_sections = 0;
    bool audio_over_dtls = false;
    bool rejected = false;
    std::vector<unsigned> payloads;
    std::optional<unsigned> opus_payload;
    bool ufrag = false;
    bool password = false;
    std::vector<Fingerprint> fingerprints;
    std::string_view setup;
};

bool look_at_media_line(std::string_view value, Seen& seen) {
    ++seen.media_sections;
    const auto parts = words(value);  // audio 9 UDP/TLS/RTP/SAVPF 111 63
    if (parts.size() < 4 || parts.size() > 68) {
        return false;
    }
    seen.audio_over_dtls = parts[0] == "audio" && (parts[2] == "UDP/TLS/RTP/SAVPF" || parts[2] == "UDP/TLS/RTP/SAVP");
    seen.rejected = parts[1] == "0";
    for (std::size_t i = 3; i < parts.size(); ++i) {
        const auto payload = number(parts[i], 127);
        if (!payload) {
            return false;
        }
        seen.payloads.push_back(*payload);
    }
    return true;
}

void look_at_attribute(std::string_view value, Seen& seen) {
    if (value.starts_with("rtpmap:")) {
        const auto parts = words(value.substr(7));
        if (parts.size() == 2 && starts_with_no_case(parts[1], "opus/48000") && !seen.opus_payload) {
            seen.opus_payload = number(parts[0], 127);
            if (seen.opus_payload && *seen.opus_payload < 96) {  // RFC 3551 section 6: the dynamic types
                seen.opus_payload.reset();
            }
        }
    } else if (value.starts_with("ice-ufrag:")) {  // RFC 8839 5.4: 4 to 256 characters, password 22 to 256
        seen.ufrag = value.size() >= 10 + 4 && value.size() <= 10 + 256;
    } else if (value.starts_with("ice-pwd:")) {
        seen.password = value.size() >= 8 + 22 && value.size() <= 8 + 256;
    } else if (value.starts_with("fingerprint:")) {
        const auto fingerprint = read_fingerprint(value.substr(12));
        if (fingerprint && seen.fingerprints.size() < kFingerprintsMax) {
            seen.fingerprints.push_back(*fingerprint);
        }
    } else if (value.starts_with("setup:")) {
        seen.setup = value.substr(6);
    }
}

std::expected<void, std::string> judge(const Seen& seen, SdpKind kind) {
    if (!seen.version || !seen.origin) {
        return std::unexpected("it does not begin like an SDP (v=, o=)");
    }
    if (seen.media_sections != 1) {
        return std::unexpected("it has " + std::to_string(seen.media_sections) + " media sections, not one");
    }
    if (!seen.audio_over_dtls || seen.rejected) {
        return std::unexpected("its media section is not audio over DTLS-SRTP, or was rejected");
    }
    if (!seen.opus_payload || std::ranges::find(seen.payloads, *seen.opus_payload) == seen.payloads.end()) {
        return std::unexpected("it does not offer Opus");
    }
    if (!seen.ufrag || !seen.password) {
        return std::unexpected("it lacks the ICE user fragment or password");
    }
    if (seen.fingerprints.empty()) {
        return std::unexpected("it lacks a DTLS fingerprint of SHA-256 or better");
    }
    const bool role_fits = kind == SdpKind::offer
                               ? seen.setup == "actpass" || seen.setup == "active" || seen.setup == "passive"
                               : seen.setup == "active" || seen.setup == "passive";
    if (!role_fits) {
        return std::unexpected("its DTLS role (a=setup) does not fit");
    }
    return {};
}

}  // namespace

std::expected<RemoteAudio, std::string> check_remote_sdp(std::string_view sdp, SdpKind kind) {
    if (sdp.size() > kSdpBytesMax) {
        return std::unexpected("it is longer than 64 kB");
    }
    Seen seen;
    RemoteAudio result;
    result.sdp.reserve(sdp.size() + 64);
    std::size_t lines = 0;
    while (!sdp.empty()) {
        const std::size_t end = std::min(sdp.find('\n'), sdp.size());
        std::string_view line = sdp.substr(0, end);
        sdp.remove_prefix(std::min(end + 1, sdp.size()));
        if (line.ends_with('\r')) {
            line.remove_suffix(1);
        }
        if (line.empty()) {
            continue;
        }
        if (++lines > kLinesMax || line.size() < 2 || line[1] != '=' || !printable(line)) {
            return std::unexpected("it is not made of SDP lines");
        }
        const std::string_view value = line.substr(2);
        seen.version = seen.version || (lines == 1 && line == "v=0");
        seen.origin = seen.origin || (line[0] == 'o' && words(value).size() == 6);
        if (line[0] == 'm' && !look_at_media_line(value, seen)) {
            return std::unexpected("its media line is broken");
        }
        if (line[0] == 'a') {
            look_at_attribute(value, seen);
            if (value.starts_with("candidate:") && !check_candidate(value)) {
                continue;
            }
        }
        result.sdp.append(line).append("\r\n");
    }
    if (auto judged = judge(seen, kind); !judged) {
        return std::unexpected(judged.error());
    }
    result.fingerprints = std::move(seen.fingerprints);
    result.opus_payload = static_cast<std::uint8_t>(*seen.opus_payload);
    return result;
}

std::expected<std::string, std::string> check_candidate(std::string_view candidate) {
    if (candidate.starts_with("a=")) {
        candidate.remove_prefix(2);
    }
    if (candidate.size() > kCandidateBytesMax || !printable(candidate) || !candidate.starts_with("candidate:")) {
        return std::unexpected("not a candidate");
    }
    // candidate:<foundation> <component> <transport> <priority> <address> <port> typ <type> ...
    const auto parts = words(candidate.substr(10));
    constexpr std::array<std::string_view, 4> kTypes{"host", "srflx", "prflx", "relay"};
    if (parts.size() < 8 || parts[0].size() > 32 || parts[6] != "typ" || !number(parts[1], 256) ||
        !number(parts[3], 0xFFFFFFFFU) || !number(parts[5], 65535) ||
        std::ranges::find(kTypes, parts[7]) == kTypes.end()) {
        return std::unexpected("not a candidate");
    }
    if (parts[4].ends_with(".local")) {
        return std::unexpected("an mDNS name");
    }
    return std::string(candidate);
}

}  // namespace clarion::media
