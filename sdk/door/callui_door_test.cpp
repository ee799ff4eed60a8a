// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "sdk/door/clarion.hpp"

/// The system call screen over the C interface, for an app with a voice service of its own.
namespace clarion::door {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr std::string_view kCall = "6f1f7d5e-0000-4000-8000-000000000001";

std::string fact(std::string_view type, std::string_view more = "") {
    return R"({"type":")" + std::string{type} + R"(","call_id":")" + std::string{kCall} + "\"" + std::string{more} +
           "}";
}

struct CallUiDoorTest : ::testing::Test {
    std::int64_t now = 5'000;
    CallUi ui = *CallUi::create(R"({"platform":"ios"})", now);

    std::vector<std::string> drain() {
        std::vector<std::string> commands;
        while (const auto json = ui.receive()) commands.emplace_back(*json);
        return commands;
    }
    std::vector<std::string> tell(const std::string& json) {
        const auto sent = ui.send(++now, json);
        EXPECT_TRUE(sent.has_value()) << json << ": " << sent.error().text;
        return drain();
    }
    std::vector<std::string> ring() {
        return tell(fact("incoming_announced", R"(,"name":"Alice","handle":"alice","ring_for":30000)"));
    }
};

TEST_F(CallUiDoorTest, AWholeCallOverAVoiceServiceOfTheApp) {
    EXPECT_THAT(ring(), Contains(HasSubstr(R"("type":"report_incoming")")));
    tell(fact("incoming_reported", R"(,"result":"shown")"));
    EXPECT_THAT(tell(R"({"type":"app_attached"})"), Contains(HasSubstr(R"("kind":"incoming")")));
    EXPECT_THAT(tell(fact("user_answered", R"(,"action":7)")), Contains(HasSubstr(R"("kind":"answered")")));
    EXPECT_THAT(tell(fact("call_connected")), Contains(HasSubstr(R"("type":"fulfil_action")")));
    const auto end = tell(fact("call_ended", R"(,"reason":"normal","by_remote":true)"));
    EXPECT_THAT(end, Contains(HasSubstr(R"("type":"end_system_call")")));
    EXPECT_THAT(end, Contains(HasSubstr(R"("kind":"ended")")));
    EXPECT_THAT(std::string{ui.view()}, HasSubstr(R"("calls":[])"));
}

TEST_F(CallUiDoorTest, TheRingTimerIsNamedAndEndsTheCallAsMissed) {
    EXPECT_EQ(ui.next_deadline().timer, "none");
    ring();
    tell(fact("incoming_reported", R"(,"result":"shown")"));
    const auto deadline = ui.next_deadline();
    EXPECT_EQ(deadline.timer, "ring");
    ASSERT_LT(deadline.at_ms, now + 31'000);
    ASSERT_TRUE(ui.handle_timeout(deadline.at_ms).has_value());
    EXPECT_THAT(drain(), Contains(HasSubstr(R"("reason":"unanswered")")));
}

TEST_F(CallUiDoorTest, ARefusedTextGivesItsCodeAndChangesNothing) {
    ring();
    const auto before = *ui.snapshot();
    const auto refusal = [&](std::string_view json) {
        const auto sent = ui.send(now, json);
        EXPECT_EQ(ui.snapshot().value_or(""), before) << json;
        return sent ? Error{} : sent.error();
    };
    EXPECT_EQ(refusal("{").code, CLARION_ERR_MALFORMED);
    EXPECT_EQ(refusal(R"({"type":"push_received","wall_now":1})").code, CLARION_ERR_UNKNOWN_TYPE) << "an engine's fact";
    EXPECT_EQ(refusal(fact("incoming_announced", R"(,"ring_for":"long")")).text, R"("ring_for" has the wrong type)");
    EXPECT_EQ(
        refusal(R"({"type":"call_connected","call_id":"6f1f7d5e-0000-4000-8000-00000000ffff"})").code,
        CLARION_ERR_UNKNOWN_CALL
    );
    const auto custom = refusal(R"({"type":"custom_event_reported","body":"{not json"})");
    EXPECT_EQ(custom.code, CLARION_ERR_FIELD);
    EXPECT_EQ(custom.text, R"("body" is not valid JSON)");
}

TEST_F(CallUiDoorTest, TheCallsSurviveTheProcess) {
    ring();
    tell(fact("incoming_reported", R"(,"result":"shown")"));
    EXPECT_THAT(std::string{ui.view()}, HasSubstr(kCall));
    const auto snapshot = *ui.snapshot();

    auto same_boot = CallUi::restore(R"({"platform":"ios"})", snapshot, now + 10'000, std::nullopt);
    ASSERT_TRUE(same_boot.has_value()) << same_boot.error().text;
    ui = std::move(*same_boot);
    EXPECT_THAT(drain(), Contains(HasSubstr(R"("type":"report_incoming")"))) << "iOS forgot the call with the process";

    auto too_late = CallUi::restore(R"({"platform":"ios"})", snapshot, 100, 40'000);
    ASSERT_TRUE(too_late.has_value()) << too_late.error().text;
    ui = std::move(*too_late);
    EXPECT_THAT(drain(), Not(Contains(HasSubstr(R"("type":"report_incoming")"))));
    EXPECT_THAT(std::string{ui.view()}, HasSubstr(R"("calls":[])")) << "it rang long enough while the process was gone";

    EXPECT_EQ(CallUi::restore(R"({"platform":"ios"})", "{}", 1, 0).error().code, CLARION_ERR_SNAPSHOT_DAMAGED);
    EXPECT_EQ(
        CallUi::restore(R"({"platform":"toaster"})", snapshot, 1, 0).error().text,
        R"("platform" is not one of the allowed words)"
    );
}

}  // namespace
}  // namespace clarion::door
