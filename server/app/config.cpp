// SPDX-License-Identifier: Apache-2.0
#include "server/app/config.hpp"

#include <arpa/inet.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <concepts>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <limits>
#include <system_error>

#include "net/url.hpp"
#include "server/app/config_file.hpp"
#include "server/ports/policy_described.hpp"

namespace clarion::server {
namespace {

using Set = std::function<std::optional<std::string>(Config&, const std::string&)>;

std::string quoted(const std::string& value) {
    return '"' + (value.size() > 80 ? value.substr(0, 80) + "..." : value) + '"';
}

template <class Place>
Set text(Place place) {
    return [place](Config& config, const std::string& value) -> std::optional<std::string> {
        if (value.empty()) return "text that is not empty";
        place(config) = value;
        return std::nullopt;
    };
}

std::optional<std::int64_t> number_in(const std::string& value, std::int64_t min, std::int64_t max) {
    std::int64_t number = 0;
    const char* end = value.data() + value.size();
    const auto [stop, error] = std::from_chars(value.data(), end, number);
    if (error != std::errc{} || stop != end || number < min || number > max) return std::nullopt;
    return number;
}

/// `store` takes the checked number.
template <class Store>
Set number(std::int64_t min, std::int64_t max, Store store) {
    return [min, max, store](Config& config, const std::string& value) -> std::optional<std::string> {
        const auto found = number_in(value, min, max);
        if (!found) return "a whole number from " + std::to_string(min) + " to " + std::to_string(max);
        store(config, *found);
        return std::nullopt;
    };
}

template <class Value, std::size_t N, class Place>
Set word(std::array<std::pair<std::string_view, Value>, N> words, Place place) {
    return [words, place](Config& config, const std::string& value) -> std::optional<std::string> {
        std::string allowed;
        for (const auto& [name, meaning] : words) {
            if (name == value) {
                place(config) = meaning;
                return std::nullopt;
            }
            allowed += (allowed.empty() ? "" : ", ") + std::string{name};
        }
        return "one of " + allowed;
    };
}

/// An http(s) URL. https only, unless the host is this machine (a local push service).
template <class Place>
Set url(Place place) {
    return [place](Config& config, const std::string& value) -> std::optional<std::string> {
        const auto parsed = net::parse_url(value);
        const bool is_http = parsed && (parsed->scheme == "http" || parsed->scheme == "https");
        const bool is_here = parsed && (is_loopback(parsed->host) || parsed->host == "localhost");
        if (!is_http || (!parsed->is_tls && !is_here)) return "an https:// URL (http:// only for this machine)";
        place(config) = value;
        return std::nullopt;
    };
}

std::optional<std::string> set_address(Config& config, const std::string& value) {
    const std::string address = value == "localhost" ? "127.0.0.1" : value;
    std::array<unsigned char, sizeof(in6_addr)> bytes{};
    const bool is_ip = inet_pton(AF_INET, address.c_str(), bytes.data()) == 1 ||
                       inet_pton(AF_INET6, address.c_str(), bytes.data()) == 1;
    if (!is_ip) return "an IP address of this machine, 0.0.0.0 or :: for all";
    config.listen_address = address;
    return std::nullopt;
}

#define CLARION_FIELD(member) [](Config& c) -> auto& { return c.member; }

using Switch = std::array<std::pair<std::string_view, bool>, 2>;

/// Where a policy stands in the configuration.
struct PolicyRow {
    std::string_view key;  ///< what follows the '.', or all of it, is its name
    std::string_view help;
};

constexpr std::array<PolicyRow, 10> kPolicyRows{{
    {"ring_time_ms", "how long a call rings"},
    {"accept_grace_ms", "how long an accept may still be under way after that"},
    {"socket_grace_ms", "how long a connected device may be silent before it gets a push"},
    {"reconnect_grace_ms", "how long a side of a call without media may be away"},
    {"call_time_max_s", "how long an answered call may last"},
    {"policy.glare", "two calls that cross"},
    {"policy.do_not_disturb", "calls to a user who does not want any"},
    {"policy.blocked_callers", "calls of somebody whom the callee blocked"},
    {"policy.decline_ends_all", "one device's decline declines everywhere"},
    {"policy.busy_ends_all", "one busy device makes its user busy"},
}};

template <class Value>
std::optional<Value> policy_from(const std::string& value, const Limits& limits) {
    if constexpr (std::same_as<Value, bool>) {
        return value == "true" ? std::optional{true} : value == "false" ? std::optional{false} : std::nullopt;
    } else if constexpr (DescribedEnum<Value>) {
        return enum_from<Value>(value);
    } else {
        const auto number = number_in(value, limits.min, limits.max);
        return number ? std::optional{static_cast<Value>(*number)} : std::nullopt;
    }
}

template <class Value>
Set policy(const Field<ServicePolicy, std::optional<Value>>& one) {
    return [one](Config& config, const std::string& value) -> std::optional<std::string> {
        const auto found = policy_from<Value>(value, one.limits);
        if (!found) return policy_takes(one);
        config.policy.*one.member = found;
        return std::nullopt;
    };
}

/// What becomes of a call, where its service does not say it: core/routing decides by it.
std::vector<Setting> policy_settings() {
    using AllOfThem = std::remove_cvref_t<decltype(Describe<ServicePolicy>::limited)>;
    static_assert(std::tuple_size_v<AllOfThem> == kPolicyRows.size(), "each policy has its row");
    std::vector<Setting> all;
    for_each_policy([&](const auto& one) {
        const auto row = std::ranges::find_if(kPolicyRows, [&](const PolicyRow& row) {
            return row.key.substr(row.key.find('.') + 1) == one.name;
        });
        if (row != kPolicyRows.end()) all.push_back({row->key, row->help, policy(one)});
    });
    return all;
}

/// The keys for pushes, and where the providers are.
std::vector<Setting> push_settings() {
    const auto floor = [](Config& c, std::int64_t n) { c.push.fcm.retry_floor = Duration{n}; };
    const auto waiting = [](Config& c, std::int64_t n) {
        const auto most = static_cast<std::size_t>(n);
        c.push.apns.waiting_max = c.push.fcm.waiting_max = c.push.webpush.waiting_max = most;
    };
    return {
        {"apns.endpoint", "APNs, production", url(CLARION_FIELD(push.apns.endpoint))},
        {"apns.sandbox_endpoint", "APNs, sandbox", url(CLARION_FIELD(push.apns.sandbox_endpoint))},
        {"apns.ca_file", "PEM authorities of APNs; unset: the system's", text(CLARION_FIELD(push.apns.ca_file))},
        {"apns.key_file", "Apple's AuthKey_....p8; setting it switches APNs on", text(CLARION_FIELD(push.apns.key_file))
        },
        {"apns.key_id", "its 10 characters", text(CLARION_FIELD(push.apns.key_id))},
        {"apns.team_id", "Apple's 10 characters of the team", text(CLARION_FIELD(push.apns.team_id))},
        {"apns.topic", "bundle id of the app", text(CLARION_FIELD(push.apns.topic))},
        {"apns.now_or_never", "true: Apple tries each ring once",
         word(Switch{{{"false", false}, {"true", true}}}, CLARION_FIELD(push.apns.now_or_never))},
        {"fcm.endpoint", "FCM", url(CLARION_FIELD(push.fcm.endpoint))},
        {"fcm.ca_file", "PEM authorities of FCM; unset: the system's", text(CLARION_FIELD(push.fcm.ca_file))},
        {"fcm.service_account_file", "Google's JSON; setting it switches FCM on",
         text(CLARION_FIELD(push.fcm.service_account_file))},
        {"fcm.token_uri", "OAuth token endpoint; unset: the service account's", url(CLARION_FIELD(push.fcm.token_uri))},
        {"fcm.retry_floor_ms", "wait before the repeat after a failure of FCM", number(0, 60'000, floor)},
        {"webpush.key_file", "VAPID key of browsers' and UnifiedPush endpoints; setting it switches both on",
         text(CLARION_FIELD(push.webpush.key_file))},
        {"webpush.subject", "mailto: or https: address for the push services' operators",
         text(CLARION_FIELD(push.webpush.subject))},
        {"webpush.ca_file", "PEM authorities of push services; unset: the system's",
         text(CLARION_FIELD(push.webpush.ca_file))},
        {"webpush.allow_private", "true: endpoints may lead into private networks",
         word(Switch{{{"false", false}, {"true", true}}}, CLARION_FIELD(push.webpush.allow_private))},
        {"push.waiting_max", "pushes that one provider may keep waiting", number(100, 10'000'000, waiting)},
        {"push.check", "false: do not ask the providers at the start whether they take the keys",
         word(Switch{{{"false", false}, {"true", true}}}, CLARION_FIELD(push_check))},
        {"push.services_dir", "directory with SERVICE.toml: keys of single services",
         text(CLARION_FIELD(push_services_dir))},
    };
}

std::vector<Setting> other_settings() {
    using Levels = std::array<std::pair<std::string_view, log::Level>, 5>;
    using Formats = std::array<std::pair<std::string_view, log::Format>, 2>;
    const auto port = [](Config& c, std::int64_t n) { c.listen_port = static_cast<std::uint16_t>(n); };
    const auto a_minute = [](Config& c, std::int64_t n) { c.calls_per_minute = static_cast<std::uint32_t>(n); };
    const auto days = [](Config& c, std::int64_t n) { c.history_days = static_cast<std::uint32_t>(n); };
    const auto devices = [](Config& c, std::int64_t n) { c.devices_per_user = static_cast<std::uint32_t>(n); };
    const auto calls = [](Config& c, std::int64_t n) { c.calls_per_device = static_cast<std::uint32_t>(n); };
    const auto frames = [](Config& c, std::int64_t n) { c.frames_per_second = static_cast<std::uint32_t>(n); };
    return {
        {"listen.address", "IP address to listen on", set_address},
        {"listen.port", "port to listen on; 0: the system picks one", number(0, 65'535, port)},
        {"tls.certificate", "PEM file: certificate, then its chain", text(CLARION_FIELD(tls_certificate))},
        {"tls.key", "PEM file: private key of the certificate", text(CLARION_FIELD(tls_key))},
        {"data_dir", "directory for the database and the server's keys", text(CLARION_FIELD(data_dir))},
        {"admin_key_file", "file with the admin key", text(CLARION_FIELD(admin_key_file))},
        {"public_url", "https URL under which clients reach this server", url(CLARION_FIELD(public_url))},
        {"history_days", "how long ended calls and traces are kept", number(1, 3'650, days)},
        {"limits.devices_per_user", "devices of one user", number(1, 1'000, devices)},
        {"limits.calls_per_device", "live calls that one device may have placed", number(1, 1'000, calls)},
        {"limits.calls_per_minute", "calls of one user to another", number(1, 1'000, a_minute)},
        {"limits.frames_per_second", "messages a second of one device", number(1, 10'000, frames)},
        {"log.level", "what is logged",
         word(
             Levels{
                 {{"debug", log::Level::debug},
                  {"info", log::Level::info},
                  {"warn", log::Level::warn},
                  {"error", log::Level::error},
                  {"off", log::Level::off}}
             },
             CLARION_FIELD(log_level)
         )},
        {"log.format", "how it is written",
         word(Formats{{{"text", log::Format::text}, {"json", log::Format::json}}}, CLARION_FIELD(log_format))},
    };
}

#undef CLARION_FIELD

std::string joined(std::string_view prefix, std::string_view key, char separator) {
    std::string text{prefix};
    for (const char c : key) text += c == '.' || c == '_' ? separator : c;
    return text;
}

using Applied = std::expected<void, std::string>;

Applied apply(Config& config, const Setting& setting, const std::string& value, const std::string& place) {
    if (const auto allowed = setting.set(config, value)) {
        return std::unexpected{
            place + ": " + std::string{setting.key} + " = " + quoted(value) + " is not allowed; it takes " + *allowed
        };
    }
    return {};
}

const Setting* find_setting(std::string_view key) {
    for (const Setting& setting : settings()) {
        if (setting.key == key) return &setting;
    }
    return nullptr;
}

/// The known key that looks most like it, for the error text.
std::string near_keys(std::string_view key) {
    const std::string_view last = key.substr(key.rfind('.') == std::string_view::npos ? 0 : key.rfind('.') + 1);
    std::string all;
    for (const Setting& setting : settings()) {
        const bool same_section =
            key.find('.') != std::string_view::npos && setting.key.starts_with(key.substr(0, key.find('.') + 1));
        if (same_section || setting.key.ends_with(last)) all += (all.empty() ? "" : ", ") + std::string{setting.key};
    }
    return all.empty() ? "see clariond --help" : "did you mean " + all + "?";
}

/// `allowed`: which keys may stand there.
Applied apply_file(Config& config, const std::string& file, bool (*allowed)(std::string_view)) {
    const auto entries = read_config_file(file);
    if (!entries) return std::unexpected{entries.error()};
    for (const ConfigEntry& entry : *entries) {
        const std::string place = file + ":" + std::to_string(entry.line);
        const Setting* setting = find_setting(entry.key);
        if (setting == nullptr)
            return std::unexpected{place + ": there is no setting " + entry.key + "; " + near_keys(entry.key)};
        if (!allowed(setting->key))
            return std::unexpected{place + ": " + entry.key + " is no setting of a service; apns, fcm and webpush are"};
        if (!entry.value)
            return std::unexpected{place + ": " + entry.key + " takes a text, a number or true and false"};
        if (auto applied = apply(config, *setting, *entry.value, place); !applied) return applied;
    }
    return {};
}

/// The admin key: from its file (which nobody else may read) or from the environment.
Applied read_admin_key(Config& config, const ConfigSources& sources) {
    if (sources.environment) {
        if (const auto key = sources.environment("CLARION_ADMIN_KEY")) config.admin_key = Redacted{*key};
    }
    if (!config.admin_key_file.empty()) {
        errno = 0;
        std::ifstream in{config.admin_key_file};
        const int error = in ? 0 : errno;
        std::string line;
        if (!in || !std::getline(in, line)) {
            const std::string why = error != 0 ? std::generic_category().message(error) : "it is empty";
            return std::unexpected{"admin_key_file " + config.admin_key_file + ": cannot be read: " + why};
        }
        while (!line.empty() && (line.back() == '\r' || line.back() == ' ')) line.pop_back();
        config.admin_key = Redacted{line};
    }
    const std::size_t length = config.admin_key.reveal().size();
    if (length != 0 && (length < 16 || length > 256))
        return std::unexpected{"the admin key must have 16 to 256 characters"};
    return {};
}

Applied check_push(const PushConfig& push, const std::string& place) {
    if (push.has_apns() && (push.apns.key_id.empty() || push.apns.team_id.empty())) {
        return std::unexpected{place + "apns.key_file also needs apns.key_id and apns.team_id"};
    }
    if (push.has_webpush() && push.webpush.subject.empty()) {
        return std::unexpected{place + "webpush.key_file also needs webpush.subject (mailto:you@your.domain)"};
    }
    return {};
}

Applied check_whole(const Config& config) {
    if (config.tls_certificate.empty() != config.tls_key.empty()) {
        return std::unexpected{
            "tls.certificate and tls.key go together; " +
            std::string{config.tls_key.empty() ? "tls.key" : "tls.certificate"} + " is missing"
        };
    }
    if (!config.has_tls() && !is_loopback(config.listen_address)) {
        return std::unexpected{
            "listen.address = \"" + config.listen_address +
            "\" is reachable from outside, so tls.certificate and tls.key are needed; "
            "without TLS only a loopback address (127.0.0.1) is allowed"
        };
    }
    return check_push(config.push, "");
}

/// Each SERVICE.toml starts from the server's settings without its keys.
Applied read_services(Config& config) {
    if (config.push_services_dir.empty()) return {};
    std::error_code error;
    std::vector<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::directory_iterator{config.push_services_dir, error}) {
        if (entry.path().extension() == ".toml") files.push_back(entry.path());
    }
    if (error) {
        return std::unexpected{
            "push.services_dir " + config.push_services_dir + ": cannot be read: " + error.message()
        };
    }
    std::ranges::sort(files);
    for (const auto& file : files) {
        const std::string service = file.stem().string();
        if (!ServiceId::parse(service)) {
            return std::unexpected{file.string() + ": the file's name is no service id (SERVICE.toml)"};
        }
        Config own;
        own.push = config.push;
        own.push.apns.key_file.clear();
        own.push.fcm.service_account_file.clear();
        own.push.webpush.key_file.clear();
        const auto is_push = [](std::string_view key) {
            return key.starts_with("apns.") || key.starts_with("fcm.") || key.starts_with("webpush.");
        };
        if (auto applied = apply_file(own, file.string(), is_push); !applied) return applied;
        if (auto checked = check_push(own.push, file.string() + ": "); !checked) return checked;
        config.service_push.emplace(service, std::move(own.push));
    }
    return {};
}

}  // namespace

std::span<const Setting> settings() {
    static const std::vector<Setting> all = [] {
        std::vector<Setting> both = other_settings();
        for (Setting& setting : push_settings()) both.push_back(std::move(setting));
        for (Setting& setting : policy_settings()) both.push_back(std::move(setting));
        return both;
    }();
    return all;
}

std::string flag_of(const Setting& setting) { return joined("--", setting.key, '-'); }

std::string environment_of(const Setting& setting) {
    std::string name = joined("CLARION_", setting.key, '_');
    for (char& c : name) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    return name;
}

bool is_loopback(std::string_view address) { return address.starts_with("127.") || address == "::1"; }

std::expected<Config, std::string> load_config(const ConfigSources& sources) {
    Config config;
    if (!sources.file.empty()) {
        const auto any = [](std::string_view) { return true; };
        if (auto applied = apply_file(config, sources.file, any); !applied) return std::unexpected{applied.error()};
    }
    for (const Setting& setting : settings()) {
        const std::string name = environment_of(setting);
        const auto value = sources.environment ? sources.environment(name) : std::nullopt;
        if (!value) continue;
        if (auto applied = apply(config, setting, *value, "environment " + name); !applied)
            return std::unexpected{applied.error()};
    }
    for (const auto& [key, value] : sources.flags) {
        const Setting* setting = find_setting(key);
        if (setting == nullptr) return std::unexpected{"there is no setting " + key};
        if (auto applied = apply(config, *setting, value, "flag " + flag_of(*setting)); !applied)
            return std::unexpected{applied.error()};
    }
    if (auto read = read_admin_key(config, sources); !read) return std::unexpected{read.error()};
    if (auto checked = check_whole(config); !checked) return std::unexpected{checked.error()};
    if (auto services = read_services(config); !services) return std::unexpected{services.error()};
    return config;
}

}  // namespace clarion::server
