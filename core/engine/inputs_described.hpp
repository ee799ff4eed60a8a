// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/callui/described.hpp"
#include "core/engine/inputs.hpp"
#include "core/protocol/messages_described.hpp"

/// The one description of what goes into the engine. Words are stable; fields are only ever added, and an
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

template <>
struct EnumText<engine::EndManner> {
    using E = engine::EndManner;
    static constexpr std::array<EnumWord<E>, 3> values{{{E::normal, "normal"}, {E::busy, "busy"}, {E::error, "error"}}};
    static constexpr E fallback = E::normal;
};

template <>
struct EnumText<engine::AudioRoute> {
    using E = engine::AudioRoute;
    static constexpr std::array<EnumWord<E>, 6> values{{
        {E::unknown, "unknown"},
        {E::earpiece, "earpiece"},
        {E::speaker, "speaker"},
        {E::wired, "wired"},
        {E::bluetooth, "bluetooth"},
        {E::car, "car"},
    }};
    static constexpr E fallback = E::unknown;
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
        field("start_message", &T::start_message, {.length_max = protocol::kStartMessageLengthMax}),
        field("app_server_data", &T::app_server_data, {.length_max = protocol::kAppServerDataLengthMax}),
        field("extra", &T::extra, {.length_max = protocol::kExtraLengthMax}),
        optional_field("responder_preparation", &T::responder_preparation),
        optional_field("video_paused", &T::video_paused),
        optional_field("allow_without_microphone", &T::allow_without_microphone),
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
        optional_field("revision", &T::revision),
    };
};

template <>
struct Describe<engine::AnswerPrepared> {
    using T = engine::AnswerPrepared;
    static constexpr std::string_view name = "answer_prepared";
    static constexpr auto fields = std::tuple{
        field("call_id", &T::call_id),
        field("sdp", &T::sdp, {.length_max = protocol::kSdpLengthMax}),
        optional_field("revision", &T::revision),
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

template <>
struct Describe<engine::AnswerRequested> {
    using T = engine::AnswerRequested;
    static constexpr std::string_view name = "answer_requested";
    static constexpr auto fields = std::tuple{
        field("call_id", &T::call_id), optional_field("action", &T::action),
        field("start_message", &T::start_message, {.length_max = protocol::kStartMessageLengthMax}),
        optional_field("responder_preparation", &T::responder_preparation),
        optional_field("video_paused", &T::video_paused)
    };
};

template <>
struct Describe<engine::PreparationFinished> {
    using T = engine::PreparationFinished;
    static constexpr std::string_view name = "preparation_finished";
    static constexpr auto fields = std::tuple{field("call_id", &T::call_id)};
};

template <>
struct Describe<engine::EndRequested> {
    using T = engine::EndRequested;
    static constexpr std::string_view name = "end_requested";
    static constexpr auto fields = std::tuple{
        field("call_id", &T::call_id), optional_field("manner", &T::manner),
        optional_field("everywhere", &T::everywhere),
        field("release_code", &T::release_code, {.length_max = protocol::kReleaseCodeLengthMax})
    };
};

template <>
struct Describe<engine::AllCallsEnded> {
    static constexpr std::string_view name = "all_calls_ended";
    static constexpr auto fields = std::tuple{};
};

template <>
struct Describe<engine::HoldRequested> {
    using T = engine::HoldRequested;
    static constexpr std::string_view name = "hold_requested";
    static constexpr auto fields = std::tuple{
        field("call_id", &T::call_id), optional_field("on", &T::on),
        optional_field("reason", &T::reason, {.length_max = protocol::kHoldReasonLengthMax})
    };
};

template <>
struct Describe<engine::PeerSilenceRequested> {
    using T = engine::PeerSilenceRequested;
    static constexpr std::string_view name = "peer_silence_requested";
    static constexpr auto fields = std::tuple{field("call_id", &T::call_id), optional_field("on", &T::on)};
};

template <>
struct Describe<engine::MuteAsked> {
    using T = engine::MuteAsked;
    static constexpr std::string_view name = "mute_asked";
    static constexpr auto fields = std::tuple{field("call_id", &T::call_id), optional_field("on", &T::on)};
};

template <>
struct Describe<engine::VideoRequested> {
    using T = engine::VideoRequested;
    static constexpr std::string_view name = "video_requested";
    static constexpr auto fields =
        std::tuple{field("call_id", &T::call_id), optional_field("on", &T::on), optional_field("paused", &T::paused)};
};

template <>
struct Describe<engine::VideoAnswered> {
    using T = engine::VideoAnswered;
    static constexpr std::string_view name = "video_answered";
    static constexpr auto fields = std::tuple{
        field("call_id", &T::call_id), optional_field("accepted", &T::accepted), optional_field("paused", &T::paused)
    };
};

template <>
struct Describe<engine::VideoPaused> {
    using T = engine::VideoPaused;
    static constexpr std::string_view name = "video_paused";
    static constexpr auto fields =
        std::tuple{field("call_id", &T::call_id), optional_field("on", &T::on), optional_field("reason", &T::reason)};
};

template <>
struct Describe<engine::ScreenShareChanged> {
    using T = engine::ScreenShareChanged;
    static constexpr std::string_view name = "screen_share_changed";
    static constexpr auto fields = std::tuple{field("call_id", &T::call_id), optional_field("on", &T::on)};
};

template <>
struct Describe<engine::ShortDataRequested> {
    using T = engine::ShortDataRequested;
    static constexpr std::string_view name = "short_data_requested";
    static constexpr auto fields = std::tuple{
        field("call_id", &T::call_id),
        optional_field("data_type", &T::data_type, {.length_max = protocol::kShortDataTypeLengthMax}),
        field("data", &T::data, {.length_max = protocol::kShortDataLengthMax})
    };
};

template <>
struct Describe<engine::CallsRequested> {
    static constexpr std::string_view name = "calls_requested";
    static constexpr auto fields = std::tuple{};
};

template <>
struct Describe<engine::TakeRequested> {
    using T = engine::TakeRequested;
    static constexpr std::string_view name = "take_requested";
    static constexpr auto fields = std::tuple{
        field("call_id", &T::call_id), optional_field("allow_without_microphone", &T::allow_without_microphone)
    };
};

template <>
struct Describe<engine::TokenSupplied> {
    using T = engine::TokenSupplied;
    static constexpr std::string_view name = "token_supplied";
    static constexpr auto fields = std::tuple{field("token", &T::token, {.length_max = protocol::kTokenLengthMax})};
};

template <>
struct Describe<engine::SignedOut> {
    static constexpr std::string_view name = "signed_out";
    static constexpr auto fields = std::tuple{};
};

template <>
struct Describe<engine::AudioRouteRequested> {
    using T = engine::AudioRouteRequested;
    static constexpr std::string_view name = "audio_route_requested";
    static constexpr auto fields = std::tuple{field("route", &T::route)};
};

template <>
struct Describe<engine::NetworkChanged> {
    using T = engine::NetworkChanged;
    static constexpr std::string_view name = "network_changed";
    static constexpr auto fields = std::tuple{optional_field("available", &T::available)};
};

template <>
struct Describe<engine::MicrophoneChanged> {
    using T = engine::MicrophoneChanged;
    static constexpr std::string_view name = "microphone_changed";
    static constexpr auto fields = std::tuple{optional_field("available", &T::available)};
};

template <>
struct Describe<engine::CellularCallChanged> {
    using T = engine::CellularCallChanged;
    static constexpr std::string_view name = "cellular_call_changed";
    static constexpr auto fields = std::tuple{optional_field("active", &T::active)};
};

template <>
struct Describe<engine::AudioRouteChanged> {
    using T = engine::AudioRouteChanged;
    static constexpr std::string_view name = "audio_route_changed";
    static constexpr auto fields = std::tuple{field("route", &T::route)};
};

template <>
struct Describe<engine::NegotiationFailed> {
    using T = engine::NegotiationFailed;
    static constexpr std::string_view name = "negotiation_failed";
    static constexpr auto fields = std::tuple{
        field("call_id", &T::call_id), optional_field("revision", &T::revision), optional_field("detail", &T::detail)
    };
};

template <>
struct Describe<engine::StatisticsMeasured> {
    using T = engine::StatisticsMeasured;
    static constexpr std::string_view name = "statistics_measured";
    static constexpr auto fields = std::tuple{field("call_id", &T::call_id), field("statistics", &T::statistics)};
};

}  // namespace clarion
