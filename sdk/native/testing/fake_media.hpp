// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <expected>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "sdk/media/media.hpp"

namespace clarion::native::testing {

/// A media port that does as it is told: notes every command and says what the test lets it say.
class FakeMedia final : public media::MediaFactory {
  public:
    std::vector<std::string> commands;
    std::vector<media::EventCallback> callbacks;  // One for each leg, in the order of making.
    std::vector<media::LegOptions> made_with;
    bool refuses = false;

    [[nodiscard]] std::expected<std::unique_ptr<media::MediaLeg>, media::MediaError> create_leg(
        media::LegOptions options, media::EventCallback on_event
    ) override {
        if (refuses) return std::unexpected{media::MediaError{media::MediaErrorCode::library, "no media today"}};
        made_with.push_back(std::move(options));
        callbacks.push_back(std::move(on_event));
        return std::make_unique<Leg>(*this, callbacks.back());
    }

    void warm_up() override {}

    void warm_up_in_background() override {}

    [[nodiscard]] bool did(std::string_view command) const {
        for (const auto& one : commands) {
            if (one == command) return true;
        }
        return false;
    }

  private:
    class Leg final : public media::MediaLeg {
      public:
        Leg(FakeMedia& owner, media::EventCallback on_event) : owner_{owner}, on_event_{std::move(on_event)} {}

        ~Leg() override { note("close"); }

        Leg(const Leg&) = delete;
        Leg& operator=(const Leg&) = delete;

        void prepare_offer() override {
            note("prepare_offer");
            on_event_(media::LocalDescription{"offer"});
        }

        void prepare_answer(std::string_view offer) override {
            note("prepare_answer " + std::string{offer});
            on_event_(media::LocalDescription{"answer"});
        }

        void set_remote_answer(std::string_view sdp) override { note("set_remote_answer " + std::string{sdp}); }

        void add_remote_candidate(std::string_view, std::uint32_t, std::string_view candidate) override {
            note("add_remote_candidate " + std::string{candidate});
        }

        void open_audio() override { note("open_audio"); }

        void close_audio() override { note("close_audio"); }

        void set_muted(bool muted) override { note(muted ? "mute" : "unmute"); }

        void set_held(bool held) override { note(held ? "hold" : "unhold"); }

        void set_peer_silenced(bool silenced) override { note(silenced ? "silence" : "unsilence"); }

        void request_stats() override {}

        void close() override {}

      private:
        void note(std::string text) { owner_.commands.push_back(std::move(text)); }

        FakeMedia& owner_;
        media::EventCallback on_event_;
    };
};

}  // namespace clarion::native::testing
