// SPDX-License-Identifier: Apache-2.0
#include "server/app/call_host.hpp"

#include <algorithm>
#include <ranges>
#include <span>
#include <vector>

#include "core/protocol/messages_described.hpp"
#include "server/app/log.hpp"

namespace clarion::server {
namespace {

using protocol::ErrorCode;

// Another process may write the same call between our reading and our writing; more than a few times in a row is a
// fault.
constexpr int kConflictsMax = 4;
// The wall clock may jump while a timer sleeps: look at it at least this often while calls live.
constexpr Duration kClockCheck{1'000};
constexpr Duration kRetryAfterFailure{1'000};

}  // namespace

CallHost::CallHost(Parts parts, CallHostOptions options) : parts_{parts}, options_{options}, timer_{parts.loop} {}

// ---- deciding ----

std::expected<CallRecord, ErrorCode> CallHost::load(const CallId& call, bool fresh) {
    if (const auto found = live_.find(call); found != live_.end() && !fresh) return found->second.record;
    auto stored = parts_.store.find_call(call);
    if (!stored) {
        log::write(log::Level::error, "store_failed", {{"error", stored.error().text}});
        return std::unexpected{ErrorCode::unavailable};
    }
    if (!*stored) return std::unexpected{ErrorCode::unknown_call};
    return std::move(**stored);
}

std::expected<CallRecord, ErrorCode> CallHost::find(const ServiceId& service, const CallId& call) {
    auto record = load(call, false);
    if (record && record->document.service != service) return std::unexpected{ErrorCode::unknown_call};
    return record;
}

void CallHost::collect_trace(const routing::Decision& decision, const Note* note) {
    for (const routing::Effect& effect : decision.effects) {
        const auto* trace = std::get_if<routing::AddTrace>(&effect);
        if (trace == nullptr) continue;
        TraceStep step{decision.document.call_id, trace->device, parts_.clock.wall_now(), trace->what, trace->detail};
        if (note != nullptr && note->what == step.what) {
            step.at = note->at;
            step.detail = note->detail;
        }
        parts_.trace.add(std::move(step));
    }
}

std::expected<std::uint64_t, StoreFault> CallHost::write(
    const routing::Decision& decision, std::uint64_t version, const Note* note
) {
    // The lines of a write that is lost to somebody else must not stay: routing decides, and traces, again.
    std::vector<TraceStep> steps{parts_.trace.pending().begin(), parts_.trace.pending().end()};
    CallWrite write{&decision.document, version, {}, {}};
    for (const routing::Effect& effect : decision.effects) {
        if (const auto* trace = std::get_if<routing::AddTrace>(&effect)) {
            const bool is_noted = note != nullptr && note->what == trace->what;
            steps.push_back(
                {decision.document.call_id, trace->device, is_noted ? note->at : parts_.clock.wall_now(), trace->what,
                 is_noted ? note->detail : trace->detail}
            );
        } else if (const auto* history = std::get_if<routing::RecordHistory>(&effect)) {
            write.outcomes = Outcomes{history->caller, history->callee};
        }
    }
    write.steps = steps;
    const auto written = parts_.store.write_call(write);
    if (written) {
        parts_.trace.written();
        is_healthy_ = true;
        return *written;
    }
    if (written.error().fault != StoreFault::conflict && written.error().fault != StoreFault::exists) {
        is_healthy_ = false;
        log::write(
            log::Level::error, "store_failed",
            {{"fault", std::string{name_of(written.error().fault)}}, {"error", written.error().text}}
        );
    }
    return std::unexpected{written.error().fault};
}

CallHost::Result CallHost::decide(const CallId& call, const routing::Event& event, const Note* note) {
    for (int attempt = 0; attempt < kConflictsMax; ++attempt) {
        auto record = load(call, attempt > 0);
        if (!record) return std::unexpected{record.error()};
        auto decision = routing::decide(record->document, event, parts_.clock.wall_now(), options_.routing);
        if (!decision) return std::unexpected{decision.error()};
        if (!decision->changed) {
            collect_trace(*decision, note);
            perform(decision->document, decision->effects);
            return {};
        }
        const auto version = write(*decision, record->version, note);
        if (!version && version.error() == StoreFault::conflict) continue;
        if (!version) return std::unexpected{ErrorCode::unavailable};
        const routing::CallDocument document = decision->document;
        keep(CallRecord{std::move(decision->document), *version, {}});
        perform(document, decision->effects);
        return {};
    }
    log::write(log::Level::error, "call_write_conflicts", {{"call", call.text()}});
    return std::unexpected{ErrorCode::unavailable};
}

CallHost::Result CallHost::handle(const ServiceId& service, const CallId& call, const routing::Event& event) {
    const auto record = find(service, call);
    if (!record) return std::unexpected{record.error()};
    return decide(call, event, nullptr);
}

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

CallHost::Result CallHost::place(const Caller& caller, const protocol::Place& message) {
    if (const auto there = load(message.call_id, false)) {
        const routing::CallDocument& call = there->document;
        const bool is_same =
            call.service == caller.service && call.from_device == caller.device && call.from_user == caller.user;
        if (!is_same || call.to_user != message.to_user) return std::unexpected{ErrorCode::id_conflict};
        return decide(message.call_id, routing::VerifyAsked{caller.device}, nullptr);
    } else if (there.error() != ErrorCode::unknown_call) {
        return std::unexpected{there.error()};
    }
    if (calls_placed_by(caller) >= options_.calls_per_device_max) return std::unexpected{ErrorCode::too_many};

    const auto devices = parts_.store.list_devices(caller.service, message.to_user);
    const auto user = parts_.store.find_user(caller.service, caller.user);
    if (!devices || !user) return std::unexpected{ErrorCode::unavailable};

    routing::CallPlaced placed{message.call_id, caller.service, caller.user, caller.device, {}, message.to_user,
                               message.media,   message.offer,  {}};
    // A name that the app server registered goes before the one that the caller's app says: who must not be able to
    // pose as somebody else gets a registered name.
    const bool has_name = *user && !(*user)->name.reveal().empty();
    placed.from_name = has_name ? (*user)->name : message.from_name.value_or(Redacted{caller.user.text()});
    placed.devices = devices_of(caller.service, *devices);
    auto decision = routing::place(placed, parts_.clock.wall_now(), options_.routing);
    if (!decision) return std::unexpected{decision.error()};
    const auto version = write(*decision, 0, nullptr);
    if (!version)
        return std::unexpected{version.error() == StoreFault::exists ? ErrorCode::id_conflict : ErrorCode::unavailable};
    log::write(
        log::Level::info, "call_placed",
        {{"call", message.call_id.text()},
         {"service", caller.service.text()},
         {"devices", std::to_string(decision->document.legs.size())}}
    );
    const routing::CallDocument document = decision->document;
    keep(CallRecord{std::move(decision->document), *version, {}});
    perform(document, decision->effects);
    return {};
}

bool CallHost::was_seen(const Step& step) {
    if (receipts_.contains(step)) return true;
    if (live_.contains(step.first)) return !receipts_.insert(step).second;
    // An ended call has only its trace.
    parts_.trace.flush();
    const auto steps = parts_.store.trace_of(step.first);
    return steps && std::ranges::any_of(*steps, [&](const TraceStep& one) {
               return one.device == step.second.first && one.what == step.second.second;
           });
}

CallHost::Result CallHost::receipt(const ServiceId& service, const DeviceId& device, const protocol::Receipt& message) {
    const auto record = find(service, message.call_id);
    if (!record) return std::unexpected{record.error()};
    const std::string what{clarion::to_string(message.step)};
    const auto& legs = record->document.legs;
    const bool is_party =
        record->document.from_device == device || std::ranges::find(legs, device, &routing::Leg::device) != legs.end();
    if (is_party && was_seen({message.call_id, {device, what}})) return {};
    // Nothing about a call happened before it was placed, whatever the device's clock says.
    const WallTime at = parts_.clock.wall_now() + Duration{-message.age.count()};
    const Note note{std::max(at, record->document.placed_at), what, message.detail};
    auto result = decide(message.call_id, routing::ReceiptReceived{device, message.step}, &note);
    if (!result) receipts_.erase({message.call_id, {device, what}});
    return result;
}

void CallHost::look_after_store() {
    if (is_healthy_) return;
    is_healthy_ = parts_.store.probe_write().has_value();
    if (is_healthy_) log::write(log::Level::info, "store_recovered", {});
}

void CallHost::presence_changed(const LinkScope& scope, bool is_fresh) {
    const auto found = calls_of_.find({scope.service, scope.device});
    if (found == calls_of_.end() || ignores_presence_) return;
    const std::set<CallId> calls = found->second;  // Deciding may end calls.
    for (const CallId& call : calls) {
        if (scope.call && *scope.call != call) continue;
        const bool connected = parts_.bus.is_connected(scope.service, scope.device, call);
        const bool knows_call = connected && scope.call.has_value();
        const routing::PresenceChanged event{scope.device, connected, knows_call, connected && is_fresh};
        (void)decide(call, event, nullptr);
    }
}

// ---- live calls ----

void CallHost::keep(CallRecord record) {
    const routing::CallDocument& call = record.document;
    const CallId id = call.call_id;
    if (call.phase == routing::Phase::ended) {
        log::write(
            log::Level::info, "call_ended",
            {{"call", id.text()},
             {"reason", std::string{clarion::to_string(call.reason)}},
             {"source", std::string{clarion::to_string(call.source)}}}
        );
        drop(id);
        return;
    }
    Live& live = live_[id];
    if (live.deadline) deadlines_.erase({*live.deadline, id});
    live.deadline = routing::next_deadline(call);
    if (live.deadline) deadlines_.insert({*live.deadline, id});
    calls_of_[{call.service, call.from_device}].insert(id);
    for (const routing::Leg& leg : call.legs) calls_of_[{call.service, leg.device}].insert(id);
    live.record = std::move(record);
    arm();
}

void CallHost::drop(const CallId& call) {
    const auto found = live_.find(call);
    if (found == live_.end()) return;
    const routing::CallDocument& document = found->second.record.document;
    const auto forget = [&](const DeviceId& device) {
        const auto calls = calls_of_.find({document.service, device});
        if (calls == calls_of_.end()) return;
        calls->second.erase(call);
        if (calls->second.empty()) calls_of_.erase(calls);
    };
    forget(document.from_device);
    for (const routing::Leg& leg : document.legs) forget(leg.device);
    if (found->second.deadline) deadlines_.erase({*found->second.deadline, call});
    auto step = receipts_.lower_bound({call, {}});
    while (step != receipts_.end() && step->first == call) step = receipts_.erase(step);
    live_.erase(found);
    arm();
}

void CallHost::arm() {
    if (deadlines_.empty()) {
        timer_.cancel();
        return;
    }
    const Duration delay = deadlines_.begin()->first - parts_.clock.wall_now();
    timer_.arm(std::clamp(delay, Duration{0}, kClockCheck), [this] { time_passed(); });
}

void CallHost::time_passed() {
    const WallTime now = parts_.clock.wall_now();
    std::vector<CallId> due;
    for (const auto& [at, call] : deadlines_) {
        if (at > now) break;
        due.push_back(call);
    }
    for (const CallId& call : due) {
        (void)decide(call, routing::TimePassed{}, nullptr);
        const auto live = live_.find(call);
        if (live == live_.end() || !live->second.deadline || *live->second.deadline > now) continue;
        // The store did not take it: try again in a while instead of at once.
        deadlines_.erase({*live->second.deadline, call});
        live->second.deadline = now + kRetryAfterFailure;
        deadlines_.insert({*live->second.deadline, call});
    }
    arm();
}

// ---- effects ----

void CallHost::perform(const routing::CallDocument& call, const std::vector<routing::Effect>& effects) {
    for (const routing::Effect& effect : effects) {
        if (const auto* send = std::get_if<routing::SendToDevice>(&effect)) {
            const UserId& owner = send->device == call.from_device ? call.from_user : call.to_user;
            if (!is_device_of(call.service, send->device, owner)) continue;
            parts_.bus.send(call.service, send->device, call.call_id, send->message);
        } else if (const auto* incoming = std::get_if<routing::SendIncoming>(&effect)) {
            send_incoming(call, incoming->device);
        } else if (const auto* push = std::get_if<routing::SendPush>(&effect)) {
            send_push(call, *push);
        }
        // AddTrace and RecordHistory went into the store together with the document.
    }
}

/// A device may be deleted, and its id registered for somebody else, while a call lives: they hear nothing of it.
/// A store that cannot be read is no reason to keep a call's messages back.
bool CallHost::is_device_of(const ServiceId& service, const DeviceId& device, const UserId& user) const {
    const auto record = parts_.store.find_device(service, device);
    return !record || (*record && (*record)->user == user);
}

void CallHost::send_incoming(const routing::CallDocument& call, const DeviceId& device) {
    const auto record = parts_.store.find_device(call.service, device);
    // It was removed meanwhile, or belongs to somebody else now; it will not verify either.
    if (!record || !*record || (*record)->user != call.to_user) return;
    const auto invite = parts_.invites.make(call, **record, {.device = device}, parts_.clock.wall_now());
    if (!invite) {
        log::write(
            log::Level::error, "invite_failed",
            {{"call", call.call_id.text()}, {"device", device.text()}, {"error", invite.error()}}
        );
        return;
    }
    parts_.bus.send(call.service, device, call.call_id, protocol::Incoming{call.call_id, Redacted{invite->cc_param}});
}

bool CallHost::is_ring_wanted(const CallId& call) const {
    const auto live = live_.find(call);
    return live != live_.end() && live->second.record.document.phase == routing::Phase::ringing;
}

void CallHost::send_push(const routing::CallDocument& call, const routing::SendPush& push) {
    const std::weak_ptr<char> alive = alive_;
    const CallId id = call.call_id;
    const bool is_ring = push.kind == protocol::PushKind::ring;
    const auto is_wanted = [this, alive, id, is_ring] { return !alive.expired() && (!is_ring || is_ring_wanted(id)); };
    parts_.pushes.send(
        call, push, is_wanted,
        [this, alive, id, is_ring, device = push.device](routing::PushOutcome outcome) {
            if (alive.expired() || !is_ring) return;
            (void)decide(id, routing::PushFinished{device, outcome}, nullptr);
        }
    );
}

// ---- a new process ----

std::expected<std::size_t, std::string> CallHost::resume() {
    auto calls = parts_.store.unended_calls();
    if (!calls) return std::unexpected{calls.error().text};
    std::vector<CallId> ids;
    for (const std::string& error : calls->unreadable)
        log::write(log::Level::error, "call_unreadable", {{"error", error}});
    for (CallRecord& record : calls->calls) {
        ids.push_back(record.document.call_id);
        keep(std::move(record));
    }
    for (const CallId& id : ids) resume_one(id);
    return ids.size();
}

void CallHost::resume_one(const CallId& call) {
    const routing::CallDocument document = live_.at(call).record.document;
    parts_.trace.add(
        {call, {}, parts_.clock.wall_now(), "server_resumed", "the server was started again during this call"}
    );
    const auto steps = parts_.store.trace_of(call);
    const auto has_step = [&](const DeviceId& device, std::string_view prefix) {
        return !steps || std::ranges::any_of(*steps, [&](const TraceStep& step) {
            return step.device == device && step.what.starts_with(prefix);
        });
    };
    for (const auto& one : steps ? std::span<const TraceStep>{*steps} : std::span<const TraceStep>{}) {
        if (one.device && enum_from<protocol::ReceiptStep>(one.what)) receipts_.insert({call, {*one.device, one.what}});
    }
    (void)decide(call, routing::TimePassed{}, nullptr);
    for (const routing::Leg& leg : document.legs) {
        // Nobody is connected to a new process; whoever is there comes back and says so.
        if (leg.connected) (void)decide(call, routing::PresenceChanged{leg.device, false, false}, nullptr);
        // The write says that a push was to leave, and no receipt says that it did. Twice is harmless, never is not.
        const bool is_confirmed = has_step(leg.device, "push_accepted") || has_step(leg.device, "push_refused");
        const bool is_silent = leg.state == routing::LegState::announced;
        if (leg.pushed && is_silent && !is_confirmed && is_ring_wanted(call)) {
            send_push(live_.at(call).record.document, {.device = leg.device});
        }
    }
}

}  // namespace clarion::server
