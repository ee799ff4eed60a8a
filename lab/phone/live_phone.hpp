// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "lab/devices/device_os.hpp"
#include "net/child_process.hpp"
#include "net/input_reader.hpp"
#include "net/loop.hpp"

namespace clarion::lab {

struct LivePhoneOptions {
    std::string name;  // For people: "Bob's iPhone".
    Platform platform = Platform::ios;
    std::vector<std::string> app;  // Command line of the app's process; "--system-fd 3" is added.
    std::string log_file;          // stdout and stderr of the app are appended there.
    OsRules rules;
};

/// What somebody who looks at the phone sees. Each may be empty.
struct LivePhoneWatcher {
    std::function<void(const ScreenChanged&)> on_screen;
    std::function<void(const callui::Event&)> on_event;
    std::function<void(Violation)> on_violation;
    std::function<void(const std::string& rule)> on_rule_broken;  // Seen by the system's part in the app's process.
    std::function<void(const std::string& text)> on_note;         // What that part did.
    std::function<void()> on_push_handled;
    std::function<void(const callui::ShowMissedCall&)> on_missed;
    std::function<void(bool running, const std::string& why)> on_process;
};

/// A virtual phone in real time: the rules of DeviceOs around a real process of the app, which is started when a push
/// comes and killed (SIGKILL) when it breaks a rule.
///
/// Thread: the loop's. The destructor kills the app.
class LivePhone {
  public:
    LivePhone(net::Loop& loop, LivePhoneOptions options, LivePhoneWatcher watcher);
    ~LivePhone();

    /// The push service delivered a message to this phone's token.
    void push(native::PushDelivered message, bool high_priority);
    void tap(Tap tap, std::optional<CallId> call = std::nullopt);
    void open_app();
    /// The phone's owner, or the system for memory, ends the process: no callback, nothing.
    void kill_app();
    void set_focus(bool on) { os_.set_focus(on); }

    [[nodiscard]] const DeviceOs& os() const { return os_; }
    [[nodiscard]] const LivePhoneOptions& options() const { return options_; }

  private:
    struct App;

    void feed(const OsFact& fact);
    void perform(StartApp command);
    void perform(const KillApp& command);
    void perform(const TellApp& command);
    void perform(const ReportViolation& command);
    void perform(const ScreenChanged& command);
    void on_line(std::string_view line);
    void on_word(const native::ToSystem& word);
    void stop_app(const std::string& why);
    void spawn_app();

    net::Loop& loop_;
    LivePhoneOptions options_;
    LivePhoneWatcher watcher_;
    DeviceOs os_;
    net::Timer timer_;
    std::unique_ptr<App> app_;
    std::vector<std::unique_ptr<App>> buried_;  // Killed apps whose exit has not been seen yet.
    std::uint64_t generation_ = 0;
};

}  // namespace clarion::lab
