// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <optional>
#include <string>

#include "lab/world/checker.hpp"
#include "lab/world/world.hpp"

/// What the person sees and hears before they touch anything: I1, I2, I7, I9, I11, I14.
namespace clarion::lab::world {

namespace {

/// Every VoIP push on iOS leads to a report before its handler returns.
class ReportEveryPush final : public Checker {
  public:
    explicit ReportEveryPush(World& world) : Checker{world, "I1", {.steps_after = inputs<engine::PushReceived>}} {}

    void after_step(const Phone& phone, const engine::Input* input, const std::vector<engine::Output>& outputs_of)
        override {
        const auto* push = input != nullptr ? std::get_if<engine::PushReceived>(input) : nullptr;
        if (push == nullptr || !push->must_report || !phone.profile().rules.must_report_every_push) return;
        const bool is_reported = std::ranges::any_of(outputs_of, [](const engine::Output& output) {
            return holds<callui::ReportIncoming>(output);
        });
        expect(is_reported, phone, "a push was not reported");
    }
};

/// Every reported call is ended there exactly once, and soon after it ended anywhere.
class EndOnScreenOnce final : public Checker {
  public:
    explicit EndOnScreenOnce(World& world) : Checker{world, "I2", {.outputs = outputs<callui::EndSystemCall>}} {}

    void on_output(const Phone& phone, const engine::Output& output) override {
        const auto* end = std::get_if<callui::EndSystemCall>(&output);
        if (end == nullptr) return;
        const auto& screen = phone.screen();
        const bool is_there = std::ranges::find(screen, end->call_id, &ScreenCall::id) != screen.end();
        // The system may have taken it away itself while no process ran.
        const bool system_may = phone.profile().system_removes_late && phone.life() > 1;
        expect(is_there || system_may, phone, "ended on the screen, but not there", call_index(end->call_id));
    }
    void at_checkpoint(std::uint8_t call) override {
        const CallRecord* record = world_.server().find(call);
        if (record == nullptr || record->document.phase != routing::Phase::ended) return;
        if (world_.now() - record->ended_at < World::kSoon) return;
        for (std::uint8_t i = 0; i < world_.phones(); ++i) {
            const Phone& phone = world_.phone(i);
            if (!world_.is_undisturbed(phone, record->ended_at)) continue;
            const ScreenCall* shown = phone.on_screen(call);
            const bool is_fresh = shown != nullptr && world_.now() - shown->since < World::kSoon;
            expect(shown == nullptr || is_fresh, phone, "on the screen long after its end", call);
        }
    }
    void at_end() override {
        for (std::uint8_t i = 0; i < world_.phones(); ++i) {
            const Phone& phone = world_.phone(i);
            if (!phone.is_running()) continue;
            expect(phone.screen().empty(), phone, "a ghost on the screen when all is over");
        }
    }
};

/// No command for a call that CallKit has not taken yet: it would be an error there, and lost (IOS-CK-03).
class WaitForTheReport final : public Checker {
  public:
    explicit WaitForTheReport(World& world) : Checker{world, "I2", kHooks} {}

    void on_output(const Phone& phone, const engine::Output& output) override {
        std::visit(
            [&]<class T>(const T& command) {
                if constexpr (is_held<T>) check(phone, command.call_id);
            },
            output
        );
    }

  private:
    template <class T>
    static constexpr bool is_held =
        std::same_as<T, callui::EndSystemCall> || std::same_as<T, callui::UpdateSystemCall> ||
        std::same_as<T, callui::ReportOutgoing> || std::same_as<T, callui::ReportOutgoingConnected> ||
        std::same_as<T, callui::ChangeSystemCall>;
    static constexpr Hooks
        kHooks{.outputs = outputs<callui::EndSystemCall, callui::UpdateSystemCall, callui::ReportOutgoing, callui::ReportOutgoingConnected, callui::ChangeSystemCall>};

    void check(const Phone& phone, const CallId& id) {
        const auto shown = std::ranges::find(phone.screen(), id, &ScreenCall::id);
        const bool is_taken = shown == phone.screen().end() || shown->is_taken;
        expect(is_taken, phone, "a command for a call that the system has not taken", call_index(id));
    }
};

/// No device rings later than ring_until + 1 s, none after it learned of a cancel, and an early cancel wins.
class RingInTime final : public Checker {
  public:
    explicit RingInTime(World& world) : Checker{world, "I7", kHooks} {}

    void on_input(const Phone& phone, const engine::Input& input) override {
        if (const auto* push = std::get_if<engine::PushReceived>(&input)) {
            const bool cancels = push->fault == engine::PushFault::none && push->invite &&
                                 push->invite->kind == protocol::PushKind::cancel &&
                                 push->invite->device == device_id(phone.index());
            if (cancels) learn(phone, push->invite->call_id);
        } else if (const auto* frame = std::get_if<engine::FrameReceived>(&input)) {
            if (const auto* ended = std::get_if<protocol::Ended>(&frame->frame.message)) learn(phone, ended->call_id);
            const bool has_clock =
                holds<protocol::Welcome>(frame->frame.message) || holds<protocol::Verified>(frame->frame.message);
            auto& heard = clocks_[phone.index()];
            if (has_clock && heard.boot != phone.booted_at()) heard = {phone.booted_at(), world_.now()};
            // Its user wants this call, unless the process that placed their own one died.
            const auto* merged = std::get_if<protocol::Merged>(&frame->frame.message);
            if (merged != nullptr) accept_if_taken(phone, merged->into);
        } else if (const auto* taking = std::get_if<engine::TakeRequested>(&input)) {
            learned_[phone.index()][call_index(taking->call_id)] = false;  // Its user wants it again.
        } else if (const auto* answer = std::get_if<engine::UserAnswered>(&input)) {
            const std::uint8_t call = call_index(answer->call_id);
            if (call != kNoPhone) accepted_[phone.index()][call] = true;
        }
    }
    void on_output(const Phone& phone, const engine::Output& output) override {
        if (const auto* emit = std::get_if<callui::EmitEvent>(&output)) {
            const auto& change = emit->event->change;
            const bool is_here = change && change->what == callui::ChangeKind::moved_here;
            // What it heard meanwhile was about the device that had the call before.
            if (is_here) learned_[phone.index()][call_index(emit->event->call_id)] = false;
        }
        const auto* report = std::get_if<callui::ReportIncoming>(&output);
        if (report == nullptr || report->placeholder) return;
        const std::uint8_t call = call_index(report->call_id);
        if (call == kNoPhone) return;
        expect(!learned(phone, call), phone, "rings after it learned of the end", call);
    }
    void after_step(const Phone& phone, const engine::Input*, const std::vector<engine::Output>&) override {
        for (const ScreenCall& shown : phone.screen()) {
            // What CallKit has not taken yet is not seen: perhaps it is reported only to be ended.
            if (shown.state != ScreenState::ringing || shown.call == kNoPhone || !shown.is_taken) continue;
            const CallRecord* record = world_.server().find(shown.call);
            if (accepted_[phone.index()][shown.call]) {
                // Where the screen died with the process, the system takes a moment to hear of the answer again.
                const bool is_short = !phone.profile().rules.screen_survives && world_.now() - shown.since <= 100;
                expect(is_short, phone, "rings although it was accepted", shown.call);
                continue;
            }
            if (record == nullptr) continue;
            const bool is_in_time = world_.server_wall().ms <= record->document.ring_until.ms + 1'000 + slack(phone);
            expect(is_in_time, phone, "rings after its deadline", shown.call);
        }
    }
    /// A phone that nobody speaks to takes no step: look at it when the ringing must be over.
    void at_checkpoint(std::uint8_t) override {
        for (std::uint8_t i = 0; i < world_.phones(); ++i) {
            if (world_.phone(i).is_running()) after_step(world_.phone(i), nullptr, {});
        }
    }

  private:
    static constexpr Hooks kHooks{
        .inputs = inputs<engine::PushReceived, engine::FrameReceived, engine::TakeRequested, engine::UserAnswered>,
        .outputs = outputs<callui::EmitEvent, callui::ReportIncoming>,
        .steps = true,
    };
    using PerCall = std::array<bool, kCallsMax>;
    /// When a phone heard the server's clock first, and in which boot.
    struct Heard {
        std::optional<std::int64_t> boot;
        std::int64_t at = 0;
    };

    /// What its own clock makes of the deadline when it never heard the server's: at most the whole ring time from the
    /// push. Once it did, in this boot, the monotonic clock goes on; what it heard is as old as its way was long.
    [[nodiscard]] std::int64_t slack(const Phone& phone) const {
        const Heard& heard = clocks_[phone.index()];
        const bool knows = heard.boot == phone.booted_at() && heard.at < world_.now();  // Its timers follow at once.
        if (!knows && phone.spec().clock_skew == Duration{0} && !phone.was_clock_set()) return 0;
        return knows ? 200 + world_.scenario().weather.latency.count() : 60'000;
    }

    void accept_if_taken(const Phone& phone, const CallId& id) {
        const std::uint8_t call = call_index(id);
        const auto calls = phone.engine()->calls();
        const auto view = std::ranges::find(calls, id, &engine::CallView::call_id);
        const bool is_taken = view != calls.end() && view->intent == engine::Intent::accepted;
        if (call != kNoPhone && is_taken) accepted_[phone.index()][call] = true;
    }
    void learn(const Phone& phone, const CallId& id) {
        const std::uint8_t call = call_index(id);
        if (call != kNoPhone) learned_[phone.index()][call] = true;
    }
    [[nodiscard]] bool learned(const Phone& phone, std::uint8_t call) const { return learned_[phone.index()][call]; }

    std::array<PerCall, kPhonesMax> learned_{};
    std::array<PerCall, kPhonesMax> accepted_{};
    std::array<Heard, kPhonesMax> clocks_;
};

/// A missed call leaves exactly one missed-call notice; a declined or elsewhere-answered call leaves none.
class OneMissedNotice final : public Checker {
  public:
    explicit OneMissedNotice(World& world)
        : Checker{
              world,
              "I9",
              {.inputs = inputs<engine::FrameReceived, engine::PushReceived>,
               .outputs = outputs<callui::ShowMissedCall, callui::HideMissedCall, callui::EmitEvent>}
          } {}

    void on_input(const Phone& phone, const engine::Input& input) override {
        if (const auto* frame = std::get_if<engine::FrameReceived>(&input)) {
            const auto* ended = std::get_if<protocol::Ended>(&frame->frame.message);
            if (ended != nullptr) hear(phone, ended->call_id, ended->reason);
        } else if (const auto* push = std::get_if<engine::PushReceived>(&input)) {
            const bool is_word = push->fault == engine::PushFault::none && push->invite &&
                                 push->invite->kind == protocol::PushKind::cancel &&
                                 push->invite->device == device_id(phone.index()) && push->invite->reason;
            if (is_word) hear(phone, push->invite->call_id, *push->invite->reason);
        }
    }
    void on_output(const Phone& phone, const engine::Output& output) override {
        if (const auto* notice = std::get_if<callui::ShowMissedCall>(&output)) {
            const std::uint8_t call = call_index(notice->call_id);
            if (call == kNoPhone) return;
            expect(++notices_[phone.index()][call] == 1, phone, "a second missed-call notice", call);
            stands_[phone.index()][call] = true;
            world_.schedule({.at = world_.now() + World::kSoon, .kind = EventKind::checkpoint, .call = call});
            shown_at_[phone.index()][call] = world_.now();
        } else if (const auto* hide = std::get_if<callui::HideMissedCall>(&output)) {
            if (const std::uint8_t call = call_index(hide->call_id); call != kNoPhone) {
                stands_[phone.index()][call] = false;
            }
        } else if (const auto* emit = std::get_if<callui::EmitEvent>(&output)) {
            const callui::Event& event = *emit->event;
            const std::uint8_t call = call_index(event.call_id);
            const bool is_missed = event.kind == callui::EventKind::ended && event.outcome == Outcome::missed;
            const bool is_theirs = call != kNoPhone && event.source != EndSource::undefined && !places(phone, call);
            if (is_missed && is_theirs) missed_[phone.index()][call] = true;
        }
    }
    /// A notice that was shown because the word came late is gone soon, where nothing kept the word back.
    void at_checkpoint(std::uint8_t call) override {
        if (call == kNoPhone || !is_not_missed(call)) return;
        const CallRecord& record = *world_.server().find(call);
        const std::int64_t taken =
            record.document.answered_at ? world_.at_server_wall(*record.document.answered_at) : 0;
        for (std::uint8_t i = 0; i < world_.phones(); ++i) {
            const Phone& phone = world_.phone(i);
            const std::int64_t shown = shown_at_[i][call];
            const bool is_due = stands_[i][call] && world_.now() - std::max(shown, taken) >= World::kSoon;
            // A process that answered and died never talked: its user may well call back.
            const bool died = phone.life() > 1 && record.document.winner == device_id(phone.index());
            if (!is_due || died || !world_.is_undisturbed(phone, shown)) continue;
            expect(false, phone, "a missed-call notice stands long after somebody took the call", call);
        }
    }
    void at_end() override {
        for (std::uint8_t i = 0; i < world_.phones(); ++i) check(world_.phone(i));
    }

  private:
    /// Whoever hears that another device took the call knows that nobody missed it.
    void hear(const Phone& phone, const CallId& id, EndReason reason) {
        const std::uint8_t call = call_index(id);
        const bool is_taken = reason == EndReason::multi_device_answer || reason == EndReason::multi_device_decline;
        if (call != kNoPhone && is_taken) knows_[phone.index()][call] = true;
    }
    /// By the server's word. A cancel that crossed the answer before they could talk leaves a missed call.
    [[nodiscard]] bool is_not_missed(std::uint8_t call) const {
        const CallRecord* record = world_.server().find(call);
        if (record == nullptr) return false;
        if (record->document.phase == routing::Phase::answered) return true;
        return record->document.phase == routing::Phase::ended && record->histories > 0 &&
               (record->outcome.callee == Outcome::answered || record->outcome.callee == Outcome::declined);
    }
    [[nodiscard]] bool places(const Phone& phone, std::uint8_t call) const {
        const auto& deeds = world_.scenario().deeds;
        return std::ranges::any_of(deeds, [&](const Deed& deed) {
            return deed.kind == DeedKind::place && deed.call == call && deed.phone == phone.index();
        });
    }
    void check(const Phone& phone) {
        if (!phone.is_running()) return;
        const bool owes = phone.profile().rules.missed_call_notice && !blocks(phone);
        for (std::uint8_t call = 0; call < world_.scenario().calls; ++call) {
            const CallRecord* of = world_.server().find(call);
            // Whoever called back at the same moment knows of the call.
            const bool is_merged =
                of != nullptr &&
                std::ranges::find(of->document.crossings, device_id(phone.index()), &routing::Crossing::device) !=
                    of->document.crossings.end();
            const bool is_due = owes && missed_[phone.index()][call] && !is_merged;
            expect(!is_due || notices_[phone.index()][call] == 1, phone, "missed, and no notice says so", call);
        }
        for (std::uint8_t call = 0; call < world_.scenario().calls; ++call) {
            if (knows_[phone.index()][call]) {
                const auto told = phone.engine()->adopt(call_id(call));
                expect(told.outcome != Outcome::missed, phone, "somebody took it, and the app hears: missed", call);
            }
            if (!stands_[phone.index()][call]) continue;
            const bool knew = knows_[phone.index()][call] || !world_.scenario().has_faults;
            expect(!knew || !is_not_missed(call), phone, "a missed-call notice for a call that somebody took", call);
        }
    }

    [[nodiscard]] bool blocks(const Phone& phone) const {
        return std::ranges::any_of(world_.scenario().deeds, [&](const Deed& deed) {
            return deed.kind == DeedKind::block_list && deed.phone == phone.index();
        });
    }

    std::array<std::array<int, kCallsMax>, kPhonesMax> notices_{};
    std::array<std::array<bool, kCallsMax>, kPhonesMax> stands_{};
    std::array<std::array<bool, kCallsMax>, kPhonesMax> knows_{};
    std::array<std::array<std::int64_t, kCallsMax>, kPhonesMax> shown_at_{};
    std::array<std::array<bool, kCallsMax>, kPhonesMax> missed_{};
};

/// A foreground service runs exactly while a call of its process rings or lives.
class ServiceWhileCalls final : public Checker {
  public:
    explicit ServiceWhileCalls(World& world) : Checker{world, "I11", {.steps = true}} {}

    void after_step(const Phone& phone, const engine::Input*, const std::vector<engine::Output>&) override {
        if (!phone.profile().rules.foreground_service) return;
        const bool has_calls = std::ranges::any_of(phone.screen(), [](const ScreenCall& call) {
            return call.state != ScreenState::refused;
        });
        const bool has_refused = phone.screen().size() > 0 && !has_calls;
        if (has_refused) return;  // The engine has not heard yet that the system does not show it.
        expect(
            phone.service_runs() == has_calls || is_off_screen(phone), phone,
            "foreground service without calls, or calls without one"
        );
    }

  private:
    /// A call that the system refused to show lives all the same once a glare made it the call of the user.
    static bool is_off_screen(const Phone& phone) {
        const auto calls = phone.engine()->calls();
        return phone.service_runs() && std::ranges::any_of(calls, [](const engine::CallView& view) {
                   return !view.on_screen && view.intent == engine::Intent::accepted;
               });
    }
};

/// Nothing that a peer or a push service writes makes a device ring with a name that the server did not sign.
class OnlySignedNames final : public Checker {
  public:
    explicit OnlySignedNames(World& world) : Checker{world, "I14", kHooks} {}

    void on_output(const Phone& phone, const engine::Output& output) override {
        if (const auto* report = std::get_if<callui::ReportIncoming>(&output)) {
            check(phone, report->call_id, report->name.reveal(), report->placeholder);
        } else if (const auto* update = std::get_if<callui::UpdateSystemCall>(&output)) {
            check(phone, update->call_id, update->name.reveal(), false);
        } else if (const auto* notice = std::get_if<callui::ShowMissedCall>(&output)) {
            check(phone, notice->call_id, notice->name.reveal(), false);
        }
    }

  private:
    static constexpr Hooks
        kHooks{.outputs = outputs<callui::ReportIncoming, callui::UpdateSystemCall, callui::ShowMissedCall>};
    void check(const Phone& phone, const CallId& id, const std::string& name, bool placeholder) {
        if (placeholder && name.empty()) return;
        const std::uint8_t call = call_index(id);
        const CallRecord* record = world_.server().find(call);
        const UserId& me = user_id(phone.spec().user);
        const bool is_signed =
            record != nullptr && record->document.from_name.reveal() == name && record->document.to_user == me;
        // A call that this phone placed has the name that its own user gave.
        const bool is_own = name == user_name(static_cast<std::uint8_t>(1 - phone.spec().user)) && call != kNoPhone &&
                            (record == nullptr || record->document.from_user == me);
        if (is_own && !is_signed) return;
        expect(is_signed, phone, "shows a name that the server did not sign", call);
    }
};

}  // namespace

void add_screen_checkers(World& world, CheckerList& list) {
    list.push_back(std::make_unique<ReportEveryPush>(world));
    list.push_back(std::make_unique<EndOnScreenOnce>(world));
    list.push_back(std::make_unique<WaitForTheReport>(world));
    list.push_back(std::make_unique<RingInTime>(world));
    list.push_back(std::make_unique<OneMissedNotice>(world));
    list.push_back(std::make_unique<ServiceWhileCalls>(world));
    list.push_back(std::make_unique<OnlySignedNames>(world));
}

}  // namespace clarion::lab::world
