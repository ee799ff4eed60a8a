// SPDX-License-Identifier: Apache-2.0
#include "lab/world/world.hpp"

#include <algorithm>
#include <utility>

#include "lab/world/chart.hpp"

namespace clarion::lab::world {

namespace {

class NoMutation final : public Mutation {
  public:
    [[nodiscard]] std::string_view name() const override { return "none"; }
};

constexpr std::int64_t kLastHangUp = 120'000;  // After the calm: whoever still talks says goodbye.
constexpr std::int64_t kLastCall = 150'000;
constexpr std::int64_t kLastCheck = 185'000;

}  // namespace

World::World(Scenario scenario, RunOptions options)
    : scenario_{std::move(scenario)}, mutation_{options.mutation}, chart_{options.chart}, server_{*this} {
    static NoMutation none;
    if (mutation_ == nullptr) mutation_ = &none;
    horizon_ = (scenario_.has_faults ? scenario_.calm_from : scenario_.calls * 100'000) + 900'000;
    if (options.has_checkers) checkers_.add_all(*this);
    phones_.reserve(scenario_.phones.size());
    for (std::uint8_t i = 0; i < scenario_.phones.size(); ++i) phones_.emplace_back(*this, i, scenario_.phones[i]);
}

World::~World() = default;

const ServiceId& World::service() {
    static const ServiceId kService = *ServiceId::parse("svc");
    return kService;
}

std::string World::ticket(std::uint8_t call, std::uint8_t phone) {
    return {'t', static_cast<char>('0' + call), static_cast<char>('0' + phone)};
}

bool World::is_undisturbed(const Phone& phone, std::int64_t since) const {
    return phone.is_running() && phone.has_network() && phone.disturbed_at() < since && server_.is_up() &&
           server_disturbed_at_ < since;
}

// ---- the run ----

void World::begin() {
    for (std::uint32_t i = 0; i < scenario_.deeds.size(); ++i) {
        const Deed& deed = scenario_.deeds[i];
        if (deed.trigger == Trigger::step) has_step_deeds_ = true;
        if (deed.trigger != Trigger::start) continue;
        schedule({.at = deed.at, .kind = EventKind::deed, .phone = deed.phone, .call = deed.call, .number = i});
    }
    for (auto& phone : phones_) {
        if (phone.spec().is_running) phone.start();
    }
    if (!scenario_.has_faults) return;
    const std::int64_t calm = scenario_.calm_from;
    schedule({.at = calm, .kind = EventKind::finale, .number = 0});
    schedule({.at = calm + kLastHangUp, .kind = EventKind::finale, .number = 1});
    schedule({.at = calm + kLastCall, .kind = EventKind::finale, .number = 2});
    schedule({.at = calm + kLastCheck, .kind = EventKind::finale, .number = 3});
}

RunResult World::run() {
    begin();
    while (!queue_.empty() && !violation_) {
        const Event event = queue_.pop();
        if (event.at > horizon_) {
            // A timer that was armed and is not wanted any more says nothing.
            const bool is_stale = event.kind == EventKind::timer && !phone(event.phone).waits_until(event);
            if (is_stale || event.kind == EventKind::notification_timeout) continue;
            fail("liveness", event.phone, "does not come to rest: " + what_waits(event));
            break;
        }
        take(event);
    }
    return finish();
}

std::string World::what_waits(const Event& event) {
    if (event.kind != EventKind::timer) return "event " + std::to_string(static_cast<int>(event.kind));
    const engine::Deadline deadline = phone(event.phone).engine()->next_deadline();
    return "engine timer " + std::to_string(static_cast<int>(deadline.timer)) + " in " +
           std::to_string((deadline.at - phone(event.phone).now()).count()) + " ms";
}

RunResult World::finish() {
    if (!violation_) {
        for (const auto& checker : checkers_.all()) checker->at_end();
    }
    RunResult result{.violation = violation_, .events = events_, .checks = checkers_.checks()};
    for (const CallRecord& call : server_.calls()) {
        ++result.calls;
        ++result.outcomes[static_cast<std::size_t>(call.outcome.caller)];
    }
    return result;
}

void World::take(const Event& event) {
    now_ = std::max(now_, event.at);
    ++events_;
    switch (event.kind) {
        case EventKind::deed: return perform(scenario_.deeds[event.number]);
        case EventKind::timer:
            if (event.number == phone(event.phone).life()) phone(event.phone).timer();
            return;
        case EventKind::server_timer: return server_.time_passed();
        case EventKind::server_up:
            server_disturbed_at_ = now_;
            if (!server_.is_up()) server_.start();
            return;
        case EventKind::checkpoint:
            for (const auto& checker : checkers_.all()) checker->at_checkpoint(event.call);
            return;
        case EventKind::finale: return finale(event.number);
        case EventKind::opened:
        case EventKind::open_failed:
        case EventKind::frame_up:
        case EventKind::frame_down:
        case EventKind::closed_at_phone:
        case EventKind::closed_at_server:
        case EventKind::committed:
        case EventKind::push_attempt:
        case EventKind::push_accepted:
        case EventKind::push_arrives: return take_network(event);
        case EventKind::media_prepared:
        case EventKind::media_up:
        case EventKind::media_lost:
        case EventKind::candidate:
        case EventKind::first_audio: return take_media(event);
        default: return take_system(event);
    }
}

void World::take_system(const Event& event) {
    Phone& at = phone(event.phone);
    const bool same_life = event.number == at.life();
    switch (event.kind) {
        case EventKind::reported:
            if (same_life) at.reported();
            return;
        case EventKind::answer_asked:
            if (same_life) at.answer_asked(event.call, event.value);
            return;
        case EventKind::audio_on:
            if (same_life) at.audio(true);
            return;
        case EventKind::audio_off:
            // A second call may have come meanwhile.
            if (same_life && at.screen().empty()) at.audio(false);
            return;
        case EventKind::action_timeout:
            if (same_life) at.action_timeout(event.call, event.value);
            return;
        case EventKind::notification_timeout:
            return at.notification_timeout(event.call, static_cast<std::int64_t>(event.value));
        case EventKind::background_kill: return at.background_check(event.number);
        case EventKind::acknowledge:
            if (same_life) at.acknowledge();
            return;
        case EventKind::network_on: return network_on(event.phone);
        case EventKind::repeat_tap: return at.repeat_tap();
        case EventKind::video_asked:
            if (same_life) at.answer_video(event.call);
            return;
        case EventKind::take_call:
            if (same_life) at.take(event.call);
            return;
        default: return;
    }
}

// ---- people and faults ----

void World::perform(Deed deed) {
    Phone& at = phone(deed.phone);
    switch (deed.kind) {
        case DeedKind::place: return at.place(deed.call, static_cast<std::uint8_t>(deed.amount));
        case DeedKind::accept:
        case DeedKind::decline:
        case DeedKind::hang_up:
        case DeedKind::hold:
        case DeedKind::unhold:
        case DeedKind::mute:
        case DeedKind::unmute: return at.tap(deed.kind, deed.call);
        case DeedKind::send_data:
        case DeedKind::share_screen:
        case DeedKind::stop_sharing:
        case DeedKind::ask_video:
        case DeedKind::stop_video: return at.talk(deed.kind, deed.call);
        case DeedKind::take: return at.ask_for_calls(deed.call);
        case DeedKind::cellular_begins:
            if (!scenario_.has_faults || !is_calm()) at.cellular(true);
            return;
        case DeedKind::cellular_ends: return at.cellular(false);
        case DeedKind::refuse_calls:
        case DeedKind::block_caller:
            if (is_calm()) return;
            note(deed.phone, kNoPhone, to_string(deed.kind));
            return server_.set_screening(
                at.spec().user,
                deed.kind == DeedKind::refuse_calls ? routing::Screening::do_not_disturb : routing::Screening::blocked
            );
        case DeedKind::repeat_tap: return at.repeat_tap();
        case DeedKind::open_app: return at.open_app();
        case DeedKind::focus_on: return at.set_report_result(engine::ReportResult::filtered_by_focus);
        case DeedKind::focus_off: return at.set_report_result(std::nullopt);
        case DeedKind::block_list: return at.set_report_result(engine::ReportResult::filtered_by_block_list);
        case DeedKind::no_permission: return at.set_report_result(engine::ReportResult::not_allowed);
        default: return go_wrong(deed);
    }
}

void World::go_wrong(const Deed& deed) {
    if (is_calm()) return;
    Phone& at = phone(deed.phone);
    const auto amount = std::max<std::int64_t>(deed.amount, 0);
    switch (deed.kind) {
        case DeedKind::kill:
        case DeedKind::reboot: {
            deed.kind == DeedKind::kill ? at.kill() : at.reboot();
            if (amount == 0) return;
            // Its user opens the app again.
            scenario_.deeds.push_back({.kind = DeedKind::open_app, .phone = deed.phone});
            const auto number = static_cast<std::uint32_t>(scenario_.deeds.size() - 1);
            return schedule({.at = now_ + amount, .kind = EventKind::deed, .phone = deed.phone, .number = number});
        }
        case DeedKind::network_off: return network_off(deed.phone, amount);
        case DeedKind::break_socket:
            if (at.connection() == 0) return;
            note(deed.phone, kNoPhone, "socket breaks");
            at.disturb(amount);
            return break_connection(at.connection(), amount / 2, amount);
        case DeedKind::restart_server:
            if (!server_.is_up()) return;
            note(kNoPhone, kNoPhone, "server killed");
            server_disturbed_at_ = now_ + amount;
            server_.stop();
            for (ConnectionId id = 1; id <= connections_.size(); ++id) {
                if (connection(id).phone_side || connection(id).server_side) break_connection(id, 20, 20);
                connection(id).server_side = false;
            }
            return schedule({.at = now_ + amount, .kind = EventKind::server_up});
        case DeedKind::push_outage: push_outage_until_ = now_ + amount; return;
        case DeedKind::clock_jump: note(deed.phone, kNoPhone, "clock jumps"); return at.jump_clock(deed.amount);
        case DeedKind::forged_push:
        case DeedKind::wrong_push: return forge(deed);
        case DeedKind::audio_interrupted:
            if (!at.audio_active()) return;
            at.disturb(amount);
            at.audio(false);
            return schedule({.at = now_ + amount, .kind = EventKind::audio_on, .phone = deed.phone, .number = at.life()}
            );
        case DeedKind::end_by_app_server: return server_.end_by_app_server(deed.call);
        default: return;
    }
}

/// Whoever has no key cannot sign; whoever has a real invite of somebody else can only replay it.
void World::forge(const Deed& deed) {
    Phone& at = phone(deed.phone);
    if (deed.kind == DeedKind::wrong_push) {
        const auto found = std::ranges::find_if(invites_, [&](const engine::PushReceived& push) {
            return push.invite->device != device_id(deed.phone);
        });
        if (found == invites_.end()) return;
        engine::PushReceived replayed = *found;
        note(deed.phone, kNoPhone, "another phone's push arrives");
        return at.push(replayed);
    }
    protocol::Invite invite{
        .service = service(),
        .call_id = call_id(deed.call),
        .to_user = user_id(spec(deed.phone).user),
        .device = device_id(deed.phone),
        .from_user = user_id(2),
        .from_name = Redacted<std::string>{"Mallory"},
        .issued_at = server_wall(),
        .ring_until = server_wall() + Duration{60'000},
        .accept_until = server_wall() + Duration{65'000},
        .ticket = Redacted<std::string>{"t99"},
    };
    note(deed.phone, kNoPhone, "a forged push arrives");
    engine::PushReceived push{.fault = engine::PushFault::bad_signature};
    if (deed.amount % 2 == 0) push.invite = invite;
    at.push(push);
}

void World::finale(std::uint32_t act) {
    switch (act) {
        case 0: return calm_down();
        case 1:
            for (auto& one : phones_) {
                if (one.spec().has_token && !one.spec().is_online) one.tell(engine::OnlineRequested{false});
            }
            for (auto& one : phones_) {
                const std::vector<ScreenCall> shown = one.screen();
                for (const ScreenCall& call : shown) one.tap(DeedKind::hang_up, call.call);
            }
            return;
        case 2: return place_last_call();
        case 3: return check_last_call();
        default: return;
    }
}

void World::calm_down() {
    note(kNoPhone, kNoPhone, "faults end");
    push_outage_until_ = 0;
    for (std::uint8_t user = 0; user < 2; ++user) server_.set_screening(user, routing::Screening::none);
    for (auto& one : phones_) {
        one.set_report_result(std::nullopt);
        if (!one.has_network()) network_on(one.index());
        one.cellular(false);
        one.set_clock_right();
        if (one.is_running() || one.has_journal() || one.spec().is_online) one.open_app();
        // What it believed about the server's clock may be wrong now; a connection teaches it.
        if (one.spec().has_token) one.tell(engine::OnlineRequested{true});
        if (one.connection() != 0) break_connection(one.connection(), 10, 20);
    }
}

/// The world recovered: one more call goes through, and rings everywhere.
void World::place_last_call() {
    const auto can_hear = [&](std::uint8_t user) {
        return std::ranges::any_of(phones_, [&](const auto& one) {
            return one.spec().user == user && one.spec().has_token;
        });
    };
    for (auto& one : phones_) {
        if (!one.spec().has_token || !can_hear(static_cast<std::uint8_t>(1 - one.spec().user))) continue;
        const auto to = static_cast<std::uint8_t>(1 - one.spec().user);
        last_call_ = true;
        one.place(scenario_.calls, to);
        return;
    }
}

void World::check_last_call() {
    const std::uint8_t call = scenario_.calls;
    if (server_.find(call) == nullptr && !last_call_) return;
    std::array<int, 2> connected{};
    for (auto& one : phones_) {
        const ScreenCall* shown = one.on_screen(call);
        if (shown != nullptr && shown->state == ScreenState::connected) ++connected[one.spec().user];
    }
    if (connected != std::array{1, 1}) {
        fail("liveness", kNoPhone, "after the faults a new call does not come about");
        return;
    }
    for (auto& one : phones_) one.tap(DeedKind::hang_up, call);
}

bool World::step_taken(std::uint8_t index, std::int64_t step) {
    if (!has_step_deeds_) return false;
    bool died = false;
    const std::size_t count = scenario_.deeds.size();
    for (std::uint32_t i = 0; i < count; ++i) {
        const Deed deed = scenario_.deeds[i];
        if (deed.trigger != Trigger::step || deed.phone != index || deed.at != step) continue;
        if (deed.kind == DeedKind::kill || deed.kind == DeedKind::reboot) {
            if (is_calm()) continue;
            perform(deed);
            died = true;
        } else {
            schedule({.at = now_, .kind = EventKind::deed, .phone = index, .call = deed.call, .number = i});
        }
    }
    return died;
}

void World::rang(std::uint8_t index, std::uint8_t call) {
    const auto key = static_cast<std::uint16_t>(index * 256 + call);
    if (std::ranges::find(rang_, key) != rang_.end()) return;
    rang_.push_back(key);
    for (std::uint32_t i = 0; i < scenario_.deeds.size(); ++i) {
        const Deed& deed = scenario_.deeds[i];
        if (deed.trigger != Trigger::ring || deed.phone != index || deed.call != call) continue;
        schedule({.at = now_ + deed.at, .kind = EventKind::deed, .phone = index, .call = call, .number = i});
    }
    if (scenario_.has_faults && call == scenario_.calls && phone(index).on_screen(call) != nullptr &&
        phone(index).on_screen(call)->state == ScreenState::ringing) {
        scenario_.deeds.push_back({.kind = DeedKind::accept, .phone = index, .call = call});
        const auto number = static_cast<std::uint32_t>(scenario_.deeds.size() - 1);
        schedule({.at = now_ + 2'000, .kind = EventKind::deed, .phone = index, .call = call, .number = number});
    }
}

// ---- what is watched ----

void World::tapped(const Phone& from, DeedKind kind, std::uint8_t call, callui::ActionId action) {
    for (const auto& checker : checkers_.all()) checker->on_tap(from, kind, call, action);
}

void World::process_died(const Phone& from) {
    for (const auto& checker : checkers_.all()) checker->on_death(from);
}

void World::checked_input(const Phone& from, const engine::Input& input) { checkers_.on_input(from, input); }

void World::checked_output(const Phone& from, const engine::Output& output) { checkers_.on_output(from, output); }

void World::checked_step(const Phone& from, const engine::Input* input, const std::vector<engine::Output>& outputs) {
    checkers_.after_step(from, input, outputs);
}

void World::check_decision(const CallRecord& before, const routing::Decision& decision) {
    checkers_.on_decision(before, decision);
    const bool decided = decision.document.winner && !before.document.winner;
    if (decided) schedule({.at = now_ + kSoon, .kind = EventKind::checkpoint, .call = before.call});
}

void World::call_ended(std::uint8_t call) {
    schedule({.at = now_ + kSoon, .kind = EventKind::checkpoint, .call = call});
}

void World::fail(std::string_view invariant, std::uint8_t at, std::string text) {
    if (violation_) return;
    violation_ = Violation{std::string{invariant}, now_, at, std::move(text)};
    note(at, kNoPhone, "VIOLATION " + violation_->invariant + ": " + violation_->text);
}

void World::note(std::uint8_t at, std::uint8_t call, std::string_view text) {
    if (chart_ == nullptr) return;
    std::string line{text};
    if (call != kNoPhone) line += " #" + std::to_string(call);
    chart_->note(now_, at == kNoPhone ? Chart::kServer : at, std::move(line));
}

}  // namespace clarion::lab::world
