// SPDX-License-Identifier: Apache-2.0
#include "sdk/native/media_legs.hpp"

#include <algorithm>
#include <utility>
#include <variant>

namespace clarion::native {
namespace {

template <class... Functions>
struct Overloaded : Functions... {
    using Functions::operator()...;
};

/// "talk.wav" -> "talk-2.wav"
std::string numbered(const std::string& path, std::uint32_t number) {
    const auto dot = path.rfind('.');
    const auto slash = path.rfind('/');
    const bool has_end = dot != std::string::npos && (slash == std::string::npos || dot > slash);
    const auto stem = has_end ? path.substr(0, dot) : path;
    return stem + "-" + std::to_string(number) + (has_end ? path.substr(dot) : std::string{});
}

}  // namespace

MediaLegs::MediaLegs(net::Loop& loop, media::MediaFactory& factory, Options options, OnFact on_fact, OnNote on_note)
    : loop_{loop},
      factory_{factory},
      options_{std::move(options)},
      on_fact_{std::move(on_fact)},
      on_note_{std::move(on_note)},
      self_{std::make_shared<MediaLegs*>(this)} {}

MediaLegs::~MediaLegs() = default;

void MediaLegs::perform(const engine::PrepareOffer& command) {
    auto* leg = command.revision == 0 ? make(command.call_id, fresh(command.call_id), Side::caller)
                                      : make_next(command.call_id, Side::caller, command.revision, command.purpose);
    if (leg != nullptr) leg->prepare_offer();
}

void MediaLegs::perform(const engine::PrepareAnswer& command) {
    auto* leg = command.revision == 0 ? make(command.call_id, fresh(command.call_id), Side::callee)
                                      : make_next(command.call_id, Side::callee, command.revision, command.purpose);
    if (leg != nullptr) leg->prepare_answer(command.offer.reveal());
}

void MediaLegs::perform(const engine::ApplyAnswer& command) {
    const auto found = legs_.find(command.call_id);
    if (found == legs_.end()) return;
    auto& voice = found->second;
    auto& leg = command.revision == 0 ? voice.leg : voice.next;
    if (command.revision != 0 && voice.revision != command.revision) return;
    if (leg.leg) leg.leg->set_remote_answer(command.sdp.reveal());
}

void MediaLegs::perform(const engine::AddCandidate& command) {
    const auto found = legs_.find(command.call_id);
    if (found == legs_.end()) return;
    // The peer speaks of the way that is looked for; one that is found needs no more candidates.
    auto& leg = found->second.next.leg ? found->second.next.leg : found->second.leg.leg;
    if (leg) leg->add_remote_candidate(command.mid, command.line, command.candidate.reveal());
}

void MediaLegs::perform(const engine::OpenAudio& command) {
    const auto found = legs_.find(command.call_id);
    if (found == legs_.end()) return;
    found->second.manner.is_open = true;
    found->second.manner.microphone = command.microphone;
    tell(found->second);
    if (auto* leg = find(command.call_id)) leg->open_audio();
}

void MediaLegs::perform(const engine::CloseAudio& command) {
    const auto found = legs_.find(command.call_id);
    if (found == legs_.end()) return;
    found->second.manner.is_open = false;
    if (auto* leg = find(command.call_id)) leg->close_audio();
}

void MediaLegs::perform(const engine::SetMuted& command) { set(command.call_id, &Manner::muted, command.on); }

void MediaLegs::perform(const engine::SetHeld& command) { set(command.call_id, &Manner::held, command.on); }

void MediaLegs::perform(const engine::SetMicrophone& command) { set(command.call_id, &Manner::microphone, command.on); }

void MediaLegs::perform(const engine::SetPeerSilenced& command) {
    set(command.call_id, &Manner::peer_silenced, command.on);
}

void MediaLegs::perform(const engine::DropOffer& command) {
    const auto found = legs_.find(command.call_id);
    if (found != legs_.end() && found->second.revision == command.revision) found->second.next = {};
}

void MediaLegs::perform(const engine::CloseMedia& command) { legs_.erase(command.call_id); }

void MediaLegs::measure() {
    for (auto& [call, voice] : legs_) {
        if (voice.leg.leg) voice.leg.leg->request_stats();
    }
}

void MediaLegs::set(const CallId& call, bool Manner::* what, bool on) {
    const auto found = legs_.find(call);
    if (found == legs_.end() || std::exchange(found->second.manner.*what, on) == on) return;
    tell(found->second);
}

/// The whole manner: telling a leg what it knows changes nothing.
void MediaLegs::tell(const Voice& voice) const {
    if (!voice.leg.leg) return;
    voice.leg.leg->set_muted(voice.manner.muted || !voice.manner.microphone);
    voice.leg.leg->set_held(voice.manner.held);
    voice.leg.leg->set_peer_silenced(voice.manner.peer_silenced);
}

media::MediaLeg* MediaLegs::find(const CallId& call) {
    const auto found = legs_.find(call);
    return found == legs_.end() ? nullptr : found->second.leg.leg.get();
}

MediaLegs::Leg& MediaLegs::fresh(const CallId& call) {
    legs_.erase(call);
    return legs_[call].leg;
}

media::MediaLeg* MediaLegs::make(const CallId& call, Leg& into, Side side) {
    auto& voice = legs_[call];
    const auto generation = ++generations_;
    // Runs on a thread of the media library: it may touch nothing but the loop.
    auto on_event = [loop = &loop_, weak = std::weak_ptr{self_}, call, generation](media::Event event) {
        loop->post([weak, call, generation, event = std::move(event)] {
            if (const auto self = weak.lock()) (*self)->take_event(call, generation, event);
        });
    };
    auto options = options_();
    ++voice.ways;
    if (auto* recording = std::get_if<media::WavOutput>(&options.output); recording != nullptr && voice.ways > 1) {
        recording->path = numbered(recording->path, voice.ways);  // Not over what was recorded so far.
    }
    auto leg = factory_.create_leg(std::move(options), std::move(on_event));
    if (!leg) {
        const bool is_first = &into == &voice.leg;
        const auto revision = voice.revision;
        if (is_first) {
            legs_.erase(call);
            post(engine::MediaFailed{call, leg.error().text});
        } else {
            post(engine::NegotiationFailed{call, revision, leg.error().text});
        }
        return nullptr;
    }
    into = {side, generation, std::move(*leg)};
    return into.leg.get();
}

media::MediaLeg* MediaLegs::make_next(
    const CallId& call, Side side, std::uint32_t revision, engine::Negotiation purpose
) {
    const auto found = legs_.find(call);
    if (found == legs_.end() || purpose == engine::Negotiation::media) {
        post(engine::NegotiationFailed{call, revision, "voice only"});
        return nullptr;
    }
    found->second.next = {};
    found->second.revision = revision;
    return make(call, found->second.next, side);
}

/// Posted: facts never come inside perform().
void MediaLegs::post(engine::Input fact) {
    loop_.post([weak = std::weak_ptr{self_}, fact = std::move(fact)] {
        if (const auto self = weak.lock()) (*self)->on_fact_(fact);
    });
}

void MediaLegs::take_event(const CallId& call, std::uint64_t generation, const media::Event& event) {
    const auto found = legs_.find(call);
    if (found == legs_.end()) return;
    auto& voice = found->second;
    if (voice.next.leg && voice.next.generation == generation) return take_next_event(call, voice, event);
    if (voice.leg.generation != generation) return;
    std::visit(
        Overloaded{
            [&](const media::LocalDescription& local) {
                if (voice.leg.side == Side::caller) {
                    on_fact_(engine::OfferPrepared{call, Redacted{local.sdp}});
                } else {
                    on_fact_(engine::AnswerPrepared{call, Redacted{local.sdp}});
                }
            },
            [&](const media::LocalCandidate& local) {
                on_fact_(engine::CandidateFound{call, Redacted{local.candidate}, local.mid, local.mline_index});
            },
            [&](const media::Connected&) { on_fact_(engine::MediaConnected{call}); },
            [&](const media::Lost&) { on_fact_(engine::MediaLost{call}); },
            [&](const media::Failed& failed) { on_fact_(engine::MediaFailed{call, failed.reason}); },
            [&](const media::FirstAudio&) { on_fact_(engine::FirstAudioHeard{call}); },
            [&](const media::AudioSourceEnded&) { on_note_(call, "the audio file was sent to its end"); },
            [&](const media::AudioDeviceFailed& failed) { on_note_(call, failed.reason); },
            [&](const media::Stats& stats) { take_stats(call, voice, stats); },
        },
        event
    );
}

/// Of the leg that is to take the place of the first one.
void MediaLegs::take_next_event(const CallId& call, Voice& voice, const media::Event& event) {
    const auto revision = voice.revision;
    if (const auto* local = std::get_if<media::LocalDescription>(&event)) {
        if (voice.next.side == Side::caller) {
            on_fact_(engine::OfferPrepared{call, Redacted{local->sdp}, revision});
        } else {
            on_fact_(engine::AnswerPrepared{call, Redacted{local->sdp}, revision});
        }
    } else if (const auto* candidate = std::get_if<media::LocalCandidate>(&event)) {
        on_fact_(engine::CandidateFound{call, Redacted{candidate->candidate}, candidate->mid, candidate->mline_index});
    } else if (std::holds_alternative<media::Connected>(event)) {
        replace(voice);
        on_note_(call, "goes on over another way");
        on_fact_(engine::MediaConnected{call});
    } else if (const auto* failed = std::get_if<media::Failed>(&event)) {
        voice.next = {};
        on_fact_(engine::NegotiationFailed{call, revision, failed->reason});
    }
}

/// One microphone: the old leg lets go of it before the new one takes it.
void MediaLegs::replace(Voice& voice) {
    voice.leg = {};
    voice.leg = std::exchange(voice.next, {});
    voice.last.reset();
    tell(voice);
    if (voice.manner.is_open) voice.leg.leg->open_audio();
}

/// Since the measurement before.
void MediaLegs::take_stats(const CallId& call, Voice& voice, const media::Stats& stats) {
    const auto last = std::exchange(voice.last, stats);
    if (!last) return;
    const auto received = static_cast<std::int64_t>(stats.packets_received - last->packets_received);
    const auto lost = std::max<std::int64_t>(stats.packets_lost - last->packets_lost, 0);
    engine::Statistics measured;
    if (received + lost > 0) measured.loss_permille = static_cast<std::uint32_t>(lost * 1'000 / (received + lost));
    measured.jitter = Duration{static_cast<std::int64_t>(stats.jitter_ms)};
    if (stats.round_trip_ms) measured.latency = Duration{static_cast<std::int64_t>(*stats.round_trip_ms)};
    const auto percent = [](double level) { return static_cast<std::uint32_t>(std::clamp(level, 0.0, 1.0) * 100); };
    measured.own_level = percent(stats.microphone_level);
    measured.peer_level = percent(stats.speaker_level);
    on_fact_(engine::StatisticsMeasured{call, measured});
}

}  // namespace clarion::native
