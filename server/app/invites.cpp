// SPDX-License-Identifier: Apache-2.0
#include "server/app/invites.hpp"

#include <array>

#include "core/codec/protocol_codec.hpp"
#include "crypto/invite_box.hpp"

namespace clarion::server {
namespace {

// The name is the only part without a tight bound. What is left at 0 fits always: ids are at most 64 bytes each.
constexpr std::array<std::size_t, 4> kNameLengths{protocol::kNameLengthMax, 64, 24, 0};

}  // namespace

std::string shortened(const std::string& text, std::size_t length_max) {
    if (text.size() <= length_max) return text;
    std::size_t end = length_max;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
    return text.substr(0, end);
}

std::expected<WireInvite, std::string> Invites::make(
    const routing::CallDocument& call, const DeviceRecord& device, const routing::SendPush& push, WallTime now
) const {
    protocol::Invite invite;
    invite.kind = push.kind;
    invite.service = call.service;
    invite.call_id = call.call_id;
    invite.to_user = call.to_user;
    invite.device = device.device;
    invite.from_user = call.from_user;
    invite.media = call.media;
    invite.issued_at = now;
    invite.ring_until = call.ring_until;
    invite.accept_until = call.accept_until;
    invite.ticket = Redacted{tickets_.ticket_for(call.call_id, device.device)};

    if (push.ended) {
        invite.reason = push.ended->reason;
        invite.source = push.ended->source;
    }

    const auto box = device.public_key.empty() ? std::nullopt : crypto::BoxPublic::parse(device.public_key);
    for (const std::size_t length : kNameLengths) {
        invite.from_name = Redacted{shortened(call.from_name.reveal(), length)};
        auto sealed = crypto::seal_invite(codec::encode_invite(invite), key_, box ? &*box : nullptr);
        if (sealed) return WireInvite{std::move(*sealed), box.has_value()};
        if (sealed.error() == crypto::SealError::bad_box_key)
            return std::unexpected{"the device's public key is unusable"};
    }
    return std::unexpected{"the invite is too long even without a name"};
}

bool Invites::is_usable_device_key(const std::string& public_key) const {
    const auto box = crypto::BoxPublic::parse(public_key);
    return box && crypto::seal_invite("{}", key_, &*box).has_value();
}

}  // namespace clarion::server
