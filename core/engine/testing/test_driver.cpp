// SPDX-License-Identifier: Apache-2.0
#include "core/engine/testing/test_driver.hpp"

#include "core/codec/described.hpp"
#include "core/engine/described.hpp"

namespace clarion::engine::testing {

std::string json_of(const Snapshot& snapshot) { return codec::encode(snapshot); }
std::string json_of(const Output& output) { return codec::encode(output); }
std::string json_of(const Input& input) { return codec::encode(input); }

Snapshot through_json(const Snapshot& snapshot) {
    auto decoded = codec::decode<Snapshot>(codec::encode(snapshot), kSnapshotLengthMax);
    EXPECT_TRUE(decoded.has_value()) << (decoded ? "" : decoded.error().message());
    return decoded ? *decoded : Snapshot{};
}

Input input_from_json(const std::string& text) {
    auto decoded = codec::decode<Input>(text, 256 * 1024);
    EXPECT_TRUE(decoded.has_value()) << (decoded ? "" : decoded.error().message());
    return decoded ? *decoded : Input{};
}

}  // namespace clarion::engine::testing
