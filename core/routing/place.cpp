// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <string>

#include "core/routing/draft.hpp"

namespace clarion::routing {

namespace {

CallDocument new_document(const CallPlaced& event, WallTime now, const Config& config) {
    CallDocument call;
    call.call_id = event.call_id;
    call.service = event.service;
    call.from_user = event.from_user;
    call.from_device = event.from_device;
    call.from_name = event.from_name;
    call.to_user = event.to_user;
    call.media = event.media;
    call.offer = event.offer;
    call.placed_at = now;
    call.ring_until = now + config.ring_time;
    call.accept_until = call.ring_until + config.accept_grace;
    return call;
}

void add_leg(detail::Draft& draft, const CalleeDevice& device, const Config& config) {
    if (detail::is_party(draft.call, device.device)) return;  // Listed twice, or the phone that the call comes from.
    Leg& leg = draft.call.legs.emplace_back();
    leg.device = device.device;
    leg.platform = device.platform;
    leg.has_push = device.has_push;
    leg.connected = device.connected;
    if (leg.connected) {
        detail::send_incoming(draft, leg, config);
    } else {
        detail::push_ring(draft, leg);
    }
}

}  // namespace

std::expected<Decision, ErrorCode> place(const CallPlaced& event, WallTime now, const Config& config) {
    if (event.from_user == event.to_user) return std::unexpected{ErrorCode::id_conflict};
    if (event.offer.reveal().size() > protocol::kSdpLengthMax) return std::unexpected{ErrorCode::too_large};
    if (event.from_name.reveal().size() > protocol::kNameLengthMax) return std::unexpected{ErrorCode::too_large};

    detail::Draft draft{new_document(event, now, config), now, {}};
    detail::trace(
        draft, event.from_device, "placed",
        std::to_string(event.devices.size()) + (event.devices.size() == 1 ? " device" : " devices")
    );
    for (const CalleeDevice& device : event.devices) {
        if (draft.call.legs.size() == kLegsMax) {
            detail::trace(
                draft, std::nullopt, "too_many_devices", "only the first " + std::to_string(kLegsMax) + " ring"
            );
            break;
        }
        add_leg(draft, device, config);
    }
    const std::uint32_t devices = detail::devices_notified(draft.call);
    if (devices == 0) {
        detail::finish(draft, {.reason = EndReason::push_error, .source = EndSource::cloud_server});
    } else {
        detail::tell(draft, event.from_device, protocol::Notified{event.call_id, devices, draft.call.ring_until});
    }
    return Decision{std::move(draft.call), true, std::move(draft.effects)};
}

}  // namespace clarion::routing
