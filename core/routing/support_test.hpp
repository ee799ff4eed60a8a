// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gmock/gmock.h>

#include <string>
#include <string_view>
#include <vector>

#include "core/routing/routing.hpp"

/// One call in virtual time, for the tests of this folder.
namespace clarion::routing::testing {

[[nodiscard]] DeviceId device(std::string_view text);

inline const DeviceId kCaller = device("caller");
inline const DeviceId kPhone = device("phone");
inline const DeviceId kTablet = device("tablet");
inline const DeviceId kDesktop = device("desktop");
inline const DeviceId kStranger = device("stranger");
inline constexpr WallTime kPlacedAt{1'700'000'000'000};
inline constexpr Config kConfig{};
inline constexpr WallTime kRingUntil = kPlacedAt + kConfig.ring_time;
inline constexpr WallTime kAcceptUntil = kRingUntil + kConfig.accept_grace;

[[nodiscard]] CallPlaced placed(std::vector<CalleeDevice> devices);
[[nodiscard]] CalleeDevice android(const DeviceId& id, bool connected = false);
[[nodiscard]] CalleeDevice ios(const DeviceId& id, bool connected = false);
[[nodiscard]] CalleeDevice desktop(const DeviceId& id, bool connected = true);
[[nodiscard]] Redacted<std::string> sdp(std::string_view text);

[[nodiscard]] std::string to_line(const CallDocument& document);
[[nodiscard]] CallDocument document_from(std::string_view line);
[[nodiscard]] std::string to_line(const CallPlaced& event);
[[nodiscard]] CallPlaced placed_from(std::string_view line);
[[nodiscard]] std::string to_line(const Event& event);
[[nodiscard]] Event event_from(std::string_view line);
[[nodiscard]] std::string to_line(const std::vector<Effect>& effects);

/// The effects of one event, with questions that tests ask.
struct Step {
    std::vector<Effect> effects;
    bool changed = false;
    std::optional<ErrorCode> error;

    template <class Message>
    [[nodiscard]] std::vector<Message> told(const DeviceId& to) const {
        std::vector<Message> found;
        for (const Effect& effect : effects) {
            const auto* send = std::get_if<SendToDevice>(&effect);
            if (send == nullptr || send->device != to) continue;
            if (const auto* message = std::get_if<Message>(&send->message)) found.push_back(*message);
        }
        return found;
    }
    [[nodiscard]] std::size_t pushes(const DeviceId& to, PushKind kind) const;
    [[nodiscard]] std::size_t incoming(const DeviceId& to) const;
    [[nodiscard]] std::vector<std::string> trace() const;
    [[nodiscard]] std::vector<RecordHistory> history() const;
    /// Everything that is not a trace line.
    [[nodiscard]] std::size_t spoken() const;
};

/// Drives decide(); in restore mode the document goes through JSON between any two events.
class World {
  public:
    explicit World(bool restore) : restore_{restore} {}

    Step place(const CallPlaced& event);
    Step feed(const Event& event);
    void at(WallTime now) { now_ = now; }
    void after(Duration d) { now_ = now_ + d; }
    /// Feeds TimePassed at every deadline up to `until`.
    Step run_to(WallTime until);

    [[nodiscard]] const CallDocument& call() const { return call_; }
    [[nodiscard]] const Leg& leg(const DeviceId& id) const;
    [[nodiscard]] WallTime now() const { return now_; }

  private:
    Step take(std::expected<Decision, ErrorCode> decision);

    bool restore_;
    WallTime now_ = kPlacedAt;
    CallDocument call_;
};

/// Every test of a call runs twice.
class Routing : public ::testing::TestWithParam<bool> {
  protected:
    World world_{GetParam()};
};

MATCHER_P3(EndedWith, reason, source, by_remote, "") {
    return arg.reason == reason && arg.source == source && arg.by_remote == by_remote;
}

}  // namespace clarion::routing::testing
