// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "core/base/ids.hpp"
#include "core/base/time.hpp"
#include "lab/devices/os_rules.hpp"
#include "sdk/native/system_messages.hpp"

/// The operating system of a virtual phone, as far as a calling app meets it: it starts the app's process for a push,
/// owns the call screen, and punishes what the real one punishes. A machine without clock, process or socket, so that
/// the same rules run live (lab/phone) and under virtual time (tests). Rule ids: docs/rules/.
namespace clarion::lab {

using native::FromSystem;
using native::ToSystem;
using protocol::Platform;

/// What the app did wrong; the names of os-rules' violation catalogue.
enum class Violation : std::uint8_t {
    ios_unreported_push,
    ios_late_report,
    ios_push_blocked,
    ios_unknown_uuid,
    ios_action_timeout,
    and_fgs_not_allowed,
    and_fgs_type,
};

[[nodiscard]] std::string_view to_string(Violation violation);

// ---- facts ----

struct PushArrived {
    native::PushDelivered push;
    bool high_priority = true;
};
struct AppSaid {
    ToSystem message;
};
struct AppExited {};

enum class Tap : std::uint8_t { accept, decline, hang_up, hold, resume };
/// The user touches the call screen. Without a call_id: the newest call that the tap can mean.
struct UserTapped {
    Tap tap = Tap::accept;
    std::optional<CallId> call_id;
};
struct AppOpenedByUser {};
struct TimePassed {};

using OsFact = std::variant<PushArrived, AppSaid, AppExited, UserTapped, AppOpenedByUser, TimePassed>;

// ---- commands to whoever runs the phone ----

struct StartApp {};
struct KillApp {
    std::string why;  // "IOS_UNREPORTED_PUSH" or "push window over".
};
struct TellApp {
    FromSystem message;
};
struct ReportViolation {
    Violation violation = Violation::ios_unreported_push;
};
/// The call screen changed: for whoever watches the phone.
enum class ScreenState : std::uint8_t { incoming, connecting, dialing, connected, held, gone };
[[nodiscard]] std::string_view to_string(ScreenState state);
struct ScreenChanged {
    CallId call_id;
    ScreenState state = ScreenState::incoming;
    std::string name;
    std::optional<SystemEndReason> reason;  // gone, when the app ended it.
};

using OsCommand = std::variant<StartApp, KillApp, TellApp, ReportViolation, ScreenChanged>;

/// Contract: drain poll_command() after every handle(); `now` never goes back.
class DeviceOs {
  public:
    explicit DeviceOs(Platform platform, OsRules rules = {}) : platform_{platform}, rules_{rules} {}

    void handle(Instant now, const OsFact& fact);
    [[nodiscard]] std::optional<OsCommand> poll_command();
    [[nodiscard]] Instant next_deadline() const;

    [[nodiscard]] bool app_is_running() const { return app_ == App::running; }
    [[nodiscard]] bool is_blocked() const { return push_failures_ >= rules_.push_failures_before_block; }
    [[nodiscard]] bool foreground_service() const { return foreground_service_; }
    [[nodiscard]] std::size_t calls_on_screen() const { return screen_.size(); }
    /// Focus / do not disturb: reports are refused, nothing is shown (IOS-CK-02).
    void set_focus(bool on) { focus_ = on; }

  private:
    enum class App : std::uint8_t { dead, starting, running };
    struct ScreenCall {
        ScreenState state = ScreenState::incoming;
        std::string name;
        std::uint64_t order = 0;
        callui::ActionId pending = 0;
        Tap pending_tap = Tap::accept;
        Instant pending_until = kNever;
    };

    void on(Instant now, const PushArrived& fact);
    void on(Instant now, const AppSaid& fact);
    void on(Instant now, const AppExited& fact);
    void on(Instant now, const UserTapped& fact);
    void on(Instant now, const AppOpenedByUser& fact);
    void on(Instant now, const TimePassed& fact);

    void said(Instant now, const native::Launched&);
    void said(Instant now, const native::PushHandlerReturned&);
    void said(Instant now, const callui::ReportIncoming&);
    void said(Instant now, const callui::UpdateSystemCall&);
    void said(Instant now, const callui::EndSystemCall&);
    void said(Instant now, const callui::ReportOutgoing&);
    void said(Instant now, const callui::ReportOutgoingConnected&);
    void said(Instant now, const callui::FulfilAction&);
    void said(Instant now, const callui::FailAction&);
    void said(Instant now, const callui::ShowMissedCall&) { (void)now; }
    void said(Instant now, const callui::StartForegroundService&);
    void said(Instant now, const callui::StopForegroundService&);
    void said(Instant now, const callui::EmitEvent&) { (void)now; }
    void said(Instant now, const callui::ChangeSystemCall&);
    // A screen that nobody looks at: what is shown on it matters to no rule.
    void said(Instant, const callui::HideMissedCall&) {}
    void said(Instant, const callui::ShowOngoingCall&) {}
    void said(Instant, const callui::HideOngoingCall&) {}
    void said(Instant, const callui::TellAudioSession&) {}

    void deliver(Instant now, const PushArrived& push);
    void punish(Violation violation);
    void kill(std::string why);
    void forget_app();
    void change(const CallId& id, ScreenState state, std::optional<SystemEndReason> reason = std::nullopt);
    void remove(Instant now, const CallId& id, std::optional<SystemEndReason> reason);
    void calls_may_be_over(Instant now);
    [[nodiscard]] std::optional<CallId> target_of(const UserTapped& fact) const;

    Platform platform_;
    OsRules rules_;
    App app_ = App::dead;
    bool focus_ = false;
    bool audio_active_ = false;
    bool foreground_service_ = false;
    bool visible_ = false;
    unsigned push_failures_ = 0;
    std::deque<PushArrived> waiting_pushes_;
    bool push_open_ = false;      // Delivered, handler not returned.
    bool push_reported_ = false;  // A report came since the delivery.
    Instant push_kill_at_ = kNever;
    Instant window_until_ = kNever;    // Android: the process may be killed after this.
    Instant grace_until_ = kNever;     // iOS: suspended after this.
    Instant exempt_until_{INT64_MIN};  // Android: background service starts are allowed.
    Instant tapped_until_{INT64_MIN};  // Android: while-in-use types are allowed.
    std::map<CallId, ScreenCall> screen_;
    std::uint64_t order_ = 0;
    callui::ActionId next_action_ = 1;
    std::deque<OsCommand> commands_;
};

}  // namespace clarion::lab
