// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <expected>
#include <string>
#include <string_view>

#include "core/routing/routing.hpp"

namespace clarion::server::sqlite {

[[nodiscard]] std::string encode_document(const routing::CallDocument& document);
/// The error is one sentence that repeats nothing of the text.
[[nodiscard]] std::expected<routing::CallDocument, std::string> decode_document(std::string_view text);

}  // namespace clarion::server::sqlite
