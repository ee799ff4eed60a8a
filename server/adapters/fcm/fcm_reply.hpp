// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/base/time.hpp"
#include "net/http_message.hpp"
#include "server/ports/push_sender.hpp"

namespace clarion::server::fcm {

/// What one answer of FCM means for a call. Pure.
struct Verdict {
    PushOutcome outcome = PushOutcome::unknown;
    std::string reason;  ///< FcmError's errorCode, else the status word, else "HTTP <status>".
    std::string name;    ///< Of an accepted message.
    std::string_view advice;
    std::optional<Duration> retry_after;
};

/// Looks through all of `details` for the FcmError, then at the error's status word, then at the HTTP status.
/// Source: "ErrorCode" and "Scale FCM messages" in Firebase's documentation; bodies as the live service sends them.
[[nodiscard]] Verdict judge(const net::HttpResponse& response, WallTime now);

}  // namespace clarion::server::fcm
