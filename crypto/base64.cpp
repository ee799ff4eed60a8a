// SPDX-License-Identifier: Apache-2.0
#include "crypto/base64.hpp"

namespace clarion::crypto {
namespace {

// Written here and not taken from libsodium: sodium_base642bin 1.0.18 accepts some bytes above 0x7f as if they were
// letters (its input is a signed char), so that one value had several texts. Found by the bit-flip test of invites.
// No tables and no branches on the data: keys pass through here.

/// 0xff where lo <= c <= hi, else 0.
constexpr unsigned in_range(unsigned c, unsigned lo, unsigned hi) {
    return ((lo - 1U - c) & (c - hi - 1U)) >> 8U & 0xffU;
}

struct Alphabet {
    unsigned char plus;   // the 63rd character
    unsigned char slash;  // the 64th
};

constexpr Alphabet kUrl{'-', '_'};
constexpr Alphabet kStandard{'+', '/'};

/// 0 to 63, or 0x100 and more for a character outside the alphabet.
constexpr unsigned value_of(unsigned char character, Alphabet alphabet) {
    const unsigned c = character;
    const unsigned upper = in_range(c, 'A', 'Z');
    const unsigned lower = in_range(c, 'a', 'z');
    const unsigned digit = in_range(c, '0', '9');
    const unsigned plus = in_range(c, alphabet.plus, alphabet.plus);
    const unsigned slash = in_range(c, alphabet.slash, alphabet.slash);
    const unsigned value =
        (upper & (c - 'A')) | (lower & (c - 'a' + 26U)) | (digit & (c - '0' + 52U)) | (plus & 62U) | (slash & 63U);
    return value | ((~(upper | lower | digit | plus | slash) & 0xffU) << 8U);
}

constexpr char character_of(unsigned v, Alphabet alphabet) {
    const unsigned upper = in_range(v + 1U, 1, 26);
    const unsigned lower = in_range(v, 26, 51);
    const unsigned digit = in_range(v, 52, 61);
    const unsigned plus = in_range(v, 62, 62);
    const unsigned slash = in_range(v, 63, 63);
    return static_cast<char>(
        (upper & (v + 'A')) | (lower & (v - 26U + 'a')) | (digit & (v - 52U + '0')) | (plus & alphabet.plus) |
        (slash & alphabet.slash)
    );
}

std::string encode(BytesView bytes, Alphabet alphabet) {
    std::string text;
    text.reserve(bytes.size() / 3 * 4 + 4);
    unsigned bits = 0;
    unsigned held = 0;
    for (const std::uint8_t byte : bytes) {
        bits = (bits << 8U | byte) & 0xffffU;
        held += 8;
        while (held >= 6) {
            held -= 6;
            text.push_back(character_of(bits >> held & 63U, alphabet));
        }
    }
    if (held > 0) text.push_back(character_of(bits << (6 - held) & 63U, alphabet));
    return text;
}

std::optional<Bytes> decode(std::string_view text, Alphabet alphabet) {
    if (text.size() % 4 == 1) return std::nullopt;
    Bytes bytes;
    bytes.reserve(text.size() / 4 * 3 + 2);
    unsigned bits = 0;
    unsigned held = 0;
    unsigned wrong = 0;
    for (const char c : text) {
        const unsigned value = value_of(static_cast<unsigned char>(c), alphabet);
        wrong |= value >> 8U;
        bits = (bits << 6U | (value & 63U)) & 0xffffU;
        held += 6;
        if (held < 8) continue;
        held -= 8;
        bytes.push_back(static_cast<std::uint8_t>(bits >> held & 0xffU));
    }
    wrong |= bits & ((1U << held) - 1U);  // Unused bits of the last character.
    if (wrong != 0) return std::nullopt;
    return bytes;
}

}  // namespace

BytesView as_bytes(std::string_view text) { return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()}; }

std::string base64url_encode(BytesView bytes) { return encode(bytes, kUrl); }

std::optional<Bytes> base64url_decode(std::string_view text) { return decode(text, kUrl); }

std::string base64_encode(BytesView bytes) {
    std::string text = encode(bytes, kStandard);
    text.append((4 - text.size() % 4) % 4, '=');
    return text;
}

std::optional<Bytes> base64_decode(std::string_view text) {
    if (text.size() % 4 != 0) return std::nullopt;
    if (text.ends_with('=')) text.remove_suffix(1);
    if (text.ends_with('=')) text.remove_suffix(1);
    return decode(text, kStandard);
}

}  // namespace clarion::crypto
