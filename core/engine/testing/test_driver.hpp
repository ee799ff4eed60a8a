// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/engine/engine.hpp"
#include "core/engine/testing/test_invariants.hpp"

/// Drives an engine as a shell does, in virtual time, with a server and a system UI played by the test.
namespace clarion::engine::testing {

/// Every behaviour test runs in both: nothing may be remembered that the snapshot does not hold.
enum class Mode : std::uint8_t {
    plain,
    resumed,  // After every step: snapshot, JSON, a new engine from it.
};

inline CallId call_id(int n) {
    CallId id;
    id.uuid.bytes[0] = 0xC0;
    id.uuid.bytes[14] = static_cast<std::uint8_t>(n / 256);
    id.uuid.bytes[15] = static_cast<std::uint8_t>(n % 256);
    return id;
}
inline const CallId kCall = call_id(1);
inline const CallId kOther = call_id(2);
inline const UserId kAlice = *UserId::parse("alice");
inline const UserId kBob = *UserId::parse("bob");
inline constexpr Duration kRingTime{60'000};
inline constexpr Duration kAcceptGrace{5'000};

inline Config config_for(protocol::Platform platform) {
    return {
        .service = *ServiceId::parse("svc"),
        .user = kBob,
        .device = *DeviceId::parse("phone"),
        .platform = platform,
        .token = Redacted<std::string>{"token"},
    };
}

/// snapshot -> JSON -> snapshot (test_driver.cpp, so that only one file pays for the templates).
Snapshot through_json(const Snapshot& snapshot);
std::string json_of(const Snapshot& snapshot);
std::string json_of(const Output& output);
Input input_from_json(const std::string& text);
std::string json_of(const Input& input);

class Driver {
  public:
    explicit Driver(Mode mode, protocol::Platform platform = protocol::Platform::ios)
        : Driver{mode, config_for(platform)} {}
    Driver(Mode mode, Config config)
        : config_{std::move(config)}, mode_{mode}, engine_{config_, now_, 7}, invariants_{config_} {}

    // ---- steps ----

    std::optional<InputError> try_feed(const Input& input) {
        const auto result = engine_.handle_input(now_, input);
        if (!result) return result.error();
        finish_step(&input);
        return std::nullopt;
    }
    void feed(const Input& input) {
        const auto error = try_feed(input);
        EXPECT_FALSE(error.has_value()) << "refused: " << static_cast<int>(error.value_or(InputError::undrained));
    }
    /// Time passes, deadlines are met.
    void pass(Duration d) {
        const Instant until = now_ + d;
        std::vector<Output> seen;
        for (int i = 0; i < 1'000; ++i) {
            const Instant at = std::max(engine_.next_deadline().at, now_);
            if (at > until) break;
            move_to(at);
            EXPECT_TRUE(engine_.handle_timeout(now_).has_value());
            finish_step(nullptr);
            seen.insert(seen.end(), last.begin(), last.end());
        }
        EXPECT_GT(engine_.next_deadline().at, until) << "a timer that does not rest";
        move_to(until);
        last = std::move(seen);
    }
    /// The operating system kills the process; the next one starts from the journal.
    void die(Duration asleep = Duration{0}, bool same_boot = true) {
        const Snapshot journal = through_json(engine_.snapshot());
        move_to(now_ + asleep);
        if (!same_boot) now_ = Instant{5'000};
        auto restored = Engine::restore(config_, journal, now_, wall(), same_boot);
        ASSERT_TRUE(restored.has_value());
        engine_ = std::move(*restored);
        invariants_.process_died(same_boot);
        socket_open_ = greeted_ = false;
        finish_step(nullptr);
    }

    // ---- the server ----

    WallTime wall() const { return WallTime{wall_ms_}; }
    /// Somebody sets the device's clock.
    void set_clock(Duration by) {
        wall_ms_ += by.count();
        server_ahead -= by;
    }
    WallTime server_now() const { return WallTime{wall_ms_ + server_ahead.count()}; }

    Invite invite(CallId id = kCall, protocol::PushKind kind = protocol::PushKind::ring) const {
        return {
            .kind = kind,
            .service = config_.service,
            .call_id = id,
            .to_user = config_.user,
            .device = config_.device,
            .from_user = kAlice,
            .from_name = Redacted<std::string>{"Alice"},
            .issued_at = server_now(),
            .ring_until = server_now() + kRingTime,
            .accept_until = server_now() + kRingTime + kAcceptGrace,
            .ticket = Redacted<std::string>{"ticket" + std::to_string(id.uuid.bytes[15])},
        };
    }
    Invite cancel(EndReason reason, EndSource source = EndSource::caller, CallId id = kCall) const {
        Invite made = invite(id, protocol::PushKind::cancel);
        made.reason = reason;
        made.source = source;
        return made;
    }
    void push(const Invite& invite, bool must_report = true) {
        feed(PushReceived{.invite = invite, .wall_now = wall(), .must_report = must_report});
    }
    void ring(CallId id = kCall) { push(invite(id)); }
    void ring_on_screen(CallId id = kCall) {
        ring(id);
        feed(IncomingReported{id});
    }
    void frame(protocol::ServerMessage message) {
        const bool numbered = !std::holds_alternative<protocol::Welcome>(message) &&
                              !std::holds_alternative<protocol::Ack>(message) &&
                              !std::holds_alternative<protocol::Error>(message);
        feed(FrameReceived{{numbered ? ++seq_ : 0, std::move(message)}, wall()});
    }
    void connect(bool resumed = false, std::optional<Duration> token_life = std::nullopt) {
        feed(SignallingOpened{});
        frame(protocol::Welcome{
            .service = config_.service,
            .user = config_.user,
            .device = config_.device,
            .server_now = server_now(),
            .stream = 1,
            .resumed = resumed,
            .token_expires_at =
                token_life ? std::optional<WallTime>{server_now() + *token_life} : std::optional<WallTime>{},
        });
        greeted_ = true;
    }
    void disconnect() { feed(SignallingClosed{SignallingFault::closed}); }
    void verified(CallId id = kCall, Media media = Media::audio) {
        const auto& deadlines = rings_.contains(id) ? rings_.at(id) : (rings_[id] = server_now() + kRingTime);
        frame(protocol::Verified{
            .call_id = id,
            .from_user = kAlice,
            .from_name = Redacted<std::string>{"Alice"},
            .media = media,
            .offer = Redacted<std::string>{"v=0 offer"},
            .server_now = server_now(),
            .ring_until = deadlines,
            .accept_until = deadlines + kAcceptGrace,
        });
    }
    void prepared(CallId id = kCall) { feed(AnswerPrepared{id, Redacted<std::string>{"v=0 answer"}}); }
    void confirm(CallId id = kCall) { frame(protocol::AnswerConfirmed{id}); }
    void ended(EndReason reason, EndSource source = EndSource::caller, CallId id = kCall) {
        frame(protocol::Ended{.call_id = id, .reason = reason, .source = source});
    }
    /// Acknowledges everything that was sent and not acknowledged yet.
    void ack_all() {
        const auto ids = std::exchange(unacked_, {});
        for (const std::uint64_t id : ids) frame(protocol::Ack{id});
    }
    template <class T>
    void refuse_last(protocol::ErrorCode code) {
        for (auto it = sent_.rbegin(); it != sent_.rend(); ++it) {
            if (!std::holds_alternative<T>(it->message)) continue;
            frame(protocol::Error{.id = it->id, .code = code});
            return;
        }
        ADD_FAILURE() << "nothing of this kind was sent";
    }

    // ---- whole stretches ----

    /// Rings, verified and prepared: one tap away from an answer.
    void ring_ready(CallId id = kCall) {
        ring_on_screen(id);
        if (!greeted_) connect();
        verified(id);
        prepared(id);
    }
    void talk(CallId id = kCall, ActionId action = 5) {
        ring_ready(id);
        feed(UserAnswered{id, action});
        ack_all();
        confirm(id);
        feed(MediaConnected{id});
        if (system_rules(config_.platform).audio_session) feed(AudioActivated{});
    }
    void place(CallId id = kCall) {
        feed(PlaceRequested{.call_id = id, .to_user = kAlice, .to_name = Redacted<std::string>{"Alice"}});
        feed(OutgoingReported{id});
        if (!greeted_) connect();
        feed(OfferPrepared{id, Redacted<std::string>{"v=0 offer"}});
        ack_all();
    }
    /// An outgoing call that is talked.
    void call_out(CallId id = kCall) {
        place(id);
        answered(id);
        feed(MediaConnected{id});
        if (system_rules(config_.platform).audio_session) feed(AudioActivated{});
    }
    void answered(CallId id = kCall) {
        frame(protocol::Answered{id, *DeviceId::parse("tablet"), Redacted<std::string>{"v=0 answer"}});
    }

    // ---- what came out ----

    template <class T>
    static int count_in(const std::vector<Output>& outputs, std::optional<CallId> id = std::nullopt) {
        int n = 0;
        for (const Output& output : outputs) {
            const auto* found = std::get_if<T>(&output);
            if (found == nullptr) continue;
            if constexpr (requires { found->call_id; }) {
                if (id && found->call_id != *id) continue;
            }
            ++n;
        }
        return n;
    }
    template <class T>
    int count(std::optional<CallId> id = std::nullopt) const {
        return count_in<T>(all, id);
    }
    /// In the outputs of the last step.
    template <class T>
    bool did(std::optional<CallId> id = std::nullopt) const {
        return count_in<T>(last, id) > 0;
    }
    template <class T>
    std::optional<T> latest() const {
        for (auto it = all.rbegin(); it != all.rend(); ++it) {
            if (const auto* found = std::get_if<T>(&*it)) return *found;
        }
        return std::nullopt;
    }
    template <class T>
    std::vector<T> sent() const {
        std::vector<T> found;
        for (const auto& frame : sent_) {
            if (const auto* message = std::get_if<T>(&frame.message)) found.push_back(*message);
        }
        return found;
    }
    std::vector<std::uint64_t> ids_of_sent() const {
        std::vector<std::uint64_t> ids;
        for (const auto& frame : sent_) ids.push_back(frame.id);
        return ids;
    }
    bool sent_receipt(protocol::ReceiptStep step) const {
        return std::ranges::any_of(sent<protocol::Receipt>(), [&](const auto& r) { return r.step == step; });
    }
    std::vector<callui::EventKind> events() const {
        std::vector<callui::EventKind> kinds;
        for (const auto& event : engine_.snapshot().ui.events) {
            if (event.kind != callui::EventKind::changed) kinds.push_back(event.kind);
        }
        return kinds;
    }
    /// What the app was told beside how the call stands on the screen.
    std::vector<callui::ChangeKind> changes(CallId id = kCall) const {
        std::vector<callui::ChangeKind> kinds;
        for (const auto& event : engine_.snapshot().ui.events) {
            if (event.change && event.call_id == id) kinds.push_back(event.change->what);
        }
        return kinds;
    }
    std::optional<callui::Change> last_change(CallId id = kCall) const {
        std::optional<callui::Change> found;
        for (const auto& event : engine_.snapshot().ui.events) {
            if (event.change && event.call_id == id) found = *event.change;
        }
        return found;
    }
    std::optional<callui::Event> end_event(CallId id = kCall) const {
        for (const auto& event : engine_.snapshot().ui.events) {
            if (event.kind == callui::EventKind::ended && event.call_id == id) return event;
        }
        return std::nullopt;
    }
    std::optional<CallView> view(CallId id = kCall) const {
        for (const auto& view : engine_.calls()) {
            if (view.call_id == id) return view;
        }
        return std::nullopt;
    }
    Instant now() const { return now_; }
    Engine& engine() { return engine_; }
    const Config& config() const { return config_; }
    void set_config(Config config) { config_ = std::move(config); }
    bool socket_open() const { return socket_open_; }
    void move_to(Instant at) {
        wall_ms_ += (at - now_).count();
        now_ = at;
    }
    void clear() {
        all.clear();
        sent_.clear();
    }

    bool is_traced = false;    // One line for each input and output on standard output.
    Duration server_ahead{0};  // The device's clock is so much slow.
    std::vector<Output> last;
    std::vector<Output> all;

  private:
    void finish_step(const Input* input) {
        last.clear();
        while (auto output = engine_.poll_output()) last.push_back(std::move(*output));
        const bool closed = input != nullptr && std::holds_alternative<SignallingClosed>(*input);
        if (closed) socket_open_ = greeted_ = false;
        for (const Output& output : last) note(output);
        all.insert(all.end(), last.begin(), last.end());
        if (is_traced) {
            std::printf(
                "%lld %s\n", static_cast<long long>(now_.ms), input != nullptr ? json_of(*input).c_str() : "(time)"
            );
            for (const Output& output : last) std::printf("    %s\n", json_of(output).c_str());
        }
        invariants_.observe(now_, input, last, engine_);
        if (mode_ == Mode::resumed) hand_over();
    }
    void note(const Output& output) {
        if (std::holds_alternative<OpenSignalling>(output)) {
            socket_open_ = true;
            unacked_.clear();
        }
        if (std::holds_alternative<CloseSignalling>(output)) socket_open_ = greeted_ = false;
        const auto* send = std::get_if<SendFrame>(&output);
        if (send == nullptr) return;
        sent_.push_back(send->frame);
        if (!std::holds_alternative<protocol::Hello>(send->frame.message)) unacked_.push_back(send->frame.id);
    }
    void hand_over() {
        const Snapshot before = engine_.snapshot();
        auto again = Engine::resume(config_, through_json(before));
        ASSERT_TRUE(again.has_value());
        engine_ = std::move(*again);
        EXPECT_EQ(json_of(engine_.snapshot()), json_of(before));
    }

    Config config_;
    Mode mode_;
    Instant now_{1'000'000};
    std::int64_t wall_ms_ = 1'700'000'000'000;
    Engine engine_;
    Invariants invariants_;
    std::vector<protocol::ClientFrame> sent_;
    std::vector<std::uint64_t> unacked_;
    std::map<CallId, WallTime> rings_;
    std::uint64_t seq_ = 0;
    bool socket_open_ = false;
    bool greeted_ = false;
};

class EngineTest : public ::testing::TestWithParam<Mode> {};

inline std::string name_of_mode(const ::testing::TestParamInfo<Mode>& info) {
    return info.param == Mode::plain ? "Plain" : "Resumed";
}

}  // namespace clarion::engine::testing
