// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <expected>
#include <string>
#include <string_view>

#include "sdk/native/system_messages.hpp"

namespace clarion::lab {

/// One line for the app's process, with its '\n'.
[[nodiscard]] std::string encode_line(const native::FromSystem& message);

/// One line of the app's process; the error is one sentence.
[[nodiscard]] std::expected<native::ToSystem, std::string> decode_line(std::string_view line);

}  // namespace clarion::lab
