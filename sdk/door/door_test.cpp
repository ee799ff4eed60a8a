// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "sdk/door/clarion.hpp"

namespace clarion::door {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr std::string_view kConfig =
    R"({"service":"acme","user":"bob","device":"bob-phone","platform":"android","token":"t"})";

constexpr std::string_view kShown =
    R"({"type":"incoming_reported","call_id":"6f1f7d5e-0000-4000-8000-000000000001","result":"shown"})";

std::string push(std::string_view kind = "ring") {
    return R"({"type":"push_received","wall_now":1000,"invite":{"v":1,"kind":")" + std::string{kind} +
           R"(","svc":"acme","call":"6f1f7d5e-0000-4000-8000-000000000001","to":"bob","dev":"bob-phone","from":"alice",)"
           R"("name":"Alice","media":"audio","iat":1000,"ring":61000,"acc":66000,"tkt":"ticket"}})";
}

struct DoorTest : ::testing::Test {
    std::int64_t now = 5'000;
    Engine engine = Engine::create(kConfig, now, 1);

    std::vector<std::string> drain() {
        std::vector<std::string> commands;
        while (const auto json = engine.receive()) commands.emplace_back(*json);
        return commands;
    }

    /// What there is to know about an engine from outside; equal before and after a call that changed nothing.
    std::string state() {
        EXPECT_THAT(drain(), IsEmpty());
        const auto deadline = engine.next_deadline();
        return engine.snapshot() + "|" + std::to_string(deadline.at_ms) + "|" + std::string{deadline.timer};
    }
};

TEST_F(DoorTest, TheVersionOfTheLibraryIsThatOfTheHeader) {
    EXPECT_EQ(clarion_version(), (CLARION_VERSION_MAJOR << 16U | CLARION_VERSION_MINOR));
}

TEST_F(DoorTest, ARefusedTextGivesItsCodeAndChangesNothing) {
    ASSERT_EQ(engine.send(++now, push()), CLARION_OK);
    drain();
    const auto before = state();
    struct Case {
        std::string json;
        std::int32_t code;
    };
    const std::vector<Case> cases{
        {"", CLARION_ERR_MALFORMED},
        {"{", CLARION_ERR_MALFORMED},
        {"nonsense", CLARION_ERR_MALFORMED},
        {"{\"type\":\"app_attached\xff\"}", CLARION_ERR_MALFORMED},
        {"[]", CLARION_ERR_FIELD},
        {"{}", CLARION_ERR_FIELD},
        {R"({"type":7})", CLARION_ERR_FIELD},
        {R"({"type":"from_the_future"})", CLARION_ERR_UNKNOWN_TYPE},
        {R"({"type":"report_incoming"})", CLARION_ERR_UNKNOWN_TYPE},
        {R"({"type":"user_answered"})", CLARION_ERR_FIELD},
        {R"({"type":"user_answered","call_id":"no-uuid"})", CLARION_ERR_FIELD},
        {R"({"type":"user_answered","call_id":"6f1f7d5e-0000-4000-8000-000000000001","action":-1})", CLARION_ERR_FIELD},
        {R"({"type":"user_answered","call_id":"6f1f7d5e-0000-4000-8000-00000000ffff"})", CLARION_ERR_UNKNOWN_CALL},
        {R"({"type":"frame_received","wall_now":1,"text":"not json"})", CLARION_ERR_FIELD},
        {R"({"type":"frame_received","wall_now":1,"text":"{\"type\":\"from_the_future\"}"})", CLARION_ERR_UNKNOWN_TYPE},
        {R"({"type":"frame_received","wall_now":1})", CLARION_ERR_FIELD},
        {std::string(CLARION_JSON_MAX + 1, ' '), CLARION_ERR_TOO_LARGE},
        {std::string(10'000, '['), CLARION_ERR_MALFORMED},
    };
    for (const auto& [json, code] : cases) {
        EXPECT_EQ(engine.send(now, json), code) << json.substr(0, 80);
        EXPECT_NE(engine.error_text(), "") << json.substr(0, 80);
        EXPECT_EQ(state(), before) << json.substr(0, 80);
    }
}

TEST_F(DoorTest, AWrongOrderIsACodeAndNotUndefined) {
    ASSERT_EQ(engine.send(++now, push()), CLARION_OK);
    EXPECT_EQ(engine.send(now, R"({"type":"app_attached"})"), CLARION_ERR_UNDRAINED);
    EXPECT_EQ(engine.handle_timeout(now), CLARION_ERR_UNDRAINED);
    EXPECT_EQ(engine.snapshot(), "") << "a snapshot of an undrained engine would lose commands";
    drain();
    EXPECT_NE(engine.snapshot(), "");
    EXPECT_EQ(engine.send(now - 1, R"({"type":"app_attached"})"), CLARION_ERR_TIME_WENT_BACK);
    EXPECT_EQ(engine.send(now, R"({"type":"app_attached"})"), CLARION_OK);
}

TEST_F(DoorTest, NullsAndNegativeTimesAreArguments) {
    const char* text = nullptr;
    std::size_t length = 0;
    std::int64_t at = 0;
    clarion_engine* made = nullptr;
    EXPECT_EQ(clarion_create(nullptr, 0, 0, 0, &made), CLARION_ERR_ARGUMENT);
    EXPECT_EQ(clarion_create(kConfig.data(), kConfig.size(), -1, 0, &made), CLARION_ERR_ARGUMENT);
    EXPECT_EQ(clarion_create(kConfig.data(), kConfig.size(), 0, 0, nullptr), CLARION_ERR_ARGUMENT);
    EXPECT_EQ(made, nullptr);
    EXPECT_EQ(clarion_send(nullptr, 0, "{}", 2), CLARION_ERR_ARGUMENT);
    EXPECT_EQ(clarion_receive(nullptr, &text, &length), CLARION_ERR_ARGUMENT);
    EXPECT_EQ(clarion_next_deadline(nullptr, &at, nullptr), CLARION_ERR_ARGUMENT);
    EXPECT_EQ(clarion_handle_timeout(nullptr, 0), CLARION_ERR_ARGUMENT);
    EXPECT_EQ(clarion_snapshot(nullptr, &text, &length), CLARION_ERR_ARGUMENT);
    EXPECT_EQ(clarion_error_text(nullptr, &text, &length), CLARION_ERR_ARGUMENT);
    EXPECT_EQ(engine.send(-1, "{}"), CLARION_ERR_ARGUMENT);
    EXPECT_FALSE(Engine{}.next_deadline().at_ms != INT64_MAX);
}

TEST_F(DoorTest, ABadConfigurationMakesNoEngine) {
    std::int32_t status = CLARION_OK;
    EXPECT_FALSE(Engine::create("{", 0, 1, &status).is_open());
    EXPECT_EQ(status, CLARION_ERR_MALFORMED);
    EXPECT_FALSE(Engine::create(R"({"service":"acme","user":"bob"})", 0, 1, &status).is_open());
    EXPECT_EQ(status, CLARION_ERR_FIELD);
    EXPECT_FALSE(
        Engine::create(R"({"service":"acme","user":"b b","device":"d","platform":"ios"})", 0, 1, &status).is_open()
    );
    EXPECT_EQ(status, CLARION_ERR_FIELD);
}

TEST_F(DoorTest, ACallSurvivesTheProcess) {
    ASSERT_EQ(engine.send(++now, push()), CLARION_OK);
    EXPECT_THAT(drain(), Contains(HasSubstr(R"("type":"persist_snapshot")")));
    ASSERT_EQ(engine.send(++now, kShown), CLARION_OK);
    drain();
    const auto snapshot = engine.snapshot();

    std::int32_t status = -1;
    engine =
        Engine::restore(kConfig, snapshot, {.monotonic_ms = now + 100, .wall_ms = 1'100}, Engine::Boot::same, &status);
    ASSERT_EQ(status, CLARION_OK);
    drain();
    ASSERT_EQ(engine.send(now + 200, R"({"type":"app_attached"})"), CLARION_OK);
    const auto commands = drain();
    EXPECT_THAT(commands, Contains(HasSubstr(R"("kind":"incoming")"))) << "the app that opens late is told of it";
    ASSERT_EQ(
        engine.send(now + 300, R"({"type":"user_ended","call_id":"6f1f7d5e-0000-4000-8000-000000000001","action":9})"),
        CLARION_OK
    );
    EXPECT_THAT(drain(), Contains(HasSubstr(R"("type":"fulfil_action")")));
}

TEST_F(DoorTest, ABrokenSnapshotIsRefused) {
    std::int32_t status = CLARION_OK;
    const auto restore = [&](std::string_view snapshot) {
        const auto restored =
            Engine::restore(kConfig, snapshot, {.monotonic_ms = 1, .wall_ms = 1}, Engine::Boot::same, &status);
        EXPECT_EQ(restored.is_open(), status == CLARION_OK);
        return status;
    };
    EXPECT_EQ(restore(""), CLARION_ERR_SNAPSHOT_DAMAGED);
    EXPECT_EQ(restore("{}"), CLARION_ERR_SNAPSHOT_DAMAGED);
    auto newer = engine.snapshot();
    ASSERT_THAT(newer, HasSubstr(R"("version":1)"));
    newer.replace(newer.find(R"("version":1)"), 11, R"("version":9)");
    EXPECT_EQ(restore(newer), CLARION_ERR_SNAPSHOT_VERSION);
    EXPECT_EQ(restore(engine.snapshot()), CLARION_OK);
}

TEST_F(DoorTest, AnUnusablePushIsReportedOnIosAndNowhereElse) {
    constexpr std::string_view kFault = R"({"type":"push_received","fault":"bad_signature","wall_now":1000})";
    ASSERT_EQ(engine.send(++now, kFault), CLARION_OK);
    EXPECT_THAT(drain(), Not(Contains(HasSubstr("report_incoming"))));
    engine = Engine::create(R"({"service":"acme","user":"bob","device":"d","platform":"ios"})", now, 1);
    ASSERT_EQ(engine.send(++now, kFault), CLARION_OK);
    const auto commands = drain();
    EXPECT_THAT(commands, Contains(HasSubstr(R"("type":"report_incoming")")));
    EXPECT_THAT(commands, Contains(HasSubstr(R"("type":"end_system_call")")));
}

TEST_F(DoorTest, TheTimerIsNamedAndItsTimeEndsTheRing) {
    ASSERT_EQ(engine.send(++now, push()), CLARION_OK);
    drain();
    ASSERT_EQ(engine.send(++now, kShown), CLARION_OK);
    drain();
    std::vector<std::string> commands;
    for (int i = 0; i < 100; ++i) {
        const auto deadline = engine.next_deadline();
        if (deadline.at_ms == INT64_MAX) break;
        EXPECT_NE(deadline.timer, "none");
        EXPECT_GE(deadline.at_ms, now);
        now = std::max(now, deadline.at_ms);
        ASSERT_EQ(engine.handle_timeout(now), CLARION_OK);
        for (auto& command : drain()) commands.push_back(std::move(command));
    }
    EXPECT_THAT(commands, Contains(HasSubstr(R"("type":"show_missed_call")")));
}

}  // namespace
}  // namespace clarion::door
