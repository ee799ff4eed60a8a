// SPDX-License-Identifier: Apache-2.0
#include "sdk/native/push_opener.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <system_error>

#include "core/codec/protocol_codec.hpp"
#include "crypto/invite_box.hpp"

namespace clarion::native {
namespace {

/// The field of the push that holds the invite; the other fields are hints for people who debug.
constexpr std::string_view kInviteField = "cc_param";

engine::PushFault fault_of(crypto::OpenError error) {
    switch (error) {
        case crypto::OpenError::unsupported_version: return engine::PushFault::unsupported_version;
        case crypto::OpenError::malformed:
        case crypto::OpenError::too_large: return engine::PushFault::malformed;
        case crypto::OpenError::not_for_this_device:
        case crypto::OpenError::no_key: return engine::PushFault::not_for_this_device;
        case crypto::OpenError::bad_signature: return engine::PushFault::bad_signature;
    }
    return engine::PushFault::malformed;
}

}  // namespace

PushOpener::PushOpener(std::optional<crypto::BoxSecret> box, std::vector<crypto::VerifyKey> servers)
    : box_{std::move(box)}, servers_{std::move(servers)} {}

std::expected<PushOpener, std::string> PushOpener::load(
    const std::filesystem::path& box_key, const std::vector<std::string>& verify_keys
) {
    std::vector<crypto::VerifyKey> servers;
    for (const auto& text : verify_keys) {
        const auto key = crypto::VerifyKey::parse(text);
        if (!key) return std::unexpected{std::string{"a verify key of the device is not 43 characters of base64url"}};
        servers.push_back(*key);
    }
    std::optional<crypto::BoxSecret> box;
    std::error_code unreadable;
    if (std::filesystem::exists(box_key, unreadable)) {
        auto loaded = crypto::BoxSecret::load(box_key);
        if (!loaded) return std::unexpected{loaded.error().text};
        box = *loaded;
    }
    return PushOpener{std::move(box), std::move(servers)};
}

engine::PushReceived PushOpener::open(const PushData& data, WallTime wall_now, bool must_report) const {
    const auto field = std::ranges::find(data, kInviteField, &PushData::value_type::first);
    return open_cc_param(field == data.end() ? std::string_view{} : field->second, wall_now, must_report);
}

engine::PushReceived PushOpener::open_cc_param(std::string_view cc_param, WallTime wall_now, bool must_report) const {
    engine::PushReceived push{.fault = engine::PushFault::malformed, .wall_now = wall_now, .must_report = must_report};
    const auto json = crypto::open_invite(cc_param, box_ ? &*box_ : nullptr, servers_);
    if (!json) {
        push.fault = fault_of(json.error());
        return push;
    }
    auto invite = codec::decode_invite(*json);
    if (!invite) {
        // The signature was good: our server wrote it, in a form that this version does not know.
        push.fault = engine::PushFault::unsupported_version;
        return push;
    }
    push.fault = engine::PushFault::none;
    push.invite = std::move(*invite);
    return push;
}

}  // namespace clarion::native
