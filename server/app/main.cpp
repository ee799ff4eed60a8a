// SPDX-License-Identifier: Apache-2.0
// clariond: reads the configuration, makes the parts, runs the loop until SIGTERM.
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <system_error>

#include "net/clock.hpp"
#include "net/loop.hpp"
#include "net/tls.hpp"
#include "server/adapters/sqlite/sqlite_store.hpp"
#include "server/app/config.hpp"
#include "server/app/log.hpp"
#include "server/app/push_setup.hpp"
#include "server/app/server.hpp"
#include "server/app/server_keys.hpp"

namespace clarion::server {
namespace {

constexpr int kExitFailure = 1;
constexpr int kExitUsage = 2;
constexpr Duration kGoodbyeTime{2'000};
constexpr Duration kGoodbyeLook{20};

class WallClock final : public Clock {
  public:
    [[nodiscard]] WallTime wall_now() const override { return net::wall_now(); }
};

struct Arguments {
    ConfigSources sources;
    std::string port_file;
    bool only_check = false;
};

std::string system_text(int error) { return std::generic_category().message(error); }

int fail(const std::string& text) {
    std::fprintf(stderr, "clariond: %s\n", text.c_str());
    return kExitFailure;
}

/// Everything that the running server stands on.
struct Parts {
    net::Loop loop;
    WallClock clock;
    int lock_fd = -1;
    std::unique_ptr<Store> store;
    std::optional<ServerKeys> keys;
    PushSenders senders;
    PushSetup push{loop, clock, senders};
    std::shared_ptr<net::TlsContext> tls;

    ~Parts() {
        if (lock_fd >= 0) ::close(lock_fd);
    }
};

using Done = std::expected<void, std::string>;

/// Two servers on one database would each believe that they alone hold the live calls.
Done lock_data(Parts& parts, const std::filesystem::path& directory) {
    std::error_code error;
    if (std::filesystem::create_directories(directory, error)) {
        std::filesystem::permissions(directory, std::filesystem::perms::owner_all, error);
    }
    if (error) return std::unexpected{"data_dir " + directory.string() + ": cannot be made: " + error.message()};
    const auto file = directory / "lock";
    parts.lock_fd = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (parts.lock_fd < 0)
        return std::unexpected{"data_dir " + directory.string() + ": cannot be written: " + system_text(errno)};
    if (::flock(parts.lock_fd, LOCK_EX | LOCK_NB) == 0) return {};
    return std::unexpected{"data_dir " + directory.string() + ": another clariond is running on it"};
}

Done make_tls(Parts& parts, const Config& config) {
    if (!config.has_tls()) return {};
    auto tls = net::TlsContext::server({config.tls_certificate, config.tls_key});
    if (!tls) return std::unexpected{tls.error().message};
    parts.tls = std::move(*tls);
    return {};
}

/// Connects what is new, and says what the providers think of our keys.
void check_senders(Parts& parts, const Config& config) {
    if (!config.push_check) return parts.push.check({});
    parts.push.check([](const std::string& sender, const std::string& fault) {
        if (fault.empty()) return log::write(log::Level::info, "push_ready", {{"sender", sender}});
        log::write(log::Level::error, "push_not_ready", {{"sender", sender}, {"error", fault}});
    });
}

/// SIGHUP: certificate and push keys are read again; what cannot be read stays as it is.
void reload(Parts& parts, Server& server, const ConfigSources& sources) {
    const auto complain = [](const std::string& why) {
        log::write(log::Level::error, "not_reloaded", {{"error", why}});
    };
    const auto config = load_config(sources);
    if (!config) return complain(config.error());
    if (parts.tls && config->has_tls()) {
        auto tls = net::TlsContext::server({config->tls_certificate, config->tls_key});
        if (!tls) return complain(tls.error().message);
        server.set_tls(std::move(*tls));
        log::write(log::Level::info, "certificate_reloaded");
    }
    if (const auto applied = parts.push.apply(*config); !applied) return complain(applied.error());
    log::write(log::Level::info, "push_keys_reloaded");
    check_senders(parts, *config);
}

/// Push keys whose files change are taken without a signal.
void watch_keys(Parts& parts, const Config& config) {
    parts.push.watch([&parts, config](const std::string& fault) {
        if (!fault.empty()) return log::write(log::Level::error, "not_reloaded", {{"error", fault}});
        log::write(log::Level::info, "push_keys_reloaded");
        check_senders(parts, config);
    });
}

Done make_data(Parts& parts, const Config& config) {
    const std::filesystem::path directory{config.data_dir};
    if (auto locked = lock_data(parts, directory); !locked) return locked;
    auto keys = ServerKeys::load_or_make(directory / "keys");
    if (!keys) return std::unexpected{keys.error()};
    parts.keys = std::move(*keys);
    auto store = sqlite::open_store((directory / "clarion.db").string());
    if (!store) return std::unexpected{store.error().text};
    parts.store = std::move(*store);
    return {};
}

ServerOptions options_of(const Config& config, const std::shared_ptr<net::TlsContext>& tls) {
    ServerOptions options;
    options.address = config.listen_address;
    options.port = config.listen_port;
    options.tls = tls;
    options.calls.routing = applied(config.policy, routing::Config{});
    options.calls.calls_per_minute = config.calls_per_minute;
    options.calls.calls_per_device_max = config.calls_per_device;
    options.limits.frames_per_second = config.frames_per_second;
    options.limits.devices_per_user_max = config.devices_per_user;
    options.history_time = std::chrono::hours{24} * config.history_days;
    options.rest.admin_key = config.admin_key;
    options.rest.version = CLARION_VERSION;
    options.rest.devices_per_user_max = config.devices_per_user;
    if (!config.public_url.empty()) {
        std::string url = config.public_url;
        while (url.ends_with('/')) url.pop_back();
        options.rest.connect_url = "ws" + url.substr(4) + "/v1/connect";  // http → ws, https → wss
    }
    return options;
}

/// Whole or not at all: a test that sees the file can read the port.
Done write_port_file(const std::string& file, std::uint16_t port) {
    const std::string temporary = file + ".new";
    std::FILE* out = std::fopen(temporary.c_str(), "we");
    if (out == nullptr) return std::unexpected{"--port-file " + file + ": " + system_text(errno)};
    const bool written = std::fprintf(out, "%u\n", static_cast<unsigned>(port)) > 0;
    const bool closed = std::fclose(out) == 0;
    if (written && closed && std::rename(temporary.c_str(), file.c_str()) == 0) return {};
    return std::unexpected{"--port-file " + file + ": " + system_text(errno)};
}

void listen_to_signals(Parts& parts, Server& server, net::Timer& timer, const ConfigSources& sources) {
    const auto stop = [&parts, &server, &timer] {
        log::write(log::Level::info, "stopping");
        server.stop();
        // Closing handshakes take a moment; nobody waits longer for a client that is gone.
        const Instant until = net::boot_now() + kGoodbyeTime;
        auto look = std::make_shared<std::function<void()>>();
        *look = [&parts, &server, &timer, until, weak = std::weak_ptr{look}] {
            if (server.connections() == 0 || net::boot_now() >= until) {
                parts.loop.stop();
                return;
            }
            timer.arm(kGoodbyeLook, [self = weak.lock()] { (*self)(); });
        };
        (*look)();
    };
    parts.loop.on_signal(SIGTERM, stop);
    parts.loop.on_signal(SIGINT, stop);
    parts.loop.on_signal(SIGHUP, [&parts, &server, sources] { reload(parts, server, sources); });
}

int serve(Parts& parts, const Config& config, const Arguments& arguments) {
    Server server{{parts.loop, parts.clock, *parts.store, parts.senders}, *parts.keys, options_of(config, parts.tls)};
    const auto port = server.start();
    if (!port) return fail(port.error());
    const bool is_v6 = config.listen_address.find(':') != std::string::npos;
    const std::string host = is_v6 ? "[" + config.listen_address + "]" : config.listen_address;
    std::printf(
        "listening on %s://%s:%u\n", config.has_tls() ? "https" : "http", host.c_str(), static_cast<unsigned>(*port)
    );
    std::fflush(stdout);
    if (!arguments.port_file.empty()) {
        if (const auto written = write_port_file(arguments.port_file, *port); !written) return fail(written.error());
    }
    check_senders(parts, config);
    watch_keys(parts, config);
    log::write(
        log::Level::info, "started",
        {{"version", CLARION_VERSION},
         {"port", std::to_string(*port)},
         {"tls", config.has_tls() ? "yes" : "no"},
         {"apns", config.push.has_apns() ? "yes" : "no"},
         {"fcm", config.push.has_fcm() ? "yes" : "no"},
         {"webpush", config.push.has_webpush() ? "yes" : "no"}}
    );
    net::Timer timer{parts.loop};
    listen_to_signals(parts, server, timer, arguments.sources);
    parts.loop.run();
    log::write(log::Level::info, "stopped");
    return 0;
}

int run(const Arguments& arguments) {
    const auto config = load_config(arguments.sources);
    if (!config) return fail(config.error());
    log::set_up(config->log_level, config->log_format);
    Parts parts;
    if (const auto done = make_tls(parts, *config); !done) return fail(done.error());
    if (const auto done = parts.push.apply(*config); !done) return fail(done.error());
    if (arguments.only_check) {
        std::printf("the configuration is good\n");
        return 0;
    }
    if (const auto done = make_data(parts, *config); !done) return fail(done.error());
    return serve(parts, *config, arguments);
}

/// One flag for each setting, from the table of config.cpp. Secrets have none: a command line is for everybody to read.
void add_flags(CLI::App& app, ConfigSources& sources) {
    for (const Setting& setting : settings()) {
        const std::string key{setting.key};
        const std::string names = (key == "listen.port" ? "--port," : "") + flag_of(setting);
        app.add_option_function<std::string>(
               names, [&sources, key](const std::string& value) { sources.flags.emplace_back(key, value); },
               std::string{setting.help} + " [" + key + "]"
        )
            ->type_name("")
            ->group("Settings (in brackets: the key in the file)");
    }
}

int parse_and_run(int argc, char** argv) {
    CLI::App app{
        "clariond, the Clarion call server.\n\nEvery setting can stand in the file (TOML), in the environment "
        "(CLARION_ and the "
        "key, CLARION_LISTEN_PORT) or in a flag; the later wins. Secrets: the files that settings name, or "
        "CLARION_ADMIN_KEY.",
        "clariond"
    };
    Arguments arguments;
    app.set_version_flag("--version", std::string{"clariond "} + CLARION_VERSION);
    app.add_option("--config", arguments.sources.file, "TOML file with the settings")->type_name("FILE");
    app.add_option("--port-file", arguments.port_file, "write the port there once the server listens")
        ->type_name("FILE");
    app.add_flag(
        "--check-config", arguments.only_check, "read and check the settings and the files they name, then exit"
    );
    add_flags(app, arguments.sources);
    arguments.sources.environment = [](const std::string& name) -> std::optional<std::string> {
        const char* value = std::getenv(name.c_str());
        return value == nullptr ? std::nullopt : std::optional<std::string>{value};
    };
    try {
        app.parse(argc, argv);
    } catch (const CLI::Success& done) {
        return app.exit(done);  // --help and --version
    } catch (const CLI::ParseError& error) {
        std::fprintf(stderr, "clariond: %s (see clariond --help)\n", error.what());
        return kExitUsage;
    }
    return run(arguments);
}

}  // namespace
}  // namespace clarion::server

int main(int argc, char** argv) {
    std::signal(SIGPIPE, SIG_IGN);
    try {
        return clarion::server::parse_and_run(argc, argv);
    } catch (const std::exception& error) {
        // Out of memory or of file descriptors at the start: nothing that a caller could handle.
        std::fprintf(stderr, "clariond: %s\n", error.what());
        return 1;
    }
}
