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
    Engine engine = *Engine::create(kConfig, now, 1);

    std::int32_t send(std::int64_t at, std::string_view json) {
        const auto sent = engine.send(at, json);
        return sent ? CLARION_OK : sent.error().code;
    }

    std::vector<std::string> drain() {
        std::vector<std::string> commands;
        while (const auto json = engine.receive()) commands.emplace_back(*json);
        return commands;
    }

    /// What there is to know about an engine from outside; equal before and after a call that changed nothing.
    std::string state() {
        EXPECT_THAT(drain(), IsEmpty());
        const auto deadline = engine.next_deadline();
        return *engine.snapshot() + "|" + std::string{engine.calls()} + "|" + std::to_string(deadline.at_ms) + "|" +
               std::string{deadline.timer};
    }
};

TEST_F(DoorTest, TheVersionOfTheLibraryIsThatOfTheHeader) {
    EXPECT_EQ(clarion_version(), (CLARION_VERSION_MAJOR << 16U | CLARION_VERSION_MINOR));
}

TEST_F(DoorTest, ARefusedTextGivesItsCodeAndChangesNothing) {
    ASSERT_EQ(send(++now, push()), CLARION_OK);
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
        const auto refused = engine.send(now, json);
        ASSERT_FALSE(refused.has_value()) << json.substr(0, 80);
        EXPECT_EQ(refused.error().code, code) << json.substr(0, 80);
        EXPECT_NE(refused.error().text, "") << json.substr(0, 80);
        EXPECT_EQ(state(), before) << json.substr(0, 80);
    }
}

TEST_F(DoorTest, TheTextOfAnErrorNamesTheFieldAndRepeatsNoValue) {
    const auto text_of = [&](std::string_view json) {
        const auto refused = engine.send(now, json);
        return refused ? std::string{"taken"} : refused.error().text;
    };
    EXPECT_EQ(text_of(R"({"type":"user_answered"})"), R"("call_id" is missing)");
    EXPECT_EQ(text_of(R"({"type":"user_answered","call_id":"secret"})"), R"("call_id" is not a valid id)");
    auto long_name = push();
    long_name.replace(long_name.find("Alice"), 5, std::string(200, 'A'));
    EXPECT_EQ(text_of(long_name), R"("invite.name" is longer than allowed)");
    EXPECT_EQ(
        text_of(R"({"type":"frame_received","wall_now":1,"text":"{\"type\":\"ack\"}"})"),
        R"("text.id" has the wrong type)"
    ) << "a server that breaks the protocol";
}

TEST_F(DoorTest, AWrongOrderIsACodeAndNotUndefined) {
    ASSERT_EQ(send(++now, push()), CLARION_OK);
    EXPECT_EQ(send(now, R"({"type":"app_attached"})"), CLARION_ERR_UNDRAINED);
    EXPECT_EQ(engine.handle_timeout(now).error().code, CLARION_ERR_UNDRAINED);
    EXPECT_EQ(engine.snapshot().error().code, CLARION_ERR_UNDRAINED)
        << "a snapshot of an undrained engine would lose commands";
    drain();
    EXPECT_NE(engine.snapshot().value_or(""), "");
    EXPECT_EQ(send(now - 1, R"({"type":"app_attached"})"), CLARION_ERR_TIME_WENT_BACK);
    EXPECT_EQ(send(now, R"({"type":"app_attached"})"), CLARION_OK);
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
    EXPECT_EQ(clarion_calls(nullptr, &text, &length), CLARION_ERR_ARGUMENT);
    EXPECT_EQ(clarion_error_text(nullptr, nullptr, &length), CLARION_ERR_ARGUMENT);
    EXPECT_EQ(clarion_callui_create(nullptr, 0, 0, nullptr), CLARION_ERR_ARGUMENT);
    EXPECT_EQ(clarion_callui_send(nullptr, 0, "{}", 2), CLARION_ERR_ARGUMENT);
    EXPECT_EQ(clarion_callui_receive(nullptr, &text, &length), CLARION_ERR_ARGUMENT);
    EXPECT_EQ(clarion_callui_snapshot(nullptr, &text, &length), CLARION_ERR_ARGUMENT);
    EXPECT_EQ(send(-1, "{}"), CLARION_ERR_ARGUMENT);
    EXPECT_EQ(send(INT64_MAX, R"({"type":"app_attached"})"), CLARION_ERR_ARGUMENT) << "its snapshot could not be read";
    EXPECT_EQ(Engine{}.next_deadline().at_ms, INT64_MAX);
    EXPECT_EQ(Engine{}.calls(), "[]");
    EXPECT_EQ(Engine{}.send(0, "{}").error().code, CLARION_ERR_ARGUMENT);
}

TEST_F(DoorTest, ABadConfigurationMakesNoEngineAndSaysWhatIsWrong) {
    const auto refusal = [](std::string_view config) {
        const auto made = Engine::create(config, 0, 1);
        return made ? Error{} : made.error();
    };
    EXPECT_EQ(refusal("{").code, CLARION_ERR_MALFORMED);
    EXPECT_EQ(refusal("{").text, "the message is not valid JSON");
    EXPECT_EQ(refusal(R"({"service":"acme","user":"bob"})").code, CLARION_ERR_FIELD);
    EXPECT_EQ(refusal(R"({"service":"acme","user":"bob"})").text, R"("device" is missing)");
    EXPECT_EQ(
        refusal(R"({"service":"acme","user":"b b","device":"d","platform":"ios"})").text, R"("user" is not a valid id)"
    );
    EXPECT_EQ(refusal(kConfig).code, CLARION_OK);
    const char* text = nullptr;
    std::size_t length = 1;
    EXPECT_EQ(clarion_error_text(nullptr, &text, &length), CLARION_OK);
    EXPECT_EQ(length, 0U) << "a create that went well forgets the error before it";
}

TEST_F(DoorTest, TheLiveCallsAreListed) {
    EXPECT_EQ(engine.calls(), "[]");
    ASSERT_EQ(send(++now, push()), CLARION_OK);
    drain();
    const std::string calls{engine.calls()};
    EXPECT_THAT(calls, HasSubstr(R"("call_id":"6f1f7d5e-0000-4000-8000-000000000001")"));
    EXPECT_THAT(calls, HasSubstr(R"("direction":"incoming")"));
    EXPECT_THAT(calls, HasSubstr(R"("peer":"alice")"));
    EXPECT_THAT(calls, HasSubstr(R"("state":"trying")"));
}

TEST_F(DoorTest, ACallSurvivesTheProcess) {
    ASSERT_EQ(send(++now, push()), CLARION_OK);
    EXPECT_THAT(drain(), Contains(HasSubstr(R"("type":"persist_snapshot")")));
    ASSERT_EQ(send(++now, kShown), CLARION_OK);
    drain();
    const auto snapshot = *engine.snapshot();

    auto restored = Engine::restore(kConfig, snapshot, {.monotonic_ms = now + 100, .wall_ms = 1'100}, Boot::same);
    ASSERT_TRUE(restored.has_value()) << restored.error().text;
    engine = std::move(*restored);
    drain();
    ASSERT_EQ(send(now + 200, R"({"type":"app_attached"})"), CLARION_OK);
    const auto commands = drain();
    EXPECT_THAT(commands, Contains(HasSubstr(R"("kind":"incoming")"))) << "the app that opens late is told of it";
    ASSERT_EQ(
        send(now + 300, R"({"type":"user_ended","call_id":"6f1f7d5e-0000-4000-8000-000000000001","action":9})"),
        CLARION_OK
    );
    EXPECT_THAT(drain(), Contains(HasSubstr(R"("type":"fulfil_action")")));
}

TEST_F(DoorTest, ABrokenSnapshotIsRefused) {
    const auto restore = [&](std::string_view snapshot) {
        const auto restored = Engine::restore(kConfig, snapshot, {.monotonic_ms = 1, .wall_ms = 1}, Boot::same);
        if (restored) return CLARION_OK;
        EXPECT_NE(restored.error().text, "");
        return restored.error().code;
    };
    EXPECT_EQ(restore(""), CLARION_ERR_SNAPSHOT_DAMAGED);
    EXPECT_EQ(restore("{}"), CLARION_ERR_SNAPSHOT_DAMAGED);
    auto newer = *engine.snapshot();
    ASSERT_THAT(newer, HasSubstr(R"("version":1)"));
    newer.replace(newer.find(R"("version":1)"), 11, R"("version":9)");
    EXPECT_EQ(restore(newer), CLARION_ERR_SNAPSHOT_VERSION);
    EXPECT_EQ(restore(*engine.snapshot()), CLARION_OK);
}

TEST_F(DoorTest, AnUnusablePushIsReportedOnIosAndNowhereElse) {
    constexpr std::string_view kFault = R"({"type":"push_received","fault":"bad_signature","wall_now":1000})";
    ASSERT_EQ(send(++now, kFault), CLARION_OK);
    EXPECT_THAT(drain(), Not(Contains(HasSubstr("report_incoming"))));
    engine = *Engine::create(R"({"service":"acme","user":"bob","device":"d","platform":"ios"})", now, 1);
    ASSERT_EQ(send(++now, kFault), CLARION_OK);
    const auto commands = drain();
    EXPECT_THAT(commands, Contains(HasSubstr(R"("type":"report_incoming")")));
    EXPECT_THAT(commands, Not(Contains(HasSubstr("end_system_call")))) << "IOS-CK-03";
    ASSERT_TRUE(engine.handle_timeout(now += 5'000).has_value());
    EXPECT_THAT(drain(), Contains(HasSubstr(R"("type":"end_system_call")")));
}

TEST_F(DoorTest, TheTimerIsNamedAndItsTimeEndsTheRing) {
    ASSERT_EQ(send(++now, push()), CLARION_OK);
    drain();
    ASSERT_EQ(send(++now, kShown), CLARION_OK);
    drain();
    std::vector<std::string> commands;
    for (int i = 0; i < 100; ++i) {
        const auto deadline = engine.next_deadline();
        if (deadline.at_ms == INT64_MAX) break;
        EXPECT_NE(deadline.timer, "none");
        EXPECT_GE(deadline.at_ms, now);
        now = std::max(now, deadline.at_ms);
        ASSERT_TRUE(engine.handle_timeout(now).has_value());
        for (auto& command : drain()) commands.push_back(std::move(command));
    }
    EXPECT_THAT(commands, Contains(HasSubstr(R"("type":"show_missed_call")")));
}

}  // namespace
}  // namespace clarion::door
