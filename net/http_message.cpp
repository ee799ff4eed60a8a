// SPDX-License-Identifier: Apache-2.0
#include "net/http_message.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/beast/http/status.hpp>
#include <charconv>
#include <ctime>

#include "net/detail/http_text.hpp"

namespace clarion::net {
namespace {

bool is_letter_or_digit(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); }

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

std::optional<char> hex_byte(std::string_view two) {
    unsigned value = 0;
    if (two.size() != 2) return std::nullopt;
    const auto [end, error] = std::from_chars(two.data(), two.data() + 2, value, 16);
    if (error != std::errc{} || end != two.data() + 2) return std::nullopt;
    return static_cast<char>(value);
}

std::optional<std::string> decode(std::string_view text, bool plus_is_space) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '+' && plus_is_space) {
            out += ' ';
        } else if (text[i] == '%') {
            const auto byte = hex_byte(text.substr(i + 1, 2));
            if (!byte) return std::nullopt;
            out += *byte;
            i += 2;
        } else {
            out += text[i];
        }
    }
    return out;
}

}  // namespace

const std::string* find_header(const Headers& headers, std::string_view name) {
    const auto found = std::ranges::find_if(headers, [name](const Header& one) {
        return detail::equals_ignoring_case(one.name, name);
    });
    return found == headers.end() ? nullptr : &found->value;
}

void set_header(Headers& headers, std::string_view name, std::string value) {
    std::erase_if(headers, [name](const Header& one) { return detail::equals_ignoring_case(one.name, name); });
    headers.push_back({std::string(name), std::move(value)});
}

std::optional<std::string> percent_decode(std::string_view text) { return decode(text, false); }

std::string percent_encode(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (is_letter_or_digit(c) || std::string_view("-._~").contains(c))
            out += c;
        else
            out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
    return out;
}

std::optional<std::string> query_value(std::string_view query, std::string_view name) {
    while (!query.empty()) {
        const auto end = std::min(query.find('&'), query.size());
        const auto pair = query.substr(0, end);
        query.remove_prefix(std::min(end + 1, query.size()));
        const auto equals = std::min(pair.find('='), pair.size());
        if (decode(pair.substr(0, equals), true) != name) continue;
        return decode(pair.substr(std::min(equals + 1, pair.size())), true);
    }
    return std::nullopt;
}

std::string_view reason_phrase(unsigned status) {
    return boost::beast::http::obsolete_reason(boost::beast::http::int_to_status(status));
}

namespace detail {

bool is_token(std::string_view text) {
    return !text.empty() && std::ranges::all_of(text, [](char c) {
        return is_letter_or_digit(c) || std::string_view("!#$%&'*+-.^_`|~").contains(c);
    });
}

bool is_one_line(std::string_view text) {
    return std::ranges::none_of(text, [](char c) { return c == '\r' || c == '\n' || c == '\0'; });
}

bool is_target(std::string_view text) {
    return !text.empty() && std::ranges::all_of(text, [](char c) { return c > 0x20 && c != 0x7f; });
}

bool are_good(const Headers& headers) {
    return std::ranges::all_of(headers, [](const Header& one) { return is_token(one.name) && is_one_line(one.value); });
}

bool equals_ignoring_case(std::string_view a, std::string_view b) {
    return std::ranges::equal(a, b, [](char x, char y) { return lower(x) == lower(y); });
}

std::string to_lower(std::string_view text) {
    std::string out(text);
    std::ranges::transform(out, out.begin(), lower);
    return out;
}

std::string http_date(std::int64_t unix_seconds) {
    static constexpr std::array<const char*, 7> kDays{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    static constexpr std::array<const char*, 12> kMonths{
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    };
    const auto seconds = static_cast<std::time_t>(unix_seconds);
    std::tm parts{};
    ::gmtime_r(&seconds, &parts);
    return fmt::format(
        "{}, {:02} {} {} {:02}:{:02}:{:02} GMT", kDays[static_cast<std::size_t>(parts.tm_wday)], parts.tm_mday,
        kMonths[static_cast<std::size_t>(parts.tm_mon)], parts.tm_year + 1900, parts.tm_hour, parts.tm_min, parts.tm_sec
    );
}

std::string host_header(std::string_view host, std::uint16_t port, bool is_tls) {
    std::string out = host.contains(':') ? fmt::format("[{}]", host) : std::string(host);
    if (port != (is_tls ? 443 : 80)) out += fmt::format(":{}", port);
    return out;
}

}  // namespace detail
}  // namespace clarion::net
