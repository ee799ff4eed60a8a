// SPDX-License-Identifier: Apache-2.0
// New calls: who is called, who does not want it, and two calls that cross. And what a user's other devices may do.
#include <algorithm>
#include <ranges>

#include "core/base/uuid.hpp"
#include "core/routing/described.hpp"
#include "crypto/keys.hpp"
#include "server/app/call_host.hpp"
#include "server/app/log.hpp"

namespace clarion::server {
namespace {

using protocol::ErrorCode;

constexpr int kAttemptsMax = 4;
constexpr Duration kCallingIdle{10 * 60'000};
constexpr const char* kTester = "clarion.test";

routing::Screening screening_of(const UserSettings& settings, const UserId& caller, WallTime now) {
    if (std::ranges::find(settings.blocked, caller) != settings.blocked.end()) return routing::Screening::blocked;
    const bool is_quiet = settings.do_not_disturb_until && now < *settings.do_not_disturb_until;
    return is_quiet ? routing::Screening::do_not_disturb : routing::Screening::none;
}

}  // namespace

std::vector<routing::CalleeDevice> CallHost::devices_of(
    const ServiceId& service, const std::vector<DeviceRecord>& records
) const {
    std::vector<routing::CalleeDevice> devices;
    for (const DeviceRecord& device : records) {
        devices.push_back(
            {device.device, device.platform, device.push.has_value(), parts_.bus.is_online(service, device.device)}
        );
    }
    if (devices.size() <= routing::kLegsMax) return devices;
    // Routing takes the first ones. Installations that nobody uses any more must not push out a phone in use: connected
    // ones first, then those that a push can wake, of each the newest.
    std::vector<routing::CalleeDevice> sorted;
    for (const auto& [connected, has_push] : {std::pair{true, true}, {true, false}, {false, true}, {false, false}}) {
        for (const routing::CalleeDevice& device : devices | std::views::reverse) {
            if (device.connected == connected && device.has_push == has_push) sorted.push_back(device);
        }
    }
    return sorted;
}

std::size_t CallHost::calls_placed_by(const Caller& caller) const {
    const auto calls = calls_of_.find({caller.service, caller.device});
    if (calls == calls_of_.end()) return 0;
    return static_cast<std::size_t>(std::ranges::count_if(calls->second, [&](const CallId& call) {
        return live_.at(call).record.document.from_device == caller.device;
    }));
}

bool CallHost::may_call(const Caller& caller, const UserId& callee) {
    const WallTime now = parts_.clock.wall_now();
    Calling& calling = callings_[{caller.service, caller.user, callee}];
    calling.last = now;
    return calling.budget.take(now, options_.calls_per_minute / 60.0, options_.calls_per_minute * 2.0);
}

void CallHost::forget_idle(WallTime now) {
    std::erase_if(callings_, [&](const auto& item) { return now - item.second.last > kCallingIdle; });
}

CallHost::Result CallHost::place(const Caller& caller, const protocol::Place& message) {
    if (const auto there = load(message.call_id, false)) {
        return place_again(caller, message, *there);
    } else if (there.error() != ErrorCode::unknown_call) {
        return std::unexpected{there.error()};
    }
    if (calls_placed_by(caller) >= options_.calls_per_device_max) return std::unexpected{ErrorCode::too_many};
    if (!may_call(caller, message.to_user)) return std::unexpected{ErrorCode::too_many};
    auto placed = placed_from(caller, message);
    if (!placed) return std::unexpected{placed.error()};
    const auto policy = policies_.for_new_call(caller.service);
    if (!policy) return std::unexpected{ErrorCode::unavailable};
    return place_new(caller, message, *placed, *policy);
}

std::expected<CallId, ErrorCode> CallHost::ring_test(const DeviceRecord& device) {
    const auto placed = routing::CallPlaced{
        .call_id = CallId{Uuid::v4(crypto::random_number(), crypto::random_number())},
        .service = device.service,
        .from_user = *UserId::parse(device.user.text() == kTester ? "clarion.test.ring" : kTester),
        .from_device = *DeviceId::parse(kTester),
        .from_name = Redacted<std::string>{"Clarion test ring"},
        .to_user = device.user,
        .devices = devices_of(device.service, {device})
    };
    const auto policy = policies_.for_new_call(device.service);
    if (!policy) return std::unexpected{ErrorCode::unavailable};
    auto decision = routing::place(placed, parts_.clock.wall_now(), policies_.config(*policy));
    if (!decision) return std::unexpected{decision.error()};
    const auto version = write_first(*decision, {*policy});
    if (!version) return std::unexpected{ErrorCode::unavailable};
    log::write(log::Level::info, "test_ring", {{"call", placed.call_id.text()}, {"device", device.device.text()}});
    const routing::CallDocument document = decision->document;
    keep(CallRecord{std::move(decision->document), *version, {}, *policy});
    perform(document, decision->effects);
    return placed.call_id;
}

CallHost::Result CallHost::place_again(const Caller& caller, const protocol::Place& message, const CallRecord& there) {
    const routing::CallDocument& call = there.document;
    if (call.service != caller.service) return std::unexpected{ErrorCode::id_conflict};
    if (call.call_id != message.call_id) {
        if (call.to_user != caller.user || call.from_user != message.to_user) {
            return std::unexpected{ErrorCode::id_conflict};
        }
        return decide(call.call_id, routing::CallCrossed{{caller.device}, message.call_id}, nullptr);
    }
    const UserId* user = routing::user_of(call, caller.device);
    const bool is_same = user == &call.from_user && call.from_user == caller.user && call.to_user == message.to_user;
    if (!is_same) return std::unexpected{ErrorCode::id_conflict};
    return decide(message.call_id, routing::VerifyAsked{caller.device}, nullptr);
}

std::expected<routing::CallPlaced, ErrorCode> CallHost::placed_from(
    const Caller& caller, const protocol::Place& message
) {
    const auto devices = parts_.store.list_devices(caller.service, message.to_user);
    const auto user = parts_.store.find_user(caller.service, caller.user);
    const auto settings = parts_.store.find_settings(caller.service, message.to_user);
    if (!devices || !user || !settings) return std::unexpected{ErrorCode::unavailable};

    routing::CallPlaced placed{message.call_id, caller.service, caller.user, caller.device, {}, message.to_user,
                               message.media,   message.offer,  {}};
    // A name that the app server registered goes before the one that the caller's app says: who must not be able to
    // pose as somebody else gets a registered name.
    const bool has_name = *user && !(*user)->name.reveal().empty();
    placed.from_name = has_name ? (*user)->name : message.from_name.value_or(Redacted{caller.user.text()});
    placed.devices = devices_of(caller.service, *devices);
    placed.responder_preparation = message.responder_preparation;
    placed.start_message = message.start_message;
    placed.extra = message.extra;
    placed.app_server_data = message.app_server_data;
    placed.screening = screening_of(*settings, caller.user, parts_.clock.wall_now());
    return placed;
}

CallHost::Result CallHost::place_new(
    const Caller& caller, const protocol::Place& message, routing::CallPlaced& placed, const ServicePolicy& policy
) {
    const routing::Config config = policies_.config(policy);
    for (int attempt = 0; attempt < kAttemptsMax; ++attempt) {
        auto decision = routing::place(placed, parts_.clock.wall_now(), config);
        if (!decision) return std::unexpected{decision.error()};
        const bool is_settled =
            placed.screening == routing::Screening::crossed || placed.screening == routing::Screening::overtaken;
        const auto version = write_first(*decision, {policy, !is_settled});
        if (!version && version.error() == StoreFault::crossed) {
            if (auto result = cross(caller, placed, config.glare)) return *result;
            continue;
        }
        if (!version && version.error() == StoreFault::exists) return std::unexpected{ErrorCode::id_conflict};
        if (!version) return std::unexpected{ErrorCode::unavailable};
        log::write(
            log::Level::info, "call_placed",
            {{"call", message.call_id.text()},
             {"service", caller.service.text()},
             {"devices", std::to_string(decision->document.legs.size())}}
        );
        const routing::CallDocument document = decision->document;
        keep(CallRecord{std::move(decision->document), *version, {}, policy});
        perform(document, decision->effects);
        return {};
    }
    log::write(log::Level::error, "call_write_conflicts", {{"call", message.call_id.text()}});
    return std::unexpected{ErrorCode::unavailable};
}

std::optional<CallHost::Result> CallHost::cross(
    const Caller& caller, routing::CallPlaced& placed, routing::Glare glare
) {
    const auto found = parts_.store.find_crossing(caller.service, placed.to_user, caller.user);
    if (!found) return std::unexpected{ErrorCode::unavailable};
    if (!*found) return std::nullopt;  // It ended, or was answered, at this moment.
    const CallId there = (*found)->document.call_id;
    switch (glare) {
        case routing::Glare::refuse: placed.screening = routing::Screening::crossed; return std::nullopt;
        case routing::Glare::lower_id_wins: {
            if (there < placed.call_id) {
                placed.screening = routing::Screening::overtaken;
                return std::nullopt;
            }
            const Result ended = decide(there, routing::CallOvertaken{}, nullptr);
            if (!ended && ended.error() != ErrorCode::wrong_state) return ended;
            return std::nullopt;
        }
        case routing::Glare::merge: break;
    }
    const auto device = parts_.store.find_device(caller.service, caller.device);
    if (!device) return std::unexpected{ErrorCode::unavailable};
    routing::CalleeDevice from{.device = caller.device, .connected = true};
    if (*device) {
        from.platform = (*device)->platform;
        from.has_push = (*device)->push.has_value();
    }
    const Result merged = decide(there, routing::CallCrossed{from, placed.call_id}, nullptr);
    if (!merged && merged.error() == ErrorCode::wrong_state) return std::nullopt;
    if (merged) {
        log::write(log::Level::info, "calls_merged", {{"call", there.text()}, {"merged", placed.call_id.text()}});
    }
    return merged;
}

/// A device speaks of the call that it placed and that became another name of one that it was called by.
CallHost::Result CallHost::handle_name(const CallRecord& record, const CallId& name, const routing::Event& event) {
    const routing::CallDocument& call = record.document;
    const auto crossing = std::ranges::find(call.crossings, name, &routing::Crossing::call_id);
    if (crossing == call.crossings.end()) return std::unexpected{ErrorCode::unknown_call};
    if (const auto* verify = std::get_if<routing::VerifyAsked>(&event)) {
        return decide(call.call_id, routing::CallCrossed{{verify->device}, name}, nullptr);
    }
    const auto* end = std::get_if<routing::EndReceived>(&event);
    if (end == nullptr) return std::unexpected{ErrorCode::wrong_state};
    if (!end->device) return decide(call.call_id, event, nullptr);  // The app server means the call that there is.
    if (*end->device != crossing->device) return std::unexpected{ErrorCode::unknown_call};
    // It gave up before it heard of the merger: its own call is over, and the other one rings on.
    const protocol::Ended ended{name, EndReason::cancel, EndSource::caller, false, end->release_code};
    parts_.bus.send(call.service, *end->device, call.call_id, ended);
    return {};
}

CallHost::Result CallHost::take(const Caller& taker, const protocol::Take& message) {
    const auto record = find(taker.service, message.call_id);
    if (!record) return std::unexpected{record.error()};
    const routing::CallDocument& call = record->document;
    const bool is_caller = call.from_user == taker.user;
    if (!is_caller && call.to_user != taker.user) return std::unexpected{ErrorCode::unknown_call};
    const auto device = parts_.store.find_device(taker.service, taker.device);
    const auto callee = parts_.store.find_user(taker.service, call.to_user);
    if (!device || !callee) return std::unexpected{ErrorCode::unavailable};
    const bool has_name = *callee && !(*callee)->name.reveal().empty();
    routing::TakeReceived event;
    event.device = taker.device;
    if (*device) event.platform = (*device)->platform;
    event.side = is_caller ? routing::Side::caller : routing::Side::callee;
    event.peer_name = !is_caller ? call.from_name : has_name ? (*callee)->name : Redacted{call.to_user.text()};
    event.offer = message.offer;
    return decide(call.call_id, event, nullptr);
}

protocol::LiveCalls CallHost::live_calls_of(const ServiceId& service, const UserId& user) const {
    protocol::LiveCalls live;
    const auto calls = calls_of_user_.find({service, user});
    if (calls == calls_of_user_.end()) return live;
    for (const CallId& id : calls->second) {
        const routing::CallDocument& call = live_.at(id).record.document;
        if (call.phase != routing::Phase::answered) continue;
        const bool is_caller = call.from_user == user;
        protocol::LiveCall one{
            id,         is_caller ? call.to_user : call.from_user,   call.from_name,
            call.media, is_caller ? call.from_device : *call.winner, call.answered_at.value_or(call.placed_at)
        };
        if (is_caller) {
            const auto callee = parts_.store.find_user(service, call.to_user);
            const bool has_name = callee && *callee && !(*callee)->name.reveal().empty();
            one.peer_name = has_name ? (*callee)->name : Redacted{call.to_user.text()};
        }
        live.calls.push_back(std::move(one));
    }
    std::ranges::sort(live.calls, std::ranges::greater{}, &protocol::LiveCall::answered_at);
    if (live.calls.size() > protocol::kLiveCallsMax) live.calls.resize(protocol::kLiveCallsMax);
    return live;
}

}  // namespace clarion::server
