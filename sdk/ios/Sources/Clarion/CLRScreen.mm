/* SPDX-License-Identifier: Apache-2.0 */
#import "CLRScreen.h"

#include <map>

namespace {

/// What the system said to a report (IOS-CK-02) in the engine's words.
NSString* result_of(NSError* error) {
    if (error == nil) return @CLARION_REPORT_RESULT_SHOWN;
    if (![error.domain isEqualToString:CXErrorDomainIncomingCall]) return @CLARION_REPORT_RESULT_FAILED;
    switch (error.code) {
        case CXErrorCodeIncomingCallErrorUnentitled:
        case CXErrorCodeIncomingCallErrorCallIsProtected: return @CLARION_REPORT_RESULT_NOT_ALLOWED;
        case CXErrorCodeIncomingCallErrorCallUUIDAlreadyExists: return @CLARION_REPORT_RESULT_ALREADY_EXISTS;
        case CXErrorCodeIncomingCallErrorFilteredByDoNotDisturb:
        case CXErrorCodeIncomingCallErrorFilteredDuringRestrictedSharingMode:
            return @CLARION_REPORT_RESULT_FILTERED_BY_FOCUS;
        case CXErrorCodeIncomingCallErrorFilteredByBlockList:
        case CXErrorCodeIncomingCallErrorFilteredBySensitiveParticipants:
            return @CLARION_REPORT_RESULT_FILTERED_BY_BLOCK_LIST;
        default: return @CLARION_REPORT_RESULT_FAILED;
    }
}

CXCallEndedReason reason_of(NSString* word) {
    NSDictionary<NSString*, NSNumber*>* numbers = @{
        @CLARION_SYSTEM_END_REASON_FAILED : @(CXCallEndedReasonFailed),
        @CLARION_SYSTEM_END_REASON_REMOTE_ENDED : @(CXCallEndedReasonRemoteEnded),
        @CLARION_SYSTEM_END_REASON_UNANSWERED : @(CXCallEndedReasonUnanswered),
        @CLARION_SYSTEM_END_REASON_ANSWERED_ELSEWHERE : @(CXCallEndedReasonAnsweredElsewhere),
        @CLARION_SYSTEM_END_REASON_DECLINED_ELSEWHERE : @(CXCallEndedReasonDeclinedElsewhere),
    };
    NSNumber* number = numbers[word];
    return number == nil ? CXCallEndedReasonFailed : static_cast<CXCallEndedReason>(number.integerValue);
}

NSString* tone_of(CXPlayDTMFCallActionType type) {
    switch (type) {
        case CXPlayDTMFCallActionTypeSoftPause: return @CLARION_TONE_KIND_SOFT_PAUSE;
        case CXPlayDTMFCallActionTypeHardPause: return @CLARION_TONE_KIND_HARD_PAUSE;
        default: return @CLARION_TONE_KIND_SINGLE_TONE;
    }
}

CXPlayDTMFCallActionType type_of(NSString* tone) {
    if ([tone isEqualToString:@CLARION_TONE_KIND_SOFT_PAUSE]) return CXPlayDTMFCallActionTypeSoftPause;
    if ([tone isEqualToString:@CLARION_TONE_KIND_HARD_PAUSE]) return CXPlayDTMFCallActionTypeHardPause;
    return CXPlayDTMFCallActionTypeSingleTone;
}

CXHandle* handle_of(CLRMessage* command) {
    NSString* type = command[@"style"][@"ios"][@"handle_type"];
    const auto kind = [type isEqualToString:@CLARION_HANDLE_TYPE_PHONE_NUMBER] ? CXHandleTypePhoneNumber
                      : [type isEqualToString:@CLARION_HANDLE_TYPE_EMAIL]      ? CXHandleTypeEmailAddress
                                                                               : CXHandleTypeGeneric;
    return [[CXHandle alloc] initWithType:kind value:command[@"handle"] ?: @""];
}

CXCallUpdate* update_of(CLRMessage* command) {
    CXCallUpdate* update = [CXCallUpdate new];
    update.localizedCallerName = command[@"name"];
    update.remoteHandle = handle_of(command);
    update.hasVideo = [command[@"media"] isEqual:@CLARION_MEDIA_VIDEO];
    if (CLRMessage* ios = command[@"style"][@"ios"]; ios != nil) {
        update.supportsDTMF = [ios[@"dtmf"] boolValue];
        update.supportsHolding = [ios[@"holding"] boolValue];
        update.supportsGrouping = [ios[@"grouping"] boolValue];
        update.supportsUngrouping = [ios[@"ungrouping"] boolValue];
    }
    return update;
}

}  // namespace

/// The commands of one call that wait until the system has taken it (IOS-CK-03).
@interface CLRQueuedCommands : NSObject
@property(nonatomic) NSUInteger reports;  // Under way.
@property(nonatomic, strong) NSMutableArray<CLRMessage*>* commands;
@end

@implementation CLRQueuedCommands
@end

@implementation CLRScreen {
    __weak id<CLRFacts> _facts;
    CLRAudio* _audio;
    CXProvider* _provider;
    CXCallController* _controller;
    CLRMessage* _style;                                          // Of the provider.
    NSMutableDictionary<NSUUID*, CLRQueuedCommands*>* _waiting;  // Calls that the system has not taken yet.
    NSMutableDictionary<NSUUID*, CLRMessage*>* _starting;        // report_outgoing, until the start action came.
    std::map<uint64_t, CXCallAction*> _actions;                  // Not settled.
    uint64_t _lastAction;
}

- (instancetype)initWithFacts:(id<CLRFacts>)facts audio:(CLRAudio*)audio {
    if ((self = [super init])) {
        _facts = facts;
        _audio = audio;
        _waiting = [NSMutableDictionary new];
        _starting = [NSMutableDictionary new];
    }
    return self;
}

- (void)start {
    _provider = [[CXProvider alloc] initWithConfiguration:[CXProviderConfiguration new]];
    [_provider setDelegate:self queue:_facts.system.queue];
    _controller = [[CXCallController alloc] initWithQueue:_facts.system.queue];
}

- (void)invalidate {
    [_provider setDelegate:nil queue:nil];
    [_provider invalidate];
}

// ---- commands ----

- (BOOL)perform:(CLRMessage*)command {
    if (CLRPerform(
            self,
            {
                {@CLARION_ENGINE_OUTPUT_REPORT_INCOMING, @selector(reportIncoming:)},
                {@CLARION_ENGINE_OUTPUT_FULFIL_ACTION, @selector(fulfilAction:)},
                {@CLARION_ENGINE_OUTPUT_FAIL_ACTION, @selector(failAction:)},
            },
            command
        )) {
        return YES;
    }
    NSUUID* call = CLRUUID(command[@"call_id"]);
    CLRQueuedCommands* waiting = call == nil ? nil : _waiting[call];
    if (waiting == nil) return [self performNow:command];
    if (![[self class] waits:command]) return NO;
    [waiting.commands addObject:command];
    return YES;
}

+ (BOOL)waits:(CLRMessage*)command {
    NSArray<NSString*>* types = @[
        @CLARION_ENGINE_OUTPUT_UPDATE_SYSTEM_CALL, @CLARION_ENGINE_OUTPUT_END_SYSTEM_CALL,
        @CLARION_ENGINE_OUTPUT_REPORT_OUTGOING, @CLARION_ENGINE_OUTPUT_REPORT_OUTGOING_CONNECTED,
        @CLARION_ENGINE_OUTPUT_CHANGE_SYSTEM_CALL
    ];
    return [types containsObject:command[@"type"]];
}

- (BOOL)performNow:(CLRMessage*)command {
    return CLRPerform(
        self,
        {
            {@CLARION_ENGINE_OUTPUT_UPDATE_SYSTEM_CALL, @selector(updateCall:)},
            {@CLARION_ENGINE_OUTPUT_END_SYSTEM_CALL, @selector(endCall:)},
            {@CLARION_ENGINE_OUTPUT_REPORT_OUTGOING, @selector(reportOutgoing:)},
            {@CLARION_ENGINE_OUTPUT_REPORT_OUTGOING_CONNECTED, @selector(reportConnected:)},
            {@CLARION_ENGINE_OUTPUT_CHANGE_SYSTEM_CALL, @selector(changeCall:)},
        },
        command
    );
}

- (void)reportIncoming:(CLRMessage*)command {
    NSUUID* call = CLRUUID(command[@"call_id"]);
    [self dress:command];
    [self wait:call];
    __weak CLRScreen* weakly = self;
    id<CLRSystem> system = _facts.system;
    [_provider reportNewIncomingCallWithUUID:call
                                      update:update_of(command)
                                  completion:^(NSError* error) {
                                    [system post:^{
                                      [weakly system:result_of(error) took:call];
                                    }];
                                  }];
}

- (void)system:(NSString*)result took:(NSUUID*)call {
    [self release:call];
    [_facts
        feed:@{@"type" : @CLARION_ENGINE_INPUT_INCOMING_REPORTED, @"call_id" : CLRCallId(call), @"result" : result}];
}

- (void)wait:(NSUUID*)call {
    CLRQueuedCommands* waiting = _waiting[call];
    if (waiting == nil) {
        waiting = [CLRQueuedCommands new];
        waiting.commands = [NSMutableArray new];
        _waiting[call] = waiting;
    }
    ++waiting.reports;
}

- (void)release:(NSUUID*)call {
    CLRQueuedCommands* waiting = _waiting[call];
    if (waiting == nil || --waiting.reports > 0) return;
    [_waiting removeObjectForKey:call];
    for (CLRMessage* command in waiting.commands) [self perform:command];
}

- (void)updateCall:(CLRMessage*)command {
    [self dress:command];
    [_provider reportCallWithUUID:CLRUUID(command[@"call_id"]) updated:update_of(command)];
}

- (void)endCall:(CLRMessage*)command {
    [_provider reportCallWithUUID:CLRUUID(command[@"call_id"]) endedAtDate:nil reason:reason_of(command[@"reason"])];
}

/// CallKit wants an outgoing call to be asked for; it stands on the screen when its start action came.
- (void)reportOutgoing:(CLRMessage*)command {
    NSUUID* call = CLRUUID(command[@"call_id"]);
    [self dress:command];
    [self wait:call];
    _starting[call] = command;
    CXStartCallAction* action = [[CXStartCallAction alloc] initWithCallUUID:call handle:handle_of(command)];
    action.video = [command[@"media"] isEqual:@CLARION_MEDIA_VIDEO];
    __weak CLRScreen* weakly = self;
    [self request:action
          refused:^(NSError* error) {
            [weakly system:error refusedStart:call];
          }];
}

/// Without a place on the screen the call would never have audio (IOS-AU-02). What the engine wants of the screen
/// meanwhile waits, and goes with it.
- (void)system:(NSError*)error refusedStart:(NSUUID*)call {
    [_facts note:[NSString stringWithFormat:@"the system refused a start: %ld", static_cast<long>(error.code)]];
    [_starting removeObjectForKey:call];
    [_facts feed:@{
        @"type" : @CLARION_ENGINE_INPUT_END_REQUESTED,
        @"call_id" : CLRCallId(call),
        @"manner" : @CLARION_END_MANNER_ERROR
    }];
    [_waiting removeObjectForKey:call];
}

- (void)reportConnected:(CLRMessage*)command {
    [_provider reportOutgoingCallWithUUID:CLRUUID(command[@"call_id"]) connectedAtDate:nil];
}

- (void)changeCall:(CLRMessage*)command {
    NSUUID* call = CLRUUID(command[@"call_id"]);
    NSString* change = command[@"change"];
    CXCallAction* action = nil;
    const auto is = [change](NSString* word) { return [change isEqualToString:word]; };
    if (is(@CLARION_SYSTEM_CHANGE_ANSWER)) {
        action = [[CXAnswerCallAction alloc] initWithCallUUID:call];
    } else if (is(@CLARION_SYSTEM_CHANGE_MUTE) || is(@CLARION_SYSTEM_CHANGE_UNMUTE)) {
        action = [[CXSetMutedCallAction alloc] initWithCallUUID:call muted:is(@CLARION_SYSTEM_CHANGE_MUTE)];
    } else if (is(@CLARION_SYSTEM_CHANGE_HOLD) || is(@CLARION_SYSTEM_CHANGE_UNHOLD)) {
        action = [[CXSetHeldCallAction alloc] initWithCallUUID:call onHold:is(@CLARION_SYSTEM_CHANGE_HOLD)];
    } else if (is(@CLARION_SYSTEM_CHANGE_DTMF)) {
        action = [[CXPlayDTMFCallAction alloc] initWithCallUUID:call
                                                         digits:command[@"digits"]
                                                           type:type_of(command[@"tone"])];
    } else if (is(@CLARION_SYSTEM_CHANGE_GROUP) || is(@CLARION_SYSTEM_CHANGE_UNGROUP)) {
        NSUUID* other = is(@CLARION_SYSTEM_CHANGE_GROUP) ? CLRUUID(command[@"with"]) : nil;
        action = [[CXSetGroupCallAction alloc] initWithCallUUID:call callUUIDToGroupWith:other];
    }
    if (action == nil) return;  // `silence` and `hide`: CallKit has no such thing.
    __weak id<CLRFacts> facts = _facts;
    [self
        request:action
        refused:^(NSError* error) {
          [facts note:[NSString stringWithFormat:@"the system refused %@: %ld", change, static_cast<long>(error.code)]];
        }];
}

- (void)request:(CXCallAction*)action refused:(void (^)(NSError* error))refused {
    id<CLRSystem> system = _facts.system;
    CXTransaction* transaction = [[CXTransaction alloc] initWithAction:action];
    [_controller requestTransaction:transaction
                         completion:^(NSError* error) {
                           if (error != nil)
                               [system post:^{
                                 refused(error);
                               }];
                         }];
}

- (void)fulfilAction:(CLRMessage*)command {
    [[self takeAction:command] fulfill];
}

- (void)failAction:(CLRMessage*)command {
    [[self takeAction:command] fail];
}

/// nil: the system gave up on it (IOS-CK-09).
- (CXCallAction*)takeAction:(CLRMessage*)command {
    const auto found = _actions.find([command[@"action"] unsignedLongLongValue]);
    if (found == _actions.end()) return nil;
    CXCallAction* action = found->second;
    _actions.erase(found);
    return action;
}

/// What the style of a call says about all calls belongs to the provider (IOS-CK-14).
- (void)dress:(CLRMessage*)command {
    CLRMessage* ios = command[@"style"][@"ios"];
    if (ios == nil) return;
    [_audio chooseStyle:ios];
    if ([ios isEqual:_style]) return;
    _style = ios;
    CXProviderConfiguration* configuration = [CXProviderConfiguration new];
    configuration.maximumCallGroups = [ios[@"call_groups"] unsignedIntegerValue];
    configuration.maximumCallsPerCallGroup = [ios[@"calls_per_group"] unsignedIntegerValue];
    configuration.supportsVideo = [ios[@"video"] boolValue];
    configuration.includesCallsInRecents = [ios[@"in_recents"] boolValue];
    configuration.supportedHandleTypes =
        [NSSet setWithObjects:@(CXHandleTypeGeneric), @(CXHandleTypePhoneNumber), @(CXHandleTypeEmailAddress), nil];
    if ([ios[@"ringtone"] length] > 0) configuration.ringtoneSound = ios[@"ringtone"];
    NSString* icon = [[NSBundle mainBundle] pathForResource:ios[@"icon"] ofType:@"png"];
    if (icon != nil) configuration.iconTemplateImageData = [NSData dataWithContentsOfFile:icon];
    _provider.configuration = configuration;
}

// ---- the system ----

/// Holds the action until fulfil_action or fail_action. One that the engine refuses to hear of fails at once.
- (void)hold:(CXCallAction*)action type:(NSString*)type with:(CLRMessage*)members {
    const auto number = ++_lastAction;
    _actions[number] = action;
    NSMutableDictionary* fact = [members mutableCopy];
    fact[@"type"] = type;
    fact[@"call_id"] = CLRCallId(action.callUUID);
    fact[@"action"] = @(number);
    if ([_facts feed:fact] != 0 && _actions.erase(number) > 0) [action fail];
}

- (void)provider:(CXProvider*)provider performStartCallAction:(CXStartCallAction*)action {
    CLRMessage* command = _starting[action.callUUID];
    if (command == nil) return [action fail];  // Not ours: calls begin with the engine.
    [_starting removeObjectForKey:action.callUUID];
    [_audio configure];
    [action fulfill];
    [provider reportCallWithUUID:action.callUUID updated:update_of(command)];
    [provider reportOutgoingCallWithUUID:action.callUUID startedConnectingAtDate:nil];
    [self release:action.callUUID];
}

- (void)provider:(CXProvider*)provider performAnswerCallAction:(CXAnswerCallAction*)action {
    [_audio configure];  // Category and mode only: the system activates (IOS-AU-01).
    [self hold:action type:@CLARION_ENGINE_INPUT_USER_ANSWERED with:@{}];
}

- (void)provider:(CXProvider*)provider performEndCallAction:(CXEndCallAction*)action {
    [self hold:action type:@CLARION_ENGINE_INPUT_USER_ENDED with:@{}];
}

- (void)provider:(CXProvider*)provider performSetHeldCallAction:(CXSetHeldCallAction*)action {
    [self hold:action type:@CLARION_ENGINE_INPUT_USER_HELD with:@{@"on" : action.isOnHold ? @YES : @NO}];
}

- (void)provider:(CXProvider*)provider performSetMutedCallAction:(CXSetMutedCallAction*)action {
    [self hold:action type:@CLARION_ENGINE_INPUT_USER_MUTED with:@{@"on" : action.isMuted ? @YES : @NO}];
}

- (void)provider:(CXProvider*)provider performPlayDTMFCallAction:(CXPlayDTMFCallAction*)action {
    [self hold:action
          type:@CLARION_ENGINE_INPUT_USER_DIALLED
          with:@{@"digits" : action.digits, @"tone" : tone_of(action.type)}];
}

- (void)provider:(CXProvider*)provider performSetGroupCallAction:(CXSetGroupCallAction*)action {
    NSUUID* other = action.callUUIDToGroupWith;
    [self hold:action type:@CLARION_ENGINE_INPUT_USER_GROUPED with:other == nil ? @{} : @{@"with" : CLRCallId(other)}];
}

- (void)provider:(CXProvider*)provider timedOutPerformingAction:(CXAction*)action {
    for (auto held = _actions.begin(); held != _actions.end(); ++held) {
        if (held->second != action) continue;
        const auto number = held->first;
        NSString* call = CLRCallId(held->second.callUUID);
        _actions.erase(held);
        [_facts feed:@{@"type" : @CLARION_ENGINE_INPUT_ACTION_TIMED_OUT, @"call_id" : call, @"action" : @(number)}];
        return;
    }
}

- (void)providerDidReset:(CXProvider*)provider {
    _actions.clear();
    [_waiting removeAllObjects];
    [_starting removeAllObjects];
    [_facts feed:@{@"type" : @CLARION_ENGINE_INPUT_PROVIDER_RESET}];
}

- (void)provider:(CXProvider*)provider didActivateAudioSession:(AVAudioSession*)session {
    [_audio sessionIsActive:YES];
}

- (void)provider:(CXProvider*)provider didDeactivateAudioSession:(AVAudioSession*)session {
    [_audio sessionIsActive:NO];
}

@end
