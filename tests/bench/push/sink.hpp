// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdio>
#include <cstdlib>
#include <expected>
#include <filesystem>
#include <string>
#include <utility>

namespace clarion::bench {

inline constexpr const char* kKeyId = "BENCHKEY01";
inline constexpr const char* kTeamId = "BENCHTEAM1";

[[noreturn]] inline void give_up(const std::string& why) {
    std::fprintf(stderr, "clarion-push-bench: %s\n", why.c_str());
    std::exit(1);
}

template <class T, class E>
T must(std::expected<T, E> result, const char* what) {
    if (!result) give_up(what);
    return *std::move(result);
}

/// A provider that says yes to everything, or that `stands_still`: takes pushes and never answers one. Until SIGTERM;
/// then it prints a second line: how many pushes came, and how many of them after their expiration.
int run_sink(const std::filesystem::path& directory, bool stands_still);

}  // namespace clarion::bench
