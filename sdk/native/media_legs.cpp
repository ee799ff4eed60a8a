// SPDX-License-Identifier: Apache-2.0
#include "sdk/native/media_legs.hpp"

#include <utility>
#include <variant>

namespace clarion::native {
namespace {

template <class... Functions>
struct Overloaded : Functions... {
    using Functions::operator()...;
};

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
    if (auto* leg = make(command.call_id, Side::caller)) leg->prepare_offer();
}

void MediaLegs::perform(const engine::PrepareAnswer& command) {
    if (auto* leg = make(command.call_id, Side::callee)) leg->prepare_answer(command.offer.reveal());
}

void MediaLegs::perform(const engine::ApplyAnswer& command) {
    if (auto* leg = find(command.call_id)) leg->set_remote_answer(command.sdp.reveal());
}

void MediaLegs::perform(const engine::AddCandidate& command) {
    if (auto* leg = find(command.call_id)) {
        leg->add_remote_candidate(command.mid, command.line, command.candidate.reveal());
    }
}

void MediaLegs::perform(const engine::OpenAudio& command) {
    if (auto* leg = find(command.call_id)) leg->open_audio();
}

void MediaLegs::perform(const engine::CloseAudio& command) {
    if (auto* leg = find(command.call_id)) leg->close_audio();
}

void MediaLegs::perform(const engine::SetMuted& command) {
    if (auto* leg = find(command.call_id)) leg->set_muted(command.on);
}

void MediaLegs::perform(const engine::SetHeld& command) {
    if (auto* leg = find(command.call_id)) leg->set_held(command.on);
}

void MediaLegs::perform(const engine::CloseMedia& command) { legs_.erase(command.call_id); }

media::MediaLeg* MediaLegs::find(const CallId& call) {
    const auto found = legs_.find(call);
    return found == legs_.end() ? nullptr : found->second.leg.get();
}

media::MediaLeg* MediaLegs::make(const CallId& call, Side side) {
    legs_.erase(call);
    const auto generation = ++generations_;
    // Runs on a thread of the media library: it may touch nothing but the loop.
    auto on_event = [loop = &loop_, weak = std::weak_ptr{self_}, call, generation](media::Event event) {
        loop->post([weak, call, generation, event = std::move(event)] {
            if (const auto self = weak.lock()) (*self)->take_event(call, generation, event);
        });
    };
    auto leg = factory_.create_leg(options_(), std::move(on_event));
    if (!leg) {
        fail(call, leg.error().text);
        return nullptr;
    }
    auto& kept = legs_[call];
    kept = {side, generation, std::move(*leg)};
    return kept.leg.get();
}

void MediaLegs::fail(const CallId& call, std::string reason) {
    // Posted: facts never come inside perform().
    loop_.post([weak = std::weak_ptr{self_}, call, reason = std::move(reason)] {
        const auto self = weak.lock();
        if (self) (*self)->on_fact_(engine::MediaFailed{call, reason});
    });
}

void MediaLegs::take_event(const CallId& call, std::uint64_t generation, const media::Event& event) {
    const auto found = legs_.find(call);
    if (found == legs_.end() || found->second.generation != generation) return;
    std::visit(
        Overloaded{
            [&](const media::LocalDescription& local) {
                if (found->second.side == Side::caller) {
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
            [](const media::Stats&) {},
        },
        event
    );
}

}  // namespace clarion::native
