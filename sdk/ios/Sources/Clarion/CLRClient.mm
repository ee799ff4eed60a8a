/* SPDX-License-Identifier: Apache-2.0 */
#import "include/CLRClient.h"

#import "CLRRooms.h"

@implementation CLRConfiguration

+ (instancetype)callScreenWithDirectory:(NSURL*)directory reader:(id<CLRPushReader>)reader {
    CLRConfiguration* configuration = [self new];
    configuration.machine = CLRMachineCallUi;
    configuration.directory = directory;
    configuration.reader = reader;
    return configuration;
}

- (instancetype)init {
    if ((self = [super init])) {
        _inviteField = @"cc_param";
        _tones = @{};
        _options = @{};
    }
    return self;
}

@end

@interface CLRClient () <CLRShell>
@end

@implementation CLRClient {
    CLRStore* _store;
    CLREngine* _engine;
    CLRNotices* _notices;
    NSArray<CLRRoom*>* _rooms;               // All, in the order in which they start.
    __weak id<CLRClientDelegate> _delegate;  // Read and written on the engine's queue.
    BOOL _isBusy;
}

@synthesize configuration = _configuration;
@synthesize system = _system;
@synthesize audio = _audio;

- (instancetype)initWithConfiguration:(CLRConfiguration*)configuration
                               system:(id<CLRSystem>)system
                                error:(NSError* __autoreleasing*)error {
    if (!(self = [super init])) return nil;
    _configuration = configuration;
    _system = system;
    _store = [[CLRStore alloc] initWithDirectory:configuration.directory system:system error:error];
    if (_store == nil) return nil;
    NSString* why = @"";
    _engine = [CLREngine open:configuration.machine config:[self config] store:_store system:system why:&why];
    if (_engine == nil) return CLRFail(error, why);
    if (why.length > 0)
        [self later:^(CLRClient* client) {
          [client note:[@"the journal was not taken: " stringByAppendingString:why]];
        }];
    const BOOL isAlone = configuration.machine == CLRMachineCallUi;
    _audio = [[CLRAudio alloc] initWithShell:self];
    _notices = [[CLRNotices alloc] initWithShell:self];
    CLRPushes* pushes = [[isAlone ? [CLROwnService class] : [CLRInvites class] alloc] initWithShell:self];
    // Pushes come last, when everything is there that they need.
    _rooms = @[
        [[CLRScreen alloc] initWithShell:self], _audio, _notices, [[CLRSignalling alloc] initWithShell:self], pushes
    ];
    [self start];
    return self;
}

/// Of a voice service of the app's own all but the platform is nil.
- (NSString*)config {
    NSMutableDictionary* config = [_configuration.options mutableCopy];
    config[@"platform"] = @CLARION_PLATFORM_IOS;
    config[@"service"] = _configuration.service;
    config[@"user"] = _configuration.user;
    config[@"device"] = _configuration.device;
    config[@"token"] = _configuration.token;
    config[@"has_media"] = CLRBool(_configuration.media != nil);
    return CLRTextOf(config);
}

/// What the engine of the process before has to say comes before what is new: a call that rings is on the screen again
/// when its cancel arrives.
- (void)start {
    __weak CLRClient* weakly = self;
    _configuration.media.tell = ^(CLRMessage* fact) {
      [weakly send:fact done:nil];
    };
    for (CLRRoom* room in _rooms) [room start];
    [self later:^(CLRClient* client) {
      [client settle];
    }];
    [_system watchNetwork:^(BOOL isAvailable) {
      [weakly deviceChanged:@{@"type" : @CLARION_ENGINE_INPUT_NETWORK_CHANGED, @"available" : CLRBool(isAvailable)}];
    }];
}

- (void)invalidate {
    [_system watchNetwork:nil];
    [_system armAt:INT64_MAX
             block:^{
             }];
    _configuration.media.tell = nil;
    for (CLRRoom* room in _rooms) [room invalidate];
}

- (void)later:(void (^)(CLRClient* client))block {
    CLRLater(_system, self, block);
}

// ---- the loop of clarion.h ----

- (int32_t)feed:(CLRMessage*)fact {
    const int32_t code = [_engine send:CLRTextOf(fact) now:_system.now];
    if (code != 0) [self note:[NSString stringWithFormat:@"%@ refused: %d %@", fact[@"type"], code, _engine.errorText]];
    [self settle];
    return code;
}

/// A fact that comes while commands are performed is taken at once; its commands come after the present ones.
- (void)settle {
    if (_isBusy) return;
    _isBusy = YES;
    while (NSArray<CLRMessage*>* commands = [self drain]) {
        for (CLRMessage* command in commands) [self perform:command];
    }
    _isBusy = NO;
    __weak CLRClient* weakly = self;
    [_system armAt:_engine.nextDeadline
             block:^{
               [weakly timeout];
             }];
}

- (NSArray<CLRMessage*>*)drain {
    NSMutableArray<CLRMessage*>* commands = [NSMutableArray new];
    while (NSString* text = [_engine receive]) {
        CLRMessage* command = CLRObjectOf(text);
        if (command != nil) [commands addObject:command];
    }
    return commands.count == 0 ? nil : commands;
}

- (void)timeout {
    (void)[_engine handleTimeout:_system.now];
    [self settle];
}

- (void)deviceChanged:(CLRMessage*)fact {
    if (_configuration.machine == CLRMachineEngine) [self feed:fact];
}

- (void)note:(NSString*)line {
    if (_log != nil) _log(line);
}

// ---- commands ----

/// By the room that has a method for it, or by this object; what nobody has is the media's.
- (void)perform:(CLRMessage*)command {
    for (CLRRoom* room in _rooms) {
        if (CLRPerform(room, command)) return;
    }
    if (!CLRPerform(self, command)) [_configuration.media performMedia:command];
}

/// The whole state. One that is not to be had now changes further: it is asked for again.
- (void)performPersistSnapshot:(CLRMessage*)command {
    NSData* snapshot = _engine.snapshot;
    if (snapshot == nil || ![_store store:snapshot]) [self note:@"the journal was not written"];
}

/// Acknowledged when the app has heard it: one that it did not live to hear comes again.
- (void)performEmitEvent:(CLRMessage*)command {
    CLRMessage* event = command[@"event"];
    __weak CLRClient* weakly = self;
    [self app:@selector(clarionDidReceiveEvent:)
        hears:^(id<CLRClientDelegate> app) {
          const BOOL acknowledges = [app respondsToSelector:@selector(clarionAcknowledges)] && app.clarionAcknowledges;
          [app clarionDidReceiveEvent:event];
          if (acknowledges) return;
          [weakly send:@{@"type" : @CLARION_ENGINE_INPUT_EVENTS_ACKNOWLEDGED, @"up_to" : event[@"seq"]} done:nil];
        }];
}

- (void)performEmitNotice:(CLRMessage*)command {
    [self tellNotice:command[@"notice"]];
}

- (void)performTellAudioSession:(CLRMessage*)command {
    [self tellNotice:@{@"kind" : @"audio_session", @"active" : command[@"active"]}];
}

- (void)tellNotice:(CLRMessage*)notice {
    [self app:@selector(clarionDidReceiveNotice:)
        hears:^(id<CLRClientDelegate> app) {
          [app clarionDidReceiveNotice:notice];
        }];
}

- (void)performRequestToken:(CLRMessage*)command {
    const BOOL isRefused = [command[@"refused"] boolValue];
    [self app:@selector(clarionNeedsToken:)
        hears:^(id<CLRClientDelegate> app) {
          [app clarionNeedsToken:isRefused];
        }];
}

/// On its own thread, if it is there and has this method.
- (void)app:(SEL)method hears:(void (^)(id<CLRClientDelegate> app))word {
    id<CLRClientDelegate> app = _delegate;
    if (![app respondsToSelector:method]) return;
    [_system postToApp:^{
      word(app);
    }];
}

// ---- the app ----

- (void)attach:(id<CLRClientDelegate>)delegate {
    NSString* type = delegate == nil ? @CLARION_ENGINE_INPUT_APP_DETACHED : @CLARION_ENGINE_INPUT_APP_ATTACHED;
    [self later:^(CLRClient* client) {
      client->_delegate = delegate;
      [client feed:@{@"type" : type}];
    }];
}

- (void)send:(CLRMessage*)fact done:(void (^)(int32_t))done {
    [self later:^(CLRClient* client) {
      const int32_t code = [client feed:fact];
      if (done == nil) return;
      [client.system postToApp:^{
        done(code);
      }];
    }];
}

/// A fact of a call, and what else it says.
- (void)tell:(NSString*)type call:(NSUUID*)call with:(CLRMessage*)members done:(void (^)(int32_t))done {
    NSMutableDictionary* fact = [members mutableCopy];
    fact[@"type"] = type;
    fact[@"call_id"] = CLRCallId(call);
    [self send:fact done:done];
}

- (NSUUID*)callUser:(NSString*)user video:(BOOL)isVideo done:(void (^)(int32_t))done {
    NSUUID* call = [NSUUID UUID];
    NSString* media = isVideo ? @CLARION_MEDIA_VIDEO : @CLARION_MEDIA_AUDIO;
    CLRMessage* members = @{@"to_user" : user, @"media" : media};
    [self tell:@CLARION_ENGINE_INPUT_PLACE_REQUESTED call:call with:members done:done];
    return call;
}

- (void)answer:(NSUUID*)call {
    [self tell:@CLARION_ENGINE_INPUT_USER_ANSWERED call:call with:@{} done:nil];
}

- (void)end:(NSUUID*)call {
    [self tell:@CLARION_ENGINE_INPUT_USER_ENDED call:call with:@{} done:nil];
}

- (void)setMuted:(BOOL)on call:(NSUUID*)call {
    [self tell:@CLARION_ENGINE_INPUT_USER_MUTED call:call with:@{@"on" : CLRBool(on)} done:nil];
}

- (void)setHeld:(BOOL)on call:(NSUUID*)call {
    [self tell:@CLARION_ENGINE_INPUT_USER_HELD call:call with:@{@"on" : CLRBool(on)} done:nil];
}

- (void)supplyToken:(NSString*)token {
    [self send:@{@"type" : @CLARION_ENGINE_INPUT_TOKEN_SUPPLIED, @"token" : token} done:nil];
}

/// Asks the engine on its queue, answers on the app's thread.
- (void)ask:(id (*)(CLREngine* engine, NSString* about))question about:(NSString*)about done:(void (^)(id answer))done {
    CLREngine* engine = _engine;
    id<CLRSystem> system = _system;
    [system post:^{
      id answer = question(engine, about);
      [system postToApp:^{
        done(answer);
      }];
    }];
}

- (void)view:(void (^)(CLRMessage*))done {
    [self ask:[](CLREngine* engine, NSString*) -> id { return CLRObjectOf(engine.view) ?: @{}; } about:@"" done:done];
}

- (void)calls:(void (^)(NSArray<CLRMessage*>*))done {
    [self view:^(CLRMessage* view) {
      done(view[@"calls"] ?: @[]);
    }];
}

- (void)adopt:(NSUUID*)call done:(void (^)(CLRMessage*))done {
    [self ask:[](CLREngine* engine, NSString* id_text) -> id { return CLRObjectOf([engine adopt:id_text]) ?: @{}; }
        about:CLRCallId(call)
         done:done];
}

- (void)startFail:(CLRMessage*)placeRequested done:(void (^)(int32_t))done {
    [self ask:[](CLREngine* engine, NSString* place) -> id { return @([engine startFail:place]); }
        about:CLRTextOf(placeRequested)
        done:^(NSNumber* number) {
          done(number.intValue);
        }];
}

- (void)didRegisterAlertToken:(NSData*)token {
    [self send:CLRTokenFact(@CLARION_TOKEN_KIND_APNS_ALERT, token) done:nil];
}

- (BOOL)continueUserActivity:(NSUserActivity*)activity {
    CLRMessage* fact = CLRRedialOf(activity);
    if (fact != nil) [self send:fact done:nil];
    return fact != nil;
}

- (BOOL)didReceiveNotificationResponse:(UNNotificationResponse*)response {
    return [_notices didReceiveResponse:response];
}

@end
