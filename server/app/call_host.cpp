// SPDX-License-Identifier: Apache-2.0
#include "server/app/call_host.hpp"

#include <algorithm>
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

CallHost::CallHost(Parts parts, CallHostOptions options)
    : parts_{parts}, options_{options}, policies_{parts.store, options.routing}, timer_{parts.loop} {}

// ---- deciding ----

std::expected<CallRecord, ErrorCode> CallHost::load(const CallId& call, bool fresh) {
    if (!fresh) {
        const auto name = names_.find(call);
        if (const auto found = live_.find(name == names_.end() ? call : name->second); found != live_.end()) {
            return found->second.record;
        }
    }
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

std::expected<std::uint64_t, StoreFault> CallHost::write_first(const routing::Decision& decision, const First& first) {
    CallWrite one;
    one.policy = first.policy;
    one.refuse_crossing = first.refuse_crossing;
    return write(one, decision, nullptr);
}

std::expected<std::uint64_t, StoreFault> CallHost::write(
    CallWrite write, const routing::Decision& decision, const Note* note
) {
    // The lines of a write that is lost to somebody else must not stay: routing decides, and traces, again.
    std::vector<TraceStep> steps{parts_.trace.pending().begin(), parts_.trace.pending().end()};
    write.document = &decision.document;
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
    const StoreFault fault = written.error().fault;
    const bool is_race = fault == StoreFault::conflict || fault == StoreFault::exists || fault == StoreFault::crossed;
    if (!is_race) {
        is_healthy_ = false;
        log::write(
            log::Level::error, "store_failed", {{"fault", std::string{name_of(fault)}}, {"error", written.error().text}}
        );
    }
    return std::unexpected{fault};
}

CallHost::Result CallHost::decide(const CallId& call, const routing::Event& event, const Note* note) {
    for (int attempt = 0; attempt < kConflictsMax; ++attempt) {
        auto record = load(call, attempt > 0);
        if (!record) return std::unexpected{record.error()};
        const routing::Config config = policies_.config(record->policy);
        auto decision = routing::decide(record->document, event, parts_.clock.wall_now(), config);
        if (!decision) return std::unexpected{decision.error()};
        if (!decision->changed) {
            collect_trace(*decision, note);
            perform(decision->document, decision->effects);
            return {};
        }
        CallWrite change;
        change.expected_version = record->version;
        const auto version = write(change, *decision, note);
        if (!version && version.error() == StoreFault::conflict) continue;
        if (!version) return std::unexpected{ErrorCode::unavailable};
        const routing::CallDocument document = decision->document;
        keep(CallRecord{std::move(decision->document), *version, {}, record->policy});
        perform(document, decision->effects);
        return {};
    }
    log::write(log::Level::error, "call_write_conflicts", {{"call", call.text()}});
    return std::unexpected{ErrorCode::unavailable};
}

CallHost::Result CallHost::handle(const ServiceId& service, const CallId& call, const routing::Event& event) {
    const auto record = find(service, call);
    if (!record) return std::unexpected{record.error()};
    if (record->document.call_id != call) return handle_name(*record, call, event);
    return decide(call, event, nullptr);
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
    // What it says about a call that was merged is about one that never rang.
    if (record->document.call_id != message.call_id) return {};
    const bool is_party = routing::user_of(record->document, device) != nullptr;
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
        if (!parts_.bus.covers(scope, call)) continue;
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
    if (live.deadline) {
        deadlines_.erase({*live.deadline, id});
        unindex(live.record.document);
    }
    live.deadline = routing::next_deadline(call);
    if (live.deadline) deadlines_.insert({*live.deadline, id});
    index(call);
    live.record = std::move(record);
    arm();
}

void CallHost::drop(const CallId& call) {
    const auto found = live_.find(call);
    if (found == live_.end()) return;
    unindex(found->second.record.document);
    if (found->second.deadline) deadlines_.erase({*found->second.deadline, call});
    auto step = receipts_.lower_bound({call, {}});
    while (step != receipts_.end() && step->first == call) step = receipts_.erase(step);
    live_.erase(found);
    arm();
}

void CallHost::index(const routing::CallDocument& call) {
    for (const DeviceId& device : routing::devices_of(call)) calls_of_[{call.service, device}].insert(call.call_id);
    for (const UserId& user : {call.from_user, call.to_user}) calls_of_user_[{call.service, user}].insert(call.call_id);
    for (const routing::Crossing& crossing : call.crossings) names_.emplace(crossing.call_id, call.call_id);
}

void CallHost::unindex(const routing::CallDocument& call) {
    const auto forget = [&](auto& calls_by, const auto& key) {
        const auto calls = calls_by.find(key);
        if (calls == calls_by.end()) return;
        calls->second.erase(call.call_id);
        if (calls->second.empty()) calls_by.erase(calls);
    };
    for (const DeviceId& device : routing::devices_of(call)) forget(calls_of_, std::pair{call.service, device});
    for (const UserId& user : {call.from_user, call.to_user}) forget(calls_of_user_, std::pair{call.service, user});
    for (const routing::Crossing& crossing : call.crossings) names_.erase(crossing.call_id);
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
            if (!may_hear(call, send->device)) continue;
            parts_.bus.send(call.service, send->device, call.call_id, send->message);
        } else if (const auto* incoming = std::get_if<routing::SendIncoming>(&effect)) {
            send_incoming(call, incoming->device);
        } else if (const auto* push = std::get_if<routing::SendPush>(&effect)) {
            send_push(call, *push);
        } else if (const auto* history = std::get_if<routing::RecordHistory>(&effect)) {
            if (history->callee == Outcome::missed) parts_.pushes.tell_missed(call);
        }
        // AddTrace and the history itself went into the store together with the document.
    }
}

/// A device may be deleted, and its id registered for somebody else, while a call lives: they hear nothing of it.
/// A store that cannot be read is no reason to keep a call's messages back.
bool CallHost::may_hear(const routing::CallDocument& call, const DeviceId& device) const {
    const auto record = parts_.store.find_device(call.service, device);
    if (!record) return true;
    if (!*record) return false;
    const UserId& user = (*record)->user;
    // One whose take failed has no part in the call any more, and is told so all the same.
    const UserId* expected = routing::user_of(call, device);
    return expected != nullptr ? user == *expected : user == call.from_user || user == call.to_user;
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
        [this, alive, id, is_ring, device = push.device](routing::PushOutcome outcome, std::string why) {
            if (alive.expired() || !is_ring) return;
            (void)decide(id, routing::PushFinished{device, outcome, std::move(why)}, nullptr);
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
    // Nobody is connected to a new process; whoever is there comes back and says so.
    (void)decide(call, routing::ServerResumed{}, nullptr);
    (void)decide(call, routing::TimePassed{}, nullptr);
    for (const routing::Leg& leg : document.legs) {
        // The write says that a push was to leave, and no receipt says that it did. Twice is harmless, never is not.
        const bool is_confirmed = has_step(leg.device, "push_accepted") || has_step(leg.device, "push_refused");
        const bool is_silent = leg.state == routing::LegState::announced;
        if (leg.pushed && is_silent && !is_confirmed && is_ring_wanted(call)) {
            send_push(live_.at(call).record.document, {.device = leg.device});
        }
    }
}

}  // namespace clarion::server
