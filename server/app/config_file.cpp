// SPDX-License-Identifier: Apache-2.0
#include "server/app/config_file.hpp"

#define TOML_EXCEPTIONS 0
#define TOML_ENABLE_FORMATTERS 0
#include <toml++/toml.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <system_error>

namespace clarion::server {
namespace {

constexpr std::size_t kFileMax = 256 * 1024;

std::optional<std::string> text_of(const toml::node& node) {
    if (const auto* text = node.as_string()) return text->get();
    if (const auto* number = node.as_integer()) return std::to_string(number->get());
    if (const auto* boolean = node.as_boolean()) return boolean->get() ? "true" : "false";
    return std::nullopt;
}

void collect(const toml::table& table, const std::string& prefix, std::vector<ConfigEntry>& entries) {
    for (const auto& [key, node] : table) {
        const std::string name = prefix + std::string{key.str()};
        if (const auto* inner = node.as_table()) {
            collect(*inner, name + ".", entries);
        } else {
            entries.push_back({name, text_of(node), node.source().begin.line});
        }
    }
}

}  // namespace

std::expected<std::vector<ConfigEntry>, std::string> read_config_file(const std::string& file) {
    errno = 0;
    std::ifstream in{file, std::ios::binary};
    std::error_code ignored;
    const bool is_folder = std::filesystem::is_directory(file, ignored);
    if (!in || is_folder) {
        const int error = is_folder ? EISDIR : errno;
        return std::unexpected{file + ": cannot be read: " + std::generic_category().message(error)};
    }
    std::ostringstream all;
    all << in.rdbuf();
    const std::string text = all.str();
    if (text.size() > kFileMax) return std::unexpected{file + ": is larger than 256 kB; is it a configuration file?"};
    const toml::parse_result parsed = toml::parse(text, file);
    if (!parsed) {
        const auto& error = parsed.error();
        return std::unexpected{
            file + ":" + std::to_string(error.source().begin.line) + ": not TOML: " + std::string{error.description()}
        };
    }
    std::vector<ConfigEntry> entries;
    collect(parsed.table(), "", entries);
    // The table is sorted by name; the first fault of the file should be the first that is told.
    std::ranges::stable_sort(entries, {}, &ConfigEntry::line);
    return entries;
}

}  // namespace clarion::server
