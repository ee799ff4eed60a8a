// SPDX-License-Identifier: Apache-2.0
#include "lab/phone/live_phone.hpp"

#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <utility>

#include "lab/phone/system_lines.hpp"
#include "net/clock.hpp"

namespace clarion::lab {

/// One life of the app's process.
struct LivePhone::App {
    int socket = -1;
    int far_end = -1;  // Of the app, until its process has it.
    net::LineSplitter lines;
    std::unique_ptr<net::InputReader> reader;
    std::unique_ptr<net::ChildProcess> process;
    std::uint64_t generation = 0;

    ~App() {
        reader.reset();
        process.reset();
        if (socket >= 0) ::close(socket);
        if (far_end >= 0) ::close(far_end);
    }
};

LivePhone::LivePhone(net::Loop& loop, LivePhoneOptions options, LivePhoneWatcher watcher)
    : loop_{loop},
      options_{std::move(options)},
      watcher_{std::move(watcher)},
      os_{options_.platform, options_.rules},
      timer_{loop} {}

LivePhone::~LivePhone() = default;

void LivePhone::push(native::PushDelivered message, bool high_priority) {
    feed(PushArrived{std::move(message), high_priority});
}

void LivePhone::tap(Tap tap, std::optional<CallId> call) { feed(UserTapped{tap, call}); }

void LivePhone::open_app() { feed(AppOpenedByUser{}); }

void LivePhone::kill_app() {
    if (!app_) return;
    stop_app("killed");
    feed(AppExited{});
}

void LivePhone::feed(const OsFact& fact) {
    os_.handle(net::boot_now(), fact);
    while (auto command = os_.poll_command()) {
        std::visit([this](const auto& one) { perform(one); }, *command);
    }
    timer_.arm_at(os_.next_deadline(), [this] { feed(TimePassed{}); });
}

void LivePhone::perform(StartApp) {
    int ends[2] = {-1, -1};
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) {
        if (watcher_.on_process) watcher_.on_process(false, "no socket for the app's process");
        return;
    }
    auto app = std::make_unique<App>();
    app->socket = ends[0];
    app->far_end = ends[1];
    app->generation = ++generation_;
    app_ = std::move(app);
    // A killed process takes a moment to die, and until then it has its files locked. What the app is told meanwhile
    // waits in the socket.
    if (buried_.empty()) spawn_app();
}

void LivePhone::spawn_app() {
    App* app = app_.get();
    net::ChildOptions child{.argv = options_.app, .output_file = options_.log_file, .inherited_fd = app->far_end};
    child.argv.insert(child.argv.end(), {"--system-fd", "3"});
    auto process =
        net::ChildProcess::spawn(loop_, child, [this, generation = app->generation](net::ChildStatus status) {
            if (std::erase_if(buried_, [&](const auto& dead) { return dead->generation == generation; }) > 0) {
                if (buried_.empty() && app_ && !app_->process) spawn_app();
                return;
            }
            if (!app_ || app_->generation != generation) return;
            const std::string why = status.signal != 0 ? "signal " + std::to_string(status.signal)
                                                       : "exit " + std::to_string(status.exit_code);
            app_.reset();
            if (watcher_.on_process) watcher_.on_process(false, why);
            feed(AppExited{});
        });
    ::close(std::exchange(app->far_end, -1));
    if (!process) {
        app_.reset();
        if (watcher_.on_process) watcher_.on_process(false, process.error().message);
        loop_.post([this] { feed(AppExited{}); });
        return;
    }
    app->process = std::move(*process);
    app->reader = std::make_unique<net::InputReader>(
        loop_, app->socket,
        [this, generation = app->generation](std::string_view bytes) {
            if (!app_ || app_->generation != generation) return;
            // The lines are copied out first: one of them may end this life of the app.
            std::vector<std::string> lines;
            app_->lines.take(bytes, [&](std::string_view line) { lines.emplace_back(line); });
            for (const std::string& line : lines) {
                if (!app_ || app_->generation != generation) return;
                on_line(line);
            }
        },
        [] {}
    );
    if (watcher_.on_process) watcher_.on_process(true, "");
}

void LivePhone::perform(const KillApp& command) { stop_app(command.why); }

void LivePhone::stop_app(const std::string& why) {
    if (!app_) return;
    app_->reader.reset();
    if (app_->process) {
        app_->process->kill(SIGKILL);
        buried_.push_back(std::move(app_));
    }
    app_.reset();
    if (watcher_.on_process) watcher_.on_process(false, why);
}

void LivePhone::perform(const TellApp& command) {
    if (!app_) return;
    const std::string line = encode_line(command.message);
    // A full socket means an app that does not read: the system would call it hung. Its rules (deadlines) deal with it.
    (void)::send(app_->socket, line.data(), line.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
}

void LivePhone::perform(const ReportViolation& command) {
    if (watcher_.on_violation) watcher_.on_violation(command.violation);
}

void LivePhone::perform(const ScreenChanged& command) {
    if (watcher_.on_screen) watcher_.on_screen(command);
}

void LivePhone::on_line(std::string_view line) {
    const auto message = decode_line(line);
    if (!message) {
        if (watcher_.on_process)
            watcher_.on_process(true, "the app said something that is not a command: " + message.error());
        return;
    }
    if (const auto* broken = std::get_if<RuleBroken>(&*message)) {
        if (watcher_.on_rule_broken) watcher_.on_rule_broken(broken->rule);
    } else if (const auto* note = std::get_if<Noted>(&*message)) {
        if (watcher_.on_note) watcher_.on_note(note->text);
    } else {
        on_word(std::get<native::ToSystem>(*message));
    }
}

void LivePhone::on_word(const native::ToSystem& word) {
    if (const auto* event = std::get_if<callui::EmitEvent>(&word); event && watcher_.on_event) {
        watcher_.on_event(*event->event);
    }
    if (const auto* missed = std::get_if<callui::ShowMissedCall>(&word); missed && watcher_.on_missed) {
        watcher_.on_missed(*missed);
    }
    if (std::holds_alternative<native::PushHandlerReturned>(word) && watcher_.on_push_handled) {
        watcher_.on_push_handled();
    }
    feed(AppSaid{word});
}

}  // namespace clarion::lab
