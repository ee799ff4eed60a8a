// SPDX-License-Identifier: Apache-2.0
#include "tools/clarion/narrator.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/codec/json.hpp"

namespace clarion::tool {
namespace {

using callui::Event;
using callui::EventKind;
using testing::HasSubstr;
using testing::Not;

Event event(EventKind kind) {
    Event event;
    event.kind = kind;
    event.call_id = *CallId::parse("6f1f7d5e-0000-4000-8000-000000000001");
    event.name = Redacted<std::string>{"Alice"};
    event.handle = Redacted<std::string>{"alice"};
    return event;
}

TEST(Narrator, SaysWhoCallsAndHowLongEachStepTook) {
    Narrator narrator{Format::text, Screen{}};
    EXPECT_THAT(
        narrator.event(event(EventKind::incoming), Instant{1'000}, WallTime{0}), HasSubstr("Alice (alice) calls")
    );
    EXPECT_THAT(narrator.event(event(EventKind::answered), Instant{3'000}, WallTime{0}), HasSubstr("2.0 s"));
    EXPECT_THAT(
        narrator.event(event(EventKind::connected), Instant{3'084}, WallTime{0}), HasSubstr("84 ms after Accept")
    );
    EXPECT_THAT(narrator.event(event(EventKind::ended), Instant{8'084}, WallTime{0}), HasSubstr("talked 5.0 s"));
}

TEST(Narrator, AScriptGetsOneJsonObjectALine) {
    Narrator narrator{Format::json, Screen{}};
    (void)narrator.event(event(EventKind::incoming), Instant{1'000}, WallTime{70});
    (void)narrator.event(event(EventKind::connected), Instant{2'000}, WallTime{1'070});
    auto ended = event(EventKind::ended);
    ended.reason = EndReason::normal;
    ended.by_remote = true;
    const auto line = narrator.event(ended, Instant{2'500}, WallTime{1'570});
    EXPECT_THAT(line, Not(HasSubstr("\n")));
    const auto document = codec::Document::parse(line, 4096);
    ASSERT_TRUE(document.has_value());
    const auto root = document->root();
    EXPECT_EQ(root.get("event").text(), "ended");
    EXPECT_EQ(root.get("at").signed_integer(), 1'570);
    EXPECT_EQ(root.get("since_start_ms").signed_integer(), 1'500);
    EXPECT_EQ(root.get("talked_ms").signed_integer(), 500);
    EXPECT_EQ(root.get("reason").text(), "normal");
    EXPECT_EQ(root.get("reason_number").signed_integer(), 1001);
    EXPECT_EQ(root.get("outcome").text(), "answered");
    EXPECT_EQ(root.get("by_remote").boolean(), true);
}

TEST(Narrator, ACallersNameCannotDriveTheTerminal) {
    Narrator narrator{Format::text, Screen{}};
    auto incoming = event(EventKind::incoming);
    incoming.name = Redacted<std::string>{"\x1b[2JMallory"};
    EXPECT_THAT(narrator.event(incoming, Instant{0}, WallTime{0}), Not(HasSubstr("\x1b")));
}

TEST(ExitCodes, TellHowTheCallEnded) {
    auto ended = event(EventKind::ended);
    const auto code = [&](Outcome outcome, EndReason reason) {
        ended.outcome = outcome;
        ended.reason = reason;
        return exit_code_of(ended);
    };
    EXPECT_EQ(code(Outcome::answered, EndReason::normal), ExitCode::answered);
    EXPECT_EQ(code(Outcome::declined, EndReason::decline), ExitCode::declined);
    EXPECT_EQ(code(Outcome::missed, EndReason::no_answer), ExitCode::missed);
    EXPECT_EQ(code(Outcome::cancelled, EndReason::cancel), ExitCode::cancelled);
    EXPECT_EQ(code(Outcome::failed, EndReason::network_unstable), ExitCode::failed);
    EXPECT_EQ(code(Outcome::answered, EndReason::multi_device_answer), ExitCode::elsewhere);
    EXPECT_EQ(code(Outcome::declined, EndReason::multi_device_decline), ExitCode::elsewhere);
}

TEST(DurationText, ReadsAsPeopleSayIt) {
    EXPECT_EQ(duration_text(Duration{84}), "84 ms");
    EXPECT_EQ(duration_text(Duration{3'240}), "3.2 s");
    EXPECT_EQ(duration_text(Duration{125'000}), "2 min 5 s");
}

}  // namespace
}  // namespace clarion::tool
