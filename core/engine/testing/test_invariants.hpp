// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "core/engine/engine.hpp"

/// Watches every input and output of an engine, as the system, the server and the app would, and fails the test when
/// one of the product's invariants breaks (docs/engine.md). It knows nothing of how the engine works.
namespace clarion::engine::testing {

class Invariants {
  public:
    explicit Invariants(Config config) : rules_{system_rules(config.platform)}, config_{std::move(config)} {}

    /// After the outputs of one accepted input were taken; `input` is null for a timeout and for a restore.
    void observe(Instant now, const Input* input, const std::vector<Output>& outputs, const Engine& engine) {
        now_ = now;
        live_.clear();
        for (const CallView& view : engine.calls()) {
            if (view.phase != Phase::ended) live_[view.call_id] = view;
        }
        ended_here_.clear();
        reports_ = 0;
        answered_.reset();
        open_ = engine.snapshot().ui.reports;
        if (input != nullptr) std::visit([this](const auto& fact) { hear(fact); }, *input);
        for (const Output& output : outputs) std::visit([this](const auto& effect) { see(effect); }, output);
        if (input != nullptr) after(*input);
        check_state(engine);
    }

    void process_died(bool same_boot) {
        if (!rules_.screen_survives || !same_boot) screen_.clear();
        shown_.clear();
        rings_until_.clear();
        pending_.clear();
        settled_.clear();
        open_audio_.clear();
        legs_.clear();
        audio_active_ = attached_ = token_asked_ = false;
        tone_.reset();
        link_ = Socket::closed;
        service_ = false;
    }

  private:
    enum class Socket : std::uint8_t { closed, opening, open, greeted };

    // ---- what is told ----

    template <class T>
    void hear(const T&) {}
    void hear(const IncomingReported& fact) {
        const bool shown = fact.result == ReportResult::shown || fact.result == ReportResult::already_exists;
        if (shown) answered_ = fact.call_id;
        if (shown) shown_.insert(fact.call_id);
        if (!shown && is_open(fact.call_id)) return;  // Another report of it is to be answered yet.
        const auto call = live_.find(fact.call_id);
        const bool taps = call != live_.end() &&
                          (call->second.intent != Intent::none || call->second.direction == Direction::outgoing);
        if (!shown && !shown_.contains(fact.call_id) && !taps) screen_.erase(fact.call_id);
    }
    void hear(const OutgoingReported& fact) {
        const bool shown = fact.result == ReportResult::shown || fact.result == ReportResult::already_exists;
        if (shown) answered_ = fact.call_id;
        const bool stands = live_.contains(fact.call_id) || is_open(fact.call_id);
        if (!shown && !stands) screen_.erase(fact.call_id);
    }
    /// IOS-CK-03: its end waits. (That nothing is said too early: callui_model_test.cpp and lab/world.)
    [[nodiscard]] bool is_open(const CallId& id) const {
        const auto found = std::ranges::find(open_, id, &callui::OpenReport::call_id);
        return found != open_.end() && found->until != kNever;
    }
    void hear(const UserAnswered& fact) {
        const auto call = live_.find(fact.call_id);
        if (call != live_.end() && call->second.intent == Intent::accepted) shown_.insert(fact.call_id);
        if (fact.action != 0 && settled_.insert(fact.action).second) pending_[fact.action] = fact.call_id;
    }
    void hear(const AnswerRequested& fact) { hear(UserAnswered{fact.call_id, fact.action}); }
    void hear(const UserEnded& fact) {
        if (fact.action != 0 && settled_.insert(fact.action).second) pending_[fact.action] = fact.call_id;
        if (fact.action != 0) screen_.erase(fact.call_id);
    }
    void hear(const UserMuted& fact) { hear_tap(fact.call_id, fact.action); }
    void hear(const UserHeld& fact) { hear_tap(fact.call_id, fact.action); }
    void hear(const callui::UserDialled& fact) { hear_tap(fact.call_id, fact.action); }
    void hear(const callui::UserGrouped& fact) { hear_tap(fact.call_id, fact.action); }
    void hear_tap(const CallId& call, ActionId action) {
        if (action != 0 && settled_.insert(action).second) pending_[action] = call;
    }
    void hear(const ActionTimedOut& fact) {
        pending_.erase(fact.action);
        settled_.insert(fact.action);
    }
    void hear(const ProviderReset&) {
        screen_.clear();
        pending_.clear();
        audio_active_ = false;
    }
    void hear(const AudioActivated&) { audio_active_ = true; }
    void hear(const AudioDeactivated&) { audio_active_ = false; }
    /// An app may have shown a notice by hand under this id.
    void hear(const PlaceRequested& fact) { notices_.erase(fact.call_id); }
    /// It begins anew.
    void hear(const TakeRequested& fact) {
        over_.erase(fact.call_id);
        notices_.erase(fact.call_id);
    }
    void hear(const TokenSupplied&) { token_asked_ = false; }
    void hear(const SignedOut&) { token_asked_ = false; }
    void hear(const AppDetached&) { attached_ = false; }
    void hear(const AppAttached&) {
        attached_ = true;
        next_seq_ = 0;
    }
    void hear(const SignallingOpened&) {
        if (link_ == Socket::opening) link_ = Socket::open;
    }
    void hear(const SignallingClosed&) { link_ = Socket::closed; }
    void hear(const FrameReceived& fact) {
        // It may be ignored (a straggler, a repetition): then the old deadline holds.
        if (const auto* verified = std::get_if<protocol::Verified>(&fact.frame.message)) {
            // A broken server may say any time; the sum saturates where a difference would not.
            const auto from = verified->server_now.ms;
            const auto until = verified->ring_until.ms;
            const bool is_endless = from < 0 && until > INT64_MAX + from;
            const auto left = is_endless ? INT64_MAX : until <= from ? 0 : until - from;
            rings_until_[verified->call_id] = std::max(rings_until_[verified->call_id], now_ + Duration{left});
        }
    }

    // ---- what comes out ----

    template <class T>
    void see(const T&) {}
    void see(const callui::ReportIncoming& out) {
        ++reports_;
        const bool is_known =
            screen_.contains(out.call_id) && rings_until_.contains(out.call_id) && rings_until_[out.call_id] > now_;
        if (!is_known) rings_until_[out.call_id] = now_ + out.ring_for;
        screen_.insert(out.call_id);
    }
    void see(const callui::ReportOutgoing& out) { screen_.insert(out.call_id); }
    void see(const callui::UpdateSystemCall& out) {
        if (rules_.screen_survives) screen_.insert(out.call_id);  // A notification is posted again.
    }
    void see(const callui::EndSystemCall& out) {
        const bool was_there = screen_.erase(out.call_id) == 1;  // Or it came at last, long after its end.
        EXPECT_TRUE(was_there || answered_ == out.call_id)
            << "I2: ended on screen, but not there: " << out.call_id.text();
        ended_here_.insert(out.call_id);
    }
    void see(const callui::FulfilAction& out) {
        EXPECT_EQ(pending_.erase(out.action), 1U) << "I4: fulfilled, but nothing waited: " << out.action;
    }
    void see(const callui::FailAction& out) {
        EXPECT_EQ(pending_.erase(out.action), 1U) << "I4: failed, but nothing waited: " << out.action;
    }
    void see(const callui::ShowMissedCall& out) {
        EXPECT_EQ(++notices_[out.call_id], 1) << "I9: a second notice for " << out.call_id.text();
    }
    void see(const callui::StartForegroundService&) { service_ = true; }
    void see(const callui::StopForegroundService&) {
        EXPECT_TRUE(service_) << "I11: stopped twice";
        service_ = false;
    }
    void see(const callui::EmitEvent& out) {
        EXPECT_TRUE(attached_) << "I10: nobody listens";
        if (next_seq_ != 0) {
            EXPECT_EQ(out.event->seq, next_seq_) << "I10: out of order";
        }
        next_seq_ = out.event->seq + 1;
    }
    void see(const OpenSignalling&) {
        EXPECT_EQ(link_, Socket::closed) << "opened twice";
        link_ = Socket::opening;
    }
    void see(const CloseSignalling&) {
        EXPECT_NE(link_, Socket::closed) << "closed twice";
        link_ = Socket::closed;
    }
    void see(const SendFrame& out) {
        const bool hello = std::holds_alternative<protocol::Hello>(out.frame.message);
        EXPECT_EQ(link_, hello ? Socket::open : Socket::greeted) << "sent to nobody";
        if (hello) link_ = Socket::greeted;
        EXPECT_GT(out.frame.id, 0U);
    }
    void see(const PrepareOffer& out) { prepare(out.call_id, out.revision); }
    void see(const PrepareAnswer& out) { prepare(out.call_id, out.revision); }
    void prepare(const CallId& call, std::uint32_t revision) {
        if (revision == 0) {
            EXPECT_TRUE(legs_.insert(call).second) << "a second leg";
        } else {
            EXPECT_TRUE(legs_.contains(call)) << "no leg";
        }
    }
    void see(const DropOffer& out) { EXPECT_TRUE(legs_.contains(out.call_id)) << "no leg"; }
    void see(const SetMuted& out) { EXPECT_TRUE(legs_.contains(out.call_id)) << "no leg"; }
    void see(const SetHeld& out) { EXPECT_TRUE(legs_.contains(out.call_id)) << "no leg"; }
    void see(const SetVideo& out) { EXPECT_TRUE(legs_.contains(out.call_id)) << "no leg"; }
    void see(const SetMicrophone& out) { EXPECT_TRUE(open_audio_.contains(out.call_id)) << "of a closed microphone"; }
    void see(const PlayTone& out) {
        const bool same = tone_ && tone_->tone == out.tone && tone_->call_id == out.call_id;
        EXPECT_FALSE(same) << "the same tone again";
        tone_ = out;
    }
    void see(const StopTone&) {
        EXPECT_TRUE(tone_.has_value()) << "nothing sounds";
        tone_.reset();
    }
    void see(const RequestToken&) { EXPECT_FALSE(std::exchange(token_asked_, true)) << "asked twice"; }
    void see(const EmitNotice&) { EXPECT_TRUE(attached_) << "nobody listens"; }
    void see(const ApplyAnswer& out) { EXPECT_TRUE(legs_.contains(out.call_id)) << "no leg"; }
    void see(const AddCandidate& out) { EXPECT_TRUE(legs_.contains(out.call_id)) << "no leg"; }
    void see(const CloseMedia& out) {
        EXPECT_EQ(legs_.erase(out.call_id), 1U) << "no leg";
        EXPECT_FALSE(open_audio_.contains(out.call_id)) << "I6: the leg went with its microphone open";
    }
    void see(const OpenAudio& out) {
        EXPECT_TRUE(open_audio_.insert(out.call_id).second) << "I6: opened twice";
        EXPECT_EQ(open_audio_.size(), 1U) << "two calls have the microphone";
        EXPECT_TRUE(legs_.contains(out.call_id)) << "no leg";
        EXPECT_TRUE(!rules_.audio_session || audio_active_) << "I6: microphone without the system's activation";
        const auto call = live_.find(out.call_id);
        const bool agreed =
            call != live_.end() && (call->second.phase == Phase::connecting || call->second.phase == Phase::connected);
        EXPECT_TRUE(agreed) << "I6: microphone before the call";
    }
    void see(const CloseAudio& out) { EXPECT_EQ(open_audio_.erase(out.call_id), 1U) << "I6: closed twice"; }

    // ---- what must hold then ----

    void after(const Input& input) {
        if (const auto* push = std::get_if<PushReceived>(&input)) {
            if (rules_.must_report_every_push && push->must_report) {
                EXPECT_GE(reports_, 1) << "I1: push not reported";
            }
            const bool cancels = push->fault == PushFault::none && push->invite && is_ours(*push->invite) &&
                                 push->invite->kind == protocol::PushKind::cancel;
            if (cancels && live_.contains(push->invite->call_id)) {
                const CallView& call = live_.at(push->invite->call_id);
                const bool rings = call.direction == Direction::incoming && call.intent == Intent::none;
                EXPECT_FALSE(rings && call.on_screen) << "I7: rings after its cancel";
            }
        }
    }

    /// Anything else is refused, whatever it says.
    [[nodiscard]] bool is_ours(const Invite& invite) const {
        return invite.version == protocol::kInviteVersion && invite.service == config_.service &&
               invite.to_user == config_.user && invite.device == config_.device && !invite.from_user.empty();
    }

    void check_state(const Engine& engine) {
        std::erase_if(shown_, [&](const CallId& id) { return !live_.contains(id); });
        for (const CallId& id : screen_) {
            EXPECT_TRUE(live_.contains(id) || is_open(id)) << "I2: a ghost on the screen: " << id.text();
        }
        for (const auto& [id, call] : live_) {
            EXPECT_EQ(call.on_screen, screen_.contains(id)) << "the engine and the screen disagree";
            const bool rings = call.on_screen && call.phase == Phase::announced && call.intent == Intent::none;
            // A hidden screen that survived its process is not reported anew: nobody here knows its time.
            if (rings && rings_until_.contains(id)) {
                EXPECT_LE(now_.ms, (rings_until_[id] + Duration{1'000}).ms) << "I7: rings too long";
            }
            if (call.direction == Direction::incoming && call.phase == Phase::connected) {
                for (const auto& [action, of] : pending_)
                    EXPECT_NE(of, id) << "I5: connected, not fulfilled: " << action;
            }
        }
        for (const auto& [action, id] : pending_) EXPECT_TRUE(live_.contains(id)) << "I4: an action without a result";
        if (rules_.foreground_service) {
            const bool rings_or_lives = std::ranges::any_of(live_, [](const auto& entry) {
                const CallView& call = entry.second;
                return call.on_screen || call.intent == Intent::accepted || call.direction == Direction::outgoing;
            });
            EXPECT_EQ(service_, rings_or_lives) << "I11";
        }
        if (rules_.audio_session && !audio_active_) {
            EXPECT_TRUE(open_audio_.empty()) << "I6: open after deactivation";
        }
        for (const CallId& id : open_audio_) {
            const auto call = live_.find(id);
            const bool heard = call != live_.end() && call->second.live && !call->second.held;
            EXPECT_TRUE(heard) << "I6: open for a call that is not talked";
            EXPECT_FALSE(tone_ && tone_->tone != Tone::hold) << "a tone over a voice";
        }
        check_history(engine.snapshot());
    }

    void check_history(const Snapshot& snapshot) {
        for (const callui::Event& event : snapshot.ui.events) {
            if (event.kind != callui::EventKind::ended || !history_.insert(event.seq).second) continue;
            EXPECT_TRUE(over_.insert(event.call_id).second) << "I8: ended twice: " << event.call_id.text();
            const bool is_missed = event.outcome == Outcome::missed;
            if (!is_missed) {
                EXPECT_EQ(notices_[event.call_id], 0) << "I9: a notice for a call that was not missed";
            }
        }
        EXPECT_LE(snapshot.calls.size(), kCallsMax);
        EXPECT_LE(snapshot.requests.size(), kRequestsMax);
        EXPECT_LE(snapshot.tombstones.size(), kTombstonesMax);
        EXPECT_LE(snapshot.ui.events.size(), callui::kEventsMax);
    }

    SystemRules rules_;
    Config config_;
    Instant now_;
    std::map<CallId, CallView> live_;
    std::set<CallId> screen_;
    std::set<CallId> shown_;
    std::vector<callui::OpenReport> open_;  // Not answered by the system.
    std::optional<CallId> answered_;        // In this step.
    std::set<CallId> ended_here_;
    std::map<CallId, Instant> rings_until_;
    std::map<ActionId, CallId> pending_;
    std::set<ActionId> settled_;
    std::map<CallId, int> notices_;
    std::set<CallId> open_audio_;
    std::set<CallId> legs_;
    std::set<std::uint64_t> history_;
    std::set<CallId> over_;
    int reports_ = 0;
    bool audio_active_ = false;
    bool attached_ = false;
    bool service_ = false;
    std::uint64_t next_seq_ = 0;
    std::optional<PlayTone> tone_;
    bool token_asked_ = false;
    Socket link_ = Socket::closed;
};

}  // namespace clarion::engine::testing
