// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "core/base/time.hpp"
#include "sdk/native/client.hpp"
#include "tools/clarion/admin.hpp"

namespace clarion::tool {

enum class Presence : std::uint8_t { online, push_only };
enum class Stay : std::uint8_t { until_quit, for_one_call };
enum class Wordiness : std::uint8_t { normal, verbose };

struct PhoneOptions {
    std::string state_directory;
    media::AudioInput audio_input = media::Silence{};
    media::AudioOutput audio_output = media::Discard{};
    bool loopback_only = false;
    std::optional<Duration> accept_after;   // From the moment it rings.
    std::optional<Duration> decline_after;  // From the moment it rings.
    std::optional<Duration> end_after;      // From the moment it is connected.
    std::optional<int> system_fd;           // The operating system is another process on this descriptor.
    Presence presence = Presence::online;
    Stay stay = Stay::until_quit;
    Format format = Format::text;
    Wordiness wordiness = Wordiness::normal;
};

struct CallOptions {
    std::string user;
    std::string from_name;
    std::optional<Duration> ring_for;  // Cancel when nobody answered within it.
};

/// Waits for calls. Returns the exit code: narrator.hpp, ExitCode.
[[nodiscard]] int run_phone(const PhoneOptions& options);

/// Calls somebody and stays until the call is over.
[[nodiscard]] int run_call(const PhoneOptions& options, const CallOptions& call);

}  // namespace clarion::tool
