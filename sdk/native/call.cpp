// SPDX-License-Identifier: Apache-2.0
#include "sdk/native/call.hpp"

#include <algorithm>

namespace clarion {
namespace {

std::optional<Redacted<std::string>> kept(const std::optional<std::string>& text) {
    return text ? std::optional{Redacted{*text}} : std::nullopt;
}

}  // namespace

std::optional<engine::CallView> Call::view() const {
    const auto calls = client_->calls();
    const auto found = std::ranges::find(calls, id_, &engine::CallView::call_id);
    if (found == calls.end() || found->phase == engine::Phase::ended) return std::nullopt;
    return *found;
}

void Call::answer(const AnswerOptions& options) const {
    client_->feed(engine::AnswerRequested{
        .call_id = id_,
        .start_message = kept(options.start_message),
        .responder_preparation = options.responder_preparation,
        .video_paused = options.video_paused,
    });
}

void Call::end(const EndOptions& options) const {
    client_->feed(engine::EndRequested{id_, options.manner, options.everywhere, kept(options.release_code)});
}

void Call::finish_preparation() const { client_->feed(engine::PreparationFinished{id_}); }

void Call::hold(std::string reason) const { client_->feed(engine::HoldRequested{id_, true, std::move(reason)}); }

void Call::unhold() const { client_->feed(engine::HoldRequested{id_, false, {}}); }

void Call::mute(bool on) const { client_->feed(engine::UserMuted{id_, on}); }

void Call::silence_peer(bool on) const { client_->feed(engine::PeerSilenceRequested{id_, on}); }

void Call::ask_peer_to_mute(bool on) const { client_->feed(engine::MuteAsked{id_, on}); }

void Call::enable_video(bool paused) const { client_->feed(engine::VideoRequested{id_, true, paused}); }

void Call::disable_video() const { client_->feed(engine::VideoRequested{id_, false, false}); }

void Call::answer_video(bool accepted, bool paused) const {
    client_->feed(engine::VideoAnswered{id_, accepted, paused});
}

void Call::pause_video(protocol::PauseReason reason) const { client_->feed(engine::VideoPaused{id_, true, reason}); }

void Call::resume_video() const { client_->feed(engine::VideoPaused{id_, false, protocol::PauseReason::unknown}); }

void Call::share_screen(bool on) const { client_->feed(engine::ScreenShareChanged{id_, on}); }

void Call::send(std::string type, std::string data) const {
    client_->feed(engine::ShortDataRequested{id_, std::move(type), Redacted{std::move(data)}});
}

void Call::dial(std::string digits) const {
    client_->feed(engine::UserDialled{.call_id = id_, .digits = std::move(digits)});
}

}  // namespace clarion
