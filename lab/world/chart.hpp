// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "lab/world/scenario.hpp"

namespace clarion::lab::world {

/// A sequence chart in text: caller's phones, the server, the callee's phones; one line for each message that arrived.
class Chart {
  public:
    static constexpr std::uint8_t kServer = 254;

    void message(std::int64_t at, std::uint8_t from, std::uint8_t to, std::string text) {
        lines_.push_back({at, from, to, std::move(text)});
    }
    void note(std::int64_t at, std::uint8_t lane, std::string text) { message(at, lane, lane, std::move(text)); }

    [[nodiscard]] std::string text(const Scenario& scenario) const;

  private:
    struct Line {
        std::int64_t at = 0;
        std::uint8_t from = 0;
        std::uint8_t to = 0;
        std::string text;
    };
    std::vector<Line> lines_;
};

[[nodiscard]] std::string brief(const protocol::ClientMessage& message);
[[nodiscard]] std::string brief(const protocol::ServerMessage& message);
/// One line: "12.345 s  phone p1 (bob, ios): process killed, 2 s after call 1 rang".
[[nodiscard]] std::string brief(const Scenario& scenario, const Deed& deed);
[[nodiscard]] std::string name_of(const Scenario& scenario, std::uint8_t phone);

}  // namespace clarion::lab::world
