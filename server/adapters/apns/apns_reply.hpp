// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/base/time.hpp"
#include "server/ports/push_sender.hpp"

namespace clarion::server::apns {

/// What one answer of APNs means for a call. Pure.
struct Verdict {
    PushOutcome outcome = PushOutcome::unknown;
    std::string reason;  ///< Apple's word, or "HTTP <status>" when the body has none.
    std::string_view advice;
    std::optional<WallTime> dead_since;
    bool needs_new_connection = false;  ///< Known to stay broken after this answer.
    bool is_other_environment = false;  ///< The key is not for the environment that answered.
    bool is_token_too_new = false;      ///< TooManyProviderTokenUpdates: go back to the provider token before.
};

/// Unknown reasons, empty bodies and bodies that are not JSON are judged by their status.
/// Source: "Handling notification responses from APNs".
[[nodiscard]] Verdict judge(unsigned status, std::string_view body);

}  // namespace clarion::server::apns
