// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "core/base/time.hpp"
#include "tools/clarion/access.hpp"

/// The commands that set a service up. Each returns the exit code of the program: 0, or 1 after one line on stderr.
namespace clarion::tool {

enum class Format : std::uint8_t { text, json };

struct ServiceAdd {
    std::string id;
    std::string name;
    std::string admin_key_file;
    std::string save_to;  // Empty: the profile. "-": nowhere, the secret is printed.
    Format format = Format::text;
};

struct UserAdd {
    std::string user;
    std::string name;
};

struct DeviceAdd {
    std::string user;
    std::string device;
    std::string platform = "desktop";
    std::string state_directory;
    std::string push_provider;  // Empty: no push, only reachable while online.
    std::string push_token;
    std::string push_topic;
    std::string push_environment;
    std::string push_p256dh;
    std::string push_auth;
    Duration token_ttl{24 * 3600 * 1000};  // 0: no token: the device can be rung by push and nothing else.
};

struct TokenMake {
    std::string user;
    std::string device;           // Empty: good for any device of the user.
    std::string state_directory;  // Not empty: put it into this device instead of printing it.
    Duration ttl{3600 * 1000};
    Format format = Format::text;
};

[[nodiscard]] int service_add(const AccessOptions& access, const ServiceAdd& command);
[[nodiscard]] int user_add(const AccessOptions& access, const UserAdd& command);
[[nodiscard]] int device_add(const AccessOptions& access, const DeviceAdd& command);
[[nodiscard]] int token_make(const AccessOptions& access, const TokenMake& command);

/// Prints "clarion: TEXT" on stderr; always 1.
int fail(std::string_view text);

}  // namespace clarion::tool
