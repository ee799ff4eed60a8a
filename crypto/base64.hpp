// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace clarion::crypto {

using Bytes = std::vector<std::uint8_t>;
using BytesView = std::span<const std::uint8_t>;

/// The octets of a text, without a copy. The text must outlive the view.
[[nodiscard]] BytesView as_bytes(std::string_view text);

/// RFC 4648 section 5, no padding: what JWTs, keys and invites use.
[[nodiscard]] std::string base64url_encode(BytesView bytes);
/// Strict: no padding, no white space, and the unused bits of the last character must be zero, so that every value
/// has exactly one text (a second spelling of a token would defeat "used once" checks). nullopt otherwise.
[[nodiscard]] std::optional<Bytes> base64url_decode(std::string_view text);

/// RFC 4648 section 4 with padding: HTTP Basic and PEM. Decoding is as strict as above and wants the padding.
[[nodiscard]] std::string base64_encode(BytesView bytes);
[[nodiscard]] std::optional<Bytes> base64_decode(std::string_view text);

}  // namespace clarion::crypto
