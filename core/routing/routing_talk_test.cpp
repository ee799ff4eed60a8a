// SPDX-License-Identifier: Apache-2.0
#include "core/routing/support_test.hpp"

/// An answered call: what its two devices say to each other, networks that go, and devices that take it over.
namespace clarion::routing::testing {
namespace {

using protocol::MediaAnswer;
using protocol::MediaOffer;
using protocol::Negotiation;
using protocol::PartyState;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class Talk : public Routing {
  protected:
    void SetUp() override {
        (void)world_.place(placed({android(kPhone, true), ios(kTablet)}));
        (void)world_.feed(AnswerReceived{kPhone, sdp("answer")});
    }

    MediaOfferReceived offer(const DeviceId& id, std::uint32_t revision, Negotiation purpose = Negotiation::media) {
        return {id, {{}, revision, purpose, Media::video, sdp("offer " + std::to_string(revision))}};
    }
    MediaAnswerReceived answer(const DeviceId& id, std::uint32_t revision, bool accepted = true) {
        return {id, {{}, revision, accepted, accepted ? Media::video : Media::audio, sdp(accepted ? "yes" : "")}};
    }
    TakeReceived take(const DeviceId& id, Side side) { return {id, Platform::web, side, sdp("Peer"), sdp("take")}; }
    CandidateReceived candidate(const DeviceId& id, const std::string& text) { return {id, {{}, sdp(text), "0", 0}}; }
};

INSTANTIATE_TEST_SUITE_P(Modes, Talk, ::testing::Bool(), [](const auto& info) {
    return info.param ? "Restored" : "Kept";
});

TEST_P(Talk, TheStateOfASideIsToldOnceAndAgainWhenThePeerAsks) {
    const PartyState held{.held = true, .hold_reason = "a visitor", .muted = true};
    const auto told = world_.feed(StateReceived{kPhone, held}).told<protocol::PeerState>(kCaller);
    ASSERT_THAT(told, SizeIs(1));
    EXPECT_EQ(told[0].state, held);
    const Step again = world_.feed(StateReceived{kPhone, held});
    EXPECT_FALSE(again.changed);
    EXPECT_EQ(again.spoken(), 0U);
    const auto answered = world_.feed(VerifyAsked{kCaller}).told<protocol::Answered>(kCaller);
    ASSERT_THAT(answered, SizeIs(1));
    EXPECT_EQ(answered[0].peer_state, held);
    const auto confirmed = world_.feed(VerifyAsked{kPhone}).told<protocol::AnswerConfirmed>(kPhone);
    ASSERT_THAT(confirmed, SizeIs(1));
    EXPECT_EQ(confirmed[0].peer_state, PartyState{});
}

TEST_P(Talk, AVideoCallBeginsWithPicturesForWhoeverAsks) {
    World world{GetParam()};
    CallPlaced event = placed({android(kPhone, true)});
    event.media = Media::video;
    (void)world.place(event);
    (void)world.feed(AnswerReceived{kPhone, sdp("answer")});
    const auto caller = world.feed(VerifyAsked{kCaller}).told<protocol::Answered>(kCaller);
    const auto callee = world.feed(VerifyAsked{kPhone}).told<protocol::AnswerConfirmed>(kPhone);
    ASSERT_THAT(caller, SizeIs(1));
    ASSERT_THAT(callee, SizeIs(1));
    EXPECT_EQ(caller[0].peer_state->video, protocol::Video::on);
    EXPECT_EQ(callee[0].peer_state->video, protocol::Video::on);
}

TEST_P(Talk, ADeviceCannotSayThatItsNetworkIsLost) {
    const auto told = world_.feed(StateReceived{kPhone, {.muted = true, .network_lost = true}});
    EXPECT_FALSE(told.told<protocol::PeerState>(kCaller)[0].state.network_lost);
}

TEST_P(Talk, CandidatesAreKeptForAPeerThatLostThemWithTheServer) {
    (void)world_.feed(candidate(kPhone, "one"));
    (void)world_.feed(candidate(kPhone, "two"));
    EXPECT_EQ(world_.feed(candidate(kPhone, "two")).spoken(), 0U) << "the same one is relayed once";
    EXPECT_THAT(world_.feed(VerifyAsked{kCaller}).told<protocol::Candidate>(kCaller), SizeIs(2));
    EXPECT_THAT(world_.feed(VerifyAsked{kPhone}).told<protocol::Candidate>(kPhone), IsEmpty());
    (void)world_.feed(offer(kPhone, 2, Negotiation::ice_restart));
    EXPECT_THAT(world_.feed(VerifyAsked{kCaller}).told<protocol::Candidate>(kCaller), IsEmpty())
        << "of the old network";
}

TEST_P(Talk, ANegotiationIsRelayedAnsweredAndToldAgainUntilThen) {
    const auto told = world_.feed(offer(kCaller, 1)).told<MediaOffer>(kPhone);
    ASSERT_THAT(told, SizeIs(1));
    EXPECT_EQ(told[0].call_id, world_.call().call_id);
    EXPECT_EQ(told[0].sdp, sdp("offer 1"));
    EXPECT_EQ(world_.feed(offer(kCaller, 1)).spoken(), 0U);
    EXPECT_THAT(world_.feed(VerifyAsked{kPhone}).told<MediaOffer>(kPhone), SizeIs(1));

    EXPECT_THAT(world_.feed(answer(kPhone, 1)).told<MediaAnswer>(kCaller), SizeIs(1));
    EXPECT_EQ(world_.feed(answer(kPhone, 1)).spoken(), 0U);
    EXPECT_EQ(world_.call().media, Media::video);
    EXPECT_THAT(world_.feed(VerifyAsked{kPhone}).told<MediaOffer>(kPhone), IsEmpty());
    EXPECT_THAT(world_.feed(VerifyAsked{kCaller}).told<MediaAnswer>(kCaller), SizeIs(1)) << "it may have missed it";
}

TEST_P(Talk, ARefusedNegotiationLeavesTheMediaAsTheyWere) {
    (void)world_.feed(offer(kCaller, 1));
    const auto told = world_.feed(answer(kPhone, 1, false)).told<MediaAnswer>(kCaller);
    ASSERT_THAT(told, SizeIs(1));
    EXPECT_FALSE(told[0].accepted);
    EXPECT_EQ(world_.call().media, Media::audio);
}

TEST_P(Talk, RevisionsBelongToTheirSide) {
    EXPECT_EQ(world_.feed(offer(kCaller, 2)).error, ErrorCode::malformed);
    EXPECT_EQ(world_.feed(offer(kPhone, 1)).error, ErrorCode::malformed);
    EXPECT_EQ(world_.feed(answer(kPhone, 1)).error, ErrorCode::wrong_state) << "nobody offered";
    EXPECT_EQ(world_.feed(offer(kTablet, 2)).error, ErrorCode::wrong_state) << "it has no part in the talk";
    EXPECT_EQ(world_.feed(offer(kCaller, 1, Negotiation::transfer)).error, ErrorCode::wrong_state);
}

TEST_P(Talk, AFloodOfNegotiationsOrShortDataIsRefusedUntilItsTimeIsOver) {
    std::uint32_t revision = 1;
    for (std::uint32_t i = 0; i < kConfig.negotiations_per_minute; ++i, revision += 2) {
        ASSERT_EQ(world_.feed(offer(kCaller, revision)).error, std::nullopt);
    }
    EXPECT_EQ(world_.feed(offer(kCaller, revision)).error, ErrorCode::too_many);
    EXPECT_EQ(world_.feed(offer(kPhone, 2)).error, std::nullopt) << "each side has its own";
    const auto data = [](std::uint64_t number) { return ShortDataReceived{kPhone, {{}, number, "t", sdp("d")}}; };
    for (std::uint64_t i = 1; i <= kConfig.short_data_per_second; ++i) {
        ASSERT_THAT(world_.feed(data(i)).told<protocol::ShortData>(kCaller), SizeIs(1));
    }
    EXPECT_EQ(world_.feed(data(3)).spoken(), 0U) << "seen before";
    EXPECT_EQ(world_.feed(data(99)).error, ErrorCode::too_many);
    world_.after(Duration{1'000});
    EXPECT_EQ(world_.feed(data(99)).error, std::nullopt);
    world_.after(Duration{60'000});
    EXPECT_EQ(world_.feed(offer(kCaller, revision)).error, std::nullopt);
}

TEST_P(Talk, AMuteRequestIsThePeersToDecide) {
    const auto told = world_.feed(MuteAsked{kCaller, true}).told<protocol::MuteRequest>(kPhone);
    ASSERT_THAT(told, SizeIs(1));
    EXPECT_TRUE(told[0].on);
    EXPECT_FALSE(world_.feed(MuteAsked{kCaller, true}).changed);
}

// ---- networks ----

TEST_P(Talk, ALostNetworkIsToldAfterAMomentAndSoIsItsReturn) {
    (void)world_.feed(PresenceChanged{kPhone, false});
    EXPECT_EQ(next_deadline(world_.call()), world_.now() + kConfig.lost_after);
    const auto told = world_.run_to(world_.now() + kConfig.lost_after).told<protocol::PeerState>(kCaller);
    ASSERT_THAT(told, SizeIs(1));
    EXPECT_TRUE(told[0].state.network_lost);
    const auto back = world_.feed(PresenceChanged{kPhone, true}).told<protocol::PeerState>(kCaller);
    ASSERT_THAT(back, SizeIs(1));
    EXPECT_FALSE(back[0].state.network_lost);
    EXPECT_EQ(next_deadline(world_.call()), world_.call().ends_at);
}

TEST_P(Talk, AShortLossIsNoNews) {
    (void)world_.feed(PresenceChanged{kPhone, false});
    world_.after(kConfig.lost_after - Duration{1});
    EXPECT_EQ(world_.feed(TimePassed{}).spoken(), 0U);
    EXPECT_EQ(world_.feed(PresenceChanged{kPhone, true}).spoken(), 0U);
}

TEST_P(Talk, WithoutMediaASideThatStaysAwayEndsTheCall) {
    (void)world_.feed(PresenceChanged{kCaller, false});
    const Step step = world_.run_to(world_.now() + kConfig.reconnect_grace);
    for (const DeviceId& id : {kCaller, kPhone}) {
        EXPECT_THAT(
            step.told<protocol::Ended>(id),
            ElementsAre(EndedWith(EndReason::network_unstable, EndSource::cloud_server, true))
        );
    }
    ASSERT_THAT(step.history(), SizeIs(1));
    EXPECT_EQ(step.history()[0].caller, Outcome::failed);
}

TEST_P(Talk, MediaThatConnectedKeepTheCallUntilBothSidesAreGoneForLong) {
    (void)world_.feed(ReceiptReceived{kPhone, ReceiptStep::media_connected});
    (void)world_.feed(PresenceChanged{kCaller, false});
    EXPECT_THAT(world_.run_to(world_.now() + kConfig.abandoned_grace).history(), IsEmpty());
    (void)world_.feed(PresenceChanged{kPhone, false});
    EXPECT_THAT(
        world_.run_to(world_.now() + kConfig.abandoned_grace).told<protocol::Ended>(kPhone),
        ElementsAre(EndedWith(EndReason::unavailable_network, EndSource::cloud_server, true))
    );
}

TEST_P(Talk, ANewServerGivesEverybodyTheirTimeAnew) {
    (void)world_.feed(PresenceChanged{kCaller, false});
    world_.after(kConfig.reconnect_grace * 2);
    (void)world_.feed(ServerResumed{});
    EXPECT_THAT(world_.feed(TimePassed{}).history(), IsEmpty()) << "nobody could come while there was no server";
    EXPECT_EQ(next_deadline(world_.call()), world_.now() + kConfig.lost_after);
    (void)world_.feed(PresenceChanged{kCaller, true});
    (void)world_.feed(PresenceChanged{kPhone, true});
    EXPECT_EQ(next_deadline(world_.call()), world_.call().ends_at);
}

TEST_P(Talk, TheLongestTimeOfACallIsAPolicyThatItKeeps) {
    World world{GetParam()};
    Config config;
    config.call_time_max = Duration{60'000};
    auto call = place(placed({android(kPhone, true)}), kPlacedAt, config)->document;
    call = decide(call, AnswerReceived{kPhone, sdp("answer")}, kPlacedAt, config)->document;
    EXPECT_EQ(next_deadline(call), kPlacedAt + Duration{60'000});
    const auto over = decide(call, TimePassed{}, kPlacedAt + Duration{60'000}, kConfig);
    EXPECT_EQ(over->document.reason, EndReason::max_call_time_exceeded);
}

// ---- taking the call over ----

TEST_P(Talk, AnotherDeviceOfTheCalleeTakesTheCall) {
    const auto told = world_.feed(take(kTablet, Side::callee)).told<MediaOffer>(kCaller);
    ASSERT_THAT(told, SizeIs(1));
    EXPECT_EQ(told[0].purpose, Negotiation::transfer);
    EXPECT_EQ(told[0].revision, 2U);
    EXPECT_EQ(world_.call().winner, kPhone) << "nothing changed yet";

    const Step step = world_.feed(answer(kCaller, 2));
    const auto taken = step.told<protocol::Taken>(kTablet);
    ASSERT_THAT(taken, SizeIs(1));
    EXPECT_EQ(taken[0].peer, world_.call().from_user);
    EXPECT_EQ(taken[0].sdp, sdp("yes"));
    EXPECT_EQ(taken[0].revision, 2U);
    EXPECT_THAT(
        step.told<protocol::Ended>(kPhone),
        ElementsAre(EndedWith(EndReason::multi_device_answer, EndSource::callee, true))
    );
    EXPECT_EQ(world_.call().winner, kTablet);
    EXPECT_EQ(world_.feed(StateReceived{kPhone, {.held = true}}).error, ErrorCode::wrong_state);
    EXPECT_THAT(world_.feed(offer(kTablet, 4)).told<MediaOffer>(kCaller), SizeIs(1));
    EXPECT_THAT(
        world_.feed(EndReceived{.device = kTablet}).told<protocol::Ended>(kCaller),
        ElementsAre(EndedWith(EndReason::normal, EndSource::callee, true))
    );
    EXPECT_THAT(
        world_.feed(VerifyAsked{kPhone}).told<protocol::Ended>(kPhone),
        ElementsAre(EndedWith(EndReason::multi_device_answer, EndSource::callee, true))
    );
}

TEST_P(Talk, ADeviceThatNeverRangTakesTheCallersSide) {
    const auto told = world_.feed(take(kStranger, Side::caller)).told<MediaOffer>(kPhone);
    ASSERT_THAT(told, SizeIs(1));
    EXPECT_EQ(told[0].revision, 1U);
    const Step step = world_.feed(answer(kPhone, 1));
    EXPECT_THAT(step.told<protocol::Taken>(kStranger), SizeIs(1));
    EXPECT_THAT(
        step.told<protocol::Ended>(kCaller),
        ElementsAre(EndedWith(EndReason::multi_device_answer, EndSource::caller, true))
    );
    EXPECT_EQ(world_.call().from_device, kStranger);
    const Step missed = world_.feed(VerifyAsked{kStranger});
    EXPECT_THAT(missed.told<protocol::Taken>(kStranger), SizeIs(1)) << "it may have missed it";
    EXPECT_THAT(missed.told<protocol::Answered>(kStranger), IsEmpty());
    (void)world_.feed(offer(kStranger, 3));
    (void)world_.feed(answer(kPhone, 3));
    EXPECT_THAT(world_.feed(VerifyAsked{kStranger}).told<protocol::Answered>(kStranger), SizeIs(1)) << "it has it";
    EXPECT_THAT(world_.feed(VerifyAsked{kCaller}).told<protocol::Ended>(kCaller), SizeIs(1));
    EXPECT_EQ(*user_of(world_.call(), kCaller), world_.call().from_user);
    (void)world_.feed(take(kCaller, Side::caller));
    (void)world_.feed(answer(kPhone, 5));
    EXPECT_EQ(world_.call().from_device, kCaller) << "and back";
    EXPECT_THAT(world_.feed(VerifyAsked{kStranger}).told<protocol::Ended>(kStranger), SizeIs(1));
}

TEST_P(Talk, ATakeThatIsRefusedOrUnansweredCostsTheCallNothing) {
    for (const bool is_refused : {true, false}) {
        World world{GetParam()};
        (void)world.place(placed({android(kPhone, true), ios(kTablet)}));
        (void)world.feed(AnswerReceived{kPhone, sdp("answer")});
        (void)world.feed(offer(kPhone, 2));
        (void)world.feed(answer(kCaller, 2));
        (void)world.feed(StateReceived{kPhone, {.muted = true}});
        (void)world.feed(take(kTablet, Side::callee));
        EXPECT_EQ(world.feed(take(kStranger, Side::callee)).error, ErrorCode::wrong_state) << "one at a time";
        const Step step =
            is_refused ? world.feed(answer(kCaller, 4, false)) : world.run_to(world.now() + kConfig.take_time);
        EXPECT_THAT(
            step.told<protocol::Ended>(kTablet),
            ElementsAre(EndedWith(EndReason::multi_device_in_use, EndSource::cloud_server, true))
        );
        EXPECT_THAT(step.told<protocol::Ended>(kPhone), IsEmpty());
        EXPECT_EQ(world.call().winner, kPhone);
        ASSERT_THAT(step.told<protocol::PeerState>(kCaller), SizeIs(1)) << "it took the tablet for its peer";
        EXPECT_TRUE(step.told<protocol::PeerState>(kCaller)[0].state.muted);
        // The phone knows nothing of the take and goes on counting; the peer has heard of 4 already.
        const auto told = world.feed(offer(kPhone, 4)).told<MediaOffer>(kCaller);
        ASSERT_THAT(told, SizeIs(1));
        EXPECT_EQ(told[0].revision, 6U);
        const auto answered = world.feed(answer(kCaller, 6)).told<MediaAnswer>(kPhone);
        ASSERT_THAT(answered, SizeIs(1));
        EXPECT_EQ(answered[0].revision, 4U);
    }
}

TEST_P(Talk, ADeviceThatIsAboutToLoseTheCallBeginsNothing) {
    (void)world_.feed(take(kTablet, Side::callee));
    EXPECT_EQ(world_.feed(offer(kPhone, 4)).error, ErrorCode::wrong_state);
    EXPECT_EQ(world_.feed(offer(kCaller, 1)).error, std::nullopt) << "the peer may";
    (void)world_.feed(answer(kCaller, 2));
    EXPECT_EQ(world_.call().winner, kTablet);
}

TEST_P(Talk, ATakeOfACallThatEndsMeanwhileIsReleased) {
    (void)world_.feed(take(kStranger, Side::callee));
    EXPECT_EQ(world_.feed(VerifyAsked{kStranger}).spoken(), 0U) << "the answer will come";
    EXPECT_THAT(
        world_.feed(EndReceived{.device = kCaller}).told<protocol::Ended>(kStranger),
        ElementsAre(EndedWith(EndReason::released_call, EndSource::cloud_server, true))
    );
    EXPECT_THAT(world_.feed(take(kStranger, Side::callee)).told<protocol::Ended>(kStranger), SizeIs(1));
}

TEST_P(Talk, WhoWantsToTakeACallMayThinkBetterOfIt) {
    (void)world_.feed(take(kStranger, Side::callee));
    EXPECT_THAT(
        world_.feed(EndReceived{.device = kStranger}).told<protocol::Ended>(kStranger),
        ElementsAre(EndedWith(EndReason::normal, EndSource::cloud_server, false))
    );
    EXPECT_EQ(world_.call().phase, Phase::answered);
    EXPECT_EQ(world_.feed(answer(kCaller, 2)).error, std::nullopt) << "the peer's answer comes too late for anybody";
    EXPECT_EQ(world_.call().winner, kPhone);
}

TEST_P(Talk, OnlyAnAnsweredCallCanBeTaken) {
    World world{GetParam()};
    (void)world.place(placed({android(kPhone)}));
    EXPECT_EQ(world.feed(take(kStranger, Side::caller)).error, ErrorCode::wrong_state);
    EXPECT_EQ(world_.feed(take(kCaller, Side::callee)).error, ErrorCode::wrong_state) << "the peer's own device";
}

}  // namespace
}  // namespace clarion::routing::testing
