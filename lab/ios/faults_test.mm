/* SPDX-License-Identifier: Apache-2.0 */
#import <objc/runtime.h>

#include <functional>

#import "lab/ios/own_service_test.hpp"

/// Deliberate faults: a method of the shell is replaced by a wrong one, and the phone or the story must notice. Each
/// story is told without the fault first, so that what notices is the fault.
namespace clarion::lab {
namespace {

using State = ScreenCall::State;

struct Stage : ShellTest {
    void TestBody() override {}
    void TearDown() override {}
};

struct OwnStage : OwnServiceTest {
    void TestBody() override {}
    void TearDown() override {}
};

/// On a stage of its own. "" when everything is as it should be.
struct Story {
    template <class S>
    Story(std::string (*story)(S&))  // NOLINT: stands in the table under its name.
        : tell{[story] {
              S stage;
              return story(stage);
          }} {}

    std::function<std::string()> tell;
};

struct Fault {
    const char* name;
    const char* in_class;
    const char* method;
    IMP wrong;
    Story story;
};

std::string unless(bool is_good, const char* what) { return is_good ? "" : what; }

std::string first_of(const ShellTest& stage, const std::string& otherwise = "") {
    return stage.phone.violations.empty() ? otherwise : stage.phone.violations.front();
}

// ---- stories ----

std::string talks(Stage& stage) {
    stage.talk();
    const bool is_good = stage.state() == State::connected && stage.app.media.isAudioOpen;
    return first_of(stage, unless(is_good, "no talk"));
}

std::string declines(Stage& stage) {
    stage.ring();
    stage.phone.tap_end(Stage::uuid(kCall));
    stage.phone.run();
    stage.phone.advance(stage.phone.rules.action_timeout + 1'000);
    return first_of(stage, unless(stage.phone.calls_on_screen() == 0, "a ghost"));
}

std::string is_cancelled(Stage& stage) {
    stage.phone.rules.report_takes = 200;
    stage.ring();
    stage.ended(@"cancel", @"caller");
    stage.phone.advance(1'000);
    return first_of(stage, unless(stage.phone.calls_on_screen() == 0, "a ghost"));
}

std::string fails(Stage& stage) {
    stage.ring();
    stage.answer();
    [stage.app.media say:@CLARION_ENGINE_INPUT_MEDIA_FAILED call:kCall];
    stage.phone.run();
    stage.phone.advance(stage.phone.rules.action_timeout + 1'000);
    return first_of(stage, unless(stage.phone.calls_on_screen() == 0, "a ghost"));
}

std::string waits_for_media(Stage& stage) {
    stage.ring();
    stage.answer();
    return first_of(stage, unless(stage.state() == State::ringing, "IOS-CK-10: connected before it is"));
}

std::string times_out(Stage& stage) {
    stage.phone.rules.action_timeout = 1'000;
    stage.server.isReachable = NO;
    stage.ring();
    stage.answer();
    stage.phone.advance(1'000);
    stage.phone.violations.clear();
    stage.phone.advance(20'000);
    return first_of(stage);
}

std::string is_reset(Stage& stage) {
    stage.talk();
    stage.phone.reset_provider();
    stage.phone.run();
    return first_of(stage, unless(!stage.app.media.isAudioOpen && stage.heard(@"ended") == 1, "IOS-CK-12"));
}

std::string places(Stage& stage) {
    stage.token = "access-token";
    stage.phone.open_app();
    NSUUID* call = [stage.app.client callUser:@"alice" video:NO done:nil];
    NSString* text = call.UUIDString.lowercaseString;
    stage.phone.run();
    [stage.server event:@{@"type" : @"progress", @"call_id" : text, @"ringing" : @1}];
    [stage.server event:@{@"type" : @"answered", @"call_id" : text, @"device" : @"a", @"sdp" : @"v=0\r\no=alice\r\n"}];
    stage.phone.run();
    stage.media_flow(text);
    return first_of(stage, unless(stage.state(text) == State::connected, "IOS-CK-18: it dials for ever"));
}

std::string hears_ringback(Stage& stage) {
    stage.token = "access-token";
    stage.phone.open_app();
    stage.phone.run();
    NSUUID* call = [stage.app.client callUser:@"alice" video:NO done:nil];
    stage.phone.run();
    stage.phone.reset_media_services();
    stage.phone.run();
    [stage.server event:@{@"type" : @"progress", @"call_id" : call.UUIDString.lowercaseString, @"ringing" : @1}];
    stage.phone.run();
    return first_of(stage, unless(stage.phone.tones_played.empty(), "a tone in no session"));
}

std::string boots_locked(Stage& stage) {
    stage.server.isReachable = NO;
    stage.ring();
    stage.phone.tap_end(Stage::uuid(kCall));
    stage.phone.run();
    stage.phone.reboot();
    stage.server.isReachable = YES;
    stage.ring(kOther);
    stage.phone.advance(1'000);
    return first_of(stage, unless([stage.server count:@"decline"] == 1, "IOS-PK-11: the tap is lost"));
}

std::string dies_after_a_tap(Stage& stage) {
    stage.server.isReachable = NO;
    stage.ring();
    stage.phone.tap_end(Stage::uuid(kCall));
    stage.phone.run();
    stage.phone.kill_app("memory");
    stage.server.isReachable = YES;
    stage.phone.open_app();
    stage.phone.advance(1'000);
    return first_of(stage, unless([stage.server count:@"decline"] == 1, "I4: the tap is lost"));
}

std::string dies_with_an_event(Stage& stage) {
    stage.ring();
    stage.phone.tap_end(Stage::uuid(kCall));
    stage.phone.kill_after = 3;
    stage.phone.run();
    stage.phone.kill_after = 0;
    stage.phone.open_app();
    stage.phone.run();
    stage.phone.tap_end(Stage::uuid(kCall));  // If it died before the tap was heard.
    stage.phone.advance(1'000);
    return first_of(stage, unless(stage.heard(@"ended") > 0, "I10: an event is lost"));
}

std::string is_filtered(Stage& stage) {
    stage.phone.has_focus = true;
    stage.ring();
    stage.ended(@"cancel", @"caller");
    return first_of(stage, unless(stage.phone.notices.size() == 1, "IOS-DND-01: no notice"));
}

std::string is_verified(Stage& stage) {
    stage.ring();
    const bool is_good = [stage.server count:@"verify"] == 1 && stage.app.media.legs == 1;
    return first_of(stage, unless(is_good, "not verified"));
}

std::string loses_its_token(Stage& stage) {
    stage.phone.open_app();
    stage.phone.run();
    stage.phone.set_token(nil);
    stage.phone.run();
    return first_of(stage, unless([stage.event(@"push_token")[@"token"] isEqual:@""], "IOS-PK-17"));
}

std::string tells_where_it_is_woken(Stage& stage) {
    stage.token = "access-token";
    stage.phone.open_app();
    stage.phone.run();
    stage.phone.set_token(bytes("\x02"));
    stage.phone.run();
    stage.phone.set_token(nil);
    stage.phone.run();
    const std::string told = stage.told_addresses();
    const bool is_good = told == "apns_voip 01ab, apns_voip 02, apns_voip -";
    return first_of(stage, is_good ? "" : "IOS-PK-17: the server was told " + told);
}

std::string holds(Stage& stage) {
    stage.talk();
    stage.phone.tap_hold(Stage::uuid(kCall), true);
    stage.phone.run();
    return first_of(stage, unless(!stage.app.media.isAudioOpen, "IOS-AU-04: audio goes on"));
}

std::string gets_a_useless_push(Stage& stage) {
    stage.push(@{@"cc_param" : @"ok.{}"});
    return first_of(stage, unless(stage.phone.calls_on_screen() == 0, "a ghost"));
}

// ---- stories of an app with a voice service of its own ----

std::string talks_by_itself(OwnStage& stage) {
    stage.talks();
    return first_of(stage, unless(stage.state() == State::connected && stage.was_told(true), "no talk"));
}

std::string is_cancelled_by_push(OwnStage& stage) {  // Before the push that rings: nothing is on the screen.
    stage.push(OwnStage::saying(@"call_dismissed", @{@"backend_id" : kCall, @"why" : @"cancelled"}));
    return first_of(stage, unless(stage.phone.calls_on_screen() == 0, "a ghost"));
}

std::string gets_a_push_of_nobody(OwnStage& stage) {
    stage.push(@{@"aps" : @{}});
    return first_of(stage, unless(stage.phone.calls_on_screen() == 0, "a ghost"));
}

std::string is_spoken_for(OwnStage& stage) {
    stage.rings();
    stage.push(OwnStage::saying(@"user_answered", @{@"call_id" : kCall}));
    return first_of(stage, unless(stage.heard(@"answered") == 0, "a push answered"));
}

std::string declines_without_its_app(OwnStage& stage) {
    stage.attaches = false;
    stage.rings();
    stage.phone.tap_end(OwnStage::uuid(kCall));
    stage.phone.run();
    stage.attaches = true;
    stage.open_again();
    return first_of(stage, unless(stage.heard(@"ended") == 1, "I4: the tap is lost"));
}

std::string was_off_while_it_rang(OwnStage& stage) {
    stage.rings();
    stage.phone.reboot();
    stage.phone.wall_now += 60'000;
    stage.open_again();
    return first_of(stage, unless(stage.phone.calls_on_screen() == 0, "I7: it rings on"));
}

// ---- wrong methods ----

IMP the_right_one = nullptr;  // Of the fault that is tried.

void takes_nothing(id, SEL, id, BOOL) {}
void takes_it_as_if_nothing_were_demanded(id self, SEL method, NSDictionary* payload, BOOL) {
    const auto right = reinterpret_cast<void (*)()>(the_right_one);
    reinterpret_cast<void (*)(id, SEL, NSDictionary*, BOOL)>(right)(self, method, payload, NO);
}
int32_t feed(id shell, CLRMessage* fact) {
    const SEL method = @selector(feed:);
    const auto right = reinterpret_cast<void (*)()>([shell methodForSelector:method]);
    return reinterpret_cast<int32_t (*)(id, SEL, CLRMessage*)>(right)(shell, method, fact);
}
void believes(id self, SEL, NSDictionary* payload, BOOL) {
    (void)feed([self valueForKey:@"shell"], payload[@"callui"]);
}
void reports_too_early(id self, SEL method, CLRMessage* command) {
    const auto right = reinterpret_cast<void (*)()>(the_right_one);
    reinterpret_cast<void (*)(id, SEL, CLRMessage*)>(right)(self, method, command);
    id shell = [self valueForKey:@"shell"];
    CLRMessage* fact = @{@"type" : @"incoming_reported", @"call_id" : command[@"call_id"], @"result" : @"shown"};
    id<CLRSystem> system = [shell valueForKey:@"system"];
    [system post:^{
      (void)feed(shell, fact);
    }];
}
void keeps_from_media(id self, SEL method, CLRMessage* command) {
    if ([@[ @"prepare_answer", @"open_audio" ] containsObject:command[@"type"]]) return;
    const auto right = reinterpret_cast<void (*)()>(the_right_one);
    reinterpret_cast<void (*)(id, SEL, CLRMessage*)>(right)(self, method, command);
}
int64_t no_time(id, SEL) { return 0; }
void nothing(id, SEL, id) {}
void nothing_of_two(id, SEL, id, id) {}
void fulfils_at_once(id, SEL, CXAction* action, id, id) { [action fulfill]; }
void never_answers(id, SEL, id, id, id) {}
void activates(id, SEL) { [[AVAudioSession sharedInstance] setActive:YES error:nil]; }
void sets_nothing(id, SEL) {}
void plays_when_it_is_over(id, SEL, BOOL isActive) {
    if (isActive) return;
    [[[AVAudioPlayer alloc] initWithContentsOfURL:[NSURL fileURLWithPath:@"/x"] error:nil] play];
}
void forgets_audio(id, SEL, BOOL) {}
BOOL stores_nothing(id, SEL, NSData*) { return YES; }
NSURL* the_file(id store) {
    Ivar ivar = class_getInstanceVariable([store class], "_file");
    return object_getIvar(store, ivar);
}
BOOL stores_protected(id self, SEL, NSData* snapshot) {
    NSMutableData* data = [[@"boot-0 0\n" dataUsingEncoding:NSUTF8StringEncoding] mutableCopy];
    [data appendData:snapshot];
    return [data writeToFile:the_file(self).path options:NSDataWritingAtomic error:nil];
}
void reports_later(id self, SEL, NSDictionary*, BOOL) {
    (void)self;  // "On the main queue, where it belongs": after the handler returned.
}
void makes_two_providers(id self, SEL) {
    static NSMutableArray* kept = [NSMutableArray new];
    CXProvider* first = [[CXProvider alloc] initWithConfiguration:[CXProviderConfiguration new]];
    CXProvider* second = [[CXProvider alloc] initWithConfiguration:[CXProviderConfiguration new]];
    [second setDelegate:self queue:nil];
    [kept setArray:@[ first, second ]];
}
void acknowledges_first(id self, SEL, CLRMessage* command) {
    (void)feed(self, @{@"type" : @"events_acknowledged", @"up_to" : command[@"event"][@"seq"]});
}
void receives_nothing(id, SEL, id) {}
void takes_no_token(id, SEL, id, id, id) {}
void takes_the_first_token_only(id self, SEL method, id registry, PKPushCredentials* credentials, id type) {
    if (![credentials.token isEqualToData:bytes("\x01\xab")]) return;
    const auto right = reinterpret_cast<void (*)()>(the_right_one);
    reinterpret_cast<void (*)(id, SEL, id, id, id)>(right)(self, method, registry, credentials, type);
}
void takes_it_for_one_of_alerts(id self, SEL, id, PKPushCredentials* credentials, id) {
    [(CLRClient*)[self valueForKey:@"shell"] didRegisterAlertToken:credentials.token];
}

template <class Function>
IMP imp(Function* function) {
    return reinterpret_cast<IMP>(reinterpret_cast<void (*)()>(function));
}

const std::vector<Fault>& faults() {
    static const std::vector<Fault> all{
        {"ForgetsToReport", "CLRScreen", "performReportIncoming:", imp(nothing), talks},
        {"ReportsAfterTheHandler", "CLRInvites", "takePush:mustReport:", imp(reports_later), talks},
        {"ForgetsAUselessPush", "CLRScreen", "performReportIncoming:", imp(nothing), gets_a_useless_push},
        {"EndsBeforeTheReportIsCompleted", "CLRScreen", "performReportIncoming:", imp(reports_too_early), is_cancelled},
        {"ForgetsToEnd", "CLRScreen", "performEndSystemCall:", imp(nothing), is_cancelled},
        {"ForgetsToFulfil", "CLRScreen", "performFulfilAction:", imp(nothing), declines},
        {"ForgetsToFail", "CLRScreen", "performFailAction:", imp(nothing), fails},
        {"FulfilsAtOnce", "CLRScreen", "hold:type:with:", imp(fulfils_at_once), waits_for_media},
        {"ForgetsTheTap", "CLRScreen", "hold:type:with:", imp(never_answers), declines},
        {"SettlesWhatTimedOut", "CLRScreen", "provider:timedOutPerformingAction:", imp(nothing_of_two), times_out},
        {"ForgetsAReset", "CLRScreen", "providerDidReset:", imp(nothing), is_reset},
        {"ForgetsToConfigureAudio", "CLRAudio", "configure", imp(sets_nothing), talks},
        {"ActivatesTheSessionItself", "CLRAudio", "configure", imp(activates), talks},
        {"ForgetsTheActivation", "CLRAudio", "sessionIsActive:", imp(forgets_audio), talks},
        {"PlaysOutsideOfTheActivation", "CLRAudio", "sessionIsActive:", imp(plays_when_it_is_over), hears_ringback},
        {"MakesTwoProviders", "CLRScreen", "start", imp(makes_two_providers), is_verified},
        {"NeverAsksForAStart", "CLRScreen", "performReportOutgoing:", imp(nothing), places},
        {"NeverSaysConnected", "CLRScreen", "performReportOutgoingConnected:", imp(nothing), places},
        {"WritesTheJournalProtected", "CLRStore", "store:", imp(stores_protected), boots_locked},
        {"WritesNoJournal", "CLRStore", "store:", imp(stores_nothing), dies_after_a_tap},
        {"AcknowledgesBeforeTheAppHeard", "CLRClient", "performEmitEvent:", imp(acknowledges_first), dies_with_an_event
        },
        {"ShowsNoNotice", "CLRNotices", "performShowMissedCall:", imp(nothing), is_filtered},
        {"ReceivesNothing", "CLRSignalling", "receiveFrom:", imp(receives_nothing), is_verified},
        {"SendsNothing", "CLRSignalling", "performSendFrame:", imp(nothing), is_verified},
        {"KeepsADeadToken", "CLRInvites", "pushRegistry:didInvalidatePushTokenForType:", imp(nothing_of_two),
         loses_its_token},
        {"TellsTheServerNoToken", "CLRInvites", "pushRegistry:didUpdatePushCredentials:forType:", imp(takes_no_token),
         tells_where_it_is_woken},
        {"TellsTheServerNoRenewedToken", "CLRInvites",
         "pushRegistry:didUpdatePushCredentials:forType:", imp(takes_the_first_token_only), tells_where_it_is_woken},
        {"TellsTheServerATokenOfAlerts", "CLRInvites",
         "pushRegistry:didUpdatePushCredentials:forType:", imp(takes_it_for_one_of_alerts), tells_where_it_is_woken},
        {"NeverTakesATokenBack", "CLRInvites", "pushRegistry:didInvalidatePushTokenForType:", imp(nothing_of_two),
         tells_where_it_is_woken},
        {"GivesMediaNoCommands", "CLRClient", "perform:", imp(keeps_from_media), talks},
        {"ForgetsAnOwnPush", "CLROwnService", "takePush:mustReport:", imp(takes_nothing), talks_by_itself},
        {"ReportsNoCancelByPush", "CLROwnService", "takePush:mustReport:", imp(takes_it_as_if_nothing_were_demanded),
         is_cancelled_by_push},
        {"ForgetsAnOwnUselessPush", "CLROwnService", "takePush:mustReport:", imp(takes_it_as_if_nothing_were_demanded),
         gets_a_push_of_nobody},
        {"BelievesWhatAPushSaysOfTheUser", "CLROwnService", "takePush:mustReport:", imp(believes), is_spoken_for},
        {"WritesNoJournalOfTheScreenAlone", "CLRStore", "store:", imp(stores_nothing), declines_without_its_app},
        {"ForgetsHowLongThePhoneWasOff", "CLRStore", "elapsed", imp(no_time), was_off_while_it_rang},
        {"TellsNoActivation", "CLRClient", "performTellAudioSession:", imp(nothing), talks_by_itself},
        {"ForgetsAHold", "CLRScreen", "provider:performSetHeldCallAction:", imp(nothing_of_two), holds},
    };
    return all;
}

/// Also of a method that it inherits. Returns the one before.
IMP put(Class its_class, SEL selector, IMP method) {
    const Method before = class_getInstanceMethod(its_class, selector);
    const IMP present = method_getImplementation(before);
    if (!class_addMethod(its_class, selector, method, method_getTypeEncoding(before))) {
        method_setImplementation(before, method);
    }
    return present;
}

class IosFaults : public ::testing::TestWithParam<std::size_t> {};

TEST_P(IosFaults, IsCaught) {
    const Fault& fault = faults()[GetParam()];
    @autoreleasepool {
        ASSERT_EQ(fault.story.tell(), "") << "the story without the fault";
    }
    const Class its_class = NSClassFromString(@(fault.in_class));
    const SEL selector = sel_registerName(fault.method);
    ASSERT_NE(class_getInstanceMethod(its_class, selector), nullptr) << fault.method;
    the_right_one = put(its_class, selector, fault.wrong);
    std::string caught;
    @autoreleasepool {
        caught = fault.story.tell();
    }
    (void)put(its_class, selector, the_right_one);
    EXPECT_NE(caught, "") << fault.name << " was not noticed";
    RecordProperty("caught", caught);
}

INSTANTIATE_TEST_SUITE_P(
    Shell,
    IosFaults,
    ::testing::Range(std::size_t{0}, faults().size()),
    [](const ::testing::TestParamInfo<std::size_t>& info) { return std::string{faults()[info.param].name}; }
);

}  // namespace
}  // namespace clarion::lab
