// SPDX-License-Identifier: Apache-2.0
#include "sdk/media/webrtc_graph.hpp"

#include <utility>

#include "sdk/media/gst_abi.hpp"

namespace clarion::media {
namespace {

// The jitter buffer. 60 ms rides out what Wi-Fi does; 200, the default, is heard as delay in a conversation.
constexpr int kJitterMs = 60;

MediaError library_error(const char* what, GError* error) {
    std::string text = std::string(what) + ": " + (error != nullptr ? error->message : "no reason given");
    g_clear_error(&error);
    return {MediaErrorCode::library, std::move(text)};
}

void set_if_there(GObject* object, const char* property, gboolean value) {
    if (g_object_class_find_property(G_OBJECT_GET_CLASS(object), property) != nullptr) {
        g_object_set(object, property, value, nullptr);
    }
}

void set_number_if_there(GObject* object, const char* property, guint value) {
    if (g_object_class_find_property(G_OBJECT_GET_CLASS(object), property) != nullptr) {
        g_object_set(object, property, value, nullptr);
    }
}

void set_time_if_there(GObject* object, const char* property, guint64 value) {
    if (g_object_class_find_property(G_OBJECT_GET_CLASS(object), property) != nullptr) {
        g_object_set(object, property, value, nullptr);
    }
}

// The jitter buffer holds the first packet back for its whole latency, to see whether an earlier one is still on its
// way. A call's first packet is the first: start with it.
void on_new_jitterbuffer(GstElement*, GstElement* jitterbuffer, guint, guint, gpointer) {
    g_object_set(jitterbuffer, "faststart-min-packets", 1U, nullptr);
}

// RFC 3550 A.1 lets a new source speak only after two packets in order, 20 ms. SRTP has proved already who it is.
void on_rtpbin_element(GstBin*, GstElement* element, gpointer) {
    if (g_object_class_find_property(G_OBJECT_GET_CLASS(element), "internal-session") == nullptr) {
        return;
    }
    GObject* session = nullptr;
    g_object_get(element, "internal-session", &session, nullptr);
    if (session != nullptr) {
        g_object_set(session, "probation", 0U, nullptr);
        // Reports every second or so, not every five: they also tell the peer that we are there.
        set_time_if_there(session, "rtcp-min-interval", GST_SECOND);
        g_object_unref(session);
    }
}

void set_up_ice(GstElement* rtc, const LegOptions& options, bool offers) {
    GObject* ice = nullptr;
    g_object_get(rtc, "ice-agent", &ice, nullptr);
    if (ice == nullptr) {
        return;
    }
    if (options.loopback_only) {
        gboolean added = FALSE;
        g_signal_emit_by_name(ice, "add-local-ip-address", "127.0.0.1", &added);
    }
    GObject* nice = nullptr;
    g_object_get(ice, "agent", &nice, nullptr);
    if (nice != nullptr) {
        set_if_there(nice, "ice-tcp", FALSE);  // RTP over ICE-TCP between two clients is not worth the extra checks
        set_if_there(nice, "upnp", FALSE);     // asks the home router for seconds; TURN is the way that works
        // Checks every 5 ms, the least that RFC 8445 14.2 allows, not 20: an ordinary call needs three rounds before it
        // stands.
        set_number_if_there(nice, "stun-pacing-timer", 5);
        // A callee that prepared its answer while the phone rings finds its checks answered and then waits for the
        // caller to nominate: up to the whole ring time. libnice gives up after 5 s unless told otherwise; 60 s is its
        // most.
        if (!offers) {
            set_number_if_there(nice, "idle-timeout", 60000);
        }
        g_object_unref(nice);
    }
    g_object_unref(ice);
    if (options.stun) {
        const std::string url = "stun://" + options.stun->host + ":" + std::to_string(options.stun->port);
        g_object_set(rtc, "stun-server", url.c_str(), nullptr);
    }
    for (const TurnServer& server : options.turn) {
        gboolean added = FALSE;
        g_signal_emit_by_name(rtc, "add-turn-server", turn_url(server).c_str(), &added);
    }
    if (options.relay_only) {
        g_object_set(rtc, "ice-transport-policy", kTransportRelayOnly, nullptr);
    }
}

std::expected<ElementPtr, MediaError> bin_of(const std::string& description, const char* what) {
    GError* error = nullptr;
    ElementPtr bin(gst_parse_bin_from_description(description.c_str(), FALSE, &error));
    if (!bin || error != nullptr) {
        return std::unexpected(library_error(what, error));
    }
    gst_object_ref_sink(bin.get());
    return bin;
}

void set_device(GstElement* bin, const std::string& device) {
    if (!device.empty()) {
        g_object_set(element_of(bin, "device").get(), "device", device.c_str(), nullptr);
    }
}

constexpr std::string_view kPcm = "audio/x-raw,format=S16LE,rate=48000,channels=1,layout=interleaved";

}  // namespace

std::string turn_url(const TurnServer& server) {
    const GString0 user(g_uri_escape_string(server.user.c_str(), nullptr, FALSE));
    const GString0 password(g_uri_escape_string(server.password.c_str(), nullptr, FALSE));
    std::string url = server.transport == TurnTransport::tls ? "turns://" : "turn://";
    url.append(user.get()).append(":").append(password.get()).append("@");
    url.append(server.host).append(":").append(std::to_string(server.port));
    if (server.transport == TurnTransport::tcp) {
        url += "?transport=tcp";
    }
    return url;
}

std::expected<ElementPtr, MediaError> build_call_graph(std::uint8_t payload, bool offers, const LegOptions& options) {
    const std::string pt = std::to_string(payload);
    const std::string pcm(kPcm);
    // Opus for speech: 20 ms frames, 32 kbit/s, in-band error correction tuned for 10 % loss, no gaps in silence (DTX
    // off: gaps look like loss to a peer's level meter and cost the first syllable after a pause).
    const std::string description =
        "webrtcbin name=rtc bundle-policy=max-bundle latency=" + std::to_string(kJitterMs) +
        " appsrc name=in format=time is-live=true block=false max-time=200000000 max-bytes=0 leaky-type=downstream"
        " ! audioconvert ! audioresample ! " +
        pcm +
        " ! opusenc frame-size=20 bitrate=32000 audio-type=voice inband-fec=true packet-loss-percentage=10 dtx=false"
        " complexity=5"
        " ! rtpopuspay pt=" +
        pt +
        " ! application/x-rtp,media=audio,encoding-name=OPUS,clock-rate=48000,encoding-params=(string)2,payload=" + pt +
        (offers ? ",minptime=(string)10,useinbandfec=(string)1" : "") +  // an answer repeats what the offer has
        " ! rtc."
        " rtpopusdepay name=depay ! opusdec plc=true use-inband-fec=true ! audioconvert ! audioresample"
        " ! capsfilter name=heard caps=" +
        pcm + " ! tee name=out allow-not-linked=true ! fakesink sync=false async=false";
    GError* error = nullptr;
    ElementPtr pipeline(gst_parse_launch_full(description.c_str(), nullptr, GST_PARSE_FLAG_FATAL_ERRORS, &error));
    if (!pipeline || error != nullptr) {
        return std::unexpected(library_error("the call's graph cannot be built", error));
    }
    gst_object_ref_sink(pipeline.get());
    const ElementPtr rtc = element_of(pipeline.get(), "rtc");
    const ElementPtr rtpbin = element_of(rtc.get(), "rtpbin");
    if (rtpbin) {
        g_signal_connect(rtpbin.get(), "new-jitterbuffer", G_CALLBACK(on_new_jitterbuffer), nullptr);
        g_signal_connect(rtpbin.get(), "element-added", G_CALLBACK(on_rtpbin_element), nullptr);
    }
    set_up_ice(rtc.get(), options, offers);
    return pipeline;
}

std::expected<ElementPtr, MediaError> build_microphone(const std::string& device, std::string_view probe) {
    const char* source = has_element("pulsesrc") ? "pulsesrc" : "alsasrc";
    if (!has_element(source)) {
        return std::unexpected(MediaError{
            MediaErrorCode::missing_package,
            "a microphone needs the Debian package gstreamer1.0-plugins-good (PulseAudio) "
            "or gstreamer1.0-alsa"
        });
    }
    std::string filter;
    if (has_element("webrtcdsp")) {  // noise suppression and gain control; echo only where we also play
        filter = " ! webrtcdsp " + (probe.empty() ? "echo-cancel=false" : "probe=" + std::string(probe));
    }
    auto bin = bin_of(
        std::string(source) + " name=device ! audioconvert ! audioresample ! " + std::string(kPcm) + filter +
            " ! fakesink name=mic sync=false async=false",
        "the microphone cannot be opened"
    );
    if (bin) {
        set_device(bin->get(), device);
    }
    return bin;
}

std::expected<ElementPtr, MediaError> build_speaker(const std::string& device, std::string_view probe) {
    const char* sink = has_element("pulsesink") ? "pulsesink" : "alsasink";
    if (!has_element(sink)) {
        return std::unexpected(MediaError{
            MediaErrorCode::missing_package,
            "a speaker needs the Debian package gstreamer1.0-plugins-good (PulseAudio) or "
            "gstreamer1.0-alsa"
        });
    }
    std::string filter;
    if (!probe.empty() && has_element("webrtcechoprobe")) {
        filter = " ! webrtcechoprobe name=" + std::string(probe);
    }
    auto bin = bin_of(
        "queue name=first max-size-time=200000000 max-size-bytes=0 max-size-buffers=0 leaky=downstream" + filter +
            " ! audioconvert ! audioresample ! " + sink + " name=device async=false buffer-time=60000",
        "the speaker cannot be opened"
    );
    if (bin) {
        set_device(bin->get(), device);
        const ElementPtr first = element_of(bin->get(), "first");
        const PadPtr pad(gst_element_get_static_pad(first.get(), "sink"));
        gst_element_add_pad(bin->get(), gst_ghost_pad_new("sink", pad.get()));
    }
    return bin;
}

}  // namespace clarion::media
