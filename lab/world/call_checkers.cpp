// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <optional>
#include <string>

#include "core/routing/draft.hpp"
#include "lab/world/checker.hpp"
#include "lab/world/world.hpp"

/// What becomes of a call: I3, I5, I6, I8, I16.
namespace clarion::lab::world {

namespace {

/// When another device got the call last; -1: it never moved.
std::int64_t taken_at(const CallRecord& record) {
    std::int64_t at = -1;
    for (const auto& line : record.trace) {
        if (line.trace.what == "taken") at = line.at;
    }
    return at;
}

/// A device of the callee whose user took the call to another one.
bool gave_up(const CallRecord& record, const Phone& phone) {
    const routing::Leg* leg = routing::detail::find_leg(record.document, device_id(phone.index()));
    return taken_at(record) >= 0 && leg != nullptr && leg->state == routing::LegState::stopped;
}

/// At most one device of the callee ever connects to a call; the others stop ringing.
class OneDeviceConnects final : public Checker {
  public:
    explicit OneDeviceConnects(World& world)
        : Checker{world, "I3", {.inputs = inputs<engine::FrameReceived>, .outputs = outputs<engine::OpenAudio>}} {}

    void on_input(const Phone& phone, const engine::Input& input) override {
        const auto* frame = std::get_if<engine::FrameReceived>(&input);
        const auto* confirmed =
            frame != nullptr ? std::get_if<protocol::AnswerConfirmed>(&frame->frame.message) : nullptr;
        if (confirmed == nullptr) return;
        const CallRecord* record = world_.server().find(call_index(confirmed->call_id));
        // It had the call, hears of that late, and of the take next.
        const bool was_taken = record != nullptr && gave_up(*record, phone);
        if (!was_taken) claim(phone, confirmed->call_id, "two devices were told that they have the call");
    }
    void on_output(const Phone& phone, const engine::Output& output) override {
        const auto* audio = std::get_if<engine::OpenAudio>(&output);
        if (audio == nullptr) return;
        const CallRecord* record = world_.server().find(call_index(audio->call_id));
        if (record == nullptr) return;
        const routing::CallDocument& document = record->document;
        if (user_id(phone.spec().user) == document.from_user) return;
        const std::int64_t taken = taken_at(*record);
        if (taken >= 0 && document.winner == device_id(phone.index())) winners_[record->call] = phone.index();
        // A device whose user took the call to another one hears of it a little later.
        if (gave_up(*record, phone) && world_.now() - taken < World::kSoon) return;
        claim(phone, audio->call_id, "two devices of the callee are in the call");
    }
    void at_checkpoint(std::uint8_t call) override {
        const CallRecord* record = world_.server().find(call);
        if (record == nullptr || !record->document.winner) return;
        const std::int64_t answered = world_.at_server_wall(*record->document.answered_at);
        if (world_.now() - answered < World::kSoon) return;
        for (std::uint8_t i = 0; i < world_.phones(); ++i) {
            const Phone& phone = world_.phone(i);
            if (device_id(i) == *record->document.winner || !world_.is_undisturbed(phone, answered)) continue;
            const ScreenCall* shown = phone.on_screen(call);
            const bool rings = shown != nullptr && shown->state == ScreenState::ringing && shown->since <= answered;
            expect(!rings, phone, "still rings although somebody answered", call);
        }
    }

  private:
    void claim(const Phone& phone, const CallId& id, std::string_view text) {
        const std::uint8_t call = call_index(id);
        if (call == kNoPhone) return;
        std::uint8_t& winner = winners_[call];
        if (winner == kNoPhone) winner = phone.index();
        expect(winner == phone.index(), phone, text, call);
    }

    std::array<std::uint8_t, kCallsMax> winners_{kNoPhone, kNoPhone, kNoPhone, kNoPhone, kNoPhone, kNoPhone};
};

/// Accept is shown as connected only when it is; a failure after Accept ends the system call with "failed".
class ConnectedMeansConnected final : public Checker {
  public:
    explicit ConnectedMeansConnected(World& world) : Checker{world, "I5", kHooks} {}

    void on_output(const Phone& phone, const engine::Output& output) override {
        if (const auto* fulfil = std::get_if<callui::FulfilAction>(&output)) {
            const ScreenCall* shown = phone.on_screen(call_index(fulfil->call_id));
            if (shown == nullptr || shown->pending != fulfil->action) return;
            expect(is_connected(phone, shown->call), phone, "Accept was fulfilled without a connection", shown->call);
        } else if (const auto* connected = std::get_if<callui::ReportOutgoingConnected>(&output)) {
            const std::uint8_t call = call_index(connected->call_id);
            expect(is_connected(phone, call), phone, "shown as connected, but it is not", call);
        }
    }
    void after_step(const Phone& phone, const engine::Input*, const std::vector<engine::Output>& done) override {
        const callui::EndSystemCall* end = nullptr;
        for (const engine::Output& output : done) {
            if (const auto* found = std::get_if<callui::EndSystemCall>(&output)) end = found;
            const auto* emit = std::get_if<callui::EmitEvent>(&output);
            if (emit == nullptr || end == nullptr || emit->event->call_id != end->call_id) continue;
            const callui::Event& event = *emit->event;
            if (event.kind != callui::EventKind::ended || event.outcome != Outcome::failed || event.by_remote) continue;
            expect(end->reason == SystemEndReason::failed, phone, "a failure was not shown as one");
        }
    }

  private:
    static constexpr Hooks kHooks{
        .outputs = outputs<callui::FulfilAction, callui::ReportOutgoingConnected>,
        .steps_with = outputs<callui::EndSystemCall>,
    };
    [[nodiscard]] bool is_connected(const Phone& phone, std::uint8_t call) const {
        const CallRecord* record = world_.server().find(call);
        if (record == nullptr || !record->document.winner) return false;
        const DeviceId& me = device_id(phone.index());
        const auto& former = record->document.former_callers;
        // It hears of the answer at the moment at which its user takes the call elsewhere; a callee's device, whose
        // word was under way, of its end right behind.
        const bool is_former = std::ranges::find(former, me) != former.end();
        const bool was_taken =
            gave_up(*record, phone) || (is_former && world_.now() - taken_at(*record) < World::kSoon);
        if (record->document.from_device != me && *record->document.winner != me && !was_taken) return false;
        const auto& legs = phone.legs();
        const auto leg = std::ranges::find(legs, call, &Leg::call);
        return leg != legs.end() && leg->is_up;
    }
};

/// The microphone is open only between the system's activation and deactivation, and activation is remembered.
class MicrophoneWhenLent final : public Checker {
  public:
    explicit MicrophoneWhenLent(World& world)
        : Checker{
              world, "I6", {.inputs = inputs<engine::UserHeld>, .outputs = outputs<engine::OpenAudio>, .steps = true}
          } {}

    void on_input(const Phone& phone, const engine::Input& input) override {
        held_at_[phone.index()] = world_.now();
        const std::uint8_t call = call_index(std::get<engine::UserHeld>(input).call_id);
        world_.schedule({.at = world_.now() + World::kSoon, .kind = EventKind::checkpoint, .call = call});
    }
    void on_output(const Phone& phone, const engine::Output& output) override {
        const auto* audio = std::get_if<engine::OpenAudio>(&output);
        if (audio == nullptr) return;
        const bool is_lent = !phone.profile().rules.audio_session || phone.audio_active();
        expect(is_lent, phone, "the microphone is open before the system lends it", call_index(audio->call_id));
    }
    void after_step(const Phone& phone, const engine::Input*, const std::vector<engine::Output>&) override {
        const bool is_lent = !phone.profile().rules.audio_session || phone.audio_active();
        for (const Leg& leg : phone.legs()) {
            expect(is_lent || !leg.is_open, phone, "the microphone is open after the system took it back", leg.call);
            const ScreenCall* shown = phone.on_screen(leg.call);
            const bool talks =
                shown != nullptr && shown->state == ScreenState::connected && shown->pending == 0 && !shown->is_held;
            const bool is_other_open = std::ranges::any_of(phone.legs(), [&](const Leg& other) {
                return other.is_open && other.call != leg.call;
            });
            expect(
                !is_lent || !talks || leg.is_open || is_other_open, phone, "connected, but nobody is heard", leg.call
            );
        }
    }
    void at_checkpoint(std::uint8_t call) override {
        const CallRecord* record = world_.server().find(call);
        if (record == nullptr || record->document.phase != routing::Phase::answered) return;
        const std::int64_t answered = world_.at_server_wall(*record->document.answered_at);
        for (std::uint8_t i = 0; i < world_.phones(); ++i) {
            const Phone& phone = world_.phone(i);
            const ScreenCall* shown = phone.on_screen(call);
            const bool talks = shown != nullptr && shown->state == ScreenState::connected && !shown->is_held &&
                               phone.screen().size() == 1 && phone.profile().rules.audio_session;
            const bool is_just_held = world_.now() - held_at_[i] < World::kSoon;
            if (!talks || is_just_held || phone.in_cellular() || !world_.is_undisturbed(phone, answered)) continue;
            expect(phone.audio_active(), phone, "connected, but the system never lent its audio", call);
        }
    }

  private:
    std::array<std::int64_t, kPhonesMax> held_at_ = [] {
        std::array<std::int64_t, kPhonesMax> never{};
        never.fill(-World::kSoon);
        return never;
    }();
};

/// Exactly one of answered, missed, declined, cancelled, failed, and everybody agrees on reason and source.
class OneEnd final : public Checker {
  public:
    explicit OneEnd(World& world) : Checker{world, "I8", kHooks} {}

    void on_input(const Phone& phone, const engine::Input& input) override {
        const auto* take = std::get_if<engine::TakeRequested>(&input);
        if (take == nullptr) return;
        // It had stopped ringing here, or had gone elsewhere: now it begins anew.
        const std::uint8_t call = call_index(take->call_id);
        ends_[phone.index()][call].reset();
        took_[phone.index()][call] = true;
    }

    void on_decision(const CallRecord& before, const routing::Decision& decision) override {
        const bool was_over = before.version != 0 && before.document.phase == routing::Phase::ended;
        if (was_over && decision.changed) fail(kNoPhone, "an ended call changed");
    }
    void on_output(const Phone& phone, const engine::Output& output) override {
        const auto* emit = std::get_if<callui::EmitEvent>(&output);
        if (emit == nullptr) return;
        const callui::Event& event = *emit->event;
        const std::uint8_t call = call_index(event.call_id);
        if (call == kNoPhone) return;
        if (event.change && event.change->what == callui::ChangeKind::moved_here) took_[phone.index()][call] = false;
        if (event.kind != callui::EventKind::ended || event.seq <= last_[phone.index()][call]) return;
        last_[phone.index()][call] = event.seq;
        auto& first = ends_[phone.index()][call];
        if (!first) first = End{event.seq, event.reason, event.source, event.outcome, event.by_remote};
        const bool is_same = first->seq == event.seq && first->reason == event.reason &&
                             first->outcome == event.outcome && first->source == event.source;
        expect(is_same, phone, "ended twice", call);
    }
    void at_end() override {
        for (const CallRecord& call : world_.server().calls()) {
            if (call.document.phase != routing::Phase::ended) {
                fail(kNoPhone, "the server never ended #" + std::to_string(call.call));
                return;
            }
            if (call.histories != 1) {
                fail(kNoPhone, "the history was not written once, #" + std::to_string(call.call));
                return;
            }
            for (std::uint8_t i = 0; i < world_.phones(); ++i) agree(call, world_.phone(i));
        }
    }

  private:
    static constexpr Hooks kHooks{
        .inputs = inputs<engine::TakeRequested>, .outputs = outputs<callui::EmitEvent>, .decisions = true
    };
    /// As a phone's app was told.
    struct End {
        std::uint64_t seq = 0;
        EndReason reason = EndReason::normal;
        EndSource source = EndSource::undefined;
        Outcome outcome = Outcome::answered;
        bool by_remote = false;
    };
    void agree(const CallRecord& call, const Phone& phone) {
        const auto& end = ends_[phone.index()][call.call];
        if (!end) return;
        // A take that failed, or was given up on its way, ends on the device that wanted the call; how the call itself
        // ends is another thing.
        if (took_[phone.index()][call.call]) return;
        if (end->by_remote) return agree_with_word(call, phone, *end);
        if (call.document.ended_by != device_id(phone.index())) return agree_to_differ(call, phone, *end);
        // A process that answered and died may have connected the caller; the next one declines without knowing of it.
        const bool by_next_process = phone.life() > 1 && call.document.winner == device_id(phone.index()) &&
                                     end->reason == EndReason::decline && call.document.reason == EndReason::normal;
        if (by_next_process) return;
        // What its user did ended the call: then it is what the server knows too.
        const bool same = end->reason == call.document.reason && end->source == call.document.source;
        expect(same, phone, "ended it, and the server keeps another reason", call.call);
        const bool agrees = is_failure(end->reason) || end->outcome == outcome_for(call, phone);
        expect(agrees, phone, "another outcome than the server's", call.call);
    }
    /// Somebody else's end, or the server's.
    void agree_with_word(const CallRecord& call, const Phone& phone, const End& end) {
        const protocol::Ended word = routing::detail::end_for(call.document, device_id(phone.index()));
        const bool same = end.reason == word.reason && end.source == word.source;
        const bool is_own_timer = end.reason == EndReason::no_answer;  // Nobody reached it.
        if (world_.scenario().has_faults && is_own_timer && !same) return;
        expect(same, phone, "another reason than the server's", call.call);
        const Outcome expected = word.reason == EndReason::multi_device_answer    ? Outcome::answered
                                 : word.reason == EndReason::multi_device_decline ? Outcome::declined
                                                                                  : outcome_for(call, phone);
        const bool agrees = is_failure(end.reason) || end.outcome == expected;
        expect(agrees, phone, "another outcome than the server's", call.call);
    }
    /// It ended here before the device could hear how it ended elsewhere.
    void agree_to_differ(const CallRecord& call, const Phone& phone, const End& end) {
        const bool says_answered = end.outcome == Outcome::answered && !is_party(call, phone);
        expect(!says_answered, phone, "answered here, but not by the server", call.call);
        const bool may_differ = world_.scenario().has_faults || world_.scenario().has_races;
        const routing::Leg* leg = routing::detail::find_leg(call.document, device_id(phone.index()));
        const bool is_own = leg != nullptr && leg->own_end == end.reason;
        expect(may_differ || is_own, phone, "its own end is not the server's", call.call);
    }
    /// Of a failure each side tells what it saw: whether they had been connected.
    static bool is_failure(EndReason reason) {
        switch (reason) {
            case EndReason::normal:
            case EndReason::decline:
            case EndReason::cancel:
            case EndReason::busy:
            case EndReason::no_answer:
            case EndReason::already_got_a_call:
            case EndReason::multi_device_answer:
            case EndReason::multi_device_decline: return false;
            default: return true;
        }
    }
    /// It has the call, or had it before its user took it elsewhere.
    static bool is_party(const CallRecord& call, const Phone& phone) {
        const DeviceId& me = device_id(phone.index());
        return call.document.from_device == me || has_line(call, me, "answered") || has_line(call, me, "taken") ||
               std::ranges::find(call.document.former_callers, me) != call.document.former_callers.end();
    }
    static bool has_line(const CallRecord& call, const DeviceId& device, std::string_view what) {
        return std::ranges::any_of(call.trace, [&](const auto& line) {
            return line.trace.what == what && line.trace.device == device;
        });
    }
    static Outcome outcome_for(const CallRecord& call, const Phone& phone) {
        const bool is_caller = call.document.from_device == device_id(phone.index());
        return is_caller ? call.outcome.caller : call.outcome.callee;
    }

    std::array<std::array<std::optional<End>, kCallsMax>, kPhonesMax> ends_;
    std::array<std::array<std::uint64_t, kCallsMax>, kPhonesMax> last_{};  // Number of the event that was looked at.
    std::array<std::array<bool, kCallsMax>, kPhonesMax> took_{};
};

/// Every ended call has a trace that explains it.
class TraceExplains final : public Checker {
  public:
    explicit TraceExplains(World& world) : Checker{world, "I16", {}} {}

    void at_end() override {
        for (const CallRecord& call : world_.server().calls()) {
            const auto has = [&](std::string_view word) {
                return std::ranges::any_of(call.trace, [&](const auto& line) { return line.trace.what == word; });
            };
            const bool explains = has("placed") && has("ended") && (!call.document.winner || has("answered"));
            if (!explains) fail(kNoPhone, "the trace does not say how it ended, #" + std::to_string(call.call));
            for (const routing::Leg& leg : call.document.legs) {
                const bool is_named =
                    std::ranges::any_of(call.trace, [&](const auto& line) { return line.trace.device == leg.device; });
                if (!is_named) fail(phone_index(leg.device), "the trace does not say what became of this device");
            }
        }
    }
};

}  // namespace

void add_call_checkers(World& world, CheckerList& list) {
    list.push_back(std::make_unique<OneDeviceConnects>(world));
    list.push_back(std::make_unique<ConnectedMeansConnected>(world));
    list.push_back(std::make_unique<MicrophoneWhenLent>(world));
    list.push_back(std::make_unique<OneEnd>(world));
    list.push_back(std::make_unique<TraceExplains>(world));
}

}  // namespace clarion::lab::world
