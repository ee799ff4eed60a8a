// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

/// Small files that must survive a crash at any point.
namespace clarion::native {

/// The whole file. nullopt when there is none; an error line when it cannot be read or is larger than `length_max`.
[[nodiscard]] std::expected<std::optional<std::string>, std::string> read_file(
    const std::filesystem::path& file, std::size_t length_max
);

enum class Durability : std::uint8_t {
    whole,   // The old or the new file, whole, after any crash; a loss of power may bring the old one back.
    newest,  // After the return the new one, whatever happens: the rename is synced as well, which costs as much again.
};

/// Either the old file stays or the new one is complete, whatever dies in between: written beside it (0600), synced and
/// renamed over it. Error: one line that names the file.
[[nodiscard]] std::expected<void, std::string> replace_file(
    const std::filesystem::path& file, std::string_view bytes, Durability durability = Durability::newest
);

/// Makes the directory where it is not there, for this user only (0700). Error: one line that names it.
[[nodiscard]] std::expected<void, std::string> make_private_directory(const std::filesystem::path& directory);

/// Holds a directory for one process (flock): two engines over one journal would undo each other's calls. The kernel
/// lets go when the process dies.
class DirectoryLock {
  public:
    /// Error: one line, when another process holds it or the directory cannot be written.
    [[nodiscard]] static std::expected<DirectoryLock, std::string> take(const std::filesystem::path& directory);

    DirectoryLock(DirectoryLock&& other) noexcept;
    DirectoryLock& operator=(DirectoryLock&& other) noexcept;
    DirectoryLock(const DirectoryLock&) = delete;
    DirectoryLock& operator=(const DirectoryLock&) = delete;
    ~DirectoryLock();

  private:
    explicit DirectoryLock(int fd) : fd_{fd} {}

    int fd_ = -1;
};

}  // namespace clarion::native
