// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/fifo.hpp"
#include "lab/world/checker.hpp"
#include "lab/world/event_queue.hpp"
#include "lab/world/kept.hpp"
#include "lab/world/mutation.hpp"
#include "lab/world/phone.hpp"
#include "lab/world/scenario.hpp"
#include "lab/world/server.hpp"

namespace clarion::lab::world {

class Chart;

/// A socket: ordered in both directions, until it breaks.
struct Connection {
    std::uint8_t phone = 0;
    bool phone_side = true;
    bool server_side = false;
    bool broken = false;
    Kept<Fifo<protocol::ClientFrame>> up;
    Kept<Fifo<protocol::ServerFrame>> down;
    std::int64_t up_at = 0;  // When the last frame in flight arrives.
    std::int64_t down_at = 0;
    Session session;
};

struct Violation {
    std::string invariant;
    std::int64_t at = 0;            // ms of virtual time.
    std::uint8_t phone = kNoPhone;  // kNoPhone: the server.
    std::string text;
};

struct RunResult {
    std::optional<Violation> violation;
    std::uint32_t calls = 0;
    std::array<std::uint32_t, 5> outcomes{};  // Of the caller, by Outcome.
    std::uint64_t events = 0;
    std::uint64_t checks = 0;
};

struct RunOptions {
    Mutation* mutation = nullptr;
    Chart* chart = nullptr;
    bool has_checkers = true;
};

/// One process with everything in it: phones with real engines, core/routing with its host, the networks and push
/// services between them, a fake media plane. Virtual time; everything follows from the scenario.
class World {
  public:
    explicit World(Scenario scenario, RunOptions options = {});
    ~World();
    World(const World&) = delete;
    World& operator=(const World&) = delete;

    [[nodiscard]] RunResult run();

    // ---- for a driver that chooses the order itself (exhaustive search) ----
    void begin();
    [[nodiscard]] EventQueue& queue() { return queue_; }
    void take(const Event& event);
    [[nodiscard]] bool is_over() const { return violation_.has_value(); }
    [[nodiscard]] RunResult finish();

    // ---- services of the world to its inhabitants ----
    [[nodiscard]] std::int64_t now() const { return now_; }
    [[nodiscard]] WallTime server_wall() const { return WallTime{kWallStart + now_}; }
    [[nodiscard]] std::int64_t at_server_wall(WallTime at) const { return at.ms - kWallStart; }
    [[nodiscard]] std::int64_t horizon() const { return horizon_; }
    [[nodiscard]] std::int64_t calm_from() const { return scenario_.calm_from; }
    [[nodiscard]] bool is_calm() const { return now_ >= scenario_.calm_from; }
    [[nodiscard]] std::uint64_t seed() const { return scenario_.seed; }
    [[nodiscard]] const Scenario& scenario() const { return scenario_; }
    [[nodiscard]] Mutation& mutation() { return *mutation_; }
    [[nodiscard]] const routing::Config& routing_config() const { return routing_; }
    void schedule(Event event) { queue_.add(event); }

    [[nodiscard]] std::uint8_t phones() const { return static_cast<std::uint8_t>(phones_.size()); }
    [[nodiscard]] Phone& phone(std::uint8_t index) { return phones_[index]; }
    [[nodiscard]] const PhoneSpec& spec(std::uint8_t index) const { return scenario_.phones[index]; }
    [[nodiscard]] const Server& server() const { return server_; }
    [[nodiscard]] std::int64_t server_disturbed_at() const { return server_disturbed_at_; }
    /// Nothing went wrong with this phone, or with the server, since then.
    [[nodiscard]] bool is_undisturbed(const Phone& phone, std::int64_t since) const;

    [[nodiscard]] static const ServiceId& service();
    [[nodiscard]] static std::string ticket(std::uint8_t call, std::uint8_t phone);

    // The network
    [[nodiscard]] Connection& connection(ConnectionId id) { return connections_[id - 1]; }
    [[nodiscard]] ConnectionId open_connection(std::uint8_t phone);
    void send_up(ConnectionId id, const protocol::ClientFrame& frame);
    /// A frame, or what one is made of.
    template <class... Parts>
    void send_down(ConnectionId id, Parts&&... frame) {
        Connection& on = connection(id);
        if (on.broken || !on.phone_side || !on.server_side) return;
        on.down.emplace(std::forward<Parts>(frame)...);
        fly_down(id, on);
    }
    void close_from_phone(ConnectionId id);
    void close_from_server(ConnectionId id, engine::SignallingFault fault);
    [[nodiscard]] bool write_is_slow(ConnectionId id, std::uint64_t request) const;
    [[nodiscard]] std::int64_t write_time(ConnectionId id) const;

    // Push
    [[nodiscard]] std::uint32_t make_invite(const CallRecord& call, std::uint8_t phone, const routing::SendPush& push);
    [[nodiscard]] const engine::PushReceived& invite(std::uint32_t number) const { return invites_[number]; }
    [[nodiscard]] bool push_service_is_up() const { return now_ >= push_outage_until_; }
    void send_push(std::uint8_t phone, std::uint32_t invite);

    // Media
    void try_media(std::uint8_t call);
    void leg_closed(const Phone& phone, const Leg& leg);
    void audio_opened(Phone& phone, const Leg& leg);

    // What is watched
    [[nodiscard]] bool step_taken(std::uint8_t phone, std::int64_t step);
    void rang(std::uint8_t phone, std::uint8_t call);
    void tapped(const Phone& phone, DeedKind kind, std::uint8_t call, callui::ActionId action);
    void process_died(const Phone& phone);
    void checked_input(const Phone& phone, const engine::Input& input);
    void checked_output(const Phone& phone, const engine::Output& output);
    void checked_step(const Phone& phone, const engine::Input* input, const std::vector<engine::Output>& outputs);
    void check_decision(const CallRecord& before, const routing::Decision& decision);
    void call_ended(std::uint8_t call);
    void fail(std::string_view invariant, std::uint8_t phone, std::string text);
    void note(std::uint8_t phone, std::uint8_t call, std::string_view text);

    static constexpr std::int64_t kWallStart = 1'700'000'000'000;
    /// How long an undisturbed device may take to come back and learn something.
    static constexpr std::int64_t kSoon = 30'000;

  private:
    void perform(Deed deed);  // A copy: the list may grow meanwhile.
    void go_wrong(const Deed& deed);
    void forge(const Deed& deed);
    void finale(std::uint32_t act);
    [[nodiscard]] std::string what_waits(const Event& event);
    void calm_down();
    void place_last_call();
    void check_last_call();
    [[nodiscard]] std::int64_t latency(std::uint64_t salt);
    void fly_down(ConnectionId id, Connection& on);
    void break_connection(ConnectionId id, std::int64_t phone_notices, std::int64_t server_notices);
    void network_off(std::uint8_t phone, std::int64_t for_ms);
    void network_on(std::uint8_t phone);
    void take_network(const Event& event);
    void take_media(const Event& event);
    void take_system(const Event& event);
    void media_up(std::uint8_t caller, std::uint8_t call);
    void media_lost(const Event& event);
    [[nodiscard]] Leg* peer_of(const Leg& leg, std::uint8_t phone);
    void turn_to(const Leg& leg, std::uint8_t phone);

    Scenario scenario_;
    Mutation* mutation_;
    Chart* chart_;
    routing::Config routing_;
    EventQueue queue_;
    std::int64_t now_ = 0;
    std::int64_t horizon_ = 0;
    std::deque<Connection> connections_;
    Kept<std::vector<engine::PushReceived>> invites_;
    std::int64_t push_outage_until_ = 0;
    std::int64_t server_disturbed_at_ = -1'000'000;
    std::uint64_t salt_ = 0;
    bool has_step_deeds_ = false;
    bool last_call_ = false;
    std::vector<std::uint16_t> rang_;  // (phone, call) pairs.
    std::optional<Violation> violation_;
    std::uint64_t events_ = 0;
    Checkers checkers_;
    Server server_;
    Kept<std::vector<Phone>> phones_;  // They keep their places.
};

}  // namespace clarion::lab::world
