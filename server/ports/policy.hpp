// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>

#include "core/routing/document.hpp"

namespace clarion::server {

/// What a service decides about its calls. What it leaves open is decided by whoever is asked next: the configuration
/// of the server, then the product. Words, limits and meaning: docs/operate.md, "policies".
struct ServicePolicy {
    std::optional<std::uint32_t> ring_time_ms;
    std::optional<std::uint32_t> accept_grace_ms;
    std::optional<std::uint32_t> socket_grace_ms;
    std::optional<std::uint32_t> reconnect_grace_ms;
    std::optional<std::uint32_t> call_time_max_s;
    std::optional<routing::Glare> glare;
    std::optional<routing::Unwanted> do_not_disturb;
    std::optional<routing::Unwanted> blocked_callers;
    std::optional<bool> decline_ends_all;
    std::optional<bool> busy_ends_all;

    friend bool operator==(const ServicePolicy&, const ServicePolicy&) = default;
};

/// `defaults` where the policy leaves something open.
[[nodiscard]] routing::Config applied(const ServicePolicy& policy, routing::Config defaults);

/// A policy that leaves nothing open.
[[nodiscard]] ServicePolicy policy_of(const routing::Config& config);

}  // namespace clarion::server
