// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <signal.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <exception>
#include <filesystem>
#include <string>

#include "tools/clarion/admin.hpp"
#include "tools/clarion/phone.hpp"
#include "tools/clarion/push.hpp"
#include "tools/clarion/terminal.hpp"
#include "tools/clarion/trace.hpp"

namespace {

using namespace clarion;
using namespace clarion::tool;

constexpr const char* kExitCodes =
    "Exit codes: 0 answered and ended, 1 nothing was tried (one line says why), 3 declined, 4 missed or not answered,\n"
    "5 cancelled, 6 failed, 7 taken by another device of the user, 8 quit before a call ended.";

/// What the options say before they are understood.
struct Words {
    std::string accept_after, decline_after, end_after, ring_for, ttl, token_ttl{"24h"};
    std::string play, record;
    double tone = 0;
    int system_fd = -1;
    bool json = false, once = false, verbose = false, loopback = false, silent = false, repeat = false;
    bool online = false, push_only = false;
    std::string push_ttl, push_limit;
};

struct CommandLine {
    AccessOptions access;
    ServiceAdd service;
    UserAdd user;
    DeviceAdd device;
    TokenMake token;
    PhoneOptions phone;
    CallOptions call;
    TraceShow trace;
    PushSend push;
    PushTest push_test;
    std::string vapid_file;
    Words words;
};

template <class Value>
CLI::Option* add_option(
    CLI::App& app, const std::string& name, const std::string& type, Value& value, const std::string& help
) {
    return app.add_option(name, value, help)->type_name(type);
}

void add_access(CLI::App& app, CommandLine& line) {
    add_option(app, "--server", "URL", line.access.server, "https://HOST:PORT (CLARION_SERVER, or the profile)");
    add_option(
        app, "--ca", "FILE", line.access.ca_file, "PEM file of the authority that signed the server (CLARION_CA)"
    );
    add_option(
        app, "--api-key-file", "FILE", line.access.api_key_file,
        "JSON with api_key and api_secret (CLARION_API_KEY, ..._SECRET)"
    );
    add_option(app, "--service", "ID", line.access.service, "id of the service");
}

void add_media(CLI::App& app, CommandLine& line) {
    auto& words = line.words;
    auto* tone = add_option(app, "--tone", "HZ", words.tone, "say a tone of so many Hz instead of the microphone")
                     ->check(CLI::Range(20.0, 20000.0).description(""));
    auto* play = add_option(app, "--play", "FILE", words.play, "say this WAV file")
                     ->check(CLI::ExistingFile.description(""))
                     ->excludes(tone);
    app.add_flag("--repeat", words.repeat, "say the file again and again")->needs(play);
    app.add_flag("--silent", words.silent, "say and play nothing")->excludes(tone)->excludes(play);
    add_option(app, "--record", "FILE", words.record, "write what the other side says to this WAV file");
    app.add_flag("--loopback", words.loopback, "voice on 127.0.0.1 only: both phones on this machine");
    add_option(
        app, "--end-after", "TIME", words.end_after, "hang up so long after the call is connected (2s, 500ms, 1m)"
    );
    app.add_flag("--json", words.json, "events as JSON, one a line");
    app.add_flag("-v,--verbose", words.verbose, "what happens inside, on stderr");
}

void add_phone(CLI::App& root, CommandLine& line) {
    auto& words = line.words;
    auto* phone =
        root.add_subcommand("phone", "A phone on this terminal: a accept, d decline, e end, m mute, h hold, q quit");
    add_option(*phone, "--state", "DIR", line.phone.state_directory, "directory that `clarion device add` made")
        ->required();
    add_media(*phone, line);
    auto* accept = add_option(*phone, "--accept-after", "TIME", words.accept_after, "accept so long after it rings");
    auto* decline = add_option(*phone, "--decline-after", "TIME", words.decline_after, "decline so long after it rings")
                        ->excludes(accept);
    phone->add_flag("--once", words.once, "leave after one call, with a code that tells how it went");
    auto* push_only = phone->add_flag("--push-only", words.push_only, "be rung by push only, not over the connection");
    phone->add_flag("--online", words.online, "be rung over the connection (the default on a terminal)")
        ->excludes(push_only);
    add_option(
        *phone, "--system-fd", "FD", words.system_fd, "the operating system is another process on this descriptor"
    )
        ->check(CLI::Range(0, 1023).description(""))
        ->excludes(accept)
        ->excludes(decline);
    phone->footer(kExitCodes);

    auto* call = root.add_subcommand("call", "Call somebody and stay until the call is over: e end, m mute, h hold");
    call->add_option("USER", line.call.user, "whom to call")->required();
    add_option(*call, "--state", "DIR", line.phone.state_directory, "directory that `clarion device add` made")
        ->required();
    add_option(*call, "--as", "NAME", line.call.from_name, "the name that the other side is shown");
    add_option(*call, "--ring-for", "TIME", words.ring_for, "cancel when nobody answered within it");
    add_media(*call, line);
    add_option(*call, "--hangup-after", "TIME", words.end_after, "the same as --end-after");
    call->footer(kExitCodes);
}

void add_admin(CLI::App& root, CommandLine& line) {
    auto* service = root.add_subcommand("service", "Services: the tenants of a server")->require_subcommand(1);
    auto* service_add = service->add_subcommand("add", "Make a service and keep its API key in the profile");
    service_add->add_option("ID", line.service.id, "1 to 64 letters, digits, '-', '_' or '.'")->required();
    add_option(*service_add, "--name", "NAME", line.service.name, "for people");
    add_option(
        *service_add, "--admin-key-file", "FILE", line.service.admin_key_file, "file with the server's admin key"
    )
        ->required();
    add_option(*service_add, "--save", "FILE", line.service.save_to, "where key and secret go; - prints them instead");
    service_add->add_flag("--json", line.words.json, "the answer as JSON");
    add_access(*service_add, line);

    auto* user = root.add_subcommand("user", "Users of the service")->require_subcommand(1);
    auto* user_add = user->add_subcommand("add", "Make a user, or change the name");
    user_add->add_option("USER", line.user.user, "id of the user")->required();
    add_option(*user_add, "--name", "NAME", line.user.name, "for people");
    add_access(*user_add, line);

    auto* device = root.add_subcommand("device", "Devices of users")->require_subcommand(1);
    auto* add = device->add_subcommand("add", "Make a device: its keys, its registration, its token");
    add->add_option("USER", line.device.user, "whose device")->required();
    add->add_option("DEVICE", line.device.device, "id of the device")->required();
    add_option(*add, "--platform", "NAME", line.device.platform, "ios, android, desktop or web")
        ->check(CLI::IsMember({"ios", "android", "desktop", "web"}).description(""));
    add_option(*add, "--state", "DIR", line.device.state_directory, "directory for its keys and its journal")
        ->required();
    add_option(*add, "--push-provider", "NAME", line.device.push_provider, "apns, fcm, webpush or unifiedpush")
        ->check(CLI::IsMember({"apns", "fcm", "webpush", "unifiedpush"}).description(""));
    add_option(
        *add, "--push-token", "TOKEN", line.device.push_token, "the token that the push service gave to the device"
    );
    add_option(*add, "--push-topic", "TOPIC", line.device.push_topic, "APNs topic (the app's bundle id with .voip)");
    add_option(*add, "--push-p256dh", "KEY", line.device.push_p256dh, "public key of a webpush subscription");
    add_option(*add, "--push-auth", "SECRET", line.device.push_auth, "secret of a webpush subscription");
    add_option(*add, "--push-environment", "NAME", line.device.push_environment, "production or sandbox");
    add_option(
        *add, "--token-ttl", "TIME", line.words.token_ttl, "how long its access token is good (24h); 0 makes none"
    );
    add_access(*add, line);

    auto* token = root.add_subcommand("token", "Make an access token for a user");
    token->add_option("USER", line.token.user, "for whom")->required();
    add_option(*token, "--device", "ID", line.token.device, "good for this device only");
    add_option(*token, "--state", "DIR", line.token.state_directory, "put it into this device instead of printing it");
    add_option(*token, "--ttl", "TIME", line.words.ttl, "how long it is good (1h)");
    token->add_flag("--json", line.words.json, "the answer as JSON");
    add_access(*token, line);

    auto* trace = root.add_subcommand("trace", "Why did it (not) ring: a call step by step");
    trace->add_option("CALL", line.trace.call, "id of the call; the newest one when left out");
    add_option(*trace, "--user", "ID", line.trace.user, "the newest call of this user");
    trace->add_flag("--json", line.words.json, "the server's answer as it is");
    trace->add_flag("--ascii", line.trace.ascii, "no characters beyond ASCII");
    add_access(*trace, line);
}

void add_push(CLI::App& root, CommandLine& line) {
    auto* push = root.add_subcommand("push", "Pushes by hand, and the test ring")->require_subcommand(1);
    auto* send = push->add_subcommand("send", "Push to a user's devices, or to one endpoint, and explain the answer");
    send->add_option("USER", line.push.user, "whose devices; or give --provider and --token");
    add_option(*send, "--device", "ID", line.push.device, "only this device of the user");
    add_option(*send, "--provider", "NAME", line.push.provider, "apns, fcm, webpush or unifiedpush");
    add_option(*send, "--token", "TOKEN", line.push.token, "the token; of webpush and unifiedpush the endpoint's URL");
    add_option(*send, "--topic", "TOPIC", line.push.topic, "APNs bundle id; the server's when left out");
    add_option(*send, "--environment", "NAME", line.push.environment, "production or sandbox; both when left out");
    add_option(*send, "--p256dh", "KEY", line.push.p256dh, "public key of a webpush subscription");
    add_option(*send, "--auth", "SECRET", line.push.auth, "secret of a webpush subscription");
    send->add_flag("--alert-token", line.push.is_alert_token, "the APNs token is for alerts, not for VoIP pushes");
    add_option(*send, "--title", "TEXT", line.push.title, "what is shown");
    add_option(*send, "--body", "TEXT", line.push.body, "and below it");
    add_option(*send, "--data", "NAME=VALUE", line.push.data, "a field for the app; may stand several times");
    add_option(*send, "--ttl", "TIME", line.words.push_ttl, "how long it is worth delivering (24h)");
    send->add_flag("--json", line.words.json, "the server's answer as it is");
    add_access(*send, line);
    auto* test = push->add_subcommand("test", "Ring a device now and tell every step");
    test->add_option("USER", line.push_test.user, "whose device")->required();
    test->add_option("DEVICE", line.push_test.device, "which one")->required();
    add_option(*test, "--for", "TIME", line.words.push_limit, "give up after it (20s)");
    test->add_flag("--json", line.words.json, "the trace as JSON");
    test->footer("Exit codes: 0 it rang, 4 it did not, 1 nothing was tried.");
    add_access(*test, line);
    auto* key = push->add_subcommand("vapid-key", "Make the key for Web Push; prints what pages subscribe with");
    key->add_option("FILE", line.vapid_file, "where the private key goes (mode 0600)")->required();
}

/// Lengths of time from their words; the message of the first bad one.
std::string understand_times(CommandLine& line) {
    const auto take = [](const std::string& text, auto& out) -> std::string {
        if (text.empty()) return {};
        const auto duration = parse_duration(text);
        if (!duration) return duration.error();
        out = *duration;
        return {};
    };
    const auto& words = line.words;
    const std::array problems{
        take(words.accept_after, line.phone.accept_after),
        take(words.decline_after, line.phone.decline_after),
        take(words.end_after, line.phone.end_after),
        take(words.ring_for, line.call.ring_for),
        take(words.ttl, line.token.ttl),
        take(words.token_ttl, line.device.token_ttl),
        take(words.push_ttl, line.push.ttl),
        take(words.push_limit, line.push_test.limit),
    };
    const auto first = std::ranges::find_if(problems, [](const std::string& text) { return !text.empty(); });
    return first == problems.end() ? std::string{} : *first;
}

void understand(CommandLine& line) {
    const auto& words = line.words;
    auto& phone = line.phone;
    const auto format = words.json ? Format::json : Format::text;
    line.service.format = line.token.format = line.trace.format = phone.format = format;
    line.push.format = line.push_test.format = format;
    if (words.system_fd >= 0) phone.system_fd = words.system_fd;
    const bool is_person = stdin_is_terminal() && !words.silent && !phone.system_fd;
    if (is_person) {
        phone.audio_input = media::Microphone{};
        phone.audio_output = media::Speaker{};
    }
    if (words.tone > 0) phone.audio_input = media::TestTone{.hz = words.tone};
    if (!words.play.empty()) phone.audio_input = media::WavInput{.path = words.play, .loop = words.repeat};
    if (!words.record.empty()) phone.audio_output = media::WavOutput{.path = words.record};
    phone.loopback_only = words.loopback;
    // A virtual phone is woken by push; whoever sits at a terminal waits for calls.
    const bool is_quiet = words.push_only || (phone.system_fd && !words.online);
    phone.presence = is_quiet ? Presence::push_only : Presence::online;
    phone.stay = words.once ? Stay::for_one_call : Stay::until_quit;
    phone.wordiness = words.verbose ? Wordiness::verbose : Wordiness::normal;
}

int dispatch_push(const CLI::App& push, const CommandLine& line) {
    if (push.got_subcommand("send")) return push_send(line.access, line.push);
    if (push.got_subcommand("test")) return push_test(line.access, line.push_test);
    return push_vapid_key(line.vapid_file);
}

int dispatch(const CLI::App& app, const CommandLine& line) {
    if (app.got_subcommand("push")) return dispatch_push(*app.get_subcommand("push"), line);
    if (app.got_subcommand("service")) return service_add(line.access, line.service);
    if (app.got_subcommand("user")) return user_add(line.access, line.user);
    if (app.got_subcommand("device")) return device_add(line.access, line.device);
    if (app.got_subcommand("token")) return token_make(line.access, line.token);
    if (app.got_subcommand("trace")) return trace_show(line.access, line.trace);
    if (app.got_subcommand("call")) return run_call(line.phone, line.call);
    return run_phone(line.phone);
}

/// "clarion device add": as far as the command line was understood.
std::string asked_for(const CLI::App& app) {
    std::string words = app.get_name();
    for (const auto* one = &app; !one->get_subcommands().empty();) {
        one = one->get_subcommands().front();
        words += " " + one->get_name();
    }
    return words;
}

/// "clarion phnoe": the first word is no command. CLI11 would only say that one is missing.
std::string unknown_command(const CLI::App& app, int argc, char** argv) {
    if (argc < 2 || argv[1][0] == '-') return {};
    const std::string word{argv[1]};
    std::string known;
    for (const auto* one : app.get_subcommands([](const CLI::App*) { return true; })) {
        if (one->get_name() == word) return {};
        known += (known.empty() ? "" : ", ") + one->get_name();
    }
    return fmt::format("there is no command '{}'; there are {}", word, known);
}

int run(int argc, char** argv) {
    CLI::App app{"Clarion from the command line: set a service up, be a phone, call, and see why it rang or did not."};
    app.name("clarion");
    app.require_subcommand(1);
    CommandLine line;
    add_admin(app, line);
    add_push(app, line);
    add_phone(app, line);
    app.set_version_flag("--version", "clarion " CLARION_VERSION);
    if (const auto problem = unknown_command(app, argc, argv); !problem.empty()) return fail(problem);
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        // Help is no error; everything else is one line and where to look.
        if (error.get_exit_code() == 0) return app.exit(error);
        return fail(fmt::format("{} (`{} --help` shows how)", error.what(), asked_for(app)));
    }
    if (const auto problem = understand_times(line); !problem.empty()) return fail(problem);
    understand(line);
    return dispatch(app, line);
}

}  // namespace

int main(int argc, char** argv) {
    ::signal(SIGPIPE, SIG_IGN);  // A closed pipe is an error of write(), not the end of the call.
    try {
        return run(argc, argv);
    } catch (const std::exception& error) {
        return clarion::tool::fail(error.what());
    }
}
