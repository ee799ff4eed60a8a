// SPDX-License-Identifier: Apache-2.0
// Every fault that the local services know, mixed by a seed, under the real senders on real sockets. Nothing of a push
// is believed to its sender: what it says is compared with what the services saw and the devices got.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "core/base/random.hpp"
#include "net/clock.hpp"
#include "net/testing/instrumented.hpp"
#include "tests/conformance/push/street.hpp"

namespace clarion::lab {
namespace {

using namespace std::chrono_literals;
using server::PushKind;
using server::PushOutcome;
using server::PushProvider;
using Kind = PushFault::Kind;

constexpr std::size_t kPushes = 1'500;
constexpr int kTicks = 150;
constexpr Duration kTick{net::testing::kIsInstrumented ? 100 : 20};
/// From leaving to the moment at which the service looks at it: both live on one thread of a busy machine.
constexpr Duration kTransit{net::testing::kIsInstrumented ? 5'000 : 1'000};

// ---- the script ----

const std::vector<std::string> kEverywhere{
    "throttle 1",
    "slow 40",
    "slow 400",
    "silence",
    "refuse",
    "reset",
    "cancel",
    "goaway Shutdown",
    "last-words Shutdown",
    "retire max_age",
    "streams 2 for 150",
    "streams 0 for 200",
    "starve 150",
    "page 502",
    "drop",
    "abort",
    "times 3 refuse",
    "slow 200",
};
const std::vector<std::string> kApns{
    "status 500 InternalServerError",
    "status 503 ServiceUnavailable",
    "status 503 Shutdown",
    "status 400 IdleTimeout",
    "status 400 BadDeviceToken",
    "status 400 TopicDisallowed",
    "status 413 PayloadTooLarge",
    "status 410 ExpiredToken",
    "status 429 TooManyProviderTokenUpdates",
    "status 400 SomethingNew",
    "status 400 BadCollapseId",
    "throttle 60",
    "deaf",
};
const std::vector<std::string> kFcm{
    "status 500 INTERNAL",
    "status 503 UNAVAILABLE",
    "status 503 UNAVAILABLE retry-after 1",
    "status 503 UNAVAILABLE retry-after 60",
    "throttle 60",
    "status 400 INVALID_ARGUMENT",
    "status 404 UNREGISTERED",
    "status 403 SENDER_ID_MISMATCH",
    "status 401 THIRD_PARTY_AUTH_ERROR",
    "after 6 status 401 ACCESS_TOKEN_EXPIRED",
};
const std::vector<std::string> kWeb{
    "status 500 oops",   "status 503 later retry-after 1",
    "status 400 bad",    "status 404 nobody",
    "status 410 gone",   "status 413 large",
    "status 406 slowly", "status 507 full",
    "status 301 away",   "throttle 60",
    "status 503 later",
};

template <class T>
void shuffle(std::vector<T>& all, Random& random) {
    for (std::size_t i = all.size(); i > 1; --i) std::swap(all[i - 1], all[random.below(i)]);
}

/// Three rounds of everything, a burst of failures that opens the circuit between them.
std::string script_of(const std::string& door, const std::vector<std::string>& own, Random& random) {
    std::string script;
    for (int round = 0; round < 3; ++round) {
        std::vector<std::string> all = kEverywhere;
        all.insert(all.end(), own.begin(), own.end());
        shuffle(all, random);
        for (const std::string& what : all) {
            const bool has_after = what.starts_with("after");
            script += door + " * " + (has_after ? "" : "after " + std::to_string(random.below(6)) + " ") + what + "\n";
        }
        if (round == 1) script += door + " * times 25 status 503 down\n";
    }
    return script;
}

// ---- what may be ----

bool is_good(unsigned status) { return status >= 200 && status < 300; }

/// The provider promised that it did not look at it.
bool is_disowned(const PushLogEntry& entry) {
    return entry.fault == Kind::refuse_stream || entry.fault == Kind::go_away;
}

/// What the provider said, or did not say, leaves room for another attempt.
bool may_repeat(const StreetPush& push, const StreetRequest& entry) {
    if (entry.status == 0 || entry.is_cut) return true;
    const bool is_unknown_environment = push.device.is_sandbox && entry.reason == "BadDeviceToken";
    const bool is_token = entry.status == 401 && entry.reason == "ACCESS_TOKEN_EXPIRED";
    constexpr std::array kStatuses{406U, 408U, 429U, 500U, 502U, 503U, 507U};
    return is_unknown_environment || is_token || entry.reason == "IdleTimeout" ||
           std::ranges::find(kStatuses, entry.status) != kStatuses.end();
}

/// The network's words for an attempt that had no answer.
bool is_silence(const std::string& reason) {
    return reason.starts_with("lost") || reason.starts_with("reset") || reason.starts_with("timed_out");
}

std::string story_of(const StreetPush& push) {
    std::string story = "push " + std::to_string(push.number) + " by " + std::string{to_string(push.device.provider)} +
                        ": " + std::string{to_string(push.result.outcome)} + " " +
                        std::to_string(push.result.provider_status) + " '" + push.result.provider_reason + "', " +
                        std::to_string(push.result.attempts) + " attempts, again for";
    for (const auto& reason : push.result.repeated_for) story += " '" + reason + "'";
    story += "; seen:";
    for (const PushLogEntry& entry : push.seen) {
        story += " [" + std::to_string((push.deadline - entry.arrived).count()) + " ms left, connection " +
                 std::to_string(entry.connection) + " stream " + std::to_string(entry.stream) + ": " +
                 std::to_string(entry.status) + " " + entry.reason +
                 (entry.fault ? ", fault " + std::to_string(static_cast<int>(*entry.fault)) : "") + "]";
    }
    return story + "; delivered " + std::to_string(push.delivered) + " times";
}

class MixedFaults : public ::testing::TestWithParam<int> {
  protected:
    MixedFaults() : random_{static_cast<std::uint64_t>(GetParam())} {}

    void prepare();
    void send_some();
    void check(const StreetPush& push);
    void check_repeats(const StreetPush& push);
    void check_times(const StreetPush& push);
    void check_last_word(const StreetPush& push);

    Random random_;
    Street street_;
    std::set<Kind> kinds_;
    std::set<PushOutcome> outcomes_;
    std::size_t requests_ = 0;
    std::size_t repeats_ = 0;
};

void MixedFaults::prepare() {
    street_.play(script_of("apns", kApns, random_));
    street_.play(script_of("fcm", kFcm, random_));
    street_.play(script_of("web", kWeb, random_));
    street_.play(script_of("up", kWeb, random_));
    street_.play("oauth * status 503 down\noauth * slow 150\noauth * drop\n");
    // One device of each kind dies in the middle.
    for (StreetDevice& device : street_.devices()) {
        const bool is_last = &device == &street_.devices().back() || (&device + 1)->provider != device.provider;
        if (!is_last) continue;
        const char* door = device.provider == PushProvider::apns      ? nullptr  // The last one is of the sandbox.
                           : device.provider == PushProvider::fcm     ? "fcm "
                           : device.provider == PushProvider::webpush ? "web "
                                                                      : "up ";
        if (door == nullptr) continue;
        device.dies = true;
        street_.play(door + device.name + " after 8 dead");
    }
    street_.devices().front().dies = true;
    street_.play("apns " + street_.devices().front().name + " after 8 dead");
}

void MixedFaults::send_some() {
    for (std::size_t i = 0; i < kPushes / kTicks; ++i) {
        const auto& devices = street_.devices();
        const StreetDevice& device = devices[random_.below(devices.size())];
        // Short ones, ordinary ones, and some that outlive the attempt's own deadline.
        const auto dice = random_.below(20);
        const Duration window{dice == 0 ? 300 : dice == 1 ? 9'000 : 1'500 + static_cast<int>(random_.below(4'500))};
        const bool is_other = random_.below(10) == 0 && device.provider != PushProvider::apns;
        StreetPush& push = street_.send(device, window, is_other ? PushKind::cancel : PushKind::ring);
        if (random_.below(8) == 0) push.over_at = net::boot_now() + Duration{random_.below(1'500)};
    }
}

/// Each further request has a reason that the sender tells, and nobody asks again after a final answer.
void MixedFaults::check_repeats(const StreetPush& push) {
    const auto& reasons = push.result.repeated_for;
    std::size_t looked_at = 0;
    for (std::size_t i = 0; i < push.seen.size(); ++i) {
        const StreetRequest& entry = push.seen[i];
        if (is_disowned(entry)) continue;
        ++looked_at;
        const bool is_last = i + 1 == push.seen.size();
        if (is_last) continue;
        EXPECT_TRUE(may_repeat(push, entry)) << "asked again after a final answer: " << story_of(push);
        const auto is_told = [&](const std::string& reason) {
            if (entry.status == 401 && reason == "UNAUTHENTICATED") return true;
            return is_silence(reason) || reason.contains(entry.reason) ||
                   reason == "HTTP " + std::to_string(entry.status);
        };
        EXPECT_TRUE(std::ranges::any_of(reasons, is_told)) << "its reason is not told: " << story_of(push);
    }
    EXPECT_LE(looked_at, push.result.attempts) << "more requests than it tells: " << story_of(push);
    EXPECT_LE(push.result.attempts, 1 + reasons.size()) << "repeats without a reason: " << story_of(push);
    for (const auto& reason : reasons) EXPECT_FALSE(reason.empty()) << story_of(push);
    requests_ += push.seen.size();
    repeats_ += reasons.size();
}

void MixedFaults::check_times(const StreetPush& push) {
    // That no repeat is decided on in the last seconds, Retry and Dispatch prove without a machine's luck: here it may
    // wait for a new connection, whose making takes what it takes.
    for (const StreetRequest& entry : push.seen) {
        EXPECT_LE(entry.arrived, push.deadline + kTransit) << "after its deadline: " << story_of(push);
        // Given up while it was on its way: that is what "unknown" says.
        const Duration way = push.result.outcome == PushOutcome::unknown ? kTransit : 0ms;
        EXPECT_LE(entry.arrived.ms, (push.settled_at + way).ms) << "after its result: " << story_of(push);
        EXPECT_LE(entry.arrived.ms, std::min(push.over_at.ms, kNever.ms - 10'000) + kTransit.count())
            << "for a call that is over since " << (entry.arrived - push.over_at).count() << " ms: " << story_of(push);
    }
    // The result comes when the window is over, at the latest.
    EXPECT_LE(push.settled_at, push.deadline + kTransit) << story_of(push);
}

/// Accepted: the provider said yes. Anything else: it is what was heard last, or why nothing was sent.
void MixedFaults::check_last_word(const StreetPush& push) {
    const server::PushResult& result = push.result;
    const bool has_yes = std::ranges::any_of(push.seen, [](const auto& one) { return is_good(one.status); });
    if (result.outcome == PushOutcome::accepted) {
        ASSERT_FALSE(push.seen.empty()) << story_of(push);
        EXPECT_TRUE(is_good(push.seen.back().status)) << "accepted by nobody: " << story_of(push);
        if (!push.device.dies) EXPECT_GE(push.delivered, 1U) << story_of(push);
        return;
    }
    EXPECT_FALSE(
        result.provider_reason.empty() && result.outcome != PushOutcome::expired &&
        result.outcome != PushOutcome::withdrawn
    ) << "no reason: "
      << story_of(push);
    if (result.provider_status != 0) {
        const bool is_heard =
            std::ranges::any_of(push.seen, [&](const auto& one) { return one.status == result.provider_status; });
        EXPECT_TRUE(is_heard) << "an answer that nobody gave: " << story_of(push);
    }
    // A device may have got what its sender calls a failure only when the answer was lost on its way.
    const bool is_in_doubt =
        result.outcome == PushOutcome::unknown || std::ranges::any_of(result.repeated_for, is_silence);
    if (has_yes) EXPECT_TRUE(is_in_doubt) << "a yes that was taken for a no: " << story_of(push);
}

void MixedFaults::check(const StreetPush& push) {
    ASSERT_EQ(push.results, 1U) << story_of(push);
    check_repeats(push);
    check_times(push);
    check_last_word(push);
    const auto good = std::ranges::count_if(push.seen, [](const auto& one) { return is_good(one.status); });
    EXPECT_LE(push.delivered, static_cast<unsigned>(good)) << story_of(push);
    if (!push.device.dies) EXPECT_EQ(push.delivered, static_cast<unsigned>(good)) << story_of(push);
    for (const PushLogEntry& entry : push.seen) {
        if (entry.fault) kinds_.insert(*entry.fault);
    }
    outcomes_.insert(push.result.outcome);
}

TEST_P(MixedFaults, EachRingIsDeliveredOrItsFailureIsTold) {
    prepare();
    net::Timer timer{street_.loop};
    int ticks = 0;
    std::function<void()> tick = [&] {
        if (++ticks == kTicks / 3) street_.play("apns * skew 200\nfcm * skew -200\nweb * skew -200\nup * skew 200");
        if (ticks == 2 * kTicks / 3) street_.play("apns * skew 0\nfcm * skew 0\nweb * skew 0\nup * skew 0");
        send_some();
        if (ticks < kTicks) timer.arm(kTick, tick);
    };
    timer.arm(kTick, tick);
    ASSERT_TRUE(street_.loop.run_until([&] { return ticks == kTicks && street_.are_all_settled(); }, 60s));
    // What was given up may still be under way; whatever comes now would be too much.
    bool is_over = false;
    timer.arm(500ms, [&] { is_over = true; });
    ASSERT_TRUE(street_.loop.run_until([&] { return is_over; }, 5s));
    street_.collect();
    for (const auto& push : street_.pushes()) check(*push);

    for (const Kind kind :
         {Kind::silence, Kind::refuse_stream, Kind::reset_stream, Kind::cancel_stream, Kind::go_away,
          Kind::drop_connection, Kind::abort_connection, Kind::deafen}) {
        EXPECT_TRUE(kinds_.contains(kind)) << "the script never came to fault " << static_cast<int>(kind);
    }
    for (const PushOutcome outcome :
         {PushOutcome::accepted, PushOutcome::dead_token, PushOutcome::suspect_token, PushOutcome::payload_fault,
          PushOutcome::transient, PushOutcome::unknown, PushOutcome::withdrawn, PushOutcome::throttled_device}) {
        EXPECT_TRUE(outcomes_.contains(outcome)) << to_string(outcome) << " did not happen";
    }
    std::map<std::string_view, int> count;
    for (const auto& push : street_.pushes()) ++count[to_string(push->result.outcome)];
    std::string summary;
    for (const auto& [outcome, times] : count) summary += " " + std::string{outcome} + " " + std::to_string(times);
    std::printf(
        "%zu pushes, %zu requests, %zu told repeats:%s\n", street_.pushes().size(), requests_, repeats_, summary.c_str()
    );
}

INSTANTIATE_TEST_SUITE_P(Seed, MixedFaults, ::testing::Values(1, 2, 3, 4), ::testing::PrintToStringParamName());

}  // namespace
}  // namespace clarion::lab
