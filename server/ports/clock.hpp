// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/time.hpp"

namespace clarion::server {

/// The server's wall clock: documents, invites and traces carry its times (milliseconds since 1970 UTC).
/// Thread: the loop's. Tests pass one that they move by hand.
class Clock {
  public:
    virtual ~Clock() = default;

    [[nodiscard]] virtual WallTime wall_now() const = 0;
};

}  // namespace clarion::server
