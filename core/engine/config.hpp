// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "core/base/ids.hpp"
#include "core/base/redacted.hpp"
#include "core/base/time.hpp"
#include "core/protocol/messages.hpp"

namespace clarion::engine {

/// What differs between operating systems, as data (docs/rules; the ids are of os-rules).
struct SystemRules {
    bool must_report_every_push = false;  // IOS-PK-01: an unusable push is reported and ended.
    bool audio_session = false;           // IOS-AU-02: audio runs only between activation and deactivation.
    bool foreground_service = false;      // AND-FGS-01: a call needs a foreground service.
    bool missed_call_notice = true;       // False where the system's own call list shows it (iOS Recents).
};

[[nodiscard]] constexpr SystemRules system_rules(protocol::Platform platform) {
    switch (platform) {
        case protocol::Platform::ios:
            return {.must_report_every_push = true, .audio_session = true, .missed_call_notice = false};
        case protocol::Platform::android: return {.foreground_service = true};
        case protocol::Platform::desktop: return {};
        case protocol::Platform::web: return {};
    }
    return {};
}

struct Config {
    ServiceId service;
    UserId user;  // The signed-in user: an invite for anybody else is refused.
    DeviceId device;
    protocol::Platform platform = protocol::Platform::desktop;
    std::optional<Redacted<std::string>> token;  // Access token; needed to place calls and to be online.

    Duration verify_timeout{10'000};   // Offline for so long after Accept: the call failed. Bounded by accept_until.
    Duration connect_timeout{15'000};  // From the confirmed answer to media.
    Duration place_timeout{10'000};    // From place to the server's acknowledgement.
    Duration reconnect_min{200};
    Duration reconnect_max{10'000};
};

}  // namespace clarion::engine
