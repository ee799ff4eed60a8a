// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <expected>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/base/ids.hpp"
#include "core/base/redacted.hpp"
#include "core/protocol/messages.hpp"

namespace clarion::native {

/// Who this device is and whom it trusts: what `clarion device add` writes and a Client reads. In `DIR/device.json`;
/// the secret key of its pushes stands beside it in `DIR/box.key` (0600) and never in this file.
struct DeviceState {
    std::string server;   // "https://host:port"
    std::string ca_file;  // Empty: the system's authorities.
    ServiceId service;
    UserId user;
    DeviceId device;
    protocol::Platform platform = protocol::Platform::desktop;
    std::optional<Redacted<std::string>> token;  // Access token: to place calls and to be online.
    std::vector<std::string> verify_keys;        // Ed25519, base64url: whose invites make this device ring.
};

[[nodiscard]] std::filesystem::path device_file(const std::filesystem::path& directory);
[[nodiscard]] std::filesystem::path box_key_file(const std::filesystem::path& directory);
[[nodiscard]] std::filesystem::path journal_file(const std::filesystem::path& directory);

/// Errors: one line that names the file and what is wrong with it, for the person who set the device up.
[[nodiscard]] std::expected<DeviceState, std::string> load_device(const std::filesystem::path& directory);

/// Makes the directory (0700) when it is not there and replaces the file (0600: it may hold a token) in one step.
[[nodiscard]] std::expected<void, std::string> save_device(
    const std::filesystem::path& directory, const DeviceState& state
);

}  // namespace clarion::native
