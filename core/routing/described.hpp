// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/protocol/messages_described.hpp"
#include "core/routing/routing.hpp"

/// How a call document is stored (core/codec makes JSON of it). Words are stable; fields are only ever added, and an
/// added field may be absent: a journal outlives the program that wrote it.
namespace clarion::routing {

/// Pass this to codec::decode: offer and answer are escaped SDP, six bytes for one in the worst case.
inline constexpr std::size_t kDocumentLengthMax = 512 * 1024;

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
    static constexpr std::array<EnumWord<E>, 9> values{{
        {E::announced, "announced"},
        {E::woke, "woke"},
        {E::verified, "verified"},
        {E::ringing, "ringing"},
        {E::not_shown, "not_shown"},
        {E::unreachable, "unreachable"},
        {E::declined, "declined"},
        {E::answered, "answered"},
        {E::stopped, "stopped"},
    }};
};

template <>
struct Describe<routing::Leg> {
    using T = routing::Leg;
    static constexpr std::string_view name = "leg";
    static constexpr auto fields = std::tuple{
        field("device", &T::device),       field("platform", &T::platform), field("has_push", &T::has_push),
        field("connected", &T::connected), field("state", &T::state),       field("push_at", &T::push_at),
        field("pushed", &T::pushed),
    };
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
        field("legs", &T::legs, {.length_max = routing::kLegsMax}),
        field("winner", &T::winner),
        field("reason", &T::reason),
        field("source", &T::source),
        field("ended_by", &T::ended_by),
        field("release_code", &T::release_code, {.length_max = protocol::kReleaseCodeLengthMax}),
        optional_field("ringing_told", &T::ringing_told),
        optional_field("candidates_from_caller", &T::candidates_from_caller),
        optional_field("candidates_from_callee", &T::candidates_from_callee),
    };
};

}  // namespace clarion
