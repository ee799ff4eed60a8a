// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <string_view>

namespace clarion {

enum class LogLevel : std::uint8_t { debug, info, warning, error };

/// One line, without names, tokens and SDP. Thread: the loop's.
using Log = std::function<void(LogLevel level, std::string_view line)>;

}  // namespace clarion
