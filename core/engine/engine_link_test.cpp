// SPDX-License-Identifier: Apache-2.0
#include "core/engine/testing/test_driver.hpp"

/// The connection when the server does not want it, when it does not last, and when two tickets share it; taps that
/// come a second time after others.
namespace clarion::engine::testing {
namespace {

using protocol::ErrorCode;
using protocol::Platform;

class EngineLink : public EngineTest {};
INSTANTIATE_TEST_SUITE_P(Both, EngineLink, ::testing::Values(Mode::plain, Mode::resumed), name_of_mode);

Config without_token() {
    Config config = config_for(Platform::android);
    config.token.reset();
    return config;
}

// ---- the server does not take the introduction ----

TEST_P(EngineLink, ARefusedTokenLeavesAConnectedCallAlone) {
    Driver d{GetParam()};
    d.place();
    d.answered();
    d.feed(MediaConnected{kCall});
    d.disconnect();
    d.pass(Duration{1'000});
    d.feed(SignallingOpened{});
    d.refuse_last<protocol::Hello>(ErrorCode::not_authorized);
    EXPECT_FALSE(d.end_event().has_value()) << "two people talk; the media need no token";
    EXPECT_EQ(d.view()->state, CallState::connected);
    EXPECT_FALSE(d.socket_open());
    d.feed(UserEnded{kCall, 7});
    EXPECT_EQ(d.end_event()->reason, EndReason::normal);
    d.pass(Duration{61'000});
    EXPECT_FALSE(d.view().has_value());
}

TEST_P(EngineLink, AnotherVersionOfTheServerEndsAConnectedCall) {
    Driver d{GetParam()};
    d.place();
    d.answered();
    d.feed(MediaConnected{kCall});
    d.disconnect();
    d.pass(Duration{1'000});
    d.feed(SignallingOpened{});
    d.refuse_last<protocol::Hello>(ErrorCode::wrong_version);
    EXPECT_EQ(d.end_event()->reason, EndReason::service_incompatible_version);
}

TEST_P(EngineLink, ARefusedTicketLeavesAConnectedCallAlone) {
    Driver d{GetParam()};
    d.feed(OnlineRequested{true});
    d.talk();
    d.disconnect();
    d.pass(Duration{1'000});
    d.feed(SignallingOpened{});
    d.refuse_last<protocol::Hello>(ErrorCode::not_authorized);
    ASSERT_TRUE(d.socket_open()) << "the ticket may still be good";
    d.feed(SignallingOpened{});
    EXPECT_TRUE(d.sent<protocol::Hello>().back().ticket.has_value());
    d.refuse_last<protocol::Hello>(ErrorCode::not_authorized);
    EXPECT_EQ(d.view()->state, CallState::connected);
    d.pass(Duration{60'000});
    EXPECT_FALSE(d.socket_open()) << "nothing is left to say hello with";
}

// ---- two tickets ----

TEST_P(EngineLink, WithoutATokenASecondCallJoinsTheConnectionWithItsTicket) {
    Driver d{GetParam(), without_token()};
    d.talk();
    d.ack_all();
    d.clear();
    d.ring_on_screen(kOther);
    EXPECT_TRUE(d.socket_open());
    EXPECT_EQ(d.count<OpenSignalling>(), 0);
    ASSERT_EQ(d.sent<protocol::Verify>().size(), 1U);
    EXPECT_EQ(d.sent<protocol::Verify>()[0].ticket->reveal(), "ticket2");
    EXPECT_LT(d.ids_of_sent()[0], d.ids_of_sent()[1]) << "before its receipts, which nobody would take otherwise";
    d.ended(EndReason::cancel, EndSource::caller, kOther);
    EXPECT_FALSE(d.view(kOther).has_value());
    EXPECT_EQ(d.view()->state, CallState::connected);
    EXPECT_TRUE(d.socket_open());
}

TEST_P(EngineLink, ANewConnectionByTheTicketOfOneCallBringsThoseOfTheOthersFirst) {
    Driver d{GetParam(), without_token()};
    d.ring_on_screen();
    d.ring_on_screen(kOther);
    d.connect();
    const auto verifies = d.sent<protocol::Verify>();
    ASSERT_EQ(verifies.size(), 2U);
    EXPECT_EQ(d.sent<protocol::Hello>().back().call_id, kCall);
    const auto ids = d.ids_of_sent();
    EXPECT_FALSE(std::ranges::is_sorted(ids)) << "the second call's question went before its receipts";
}

// ---- sent away ----

TEST_P(EngineLink, ADeviceThatWasSentAwayComesBackOnlyWhenItIsAskedTo) {
    for (const auto fault : {SignallingFault::replaced, SignallingFault::refused}) {
        Driver d{GetParam()};
        d.feed(OnlineRequested{true});
        d.connect();
        d.feed(SignallingClosed{fault});
        d.pass(Duration{120'000});
        EXPECT_FALSE(d.socket_open()) << "two devices of one id would throw each other out for ever";
        EXPECT_EQ(d.engine().next_deadline().at, kNever);
        d.feed(OnlineRequested{true});
        EXPECT_TRUE(d.did<OpenSignalling>());
    }
}

TEST_P(EngineLink, ACallBringsADeviceThatWasSentAwayBack) {
    Driver rung{GetParam()};
    rung.feed(OnlineRequested{true});
    rung.connect();
    rung.feed(SignallingClosed{SignallingFault::replaced});
    EXPECT_FALSE(rung.socket_open());
    rung.ring();
    EXPECT_TRUE(rung.did<OpenSignalling>());

    Driver calling{GetParam()};
    calling.feed(OnlineRequested{true});
    calling.connect();
    calling.feed(SignallingClosed{SignallingFault::refused});
    EXPECT_FALSE(calling.socket_open());
    calling.feed(PlaceRequested{.call_id = kCall, .to_user = kAlice});
    EXPECT_TRUE(calling.did<OpenSignalling>());
}

TEST_P(EngineLink, AfterARefusedTokenTheAppMayAskAgainWithoutGoingOfflineFirst) {
    Driver d{GetParam()};
    d.feed(OnlineRequested{true});
    d.feed(SignallingOpened{});
    d.refuse_last<protocol::Hello>(ErrorCode::not_authorized);
    EXPECT_FALSE(d.socket_open());
    d.feed(OnlineRequested{true});
    EXPECT_TRUE(d.did<OpenSignalling>());
}

TEST_P(EngineLink, AConnectionThatDoesNotLastIsAFailureLikeAnyOther) {
    Driver d{GetParam()};
    d.feed(OnlineRequested{true});
    std::int64_t pause = 0;
    for (int i = 0; i < 10; ++i) {
        d.connect();
        d.pass(Duration{1'000});
        d.disconnect();
        pause = (d.engine().next_deadline().at - d.now()).count();
        d.pass(Duration{pause});
    }
    EXPECT_GE(pause, d.config().reconnect_max.count() / 2) << "welcomed and thrown out, over and over";
    d.connect();
    d.pass(Duration{10'000});
    d.disconnect();
    EXPECT_LE((d.engine().next_deadline().at - d.now()).count(), d.config().reconnect_min.count());
}

// ---- the same tap again (I12) ----

TEST_P(EngineLink, AnOldMuteActionDoesNotReachTheMedia) {
    Driver d{GetParam()};
    d.talk();
    d.feed(UserMuted{kCall, true, 11});
    d.feed(UserMuted{kCall, false, 12});
    d.feed(UserMuted{kCall, true, 11});
    EXPECT_FALSE(d.did<SetMuted>());
    EXPECT_FALSE(d.latest<SetMuted>()->on) << "what is heard is what the screen shows";
    EXPECT_FALSE(d.view()->muted);
}

TEST_P(EngineLink, AnOldHoldActionReachesNeitherMediaNorPeer) {
    Driver d{GetParam()};
    d.talk();
    d.feed(UserHeld{kCall, true, 11});
    d.feed(UserHeld{kCall, false, 12});
    d.feed(UserHeld{kCall, true, 11});
    EXPECT_FALSE(d.did<SetHeld>());
    EXPECT_FALSE(d.did<CloseAudio>());
    EXPECT_EQ(d.sent<protocol::MyState>().size(), 2U);
    EXPECT_FALSE(d.view()->held);
}

TEST_P(EngineLink, AnInviteOverTheConnectionIsToBeOpenedOnceAndRingsAsAPushDoes) {
    Driver d{GetParam(), Platform::android};
    d.feed(OnlineRequested{true});
    d.connect();
    const protocol::Incoming incoming{kCall, Redacted<std::string>{"sealed"}};
    d.frame(incoming);
    ASSERT_TRUE(d.did<OpenInvite>());
    EXPECT_EQ(d.latest<OpenInvite>()->cc_param.reveal(), "sealed");
    EXPECT_FALSE(d.did<callui::ReportIncoming>()) << "nobody signed it yet";
    d.push(d.invite(), false);
    EXPECT_TRUE(d.did<callui::ReportIncoming>());
    d.feed(FrameReceived{{1, incoming}, d.wall()});
    EXPECT_TRUE(d.last.empty()) << "the same frame again";
}

}  // namespace
}  // namespace clarion::engine::testing
