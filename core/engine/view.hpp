// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
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

    bool live = false;  // Its audio is open: of several calls, the one that is talked.
    protocol::PartyState mine;
    protocol::PartyState peer_state;
    bool peer_silenced = false;
    bool network_lost = false;  // The way to the peer; peer_state.network_lost is the peer's way to the server.
    bool video_asked = false;   // The peer wants video, and nobody answered yet.
    bool taking = false;        // Coming here from another device of this user.
    Quality quality = Quality::unknown;
    std::optional<protocol::Progress> progress;          // Outgoing, before the answer.
    std::optional<Redacted<std::string>> start_message;  // Incoming: the caller's.
    std::optional<Redacted<std::string>> extra;          // Incoming: the caller's.
    Instant connected_at = kNever;                       // On this device's clock.
};

/// What an app that opens late is told about the call that it was opened for (I13, defect 35).
enum class AdoptResult : std::uint8_t {
    live,       // It is here: `call`.
    ended,      // `reason`, `source`, `by_remote`, `outcome`.
    elsewhere,  // Another device of this user has it, or had it.
    unknown,    // This device never heard of it, or longer ago than it remembers (six hours, 64 calls).
};

struct Adoption {
    AdoptResult result = AdoptResult::unknown;
    std::optional<CallView> call;
    EndReason reason = EndReason::unknown;
    EndSource source = EndSource::undefined;
    bool by_remote = false;
    std::optional<Outcome> outcome;
};

[[nodiscard]] CallState state_of(const Call& call);

}  // namespace clarion::engine
