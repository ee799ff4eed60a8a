// SPDX-License-Identifier: Apache-2.0
#include "tools/clarion/push.hpp"

#include <gtest/gtest.h>

namespace clarion::tool {
namespace {

TEST(ExplainPush, SaysWhatBecameOfItAndWhatToDo) {
    const auto lines = explain_push(
        R"({"results":[{"device":"bob-phone","provider":"apns","outcome":"dead_token","status":410,)"
        R"("reason":"Unregistered","advice":"the app was removed from the device","provider_id":"A1",)"
        R"("environment":"sandbox","attempts":1,"elapsed_ms":12},)"
        R"({"provider":"webpush","outcome":"accepted","status":201,"reason":"","elapsed_ms":7},)"
        R"({"device":"d","provider":"fcm","outcome":"payload_fault","status":0,"reason":"not sent: too long"}]})"
    );
    ASSERT_EQ(lines.size(), 3U);
    EXPECT_EQ(
        lines[0],
        "bob-phone over apns: nobody is behind this token any more, 410 Unregistered, id A1, sandbox, 12 ms\n"
        "    the app was removed from the device"
    );
    EXPECT_EQ(lines[1], "webpush: the provider took it, 201, 7 ms");
    EXPECT_EQ(lines[2], "d over fcm: the push itself is wrong, not sent: too long, 0 ms");
    EXPECT_TRUE(explain_push("<html>").empty());
}

TEST(PushSend, WantsAUserOrAnEndpoint) {
    EXPECT_EQ(push_send({}, {}), 1);
    EXPECT_EQ(push_send({}, {.user = "bob", .provider = "apns", .token = "00"}), 1);
    EXPECT_EQ(push_send({}, {.provider = "apns"}), 1);
}

}  // namespace
}  // namespace clarion::tool
