// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>

#include "core/routing/support_test.hpp"

/// A call to two devices against small devices that do what they are told, and the rules of the product in a few lines.
namespace clarion::routing::testing {

enum class Deed : std::uint8_t {
    answer_a,
    answer_b,
    decline_a,
    decline_b,
    busy_a,
    decline_here_b,
    cross_b,
    end_by_caller,
    end_by_a,
    end_by_app_server,
    verify_a,
    verify_b,
    rings_a,
    rings_b,
    toggle_socket_a,
    toggle_socket_b,
    toggle_socket_caller,
    media_flows,
    push_a_failed,
    push_b_failed,
    to_socket_grace,
    to_ring_until,
    to_accept_until,
};
inline constexpr std::array<std::string_view, 23> kDeedNames{
    "answer_a",
    "answer_b",
    "decline_a",
    "decline_b",
    "busy_a",
    "decline_here_b",
    "cross_b",
    "end_by_caller",
    "end_by_a",
    "end_by_app_server",
    "verify_a",
    "verify_b",
    "rings_a",
    "rings_b",
    "toggle_socket_a",
    "toggle_socket_b",
    "toggle_socket_caller",
    "media_flows",
    "push_a_failed",
    "push_b_failed",
    "to_socket_grace",
    "to_ring_until",
    "to_accept_until",
};

struct End {
    EndReason reason = EndReason::unknown;
    EndSource source = EndSource::undefined;
    bool by_remote = true;

    friend bool operator==(const End&, const End&) = default;
};

/// A device (or the caller's) as the server's words make it.
struct Model {
    bool connected = false;
    bool announced = false;  // Something told it of the call.
    bool ringing = false;
    bool confirmed = false;
    bool tombstone = false;  // A cancel push came.
    std::uint8_t ring_pushes = 0;
    std::optional<End> told;  // Sent to it; there when it has seen it:
    bool learned = false;
};

struct State {
    CallDocument call;
    WallTime now = kPlacedAt;
    Model a;
    Model b;
    Model caller{.connected = true};
    std::uint8_t histories = 0;
    std::optional<RecordHistory> history;
    std::string path;

    Model& of(const DeviceId& id) { return id == kPhone ? a : id == kTablet ? b : caller; }
};

/// What the sequence of events means, decided without looking at the code under test.
struct Verdict {
    std::optional<DeviceId> winner;
    std::optional<End> end;          // As the caller hears it.
    std::optional<DeviceId> by;      // Whose own message ended it.
    std::optional<EndReason> own_a;  // A device that stopped by its own word.
    std::optional<EndReason> own_b;
    WallTime accept_until = kAcceptUntil;
    std::optional<WallTime> winner_lost_at;
    std::optional<WallTime> caller_lost_at;
    bool is_caller_connected = true;
    bool has_media = false;

    [[nodiscard]] const std::optional<EndReason>& own(const DeviceId& id) const { return id == kPhone ? own_a : own_b; }
};

struct Node {
    State state;
    Verdict verdict;
};

/// What the calls of this file start with: who is connected, who is pushed.
[[nodiscard]] std::array<CallPlaced, 3> starts();

/// Lets deeds happen and looks at every invariant after each. False: `fault` says what broke and after which deeds.
class Checker {
  public:
    std::string fault;

    [[nodiscard]] bool begin(Node& node, const CallPlaced& placed);
    [[nodiscard]] bool act(Node& node, Deed deed);
    /// Liveness: from here on only time passes and sockets come back; the call ends and every device knows it. The
    /// document also goes through JSON here, of one state in eight.
    [[nodiscard]] bool settles(const Node& node);

  private:
    bool perform(State& s, const std::vector<Effect>& effects, const std::optional<DeviceId>& from);
    bool may_ring(State& s, const DeviceId& id);
    bool deliver(State& s, const SendPush& push);
    bool deliver(State& s, const SendToDevice& word, const std::optional<DeviceId>& from);
    bool check(State& s, const Verdict& v);
    bool check_history(State& s, const Verdict& v);
    bool fail(const State& s, const std::string& what);
};

}  // namespace clarion::routing::testing
