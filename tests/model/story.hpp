// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

/// What the machines and the reference are both given, and what is compared afterwards. No type of either is in here.
namespace clarion::model {

inline constexpr std::size_t kParties = 3;
inline constexpr std::size_t kCaller = 0;  // A desktop with a token.
inline constexpr std::size_t kFirst = 1;   // The callee's Android phone: wakes by push.
inline constexpr std::size_t kSecond = 2;  // The callee's desktop: wakes by push, too.

inline constexpr std::int64_t kPause = 250;  // ms that a disconnection takes.

enum class Deed : std::uint8_t {
    place,        // By the caller.
    accept,       // A tap on the system's screen.
    end,          // Decline, cancel or hang up.
    hold,         // On, or off again.
    mute,         // On, or off again.
    push,         // The oldest push that waits for this device arrives.
    push_again,   // The last one that arrived comes once more.
    disconnect,   // The way to the server is gone; what the server sends waits, pushes wait.
    reconnect,    // It is back.
    kill,         // The process dies and is started again.
    wait,         // A second.
    wait_long,    // 12 seconds: longer than an accepted call waits for a connection.
    wait_longer,  // 40 seconds.
};
inline constexpr std::array<std::string_view, 13> kDeedNames{
    "place",      "accept",    "end",  "hold", "mute",      "push",        "push_again",
    "disconnect", "reconnect", "kill", "wait", "wait_long", "wait_longer",
};

struct Step {
    Deed deed = Deed::wait;
    std::size_t party = 0;
};

/// One device's side of the call, as its user and its app see it.
struct Side {
    std::string phase = "none";  // none, ringing, accepted, placing, waiting, connected, ended
    std::string end;             // "cancel by caller, remote"
    bool on_screen = false;
    bool held = false;
    bool muted = false;
    bool peer_held = false;
    bool peer_muted = false;
    int missed_notices = 0;
    int rings = 0;                    // The caller, while it waits: how many devices say that they ring.
    std::vector<std::string> events;  // To the app, since the story began.

    friend bool operator==(const Side&, const Side&) = default;
};

struct Whole {
    std::string server = "none";  // none, ringing, answered, or how it ended
    int winner = -1;
    std::array<Side, kParties> sides;

    friend bool operator==(const Whole&, const Whole&) = default;
};

}  // namespace clarion::model
