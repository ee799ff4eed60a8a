// SPDX-License-Identifier: Apache-2.0
// Answered calls over real sockets: talk, crashes, other devices of the same user, calls that cross, and who is not let
// through.
#include <gtest/gtest.h>

#include "server/app/testing/stage.hpp"

namespace clarion::server::testing {
namespace {

using protocol::ErrorCode;
using protocol::MediaAnswer;
using protocol::MediaOffer;

Redacted<std::string> sdp(const char* text) { return Redacted<std::string>{text}; }

std::size_t count_of(const std::string& text, const std::string& part) {
    std::size_t count = 0;
    for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++count;
    return count;
}

/// Alice talks to Bob's phone; his tablet is online as well.
class LiveCallTest : public ::testing::Test {
  protected:
    void SetUp() override {
        alice = stage.online("alice", "alice-pc");
        phone = stage.online("bob", "bob-phone");
        tablet = stage.online("bob", "bob-tablet");
        ASSERT_TRUE(alice->next<protocol::Welcome>() && phone->next<protocol::Welcome>());
        ASSERT_TRUE(tablet->next<protocol::Welcome>());
    }

    void talk(int call = 1) {
        ASSERT_EQ(alice->ask(place_call(call, "bob")), std::nullopt);
        ASSERT_EQ(phone->ask(protocol::Answer{call_id(call), sdp("v=0 answer")}), std::nullopt);
        ASSERT_TRUE(alice->next<protocol::Answered>());
        ASSERT_TRUE(phone->next<protocol::AnswerConfirmed>());
    }

    std::optional<ErrorCode> place(int call) { return alice->ask(place_call(call, "bob")); }

    routing::CallDocument stored(int call) { return stage.store->find_call(call_id(call))->value().document; }

    Stage stage;
    std::unique_ptr<TestClient> alice;
    std::unique_ptr<TestClient> phone;
    std::unique_ptr<TestClient> tablet;
};

TEST_F(LiveCallTest, StateNegotiationAndDataReachTheOtherSide) {
    talk();
    protocol::MyState held{call_id(1), {.held = true, .hold_reason = "a visitor"}};
    ASSERT_EQ(phone->ask(held), std::nullopt);
    const auto state = alice->next<protocol::PeerState>();
    ASSERT_TRUE(state);
    EXPECT_EQ(state->state.hold_reason, "a visitor");
    ASSERT_EQ(
        alice->ask(MediaOffer{call_id(1), 1, protocol::Negotiation::media, protocol::Media::video, sdp("o")}),
        std::nullopt
    );
    const auto offer = phone->next<MediaOffer>();
    ASSERT_TRUE(offer);
    ASSERT_EQ(phone->ask(MediaAnswer{call_id(1), 1, true, protocol::Media::video, sdp("a")}), std::nullopt);
    ASSERT_TRUE(alice->next<MediaAnswer>());
    ASSERT_EQ(alice->ask(protocol::MuteRequest{call_id(1), true}), std::nullopt);
    ASSERT_TRUE(phone->next<protocol::MuteRequest>());
    ASSERT_EQ(phone->ask(protocol::ShortData{call_id(1), 1, "chat", sdp("hi")}), std::nullopt);
    const auto data = alice->next<protocol::ShortData>();
    ASSERT_TRUE(data);
    EXPECT_EQ(data->data.reveal(), "hi");
    EXPECT_EQ(tablet->ask(protocol::MyState{call_id(1), {}}), ErrorCode::wrong_state) << "it lost";
}

TEST_F(LiveCallTest, WhatWasAcknowledgedSurvivesTheDeathOfTheServer) {
    talk();
    ASSERT_EQ(phone->ask(protocol::Candidate{call_id(1), sdp("candidate:1"), "0", 0}), std::nullopt);
    ASSERT_EQ(phone->ask(protocol::MyState{call_id(1), {.muted = true}}), std::nullopt);
    ASSERT_EQ(
        phone->ask(MediaOffer{call_id(1), 2, protocol::Negotiation::media, protocol::Media::video, sdp("later")}),
        std::nullopt
    );
    stage.kill_and_restart();
    auto again = stage.online("alice", "alice-pc");
    const auto welcome = again->next<protocol::Welcome>();
    ASSERT_TRUE(welcome);
    EXPECT_FALSE(welcome->resumed);
    ASSERT_EQ(again->ask(protocol::Verify{call_id(1), {}}), std::nullopt);
    const auto answered = again->next<protocol::Answered>();
    ASSERT_TRUE(answered && answered->peer_state);
    EXPECT_TRUE(answered->peer_state->muted);
    const auto offer = again->next<MediaOffer>();
    ASSERT_TRUE(offer);
    EXPECT_EQ(offer->sdp.reveal(), "later");
    const auto candidate = again->next<protocol::Candidate>();
    ASSERT_TRUE(candidate);
    EXPECT_EQ(candidate->candidate.reveal(), "candidate:1");
}

TEST_F(LiveCallTest, ALostConnectionIsToldAndSoIsItsReturn) {
    talk();
    phone->close();
    ASSERT_TRUE(stage.wait([&] { return !stored(1).callee.connected; }));
    stage.clock.ahead = Duration{2'500};
    const auto lost = alice->next<protocol::PeerState>();
    ASSERT_TRUE(lost);
    EXPECT_TRUE(lost->state.network_lost);
    auto again = stage.online("bob", "bob-phone");
    const auto back = alice->next<protocol::PeerState>();
    ASSERT_TRUE(back);
    EXPECT_FALSE(back->state.network_lost);
    again->close();
    ASSERT_TRUE(stage.wait([&] { return !stored(1).callee.connected; }));
    stage.clock.ahead = Duration{60'000};
    const auto ended = alice->next<protocol::Ended>();
    ASSERT_TRUE(ended);
    EXPECT_EQ(ended->reason, EndReason::network_unstable);
}

TEST_F(LiveCallTest, AnotherDeviceOfTheUserFindsTheCallAndTakesIt) {
    talk();
    ASSERT_EQ(tablet->ask(protocol::ListCalls{}), std::nullopt);
    const auto live = tablet->next<protocol::LiveCalls>();
    ASSERT_TRUE(live);
    ASSERT_EQ(live->calls.size(), 1U);
    EXPECT_EQ(live->calls[0].device.text(), "bob-phone");
    EXPECT_EQ(live->calls[0].peer_name.reveal(), "Alice");

    ASSERT_EQ(tablet->ask(protocol::Take{call_id(1), sdp("o=tablet")}), std::nullopt);
    const auto offer = alice->next<MediaOffer>();
    ASSERT_TRUE(offer);
    EXPECT_EQ(offer->purpose, protocol::Negotiation::transfer);
    ASSERT_EQ(
        alice->ask(MediaAnswer{call_id(1), offer->revision, true, protocol::Media::audio, sdp("a")}), std::nullopt
    );
    const auto taken = tablet->next<protocol::Taken>();
    ASSERT_TRUE(taken);
    EXPECT_EQ(taken->peer.text(), "alice");
    const auto ended = phone->next<protocol::Ended>();
    ASSERT_TRUE(ended);
    EXPECT_EQ(ended->reason, EndReason::multi_device_answer);
    ASSERT_EQ(tablet->ask(protocol::End{call_id(1), EndReason::normal, {}}), std::nullopt);
    ASSERT_TRUE(alice->next<protocol::Ended>());
    ASSERT_EQ(tablet->ask(protocol::ListCalls{}), std::nullopt);
    EXPECT_TRUE(tablet->next<protocol::LiveCalls>()->calls.empty());
}

TEST_F(LiveCallTest, ADeviceThatNeverRangTakesTheCallersSideAndAStrangerTakesNothing) {
    talk();
    auto laptop = stage.online("alice", "alice-laptop");
    auto mallory = stage.online("mallory", "mallory-pc");
    EXPECT_EQ(mallory->ask(protocol::Take{call_id(1), sdp("o")}), ErrorCode::unknown_call);
    ASSERT_EQ(laptop->ask(protocol::Take{call_id(1), sdp("o=laptop")}), std::nullopt);
    const auto offer = phone->next<MediaOffer>();
    ASSERT_TRUE(offer);
    ASSERT_EQ(
        phone->ask(MediaAnswer{call_id(1), offer->revision, true, protocol::Media::audio, sdp("a")}), std::nullopt
    );
    ASSERT_TRUE(laptop->next<protocol::Taken>());
    ASSERT_TRUE(alice->next<protocol::Ended>());
    EXPECT_EQ(laptop->ask(protocol::MyState{call_id(1), {.muted = true}}), std::nullopt);
    ASSERT_TRUE(phone->next<protocol::PeerState>());
    ASSERT_EQ(place(1), std::nullopt) << "the same place again, from the device that gave the call away";
    ASSERT_TRUE(alice->next<protocol::Ended>());
}

TEST_F(LiveCallTest, ATakeThatNobodyAnswersIsGivenUp) {
    talk();
    ASSERT_TRUE(tablet->next<protocol::Ended>()) << "the phone answered";
    ASSERT_EQ(tablet->ask(protocol::Take{call_id(1), sdp("o=tablet")}), std::nullopt);
    stage.clock.ahead = Duration{20'000};
    const auto ended = tablet->next<protocol::Ended>();
    ASSERT_TRUE(ended) << "a device that has no part in the call any more is told so";
    EXPECT_EQ(ended->reason, EndReason::multi_device_in_use);
    EXPECT_EQ(stored(1).winner->text(), "bob-phone");
}

// ---- calls that cross ----

TEST_F(LiveCallTest, TwoCallsThatCrossBecomeOne) {
    ASSERT_EQ(place(1), std::nullopt);
    ASSERT_EQ(phone->ask(place_call(2, "alice")), std::nullopt);
    const auto merged = phone->next<protocol::Merged>();
    ASSERT_TRUE(merged);
    EXPECT_EQ(merged->call_id, call_id(2));
    EXPECT_EQ(merged->into, call_id(1));
    ASSERT_EQ(phone->ask(place_call(2, "alice")), std::nullopt) << "again, as after a reconnect";
    ASSERT_TRUE(phone->next<protocol::Merged>());
    ASSERT_EQ(phone->ask(protocol::Verify{call_id(2), {}}), std::nullopt);
    ASSERT_TRUE(phone->next<protocol::Merged>());
    EXPECT_EQ(alice->ask(place_call(2, "bob")), ErrorCode::id_conflict);

    stage.kill_and_restart();
    auto again = stage.online("bob", "bob-phone");
    auto caller = stage.online("alice", "alice-pc");
    ASSERT_EQ(again->ask(protocol::Verify{call_id(2), {}}), std::nullopt);
    ASSERT_TRUE(again->next<protocol::Merged>()) << "the name is stored";
    ASSERT_EQ(again->ask(protocol::Answer{call_id(1), sdp("v=0 answer")}), std::nullopt);
    ASSERT_TRUE(caller->next<protocol::Answered>());
    ASSERT_EQ(caller->ask(protocol::End{call_id(1), EndReason::normal, {}}), std::nullopt);
    ASSERT_EQ(again->ask(protocol::Verify{call_id(2), {}}), std::nullopt);
    ASSERT_TRUE(again->next<protocol::Ended>());
    EXPECT_EQ(count_of(stage.rest("GET", "/v1/users/bob/calls").body, "call_id"), 1U) << "one call in the history";
    EXPECT_NE(stage.rest("GET", "/v1/calls/" + call_id(2).text()).body.find(call_id(1).text()), std::string::npos);
}

TEST_F(LiveCallTest, WhoGivesUpBeforeHearingOfTheMergerLeavesTheOtherCallRinging) {
    ASSERT_EQ(place(1), std::nullopt);
    phone->send(place_call(2, "alice"));
    ASSERT_EQ(phone->ask(protocol::End{call_id(2), EndReason::cancel, {}}), std::nullopt);
    const auto ended = phone->next<protocol::Ended>();
    ASSERT_TRUE(ended);
    EXPECT_EQ(ended->call_id, call_id(2));
    EXPECT_EQ(stored(1).phase, routing::Phase::ringing);
}

TEST_F(LiveCallTest, ACallToSomebodyWhoseCallWasAnsweredIsItsOwn) {
    talk(1);
    ASSERT_EQ(tablet->ask(place_call(2, "alice")), std::nullopt);
    ASSERT_TRUE(tablet->next<protocol::Notified>());
    EXPECT_EQ(stored(2).call_id, call_id(2));
}

TEST(CrossingPolicy, TheLowerIdWinsWhoeverWasFirst) {
    for (const auto& [first, second] : {std::pair{3, 5}, std::pair{5, 3}}) {
        StageOptions options;
        options.routing.glare = routing::Glare::lower_id_wins;
        Stage stage{options};
        auto alice = stage.online("alice", "alice-pc");
        auto bob = stage.online("bob", "bob-pc");
        ASSERT_TRUE(alice->next<protocol::Welcome>() && bob->next<protocol::Welcome>());
        ASSERT_EQ(alice->ask(place_call(first, "bob")), std::nullopt);
        ASSERT_EQ(bob->ask(place_call(second, "alice")), std::nullopt);
        EXPECT_EQ(stage.store->find_call(call_id(3))->value().document.phase, routing::Phase::ringing);
        EXPECT_EQ(stage.store->find_call(call_id(5))->value().document.reason, EndReason::already_got_a_call);
    }
}

TEST(CrossingPolicy, OrTheSecondOneIsBusy) {
    StageOptions options;
    options.routing.glare = routing::Glare::refuse;
    Stage stage{options};
    auto alice = stage.online("alice", "alice-pc");
    auto bob = stage.online("bob", "bob-pc");
    ASSERT_TRUE(alice->next<protocol::Welcome>() && bob->next<protocol::Welcome>());
    ASSERT_EQ(alice->ask(place_call(1, "bob")), std::nullopt);
    ASSERT_EQ(bob->ask(place_call(2, "alice")), std::nullopt);
    const auto ended = bob->next<protocol::Ended>();
    ASSERT_TRUE(ended);
    EXPECT_EQ(ended->reason, EndReason::busy);
}

// ---- who is not let through ----

TEST_F(LiveCallTest, ABlockedCallerWaitsInVainAndLeavesNoMissedCall) {
    ASSERT_EQ(stage.rest("PUT", "/v1/users/bob/settings", R"({"blocked":["alice"]})").status, 200U);
    EXPECT_EQ(stage.rest("GET", "/v1/users/bob/settings").body, R"({"blocked":["alice"]})");
    ASSERT_EQ(place(1), std::nullopt);
    const auto notified = alice->next<protocol::Notified>();
    ASSERT_TRUE(notified);
    EXPECT_EQ(notified->devices, 2U);
    EXPECT_EQ(phone->ask(protocol::Verify{call_id(1), {}}), ErrorCode::unknown_call);
    stage.clock.ahead = Duration{70'000};
    const auto ended = alice->next<protocol::Ended>();
    ASSERT_TRUE(ended);
    EXPECT_EQ(ended->reason, EndReason::no_answer);
    EXPECT_EQ(count_of(stage.rest("GET", "/v1/users/bob/calls?outcome=missed").body, "call_id"), 0U);
    EXPECT_EQ(count_of(stage.rest("GET", "/v1/users/alice/calls?outcome=missed").body, "call_id"), 1U);
}

TEST_F(LiveCallTest, DoNotDisturbHoldsUntilItsTimeAndLeavesAMissedCall) {
    const std::int64_t until = stage.clock.wall_now().ms + 60'000;
    const std::string body = R"({"do_not_disturb_until":)" + std::to_string(until) + "}";
    ASSERT_EQ(stage.rest("PUT", "/v1/users/bob/settings", body).status, 200U);
    ASSERT_EQ(place(1), std::nullopt);
    EXPECT_EQ(stored(1).screening, routing::Screening::do_not_disturb);
    ASSERT_EQ(alice->ask(protocol::End{call_id(1), EndReason::cancel, {}}), std::nullopt);
    const std::string missed = stage.rest("GET", "/v1/users/bob/calls?outcome=missed&limit=5").body;
    EXPECT_NE(missed.find(R"("direction":"in","peer":"alice","peer_name":"Alice")"), std::string::npos) << missed;
    stage.clock.ahead = Duration{61'000};
    ASSERT_EQ(place(2), std::nullopt);
    ASSERT_TRUE(phone->next<protocol::Incoming>());
}

TEST_F(LiveCallTest, BadSettingsAndHistoryQueriesAreRefused) {
    EXPECT_EQ(stage.rest("PUT", "/v1/users/bob/settings", R"({"blocked":["no id!"]})").status, 400U);
    EXPECT_EQ(stage.rest("PUT", "/v1/users/bob/settings", R"({"do_not_disturb_until":-1})").status, 400U);
    EXPECT_EQ(stage.rest("GET", "/v1/users/bob/calls?outcome=sneezed").status, 400U);
    EXPECT_EQ(stage.rest("GET", "/v1/users/bob/calls?before=soon").status, 400U);
    EXPECT_EQ(stage.rest("GET", "/v1/users/bob/calls?limit=0").status, 400U);
    EXPECT_EQ(stage.rest("GET", "/v1/users/nobody/settings").body, R"({"blocked":[]})");
}

TEST_F(LiveCallTest, WhoCallsSomebodyAgainAndAgainIsSlowedDown) {
    std::optional<ErrorCode> error;
    int placed = 0;
    for (int i = 0; i < 9 && !error; ++i) {
        error = place(i);
        if (!error) (void)alice->ask(protocol::End{call_id(i), EndReason::cancel, {}});
        if (!error) ++placed;
    }
    EXPECT_EQ(error, std::nullopt) << "a few are nothing";
    for (int i = 0; i < 30 && !error; ++i) {
        protocol::Place message = place_call(1, "bob");
        std::string id = "00000000-0000-4000-8000-0000000001";
        message.call_id = *CallId::parse(id + (i < 10 ? "0" : "") + std::to_string(i));
        error = alice->ask(message);
        if (error) break;
        (void)alice->ask(protocol::End{message.call_id, EndReason::cancel, {}});
        ++placed;
    }
    EXPECT_EQ(error, ErrorCode::too_many);
    EXPECT_GE(placed, 20);
    EXPECT_EQ(phone->ask(place_call(9, "carol")), std::nullopt) << "another pair of users";
}

TEST_F(LiveCallTest, TheAppServersDataAreForItAlone) {
    protocol::Place message = place_call(1, "bob");
    message.app_server_data = sdp("order 66");
    message.start_message = sdp("hello");
    ASSERT_EQ(alice->ask(message), std::nullopt);
    EXPECT_NE(stage.rest("GET", "/v1/calls/" + call_id(1).text()).body.find("order 66"), std::string::npos);
    ASSERT_EQ(phone->ask(protocol::Verify{call_id(1), {}}), std::nullopt);
    const auto verified = phone->next<protocol::Verified>();
    ASSERT_TRUE(verified && verified->start_message);
    EXPECT_EQ(verified->start_message->reveal(), "hello");
}

}  // namespace
}  // namespace clarion::server::testing
