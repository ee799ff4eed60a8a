// SPDX-License-Identifier: Apache-2.0
// The sound of a leg: source, microphone, speaker, what is heard, numbers.
#include <algorithm>
#include <cstring>

#include "sdk/media/weak_leg.hpp"
#include "sdk/media/webrtc_graph.hpp"

namespace clarion::media {
namespace {

std::string unique_probe_name() {
    static std::atomic<unsigned> count{0};
    return "clarion_echo_" + std::to_string(count.fetch_add(1));
}

}  // namespace

// ---- Opening and closing
// ----------------------------------------------------------------------------------------------

void WebRtcLeg::open_audio() {
    {
        const std::scoped_lock lock(source_mutex_);
        if (audio_open_) {
            return;
        }
        audio_open_ = true;
    }
    playing_.store(true);
    if (std::holds_alternative<Speaker>(options_.output)) {
        open_speaker();
    }
    if (std::holds_alternative<Microphone>(options_.input)) {
        open_microphone();
    }
    start_source_if_due();
}

// On whichever comes last, the opening or the connection.
void WebRtcLeg::start_source_if_due() {
    const std::scoped_lock lock(source_mutex_);
    if (!audio_open_ || !connected_.load()) {
        return;
    }
    if (pump_ && !sending_.load()) {
        const ElementPtr element = rtc();
        if (!element) {
            return;
        }
        pump_base_ns_.store(gst_element_get_current_running_time(element.get()));
        sending_.store(true);
        pump_->start();
    } else {
        sending_.store(true);  // the microphone's blocks pass from now on
    }
}

void WebRtcLeg::close_audio() {
    playing_.store(false);
    ElementPtr microphone;
    {
        const std::scoped_lock lock(source_mutex_);
        audio_open_ = false;
        sending_.store(false);
        if (pump_) {
            pump_->stop();
        }
        microphone = std::move(microphone_);
    }
    if (microphone) {
        gst_element_set_state(microphone.get(), GST_STATE_NULL);
        const ElementPtr pipeline(GST_ELEMENT(gst_element_get_parent(microphone.get())));
        if (pipeline) {
            gst_bin_remove(GST_BIN(pipeline.get()), microphone.get());
        }
    }
}

void WebRtcLeg::open_speaker() {
    GstElement* pipeline = pipeline_.get();  // only the client's thread resets it
    if (pipeline == nullptr || speaker_) {
        return;
    }
    const std::string probe = std::holds_alternative<Microphone>(options_.input) ? unique_probe_name() : std::string();
    auto bin = build_speaker(std::get<Speaker>(options_.output).device, probe);
    if (!bin) {
        fail_device(bin.error().text);
        return;
    }
    speaker_ = std::move(*bin);
    gst_object_set_name(GST_OBJECT(speaker_.get()), probe.empty() ? nullptr : ("bin_" + probe).c_str());
    // Locked: a device that cannot be opened must not keep the pipeline from changing its state.
    gst_element_set_locked_state(speaker_.get(), TRUE);
    gst_bin_add(GST_BIN(pipeline), speaker_.get());  // takes a reference of its own: the bin is not floating
    const PadPtr sink(gst_element_get_static_pad(speaker_.get(), "sink"));
    gst_pad_add_probe(
        sink.get(), GST_PAD_PROBE_TYPE_BUFFER, on_speaker_probe, new std::weak_ptr<WebRtcLeg>(weak_from_this()),
        [](gpointer weak) { delete static_cast<std::weak_ptr<WebRtcLeg>*>(weak); }
    );
    if (gst_element_set_state(speaker_.get(), GST_STATE_PLAYING) == GST_STATE_CHANGE_FAILURE) {
        gst_element_set_state(speaker_.get(), GST_STATE_NULL);
        fail_device("the speaker cannot be opened");
        return;
    }
    const ElementPtr out = element_of(pipeline, "out");
    const PadPtr source(gst_element_request_pad_simple(out.get(), "src_%u"));
    gst_pad_link(source.get(), sink.get());
    gst_bin_recalculate_latency(GST_BIN(pipeline));
}

void WebRtcLeg::open_microphone() {
    GstElement* pipeline = pipeline_.get();
    if (pipeline == nullptr) {
        return;
    }
    std::string probe;
    if (speaker_) {
        const GString0 name(gst_object_get_name(GST_OBJECT(speaker_.get())));
        probe = std::string(name.get()).substr(4);  // "bin_<probe>"
    }
    auto bin = build_microphone(std::get<Microphone>(options_.input).device, probe);
    if (!bin) {
        fail_device(bin.error().text);
        return;
    }
    const ElementPtr end = element_of(bin->get(), "mic");
    const PadPtr pad(gst_element_get_static_pad(end.get(), "sink"));
    gst_pad_add_probe(
        pad.get(), GST_PAD_PROBE_TYPE_BUFFER, on_microphone_probe, new std::weak_ptr<WebRtcLeg>(weak_from_this()),
        [](gpointer weak) { delete static_cast<std::weak_ptr<WebRtcLeg>*>(weak); }
    );
    gst_element_set_locked_state(bin->get(), TRUE);
    gst_bin_add(GST_BIN(pipeline), bin->get());
    GstElement* element = bin->get();
    {
        const std::scoped_lock lock(source_mutex_);
        microphone_ = std::move(*bin);
    }
    if (gst_element_set_state(element, GST_STATE_PLAYING) == GST_STATE_CHANGE_FAILURE) {
        fail_device("the microphone cannot be opened");
    }
}

// Once: the library tells the same trouble in several ways.
void WebRtcLeg::fail_device(std::string reason) {
    if (!device_failure_told_.exchange(true)) {
        emit(AudioDeviceFailed{std::move(reason)});
    }
}

// ---- Sending
// ----------------------------------------------------------------------------------------------------------

void WebRtcLeg::send_block(std::span<std::int16_t> samples, std::uint64_t pts_ns, std::uint32_t rate) {
    if (!sending_.load() || !in_ || samples.empty()) {
        return;
    }
    if (muted_.load() || held_.load()) {
        std::ranges::fill(samples, std::int16_t{0});
    }
    sent_level_.store(peak_of(samples), std::memory_order_relaxed);
    if (sent_rate_.exchange(rate) != rate) {
        GstCaps* caps = gst_caps_new_simple(
            "audio/x-raw", "format", G_TYPE_STRING, "S16LE", "rate", G_TYPE_INT, static_cast<gint>(rate), "channels",
            G_TYPE_INT, 1, "layout", G_TYPE_STRING, "interleaved", nullptr
        );
        g_object_set(in_.get(), "caps", caps, nullptr);
        gst_caps_unref(caps);
    }
    GstBuffer* buffer = gst_buffer_new_memdup(samples.data(), samples.size_bytes());
    GST_BUFFER_PTS(buffer) = pts_ns;
    GST_BUFFER_DURATION(buffer) = gst_util_uint64_scale(samples.size(), GST_SECOND, rate);
    GstFlowReturn flow = GST_FLOW_OK;
    g_signal_emit_by_name(in_.get(), "push-buffer", buffer, &flow);  // takes a reference of its own
    gst_buffer_unref(buffer);
}

GstPadProbeReturn WebRtcLeg::on_microphone_probe(GstPad*, GstPadProbeInfo* info, gpointer self) {
    const auto leg = leg_of(self);
    GstBuffer* buffer = GST_PAD_PROBE_INFO_BUFFER(info);
    GstMapInfo map;
    if (leg && gst_buffer_map(buffer, &map, GST_MAP_READ) != FALSE) {
        std::vector<std::int16_t> samples(map.size / sizeof(std::int16_t));
        std::memcpy(samples.data(), map.data, samples.size() * sizeof(std::int16_t));
        gst_buffer_unmap(buffer, &map);
        leg->send_block(samples, GST_BUFFER_PTS(buffer), kCallRate);
    }
    return GST_PAD_PROBE_OK;
}

// ---- Hearing
// ----------------------------------------------------------------------------------------------------------

GstPadProbeReturn WebRtcLeg::on_heard(GstBuffer* buffer) {
    heard_media_.store(true);
    // Before Connected nobody has looked at the peer's certificate yet.
    if (held_.load() || peer_silenced_.load() || !connected_.load()) {
        return GST_PAD_PROBE_DROP;
    }
    GstMapInfo map;
    if (gst_buffer_map(buffer, &map, GST_MAP_READ) != FALSE) {
        ear_.hear(
            {reinterpret_cast<const std::int16_t*>(map.data), map.size / sizeof(std::int16_t)},
            std::chrono::nanoseconds(GST_BUFFER_PTS(buffer))
        );
        gst_buffer_unmap(buffer, &map);
    }
    return GST_PAD_PROBE_OK;
}

GstPadProbeReturn WebRtcLeg::on_heard_probe(GstPad*, GstPadProbeInfo* info, gpointer self) {
    const auto leg = leg_of(self);
    return leg ? leg->on_heard(GST_PAD_PROBE_INFO_BUFFER(info)) : GST_PAD_PROBE_DROP;
}

GstPadProbeReturn WebRtcLeg::on_speaker_probe(GstPad*, GstPadProbeInfo*, gpointer self) {
    const auto leg = leg_of(self);
    return leg && leg->playing_.load() ? GST_PAD_PROBE_OK : GST_PAD_PROBE_DROP;
}

void WebRtcLeg::on_bus_error(GstMessage* message) {
    GError* error = nullptr;
    gst_message_parse_error(message, &error, nullptr);
    const std::string text = error != nullptr ? error->message : "no reason given";
    g_clear_error(&error);
    // Microphone and speaker are bins of their own within the pipeline; their trouble does not end the call.
    GstObject* device = GST_MESSAGE_SRC(message);
    while (device != nullptr && GST_OBJECT_PARENT(device) != nullptr && !GST_IS_PIPELINE(GST_OBJECT_PARENT(device))) {
        device = GST_OBJECT_PARENT(device);
    }
    const bool is_device =
        device != nullptr && GST_IS_BIN(device) && (element_of(GST_ELEMENT(device), "device") != nullptr);
    if (is_device) {
        fail_device("microphone or speaker: " + text);
    } else {
        fail("the media library stopped: " + text);
    }
}

// ---- Numbers
// ----------------------------------------------------------------------------------------------------------

void WebRtcLeg::request_stats() { ask("get-stats", nullptr, &WebRtcLeg::on_stats); }

void WebRtcLeg::on_stats(const GstStructure* reply) {
    Stats stats;
    stats.microphone_level = sent_level_.load(std::memory_order_relaxed);
    stats.speaker_level = ear_.level();
    if (reply != nullptr) {
        gst_structure_foreach(
            reply,
            [](GQuark, const GValue* value, gpointer data) -> gboolean {
                auto* into = static_cast<Stats*>(data);
                if (!GST_VALUE_HOLDS_STRUCTURE(value)) {
                    return TRUE;
                }
                const GstStructure* entry = gst_value_get_structure(value);
                guint64 packets = 0;
                double seconds = 0.0;
                if (gst_structure_get_uint64(entry, "packets-sent", &packets) != FALSE) {
                    into->packets_sent += packets;
                }
                if (gst_structure_get_uint64(entry, "packets-received", &packets) != FALSE) {
                    into->packets_received += packets;
                    gint lost = 0;
                    gint64 lost64 = 0;
                    if (gst_structure_get_int(entry, "packets-lost", &lost) != FALSE) {
                        into->packets_lost += lost;
                    } else if (gst_structure_get_int64(entry, "packets-lost", &lost64) != FALSE) {
                        into->packets_lost += lost64;
                    }
                    if (gst_structure_get_double(entry, "jitter", &seconds) != FALSE) {
                        into->jitter_ms = seconds * 1000.0;
                    }
                }
                if (gst_structure_get_double(entry, "round-trip-time", &seconds) != FALSE) {
                    into->round_trip_ms = seconds * 1000.0;
                }
                return TRUE;
            },
            &stats
        );
    }
    emit(stats);
}

}  // namespace clarion::media
