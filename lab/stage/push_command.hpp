// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "lab/push/web_push_rules.hpp"

namespace clarion::lab {

struct PushCommandOptions {
    std::string directory;    // Keys, certificate authority and push.json; empty: a temporary folder.
    std::string script_file;  // A fault script (lab/push/fault_script.hpp) that is played from the start.
    WebPushDialect dialect = WebPushDialect::rfc;
    std::uint16_t apns_port = 0;  // 0: the system picks.
    std::uint16_t fcm_port = 0;
    std::uint16_t web_port = 0;
    std::uint16_t unified_port = 0;
    std::uint16_t door_port = 0;
    bool is_sandbox = false;  // APNs answers as the sandbox does.
};

/// `clarion-lab push`: the four services alone, on loopback, for any sender. What it knows goes to stdout, one JSON
/// object a line: first `ready`, then every push that reaches a device, and what came of each line of fault script that
/// is read from stdin. Ends with SIGINT, SIGTERM, or the end of a pipe at stdin. The exit status: 0, or 1 when it could
/// not start (one line on stderr).
[[nodiscard]] int run_push(const PushCommandOptions& options);

}  // namespace clarion::lab
