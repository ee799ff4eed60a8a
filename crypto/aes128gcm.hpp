// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "crypto/base64.hpp"

namespace clarion::crypto {

/// The content coding "aes128gcm" (RFC 8188): what Web Push puts messages into. Thread: any.
inline constexpr std::size_t kAes128GcmSalt = 16;
inline constexpr std::size_t kAes128GcmOverhead = 16 + 4 + 1 + 1 + 16;  // Of one record, beside the key id.

using Aes128GcmSalt = std::array<std::uint8_t, kAes128GcmSalt>;

/// Header and one record. `ikm` is the secret that both sides share; `key_id` (at most 255 bytes) goes out in clear.
/// nullopt: the text does not fit into one record of `record_size` bytes.
[[nodiscard]] std::optional<std::string> aes128gcm_seal(
    std::string_view plain,
    BytesView ikm,
    const Aes128GcmSalt& salt,
    std::string_view key_id,
    std::uint32_t record_size = 4096
);

struct Aes128GcmHeader {
    Aes128GcmSalt salt{};
    std::uint32_t record_size = 0;
    std::string_view key_id;
    std::size_t size = 0;
};

/// nullopt: too short, or a record size below 18.
[[nodiscard]] std::optional<Aes128GcmHeader> aes128gcm_header(std::string_view body);

/// All records, padding removed. nullopt: damaged, truncated, or sealed with another secret.
[[nodiscard]] std::optional<std::string> aes128gcm_open(std::string_view body, BytesView ikm);

}  // namespace clarion::crypto
