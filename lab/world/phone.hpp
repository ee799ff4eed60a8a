// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/engine/engine.hpp"
#include "lab/world/event_queue.hpp"
#include "lab/world/kept.hpp"
#include "lab/world/scenario.hpp"
#include "lab/world/server.hpp"

namespace clarion::lab::world {

class World;

enum class ScreenState : std::uint8_t { refused, ringing, accepted, dialing, connected };

/// One call on the system's screen.
struct ScreenCall {
    std::uint8_t call = kNoPhone;  // kNoPhone: a placeholder for a push that was no call.
    CallId id;
    ScreenState state = ScreenState::ringing;
    std::int64_t since = 0;
    std::int64_t rings_for = 0;
    callui::ActionId pending = 0;  // The system waits for this answer.
    bool is_held = false;          // What its user asked for.
    bool is_taken = false;         // The system said so; before that CallKit takes no command for it (IOS-CK-03).
};

/// The media of one call on one phone. Offers and answers are the numbers of the phones.
struct Leg {
    std::uint8_t call = 0;
    std::uint32_t number = 0;
    bool is_caller = false;
    bool is_ready = false;
    bool is_up = false;
    bool is_open = false;  // Microphone and speaker.
    bool was_heard = false;
    bool is_sharing = false;            // The app captures the screen.
    std::uint8_t peer = kNoPhone;       // The caller: whose answer it applied. The callee: whose offer it answers.
    std::uint8_t next_peer = kNoPhone;  // Another device of the peer's user, until its way is up.
};

/// A phone with its operating system, its user, the app's process in it, and the real engine in that.
class Phone {
  public:
    Phone(World& world, std::uint8_t index, const PhoneSpec& spec);

    // ---- the process ----
    void start();
    void kill();
    void reboot();
    void open_app();
    [[nodiscard]] bool is_running() const { return engine_.has_value(); }

    // ---- facts ----
    void tell(engine::Input&& input) { (void)takes(std::move(input)); }
    [[nodiscard]] bool takes(engine::Input&& input);  // False: refused, or nobody is there.
    void timer();
    void push(const engine::PushReceived& push);
    void tap(DeedKind kind, std::uint8_t call);
    void repeat_tap();
    /// In a call, in the app: data, video.
    void talk(DeedKind kind, std::uint8_t call);
    void answer_video(std::uint8_t call);
    void ask_for_calls(std::uint8_t wanted);
    /// A call of the phone's own network begins or ends.
    void cellular(bool on);
    void take(std::uint8_t call);
    void place(std::uint8_t call, std::uint8_t to_user);
    void opened(ConnectionId id);
    void closed(ConnectionId id, engine::SignallingFault fault);
    /// A FrameReceived.
    void frame(ConnectionId id, engine::Input&& heard);
    void reported();
    void answer_asked(std::uint8_t call, callui::ActionId action);
    void audio(bool on);
    void action_timeout(std::uint8_t call, callui::ActionId action);
    void notification_timeout(std::uint8_t call, std::int64_t since);
    void acknowledge();
    void background_check(std::uint32_t life);

    // ---- for the world and the checkers ----
    [[nodiscard]] std::uint8_t index() const { return index_; }
    [[nodiscard]] const PhoneSpec& spec() const { return spec_; }
    [[nodiscard]] const Profile& profile() const { return profile_; }
    [[nodiscard]] const std::vector<ScreenCall>& screen() const { return screen_; }
    [[nodiscard]] const ScreenCall* on_screen(std::uint8_t call) const;
    [[nodiscard]] std::vector<Leg>& legs() { return legs_; }
    [[nodiscard]] const std::vector<Leg>& legs() const { return legs_; }
    [[nodiscard]] Leg* leg(std::uint8_t call);
    [[nodiscard]] const engine::Engine* engine() const { return engine_ ? &*engine_ : nullptr; }
    /// What its user asked for; it outlives the process.
    [[nodiscard]] bool is_muted(std::uint8_t call) const { return muted_[call]; }
    [[nodiscard]] bool audio_active() const { return audio_active_; }
    [[nodiscard]] bool in_cellular() const { return cellular_; }
    [[nodiscard]] CellularRule cellular_rule() const;
    [[nodiscard]] bool service_runs() const { return service_; }
    [[nodiscard]] bool is_attached() const { return attached_; }
    [[nodiscard]] bool has_journal() const { return journal_.has_value(); }
    [[nodiscard]] Instant now() const;
    [[nodiscard]] WallTime wall() const;
    [[nodiscard]] std::uint32_t life() const { return life_; }
    [[nodiscard]] std::int64_t booted_at() const { return boot_ms_; }
    /// This timer event is what the engine still waits for.
    [[nodiscard]] bool waits_until(const Event& timer) const;
    [[nodiscard]] ConnectionId connection() const { return connection_; }
    void set_network(bool on);
    [[nodiscard]] bool has_network() const { return network_; }
    void set_report_result(std::optional<engine::ReportResult> result) { refusal_ = result; }
    void jump_clock(std::int64_t ms) {
        skew_ += ms;
        was_clock_set_ = true;
    }
    [[nodiscard]] bool was_clock_set() const { return was_clock_set_; }
    void set_clock_right() { skew_ = spec_.clock_skew.count(); }
    /// Something happened to this phone that it needs time to get over.
    void disturb(std::int64_t for_ms = 0);
    [[nodiscard]] std::int64_t disturbed_at() const { return disturbed_at_; }
    std::vector<engine::PushReceived>& held_pushes() { return held_pushes_; }

  private:
    void drain(const engine::Input* input);
    void arm();
    void expire_action(std::uint8_t call, callui::ActionId action);
    void note_wish(const engine::Input& input);
    ScreenCall* find(const CallId& id);
    void remove(const CallId& id);
    void screen_is_empty();
    void watch_background();
    void make_room_for_cellular();
    void resume_cellular();
    void take_line();
    void lend_audio();
    void drop_connection();

    template <class T>
    void perform(const T&) {}
    void perform(const callui::ReportIncoming& out);
    void perform(const callui::EndSystemCall& out);
    void perform(const callui::ReportOutgoing& out);
    void perform(const callui::ReportOutgoingConnected& out);
    void perform(const callui::FulfilAction& out);
    void perform(const callui::FailAction& out);
    void perform(const callui::ChangeSystemCall& out);
    void perform(const callui::StartForegroundService&) { service_ = true; }
    void perform(const callui::StopForegroundService&) { service_ = false; }
    void perform(const callui::EmitEvent& out);
    void perform(const callui::PersistSnapshot&);
    void perform(const callui::UpdateSystemCall& out);
    void perform(const engine::OpenSignalling&);
    void perform(const engine::CloseSignalling&);
    void perform(const engine::SendFrame& out);
    void perform(const engine::OpenInvite& out);
    void prepare(std::uint8_t call, std::uint32_t revision, bool is_answer);
    /// What the system will say to a report.
    struct Report {
        CallId id;
        engine::ReportResult result = engine::ReportResult::shown;
        bool is_outgoing = false;
        bool is_placeholder = false;
    };
    void answer_later(Report report);
    void perform(const engine::SetHeld& out);
    void perform(const engine::StopScreenShare& out);
    void perform(const engine::PrepareOffer& out);
    void perform(const engine::PrepareAnswer& out);
    void perform(const engine::ApplyAnswer& out);
    void perform(const engine::OpenAudio& out);
    void perform(const engine::CloseAudio& out);
    void perform(const engine::CloseMedia& out);
    void perform(const engine::EmitNotice& out);

    World& world_;
    std::uint8_t index_;
    PhoneSpec spec_;
    const Profile& profile_;
    engine::Config config_;
    std::optional<engine::Engine> engine_;
    std::optional<engine::Snapshot> journal_;
    std::int64_t boot_ms_ = -1'000'000;  // When the monotonic clock was 0.
    std::int64_t journal_boot_ms_ = 0;
    std::int64_t skew_ = 0;
    bool was_clock_set_ = false;
    std::uint32_t life_ = 0;
    std::int64_t steps_ = 0;
    std::vector<ScreenCall> screen_;
    std::array<bool, kCallsMax> muted_{};
    std::vector<Leg> legs_;
    std::uint32_t next_leg_ = 1;
    bool audio_active_ = false;
    bool cellular_ = false;  // It has the line. One that the system put on hold for ours has not.
    bool service_ = false;
    bool attached_ = false;
    bool network_ = true;
    std::optional<engine::ReportResult> refusal_;
    std::vector<Report> reports_;   // Not answered yet, the oldest first.
    std::uint64_t seen_event_ = 0;  // By the app, in this process.
    callui::ActionId next_action_ = 1;
    callui::ActionId last_mute_ = 0;
    callui::ActionId last_hold_ = 0;
    bool was_held_ = false;           // Before it.
    std::uint32_t words_ = 0;         // Short data that its user sent.
    std::uint8_t wanted_ = kNoPhone;  // The call that its user wants to take.
    std::optional<engine::Input> last_tap_;
    std::uint32_t last_tap_life_ = 0;
    ConnectionId connection_ = 0;
    std::optional<std::uint32_t> to_open_;  // An invite that came over it.
    std::int64_t timer_at_ = INT64_MAX;
    std::int64_t disturbed_at_ = -1'000'000;
    std::vector<engine::PushReceived> held_pushes_;
    Kept<std::vector<engine::Output>> outputs_;
};

}  // namespace clarion::lab::world
