// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/callui/callui.hpp"
#include "core/callui/described.hpp"
#include "core/codec/described.hpp"

/// The call screen machine as an app with a voice service of its own drives it. After every step it is a new machine,
/// made from the JSON of the old one's snapshot: whatever a test expects holds through that as well.
namespace clarion::callui {

inline constexpr Instant kStart{1'000};
inline constexpr Duration kRing{30'000};

inline CallId id_of(int n) {
    CallId id;
    id.uuid.bytes[14] = static_cast<std::uint8_t>(n / 256);
    id.uuid.bytes[15] = static_cast<std::uint8_t>(n % 256);
    return id;
}
inline const CallId kCall = id_of(1);
inline const CallId kOther = id_of(2);

inline Redacted<std::string> text(std::string plain) { return Redacted<std::string>{std::move(plain)}; }

inline IncomingAnnounced incoming_call(const CallId& id = kCall) {
    return {.call_id = id, .name = text("Alice"), .handle = text("alice"), .ring_for = kRing};
}

class Ui {
  public:
    explicit Ui(protocol::Platform platform = protocol::Platform::ios) : Ui{system_rules(platform)} {}
    explicit Ui(SystemRules rules) : rules_{rules}, machine{rules, kStart} {}

    std::vector<Output> feed(const Input& input) {
        const auto result = machine.handle_input(now, input);
        EXPECT_TRUE(result.has_value()) << codec::encode(input) << (result ? "" : result.error().field);
        return drain();
    }
    std::vector<Output> wait(Duration d) {
        now = now + d;
        EXPECT_TRUE(machine.handle_timeout(now).has_value());
        return drain();
    }
    /// What is refused changes nothing and says why.
    InputError refused(const Input& input) {
        const std::string before = state();
        const auto result = machine.handle_input(now, input);
        EXPECT_FALSE(result.has_value()) << codec::encode(input);
        EXPECT_FALSE(machine.poll_output().has_value());
        EXPECT_EQ(state(), before);
        return result ? InputError{InputError::bad_input, "was not refused"} : result.error();
    }
    /// The process dies after its last output and the next one starts `later`, in another boot.
    std::vector<Output> die_and_restart(Duration later = Duration{0}) {
        now = Instant{5'000};
        auto next = CallUi::restore(rules_, machine.snapshot(), now, later);
        EXPECT_TRUE(next.has_value());
        if (next) machine = std::move(*next);
        return drain();
    }

    std::vector<Output> drain() {
        std::vector<Output> outputs;
        while (auto output = machine.poll_output()) outputs.push_back(*output);
        if (!is_renewed) return outputs;
        const auto snapshot = codec::decode<Snapshot>(state(), 4 * 1024 * 1024);
        EXPECT_TRUE(snapshot.has_value()) << snapshot.error().message();
        auto same = CallUi::resume(rules_, *snapshot);
        EXPECT_TRUE(same.has_value());
        const std::string before = state();
        machine = std::move(*same);
        EXPECT_EQ(state(), before);
        return outputs;
    }
    [[nodiscard]] std::string state() const { return codec::encode(machine.snapshot()); }
    [[nodiscard]] std::vector<Event> events() const { return machine.snapshot().events; }
    [[nodiscard]] std::vector<EventKind> kinds() const {
        std::vector<EventKind> kinds;
        for (const Event& event : machine.snapshot().events) kinds.push_back(event.kind);
        return kinds;
    }

    bool is_renewed = true;  // Off only where hundreds of steps fill something up.
    SystemRules rules_;
    CallUi machine;
    Instant now = kStart;
};

template <class T>
std::vector<T> all(const std::vector<Output>& outputs) {
    std::vector<T> found;
    for (const Output& output : outputs) {
        if (const auto* one = std::get_if<T>(&output)) found.push_back(*one);
    }
    return found;
}

template <class T>
int count(const std::vector<Output>& outputs) {
    return static_cast<int>(all<T>(outputs).size());
}

/// The only one of its kind.
template <class T>
T only(const std::vector<Output>& outputs) {
    const auto found = all<T>(outputs);
    EXPECT_EQ(found.size(), 1U);
    return found.empty() ? T{} : found.front();
}

}  // namespace clarion::callui
