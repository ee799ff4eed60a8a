// SPDX-License-Identifier: Apache-2.0
#include "tests/model/whole_call.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <string>

#include "tests/model/reference.hpp"

/// A whole call: three engines and the server's routing, against a reference that knows the rules of the product and
/// nothing of the machines. After every step everybody sees exactly what the reference says.
namespace clarion::model {
namespace {

std::string text_of(const Side& side) {
    std::string text = side.phase + (side.end.empty() ? "" : " (" + side.end + ")");
    if (side.on_screen) text += ", on screen";
    if (side.held) text += ", held";
    if (side.muted) text += ", muted";
    if (side.peer_held) text += ", peer held";
    if (side.peer_muted) text += ", peer muted";
    if (side.rings > 0) text += ", hears that " + std::to_string(side.rings) + " ring";
    text += ", notices " + std::to_string(side.missed_notices) + ", events:";
    for (const auto& event : side.events) text += " " + event + ";";
    return text;
}

std::string difference(const Whole& is, const Whole& should) {
    std::string text;
    const auto add = [&](const std::string& what, const std::string& one, const std::string& other) {
        if (one != other) text += "\n" + what + " is     " + one + "\n" + what + " should " + other;
    };
    add("server  ", is.server + ", winner " + std::to_string(is.winner),
        should.server + ", winner " + std::to_string(should.winner));
    const std::array<std::string, kParties> names{"caller  ", "phone   ", "desktop "};
    for (std::size_t i = 0; i < kParties; ++i) add(names[i], text_of(is.sides[i]), text_of(should.sides[i]));
    return text;
}

/// Nothing, or what differs and after which steps.
std::string play(const std::vector<Step>& story) {
    WholeCall whole;
    Reference reference;
    std::string told;
    for (const Step& step : story) {
        told +=
            "\n  " + std::string{kDeedNames[static_cast<std::size_t>(step.deed)]} + " " + std::to_string(step.party);
        whole.act(step);
        reference.act(step);
        const Whole is = whole.look();
        const Whole should = reference.look();
        if (is != should) return "after:" + told + difference(is, should);
    }
    return {};
}

/// Deep enough for a short story to break what comes late in a call; what shrinks, shrinks to the first.
const std::vector<std::vector<Step>> kStarts{
    {},
    {{Deed::place, kCaller}},
    {{Deed::place, kCaller}, {Deed::push, kFirst}, {Deed::push, kSecond}},
    {{Deed::place, kCaller}, {Deed::push, kFirst}, {Deed::push, kSecond}, {Deed::accept, kFirst}},
    {{Deed::place, kCaller}, {Deed::push, kSecond}, {Deed::disconnect, kSecond}, {Deed::accept, kSecond}},
};

TEST(WholeCall, EveryoneSeesWhatTheReferenceSays) {
    const bool good = rc::check("a whole call", [](std::uint8_t start, const std::vector<std::uint16_t>& numbers) {
        auto story = kStarts[start % kStarts.size()];
        for (const std::uint16_t number : numbers) {
            story.push_back({static_cast<Deed>(number % kDeedNames.size()), number / kDeedNames.size() % kParties});
        }
        if (const auto fault = play(story); !fault.empty()) RC_FAIL(fault);
    });
    EXPECT_TRUE(good);
}

}  // namespace
}  // namespace clarion::model
