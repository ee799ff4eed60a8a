// SPDX-License-Identifier: Apache-2.0
#include "lab/stage/push_command.hpp"

#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <optional>
#include <utility>

#include "core/codec/json.hpp"
#include "crypto/keys.hpp"
#include "crypto/web_push.hpp"
#include "lab/push/apns_service.hpp"
#include "lab/push/credentials.hpp"
#include "lab/push/fault_script.hpp"
#include "lab/push/fcm_service.hpp"
#include "lab/push/web_push_door.hpp"
#include "lab/push/web_push_service.hpp"
#include "net/input_reader.hpp"
#include "net/loop.hpp"
#include "net/testing/test_certificate.hpp"

namespace clarion::lab {
namespace {

constexpr const char* kBundle = "com.example.app";
constexpr const char* kProject = "lab-project";
constexpr const char* kKeyId = "LABKEY0001";
constexpr const char* kTeamId = "LABTEAM001";
constexpr std::size_t kScriptMax = 1024 * 1024;

void say(codec::Writer& json) {
    std::puts(json.take().c_str());
    std::fflush(stdout);
}

std::string_view name_of(PushService service) {
    switch (service) {
        case PushService::apns: return "apns";
        case PushService::fcm: return "fcm";
        case PushService::web_push: return "web";
        case PushService::unified_push: return "up";
    }
    return "";
}

std::string hexadecimal(const std::string& text) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    std::string hex;
    for (const char c : text) {
        hex += kDigits[static_cast<unsigned char>(c) >> 4U];
        hex += kDigits[static_cast<unsigned char>(c) & 0xfU];
    }
    return hex;
}

/// The four services with their credentials and one device each.
class PushStreet {
  public:
    PushStreet(net::Loop& loop, const PushCommandOptions& options, std::filesystem::path directory);

    /// An error in one line, or nothing.
    [[nodiscard]] std::optional<std::string> start();
    /// Plays a script and says what is wrong with it.
    [[nodiscard]] std::optional<std::string> play(std::string_view script);
    void write_ready(codec::Writer& json) const;

  private:
    [[nodiscard]] std::optional<std::string> start_apns();
    [[nodiscard]] std::optional<std::string> start_fcm();
    [[nodiscard]] std::optional<std::string> start_web();
    void perform(const ScriptLine& line);
    void tell(const DeliveredPush& push) const;
    [[nodiscard]] PushServiceOptions common(std::uint16_t port) const;

    net::Loop& loop_;
    const PushCommandOptions& options_;
    const std::filesystem::path directory_;
    net::testing::TestCertificate certificate_;
    crypto::WebPushReceiver receiver_ = crypto::WebPushReceiver::generate();
    std::unique_ptr<ApnsService> apns_;
    std::unique_ptr<FcmService> fcm_;
    std::unique_ptr<WebPushService> web_;
    std::unique_ptr<WebPushService> unified_;
    std::unique_ptr<WebPushDoor> door_;
    std::uint16_t apns_port_ = 0;
    std::uint16_t fcm_port_ = 0;
    std::uint16_t door_port_ = 0;
    std::string apns_key_file_;
    std::string service_account_file_;
    const std::string voip_token_ = hexadecimal(crypto::random_token(24));
    const std::string alert_token_ = hexadecimal(crypto::random_token(24));
    const std::string fcm_token_ = crypto::random_token(16) + ":APA91b" + crypto::random_token(96);
    WebPushService::Subscription web_subscription_;
    WebPushService::Subscription unified_subscription_;
};

PushStreet::PushStreet(net::Loop& loop, const PushCommandOptions& options, std::filesystem::path directory)
    : loop_{loop}, options_{options}, directory_{std::move(directory)} {}

PushServiceOptions PushStreet::common(std::uint16_t port) const {
    return {.port = port, .certificate_file = certificate_.certificate_file(), .key_file = certificate_.key_file()};
}

std::optional<std::string> PushStreet::start() {
    std::error_code error;
    std::filesystem::copy_file(
        certificate_.ca_file(), directory_ / "ca.pem", std::filesystem::copy_options::overwrite_existing, error
    );
    if (error) return directory_.string() + ": " + error.message();
    if (auto failure = start_apns()) return "apns: " + *failure;
    if (auto failure = start_fcm()) return "fcm: " + *failure;
    return start_web();
}

std::optional<std::string> PushStreet::start_apns() {
    ApnsServiceOptions options{common(options_.apns_port)};
    options.environment = options_.is_sandbox ? ApnsEnvironment::sandbox : ApnsEnvironment::production;
    apns_ = std::make_unique<ApnsService>(loop_, options);
    const auto port = apns_->start();
    if (!port) return port.error().message;
    apns_port_ = *port;
    auto credentials = make_apns_credentials(directory_, kKeyId, kTeamId);
    if (!credentials) return credentials.error();
    apns_key_file_ = credentials->key_file;
    apns_->add_key(std::move(credentials->key));
    using Kind = ApnsDevice::Kind;
    for (const auto& [token, kind] : {std::pair{voip_token_, Kind::voip}, std::pair{alert_token_, Kind::alert}}) {
        apns_->register_device({.token = token, .bundle_id = kBundle, .kind = kind, .environment = options.environment}
        );
    }
    apns_->on_push([this](const DeliveredPush& push) { tell(push); });
    return std::nullopt;
}

std::optional<std::string> PushStreet::start_fcm() {
    fcm_ = std::make_unique<FcmService>(loop_, FcmServiceOptions{common(options_.fcm_port)});
    const auto port = fcm_->start();
    if (!port) return port.error().message;
    fcm_port_ = *port;
    auto credentials = make_fcm_credentials(directory_, kProject, fcm_->token_uri());
    if (!credentials) return credentials.error();
    service_account_file_ = credentials->service_account_file;
    fcm_->add_account(std::move(credentials->account));
    fcm_->register_device({.token = fcm_token_, .project_id = kProject});
    fcm_->on_push([this](const DeliveredPush& push) { tell(push); });
    return std::nullopt;
}

std::optional<std::string> PushStreet::start_web() {
    WebPushServiceOptions options{common(options_.web_port)};
    options.dialect = options_.dialect;
    web_ = std::make_unique<WebPushService>(loop_, options);
    if (const auto port = web_->start(); !port) return "web: " + port.error().message;
    WebPushServiceOptions unified{common(options_.unified_port)};
    unified.is_unified_push = true;
    unified_ = std::make_unique<WebPushService>(loop_, unified);
    if (const auto port = unified_->start(); !port) return "up: " + port.error().message;
    for (auto* service : {web_.get(), unified_.get()}) {
        service->on_push([this](const DeliveredPush& push) { tell(push); });
    }
    web_subscription_ = web_->subscribe();
    unified_subscription_ = unified_->subscribe();
    door_ = std::make_unique<WebPushDoor>(loop_, *web_);
    const auto port = door_->start(options_.door_port);
    if (!port) return "door: " + port.error().message;
    door_port_ = *port;
    return std::nullopt;
}

void PushStreet::tell(const DeliveredPush& push) const {
    codec::Writer json;
    json.begin_object().key("event").text("push").key("service").text(name_of(push.service));
    json.key("token").text(push.token).key("id").text(push.id).key("push_type").text(push.push_type);
    json.key("priority").text(push.priority).key("topic").text(push.topic).key("collapse_id").text(push.collapse_id);
    if (push.expires) json.key("expires_ms").integer(push.expires->ms);
    const bool is_sealed = push.service == PushService::web_push || push.service == PushService::unified_push;
    if (!is_sealed) {
        json.key("payload").raw(push.payload);
    } else if (const auto plain = receiver_.open(push.payload)) {
        json.key("plain").text(*plain);
    }
    json.end_object();
    say(json);
}

void PushStreet::perform(const ScriptLine& line) {
    const auto act = [&](auto& service, auto&& end) {
        switch (line.deed) {
            case ScriptLine::Deed::fault: service.add_fault(line.token, line.fault); break;
            case ScriptLine::Deed::skew: service.set_skew(line.skew); break;
            case ScriptLine::Deed::away: service.set_online(line.token, false); break;
            case ScriptLine::Deed::back: service.set_online(line.token, true); break;
            case ScriptLine::Deed::gone: end(); break;
            case ScriptLine::Deed::doze: fcm_->set_dozing(line.token, true); break;
            case ScriptLine::Deed::wake: fcm_->set_dozing(line.token, false); break;
        }
    };
    switch (line.door) {
        case ScriptLine::Door::apns: return act(*apns_, [&] { apns_->unregister_device(line.token); });
        case ScriptLine::Door::fcm: return act(*fcm_, [&] { fcm_->unregister_device(line.token); });
        case ScriptLine::Door::web_push: return act(*web_, [&] { web_->unsubscribe(line.token); });
        case ScriptLine::Door::unified_push: return act(*unified_, [&] { unified_->unsubscribe(line.token); });
        case ScriptLine::Door::oauth:
            if (line.deed == ScriptLine::Deed::fault) fcm_->add_oauth_fault(line.fault);
            if (line.deed == ScriptLine::Deed::gone) fcm_->revoke_access_tokens();
            return;
    }
}

std::optional<std::string> PushStreet::play(std::string_view script) {
    const auto lines = parse_fault_script(script);
    if (!lines) return lines.error();
    for (const auto& line : *lines) perform(line);
    return std::nullopt;
}

void PushStreet::write_ready(codec::Writer& json) const {
    const auto url = [](std::uint16_t port) { return "https://localhost:" + std::to_string(port); };
    json.begin_object().key("event").text("ready").key("ca_file").text((directory_ / "ca.pem").string());
    json.key("apns").begin_object().key("endpoint").text(url(apns_port_)).key("key_file").text(apns_key_file_);
    json.key("key_id").text(kKeyId).key("team_id").text(kTeamId).key("bundle_id").text(kBundle);
    json.key("voip_token").text(voip_token_).key("alert_token").text(alert_token_).end_object();
    json.key("fcm").begin_object().key("endpoint").text(url(fcm_port_));
    json.key("service_account_file").text(service_account_file_).key("project_id").text(kProject);
    json.key("token").text(fcm_token_).end_object();
    const auto subscription = [&](const char* name, const WebPushService& service, const auto& made) {
        json.key(name).begin_object().key("origin").text(service.origin()).key("id").text(made.id);
        json.key("endpoint").text(made.endpoint).key("keys").begin_object();
        json.key("p256dh").text(receiver_.p256dh()).key("auth").text(receiver_.auth()).end_object();
    };
    subscription("web", *web_, web_subscription_);
    json.key("door").text("ws://127.0.0.1:" + std::to_string(door_port_) + "/").end_object();
    subscription("up", *unified_, unified_subscription_);
    json.end_object().end_object();
}

/// The end of a pipe or terminal means that nobody steers any more; /dev/null never meant to.
bool is_steered() {
    struct stat input{};
    return ::isatty(STDIN_FILENO) != 0 || (::fstat(STDIN_FILENO, &input) == 0 && !S_ISCHR(input.st_mode));
}

std::expected<std::string, std::string> read_script(const std::string& name) {
    std::ifstream file{name, std::ios::binary};
    std::string text{std::istreambuf_iterator<char>{file}, {}};
    if (!file && text.empty()) return std::unexpected{name + ": cannot be read"};
    if (text.size() > kScriptMax) return std::unexpected{name + ": more than 1 MB"};
    return text;
}

int fail(const std::string& why) {
    std::fprintf(stderr, "clarion-lab push: %s\n", why.c_str());
    return 1;
}

int serve(net::Loop& loop, PushStreet& street, const PushCommandOptions& options) {
    if (auto failure = street.start()) return fail(*failure);
    if (!options.script_file.empty()) {
        const auto script = read_script(options.script_file);
        if (!script) return fail(script.error());
        if (auto failure = street.play(*script)) return fail(options.script_file + ": " + *failure);
    }
    codec::Writer ready;
    street.write_ready(ready);
    say(ready);
    net::LineSplitter lines;
    const auto steer = [&](std::string_view line) {
        const auto failure = street.play(line);
        codec::Writer json;
        json.begin_object().key("event").text(failure ? "error" : "done").key("line").text(line);
        if (failure) json.key("error").text(*failure);
        json.end_object();
        say(json);
    };
    std::optional<net::InputReader> reader;
    if (is_steered()) {
        reader.emplace(
            loop, STDIN_FILENO, [&](std::string_view bytes) { lines.take(bytes, steer); }, [&] { loop.stop(); }
        );
    }
    for (const int signal : {SIGINT, SIGTERM}) loop.on_signal(signal, [&] { loop.stop(); });
    loop.run();
    return 0;
}

}  // namespace

int run_push(const PushCommandOptions& options) {
    std::filesystem::path directory = options.directory;
    const bool is_temporary = directory.empty();
    std::error_code error;
    if (is_temporary) {
        std::string pattern = (std::filesystem::temp_directory_path() / "clarion-push-XXXXXX").string();
        if (::mkdtemp(pattern.data()) == nullptr) return fail("no temporary folder");
        directory = pattern;
    } else {
        std::filesystem::create_directories(directory, error);
        if (error) return fail(options.directory + ": " + error.message());
    }
    int status = 0;
    {
        net::Loop loop;
        PushStreet street{loop, options, std::filesystem::absolute(directory)};
        status = serve(loop, street, options);
    }
    if (is_temporary) std::filesystem::remove_all(directory, error);
    return status;
}

}  // namespace clarion::lab
