// SPDX-License-Identifier: Apache-2.0
#include "lab/world/phone.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "lab/world/world.hpp"

namespace clarion::lab::world {

namespace {

engine::Config config_of(std::uint8_t index, const PhoneSpec& spec) {
    engine::Config config{
        .service = World::service(), .user = user_id(spec.user), .device = device_id(index), .platform = spec.platform
    };
    if (index % 2 == 0) config.on_video = engine::OnVideo::ask;
    if (spec.ends_for_cellular) config.on_cellular = engine::OnCellular::end;
    if (spec.has_token) config.token = Redacted{"token-" + user_id(spec.user).text()};
    return config;
}

}  // namespace

Phone::Phone(World& world, std::uint8_t index, const PhoneSpec& spec)
    : world_{world},
      index_{index},
      spec_{spec},
      profile_{profile_of(spec.platform)},
      config_{config_of(index, spec)},
      skew_{spec.clock_skew.count()} {
    outputs_.reserve(16);
}

Instant Phone::now() const { return Instant{world_.now() - boot_ms_}; }

WallTime Phone::wall() const { return world_.server_wall() + Duration{skew_}; }

void Phone::disturb(std::int64_t for_ms) { disturbed_at_ = std::max(disturbed_at_, world_.now() + for_ms); }

// ---- the process ----

void Phone::start() {
    if (engine_) return;
    if (++life_ > 1) disturb();
    timer_at_ = INT64_MAX;
    if (journal_) {
        engine::Snapshot journal = *journal_;
        world_.mutation().on_restore(journal);
        auto restored = engine::Engine::restore(config_, journal, now(), wall(), journal_boot_ms_ == boot_ms_);
        if (!restored) {
            world_.fail("I15", index_, "its own journal was refused");
            return;
        }
        engine_.emplace(std::move(*restored));
    } else {
        engine_.emplace(config_, now(), dice(world_.seed(), 77, index_, life_));
    }
    world_.note(index_, kNoPhone, life_ == 1 ? "process starts" : "process starts again");
    drain(nullptr);
    if (cellular_) resume_cellular();
    if (spec_.is_online) tell(engine::OnlineRequested{true});
    if (world_.scenario().has_faults) watch_background();
}

void Phone::kill() {
    if (!engine_) return;
    disturb();
    world_.note(index_, kNoPhone, "process killed");
    engine_.reset();
    ++life_;
    for (Leg& leg : legs_) world_.leg_closed(*this, leg);
    legs_.clear();
    audio_active_ = service_ = attached_ = false;
    seen_event_ = 0;
    reports_.clear();
    timer_at_ = INT64_MAX;
    drop_connection();
    for (ScreenCall& call : screen_) call.pending = 0;
    if (!profile_.rules.screen_survives) screen_.clear();
    world_.process_died(*this);
}

void Phone::reboot() {
    kill();
    screen_.clear();
    cellular_ = false;
    boot_ms_ = world_.now() - 5'000;
    disturb();
}

void Phone::open_app() {
    start();
    if (!engine_ || attached_) return;
    attached_ = true;
    world_.note(index_, kNoPhone, "app opened");
    tell(engine::AppAttached{});
}

void Phone::drop_connection() {
    if (connection_ == 0) return;
    world_.close_from_phone(std::exchange(connection_, 0));
}

/// The system lets an idle process in the background live so long.
void Phone::watch_background() {
    if (!engine_ || profile_.background_grace == Duration{0} || world_.is_calm()) return;
    world_.schedule({
        .at = world_.now() + profile_.background_grace.count(),
        .kind = EventKind::background_kill,
        .phone = index_,
        .number = life_,
    });
}

void Phone::background_check(std::uint32_t life) {
    if (life != life_ || !engine_ || world_.is_calm()) return;
    if (!attached_ && !service_ && screen_.empty() && !spec_.is_online) return kill();
    watch_background();
}

// ---- facts ----

bool Phone::takes(engine::Input&& input) {
    if (!engine_) return false;
    world_.mutation().change(input);
    if (!world_.mutation().keeps(input)) return false;
    if (world_.step_taken(index_, ++steps_)) return false;  // Died before it could take it.
    const auto result = engine_->handle_input(now(), input);
    if (!result) {
        const bool is_ours =
            result.error() == engine::InputError::undrained || result.error() == engine::InputError::time_went_back;
        if (is_ours) world_.fail("contract", index_, "an input was refused as undrained or out of time");
        return false;
    }
    drain(&input);
    return true;
}

void Phone::timer() {
    timer_at_ = INT64_MAX;
    if (!engine_) return;
    const engine::Deadline deadline = engine_->next_deadline();
    if (deadline.at <= now() && world_.mutation().fires(deadline.timer)) {
        if (world_.step_taken(index_, ++steps_)) return;
        (void)engine_->handle_timeout(now());
        drain(nullptr);
        return;
    }
    arm();
}

void Phone::drain(const engine::Input* input) {
    Mutation& mutation = world_.mutation();
    std::vector<engine::Output> outputs = std::move(outputs_);
    outputs.clear();
    while (auto output = engine_->poll_output()) {
        const int copies = mutation.copies(*output);
        if (copies > 1) outputs.push_back(*output);
        if (copies > 0) outputs.push_back(std::move(*output));
    }
    if (mutation.changes_state()) {
        engine::Snapshot changed = engine_->snapshot();
        mutation.change(changed);
        auto again = engine::Engine::resume(config_, changed);
        if (again) engine_ = std::move(*again);
    }
    if (input != nullptr) {
        note_wish(*input);
        world_.checked_input(*this, *input);
    }
    for (const engine::Output& output : outputs) {
        world_.checked_output(*this, output);
        std::visit([this](const auto& command) { perform(command); }, output);
    }
    world_.checked_step(*this, input, outputs);
    outputs_ = std::move(outputs);
    arm();
}

/// What its user asked for, and the app took.
void Phone::note_wish(const engine::Input& input) {
    if (const auto* mute = std::get_if<engine::UserMuted>(&input)) {
        if (last_mute_ != mute->action || mute->action == 0) muted_[call_index(mute->call_id)] = mute->on;
        last_mute_ = mute->action;
    } else if (const auto* hold = std::get_if<engine::UserHeld>(&input)) {
        ScreenCall* call = find(hold->call_id);
        const bool is_news = hold->action > last_hold_ || hold->action == 0;
        if (call != nullptr && is_news) was_held_ = std::exchange(call->is_held, hold->on);
        last_hold_ = std::max(last_hold_, hold->action);
    }
}

void Phone::arm() {
    if (!engine_) return;
    const engine::Deadline deadline = engine_->next_deadline();
    if (deadline.at == kNever || !world_.mutation().fires(deadline.timer)) return;
    const std::int64_t at = std::max(deadline.at.ms + boot_ms_, world_.now());
    if (at >= timer_at_) return;
    timer_at_ = at;
    world_.schedule({.at = at, .kind = EventKind::timer, .phone = index_, .number = life_});
}

bool Phone::waits_until(const Event& timer) const {
    return engine_ && timer.number == life_ && engine_->next_deadline().at != kNever;
}

void Phone::push(const engine::PushReceived& push) {
    if (!network_) {
        held_pushes_.push_back(push);
        return;
    }
    start();
    engine::PushReceived arrived = push;
    arrived.wall_now = wall();
    arrived.must_report = true;
    tell(std::move(arrived));
}

void Phone::tap(DeedKind kind, std::uint8_t call) {
    const ScreenCall* shown = on_screen(call);
    if (shown == nullptr || shown->state == ScreenState::refused) return;
    const bool rings = shown->state == ScreenState::ringing;
    const bool is_answer = kind == DeedKind::accept;
    if ((is_answer || kind == DeedKind::decline) && !rings) return;
    start();  // A tap on the notification of a dead process starts the next one.
    ScreenCall* target = find(call_id(call));
    if (!engine_ || target == nullptr) return;
    // The app's own screen can be tapped as well; nothing waits for an answer then.
    const bool own_screen = attached_ && dice(world_.seed(), 5, index_, next_action_) % 3 == 0;
    const callui::ActionId action = own_screen ? 0 : next_action_++;
    engine::Input input = engine::UserAnswered{target->id, action};
    switch (kind) {
        case DeedKind::accept: take_line(); break;
        case DeedKind::hold:
        case DeedKind::unhold:
            if (target->state != ScreenState::connected) return;
            if (kind == DeedKind::unhold) take_line();
            input = engine::UserHeld{target->id, kind == DeedKind::hold, action};
            break;
        case DeedKind::mute:
        case DeedKind::unmute:
            if (rings) return;
            input = engine::UserMuted{target->id, kind == DeedKind::mute, action};
            break;
        default: input = engine::UserEnded{target->id, action}; break;
    }
    if (action != 0 && is_answer) {
        target->pending = action;
        expire_action(call, action);
    }
    if (is_answer && action != 0) target->state = ScreenState::accepted;  // Else when the engine says so.
    target->is_taken = true;                                              // It is there: they touch it.
    world_.note(index_, call, "user: " + std::string{to_string(kind)});
    world_.tapped(*this, kind, call, action);
    last_tap_ = input;
    last_tap_life_ = life_;
    const bool removes = holds<engine::UserEnded>(input) && action != 0;
    if (removes) remove(target->id);  // CallKit and the notification do that at once.
    tell(std::move(input));
    if (kind == DeedKind::unhold) lend_audio();
}

void Phone::repeat_tap() {
    if (!last_tap_ || last_tap_life_ != life_ || !engine_) return;
    const bool is_answer = holds<engine::UserAnswered>(*last_tap_);
    const bool is_own = std::visit(
        []<class T>(const T& tap) {
            if constexpr (requires { tap.action; }) return tap.action == 0;
            return true;
        },
        *last_tap_
    );
    if (is_own && !is_answer) return;  // A second tap on the app's own button is a new one.
    world_.note(index_, kNoPhone, "tap told again");
    tell(engine::Input{*last_tap_});
}

void Phone::place(std::uint8_t call, std::uint8_t to_user) {
    open_app();
    tell(engine::PlaceRequested{
        .call_id = call_id(call),
        .to_user = user_id(to_user),
        .to_name = Redacted{user_name(to_user)},
        .media = world_.scenario().has_video(call) ? protocol::Media::video : protocol::Media::audio,
    });
}

void Phone::opened(ConnectionId id) {
    if (id == connection_) tell(engine::SignallingOpened{});
}

void Phone::closed(ConnectionId id, engine::SignallingFault fault) {
    if (id != connection_) return;
    connection_ = 0;
    disturb();
    tell(engine::SignallingClosed{fault});
}

void Phone::frame(ConnectionId id, engine::Input&& heard) {
    if (id != connection_ || !engine_) return;
    to_open_.reset();
    tell(std::move(heard));
    const auto number = to_open_;
    if (!number || id != connection_) return;
    engine::PushReceived push = world_.invite(*number);
    push.wall_now = wall();
    push.must_report = false;
    tell(std::move(push));
}

void Phone::reported() {
    if (reports_.empty()) return;
    const Report report = reports_.front();
    reports_.erase(reports_.begin());
    ScreenCall* found = find(report.id);
    if (found != nullptr && found->state == ScreenState::refused) {
        remove(report.id);
    } else if (found != nullptr && report.result <= engine::ReportResult::already_exists) {
        found->is_taken = true;
    }
    if (report.is_outgoing) return tell(engine::OutgoingReported{report.id, report.result});
    const std::uint8_t call = call_index(report.id);
    const bool rings = report.result == engine::ReportResult::shown && !report.is_placeholder;
    if (rings && call != kNoPhone) world_.rang(index_, call);
    tell(engine::IncomingReported{report.id, report.result});
}

void Phone::answer_asked(std::uint8_t call, callui::ActionId action) {
    const ScreenCall* found = on_screen(call);
    if (found == nullptr || found->pending != action) return;
    world_.note(index_, call, "the system asks for the answer");
    take_line();
    expire_action(call, action);
    tell(engine::UserAnswered{found->id, action});
}

/// The system's patience with an action.
void Phone::expire_action(std::uint8_t call, callui::ActionId action) {
    if (profile_.action_timeout == Duration{0}) return;
    world_.schedule({
        .at = world_.now() + profile_.action_timeout.count(),
        .kind = EventKind::action_timeout,
        .phone = index_,
        .call = call,
        .number = life_,
        .value = action,
    });
}

void Phone::audio(bool on) {
    if (!engine_ || audio_active_ == on) return;
    if (on && (screen_.empty() || cellular_)) return;
    audio_active_ = on;
    if (on) {
        tell(engine::AudioActivated{});
    } else {
        tell(engine::AudioDeactivated{});
    }
}

void Phone::action_timeout(std::uint8_t call, callui::ActionId action) {
    ScreenCall* found = find(call_id(call));
    if (found == nullptr || found->pending != action) return;
    found->pending = 0;
    world_.fail("I4", index_, "the system gave up waiting for the result of an answer");
    tell(engine::ActionTimedOut{found->id, action});
}

/// The system takes the notification of a dead process away (AND-NOT-08).
void Phone::notification_timeout(std::uint8_t call, std::int64_t since) {
    const ScreenCall* found = on_screen(call);
    if (engine_ || found == nullptr || found->state != ScreenState::ringing || found->since != since) return;
    remove(found->id);
}

void Phone::acknowledge() {
    if (attached_ && seen_event_ != 0) tell(engine::EventsAcknowledged{seen_event_});
}

void Phone::set_network(bool on) {
    network_ = on;
    disturb();
    tell(engine::NetworkChanged{on});
}

}  // namespace clarion::lab::world
