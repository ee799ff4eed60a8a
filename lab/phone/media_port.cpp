// SPDX-License-Identifier: Apache-2.0
#include "lab/phone/media_port.hpp"

#include <utility>
#include <variant>

#include "core/codec/described.hpp"
#include "core/engine/described.hpp"
#include "sdk/media/webrtc.hpp"
#include "sdk/native/media_legs.hpp"

namespace clarion::lab {
namespace {

using MediaCommand = std::variant<
    engine::PrepareOffer,
    engine::PrepareAnswer,
    engine::ApplyAnswer,
    engine::DropOffer,
    engine::AddCandidate,
    engine::OpenAudio,
    engine::CloseAudio,
    engine::SetMicrophone,
    engine::SetMuted,
    engine::SetHeld,
    engine::SetPeerSilenced,
    engine::SetVideo,
    engine::StopScreenShare,
    engine::CloseMedia>;

}  // namespace

struct MediaPort::Impl {
    std::unique_ptr<media::MediaFactory> factory;
    std::unique_ptr<native::MediaLegs> legs;  // Gone before the factory.
};

MediaPort::MediaPort(std::unique_ptr<Impl> impl) : impl_{std::move(impl)} {}

MediaPort::~MediaPort() = default;

std::expected<std::unique_ptr<MediaPort>, std::string> MediaPort::create(
    net::Loop& loop,
    media::LegOptions voice,
    std::function<void(std::string fact)> on_fact,
    std::function<void(const std::string& line)> on_note
) {
    auto factory = media::create_webrtc_factory();
    if (!factory) return std::unexpected{factory.error().text};
    auto impl = std::make_unique<Impl>();
    impl->factory = std::move(*factory);
    impl->factory->warm_up_in_background();
    impl->legs = std::make_unique<native::MediaLegs>(
        loop, *impl->factory, [voice = std::move(voice)] { return voice; },
        [tell = std::move(on_fact)](const engine::Input& fact) { tell(codec::encode(fact)); },
        [note = std::move(on_note)](const CallId&, const std::string& text) { note(text); }
    );
    return std::unique_ptr<MediaPort>{new MediaPort{std::move(impl)}};
}

bool MediaPort::perform(std::string_view command) {
    const auto decoded = codec::decode<MediaCommand>(command);
    if (!decoded) return false;
    std::visit([this](const auto& one) { impl_->legs->perform(one); }, *decoded);
    return true;
}

}  // namespace clarion::lab
