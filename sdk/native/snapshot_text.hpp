// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <expected>
#include <string>
#include <string_view>

#include "core/engine/snapshot.hpp"

namespace clarion::native {

/// The engine's state as text for the journal, and back. Error: one line; the text is of no use.
[[nodiscard]] std::string snapshot_text(const engine::Snapshot& snapshot);
[[nodiscard]] std::expected<engine::Snapshot, std::string> parse_snapshot(std::string_view text);

}  // namespace clarion::native
