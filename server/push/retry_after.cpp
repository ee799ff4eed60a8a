// SPDX-License-Identifier: Apache-2.0
#include "server/push/retry_after.hpp"

#include <time.h>

#include <algorithm>
#include <charconv>
#include <string>

namespace clarion::server::push {
namespace {

constexpr std::int64_t kRetryAfterMaxS = 24 * 3600;

}  // namespace

std::optional<Duration> parse_retry_after(std::string_view text, WallTime now) {
    std::int64_t seconds = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
    if (error == std::errc{} && end == text.data() + text.size()) {
        if (seconds < 0) return std::nullopt;
        return Duration{std::min(seconds, kRetryAfterMaxS) * 1000};
    }
    const std::string date{text.substr(0, 64)};
    struct tm parts{};
    const char* rest = ::strptime(date.c_str(), "%a, %d %b %Y %H:%M:%S GMT", &parts);
    if (rest == nullptr || *rest != '\0') return std::nullopt;
    const WallTime at{static_cast<std::int64_t>(::timegm(&parts)) * 1000};
    return std::clamp(at - now, Duration{0}, Duration{kRetryAfterMaxS * 1000});
}

}  // namespace clarion::server::push
