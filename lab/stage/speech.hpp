// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <expected>
#include <filesystem>
#include <string>
#include <vector>

#include "core/base/time.hpp"
#include "net/loop.hpp"

/// Spoken WAV files for a demonstration, and what a recording has of them.
namespace clarion::lab {

/// What one person says in a call that is held for a while. Each part is a file of its own, for comparison.
struct Script {
    std::string name;   // Of the files: NAME.wav and NAME-1.wav, NAME-2.wav…
    std::string voice;  // Of espeak-ng.
    std::vector<std::string> parts;
};

struct Speech {
    std::filesystem::path file;                // All parts, one after another.
    std::vector<std::filesystem::path> parts;  // Each alone.
    std::vector<Duration> ends;                // When each part is over, from the start.
};

/// Writes the files of a script into `directory`. Part n of every script of `scripts` begins at the same moment.
/// Runs the loop. Error: one line with the remedy.
[[nodiscard]] std::expected<std::vector<Speech>, std::string> speak(
    net::Loop& loop, const std::filesystem::path& directory, const std::vector<Script>& scripts
);

/// The longest time in the middle of a recording, between sounds, in which nothing can be heard.
[[nodiscard]] std::expected<Duration, std::string> longest_silence(const std::filesystem::path& recording);

}  // namespace clarion::lab
