// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <expected>
#include <string>
#include <string_view>

#include "tools/clarion/admin.hpp"
#include "tools/clarion/waterfall.hpp"

namespace clarion::tool {

struct TraceShow {
    std::string call;  // Empty: the newest call,
    std::string user;  // of this user if given.
    bool ascii = false;
    Format format = Format::text;
};

/// Reads what `GET /v1/calls/{call}/trace` answers. Error: one line.
[[nodiscard]] std::expected<Trace, std::string> parse_trace(std::string_view json);

/// Prints a call's waterfall, or the server's JSON. Returns the exit code.
[[nodiscard]] int trace_show(const AccessOptions& access, const TraceShow& command);

}  // namespace clarion::tool
