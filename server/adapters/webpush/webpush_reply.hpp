// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/time.hpp"
#include "net/http_message.hpp"
#include "server/push/dispatcher.hpp"

namespace clarion::server::webpush {

/// What one answer of a push service means for a push. Pure. Services differ in the words and even in the status for
/// the same fault (Mozilla: 401 with an errno, Apple: a reason, Chrome: plain text), so both are looked at.
/// Source: RFC 8030 section 5, RFC 8292 section 4.2, and the documentation of the services.
[[nodiscard]] push::Verdict judge(const net::HttpResponse& response, WallTime now);

}  // namespace clarion::server::webpush
