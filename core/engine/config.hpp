// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "core/base/ids.hpp"
#include "core/base/redacted.hpp"
#include "core/base/time.hpp"
#include "core/callui/config.hpp"
#include "core/protocol/messages.hpp"

namespace clarion::engine {

using callui::system_rules;
using callui::SystemRules;

struct Config {
    ServiceId service;
    UserId user;  // The signed-in user: an invite for anybody else is refused.
    DeviceId device;
    protocol::Platform platform = protocol::Platform::desktop;
    std::optional<Redacted<std::string>> token;  // Access token; needed to place calls and to be online.

    Duration verify_timeout{10'000};   // Offline for so long after Accept: the call failed. Bounded by accept_until.
    Duration connect_timeout{15'000};  // From the confirmed answer to media.
    Duration place_timeout{10'000};    // From place to the server's acknowledgement.
    Duration reconnect_min{200};
    Duration reconnect_max{10'000};
};

}  // namespace clarion::engine
