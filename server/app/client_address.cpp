// SPDX-License-Identifier: Apache-2.0
// A device says itself where it is woken.
#include <algorithm>
#include <string>

#include "server/app/client_session.hpp"
#include "server/app/log.hpp"

namespace clarion::server {

using protocol::ErrorCode;

namespace {

// A change is on the disk before it is acknowledged: one device must not keep the disk busy.
constexpr double kCostOfChange = 30;

}  // namespace

ClientSession::Result ClientSession::unavailable() {
    return std::unexpected{Refusal{ErrorCode::unavailable, std::string{explain(ErrorCode::unavailable)}}};
}

ClientSession::Result ClientSession::perform(const protocol::PushAddress& message) {
    if (scope_->call) {
        return std::unexpected{Refusal{ErrorCode::not_authorized, "a push address needs an access token"}};
    }
    const auto device = parts_.store.find_device(scope_->service, scope_->device);
    if (!device) return unavailable();
    if (!*device || (*device)->user != user_) {
        return std::unexpected{Refusal{ErrorCode::not_authorized, "the device is not this user's any more"}};
    }
    if (message.token.reveal().empty()) return take_address_away(**device, slot_of(message.kind));
    return put_address(**device, message);
}

ClientSession::Result ClientSession::take_address_away(const DeviceRecord& device, const PushSlot& slot) {
    const PushEndpoint* before = endpoint_in(device, slot);
    if (before == nullptr) return {};
    if (auto paid = pay_for_address(); !paid) return paid;
    const auto removed = parts_.store.remove_endpoint(device.service, device.device, *before, parts_.clock.wall_now());
    if (!removed) return unavailable();
    log::write(
        log::Level::info, "push_address_removed", {{"device", device.device.text()}, {"provider", slot.provider}}
    );
    return {};
}

ClientSession::Result ClientSession::put_address(const DeviceRecord& device, const protocol::PushAddress& message) {
    const PushSlot slot = slot_of(message.kind);
    const PushEndpoint* before = endpoint_in(device, slot);
    const auto endpoint = endpoint_from(message, before);
    if (!endpoint) return std::unexpected{Refusal{ErrorCode::malformed, endpoint.error()}};
    // The same again: what was learned about it stays.
    if (before != nullptr && is_same_way(*before, *endpoint)) return {};
    if (before == nullptr && endpoints_of(device).size() >= kPushEndpointsMax) {
        return std::unexpected{Refusal{
            ErrorCode::wrong_state, "the device has " + std::to_string(kPushEndpointsMax) +
                                        " push addresses, the most there may be; remove one first"
        }};
    }
    if (auto paid = pay_for_address(); !paid) return paid;
    // Elsewhere a dead token never comes back; with Apple a device that registers again makes it good.
    const bool may_be_dead = slot.provider != "apns";
    const auto is_dead = may_be_dead ? parts_.store.was_retired(device.service, device.device, *endpoint) : false;
    if (!is_dead) return unavailable();
    if (*is_dead) {
        return std::unexpected{Refusal{
            ErrorCode::wrong_state, "its push service called this token dead; ask the push service for a new one"
        }};
    }
    const auto put = parts_.store.put_endpoint(device.service, device.device, *endpoint, parts_.clock.wall_now());
    if (!put) return unavailable();
    log::write(
        log::Level::info, "push_address_registered", {{"device", device.device.text()}, {"provider", slot.provider}}
    );
    return {};
}

/// Half of a small burst: the message itself was counted before.
ClientSession::Result ClientSession::pay_for_address() {
    const bool has_room = parts_.bus.budget(*scope_).take(
        parts_.clock.wall_now(), parts_.limits.frames_per_second, parts_.limits.frames_burst,
        std::min(kCostOfChange, parts_.limits.frames_burst / 2)
    );
    if (has_room) return {};
    return std::unexpected{Refusal{ErrorCode::too_many, "too many changes of push addresses; try later"}};
}

}  // namespace clarion::server
