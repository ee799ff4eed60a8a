// SPDX-License-Identifier: Apache-2.0
#include "sdk/native/snapshot_text.hpp"

#include "core/codec/described.hpp"
#include "core/engine/described.hpp"

namespace clarion::native {

std::string snapshot_text(const engine::Snapshot& snapshot) { return codec::encode(snapshot); }

std::expected<engine::Snapshot, std::string> parse_snapshot(std::string_view text) {
    auto snapshot = codec::decode<engine::Snapshot>(text, engine::kSnapshotLengthMax);
    if (!snapshot) return std::unexpected{snapshot.error().message()};
    return std::move(*snapshot);
}

}  // namespace clarion::native
