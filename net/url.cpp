// SPDX-License-Identifier: Apache-2.0
#include "net/url.hpp"

#include <algorithm>
#include <charconv>

#include "net/detail/http_text.hpp"

namespace clarion::net {
namespace {

constexpr std::size_t kUrlMax = 4096;

std::unexpected<Error> bad(std::string why) { return std::unexpected(Error{ErrorCode::bad_url, "bad URL: " + why}); }

bool is_host_name(std::string_view host) {
    return !host.empty() && host.size() <= 253 && std::ranges::all_of(host, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
               c == '_';
    });
}

bool is_ip6_text(std::string_view host) {
    return host.contains(':') && host.size() <= 45 &&
           host.find_first_not_of("0123456789abcdefABCDEF:.") == std::string_view::npos;
}

std::expected<void, Error> parse_authority(std::string_view authority, Url& url) {
    std::string_view host;
    std::string_view port;
    if (authority.contains('@')) return bad("it holds user information");
    if (authority.starts_with('[')) {
        const auto end = authority.find(']');
        if (end == std::string_view::npos) return bad("an IPv6 address lacks its ']'");
        host = authority.substr(1, end - 1);
        port = authority.substr(end + 1);
        if (!is_ip6_text(host) || (!port.empty() && port.front() != ':')) return bad("the IPv6 address is wrong");
    } else {
        const auto end = std::min(authority.find(':'), authority.size());
        host = authority.substr(0, end);
        port = authority.substr(end);
        if (!is_host_name(host)) return bad(host.empty() ? "it has no host" : "the host name is wrong");
    }
    url.host = host;
    if (port.size() <= 1) return {};
    port.remove_prefix(1);
    unsigned value = 0;
    const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), value);
    if (error != std::errc{} || end != port.data() + port.size() || value == 0 || value > 65535) {
        return bad("the port is not a number from 1 to 65535");
    }
    url.port = static_cast<std::uint16_t>(value);
    return {};
}

}  // namespace

std::expected<Url, Error> parse_url(std::string_view text) {
    if (text.size() > kUrlMax) return bad("it is longer than 4096 bytes");
    const auto colon = text.find("://");
    if (colon == std::string_view::npos) return bad("it does not begin with http://, https://, ws:// or wss://");
    Url url;
    url.scheme = detail::to_lower(text.substr(0, colon));
    url.is_tls = url.scheme == "https" || url.scheme == "wss";
    if (!url.is_tls && url.scheme != "http" && url.scheme != "ws") {
        return bad("it does not begin with http://, https://, ws:// or wss://");
    }
    url.port = url.is_tls ? 443 : 80;
    text.remove_prefix(colon + 3);
    text = text.substr(0, text.find('#'));
    const auto slash = std::min(text.find_first_of("/?"), text.size());
    if (auto ok = parse_authority(text.substr(0, slash), url); !ok) return std::unexpected(ok.error());
    const auto target = text.substr(slash);
    url.target = target.starts_with('/') ? std::string(target) : "/" + std::string(target);
    if (!detail::is_target(url.target)) return bad("it holds blanks or control characters: encode them");
    return url;
}

}  // namespace clarion::net
