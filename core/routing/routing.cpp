// SPDX-License-Identifier: Apache-2.0
#include "core/routing/routing.hpp"

#include <algorithm>

#include "core/routing/draft.hpp"

namespace clarion::routing {

namespace {

/// The device that an event came from or is about; none for the app server and for time.
std::optional<DeviceId> device_of(const Event& event) {
    return std::visit(
        [](const auto& e) -> std::optional<DeviceId> {
            if constexpr (requires { e.device; }) return e.device;
            return std::nullopt;
        },
        event
    );
}

/// The deadline that ends the call if nothing else does.
std::optional<WallTime> end_deadline(const CallDocument& call) {
    switch (call.phase) {
        case Phase::ringing: return call.accept_until;
        case Phase::answered: return call.answered_at.value_or(call.placed_at) + kCallTimeMax;
        case Phase::ended: return std::nullopt;
    }
    return std::nullopt;
}

/// Ends a call whose time is over, whoever noticed it.
bool expire(detail::Draft& draft) {
    const auto deadline = end_deadline(draft.call);
    if (!deadline || draft.now < *deadline) return false;
    if (draft.call.phase == Phase::ringing) {
        // Source caller: LINE Planet's table (the caller gave up waiting).
        detail::finish(draft, {.reason = EndReason::no_answer, .source = EndSource::caller});
    } else {
        detail::finish(draft, {.reason = EndReason::max_call_time_exceeded, .source = EndSource::cloud_server});
    }
    return true;
}

}  // namespace

std::expected<Decision, ErrorCode> decide(
    const CallDocument& document, const Event& event, WallTime now, const Config& config
) {
    const auto device = device_of(event);
    if (device && !detail::is_party(document, *device)) return std::unexpected{ErrorCode::unknown_call};

    detail::Draft draft{document, now, {}};
    const bool expired = expire(draft);
    const detail::Applied applied = std::visit([&](const auto& e) { return detail::apply(draft, e, config); }, event);
    // When time ended the call just now, the device learns that instead of an error: the end must not be lost.
    if (!applied && !expired) return std::unexpected{applied.error()};

    const bool changed = draft.call != document;
    return Decision{std::move(draft.call), changed, std::move(draft.effects)};
}

std::optional<WallTime> next_deadline(const CallDocument& document) {
    auto next = end_deadline(document);
    if (document.phase != Phase::ringing) return next;
    for (const Leg& leg : document.legs) {
        if (leg.push_at && *leg.push_at < *next) next = leg.push_at;
    }
    return next;
}

namespace detail {

Leg* find_leg(CallDocument& call, const DeviceId& device) {
    const auto it = std::ranges::find(call.legs, device, &Leg::device);
    return it == call.legs.end() ? nullptr : &*it;
}

bool is_party(const CallDocument& call, const DeviceId& device) {
    return device == call.from_device || std::ranges::find(call.legs, device, &Leg::device) != call.legs.end();
}

void tell(Draft& draft, const DeviceId& device, protocol::ServerMessage message) {
    draft.effects.emplace_back(SendToDevice{device, std::move(message)});
}

void trace(Draft& draft, const std::optional<DeviceId>& device, std::string_view what, std::string detail) {
    draft.effects.emplace_back(AddTrace{device, std::string{what}, std::move(detail)});
}

}  // namespace detail

}  // namespace clarion::routing
