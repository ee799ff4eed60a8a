// SPDX-License-Identifier: Apache-2.0
#include "core/protocol/reasons.hpp"

namespace clarion {

std::span<const ReasonRow> reason_table() { return detail::kReasons; }

EndReason reason_from_number(std::int64_t number) {
    for (const ReasonRow& row : detail::kReasons) {
        if (static_cast<std::int64_t>(row.reason) == number) return row.reason;
    }
    return EndReason::unknown;
}

SystemEndReason system_end_reason(EndReason reason, bool by_remote) {
    if (!by_remote && (reason == EndReason::cell_call || reason == EndReason::user_error)) {
        return SystemEndReason::failed;
    }
    for (const ReasonRow& row : detail::kReasons) {
        if (row.reason == reason) return row.system;
    }
    return SystemEndReason::failed;
}

}  // namespace clarion
