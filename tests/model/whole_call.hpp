// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/engine/engine.hpp"
#include "core/routing/routing.hpp"
#include "tests/model/story.hpp"

namespace clarion::model {

/// The real machines, wired together: three engines, routing, and a bus that keeps the order and takes no time. Media
/// come up as soon as both sides have what they need, and do not depend on the way to the server. After each step
/// everything that can arrive has arrived.
class WholeCall {
  public:
    WholeCall();

    void act(const Step& step);
    [[nodiscard]] Whole look() const;

  private:
    struct Device {
        engine::Config config;
        std::optional<engine::Engine> engine;
        std::optional<engine::Snapshot> journal;
        bool network = true;
        bool connected = false;
        bool is_opening = false;
        std::uint64_t life = 0;         // Counts connections: what was sent over an older one is lost.
        std::uint64_t seen_action = 0;  // Of the system's screen.
        bool on_screen = false;
        bool has_answer = false;  // Its leg has what it needs for media.
        std::string end;
        std::deque<protocol::Invite> pushes;
        std::optional<protocol::Invite> last_push;
        std::vector<protocol::ServerFrame> sent;  // By the server, numbered.
        std::vector<protocol::ReceiptStep> receipts;
        Side side;  // What adds up: events, notices.
    };

    void deed(const Step& step, Device& device);
    void start(Device& device);
    void tell(Device& device, const engine::Input& input);
    void drain(Device& device);
    void perform(Device& device, const engine::Output& output);
    void note(Device& device, const callui::Event& event);
    void deliver(Device& device, const protocol::Invite& invite);
    void open(Device& device);
    void close(Device& device);
    void media(Device& callee);
    void pass(std::int64_t ms);
    void settle();
    [[nodiscard]] Side look(const Device& device) const;

    void receive(Device& device, const protocol::ClientFrame& frame);
    void greet(Device& device, const protocol::Hello& hello);
    [[nodiscard]] std::expected<void, protocol::ErrorCode> request(
        Device& device, const protocol::ClientMessage& message
    );
    [[nodiscard]] std::expected<void, protocol::ErrorCode> decide(const routing::Event& event);
    void perform(const std::vector<routing::Effect>& effects);
    void send(Device& device, const protocol::ServerMessage& message);
    void reply(Device& device, const protocol::ServerMessage& message);
    [[nodiscard]] Device& of(const DeviceId& id);
    [[nodiscard]] protocol::Invite invite(const Device& device, const routing::SendPush& push) const;
    [[nodiscard]] Instant now() const { return Instant{now_}; }
    [[nodiscard]] WallTime wall() const { return WallTime{1'700'000'000'000 + now_}; }

    std::array<Device, kParties> devices_;
    std::optional<routing::CallDocument> call_;
    std::deque<std::function<void()>> bus_;
    std::int64_t now_ = 1'000'000;
    bool is_restless_ = false;
};

}  // namespace clarion::model
