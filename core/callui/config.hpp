// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>

#include "core/base/time.hpp"
#include "core/protocol/messages.hpp"

namespace clarion::callui {

/// Which group of a CallStyle the system at hand understands.
enum class StyleGroup : std::uint8_t { common, ios, android };

/// What differs between operating systems, as data (docs/rules).
struct SystemRules {
    bool must_report_every_push = false;  // IOS-PK-01: an unusable push is reported and ended.
    bool audio_session = false;           // IOS-AU-02: audio runs only between activation and deactivation.
    bool foreground_service = false;      // AND-FGS-01: a call needs a foreground service.
    bool missed_call_notice = true;       // False where the system's own call list shows it (iOS Recents).
    Duration answer_within{0};            // IOS-CK-09: how long an answer action may wait; 0: as long as it takes.
    Duration report_within{0};    // IOS-CK-03: how long a report may take; its call's commands wait. 0: it is instant.
    Duration connect_within{0};   // CallPolicy::connect_within where the app chose none; 0: as long as it takes.
    bool screen_survives = true;  // False where the system ends the calls of a dead process (IOS-CK-15).
    bool hides = true;            // False where the incoming screen goes only with its call (CallKit).
    bool controls = false;        // The system has its own switches for mute, hold, keypad and groups: they follow.
    bool ongoing_notice = false;  // A call that is placed or talked has a notification of ours.
    StyleGroup style = StyleGroup::common;
};

/// What a call does that comes while another one is placed, accepted or talked.
enum class SecondCall : std::uint8_t {
    ring,
    ring_silently,  // On the screen, without a sound.
    busy,           // Not on the screen: ends at once as busy.
};

/// What becomes of the calls that were talked when another one is answered.
enum class FirstCall : std::uint8_t { leave, hold, end };

/// An app's choices for its calls (PolicyChosen). What stands here is what holds without any choice.
struct CallPolicy {
    SecondCall second = SecondCall::ring;
    FirstCall first = FirstCall::leave;
    bool resume_held = false;       // The call held last goes on when nobody talks any more (IOS-AU-05).
    bool notice_if_busy = true;     // Whether a call that ended as busy leaves a missed-call notice,
    bool notice_if_failed = false;  // and one that failed while it rang.
    /// From Accept to connected, else the call failed; 0: as long as it takes. Absent: SystemRules::connect_within.
    std::optional<Duration> connect_within;
};

[[nodiscard]] constexpr SystemRules system_rules(protocol::Platform platform) {
    switch (platform) {
        case protocol::Platform::ios:
            return {
                .must_report_every_push = true,
                .audio_session = true,
                .missed_call_notice = false,
                .answer_within = Duration{8'000},  // "A few seconds", not documented; ours ends before theirs.
                .report_within = Duration{5'000},  // Milliseconds (observed); this is for one that is never answered.
                .screen_survives = false,
                .hides = false,
                .controls = true,
                .style = StyleGroup::ios,
            };
        case protocol::Platform::android:
            return {
                .foreground_service = true,
                .controls = true,
                .ongoing_notice = true,
                .style = StyleGroup::android,
            };
        case protocol::Platform::desktop: return {};
        case protocol::Platform::web: return {};
    }
    return {};
}

/// The same for a machine without an engine above it. The engine has deadlines of its own for a call that is accepted;
/// an app whose voice service never says "connected" (or an app that never came up after the tap) would have a call
/// that connects for ever, with its service and its line. iOS: as the engine. Elsewhere nobody gives up on the action;
/// there it is what the engine's verify_timeout and connect_timeout come to, and the start of the app.
[[nodiscard]] constexpr SystemRules standalone_rules(protocol::Platform platform) {
    SystemRules rules = system_rules(platform);
    rules.connect_within = rules.answer_within > Duration{0} ? rules.answer_within : Duration{30'000};
    return rules;
}

}  // namespace clarion::callui
