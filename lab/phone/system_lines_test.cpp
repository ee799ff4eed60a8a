// SPDX-License-Identifier: Apache-2.0
#include "lab/phone/system_lines.hpp"

#include <gtest/gtest.h>

namespace clarion::lab {
namespace {

const CallId kCall = *CallId::parse("6f1f7d5e-0000-4000-8000-000000000001");

template <class T>
T sent(const FromApp& message) {
    const auto back = decode_line(encode_line(message));
    EXPECT_TRUE(back) << back.error();
    const T* one = back ? std::get_if<T>(&*back) : nullptr;
    EXPECT_NE(one, nullptr);
    return one == nullptr ? T{} : *one;
}

TEST(SystemLines, WhatTheLabsShellsSayBesideTheEnginesWordsArrives) {
    EXPECT_EQ(sent<RuleBroken>(RuleBroken{"IOS_SELF_ACTIVATE"}).rule, "IOS_SELF_ACTIVATE");
    EXPECT_EQ(sent<Noted>(Noted{"audio session active"}).text, "audio session active");
}

TEST(SystemLines, TheEnginesWordsArriveBothWays) {
    const auto word = sent<native::ToSystem>(native::ToSystem{callui::FulfilAction{kCall, 7}});
    ASSERT_TRUE(std::holds_alternative<callui::FulfilAction>(word));
    EXPECT_EQ(std::get<callui::FulfilAction>(word).action, 7U);
    const auto fact = decode_system_line(encode_line(native::FromSystem{engine::AudioActivated{}}));
    ASSERT_TRUE(fact);
    EXPECT_TRUE(std::holds_alternative<engine::AudioActivated>(*fact));
}

TEST(SystemLines, ABrokenLineIsSaid) {
    EXPECT_FALSE(decode_line("no json"));
    EXPECT_FALSE(decode_line(R"({"type":"rule_bent"})"));
    EXPECT_FALSE(decode_system_line(R"({"type":"launched"})"));
}

}  // namespace
}  // namespace clarion::lab
