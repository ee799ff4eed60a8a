// SPDX-License-Identifier: Apache-2.0
#include "sdk/native/journal.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cstdint>
#include <system_error>
#include <utility>

#include "sdk/native/files.hpp"

namespace clarion::native {
namespace {

constexpr std::string_view kMagic = "clarion-journal 1 ";
constexpr std::string_view kUnknownBoot = "unknown";

/// Against damage by a disk or an editor, not against people: whoever can write here is the user.
std::uint64_t fnv1a(std::string_view bytes) {
    std::uint64_t hash = 0xCBF29CE484222325ULL;
    for (const char c : bytes) {
        hash ^= static_cast<std::uint8_t>(c);
        hash *= 0x100000001B3ULL;
    }
    return hash;
}

struct Header {
    std::string_view boot_id;
    std::uint64_t length = 0;
    std::uint64_t hash = 0;
};

std::optional<std::string_view> take_word(std::string_view& line) {
    const auto end = line.find(' ');
    const auto word = line.substr(0, end);
    line = end == std::string_view::npos ? std::string_view{} : line.substr(end + 1);
    if (word.empty()) return std::nullopt;
    return word;
}

std::optional<std::uint64_t> number(std::optional<std::string_view> word, int base) {
    std::uint64_t value = 0;
    if (!word) return std::nullopt;
    const auto [end, fault] = std::from_chars(word->data(), word->data() + word->size(), value, base);
    if (fault != std::errc{} || end != word->data() + word->size()) return std::nullopt;
    return value;
}

std::optional<Header> parse_header(std::string_view line) {
    if (!line.starts_with(kMagic)) return std::nullopt;
    line.remove_prefix(kMagic.size());
    const auto boot_id = take_word(line);
    const auto length = number(take_word(line), 10);
    const auto hash = number(take_word(line), 16);
    if (!boot_id || !length || !hash || !line.empty()) return std::nullopt;
    return Header{*boot_id, *length, *hash};
}

}  // namespace

Journal::Journal(std::filesystem::path file, std::string boot_id)
    : file_{std::move(file)}, boot_id_{std::move(boot_id)} {}

std::expected<std::optional<JournalEntry>, JournalError> Journal::load() {
    std::error_code ignored;
    const auto length = std::filesystem::file_size(file_, ignored);
    if (!ignored && length > kJournalMax) return std::unexpected{damaged()};
    auto bytes = read_file(file_, kJournalMax);
    if (!bytes) return std::unexpected{JournalError{JournalError::Kind::unreadable, bytes.error()}};
    if (!*bytes) return std::optional<JournalEntry>{};
    const std::string_view text{**bytes};
    const auto line_end = text.find('\n');
    const auto header = parse_header(text.substr(0, line_end));
    const auto snapshot = line_end == std::string_view::npos ? std::string_view{} : text.substr(line_end + 1);
    if (!header || snapshot.size() != header->length || fnv1a(snapshot) != header->hash) {
        return std::unexpected{damaged()};
    }
    const bool same_boot = header->boot_id == boot_id_ && boot_id_ != kUnknownBoot;
    return std::optional{JournalEntry{std::string{snapshot}, same_boot}};
}

JournalError Journal::damaged() {
    set_aside();
    return {
        JournalError::Kind::damaged,
        fmt::format(
            "{} is damaged: moved to {}.damaged, starting without the calls it held", file_.string(), file_.string()
        ),
    };
}

std::expected<void, std::string> Journal::store(std::string_view snapshot) {
    if (snapshot.size() > kJournalMax - 256) {
        return std::unexpected{
            fmt::format("the snapshot of {} bytes is too large for {}", snapshot.size(), file_.string())
        };
    }
    auto bytes = fmt::format("{}{} {} {:016x}\n", kMagic, boot_id_, snapshot.size(), fnv1a(snapshot));
    bytes += snapshot;
    // What a killed process left is there either way; after a loss of power the phone no longer rings, and the server
    // tells the rest.
    return replace_file(file_, bytes, Durability::whole);
}

void Journal::set_aside() {
    auto aside = file_;
    aside += ".damaged";
    std::error_code ignored;
    std::filesystem::rename(file_, aside, ignored);
}

std::string system_boot_id() {
    const auto text = read_file("/proc/sys/kernel/random/boot_id", 256);
    if (!text || !*text) return std::string{kUnknownBoot};
    const auto end = (*text)->find_first_of(" \r\n");
    auto id = (*text)->substr(0, end);
    return id.empty() ? std::string{kUnknownBoot} : id;
}

}  // namespace clarion::native
