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
    bool shown = false;  // The system said so to this process.
    bool told = false;   // `incoming` was logged.
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
    std::size_t emitted = 0;           // Since the app attached.
    std::vector<std::uint64_t> heard;  // Every number that the app ever got, with repetitions.
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
    bool not_placed(const CallId& id) {
        ModelCall* call = find(id);
        if (call == nullptr || !call->outgoing || !call->on_screen) return true;
        tell(EventKind::not_shown, id);
        end(*call, false);
        return true;
    }
    bool shown(const CallId& id) {
        ModelCall* call = find(id);
        if (call == nullptr || call->outgoing || !call->on_screen) return true;
        tell_incoming(*call);
        call->shown = true;
        return true;
    }
    bool not_shown(const CallId& id) {
        ModelCall* call = find(id);
        if (call == nullptr || call->outgoing || call->shown || !call->on_screen) return true;
        if (call->state != State::ringing) {
            call->outgoing = true;
            return true;
        }
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
        if (!std::exchange(call->on_screen, true)) call->outgoing = true;
        return true;
    }
    bool hang_up(const CallId& id, ActionId action) {
        if (action != 0) fulfilled.insert(action);
        ModelCall* call = find(id);
        if (call == nullptr) return action != 0;
        if (action != 0) tell_incoming(*call);
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
        if (had_notice.contains(id)) return true;
        notice(id);
        over_until[id] = std::max(over_until[id], now + kTombstoneFor.count());
        return true;
    }
    /// A backend says that a call was missed that did not ring here.
    bool learn_missed(const CallId& id) {
        if (find(id) == nullptr && !is_over(id)) end({.id = id}, true);
        return true;
    }
    bool call_back(const CallId& id) {
        if (find(id) != nullptr) return false;
        if (over_until.contains(id) && !standing.contains(id)) return true;
        standing.erase(id);
        over_until.try_emplace(id, now + kTombstoneFor.count());
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
        emitted = std::max(emitted, acknowledged);
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
            call.shown = false;
            call.rings_until -= later;
            const bool comes_back = call.on_screen && !call.outgoing && call.state != State::talked && !call.hidden;
            const bool accepted = call.on_screen && !call.outgoing && call.state == State::accepted;
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
        if (!attached || silent) return;
        while (emitted < log.size()) heard.push_back(++emitted);
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

    /// Those from 33 on are calls that ring and time that passes again: the more often, the more there is to see.
    static constexpr int kDeeds = 41;

    void act(int deed, int which) {
        if (deed >= 33 && deed < 39) deed = deed < 36 ? 0 : 31;
        id_ = id_of(1 + which % 4);
        action_ += 1;
        if (deed < 8) {
            backend_or_system(deed);
        } else if (deed >= 39) {
            start_is_answered(deed == 39);
        } else if (deed < 21) {
            user_taps(deed);
        } else if (deed < 31) {
            app_or_system(deed, which);
        } else {
            time_or_death(deed, which);
        }
        compare();
    }

  private:
    /// `fits`: the model takes it as well.
    void feed(const Input& input, bool fits) {
        if (fits) {
            see(ui_.feed(input));
        } else {
            (void)ui_.refused(input);
        }
    }

    void backend_or_system(int deed) {
        switch (deed) {
            case 0: return feed(incoming_call(id_), model_.announce(id_, false));
            case 1: {
                auto push = incoming_call(id_);
                push.must_report = true;
                return feed(push, model_.announce(id_, true));
            }
            case 2: return feed(CallDismissed{id_, Dismissal::cancelled}, model_.dismiss(id_, true));
            case 3: return feed(CallDismissed{id_, Dismissal::answered_elsewhere}, model_.dismiss(id_, false));
            case 4: return feed(OutgoingStarted{.call_id = id_}, model_.place(id_));
            case 5: return feed(CallConnected{id_}, model_.connect(id_, false));
            case 6: {
                if (is_open(false)) close(true);
                return feed(IncomingReported{id_}, model_.shown(id_));
            }
            default: {
                const bool is_last = !is_open(false) || close(false);
                feed(IncomingReported{id_, ReportResult::filtered_by_focus}, !is_last || model_.not_shown(id_));
                const ModelCall* call = model_.find(id_);
                if (call != nullptr && !call->on_screen) screen_.erase(id_);
            }
        }
    }

    void start_is_answered(bool is_taken) {
        const bool counts = is_open(true) && close(is_taken);
        const ModelCall* call = model_.find(id_);
        const bool refuses = !is_taken && call != nullptr && call->outgoing && call->on_screen;
        if (refuses) screen_.erase(id_);
        const bool is_stale = open_.contains(id_) && open_.at(id_).outgoing && !counts;
        const auto result = is_taken ? ReportResult::shown : ReportResult::limit_reached;
        feed(OutgoingReported{id_, result}, is_taken || is_stale || model_.not_placed(id_));
    }

    // ---- IOS-CK-03: what the system has not taken yet ----

    struct Open {
        bool outgoing = false;
        int count = 0;
        std::int64_t until = 0;
        bool is_late = false;
    };

    void open(const CallId& id, bool outgoing) {
        if (!is_ios_) return;
        const auto found = open_.find(id);
        if (found != open_.end() && found->second.outgoing && !outgoing) return;
        const bool goes_on = found != open_.end() && found->second.outgoing == outgoing && !found->second.is_late;
        open_[id] = {outgoing, goes_on ? found->second.count + 1 : 1, model_.now + 5'000};
    }
    [[nodiscard]] bool is_open(bool outgoing) const {
        const auto found = open_.find(id_);
        return found != open_.end() && found->second.outgoing == outgoing;
    }
    /// False: a report of the same call is still open.
    bool close(bool is_taken) {
        Open& open = open_.at(id_);
        if (!is_taken && --open.count > 0) return false;
        const bool is_over = model_.find(id_) == nullptr;
        if (is_taken && is_over && open.is_late) screen_.insert(id_);  // It comes at last, and is ended again.
        if (!is_taken && is_over) screen_.erase(id_);
        open_.erase(id_);
        return true;
    }
    void expect_taken(const CallId& id) const {
        const auto found = open_.find(id);
        RC_ASSERT(found == open_.end() || found->second.is_late);
    }

    void user_taps(int deed) {
        switch (deed) {
            case 8: return feed(UserAnswered{id_}, model_.answer(id_, 0));
            case 9:
            case 10:
                if (const ModelCall* call = model_.find(id_); call != nullptr && !call->outgoing && is_open(false)) {
                    open_.erase(id_);  // Who taps there saw it.
                }
                return feed(UserAnswered{id_, action_}, model_.answer(id_, action_));
            case 11: return feed(UserEnded{id_}, model_.hang_up(id_, 0));
            case 12:
                ends_.insert(action_);
                open_.erase(id_);  // Who taps there saw it.
                return feed(UserEnded{id_, action_}, model_.hang_up(id_, action_));
            case 13: return feed(EndRequested{id_}, model_.hang_up(id_, 0));
            case 14: return feed(EndAllRequested{}, model_.end_all());
            case 15:
            case 16: return feed(UserMuted{id_, deed == 15}, model_.mute(id_, deed == 15));
            case 17:
            case 18: return feed(UserHeld{id_, deed == 17}, model_.hold(id_, deed == 17));
            default: return feed(ConnectedSet{id_}, model_.connect(id_, true));
        }
    }

    void app_or_system(int deed, int which) {
        switch (deed) {
            case 21: return feed(MissedCallLearned{.call_id = id_}, model_.learn_missed(id_));
            case 22: return feed(RingSilenced{id_}, model_.silence(id_));
            case 23: return feed(HideRequested{id_}, model_.hide(id_));
            case 24: return feed(AppAttached{}, model_.attach(true));
            case 25: return feed(AppDetached{}, model_.attach(false));
            case 26: {
                const std::size_t up_to = model_.log.size() * static_cast<std::size_t>(which % 3) / 2;
                return feed(EventsAcknowledged{up_to}, model_.acknowledge(up_to));
            }
            case 27:
            case 28: return feed(EventsSilenced{deed == 27}, model_.silence_events(deed == 27));
            case 29: return feed(MissedShown{.call_id = id_}, model_.show_missed(id_));
            default: return feed(UserCalledBack{id_}, model_.call_back(id_));
        }
    }

    void time_or_death(int deed, int which) {
        if (deed == 31) {
            const std::array<std::int64_t, 4> times{1, 7'000, 30'000, 600'000};
            const auto next = ui_.machine.next_deadline();
            const bool to_the_timer = which > 7 && next != kNever;
            const auto ms = to_the_timer ? (next - ui_.now).count() : times[static_cast<std::size_t>(which % 4)];
            model_.wait(ms);
            for (auto& [id, open] : open_) open.is_late = open.is_late || open.until <= model_.now;
            return see(ui_.wait(Duration{ms}));
        }
        const Duration later{which % 2 == 0 ? 1'000 : 40'000};
        model_.die(later.count());
        if (is_ios_) screen_.clear();
        open_.clear();
        see(ui_.die_and_restart(later));
    }

    void see(const std::vector<Output>& outputs) {
        for (const Output& output : outputs) {
            if (const auto* one = std::get_if<ReportIncoming>(&output)) {
                const ModelCall* call = model_.find(one->call_id);
                screen_.insert(one->call_id);
                if (call == nullptr || !call->shown) open(one->call_id, false);
            }
            if (const auto* one = std::get_if<ReportOutgoing>(&output)) {
                expect_taken(one->call_id);
                screen_.insert(one->call_id);
                open(one->call_id, true);
            }
            if (const auto* one = std::get_if<EndSystemCall>(&output)) {
                expect_taken(one->call_id);
                RC_ASSERT(screen_.erase(one->call_id) == 1U);
            }
            if (const auto* one = std::get_if<ReportOutgoingConnected>(&output)) expect_taken(one->call_id);
            if (const auto* one = std::get_if<ChangeSystemCall>(&output)) expect_taken(one->call_id);
            if (const auto* one = std::get_if<ShowMissedCall>(&output)) ++notices_[one->call_id];
            if (const auto* one = std::get_if<FulfilAction>(&output)) {
                RC_ASSERT(results_.emplace(one->action, true).second);
                if (ends_.contains(one->action)) screen_.erase(one->call_id);
            }
            if (const auto* one = std::get_if<FailAction>(&output)) {
                RC_ASSERT(results_.emplace(one->action, false).second);
            }
            if (const auto* one = std::get_if<EmitEvent>(&output)) heard_.push_back(one->event->seq);
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
        auto seen = screen_;
        std::erase_if(seen, [&](const CallId& id) {  // Its end waits.
            return open_.contains(id) && !open_.at(id).is_late && model_.find(id) == nullptr;
        });
        RC_ASSERT(seen == on_screen);
        for (const CallId& id : {id_of(1), id_of(2), id_of(3), id_of(4)}) RC_ASSERT(notices_[id] == model_.notices[id]);
        RC_ASSERT(view.missed_notices == model_.standing.size());
        const auto events = ui_.events();
        RC_ASSERT(events.size() == model_.log.size() - model_.acknowledged);
        for (std::size_t i = 0; i < events.size(); ++i) {
            RC_ASSERT(events[i].seq == model_.acknowledged + i + 1);
            RC_ASSERT((Told{events[i].kind, events[i].call_id}) == model_.log[model_.acknowledged + i]);
        }
        RC_ASSERT(heard_ == model_.heard);
        for (const auto& [action, done] : results_) {
            RC_ASSERT((done ? model_.fulfilled : model_.failed).contains(action));
        }
        RC_ASSERT(results_.size() == model_.fulfilled.size() + model_.failed.size());
    }

    bool is_ios_;
    Ui ui_;
    Model model_;
    CallId id_;
    ActionId action_ = 0;
    std::set<CallId> screen_;
    std::map<CallId, Open> open_;
    std::set<ActionId> ends_;
    std::map<CallId, int> notices_;
    std::map<ActionId, bool> results_;
    std::vector<std::uint64_t> heard_;
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
