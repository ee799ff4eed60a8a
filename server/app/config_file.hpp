// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <expected>
#include <optional>
#include <string>
#include <vector>

namespace clarion::server {

/// One value of a configuration file, with the key of its table ("apns.key_id").
struct ConfigEntry {
    std::string key;
    std::optional<std::string> value;  ///< text, whole number, true or false as text; nullopt: anything else
    unsigned line = 0;
};

/// Reads TOML. The error is one line with file, line and what is wrong.
[[nodiscard]] std::expected<std::vector<ConfigEntry>, std::string> read_config_file(const std::string& file);

}  // namespace clarion::server
