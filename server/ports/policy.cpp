// SPDX-License-Identifier: Apache-2.0
#include "server/ports/policy.hpp"

#include <chrono>

namespace clarion::server {
namespace {

std::uint32_t milliseconds(Duration time) { return static_cast<std::uint32_t>(time.count()); }

}  // namespace

routing::Config applied(const ServicePolicy& policy, routing::Config defaults) {
    if (policy.ring_time_ms) defaults.ring_time = Duration{*policy.ring_time_ms};
    if (policy.accept_grace_ms) defaults.accept_grace = Duration{*policy.accept_grace_ms};
    if (policy.socket_grace_ms) defaults.socket_grace = Duration{*policy.socket_grace_ms};
    if (policy.reconnect_grace_ms) defaults.reconnect_grace = Duration{*policy.reconnect_grace_ms};
    if (policy.call_time_max_s) defaults.call_time_max = std::chrono::seconds{*policy.call_time_max_s};
    defaults.glare = policy.glare.value_or(defaults.glare);
    defaults.do_not_disturb = policy.do_not_disturb.value_or(defaults.do_not_disturb);
    defaults.blocked_callers = policy.blocked_callers.value_or(defaults.blocked_callers);
    defaults.decline_ends_all = policy.decline_ends_all.value_or(defaults.decline_ends_all);
    defaults.busy_ends_all = policy.busy_ends_all.value_or(defaults.busy_ends_all);
    return defaults;
}

ServicePolicy policy_of(const routing::Config& config) {
    return {
        .ring_time_ms = milliseconds(config.ring_time),
        .accept_grace_ms = milliseconds(config.accept_grace),
        .socket_grace_ms = milliseconds(config.socket_grace),
        .reconnect_grace_ms = milliseconds(config.reconnect_grace),
        .call_time_max_s = milliseconds(config.call_time_max) / 1000,
        .glare = config.glare,
        .do_not_disturb = config.do_not_disturb,
        .blocked_callers = config.blocked_callers,
        .decline_ends_all = config.decline_ends_all,
        .busy_ends_all = config.busy_ends_all
    };
}

}  // namespace clarion::server
