// SPDX-License-Identifier: Apache-2.0
#include "lab/stage/stage.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <csignal>
#include <fstream>
#include <sstream>
#include <utility>

#include "crypto/keys.hpp"
#include "lab/stage/services.hpp"

namespace clarion::lab {
namespace {

constexpr Duration kStartLimit{20'000};

std::string read_file(const std::filesystem::path& file) {
    std::ifstream in{file, std::ios::binary};
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
}

std::string last_line(const std::string& text) {
    const auto end = text.find_last_not_of('\n');
    if (end == std::string::npos) return {};
    const auto before = text.find_last_of('\n', end);
    const auto begin = before == std::string::npos ? 0 : before + 1;
    return text.substr(begin, end - begin + 1);
}

}  // namespace

std::string Running::output() const { return read_file(output_file); }

Stage::Stage(net::Loop& loop, StageOptions options) : loop_{loop}, options_{std::move(options)} {}

Stage::~Stage() = default;

std::expected<std::unique_ptr<Stage>, std::string> Stage::build(net::Loop& loop, StageOptions options) {
    std::unique_ptr<Stage> stage{new Stage{loop, std::move(options)}};
    if (auto ok = stage->prepare(); !ok) return std::unexpected{ok.error()};
    if (auto ok = stage->start_server(); !ok) return std::unexpected{ok.error()};
    if (auto ok = stage->make_service(); !ok) return std::unexpected{ok.error()};
    return stage;
}

std::expected<void, std::string> Stage::prepare() {
    std::error_code error;
    std::filesystem::create_directories(options_.directory / "server", error);
    if (error) return std::unexpected{fmt::format("{}: {}", options_.directory.string(), error.message())};
    auto services = Services::start(loop_, options_.directory);
    if (!services) return std::unexpected{services.error()};
    services_ = std::move(*services);
    services_->on_push = [this](const std::string& token, native::PushDelivered push, bool high_priority) {
        for (const auto& phone : phones_) {
            if (phone->token != token) continue;
            ++phone->pushes;
            phone->last_push = push;
            phone->phone->push(std::move(push), high_priority);
            return;
        }
    };
    return write_server_configuration();
}

std::expected<void, std::string> Stage::write_server_configuration() {
    std::ofstream admin{options_.directory / "admin.key"};
    admin << crypto::random_token(32) << "\n";
    std::ofstream out{options_.directory / "clariond.conf"};
    out << services_->server_configuration(options_.directory);
    for (const auto& [key, value] : options_.server_settings) out << key << " = " << value << "\n";
    if (!out || !admin) return std::unexpected{"cannot write to " + options_.directory.string()};
    return {};
}

std::expected<void, std::string> Stage::start_server() {
    const auto port_file = options_.directory / "port";
    std::filesystem::remove(port_file);
    net::ChildOptions child{
        .argv =
            {options_.clariond.string(), "--config", (options_.directory / "clariond.conf").string(), "--port",
             std::to_string(port_),  // The first start picks one, a restart has the same.
             "--port-file", port_file.string()},
        .output_file = server_log().string(),
    };
    server_exited_ = false;
    auto process = net::ChildProcess::spawn(loop_, child, [this](net::ChildStatus) { server_exited_ = true; });
    if (!process) return std::unexpected{process.error().message};
    server_ = std::move(*process);
    // The file is there, whole, once the server listens.
    net::Timer poll{loop_};
    std::function<void()> tick = [&] { poll.arm(Duration{10}, [&] { tick(); }); };
    tick();
    const bool up = loop_.run_until([&] { return server_exited_ || std::filesystem::exists(port_file); }, kStartLimit);
    if (!up || server_exited_) {
        return std::unexpected{"clariond did not start: " + last_line(read_file(server_log()))};
    }
    port_ = static_cast<std::uint16_t>(std::stoul(read_file(port_file)));
    return {};
}

void Stage::kill_server() {
    server_->kill(SIGKILL);
    wait([this] { return server_exited_; }, kStartLimit);
}

std::string Stage::server_url() const { return fmt::format("https://127.0.0.1:{}", port_); }

std::string Stage::ca_file() const { return services_->ca_file(); }

std::vector<std::string> Stage::environment() const {
    return {
        "CLARION_SERVER=" + server_url(),
        "CLARION_CA=" + ca_file(),
        "CLARION_PROFILE=" + (options_.directory / "profile.json").string(),
        // Virtual phones write their own GStreamer registry and settings, never the user's.
        "XDG_CONFIG_HOME=" + (options_.directory / "config").string(),
    };
}

std::expected<std::shared_ptr<Running>, std::string> Stage::start(
    const std::string& name, const std::vector<std::string>& arguments
) {
    std::vector<std::string> argv{options_.clarion.string()};
    argv.insert(argv.end(), arguments.begin(), arguments.end());
    if (on_command) on_command(fmt::format("clarion {}", fmt::join(arguments, " ")));
    return spawn(name, std::move(argv));
}

std::expected<std::shared_ptr<Running>, std::string> Stage::spawn(
    const std::string& name, std::vector<std::string> argv
) {
    auto running = std::make_shared<Running>();
    running->output_file = options_.directory / fmt::format("{}-{}.log", name, ++commands_run_);
    std::weak_ptr<Running> weak = running;
    auto process = net::ChildProcess::spawn(
        loop_, {.argv = std::move(argv), .environment = environment(), .output_file = running->output_file.string()},
        [weak](net::ChildStatus status) {
            if (const auto still = weak.lock()) {
                still->done = true;
                still->status = status;
            }
        }
    );
    if (!process) return std::unexpected{process.error().message};
    running->process = std::move(*process);
    return running;
}

CommandResult Stage::run(const std::vector<std::string>& arguments, Duration limit) {
    return finish(start("command", arguments), limit);
}

CommandResult Stage::finish(std::expected<std::shared_ptr<Running>, std::string> command, Duration limit) {
    if (!command) return {{.exit_code = 127}, command.error()};
    const auto running = *command;
    if (!wait([&] { return running->done; }, limit)) {
        return {{.signal = SIGALRM}, fmt::format("it took longer than {} ms", limit.count())};
    }
    return {running->status, running->output()};
}

std::expected<void, std::string> Stage::make_service() {
    const auto result = run(
        {"service", "add", "demo", "--name", "Demonstration", "--admin-key-file",
         (options_.directory / "admin.key").string()}
    );
    if (!result.ok()) return std::unexpected{"clarion service add: " + result.output};
    return {};
}

std::expected<void, std::string> Stage::add_user(const std::string& user, const std::string& name) {
    const auto result = run({"user", "add", user, "--name", name});
    if (!result.ok()) return std::unexpected{"clarion user add: " + result.output};
    return {};
}

std::expected<std::filesystem::path, std::string> Stage::add_desktop(
    const std::string& user, const std::string& device
) {
    const auto state = options_.directory / device;
    const auto result = run({"device", "add", user, device, "--platform", "desktop", "--state", state.string()});
    if (!result.ok()) return std::unexpected{"clarion device add: " + result.output};
    return state;
}

/// The command line of the app. A real shell makes its key as it is installed, and only the public one leaves it.
std::expected<std::vector<std::string>, std::string> Stage::install_app(const StagePhone& phone) {
    const std::string state = phone.state_directory.string();
    const auto shell = options_.shells.find(phone.spec.platform);
    if (shell == options_.shells.end())
        return std::vector{options_.clarion.string(), std::string{"phone"}, std::string{"--state"}, state};
    std::vector<std::string> app{shell->second.string(), "--state", state};
    auto install = app;
    install.emplace_back("--install");
    const auto result = finish(spawn("install", std::move(install)), kStartLimit);
    if (!result.ok()) return std::unexpected{shell->second.filename().string() + " --install: " + result.output};
    app.insert(app.end(), {"--push-token", phone.token});
    return app;
}

std::expected<void, std::string> Stage::register_phone(const StagePhone& phone) {
    const bool ios = phone.spec.platform == Platform::ios;
    std::vector<std::string> command{"device",        "add",
                                     phone.spec.user, phone.spec.device,
                                     "--platform",    ios ? "ios" : "android",
                                     "--state",       phone.state_directory.string()};
    if (!phone.spec.registers_itself)
        command.insert(command.end(), {"--push-provider", ios ? "apns" : "fcm", "--push-token", phone.token});
    const auto result = run(command);
    if (!result.ok()) return std::unexpected{"clarion device add: " + result.output};
    return {};
}

std::expected<StagePhone*, std::string> Stage::add_phone(PhoneSpec spec) {
    auto phone = std::make_unique<StagePhone>();
    phone->spec = spec;
    const bool ios = spec.platform == Platform::ios;
    phone->token = ios ? services_->new_apns_token() : services_->new_fcm_token();
    phone->state_directory = options_.directory / spec.device;
    auto app = install_app(*phone);
    if (!app) return std::unexpected{app.error()};
    if (auto ok = register_phone(*phone); !ok) return std::unexpected{ok.error()};
    LivePhoneOptions live{
        .name = spec.name,
        .platform = spec.platform,
        .app = std::move(*app),
        .log_file = (options_.directory / (spec.device + ".log")).string(),
    };
    live.app.insert(live.app.end(), spec.app_arguments.begin(), spec.app_arguments.end());
    StagePhone* raw = phone.get();
    LivePhoneWatcher watcher{
        .on_screen =
            [raw](const ScreenChanged& change) {
                raw->screens.push_back(change);
                if (raw->on_screen) raw->on_screen(change);
            },
        .on_event = [raw](const callui::Event& event) { raw->events.push_back(event); },
        .on_violation = [raw](Violation violation) { raw->violations.push_back(violation); },
        .on_rule_broken = [raw](const std::string& rule) { raw->broken_rules.push_back(rule); },
        .on_note =
            [raw](const std::string& note) {
                raw->notes.push_back(note);
                if (raw->on_note) raw->on_note(note);
            },
        .on_push_handled = [raw] { ++raw->pushes_handled; },
        .on_missed = [raw](const callui::ShowMissedCall&) { ++raw->missed_notices; },
        .on_process =
            [raw](bool running, const std::string& why) {
                if (running) {
                    ++raw->launches;
                } else {
                    raw->deaths.push_back(why);
                }
            },
    };
    phone->phone = std::make_unique<LivePhone>(loop_, std::move(live), std::move(watcher));
    phones_.push_back(std::move(phone));
    return raw;
}

void Stage::unregister(const StagePhone& phone) { services_->unregister(phone.token); }

}  // namespace clarion::lab
