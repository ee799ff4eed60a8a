// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/base/time.hpp"
#include "tools/clarion/admin.hpp"

/// Pushes by hand: to a user's devices or to one endpoint, and the test ring. The server sends them; its keys stay
/// there.
namespace clarion::tool {

struct PushSend {
    std::string user;    // Empty: `provider` and `token` say where.
    std::string device;  // Empty: all of the user's.
    std::string provider, token, topic, environment, p256dh, auth;
    bool is_alert_token = false;
    std::string title, body;
    std::vector<std::string> data;  // NAME=VALUE
    Duration ttl{24 * 3600 * 1000};
    Format format = Format::text;
};

struct PushTest {
    std::string user, device;
    Duration limit{20'000};
    Format format = Format::text;
};

/// 0: every provider took it. 6: one did not; each line says why and what to do.
[[nodiscard]] int push_send(const AccessOptions& access, const PushSend& command);
/// Rings the device as a call of nobody and prints each step as it happens, then ends the call. 0: it rang; 4: not.
[[nodiscard]] int push_test(const AccessOptions& access, const PushTest& command);
/// A fresh VAPID key into a file (mode 0600), and its public half on stdout.
[[nodiscard]] int push_vapid_key(const std::string& file);

/// One line a result of POST /v1/push, for people.
[[nodiscard]] std::vector<std::string> explain_push(std::string_view json);

}  // namespace clarion::tool
