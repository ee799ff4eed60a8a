// SPDX-License-Identifier: Apache-2.0
// Two programs in one, for tests/bench/push/run:
//
//   clarion-push-bench sink DIRECTORY          a provider that says yes to everything, in a process of its own; makes
//                                              keys and certificates there and prints one line of JSON
//   clarion-push-bench send WHAT DIRECTORY PORT COUNT IN_FLIGHT CONNECTIONS
//                                              WHAT: apns, fcm (the senders), http2 (their client alone), web (seal and
//                                              client, with a VAPID token that is kept); prints JSON
#include <signal.h>
#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "crypto/web_push.hpp"
#include "lab/push/credentials.hpp"
#include "net/clock.hpp"
#include "net/http2_client.hpp"
#include "net/http2_server.hpp"
#include "net/loop.hpp"
#include "net/testing/test_certificate.hpp"
#include "server/adapters/apns/apns_sender.hpp"
#include "server/adapters/fcm/fcm_sender.hpp"

namespace clarion::bench {
namespace {

using namespace std::chrono_literals;

constexpr const char* kKeyId = "BENCHKEY01";
constexpr const char* kTeamId = "BENCHTEAM1";
constexpr const char* kTopic = "com.example.app";
constexpr std::size_t kPayload = 300;  // What a sealed invite and a few plain fields come to.

[[noreturn]] void give_up(const std::string& why) {
    std::fprintf(stderr, "clarion-push-bench: %s\n", why.c_str());
    std::exit(1);
}

template <class T, class E>
T must(std::expected<T, E> result, const char* what) {
    if (!result) give_up(what);
    return *std::move(result);
}

// ---- the sink ----

net::HttpResponse answer_to(const net::HttpRequest& request) {
    if (request.path.starts_with("/3/device/")) {
        const std::string* id = net::find_header(request.headers, "apns-id");
        return {.headers = {{"apns-id", id == nullptr ? "0" : *id}}};
    }
    if (request.path.ends_with("/token")) {
        return {
            .headers = {{"content-type", "application/json"}},
            .body = R"({"access_token":"ya29.bench","expires_in":3599,"token_type":"Bearer"})"
        };
    }
    if (request.path.ends_with("/messages:send")) {
        return {
            .headers = {{"content-type", "application/json; charset=UTF-8"}},
            .body = R"({"name":"projects/bench/messages/0:1700000000000000%31bd1c9631bd1c96"})"
        };
    }
    return {.status = 201, .headers = {{"location", "https://localhost/message/1"}, {"ttl", "30"}}};
}

int run_sink(const std::filesystem::path& directory) {
    std::filesystem::create_directories(directory);
    const net::testing::TestCertificate certificate;
    const auto overwrite = std::filesystem::copy_options::overwrite_existing;
    std::filesystem::copy_file(certificate.ca_file(), directory / "ca.pem", overwrite);
    net::Loop loop;
    net::Http2Server server{
        loop,
        {.tls = must(
             net::TlsContext::server(
                 {.certificate_file = certificate.certificate_file(),
                  .key_file = certificate.key_file(),
                  .alpn = {"h2", "http/1.1"}}
             ),
             "TLS"
         ),
         .serves_http1 = true,
         .is_lenient = true,
         .streams_max = 1000}
    };
    server.on_exchange([](const net::HttpRequest& request, const net::Http2Exchange& exchange) {
        exchange.respond(answer_to(request));
    });
    const auto port = must(server.start(), "no port");
    const std::string token_uri = "https://localhost:" + std::to_string(port) + "/token";
    const auto apns = must(lab::make_apns_credentials(directory, kKeyId, kTeamId), "APNs key");
    const auto fcm = must(lab::make_fcm_credentials(directory, "bench", token_uri), "service account");
    std::printf(
        "{\"port\":%u,\"key_file\":\"%s\",\"account_file\":\"%s\"}\n", static_cast<unsigned>(port),
        apns.key_file.c_str(), fcm.service_account_file.c_str()
    );
    std::fflush(stdout);
    for (const int signal : {SIGINT, SIGTERM}) loop.on_signal(signal, [&] { loop.stop(); });
    loop.run();
    return 0;
}

// ---- the senders ----

struct MachineClock final : server::Clock {
    [[nodiscard]] WallTime wall_now() const override { return net::wall_now(); }
};

struct Task {
    std::filesystem::path directory;
    std::uint16_t port = 0;
    std::size_t count = 0;
    std::size_t in_flight = 0;
    std::size_t connections = 1;
};

/// Sends one and calls back with whether it was accepted.
using SendOne = std::function<void(std::size_t number, std::function<void(bool)> done)>;

double cpu_seconds() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    const auto seconds = [](const timeval& time) {
        return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
    };
    return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

/// `in_flight` at any moment, until all are answered.
void measure(net::Loop& loop, const Task& task, const SendOne& send_one) {
    std::size_t started = 0;
    std::size_t finished = 0;
    std::size_t accepted = 0;
    std::size_t goal = 0;
    std::function<void()> next = [&] {
        if (started == goal) return;
        send_one(started++, [&](bool is_accepted) {
            ++finished;
            accepted += is_accepted ? 1 : 0;
            if (finished == goal) return loop.stop();
            next();
        });
    };
    const auto run = [&](std::size_t count) {
        goal += count;
        for (std::size_t i = 0; i < task.in_flight; ++i) next();
        loop.run();
    };
    run(std::max<std::size_t>(1, task.count / 10));  // Connects, signs in, warms up.
    const std::size_t warm = accepted;
    const double cpu_before = cpu_seconds();
    const auto start = std::chrono::steady_clock::now();
    run(task.count);
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    const double cpu = cpu_seconds() - cpu_before;
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    std::printf(
        "{\"count\":%zu,\"accepted\":%zu,\"seconds\":%.4f,\"cpu\":%.4f,\"rss_mb\":%.1f}\n", task.count, accepted - warm,
        seconds, cpu, static_cast<double>(usage.ru_maxrss) / 1024
    );
}

std::string device_token(std::size_t number) {
    char text[65];
    std::snprintf(text, sizeof text, "%064zx", number + 0x1000000);
    return text;
}

server::PushRequest push_request(server::PushProvider provider, std::string token) {
    return {
        .provider = provider,
        .token = Redacted{std::move(token)},
        .environment = server::PushEnvironment::production,
        .kind = server::PushKind::ring,
        .fields = {{"cc_param", std::string(kPayload, 'x')}, {"type", "ring"}},
        .call_id = *CallId::parse("0b0b6f0e-8a3c-4c3e-9a0a-2f6b4e1d7c55"),
        .device_id = *DeviceId::parse("d1"),
        .expires = net::wall_now() + 45s,
        .now = net::wall_now()
    };
}

void measure_sender(net::Loop& loop, const Task& task, server::PushSender& sender, server::PushProvider provider) {
    measure(loop, task, [&](std::size_t number, std::function<void(bool)> done) {
        sender.send(
            push_request(provider, device_token(number)), [done = std::move(done)](const server::PushResult& result
                                                          ) { done(result.outcome == server::PushOutcome::accepted); }
        );
    });
}

void run_apns(net::Loop& loop, const Task& task) {
    const MachineClock clock;
    const auto sender = must(
        server::apns::ApnsSender::make(
            loop, clock,
            {.endpoint = "https://localhost:" + std::to_string(task.port),
             .sandbox_endpoint = "https://localhost:" + std::to_string(task.port),
             .ca_file = task.directory / "ca.pem",
             .key_file = task.directory / ("AuthKey_" + std::string{kKeyId} + ".p8"),
             .key_id = kKeyId,
             .team_id = kTeamId,
             .topic = kTopic}
        ),
        "APNs sender"
    );
    measure_sender(loop, task, *sender, server::PushProvider::apns);
}

void run_fcm(net::Loop& loop, const Task& task) {
    const MachineClock clock;
    const auto sender = must(
        server::fcm::FcmSender::make(
            loop, clock,
            {.endpoint = "https://localhost:" + std::to_string(task.port),
             .service_account_file = task.directory / "bench-service-account.json",
             .ca_file = task.directory / "ca.pem"}
        ),
        "FCM sender"
    );
    measure_sender(loop, task, *sender, server::PushProvider::fcm);
}

void run_http2(net::Loop& loop, const Task& task) {
    const auto tls = must(net::TlsContext::client({.ca_file = task.directory / "ca.pem", .alpn = {"h2"}}), "TLS");
    net::Http2Client client{
        loop,
        {.host = "localhost",
         .port = task.port,
         .tls = tls,
         .connections_min = task.connections,
         .connections_max = task.connections,
         .open_pause = 0ms,
         .unindexed_headers = {"apns-id", "apns-expiration"}}
    };
    client.warm_up();
    measure(loop, task, [&](std::size_t number, std::function<void(bool)> done) {
        client.request(
            {.path = "/3/device/" + device_token(number),
             .headers =
                 {{"authorization", "bearer " + std::string(220, 't')},
                  {"apns-push-type", "voip"},
                  {"apns-topic", "com.example.app.voip"},
                  {"apns-priority", "10"},
                  {"apns-expiration", "1700000000"},
                  {"apns-id", "0b0b6f0e-8a3c-4c3e-9a0a-2f6b4e1d7c55"}},
             .body = R"({"aps":{},"cc_param":")" + std::string(kPayload, 'x') + R"(","type":"ring"})"},
            [done = std::move(done)](const std::expected<net::HttpResponse, net::Http2Error>& answer) {
                done(answer && answer->status == 200);
            }
        );
    });
}

void run_web(net::Loop& loop, const Task& task) {
    const auto tls = must(net::TlsContext::client({.ca_file = task.directory / "ca.pem", .alpn = {"h2"}}), "TLS");
    net::Http2Client client{
        loop,
        {.host = "localhost",
         .port = task.port,
         .tls = tls,
         .connections_min = task.connections,
         .connections_max = task.connections,
         .open_pause = 0ms}
    };
    client.warm_up();
    const auto browser = crypto::WebPushReceiver::generate();
    const auto keys = must(crypto::WebPushKeys::parse(browser.p256dh(), browser.auth()), "keys");
    const std::string plain = R"({"cc_param":")" + std::string(kPayload, 'x') + R"(","type":"ring"})";
    const std::string vapid = "vapid t=" + std::string(220, 't') + ", k=" + std::string(87, 'k');
    measure(loop, task, [&](std::size_t number, std::function<void(bool)> done) {
        auto body = crypto::web_push_seal(plain, keys);
        if (!body) give_up("cannot seal");
        client.request(
            {.path = "/wpush/v2/" + device_token(number),
             .headers =
                 {{"authorization", vapid},
                  {"ttl", "45"},
                  {"urgency", "high"},
                  {"content-encoding", "aes128gcm"},
                  {"content-type", "application/octet-stream"}},
             .body = *std::move(body)},
            [done = std::move(done)](const std::expected<net::HttpResponse, net::Http2Error>& answer) {
                done(answer && answer->status == 201);
            }
        );
    });
}

int run_send(const std::string& what, const Task& task) {
    net::Loop loop;
    if (what == "apns") return run_apns(loop, task), 0;
    if (what == "fcm") return run_fcm(loop, task), 0;
    if (what == "http2") return run_http2(loop, task), 0;
    if (what == "web") return run_web(loop, task), 0;
    give_up("no sender '" + what + "'");
}

}  // namespace
}  // namespace clarion::bench

int main(int count, char** arguments) {
    using clarion::bench::Task;
    const std::vector<std::string> words{arguments + 1, arguments + count};
    if (words.size() == 2 && words[0] == "sink") return clarion::bench::run_sink(words[1]);
    if (words.size() == 7 && words[0] == "send") {
        const auto number = [&](std::size_t at) { return std::strtoul(words[at].c_str(), nullptr, 10); };
        return clarion::bench::run_send(
            words[1],
            Task{
                .directory = words[2],
                .port = static_cast<std::uint16_t>(number(3)),
                .count = number(4),
                .in_flight = number(5),
                .connections = number(6)
            }
        );
    }
    std::fputs("usage: see tests/bench/push/run --help\n", stderr);
    return 2;
}
