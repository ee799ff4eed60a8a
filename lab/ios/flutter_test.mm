/* SPDX-License-Identifier: Apache-2.0 */
#import "lab/ios/own_service_test.hpp"
#import "sdk/flutter/ios/Classes/ClarionPlugin.h"

namespace {
NSString* const kNotImplemented = @"a constant of Flutter";
}
const NSObject* FlutterMethodNotImplemented = (NSObject*)kNotImplemented;

@implementation FlutterMethodCall
+ (instancetype)methodCallWithMethodName:(NSString*)method arguments:(id)arguments {
    FlutterMethodCall* call = [FlutterMethodCall new];
    call->_method = method;
    call->_arguments = arguments;
    return call;
}
@end

/// A Flutter engine with its Dart isolate, as the plugin sees it.
@interface LabIsolate : NSObject <FlutterPluginRegistrar, FlutterBinaryMessenger>
@property(nonatomic, strong) NSObject<FlutterPlugin>* plugin;
@property(nonatomic, strong) NSObject<FlutterStreamHandler>* stream;
@property(nonatomic, strong) NSString* channel;
@property(nonatomic, strong) NSString* streamName;
@property(nonatomic, strong) NSMutableArray<NSDictionary*>* heard;
@property(nonatomic) BOOL acknowledges;  // Dart's listeners return.
@end

@implementation FlutterMethodChannel {
    NSString* _name;
}
+ (instancetype)methodChannelWithName:(NSString*)name binaryMessenger:(NSObject<FlutterBinaryMessenger>*)messenger {
    ((LabIsolate*)messenger).channel = name;
    return [FlutterMethodChannel new];
}
@end

@implementation FlutterEventChannel {
    LabIsolate* _isolate;
}
+ (instancetype)eventChannelWithName:(NSString*)name binaryMessenger:(NSObject<FlutterBinaryMessenger>*)messenger {
    FlutterEventChannel* channel = [FlutterEventChannel new];
    channel->_isolate = (LabIsolate*)messenger;
    channel->_isolate.streamName = name;
    return channel;
}
- (void)setStreamHandler:(NSObject<FlutterStreamHandler>*)handler {
    _isolate.stream = handler;
}
@end

@implementation FlutterError {
    NSString* _message;
}
+ (instancetype)errorWithCode:(NSString*)code message:(NSString*)message details:(id)details {
    FlutterError* error = [FlutterError new];
    error->_message = message;
    return error;
}
- (NSString*)message {
    return _message;
}
@end

@implementation LabIsolate
- (instancetype)init {
    if ((self = [super init])) {
        _heard = [NSMutableArray new];
        [ClarionPlugin registerWithRegistrar:self];
    }
    return self;
}
- (NSObject<FlutterBinaryMessenger>*)messenger {
    return self;
}
- (void)addMethodCallDelegate:(NSObject<FlutterPlugin>*)delegate channel:(FlutterMethodChannel*)channel {
    _plugin = delegate;
}
- (void)addApplicationDelegate:(NSObject<FlutterPlugin>*)delegate {
}

/// As Dart's `_ask`: one JSON text each way.
- (NSString*)ask:(NSString*)method with:(id)argument {
    NSMutableArray* answers = [NSMutableArray new];
    FlutterMethodCall* call = [FlutterMethodCall methodCallWithMethodName:method
                                                                arguments:ClarionTextOf(argument) ?: @"null"];
    [_plugin handleMethodCall:call
                       result:^(id answer) {
                         [answers addObject:answer ?: NSNull.null];
                       }];
    clarion::lab::IPhone::current().run();
    EXPECT_EQ(answers.count, 1U) << method.UTF8String << " is answered once";
    if ([answers.firstObject isEqual:kNotImplemented]) return @"not implemented";
    if ([answers.firstObject isKindOfClass:[FlutterError class]]) return ((FlutterError*)answers.firstObject).message;
    return [answers.firstObject isKindOfClass:[NSString class]] ? answers.firstObject : nil;
}

- (void)listen {
    __weak LabIsolate* weakly = self;
    (void)[_stream onListenWithArguments:nil
                               eventSink:^(id text) {
                                 [weakly hear:text];
                               }];
    clarion::lab::IPhone::current().run();
}

- (void)hear:(NSString*)text {
    NSData* data = [text dataUsingEncoding:NSUTF8StringEncoding];
    NSDictionary* message = [NSJSONSerialization JSONObjectWithData:data options:0 error:nil];
    [_heard addObject:message];
    if (!_acknowledges || ![message[@"type"] isEqual:@"event"]) return;
    NSDictionary* fact = @{@"type" : @"events_acknowledged", @"up_to" : message[@"event"][@"seq"]};
    [_plugin handleMethodCall:[FlutterMethodCall methodCallWithMethodName:@"tell" arguments:ClarionTextOf(fact)]
                       result:^(id answer) {
                         EXPECT_EQ(std::string([answer UTF8String]), "0");
                       }];
}

- (void)leave {
    (void)[_stream onCancelWithArguments:nil];
    clarion::lab::IPhone::current().run();
}

- (NSUInteger)heard:(NSString*)kind {
    NSUInteger count = 0;
    for (NSDictionary* message in _heard) {
        if ([message[@"event"][@"kind"] isEqual:kind] || [message[@"type"] isEqual:kind]) ++count;
    }
    return count;
}
@end

/// What stands for a phone's own: the shell is started by the launch of the process.
@implementation ClarionPlugin (Phone)
+ (void)start {
}
+ (NSString*)publicKeyOf:(id<CLRInviteOpener>)opener {
    return opener == nil ? nil : @"public";
}
@end

namespace clarion::lab {
namespace {

/// The plugin's half over the real shell; bob signed in from Dart once, and the app was killed.
struct IosFlutter : ShellTest {
    IosFlutter() {
        phone.launch = [this](id<CLRSystem> system) {
            [ClarionPlugin invalidate];
            [ClarionPlugin startWithSystem:system
                                 directory:directory
                                    opener:^(NSDictionary*) {
                                      return (id<CLRInviteOpener>)[LabOpener new];
                                    }];
            return [NSObject new];
        };
        phone.open_app();
        phone.run();
        LabIsolate* first = [LabIsolate new];
        EXPECT_EQ(std::string([first ask:@"sign_in" with:setup()].UTF8String), "\"public\"");
        phone.kill_app("the user swiped it away");
        phone.run();
    }
    ~IosFlutter() override { [ClarionPlugin invalidate]; }

    static NSDictionary* setup() {
        return @{
            @"server" : @"https://calls.example.test/",
            @"service" : @"acme",
            @"user" : @"bob",
            @"device" : @"bob-iphone",
            @"verify_keys" : @[],
            @"token" : @"",
            @"engine" : @"{}",
            @"parts" : @"LabMedia"
        };
    }

    void open_again() {
        phone.kill_app("a crash");
        phone.run();
        phone.open_app();
        phone.run();
    }
};

TEST_F(IosFlutter, AKilledAppRingsWithNoDartAliveAndTheIsolateThatComesLaterAdoptsTheCall) {
    ring();
    ASSERT_EQ(state(), ScreenCall::State::ringing);
    EXPECT_EQ([server count:@"verify"], 1U) << "no isolate was there";

    LabIsolate* late = [LabIsolate new];
    late.acknowledges = YES;
    [late listen];
    EXPECT_EQ([late heard:@"incoming"], 1U);
    EXPECT_TRUE([[late ask:@"adopt" with:@{@"call_id" : kCall}] containsString:@"\"live\""]);
    EXPECT_TRUE([[late ask:@"calls" with:nil] containsString:kCall]);
    answer();
    EXPECT_EQ([late heard:@"answered"], 1U);
    EXPECT_EQ(std::string([late ask:@"tell" with:@{@"type" : @"user_ended", @"call_id" : kCall}].UTF8String), "0");
    EXPECT_EQ([late heard:@"ended"], 1U);
    EXPECT_EQ(state(), ScreenCall::State::ended);
}

TEST_F(IosFlutter, AnEventThatDartDidNotLiveToHearComesAgainAndOneThatItHeardDoesNot) {
    ring();
    LabIsolate* dying = [LabIsolate new];
    [dying listen];
    EXPECT_EQ([dying heard:@"incoming"], 1U) << "handed over, and its listener never returned";

    open_again();
    LabIsolate* next = [LabIsolate new];
    next.acknowledges = YES;
    [next listen];
    EXPECT_EQ([next heard:@"incoming"], 1U) << "it comes again";

    open_again();
    LabIsolate* last = [LabIsolate new];
    [last listen];
    EXPECT_EQ([last heard:@"incoming"], 0U) << "it was heard";
}

TEST_F(IosFlutter, OfSeveralIsolatesTheLastHearsAndThenTheOneBefore) {
    ring();
    LabIsolate* background = [LabIsolate new];
    background.acknowledges = YES;
    [background listen];
    LabIsolate* screen = [LabIsolate new];
    screen.acknowledges = YES;
    [screen listen];
    EXPECT_EQ([background heard:@"taken_over"], 1U);
    answer();
    EXPECT_EQ([screen heard:@"answered"], 1U);
    EXPECT_EQ([background heard:@"answered"], 0U);
    [screen leave];
    phone.tap_end(uuid(kCall));
    phone.run();
    EXPECT_EQ([background heard:@"ended"], 1U);
    EXPECT_EQ([screen heard:@"ended"], 0U);
}

TEST_F(IosFlutter, AnIsolateThatHearsNothingLeavesWithoutARepetitionForTheOther) {
    ring();
    LabIsolate* background = [LabIsolate new];
    [background listen];
    LabIsolate* screen = [LabIsolate new];
    [screen listen];
    EXPECT_EQ([screen heard:@"incoming"], 1U);
    [background leave];
    EXPECT_EQ([screen heard:@"incoming"], 1U);
}

TEST_F(IosFlutter, ASetupWithWhichNothingWouldRingIsRefusedWithItsField) {
    phone.open_app();
    phone.run();
    LabIsolate* dart = [LabIsolate new];
    NSMutableDictionary* wrong = [setup() mutableCopy];
    wrong[@"parts"] = @"NoSuchClass";
    EXPECT_EQ(std::string([dart ask:@"sign_in" with:wrong].UTF8String), "parts: the app has no class NoSuchClass");
    wrong = [setup() mutableCopy];
    wrong[@"user"] = @"no user id";
    EXPECT_FALSE([[dart ask:@"sign_in" with:wrong] isEqual:@"\"public\""]);
    EXPECT_TRUE([[dart ask:@"setup" with:nil] containsString:@"\"bob\""]) << "whoever was signed in still is";
    ring();
    EXPECT_EQ(state(), ScreenCall::State::ringing);
    EXPECT_EQ([dart ask:@"sign_out" with:nil], nil);
    EXPECT_FALSE([[dart ask:@"sign_in" with:wrong] isEqual:@"\"public\""]);
    ring(kOther);
    EXPECT_NE(state(kOther), ScreenCall::State::ringing) << "signed out is signed out";
    EXPECT_EQ(std::string([dart ask:@"sign_in" with:setup()].UTF8String), "\"public\"");
}

TEST_F(IosFlutter, AnAppWithItsOwnServiceRingsByItsOwnPushWithNoDartAliveAndDartConnectsIt) {
    NSDictionary* own =
        @{@"machine" : @"callui",
          @"server" : @"",
          @"parts" : @"",
          @"verify_keys" : @[],
          @"token" : @""};
    phone.open_app();
    phone.run();
    LabIsolate* first = [LabIsolate new];
    EXPECT_EQ(std::string([first ask:@"sign_in" with:own].UTF8String), "\"\"") << "no Clarion server, no key";
    phone.kill_app("the user swiped it away");
    phone.run();

    push(OwnServiceTest::ringing());
    ASSERT_EQ(state(), ScreenCall::State::ringing);
    LabIsolate* late = [LabIsolate new];
    late.acknowledges = YES;
    [late listen];
    EXPECT_EQ([late heard:@"incoming"], 1U);
    EXPECT_TRUE([[late ask:@"calls" with:nil] containsString:kCall]);
    EXPECT_TRUE([[late ask:@"view" with:nil] containsString:@"\"01ab\""]) << "the VoIP token";
    EXPECT_EQ([late ask:@"adopt" with:@{@"call_id" : kCall}], nil);
    answer();
    EXPECT_EQ([late heard:@"answered"], 1U);
    NSDictionary* connected = @{@"type" : @"connected_set", @"call_id" : kCall};
    EXPECT_EQ(std::string([late ask:@"tell" with:connected].UTF8String), "0");
    EXPECT_EQ(state(), ScreenCall::State::connected);

    EXPECT_EQ([late ask:@"sign_out" with:nil], nil);
    EXPECT_EQ([late heard:@"ended"], 1U);
    EXPECT_EQ(phone.calls_on_screen(), 0);
    push(OwnServiceTest::ringing(kOther));
    EXPECT_EQ(phone.calls_on_screen(), 0) << "nobody: reported, and ended at once";
    EXPECT_EQ(std::string([late ask:@"sign_in" with:own].UTF8String), "\"\"");
    push(OwnServiceTest::ringing(kOther));
    EXPECT_EQ(state(kOther), ScreenCall::State::ringing);
}

TEST_F(IosFlutter, EveryMethodIsAnsweredAlsoWhenNobodyIsSignedIn) {
    phone.open_app();
    phone.run();
    LabIsolate* dart = [LabIsolate new];
    EXPECT_EQ(std::string(dart.channel.UTF8String), "clarion");
    EXPECT_EQ(std::string(dart.streamName.UTF8String), "clarion/events");
    NSDictionary* opened = @{@"cc_param" : payload()[@"cc_param"]};
    EXPECT_TRUE([[dart ask:@"open_invite" with:opened] containsString:kCall]);
    EXPECT_EQ([dart ask:@"open_invite" with:@{@"cc_param" : @"nonsense"}], nil);
    EXPECT_TRUE([[dart ask:@"setup" with:nil] containsString:@"bob-iphone"]);
    EXPECT_EQ([dart ask:@"sign_out" with:nil], nil);
    EXPECT_EQ([dart ask:@"setup" with:nil], nil);
    NSDictionary* place = @{@"type" : @"place_requested", @"call_id" : kOther, @"to_user" : @"alice"};
    EXPECT_EQ(std::string([dart ask:@"start_fail" with:place].UTF8String), "12");
    EXPECT_EQ(std::string([dart ask:@"no_such_method" with:nil].UTF8String), "not implemented");
    ring();
    EXPECT_NE(state(), ScreenCall::State::ringing) << "nobody is signed in: reported, and ended at once";
    EXPECT_EQ(std::string([dart ask:@"sign_in" with:setup()].UTF8String), "\"public\"");
    ring(kOther);
    EXPECT_EQ(state(kOther), ScreenCall::State::ringing) << "signed in again";
}

TEST_F(IosFlutter, WhatThePreflightMissesIsAskedForOnceAndTheRealAnswerComesBack) {
    phone.allows_notifications = false;
    phone.record_permission = AVAudioSessionRecordPermissionUndetermined;
    phone.open_app();
    phone.run();
    LabIsolate* dart = [LabIsolate new];
    EXPECT_EQ(std::string([dart ask:@"preflight" with:nil].UTF8String), R"(["NOTIFICATIONS","MICROPHONE"])");
    EXPECT_EQ(std::string([dart ask:@"ask" with:@{@"what" : @"NOTIFICATIONS"}].UTF8String), "true");
    phone.user_grants = false;
    EXPECT_EQ(std::string([dart ask:@"ask" with:@{@"what" : @"MICROPHONE"}].UTF8String), "false");
    phone.user_grants = true;
    EXPECT_EQ(std::string([dart ask:@"ask" with:@{@"what" : @"MICROPHONE"}].UTF8String), "false") << "asked once";
    EXPECT_EQ(std::string([dart ask:@"preflight" with:nil].UTF8String), R"(["MICROPHONE"])");
    EXPECT_THAT(phone.questions, ::testing::ElementsAre("notifications", "microphone"));
    EXPECT_EQ(std::string([dart ask:@"ask" with:@{@"what" : @"FULL_SCREEN"}].UTF8String), "true") << "iOS has none";
}

}  // namespace
}  // namespace clarion::lab
