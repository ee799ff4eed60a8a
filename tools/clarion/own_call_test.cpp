// SPDX-License-Identifier: Apache-2.0
#include "tools/clarion/own_call.hpp"

#include <gtest/gtest.h>

namespace clarion::tool {
namespace {

const CallId kOwn = *CallId::parse("6f1f7d5e-0000-4000-8000-000000000001");
const CallId kOther = *CallId::parse("6f1f7d5e-0000-4000-8000-000000000002");

callui::Event ended(const CallId& call, Outcome outcome) {
    callui::Event event{.kind = callui::EventKind::ended, .call_id = call};
    event.outcome = outcome;
    return event;
}

TEST(OwnCall, AnOldCallOfTheJournalDoesNotEndTheNewOne) {
    OwnCall own;
    EXPECT_FALSE(own.is_over_with(ended(kOther, Outcome::failed)));
    own.choose(kOwn);
    EXPECT_FALSE(own.is_over_with(ended(kOther, Outcome::failed)));
    EXPECT_EQ(own.code(), ExitCode::interrupted);
    EXPECT_TRUE(own.is_over_with(ended(kOwn, Outcome::declined)));
    EXPECT_EQ(own.code(), ExitCode::declined);
}

TEST(OwnCall, ASecondCallThatRingsMeanwhileIsNotTheOwnOne) {
    OwnCall own;
    own.choose(kOwn);
    own.choose(kOther);
    EXPECT_FALSE(own.is_over_with(ended(kOther, Outcome::missed)));
    EXPECT_FALSE(own.is_over_with({.kind = callui::EventKind::connected, .call_id = kOwn}));
    EXPECT_TRUE(own.is_over_with(ended(kOwn, Outcome::answered)));
    EXPECT_EQ(own.code(), ExitCode::answered);
}

TEST(OwnCall, ACallThatBecameAnotherOneIsFollowed) {
    OwnCall own;
    own.choose(kOwn);
    callui::Event merged{.kind = callui::EventKind::changed, .call_id = kOwn};
    merged.change = callui::Change{.what = callui::ChangeKind::merged, .into = kOther};
    own.follow(merged);
    EXPECT_FALSE(own.is_over_with(ended(kOwn, Outcome::cancelled)));
    EXPECT_TRUE(own.is_over_with(ended(kOther, Outcome::answered)));
}

}  // namespace
}  // namespace clarion::tool
