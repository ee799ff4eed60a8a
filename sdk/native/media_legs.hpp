// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "core/engine/inputs.hpp"
#include "core/engine/outputs.hpp"
#include "net/loop.hpp"
#include "sdk/media/media.hpp"

namespace clarion::native {

/// The media legs of a device's calls: the engine's media commands in, the engine's media facts out.
///
/// Thread: the loop's; events of the media threads are posted to it. Facts never come inside perform().
/// After CloseMedia nothing comes about that call.
class MediaLegs {
  public:
    using OnFact = std::function<void(engine::Input)>;
    using OnNote = std::function<void(const CallId& call, const std::string& text)>;  // For the log: one line.
    /// What the next leg says, hears and which network it uses; asked once a leg.
    using Options = std::function<media::LegOptions()>;

    MediaLegs(net::Loop& loop, media::MediaFactory& factory, Options options, OnFact on_fact, OnNote on_note);
    ~MediaLegs();
    MediaLegs(const MediaLegs&) = delete;
    MediaLegs& operator=(const MediaLegs&) = delete;

    void perform(const engine::PrepareOffer& command);
    void perform(const engine::PrepareAnswer& command);
    void perform(const engine::ApplyAnswer& command);
    void perform(const engine::AddCandidate& command);
    void perform(const engine::OpenAudio& command);
    void perform(const engine::CloseAudio& command);
    void perform(const engine::SetMuted& command);
    void perform(const engine::SetHeld& command);
    void perform(const engine::DropOffer& command);
    void perform(const engine::SetMicrophone& command);
    void perform(const engine::SetPeerSilenced& command);
    void perform(const engine::SetVideo&) {}         // Voice only: a change to video is refused before.
    void perform(const engine::StopScreenShare&) {}  //
    void perform(const engine::CloseMedia& command);

    /// Asks every leg for its numbers; they come as StatisticsMeasured.
    void measure();

    [[nodiscard]] std::size_t size() const { return legs_.size(); }

  private:
    enum class Side : std::uint8_t { caller, callee };

    struct Leg {
        Side side = Side::caller;
        std::uint64_t generation =
            0;  // A call may have a second leg after a restart; the first one's late events are not its.
        std::unique_ptr<media::MediaLeg> leg;
    };

    /// What a call's leg was told, for the one that takes its place.
    struct Manner {
        bool is_open = false;
        bool microphone = true;
        bool muted = false;
        bool held = false;
        bool peer_silenced = false;
    };

    struct Voice {
        Leg leg;
        // A new way (ICE restart, another device of the peer) is a new leg; it takes over when it is connected.
        Leg next;
        std::uint32_t revision = 0;  // Of `next`.
        Manner manner;
        std::uint32_t ways = 0;  // Legs made so far.
        std::optional<media::Stats> last;
    };

    media::MediaLeg* make(const CallId& call, Leg& into, Side side);
    media::MediaLeg* make_next(const CallId& call, Side side, std::uint32_t revision, engine::Negotiation purpose);
    media::MediaLeg* find(const CallId& call);
    Leg& fresh(const CallId& call);
    void set(const CallId& call, bool Manner::* what, bool on);
    void take_event(const CallId& call, std::uint64_t generation, const media::Event& event);
    void take_next_event(const CallId& call, Voice& voice, const media::Event& event);
    void replace(Voice& voice);
    void tell(const Voice& voice) const;
    void take_stats(const CallId& call, Voice& voice, const media::Stats& stats);
    void post(engine::Input fact);

    net::Loop& loop_;
    media::MediaFactory& factory_;
    Options options_;
    OnFact on_fact_;
    OnNote on_note_;
    std::map<CallId, Voice> legs_;
    std::uint64_t generations_ = 0;
    std::shared_ptr<MediaLegs*> self_;  // Posted events hold it weakly.
};

}  // namespace clarion::native
