// SPDX-License-Identifier: Apache-2.0
// The call screen alone, over sequences of facts from the bytes. A refused fact changed nothing; the state goes through
// JSON unharmed; every screen that was opened is closed once; every action of the system has one result.
#include <map>
#include <set>
#include <string>

#include "core/callui/callui.hpp"
#include "core/callui/described.hpp"
#include "core/protocol/messages_described.hpp"
#include "tests/fuzz/arbitrary.hpp"

namespace clarion::callui {
namespace {

using fuzz::Entropy;

class FuzzedScreen {
  public:
    FuzzedScreen(Entropy& entropy, protocol::Platform platform)
        : entropy_{entropy}, rules_{system_rules(platform)}, ui_{rules_, now_} {}

    void run() {
        for (int steps = 0; steps < 300 && !entropy_.empty(); ++steps) step();
        pass(Duration{3'600'000});
    }

  private:
    void step() {
        switch (entropy_.below(16)) {
            case 0: pass(Duration{entropy_.byte() * 10}); return;
            case 1: pass(Duration{entropy_.byte() * 1'000}); return;
            case 2: die(Duration{entropy_.byte() * 500}); return;
            case 3: hand_over(); return;
            default: feed(fuzz::arbitrary<Input>(entropy_, {now_, WallTime{1'700'000'000'000}}));
        }
    }
    static std::string text_of(const Snapshot& snapshot) { return codec::encode(snapshot); }

    void feed(const Input& input) {
        const auto before = text_of(ui_.snapshot());
        if (!ui_.handle_input(now_, input)) {
            CLARION_FUZZ_EXPECT(text_of(ui_.snapshot()) == before, codec::encode(input));
            return;
        }
        drain();
    }
    void pass(Duration duration) {
        const Instant until = now_ + duration;
        for (int timers = 0; ui_.next_deadline() <= until; ++timers) {
            CLARION_FUZZ_EXPECT(timers < 1'000, "a timer that does not rest");
            now_ = std::max(now_, ui_.next_deadline());
            CLARION_FUZZ_EXPECT(ui_.handle_timeout(now_).has_value(), "a timeout is never refused");
            drain();
        }
        now_ = until;
    }
    Snapshot stored() {
        const auto text = text_of(ui_.snapshot());
        auto read = codec::decode<Snapshot>(text, 4 * 1024 * 1024);
        CLARION_FUZZ_EXPECT(read.has_value(), text);
        CLARION_FUZZ_EXPECT(text_of(*read) == text, text);
        return *std::move(read);
    }
    void hand_over() {
        const auto before = text_of(ui_.snapshot());
        auto next = CallUi::resume(rules_, stored());
        CLARION_FUZZ_EXPECT(next.has_value(), before);
        ui_ = std::move(*next);
        CLARION_FUZZ_EXPECT(text_of(ui_.snapshot()) == before, before);
    }
    void die(Duration asleep) {
        const auto journal = stored();
        now_ = now_ + asleep;
        auto next = CallUi::restore(rules_, journal, now_, asleep);
        CLARION_FUZZ_EXPECT(next.has_value(), codec::encode(journal));
        ui_ = std::move(*next);
        if (!rules_.screen_survives) screen_.clear();
        settled_.clear();
        drain();
    }
    void drain() {
        while (const auto output = ui_.poll_output()) std::visit([this](const auto& one) { see(one); }, *output);
    }
    template <class T>
    void see(const T&) {}
    void see(const FulfilAction& out) { settle(out.action); }
    void see(const FailAction& out) { settle(out.action); }
    void settle(ActionId action) {
        CLARION_FUZZ_EXPECT(action != 0, "0 waits for nothing");
        CLARION_FUZZ_EXPECT(settled_.insert(action).second, "an action with two results");
        // The machine remembers the last kSeenActionsMax.
        if (settled_.size() > kSeenActionsMax / 2) settled_.clear();
    }

    Entropy& entropy_;
    Instant now_{5'000};
    SystemRules rules_;
    CallUi ui_;
    std::set<CallId> screen_;
    std::set<ActionId> settled_;
};

}  // namespace
}  // namespace clarion::callui

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    clarion::fuzz::Entropy entropy{{data, size}};
    const auto platform = entropy.one_of(clarion::EnumText<clarion::protocol::Platform>::values).value;
    clarion::callui::FuzzedScreen{entropy, platform}.run();
    return 0;
}
