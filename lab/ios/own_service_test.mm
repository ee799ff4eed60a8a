/* SPDX-License-Identifier: Apache-2.0 */
#import "lab/ios/own_service_test.hpp"

#import "lab/ios/fake_intents.h"

/// Reads the pushes of a backend that knows nothing of Clarion.
@interface LabReader : NSObject <CLRPushReader>
@end

@implementation LabReader
- (CLRMessage*)factOfPush:(NSDictionary*)payload {
    if (payload[@"room"] == nil) return nil;
    return @{
        @"type" : @CLARION_CALLUI_INPUT_INCOMING_ANNOUNCED,
        @"backend_id" : payload[@"room"],
        @"name" : payload[@"who"],
        @"ring_for" : @20'000
    };
}
@end

namespace clarion::lab {

OwnServiceTest::OwnServiceTest() { phone.server = nil; }

CLRConfiguration* OwnServiceTest::configuration_of(LabApp*, id<CLRSystem>) const {
    return [CLRConfiguration callScreenWithDirectory:directory reader:options[@"reader"]];
}

NSDictionary* OwnServiceTest::saying(NSString* type, NSDictionary* fields) {
    NSMutableDictionary* fact = [fields mutableCopy];
    fact[@"type"] = type;
    return @{@"aps" : @{}, @"callui" : fact};
}

NSDictionary* OwnServiceTest::ringing(NSString* call) {
    return saying(
        @CLARION_CALLUI_INPUT_INCOMING_ANNOUNCED, @{
            @"backend_id" : call,
            @"name" : @"Alice",
            @"handle" : @"alice@example.test",
            @"ring_for" : @30'000,
            @"extra" : @"{\"room\":7}"
        }
    );
}

void OwnServiceTest::talks(NSString* call) {
    rings(call);
    answer(call);
    (void)tell(@CLARION_CALLUI_INPUT_CONNECTED_SET, @{}, call);
}

int OwnServiceTest::tell(NSString* type, NSDictionary* fields, NSString* call) {
    NSMutableDictionary* fact = [@{@"type" : type, @"call_id" : call} mutableCopy];
    [fact addEntriesFromDictionary:fields];
    __block int answer = INT_MIN;
    [app.client send:fact
                done:^(int32_t code) {
                  answer = code;
                }];
    phone.run();
    return answer;
}

void OwnServiceTest::open_again() {
    phone.kill_app("memory");
    phone.run();
    phone.open_app();
    phone.run();
}

bool OwnServiceTest::was_told(bool is_active) const {
    CLRMessage* last = nil;
    for (CLRMessage* notice in app.notices) {
        if ([notice[@"kind"] isEqual:@"audio_session"]) last = notice;
    }
    return last != nil && [last[@"active"] boolValue] == is_active;
}

namespace {

using State = ScreenCall::State;
using IosOwnService = OwnServiceTest;

TEST_F(IosOwnService, AKilledAppRingsByItsOwnPushIsAnsweredConnectsAndEnds) {
    ASSERT_FALSE(phone.is_running());
    rings();
    ASSERT_EQ(state(), State::ringing) << "killed app -> own push -> CallKit";
    EXPECT_EQ(phone.call(uuid(kCall))->name, "Alice");
    EXPECT_EQ(heard(@"incoming"), 1U);

    answer();
    EXPECT_EQ(state(), State::ringing) << "IOS-CK-10: not fulfilled before the app's voice is connected";
    EXPECT_TRUE([event(@"answered")[@"extra"] isEqual:@"{\"room\":7}"]);
    EXPECT_EQ(tell(@CLARION_CALLUI_INPUT_CONNECTED_SET), 0);
    EXPECT_EQ(state(), State::connected);
    EXPECT_TRUE(phone.is_audio_active());
    EXPECT_TRUE(was_told(true)) << "the app's voice may run from here on";
    EXPECT_EQ(heard(@"connected"), 1U);

    phone.tap_end(uuid(kCall));
    phone.run();
    EXPECT_EQ(state(), State::ended);
    EXPECT_EQ(reason(), 0) << "the user did it, the app reports nothing more";
    EXPECT_TRUE(was_told(false));
    EXPECT_EQ(heard(@"ended"), 1U);
    EXPECT_EQ(phone.calls_on_screen(), 0);
}

TEST_F(IosOwnService, AnAcceptThatIsNotConnectedInTimeFailsBeforeIosGivesItUp) {
    phone.open_app();
    phone.run();
    EXPECT_EQ(tell(@CLARION_CALLUI_INPUT_POLICY_CHOSEN, @{@"policy" : @{@"connect_within" : @4'000}}), 0);
    open_again();  // The policy is kept.
    rings();
    answer();
    phone.advance(3'900);
    EXPECT_EQ(state(), State::ringing);
    phone.advance(100);
    EXPECT_EQ(reason(), CXCallEndedReasonFailed) << "I5, IOS-CK-09";
    EXPECT_TRUE([event(@"ended")[@"outcome"] isEqual:@"failed"]);
}

TEST_F(IosOwnService, WithoutAChoiceOfTheAppItFailsBeforeIosGivesItUpToo) {
    rings();
    answer();
    phone.advance(7'900);
    EXPECT_EQ(state(), State::ringing);
    phone.advance(100);
    EXPECT_EQ(reason(), CXCallEndedReasonFailed);
    phone.advance(phone.rules.action_timeout);  // And settled: no time-out.
}

TEST_F(IosOwnService, ADeclineWithTheAppKilledIsInTheEventsWhenItStarts) {
    attaches = false;
    rings();
    phone.tap_end(uuid(kCall));
    phone.run();
    EXPECT_EQ(state(), State::ended);
    EXPECT_TRUE(phone.notices.empty()) << "I9";
    EXPECT_EQ(all_events.count, 0U);
    attaches = true;
    open_again();
    ASSERT_EQ(heard(@"incoming"), 1U);
    ASSERT_EQ(heard(@"ended"), 1U);
    EXPECT_TRUE([event(@"ended")[@"outcome"] isEqual:@"declined"]);
    EXPECT_TRUE([event(@"ended")[@"extra"] isEqual:@"{\"room\":7}"]);
    open_again();
    EXPECT_EQ(heard(@"ended"), 1U) << "acknowledged";
}

TEST_F(IosOwnService, TheRingEndsByItselfAndIsMissed) {
    rings();
    phone.advance(29'000);
    EXPECT_EQ(state(), State::ringing);
    phone.advance(1'000);
    EXPECT_EQ(state(), State::ended);
    EXPECT_EQ(reason(), CXCallEndedReasonUnanswered) << "IOS-CK-05: missed in Recents";
    EXPECT_TRUE(phone.notices.empty()) << "Recents shows it";
    EXPECT_TRUE([event(@"ended")[@"outcome"] isEqual:@"missed"]);
}

TEST_F(IosOwnService, AMissedCallThatFocusHidLeavesANoticeAndIsCalledBack) {
    phone.has_focus = true;
    rings();
    phone.advance(30'000);
    ASSERT_EQ(phone.notices.size(), 1U);
    open_again();
    UNNotificationResponse* response = [[UNNotificationResponse alloc] initWithLabRequest:phone.notices.begin()->second
                                                                                   action:@"clarion.call_back"];
    EXPECT_TRUE([app.client didReceiveNotificationResponse:response]);
    phone.run();
    EXPECT_EQ(heard(@"call_back"), 1U);
    EXPECT_TRUE([event(@"call_back")[@"handle"] isEqual:@"alice@example.test"]);
    EXPECT_TRUE(phone.notices.empty());
}

TEST_F(IosOwnService, TheAppEndsTheCallWhileItRings) {
    rings();
    EXPECT_EQ(tell(@CLARION_CALLUI_INPUT_END_REQUESTED), 0);
    EXPECT_EQ(state(), State::ended);
    EXPECT_EQ(phone.calls_on_screen(), 0);
    EXPECT_TRUE([event(@"ended")[@"origin"] isEqual:@"app"]);
    answer();
    EXPECT_EQ(heard(@"answered"), 0U);
}

TEST_F(IosOwnService, ACancelByPushEndsTheRingAndIsReportedAsIosDemands) {
    attaches = false;
    rings();
    push(saying(@CLARION_CALLUI_INPUT_CALL_DISMISSED, @{@"backend_id" : kCall, @"why" : @"cancelled"}));
    EXPECT_EQ(phone.calls_on_screen(), 0);
    EXPECT_EQ(reason(), CXCallEndedReasonRemoteEnded);
    EXPECT_THAT(phone.violations, ::testing::IsEmpty());
}

TEST_F(IosOwnService, ACancelThatOvertakesItsPushStillWins) {
    push(saying(@CLARION_CALLUI_INPUT_CALL_DISMISSED, @{@"backend_id" : kCall, @"why" : @"answered_elsewhere"}));
    EXPECT_EQ(phone.calls_on_screen(), 0);
    EXPECT_EQ(reason(), CXCallEndedReasonAnsweredElsewhere);
    rings();
    EXPECT_EQ(phone.calls_on_screen(), 0) << "its late push";
    EXPECT_EQ(heard(@"incoming"), 0U);
}

TEST_F(IosOwnService, APushThatIsNoCallIsReportedAndEnded) {
    push(@{@"aps" : @{}});
    push(@{@"callui" : @"not even JSON"});
    push(@{@"callui" : @[ @1 ]});
    push(saying(@CLARION_CALLUI_INPUT_INCOMING_ANNOUNCED, @{@"backend_id" : kCall}));  // For how long?
    push(saying(@CLARION_CALLUI_INPUT_CALL_UPDATED, @{@"call_id" : kOther, @"name" : @"Eve"}));
    EXPECT_EQ(phone.calls_on_screen(), 0);
    EXPECT_GE(phone.screen.size(), 5U);
}

TEST_F(IosOwnService, APushNeverSpeaksForTheUser) {
    rings();
    for (NSString* type in @[ @"user_answered", @"user_ended", @"call_connected", @"end_all_requested" ]) {
        push(saying(type, @{@"call_id" : kCall}));
    }
    EXPECT_EQ(state(), State::ringing);
    EXPECT_EQ(heard(@"answered") + heard(@"ended") + heard(@"connected"), 0U);
}

TEST_F(IosOwnService, AReaderUnderstandsTheBackendsOwnPayloadAndItsOwnIds) {
    options = @{@"reader" : [LabReader new]};
    push(@{@"room" : @"room 7", @"who" : @"Zoë"});
    ASSERT_EQ(phone.calls_on_screen(), 1);
    EXPECT_EQ(phone.screen.begin()->second.name, "Zoë");
    EXPECT_TRUE([event(@"incoming")[@"backend_id"] isEqual:@"room 7"]);
    push(@{@"room" : @"room 7", @"who" : @"Zoë"});
    EXPECT_EQ(phone.calls_on_screen(), 1) << "the same text is the same call";
    push(@{@"chat" : @"hello"});
    EXPECT_EQ(phone.calls_on_screen(), 1) << "reported, and ended";
    phone.advance(20'000);
    EXPECT_EQ(phone.calls_on_screen(), 0);
}

TEST_F(IosOwnService, HoldMuteAndKeypadGoBothWays) {
    talks();
    phone.tap_hold(uuid(kCall), true);
    phone.tap_mute(uuid(kCall), true);
    phone.tap_digits(uuid(kCall), @"5#", CXPlayDTMFCallActionTypeSingleTone);
    phone.run();
    EXPECT_EQ(heard(@"held") + heard(@"muted"), 2U);
    EXPECT_TRUE([event(@"dtmf")[@"digits"] isEqual:@"5#"]);
    EXPECT_EQ(tell(@CLARION_CALLUI_INPUT_USER_HELD, @{@"on" : @NO}), 0);
    EXPECT_EQ(tell(@CLARION_CALLUI_INPUT_USER_MUTED, @{@"on" : @NO}), 0);
    EXPECT_FALSE(phone.call(uuid(kCall))->is_held) << "the system's switch follows";
    EXPECT_FALSE(phone.call(uuid(kCall))->is_muted);
    EXPECT_EQ(heard(@"unheld") + heard(@"unmuted"), 2U);
}

TEST_F(IosOwnService, ACallFromRecentsIsPlacedWithTheAppsOwnService) {
    phone.open_app();
    phone.run();
    INStartCallIntent* intent = [[INStartCallIntent alloc] initWithLabHandle:@"alice@example.test"
                                                                  capability:INCallCapabilityAudioCall];
    EXPECT_TRUE([app.client continueUserActivity:[[LabActivity alloc] initWithIntent:intent]]);
    phone.run();
    ASSERT_TRUE([event(@"redial")[@"handle"] isEqual:@"alice@example.test"]);
    EXPECT_EQ(
        tell(@CLARION_CALLUI_INPUT_OUTGOING_STARTED, @{@"name" : @"Alice", @"handle" : @"alice@example.test"}), 0
    );
    EXPECT_EQ(state(), State::dialing);
    EXPECT_EQ(tell(@CLARION_CALLUI_INPUT_OUTGOING_PLACED), 0);
    EXPECT_EQ(tell(@CLARION_CALLUI_INPUT_CALL_CONNECTED), 0);
    EXPECT_EQ(state(), State::connected);
    EXPECT_TRUE(was_told(true));
    EXPECT_EQ(tell(@CLARION_CALLUI_INPUT_CALL_DISMISSED, @{@"why" : @"cancelled"}), 0);
    EXPECT_EQ(phone.calls_on_screen(), 0);
}

TEST_F(IosOwnService, TheInterfaceThatOpensLateSeesCallsAndTokens) {
    attaches = false;
    rings();
    __block CLRMessage* view = nil;
    __block NSArray* calls = nil;
    LabApp* present = app;
    [present.client view:^(CLRMessage* all) {
      view = all;
    }];
    [present.client calls:^(NSArray<CLRMessage*>* live) {
      calls = live;
    }];
    phone.run();
    ASSERT_EQ(calls.count, 1U);
    EXPECT_TRUE([calls[0][@"phase"] isEqual:@"waiting"]);
    EXPECT_TRUE([[view[@"tokens"] firstObject][@"token"] isEqual:@"01ab"]);
    [present.client attach:present];
    phone.run();
    EXPECT_EQ(heard(@"incoming"), 1U);
    EXPECT_EQ(tell(@CLARION_ENGINE_INPUT_PLACE_REQUESTED, @{@"to_user" : @"alice"}, kOther), -4) << "another machine's";
}

TEST_F(IosOwnService, ARebootWhileItRangEndsItAsMissedOnceItsTimeIsOver) {
    rings();
    phone.reboot();
    phone.wall_now += 60'000;
    phone.open_app();
    phone.run();
    EXPECT_EQ(phone.calls_on_screen(), 0);
    EXPECT_TRUE([event(@"ended")[@"outcome"] isEqual:@"missed"]);
}

// ---- the process dies at every one of its calls to the system ----

struct Life : OwnServiceTest {
    void TestBody() override {}
    void TearDown() override {}

    /// A ring that the user answers or declines. `dies_at` 0: it lives.
    void ring_and_tap(bool is_accepted, int dies_at) {
        phone.kill_after = dies_at;
        rings();
        if (state() == State::ringing) tap(is_accepted);
        phone.kill_after = 0;
    }
    void tap(bool is_accepted) {
        is_accepted ? phone.tap_answer(uuid(kCall)) : phone.tap_end(uuid(kCall));
        phone.run();
    }
    static int steps(bool is_accepted) {
        Life life;
        life.ring_and_tap(is_accepted, 0);
        return life.phone.calls_made;
    }
    [[nodiscard]] NSUInteger told(NSString* kind) const {
        NSMutableSet* numbers = [NSMutableSet new];  // Told again is the same event: the ack died with the process.
        for (CLRMessage* one in all_events) {
            if ([one[@"kind"] isEqual:kind]) [numbers addObject:one[@"seq"]];
        }
        return numbers.count;
    }
};

TEST(IosOwnServiceDeath, NoAcceptIsLostAndNoGhostStays) {
    const int steps = Life::steps(true);
    ASSERT_GT(steps, 5);
    for (int step = 1; step <= steps; ++step) {
        SCOPED_TRACE(step);
        @autoreleasepool {
            Life life;
            life.ring_and_tap(true, step);
            const bool was_tapped = life.heard(@"answered") > 0;
            life.phone.open_app();
            life.phone.run();
            if (life.state() == State::ringing && !was_tapped) life.tap(true);
            if (life.phone.calls_on_screen() > 0) {
                EXPECT_EQ(life.told(@"answered"), 1U) << "I4";
                EXPECT_EQ(life.tell(@CLARION_CALLUI_INPUT_CONNECTED_SET), 0);
                EXPECT_EQ(life.state(), State::connected);
            }
            if (was_tapped) EXPECT_TRUE(life.told(@"ended") + life.told(@"connected") > 0) << "I5";
            (void)life.tell(@CLARION_CALLUI_INPUT_END_REQUESTED);
            life.phone.advance(60'000);
            EXPECT_EQ(life.phone.calls_on_screen(), 0) << "a ghost";
            EXPECT_EQ(life.told(@"ended"), life.told(@"incoming"));
            EXPECT_THAT(life.phone.violations, ::testing::IsEmpty());
        }
    }
}

TEST(IosOwnServiceDeath, NoDeclineIsLostAndNothingRingsOn) {
    const int steps = Life::steps(false);
    ASSERT_GT(steps, 5);
    for (int step = 1; step <= steps; ++step) {
        SCOPED_TRACE(step);
        @autoreleasepool {
            Life life;
            life.ring_and_tap(false, step);
            life.phone.open_app();
            life.phone.run();
            if (life.state() == State::ringing) life.tap(false);  // It died before the tap was heard.
            EXPECT_EQ(life.phone.calls_on_screen(), 0) << "a ghost";
            EXPECT_EQ(life.told(@"ended"), life.told(@"incoming")) << "I10";
            life.phone.advance(60'000);
            EXPECT_EQ(life.phone.calls_on_screen(), 0);
            EXPECT_THAT(life.phone.violations, ::testing::IsEmpty());
        }
    }
}

}  // namespace
}  // namespace clarion::lab
