// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <expected>
#include <string_view>

#include "core/codec/json.hpp"

/// Texts inside a message that are JSON themselves. The machines carry them untouched and have no parser; what a
/// description promises of them is looked at where the message comes in: at the door, at the server, in a Client.
/// Never on the way to a callee: nothing in such a text may keep a call from ringing.
namespace clarion::codec {

/// Error: `malformed` or `not_utf8` when it is no JSON, `wrong_type` when it is no object; `path` is `field`.
[[nodiscard]] std::expected<void, DecodeError> check_object(std::string_view field, std::string_view text);

/// Any JSON value.
[[nodiscard]] std::expected<void, DecodeError> check_json(std::string_view field, std::string_view text);

}  // namespace clarion::codec
