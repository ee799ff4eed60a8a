// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/protocol/messages_described.hpp"
#include "core/routing/routing.hpp"

/// How a call document is stored (core/codec makes JSON of it). Words are stable; fields are only ever added, and an
/// added field may be absent: a journal outlives the program that wrote it.
namespace clarion::routing {

/// Pass this to codec::decode: two descriptions of the start and up to four of a negotiation are escaped SDP, six bytes
/// for one in the worst case.
inline constexpr std::size_t kDocumentLengthMax = 2 * 1024 * 1024;

}  // namespace clarion::routing

namespace clarion {

template <>
struct EnumText<routing::Phase> {
    static constexpr std::array<EnumWord<routing::Phase>, 3> values{{
        {routing::Phase::ringing, "ringing"},
        {routing::Phase::answered, "answered"},
        {routing::Phase::ended, "ended"},
    }};
};

template <>
struct EnumText<routing::LegState> {
    using E = routing::LegState;
    static constexpr std::array<EnumWord<E>, 11> values{{
        {E::announced, "announced"},
        {E::woke, "woke"},
        {E::verified, "verified"},
        {E::ringing, "ringing"},
        {E::not_shown, "not_shown"},
        {E::unreachable, "unreachable"},
        {E::declined, "declined"},
        {E::answered, "answered"},
        {E::stopped, "stopped"},
        {E::busy, "busy"},
        {E::failed, "failed"},
    }};
};

template <>
struct EnumText<routing::Side> {
    static constexpr std::array<EnumWord<routing::Side>, 2> values{{
        {routing::Side::caller, "caller"},
        {routing::Side::callee, "callee"},
    }};
};

template <>
struct EnumText<routing::Screening> {
    using E = routing::Screening;
    static constexpr std::array<EnumWord<E>, 5> values{{
        {E::none, "none"},
        {E::do_not_disturb, "do_not_disturb"},
        {E::blocked, "blocked"},
        {E::crossed, "crossed"},
        {E::overtaken, "overtaken"},
    }};
};

template <>
struct Describe<routing::Leg> {
    using T = routing::Leg;
    static constexpr std::string_view name = "leg";
    static constexpr auto fields = std::tuple{
        field("device", &T::device),       field("platform", &T::platform), field("has_push", &T::has_push),
        field("connected", &T::connected), field("state", &T::state),       field("push_at", &T::push_at),
        field("pushed", &T::pushed),       field("own_end", &T::own_end),   optional_field("why", &T::why),
    };
};

template <>
struct Describe<routing::Window> {
    using T = routing::Window;
    static constexpr std::string_view name = "window";
    static constexpr auto fields = std::tuple{field("since", &T::since), field("count", &T::count)};
};

template <>
struct Describe<routing::Party> {
    using T = routing::Party;
    static constexpr std::string_view name = "party";
    static constexpr auto fields = std::tuple{
        optional_field("connected", &T::connected),
        optional_field("state", &T::state),
        optional_field("revision", &T::revision),
        optional_field("shift", &T::shift),
        field("offer", &T::offer),
        field("answer", &T::answer),
        optional_field("taken", &T::taken),
        field("candidates", &T::candidates, {.length_max = routing::kCandidatesMax}),
        optional_field("short_data_number", &T::short_data_number),
        optional_field("negotiations", &T::negotiations),
        optional_field("short_data", &T::short_data),
        field("lost_at", &T::lost_at),
        field("give_up_at", &T::give_up_at),
    };
};

template <>
struct Describe<routing::PendingTake> {
    using T = routing::PendingTake;
    static constexpr std::string_view name = "take";
    static constexpr auto fields = std::tuple{
        field("device", &T::device),     field("platform", &T::platform),
        field("side", &T::side),         field("peer_name", &T::peer_name, {.length_max = protocol::kNameLengthMax}),
        field("revision", &T::revision), field("until", &T::until),
    };
};

template <>
struct Describe<routing::Crossing> {
    using T = routing::Crossing;
    static constexpr std::string_view name = "crossing";
    static constexpr auto fields = std::tuple{field("call_id", &T::call_id), field("device", &T::device)};
};

template <>
struct Describe<routing::CallDocument> {
    using T = routing::CallDocument;
    static constexpr std::string_view name = "call";
    static constexpr auto fields = std::tuple{
        field("call_id", &T::call_id),
        field("service", &T::service),
        field("from_user", &T::from_user),
        field("from_device", &T::from_device),
        field("from_name", &T::from_name, {.length_max = protocol::kNameLengthMax}),
        field("to_user", &T::to_user),
        field("media", &T::media),
        field("offer", &T::offer, {.length_max = protocol::kSdpLengthMax}),
        field("answer", &T::answer, {.length_max = protocol::kSdpLengthMax}),
        field("placed_at", &T::placed_at),
        field("ring_until", &T::ring_until),
        field("accept_until", &T::accept_until),
        field("answered_at", &T::answered_at),
        field("connected_at", &T::connected_at),
        field("ended_at", &T::ended_at),
        field("phase", &T::phase),
        field("legs", &T::legs, {.length_max = routing::kLegsMax + routing::kTransfersMax}),
        field("winner", &T::winner),
        field("reason", &T::reason),
        field("source", &T::source),
        field("ended_by", &T::ended_by),
        field("release_code", &T::release_code, {.length_max = protocol::kReleaseCodeLengthMax}),
        optional_field("responder_preparation", &T::responder_preparation),
        field("start_message", &T::start_message, {.length_max = protocol::kStartMessageLengthMax}),
        field("extra", &T::extra, {.length_max = protocol::kExtraLengthMax}),
        field("app_server_data", &T::app_server_data, {.length_max = protocol::kAppServerDataLengthMax}),
        optional_field("answer_preparation", &T::answer_preparation),
        field("answer_message", &T::answer_message, {.length_max = protocol::kStartMessageLengthMax}),
        optional_field("screening", &T::screening),
        optional_field("devices_told", &T::devices_told),
        field("progress", &T::progress),
        optional_field("caller", &T::caller),
        optional_field("callee", &T::callee),
        field("ends_at", &T::ends_at),
        field("abandoned_at", &T::abandoned_at),
        field("take", &T::take),
        field("former_callers", &T::former_callers, {.length_max = routing::kTransfersMax}),
        field("crossings", &T::crossings, {.length_max = routing::kCrossingsMax}),
    };
};

}  // namespace clarion
