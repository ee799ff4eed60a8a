// SPDX-License-Identifier: Apache-2.0
#include "core/engine/testing/test_driver.hpp"

/// Several calls of one device, the phone's own call, tones, glare, and calls that move between devices.
namespace clarion::engine::testing {
namespace {

using callui::ChangeKind;
using callui::EventKind;
using protocol::ErrorCode;
using protocol::Platform;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Not;

const Redacted<std::string> kSdp{"v=0"};
const DeviceId kTablet = *DeviceId::parse("tablet");

class EngineSeveral : public EngineTest {};
INSTANTIATE_TEST_SUITE_P(Both, EngineSeveral, ::testing::Values(Mode::plain, Mode::resumed), name_of_mode);

// ---- which one is talked ----

TEST_P(EngineSeveral, AnsweringASecondCallHoldsTheFirst) {
    Driver d{GetParam()};
    d.talk(kCall, 5);
    d.ring_ready(kOther);
    EXPECT_TRUE(d.view(kCall)->live) << "it only rings";
    d.feed(UserAnswered{kOther, 6});
    EXPECT_TRUE(d.view(kCall)->held);
    EXPECT_TRUE(d.did<CloseAudio>(kCall));
    d.confirm(kOther);
    d.feed(MediaConnected{kOther});
    EXPECT_TRUE(d.view(kOther)->live);
    EXPECT_FALSE(d.view(kCall)->live);
    d.feed(UserHeld{kCall, false, 7});
    EXPECT_TRUE(d.view(kCall)->live);
    EXPECT_TRUE(d.view(kOther)->held) << "back to the first, the second waits";
}

TEST_P(EngineSeveral, TheFirstCallEndsWhereThePolicySaysSo) {
    Config config = config_for(Platform::android);
    config.first_call = FirstCall::end;
    Driver d{GetParam(), config};
    d.talk(kCall, 5);
    d.ring_ready(kOther);
    d.feed(UserAnswered{kOther, 6});
    EXPECT_EQ(d.end_event(kCall)->reason, EndReason::normal);
    EXPECT_EQ(d.end_event(kCall)->outcome, Outcome::answered);
    EXPECT_EQ(d.sent<protocol::End>().size(), 1U);
}

TEST_P(EngineSeveral, ACallThatConnectsBehindAnotherOneWaitsOnHold) {
    Driver d{GetParam(), Platform::desktop};
    d.ring_ready(kCall);
    d.feed(UserAnswered{kCall});
    d.confirm(kCall);
    d.ring_ready(kOther);
    d.feed(UserAnswered{kOther});
    d.feed(MediaConnected{kCall});
    EXPECT_TRUE(d.view(kCall)->held);
    EXPECT_EQ(d.count<OpenAudio>(kCall), 1) << "as long as nobody else was answered";
    EXPECT_FALSE(d.view(kCall)->live);
}

TEST_P(EngineSeveral, PlacingACallHoldsTheOneThatIsTalked) {
    Driver d{GetParam()};
    d.talk(kCall);
    d.place(kOther);
    EXPECT_TRUE(d.view(kCall)->held);
    d.frame(protocol::Ended{.call_id = kOther, .reason = EndReason::busy});
    EXPECT_TRUE(d.view(kCall)->held) << "IOS-AU-05: the user takes it back";
    d.feed(UserHeld{kCall, false, 8});
    EXPECT_TRUE(d.view(kCall)->live);
}

TEST_P(EngineSeveral, WithoutCallWaitingASecondCallIsDeclinedByThisDeviceOnly) {
    Config config = config_for(Platform::ios);
    config.allow_waiting = false;
    Driver d{GetParam(), config};
    d.talk(kCall);
    d.ring(kOther);
    EXPECT_TRUE(d.did<callui::ReportIncoming>(kOther)) << "I1";
    d.feed(IncomingReported{kOther});
    EXPECT_TRUE(d.did<callui::EndSystemCall>(kOther));
    ASSERT_EQ(d.sent<protocol::Decline>().size(), 1U);
    EXPECT_EQ(d.sent<protocol::Decline>()[0].reason, EndReason::busy);
    EXPECT_FALSE(d.sent<protocol::Decline>()[0].everywhere);
    EXPECT_TRUE(d.view(kCall)->live);
    EXPECT_FALSE(d.end_event(kOther).has_value()) << "the user's tablet may still take it";
    d.connect(true);  // With the token: a ticket is good for one call.
    d.ack_all();
    d.ended(EndReason::multi_device_answer, EndSource::callee, kOther);
    EXPECT_FALSE(d.end_event(kOther).has_value());
    EXPECT_EQ(d.engine().adopt(kOther).result, AdoptResult::elsewhere);
}

TEST_P(EngineSeveral, ACallThatNobodyTookWhileTheUserWasBusyWasMissed) {
    Config config = config_for(Platform::android);
    config.allow_waiting = false;
    Driver d{GetParam(), config};
    d.talk(kCall);
    d.push(d.invite(kOther));
    EXPECT_FALSE(d.did<callui::ReportIncoming>(kOther));
    d.connect(true);
    d.ack_all();
    EXPECT_EQ(d.count<callui::ShowMissedCall>(), 0);
    d.ended(EndReason::busy, EndSource::callee, kOther);
    EXPECT_EQ(d.count<callui::ShowMissedCall>(kOther), 1) << "I9";
    EXPECT_EQ(d.engine().adopt(kOther).reason, EndReason::busy);
}

TEST_P(EngineSeveral, AllCallsEndAtOnce) {
    Driver d{GetParam()};
    d.talk(kCall);
    d.ring_ready(kOther);
    d.feed(AllCallsEnded{});
    EXPECT_EQ(d.end_event(kCall)->outcome, Outcome::answered);
    EXPECT_EQ(d.end_event(kOther)->outcome, Outcome::declined);
    EXPECT_EQ(d.sent<protocol::End>().size(), 1U);
    EXPECT_EQ(d.sent<protocol::Decline>().size(), 1U);
}

// ---- the phone's own call, the microphone, the way of the sound ----

TEST_P(EngineSeveral, ACellularCallHoldsOursUntilItIsOver) {
    Driver d{GetParam(), Platform::android};
    d.talk();
    d.feed(CellularCallChanged{true});
    EXPECT_TRUE(d.view()->held);
    EXPECT_TRUE(d.sent<protocol::MyState>().back().state.held);
    EXPECT_EQ(d.engine().start_fail({.call_id = kOther, .to_user = kAlice}), StartFail::kit_cannot_create_new_session);
    d.feed(CellularCallChanged{false});
    EXPECT_FALSE(d.view()->held);
    EXPECT_TRUE(d.view()->live);
}

TEST_P(EngineSeveral, NothingIsTakenOffHoldWhileACellularCallLives) {
    Driver d{GetParam(), Platform::android};
    d.talk();
    d.feed(CellularCallChanged{true});
    d.feed(UserHeld{kCall, false, 77});
    EXPECT_TRUE(d.did<callui::FailAction>());
    EXPECT_TRUE(d.view()->held);
    EXPECT_TRUE(d.sent<protocol::MyState>().back().state.held);
    d.feed(UserHeld{kCall, false, 77});
    EXPECT_TRUE(d.last.empty()) << "told again";
    EXPECT_EQ(d.try_feed(HoldRequested{kCall, false, ""}), InputError::wrong_state);
    d.feed(CellularCallChanged{false});
    EXPECT_FALSE(d.view()->held);
    EXPECT_TRUE(d.view()->live);
}

TEST_P(EngineSeveral, ACallThatWasOnHoldBeforeStaysOnHold) {
    Driver d{GetParam(), Platform::android};
    d.talk();
    d.feed(UserHeld{kCall, true});
    d.feed(CellularCallChanged{true});
    d.feed(CellularCallChanged{false});
    EXPECT_TRUE(d.view()->held);
}

TEST_P(EngineSeveral, ACellularCallEndsOursWhereThePolicySaysSo) {
    Config config = config_for(Platform::android);
    config.on_cellular = OnCellular::end;
    Driver d{GetParam(), config};
    d.talk();
    d.feed(CellularCallChanged{true});
    EXPECT_EQ(d.end_event()->reason, EndReason::cell_call);
    EXPECT_EQ(d.sent<protocol::End>()[0].reason, EndReason::cell_call);
    d.push(d.invite(kOther));
    EXPECT_FALSE(d.did<callui::ReportIncoming>()) << "busy";
    EXPECT_EQ(d.sent<protocol::Decline>()[0].reason, EndReason::busy);
}

TEST_P(EngineSeveral, ACallWithoutAMicrophoneGetsItWhenPermissionComes) {
    Driver d{GetParam()};
    d.feed(MicrophoneChanged{false});
    EXPECT_EQ(d.engine().start_fail({.call_id = kOther, .to_user = kAlice}), StartFail::kit_no_permission_record_audio);
    d.talk();
    EXPECT_FALSE(d.latest<OpenAudio>()->microphone);
    EXPECT_THAT(d.changes(), Contains(ChangeKind::microphone_missing));
    d.feed(MicrophoneChanged{true});
    EXPECT_TRUE(d.latest<SetMicrophone>()->on);
    EXPECT_EQ(d.last_change()->what, ChangeKind::microphone_present);
}

TEST_P(EngineSeveral, AcceptWithoutAMicrophoneFailsWhereThePolicySaysSo) {
    Config config = config_for(Platform::ios);
    config.answer_without_microphone = false;
    Driver d{GetParam(), config};
    d.feed(MicrophoneChanged{false});
    d.ring_ready();
    d.feed(UserAnswered{kCall, 5});
    EXPECT_TRUE(d.did<callui::FailAction>());
    EXPECT_EQ(d.end_event()->reason, EndReason::mic_no_source);
    EXPECT_THAT(d.sent<protocol::Answer>(), IsEmpty());
}

TEST_P(EngineSeveral, RoutesAreAskedForAndTheirChangesAreNotices) {
    Driver d{GetParam()};
    d.feed(AppAttached{});
    d.feed(AudioRouteRequested{AudioRoute::speaker});
    EXPECT_EQ(d.latest<SetAudioRoute>()->route, AudioRoute::speaker);
    d.feed(AudioRouteChanged{AudioRoute::speaker});
    EXPECT_EQ(d.latest<EmitNotice>()->notice.route, AudioRoute::speaker);
    d.feed(AudioRouteRequested{AudioRoute::speaker});
    EXPECT_FALSE(d.did<SetAudioRoute>());
    EXPECT_EQ(d.try_feed(AudioRouteRequested{AudioRoute::unknown}), InputError::bad_input);
}

// ---- tones ----

TEST_P(EngineSeveral, RingbackSoundsOnlyWhenADeviceSaysThatItRings) {
    Driver d{GetParam(), Platform::desktop};
    d.place();
    d.frame(protocol::Progress{.call_id = kCall, .searching = 2});
    EXPECT_EQ(d.count<PlayTone>(), 0);
    d.frame(protocol::Progress{.call_id = kCall, .searching = 1, .ringing = 1});
    EXPECT_EQ(d.latest<PlayTone>()->tone, Tone::ringback);
    d.answered();
    EXPECT_TRUE(d.did<StopTone>());
    d.feed(MediaConnected{kCall});
    d.frame(protocol::PeerState{kCall, {.held = true}});
    EXPECT_EQ(d.latest<PlayTone>()->tone, Tone::hold);
}

TEST_P(EngineSeveral, TheHoldToneDoesNotSoundOverAVoice) {
    Driver d{GetParam(), Platform::desktop};
    d.talk();
    d.frame(protocol::PeerState{kCall, {.held = true}});
    EXPECT_TRUE(d.did<PlayTone>());
    d.frame(protocol::PeerState{kCall, {}});
    EXPECT_TRUE(d.did<StopTone>());
    d.frame(protocol::PeerState{kCall, {.held = true}});
    d.feed(UserHeld{kCall, true});
    EXPECT_TRUE(d.did<StopTone>()) << "the user does not listen";
}

TEST_P(EngineSeveral, BusyAndEndTonesEndByThemselves) {
    Driver d{GetParam(), Platform::desktop};
    d.place();
    d.ended(EndReason::busy, EndSource::callee);
    EXPECT_EQ(d.latest<PlayTone>()->tone, Tone::busy);
    d.pass(d.config().end_tone);
    EXPECT_TRUE(d.did<StopTone>());
    d.talk(kOther, 6);
    d.ended(EndReason::normal, EndSource::caller, kOther);
    EXPECT_EQ(d.latest<PlayTone>()->tone, Tone::end);
    d.ring_ready(call_id(3));
    EXPECT_EQ(d.latest<PlayTone>()->tone, Tone::ring) << "one owner: the next one replaces it";
    d.feed(UserEnded{call_id(3)});
    EXPECT_TRUE(d.did<StopTone>()) << "no end tone for a call that the user ended";
}

TEST_P(EngineSeveral, WhereTheSystemRingsNobodyElseDoes) {
    Driver ios{GetParam(), Platform::ios};
    ios.ring_ready();
    EXPECT_EQ(ios.count<PlayTone>(), 0);
    Driver android{GetParam(), Platform::android};
    android.ring_ready();
    EXPECT_EQ(android.count<PlayTone>(), 0);
    Driver desktop{GetParam(), Platform::desktop};
    desktop.ring_ready();
    EXPECT_EQ(desktop.latest<PlayTone>()->tone, Tone::ring);
    desktop.ended(EndReason::cancel);
    EXPECT_TRUE(desktop.did<StopTone>());
}

// ---- the ladder, glare ----

TEST_P(EngineSeveral, TheCallerSeesTheLadder) {
    Driver d{GetParam()};
    d.place();
    d.frame(protocol::Progress{.call_id = kCall, .searching = 3});
    const protocol::Progress later{.call_id = kCall, .searching = 1, .ringing = 1, .unreachable = 1};
    d.frame(later);
    d.frame(later);
    EXPECT_THAT(d.changes(), ElementsAre(ChangeKind::progress, ChangeKind::progress));
    EXPECT_EQ(d.last_change()->progress->unreachable, 1U);
    EXPECT_EQ(d.view()->progress->searching, 1U);
}

TEST_P(EngineSeveral, GlareBecomesOneCallWithoutARing) {
    Driver d{GetParam()};
    d.place(kCall);
    d.frame(protocol::Merged{kCall, kOther, kAlice, Redacted<std::string>{"Alice"}});
    EXPECT_FALSE(d.view(kCall).has_value());
    EXPECT_EQ(d.end_event(kCall)->reason, EndReason::already_got_a_call);
    EXPECT_THAT(d.changes(kCall), Contains(ChangeKind::merged)) << "told before its end, so that the app can follow";
    EXPECT_EQ(d.count<callui::ShowMissedCall>(), 0);
    EXPECT_EQ(d.count<callui::ReportIncoming>(), 0) << "nothing rings";
    EXPECT_TRUE(d.did<callui::ReportOutgoing>(kOther));
    EXPECT_EQ(d.sent<protocol::Verify>().back().call_id, kOther);
    d.push(d.invite(kOther));  // Its push comes later all the same, and is reported (I1).
    d.verified(kOther);
    d.prepared(kOther);
    ASSERT_EQ(d.sent<protocol::Answer>().size(), 1U) << "as if the user had accepted";
    d.confirm(kOther);
    d.feed(MediaConnected{kOther});
    d.feed(AudioActivated{});
    EXPECT_TRUE(d.view(kOther)->live);
    EXPECT_TRUE(d.did<OpenAudio>(kOther));
    EXPECT_THAT(d.changes(kOther), Contains(ChangeKind::merged));
}

/// Nobody declined: a process died (I8).
TEST_P(EngineSeveral, WhoCalledWithoutVideoIsNotSeenInTheVideoCallThatItBecomes) {
    for (const Media mine : {Media::audio, Media::video}) {
        for (const bool rings : {false, true}) {
            Driver d{GetParam()};
            if (rings) d.push(d.invite(kOther));
            d.feed(PlaceRequested{.call_id = kCall, .to_user = kAlice, .media = mine});
            d.connect();
            d.feed(OfferPrepared{kCall, kSdp});
            d.frame(protocol::Merged{kCall, kOther, kAlice, Redacted<std::string>{"Alice"}});
            d.verified(kOther, Media::video);
            d.prepared(kOther);
            d.confirm(kOther);
            const auto expected = mine == Media::video ? protocol::Video::on : protocol::Video::paused;
            ASSERT_TRUE(d.did<SetVideo>(kOther));
            EXPECT_EQ(d.latest<SetVideo>()->video, expected) << rings;
        }
    }
}

TEST_P(EngineSeveral, AMergedCallWhoseProcessDiesEndsAsTheFailureThatItIs) {
    Driver d{GetParam(), Platform::android};
    d.place(kCall);
    d.frame(protocol::Merged{kCall, kOther, kAlice, Redacted<std::string>{"Alice"}});
    d.die();
    EXPECT_EQ(d.end_event(kOther)->reason, EndReason::app_destroy);
    d.connect();
    EXPECT_TRUE(d.sent<protocol::Decline>().empty());
    ASSERT_EQ(d.sent<protocol::End>().size(), 1U);
    EXPECT_EQ(d.sent<protocol::End>().front().reason, EndReason::app_destroy);
}

TEST_P(EngineSeveral, GlareWithACallThatRingsAlreadyAcceptsIt) {
    Driver d{GetParam(), Platform::desktop};
    d.place(kCall);
    d.ring_ready(kOther);
    d.frame(protocol::Merged{kCall, kOther, kAlice, Redacted<std::string>{"Alice"}});
    EXPECT_EQ(d.view(kOther)->intent, Intent::accepted);
    EXPECT_EQ(d.sent<protocol::Answer>().size(), 1U);
    EXPECT_FALSE(d.view(kCall).has_value());
}

/// The user called at the same moment, so they want it: it goes on as the call that they placed.
TEST_P(EngineSeveral, GlareWithACallThatTheSystemDoesNotShowIsShownAllTheSame) {
    for (const bool refused_first : {true, false}) {
        Driver d{GetParam()};
        d.place(kCall);
        d.ring(kOther);
        if (refused_first) d.feed(IncomingReported{kOther, ReportResult::filtered_by_focus});
        d.verified(kOther);
        d.prepared(kOther);
        d.frame(protocol::Merged{kCall, kOther, kAlice, Redacted<std::string>{"Alice"}});
        if (!refused_first) d.feed(IncomingReported{kOther, ReportResult::filtered_by_focus});
        EXPECT_TRUE(d.did<callui::ReportOutgoing>(kOther));
        EXPECT_TRUE(d.view(kOther)->on_screen);
        d.confirm(kOther);
        d.feed(MediaConnected{kOther});
        d.feed(OutgoingReported{kOther});
        EXPECT_TRUE(d.did<callui::ReportOutgoingConnected>(kOther));
        d.feed(AudioActivated{});
        EXPECT_TRUE(d.view(kOther)->live);
        d.feed(UserEnded{kOther, 9});
        EXPECT_EQ(d.end_event(kOther)->source, EndSource::callee) << "whatever the screen shows";
    }
}

TEST_P(EngineSeveral, GlareWithACallThatWasDeclinedAsBusyIsTaken) {
    Config config = config_for(Platform::android);
    config.allow_waiting = false;
    Driver d{GetParam(), config};
    d.place(kCall);
    d.ring(kOther);
    d.frame(protocol::Merged{kCall, kOther, kAlice, Redacted<std::string>{"Alice"}});
    EXPECT_TRUE(d.did<callui::ReportOutgoing>(kOther));
    d.verified(kOther);
    d.prepared(kOther);
    EXPECT_EQ(d.sent<protocol::Answer>().size(), 1U);
}

TEST_P(EngineSeveral, TheEndOfAMergedCallLeavesNoNotice) {
    Driver d{GetParam(), Platform::android};
    d.ring_ready();
    d.ended(EndReason::already_got_a_call, EndSource::cloud_server);
    EXPECT_EQ(d.count<callui::ShowMissedCall>(), 0);
    EXPECT_NE(d.end_event()->outcome, Outcome::missed);
}

// ---- calls that live on another device ----

TEST_P(EngineSeveral, ALiveCallIsTakenOver) {
    Driver d{GetParam()};
    d.feed(AppAttached{});
    d.feed(CallsRequested{});
    d.connect();
    ASSERT_EQ(d.sent<protocol::ListCalls>().size(), 1U);
    d.frame(protocol::LiveCalls{{{.call_id = kCall, .peer = kAlice, .device = kTablet}}});
    EXPECT_EQ(d.latest<EmitNotice>()->notice.calls.size(), 1U);
    EXPECT_EQ(d.engine().adopt(kCall).result, AdoptResult::elsewhere);
    d.feed(TakeRequested{kCall});
    EXPECT_TRUE(d.did<callui::ReportOutgoing>());
    d.feed(OfferPrepared{kCall, kSdp});
    ASSERT_EQ(d.sent<protocol::Take>().size(), 1U);
    d.frame(protocol::Taken{.call_id = kCall, .peer = kAlice, .sdp = kSdp, .peer_state = {.muted = true}, .revision = 4}
    );
    EXPECT_TRUE(d.did<ApplyAnswer>());
    d.feed(MediaConnected{kCall});
    d.feed(AudioActivated{});
    EXPECT_TRUE(d.view()->live);
    EXPECT_TRUE(d.view()->peer_state.muted);
    EXPECT_THAT(d.changes(), Contains(ChangeKind::moved_here));
    d.feed(VideoRequested{kCall, true});
    EXPECT_EQ(d.latest<PrepareOffer>()->revision, 6U) << "the user was called: even";
}

namespace {
/// The user was called; their tablet has the call, and they want it here.
void ask_to_take(Driver& d) {
    d.feed(CallsRequested{});
    d.connect();
    d.frame(protocol::LiveCalls{{{.call_id = kCall, .peer = kAlice, .device = *DeviceId::parse("tablet")}}});
    d.feed(TakeRequested{kCall});
    d.feed(OfferPrepared{kCall, kSdp});
}
}  // namespace

TEST_P(EngineSeveral, ThePeerHearsThatADeviceWhichTookAVideoCallHasPictures) {
    Driver d{GetParam()};
    d.feed(CallsRequested{});
    d.connect();
    const DeviceId tablet = *DeviceId::parse("tablet");
    d.frame(protocol::LiveCalls{{{.call_id = kCall, .peer = kAlice, .media = Media::video, .device = tablet}}});
    d.feed(TakeRequested{kCall});
    d.feed(OfferPrepared{kCall, kSdp});
    d.frame(protocol::Taken{.call_id = kCall, .peer = kAlice, .media = Media::video, .sdp = kSdp, .revision = 4});
    ASSERT_EQ(d.sent<protocol::MyState>().size(), 1U);
    EXPECT_EQ(d.sent<protocol::MyState>().back().state.video, protocol::Video::on);
}

TEST_P(EngineSeveral, WhatThePeerSaidAfterTheTakeComesWithItsRepetition) {
    Driver d{GetParam()};
    ask_to_take(d);
    d.frame(protocol::Taken{.call_id = kCall, .peer = kAlice, .sdp = kSdp, .revision = 4});
    d.feed(MediaConnected{kCall});
    d.feed(SignallingClosed{SignallingFault::closed});
    d.pass(Duration{2'000});
    d.connect();  // The server was started again, and what it had sent is lost.
    d.frame(protocol::Taken{.call_id = kCall, .peer = kAlice, .sdp = kSdp, .peer_state = {.held = true}, .revision = 4}
    );
    EXPECT_FALSE(d.did<ApplyAnswer>()) << "the media are what they are";
    EXPECT_TRUE(d.view()->peer_state.held);
    EXPECT_TRUE(d.view()->peer_held);
}

TEST_P(EngineSeveral, ATakenCallIsEndedByTheSideThatTookIt) {
    Driver d{GetParam()};
    ask_to_take(d);
    d.frame(protocol::Taken{.call_id = kCall, .peer = kAlice, .sdp = kSdp, .revision = 4});
    d.feed(MediaConnected{kCall});
    d.feed(UserEnded{kCall, 9});
    EXPECT_EQ(d.end_event()->source, EndSource::callee) << "outgoing here, but the user was called";
}

TEST_P(EngineSeveral, ALateWordThatTheOtherDeviceAnsweredDoesNotEndTheTake) {
    Driver d{GetParam()};
    ask_to_take(d);
    d.ended(EndReason::multi_device_answer, EndSource::callee);
    d.frame(protocol::Taken{.call_id = kCall, .peer = kAlice, .sdp = kSdp, .revision = 4});
    d.feed(MediaConnected{kCall});
    EXPECT_EQ(d.view()->phase, Phase::connected);
}

TEST_P(EngineSeveral, ATakeWhoseWordWasLostIsAskedFor) {
    Driver d{GetParam()};
    ask_to_take(d);
    d.disconnect();
    d.pass(Duration{1'000});
    d.connect();
    EXPECT_THAT(d.sent<protocol::Verify>(), IsEmpty()) << "the take itself goes again";
    d.ack_all();
    d.disconnect();
    d.pass(Duration{3'000});
    d.connect();
    EXPECT_EQ(d.sent<protocol::Verify>().size(), 1U);
    d.frame(protocol::Taken{.call_id = kCall, .peer = kAlice, .sdp = kSdp, .revision = 4});
    d.feed(MediaConnected{kCall});
    EXPECT_EQ(d.view()->phase, Phase::connected);
}

TEST_P(EngineSeveral, ACallThatBecameVideoOnItsWayHereIsAudioAsItWasOffered) {
    Driver d{GetParam()};
    ask_to_take(d);
    d.frame(protocol::Taken{.call_id = kCall, .peer = kAlice, .media = Media::video, .sdp = kSdp, .revision = 4});
    ASSERT_TRUE(d.did<PrepareOffer>()) << "the peer learns that there is no video";
    EXPECT_EQ(d.latest<PrepareOffer>()->media, Media::audio);
    EXPECT_EQ(d.count<SetVideo>(), 0);
}

TEST_P(EngineSeveral, ACallThatCannotBeTakenEndsHereOnly) {
    Driver d{GetParam()};
    EXPECT_EQ(d.try_feed(TakeRequested{kCall}), InputError::unknown_call);
    d.feed(CallsRequested{});
    d.connect();
    d.frame(protocol::LiveCalls{{{.call_id = kCall, .peer = kAlice, .device = kTablet}}});
    d.feed(TakeRequested{kCall});
    d.feed(OfferPrepared{kCall, kSdp});
    d.refuse_last<protocol::Take>(ErrorCode::unknown_call);
    EXPECT_EQ(d.end_event()->reason, EndReason::released_call);
    EXPECT_THAT(d.sent<protocol::End>(), IsEmpty());
}

TEST_P(EngineSeveral, ADeviceWhoseCallWasTakenEndsItAsAnsweredElsewhere) {
    Driver d{GetParam()};
    d.talk();
    d.ended(EndReason::multi_device_answer, EndSource::callee);
    EXPECT_EQ(d.latest<callui::EndSystemCall>()->reason, SystemEndReason::answered_elsewhere);
    EXPECT_EQ(d.end_event()->outcome, Outcome::answered);
    EXPECT_EQ(d.engine().adopt(kCall).result, AdoptResult::elsewhere);
}

TEST_P(EngineSeveral, ThePeersOtherDeviceComesInWithANewTransport) {
    Driver d{GetParam()};
    d.talk();
    d.frame(protocol::MediaOffer{kCall, 3, Negotiation::transfer, Media::audio, kSdp});
    EXPECT_EQ(d.latest<PrepareAnswer>()->purpose, Negotiation::transfer);
    d.feed(AnswerPrepared{kCall, kSdp, 3});
    EXPECT_EQ(d.sent<protocol::MediaAnswer>()[0].revision, 3U);
    EXPECT_THAT(d.changes(), Contains(ChangeKind::peer_moved));
    d.feed(ShortDataRequested{kCall, "chat", kSdp});
    d.frame(protocol::ShortData{kCall, 1, "chat", kSdp});
    EXPECT_EQ(d.last_change()->what, ChangeKind::short_data) << "it counts from one";
}

// ---- starting, adopting ----

TEST_P(EngineSeveral, EveryReasonNotToStartHasItsNumber) {
    Driver d{GetParam()};
    const auto fail = [&](PlaceRequested request) {
        const auto reason = d.engine().start_fail(request);
        EXPECT_EQ(d.try_feed(request).has_value(), reason != StartFail::none);
        return static_cast<int>(reason);
    };
    EXPECT_EQ(fail({.to_user = kAlice}), 1);
    EXPECT_EQ(fail({.call_id = kCall}), 3004);
    EXPECT_EQ(fail({.call_id = kCall, .to_user = kBob}), 5);
    const Redacted<std::string> long_text{std::string(5'000, 'x')};
    EXPECT_EQ(fail({.call_id = kCall, .to_user = kAlice, .start_message = long_text}), 3001);
    EXPECT_EQ(fail({.call_id = kCall, .to_user = kAlice, .app_server_data = long_text}), 11);
    EXPECT_EQ(fail({.call_id = kCall, .to_user = kAlice}), 0);
    EXPECT_EQ(fail({.call_id = kCall, .to_user = kAlice}), 0) << "the same again";
    d.feed(UserEnded{kCall});
    EXPECT_EQ(fail({.call_id = kCall, .to_user = kAlice}), 2);

    Config config = config_for(Platform::ios);
    config.token.reset();
    Driver stranger{GetParam(), config};
    EXPECT_EQ(stranger.engine().start_fail({.call_id = kCall, .to_user = kAlice}), StartFail::not_initialized);
}

TEST(StartFail, ANumberThatNobodyKnowsIsAFailure) {
    EXPECT_EQ(start_fail_from_number(0), StartFail::none);
    EXPECT_EQ(start_fail_from_number(3007), StartFail::kit_cannot_create_new_session);
    EXPECT_EQ(start_fail_from_number(4242), StartFail::unknown);
    for (const auto& entry : EnumText<StartFail>::values) {
        EXPECT_EQ(start_fail_from_number(static_cast<int>(entry.value)), entry.value) << entry.word;
    }
}

TEST_P(EngineSeveral, AnAppThatOpensLateLearnsWhatBecameOfItsCall) {
    Driver d{GetParam(), Platform::android};
    EXPECT_EQ(d.engine().adopt(kCall).result, AdoptResult::unknown);
    d.ring_ready();
    EXPECT_EQ(d.engine().adopt(kCall).result, AdoptResult::live);
    EXPECT_EQ(d.engine().adopt(kCall).call->state, CallState::verified);
    d.die();
    EXPECT_EQ(d.engine().adopt(kCall).result, AdoptResult::live);
    EXPECT_EQ(d.last_change()->what, ChangeKind::continued);
    d.connect();
    d.ended(EndReason::cancel);
    d.die();
    const auto over = d.engine().adopt(kCall);
    EXPECT_EQ(over.result, AdoptResult::ended);
    EXPECT_EQ(over.reason, EndReason::cancel);
    EXPECT_EQ(over.source, EndSource::caller);
    EXPECT_EQ(over.outcome, Outcome::missed);
}

TEST_P(EngineSeveral, ACallThatDiedWithItsProcessIsAdoptedAsEnded) {
    Driver d{GetParam(), Platform::android};
    d.talk();
    d.die();
    EXPECT_EQ(d.engine().adopt(kCall).result, AdoptResult::ended);
    EXPECT_EQ(d.engine().adopt(kCall).reason, EndReason::app_destroy);
}

}  // namespace
}  // namespace clarion::engine::testing
