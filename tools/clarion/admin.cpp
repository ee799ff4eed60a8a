// SPDX-License-Identifier: Apache-2.0
#include "tools/clarion/admin.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <filesystem>
#include <string_view>
#include <system_error>
#include <utility>

#include "core/codec/json.hpp"
#include "core/protocol/messages_described.hpp"
#include "crypto/keys.hpp"
#include "net/http_message.hpp"
#include "sdk/native/device_state.hpp"
#include "sdk/native/files.hpp"
#include "tools/clarion/api.hpp"

namespace clarion::tool {
namespace {

constexpr std::size_t kReplyMax = 64 * 1024;

using Reply = std::expected<codec::Document, std::string>;

/// Opens the API and sends one request.
std::expected<Api, std::string> open_api(const AccessOptions& options, Access& access) {
    auto resolved = resolve_access(options, Needs::api_key);
    if (!resolved) return std::unexpected{resolved.error()};
    access = std::move(*resolved);
    return Api::open(access);
}

Reply parse_reply(const std::expected<std::string, std::string>& body) {
    if (!body) return std::unexpected{body.error()};
    auto document = codec::Document::parse(*body, kReplyMax);
    if (!document) return std::unexpected{std::string{"the server's answer is not JSON: is this a Clarion server?"}};
    return std::move(*document);
}

std::string user_path(std::string_view user) { return "/v1/users/" + net::percent_encode(user); }

std::string text_of(const codec::Document& document, std::string_view name) {
    return std::string{document.root().get(name).text().value_or("")};
}

std::expected<std::string, std::string> read_key_file(const std::string& file) {
    const auto text = native::read_file(file, 4096);
    if (!text) return std::unexpected{text.error()};
    if (!*text) return std::unexpected{fmt::format("{} is not there", file)};
    auto key = **text;
    key.erase(key.find_last_not_of(" \r\n\t") + 1);
    if (key.empty()) return std::unexpected{fmt::format("{} is empty", file)};
    return key;
}

std::expected<std::pair<std::string, std::int64_t>, std::string> make_token(
    Api& api, std::string_view user, std::string_view device, Duration ttl
) {
    codec::Writer out;
    out.begin_object().key("ttl_s").integer(ttl.count() / 1000);
    if (!device.empty()) out.key("device").text(device);
    out.end_object();
    const auto reply = parse_reply(api.send("POST", user_path(user) + "/tokens", out.take()));
    if (!reply) return std::unexpected{reply.error()};
    auto token = text_of(*reply, "token");
    if (token.empty()) return std::unexpected{std::string{"the server's answer holds no token"}};
    return std::pair{std::move(token), reply->root().get("expires_at").signed_integer().value_or(0)};
}

/// The device's own key pair: made once, kept on a second `device add`.
std::expected<crypto::BoxSecret, std::string> box_key(const std::filesystem::path& directory) {
    const auto file = native::box_key_file(directory);
    std::error_code failed;
    if (std::filesystem::exists(file, failed)) {
        auto loaded = crypto::BoxSecret::load(file);
        if (!loaded) return std::unexpected{loaded.error().text};
        return *loaded;
    }
    std::filesystem::create_directories(directory, failed);
    if (failed) return std::unexpected{fmt::format("cannot make {}: {}", directory.string(), failed.message())};
    std::filesystem::permissions(directory, std::filesystem::perms::owner_all, failed);
    const auto made = crypto::BoxSecret::generate();
    if (const auto saved = made.save(file); !saved) return std::unexpected{saved.error().text};
    return made;
}

std::string device_body(const DeviceAdd& command, const crypto::BoxSecret& key) {
    codec::Writer out;
    out.begin_object().key("platform").text(command.platform);
    out.key("public_key").text(key.box_public().text());
    out.key("push");
    if (command.push_provider.empty()) {
        out.null();
    } else {
        out.begin_object().key("provider").text(command.push_provider).key("token").text(command.push_token);
        if (!command.push_topic.empty()) out.key("topic").text(command.push_topic);
        if (!command.push_environment.empty()) out.key("environment").text(command.push_environment);
        if (!command.push_p256dh.empty()) out.key("p256dh").text(command.push_p256dh);
        if (!command.push_auth.empty()) out.key("auth").text(command.push_auth);
        out.end_object();
    }
    out.end_object();
    return out.take();
}

/// What the device must know to run by itself. Error: one line.
std::expected<native::DeviceState, std::string> state_of(
    const Access& access, const DeviceAdd& command, const codec::Document& reply
) {
    const auto service = ServiceId::parse(access.service);
    const auto user = UserId::parse(command.user);
    const auto device = DeviceId::parse(command.device);
    const auto platform = enum_from<protocol::Platform>(command.platform);
    if (!service) return std::unexpected{std::string{"which service? Give --service ID"}};
    if (!user || !device || !platform) {
        return std::unexpected{std::string{"user and device are 1 to 64 letters, digits, '-', '_' or '.'"}};
    }
    native::DeviceState state{
        .server = access.server,
        .ca_file = access.ca_file.empty() ? "" : std::filesystem::absolute(access.ca_file).string(),
        .service = *service,
        .user = *user,
        .device = *device,
        .platform = *platform,
    };
    const auto keys = reply.root().get("verify_keys");
    for (std::size_t i = 0; i < keys.size(); ++i) state.verify_keys.emplace_back(keys.at(i).text().value_or(""));
    if (state.verify_keys.empty()) return std::unexpected{std::string{"the server's answer holds no verify_keys"}};
    return state;
}

}  // namespace

int fail(std::string_view text) {
    fmt::print(stderr, "clarion: {}\n", text);
    return 1;
}

int service_add(const AccessOptions& options, const ServiceAdd& command) {
    auto access = resolve_access(options, Needs::server);
    if (!access) return fail(access.error());
    const auto admin_key = read_key_file(command.admin_key_file);
    if (!admin_key) return fail(admin_key.error());
    auto api = Api::open(*access);
    if (!api) return fail(api.error());
    api->use_admin_key(*admin_key);

    codec::Writer body;
    body.begin_object().key("id").text(command.id);
    body.key("name").text(command.name.empty() ? command.id : command.name).end_object();
    const auto reply = parse_reply(api->send("POST", "/v1/services", body.take()));
    if (!reply) return fail(reply.error());
    Access made = *access;
    made.service = command.id;
    made.api_key = text_of(*reply, "api_key");
    made.api_secret = text_of(*reply, "api_secret");
    if (!made.ca_file.empty()) made.ca_file = std::filesystem::absolute(made.ca_file).string();

    const bool prints_secret = command.save_to == "-";
    const auto file = command.save_to.empty() ? profile_file() : std::filesystem::path{command.save_to};
    if (!prints_secret) {
        // The secret is said once: when it cannot be kept, it must not be lost.
        if (const auto saved = save_access(file, made); !saved) {
            fmt::print("api_key {}\napi_secret {}\n", made.api_key, made.api_secret);
            return fail(saved.error());
        }
    }
    if (command.format == Format::json) {
        codec::Writer out;
        out.begin_object().key("id").text(made.service).key("api_key").text(made.api_key);
        if (prints_secret) out.key("api_secret").text(made.api_secret);
        if (!prints_secret) out.key("saved_to").text(file.string());
        out.end_object();
        fmt::print("{}\n", out.take());
        return 0;
    }
    fmt::print("service {} is there; API key {}\n", made.service, made.api_key);
    if (prints_secret) {
        fmt::print("API secret {}\n", made.api_secret);
    } else {
        fmt::print("key and secret are in {}; the secret is not shown again\n", file.string());
    }
    return 0;
}

int user_add(const AccessOptions& options, const UserAdd& command) {
    Access access;
    auto api = open_api(options, access);
    if (!api) return fail(api.error());
    codec::Writer body;
    body.begin_object().key("name").text(command.name.empty() ? command.user : command.name).end_object();
    const auto reply = api->send("PUT", user_path(command.user), body.take());
    if (!reply) return fail(reply.error());
    fmt::print("user {} is there\n", command.user);
    return 0;
}

int device_add(const AccessOptions& options, const DeviceAdd& command) {
    Access access;
    auto api = open_api(options, access);
    if (!api) return fail(api.error());
    if (command.push_provider.empty() != command.push_token.empty()) {
        return fail("--push-provider and --push-token belong together");
    }
    const std::filesystem::path directory{command.state_directory};
    const auto key = box_key(directory);
    if (!key) return fail(key.error());
    const auto target = user_path(command.user) + "/devices/" + net::percent_encode(command.device);
    const auto reply = parse_reply(api->send("PUT", target, device_body(command, *key)));
    if (!reply) return fail(reply.error());
    auto state = state_of(access, command, *reply);
    if (!state) return fail(state.error());
    if (command.token_ttl.count() > 0) {
        auto token = make_token(*api, command.user, command.device, command.token_ttl);
        if (!token) return fail(token.error());
        state->token = Redacted{std::move(token->first)};
    }
    if (const auto saved = native::save_device(directory, *state); !saved) return fail(saved.error());
    fmt::print(
        "device {} of {} is there ({}, {}); its keys are in {}\n", command.device, command.user, command.platform,
        command.push_provider.empty() ? "no push" : "push over " + command.push_provider, directory.string()
    );
    return 0;
}

int token_make(const AccessOptions& options, const TokenMake& command) {
    Access access;
    auto api = open_api(options, access);
    if (!api) return fail(api.error());
    std::string device = command.device;
    native::DeviceState state;
    if (!command.state_directory.empty()) {
        auto loaded = native::load_device(command.state_directory);
        if (!loaded) return fail(loaded.error());
        state = std::move(*loaded);
        if (state.user.text() != command.user) {
            return fail(fmt::format("{} is a device of {}", command.state_directory, state.user.text()));
        }
        if (device.empty()) device = state.device.text();
    }
    const auto token = make_token(*api, command.user, device, command.ttl);
    if (!token) return fail(token.error());
    if (!command.state_directory.empty()) {
        state.token = Redacted{token->first};
        if (const auto saved = native::save_device(command.state_directory, state); !saved) return fail(saved.error());
        fmt::print("{} has a new token\n", command.state_directory);
    } else if (command.format == Format::json) {
        codec::Writer out;
        out.begin_object().key("token").text(token->first).key("expires_at").integer(token->second).end_object();
        fmt::print("{}\n", out.take());
    } else {
        fmt::print("{}\n", token->first);
    }
    return 0;
}

}  // namespace clarion::tool
