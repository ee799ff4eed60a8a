// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <expected>
#include <filesystem>
#include <string>

#include "core/base/time.hpp"

namespace clarion::tool {

/// A server and the right to use it. The secret never goes to a log or to the screen.
struct Access {
    std::string server;   // "https://host:port"
    std::string ca_file;  // Empty: the system's authorities.
    std::string service;
    std::string api_key;
    std::string api_secret;
};

/// What the command line says; empty fields were not given.
struct AccessOptions {
    std::string server;
    std::string ca_file;
    std::string api_key_file;  // JSON with api_key and api_secret, as `clarion service add` writes it.
    std::string service;
};

enum class Needs : std::uint8_t { server, api_key };

/// Options first, then CLARION_SERVER, CLARION_CA, CLARION_API_KEY and CLARION_API_SECRET, then the profile.
/// Error: one line that says what is missing and how to give it.
[[nodiscard]] std::expected<Access, std::string> resolve_access(const AccessOptions& options, Needs needs);

/// $CLARION_PROFILE, or ~/.config/clarion/profile.json (XDG_CONFIG_HOME is honoured).
[[nodiscard]] std::filesystem::path profile_file();

/// Makes the folder; the file is for its owner alone (0600).
[[nodiscard]] std::expected<void, std::string> save_access(const std::filesystem::path& file, const Access& access);
[[nodiscard]] std::expected<Access, std::string> load_access(const std::filesystem::path& file);

/// "250ms", "2s", "1.5s", "10m", "1h"; a bare number is seconds. At most 30 days.
[[nodiscard]] std::expected<Duration, std::string> parse_duration(std::string_view text);

}  // namespace clarion::tool
