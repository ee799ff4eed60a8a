// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "lab/world/checker.hpp"
#include "lab/world/world.hpp"

/// What the person does, and what the app is told: I4, I10, I12, I13, I15.
namespace clarion::lab::world {

namespace {

using engine::CallView;

/// A tap on Accept or Decline is never lost, and its true result is shown.
class TapsCount final : public Checker {
  public:
    explicit TapsCount(World& world) : Checker{world, "I4", {}} {}

    void on_tap(const Phone& phone, DeedKind kind, std::uint8_t call, callui::ActionId) override {
        if (kind != DeedKind::accept && kind != DeedKind::decline && kind != DeedKind::hang_up) return;
        taps_.push_back({world_.now(), phone.index(), phone.life(), kind, call});
        world_.schedule({.at = world_.now() + World::kSoon, .kind = EventKind::checkpoint, .call = call});
    }
    void at_checkpoint(std::uint8_t call) override {
        for (const Tap& tap : taps_) {
            if (tap.call == call && tap.at + World::kSoon <= world_.now()) check(tap);
        }
        std::erase_if(taps_, [&](const Tap& tap) { return tap.call == call && tap.at + World::kSoon <= world_.now(); });
    }
    void at_end() override {
        for (const ScreenCall& call : stuck()) fail(kNoPhone, "a tap without a result #" + std::to_string(call.call));
    }

  private:
    struct Tap {
        std::int64_t at = 0;
        std::uint8_t phone = 0;
        std::uint32_t life = 0;
        DeedKind kind = DeedKind::accept;
        std::uint8_t call = 0;
    };

    [[nodiscard]] std::vector<ScreenCall> stuck() const {
        std::vector<ScreenCall> found;
        for (std::uint8_t i = 0; i < world_.phones(); ++i) {
            for (const ScreenCall& call : world_.phone(i).screen()) {
                if (world_.phone(i).is_running() && call.pending != 0) found.push_back(call);
            }
        }
        return found;
    }
    void check(const Tap& tap) {
        const Phone& phone = world_.phone(tap.phone);
        const ScreenCall* shown = phone.on_screen(tap.call);
        const CallRecord* record = world_.server().find(tap.call);
        if (tap.kind == DeedKind::accept) {
            if (phone.life() != tap.life || !phone.is_running()) return;
            const bool waits = shown != nullptr && shown->state == ScreenState::accepted;
            expect(!waits, phone, "Accept was tapped, and nothing came of it", tap.call);
            const bool is_undecided = record != nullptr && record->document.phase == routing::Phase::ringing;
            // On a slow network the system's patience with Accept may end first; then it fails, and says so.
            const bool was_easy =
                world_.is_undisturbed(phone, tap.at) && world_.scenario().weather.latency <= Duration{300};
            expect(!is_undecided || !was_easy, phone, "Accept was tapped, and the server never heard of it", tap.call);
            return;
        }
        // No news for the server, or no way to tell it.
        if (record == nullptr || !world_.is_undisturbed(phone, tap.at)) return;
        const routing::CallDocument& document = record->document;
        const DeviceId& me = device_id(tap.phone);
        const bool took_it = std::ranges::any_of(record->trace, [&](const auto& line) {
            return line.at >= tap.at && line.trace.what == "taken" && line.trace.device == me;
        });
        if (took_it) return;  // Its user thought better of it.
        const bool has_other_winner = document.winner && *document.winner != me && document.from_device != me;
        const bool is_over = document.phase == routing::Phase::ended || has_other_winner;
        expect(is_over, phone, "the end was tapped, and the call goes on", tap.call);
    }

    std::vector<Tap> taps_;
};

/// Events reach the app exactly once in order after it attaches, with nothing lost before the first listener.
class EventsOnceInOrder final : public Checker {
  public:
    explicit EventsOnceInOrder(World& world) : Checker{world, "I10", kHooks} {}

    void on_input(const Phone& phone, const engine::Input& input) override {
        App& app = apps_[phone.index()];
        if (const auto* acked = std::get_if<engine::EventsAcknowledged>(&input)) {
            app.acknowledged = std::max(app.acknowledged, acked->up_to);
        } else if (holds<engine::AppAttached>(input)) {
            app.next = app.acknowledged + 1;
        }
    }
    void on_output(const Phone& phone, const engine::Output& output) override {
        App& app = apps_[phone.index()];
        if (const auto* report = std::get_if<callui::ReportOutgoing>(&output)) {
            shown_[phone.index()][call_index(report->call_id) % kCallsMax] = true;
        }
        const auto* emit = std::get_if<callui::EmitEvent>(&output);
        if (emit == nullptr) return;
        const callui::Event& event = *emit->event;
        expect(phone.is_attached(), phone, "an event, but nobody listens");
        expect(event.seq == app.next, phone, "an event is missing, twice or out of order");
        app.next = event.seq + 1;
        const auto said = std::pair{event.kind, event.call_id};
        if (app.said.size() <= event.seq) app.said.resize(event.seq + 1);
        auto& known = app.said[event.seq];
        if (!known) known = said;
        expect(known == said, phone, "an event says something else the second time");
        const std::uint8_t call = call_index(event.call_id);
        if (event.kind == callui::EventKind::ended && call != kNoPhone) ended_[phone.index()][call] = true;
        if (event.kind == callui::EventKind::incoming && call != kNoPhone) shown_[phone.index()][call] = true;
    }
    void at_end() override {
        for (std::uint8_t i = 0; i < world_.phones(); ++i) {
            if (!world_.phone(i).is_attached()) continue;
            for (std::uint8_t call = 0; call < kCallsMax; ++call) {
                expect(!shown_[i][call] || ended_[i][call], world_.phone(i), "the app never heard of the end", call);
            }
        }
    }

  private:
    static constexpr Hooks kHooks{
        .inputs = inputs<engine::EventsAcknowledged, engine::AppAttached>,
        .outputs = outputs<callui::ReportOutgoing, callui::EmitEvent>,
    };
    struct App {
        std::uint64_t acknowledged = 0;
        std::uint64_t next = 1;
        std::vector<std::optional<std::pair<callui::EventKind, CallId>>> said;  // By number.
    };
    std::array<App, kPhonesMax> apps_;
    std::array<std::array<bool, kCallsMax>, kPhonesMax> shown_{};
    std::array<std::array<bool, kCallsMax>, kPhonesMax> ended_{};
};

/// The same push, message or action twice changes nothing the second time.
class TwiceIsOnce final : public Checker {
  public:
    explicit TwiceIsOnce(World& world) : Checker{world, "I12", kHooks} {}

    void after_step(const Phone& phone, const engine::Input* input, const std::vector<engine::Output>& done) override {
        for (const engine::Output& output : done) {
            const auto* fulfil = std::get_if<callui::FulfilAction>(&output);
            if (fulfil == nullptr) continue;
            const bool is_first = settled_[phone.index()].insert(fulfil->action).second;
            expect(is_first, phone, "an action was fulfilled twice");
        }
        if (input == nullptr) return;
        const bool is_repeated = std::visit([&](const auto& fact) { return seen(phone, fact); }, *input);
        if (!is_repeated) return;
        for (const engine::Output& output : done) {
            const auto* report = std::get_if<callui::ReportIncoming>(&output);
            const bool rings_again =
                report != nullptr && !report->placeholder && !phone.profile().rules.must_report_every_push;
            const bool changes = holds<callui::EmitEvent>(output) || holds<callui::ShowMissedCall>(output) ||
                                 holds<engine::PrepareAnswer>(output) || holds<engine::SetMuted>(output) ||
                                 holds<engine::SetHeld>(output);
            expect(!rings_again && !changes, phone, "the second time made a difference");
        }
    }

  private:
    template <class T>
    static constexpr bool can_repeat = std::same_as<T, engine::PushReceived> ||
                                       (requires(T fact) { fact.action; } && !std::same_as<T, engine::ActionTimedOut>);
    static constexpr Hooks kHooks{
        .steps_after = detail::kinds_that(std::type_identity<engine::Input>{}, []<class T>() { return can_repeat<T>; }),
        .steps_with = outputs<callui::FulfilAction>,
    };

    template <class T>
    bool seen(const Phone& phone, const T& fact) {
        if constexpr (std::same_as<T, engine::PushReceived>) {
            const bool is_good = fact.fault == engine::PushFault::none && fact.invite &&
                                 fact.invite->device == device_id(phone.index()) &&
                                 fact.invite->kind == protocol::PushKind::ring;
            return is_good && !pushes_[phone.index()].insert(fact.invite->call_id).second;
        } else if constexpr (can_repeat<T>) {
            return fact.action != 0 && !actions_[phone.index()].insert(fact.action).second;
        } else {
            return false;
        }
    }
    std::array<std::set<CallId>, kPhonesMax> pushes_;
    std::array<std::set<callui::ActionId>, kPhonesMax> actions_;
    std::array<std::set<callui::ActionId>, kPhonesMax> settled_;
};

/// The app that opens late adopts the live call with its present state.
class AdoptPresentState final : public Checker {
  public:
    explicit AdoptPresentState(World& world) : Checker{world, "I13", {.steps_after = inputs<engine::AppAttached>}} {}

    void after_step(const Phone& phone, const engine::Input* input, const std::vector<engine::Output>&) override {
        if (input == nullptr || !holds<engine::AppAttached>(*input)) return;
        const std::vector<CallView> views = phone.engine()->calls();
        for (const CallView& view : views) {
            const std::uint8_t call = call_index(view.call_id);
            if (view.phase == engine::Phase::ended) continue;
            const ScreenCall* shown = phone.on_screen(call);
            const bool is_there = shown != nullptr;
            expect(view.on_screen == is_there || is_removed(phone), phone, "the app and the screen disagree", call);
            if (shown == nullptr) continue;
            expect(view.muted == phone.is_muted(call), phone, "the app shows another mute state", call);
            expect(view.held == shown->is_held, phone, "the app shows another hold state", call);
            const bool is_connected = view.phase == engine::Phase::connected;
            const bool shows = shown->state == ScreenState::connected;
            // Answered on the app's own screen: the system is told by the event that follows.
            expect(is_connected || !shows, phone, "the app shows another state than the screen", call);
        }
        for (const ScreenCall& shown : phone.screen()) {
            if (shown.call == kNoPhone || shown.state == ScreenState::refused || !shown.is_taken) continue;
            const bool is_known = std::ranges::any_of(views, [&](const CallView& view) {
                return view.call_id == shown.id && view.phase != engine::Phase::ended;
            });
            expect(is_known, phone, "the app does not know a call on the screen", shown.call);
        }
    }

  private:
    static bool is_removed(const Phone& phone) { return phone.profile().system_removes_late && phone.life() > 1; }
};

/// After a crash at any point, restart resumes ringing and live calls or ends them; none is left as a ghost.
class NoGhosts final : public Checker {
  public:
    explicit NoGhosts(World& world) : Checker{world, "I15", {.own_steps = true}} {}

    void after_step(const Phone& phone, const engine::Input* input, const std::vector<engine::Output>&) override {
        if (input != nullptr || lives_[phone.index()] == phone.life()) return;
        lives_[phone.index()] = phone.life();
        const std::vector<CallView> views = phone.engine()->calls();
        for (const ScreenCall& shown : phone.screen()) {
            if (shown.call == kNoPhone || shown.state == ScreenState::refused || !shown.is_taken) continue;
            const bool is_known = std::ranges::find(views, shown.id, &CallView::call_id) != views.end();
            expect(is_known, phone, "a ghost of the last process is on the screen", shown.call);
        }
    }
    void at_end() override {
        for (std::uint8_t i = 0; i < world_.phones(); ++i) {
            const Phone& phone = world_.phone(i);
            if (!phone.is_running()) continue;
            for (const CallView& view : phone.engine()->calls()) {
                expect(false, phone, "a call is left when all is over", call_index(view.call_id));
            }
            expect(phone.legs().empty(), phone, "media are left when all is over");
        }
    }

  private:
    std::array<std::uint32_t, kPhonesMax> lives_{};
};

}  // namespace

void add_person_checkers(World& world, CheckerList& list) {
    list.push_back(std::make_unique<TapsCount>(world));
    list.push_back(std::make_unique<EventsOnceInOrder>(world));
    list.push_back(std::make_unique<TwiceIsOnce>(world));
    list.push_back(std::make_unique<AdoptPresentState>(world));
    list.push_back(std::make_unique<NoGhosts>(world));
}

}  // namespace clarion::lab::world
