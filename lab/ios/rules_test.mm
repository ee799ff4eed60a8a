/* SPDX-License-Identifier: Apache-2.0 */
#import "lab/ios/fake_intents.h"
#import "lab/ios/shell_test.hpp"
#import "sdk/ios/Sources/Clarion/include/CLRDecline.h"

/// Every rule of iOS that the shell can break, by its id (docs/rules/ios.md). The phone keeps the rule; ShellTest's end
/// says that nothing was violated.
namespace clarion::lab {
namespace {

using State = ScreenCall::State;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

using IosRules = ShellTest;

NSDictionary* of(NSString* cc_param) { return @{@"cc_param" : cc_param}; }

// ---- PushKit ----

TEST_F(IosRules, IOS_PK_01_EveryPushIsReportedTheUselessOnesToo) {
    server.endedReason = @CLARION_END_REASON_NO_ANSWER;
    NSArray* useless = @[
        of(@"bad_signature.x"), of(@"malformed"), of(@"not_for_this_device.x"), of(@"unsupported_version.x"), @{},
        @{@"cc_param" : @7}, of(@"ok.{}"), of(@"ok.not json"), payload(kCall, @{@"to" : @"carol"}),
        payload(
            kOther,
            @{@"ring" : @(phone.wall_now - 1),
              @"acc" : @(phone.wall_now - 1)}
        )
    ];
    for (NSDictionary* one in useless) push(one);
    EXPECT_TRUE(phone.is_running());
    EXPECT_THAT(phone.kills, IsEmpty());
    EXPECT_EQ(phone.calls_on_screen(), 0) << "reported, and ended at once (I1)";
    EXPECT_EQ(phone.screen.size(), useless.count);
    EXPECT_THAT(phone.call(uuid(kCall))->name, ::testing::Not(HasSubstr("Alice"))) << "I14: meant for somebody else";
}

TEST_F(IosRules, IOS_PK_02_ThePushIsReportedBeforeItsHandlerReturns) {
    phone.rules.report_takes = 2'000;  // Its completion may be as late as it likes.
    ring();
    EXPECT_EQ(state(), State::reported);
    EXPECT_THAT(phone.kills, IsEmpty());
    phone.advance(2'000);
    EXPECT_EQ(state(), State::ringing);
}

TEST_F(IosRules, IOS_PK_03_IOS_PK_16_ThereIsARegistryWithADelegateWhenTheAppWasLaunched) {
    ring();
    phone.advance(8'000);
    EXPECT_THAT(phone.kills, IsEmpty());
    EXPECT_EQ(state(), State::ringing);
}

TEST_F(IosRules, IOS_PK_04_PushesGoOnAfterManyUselessOnes) {
    for (int i = 0; i < 8; ++i) push(of(@"bad_signature.x"));
    EXPECT_FALSE(phone.is_blocked());
    ring();
    EXPECT_EQ(state(), State::ringing);
}

TEST_F(IosRules, IOS_PK_07_APushInTheForegroundRingsAllTheSame) {
    phone.open_app();
    ring();
    EXPECT_EQ(state(), State::ringing);
}

TEST_F(IosRules, IOS_PK_08_ARepeatedPushIsReportedUnderTheSameId) {
    ring();
    push(payload());
    EXPECT_THAT(phone.kills, IsEmpty());
    EXPECT_EQ(phone.screen.size(), 1U);
    EXPECT_EQ(state(), State::ringing) << "already exists is harmless";
}

TEST_F(IosRules, IOS_PK_09_MustReportIsPassedOn) {
    phone.rules.has_push_metadata = true;
    phone.push(of(@"bad_signature.x"));
    phone.run();
    EXPECT_EQ(phone.screen.size(), 1U) << "must be reported";
    phone.push(of(@"bad_signature.x"), true);
    phone.run();
    EXPECT_EQ(phone.screen.size(), 1U) << "need not, and nobody is shown a broken call";
    ring();
    EXPECT_EQ(state(), State::ringing);
}

TEST_F(IosRules, IOS_PK_11_PushesBeforeTheFirstUnlockFindJournalAndCalls) {
    server.isReachable = NO;
    ring();
    phone.tap_end(uuid(kCall));
    phone.run();
    phone.reboot();
    phone.set_token(bytes("t"));
    server.isReachable = YES;
    for (NSString* call in
         @[ kOther, @"6f1f7d5e-0000-4000-8000-000000000003", @"6f1f7d5e-0000-4000-8000-000000000004" ]) {
        push(payload(call));  // A burst of buffered ones.
        EXPECT_EQ(state(call), State::ringing);
    }
    phone.advance(1'000);
    EXPECT_EQ([server count:@"decline"], 1U)
        << "the journal of the boot before was read while locked" << app.log.description.UTF8String;
}

TEST_F(IosRules, IOS_PK_12_APushThatComesAfterItsTimeIsReportedAndEnded) {
    server.endedReason = @CLARION_END_REASON_NO_ANSWER;
    push(payload(kCall, @{@"ring" : @(phone.wall_now - 25'000), @"acc" : @(phone.wall_now - 20'000)}));
    EXPECT_EQ(state(), State::ended);
    EXPECT_EQ(reason(), CXCallEndedReasonUnanswered);
}

TEST_F(IosRules, IOS_PK_17_TheTokenIsToldAndTakenBack) {
    phone.open_app();
    phone.run();
    EXPECT_TRUE([event(@"push_token")[@"token"] isEqual:@"01ab"]);
    phone.set_token(nil);
    phone.run();
    EXPECT_TRUE([event(@"push_token")[@"token"] isEqual:@""]);
    [app.client didRegisterAlertToken:bytes("\x02")];
    phone.run();
    EXPECT_TRUE([event(@"push_token")[@"token_kind"] isEqual:@"apns_alert"]);
}

TEST_F(IosRules, IOS_PK_17_TheServerHearsTheTokenItsRenewalAndItsEnd) {
    token = "access-token";
    phone.open_app();
    phone.run();
    EXPECT_EQ(told_addresses(), "apns_voip 01ab");
    phone.set_token(bytes("\x02\xcd"));
    phone.run();
    EXPECT_EQ(told_addresses(), "apns_voip 01ab, apns_voip 02cd");
    phone.kill_app("memory");
    phone.open_app();
    phone.run();
    [app.client didRegisterAlertToken:bytes("\x03")];
    phone.set_token(nil);
    phone.run();
    EXPECT_EQ(told_addresses(), "apns_voip 01ab, apns_voip 02cd, apns_voip 02cd, apns_alert 03, apns_voip -")
        << "again over a connection that resumes nothing; an alert's token is not PushKit's";
}

TEST_F(IosRules, IOS_PK_17_ATokenThatTheServerCouldNotHearIsToldByTheNextProcess) {
    token = "access-token";
    server.isReachable = NO;
    phone.open_app();
    phone.run();
    phone.set_token(bytes("\x02"));
    phone.run();
    phone.kill_app("memory");
    server.isReachable = YES;
    phone.open_app();
    phone.advance(1'000);
    EXPECT_EQ(told_addresses(), "apns_voip 02") << "only what is true now";
}

TEST_F(IosRules, IOS_PK_18_APushStartsAnAppThatTheUserSwipedAway) {
    phone.open_app();
    phone.run();
    phone.kill_app("swiped away");
    ring();
    EXPECT_EQ(state(), State::ringing);
}

// ---- CallKit ----

TEST_F(IosRules, IOS_CK_01_IOS_CK_03_AStartThatTheSystemRefusesEndsTheCall) {
    token = "access-token";
    phone.open_app();
    phone.run();
    phone.is_entitled = false;
    [app.client callUser:@"alice" video:NO done:nil];
    phone.run();
    EXPECT_EQ(heard(@"ended"), 1U) << "a call without a place on the screen would be silent (IOS-AU-02)";
    EXPECT_EQ(phone.calls_on_screen(), 0);
}

TEST_F(IosRules, IOS_CK_02_IOS_DND_01_UnderFocusThereIsAMissedCallNoticeAndNoRing) {
    phone.has_focus = true;
    ring();
    EXPECT_EQ(state(), State::ended);
    EXPECT_TRUE([event(@"not_shown")[@"result"] isEqual:@"filtered_by_focus"]);
    ended(@"cancel", @"caller");
    ASSERT_EQ(phone.notices.size(), 1U);
    UNNotificationRequest* notice = phone.notices.begin()->second;
    EXPECT_TRUE([notice.content.title isEqualToString:@"Alice"]);
    EXPECT_EQ(phone.categories.count, 1U) << "with its button";

    UNNotificationResponse* response = [[UNNotificationResponse alloc] initWithLabRequest:notice
                                                                                   action:@"clarion.call_back"];
    EXPECT_TRUE([app.client didReceiveNotificationResponse:response]);
    phone.run();
    EXPECT_EQ(heard(@"call_back"), 1U);
    EXPECT_TRUE([event(@"call_back")[@"handle"] isEqual:@"alice"]);
    EXPECT_TRUE(phone.notices.empty()) << "taken away when it was used";
}

TEST_F(IosRules, IOS_BLK_01_ABlockedCallerLeavesNoNotice) {
    phone.blocks_callers = true;
    ring();
    ended(@"cancel", @"caller");
    EXPECT_TRUE([event(@"not_shown")[@"result"] isEqual:@"filtered_by_block_list"]);
    EXPECT_TRUE(phone.notices.empty());
}

TEST_F(IosRules, IOS_CK_05_TheReasonsAreTyped) {
    const std::vector<std::tuple<NSString*, NSString*, CXCallEndedReason>> rows{
        {@"cancel", @"caller", CXCallEndedReasonRemoteEnded},
        {@"no_answer", @"caller", CXCallEndedReasonUnanswered},
        {@"multi_device_answer", @"callee", CXCallEndedReasonAnsweredElsewhere},
        {@"multi_device_decline", @"callee", CXCallEndedReasonDeclinedElsewhere},
        {@"internal_error", @"cloud_server", CXCallEndedReasonFailed},
    };
    for (const auto& [word, source, expected] : rows) {
        NSString* call = NSUUID.UUID.UUIDString.lowercaseString;
        ring(call);
        ended(word, source, call);
        EXPECT_EQ(reason(call), expected) << word.UTF8String;
    }
}

TEST_F(IosRules, IOS_CK_06_AnEndOfTheUserIsFulfilledAndNotReported) {
    talk();
    phone.tap_end(uuid(kCall));
    phone.run();
    EXPECT_EQ(reason(), 0);
    phone.advance(phone.rules.action_timeout);
}

TEST_F(IosRules, IOS_CK_07_AnEndActionAfterTheReportedEndIsHarmless) {
    ring();
    ended(@"cancel", @"caller");
    phone.tap_end(uuid(kCall));
    phone.run();
    phone.advance(phone.rules.action_timeout);  // And settled: no time-out.
    EXPECT_EQ(heard(@"ended"), 1U);
}

TEST_F(IosRules, IOS_CK_09_AnActionIsSettledInTimeOrNeverTouchedAgain) {
    server.isReachable = NO;
    ring();
    answer();
    phone.advance(8'500);
    EXPECT_EQ(state(), State::ended) << "the engine settles it before the system gives up";

    phone.rules.action_timeout = 1'000;
    ring(kOther);
    answer(kOther);
    phone.advance(1'000);
    EXPECT_EQ(phone.violations.size(), 1U) << "a phone with less patience";
    phone.violations.clear();
    server.isReachable = YES;
    phone.advance(20'000);
    EXPECT_THAT(phone.violations, IsEmpty()) << "neither fulfilled nor failed afterwards";
}

TEST_F(IosRules, IOS_CK_10_AnAnswerIsFulfilledWhenItIsConnectedAndNotBefore) {
    ring();
    answer();
    EXPECT_EQ(state(), State::ringing);
    EXPECT_FALSE(phone.is_audio_active());
    media_flow();
    EXPECT_EQ(state(), State::connected);
}

TEST_F(IosRules, IOS_CK_11_IdsInUpperCaseAreTheSameIds) {
    talk(@"6F1F7D5E-AAAA-4000-8000-00000000000A");
    EXPECT_EQ(state(@"6f1f7d5e-aaaa-4000-8000-00000000000a"), State::connected);
    ended(@"normal", @"caller", @"6f1f7d5e-aaaa-4000-8000-00000000000a");
    EXPECT_EQ(phone.calls_on_screen(), 0);
}

TEST_F(IosRules, IOS_CK_12_AResetOfTheProviderEndsEverything) {
    talk();
    phone.reset_provider();
    phone.run();
    EXPECT_EQ(heard(@"ended"), 1U);
    EXPECT_FALSE(app.media.isAudioOpen);
    EXPECT_EQ(app.media.legs, 0U);
    ring(kOther);
    EXPECT_EQ(state(kOther), State::ringing) << "and the provider is used on";
}

TEST_F(IosRules, IOS_CK_14_OneProviderAProcessWhoseConfigurationChanges) {
    ring();
    CXProvider* provider = phone.provider;
    EXPECT_EQ(provider.configuration.maximumCallGroups, 2U);
    [app.client send:@{
        @"type" : @"style_chosen",
        @"style" : @{@"ios" : @{@"call_groups" : @3, @"in_recents" : @NO, @"ringtone" : @"bell.caf"}}
    }
                done:nil];
    phone.run();
    ring(kOther);
    EXPECT_EQ(phone.provider, provider);
    EXPECT_EQ(provider.configuration.maximumCallGroups, 3U);
    EXPECT_FALSE(provider.configuration.includesCallsInRecents);
    EXPECT_TRUE([provider.configuration.ringtoneSound isEqualToString:@"bell.caf"]);
}

TEST_F(IosRules, IOS_CK_15_AfterADeathACallThatRingsIsOnTheScreenAgain) {
    ring();
    phone.kill_app("memory");
    phone.run();
    EXPECT_EQ(phone.calls_on_screen(), 0);
    phone.open_app();
    phone.run();
    EXPECT_EQ(state(), State::ringing);
    answer();
    media_flow();
    EXPECT_EQ(state(), State::connected);
}

TEST_F(IosRules, IOS_CK_17_TheNameFollowsWhatTheServerSays) {
    push(payload(kCall, @{@"name" : @"A."}));
    EXPECT_EQ(phone.call(uuid(kCall))->name, "Alice") << "verified";
}

TEST_F(IosRules, IOS_CK_19_HoldMuteKeypadAndGroupsAreHeldUntilTheirResult) {
    talk();
    NSUUID* call = uuid(kCall);
    phone.tap_mute(call, true);
    phone.tap_digits(call, @"42#", CXPlayDTMFCallActionTypeSoftPause);
    phone.run();
    EXPECT_TRUE(phone.call(call)->is_muted);
    EXPECT_EQ([app.media count:@"set_muted"], 1U);
    EXPECT_TRUE([event(@"dtmf")[@"digits"] isEqual:@"42#"]);
    EXPECT_TRUE([event(@"dtmf")[@"tone"] isEqual:@"soft_pause"]);

    ring(kOther);
    answer(kOther);
    media_flow(kOther);
    EXPECT_TRUE(phone.call(call)->is_held) << "the first one is held, and its switch says so";
    phone.tap_group(call, uuid(kOther));
    phone.run();
    EXPECT_EQ(phone.call(call)->group, kOther.UTF8String);
    phone.tap_group(call, nil);
    phone.run();
    EXPECT_EQ(phone.call(call)->group, "");
    EXPECT_EQ(heard(@"ungrouped"), 1U);
    phone.advance(10'000);
}

TEST_F(IosRules, IOS_CK_21_ARedialFromRecentsBringsTheHandle) {
    phone.open_app();
    phone.run();
    INStartCallIntent* intent = [[INStartCallIntent alloc] initWithLabHandle:@"alice"
                                                                  capability:INCallCapabilityVideoCall];
    EXPECT_TRUE([app.client continueUserActivity:[[LabActivity alloc] initWithIntent:intent]]);
    EXPECT_FALSE([app.client continueUserActivity:[[LabActivity alloc] initWithIntent:[INIntent new]]]);
    phone.run();
    EXPECT_TRUE([event(@"redial")[@"handle"] isEqual:@"alice"]);
    EXPECT_TRUE([event(@"redial")[@"media"] isEqual:@"video"]);
}

// ---- the app's own buttons: the system's screen follows ----

TEST_F(IosRules, IOS_CK_03_TheAppsButtonsAreAskedForOfTheSystem) {
    ring();
    [app.client answer:uuid(kCall)];
    phone.run();
    media_flow();
    EXPECT_EQ(state(), State::connected);
    EXPECT_TRUE(phone.is_audio_active());
    [app.client setMuted:YES call:uuid(kCall)];
    [app.client setHeld:YES call:uuid(kCall)];
    phone.run();
    EXPECT_TRUE(phone.call(uuid(kCall))->is_muted);
    EXPECT_TRUE(phone.call(uuid(kCall))->is_held);
    [app.client end:uuid(kCall)];
    phone.run();
    EXPECT_EQ(phone.calls_on_screen(), 0);
}

// ---- audio ----

TEST_F(IosRules, IOS_AU_01_TheCategoryIsSetInTheActionAndTheSessionIsTheSystems) {
    ring();
    EXPECT_FALSE([phone.category isEqualToString:AVAudioSessionCategoryPlayAndRecord]);
    answer();
    EXPECT_TRUE([phone.category isEqualToString:AVAudioSessionCategoryPlayAndRecord]);
    media_flow();
    EXPECT_TRUE(phone.is_audio_active());
}

TEST_F(IosRules, IOS_AU_02_IOS_AU_04_AudioIsOpenBetweenActivationAndDeactivationOnly) {
    talk();
    EXPECT_TRUE(app.media.isAudioOpen);
    phone.tap_hold(uuid(kCall), true);
    phone.run();
    EXPECT_FALSE(phone.is_audio_active());
    EXPECT_FALSE(app.media.isAudioOpen);
    phone.tap_hold(uuid(kCall), false);
    phone.run();
    EXPECT_TRUE(app.media.isAudioOpen);
    ended(@"normal", @"caller");
    EXPECT_FALSE(app.media.isAudioOpen);
}

TEST_F(IosRules, IOS_AU_03_ActivationBeforeFulfilmentIsRemembered) {
    phone.rules.activates_on_perform = true;
    ring();
    answer();
    EXPECT_TRUE(phone.is_audio_active());
    media_flow();
    EXPECT_TRUE(app.media.isAudioOpen);
}

TEST_F(IosRules, IOS_AU_06_AfterAResetOfTheMediaServicesAudioIsClosed) {
    talk();
    phone.reset_media_services();
    phone.run();
    EXPECT_FALSE(app.media.isAudioOpen);
}

TEST_F(IosRules, IOS_AU_07_WithoutThePermissionTheCallHasNoMicrophone) {
    phone.record_permission = AVAudioSessionRecordPermissionDenied;
    talk();
    EXPECT_TRUE(app.media.isAudioOpen);
    EXPECT_FALSE(app.media.isMicrophoneOn);
}

TEST_F(IosRules, IOS_AU_09_FulfilmentDoesNotWaitForAudio) {
    talk();
    EXPECT_EQ(state(), State::connected);
    phone.advance(10'000);
    EXPECT_THAT(phone.violations, IsEmpty()) << "the deadlock would be a time-out";
}

TEST_F(IosRules, IOS_AU_08_RoutesGoBothWays) {
    talk();
    phone.plug(AVAudioSessionPortBluetoothHFP);
    phone.run();
    [app.client send:@{@"type" : @"audio_route_requested", @"route" : @"speaker"} done:nil];
    phone.run();
    EXPECT_EQ(phone.output_override, AVAudioSessionPortOverrideSpeaker);
    EXPECT_TRUE([app.notices.lastObject[@"route"] isEqual:@"bluetooth"]);
}

// ---- the connection ----

TEST_F(IosRules, ConnectionFaultsAreNamedAndTriedAgain) {
    server.refusal = NSURLErrorServerCertificateUntrusted;
    ring();
    EXPECT_FALSE(server.isConnected);
    server.refusal = 0;
    phone.advance(1'000);
    ASSERT_TRUE(server.isConnected);
    EXPECT_TRUE(phone.is_kept_awake);
    [server sendText:@"no json"];
    phone.run();
    EXPECT_FALSE(server.isConnected) << "a broken server is left";
    phone.advance(2'000);
    ASSERT_TRUE(server.isConnected);
    [server sendData:[NSData dataWithBytes:"x" length:1]];
    phone.run();
    EXPECT_FALSE(server.isConnected);
    phone.advance(5'000);
    ASSERT_TRUE(server.isConnected);
    [server drop:4001];
    phone.advance(20'000);
    EXPECT_FALSE(server.isConnected) << "replaced: not again by itself";
    EXPECT_EQ(server.connections, 3);
}

TEST_F(IosRules, AnInviteOverTheConnectionRingsWithoutAPush) {
    token = "access-token";
    phone.open_app();
    [app.client send:@{@"type" : @"online_requested", @"on" : @YES} done:nil];
    phone.run();
    ASSERT_TRUE(server.isConnected);
    [server event:@{@"type" : @"incoming", @"call_id" : kCall, @"cc_param" : payload()[@"cc_param"]}];
    phone.run();
    EXPECT_EQ(state(), State::ringing);
}

TEST_F(IosRules, OneRequestDeclinesWithoutAConnection) {
    phone.open_app();
    __block NSInteger answered = -1;
    NSDictionary* invite = @{@"call" : kCall, @"dev" : @"bob-iphone", @"tkt" : @"ticket"};
    NSURLSession* session =
        [NSURLSession sessionWithConfiguration:[NSURLSessionConfiguration ephemeralSessionConfiguration]
                                      delegate:nil
                                 delegateQueue:nil];
    CLRDeclineOnce(session, [NSURL URLWithString:@"https://calls.example.test"], invite, YES, ^(NSInteger status) {
      answered = status;
    });
    phone.run();
    EXPECT_EQ(answered, 200);
    EXPECT_TRUE([server.posted.firstObject containsString:@"busy"]);
    server.isReachable = NO;
    CLRDeclineOnce(session, [NSURL URLWithString:@"https://calls.example.test"], invite, NO, ^(NSInteger status) {
      answered = status;
    });
    phone.run();
    EXPECT_EQ(answered, 0);
}

TEST_F(IosRules, TheEngineAndItsPartsGoWithTheApp) {
    ring();
    __weak CLRClient* client = app.client;
    ASSERT_NE(client, nil);
    phone.kill_app("memory");
    phone.run();
    phone.advance(70'000);
    EXPECT_EQ(client, nil) << "nothing of the shell holds itself";
}

}  // namespace
}  // namespace clarion::lab
