// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/time.hpp"
#include "core/protocol/messages.hpp"

namespace clarion::callui {

/// What differs between operating systems, as data (docs/rules).
struct SystemRules {
    bool must_report_every_push = false;  // IOS-PK-01: an unusable push is reported and ended.
    bool audio_session = false;           // IOS-AU-02: audio runs only between activation and deactivation.
    bool foreground_service = false;      // AND-FGS-01: a call needs a foreground service.
    bool missed_call_notice = true;       // False where the system's own call list shows it (iOS Recents).
    Duration answer_within{0};            // IOS-CK-09: how long an answer action may wait; 0: as long as it takes.
    bool screen_survives = true;          // False where the system ends the calls of a dead process (IOS-CK-15).
};

[[nodiscard]] constexpr SystemRules system_rules(protocol::Platform platform) {
    switch (platform) {
        case protocol::Platform::ios:
            return {
                .must_report_every_push = true,
                .audio_session = true,
                .missed_call_notice = false,
                .answer_within = Duration{8'000},  // "A few seconds", not documented; ours ends before theirs.
                .screen_survives = false
            };
        case protocol::Platform::android: return {.foreground_service = true};
        case protocol::Platform::desktop: return {};
        case protocol::Platform::web: return {};
    }
    return {};
}

}  // namespace clarion::callui
