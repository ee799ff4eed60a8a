// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "core/base/time.hpp"

namespace clarion::engine {

enum class TimerId : std::uint8_t {
    none,
    ring,       // A call rings long enough: missed.
    accept,     // The server no longer takes an answer.
    verify,     // Accepted, but verification and confirmation do not come.
    connect,    // Answered, but the media do not come up, or do not come back.
    place,      // The server does not acknowledge the outgoing call.
    wait,       // The server should have ended the unanswered outgoing call by now.
    goodbye,    // Nobody will listen to a decline or end that was not delivered yet.
    reconnect,  // Open the connection again, or give up waiting for it.
    resend,     // Repeat what the server could not take.
    restart,    // The way to the peer is lost: try another.
    change,     // The peer or the user did not answer a change of the media.
    renew,      // Ask for a fresh token.
    tone,       // The end tone is over.
};

struct Deadline {
    Instant at = kNever;
    TimerId timer = TimerId::none;  // Who asked: for logs and for "why is the phone waking up?".
};

}  // namespace clarion::engine
