// SPDX-License-Identifier: Apache-2.0
#include "core/callui/validate.hpp"

#include <algorithm>
#include <cstddef>

namespace clarion::callui::detail {

namespace {

/// How many bytes the character at the front takes; 0: it is none (RFC 3629 section 4).
std::size_t character(std::string_view text) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const unsigned char first = byte(0);
    if (first < 0x80) return 1;
    const std::size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
    if (first < 0xC2 || first > 0xF4 || text.size() < length) return 0;
    for (std::size_t i = 1; i < length; ++i) {
        if ((byte(i) & 0xC0) != 0x80) return 0;
    }
    const unsigned char second = byte(1);
    const bool is_overlong = (first == 0xE0 && second < 0xA0) || (first == 0xF0 && second < 0x90);
    const bool is_surrogate = first == 0xED && second > 0x9F;
    const bool is_beyond = first == 0xF4 && second > 0x8F;
    return is_overlong || is_surrogate || is_beyond ? 0 : length;
}

}  // namespace

bool is_utf8(std::string_view text) {
    while (!text.empty()) {
        const std::size_t length = character(text);
        if (length == 0) return false;
        text.remove_prefix(length);
    }
    return true;
}

bool is_color(std::string_view text) {
    if ((text.size() != 7 && text.size() != 9) || text.front() != '#') return false;
    return text.substr(1).find_first_not_of("0123456789abcdefABCDEF") == std::string_view::npos;
}

std::optional<std::string> bad_style(const OptionalBox<CallStyle>& style) {
    if (!style || !style->android) return std::nullopt;
    const AndroidStyle& android = *style->android;
    const auto bad = [](std::string_view color, bool may_be_empty) {
        return !(may_be_empty && color.empty()) && !is_color(color);
    };
    if (bad(android.background_color, false)) return "style.android.background_color";
    if (bad(android.action_color, false)) return "style.android.action_color";
    if (bad(android.text_color, false)) return "style.android.text_color";
    if (bad(android.accept_color, true)) return "style.android.accept_color";
    if (bad(android.decline_color, true)) return "style.android.decline_color";
    return std::nullopt;
}

bool are_headers(const std::vector<std::pair<std::string, std::string>>& headers) {
    std::size_t bytes = 0;
    for (const auto& [name, value] : headers) {
        bytes += name.size() + value.size();
        const bool fits = !name.empty() && name.size() <= kHeaderNameMax && value.size() <= kHeaderValueMax;
        // No line breaks: a header is put on the wire as it is (RFC 9110 section 5.5).
        const auto is_control = [](unsigned char c) { return c < 0x20 || c == 0x7F; };
        if (!fits || std::ranges::any_of(name, is_control) || std::ranges::any_of(value, is_control)) return false;
        if (!is_utf8(name) || !is_utf8(value)) return false;
    }
    return headers.size() <= kHeadersMax && bytes <= kHeadersBytesMax;
}

}  // namespace clarion::callui::detail
