// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <utility>

#include "sdk/native/client.hpp"
#include "sdk/native/system_ui.hpp"

namespace clarion::native {

/// A desktop without a call UI of its own: whatever is reported is shown, by the callback. Taps are the program's keys.
///
/// Thread: the loop's.
class TerminalSystemUi final : public SystemUi {
  public:
    using Show = std::function<void(const SystemCommand& command)>;

    explicit TerminalSystemUi(Show show) : show_{std::move(show)} {}

    /// Before the client starts.
    void connect(Client& client) { client_ = &client; }

    void perform(const SystemCommand& command) override;

  private:
    Show show_;
    Client* client_ = nullptr;
};

}  // namespace clarion::native
