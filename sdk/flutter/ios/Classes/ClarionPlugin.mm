/* SPDX-License-Identifier: Apache-2.0 */
#import "ClarionPlugin.h"

#import <AVFAudio/AVFAudio.h>
#import <UserNotifications/UserNotifications.h>

/// The pushes of a voice service of the app's own. After a sign-out none is a call. From any thread.
@interface ClarionReader : NSObject <CLRPushReader>
@property(nonatomic, strong) id<CLRPushReader> reader;  // nil: the fact stands in the payload.
@property(atomic) BOOL isSignedOut;
@end

@implementation ClarionReader
- (CLRMessage*)factOfPush:(NSDictionary*)payload {
    if (self.isSignedOut) return nil;
    return _reader != nil ? [_reader factOfPush:payload] : CLRFactInPush(payload);
}
@end

namespace {

/// Nobody is signed in: what the shell answers in that case on other systems (CLARION_ERR_WRONG_STATE,
/// not_initialized).
constexpr int kWrongState = -9;
constexpr int kNotInitialized = 12;

struct Shared {
    CLRClient* client;
    id<CLRSystem> system;
    NSURL* directory;
    id<CLRInviteOpener> opener;
    ClarionReader* reader;
    id<CLRInviteOpener> (^open)(NSDictionary* setup);
    NSDictionary* setup;
    NSMutableArray<ClarionPlugin*>* listening;  // In the order in which they came.
};

/// Of the process, on the thread of the interface.
Shared& shared() {
    static Shared one;
    return one;
}

struct Handler {
    NSString* __unsafe_unretained name;
    SEL selector;  // - (void)method:(NSDictionary*)message result:(FlutterResult)result
};

NSDictionary* object_of(id text) {
    NSData* data = [text isKindOfClass:[NSString class]] ? [text dataUsingEncoding:NSUTF8StringEncoding] : nil;
    id json = data.length == 0 ? nil : [NSJSONSerialization JSONObjectWithData:data options:0 error:nil];
    return [json isKindOfClass:[NSDictionary class]] ? json : @{};
}

NSURL* setup_file() { return [shared().directory URLByAppendingPathComponent:@"setup.json"]; }

/// Readable before the first unlock, as a push needs it (IOS-PK-11). Nil: nobody.
void keep(NSDictionary* setup) {
    shared().setup = setup;
    if (setup == nil) {
        [[NSFileManager defaultManager] removeItemAtPath:setup_file().path error:nil];
        return;
    }
    [[NSFileManager defaultManager] createDirectoryAtPath:shared().directory.path
                              withIntermediateDirectories:YES
                                               attributes:@{NSFileProtectionKey : NSFileProtectionNone}
                                                    error:nil];
    NSData* data = [NSJSONSerialization dataWithJSONObject:setup options:0 error:nil];
    [data writeToFile:setup_file().path options:NSDataWritingAtomic | NSDataWritingFileProtectionNone error:nil];
}

/// The journal of a sign-out says that nothing may ring: a sign-in puts it aside, one that is refused puts it back.
void move_journal(NSString* from, NSString* to) {
    NSString* source = [shared().directory URLByAppendingPathComponent:from].path;
    NSString* target = [shared().directory URLByAppendingPathComponent:to].path;
    NSFileManager* files = [NSFileManager defaultManager];
    if (![files fileExistsAtPath:source]) return;
    [files removeItemAtPath:target error:nil];
    [files moveItemAtPath:source toPath:target error:nil];
}

BOOL is_signed_out() { return shared().setup == nil || [shared().setup[@"signed_out"] boolValue]; }

/// The calls are those of a voice service of the app's own: `parts` reads its pushes, and there is no server.
BOOL is_own_service() { return [shared().setup[@"machine"] isEqual:@"callui"]; }

CLRConfiguration* own_service(id<CLRPushReader> reader) {
    shared().opener = nil;
    shared().reader = [ClarionReader new];
    shared().reader.reader = reader;
    shared().reader.isSignedOut = is_signed_out();
    return [CLRConfiguration callScreenWithDirectory:shared().directory reader:shared().reader];
}

/// nil: the keys are none.
CLRConfiguration* clarion_server(id<CLRMedia> media) {
    NSDictionary* setup = shared().setup;
    shared().opener = shared().open(setup);
    if (shared().opener == nil) return nil;
    CLRConfiguration* configuration = [CLRConfiguration new];
    configuration.server = [NSURL URLWithString:setup[@"server"]];
    configuration.service = setup[@"service"];
    configuration.user = setup[@"user"];
    configuration.device = setup[@"device"];
    if ([setup[@"token"] length] != 0) configuration.token = setup[@"token"];
    configuration.options = object_of(setup[@"engine"]);
    configuration.directory = shared().directory;
    configuration.media = media;
    configuration.opener = shared().opener;
    return configuration;
}

/// The client of the kept setup. Also after a sign-out: the system may still deliver a push, which has to be reported.
/// Returns what is wrong with the setup, for whoever reads the app's log.
NSString* make_client() {
    NSDictionary* setup = shared().setup;
    NSString* parts = setup[@"parts"];
    if (parts.length != 0 && NSClassFromString(parts) == nil) {
        return [NSString stringWithFormat:@"parts: the app has no class %@", parts];
    }
    id its = [NSClassFromString(parts) new];
    CLRConfiguration* configuration = is_own_service() ? own_service(its) : clarion_server(its);
    if (configuration == nil) return @"verify_keys: none of a server, or the folder of the keys cannot be written";
    [shared().client invalidate];
    shared().client = nil;  // Before the next one: a process has one CXProvider (IOS-CK-14).
    NSError* fault = nil;
    shared().client = [[CLRClient alloc] initWithConfiguration:configuration system:shared().system error:&fault];
    [shared().client attach:shared().listening.lastObject];
    return shared().client != nil ? nil : fault.localizedDescription ?: @"the setup is not one that the engine takes";
}

}  // namespace

NSString* ClarionTextOf(id value) {
    if (value == nil) return nil;
    NSData* data = [NSJSONSerialization dataWithJSONObject:@[ value ] options:0 error:nil];
    NSString* text = [[NSString alloc] initWithData:data encoding:NSUTF8StringEncoding];
    return [text substringWithRange:NSMakeRange(1, text.length - 2)];
}

@implementation ClarionPlugin {
    FlutterEventSink _sink;
}

+ (void)registerWithRegistrar:(NSObject<FlutterPluginRegistrar>*)registrar {
    [self start];
    ClarionPlugin* plugin = [ClarionPlugin new];
    FlutterMethodChannel* methods = [FlutterMethodChannel methodChannelWithName:@"clarion"
                                                                binaryMessenger:registrar.messenger];
    [registrar addMethodCallDelegate:plugin channel:methods];
    [registrar addApplicationDelegate:plugin];
    FlutterEventChannel* events = [FlutterEventChannel eventChannelWithName:@"clarion/events"
                                                            binaryMessenger:registrar.messenger];
    [events setStreamHandler:plugin];
}

+ (void)startWithSystem:(id<CLRSystem>)system
              directory:(NSURL*)directory
                 opener:(id<CLRInviteOpener> (^)(NSDictionary*))opener {
    if (shared().system != nil) return;
    shared().system = system;
    shared().directory = directory;
    shared().open = [opener copy];
    shared().listening = [NSMutableArray new];
    NSData* kept = [NSData dataWithContentsOfFile:setup_file().path];
    if (kept == nil) return;
    shared().setup = object_of([[NSString alloc] initWithData:kept encoding:NSUTF8StringEncoding]);
    NSString* fault = make_client();
    if (fault != nil) NSLog(@"clarion: %@", fault);
}

+ (void)invalidate {
    [shared().client invalidate];
    shared() = Shared{};
}

+ (BOOL)didReceiveNotificationResponse:(UNNotificationResponse*)response {
    return [shared().client didReceiveNotificationResponse:response];
}

- (BOOL)application:(UIApplication*)application
    continueUserActivity:(NSUserActivity*)activity
      restorationHandler:(void (^)(NSArray*))restorationHandler {
    return [shared().client continueUserActivity:activity];
}

- (void)detachFromEngineForRegistrar:(NSObject<FlutterPluginRegistrar>*)registrar {
    (void)[self onCancelWithArguments:nil];
}

// ---- methods ----

- (void)handleMethodCall:(FlutterMethodCall*)call result:(FlutterResult)result {
    const Handler table[] = {
        {@"sign_in", @selector(signIn:result:)},
        {@"sign_out", @selector(signOut:result:)},
        {@"setup", @selector(setup:result:)},
        {@"tell", @selector(tell:result:)},
        {@"start_fail", @selector(startFail:result:)},
        {@"calls", @selector(calls:result:)},
        {@"view", @selector(view:result:)},
        {@"adopt", @selector(adopt:result:)},
        {@"push", @selector(push:result:)},
        {@"open_invite", @selector(openInvite:result:)},
        {@"preflight", @selector(preflight:result:)},
        {@"ask", @selector(ask:result:)},
    };
    for (const auto& row : table) {
        if (![row.name isEqualToString:call.method]) continue;
        const auto method = reinterpret_cast<void (*)()>([self methodForSelector:row.selector]);
        reinterpret_cast<void (*)(id, SEL, NSDictionary*, FlutterResult)>(method)(
            self, row.selector, object_of(call.arguments), result
        );
        return;
    }
    result(FlutterMethodNotImplemented);
}

/// The same again, or with another token, goes on; anything else begins anew. Refused: everything is as before.
- (void)signIn:(NSDictionary*)setup result:(FlutterResult)result {
    NSDictionary* kept = shared().setup;
    NSMutableDictionary* before = [kept mutableCopy];
    before[@"token"] = setup[@"token"];
    const BOOL wasSignedOut = is_signed_out();
    const BOOL isSame = !wasSignedOut && [before isEqual:setup] && shared().client != nil;
    if (wasSignedOut) move_journal(@"journal", @"journal.before");
    keep(setup);
    NSString* fault = isSame ? nil : make_client();
    if (fault != nil) {
        if (wasSignedOut) move_journal(@"journal.before", @"journal");
        keep(kept);
        if (kept != nil) (void)make_client();
        result([FlutterError errorWithCode:@"sign_in" message:fault details:nil]);
        return;
    }
    if (isSame && [setup[@"token"] length] != 0) [shared().client supplyToken:setup[@"token"]];
    result(ClarionTextOf([ClarionPlugin publicKeyOf:shared().opener] ?: @""));
}

- (void)signOut:(NSDictionary*)message result:(FlutterResult)result {
    if (!is_signed_out()) {
        NSMutableDictionary* setup = [shared().setup mutableCopy];
        setup[@"token"] = @"";
        setup[@"signed_out"] = @YES;
        keep(setup);
        if (shared().client != nil) {
            // Answered when the calls are ended: a sign-in that follows begins anew.
            shared().reader.isSignedOut = YES;
            [shared().client send:@{@"type" : is_own_service() ? @"end_all_requested" : @"signed_out"}
                             done:^(int32_t) {
                               result(nil);
                             }];
            return;
        }
    }
    result(nil);
}

- (void)setup:(NSDictionary*)message result:(FlutterResult)result {
    result(is_signed_out() ? nil : ClarionTextOf(shared().setup));
}

- (void)tell:(NSDictionary*)fact result:(FlutterResult)result {
    if (shared().client == nil) {
        result(ClarionTextOf(@(kWrongState)));
        return;
    }
    [shared().client send:fact
                     done:^(int32_t code) {
                       result(ClarionTextOf(@(code)));
                     }];
}

- (void)startFail:(NSDictionary*)place result:(FlutterResult)result {
    if (shared().client == nil) {
        result(ClarionTextOf(@(kNotInitialized)));
        return;
    }
    [shared().client startFail:place
                          done:^(int32_t number) {
                            result(ClarionTextOf(@(number)));
                          }];
}

- (void)calls:(NSDictionary*)message result:(FlutterResult)result {
    if (shared().client == nil) {
        result(@"[]");
        return;
    }
    [shared().client calls:^(NSArray<CLRMessage*>* calls) {
      result(ClarionTextOf(calls));
    }];
}

- (void)view:(NSDictionary*)message result:(FlutterResult)result {
    if (shared().client == nil) {
        result(@"{}");
        return;
    }
    [shared().client view:^(CLRMessage* view) {
      result(ClarionTextOf(view));
    }];
}

- (void)adopt:(NSDictionary*)message result:(FlutterResult)result {
    NSUUID* call = [[NSUUID alloc] initWithUUIDString:message[@"call_id"]];
    if (call == nil || shared().client == nil) {
        result(nil);
        return;
    }
    [shared().client adopt:call
                      done:^(CLRMessage* adoption) {
                        result(adoption.count == 0 ? nil : ClarionTextOf(adoption));
                      }];
}

/// PushKit brought it natively, before any Dart.
- (void)push:(NSDictionary*)payload result:(FlutterResult)result {
    result(payload[is_own_service() ? @"callui" : @"cc_param"] == nil ? @"false" : @"true");
}

- (void)openInvite:(NSDictionary*)message result:(FlutterResult)result {
    id<CLRInviteOpener> opener = shared().opener;
    id<CLRSystem> system = shared().system;
    NSString* ccParam = message[@"cc_param"];
    [system post:^{
      NSString* fault = @"";
      NSString* invite = ccParam == nil ? nil : [opener openInvite:ccParam fault:&fault];
      [system postToApp:^{
        result(invite);
      }];
    }];
}

// ---- permissions ----

- (void)preflight:(NSDictionary*)message result:(FlutterResult)result {
    id<CLRSystem> system = shared().system;
    [[UNUserNotificationCenter currentNotificationCenter]
        getNotificationSettingsWithCompletionHandler:^(UNNotificationSettings* settings) {
          NSMutableArray<NSString*>* missing = [NSMutableArray new];
          if (settings.authorizationStatus != UNAuthorizationStatusAuthorized) [missing addObject:@"NOTIFICATIONS"];
          if ([AVAudioSession sharedInstance].recordPermission != AVAudioSessionRecordPermissionGranted) {
              [missing addObject:@"MICROPHONE"];
          }
          [system postToApp:^{
            result(ClarionTextOf(missing));
          }];
        }];
}

/// Asks the user once; later the first word stands.
- (void)ask:(NSDictionary*)message result:(FlutterResult)result {
    id<CLRSystem> system = shared().system;
    void (^answer)(BOOL) = ^(BOOL isGranted) {  // From any thread.
      [system postToApp:^{
        result(isGranted ? @"true" : @"false");
      }];
    };
    if ([message[@"what"] isEqual:@"NOTIFICATIONS"]) {
        [[UNUserNotificationCenter currentNotificationCenter]
            requestAuthorizationWithOptions:UNAuthorizationOptionAlert | UNAuthorizationOptionSound
                          completionHandler:^(BOOL isGranted, NSError* error) {
                            answer(isGranted);
                          }];
    } else if ([message[@"what"] isEqual:@"MICROPHONE"]) {
        [[AVAudioSession sharedInstance] requestRecordPermission:answer];
    } else {
        answer(YES);  // iOS has no other.
    }
}

// ---- events ----

- (FlutterError*)onListenWithArguments:(id)arguments eventSink:(FlutterEventSink)sink {
    ClarionPlugin* before = shared().listening.lastObject;
    if (before != self) [before tell:@"taken_over" with:@{}];
    _sink = [sink copy];
    [shared().listening removeObject:self];
    [shared().listening addObject:self];
    [shared().client attach:self];
    return nil;
}

- (FlutterError*)onCancelWithArguments:(id)arguments {
    _sink = nil;
    const BOOL wasHeard = shared().listening.lastObject == self;
    [shared().listening removeObject:self];
    if (!wasHeard) return nil;
    [shared().client attach:shared().listening.lastObject];
    return nil;
}

- (void)tell:(NSString*)type with:(NSDictionary*)fields {
    NSMutableDictionary* message = [fields mutableCopy];
    message[@"type"] = type;
    if (_sink != nil) _sink(ClarionTextOf(message));
}

/// Dart says `events_acknowledged` itself, when its listeners returned.
- (BOOL)clarionAcknowledges {
    return YES;
}

- (void)clarionDidReceiveEvent:(CLRMessage*)event {
    [self tell:@"event" with:@{@"event" : event}];
}

- (void)clarionDidReceiveNotice:(CLRMessage*)notice {
    [self tell:@"notice" with:@{@"notice" : notice}];
}

- (void)clarionNeedsToken:(BOOL)isRefused {
    [self tell:@"token_wanted" with:@{@"refused" : isRefused ? @YES : @NO}];
}

@end
