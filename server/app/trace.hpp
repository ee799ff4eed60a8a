// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <vector>

#include "net/loop.hpp"
#include "server/ports/clock.hpp"
#include "server/ports/store.hpp"

namespace clarion::server {

/// Trace lines on their way to the store: together with the next write of any call, or after kFlushAfter on their own.
///
/// Thread: the loop's. Bounds: kPendingMax lines wait; when the store refuses for so long, the oldest go.
class TraceLog {
  public:
    static constexpr Duration kFlushAfter{200};
    static constexpr std::size_t kPendingMax = 4096;

    TraceLog(net::Loop& loop, Store& store) : store_{store}, timer_{loop} {}

    void add(TraceStep step);
    /// What the next write should take along; call written() when it did.
    [[nodiscard]] std::span<const TraceStep> pending() const { return pending_; }

    void written();
    /// Now; for readers and for the end of the process.
    void flush();

  private:
    Store& store_;
    net::Timer timer_;
    std::vector<TraceStep> pending_;
};

}  // namespace clarion::server
