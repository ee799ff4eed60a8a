// SPDX-License-Identifier: Apache-2.0
#include "core/routing/routing.hpp"

#include <algorithm>

#include "core/routing/draft.hpp"

namespace clarion::routing {

namespace {

constexpr std::size_t kEffectsUsual = 3;  // Of most events there are not more.

/// The device that an event came from or is about, and that must have a part in the call already; null for the app
/// server, for time, and for devices that may come from outside.
const DeviceId* known_device_of(const Event& event) {
    return std::visit(
        []<class E>(const E& e) -> const DeviceId* {
            if constexpr (std::is_same_v<E, TakeReceived>) {
                return nullptr;
            } else if constexpr (std::is_same_v<E, EndReceived>) {
                return e.device ? &*e.device : nullptr;
            } else if constexpr (requires { e.device; }) {
                return &e.device;
            } else {
                return nullptr;
            }
        },
        event
    );
}

/// The deadline that ends the call if nothing else does.
std::optional<WallTime> end_deadline(const CallDocument& call) {
    switch (call.phase) {
        case Phase::ringing: return call.accept_until;
        case Phase::answered: return call.ends_at.value_or(call.answered_at.value_or(call.placed_at) + kCallTimeMax);
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
    const DeviceId* device = known_device_of(event);
    if (device != nullptr && !detail::is_party(document, *device)) return std::unexpected{ErrorCode::unknown_call};

    // Made where it is returned: a document is large.
    std::expected<Decision, ErrorCode> decision{std::in_place, document};
    detail::Draft draft{decision->document, now, decision->effects};
    const bool expired = expire(draft);
    const detail::Applied applied = std::visit([&](const auto& e) { return detail::apply(draft, e, config); }, event);
    // When time ended the call just now, the device learns that instead of an error: the end must not be lost.
    if (!applied && !expired) {
        decision = std::unexpected{applied.error()};
        return decision;
    }
    detail::tell_progress(draft);
    decision->changed = decision->document != document;
    return decision;
}

std::optional<WallTime> next_deadline(const CallDocument& document) {
    auto next = end_deadline(document);
    const auto consider = [&next](const std::optional<WallTime>& at) {
        if (at && *at < *next) next = at;
    };
    if (document.phase == Phase::ringing) {
        for (const Leg& leg : document.legs) consider(leg.push_at);
    } else if (document.phase == Phase::answered) {
        for (const Party* party : {&document.caller, &document.callee}) {
            consider(party->lost_at);
            consider(party->give_up_at);
        }
        consider(document.abandoned_at);
        if (document.take) consider(document.take->until);
    }
    return next;
}

const UserId* user_of(const CallDocument& call, const DeviceId& device) {
    const bool was_caller = std::ranges::find(call.former_callers, device) != call.former_callers.end();
    if (device == call.from_device || was_caller) return &call.from_user;
    if (detail::find_leg(call, device) != nullptr) return &call.to_user;
    if (!call.take || call.take->device != device) return nullptr;
    return call.take->side == Side::caller ? &call.from_user : &call.to_user;
}

std::vector<DeviceId> devices_of(const CallDocument& call) {
    std::vector<DeviceId> devices{call.from_device};
    for (const Leg& leg : call.legs) devices.push_back(leg.device);
    for (const DeviceId& device : call.former_callers) devices.push_back(device);
    if (call.take) devices.push_back(call.take->device);
    return devices;
}

namespace detail {

Leg* find_leg(CallDocument& call, const DeviceId& device) {
    const auto it = std::ranges::find(call.legs, device, &Leg::device);
    return it == call.legs.end() ? nullptr : &*it;
}

const Leg* find_leg(const CallDocument& call, const DeviceId& device) {
    const auto it = std::ranges::find(call.legs, device, &Leg::device);
    return it == call.legs.end() ? nullptr : &*it;
}

bool is_party(const CallDocument& call, const DeviceId& device) { return user_of(call, device) != nullptr; }

void tell(Draft& draft, const DeviceId& device, protocol::ServerMessage message) {
    if (draft.effects.capacity() == 0) draft.effects.reserve(kEffectsUsual);
    draft.effects.emplace_back(std::in_place_type<SendToDevice>, device, std::move(message));
}

void trace(Draft& draft, const std::optional<DeviceId>& device, std::string_view what, std::string detail) {
    if (draft.effects.capacity() == 0) draft.effects.reserve(kEffectsUsual);
    draft.effects.emplace_back(std::in_place_type<AddTrace>, device, std::string{what}, std::move(detail));
}

}  // namespace detail

}  // namespace clarion::routing
