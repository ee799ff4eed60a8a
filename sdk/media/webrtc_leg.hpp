// SPDX-License-Identifier: Apache-2.0
// Private to sdk/media: one leg over webrtcbin. See media.hpp for the contract.
//
// Threads inside: the client's thread calls the public methods; webrtcbin's own thread answers promises and raises most
// signals; streaming threads bring decoded sound; the pump's thread brings the sound to send. What they share is atomic
// or behind `mutex_`; no GStreamer call is made under it. Callbacks hold weak references, so one that comes late finds
// nothing.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sdk/media/audio_ear.hpp"
#include "sdk/media/audio_pump.hpp"
#include "sdk/media/gst_abi.hpp"
#include "sdk/media/gst_runtime.hpp"
#include "sdk/media/media.hpp"
#include "sdk/media/sdp_check.hpp"

namespace clarion::media {

class WebRtcLeg final : public std::enable_shared_from_this<WebRtcLeg> {
  public:
    [[nodiscard]] static std::expected<std::shared_ptr<WebRtcLeg>, MediaError> create(
        LegOptions options, EventCallback on_event
    );
    WebRtcLeg(LegOptions options, EventCallback on_event);
    WebRtcLeg(const WebRtcLeg&) = delete;
    WebRtcLeg& operator=(const WebRtcLeg&) = delete;

    void prepare_offer();
    void prepare_answer(std::string_view remote_offer_sdp);
    void set_remote_answer(std::string_view sdp);
    void add_remote_candidate(std::uint32_t mline_index, std::string_view candidate);
    void open_audio();
    void close_audio();
    void set_muted(bool muted) { muted_.store(muted); }
    void set_held(bool held) { held_.store(held); }
    void set_peer_silenced(bool silenced) { peer_silenced_.store(silenced); }
    void request_stats();
    void close();

  private:
    // webrtcbin's replies. `reply` is null when there is none.
    using OnReply = void (WebRtcLeg::*)(const GstStructure* reply);

    bool start_graph(std::uint8_t payload);
    void watch(GstElement* rtc);
    void emit(Event event);
    void fail(std::string reason);
    void ask(const char* action, GstWebRTCSessionDescription* description, OnReply on_reply);
    void apply_remote(GstWebRTCSDPType type, const std::string& sdp, OnReply on_reply);
    void expect(const std::vector<Fingerprint>& fingerprints);
    bool reply_is_error(const GstStructure* reply, const char* what);
    [[nodiscard]] ElementPtr rtc();

    void on_remote_offer_set(const GstStructure* reply);
    void on_remote_answer_set(const GstStructure* reply);
    void on_created(const GstStructure* reply);
    void on_local_set(const GstStructure* reply);
    void on_stats(const GstStructure* reply);
    void on_candidate(std::uint32_t mline_index, const char* candidate);
    void on_connection_state(int state);
    void on_gathering_complete();
    void on_pad(GstPad* pad);
    void on_bus_error(GstMessage* message);
    GstPadProbeReturn on_heard(GstBuffer* buffer);

    void start_source_if_due();
    void fail_device(std::string reason);
    void open_speaker();
    void open_microphone();
    void send_block(std::span<std::int16_t> samples, std::uint64_t pts_ns, std::uint32_t rate);

    void on_element(GstElement* element);
    void watch_silence();
    [[nodiscard]] bool peer_is_who_the_sdp_said();

    static void on_element_signal(GstBin*, GstBin*, GstElement* element, gpointer self);
    static gboolean on_tick(GstClock*, GstClockTime, GstClockID, gpointer self);
    static GstPadProbeReturn on_packet_probe(GstPad*, GstPadProbeInfo*, gpointer self);
    static void on_candidate_signal(GstElement*, guint mline_index, gchar* candidate, gpointer self);
    static void on_connection_signal(GstElement* rtc, GParamSpec*, gpointer self);
    static void on_gathering_signal(GstElement* rtc, GParamSpec*, gpointer self);
    static void on_pad_signal(GstElement*, GstPad* pad, gpointer self);
    static GstBusSyncReply on_bus_signal(GstBus*, GstMessage* message, gpointer self);
    static GstPadProbeReturn on_heard_probe(GstPad*, GstPadProbeInfo* info, gpointer self);
    static GstPadProbeReturn on_microphone_probe(GstPad*, GstPadProbeInfo* info, gpointer self);
    static GstPadProbeReturn on_speaker_probe(GstPad*, GstPadProbeInfo* info, gpointer self);

    const LegOptions options_;

    std::mutex callback_mutex_;  // held while the client's callback runs: close() waits for it
    EventCallback on_event_;
    bool silent_ = false;  // under callback_mutex_: closed, nothing is told any more
    bool failed_ = false;  // under callback_mutex_: Failed is told once, and nothing but Stats after it

    std::mutex mutex_;
    ElementPtr pipeline_;
    ElementPtr rtc_;
    ElementPtr microphone_;
    ElementPtr speaker_;
    ElementPtr dtls_;
    std::string local_sdp_;
    std::string mid_;
    std::vector<Fingerprint> peer_fingerprints_;

    enum class Role : std::uint8_t { none, caller, callee };
    std::atomic<Role> role_{Role::none};

    // The client's thread only.
    bool remote_answer_given_ = false;
    int remote_candidates_ = 0;

    std::mutex source_mutex_;  // starting and stopping the source; never held while an event is told
    bool audio_open_ = false;
    std::unique_ptr<AudioPump> pump_;

    std::atomic<bool> connected_{false};
    // A peer that vanishes says nothing, and libnice 0.1.21 notices after 50 s only: the arrival of packets is watched.
    GstClockID tick_ = nullptr;
    std::atomic<std::int64_t> last_packet_us_{0};
    std::atomic<bool> heard_media_{false};
    bool quiet_ = false;  // the clock's thread only

    std::atomic<bool> sending_{false};
    std::atomic<bool> playing_{false};
    std::atomic<bool> muted_{false};
    std::atomic<bool> held_{false};
    std::atomic<bool> peer_silenced_{false};
    std::atomic<bool> device_failure_told_{false};
    std::atomic<double> sent_level_{0.0};
    std::atomic<std::uint64_t> pump_base_ns_{0};
    std::atomic<std::uint32_t> sent_rate_{0};
    ElementPtr in_;  // the appsrc; set once when the graph starts, before any thread sends
    AudioEar ear_;
};

}  // namespace clarion::media
