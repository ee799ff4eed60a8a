/* SPDX-License-Identifier: Apache-2.0 */
#import "lab/ios/shell_test.hpp"

@implementation LabApp
- (instancetype)init {
    if ((self = [super init])) {
        _notices = [NSMutableArray new];
        _log = [NSMutableArray new];
    }
    return self;
}
- (void)clarionDidReceiveEvent:(CLRMessage*)event {
    [_events addObject:event];
}
- (void)clarionDidReceiveNotice:(CLRMessage*)notice {
    [_notices addObject:notice];
}
- (void)clarionNeedsToken:(BOOL)isRefused {
    ++_tokensWanted;
}
@end

namespace clarion::lab {

ShellTest::ShellTest() {
    const auto name = "clarion-ios-" + std::string{NSUUID.UUID.UUIDString.UTF8String};
    directory = [NSURL fileURLWithPath:@((std::filesystem::temp_directory_path() / name).c_str())];
    server = [ScriptServer new];
    phone.server = server;
    phone.set_token(bytes("\x01\xab"));
    phone.launch = [this](id<CLRSystem> system) {
        LabApp* made = [LabApp new];
        made.events = all_events;
        made.media = [LabMedia new];
        made.client = [[CLRClient alloc] initWithConfiguration:configuration_of(made, system) system:system error:nil];
        NSMutableArray* log = made.log;
        made.client.log = ^(NSString* line) {
          [log addObject:line];
        };
        if (attaches) [made.client attach:made];
        app = made;
        return made;
    };
}

CLRConfiguration* ShellTest::configuration_of(LabApp* made, id<CLRSystem> system) const {
    CLRConfiguration* configuration = [CLRConfiguration new];
    configuration.server = [NSURL URLWithString:@"https://calls.example.test/"];
    configuration.service = @"acme";
    configuration.user = @"bob";
    configuration.device = @"bob-iphone";
    configuration.directory = directory;
    configuration.opener = [LabOpener new];
    configuration.media = make_media ? make_media(system) : has_media ? made.media : nil;
    configuration.options = options;
    configuration.tones = @{
        @"ringback" : [NSURL fileURLWithPath:@"/ringback.caf"],
        @"end" : [NSURL fileURLWithPath:@"/end.caf"],
    };
    if (!token.empty()) configuration.token = @(token.c_str());
    return configuration;
}

ShellTest::~ShellTest() {
    std::error_code ignored;
    std::filesystem::remove_all(directory.path.UTF8String, ignored);
}

void ShellTest::TearDown() {
    EXPECT_THAT(phone.violations, ::testing::IsEmpty());
    if (app.media.isAudioOpen) {
        EXPECT_TRUE(phone.is_audio_active()) << "IOS_IO_OUTSIDE_ACTIVATION IOS-AU-02";
    }
}

NSDictionary* ShellTest::payload(NSString* call, NSDictionary* changes) const {
    NSMutableDictionary* invite = [@{
        @"v" : @1,
        @"kind" : @"ring",
        @"svc" : @"acme",
        @"call" : call,
        @"to" : @"bob",
        @"dev" : @"bob-iphone",
        @"from" : @"alice",
        @"name" : @"Alice",
        @"media" : @"audio",
        @"iat" : @(phone.wall_now),
        @"ring" : @(phone.wall_now + 60'000),
        @"acc" : @(phone.wall_now + 65'000),
        @"tkt" : @"ticket"
    } mutableCopy];
    [invite addEntriesFromDictionary:changes];
    NSData* json = [NSJSONSerialization dataWithJSONObject:invite options:0 error:nil];
    NSString* text = [[NSString alloc] initWithData:json encoding:NSUTF8StringEncoding];
    return @{@"aps" : @{}, @"cc_param" : [@"ok." stringByAppendingString:text]};
}

void ShellTest::push(NSDictionary* payload) {
    phone.push(payload);
    phone.run();
}

void ShellTest::ring(NSString* call) { push(payload(call)); }

void ShellTest::answer(NSString* call) {
    phone.tap_answer(uuid(call));
    phone.run();
}

void ShellTest::media_flow(NSString* call) {
    [app.media say:@CLARION_ENGINE_INPUT_MEDIA_CONNECTED call:call];
    phone.run();
}

void ShellTest::talk(NSString* call) {
    ring(call);
    answer(call);
    media_flow(call);
}

void ShellTest::ended(NSString* reason, NSString* source, NSString* call) {
    [server event:@{
        @"type" : @CLARION_SERVER_MESSAGE_ENDED,
        @"call_id" : call,
        @"reason" : reason,
        @"source" : source,
        @"by_remote" : @YES
    }];
    phone.run();
}

ScreenCall::State ShellTest::state(NSString* call) const {
    const auto* shown = phone.call(uuid(call));
    return shown == nullptr ? ScreenCall::State::ended : shown->state;
}

int ShellTest::reason(NSString* call) const {
    const auto* shown = phone.call(uuid(call));
    return shown == nullptr ? -1 : shown->reason;
}

NSUInteger ShellTest::heard(NSString* kind) const {
    NSUInteger count = 0;
    for (CLRMessage* one in all_events) count += [one[@"kind"] isEqual:kind] ? 1 : 0;
    return count;
}

CLRMessage* ShellTest::event(NSString* kind) const {
    CLRMessage* found = nil;
    for (CLRMessage* one in all_events) {
        if ([one[@"kind"] isEqual:kind]) found = one;
    }
    return found;
}

std::string ShellTest::told_addresses() const {
    NSMutableArray<NSString*>* all = [NSMutableArray new];
    for (CLRMessage* message in server.received) {
        if (![message[@"type"] isEqual:@CLARION_CLIENT_MESSAGE_PUSH_ADDRESS]) continue;
        NSString* told = message[@"token"];
        [all addObject:[NSString stringWithFormat:@"%@ %@", message[@"kind"], told.length == 0 ? @"-" : told]];
    }
    return [all componentsJoinedByString:@", "].UTF8String;
}

}  // namespace clarion::lab
