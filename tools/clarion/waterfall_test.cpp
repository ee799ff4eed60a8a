// SPDX-License-Identifier: Apache-2.0
#include "tools/clarion/waterfall.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

namespace clarion::tool {
namespace {

using testing::HasSubstr;
using testing::Not;

Trace answered_call() {
    return {
        .call_id = "6f1f7d5e-0000-4000-8000-000000000001",
        .from = "alice",
        .to = "bob",
        .verdict = "bob-phone answered after 2310 ms",
        .steps =
            {
                {0, "alice-pc", "placed", "audio"},
                {3, "", "stored", ""},
                {40, "bob-phone", "woke", ""},
                {2310, "bob-phone", "answered", "confirmed"},
            },
    };
}

std::vector<std::string> lines_of(const std::string& text) {
    std::vector<std::string> lines;
    std::istringstream in{text};
    for (std::string line; std::getline(in, line);) lines.push_back(line);
    return lines;
}

std::string line_with(const std::string& text, std::string_view word) {
    for (const auto& line : lines_of(text)) {
        if (line.find(word) != std::string::npos) return line;
    }
    return {};
}

TEST(Waterfall, ShowsEveryStepWithItsMillisecondsAndTheGapBeforeIt) {
    const auto text = render_waterfall(answered_call(), {});
    EXPECT_THAT(line_with(text, "placed"), HasSubstr("   0 ms "));
    EXPECT_THAT(line_with(text, "stored"), HasSubstr("   3 ms    +3"));
    EXPECT_THAT(line_with(text, "woke"), HasSubstr("  40 ms   +37"));
    EXPECT_THAT(line_with(text, "confirmed"), HasSubstr("2310 ms +2270"));
}

TEST(Waterfall, EndsWithTheVerdict) {
    const auto lines = lines_of(render_waterfall(answered_call(), {}));
    EXPECT_EQ(lines.back(), "verdict: bob-phone answered after 2310 ms");
}

TEST(Waterfall, MarksEachStepUnderTheNameOfItsDevice) {
    const auto text = render_waterfall(answered_call(), {.width = 120, .letters = Letters::ascii});
    const auto head = line_with(text, "bob-phone  ");
    const auto woke = line_with(text, "woke");
    const auto column = head.find("bob-phone");
    const auto mark = woke.find('*');
    ASSERT_NE(column, std::string::npos);
    EXPECT_GE(mark, column);
    EXPECT_LT(mark, column + std::string_view{"bob-phone"}.size());
    // A step without a device is the server's.
    const auto stored = line_with(text, "stored");
    EXPECT_GE(stored.find('*'), head.find("server"));
    EXPECT_LT(stored.find('*'), head.find("alice-pc"));
}

TEST(Waterfall, BarsStartWhereTheStepBeforeEndedAndFillTheTimeLine) {
    const auto text = render_waterfall(answered_call(), {.width = 120, .letters = Letters::ascii});
    const auto last = line_with(text, "confirmed");
    const auto first_edge = last.find('|');
    const auto second_edge = last.find('|', first_edge + 1);
    const auto bar = last.substr(first_edge + 1, second_edge - first_edge - 1);
    EXPECT_EQ(bar.back(), '#') << "the last step reaches the end of the time line";
    EXPECT_EQ(bar, std::string(bar.size(), '#')) << "2270 of 2310 ms is nearly all of it";
    const auto woke = line_with(text, "woke");
    EXPECT_EQ(woke[woke.find('|') + 1], '#') << "a short step is visible all the same";
}

TEST(Waterfall, NoLineIsWiderThanTheTerminal) {
    auto trace = answered_call();
    trace.steps.push_back({2400, "bob-phone", "first_audio", std::string(300, 'x')});
    for (const std::size_t width : {80U, 100U, 140U}) {
        for (const auto& line : lines_of(render_waterfall(trace, {.width = width}))) {
            EXPECT_LE(text_width(line), width) << line;
        }
    }
}

TEST(Waterfall, ALongVerdictIsBrokenBetweenWords) {
    auto trace = answered_call();
    trace.verdict = "Nobody answered within 60 s. bob-phone (ios) did not ring: push refused, APNs: 410 Unregistered.";
    const auto lines = lines_of(render_waterfall(trace, {.width = 60}));
    EXPECT_EQ(lines[lines.size() - 2], "verdict: Nobody answered within 60 s. bob-phone (ios) did");
    EXPECT_EQ(lines.back(), "         not ring: push refused, APNs: 410 Unregistered.");
}

TEST(Waterfall, ColoursAreThereOnlyWhenAskedFor) {
    EXPECT_THAT(render_waterfall(answered_call(), {}), Not(HasSubstr("\x1b")));
    EXPECT_THAT(render_waterfall(answered_call(), {.colours = Colours::on}), HasSubstr("\x1b["));
}

TEST(Waterfall, ADeviceCannotWriteControlCharactersToTheTerminal) {
    auto trace = answered_call();
    trace.steps.push_back({2400, "bob-phone", "ended", "\x1b[2Jgone\a"});
    trace.verdict = "\x1b]0;title\a";
    const auto text = render_waterfall(trace, {});
    EXPECT_THAT(text, Not(HasSubstr("\x1b")));
    EXPECT_THAT(text, HasSubstr("?[2Jgone?"));
}

TEST(Waterfall, AsciiStaysAscii) {
    auto trace = answered_call();
    trace.to = "Zoë";
    for (const char c : render_waterfall(trace, {.letters = Letters::ascii})) EXPECT_GE(c, 0);
}

TEST(Waterfall, AnEmptyTraceSaysSo) {
    EXPECT_THAT(render_waterfall({.call_id = "x", .verdict = ""}, {}), HasSubstr("no step was recorded"));
}

TEST(TextWidth, CountsCharactersAndWideOnesTwice) {
    EXPECT_EQ(text_width("abc"), 3U);
    EXPECT_EQ(text_width("Zoë"), 3U);
    EXPECT_EQ(text_width("山田"), 4U);
    EXPECT_EQ(fit_text("山田太郎", 5, Letters::utf8), "山田…");
    EXPECT_EQ(fit_text("ab", 4, Letters::utf8), "ab  ");
    EXPECT_EQ(fit_text("abcdef", 4, Letters::ascii), "abc~");
}

}  // namespace
}  // namespace clarion::tool
