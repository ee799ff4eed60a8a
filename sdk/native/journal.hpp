// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace clarion::native {

inline constexpr std::size_t kJournalMax = 4 * 1024 * 1024 + 256;  // The engine's largest snapshot and a header.

/// What a journal held.
struct JournalEntry {
    std::string snapshot;
    bool same_boot = false;  // False: the monotonic times in it belong to an earlier boot.
};

struct JournalError {
    enum class Kind : std::uint8_t {
        damaged,     // Moved to `<file>.damaged`: the next start begins anew, and the bytes can still be looked at.
        unreadable,  // By the system, for a reason that may pass: nothing was touched. Do not start without the calls
                     // that it holds.
    };
    Kind kind = Kind::damaged;
    std::string text;  // One line.
};

/// The engine's snapshot on disk: one file, replaced in one step and synced, so that a phone OS may kill the process at
/// any instant (I4, I15).
///
///     clarion-journal 1 <boot id> <length> <FNV-1a 64 of the snapshot>\n<snapshot>
///
/// Thread: one owner. store() waits for the disk (typically a few ms).
class Journal {
  public:
    Journal(std::filesystem::path file, std::string boot_id);

    /// nullopt when there is none. The error says what became of the file.
    [[nodiscard]] std::expected<std::optional<JournalEntry>, JournalError> load();

    /// Error: one line. The old journal is still whole; the call goes on without crash protection.
    [[nodiscard]] std::expected<void, std::string> store(std::string_view snapshot);

    /// Puts a journal aside that was whole but could not be restored (another version).
    void set_aside();

  private:
    JournalError damaged();

    std::filesystem::path file_;
    std::string boot_id_;
};

/// Tells one boot of this machine from another (Linux: /proc/sys/kernel/random/boot_id); "unknown" where it cannot,
/// which counts as another boot every time.
[[nodiscard]] std::string system_boot_id();

}  // namespace clarion::native
