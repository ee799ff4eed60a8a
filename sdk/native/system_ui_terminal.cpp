// SPDX-License-Identifier: Apache-2.0
#include "sdk/native/system_ui_terminal.hpp"

#include <variant>

namespace clarion::native {

void TerminalSystemUi::perform(const SystemCommand& command) {
    if (show_) show_(command);
    const auto* incoming = std::get_if<callui::ReportIncoming>(&command);
    if (incoming != nullptr && client_ != nullptr) {
        client_->feed(engine::IncomingReported{incoming->call_id, engine::ReportResult::shown});
    }
}

}  // namespace clarion::native
