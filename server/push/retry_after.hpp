// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>

#include "core/base/time.hpp"

namespace clarion::server::push {

/// RFC 9110 10.2.3: seconds or an HTTP date; nullopt when it is neither. Never negative, at most a day.
[[nodiscard]] std::optional<Duration> parse_retry_after(std::string_view text, WallTime now);

}  // namespace clarion::server::push
