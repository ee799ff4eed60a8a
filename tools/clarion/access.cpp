// SPDX-License-Identifier: Apache-2.0
#include "tools/clarion/access.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <cstdlib>
#include <string_view>
#include <system_error>

#include "core/codec/described.hpp"
#include "sdk/native/files.hpp"

namespace clarion {

template <>
struct Describe<tool::Access> {
    using T = tool::Access;
    static constexpr std::string_view name = "access";
    static constexpr auto fields = std::tuple{
        optional_field("server", &T::server, {.length_max = 1024}),
        optional_field("ca_file", &T::ca_file, {.length_max = 4096}),
        optional_field("service", &T::service, {.length_max = 64}),
        optional_field("api_key", &T::api_key, {.length_max = 256}),
        optional_field("api_secret", &T::api_secret, {.length_max = 256}),
    };
};

}  // namespace clarion

namespace clarion::tool {
namespace {

std::string environment(const char* name) {
    const char* value = std::getenv(name);
    return value == nullptr ? std::string{} : std::string{value};
}

/// The first one that is not empty.
std::string first_of(std::initializer_list<std::string> values) {
    for (const auto& value : values) {
        if (!value.empty()) return value;
    }
    return {};
}

}  // namespace

std::filesystem::path profile_file() {
    if (const auto file = environment("CLARION_PROFILE"); !file.empty()) return file;
    const auto config = environment("XDG_CONFIG_HOME");
    const std::filesystem::path base =
        config.empty() ? std::filesystem::path{environment("HOME")} / ".config" : std::filesystem::path{config};
    return base / "clarion" / "profile.json";
}

std::expected<void, std::string> save_access(const std::filesystem::path& file, const Access& access) {
    std::error_code failed;
    if (file.has_parent_path()) std::filesystem::create_directories(file.parent_path(), failed);
    if (failed) {
        return std::unexpected{fmt::format("cannot make {}: {}", file.parent_path().string(), failed.message())};
    }
    return native::replace_file(file, codec::encode(access) + "\n");
}

std::expected<Access, std::string> load_access(const std::filesystem::path& file) {
    const auto text = native::read_file(file, 64 * 1024);
    if (!text) return std::unexpected{text.error()};
    if (!*text) return std::unexpected{fmt::format("{} is not there", file.string())};
    auto access = codec::decode<Access>(**text);
    if (!access) return std::unexpected{fmt::format("{}: {}", file.string(), access.error().message())};
    return std::move(*access);
}

std::expected<Access, std::string> resolve_access(const AccessOptions& options, Needs needs) {
    Access profile;
    std::error_code unreadable;
    if (const auto file = profile_file(); std::filesystem::exists(file, unreadable)) {
        auto loaded = load_access(file);
        if (!loaded) return std::unexpected{loaded.error()};
        profile = std::move(*loaded);
    }
    Access key{.api_key = environment("CLARION_API_KEY"), .api_secret = environment("CLARION_API_SECRET")};
    if (!options.api_key_file.empty()) {
        auto loaded = load_access(options.api_key_file);
        if (!loaded) return std::unexpected{loaded.error()};
        key = std::move(*loaded);
    }
    // Key and secret belong together: never one from here and one from there.
    const auto& pair = key.api_key.empty() ? profile : key;
    Access access{
        .server = first_of({options.server, environment("CLARION_SERVER"), pair.server, profile.server}),
        .ca_file = first_of({options.ca_file, environment("CLARION_CA"), pair.ca_file, profile.ca_file}),
        .service = first_of({options.service, pair.service, profile.service}),
        .api_key = pair.api_key,
        .api_secret = pair.api_secret,
    };
    if (access.server.empty()) {
        return std::unexpected{std::string{
            "which server? Give --server https://HOST:PORT, set CLARION_SERVER, or run `clarion service add` once"
        }};
    }
    if (needs == Needs::api_key && (access.api_key.empty() || access.api_secret.empty())) {
        return std::unexpected{std::string{
            "no API key: run `clarion service add` once, give --api-key-file FILE, or set CLARION_API_KEY and "
            "CLARION_API_SECRET"
        }};
    }
    return access;
}

std::expected<Duration, std::string> parse_duration(std::string_view text) {
    constexpr double kMaxMs = 30.0 * 24 * 3600 * 1000;
    double value = 0;
    const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), value);
    const auto unit = text.substr(static_cast<std::size_t>(end - text.data()));
    double factor = 0;
    if (unit == "ms") factor = 1;
    if (unit == "s" || unit.empty()) factor = 1'000;
    if (unit == "m") factor = 60'000;
    if (unit == "h") factor = 3'600'000;
    const double ms = value * factor;
    if (fault != std::errc{} || factor == 0 || !(ms >= 0) || ms > kMaxMs) {
        return std::unexpected{fmt::format("'{}' is no length of time: write 250ms, 2s, 10m or 1h", text)};
    }
    return Duration{std::llround(ms)};
}

}  // namespace clarion::tool
