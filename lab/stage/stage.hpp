// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <expected>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "lab/phone/live_phone.hpp"
#include "lab/stage/services.hpp"
#include "net/child_process.hpp"
#include "net/loop.hpp"

namespace clarion::lab {

struct StageOptions {
    std::filesystem::path directory;  // Everything of this stage is written there; made if absent.
    std::filesystem::path clariond;   // The programs under test.
    std::filesystem::path clarion;
    /// The real shells' programs (lab/ios, lab/android); a platform without one has the native client as its app.
    std::map<Platform, std::filesystem::path> shells;
    std::map<std::string, std::string> server_settings;  // Added to clariond's configuration: {"ring_time_ms", "3000"}.
};

struct PhoneSpec {
    std::string user;
    std::string device;
    std::string name;  // For people.
    Platform platform = Platform::ios;
    std::vector<std::string> app_arguments;  // For `clarion phone`: --play, --record …
    bool registers_itself = false;           // Its app tells the server its push token; else an app server did.
};

/// A phone on the stage with everything that happened to it, oldest first, for demos and tests to look at.
struct StagePhone {
    PhoneSpec spec;
    std::string token;
    std::filesystem::path state_directory;
    std::vector<ScreenChanged> screens;
    std::vector<callui::Event> events;
    std::vector<Violation> violations;
    std::vector<std::string> broken_rules;  // As the shell's own fakes saw them.
    std::vector<std::string> notes;
    std::vector<std::string> deaths;  // Why each process of the app ended.
    unsigned launches = 0;
    unsigned missed_notices = 0;
    unsigned pushes_handled = 0;  // Push handlers that returned.
    unsigned pushes = 0;
    native::PushDelivered last_push;
    std::unique_ptr<LivePhone> phone;
    std::function<void(const ScreenChanged&)> on_screen;  // For a demo that reacts.
    std::function<void(const std::string& note)> on_note;

    [[nodiscard]] bool is_on_screen(ScreenState state) const {
        return !screens.empty() && screens.back().state == state;
    }

    /// Since the stage began, whatever came after.
    [[nodiscard]] bool was_on_screen(ScreenState state) const {
        return std::ranges::any_of(screens, [&](const ScreenChanged& one) { return one.state == state; });
    }

    [[nodiscard]] bool has_heard(callui::EventKind kind) const {
        return std::ranges::any_of(events, [&](const callui::Event& one) { return one.kind == kind; });
    }
};

/// How a command of the `clarion` tool ended, with everything it printed.
struct CommandResult {
    net::ChildStatus status;
    std::string output;
    [[nodiscard]] bool ok() const { return status.signal == 0 && status.exit_code == 0; }
};

/// A program that runs beside the stage until it is done or killed.
struct Running {
    std::unique_ptr<net::ChildProcess> process;
    std::filesystem::path output_file;
    bool done = false;
    net::ChildStatus status;
    [[nodiscard]] std::string output() const;
};

/// The whole product in real time on one machine: local APNs and FCM, a real clariond and virtual phones that run the
/// real app, all on loopback ports that were free. Used by the demo and by the integration tests.
///
/// Thread: the loop's. Functions that wait run the loop; they have deadlines and say what they waited for.
/// Everything that was started is stopped by the destructor, by process id.
class Stage {
  public:
    [[nodiscard]] static std::expected<std::unique_ptr<Stage>, std::string> build(
        net::Loop& loop, StageOptions options
    );
    ~Stage();
    Stage(const Stage&) = delete;
    Stage& operator=(const Stage&) = delete;

    /// A user of the service (made with `clarion user add`).
    [[nodiscard]] std::expected<void, std::string> add_user(const std::string& user, const std::string& name);
    /// A device without push: a desktop that calls, or waits online.
    [[nodiscard]] std::expected<std::filesystem::path, std::string> add_desktop(
        const std::string& user, const std::string& device
    );
    /// A virtual phone, registered, its app not running.
    [[nodiscard]] std::expected<StagePhone*, std::string> add_phone(PhoneSpec spec);

    /// Runs `clarion ARGUMENTS…` to its end.
    [[nodiscard]] CommandResult run(const std::vector<std::string>& arguments, Duration limit = Duration{30'000});
    /// Starts `clarion ARGUMENTS…` and goes on.
    [[nodiscard]] std::expected<std::shared_ptr<Running>, std::string> start(
        const std::string& name, const std::vector<std::string>& arguments
    );
    /// Runs the loop until `done`; false when `limit` passed.
    bool wait(const std::function<bool()>& done, Duration limit) { return loop_.run_until(done, limit); }

    /// kill -9, then the same server again on the same data and port.
    void kill_server();
    [[nodiscard]] std::expected<void, std::string> start_server();
    /// The providers forget this phone's token: the next push gets 410 or UNREGISTERED.
    void unregister(const StagePhone& phone);

    [[nodiscard]] std::string server_url() const;
    [[nodiscard]] std::string ca_file() const;
    [[nodiscard]] const std::filesystem::path& directory() const { return options_.directory; }
    [[nodiscard]] std::filesystem::path server_log() const { return options_.directory / "clariond.log"; }
    /// What to put in front of a `clarion` command typed by hand.
    [[nodiscard]] std::vector<std::string> environment() const;
    [[nodiscard]] net::Loop& loop() { return loop_; }

    [[nodiscard]] const std::vector<std::unique_ptr<StagePhone>>& phones() const { return phones_; }
    /// Names of the commands that were run, for a demo to show.
    std::function<void(const std::string& command)> on_command;

  private:
    Stage(net::Loop& loop, StageOptions options);
    [[nodiscard]] std::expected<void, std::string> prepare();
    [[nodiscard]] std::expected<std::shared_ptr<Running>, std::string> spawn(
        const std::string& name, std::vector<std::string> argv
    );
    [[nodiscard]] CommandResult finish(std::expected<std::shared_ptr<Running>, std::string> command, Duration limit);
    [[nodiscard]] std::expected<std::vector<std::string>, std::string> install_app(const StagePhone& phone);
    [[nodiscard]] std::expected<void, std::string> register_phone(const StagePhone& phone);
    [[nodiscard]] std::expected<void, std::string> write_server_configuration();
    [[nodiscard]] std::expected<void, std::string> make_service();

    net::Loop& loop_;
    StageOptions options_;
    std::unique_ptr<Services> services_;
    std::unique_ptr<net::ChildProcess> server_;
    bool server_exited_ = false;
    std::uint16_t port_ = 0;
    std::vector<std::unique_ptr<StagePhone>> phones_;
    unsigned commands_run_ = 0;
};

}  // namespace clarion::lab
