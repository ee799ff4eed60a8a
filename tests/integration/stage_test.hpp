// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gmock/gmock.h>
#include <stdlib.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <string>

#include "lab/stage/stage.hpp"
#include "net/clock.hpp"

namespace clarion::lab {

inline constexpr Duration kLimit{30'000};  // For anything that must happen; reached only when it does not.

// What `clarion call` and `clarion phone --once` exit with (tools/clarion/narrator.hpp).
inline constexpr int kExitAnswered = 0;
inline constexpr int kExitDeclined = 3;
inline constexpr int kExitMissed = 4;
inline constexpr int kExitCancelled = 5;
inline constexpr int kExitFailed = 6;

/// Alice at a desktop, Bob with an iPhone and an Android phone whose apps are not running.
class StageTest : public testing::Test {
  protected:
    void SetUp() override {
        std::string pattern = (std::filesystem::temp_directory_path() / "clarion-test-XXXXXX").string();
        ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
        directory_ = pattern;
    }

    void build(std::map<std::string, std::string> settings = {}) {
        auto stage = Stage::build(
            loop_, {.directory = directory_,
                    .clariond = CLARIOND,
                    .clarion = CLARION,
                    .shells = shells_,
                    .server_settings = std::move(settings)}
        );
        ASSERT_TRUE(stage) << stage.error();
        stage_ = std::move(*stage);
        ASSERT_TRUE(stage_->add_user("alice", "Alice"));
        ASSERT_TRUE(stage_->add_user("bob", "Bob"));
        const auto alice = stage_->add_desktop("alice", "alice-desktop");
        ASSERT_TRUE(alice) << alice.error();
        alice_state_ = alice->string();
        iphone_ = add("bob-iphone", Platform::ios);
        android_ = add("bob-android", Platform::android);
    }

    StagePhone* add(const std::string& device, Platform platform) {
        std::vector<std::string> arguments{"--loopback", "--tone", "440", "--verbose"};
        if (shells_.contains(platform))
            arguments.insert(arguments.end(), shell_arguments_.begin(), shell_arguments_.end());
        const auto phone = stage_->add_phone(
            {.user = "bob",
             .device = device,
             .name = device,
             .platform = platform,
             .app_arguments = arguments,
             .registers_itself = registers_itself_ && shells_.contains(platform)}
        );
        EXPECT_TRUE(phone) << phone.error();
        return phone ? *phone : nullptr;
    }

    void place(std::vector<std::string> more = {}) {
        std::vector<std::string> command{"call",       "bob",    "--state", alice_state_,
                                         "--loopback", "--tone", "330",     "--json"};
        command.insert(command.end(), more.begin(), more.end());
        auto alice = stage_->start("alice", command);
        ASSERT_TRUE(alice) << alice.error();
        alice_ = *alice;
    }

    [[nodiscard]] bool wait(const std::function<bool()>& done) { return stage_->wait(done, kLimit); }

    [[nodiscard]] bool wait_for(const StagePhone& phone, ScreenState state) {
        return wait([&] { return phone.is_on_screen(state); });
    }

    [[nodiscard]] bool wait_until_both_ring() {
        return wait([&] {
            return iphone_->was_on_screen(ScreenState::incoming) && android_->was_on_screen(ScreenState::incoming);
        });
    }

    /// Asks the server for the trace of the call on this phone until `step` is in it so often.
    [[nodiscard]] bool wait_for_step(const StagePhone& phone, const std::string& step, unsigned times) {
        const Instant until = net::boot_now() + kLimit;
        while (net::boot_now() < until) {
            const std::string trace = stage_->run({"trace", phone.screens.front().call_id.text()}).output;
            unsigned found = 0;
            for (auto at = trace.find(step); at != std::string::npos; at = trace.find(step, at + 1)) ++found;
            if (found >= times) return true;
        }
        return false;
    }

    [[nodiscard]] bool wait_for_alice() {
        return wait([&] { return alice_->done; });
    }

    [[nodiscard]] bool wait_for_end(const StagePhone& phone) { return wait_for(phone, ScreenState::gone); }

    /// Opens the app and reads what it is told about the call: nothing was lost, however late it comes (I10).
    [[nodiscard]] EndReason told_end(StagePhone& phone) {
        phone.phone->open_app();
        const auto is_end = [](const callui::Event& event) { return event.kind == callui::EventKind::ended; };
        if (!wait([&] { return std::ranges::any_of(phone.events, is_end); })) return EndReason::unknown;
        EXPECT_EQ(std::ranges::count_if(phone.events, is_end), 1);
        EXPECT_EQ(std::ranges::count(phone.events, callui::EventKind::incoming, &callui::Event::kind), 1);
        return std::ranges::find_if(phone.events, is_end)->reason;
    }

    void TearDown() override {
        if (stage_) {
            for (const auto& phone : stage_->phones()) {
                for (const Violation violation : phone->violations) {
                    ADD_FAILURE() << phone->spec.device << " " << to_string(violation);
                }
                for (const std::string& rule : phone->broken_rules) ADD_FAILURE() << phone->spec.device << " " << rule;
            }
        }
        stage_.reset();
        if (HasFailure()) {
            ADD_FAILURE() << "logs are in " << directory_;
        } else {
            std::filesystem::remove_all(directory_);
        }
    }

    net::Loop loop_;
    std::filesystem::path directory_;
    std::map<Platform, std::filesystem::path> shells_;  // Real shells: programs of lab/ios, lab/android.
    std::vector<std::string> shell_arguments_;
    bool registers_itself_ = false;  // The real shells tell the server where they are woken.
    std::unique_ptr<Stage> stage_;
    StagePhone* iphone_ = nullptr;
    StagePhone* android_ = nullptr;
    std::string alice_state_;
    std::shared_ptr<Running> alice_;
};

}  // namespace clarion::lab
