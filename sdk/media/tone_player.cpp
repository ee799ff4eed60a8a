// SPDX-License-Identifier: Apache-2.0
#include <optional>
#include <utility>
#include <variant>

#include "sdk/media/audio_pump.hpp"
#include "sdk/media/gst_runtime.hpp"
#include "sdk/media/tone_source.hpp"
#include "sdk/media/tones.hpp"
#include "sdk/media/webrtc_graph.hpp"

namespace clarion::media {
namespace {

class NoPlayer final : public TonePlayer {
  public:
    void play(Tone) override {}
    void stop() override {}
};

// The same speaker as a call's, in a graph of its own: a tone sounds when no call has audio.
class SpeakerPlayer final : public TonePlayer {
  public:
    SpeakerPlayer(std::string device, std::function<void(const std::string&)> on_failed)
        : device_(std::move(device)), on_failed_(std::move(on_failed)) {}
    ~SpeakerPlayer() override { stop(); }

    void play(Tone tone) override {
        stop();
        if (auto opened = open(); !opened) {
            stop();
            on_failed_(opened.error().text);
            return;
        }
        pump_.emplace(
            make_tone(tone), [this](std::span<std::int16_t> samples, std::uint64_t) { push(samples); }, [] {}
        );
        pump_->start();
    }

    void stop() override {
        pump_.reset();  // no block comes after that
        in_.reset();
        if (pipeline_) {
            gst_element_set_state(pipeline_.get(), GST_STATE_NULL);
        }
        pipeline_.reset();
    }

  private:
    std::expected<void, MediaError> open() {
        auto speaker = build_speaker(device_, "");
        if (!speaker) {
            return std::unexpected(speaker.error());
        }
        pipeline_.reset(GST_ELEMENT(gst_object_ref_sink(gst_pipeline_new(nullptr))));
        GstElement* in = gst_element_factory_make("appsrc", "in");
        if (in == nullptr) {
            return std::unexpected(
                MediaError{MediaErrorCode::missing_package, "a tone needs the Debian package gstreamer1.0-plugins-base"}
            );
        }
        gst_bin_add(GST_BIN(pipeline_.get()), in);
        gst_bin_add(GST_BIN(pipeline_.get()), speaker->get());
        in_ = element_of(pipeline_.get(), "in");
        GstCaps* caps = gst_caps_from_string("audio/x-raw,format=S16LE,layout=interleaved,channels=1,rate=48000");
        g_object_set(
            in, "caps", caps, "format", GST_FORMAT_TIME, "is-live", TRUE, "do-timestamp", TRUE, "block", FALSE,
            "max-time", guint64{200'000'000}, "max-bytes", guint64{0}, nullptr
        );
        gst_caps_unref(caps);
        const bool linked = gst_element_link(in, speaker->get()) != FALSE;
        if (!linked || gst_element_set_state(pipeline_.get(), GST_STATE_PLAYING) == GST_STATE_CHANGE_FAILURE) {
            return std::unexpected(MediaError{MediaErrorCode::library, "the speaker cannot be opened for a tone"});
        }
        return {};
    }

    void push(std::span<std::int16_t> samples) {
        GstBuffer* buffer = gst_buffer_new_memdup(samples.data(), samples.size_bytes());
        int flow = 0;
        g_signal_emit_by_name(in_.get(), "push-buffer", buffer, &flow);  // takes a reference of its own
        gst_buffer_unref(buffer);
    }

    std::string device_;
    std::function<void(const std::string&)> on_failed_;
    ElementPtr pipeline_;
    ElementPtr in_;
    std::optional<AudioPump> pump_;
};

}  // namespace

std::unique_ptr<TonePlayer> create_tone_player(
    const AudioOutput& output, std::function<void(const std::string&)> on_failed
) {
    const auto* speaker = std::get_if<Speaker>(&output);
    if (speaker == nullptr) {
        return std::make_unique<NoPlayer>();
    }
    return std::make_unique<SpeakerPlayer>(speaker->device, std::move(on_failed));
}

}  // namespace clarion::media
