/* SPDX-License-Identifier: Apache-2.0 */
#import "include/CLRClient.h"

#import "CLRAudio.h"
#import "CLREngine.h"
#import "CLRInvites.h"
#import "CLRNotices.h"
#import "CLROwnService.h"
#import "CLRPushes.h"
#import "CLRRedial.h"
#import "CLRScreen.h"
#import "CLRSignalling.h"
#import "CLRStore.h"

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

@interface CLRClient () <CLRFacts>
@end

@implementation CLRClient {
    CLRConfiguration* _configuration;
    CLRStore* _store;
    CLREngine* _engine;
    CLRScreen* _screen;
    CLRAudio* _audio;
    CLRPushes* _pushes;
    CLRSignalling* _signalling;
    CLRNotices* _notices;
    __weak id<CLRClientDelegate> _delegate;  // Read and written on the engine's queue.
    BOOL _isBusy;
}

@synthesize system = _system;

- (instancetype)initWithConfiguration:(CLRConfiguration*)configuration
                               system:(id<CLRSystem>)system
                                error:(NSError* __autoreleasing*)error {
    if (!(self = [super init])) return nil;
    _configuration = configuration;
    _system = system;
    _store = [[CLRStore alloc] initWithDirectory:configuration.directory system:system error:error];
    if (_store == nil || ![self openEngine:error]) return nil;
    _audio = [[CLRAudio alloc] initWithFacts:self tones:configuration.tones];
    _screen = [[CLRScreen alloc] initWithFacts:self audio:_audio];
    _pushes = [[CLRPushes alloc] initWithFacts:self taker:[self openPushes]];
    _notices = [[CLRNotices alloc] initWithFacts:self];
    [self start];
    return self;
}

/// Pushes and what else only one of the machines has.
- (id<CLRPushTaker>)openPushes {
    if (_configuration.machine == CLRMachineCallUi) {
        return [[CLROwnService alloc] initWithFacts:self reader:_configuration.reader];
    }
    CLRInvites* invites = [[CLRInvites alloc] initWithFacts:self
                                                     opener:_configuration.opener
                                                      field:_configuration.inviteField];
    _signalling = [[CLRSignalling alloc] initWithFacts:self invites:invites server:_configuration.server];
    return invites;
}

- (NSString*)config {
    NSMutableDictionary* config = [_configuration.options mutableCopy];
    config[@"platform"] = @CLARION_PLATFORM_IOS;
    if (_configuration.machine == CLRMachineEngine) {
        config[@"service"] = _configuration.service;
        config[@"user"] = _configuration.user;
        config[@"device"] = _configuration.device;
        config[@"token"] = _configuration.token;
    }
    return CLRTextOf(config);
}

/// The machine of the process before, else a new one.
- (BOOL)openEngine:(NSError* __autoreleasing*)error {
    NSString* json = [self config];
    NSString* why = @"";
    if (_store.snapshot != nil) {
        _engine = [CLREngine restore:_configuration.machine
                              config:json
                            snapshot:_store.snapshot
                             elapsed:_store.elapsed
                                 now:_system.now
                             wallNow:_system.wallNow
                               error:&why];
        if (_engine == nil) [self note:[@"the journal was not taken: " stringByAppendingString:why]];
    }
    if (_engine == nil) {
        _engine = [CLREngine create:_configuration.machine
                             config:json
                                now:_system.now
                               seed:_system.randomNumber
                              error:&why];
    }
    if (_engine != nil) return YES;
    if (error != nullptr) {
        *error = [NSError errorWithDomain:@"Clarion" code:1 userInfo:@{NSLocalizedDescriptionKey : why}];
    }
    return NO;
}

/// What the engine of the process before has to say comes first, then pushes: a call that rings is on the screen again
/// when its cancel arrives.
- (void)start {
    __weak CLRClient* weakly = self;
    _configuration.media.tell = ^(CLRMessage* fact) {
      CLRClient* client = weakly;
      [client.system post:^{
        [weakly feed:fact];
      }];
    };
    [_screen start];
    [_system post:^{
      [weakly settle];
    }];
    [_audio start];
    [_pushes start];
    [_system watchNetwork:^(BOOL isAvailable) {
      [weakly deviceChanged:@{
          @"type" : @CLARION_ENGINE_INPUT_NETWORK_CHANGED,
          @"available" : isAvailable ? @YES : @NO
      }];
    }];
}

- (void)invalidate {
    [_system watchNetwork:nil];
    [_system armAt:INT64_MAX
             block:^{
             }];
    _configuration.media.tell = nil;
    [_pushes invalidate];
    [_screen invalidate];
    [_audio invalidate];
    [_signalling invalidate];
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
        BOOL isStored = NO;  // One file holds the whole state.
        for (CLRMessage* command in commands) {
            if (![command[@"type"] isEqual:@CLARION_ENGINE_OUTPUT_PERSIST_SNAPSHOT]) {
                [self perform:command];
            } else if (!isStored) {
                isStored = YES;
                if (![_store store:_engine.snapshot]) [self note:@"the journal was not written"];
            }
        }
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

- (void)perform:(CLRMessage*)command {
    const BOOL isDone = [_screen perform:command] || [_signalling perform:command] || [_audio perform:command] ||
                        [_notices perform:command] ||
                        CLRPerform(
                            self,
                            {
                                {@CLARION_ENGINE_OUTPUT_EMIT_EVENT, @selector(emitEvent:)},
                                {@CLARION_ENGINE_OUTPUT_EMIT_NOTICE, @selector(emitNotice:)},
                                {@CLARION_ENGINE_OUTPUT_TELL_AUDIO_SESSION, @selector(tellAudioSession:)},
                                {@CLARION_ENGINE_OUTPUT_REQUEST_TOKEN, @selector(requestToken:)},
                                {@CLARION_ENGINE_OUTPUT_PREPARE_OFFER, @selector(performMedia:)},
                                {@CLARION_ENGINE_OUTPUT_PREPARE_ANSWER, @selector(performMedia:)},
                                {@CLARION_ENGINE_OUTPUT_APPLY_ANSWER, @selector(performMedia:)},
                                {@CLARION_ENGINE_OUTPUT_DROP_OFFER, @selector(performMedia:)},
                                {@CLARION_ENGINE_OUTPUT_ADD_CANDIDATE, @selector(performMedia:)},
                                {@CLARION_ENGINE_OUTPUT_OPEN_AUDIO, @selector(performMedia:)},
                                {@CLARION_ENGINE_OUTPUT_CLOSE_AUDIO, @selector(performMedia:)},
                                {@CLARION_ENGINE_OUTPUT_SET_MICROPHONE, @selector(performMedia:)},
                                {@CLARION_ENGINE_OUTPUT_SET_MUTED, @selector(performMedia:)},
                                {@CLARION_ENGINE_OUTPUT_SET_HELD, @selector(performMedia:)},
                                {@CLARION_ENGINE_OUTPUT_SET_PEER_SILENCED, @selector(performMedia:)},
                                {@CLARION_ENGINE_OUTPUT_SET_VIDEO, @selector(performMedia:)},
                                {@CLARION_ENGINE_OUTPUT_STOP_SCREEN_SHARE, @selector(performMedia:)},
                                {@CLARION_ENGINE_OUTPUT_CLOSE_MEDIA, @selector(performMedia:)},
                            },
                            command
                        );
    if (!isDone) [self note:[NSString stringWithFormat:@"%@: of a newer library, skipped", command[@"type"]]];
}

- (void)performMedia:(CLRMessage*)command {
    id<CLRMedia> media = _configuration.media;
    if (media != nil) return [media performMedia:command];
    NSArray* wants = @[ @CLARION_ENGINE_OUTPUT_PREPARE_OFFER, @CLARION_ENGINE_OUTPUT_PREPARE_ANSWER ];
    if (![wants containsObject:command[@"type"]]) return;
    __weak CLRClient* weakly = self;
    [_system post:^{
      [weakly feed:@{
          @"type" : @CLARION_ENGINE_INPUT_MEDIA_FAILED,
          @"call_id" : command[@"call_id"],
          @"detail" : @"the app has no media"
      }];
    }];
}

/// Acknowledged when the app has heard it: one that it did not live to hear comes again.
- (void)emitEvent:(CLRMessage*)command {
    CLRMessage* event = command[@"event"];
    id<CLRClientDelegate> delegate = _delegate;
    if (delegate == nil) return;
    const BOOL acknowledges =
        [delegate respondsToSelector:@selector(clarionAcknowledges)] && delegate.clarionAcknowledges;
    __weak CLRClient* weakly = self;
    id<CLRSystem> system = _system;
    [system postToApp:^{
      [delegate clarionDidReceiveEvent:event];
      if (acknowledges) return;
      [system post:^{
        [weakly feed:@{@"type" : @CLARION_ENGINE_INPUT_EVENTS_ACKNOWLEDGED, @"up_to" : event[@"seq"]}];
      }];
    }];
}

- (void)emitNotice:(CLRMessage*)command {
    [self tellNotice:command[@"notice"]];
}

- (void)tellAudioSession:(CLRMessage*)command {
    [self tellNotice:@{@"kind" : @"audio_session", @"active" : command[@"active"]}];
}

- (void)tellNotice:(CLRMessage*)notice {
    id<CLRClientDelegate> delegate = _delegate;
    if (![delegate respondsToSelector:@selector(clarionDidReceiveNotice:)]) return;
    [_system postToApp:^{
      [delegate clarionDidReceiveNotice:notice];
    }];
}

- (void)requestToken:(CLRMessage*)command {
    id<CLRClientDelegate> delegate = _delegate;
    if (![delegate respondsToSelector:@selector(clarionNeedsToken:)]) return;
    const BOOL isRefused = [command[@"refused"] boolValue];
    [_system postToApp:^{
      [delegate clarionNeedsToken:isRefused];
    }];
}

// ---- the app ----

- (void)attach:(id<CLRClientDelegate>)delegate {
    __weak CLRClient* weakly = self;
    [_system post:^{
      [weakly take:delegate];
    }];
}

- (void)take:(id<CLRClientDelegate>)delegate {
    _delegate = delegate;
    NSString* type = delegate == nil ? @CLARION_ENGINE_INPUT_APP_DETACHED : @CLARION_ENGINE_INPUT_APP_ATTACHED;
    [self feed:@{@"type" : type}];
}

- (void)send:(CLRMessage*)fact done:(void (^)(int32_t))done {
    __weak CLRClient* weakly = self;
    id<CLRSystem> system = _system;
    [system post:^{
      CLRClient* client = weakly;
      if (client == nil) return;
      const int32_t code = [client feed:fact];
      if (done != nil)
          [system postToApp:^{
            done(code);
          }];
    }];
}

- (NSUUID*)callUser:(NSString*)user video:(BOOL)isVideo done:(void (^)(int32_t))done {
    NSUUID* call = [NSUUID UUID];
    CLRMessage* fact = @{
        @"type" : @CLARION_ENGINE_INPUT_PLACE_REQUESTED,
        @"call_id" : CLRCallId(call),
        @"to_user" : user,
        @"media" : isVideo ? @CLARION_MEDIA_VIDEO : @CLARION_MEDIA_AUDIO
    };
    [self send:fact done:done];
    return call;
}

- (void)answer:(NSUUID*)call {
    [self send:@{@"type" : @CLARION_ENGINE_INPUT_USER_ANSWERED, @"call_id" : CLRCallId(call)} done:nil];
}

- (void)end:(NSUUID*)call {
    [self send:@{@"type" : @CLARION_ENGINE_INPUT_USER_ENDED, @"call_id" : CLRCallId(call)} done:nil];
}

- (void)setMuted:(BOOL)on call:(NSUUID*)call {
    [self send:@{@"type" : @CLARION_ENGINE_INPUT_USER_MUTED, @"call_id" : CLRCallId(call), @"on" : on ? @YES : @NO}
          done:nil];
}

- (void)setHeld:(BOOL)on call:(NSUUID*)call {
    [self send:@{@"type" : @CLARION_ENGINE_INPUT_USER_HELD, @"call_id" : CLRCallId(call), @"on" : on ? @YES : @NO}
          done:nil];
}

- (void)supplyToken:(NSString*)token {
    [self send:@{@"type" : @CLARION_ENGINE_INPUT_TOKEN_SUPPLIED, @"token" : token} done:nil];
}

/// Asks the engine on its queue, answers on the app's thread.
- (void)ask:(NSString* (^)(CLREngine* engine))question done:(void (^)(NSString* answer))done {
    CLREngine* engine = _engine;
    id<CLRSystem> system = _system;
    [system post:^{
      NSString* answer = question(engine);
      [system postToApp:^{
        done(answer);
      }];
    }];
}

- (void)view:(void (^)(CLRMessage*))done {
    [self
        ask:^(CLREngine* engine) {
          return engine.view;
        }
        done:^(NSString* answer) {
          done(CLRObjectOf(answer) ?: @{});
        }];
}

- (void)calls:(void (^)(NSArray<CLRMessage*>*))done {
    [self view:^(CLRMessage* view) {
      done(view[@"calls"] ?: @[]);
    }];
}

- (void)adopt:(NSUUID*)call done:(void (^)(CLRMessage*))done {
    [self
        ask:^(CLREngine* engine) {
          return [engine adopt:CLRCallId(call)] ?: @"{}";
        }
        done:^(NSString* answer) {
          done(CLRObjectOf(answer) ?: @{});
        }];
}

- (void)startFail:(CLRMessage*)placeRequested done:(void (^)(int32_t))done {
    NSString* place = CLRTextOf(placeRequested);
    [self
        ask:^(CLREngine* engine) {
          return [NSString stringWithFormat:@"%d", [engine startFail:place]];
        }
        done:^(NSString* answer) {
          done(answer.intValue);
        }];
}

- (void)didRegisterAlertToken:(NSData*)token {
    [self send:@{
        @"type" : @CLARION_ENGINE_INPUT_PUSH_TOKEN_CHANGED,
        @"kind" : @CLARION_TOKEN_KIND_APNS_ALERT,
        @"token" : CLRHex(token)
    }
          done:nil];
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
