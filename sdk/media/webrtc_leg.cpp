// SPDX-License-Identifier: Apache-2.0
// The way of a leg through webrtcbin: descriptions, candidates, connection, end. Sound is in webrtc_leg_audio.cpp.
#include "sdk/media/webrtc_leg.hpp"

#include <algorithm>

#include "sdk/media/weak_leg.hpp"
#include "sdk/media/webrtc_graph.hpp"

namespace clarion::media {
namespace {

constexpr std::uint8_t kOfferedPayload = 111;  // any dynamic type would do (RFC 7587); this is what browsers use
constexpr int kRemoteCandidatesMax = 100;
constexpr std::size_t kTurnServersMax = 8;

std::string text_of(const GstWebRTCSessionDescription* description) {
    const GString0 text(gst_sdp_message_as_text(description->sdp));
    return text ? std::string(text.get()) : std::string();
}

std::string mid_of(std::string_view sdp) {
    const std::size_t at = sdp.find("a=mid:");
    if (at == std::string_view::npos) {
        return {};
    }
    const std::string_view rest = sdp.substr(at + 6);
    return std::string(rest.substr(0, rest.find_first_of("\r\n")));
}

}  // namespace

// ---- Making
// -----------------------------------------------------------------------------------------------------------

WebRtcLeg::WebRtcLeg(LegOptions options, EventCallback on_event)
    : options_(std::move(options)),
      on_event_(std::move(on_event)),
      ear_(
          {.first_audio = [this] { emit(FirstAudio{}); },
           .recording_failed = [this](std::string why) { emit(AudioDeviceFailed{std::move(why)}); }}
      ) {}

std::expected<std::shared_ptr<WebRtcLeg>, MediaError> WebRtcLeg::create(LegOptions options, EventCallback on_event) {
    if (!on_event) {
        return std::unexpected(MediaError{MediaErrorCode::bad_option, "a leg needs an event callback"});
    }
    if (options.turn.size() > kTurnServersMax) {
        return std::unexpected(MediaError{MediaErrorCode::bad_option, "more than 8 TURN servers"});
    }
    auto leg = std::make_shared<WebRtcLeg>(std::move(options), std::move(on_event));
    auto source = make_source(leg->options_.input);
    if (!source) {
        return std::unexpected(source.error());
    }
    if (!std::holds_alternative<Microphone>(leg->options_.input)) {
        const std::uint32_t rate = (*source)->rate();
        WebRtcLeg* self = leg.get();  // the pump is stopped before the leg goes
        leg->pump_ = std::make_unique<AudioPump>(
            std::move(*source),
            [self, rate](std::span<std::int16_t> samples, std::uint64_t index) {
                self->send_block(samples, self->pump_base_ns_.load() + index * (GST_SECOND / kBlocksPerSecond), rate);
            },
            [self] { self->emit(AudioSourceEnded{}); }
        );
    }
    if (const auto* wav = std::get_if<WavOutput>(&leg->options_.output)) {
        if (auto recording = leg->ear_.record_to(wav->path); !recording) {
            return std::unexpected(MediaError{MediaErrorCode::bad_file, recording.error().text});
        }
    }
    return leg;
}

bool WebRtcLeg::start_graph(std::uint8_t payload) {
    auto graph = build_call_graph(payload, role_ == Role::caller, options_);
    if (!graph) {
        fail(graph.error().text);
        return false;
    }
    ElementPtr rtc = element_of(graph->get(), "rtc");
    watch(rtc.get());
    connect(graph->get(), "deep-element-added", G_CALLBACK(on_element_signal), weak_from_this());
    const ElementPtr heard = element_of(graph->get(), "heard");
    const PadPtr pad(gst_element_get_static_pad(heard.get(), "src"));
    gst_pad_add_probe(pad.get(), GST_PAD_PROBE_TYPE_BUFFER, on_heard_probe, new Weak(weak_from_this()), delete_weak);
    GstBus* bus = gst_pipeline_get_bus(GST_PIPELINE(graph->get()));
    gst_bus_set_sync_handler(bus, on_bus_signal, new Weak(weak_from_this()), delete_weak);
    gst_object_unref(bus);
    in_ = element_of(graph->get(), "in");
    GstElement* pipeline = graph->get();
    {
        const std::scoped_lock lock(mutex_);
        pipeline_ = std::move(*graph);
        rtc_ = std::move(rtc);
    }
    if (gst_element_set_state(pipeline, GST_STATE_PLAYING) == GST_STATE_CHANGE_FAILURE) {
        fail("the call's graph does not start");
        return false;
    }
    GstClock* clock = gst_system_clock_obtain();
    tick_ = gst_clock_new_periodic_id(clock, gst_clock_get_time(clock) + GST_SECOND, GST_SECOND);
    gst_object_unref(clock);
    gst_clock_id_wait_async(tick_, on_tick, new Weak(weak_from_this()), delete_weak);
    return true;
}

void WebRtcLeg::watch(GstElement* rtc) {
    connect(rtc, "on-ice-candidate", G_CALLBACK(on_candidate_signal), weak_from_this());
    connect(rtc, "notify::connection-state", G_CALLBACK(on_connection_signal), weak_from_this());
    connect(rtc, "notify::ice-gathering-state", G_CALLBACK(on_gathering_signal), weak_from_this());
    connect(rtc, "pad-added", G_CALLBACK(on_pad_signal), weak_from_this());
}

// ---- Telling
// ----------------------------------------------------------------------------------------------------------

void WebRtcLeg::emit(Event event) {
    const std::scoped_lock lock(callback_mutex_);
    if (!silent_ && (!failed_ || std::holds_alternative<Stats>(event))) {
        failed_ = failed_ || std::holds_alternative<Failed>(event);
        on_event_(std::move(event));
    }
}

void WebRtcLeg::fail(std::string reason) {
    sending_.store(false);
    emit(Failed{std::move(reason)});
}

ElementPtr WebRtcLeg::rtc() {
    const std::scoped_lock lock(mutex_);
    return rtc_ ? ElementPtr(GST_ELEMENT(gst_object_ref(rtc_.get()))) : ElementPtr();
}

// ---- Descriptions
// -----------------------------------------------------------------------------------------------------

void WebRtcLeg::prepare_offer() {
    if (role_ != Role::none) {
        return;
    }
    role_ = Role::caller;
    if (start_graph(kOfferedPayload)) {
        ask("create-offer", nullptr, &WebRtcLeg::on_created);
    }
}

void WebRtcLeg::prepare_answer(std::string_view remote_offer_sdp) {
    if (role_ != Role::none) {
        return;
    }
    role_ = Role::callee;
    const auto remote = check_remote_sdp(remote_offer_sdp, SdpKind::offer);
    if (!remote) {
        fail("the caller's description cannot be used: " + remote.error());
        return;
    }
    expect(remote->fingerprints);
    if (start_graph(remote->opus_payload)) {
        apply_remote(kSdpOffer, remote->sdp, &WebRtcLeg::on_remote_offer_set);
    }
}

void WebRtcLeg::set_remote_answer(std::string_view sdp) {
    if (role_ != Role::caller || remote_answer_given_) {
        return;
    }
    const auto remote = check_remote_sdp(sdp, SdpKind::answer);
    if (!remote) {
        fail("the callee's description cannot be used: " + remote.error());
        return;
    }
    remote_answer_given_ = true;
    expect(remote->fingerprints);
    apply_remote(kSdpAnswer, remote->sdp, &WebRtcLeg::on_remote_answer_set);
}

void WebRtcLeg::expect(const std::vector<Fingerprint>& fingerprints) {
    const std::scoped_lock lock(mutex_);
    peer_fingerprints_ = fingerprints;
}

void WebRtcLeg::apply_remote(GstWebRTCSDPType type, const std::string& sdp, OnReply on_reply) {
    GstSDPMessage* message = nullptr;
    if (gst_sdp_message_new_from_text(sdp.c_str(), &message) != 0 || message == nullptr) {
        fail("the peer's description cannot be parsed");
        return;
    }
    GstWebRTCSessionDescription* description = gst_webrtc_session_description_new(type, message);
    ask("set-remote-description", description, on_reply);
    gst_webrtc_session_description_free(description);
}

void WebRtcLeg::ask(const char* action, GstWebRTCSessionDescription* description, OnReply on_reply) {
    const ElementPtr element = rtc();
    if (!element) {
        return;
    }
    struct Pending {
        Weak leg;
        OnReply on_reply;
    };
    GstPromise* promise = gst_promise_new_with_change_func(
        [](GstPromise* done, gpointer data) {
            const auto* pending = static_cast<Pending*>(data);
            const auto leg = pending->leg.lock();
            if (leg && gst_promise_wait(done) == GST_PROMISE_RESULT_REPLIED) {
                ((*leg).*(pending->on_reply))(gst_promise_get_reply(done));
            }
        },
        new Pending{weak_from_this(), on_reply}, [](gpointer data) { delete static_cast<Pending*>(data); }
    );
    // create-* take options, set-* a description, get-stats a pad; all as their first argument and all may be null
    // here.
    g_signal_emit_by_name(element.get(), action, description, promise);
    gst_promise_unref(promise);
}

bool WebRtcLeg::reply_is_error(const GstStructure* reply, const char* what) {
    GError* error = nullptr;
    if (reply == nullptr || !gst_structure_has_field(reply, "error") ||
        gst_structure_get(reply, "error", G_TYPE_ERROR, &error, nullptr) == FALSE || error == nullptr) {
        return false;
    }
    // webrtcbin's text may quote the SDP; the domain and code are enough to find the place.
    fail(std::string(what) + " (webrtc error " + std::to_string(error->code) + ")");
    g_error_free(error);
    return true;
}

void WebRtcLeg::on_remote_offer_set(const GstStructure* reply) {
    if (!reply_is_error(reply, "the caller's description was refused")) {
        ask("create-answer", nullptr, &WebRtcLeg::on_created);
    }
}

void WebRtcLeg::on_remote_answer_set(const GstStructure* reply) {
    (void)reply_is_error(reply, "the callee's description was refused");
}

void WebRtcLeg::on_created(const GstStructure* reply) {
    if (reply_is_error(reply, "no description could be made")) {
        return;
    }
    GstWebRTCSessionDescription* description = nullptr;
    for (const char* name : {"offer", "answer"}) {
        if (reply != nullptr && gst_structure_has_field(reply, name)) {
            gst_structure_get(reply, name, gst_webrtc_session_description_get_type(), &description, nullptr);
        }
    }
    if (description == nullptr) {
        fail("no description could be made");
        return;
    }
    {
        const std::scoped_lock lock(mutex_);
        local_sdp_ = text_of(description);
        mid_ = mid_of(local_sdp_);
    }
    ask("set-local-description", description, &WebRtcLeg::on_local_set);
    gst_webrtc_session_description_free(description);
}

void WebRtcLeg::on_local_set(const GstStructure* reply) {
    if (reply_is_error(reply, "the own description was refused") || !options_.trickle) {
        return;
    }
    std::string sdp;
    {
        const std::scoped_lock lock(mutex_);
        sdp = local_sdp_;
    }
    emit(LocalDescription{std::move(sdp)});
}

void WebRtcLeg::on_gathering_complete() {
    const ElementPtr element = rtc();
    if (options_.trickle || !element) {
        return;
    }
    GstWebRTCSessionDescription* description = nullptr;
    g_object_get(element.get(), "local-description", &description, nullptr);
    if (description == nullptr) {
        fail("no description could be made");
        return;
    }
    emit(LocalDescription{text_of(description)});
    gst_webrtc_session_description_free(description);
}

// ---- Candidates and connection
// ----------------------------------------------------------------------------------------

void WebRtcLeg::add_remote_candidate(std::uint32_t mline_index, std::string_view candidate) {
    const ElementPtr element = rtc();
    const auto checked = check_candidate(candidate);
    if (!element || !checked || mline_index != 0 || ++remote_candidates_ > kRemoteCandidatesMax) {
        return;
    }
    g_signal_emit_by_name(element.get(), "add-ice-candidate", mline_index, checked->c_str());
}

void WebRtcLeg::on_candidate(std::uint32_t mline_index, const char* candidate) {
    if (!options_.trickle || candidate == nullptr || *candidate == '\0') {
        return;
    }
    std::string mid;
    {
        const std::scoped_lock lock(mutex_);
        mid = mid_;
    }
    emit(LocalCandidate{std::move(mid), mline_index, candidate});
}

void WebRtcLeg::on_connection_state(int state) {
    switch (state) {
        case kPeerConnected:
            if (!peer_is_who_the_sdp_said()) {
                fail("the peer's certificate is not the one that its description announced");
            } else if (!connected_.exchange(true)) {
                last_packet_us_.store(g_get_monotonic_time());
                emit(Connected{});
                start_source_if_due();
            }
            break;
        case kPeerDisconnected:
        case kPeerClosed:  // the peer's DTLS said goodbye; the call's end itself comes by signalling
            if (connected_.exchange(false)) {
                emit(Lost{});
            }
            break;
        case kPeerFailed:
            if (connected_.exchange(false)) {
                emit(Lost{});
            }
            // While the phone rings a callee's checks may find nobody yet; they go on when the caller's begin.
            if (role_.load() == Role::caller || playing_.load()) {
                fail("no way to the peer was found (ICE or DTLS failed)");
            }
            break;
        default: break;
    }
}

void WebRtcLeg::on_pad(GstPad* pad) {
    ElementPtr pipeline;
    {
        const std::scoped_lock lock(mutex_);
        if (pipeline_) {
            pipeline.reset(GST_ELEMENT(gst_object_ref(pipeline_.get())));
        }
    }
    if (!pipeline || gst_pad_get_direction(pad) != GST_PAD_SRC) {
        return;
    }
    const ElementPtr depay = element_of(pipeline.get(), "depay");
    const PadPtr sink(gst_element_get_static_pad(depay.get(), "sink"));
    if (gst_pad_is_linked(sink.get()) == FALSE && GST_PAD_LINK_FAILED(gst_pad_link(pad, sink.get()))) {
        fail("the peer's voice cannot be decoded");
    }
}

void WebRtcLeg::close() {
    {
        const std::scoped_lock lock(callback_mutex_);
        silent_ = true;
    }
    close_audio();
    if (tick_ != nullptr) {
        gst_clock_id_unschedule(tick_);
        gst_clock_id_unref(std::exchange(tick_, nullptr));
    }
    ElementPtr pipeline;
    ElementPtr element;
    ElementPtr dtls;
    {
        const std::scoped_lock lock(mutex_);
        pipeline = std::move(pipeline_);
        element = std::move(rtc_);
        dtls = std::move(dtls_);
    }
    if (pipeline) {
        gst_element_set_state(pipeline.get(), GST_STATE_NULL);
    }
    if (speaker_) {
        gst_element_set_state(speaker_.get(), GST_STATE_NULL);
        speaker_.reset();
    }
    in_.reset();
    ear_.finish();
}

// ---- From GStreamer's threads into the leg
// ----------------------------------------------------------------------------

void WebRtcLeg::on_candidate_signal(GstElement*, guint mline_index, gchar* candidate, gpointer self) {
    if (const auto leg = leg_of(self)) {
        leg->on_candidate(mline_index, candidate);
    }
}

void WebRtcLeg::on_connection_signal(GstElement* rtc, GParamSpec*, gpointer self) {
    if (const auto leg = leg_of(self)) {
        int state = 0;
        g_object_get(rtc, "connection-state", &state, nullptr);
        leg->on_connection_state(state);
    }
}

void WebRtcLeg::on_gathering_signal(GstElement* rtc, GParamSpec*, gpointer self) {
    if (const auto leg = leg_of(self)) {
        int state = 0;
        g_object_get(rtc, "ice-gathering-state", &state, nullptr);
        if (state == kGatheringComplete) {
            leg->on_gathering_complete();
        }
    }
}

void WebRtcLeg::on_pad_signal(GstElement*, GstPad* pad, gpointer self) {
    if (const auto leg = leg_of(self)) {
        leg->on_pad(pad);
    }
}

GstBusSyncReply WebRtcLeg::on_bus_signal(GstBus*, GstMessage* message, gpointer self) {
    if (GST_MESSAGE_TYPE(message) == GST_MESSAGE_ERROR) {
        if (const auto leg = leg_of(self)) {
            leg->on_bus_error(message);
        }
    }
    gst_message_unref(message);
    return GST_BUS_DROP;  // nobody reads the bus: kept messages would pile up
}

}  // namespace clarion::media
