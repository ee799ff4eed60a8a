// SPDX-License-Identifier: Apache-2.0
#include "core/engine/testing/test_driver.hpp"

/// What both sides of a call tell each other of themselves, and how their media change.
namespace clarion::engine::testing {
namespace {

using callui::ChangeKind;
using callui::EventKind;
using protocol::PartyState;
using protocol::PauseReason;
using protocol::Platform;
using protocol::Video;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Not;

const Redacted<std::string> kSdp{"v=0"};

class EngineStates : public EngineTest {};
INSTANTIATE_TEST_SUITE_P(Both, EngineStates, ::testing::Values(Mode::plain, Mode::resumed), name_of_mode);

PartyState last_state(const Driver& d) {
    const auto sent = d.sent<protocol::MyState>();
    return sent.empty() ? PartyState{} : sent.back().state;
}

// ---- hold, mute ----

TEST_P(EngineStates, HoldTellsThePeerWhyAndStopsBothDirections) {
    Driver d{GetParam()};
    d.talk();
    d.feed(HoldRequested{kCall, true, "lunch"});
    EXPECT_TRUE(d.did<CloseAudio>());
    EXPECT_TRUE(d.did<SetHeld>());
    ASSERT_EQ(d.sent<protocol::MyState>().size(), 1U);
    EXPECT_TRUE(last_state(d).held);
    EXPECT_EQ(last_state(d).hold_reason, "lunch");
    EXPECT_TRUE(d.view()->held);
    d.feed(HoldRequested{kCall, true, "lunch"});
    EXPECT_EQ(d.sent<protocol::MyState>().size(), 1U) << "I12";
    d.feed(HoldRequested{kCall, false});
    EXPECT_TRUE(d.did<OpenAudio>());
    EXPECT_FALSE(last_state(d).held);
    EXPECT_EQ(last_state(d).hold_reason, "");
}

TEST_P(EngineStates, AHoldThatTheSystemAskedForIsToldToThePeerToo) {
    Driver d{GetParam()};
    d.talk();
    d.feed(UserHeld{kCall, true, 9});
    EXPECT_TRUE(d.did<callui::FulfilAction>());
    EXPECT_TRUE(last_state(d).held);
}

TEST_P(EngineStates, BothSidesHoldAtTheSameTimeAndComeBackOneByOne) {
    Driver d{GetParam()};
    d.talk();
    d.frame(protocol::PeerState{kCall, {.held = true, .hold_reason = "door"}});
    d.feed(UserHeld{kCall, true});
    EXPECT_TRUE(d.view()->held && d.view()->peer_held);
    EXPECT_EQ(d.view()->peer_state.hold_reason, "door");
    d.frame(protocol::PeerState{kCall, {}});
    EXPECT_TRUE(d.view()->held && !d.view()->peer_held);
    EXPECT_FALSE(d.did<OpenAudio>()) << "still on hold here";
    d.feed(UserHeld{kCall, false});
    EXPECT_TRUE(d.did<OpenAudio>());
    EXPECT_THAT(
        d.events(), ElementsAre(
                        EventKind::incoming, EventKind::answered, EventKind::connected, EventKind::peer_held,
                        EventKind::held, EventKind::peer_unheld, EventKind::unheld
                    )
    );
}

TEST_P(EngineStates, MuteReachesThePeerAndThePeersMuteReachesTheApp) {
    Driver d{GetParam()};
    d.talk();
    d.feed(UserMuted{kCall, true, 9});
    EXPECT_TRUE(d.did<SetMuted>());
    EXPECT_TRUE(last_state(d).muted);
    d.frame(protocol::PeerState{kCall, {.muted = true}});
    d.frame(protocol::PeerState{kCall, {.muted = true}});
    d.frame(protocol::PeerState{kCall, {}});
    EXPECT_THAT(d.changes(), ElementsAre(ChangeKind::verified, ChangeKind::peer_muted, ChangeKind::peer_unmuted));
}

TEST_P(EngineStates, MutedWhileItRangIsToldWithTheAnswer) {
    Driver d{GetParam()};
    d.ring_ready();
    d.feed(UserMuted{kCall, true});
    EXPECT_THAT(d.sent<protocol::MyState>(), IsEmpty());
    d.feed(UserAnswered{kCall, 5});
    d.confirm();
    EXPECT_TRUE(last_state(d).muted);
}

TEST_P(EngineStates, AllMutedMutesEveryCallAndTellsEveryPeer) {
    Driver d{GetParam(), Platform::desktop};
    d.talk();
    d.feed(AllMuted{true});
    EXPECT_TRUE(d.view()->muted);
    EXPECT_TRUE(d.did<SetMuted>(kCall));
    EXPECT_TRUE(last_state(d).muted);
}

TEST_P(EngineStates, OnlyTheLastStateWaitsForTheConnection) {
    Driver d{GetParam()};
    d.talk();
    d.ack_all();
    d.disconnect();
    d.feed(UserMuted{kCall, true});
    d.feed(UserHeld{kCall, true});
    d.feed(UserMuted{kCall, false});
    EXPECT_THAT(d.sent<protocol::MyState>(), IsEmpty());
    d.pass(Duration{300});
    d.connect(true);
    ASSERT_EQ(d.sent<protocol::MyState>().size(), 1U);
    EXPECT_TRUE(last_state(d).held);
    EXPECT_FALSE(last_state(d).muted);
}

TEST_P(EngineStates, StateIsSentAgainToAServerThatForgot) {
    Driver d{GetParam()};
    d.talk();
    d.feed(UserMuted{kCall, true});
    d.ack_all();
    d.disconnect();
    d.pass(Duration{300});
    d.connect(false);
    EXPECT_EQ(d.sent<protocol::MyState>().size(), 2U);
    d.frame(protocol::AnswerConfirmed{kCall, PartyState{.held = true}});
    EXPECT_TRUE(d.view()->peer_held) << "what the peer did meanwhile";
}

TEST_P(EngineStates, ASilencedPeerIsNotPlayedAndDoesNotLearnOfIt) {
    Driver d{GetParam()};
    d.talk();
    d.feed(PeerSilenceRequested{kCall, true});
    EXPECT_TRUE(d.did<SetPeerSilenced>());
    EXPECT_TRUE(d.view()->peer_silenced);
    EXPECT_THAT(d.sent<protocol::MyState>(), IsEmpty());
    d.feed(PeerSilenceRequested{kCall, true});
    EXPECT_FALSE(d.did<SetPeerSilenced>());
}

TEST_P(EngineStates, ThePeersWishForMuteIsTheAppsToGrant) {
    Driver d{GetParam()};
    d.talk();
    d.frame(protocol::MuteRequest{kCall, true});
    EXPECT_EQ(d.last_change()->what, ChangeKind::mute_asked);
    EXPECT_TRUE(d.last_change()->on);
    EXPECT_FALSE(d.did<SetMuted>());
    d.feed(MuteAsked{kCall, false});
    ASSERT_EQ(d.sent<protocol::MuteRequest>().size(), 1U);
    EXPECT_FALSE(d.sent<protocol::MuteRequest>()[0].on);
    EXPECT_EQ(d.try_feed(MuteAsked{kOther}), InputError::unknown_call);
}

// ---- words ----

TEST_P(EngineStates, AReleaseCodeGoesToThePeerAndComesFromThePeer) {
    Driver d{GetParam()};
    d.talk();
    d.feed(EndRequested{.call_id = kCall, .manner = EndManner::error, .release_code = Redacted<std::string>{"E42"}});
    ASSERT_EQ(d.sent<protocol::End>().size(), 1U);
    EXPECT_EQ(d.sent<protocol::End>()[0].reason, EndReason::user_error);
    EXPECT_EQ(d.sent<protocol::End>()[0].release_code->reveal(), "E42");
    EXPECT_EQ(d.end_event()->text.reveal(), "E42");
    EXPECT_EQ(d.end_event()->reason, EndReason::user_error);

    d.ack_all();
    d.talk(kOther, 6);
    d.frame(protocol::Ended{
        .call_id = kOther,
        .reason = EndReason::user_error,
        .source = EndSource::caller,
        .release_code = Redacted<std::string>{"theirs"}
    });
    EXPECT_EQ(d.end_event(kOther)->text.reveal(), "theirs");
    EXPECT_EQ(
        d.try_feed(EndRequested{.call_id = kCall, .release_code = Redacted<std::string>{std::string(129, 'x')}}),
        InputError::bad_input
    );
}

TEST_P(EngineStates, DeclineSaysWhetherItIsBusyAndWhetherOthersMayTakeIt) {
    Driver d{GetParam()};
    d.ring_ready();
    d.feed(EndRequested{.call_id = kCall, .manner = EndManner::busy, .everywhere = false});
    ASSERT_EQ(d.sent<protocol::Decline>().size(), 1U);
    EXPECT_EQ(d.sent<protocol::Decline>()[0].reason, EndReason::busy);
    EXPECT_FALSE(d.sent<protocol::Decline>()[0].everywhere);
    EXPECT_EQ(d.end_event()->outcome, Outcome::declined);
}

TEST_P(EngineStates, StartMessagesAndExtraTravelBothWays) {
    Driver d{GetParam()};
    d.ring_on_screen();
    d.connect();
    d.frame(protocol::Verified{
        .call_id = kCall,
        .from_user = kAlice,
        .from_name = Redacted<std::string>{"Alice"},
        .offer = kSdp,
        .server_now = d.server_now(),
        .ring_until = d.server_now() + kRingTime,
        .accept_until = d.server_now() + kRingTime + kAcceptGrace,
        .start_message = Redacted<std::string>{"it is urgent"},
        .extra = Redacted<std::string>{R"({"room":7})"},
    });
    EXPECT_EQ(d.last_change()->what, ChangeKind::verified);
    EXPECT_EQ(d.last_change()->text.reveal(), "it is urgent");
    EXPECT_EQ(d.view()->extra->reveal(), R"({"room":7})");
    d.prepared();
    d.feed(AppAttached{});
    d.feed(AnswerRequested{.call_id = kCall, .start_message = Redacted<std::string>{"two minutes"}});
    EXPECT_EQ(d.latest<callui::EmitEvent>()->event->extra.reveal(), R"({"room":7})");
    EXPECT_EQ(d.sent<protocol::Answer>()[0].start_message->reveal(), "two minutes");
}

TEST_P(EngineStates, PlaceCarriesEverythingThatTheAppGaveIt) {
    Driver d{GetParam()};
    d.feed(PlaceRequested{
        .call_id = kCall,
        .to_user = kAlice,
        .start_message = Redacted<std::string>{"hello"},
        .app_server_data = Redacted<std::string>{"order 7"},
        .extra = Redacted<std::string>{"{}"},
        .responder_preparation = true,
    });
    d.connect();
    d.feed(OfferPrepared{kCall, kSdp});
    const auto place = d.sent<protocol::Place>()[0];
    EXPECT_EQ(place.start_message->reveal(), "hello");
    EXPECT_EQ(place.app_server_data->reveal(), "order 7");
    EXPECT_EQ(place.extra->reveal(), "{}");
    EXPECT_TRUE(place.responder_preparation);
    d.ack_all();
    d.frame(protocol::Answered{
        .call_id = kCall,
        .device = *DeviceId::parse("tablet"),
        .sdp = kSdp,
        .start_message = Redacted<std::string>{"hi"}
    });
    EXPECT_EQ(d.last_change()->what, ChangeKind::peer_message);
    EXPECT_EQ(d.last_change()->text.reveal(), "hi");
}

TEST_P(EngineStates, ShortDataIsHeardOnceHoweverOftenItComes) {
    Driver d{GetParam()};
    d.talk();
    d.feed(ShortDataRequested{kCall, "chat", Redacted<std::string>{"one"}});
    d.feed(ShortDataRequested{kCall, "chat", Redacted<std::string>{"two"}});
    ASSERT_EQ(d.sent<protocol::ShortData>().size(), 2U);
    EXPECT_EQ(d.sent<protocol::ShortData>()[1].number, 2U);
    const protocol::ShortData theirs{kCall, 1, "chat", Redacted<std::string>{"hi"}};
    d.frame(theirs);
    d.frame(theirs);
    EXPECT_THAT(d.changes(), ElementsAre(ChangeKind::verified, ChangeKind::short_data));
    EXPECT_EQ(d.last_change()->data_type, "chat");
    EXPECT_EQ(d.last_change()->text.reveal(), "hi");
    EXPECT_EQ(
        d.try_feed(ShortDataRequested{kCall, "chat", Redacted<std::string>{std::string(801, 'x')}}),
        InputError::bad_input
    );
}

// ---- preparation ----

TEST_P(EngineStates, ACalleeThatPreparesIsConnectedWithoutMediaUntilItIsReady) {
    Driver d{GetParam()};
    d.ring_on_screen();
    d.connect();
    d.frame(protocol::Verified{
        .call_id = kCall,
        .from_user = kAlice,
        .offer = kSdp,
        .server_now = d.server_now(),
        .ring_until = d.server_now() + kRingTime,
        .accept_until = d.server_now() + kRingTime,
        .responder_preparation = true
    });
    EXPECT_TRUE(d.last_change()->on);
    d.prepared();
    d.feed(AnswerRequested{.call_id = kCall, .action = 5, .responder_preparation = true});
    EXPECT_TRUE(d.sent<protocol::Answer>()[0].responder_preparation);
    d.confirm();
    d.feed(MediaConnected{kCall});
    EXPECT_EQ(d.engine().snapshot().ui.events.back().kind, callui::EventKind::connected)
        << "after the app heard what kind of connected it is";
    d.feed(AudioActivated{});
    EXPECT_EQ(d.last_change()->what, ChangeKind::preparing);
    EXPECT_TRUE(d.last_change()->on) << "it is for this side to finish it";
    EXPECT_EQ(d.count<OpenAudio>(), 0);
    d.feed(PreparationFinished{kCall});
    EXPECT_TRUE(d.did<OpenAudio>());
    EXPECT_EQ(d.last_change()->what, ChangeKind::preparation_finished);
    EXPECT_FALSE(last_state(d).preparing);
    EXPECT_EQ(d.sent<protocol::MyState>().size(), 1U);
}

TEST_P(EngineStates, ACallerWaitsForACalleeThatPrepares) {
    Driver d{GetParam()};
    d.feed(PlaceRequested{.call_id = kCall, .to_user = kAlice, .responder_preparation = true});
    d.connect();
    d.feed(OfferPrepared{kCall, kSdp});
    d.ack_all();
    d.frame(protocol::Answered{
        .call_id = kCall, .device = *DeviceId::parse("tablet"), .sdp = kSdp, .responder_preparation = true
    });
    d.feed(MediaConnected{kCall});
    d.feed(AudioActivated{});
    EXPECT_EQ(d.last_change()->what, ChangeKind::preparing);
    EXPECT_FALSE(d.last_change()->on);
    EXPECT_EQ(d.count<OpenAudio>(), 0);
    d.frame(protocol::PeerState{kCall, {}});
    EXPECT_TRUE(d.did<OpenAudio>());
    EXPECT_EQ(d.last_change()->what, ChangeKind::preparation_finished);
    EXPECT_EQ(d.try_feed(PreparationFinished{kCall}), InputError::wrong_state) << "not for the caller";
}

TEST_P(EngineStates, APreparationThatTheCallerDidNotAllowDoesNotHappen) {
    Driver d{GetParam()};
    d.ring_ready();
    d.feed(AnswerRequested{.call_id = kCall, .action = 5, .responder_preparation = true});
    EXPECT_FALSE(d.sent<protocol::Answer>()[0].responder_preparation);
    d.confirm();
    d.feed(MediaConnected{kCall});
    d.feed(AudioActivated{});
    EXPECT_TRUE(d.did<OpenAudio>());
}

// ---- video ----

TEST_P(EngineStates, AudioBecomesVideoAndAudioAgain) {
    Driver d{GetParam()};
    d.call_out();
    d.feed(VideoRequested{kCall, true});
    const auto offer = d.latest<PrepareOffer>();
    EXPECT_EQ(offer->media, Media::video);
    EXPECT_EQ(offer->revision, 1U) << "the caller's are odd";
    d.feed(OfferPrepared{kCall, kSdp, 1});
    ASSERT_EQ(d.sent<protocol::MediaOffer>().size(), 1U);
    EXPECT_EQ(d.view()->media, Media::audio) << "not before the peer agreed";
    d.frame(protocol::MediaAnswer{kCall, 1, true, Media::video, kSdp});
    EXPECT_EQ(d.latest<ApplyAnswer>()->revision, 1U);
    EXPECT_EQ(d.view()->media, Media::video);
    EXPECT_EQ(d.latest<SetVideo>()->video, Video::on);
    EXPECT_EQ(last_state(d).video, Video::on);
    EXPECT_EQ(d.last_change()->what, ChangeKind::video_enabled);
    EXPECT_FALSE(d.last_change()->by_peer);
    d.feed(VideoPaused{kCall, true, PauseReason::interrupt});
    EXPECT_EQ(last_state(d).pause_reason, PauseReason::interrupt);
    d.feed(VideoRequested{kCall, false});
    d.feed(OfferPrepared{kCall, kSdp, 3});
    d.frame(protocol::MediaAnswer{kCall, 3, true, Media::audio, kSdp});
    EXPECT_EQ(d.view()->media, Media::audio);
    EXPECT_EQ(last_state(d).video, Video::off);
}

TEST_P(EngineStates, WhoStopsVideoIsSeenNoMoreWhateverThePeerSays) {
    for (const bool refuses : {false, true}) {
        Driver d{GetParam()};
        d.call_out();
        d.feed(VideoRequested{kCall, true});
        d.feed(OfferPrepared{kCall, kSdp, 1});
        d.frame(protocol::MediaAnswer{kCall, 1, true, Media::video, kSdp});
        ASSERT_EQ(d.latest<SetVideo>()->video, Video::on);
        d.feed(VideoRequested{kCall, false});
        EXPECT_EQ(d.latest<SetVideo>()->video, Video::paused) << "at once";
        EXPECT_EQ(last_state(d).pause_reason, PauseReason::user);
        d.feed(OfferPrepared{kCall, kSdp, 3});
        if (refuses) {
            d.frame(protocol::MediaAnswer{kCall, 3, false, Media::video});
        } else {
            d.pass(Duration{60'000});
        }
        d.feed(UserHeld{kCall, true});
        d.feed(UserHeld{kCall, false});
        EXPECT_EQ(d.view()->media, Media::video) << "no word of the peer";
        EXPECT_EQ(d.latest<SetVideo>()->video, Video::paused) << "a hold's end resumes only what the hold paused";
    }
}

TEST_P(EngineStates, AnAnswerThatComesTooLateLeavesBothWithoutVideo) {
    for (const Media given_up : {Media::video, Media::audio}) {
        Driver d{GetParam()};
        d.call_out();
        std::uint32_t revision = 1;
        if (given_up == Media::audio) {
            d.feed(VideoRequested{kCall, true});
            d.feed(OfferPrepared{kCall, kSdp, revision});
            d.frame(protocol::MediaAnswer{kCall, revision, true, Media::video, kSdp});
            revision += 2;
        }
        d.feed(VideoRequested{kCall, given_up == Media::video});
        d.feed(OfferPrepared{kCall, kSdp, revision});
        d.pass(Duration{60'000});
        d.frame(protocol::MediaAnswer{kCall, revision, true, given_up, kSdp});
        EXPECT_EQ(d.latest<PrepareOffer>()->media, Media::audio) << "nobody has to be asked for that";
        EXPECT_EQ(d.latest<PrepareOffer>()->revision, revision + 2);
    }
}

TEST_P(EngineStates, APeerThatTurnsVideoOnGetsOursPaused) {
    Driver d{GetParam()};
    d.talk();
    d.frame(protocol::MediaOffer{kCall, 1, Negotiation::media, Media::video, kSdp});
    EXPECT_EQ(d.latest<PrepareAnswer>()->revision, 1U);
    d.feed(AnswerPrepared{kCall, kSdp, 1});
    ASSERT_EQ(d.sent<protocol::MediaAnswer>().size(), 1U);
    EXPECT_TRUE(d.sent<protocol::MediaAnswer>()[0].accepted);
    EXPECT_EQ(last_state(d).video, Video::paused);
    EXPECT_EQ(last_state(d).pause_reason, PauseReason::enable_video_response);
    EXPECT_TRUE(d.last_change()->by_peer);
    d.frame(protocol::MediaOffer{kCall, 1, Negotiation::media, Media::video, kSdp});
    EXPECT_FALSE(d.did<PrepareAnswer>()) << "I12";
}

TEST_P(EngineStates, VideoNeedsTheConsentOfAnAppThatWantsToBeAsked) {
    Config config = config_for(Platform::ios);
    config.on_video = OnVideo::ask;
    Driver d{GetParam(), config};
    d.talk();
    d.frame(protocol::MediaOffer{kCall, 1, Negotiation::media, Media::video, kSdp});
    EXPECT_EQ(d.last_change()->what, ChangeKind::video_asked);
    EXPECT_TRUE(d.view()->video_asked);
    EXPECT_EQ(d.count<PrepareAnswer>(), 1) << "only the call's first";
    d.feed(VideoAnswered{kCall, true});
    d.feed(AnswerPrepared{kCall, kSdp, 1});
    EXPECT_EQ(d.view()->media, Media::video);
    EXPECT_EQ(last_state(d).video, Video::on);

    d.frame(protocol::MediaOffer{kCall, 3, Negotiation::media, Media::audio, kSdp});
    d.feed(AnswerPrepared{kCall, kSdp, 3});
    d.frame(protocol::MediaOffer{kCall, 5, Negotiation::media, Media::video, kSdp});
    d.pass(d.config().consent_time);
    ASSERT_EQ(d.sent<protocol::MediaAnswer>().size(), 3U);
    EXPECT_FALSE(d.sent<protocol::MediaAnswer>()[2].accepted) << "nobody said yes";
    EXPECT_EQ(d.view()->media, Media::audio);
}

TEST_P(EngineStates, ARefusedVideoLeavesTheCallAsItWas) {
    Driver d{GetParam()};
    d.call_out();
    d.feed(VideoRequested{kCall, true});
    d.feed(OfferPrepared{kCall, kSdp, 1});
    d.frame(protocol::MediaAnswer{.call_id = kCall, .revision = 1, .accepted = false});
    EXPECT_TRUE(d.did<DropOffer>());
    EXPECT_EQ(d.last_change()->what, ChangeKind::video_refused);
    EXPECT_EQ(d.view()->media, Media::audio);
    EXPECT_TRUE(d.view()->live);
}

TEST_P(EngineStates, WhenBothOfferAtOnceTheCallersCounts) {
    Driver caller{GetParam()};
    caller.call_out();
    caller.feed(VideoRequested{kCall, true});
    caller.feed(OfferPrepared{kCall, kSdp, 1});
    caller.frame(protocol::MediaOffer{kCall, 2, Negotiation::media, Media::video, kSdp});
    EXPECT_FALSE(caller.did<PrepareAnswer>());
    caller.frame(protocol::MediaAnswer{kCall, 1, true, Media::video, kSdp});
    EXPECT_EQ(caller.view()->media, Media::video);

    Driver callee{GetParam()};
    callee.talk();
    callee.feed(VideoRequested{kCall, true});
    callee.feed(OfferPrepared{kCall, kSdp, 2});
    callee.frame(protocol::MediaOffer{kCall, 1, Negotiation::media, Media::video, kSdp});
    EXPECT_TRUE(callee.did<DropOffer>());
    EXPECT_EQ(callee.latest<PrepareAnswer>()->revision, 1U);
    callee.feed(AnswerPrepared{kCall, kSdp, 1});
    callee.frame(protocol::MediaAnswer{kCall, 2, true, Media::video, kSdp});
    EXPECT_FALSE(callee.did<ApplyAnswer>()) << "the dropped one's answer comes to nothing";
    EXPECT_EQ(callee.view()->media, Media::video);
}

TEST_P(EngineStates, VideoCannotBeAskedForOnHoldAndStopsOnHold) {
    Driver d{GetParam()};
    d.call_out();
    d.feed(UserHeld{kCall, true});
    EXPECT_EQ(d.try_feed(VideoRequested{kCall, true}), InputError::wrong_state);
    d.feed(UserHeld{kCall, false});
    d.feed(VideoRequested{kCall, true});
    d.feed(OfferPrepared{kCall, kSdp, 1});
    d.frame(protocol::MediaAnswer{kCall, 1, true, Media::video, kSdp});
    d.feed(ScreenShareChanged{kCall, true});
    EXPECT_TRUE(last_state(d).screen_shared);
    d.feed(UserHeld{kCall, true});
    EXPECT_EQ(d.latest<SetVideo>()->video, Video::paused);
    EXPECT_TRUE(d.did<StopScreenShare>());
    EXPECT_EQ(last_state(d).pause_reason, PauseReason::hold);
    EXPECT_FALSE(last_state(d).screen_shared);
    EXPECT_THAT(d.changes(), Contains(ChangeKind::screen_stopped));
    d.feed(UserHeld{kCall, false});
    EXPECT_EQ(d.latest<SetVideo>()->video, Video::on);
}

TEST_P(EngineStates, AHoldThatEndsDoesNotTurnACameraOnThatNobodyTurnedOn) {
    Config config = config_for(Platform::ios);
    config.on_video = OnVideo::pause;
    Driver d{GetParam(), config};
    d.talk();
    d.frame(protocol::MediaOffer{kCall, 1, Negotiation::media, Media::video, kSdp});
    d.feed(UserHeld{kCall, true});
    d.feed(AnswerPrepared{kCall, kSdp, 1});
    d.feed(UserHeld{kCall, false});
    EXPECT_EQ(d.latest<SetVideo>()->video, Video::paused);
    EXPECT_EQ(last_state(d).video, Video::paused);
}

TEST_P(EngineStates, WhoAsksForVideoWaitsAsLongAsThePeerMayThink) {
    Driver d{GetParam()};
    d.call_out();
    d.feed(VideoRequested{kCall, true});
    d.feed(OfferPrepared{kCall, kSdp, 1});
    d.pass(d.config().consent_time);
    d.frame(protocol::MediaAnswer{kCall, 1, true, Media::video, kSdp});
    EXPECT_EQ(d.latest<SetVideo>()->video, Video::on);
}

TEST_P(EngineStates, APeerThatConsentsTooLateLearnsThatThereIsNoVideo) {
    Driver d{GetParam()};
    d.call_out();
    d.feed(VideoRequested{kCall, true});
    d.feed(OfferPrepared{kCall, kSdp, 1});
    d.pass(d.config().consent_time + d.config().negotiate_timeout);
    EXPECT_THAT(d.changes(), Contains(ChangeKind::video_refused));
    d.frame(protocol::MediaAnswer{kCall, 1, true, Media::video, kSdp});
    EXPECT_EQ(d.count<SetVideo>(), 0);
    ASSERT_TRUE(d.did<PrepareOffer>()) << "or the peer's camera stays on alone";
    EXPECT_EQ(d.latest<PrepareOffer>()->media, Media::audio);
}

TEST_P(EngineStates, AVideoThatIsBeingAskedForCannotBeStoppedInSilence) {
    Driver d{GetParam()};
    d.call_out();
    d.feed(VideoRequested{kCall, true});
    EXPECT_EQ(d.try_feed(VideoRequested{kCall, false}), InputError::wrong_state)
        << "the camera comes on: the app knows";
    d.feed(OfferPrepared{kCall, kSdp, 1});
    EXPECT_EQ(d.try_feed(VideoRequested{kCall, false}), InputError::wrong_state);
    EXPECT_EQ(d.try_feed(VideoRequested{kCall, true}), std::nullopt) << "asked for already";
    d.frame(protocol::MediaAnswer{kCall, 1, true, Media::video, kSdp});
    EXPECT_EQ(d.latest<SetVideo>()->video, Video::on);
    EXPECT_EQ(d.try_feed(VideoRequested{kCall, false}), std::nullopt);
}

TEST_P(EngineStates, AMediaLibraryThatCannotMakeItRefuses) {
    Driver d{GetParam()};
    d.talk();
    d.frame(protocol::MediaOffer{kCall, 1, Negotiation::media, Media::video, kSdp});
    d.feed(NegotiationFailed{kCall, 1, "no video here"});
    ASSERT_EQ(d.sent<protocol::MediaAnswer>().size(), 1U);
    EXPECT_FALSE(d.sent<protocol::MediaAnswer>()[0].accepted);
    EXPECT_EQ(d.view()->state, CallState::connected);
}

TEST_P(EngineStates, ThePeersPicturesAndScreenAreEvents) {
    Driver d{GetParam()};
    d.talk();
    d.frame(protocol::PeerState{kCall, {.video = Video::paused, .pause_reason = PauseReason::user}});
    d.frame(protocol::PeerState{kCall, {.video = Video::on, .screen_shared = true}});
    d.frame(protocol::PeerState{kCall, {.video = Video::on, .network_lost = true}});
    d.frame(protocol::PeerState{kCall, {.video = Video::on}});
    EXPECT_THAT(
        d.changes(), ElementsAre(
                         ChangeKind::verified, ChangeKind::peer_video_paused, ChangeKind::peer_video_resumed,
                         ChangeKind::peer_screen_started, ChangeKind::peer_screen_stopped,
                         ChangeKind::peer_network_lost, ChangeKind::peer_network_returned
                     )
    );
}

TEST_P(EngineStates, NothingIsHeardOfAPeerBeforeTheAnswer) {
    Driver d{GetParam()};
    d.ring_ready();
    d.frame(protocol::PeerState{kCall, {.held = true, .muted = true}});
    d.frame(protocol::ShortData{kCall, 1, "chat", Redacted<std::string>{"hi"}});
    d.frame(protocol::MuteRequest{kCall, true});
    d.frame(protocol::MediaOffer{kCall, 1, Negotiation::media, Media::video, kSdp});
    EXPECT_THAT(d.changes(), ElementsAre(ChangeKind::verified));
    EXPECT_EQ(d.try_feed(ShortDataRequested{kCall, "chat", kSdp}), InputError::wrong_state);
}

}  // namespace
}  // namespace clarion::engine::testing
