// SPDX-License-Identifier: Apache-2.0
#include "core/engine/testing/test_driver.hpp"

namespace clarion::engine::testing {
namespace {

using callui::EventKind;
using protocol::ErrorCode;
using protocol::Platform;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class EngineOutgoing : public EngineTest {};
INSTANTIATE_TEST_SUITE_P(Both, EngineOutgoing, ::testing::Values(Mode::plain, Mode::resumed), name_of_mode);

TEST_P(EngineOutgoing, PlaceIsShownPreparedAndSentWithTheToken) {
    Driver d{GetParam()};
    d.feed(PlaceRequested{.call_id = kCall, .to_user = kAlice});
    EXPECT_TRUE(d.did<callui::ReportOutgoing>());
    EXPECT_TRUE(d.did<PrepareOffer>());
    EXPECT_TRUE(d.did<OpenSignalling>());
    d.connect();
    EXPECT_EQ(d.sent<protocol::Hello>()[0].token->reveal(), "token");
    EXPECT_EQ(d.view()->state, CallState::trying);
    d.feed(OfferPrepared{kCall, Redacted<std::string>{"v=0 offer"}});
    ASSERT_EQ(d.sent<protocol::Place>().size(), 1U);
    EXPECT_EQ(d.sent<protocol::Place>()[0].to_user, kAlice);
    d.ack_all();
    EXPECT_EQ(d.view()->state, CallState::wait_answer);
    EXPECT_THAT(d.events(), ElementsAre(EventKind::placed));
}

TEST_P(EngineOutgoing, TheCallerHearsThatDevicesRingAndThatTheCallConnected) {
    Driver d{GetParam()};
    d.place();
    d.frame(protocol::Notified{kCall, 2, d.server_now() + kRingTime});
    d.frame(protocol::Progress{.call_id = kCall, .ringing = 1});
    d.frame(protocol::Progress{.call_id = kCall, .ringing = 2});
    d.answered();
    EXPECT_TRUE(d.did<ApplyAnswer>());
    EXPECT_EQ(d.count<callui::ReportOutgoingConnected>(), 0);
    d.feed(MediaConnected{kCall});
    EXPECT_EQ(d.count<callui::ReportOutgoingConnected>(), 1);
    d.feed(AudioActivated{});
    EXPECT_TRUE(d.did<OpenAudio>());
    EXPECT_THAT(
        d.events(),
        ElementsAre(EventKind::placed, EventKind::peer_ringing, EventKind::peer_ringing, EventKind::connected)
    );
}

TEST_P(EngineOutgoing, CancelBeforeTheAnswerTellsTheServer) {
    Driver d{GetParam()};
    d.place();
    d.feed(UserEnded{kCall, 5});
    ASSERT_EQ(d.sent<protocol::End>().size(), 1U);
    EXPECT_EQ(d.sent<protocol::End>()[0].reason, EndReason::cancel);
    EXPECT_EQ(d.end_event()->outcome, Outcome::cancelled);
    d.ack_all();
    EXPECT_FALSE(d.socket_open());
}

TEST_P(EngineOutgoing, CancelBeforeAnythingWasSentNeedsNoServer) {
    Driver d{GetParam()};
    d.feed(PlaceRequested{.call_id = kCall, .to_user = kAlice});
    d.feed(UserEnded{kCall});
    EXPECT_TRUE(d.did<CloseSignalling>());
    EXPECT_EQ(d.count<callui::EndSystemCall>(), 0) << "IOS-CK-03: it is not there yet";
    d.feed(OutgoingReported{kCall});
    EXPECT_EQ(d.count<callui::EndSystemCall>(), 1);
    EXPECT_FALSE(d.view().has_value());
}

TEST_P(EngineOutgoing, AStartThatTheSystemRefusesFailsAndTheServerHearsOfWhatItMayKnow) {
    for (const Platform platform : {Platform::ios, Platform::android}) {
        for (const bool is_sent : {false, true}) {
            Driver d{GetParam(), platform};
            d.feed(AppAttached{});
            d.feed(PlaceRequested{.call_id = kCall, .to_user = kAlice});
            if (is_sent) d.connect();
            if (is_sent) d.feed(OfferPrepared{kCall, Redacted<std::string>{"v=0 offer"}});
            d.feed(OutgoingReported{kCall, ReportResult::limit_reached});
            EXPECT_EQ(d.end_event()->reason, EndReason::internal_kit_error);
            EXPECT_EQ(d.end_event()->source, EndSource::caller);
            EXPECT_EQ(d.end_event()->outcome, Outcome::failed);
            const auto events = d.engine().snapshot().ui.events;
            const auto why = std::ranges::find(events, callui::EventKind::not_shown, &callui::Event::kind);
            ASSERT_NE(why, events.end());
            EXPECT_EQ(why->result, ReportResult::limit_reached);
            EXPECT_TRUE(d.did<CloseMedia>());
            EXPECT_EQ(d.count<callui::EndSystemCall>(), 0) << "it never stood there";
            const auto ends = d.sent<protocol::End>();
            EXPECT_EQ(ends.size(), is_sent ? 1U : 0U);
            for (const auto& end : ends) EXPECT_EQ(end.reason, EndReason::internal_kit_error);
            d.feed(OutgoingReported{kCall, ReportResult::limit_reached});
            EXPECT_TRUE(d.last.empty()) << "twice";
        }
    }
}

TEST_P(EngineOutgoing, WithoutMediaNoCallIsPlacedAndNoneIsAnswered) {
    Config config = config_for(Platform::ios);
    config.has_media = false;
    Driver d{GetParam(), config};
    const PlaceRequested place{.call_id = kOther, .to_user = kAlice};
    EXPECT_EQ(d.engine().start_fail(place), StartFail::kit_internal_initialization_error);
    EXPECT_EQ(d.try_feed(place), InputError::wrong_state);
    d.ring_on_screen();
    d.connect();
    d.verified();
    EXPECT_EQ(d.view()->state, CallState::verified) << "another device may take it";
    d.feed(UserAnswered{kCall, 5});
    EXPECT_EQ(d.end_event()->reason, EndReason::internal_error);
    EXPECT_TRUE(d.did<callui::FailAction>());
    EXPECT_THAT(d.sent<protocol::Answer>(), IsEmpty());
    EXPECT_EQ(d.count<PrepareAnswer>() + d.count<CloseMedia>(), 0);
}

TEST_P(EngineOutgoing, ACancelThatCrossesALostPlaceIsStillTold) {
    Driver d{GetParam()};
    d.feed(PlaceRequested{.call_id = kCall, .to_user = kAlice});
    d.connect();
    d.feed(OfferPrepared{kCall, Redacted<std::string>{"v=0 offer"}});
    d.disconnect();
    d.feed(UserEnded{kCall, 5});
    d.connect();
    EXPECT_EQ(d.sent<protocol::Place>().size(), 1U) << "a cancelled call is not placed again";
    ASSERT_EQ(d.sent<protocol::End>().size(), 1U);
    d.refuse_last<protocol::End>(ErrorCode::unknown_call);
    EXPECT_FALSE(d.view().has_value());
}

TEST_P(EngineOutgoing, EveryEndOfTheServerHasItsPlaceInTheHistory) {
    const std::vector<std::pair<EndReason, Outcome>> table{
        {EndReason::decline, Outcome::declined},  {EndReason::busy, Outcome::declined},
        {EndReason::no_answer, Outcome::missed},  {EndReason::cancel, Outcome::cancelled},
        {EndReason::push_error, Outcome::failed}, {EndReason::server_internal_error, Outcome::failed},
    };
    for (const auto& [reason, outcome] : table) {
        Driver d{GetParam()};
        d.place();
        d.ended(reason, EndSource::callee);
        EXPECT_EQ(d.end_event()->outcome, outcome) << to_string(reason);
        EXPECT_EQ(d.end_event()->reason, reason);
        EXPECT_EQ(d.count<callui::EndSystemCall>(), 1);
        EXPECT_EQ(d.count<callui::ShowMissedCall>(), 0);
        EXPECT_FALSE(d.socket_open());
    }
}

TEST_P(EngineOutgoing, PlaceIsSentAgainWithTheSameIdAfterAReconnect) {
    Driver d{GetParam()};
    d.feed(PlaceRequested{.call_id = kCall, .to_user = kAlice});
    d.connect();
    d.feed(OfferPrepared{kCall, Redacted<std::string>{"v=0 offer"}});
    d.disconnect();
    d.pass(d.config().reconnect_min);
    d.connect();
    ASSERT_EQ(d.sent<protocol::Place>().size(), 2U);
    const auto ids = d.ids_of_sent();
    EXPECT_EQ(std::ranges::count(ids, ids[1]), 2);
    d.ack_all();
    EXPECT_EQ(d.view()->state, CallState::wait_answer);
}

TEST_P(EngineOutgoing, NoNetworkEndsThePlacingWithTheNetworkAsReason) {
    Driver d{GetParam()};
    d.feed(PlaceRequested{.call_id = kCall, .to_user = kAlice});
    d.feed(SignallingClosed{SignallingFault::unreachable});
    d.pass(d.config().place_timeout);
    EXPECT_EQ(d.end_event()->reason, EndReason::unavailable_network);
    EXPECT_EQ(d.end_event()->outcome, Outcome::failed);
}

TEST_P(EngineOutgoing, ASilentServerEndsThePlacingWithATimeOut) {
    Driver d{GetParam()};
    d.feed(PlaceRequested{.call_id = kCall, .to_user = kAlice});
    d.connect();
    d.feed(OfferPrepared{kCall, Redacted<std::string>{"v=0 offer"}});
    d.pass(d.config().place_timeout);
    EXPECT_EQ(d.end_event()->reason, EndReason::service_http_connection_time_out);
    EXPECT_EQ(d.sent<protocol::End>().size(), 1U) << "the server may have it";
}

TEST_P(EngineOutgoing, AnUntrustedServerEndsThePlacingAtOnce) {
    Driver d{GetParam()};
    d.feed(PlaceRequested{.call_id = kCall, .to_user = kAlice});
    d.feed(SignallingClosed{SignallingFault::tls_untrusted});
    EXPECT_EQ(d.end_event()->reason, EndReason::service_http_invalid_peer_cert);
}

TEST_P(EngineOutgoing, ARefusedTokenEndsThePlacing) {
    Driver d{GetParam()};
    d.feed(PlaceRequested{.call_id = kCall, .to_user = kAlice});
    d.feed(SignallingOpened{});
    d.refuse_last<protocol::Hello>(ErrorCode::not_authorized);
    EXPECT_EQ(d.end_event()->reason, EndReason::service_access_token_error);
    EXPECT_FALSE(d.socket_open());
}

TEST_P(EngineOutgoing, ABusyServerIsAskedAgain) {
    Driver d{GetParam()};
    d.feed(PlaceRequested{.call_id = kCall, .to_user = kAlice});
    d.connect();
    d.feed(OfferPrepared{kCall, Redacted<std::string>{"v=0 offer"}});
    d.refuse_last<protocol::Place>(ErrorCode::unavailable);
    d.pass(Duration{1'500});
    EXPECT_EQ(d.sent<protocol::Place>().size(), 2U);
}

TEST_P(EngineOutgoing, CandidatesOfBothSidesWaitForTheAnswer) {
    Driver d{GetParam()};
    d.place();
    d.feed(CandidateFound{kCall, Redacted<std::string>{"local"}, "0", 0});
    d.frame(protocol::Candidate{kCall, Redacted<std::string>{"remote"}, "0", 0});
    EXPECT_TRUE(d.sent<protocol::Candidate>().empty());
    EXPECT_EQ(d.count<AddCandidate>(), 0);
    d.answered();
    EXPECT_EQ(d.sent<protocol::Candidate>().size(), 1U);
    EXPECT_EQ(d.count<AddCandidate>(), 1);
}

TEST_P(EngineOutgoing, AnAnswerWithoutMediaEndsInTime) {
    Driver d{GetParam()};
    d.place();
    d.answered();
    d.pass(d.config().connect_timeout);
    EXPECT_EQ(d.end_event()->reason, EndReason::unavailable_network);
    EXPECT_EQ(d.end_event()->outcome, Outcome::failed);
    EXPECT_EQ(d.sent<protocol::End>().size(), 1U);
}

TEST_P(EngineOutgoing, ACallWhoseEndGotLostEndsByItself) {
    Driver d{GetParam()};
    d.place();
    d.frame(protocol::Notified{kCall, 1, d.server_now() + kRingTime});
    d.pass(kRingTime + Duration{20'000});
    EXPECT_EQ(d.end_event()->reason, EndReason::no_answer);
    EXPECT_EQ(d.end_event()->outcome, Outcome::missed);
}

TEST_P(EngineOutgoing, HangUpByThePeer) {
    Driver d{GetParam()};
    d.place();
    d.answered();
    d.feed(MediaConnected{kCall});
    d.ended(EndReason::normal, EndSource::callee);
    EXPECT_EQ(d.latest<callui::EndSystemCall>()->reason, SystemEndReason::remote_ended);
    EXPECT_EQ(d.end_event()->outcome, Outcome::answered);
    EXPECT_TRUE(d.did<CloseMedia>());
}

TEST_P(EngineOutgoing, WhatCannotBePlacedIsRefused) {
    Driver d{GetParam()};
    EXPECT_EQ(d.try_feed(PlaceRequested{.call_id = kCall, .to_user = kBob}), InputError::bad_input);
    EXPECT_EQ(d.try_feed(PlaceRequested{.call_id = {}, .to_user = kAlice}), InputError::bad_input);
    d.place();
    EXPECT_EQ(
        d.try_feed(PlaceRequested{.call_id = kCall, .to_user = *UserId::parse("carol")}), InputError::duplicate_call
    );
    Config without = config_for(Platform::ios);
    without.token.reset();
    Driver offline{GetParam(), without};
    EXPECT_EQ(offline.try_feed(PlaceRequested{.call_id = kCall, .to_user = kAlice}), InputError::wrong_state);
    EXPECT_EQ(offline.try_feed(OnlineRequested{true}), InputError::wrong_state);
}

TEST_P(EngineOutgoing, AnOutgoingCallTakesTheConnectionFromATicketToTheToken) {
    Driver d{GetParam()};
    d.ring_ready();
    EXPECT_TRUE(d.sent<protocol::Hello>()[0].ticket.has_value());
    d.feed(PlaceRequested{.call_id = kOther, .to_user = kAlice});
    EXPECT_TRUE(d.did<CloseSignalling>());
    EXPECT_TRUE(d.did<OpenSignalling>());
    d.connect();
    EXPECT_TRUE(d.sent<protocol::Hello>()[1].token.has_value());
}

TEST_P(EngineOutgoing, AnEventThatComesAgainAfterAReconnectIsNotHeardAgain) {
    Driver d{GetParam()};
    d.place();
    const auto numbered = [&](std::uint64_t seq, protocol::ServerMessage message) {
        d.feed(FrameReceived{{seq, std::move(message)}, d.wall()});
    };
    const protocol::Candidate candidate{kCall, Redacted<std::string>{"remote"}, "0", 0};
    d.answered();  // seq 1
    numbered(2, candidate);
    d.disconnect();
    d.pass(d.config().reconnect_min);
    d.connect(true);
    EXPECT_EQ(d.sent<protocol::Hello>().back().seen_seq, 2U);
    EXPECT_EQ(d.sent<protocol::Hello>().back().stream, 1U);
    numbered(1, protocol::Answered{kCall, *DeviceId::parse("tablet"), Redacted<std::string>{"v=0 answer"}});
    numbered(2, candidate);
    EXPECT_EQ(d.count<ApplyAnswer>(), 1);
    EXPECT_EQ(d.count<AddCandidate>(), 1);
    numbered(3, candidate);
    EXPECT_EQ(d.count<AddCandidate>(), 2);
}

TEST_P(EngineOutgoing, ANewNumberingStartsAtItsBeginning) {
    Driver d{GetParam()};
    d.place();
    d.feed(FrameReceived{{9, protocol::Progress{.call_id = kCall, .ringing = 1}}, d.wall()});
    d.disconnect();
    d.pass(d.config().reconnect_min);
    d.feed(SignallingOpened{});
    d.frame(protocol::Welcome{.server_now = d.server_now(), .stream = 2});
    d.feed(FrameReceived{{1, protocol::Progress{.call_id = kCall, .ringing = 2}}, d.wall()});
    EXPECT_EQ(std::ranges::count(d.events(), EventKind::peer_ringing), 2);
    EXPECT_EQ(d.sent<protocol::Verify>().size(), 1U) << "what happened in between is asked for";
}

TEST_P(EngineOutgoing, BackOffGrowsWithJitterAndStaysBelowItsLimit) {
    Driver d{GetParam()};
    d.feed(OnlineRequested{true});
    std::int64_t last = 0;
    for (int i = 0; i < 12; ++i) {
        d.disconnect();
        const std::int64_t pause = (d.engine().next_deadline().at - d.now()).count();
        EXPECT_EQ(d.engine().next_deadline().timer, TimerId::reconnect);
        EXPECT_LE(pause, d.config().reconnect_max.count());
        EXPECT_GE(pause, d.config().reconnect_min.count() / 2);
        last = pause;
        d.pass(Duration{pause});
        EXPECT_TRUE(d.did<OpenSignalling>());
    }
    EXPECT_GE(last, d.config().reconnect_max.count() / 2);
    d.connect();
    d.pass(Duration{10'000});
    d.disconnect();
    EXPECT_LE((d.engine().next_deadline().at - d.now()).count(), d.config().reconnect_min.count());
}

TEST_P(EngineOutgoing, AConnectionThatNeverGreetsIsGivenUp) {
    Driver d{GetParam()};
    d.feed(OnlineRequested{true});
    d.feed(SignallingOpened{});
    d.pass(Duration{15'000});
    EXPECT_TRUE(d.did<CloseSignalling>());
    d.pass(Duration{1'000});
    EXPECT_TRUE(d.socket_open());
}

}  // namespace
}  // namespace clarion::engine::testing
