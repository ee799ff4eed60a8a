/* SPDX-License-Identifier: Apache-2.0 */
#import "lab/ios/shell_test.hpp"

/// Whole calls through the real shell on a virtual iPhone that keeps iOS's rules.
namespace clarion::lab {
namespace {

using State = ScreenCall::State;

using IosFlows = ShellTest;

TEST_F(IosFlows, AnAppThatWasKilledRingsIsAnsweredHearsAndEnds) {
    ASSERT_FALSE(phone.is_running());
    ring();
    ASSERT_EQ(state(), State::ringing) << "killed app -> push -> CallKit";
    EXPECT_EQ(phone.call(uuid(kCall))->name, "Alice");
    EXPECT_EQ([server count:@"verify"], 1U) << "verified while it rings";
    EXPECT_FALSE(app.media.isAudioOpen);

    answer();
    EXPECT_EQ([server count:@"answer"], 1U);
    EXPECT_EQ(state(), State::ringing) << "IOS-CK-10: not fulfilled before it is connected";
    media_flow();
    EXPECT_EQ(state(), State::connected);
    EXPECT_TRUE(phone.is_audio_active());
    EXPECT_TRUE(app.media.isAudioOpen) << "IOS-AU-02: inside the activation";
    EXPECT_EQ(heard(@"connected"), 1U);

    phone.tap_end(uuid(kCall));
    phone.run();
    EXPECT_EQ(state(), State::ended);
    EXPECT_EQ(reason(), 0) << "the user did it, the app reports nothing more";
    EXPECT_EQ([server count:@"end"], 1U);
    EXPECT_FALSE(app.media.isAudioOpen);
    EXPECT_EQ(app.media.legs, 0U);
    EXPECT_EQ(heard(@"ended"), 1U);
}

TEST_F(IosFlows, AcceptBeforeVerificationIsHonouredWhenTheServerIsReached) {
    server.isReachable = NO;
    ring();
    answer();
    EXPECT_EQ(state(), State::ringing) << "the tap waits";
    server.isReachable = YES;
    phone.advance(1'000);
    EXPECT_EQ([server count:@"answer"], 1U) << "I4: the tap is not lost";
    media_flow();
    EXPECT_EQ(state(), State::connected);
    EXPECT_TRUE(app.media.isAudioOpen);
}

TEST_F(IosFlows, AnAppWithoutMediaRingsAndNeitherAnswersNorPlaces) {
    has_media = false;
    token = "token";
    ring();
    answer();
    phone.run();
    EXPECT_EQ(state(), State::ended);
    EXPECT_EQ([server count:@"answer"], 0U) << "another device may take it";
    EXPECT_EQ(heard(@"connected"), 0U);
    EXPECT_EQ(heard(@"ended"), 1U);
    EXPECT_TRUE([event(@"ended")[@"reason"] isEqual:@"internal_error"]);
    __block int32_t refused = 0;
    [app.client startFail:@{
        @"type" : @CLARION_ENGINE_INPUT_PLACE_REQUESTED,
        @"call_id" : kOther,
        @"to_user" : @"zoe"
    }
        done:^(int32_t number) {
          refused = number;
        }];
    phone.run();
    EXPECT_EQ(refused, 2999) << "kit_internal_initialization_error";
}

TEST_F(IosFlows, DeclineWithTheAppKilledReachesTheServer) {
    ring();
    phone.tap_end(uuid(kCall));
    phone.run();
    EXPECT_EQ(state(), State::ended);
    ASSERT_EQ([server count:@"decline"], 1U);
    EXPECT_TRUE([[server last:@"decline"][@"ticket"] isEqual:@"ticket"]);
    EXPECT_TRUE([event(@"ended")[@"outcome"] isEqual:@"declined"]);
    EXPECT_TRUE(phone.notices.empty()) << "I9";
}

TEST_F(IosFlows, ADeclineSurvivesTheProcessThatHeardIt) {
    server.isReachable = NO;
    ring();
    phone.tap_end(uuid(kCall));
    phone.run();
    phone.kill_app("memory");
    phone.run();
    server.isReachable = YES;
    phone.open_app();
    phone.advance(1'000);
    EXPECT_EQ([server count:@"decline"], 1U);
    EXPECT_EQ(phone.calls_on_screen(), 0) << "no ghost";
}

TEST_F(IosFlows, TheCallerHangsUpFirst) {
    ring();
    ended(@"cancel", @"caller");
    EXPECT_EQ(state(), State::ended);
    EXPECT_EQ(reason(), CXCallEndedReasonRemoteEnded);
    EXPECT_TRUE([event(@"ended")[@"outcome"] isEqual:@"missed"]);
}

TEST_F(IosFlows, TheCallerHangsUpBeforeTheSystemTookTheReport) {
    phone.rules.report_takes = 300;
    ring();
    ASSERT_EQ(state(), State::reported);
    ended(@"cancel", @"caller");
    EXPECT_EQ(state(), State::reported) << "IOS-CK-03: its end waits for the report";
    phone.advance(300);
    EXPECT_EQ(state(), State::ended);
    EXPECT_EQ(reason(), CXCallEndedReasonRemoteEnded);
}

TEST_F(IosFlows, AnsweredElsewhere) {
    ring();
    ended(@"multi_device_answer", @"callee");
    EXPECT_EQ(reason(), CXCallEndedReasonAnsweredElsewhere);
    EXPECT_TRUE(phone.notices.empty()) << "I9";
}

TEST_F(IosFlows, DeclinedElsewhere) {
    ring();
    ended(@"multi_device_decline", @"callee");
    EXPECT_EQ(reason(), CXCallEndedReasonDeclinedElsewhere);
}

TEST_F(IosFlows, TheCallWasOverBeforeThePushCame) {
    server.endedReason = @"cancel";
    ring();
    EXPECT_EQ(state(), State::ended);
    EXPECT_EQ(reason(), CXCallEndedReasonRemoteEnded);
}

TEST_F(IosFlows, NobodyAnswersAndItRingsNoLonger) {
    server.isReachable = NO;
    ring();
    phone.advance(59'000);
    EXPECT_EQ(state(), State::ringing);
    phone.advance(2'000);
    EXPECT_EQ(state(), State::ended) << "I7";
    EXPECT_EQ(reason(), CXCallEndedReasonUnanswered) << "IOS-CK-05: missed in Recents";
}

TEST_F(IosFlows, AMediaFailureAfterAcceptFailsTheAction) {
    ring();
    answer();
    [app.media say:@CLARION_ENGINE_INPUT_MEDIA_FAILED call:kCall];
    phone.run();
    EXPECT_EQ(state(), State::ended);
    EXPECT_EQ(reason(), CXCallEndedReasonFailed) << "I5";
}

TEST_F(IosFlows, AnOutgoingCall) {
    token = "access-token";
    phone.open_app();
    phone.run();
    NSUUID* call = [app.client callUser:@"alice" video:NO done:nil];
    NSString* call_id = call.UUIDString.lowercaseString;
    phone.run();
    ASSERT_EQ(state(call_id), State::dialing) << "IOS-CK-18: asked for, started, reported as connecting";
    EXPECT_TRUE(phone.is_audio_active());
    EXPECT_EQ([server count:@"place"], 1U);
    [server event:@{@"type" : @"progress", @"call_id" : call_id, @"ringing" : @1}];
    phone.run();
    EXPECT_THAT(phone.tones_played, ::testing::ElementsAre("ringback.caf"));
    [server event:@{@"type" : @"answered", @"call_id" : call_id, @"device" : @"a", @"sdp" : @"v=0\r\no=alice\r\n"}];
    phone.run();
    media_flow(call_id);
    EXPECT_EQ(state(call_id), State::connected);
    EXPECT_TRUE(app.media.isAudioOpen);
    phone.tap_end(call);
    phone.run();
    EXPECT_EQ([server count:@"end"], 1U);
    EXPECT_EQ(phone.calls_on_screen(), 0);
}

TEST_F(IosFlows, TheInterfaceOpensLateAndHearsEverythingOnce) {
    attaches = false;
    talk();
    EXPECT_EQ(all_events.count, 0U);
    LabApp* present = app;
    [present.client attach:present];
    phone.run();
    EXPECT_EQ(heard(@"incoming"), 1U);
    EXPECT_EQ(heard(@"answered"), 1U);
    EXPECT_EQ(heard(@"connected"), 1U);
    __block NSArray* calls = nil;
    __block CLRMessage* adoption = nil;
    [present.client calls:^(NSArray<CLRMessage*>* live) {
      calls = live;
    }];
    [present.client adopt:uuid(kCall)
                     done:^(CLRMessage* found) {
                       adoption = found;
                     }];
    phone.run();
    EXPECT_EQ(calls.count, 1U);
    EXPECT_TRUE([adoption[@"result"] isEqual:@"live"]);
    [present.client attach:nil];
    [present.client attach:present];
    phone.run();
    EXPECT_EQ(heard(@"connected"), 1U) << "I10: acknowledged";
}

}  // namespace
}  // namespace clarion::lab
