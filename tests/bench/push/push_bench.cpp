// SPDX-License-Identifier: Apache-2.0
// Two programs in one, for tests/bench/push/run:
//
//   clarion-push-bench sink DIRECTORY          a provider that says yes to everything, in a process of its own; makes
//                      still DIRECTORY         keys and certificates there and prints a line of JSON; `still` never
//                                              answers
//   clarion-push-bench send WHAT DIRECTORY PORT COUNT IN_FLIGHT CONNECTIONS
//                                              WHAT: apns, fcm, web (the senders), http2 (their client alone); prints
//                                              a line of JSON, or fails when pushes do
//   clarion-push-bench wait WHAT DIRECTORY PORT COUNT SECONDS
//                                              COUNT pushes at once that are worth something for so long, to a sink
//                                              that stands still: what becomes of them, and the memory that they take
#include <sys/resource.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "crypto/web_push.hpp"
#include "net/clock.hpp"
#include "net/http2_client.hpp"
#include "net/loop.hpp"
#include "server/adapters/apns/apns_sender.hpp"
#include "server/adapters/fcm/fcm_sender.hpp"
#include "server/adapters/webpush/webpush_sender.hpp"
#include "tests/bench/push/sink.hpp"

namespace clarion::bench {
namespace {

using namespace std::chrono_literals;

constexpr const char* kTopic = "com.example.app";
constexpr std::size_t kPayload = 300;  // What a sealed invite and a few plain fields come to.
constexpr Duration kStall = 60s;       // Longer than any push waits: then nothing works any more.
constexpr Duration kGrowth = 15s;      // For the connections to open, one a second.
constexpr std::size_t kFailuresMax = 100;

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

/// "": accepted; else why not.
using Done = std::move_only_function<void(std::string)>;

/// What is measured.
struct Subject {
    std::function<void(std::size_t number, Done done)> send;
    std::function<std::size_t()> connections;  // That work now.
};

double cpu_seconds() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    const auto seconds = [](const timeval& time) {
        return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
    };
    return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

double rss_max_mb() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return static_cast<double>(usage.ru_maxrss) / 1024;
}

double rss_mb() {
    std::size_t total = 0;
    std::size_t resident = 0;
    std::ifstream{"/proc/self/statm"} >> total >> resident;
    return static_cast<double>(resident) * 4096 / 1024 / 1024;
}

/// `in_flight` at any moment until all are answered.
class Measurement {
  public:
    Measurement(net::Loop& loop, const Task& task, Subject subject)
        : loop_{loop}, task_{task}, subject_{std::move(subject)}, watch_{loop} {}

    void run() {
        watch(0);
        const auto begin = std::chrono::steady_clock::now();
        do {  // Connects, signs in, warms up.
            send(std::max<std::size_t>(1, task_.count / 10));
        } while (subject_.connections() < task_.connections && std::chrono::steady_clock::now() - begin < kGrowth);
        const std::size_t failed = failed_;
        const double cpu_before = cpu_seconds();
        const auto start = std::chrono::steady_clock::now();
        send(task_.count);
        const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
        std::printf(
            "{\"count\":%zu,\"accepted\":%zu,\"seconds\":%.4f,\"cpu\":%.4f,\"rss_mb\":%.1f,\"connections\":%zu}\n",
            task_.count, task_.count - (failed_ - failed), seconds, cpu_seconds() - cpu_before, rss_max_mb(),
            subject_.connections()
        );
    }

  private:
    void send(std::size_t count) {
        goal_ += count;
        for (std::size_t i = 0; i < task_.in_flight; ++i) next();
        loop_.run();
    }
    void next() {
        if (started_ == goal_) return;
        subject_.send(started_++, [this](const std::string& why) {
            ++finished_;
            if (!why.empty() && ++failed_ >= kFailuresMax) give_up(std::to_string(failed_) + " pushes failed: " + why);
            if (finished_ == goal_) return loop_.stop();
            next();
        });
    }
    void watch(std::size_t finished) {
        watch_.arm(kStall, [this, finished] {
            if (finished == finished_) give_up("no push was answered for a minute");
            watch(finished_);
        });
    }

    net::Loop& loop_;
    const Task& task_;
    Subject subject_;
    net::Timer watch_;
    std::size_t started_ = 0;
    std::size_t finished_ = 0;
    std::size_t failed_ = 0;
    std::size_t goal_ = 0;
};

std::string device_token(std::size_t number) {
    std::string token(64, '0');
    std::array<char, 16> digits{};
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number + 0x1000000, 16).ptr;
    std::copy_backward(digits.data(), end, token.data() + token.size());
    return token;
}

// ---- the senders ----

struct SenderTask {
    std::unique_ptr<server::PushSender> sender;
    server::PushRequest request;                                // But for the device.
    std::vector<std::pair<std::string, std::string>> browsers;  // Public keys and secrets.
    std::string url;
};

server::PushRequest ring(server::PushProvider provider, Duration window) {
    const WallTime now = net::wall_now();
    return {
        .provider = provider,
        .environment = server::PushEnvironment::production,
        .kind = server::PushKind::ring,
        .fields = {{"cc_param", std::string(kPayload, 'x')}, {"type", "ring"}},
        .call_id = *CallId::parse("0b0b6f0e-8a3c-4c3e-9a0a-2f6b4e1d7c55"),
        .device_id = *DeviceId::parse("d1"),
        .expires = now + window,
        .now = now
    };
}

server::PushRequest request_to(const SenderTask& task, std::size_t number) {
    server::PushRequest request = task.request;
    std::string token = device_token(number);
    if (!task.browsers.empty()) {
        token = task.url + token;
        const auto& [key, secret] = task.browsers[number % task.browsers.size()];
        request.p256dh = key;
        request.auth = Redacted{secret};
    }
    request.token = Redacted{std::move(token)};
    return request;
}

SenderTask make_sender(net::Loop& loop, const std::string& what, const Task& task, Duration window) {
    static const MachineClock clock;
    const std::string url = "https://localhost:" + std::to_string(task.port);
    const std::string ca = task.directory / "ca.pem";
    SenderTask made;
    if (what == "apns") {
        const server::apns::ApnsConfig config{
            .endpoint = url,
            .sandbox_endpoint = url,
            .ca_file = ca,
            .key_file = task.directory / ("AuthKey_" + std::string{kKeyId} + ".p8"),
            .key_id = kKeyId,
            .team_id = kTeamId,
            .topic = kTopic,
            .connections_min = task.connections,
            .connections_max = task.connections
        };
        made.sender = must(server::apns::ApnsSender::make(loop, clock, config), "APNs sender");
        made.request = ring(server::PushProvider::apns, window);
    } else if (what == "fcm") {
        const server::fcm::FcmConfig config{
            .endpoint = url,
            .service_account_file = task.directory / "bench-service-account.json",
            .ca_file = ca,
            .connections_min = task.connections,
            .connections_max = task.connections
        };
        made.sender = must(server::fcm::FcmSender::make(loop, clock, config), "FCM sender");
        made.request = ring(server::PushProvider::fcm, window);
    } else if (what == "web") {
        const server::webpush::WebPushConfig config{
            .key_file = task.directory / "vapid.key",
            .subject = "mailto:ops@example.com",
            .ca_file = ca,
            .allow_private = true,
            .connections_max = task.connections
        };
        made.sender = must(server::webpush::WebPushSender::make(loop, clock, config), "Web Push sender");
        made.request = ring(server::PushProvider::webpush, window);
        made.url = url + "/wpush/v2/";
        for (int i = 0; i < 64; ++i) {
            const auto browser = crypto::WebPushReceiver::generate();
            made.browsers.emplace_back(browser.p256dh(), browser.auth());
        }
    } else {
        give_up("no sender '" + what + "'");
    }
    made.sender->warm_up();
    return made;
}

void measure_sender(net::Loop& loop, const std::string& what, const Task& task) {
    const SenderTask made = make_sender(loop, what, task, 45s);
    Measurement{
        loop,
        task,
        {.send =
             [&](std::size_t number, Done done) {
                 made.sender->send(
                     request_to(made, number),
                     [done = std::move(done)](const server::PushResult& result) mutable {
                         const bool is_good = result.outcome == server::PushOutcome::accepted;
                         done(is_good ? "" : std::string{to_string(result.outcome)} + " " + result.provider_reason);
                     }
                 );
             },
         .connections =
             [&] {
                 const auto channels = made.sender->channels();
                 return channels.empty() ? 0 : channels.front().connections;
             }}
    }.run();
}

void measure_http2(net::Loop& loop, const Task& task) {
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
    const auto common = std::make_shared<const net::Headers>(net::Headers{
        {"authorization", "bearer " + std::string(220, 't')},
        {"apns-push-type", "voip"},
        {"apns-topic", "com.example.app.voip"},
        {"apns-priority", "10"}
    });
    const std::string body = R"({"aps":{},"cc_param":")" + std::string(kPayload, 'x') + R"(","type":"ring"})";
    Measurement{
        loop,
        task,
        {.send =
             [&](std::size_t number, Done done) {
                 client.request(
                     {.path = "/3/device/" + device_token(number),
                      .common = common,
                      .headers =
                          {{"apns-expiration", "1700000000"}, {"apns-id", "0b0b6f0e-8a3c-4c3e-9a0a-2f6b4e1d7c55"}},
                      .body = body},
                     [done = std::move(done)](const std::expected<net::HttpResponse, net::Http2Error>& answer) mutable {
                         done(answer && answer->status == 200 ? "" : answer ? "refused" : answer.error().message);
                     }
                 );
             },
         .connections = [&] { return client.stats().connections; }}
    }.run();
}

/// Everything at once to a provider that stands still.
void wait_for_nothing(net::Loop& loop, const std::string& what, const Task& task, Duration window) {
    const double before = rss_mb();
    const SenderTask made = make_sender(loop, what, task, window);
    std::array<std::size_t, server::kPushOutcomes> outcomes{};
    std::size_t finished = 0;
    Duration slowest{0};
    for (std::size_t number = 0; number < task.count; ++number) {
        auto request = request_to(made, number);
        request.now = net::wall_now();
        request.expires = request.now + window;
        made.sender->send(std::move(request), [&](const server::PushResult& result) {
            ++outcomes[static_cast<std::size_t>(result.outcome)];
            slowest = std::max(slowest, result.elapsed);
            if (++finished == task.count) loop.stop();
        });
    }
    const double full = rss_mb();
    const double cpu = cpu_seconds();
    loop.run();
    std::printf(
        "{\"count\":%zu,\"mb_before\":%.1f,\"mb_waiting\":%.1f,\"mb_max\":%.1f,\"cpu_of_waiting\":%.2f,"
        "\"slowest_ms\":%lld,\"window_ms\":%lld",
        task.count, before, full, rss_max_mb(), cpu_seconds() - cpu, static_cast<long long>(slowest.count()),
        static_cast<long long>(window.count())
    );
    for (std::size_t i = 0; i < outcomes.size(); ++i) {
        if (outcomes[i] == 0) continue;
        std::printf(",\"%s\":%zu", std::string{to_string(server::PushOutcome(i))}.c_str(), outcomes[i]);
    }
    std::printf("}\n");
}

int run(const std::vector<std::string>& words) {
    if (words.size() == 2 && (words[0] == "sink" || words[0] == "still")) {
        return run_sink(words[1], words[0] == "still");
    }
    const bool is_wait = words.size() == 6 && words[0] == "wait";
    if (!is_wait && (words.size() != 7 || words[0] != "send")) {
        std::fputs("usage: see tests/bench/push/run --help\n", stderr);
        return 2;
    }
    const auto number = [&](std::size_t at) { return std::strtoul(words[at].c_str(), nullptr, 10); };
    Task task{.directory = words[2], .port = static_cast<std::uint16_t>(number(3)), .count = number(4)};
    net::Loop loop;
    if (is_wait) {
        wait_for_nothing(loop, words[1], task, std::chrono::seconds{number(5)});
        return 0;
    }
    task.in_flight = number(5);
    task.connections = number(6);
    if (words[1] == "http2") {
        measure_http2(loop, task);
    } else {
        measure_sender(loop, words[1], task);
    }
    return 0;
}

}  // namespace
}  // namespace clarion::bench

int main(int count, char** arguments) { return clarion::bench::run({arguments + 1, arguments + count}); }
