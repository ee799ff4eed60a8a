// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "core/callui/testing/test_ui.hpp"

/// The machine against a small model of what a person sees and an app hears, through random stories. The model knows no
/// line of the machine: a call is ringing, accepted, talked or over, a screen is a set of calls, a log is a list.
namespace clarion::callui {
namespace {

enum class State { ringing, accepted, talked, placing };

struct ModelCall {
    CallId id;
    State state = State::ringing;
    bool outgoing = false;
    bool on_screen = true;
    bool told = false;  // `incoming` was logged.
    bool refused = false;
    bool muted = false;
    bool held = false;
    bool silenced = false;
    bool hidden = false;
    std::int64_t rings_until = 0;
    std::vector<ActionId> waiting;  // Answer actions.
};

struct Told {
    EventKind kind;
    CallId call;
    friend bool operator==(const Told&, const Told&) = default;
};

class Model {
  public:
    explicit Model(bool is_ios) : is_ios_{is_ios} {}

    // What it all comes to.
    std::vector<ModelCall> calls;
    std::vector<Told> log;  // All ever; number n has seq n + 1.
    std::size_t acknowledged = 0;
    std::size_t emitted = 0;  // Since the app attached.
    bool attached = false;
    bool silent = false;
    std::map<CallId, int> notices;
    std::set<CallId> standing;
    std::set<CallId> had_notice;  // Of the call that has the id now.
    std::map<CallId, std::int64_t> over_until;
    std::set<ActionId> fulfilled;
    std::set<ActionId> failed;
    std::int64_t now = kStart.ms;

    ModelCall* find(const CallId& id) {
        const auto found = std::ranges::find(calls, id, &ModelCall::id);
        return found == calls.end() ? nullptr : &*found;
    }

    bool announce(const CallId& id, bool must_report) {
        if (ModelCall* call = find(id)) {
            if (must_report && !call->outgoing) {
                call->hidden = false;
                call->on_screen = true;
            }
        } else if (!is_over(id)) {
            calls.push_back({.id = id, .rings_until = now + kRing.count()});
            had_notice.erase(id);
        }
        return true;
    }
    bool dismiss(const CallId& id, bool was_cancelled) {
        if (const ModelCall* call = find(id)) {
            end(*call, was_cancelled && !call->outgoing && call->state != State::talked);
        } else if (!over_until.contains(id)) {
            over_until[id] = now + kTombstoneFor.count();
        }
        return true;
    }
    bool place(const CallId& id) {
        if (const ModelCall* call = find(id)) return call->outgoing;
        calls.push_back({.id = id, .state = State::placing, .outgoing = true});
        had_notice.erase(id);
        return true;
    }
    bool shown(const CallId& id) {
        ModelCall* call = find(id);
        if (call != nullptr && call->on_screen) tell_incoming(*call);
        return true;
    }
    bool not_shown(const CallId& id) {
        ModelCall* call = find(id);
        if (call == nullptr || call->told || !call->on_screen || call->state != State::ringing) return true;
        call->on_screen = false;
        call->refused = true;
        tell(EventKind::not_shown, id);
        return true;
    }
    bool answer(const CallId& id, ActionId action) {
        ModelCall* call = find(id);
        if (call == nullptr || call->outgoing) {
            if (action != 0) failed.insert(action);
            return action != 0;
        }
        if (call->state == State::talked) {
            if (action != 0) fulfilled.insert(action);
            return true;
        }
        if (action != 0 && call->waiting.size() == kAnswerActionsMax) failed.insert(action);
        if (action != 0 && call->waiting.size() < kAnswerActionsMax) call->waiting.push_back(action);
        if (call->state == State::accepted) return true;
        tell_incoming(*call);
        call->state = State::accepted;
        tell(EventKind::answered, id);
        return true;
    }
    bool hang_up(const CallId& id, ActionId action) {
        if (action != 0) fulfilled.insert(action);
        const ModelCall* call = find(id);
        if (call == nullptr) return action != 0;
        end(*call, false);
        return true;
    }
    bool end_all() {
        while (!calls.empty()) end(calls.front(), false);
        return true;
    }
    bool mute(const CallId& id, bool on) {
        ModelCall* call = find(id);
        if (call == nullptr) return false;
        if (std::exchange(call->muted, on) != on) tell(on ? EventKind::muted : EventKind::unmuted, id);
        return true;
    }
    bool hold(const CallId& id, bool on) {
        ModelCall* call = find(id);
        if (call == nullptr || call->state != State::talked) return false;
        if (std::exchange(call->held, on) != on) tell(on ? EventKind::held : EventKind::unheld, id);
        return true;
    }
    bool connect(const CallId& id, bool by_app) {
        ModelCall* call = find(id);
        if (call == nullptr || (by_app && call->state == State::ringing)) return false;
        if (call->state == State::talked) return true;
        tell_incoming(*call);
        call->state = State::talked;
        fulfilled.insert(call->waiting.begin(), call->waiting.end());
        call->waiting.clear();
        tell(EventKind::connected, id);
        return true;
    }
    bool silence(const CallId& id) {
        ModelCall* call = find(id);
        if (call == nullptr || call->state != State::ringing) return false;
        if (!std::exchange(call->silenced, true)) tell(EventKind::silenced, id);
        return true;
    }
    bool hide(const CallId& id) {
        ModelCall* call = find(id);
        if (call == nullptr || is_ios_ || call->state != State::ringing) return false;
        call->hidden = true;
        return true;
    }
    bool wait(std::int64_t ms) {
        now += ms;
        ring_out();
        return true;
    }
    bool show_missed(const CallId& id) {
        if (find(id) != nullptr) return false;
        if (!had_notice.contains(id)) notice(id);
        over_until[id] = std::max(over_until[id], now + kTombstoneFor.count());
        return true;
    }
    bool call_back(const CallId& id) {
        if (find(id) != nullptr) return false;
        if (over_until.contains(id) && !standing.contains(id)) return true;
        standing.erase(id);
        over_until.try_emplace(id, now);
        had_notice.insert(id);
        tell(EventKind::call_back, id);
        return true;
    }
    bool attach(bool on) {
        attached = on;
        if (on) emitted = acknowledged;
        flush();
        return true;
    }
    bool acknowledge(std::size_t up_to) {
        acknowledged = std::max(acknowledged, up_to);
        return true;
    }
    bool silence_events(bool on) {
        silent = on;
        flush();
        return true;
    }
    bool die(std::int64_t later) {
        attached = silent = false;
        emitted = acknowledged;
        for (ModelCall& call : calls) {
            call.waiting.clear();
            call.rings_until -= later;
            const bool comes_back = call.on_screen && !call.outgoing && call.state != State::talked && !call.hidden;
            const bool accepted = call.on_screen && call.state == State::accepted;
            if (is_ios_) call.on_screen = comes_back || accepted;
        }
        for (auto& [id, until] : over_until) until -= later;
        // The clock of the next boot.
        const std::int64_t shift = 5'000 - now;
        for (ModelCall& call : calls) call.rings_until += shift;
        for (auto& [id, until] : over_until) until += shift;
        now = 5'000;
        ring_out();
        return true;
    }

  private:
    bool is_over(const CallId& id) {
        const auto found = over_until.find(id);
        return found != over_until.end() && found->second > now;
    }
    void flush() {
        if (attached && !silent) emitted = log.size();
    }
    void tell(EventKind kind, const CallId& id) {
        log.push_back({kind, id});
        flush();
    }
    void tell_incoming(ModelCall& call) {
        if (!call.outgoing && !std::exchange(call.told, true)) tell(EventKind::incoming, call.id);
    }
    void notice(const CallId& id) {
        ++notices[id];
        had_notice.insert(id);
        standing.insert(id);
    }
    /// By value: it leaves the list.
    void end(ModelCall call, bool was_missed) {
        std::erase_if(calls, [&](const ModelCall& one) { return one.id == call.id; });
        failed.insert(call.waiting.begin(), call.waiting.end());
        over_until[call.id] = now + kTombstoneFor.count();
        if (was_missed && !had_notice.contains(call.id) && (!is_ios_ || call.refused)) notice(call.id);
        tell(EventKind::ended, call.id);
    }
    void ring_out() {
        const auto ringing = calls;
        for (const ModelCall& call : ringing) {
            if (call.state == State::ringing && call.rings_until <= now) end(call, true);
        }
    }

    bool is_ios_;
};

/// The machine, and what a screen, a user and an app make of its outputs.
class World {
  public:
    explicit World(bool is_ios)
        : is_ios_{is_ios}, ui_{is_ios ? protocol::Platform::ios : protocol::Platform::android}, model_{is_ios} {}

    static constexpr int kDeeds = 33;

    void act(int deed, int which) {
        const CallId id = id_of(1 + which % 4);
        std::optional<Input> input;
        bool fits = true;
        const ActionId action = ++next_action_;
        switch (deed) {
            case 0:
                input = incoming_call(id);
                fits = model_.announce(id, false);
                break;
            case 1: {
                auto push = incoming_call(id);
                push.must_report = true;
                input = push;
                fits = model_.announce(id, true);
                break;
            }
            case 2:
                input = CallDismissed{id, Dismissal::cancelled};
                fits = model_.dismiss(id, true);
                break;
            case 3:
                input = CallDismissed{id, Dismissal::answered_elsewhere};
                fits = model_.dismiss(id, false);
                break;
            case 4:
                input = OutgoingStarted{.call_id = id};
                fits = model_.place(id);
                break;
            case 5:
            case 6:
                input = IncomingReported{id};
                fits = model_.shown(id);
                break;
            case 7:
                input = IncomingReported{id, ReportResult::filtered_by_focus};
                fits = model_.not_shown(id);
                if (const ModelCall* call = model_.find(id); call != nullptr && !call->on_screen) screen_.erase(id);
                break;
            case 8:
                input = UserAnswered{id};
                fits = model_.answer(id, 0);
                break;
            case 9:
            case 10:
                input = UserAnswered{id, action};
                fits = model_.answer(id, action);
                break;
            case 11:
                input = UserEnded{id};
                fits = model_.hang_up(id, 0);
                break;
            case 12:
                input = UserEnded{id, action};
                ends_.insert(action);
                fits = model_.hang_up(id, action);
                break;
            case 13:
                input = EndRequested{id};
                fits = model_.hang_up(id, 0);
                break;
            case 14:
                input = EndAllRequested{};
                fits = model_.end_all();
                break;
            case 15:
            case 16:
                input = UserMuted{id, deed == 15};
                fits = model_.mute(id, deed == 15);
                break;
            case 17:
            case 18:
                input = UserHeld{id, deed == 17};
                fits = model_.hold(id, deed == 17);
                break;
            case 19:
                input = CallConnected{id};
                fits = model_.connect(id, false);
                break;
            case 20:
            case 21:
                input = ConnectedSet{id};
                fits = model_.connect(id, true);
                break;
            case 22:
                input = RingSilenced{id};
                fits = model_.silence(id);
                break;
            case 23:
                input = HideRequested{id};
                fits = model_.hide(id);
                break;
            case 24:
                input = AppAttached{};
                fits = model_.attach(true);
                break;
            case 25:
                input = AppDetached{};
                fits = model_.attach(false);
                break;
            case 26: {
                const std::size_t up_to = model_.log.size() * static_cast<std::size_t>(which % 3) / 2;
                if (up_to > model_.log.size()) break;
                input = EventsAcknowledged{up_to};
                fits = model_.acknowledge(up_to);
                break;
            }
            case 27:
            case 28:
                input = EventsSilenced{deed == 27};
                fits = model_.silence_events(deed == 27);
                break;
            case 29:
                input = MissedShown{.call_id = id};
                fits = model_.show_missed(id);
                break;
            case 30:
                input = UserCalledBack{id};
                fits = model_.call_back(id);
                break;
            case 31: {
                const std::array<std::int64_t, 4> times{1, 7'000, 30'000, 600'000};
                const auto ms = times[static_cast<std::size_t>(which % 4)];
                model_.wait(ms);
                see(ui_.wait(Duration{ms}));
                break;
            }
            default: {
                const Duration later{which % 2 == 0 ? 1'000 : 40'000};
                model_.die(later.count());
                if (is_ios_) screen_.clear();
                see(ui_.die_and_restart(later));
            }
        }
        if (input && fits) see(ui_.feed(*input));
        if (input && !fits) (void)ui_.refused(*input);
        compare();
    }

  private:
    void see(const std::vector<Output>& outputs) {
        for (const Output& output : outputs) {
            if (const auto* one = std::get_if<ReportIncoming>(&output)) screen_.insert(one->call_id);
            if (const auto* one = std::get_if<ReportOutgoing>(&output)) screen_.insert(one->call_id);
            if (const auto* one = std::get_if<EndSystemCall>(&output)) RC_ASSERT(screen_.erase(one->call_id) == 1U);
            if (const auto* one = std::get_if<ShowMissedCall>(&output)) ++notices_[one->call_id];
            if (const auto* one = std::get_if<FulfilAction>(&output)) {
                RC_ASSERT(results_.emplace(one->action, true).second);
                if (ends_.contains(one->action)) screen_.erase(one->call_id);
            }
            if (const auto* one = std::get_if<FailAction>(&output)) {
                RC_ASSERT(results_.emplace(one->action, false).second);
            }
            if (const auto* one = std::get_if<EmitEvent>(&output)) last_emitted_ = one->event.seq;
        }
    }

    void compare() {
        const View view = ui_.machine.view();
        RC_ASSERT(view.calls.size() == model_.calls.size());
        std::set<CallId> on_screen;
        for (std::size_t i = 0; i < view.calls.size(); ++i) {
            const ActiveCall& is = view.calls[i];
            const ModelCall& should = model_.calls[i];
            RC_ASSERT(is.call_id == should.id);
            RC_ASSERT(is.outgoing == should.outgoing);
            RC_ASSERT((is.phase == Phase::connected) == (should.state == State::talked));
            RC_ASSERT((is.phase == Phase::accepted) == (should.state == State::accepted));
            RC_ASSERT(is.muted == should.muted);
            RC_ASSERT(is.held == should.held);
            RC_ASSERT(is.silenced == should.silenced);
            if (should.state == State::ringing) RC_ASSERT(is.ring_left.count() == should.rings_until - model_.now);
            if (should.on_screen) on_screen.insert(should.id);
        }
        RC_ASSERT(screen_ == on_screen);
        for (const CallId& id : {id_of(1), id_of(2), id_of(3), id_of(4)}) RC_ASSERT(notices_[id] == model_.notices[id]);
        RC_ASSERT(view.missed_notices == model_.standing.size());
        const auto events = ui_.events();
        RC_ASSERT(events.size() == model_.log.size() - model_.acknowledged);
        for (std::size_t i = 0; i < events.size(); ++i) {
            RC_ASSERT(events[i].seq == model_.acknowledged + i + 1);
            RC_ASSERT((Told{events[i].kind, events[i].call_id}) == model_.log[model_.acknowledged + i]);
        }
        if (model_.attached && !model_.silent && !events.empty()) RC_ASSERT(last_emitted_ == model_.log.size());
        for (const auto& [action, done] : results_) {
            RC_ASSERT((done ? model_.fulfilled : model_.failed).contains(action));
        }
        RC_ASSERT(results_.size() == model_.fulfilled.size() + model_.failed.size());
    }

    bool is_ios_;
    Ui ui_;
    Model model_;
    ActionId next_action_ = 0;
    std::set<CallId> screen_;
    std::set<ActionId> ends_;
    std::map<CallId, int> notices_;
    std::map<ActionId, bool> results_;
    std::uint64_t last_emitted_ = 0;
};

TEST(CallUiModel, RandomStoriesGoAsTheModelSaysThroughSnapshotJsonAndANewMachineAfterEveryStep) {
    const bool good = rc::check("the machine does what the model does", [] {
        const bool is_ios = *rc::gen::arbitrary<bool>();
        const auto story = *rc::gen::container<std::vector<std::pair<int, int>>>(
            rc::gen::pair(rc::gen::inRange(0, World::kDeeds), rc::gen::inRange(0, 12))
        );
        World world{is_ios};
        for (const auto& [deed, which] : story) world.act(deed, which);
    });
    EXPECT_TRUE(good);
    EXPECT_FALSE(::testing::Test::HasFailure());
}

}  // namespace
}  // namespace clarion::callui
