// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>

#include "core/codec/protocol_codec.hpp"
#include "core/engine/engine.hpp"
#include "crypto/invite_box.hpp"
#include "sdk/door/clarion.hpp"
#include "sdk/native/push_opener.hpp"
#include "tests/bench/report.hpp"

extern char** environ;

namespace clarion::bench {
namespace {

using Clock = std::chrono::steady_clock;

double microseconds(Clock::duration duration) { return std::chrono::duration<double, std::micro>(duration).count(); }

std::array<std::uint8_t, 32> fixed_bytes(std::uint8_t first) {
    std::array<std::uint8_t, 32> bytes{};
    bytes.front() = first;
    return bytes;
}

struct Push {
    crypto::SigningKey server = crypto::SigningKey::from_seed(fixed_bytes(1));
    crypto::BoxSecret device = crypto::BoxSecret::from_bytes(fixed_bytes(2));
    native::PushOpener opener{device, {server.verify_key()}};
    std::string json;
    std::string sealed;

    explicit Push(std::uint8_t number) {
        protocol::Invite invite{
            .service = *ServiceId::parse("acme"),
            .call_id = *CallId::parse("6f1f7d5e-0000-4000-8000-000000000001"),
            .to_user = *UserId::parse("bob"),
            .device = *DeviceId::parse("bob-phone"),
            .from_user = *UserId::parse("alice"),
            .from_name = Redacted<std::string>{"Alice Example"},
            .issued_at = WallTime{1'000},
            .ring_until = WallTime{61'000},
            .accept_until = WallTime{66'000},
            .ticket = Redacted<std::string>{"0123456789abcdef0123456789abcdef"},
        };
        invite.call_id.uuid.bytes[15] = number;
        json = codec::encode_invite(invite);
        sealed = crypto::seal_invite(json, server, &device.box_public()).value();
    }
};

engine::Config config() {
    return {
        .service = *ServiceId::parse("acme"),
        .user = *UserId::parse("bob"),
        .device = *DeviceId::parse("bob-phone"),
        .platform = protocol::Platform::ios,
    };
}

/// Until ReportIncoming is in hand; what else there is to do comes after the user hears the phone.
bool reports(engine::Engine& phone, const engine::PushReceived& push) {
    if (!phone.handle_input(Instant{5'000}, push)) return false;
    const auto first = phone.poll_output();
    return first && std::holds_alternative<callui::ReportIncoming>(*first);
}

[[noreturn]] void give_up(const char* why) {
    std::fprintf(stderr, "clarion-bench: %s\n", why);
    std::exit(1);
}

void add(std::vector<Row>& rows, const std::string& name, std::vector<double>& times, double target) {
    rows.push_back({.name = name + ", p50", .value = quantile(times, 0.5), .unit = "us"});
    rows.push_back({.name = name + ", p99", .value = quantile(times, 0.99), .unit = "us", .target = target});
}

constexpr int kRounds = 5'000;

}  // namespace

std::vector<Row> engine_rows() {
    const Push push{1};
    std::vector<double> opened;
    std::vector<double> whole;
    std::vector<double> at_door;
    const std::string fact = R"({"type":"push_received","wall_now":1000,"invite":)" + push.json + "}";
    const std::string door_config = R"({"service":"acme","user":"bob","device":"bob-phone","platform":"ios"})";
    for (int round = 0; round < kRounds; ++round) {
        engine::Engine phone{config(), Instant{5'000}, 1};
        const auto start = Clock::now();
        const auto received = push.opener.open_cc_param(push.sealed, WallTime{1'000}, true);
        const auto after_opening = Clock::now();
        const bool is_reported = reports(phone, received);
        const auto end = Clock::now();
        if (!is_reported) give_up("the push was not reported");
        opened.push_back(microseconds(after_opening - start));
        whole.push_back(microseconds(end - start));

        auto other = door::Engine::create(door_config, 5'000, 1);
        const auto at = Clock::now();
        const bool is_taken = other && other->send(5'000, fact).has_value() && other->receive().has_value();
        at_door.push_back(microseconds(Clock::now() - at));
        if (!is_taken) give_up("the push was refused at the door");
    }
    std::vector<Row> rows;
    add(rows, "push -> ReportIncoming", whole, 1'000);
    add(rows, "  of it seal and signature", opened, 0);
    add(rows, "opened push -> command, at the door (JSON)", at_door, 0);
    return rows;
}

int run_cold() {
    const Push push{1};
    engine::Engine phone{config(), Instant{5'000}, 1};
    if (!reports(phone, push.opener.open_cc_param(push.sealed, WallTime{1'000}, true))) return 1;
    // Says so at once: what a process does when it ends is not part of it.
    return write(STDOUT_FILENO, "!", 1) == 1 ? 0 : 1;
}

std::vector<Row> cold_rows(const std::string& program) {
    std::vector<double> times;
    for (int round = 0; round < 51; ++round) {
        std::array<int, 2> ends{};
        if (pipe2(ends.data(), O_CLOEXEC) != 0) give_up("no pipe");
        posix_spawn_file_actions_t actions;
        posix_spawn_file_actions_init(&actions);
        posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
        std::string name = program;
        std::string argument = kColdArgument;
        std::array<char*, 3> arguments{name.data(), argument.data(), nullptr};
        const auto start = Clock::now();
        pid_t child = 0;
        if (posix_spawn(&child, name.c_str(), &actions, nullptr, arguments.data(), environ) != 0) give_up("no child");
        close(ends[1]);
        char said = 0;
        const bool is_reported = read(ends[0], &said, 1) == 1;
        times.push_back(microseconds(Clock::now() - start) / 1'000);
        close(ends[0]);
        posix_spawn_file_actions_destroy(&actions);
        int status = 0;
        waitpid(child, &status, 0);
        if (!is_reported) give_up("the new process did not report");
    }
    return {
        {.name = "process start -> ReportIncoming, p50",
         .value = quantile(times, 0.5),
         .unit = "ms",
         .target = 20,
         .note = "makes and seals the push as well"},
    };
}

}  // namespace clarion::bench
