// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <span>
#include <string>
#include <string_view>

#include "crypto/keys.hpp"

namespace clarion::crypto {

/// The wire text of an invite (`cc_param`), at most this long: a quarter of FCM's 4096 bytes, the rest is plain fields.
inline constexpr std::size_t kCcParamMax = 1024;
/// Longest invite JSON whose sealed text fits kCcParamMax: (1024 - 3) * 3 / 4 - 48 (seal) - 64 (signature).
inline constexpr std::size_t kInviteJsonMax = 653;

enum class SealError : std::uint8_t {
    too_large,    ///< The JSON is longer than kInviteJsonMax: shorten names before sealing.
    bad_box_key,  ///< The device registered a key of low order; treat the device as one without a key or refuse it.
};

/// Signs the invite with the service's key and, when the device registered a key, seals both to it.
///
///     "s1." base64url( crypto_box_seal( signature(64) || json ) )      with a device key
///     "p1." base64url( signature(64) || json )                         when the service switched sealing off
///
/// The signature covers "clarion-invite-v1\0" || json, so that no other signed text can pass for an invite.
/// Thread: any. Cost: about 0.1 ms.
[[nodiscard]] std::expected<std::string, SealError> seal_invite(
    std::string_view invite_json, const SigningKey& signer, const BoxPublic* device
);

/// Why an invite did not open. In every case the caller must not show anything that the push said (I14).
enum class OpenError : std::uint8_t {
    malformed,            ///< No invite at all: another prefix, bad base64url, or too short.
    unsupported_version,  ///< The prefix of a later form, a small letter and a number ("s2."): the app is too old for
                          ///< it.
    too_large,            ///< Longer than kCcParamMax; not looked at.
    not_for_this_device,  ///< Sealed to another key (a reinstalled app), or damaged on the way.
    bad_signature,        ///< No known server key signed it: forged, damaged, or a key that was rotated away.
    no_key,               ///< Sealed but this device has no box key, or no server key is known: register again.
};

/// Returns the JSON whose signature verified under one of `servers` (more than one during key rotation). Whoever
/// calls still checks expiry, callee and device inside it. Thread: any. Cost: about 0.1 ms for each server key.
[[nodiscard]] std::expected<std::string, OpenError> open_invite(
    std::string_view cc_param, const BoxSecret* device, std::span<const VerifyKey> servers
);

}  // namespace clarion::crypto
