// SPDX-License-Identifier: Apache-2.0
// The peer of a leg: is it who the signalling said, and is it still there?
#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "sdk/media/weak_leg.hpp"

namespace clarion::media {
namespace {

// A peer with open audio sends 50 packets a second; one without, an RTCP report at least every 7.5 s (RFC 3550 6.2).
constexpr std::int64_t kQuietUs = 8'000'000;
constexpr std::int64_t kBackUs = 2'000'000;

}  // namespace

// webrtcbin 1.22 accepts any certificate. Without this check whoever sits on the way could speak with both sides (RFC
// 8827 section 6.5: the fingerprint in the signed or trusted signalling is what makes the media trusted).
bool WebRtcLeg::peer_is_who_the_sdp_said() {
    ElementPtr dtls;
    std::vector<Fingerprint> expected;
    {
        const std::scoped_lock lock(mutex_);
        if (dtls_) {
            dtls.reset(GST_ELEMENT(gst_object_ref(dtls_.get())));
        }
        expected = peer_fingerprints_;
    }
    if (!dtls) {
        return false;
    }
    gchar* raw = nullptr;
    g_object_get(dtls.get(), "peer-pem", &raw, nullptr);
    const GString0 pem(raw);
    if (!pem) {
        return false;
    }
    std::string base64;
    for (std::string_view rest(pem.get()); !rest.empty();) {
        const std::string_view line = rest.substr(0, rest.find('\n'));
        if (!line.starts_with('-')) {
            base64 += line;
        }
        rest.remove_prefix(std::min(line.size() + 1, rest.size()));
    }
    gsize size = 0;
    const std::unique_ptr<guchar, GFree> der(g_base64_decode(base64.c_str(), &size));
    return std::ranges::any_of(expected, [&](const Fingerprint& fingerprint) {
        const GChecksumType type = fingerprint.algorithm == "sha-256"   ? G_CHECKSUM_SHA256
                                   : fingerprint.algorithm == "sha-384" ? G_CHECKSUM_SHA384
                                                                        : G_CHECKSUM_SHA512;
        const GString0 hex(g_compute_checksum_for_data(type, der.get(), size));
        return hex && size > 0 && fingerprint.hex == hex.get();
    });
}

void WebRtcLeg::on_element(GstElement* element) {
    const GstElementFactory* factory = gst_element_get_factory(element);
    const std::string_view kind = factory == nullptr ? "" : GST_OBJECT_NAME(factory);
    if (kind == "dtlsdec") {
        const std::scoped_lock lock(mutex_);
        dtls_.reset(GST_ELEMENT(gst_object_ref(element)));
    } else if (kind == "nicesrc") {
        const PadPtr pad(gst_element_get_static_pad(element, "src"));
        gst_pad_add_probe(
            pad.get(), GST_PAD_PROBE_TYPE_BUFFER, on_packet_probe, new Weak(weak_from_this()), delete_weak
        );
    }
}

void WebRtcLeg::watch_silence() {
    if (!connected_.load() || !heard_media_.load()) {
        return;  // a peer that never spoke may keep silent; then its end is noticed by ICE or by signalling
    }
    const std::int64_t silence_us = g_get_monotonic_time() - last_packet_us_.load();
    if (!quiet_ && silence_us > kQuietUs) {
        quiet_ = true;
        emit(Lost{});
    } else if (quiet_ && silence_us < kBackUs) {
        quiet_ = false;
        emit(Connected{});
    }
}

void WebRtcLeg::on_element_signal(GstBin*, GstBin*, GstElement* element, gpointer self) {
    if (const auto leg = leg_of(self)) {
        leg->on_element(element);
    }
}

gboolean WebRtcLeg::on_tick(GstClock*, GstClockTime, GstClockID, gpointer self) {
    const auto leg = leg_of(self);
    if (leg) {
        leg->watch_silence();
    }
    return leg ? TRUE : FALSE;
}

GstPadProbeReturn WebRtcLeg::on_packet_probe(GstPad*, GstPadProbeInfo*, gpointer self) {
    if (const auto leg = leg_of(self)) {
        leg->last_packet_us_.store(g_get_monotonic_time());
    }
    return GST_PAD_PROBE_OK;
}

}  // namespace clarion::media
