// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/callui/described.hpp"
#include "core/engine/config.hpp"
#include "core/engine/inputs.hpp"
#include "core/engine/outputs.hpp"
#include "core/engine/snapshot.hpp"
#include "core/protocol/messages_described.hpp"

/// The one description of what goes in and out of the engine: the C interface, the journal, the lab and the docs come
/// from it. Words are stable; fields are only ever added, and an added field may be absent.
namespace clarion::engine {

/// Pass this to codec::decode for a Snapshot: eight calls with their SDP.
inline constexpr std::size_t kSnapshotLengthMax = 4 * 1024 * 1024;

}  // namespace clarion::engine

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
    static constexpr std::array<EnumWord<E>, 6> values{{
        {E::none, "none"},
        {E::unreachable, "unreachable"},
        {E::timed_out, "timed_out"},
        {E::tls_untrusted, "tls_untrusted"},
        {E::closed, "closed"},
        {E::protocol_error, "protocol_error"},
    }};
    static constexpr E fallback = E::closed;
};

template <>
struct EnumText<engine::TimerId> {
    using E = engine::TimerId;
    static constexpr std::array<EnumWord<E>, 10> values{{
        {E::none, "none"},
        {E::ring, "ring"},
        {E::accept, "accept"},
        {E::verify, "verify"},
        {E::connect, "connect"},
        {E::place, "place"},
        {E::wait, "wait"},
        {E::goodbye, "goodbye"},
        {E::reconnect, "reconnect"},
        {E::resend, "resend"},
    }};
};

template <>
struct EnumText<engine::Direction> {
    using E = engine::Direction;
    static constexpr std::array<EnumWord<E>, 2> values{{
        {E::incoming, "incoming"},
        {E::outgoing, "outgoing"},
    }};
};

template <>
struct EnumText<engine::Phase> {
    using E = engine::Phase;
    static constexpr std::array<EnumWord<E>, 7> values{{
        {E::announced, "announced"},
        {E::answering, "answering"},
        {E::placing, "placing"},
        {E::waiting, "waiting"},
        {E::connecting, "connecting"},
        {E::connected, "connected"},
        {E::ended, "ended"},
    }};
};

template <>
struct EnumText<engine::Intent> {
    using E = engine::Intent;
    static constexpr std::array<EnumWord<E>, 3> values{{
        {E::none, "none"},
        {E::accepted, "accepted"},
        {E::ended, "ended"},
    }};
};

template <>
struct EnumText<engine::Verification> {
    using E = engine::Verification;
    static constexpr std::array<EnumWord<E>, 3> values{{
        {E::none, "none"},
        {E::asked, "asked"},
        {E::verified, "verified"},
    }};
};

template <>
struct EnumText<engine::Preparation> {
    using E = engine::Preparation;
    static constexpr std::array<EnumWord<E>, 4> values{{
        {E::none, "none"},
        {E::running, "running"},
        {E::ready, "ready"},
        {E::failed, "failed"},
    }};
};

template <>
struct EnumText<engine::Connectivity> {
    using E = engine::Connectivity;
    static constexpr std::array<EnumWord<E>, 3> values{{
        {E::none, "none"},
        {E::up, "up"},
        {E::lost, "lost"},
    }};
};

template <>
struct EnumText<engine::LinkState> {
    using E = engine::LinkState;
    static constexpr std::array<EnumWord<E>, 4> values{{
        {E::closed, "closed"},
        {E::opening, "opening"},
        {E::greeting, "greeting"},
        {E::up, "up"},
    }};
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

// ---- configuration and state ----

template <>
struct Describe<engine::Config> {
    using T = engine::Config;
    static constexpr std::string_view name = "config";
    static constexpr auto fields = std::tuple{
        field("service", &T::service),
        field("user", &T::user),
        field("device", &T::device),
        field("platform", &T::platform),
        field("token", &T::token, {.length_max = protocol::kTokenLengthMax}),
        optional_field("verify_timeout", &T::verify_timeout),
        optional_field("connect_timeout", &T::connect_timeout),
        optional_field("place_timeout", &T::place_timeout),
        optional_field("reconnect_min", &T::reconnect_min),
        optional_field("reconnect_max", &T::reconnect_max),
    };
};

template <>
struct Describe<engine::Deadline> {
    using T = engine::Deadline;
    static constexpr std::string_view name = "deadline";
    static constexpr auto fields = std::tuple{field("at", &T::at), field("timer", &T::timer)};
};

template <>
struct Describe<engine::Call> {
    using T = engine::Call;
    static constexpr std::string_view name = "call";
    static constexpr auto fields = std::tuple{
        field("call_id", &T::call_id),
        field("direction", &T::direction),
        field("media", &T::media),
        optional_field("peer", &T::peer),
        field("name", &T::name, detail::kPersonLimits),
        field("from_name", &T::from_name, detail::kPersonLimits),
        field("ticket", &T::ticket, {.length_max = protocol::kTicketLengthMax}),
        field("phase", &T::phase),
        field("intent", &T::intent),
        field("verification", &T::verification),
        field("preparation", &T::preparation),
        field("connectivity", &T::connectivity),
        field("audio_open", &T::audio_open),
        field("was_hidden", &T::was_hidden),
        field("was_lost", &T::was_lost),
        field("told_media", &T::told_media),
        field("told_first_audio", &T::told_first_audio),
        field("ring_until", &T::ring_until),
        field("accept_until", &T::accept_until),
        field("accept_at", &T::accept_at),
        field("deadline", &T::deadline),
        field("local_sdp", &T::local_sdp, {.length_max = protocol::kSdpLengthMax}),
        field("local_candidates", &T::local_candidates),
        field("remote_candidates", &T::remote_candidates),
    };
};

template <>
struct Describe<engine::Request> {
    using T = engine::Request;
    static constexpr std::string_view name = "request";
    static constexpr auto fields = std::tuple{field("frame", &T::frame), field("at", &T::at), field("sent", &T::sent)};
};

template <>
struct Describe<engine::Tombstone> {
    using T = engine::Tombstone;
    static constexpr std::string_view name = "tombstone";
    static constexpr auto fields = std::tuple{
        field("call_id", &T::call_id),
        field("until", &T::until),
        field("reason", &T::reason),
    };
};

template <>
struct Describe<engine::Link> {
    using T = engine::Link;
    static constexpr std::string_view name = "link";
    static constexpr auto fields = std::tuple{
        field("state", &T::state),
        field("attempt", &T::attempt),
        field("at", &T::at),
        field("hello", &T::hello),
        field("by_token", &T::by_token),
        field("by_call", &T::by_call),
        field("token_refused", &T::token_refused),
        field("resend_at", &T::resend_at),
    };
};

template <>
struct Describe<engine::ClockPair> {
    using T = engine::ClockPair;
    static constexpr std::string_view name = "clock_pair";
    static constexpr auto fields = std::tuple{field("at", &T::at), field("wall", &T::wall)};
};

template <>
struct Describe<engine::Snapshot> {
    using T = engine::Snapshot;
    static constexpr std::string_view name = "engine_snapshot";
    static constexpr auto fields = std::tuple{
        field("version", &T::version),
        field("service", &T::service),
        field("user", &T::user),
        field("device", &T::device),
        field("now", &T::now),
        field("clock", &T::clock),
        field("server_offset", &T::server_offset),
        field("random", &T::random),
        field("online", &T::online),
        field("link", &T::link),
        field("next_request", &T::next_request),
        field("seen_seq", &T::seen_seq),
        field("stream", &T::stream),
        field("calls", &T::calls, {.length_max = engine::kCallsMax}),
        field("requests", &T::requests, {.length_max = engine::kRequestsMax}),
        field("tombstones", &T::tombstones, {.length_max = engine::kTombstonesMax}),
        field("ui", &T::ui),
    };
};

}  // namespace clarion
