// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <string>

#include "core/protocol/messages_described.hpp"
#include "core/routing/described.hpp"
#include "core/routing/draft.hpp"

namespace clarion::routing {

namespace {

bool is_too_long(const std::optional<Redacted<std::string>>& text, std::size_t length_max) {
    return text && text->reveal().size() > length_max;
}

bool has_too_long_text(const CallPlaced& event) {
    return event.offer.reveal().size() > protocol::kSdpLengthMax ||
           event.from_name.reveal().size() > protocol::kNameLengthMax ||
           is_too_long(event.start_message, protocol::kStartMessageLengthMax) ||
           is_too_long(event.extra, protocol::kExtraLengthMax) ||
           is_too_long(event.app_server_data, protocol::kAppServerDataLengthMax);
}

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
    call.responder_preparation = event.responder_preparation;
    call.start_message = event.start_message;
    call.extra = event.extra;
    call.app_server_data = event.app_server_data;
    call.screening = event.screening;
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

void wake(detail::Draft& draft, const CallPlaced& event, const Config& config) {
    for (const CalleeDevice& device : event.devices) {
        if (draft.call.legs.size() == kLegsMax) {
            detail::trace(
                draft, std::nullopt, "too_many_devices", "only the first " + std::to_string(kLegsMax) + " ring"
            );
            break;
        }
        add_leg(draft, device, config);
    }
    draft.call.devices_told = detail::devices_notified(draft.call);
}

/// How a call that may wake nobody ends at once; nothing for one that rings on for its caller's ears only.
std::optional<detail::Ending> refusal(Screening screening, const Config& config) {
    switch (screening) {
        case Screening::none: return std::nullopt;
        case Screening::do_not_disturb:
            if (config.do_not_disturb == Unwanted::silent) return std::nullopt;
            return detail::Ending{.reason = EndReason::busy, .source = EndSource::callee};
        case Screening::blocked:
            if (config.blocked_callers == Unwanted::silent) return std::nullopt;
            return detail::Ending{.reason = EndReason::decline, .source = EndSource::callee};
        case Screening::crossed: return detail::Ending{.reason = EndReason::busy, .source = EndSource::cloud_server};
        case Screening::overtaken:
            return detail::Ending{.reason = EndReason::already_got_a_call, .source = EndSource::cloud_server};
    }
    return std::nullopt;
}

/// As many as would have been notified: the caller must not see the difference.
std::uint32_t devices_within_reach(const CallPlaced& event) {
    const auto count =
        std::ranges::count_if(event.devices, [](const CalleeDevice& one) { return one.connected || one.has_push; });
    return std::min(static_cast<std::uint32_t>(count), static_cast<std::uint32_t>(kLegsMax));
}

}  // namespace

std::expected<Decision, ErrorCode> place(const CallPlaced& event, WallTime now, const Config& config) {
    if (event.from_user == event.to_user) return std::unexpected{ErrorCode::id_conflict};
    if (has_too_long_text(event)) return std::unexpected{ErrorCode::too_large};

    std::expected<Decision, ErrorCode> decision{Decision{new_document(event, now, config), true, {}}};
    detail::Draft draft{decision->document, now, decision->effects};
    CallDocument& call = draft.call;
    detail::trace(
        draft, event.from_device, "placed",
        std::to_string(event.devices.size()) + (event.devices.size() == 1 ? " device" : " devices")
    );
    if (event.screening == Screening::none) {
        wake(draft, event, config);
    } else {
        detail::trace(draft, std::nullopt, "screened", std::string{to_string(event.screening)});
        call.devices_told = devices_within_reach(event);
    }
    if (auto ending = refusal(event.screening, config)) {
        detail::finish(draft, std::move(*ending));
    } else if (call.devices_told == 0) {
        detail::finish(draft, {.reason = EndReason::push_error, .source = EndSource::cloud_server});
    } else {
        detail::tell(draft, event.from_device, protocol::Notified{event.call_id, call.devices_told, call.ring_until});
        detail::tell_progress(draft);
    }
    return decision;
}

}  // namespace clarion::routing
