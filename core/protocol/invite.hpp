// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>

#include "core/base/describe.hpp"
#include "core/base/ids.hpp"
#include "core/base/redacted.hpp"
#include "core/base/time.hpp"
#include "core/protocol/reasons.hpp"

namespace clarion::protocol {

enum class Media : std::uint8_t { audio, video };

/// What a push is for. VoIP pushes on iOS are only ever `ring` (IOS-PK-14).
enum class PushKind : std::uint8_t { ring, cancel };

/// What a push carries to prove a call; on the wire, signed by the server and sealed to the device, it is `cc_param`.
/// Good for one user, one device, one call, until `expires_at`. Nothing a push service can write changes it (I14).
struct Invite {
    std::uint32_t version = 1;
    PushKind kind = PushKind::ring;
    ServiceId service;
    CallId call_id;
    UserId to_user;
    DeviceId device;
    UserId from_user;
    Redacted<std::string> from_name;
    Media media = Media::audio;
    WallTime issued_at;            // Server clock, like every WallTime here.
    WallTime ring_until;           // Never ring after this.
    WallTime accept_until;         // A tap before ring_until is honoured until this.
    Redacted<std::string> ticket;  // Proves to the server that this device got this invite.
    // Of a cancel: how the call ended for this device, as its socket would say.
    std::optional<EndReason> reason;
    std::optional<EndSource> source;
};

inline constexpr std::uint32_t kInviteVersion = 1;
inline constexpr std::size_t kNameLengthMax = 128;
inline constexpr std::size_t kTicketLengthMax = 64;
inline constexpr std::size_t kCcParamLengthMax = 1024;  // LINE Planet's native buffer; both providers take it.

}  // namespace clarion::protocol

namespace clarion {

template <>
struct EnumText<protocol::Media> {
    static constexpr std::array<EnumWord<protocol::Media>, 2> values{{
        {protocol::Media::audio, "audio"},
        {protocol::Media::video, "video"},
    }};
};

template <>
struct EnumText<protocol::PushKind> {
    static constexpr std::array<EnumWord<protocol::PushKind>, 2> values{{
        {protocol::PushKind::ring, "ring"},
        {protocol::PushKind::cancel, "cancel"},
    }};
};

template <>
struct Describe<protocol::Invite> {
    using T = protocol::Invite;
    static constexpr std::string_view name = "invite";
    // Short names: the whole cc_param has to stay below 1024 bytes.
    static constexpr auto fields = std::tuple{
        field("v", &T::version),
        field("kind", &T::kind),
        field("svc", &T::service),
        field("call", &T::call_id),
        field("to", &T::to_user),
        field("dev", &T::device),
        field("from", &T::from_user),
        field("name", &T::from_name, {.length_max = protocol::kNameLengthMax}),
        field("media", &T::media),
        field("iat", &T::issued_at),
        field("ring", &T::ring_until),
        field("acc", &T::accept_until),
        field("tkt", &T::ticket, {.length_max = protocol::kTicketLengthMax}),
        field("end", &T::reason),
        field("src", &T::source),
    };
};

}  // namespace clarion
