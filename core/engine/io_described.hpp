// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/callui/described.hpp"
#include "core/engine/inputs.hpp"
#include "core/engine/outputs.hpp"
#include "core/protocol/messages_described.hpp"

/// The one description of what goes in and out of the engine. Words are stable; fields are only ever added, and an
/// added field may be absent.
namespace clarion {

// ---- words ----

template <>
struct EnumText<engine::PushFault> {
    using E = engine::PushFault;
    static constexpr std::array<EnumWord<E>, 5> values{{
        {E::none, "none"},
        {E::malformed, "malformed"},
        {E::not_for_this_device, "not_for_this_device"},
        {E::bad_signature, "bad_signature"},
        {E::unsupported_version, "unsupported_version"},
    }};
    static constexpr E fallback = E::malformed;
};

template <>
struct EnumText<engine::SignallingFault> {
    using E = engine::SignallingFault;
    static constexpr std::array<EnumWord<E>, 8> values{{
        {E::none, "none"},
        {E::unreachable, "unreachable"},
        {E::timed_out, "timed_out"},
        {E::tls_untrusted, "tls_untrusted"},
        {E::closed, "closed"},
        {E::protocol_error, "protocol_error"},
        {E::replaced, "replaced"},
        {E::refused, "refused"},
    }};
    static constexpr E fallback = E::closed;
};

// ---- frames, as they travel between a shell and its engine (on the wire they are flat: core/codec/protocol_codec.hpp)
// ----

template <>
struct Describe<protocol::ClientFrame> {
    using T = protocol::ClientFrame;
    static constexpr std::string_view name = "client_frame";
    static constexpr auto fields = std::tuple{field("id", &T::id), field("message", &T::message)};
};

template <>
struct Describe<protocol::ServerFrame> {
    using T = protocol::ServerFrame;
    static constexpr std::string_view name = "server_frame";
    static constexpr auto fields = std::tuple{optional_field("seq", &T::seq), field("message", &T::message)};
};

// ---- inputs (those of the system call UI: core/callui/described.hpp) ----

template <>
struct Describe<engine::PushReceived> {
    using T = engine::PushReceived;
    static constexpr std::string_view name = "push_received";
    static constexpr auto fields = std::tuple{
        field("invite", &T::invite),
        optional_field("fault", &T::fault),
        field("wall_now", &T::wall_now),
        optional_field("must_report", &T::must_report),
    };
};

template <>
struct Describe<engine::PlaceRequested> {
    using T = engine::PlaceRequested;
    static constexpr std::string_view name = "place_requested";
    static constexpr auto fields = std::tuple{
        field("call_id", &T::call_id),
        field("to_user", &T::to_user),
        optional_field("to_name", &T::to_name, detail::kPersonLimits),
        field("from_name", &T::from_name, detail::kPersonLimits),
        optional_field("media", &T::media),
    };
};

template <>
struct Describe<engine::OnlineRequested> {
    using T = engine::OnlineRequested;
    static constexpr std::string_view name = "online_requested";
    static constexpr auto fields = std::tuple{field("on", &T::on)};
};

template <>
struct Describe<engine::SignallingOpened> {
    static constexpr std::string_view name = "signalling_opened";
    static constexpr auto fields = std::tuple{};
};

template <>
struct Describe<engine::SignallingClosed> {
    using T = engine::SignallingClosed;
    static constexpr std::string_view name = "signalling_closed";
    static constexpr auto fields = std::tuple{optional_field("fault", &T::fault)};
};

template <>
struct Describe<engine::FrameReceived> {
    using T = engine::FrameReceived;
    static constexpr std::string_view name = "frame_received";
    static constexpr auto fields = std::tuple{field("frame", &T::frame), field("wall_now", &T::wall_now)};
};

template <>
struct Describe<engine::OfferPrepared> {
    using T = engine::OfferPrepared;
    static constexpr std::string_view name = "offer_prepared";
    static constexpr auto fields = std::tuple{
        field("call_id", &T::call_id),
        field("sdp", &T::sdp, {.length_max = protocol::kSdpLengthMax}),
    };
};

template <>
struct Describe<engine::AnswerPrepared> {
    using T = engine::AnswerPrepared;
    static constexpr std::string_view name = "answer_prepared";
    static constexpr auto fields = std::tuple{
        field("call_id", &T::call_id),
        field("sdp", &T::sdp, {.length_max = protocol::kSdpLengthMax}),
    };
};

template <>
struct Describe<engine::CandidateFound> {
    using T = engine::CandidateFound;
    static constexpr std::string_view name = "candidate_found";
    static constexpr auto fields = std::tuple{
        field("call_id", &T::call_id),
        field("candidate", &T::candidate, {.length_max = protocol::kCandidateLengthMax}),
        field("mid", &T::mid),
        field("line", &T::line),
    };
};

template <>
struct Describe<engine::MediaConnected> {
    using T = engine::MediaConnected;
    static constexpr std::string_view name = "media_connected";
    static constexpr auto fields = std::tuple{field("call_id", &T::call_id)};
};

template <>
struct Describe<engine::MediaLost> {
    using T = engine::MediaLost;
    static constexpr std::string_view name = "media_lost";
    static constexpr auto fields = std::tuple{field("call_id", &T::call_id)};
};

template <>
struct Describe<engine::MediaFailed> {
    using T = engine::MediaFailed;
    static constexpr std::string_view name = "media_failed";
    static constexpr auto fields = std::tuple{field("call_id", &T::call_id), optional_field("detail", &T::detail)};
};

template <>
struct Describe<engine::FirstAudioHeard> {
    using T = engine::FirstAudioHeard;
    static constexpr std::string_view name = "first_audio_heard";
    static constexpr auto fields = std::tuple{field("call_id", &T::call_id)};
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
    static constexpr auto fields = std::tuple{field("call_id", &T::call_id), field("media", &T::media)};
};

template <>
struct Describe<engine::PrepareAnswer> {
    using T = engine::PrepareAnswer;
    static constexpr std::string_view name = "prepare_answer";
    static constexpr auto fields = std::tuple{
        field("call_id", &T::call_id),
        field("media", &T::media),
        field("offer", &T::offer, {.length_max = protocol::kSdpLengthMax}),
    };
};

template <>
struct Describe<engine::ApplyAnswer> {
    using T = engine::ApplyAnswer;
    static constexpr std::string_view name = "apply_answer";
    static constexpr auto fields = std::tuple{
        field("call_id", &T::call_id),
        field("sdp", &T::sdp, {.length_max = protocol::kSdpLengthMax}),
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
    static constexpr auto fields = std::tuple{field("call_id", &T::call_id)};
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

}  // namespace clarion
