// SPDX-License-Identifier: Apache-2.0
#include "server/app/trace.hpp"

#include <utility>

#include "server/app/log.hpp"

namespace clarion::server {

void TraceLog::add(TraceStep step) {
    if (pending_.size() == kPendingMax) pending_.erase(pending_.begin());
    pending_.push_back(std::move(step));
    if (!timer_.is_armed()) timer_.arm(kFlushAfter, [this] { flush(); });
}

void TraceLog::written() {
    pending_.clear();
    timer_.cancel();
}

void TraceLog::flush() {
    if (pending_.empty()) return;
    if (const auto done = store_.append_trace(pending_); !done) {
        log::write(
            log::Level::warn, "trace_not_stored",
            {{"fault", std::string{name_of(done.error().fault)}}, {"error", done.error().text}}
        );
        timer_.arm(Duration{1'000}, [this] { flush(); });
        return;
    }
    written();
}

}  // namespace clarion::server
