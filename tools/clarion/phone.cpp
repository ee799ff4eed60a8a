// SPDX-License-Identifier: Apache-2.0
#include "tools/clarion/phone.hpp"

#include <fmt/format.h>
#include <signal.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "net/clock.hpp"
#include "net/loop.hpp"
#include "sdk/native/system_ui_pipe.hpp"
#include "sdk/native/system_ui_terminal.hpp"
#include "tools/clarion/narrator.hpp"
#include "tools/clarion/own_call.hpp"
#include "tools/clarion/terminal.hpp"

namespace clarion::tool {
namespace {

constexpr Duration kGoodbye = std::chrono::seconds{3};  // For the last words to reach the server.

/// A phone on a terminal, or in a script: one Client, the keys, and the timers that stand for a person.
class Phone {
  public:
    explicit Phone(PhoneOptions options)
        : options_{std::move(options)},
          has_keys_{stdin_is_terminal() && !options_.system_fd},
          narrator_{options_.format, look_at_stdout(), has_keys_ ? Narrator::Hints::shown : Narrator::Hints::hidden},
          answer_timer_{loop_},
          end_timer_{loop_},
          ring_timer_{loop_},
          goodbye_timer_{loop_} {}

    [[nodiscard]] int wait();
    [[nodiscard]] int call(const CallOptions& call);

  private:
    [[nodiscard]] std::expected<void, std::string> open();
    void open_system();
    void listen();
    int run();
    void leave();

    void on_report(const callui::ReportIncoming& report);
    void on_event(const callui::Event& event);
    [[nodiscard]] bool is_live(const CallId& call) const { return std::ranges::find(live_, call) != live_.end(); }
    void on_incoming(const CallId& call);
    void on_connection(ConnectionState state, std::string_view text);
    void on_key(char key);
    void quit();
    void say(const std::string& line) const;
    void log(LogLevel level, std::string_view line) const;

    net::Loop loop_;
    PhoneOptions options_;
    bool has_keys_;
    Narrator narrator_;
    std::unique_ptr<native::SystemUi> system_;
    native::PipeSystemUi* pipe_ = nullptr;
    native::TerminalSystemUi* terminal_ = nullptr;
    std::unique_ptr<Client> client_;
    std::unique_ptr<Keys> keys_;
    net::Timer answer_timer_, end_timer_, ring_timer_, goodbye_timer_;
    std::optional<CallId> ringing_;
    std::vector<CallId> live_;  // Every call of this process that has not ended, the ringing one included.
    bool is_muted_ = false;
    bool is_held_ = false;
    bool is_leaving_ = false;
    bool was_online_ = false;
    bool is_caller_ = false;  // Here for a call of its own: those that come in are others.
    std::string last_problem_;
    OwnCall own_;
};

std::expected<void, std::string> Phone::open() {
    open_system();
    ClientOptions options{
        .state_directory = options_.state_directory,
        .audio_input = options_.audio_input,
        .audio_output = options_.audio_output,
        .loopback_only = options_.loopback_only,
        .log = [this](LogLevel level, std::string_view line) { log(level, line); },
        .on_connection = [this](ConnectionState state, std::string_view text) { on_connection(state, text); },
    };
    auto client = Client::create(loop_, std::move(options), *system_);
    if (!client) return std::unexpected{client.error()};
    client_ = std::move(*client);
    if (terminal_ != nullptr) terminal_->connect(*client_);
    return {};
}

void Phone::open_system() {
    if (!options_.system_fd) {
        auto terminal = std::make_unique<native::TerminalSystemUi>([this](const native::SystemCommand& command) {
            if (const auto* report = std::get_if<callui::ReportIncoming>(&command)) on_report(*report);
        });
        terminal_ = terminal.get();
        system_ = std::move(terminal);
        return;
    }
    native::PipeSystemUi::Hooks hooks{
        .app_opened = [this] { client_->attach([this](const callui::Event& event) { on_event(event); }); },
        // The system killed this process: nothing may be said or saved any more.
        .killed = [] { std::_Exit(0); },
        .log = [this](std::string_view line) { log(LogLevel::warning, line); },
    };
    auto pipe = std::make_unique<native::PipeSystemUi>(loop_, *options_.system_fd, std::move(hooks));
    pipe_ = pipe.get();
    system_ = std::move(pipe);
}

void Phone::listen() {
    loop_.on_signal(SIGINT, [this] { quit(); });
    loop_.on_signal(SIGTERM, [this] { quit(); });
    client_->start();
    if (pipe_ != nullptr) {
        pipe_->start(*client_);
    } else {
        client_->attach([this](const callui::Event& event) { on_event(event); });
        if (has_keys_) keys_ = std::make_unique<Keys>(loop_, [this](char key) { on_key(key); });
    }
}

int Phone::run() {
    loop_.run();
    leave();
    return static_cast<int>(own_.code());
}

void Phone::leave() {
    // Nobody is left to talk: whatever still lives ends, calls of the journal included.
    is_leaving_ = true;
    for (const auto& call : client_->calls()) {
        if (call.phase != engine::Phase::ended) client_->end(call.call_id);
    }
    // The last words are on their way: leave when they arrived.
    client_->online(false);
    loop_.run_until([this] { return client_->is_idle(); }, kGoodbye);
    keys_.reset();
}

int Phone::wait() {
    if (auto opened = open(); !opened) return fail(opened.error());
    listen();
    // Said either way: the journal of a phone that was killed remembers what that one was told.
    client_->online(options_.presence == Presence::online);
    say(narrator_.state(
        "ready", fmt::format("{} of {}", client_->device().text(), client_->user().text()), net::wall_now()
    ));
    const auto code = run();
    return options_.stay == Stay::for_one_call ? code : 0;
}

int Phone::call(const CallOptions& call) {
    const auto user = UserId::parse(call.user);
    if (!user) return fail(fmt::format("'{}' is no user id: 1 to 64 letters, digits, '-', '_' or '.'", call.user));
    if (auto opened = open(); !opened) return fail(opened.error());
    options_.stay = Stay::for_one_call;
    is_caller_ = true;
    listen();
    client_->online(false);  // The journal of a phone that was killed may say otherwise.
    PlaceOptions place;
    if (!call.from_name.empty()) place.from_name = call.from_name;
    const auto placed = client_->place(*user, place);
    if (!placed) {
        leave();
        return fail(placed.error());
    }
    narrator_.placed(*placed, net::boot_now());
    live_.push_back(*placed);
    own_.choose(*placed);
    say(narrator_.calling(call.user));
    if (call.ring_for) ring_timer_.arm(*call.ring_for, [this, id = *placed] { client_->end(id); });
    return run();
}

/// This terminal is the system's call screen: it shows what is reported, after a restart again, when the event of the
/// call was told to the process before.
void Phone::on_report(const callui::ReportIncoming& report) {
    if (report.placeholder || is_live(report.call_id)) return;
    callui::Event shown;
    shown.call_id = report.call_id;
    shown.name = report.name;
    shown.handle = report.handle;
    shown.media = report.media;
    say(narrator_.event(shown, net::boot_now(), net::wall_now()));
    live_.push_back(report.call_id);
    on_incoming(report.call_id);
}

void Phone::on_event(const callui::Event& event) {
    const bool is_on_screen = event.kind == callui::EventKind::incoming && is_live(event.call_id);
    if (is_on_screen) return;
    say(narrator_.event(event, net::boot_now(), net::wall_now()));
    if (event.kind != callui::EventKind::ended && !is_live(event.call_id)) live_.push_back(event.call_id);
    own_.follow(event);
    switch (event.kind) {
        case callui::EventKind::incoming: on_incoming(event.call_id); break;
        case callui::EventKind::answered:
            ringing_.reset();
            answer_timer_.cancel();
            break;
        case callui::EventKind::connected:
            ring_timer_.cancel();
            if (options_.end_after && !end_timer_.is_armed()) {
                end_timer_.arm(*options_.end_after, [this, call = event.call_id] { client_->end(call); });
            }
            break;
        case callui::EventKind::muted: is_muted_ = true; break;
        case callui::EventKind::unmuted: is_muted_ = false; break;
        case callui::EventKind::held: is_held_ = true; break;
        case callui::EventKind::unheld: is_held_ = false; break;
        case callui::EventKind::ended:
            if (ringing_ == event.call_id) {
                ringing_.reset();
                answer_timer_.cancel();
            }
            std::erase(live_, event.call_id);
            if (live_.empty()) is_muted_ = is_held_ = false;
            if (own_.is_over_with(event) || (is_leaving_ && live_.empty())) loop_.stop();
            break;
        default: break;
    }
}

void Phone::on_incoming(const CallId& call) {
    ringing_ = call;
    if (options_.stay == Stay::for_one_call && !is_caller_) own_.choose(call);
    if (options_.system_fd) return;  // The user of a virtual phone taps on its system's screen.
    if (options_.accept_after) {
        answer_timer_.arm(*options_.accept_after, [this, call] { client_->answer(call); });
    } else if (options_.decline_after) {
        answer_timer_.arm(*options_.decline_after, [this, call] { client_->end(call); });
    }
}

void Phone::on_connection(ConnectionState state, std::string_view text) {
    switch (state) {
        case ConnectionState::up:
            was_online_ = true;
            last_problem_.clear();
            if (options_.presence == Presence::online && options_.stay == Stay::until_quit) {
                say(narrator_.state("online", "", net::wall_now()));
            } else if (options_.format == Format::json) {
                say(narrator_.state("online", "", net::wall_now()));
            }
            return;
        case ConnectionState::down:
            // Said once, not at every attempt.
            if (is_leaving_ || last_problem_ == text) return;
            last_problem_ = text;
            say(narrator_.state("offline", text, net::wall_now()));
            return;
        case ConnectionState::refused:
            if (is_leaving_ || last_problem_ == text) return;
            last_problem_ = text;
            say(narrator_.state("refused", text, net::wall_now()));
            return;
    }
}

void Phone::on_key(char key) {
    switch (key) {
        case 'a':
            if (ringing_) client_->answer(*ringing_);
            break;
        case 'd':
            if (ringing_) client_->end(*ringing_);
            break;
        case 'e':
            if (!live_.empty()) client_->end(live_.back());
            break;
        case 'm':
            if (!live_.empty()) client_->mute(live_.back(), !is_muted_);
            break;
        case 'h':
            if (!live_.empty()) client_->hold(live_.back(), !is_held_);
            break;
        case 'q': quit(); break;
        default: break;
    }
}

/// Ends what is live, then leaves; asked twice, leaves at once.
void Phone::quit() {
    if (is_leaving_ || live_.empty()) {
        loop_.stop();
        return;
    }
    is_leaving_ = true;
    goodbye_timer_.arm(kGoodbye, [this] { loop_.stop(); });
    for (const auto& call : std::vector{live_}) client_->end(call);
}

void Phone::say(const std::string& line) const {
    if (line.empty()) return;
    // A script on the other end of a pipe reads line by line.
    fmt::print("{}\n", line);
    std::fflush(stdout);
}

void Phone::log(LogLevel level, std::string_view line) const {
    const bool is_wanted = options_.wordiness == Wordiness::verbose || level >= LogLevel::warning;
    if (is_wanted) fmt::print(stderr, "clarion: {}\n", line);
}

}  // namespace

int run_phone(const PhoneOptions& options) { return Phone{options}.wait(); }

int run_call(const PhoneOptions& options, const CallOptions& call) { return Phone{options}.call(call); }

}  // namespace clarion::tool
