// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/ids.hpp"
#include "core/base/random.hpp"
#include "core/base/time.hpp"
#include "core/callui/config.hpp"
#include "core/protocol/messages.hpp"

/// What happens in one simulated world, as data: who has which phone, what people do, and what goes wrong. Everything
/// follows from one number, and a step that is taken out leaves the others as they are: that is how a failure shrinks.
namespace clarion::lab::world {

using protocol::Platform;

/// How a call of the phone's own, cellular network and those of the app get along.
enum class CellularRule : std::uint8_t {
    none,        // The system has no such calls.
    arbitrated,  // IOS-AU-04 and 05, AND-TEL-06: the system holds what is talked and ends what cannot be held, each
                 // with an action; it gives nothing back. What is answered or placed last has the line.
    told,        // AND-TEL-05: nobody arbitrates; the app learns of it and does what its policy says.
};

/// What an operating system does to a calling app, as data; rule ids: docs/rules.
struct Profile {
    Platform platform = Platform::desktop;
    callui::SystemRules rules;
    Duration action_timeout{0};        // IOS-CK-09: how long the system waits for an action; 0: for ever.
    Duration background_grace{0};      // IOS-PK-19, AND-FCM-04: an idle process in the background lives so long.
    bool has_push = false;             // A push can wake it.
    bool system_removes_late = false;  // AND-NOT-08: the notification of a dead process goes at its time-out.
    CellularRule cellular = CellularRule::none;
};
[[nodiscard]] const Profile& profile_of(Platform platform);

struct PhoneSpec {
    std::uint8_t user = 0;
    Platform platform = Platform::desktop;
    bool has_token = true;
    bool is_online = false;          // Keeps a socket while its process runs.
    bool is_running = false;         // At the start; else a push or its user starts it.
    Duration clock_skew{0};          // Its wall clock minus the server's.
    bool has_telecom = true;         // AND-TEL-05: not every Android has it.
    bool ends_for_cellular = false;  // The app's policy where nobody arbitrates; else it holds.

    friend bool operator==(const PhoneSpec&, const PhoneSpec&) = default;
};

enum class DeedKind : std::uint8_t {
    // People
    place,    // Of `phone`: calls the user `amount`.
    accept,   // On the call screen.
    decline,  // On the call screen.
    hang_up,  // Or cancel, or decline: the red button.
    hold,
    unhold,
    mute,
    unmute,
    repeat_tap,  // The system tells the last action a second time.
    open_app,    // The app's own screen comes up, and listens to events.
    focus_on,    // Do not disturb.
    focus_off,
    block_list,     // The caller is on the phone's block list.
    no_permission,  // The app may not show calls.
    refuse_calls,   // Do not disturb, of the whole account: the server knows.
    block_caller,   // The account blocks the other user.
    send_data,      // A short text to the peer's app.
    ask_video,
    stop_video,
    share_screen,
    stop_sharing,
    take,             // Goes on here with the call that another device of the same user has.
    cellular_begins,  // Its user answers or places a call of the phone's own network.
    cellular_ends,
    // Things that go wrong
    kill,               // The process.
    reboot,             // The phone: the monotonic clock starts anew.
    network_off,        // For `amount` ms.
    break_socket,       // `amount`: how long each side takes to notice, at most.
    restart_server,     // It is away for `amount` ms.
    push_outage,        // The push services refuse for `amount` ms.
    clock_jump,         // Of the wall clock of `phone`, by `amount` ms.
    forged_push,        // Somebody without the server's key pushes.
    wrong_push,         // A real invite that is not for this phone.
    audio_interrupted,  // By another app, for `amount` ms.
    end_by_app_server,
};
[[nodiscard]] std::string_view to_string(DeedKind kind);
[[nodiscard]] constexpr bool is_fault(DeedKind kind) { return kind >= DeedKind::kill; }

enum class Trigger : std::uint8_t {
    start,  // `at` ms after the start of the world.
    ring,   // `at` ms after `call` came on the screen of `phone`.
    step,   // When `phone` has taken its `at`-th input.
};

struct Deed {
    DeedKind kind = DeedKind::place;
    Trigger trigger = Trigger::start;
    std::uint8_t phone = 0;
    std::uint8_t call = 0;
    std::int64_t at = 0;
    std::int64_t amount = 0;

    friend bool operator==(const Deed&, const Deed&) = default;
};

/// The network while faults run. Percentages; the times are the most that a message takes.
struct Weather {
    std::uint32_t push_loss = 0;
    std::uint32_t push_duplicates = 0;
    std::uint32_t slow_writes = 0;  // Requests whose document another node may write in between.
    std::uint32_t deaf_opens = 0;   // Connections that nobody answers.
    Duration push_delay{150};
    Duration latency{30};

    friend bool operator==(const Weather&, const Weather&) = default;
};

struct Scenario {
    std::uint64_t seed = 0;
    bool has_faults = false;
    bool has_races = true;  // People act at the same moment; false: one after the other, so that all words agree.
    std::vector<PhoneSpec> phones;
    std::vector<Deed> deeds;
    Weather weather;
    std::uint8_t calls = 1;        // Call numbers below this one are placed by deeds.
    std::int64_t calm_from = 0;    // Faults end here; ms after the start.
    std::uint32_t with_video = 0;  // From their start: bit n is call n.

    [[nodiscard]] bool has_video(std::uint8_t call) const { return call < 32 && (with_video >> call & 1U) != 0; }
};

inline constexpr std::uint8_t kPhonesMax = 8;
inline constexpr std::uint8_t kCallsMax = 6;
inline constexpr std::uint8_t kNoPhone = 255;

[[nodiscard]] Scenario make_scenario(std::uint64_t seed, bool with_faults);

/// The plainest whole call, to measure by: placed at a desk, pushed to an iPhone whose app is dead, answered, talked
/// and hung up. The seed draws only how long messages take.
[[nodiscard]] Scenario make_plain_call(std::uint64_t seed);

// Names of things, the same in every world.
[[nodiscard]] CallId call_id(std::uint8_t call);
[[nodiscard]] std::uint8_t call_index(const CallId& id);  // kNoPhone when it is none of ours.
[[nodiscard]] const UserId& user_id(std::uint8_t user);
[[nodiscard]] const DeviceId& device_id(std::uint8_t phone);
[[nodiscard]] std::uint8_t phone_index(const DeviceId& id);
[[nodiscard]] const std::string& user_name(std::uint8_t user);  // The name that the server signs.

/// A number that depends only on what it is asked for: taking one step out of a scenario does not change the rest.
[[nodiscard]] inline std::uint64_t dice(std::uint64_t seed, std::uint64_t a, std::uint64_t b = 0, std::uint64_t c = 0) {
    Random random{seed ^ (a * 0x9E3779B97F4A7C15ULL) ^ (b * 0xC2B2AE3D27D4EB4FULL) ^ (c * 0x165667B19E3779F9ULL)};
    return random.next();
}

}  // namespace clarion::lab::world
