// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/engine/config.hpp"
#include "core/engine/io_described.hpp"
#include "core/engine/snapshot.hpp"
#include "core/engine/view.hpp"

/// The one description of the engine's state: the journal, hand-over, and what an app that opens late is shown. Fields
/// are only ever added.
namespace clarion::engine {

/// Pass this to codec::decode for a Snapshot: eight calls with their SDP.
inline constexpr std::size_t kSnapshotLengthMax = 4 * 1024 * 1024;

}  // namespace clarion::engine

namespace clarion {

// ---- words ----

template <>
struct EnumText<engine::TimerId> {
    using E = engine::TimerId;
    static constexpr std::array<EnumWord<E>, 14> values{{
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
        {E::restart, "restart"},
        {E::change, "change"},
        {E::renew, "renew"},
        {E::tone, "tone"},
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

template <>
struct EnumText<engine::CallState> {
    using E = engine::CallState;
    static constexpr std::array<EnumWord<E>, 5> values{{
        {E::trying, "trying"},
        {E::wait_answer, "wait_answer"},
        {E::verified, "verified"},
        {E::connected, "connected"},
        {E::disconnected, "disconnected"},
    }};
};

template <>
struct EnumText<engine::Step> {
    using E = engine::Step;
    static constexpr std::array<EnumWord<E>, 5> values{{
        {E::none, "none"},
        {E::offering, "offering"},
        {E::offered, "offered"},
        {E::asking, "asking"},
        {E::answering, "answering"},
    }};
};

template <>
struct EnumText<engine::FirstCall> {
    using E = engine::FirstCall;
    static constexpr std::array<EnumWord<E>, 2> values{{
        {E::hold, "hold"},
        {E::end, "end"},
    }};
};

template <>
struct EnumText<engine::OnCellular> {
    using E = engine::OnCellular;
    static constexpr std::array<EnumWord<E>, 2> values{{
        {E::hold, "hold"},
        {E::end, "end"},
    }};
};

template <>
struct EnumText<engine::OnVideo> {
    using E = engine::OnVideo;
    static constexpr std::array<EnumWord<E>, 4> values{{
        {E::pause, "pause"},
        {E::send, "send"},
        {E::ask, "ask"},
        {E::refuse, "refuse"},
    }};
};

template <>
struct EnumText<engine::AdoptResult> {
    using E = engine::AdoptResult;
    static constexpr std::array<EnumWord<E>, 4> values{{
        {E::live, "live"},
        {E::ended, "ended"},
        {E::elsewhere, "elsewhere"},
        {E::unknown, "unknown"},
    }};
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
        optional_field("renews_token", &T::renews_token),
        optional_field("reconnect_timeout", &T::reconnect_timeout),
        optional_field("handshake_timeout", &T::handshake_timeout),
        optional_field("restart_after", &T::restart_after),
        optional_field("negotiate_timeout", &T::negotiate_timeout),
        optional_field("consent_time", &T::consent_time),
        optional_field("renew_before", &T::renew_before),
        optional_field("end_tone", &T::end_tone),
        optional_field("allow_waiting", &T::allow_waiting),
        optional_field("first_call", &T::first_call),
        optional_field("on_cellular", &T::on_cellular),
        optional_field("on_video", &T::on_video),
        optional_field("has_media", &T::has_media),
        optional_field("answer_without_microphone", &T::answer_without_microphone),
        field("ring_tone", &T::ring_tone),
    };
};

template <>
struct Describe<engine::Deadline> {
    using T = engine::Deadline;
    static constexpr std::string_view name = "deadline";
    static constexpr auto fields = std::tuple{field("at", &T::at), field("timer", &T::timer)};
};

template <>
struct Describe<engine::Renegotiation> {
    using T = engine::Renegotiation;
    static constexpr std::string_view name = "renegotiation";
    static constexpr auto fields = std::tuple{
        field("step", &T::step),
        field("revision", &T::revision),
        field("purpose", &T::purpose),
        field("media", &T::media),
        field("sdp", &T::sdp, {.length_max = protocol::kSdpLengthMax}),
        field("until", &T::until),
    };
};

template <>
struct Describe<engine::Tune> {
    using T = engine::Tune;
    static constexpr std::string_view name = "tune";
    static constexpr auto fields =
        std::tuple{field("tone", &T::tone), field("call_id", &T::call_id), field("until", &T::until)};
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
        field("placed", &T::placed),
        field("exposed", &T::exposed),
        field("told_media", &T::told_media),
        field("told_first_audio", &T::told_first_audio),
        field("ring_until", &T::ring_until),
        field("accept_until", &T::accept_until),
        field("accept_at", &T::accept_at),
        field("fulfil_by", &T::fulfil_by),
        field("deadline", &T::deadline),
        field("local_sdp", &T::local_sdp, {.length_max = protocol::kSdpLengthMax}),
        field("local_candidates", &T::local_candidates),
        field("remote_candidates", &T::remote_candidates),
        field("own_message", &T::own_message, {.length_max = protocol::kStartMessageLengthMax}),
        field("start_message", &T::start_message, {.length_max = protocol::kStartMessageLengthMax}),
        field("app_server_data", &T::app_server_data, {.length_max = protocol::kAppServerDataLengthMax}),
        field("extra", &T::extra, {.length_max = protocol::kExtraLengthMax}),
        optional_field("responder_preparation", &T::responder_preparation),
        optional_field("wants_preparation", &T::wants_preparation),
        optional_field("video_paused", &T::video_paused),
        optional_field("without_microphone", &T::without_microphone),
        optional_field("mine", &T::mine),
        optional_field("told", &T::told),
        optional_field("peer_state", &T::peer_state),
        optional_field("hold_reason", &T::hold_reason, {.length_max = protocol::kHoldReasonLengthMax}),
        optional_field("peer_silenced", &T::peer_silenced),
        optional_field("cellular_hold", &T::cellular_hold),
        field("progress", &T::progress),
        optional_field("quality", &T::quality),
        optional_field("change", &T::change),
        optional_field("is_odd", &T::is_odd),
        optional_field("revision", &T::revision),
        optional_field("peer_revision", &T::peer_revision),
        optional_field("connected_at", &T::connected_at),
        optional_field("lost_at", &T::lost_at),
        optional_field("restart_at", &T::restart_at),
        optional_field("data_number", &T::data_number),
        optional_field("peer_data_number", &T::peer_data_number),
        optional_field("taking", &T::taking),
        optional_field("declined", &T::declined),
        field("asks_first", &T::asks_first),
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
        field("notice_owed", &T::notice_owed),
        optional_field("end", &T::end),
        optional_field("source", &T::source),
        optional_field("by_remote", &T::by_remote),
        field("outcome", &T::outcome),
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
        field("up_since", &T::up_since),
        field("sent_away", &T::sent_away),
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
        field("server_clock", &T::server_clock),
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
        field("front", &T::front),
        field("tune", &T::tune),
        optional_field("microphone", &T::microphone),
        optional_field("cellular", &T::cellular),
        optional_field("route", &T::route),
        field("token", &T::token, {.length_max = protocol::kTokenLengthMax}),
        optional_field("token_asked", &T::token_asked),
        optional_field("renew_at", &T::renew_at),
        optional_field("signed_out", &T::signed_out),
        optional_field("signing_out", &T::signing_out),
        optional_field("elsewhere", &T::elsewhere, {.length_max = protocol::kLiveCallsMax}),
    };
};

template <>
struct Describe<engine::CallView> {
    using T = engine::CallView;
    static constexpr std::string_view name = "call_view";
    static constexpr auto fields = std::tuple{
        field("call_id", &T::call_id),
        field("direction", &T::direction),
        field("media", &T::media),
        field("peer", &T::peer),
        field("name", &T::name, detail::kPersonLimits),
        field("state", &T::state),
        field("phase", &T::phase),
        field("intent", &T::intent),
        field("on_screen", &T::on_screen),
        field("held", &T::held),
        field("peer_held", &T::peer_held),
        field("muted", &T::muted),
        optional_field("live", &T::live),
        optional_field("mine", &T::mine),
        optional_field("peer_state", &T::peer_state),
        optional_field("peer_silenced", &T::peer_silenced),
        optional_field("network_lost", &T::network_lost),
        optional_field("video_asked", &T::video_asked),
        optional_field("taking", &T::taking),
        optional_field("quality", &T::quality),
        field("progress", &T::progress),
        field("start_message", &T::start_message, {.length_max = protocol::kStartMessageLengthMax}),
        field("extra", &T::extra, {.length_max = protocol::kExtraLengthMax}),
        optional_field("connected_at", &T::connected_at),
    };
};

template <>
struct Describe<engine::Adoption> {
    using T = engine::Adoption;
    static constexpr std::string_view name = "adoption";
    static constexpr auto fields = std::tuple{
        field("result", &T::result),
        field("call", &T::call),
        optional_field("reason", &T::reason),
        optional_field("source", &T::source),
        optional_field("by_remote", &T::by_remote),
        field("outcome", &T::outcome),
    };
};

}  // namespace clarion
