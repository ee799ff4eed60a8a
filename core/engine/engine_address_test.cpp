// SPDX-License-Identifier: Apache-2.0
#include "core/engine/testing/test_driver.hpp"

/// Where this device is woken, as the server is told.
namespace clarion::engine::testing {
namespace {

using callui::TokenKind;
using protocol::ErrorCode;
using protocol::Platform;
using protocol::PushAddress;
using ::testing::IsEmpty;

class EngineAddress : public EngineTest {};
INSTANTIATE_TEST_SUITE_P(Both, EngineAddress, ::testing::Values(Mode::plain, Mode::resumed), name_of_mode);

PushTokenChanged told(const char* token, TokenKind kind = TokenKind::apns_voip) {
    return {kind, Redacted<std::string>{token}};
}

std::vector<std::string> tokens_of(const Driver& d) {
    std::vector<std::string> tokens;
    for (const PushAddress& address : d.sent<PushAddress>()) tokens.push_back(address.token.reveal());
    return tokens;
}

TEST_P(EngineAddress, ANewPushTokenConnectsUntilTheServerHasIt) {
    Driver d{GetParam()};
    EXPECT_FALSE(d.socket_open());
    d.feed(told("aa", TokenKind::apns_alert));
    ASSERT_TRUE(d.did<OpenSignalling>()) << "a device that only waits for pushes is not woken anywhere before that";
    d.connect();
    EXPECT_TRUE(d.sent<protocol::Hello>().back().token.has_value());
    ASSERT_THAT(tokens_of(d), ::testing::ElementsAre("aa"));
    EXPECT_EQ(d.sent<PushAddress>()[0].kind, TokenKind::apns_alert);
    d.ack_all();
    EXPECT_FALSE(d.socket_open());
    d.feed(told("aa", TokenKind::apns_alert));
    EXPECT_FALSE(d.did<OpenSignalling>()) << "nothing is new";
}

TEST_P(EngineAddress, OnlyTheNewestTokenOfAServiceIsToldAndAnEmptyOneTakesItAway) {
    Driver d{GetParam()};
    d.feed(told("aa"));
    d.feed(told("cc", TokenKind::apns_alert));
    d.feed(told("bb"));
    d.connect();
    EXPECT_THAT(tokens_of(d), ::testing::ElementsAre("cc", "bb"));
    d.ack_all();
    d.clear();
    d.feed(told(""));
    d.connect();
    EXPECT_THAT(tokens_of(d), ::testing::UnorderedElementsAre("", "cc"));
}

/// The server may have lost them: the app server put the device anew, Apple called the token dead for a while.
TEST_P(EngineAddress, EachNewConnectionWithATokenTellsThemAgain) {
    Driver d{GetParam()};
    d.feed(told("aa"));
    d.connect();
    d.ack_all();
    d.clear();
    d.feed(told("aa"));
    EXPECT_FALSE(d.did<OpenSignalling>()) << "the system tells its token at each start: no reason to connect";
    d.feed(OnlineRequested{true});
    d.connect();
    EXPECT_THAT(tokens_of(d), ::testing::ElementsAre("aa"));
    d.ack_all();
    d.clear();
    d.feed(SignallingClosed{SignallingFault::closed});
    d.pass(Duration{2'000});
    d.connect(true);
    EXPECT_THAT(tokens_of(d), IsEmpty()) << "a connection that goes on where it was";
}

TEST_P(EngineAddress, WhatTheServerDidNotAcknowledgeIsToldAgainByTheNextProcess) {
    Driver d{GetParam()};
    d.feed(told("aa"));
    d.connect();
    d.die();
    d.clear();
    d.connect();
    EXPECT_THAT(tokens_of(d), ::testing::ElementsAre("aa"));
    d.ack_all();
    d.die();
    EXPECT_FALSE(d.socket_open());
}

TEST_P(EngineAddress, AConnectionThatATicketOpenedDoesNotCarryIt) {
    Config config = config_for(Platform::android);
    config.token.reset();
    Driver d{GetParam(), config};
    d.ring_ready();
    d.feed(told("aa", TokenKind::fcm));
    EXPECT_THAT(tokens_of(d), IsEmpty());
    d.feed(TokenSupplied{Redacted<std::string>{"token"}});
    d.connect();
    EXPECT_TRUE(d.sent<protocol::Hello>().back().token.has_value());
    EXPECT_THAT(tokens_of(d), ::testing::ElementsAre("aa"));
    EXPECT_TRUE(d.view().has_value()) << "the call rings on";
}

TEST_P(EngineAddress, WhoSignsInAgainTellsItAgain) {
    Driver d{GetParam()};
    d.feed(told("aa"));
    d.connect();
    d.ack_all();
    d.feed(SignedOut{});
    d.feed(told("bb", TokenKind::apns_alert));
    EXPECT_FALSE(d.socket_open()) << "nobody is signed in";
    d.clear();
    d.feed(OnlineRequested{true});
    d.connect();
    EXPECT_THAT(tokens_of(d), ::testing::ElementsAre("aa", "bb"));
}

TEST_P(EngineAddress, WhatTheAppTookAwayWhileNobodyWasSignedInIsToldAtTheNextSignIn) {
    Driver d{GetParam()};
    d.feed(told("aa"));
    d.feed(told("bb", TokenKind::apns_alert));
    d.connect();
    d.ack_all();
    d.feed(SignedOut{});
    d.feed(told(""));
    EXPECT_FALSE(d.socket_open()) << "nobody is signed in";
    d.die();
    EXPECT_FALSE(d.socket_open());
    d.clear();
    d.feed(OnlineRequested{true});
    d.connect();
    EXPECT_THAT(tokens_of(d), ::testing::UnorderedElementsAre("", "bb"));
    d.ack_all();
    EXPECT_EQ(d.engine().snapshot().requests.size(), 0U);
}

TEST_P(EngineAddress, WhatWasTakenAwayJustBeforeTheSignOutIsToldAfterIt) {
    Driver d{GetParam()};
    d.feed(told("aa"));
    d.connect();
    d.ack_all();
    d.feed(told(""));
    d.feed(SignallingClosed{SignallingFault::closed});
    d.feed(SignedOut{});
    d.clear();
    d.feed(OnlineRequested{true});
    d.connect();
    EXPECT_THAT(tokens_of(d), ::testing::ElementsAre(""));
}

TEST_P(EngineAddress, AnAddressThatCameBackWhileNobodyWasSignedInIsNotTakenAway) {
    Driver d{GetParam()};
    d.feed(told("aa"));
    d.connect();
    d.ack_all();
    d.feed(SignedOut{});
    d.feed(told(""));
    d.feed(told("cc"));
    d.clear();
    d.feed(OnlineRequested{true});
    d.connect();
    EXPECT_THAT(tokens_of(d), ::testing::ElementsAre("cc"));
}

TEST_P(EngineAddress, AServerThatDoesNotTakeItIsNotAskedAgainAndTheAppHears) {
    for (const auto code : {ErrorCode::unknown_type, ErrorCode::malformed, ErrorCode::wrong_state}) {
        Driver d{GetParam()};
        d.feed(told("aa"));
        d.connect();
        d.feed(AppAttached{});
        d.refuse_last<PushAddress>(code);
        const Notice notice = d.latest<EmitNotice>()->notice;
        EXPECT_EQ(notice.kind, NoticeKind::push_address_refused) << "the app asks for another token";
        EXPECT_EQ(notice.push_kind, TokenKind::apns_voip);
        EXPECT_EQ(notice.error, code);
        EXPECT_FALSE(d.socket_open());
        d.pass(Duration{60'000});
        EXPECT_EQ(tokens_of(d).size(), 1U);
    }
    Driver d{GetParam()};
    d.feed(told("aa"));
    d.connect();
    d.refuse_last<PushAddress>(ErrorCode::unavailable);
    d.pass(Duration{2'000});
    EXPECT_THAT(tokens_of(d), ::testing::ElementsAre("aa", "aa")) << "a store that could not write is asked again";
}

}  // namespace
}  // namespace clarion::engine::testing
