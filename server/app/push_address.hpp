// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <expected>
#include <optional>
#include <string>

#include "core/protocol/messages.hpp"
#include "server/ports/store.hpp"

/// Where a device is woken: what it may register, by the app server (REST) and by itself (client protocol).
namespace clarion::server {

/// What is wrong with it: the field, and what is allowed ("token is empty"); nullopt: nothing.
[[nodiscard]] std::optional<std::string> fault_of(const PushEndpoint& endpoint);

/// Which of a device's ways an address is: it has one of each.
struct PushSlot {
    std::string provider;
    bool is_alert = false;

    [[nodiscard]] bool holds(const PushEndpoint& endpoint) const {
        return endpoint.provider == provider && endpoint.is_alert == is_alert;
    }
};

[[nodiscard]] PushSlot slot_of(protocol::TokenKind kind);

/// The device's way there now; nullptr: none.
[[nodiscard]] const PushEndpoint* endpoint_in(const DeviceRecord& device, const PushSlot& slot);

/// What the device says, with what it leaves out taken from `before`. Of a browser and of UnifiedPush the token is the
/// subscription as PushSubscription.toJSON() writes it. The error is one sentence that begins with the field.
[[nodiscard]] std::expected<PushEndpoint, std::string> endpoint_from(
    const protocol::PushAddress& address, const PushEndpoint* before
);

/// Nothing that a push needs differs.
[[nodiscard]] bool is_same_way(const PushEndpoint& one, const PushEndpoint& other);

}  // namespace clarion::server
