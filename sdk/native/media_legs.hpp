// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
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
    void perform(const engine::CloseMedia& command);

    [[nodiscard]] std::size_t size() const { return legs_.size(); }

  private:
    enum class Side : std::uint8_t { caller, callee };

    struct Leg {
        Side side = Side::caller;
        std::uint64_t generation =
            0;  // A call may have a second leg after a restart; the first one's late events are not its.
        std::unique_ptr<media::MediaLeg> leg;
    };

    media::MediaLeg* make(const CallId& call, Side side);
    media::MediaLeg* find(const CallId& call);
    void take_event(const CallId& call, std::uint64_t generation, const media::Event& event);
    void fail(const CallId& call, std::string reason);

    net::Loop& loop_;
    media::MediaFactory& factory_;
    Options options_;
    OnFact on_fact_;
    OnNote on_note_;
    std::map<CallId, Leg> legs_;
    std::uint64_t generations_ = 0;
    std::shared_ptr<MediaLegs*> self_;  // Posted events hold it weakly.
};

}  // namespace clarion::native
