// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <expected>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/redacted.hpp"
#include "core/base/time.hpp"
#include "server/adapters/apns/apns_sender.hpp"
#include "server/adapters/fcm/fcm_sender.hpp"
#include "server/adapters/webpush/webpush_sender.hpp"
#include "server/app/log.hpp"
#include "server/ports/policy.hpp"

namespace clarion::server {

/// The credentials for pushes: of this server, or of one service.
struct PushConfig {
    apns::ApnsConfig apns;
    fcm::FcmConfig fcm;
    webpush::WebPushConfig webpush;

    [[nodiscard]] bool has_apns() const { return !apns.key_file.empty(); }
    [[nodiscard]] bool has_fcm() const { return !fcm.service_account_file.empty(); }
    [[nodiscard]] bool has_webpush() const { return !webpush.key_file.empty(); }
};

/// Everything that an operator may set. The defaults are those of docs/operate.md.
struct Config {
    std::string listen_address = "127.0.0.1";
    std::uint16_t listen_port = 8443;
    std::string tls_certificate;
    std::string tls_key;
    std::string data_dir = "/var/lib/clarion";
    std::string admin_key_file;
    Redacted<std::string> admin_key;  ///< from the file or CLARION_ADMIN_KEY; empty: no admin resources
    std::string public_url;
    ServicePolicy policy;  ///< of services that do not decide themselves
    std::uint32_t history_days = 30;
    std::uint32_t devices_per_user = 64;
    std::uint32_t calls_per_device = 8;
    std::uint32_t calls_per_minute = 10;
    std::uint32_t frames_per_second = 30;
    log::Level log_level = log::Level::info;
    log::Format log_format = log::Format::text;
    PushConfig push;
    bool push_check = true;
    std::string push_services_dir;
    std::map<std::string, PushConfig> service_push;  ///< by service, from push_services_dir

    [[nodiscard]] bool has_tls() const { return !tls_certificate.empty(); }
};

/// One key of the file. Its flag is "--" and its environment variable "CLARION_" and the key, with '-' or '_' for '.'.
struct Setting {
    std::string_view key;
    std::string_view help;
    /// Takes a value; otherwise says what is allowed.
    std::function<std::optional<std::string>(Config&, const std::string&)> set;
};

[[nodiscard]] std::span<const Setting> settings();
[[nodiscard]] std::string flag_of(const Setting& setting);
[[nodiscard]] std::string environment_of(const Setting& setting);

/// Where the values come from, weakest first: the file, the environment, the flags.
struct ConfigSources {
    std::string file;                                                           ///< TOML; empty: none
    std::function<std::optional<std::string>(const std::string&)> environment;  ///< by name
    std::vector<std::pair<std::string, std::string>> flags;                     ///< key of the setting, value
};

/// Reads, checks each value and then the whole. The error is one line that names the place (file and line, variable or
/// flag), the key, and what is allowed. Unknown keys are errors.
[[nodiscard]] std::expected<Config, std::string> load_config(const ConfigSources& sources);

/// True for 127.0.0.0/8 and ::1.
[[nodiscard]] bool is_loopback(std::string_view address);

}  // namespace clarion::server
