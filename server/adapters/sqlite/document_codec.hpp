// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <expected>
#include <string>
#include <string_view>

#include "core/routing/routing.hpp"
#include "server/ports/policy.hpp"

namespace clarion::server::sqlite {

[[nodiscard]] std::string encode_document(const routing::CallDocument& document);
/// The error is one sentence that repeats nothing of the text.
[[nodiscard]] std::expected<routing::CallDocument, std::string> decode_document(std::string_view text);

[[nodiscard]] std::string encode_policy(const ServicePolicy& policy);
[[nodiscard]] std::expected<ServicePolicy, std::string> decode_policy(std::string_view text);

}  // namespace clarion::server::sqlite
