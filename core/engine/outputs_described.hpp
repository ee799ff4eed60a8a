// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/engine/inputs_described.hpp"
#include "core/engine/outputs.hpp"

/// The one description of what comes out of the engine. Words are stable; fields are only ever added, and an added
/// field may be absent.
namespace clarion {

// ---- words ----

template <>
struct EnumText<engine::Tone> {
    using E = engine::Tone;
    static constexpr std::array<EnumWord<E>, 5> values{{
        {E::ring, "ring"},
        {E::ringback, "ringback"},
        {E::hold, "hold"},
        {E::end, "end"},
        {E::busy, "busy"},
    }};
};

template <>
struct EnumText<engine::NoticeKind> {
    using E = engine::NoticeKind;
    static constexpr std::array<EnumWord<E>, 6> values{{
        {E::statistics, "statistics"},
        {E::quality, "quality"},
        {E::audio_route, "audio_route"},
        {E::live_calls, "live_calls"},
        {E::signed_out, "signed_out"},
        {E::push_address_refused, "push_address_refused"},
    }};
};

// ---- outputs (those of the system call UI: core/callui/described.hpp) ----

template <>
struct Describe<engine::OpenSignalling> {
    static constexpr std::string_view name = "open_signalling";
    static constexpr auto fields = std::tuple{};
};

template <>
struct Describe<engine::CloseSignalling> {
    static constexpr std::string_view name = "close_signalling";
    static constexpr auto fields = std::tuple{};
};

template <>
struct Describe<engine::SendFrame> {
    using T = engine::SendFrame;
    static constexpr std::string_view name = "send_frame";
    static constexpr auto fields = std::tuple{field("frame", &T::frame)};
};

template <>
struct Describe<engine::PrepareOffer> {
    using T = engine::PrepareOffer;
    static constexpr std::string_view name = "prepare_offer";
    static constexpr auto fields = std::tuple{
        field("call_id", &T::call_id), field("media", &T::media), optional_field("revision", &T::revision),
        optional_field("purpose", &T::purpose)
    };
};

template <>
struct Describe<engine::PrepareAnswer> {
    using T = engine::PrepareAnswer;
    static constexpr std::string_view name = "prepare_answer";
    static constexpr auto fields = std::tuple{
        field("call_id", &T::call_id),
        field("media", &T::media),
        field("offer", &T::offer, {.length_max = protocol::kSdpLengthMax}),
        optional_field("revision", &T::revision),
        optional_field("purpose", &T::purpose),
    };
};

template <>
struct Describe<engine::ApplyAnswer> {
    using T = engine::ApplyAnswer;
    static constexpr std::string_view name = "apply_answer";
    static constexpr auto fields = std::tuple{
        field("call_id", &T::call_id),
        field("sdp", &T::sdp, {.length_max = protocol::kSdpLengthMax}),
        optional_field("revision", &T::revision),
    };
};

template <>
struct Describe<engine::AddCandidate> {
    using T = engine::AddCandidate;
    static constexpr std::string_view name = "add_candidate";
    static constexpr auto fields = std::tuple{
        field("call_id", &T::call_id),
        field("candidate", &T::candidate, {.length_max = protocol::kCandidateLengthMax}),
        field("mid", &T::mid),
        field("line", &T::line),
    };
};

template <>
struct Describe<engine::OpenAudio> {
    using T = engine::OpenAudio;
    static constexpr std::string_view name = "open_audio";
    static constexpr auto fields =
        std::tuple{field("call_id", &T::call_id), optional_field("microphone", &T::microphone)};
};

template <>
struct Describe<engine::CloseAudio> {
    using T = engine::CloseAudio;
    static constexpr std::string_view name = "close_audio";
    static constexpr auto fields = std::tuple{field("call_id", &T::call_id)};
};

template <>
struct Describe<engine::SetMuted> {
    using T = engine::SetMuted;
    static constexpr std::string_view name = "set_muted";
    static constexpr auto fields = std::tuple{field("call_id", &T::call_id), field("on", &T::on)};
};

template <>
struct Describe<engine::SetHeld> {
    using T = engine::SetHeld;
    static constexpr std::string_view name = "set_held";
    static constexpr auto fields = std::tuple{field("call_id", &T::call_id), field("on", &T::on)};
};

template <>
struct Describe<engine::CloseMedia> {
    using T = engine::CloseMedia;
    static constexpr std::string_view name = "close_media";
    static constexpr auto fields = std::tuple{field("call_id", &T::call_id)};
};

template <>
struct Describe<engine::OpenInvite> {
    using T = engine::OpenInvite;
    static constexpr std::string_view name = "open_invite";
    static constexpr auto fields =
        std::tuple{field("cc_param", &T::cc_param, {.length_max = protocol::kCcParamLengthMax})};
};

template <>
struct Describe<engine::RequestToken> {
    using T = engine::RequestToken;
    static constexpr std::string_view name = "request_token";
    static constexpr auto fields = std::tuple{optional_field("refused", &T::refused)};
};

template <>
struct Describe<engine::DropOffer> {
    using T = engine::DropOffer;
    static constexpr std::string_view name = "drop_offer";
    static constexpr auto fields = std::tuple{field("call_id", &T::call_id), optional_field("revision", &T::revision)};
};

template <>
struct Describe<engine::SetMicrophone> {
    using T = engine::SetMicrophone;
    static constexpr std::string_view name = "set_microphone";
    static constexpr auto fields = std::tuple{field("call_id", &T::call_id), field("on", &T::on)};
};

template <>
struct Describe<engine::SetPeerSilenced> {
    using T = engine::SetPeerSilenced;
    static constexpr std::string_view name = "set_peer_silenced";
    static constexpr auto fields = std::tuple{field("call_id", &T::call_id), field("on", &T::on)};
};

template <>
struct Describe<engine::SetVideo> {
    using T = engine::SetVideo;
    static constexpr std::string_view name = "set_video";
    static constexpr auto fields = std::tuple{field("call_id", &T::call_id), field("video", &T::video)};
};

template <>
struct Describe<engine::StopScreenShare> {
    using T = engine::StopScreenShare;
    static constexpr std::string_view name = "stop_screen_share";
    static constexpr auto fields = std::tuple{field("call_id", &T::call_id)};
};

template <>
struct Describe<engine::SetAudioRoute> {
    using T = engine::SetAudioRoute;
    static constexpr std::string_view name = "set_audio_route";
    static constexpr auto fields = std::tuple{field("route", &T::route)};
};

template <>
struct Describe<engine::PlayTone> {
    using T = engine::PlayTone;
    static constexpr std::string_view name = "play_tone";
    static constexpr auto fields = std::tuple{field("tone", &T::tone), field("call_id", &T::call_id)};
};

template <>
struct Describe<engine::StopTone> {
    static constexpr std::string_view name = "stop_tone";
    static constexpr auto fields = std::tuple{};
};

template <>
struct Describe<engine::Notice> {
    using T = engine::Notice;
    static constexpr std::string_view name = "notice";
    static constexpr auto fields = std::tuple{
        field("kind", &T::kind),
        field("call_id", &T::call_id),
        optional_field("statistics", &T::statistics),
        optional_field("quality", &T::quality),
        optional_field("route", &T::route),
        optional_field("calls", &T::calls, {.length_max = protocol::kLiveCallsMax}),
        field("push_kind", &T::push_kind),
        field("error", &T::error),
    };
};

template <>
struct Describe<engine::EmitNotice> {
    using T = engine::EmitNotice;
    static constexpr std::string_view name = "emit_notice";
    static constexpr auto fields = std::tuple{field("notice", &T::notice)};
};

}  // namespace clarion
