// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <variant>
#include <vector>

#include "sdk/native/system_ui.hpp"

namespace clarion::native::testing {

/// A call screen that notes what it is asked for.
class FakeUi final : public SystemUi {
  public:
    void perform(const SystemCommand& command) override {
        commands.push_back(command);
        if (on_command) on_command(command);
    }

    /// The first one of its kind.
    template <class Command>
    [[nodiscard]] const Command* find() const {
        for (const auto& one : commands) {
            if (const auto* command = std::get_if<Command>(&one)) return command;
        }
        return nullptr;
    }

    template <class Command>
    [[nodiscard]] int count() const {
        int count = 0;
        for (const auto& one : commands) count += std::holds_alternative<Command>(one) ? 1 : 0;
        return count;
    }

    std::vector<SystemCommand> commands;
    std::function<void(const SystemCommand&)> on_command;
};

}  // namespace clarion::native::testing
