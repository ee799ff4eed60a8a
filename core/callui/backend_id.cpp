// SPDX-License-Identifier: Apache-2.0
#include "core/callui/backend_id.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <string>

namespace clarion::callui {

namespace {

using Block = std::array<std::uint8_t, 64>;
using Digest = std::array<std::uint32_t, 5>;

/// SHA-1 (RFC 3174), as version 5 wants it: it makes names short, it protects nothing.
void digest_block(Digest& state, const Block& block) {
    std::array<std::uint32_t, 80> w{};
    for (std::size_t i = 0; i < 16; ++i) {
        w[i] = (std::uint32_t{block[4 * i]} << 24) | (std::uint32_t{block[4 * i + 1]} << 16) |
               (std::uint32_t{block[4 * i + 2]} << 8) | std::uint32_t{block[4 * i + 3]};
    }
    for (std::size_t i = 16; i < 80; ++i) w[i] = std::rotl(w[i - 3] ^ w[i - 8] ^ w[i - 14] ^ w[i - 16], 1);
    auto [a, b, c, d, e] = state;
    for (std::size_t i = 0; i < 80; ++i) {
        std::uint32_t mixed = b ^ c ^ d;
        std::uint32_t constant = i < 40 ? 0x6ED9EBA1U : 0xCA62C1D6U;
        if (i < 20) {
            mixed = (b & c) | (~b & d);
            constant = 0x5A827999U;
        } else if (i >= 40 && i < 60) {
            mixed = (b & c) | (b & d) | (c & d);
            constant = 0x8F1BBCDCU;
        }
        const std::uint32_t next = std::rotl(a, 5) + mixed + e + constant + w[i];
        e = d;
        d = c;
        c = std::rotl(b, 30);
        b = a;
        a = next;
    }
    state = {state[0] + a, state[1] + b, state[2] + c, state[3] + d, state[4] + e};
}

Digest sha1(std::string_view bytes) {
    Digest state{0x67452301U, 0xEFCDAB89U, 0x98BADCFEU, 0x10325476U, 0xC3D2E1F0U};
    std::string padded{bytes};
    padded += '\x80';
    while (padded.size() % 64 != 56) padded += '\0';
    const std::uint64_t bits = std::uint64_t{bytes.size()} * 8;
    for (int shift = 56; shift >= 0; shift -= 8) padded += static_cast<char>((bits >> shift) & 0xFF);
    for (std::size_t at = 0; at < padded.size(); at += 64) {
        Block block{};
        std::ranges::copy(padded.substr(at, 64), block.begin());
        digest_block(state, block);
    }
    return state;
}

/// Ours: version 5 of "clarion.call" in the name space of domain names. Never changes: it makes ids that are kept.
Uuid call_name_space() {
    constexpr Uuid kDomainNames{
        {0x6b, 0xa7, 0xb8, 0x10, 0x9d, 0xad, 0x11, 0xd1, 0x80, 0xb4, 0x00, 0xc0, 0x4f, 0xd4, 0x30, 0xc8}
    };
    return uuid_v5(kDomainNames, "clarion.call");
}

}  // namespace

Uuid uuid_v5(const Uuid& name_space, std::string_view name) {
    std::string text{name_space.bytes.begin(), name_space.bytes.end()};
    text += name;
    const Digest digest = sha1(text);
    Uuid uuid;
    for (std::size_t i = 0; i < uuid.bytes.size(); ++i) {
        uuid.bytes[i] = static_cast<std::uint8_t>((digest[i / 4] >> (24 - 8 * (i % 4))) & 0xFF);
    }
    uuid.bytes[6] = static_cast<std::uint8_t>((uuid.bytes[6] & 0x0F) | 0x50);
    uuid.bytes[8] = static_cast<std::uint8_t>((uuid.bytes[8] & 0x3F) | 0x80);
    return uuid;
}

CallId call_id_of(std::string_view backend_id) {
    if (backend_id.empty()) return {};
    if (const auto uuid = CallId::parse(backend_id)) return *uuid;
    return CallId{uuid_v5(call_name_space(), backend_id)};
}

}  // namespace clarion::callui
