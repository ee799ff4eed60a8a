// SPDX-License-Identifier: Apache-2.0
// The real iOS shell in a process of its own, for an app with a voice service of its own: no Clarion server anywhere,
// the pushes are the app's, and its voice says when a call is connected.
#include <gmock/gmock.h>
#include <stdlib.h>

#include <filesystem>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "lab/phone/live_phone.hpp"

namespace clarion::lab {
namespace {

constexpr Duration kLimit{30'000};  // For anything that must happen; reached only when it does not.

class IPhoneWithAnOwnService : public testing::Test {
  protected:
    void SetUp() override {
        std::string pattern = (std::filesystem::temp_directory_path() / "clarion-test-XXXXXX").string();
        ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
        directory_ = pattern;
        LivePhoneOptions options{.name = "Bob's iPhone", .platform = Platform::ios};
        options.app = {CLARION_IPHONE, "--state", directory_ / "app", "--own-service", "--verbose"};
        options.log_file = directory_ / "app.log";
        LivePhoneWatcher watcher;
        watcher.on_screen = [this](const ScreenChanged& change) { screens_.push_back(change); };
        watcher.on_event = [this](const callui::Event& event) { events_.push_back(event); };
        watcher.on_violation = [](Violation violation) { ADD_FAILURE() << to_string(violation); };
        watcher.on_rule_broken = [](const std::string& rule) { ADD_FAILURE() << rule; };
        watcher.on_note = [this](const std::string& note) { notes_.push_back(note); };
        watcher.on_missed = [](const callui::ShowMissedCall&) { ADD_FAILURE() << "nothing was missed"; };
        watcher.on_process = [this](bool running, const std::string&) { launches_ += running ? 1 : 0; };
        phone_ = std::make_unique<LivePhone>(loop_, std::move(options), std::move(watcher));
    }

    void TearDown() override {
        EXPECT_EQ(phone_->os().calls_on_screen(), 0U);
        phone_.reset();
        if (HasFailure()) {
            ADD_FAILURE() << "logs are in " << directory_;
        } else {
            std::filesystem::remove_all(directory_);
        }
    }

    void push_of_the_backend() {
        const char* fact =
            R"({"type":"incoming_announced","backend_id":"room 7","name":"Alice","handle":"alice","ring_for":30000})";
        phone_->push({.data = {{"callui", fact}}}, true);
    }

    [[nodiscard]] bool wait(const std::function<bool()>& done) { return loop_.run_until(done, kLimit); }

    [[nodiscard]] bool wait_for(ScreenState state) {
        return wait([&] { return !screens_.empty() && screens_.back().state == state; });
    }

    /// So many different ones: what was told and not acknowledged before a death is told again.
    [[nodiscard]] std::size_t told(callui::EventKind kind) const {
        std::set<std::uint64_t> numbers;
        for (const callui::Event& event : events_) {
            if (event.kind == kind) numbers.insert(event.seq);
        }
        return numbers.size();
    }

    /// Answers, talks and hangs up; the app heard of the whole call once.
    void talk_and_end() {
        using Kind = callui::EventKind;
        phone_->tap(Tap::accept);
        ASSERT_TRUE(wait_for(ScreenState::connected)) << "the app's voice said so";
        ASSERT_TRUE(wait([&] { return !notes_.empty(); }));
        EXPECT_EQ(notes_.front(), "audio session active") << "its voice may run from here on";
        phone_->tap(Tap::hang_up);
        ASSERT_TRUE(wait_for(ScreenState::gone));
        ASSERT_TRUE(wait([&] { return told(Kind::ended) == 1; }));
        for (const Kind kind : {Kind::incoming, Kind::answered, Kind::connected}) EXPECT_EQ(told(kind), 1U);
    }

    net::Loop loop_;
    std::filesystem::path directory_;
    std::unique_ptr<LivePhone> phone_;
    std::vector<ScreenChanged> screens_;
    std::vector<callui::Event> events_;
    std::vector<std::string> notes_;
    unsigned launches_ = 0;
};

TEST_F(IPhoneWithAnOwnService, AKilledAppRingsByItsOwnPushIsAnsweredConnectsAndEnds) {
    push_of_the_backend();
    ASSERT_TRUE(wait_for(ScreenState::incoming));
    EXPECT_EQ(screens_.front().name, "Alice");
    talk_and_end();
    EXPECT_EQ(launches_, 1U);
}

TEST_F(IPhoneWithAnOwnService, AProcessThatIsKilledWhileItRingsRingsAgainWhenTheAppIsOpened) {
    push_of_the_backend();
    ASSERT_TRUE(wait_for(ScreenState::incoming));
    ASSERT_TRUE(wait([&] { return told(callui::EventKind::incoming) == 1; })) << "told after it is in the journal";
    phone_->kill_app();
    ASSERT_TRUE(wait_for(ScreenState::gone)) << "IOS-CK-15";
    phone_->open_app();
    ASSERT_TRUE(wait_for(ScreenState::incoming));
    EXPECT_EQ(screens_.back().call_id, screens_.front().call_id);
    talk_and_end();
    EXPECT_EQ(launches_, 2U);
}

}  // namespace
}  // namespace clarion::lab
