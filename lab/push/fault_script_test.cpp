// SPDX-License-Identifier: Apache-2.0
#include "lab/push/fault_script.hpp"

#include <gtest/gtest.h>

namespace clarion::lab {
namespace {

using Kind = PushFault::Kind;
using Deed = ScriptLine::Deed;
using Door = ScriptLine::Door;

TEST(FaultScript, EveryLineIsRead) {
    const auto script = parse_fault_script(
        "# a bad day\n"
        "apns * throttle 5\n"
        "\n"
        "fcm d1 after 2 times 3 status 503 UNAVAILABLE retry-after 7   # comment\n"
        "web * slow 800\n"
        "up s1 silence\r\n"
        "apns * goaway Shutdown now\n"
        "apns * streams 0\n"
        "fcm d1 after 10 dead\n"
        "oauth * skew -3600\n"
        "web s1 away\n"
        "apns * starve 500\n"
        "apns * streams 0 for 200\n"
        "fcm * page 502\n"
        "fcm d1 late 5000\n"
        "fcm d1 doze\n"
        "up * damage\n"
        "apns * retire max_age"
    );
    ASSERT_TRUE(script.has_value()) << script.error();
    ASSERT_EQ(script->size(), 16U);
    EXPECT_EQ(script->at(0).fault.kind, Kind::throttle);
    EXPECT_EQ(script->at(0).fault.retry_after, "5");
    EXPECT_EQ(script->at(0).token, "");
    const ScriptLine& second = script->at(1);
    EXPECT_EQ(second.door, Door::fcm);
    EXPECT_EQ(second.token, "d1");
    EXPECT_EQ(second.fault.after, 2U);
    EXPECT_EQ(second.fault.times, 3U);
    EXPECT_EQ(second.fault.status, 503U);
    EXPECT_EQ(second.fault.reason, "UNAVAILABLE");
    EXPECT_EQ(second.fault.retry_after, "7");
    EXPECT_EQ(script->at(2).fault.kind, Kind::accept);
    EXPECT_EQ(script->at(2).fault.delay, Duration{800});
    EXPECT_EQ(script->at(3).fault.kind, Kind::silence);
    EXPECT_EQ(script->at(4).fault.reason, "Shutdown now");
    EXPECT_EQ(script->at(5).fault.streams, 0U);
    EXPECT_EQ(script->at(6).fault.kind, Kind::unregister);
    EXPECT_EQ(script->at(7).deed, Deed::skew);
    EXPECT_EQ(script->at(7).skew, Duration{-3'600'000});
    EXPECT_EQ(script->at(8).deed, Deed::away);
    EXPECT_EQ(script->at(9).fault.kind, Kind::starve);
    EXPECT_EQ(script->at(9).fault.lasts, Duration{500});
    EXPECT_EQ(script->at(10).fault.streams, 0U);
    EXPECT_EQ(script->at(10).fault.lasts, Duration{200});
    EXPECT_EQ(script->at(11).fault.status, 502U);
    EXPECT_TRUE(script->at(11).fault.body->starts_with("<html>"));
    EXPECT_EQ(script->at(12).fault.kind, Kind::deliver_late);
    EXPECT_EQ(script->at(12).fault.lasts, Duration{5'000});
    EXPECT_EQ(script->at(13).deed, Deed::doze);
    EXPECT_EQ(script->at(14).fault.kind, Kind::damage);
    EXPECT_EQ(script->at(15).fault.kind, Kind::retire);
    EXPECT_EQ(script->at(15).fault.reason, "max_age");
}

TEST(FaultScript, WhatIsWrongIsSaidWithItsLine) {
    const auto error = [](std::string_view text) { return parse_fault_script(text).error(); };
    EXPECT_EQ(error("\n\nwns * drop"), "line 3: no service 'wns': apns, fcm, oauth, web or up");
    EXPECT_TRUE(error("apns * trottle 5").starts_with("line 1: 'trottle' is none of: throttle, status, slow"));
    EXPECT_EQ(error("apns"), "line 1: a token or * must follow the service");
    EXPECT_EQ(error("apns * slow soon"), "line 1: 'slow' needs a number, not 'soon'");
    EXPECT_EQ(error("apns * slow"), "line 1: 'slow' needs a number, not ''");
    EXPECT_EQ(error("apns * status 99 X"), "line 1: a status is 200 to 599");
    EXPECT_EQ(error("apns * drop now"), "line 1: 'now' is too much here");
    EXPECT_EQ(error("apns * after x drop"), "line 1: 'after' needs a number");
    EXPECT_EQ(error("apns * away"), "line 1: 'away' needs one token");
    EXPECT_EQ(error("apns d1 doze"), "line 1: 'doze' is for fcm alone");
    EXPECT_EQ(error("apns * damage"), "line 1: 'damage' is for web and up");
    EXPECT_EQ(error("apns * streams 1 for long"), "line 1: 'for' is too much here");
}

TEST(FaultScript, AFaultComesAfterSoManyPushesAndSoManyTimes) {
    FaultScript script;
    script.add("a", {.kind = Kind::silence, .times = 2, .after = 1});
    EXPECT_FALSE(script.take("a").has_value());
    EXPECT_FALSE(script.take("b").has_value());
    EXPECT_TRUE(script.take("a").has_value());
    EXPECT_TRUE(script.take("a").has_value());
    EXPECT_FALSE(script.take("a").has_value());
}

TEST(FaultScript, AFaultOfOneTokenComesBeforeThoseOfAll) {
    FaultScript script;
    script.add("", {.kind = Kind::drop_connection});
    script.add("a", {.kind = Kind::silence});
    EXPECT_EQ(script.take("a")->kind, Kind::silence);
    EXPECT_EQ(script.take("a")->kind, Kind::drop_connection);
}

}  // namespace
}  // namespace clarion::lab
