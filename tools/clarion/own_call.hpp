// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "tools/clarion/narrator.hpp"

namespace clarion::tool {

/// The one call that `clarion call` and `clarion phone --once` are there for. Others come and go beside it: a second
/// call while talking, one that a journal brought back. They neither stop the command nor choose its exit code.
class OwnCall {
  public:
    /// `--once`: the first call that rings. Ignored when there is one already.
    void choose(const CallId& call) {
        if (!call_) call_ = call;
    }

    /// Two calls crossed and are one: the one that stays is ours (both people called each other).
    void follow(const callui::Event& event) {
        const bool merged = event.change && event.change->what == callui::ChangeKind::merged && event.change->into;
        if (merged && call_ == event.call_id) call_ = event.change->into;
    }

    [[nodiscard]] bool is(const CallId& call) const { return call_ == call; }

    /// True when it was the one that counts: the command is over, and code() says how.
    [[nodiscard]] bool is_over_with(const callui::Event& event) {
        if (event.kind != callui::EventKind::ended || call_ != event.call_id) return false;
        code_ = exit_code_of(event);
        return true;
    }

    [[nodiscard]] ExitCode code() const { return code_; }

  private:
    std::optional<CallId> call_;
    ExitCode code_ = ExitCode::interrupted;
};

}  // namespace clarion::tool
