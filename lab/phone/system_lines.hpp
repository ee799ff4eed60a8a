// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <expected>
#include <string>
#include <string_view>
#include <variant>

#include "sdk/native/system_messages.hpp"

namespace clarion::lab {

/// Part of the system is in the app's process (the frameworks of a real shell), and saw the app break a rule:
/// "IOS_SELF_ACTIVATE IOS-AU-01: why".
struct RuleBroken {
    std::string rule;
};

/// What that part did and no word of the engine says, for whoever watches the phone: "audio session active".
struct Noted {
    std::string text;
};

using FromApp = std::variant<native::ToSystem, RuleBroken, Noted>;

/// One line for the app's process, with its '\n'.
[[nodiscard]] std::string encode_line(const native::FromSystem& message);

/// One line of the app's process; the error is one sentence.
[[nodiscard]] std::expected<FromApp, std::string> decode_line(std::string_view line);

/// The other side of the line: for the app's process.
[[nodiscard]] std::string encode_line(const FromApp& message);
[[nodiscard]] std::expected<native::FromSystem, std::string> decode_system_line(std::string_view line);

}  // namespace clarion::lab
