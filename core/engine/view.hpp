// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "core/base/ids.hpp"
#include "core/base/redacted.hpp"
#include "core/engine/snapshot.hpp"

namespace clarion::engine {

/// LINE Planet's call states, as a projection of the axes (docs/engine.md).
enum class CallState : std::uint8_t { trying, wait_answer, verified, connected, disconnected };

/// A call as somebody sees it who opens the app now (I13).
struct CallView {
    CallId call_id;
    Direction direction = Direction::incoming;
    protocol::Media media = protocol::Media::audio;
    UserId peer;
    Redacted<std::string> name;
    CallState state = CallState::trying;
    Phase phase = Phase::announced;
    Intent intent = Intent::none;
    bool on_screen = false;
    bool held = false;
    bool peer_held = false;
    bool muted = false;
};

[[nodiscard]] CallState state_of(const Call& call);

}  // namespace clarion::engine
