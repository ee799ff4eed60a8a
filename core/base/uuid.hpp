// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace clarion {

/// RFC 9562 UUID, compared by value: iOS prints upper case, everybody else lower case (IOS-CK-11).
struct Uuid {
    std::array<std::uint8_t, 16> bytes{};

    /// Accepts the 36-character form in either case; nothing else (no braces, no urn:).
    [[nodiscard]] static std::optional<Uuid> parse(std::string_view text);
    /// Version 4 from 128 random bits; the caller owns the randomness.
    [[nodiscard]] static Uuid v4(std::uint64_t high, std::uint64_t low);
    /// Lower case, 36 characters.
    [[nodiscard]] std::string text() const;
    [[nodiscard]] bool is_nil() const { return bytes == std::array<std::uint8_t, 16>{}; }

    friend auto operator<=>(const Uuid&, const Uuid&) = default;
};

}  // namespace clarion
