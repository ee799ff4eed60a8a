/* SPDX-License-Identifier: Apache-2.0 */
#import "CLRRooms.h"

namespace {

/// What the system said to a report, or to the request for a start.
NSString* result_of(NSError* error) {
    if (error == nil) return @CLARION_REPORT_RESULT_SHOWN;
    const BOOL isOfRequests = [error.domain isEqualToString:CXErrorDomainRequestTransaction];
    CLRWords* results = isOfRequests ? CLRStartResults() : CLRReportResults();
    return results[@(error.code)] ?: @CLARION_REPORT_RESULT_FAILED;
}

CXHandle* handle_of(CLRMessage* command) {
    NSNumber* type = CLRConstantOf(CLRHandleTypes(), command[@"style"][@"ios"][@"handle_type"], @(CXHandleTypeGeneric));
    return [[CXHandle alloc] initWithType:static_cast<CXHandleType>(type.integerValue) value:command[@"handle"] ?: @""];
}

CXCallUpdate* update_of(CLRMessage* command) {
    CXCallUpdate* update = [CXCallUpdate new];
    update.localizedCallerName = command[@"name"];
    update.remoteHandle = handle_of(command);
    update.hasVideo = CLRIsVideo(command);
    if (CLRMessage* ios = command[@"style"][@"ios"]; ios != nil) {
        update.supportsDTMF = [ios[@"dtmf"] boolValue];
        update.supportsHolding = [ios[@"holding"] boolValue];
        update.supportsGrouping = [ios[@"grouping"] boolValue];
        update.supportsUngrouping = [ios[@"ungrouping"] boolValue];
    }
    return update;
}

/// Which action makes the screen follow; nil: CallKit has no such thing.
CXCallAction* action_of(CLRMessage* command) {
    NSUUID* call = CLRUUID(command[@"call_id"]);
    const auto is = [change = command[@"change"]](NSString* word) { return [word isEqual:change]; };
    if (is(@CLARION_SYSTEM_CHANGE_ANSWER)) return [[CXAnswerCallAction alloc] initWithCallUUID:call];
    if (is(@CLARION_SYSTEM_CHANGE_MUTE) || is(@CLARION_SYSTEM_CHANGE_UNMUTE)) {
        return [[CXSetMutedCallAction alloc] initWithCallUUID:call muted:is(@CLARION_SYSTEM_CHANGE_MUTE)];
    }
    if (is(@CLARION_SYSTEM_CHANGE_HOLD) || is(@CLARION_SYSTEM_CHANGE_UNHOLD)) {
        return [[CXSetHeldCallAction alloc] initWithCallUUID:call onHold:is(@CLARION_SYSTEM_CHANGE_HOLD)];
    }
    if (is(@CLARION_SYSTEM_CHANGE_DTMF)) {
        NSNumber* type = CLRConstantOf(CLRToneKinds(), command[@"tone"], @(CXPlayDTMFCallActionTypeSingleTone));
        return [[CXPlayDTMFCallAction alloc] initWithCallUUID:call
                                                       digits:command[@"digits"]
                                                         type:static_cast<CXPlayDTMFCallActionType>(type.integerValue)];
    }
    if (is(@CLARION_SYSTEM_CHANGE_GROUP) || is(@CLARION_SYSTEM_CHANGE_UNGROUP)) {
        NSUUID* other = is(@CLARION_SYSTEM_CHANGE_GROUP) ? CLRUUID(command[@"with"]) : nil;
        return [[CXSetGroupCallAction alloc] initWithCallUUID:call callUUIDToGroupWith:other];
    }
    return nil;
}

}  // namespace

@implementation CLRScreen {
    CXProvider* _provider;
    CXCallController* _controller;
    CLRMessage* _style;                                       // Of the provider.
    NSMutableDictionary<NSString*, CLRMessage*>* _starting;   // report_outgoing, until the start action came.
    NSMutableDictionary<NSNumber*, CXCallAction*>* _actions;  // Not settled.
    uint64_t _lastAction;
}

- (void)start {
    [self forget];
    _provider = [[CXProvider alloc] initWithConfiguration:[CXProviderConfiguration new]];
    [_provider setDelegate:self queue:self.shell.system.queue];
    _controller = [[CXCallController alloc] initWithQueue:self.shell.system.queue];
}

- (void)forget {
    _starting = [NSMutableDictionary new];
    _actions = [NSMutableDictionary new];
}

- (void)invalidate {
    [_provider setDelegate:nil queue:nil];
    [_provider invalidate];
    _provider = nil;
}

// ---- commands ----

- (void)performReportIncoming:(CLRMessage*)command {
    NSString* call = command[@"call_id"];
    [self dress:command];
    [_provider reportNewIncomingCallWithUUID:CLRUUID(call)
                                      update:update_of(command)
                                  completion:^(NSError* error) {
                                    [self later:^(CLRScreen* screen) {
                                      [screen tell:@CLARION_ENGINE_INPUT_INCOMING_REPORTED
                                              call:call
                                              with:@{@"result" : result_of(error)}];
                                    }];
                                  }];
}

- (void)performUpdateSystemCall:(CLRMessage*)command {
    [self dress:command];
    [_provider reportCallWithUUID:CLRUUID(command[@"call_id"]) updated:update_of(command)];
}

- (void)performEndSystemCall:(CLRMessage*)command {
    NSNumber* reason = CLRConstantOf(CLREndReasons(), command[@"reason"], @(CXCallEndedReasonFailed));
    [_provider reportCallWithUUID:CLRUUID(command[@"call_id"])
                      endedAtDate:nil
                           reason:static_cast<CXCallEndedReason>(reason.integerValue)];
}

/// CallKit wants an outgoing call to be asked for; it stands on the screen when its start action came.
- (void)performReportOutgoing:(CLRMessage*)command {
    NSString* call = command[@"call_id"];
    [self dress:command];
    _starting[call] = command;
    CXStartCallAction* action = [[CXStartCallAction alloc] initWithCallUUID:CLRUUID(call) handle:handle_of(command)];
    action.video = CLRIsVideo(command);
    [self request:action];
}

- (void)performReportOutgoingConnected:(CLRMessage*)command {
    [_provider reportOutgoingCallWithUUID:CLRUUID(command[@"call_id"]) connectedAtDate:nil];
}

- (void)performChangeSystemCall:(CLRMessage*)command {
    if (CXCallAction* action = action_of(command); action != nil) [self request:action];
}

- (void)request:(CXCallAction*)action {
    [_controller requestTransaction:[[CXTransaction alloc] initWithAction:action]
                         completion:^(NSError* error) {
                           if (error == nil) return;
                           [self later:^(CLRScreen* screen) {
                             [screen system:error refused:action];
                           }];
                         }];
}

- (void)system:(NSError*)error refused:(CXCallAction*)action {
    [self.shell note:[NSString stringWithFormat:@"the system refused %@: %ld", [action class], (long)error.code]];
    NSString* call = CLRCallId(action.callUUID);
    if (_starting[call] == nil) return;
    [_starting removeObjectForKey:call];
    [self tell:@CLARION_ENGINE_INPUT_OUTGOING_REPORTED call:call with:@{@"result" : result_of(error)}];
}

- (void)performFulfilAction:(CLRMessage*)command {
    [[self takeAction:command[@"action"]] fulfill];
}

- (void)performFailAction:(CLRMessage*)command {
    [[self takeAction:command[@"action"]] fail];
}

/// nil: the system gave up on it (IOS-CK-09).
- (CXCallAction*)takeAction:(NSNumber*)number {
    CXCallAction* action = _actions[number];
    [_actions removeObjectForKey:number];
    return action;
}

/// What the style of a call says about all calls belongs to the provider (IOS-CK-14).
- (void)dress:(CLRMessage*)command {
    CLRMessage* ios = command[@"style"][@"ios"];
    if (ios == nil) return;
    self.shell.audio.style = ios;
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
    NSNumber* number = @(++_lastAction);
    _actions[number] = action;
    NSMutableDictionary* fact = [@{@"action" : number} mutableCopy];
    [fact addEntriesFromDictionary:members];
    if ([self tell:type call:CLRCallId(action.callUUID) with:fact] != 0) [[self takeAction:number] fail];
}

- (void)provider:(CXProvider*)provider performStartCallAction:(CXStartCallAction*)action {
    NSString* call = CLRCallId(action.callUUID);
    CLRMessage* command = _starting[call];
    if (command == nil) return [action fail];  // Not ours: calls begin with the engine.
    [_starting removeObjectForKey:call];
    [self.shell.audio configure];
    [action fulfill];
    [provider reportCallWithUUID:action.callUUID updated:update_of(command)];
    [provider reportOutgoingCallWithUUID:action.callUUID startedConnectingAtDate:nil];
    [self tell:@CLARION_ENGINE_INPUT_OUTGOING_REPORTED call:call with:@{@"result" : result_of(nil)}];
}

- (void)provider:(CXProvider*)provider performAnswerCallAction:(CXAnswerCallAction*)action {
    [self.shell.audio configure];  // Category and mode only: the system activates (IOS-AU-01).
    [self hold:action type:@CLARION_ENGINE_INPUT_USER_ANSWERED with:@{}];
}

- (void)provider:(CXProvider*)provider performEndCallAction:(CXEndCallAction*)action {
    [self hold:action type:@CLARION_ENGINE_INPUT_USER_ENDED with:@{}];
}

- (void)provider:(CXProvider*)provider performSetHeldCallAction:(CXSetHeldCallAction*)action {
    [self hold:action type:@CLARION_ENGINE_INPUT_USER_HELD with:@{@"on" : CLRBool(action.isOnHold)}];
}

- (void)provider:(CXProvider*)provider performSetMutedCallAction:(CXSetMutedCallAction*)action {
    [self hold:action type:@CLARION_ENGINE_INPUT_USER_MUTED with:@{@"on" : CLRBool(action.isMuted)}];
}

- (void)provider:(CXProvider*)provider performPlayDTMFCallAction:(CXPlayDTMFCallAction*)action {
    NSString* tone = CLRToneKinds()[@(action.type)] ?: @CLARION_TONE_KIND_SINGLE_TONE;
    [self hold:action type:@CLARION_ENGINE_INPUT_USER_DIALLED with:@{@"digits" : action.digits, @"tone" : tone}];
}

- (void)provider:(CXProvider*)provider performSetGroupCallAction:(CXSetGroupCallAction*)action {
    NSUUID* other = action.callUUIDToGroupWith;
    [self hold:action type:@CLARION_ENGINE_INPUT_USER_GROUPED with:other == nil ? @{} : @{@"with" : CLRCallId(other)}];
}

- (void)provider:(CXProvider*)provider timedOutPerformingAction:(CXAction*)action {
    NSNumber* number = [_actions allKeysForObject:(CXCallAction*)action].firstObject;
    if (number == nil) return;
    NSString* call = CLRCallId([self takeAction:number].callUUID);
    [self tell:@CLARION_ENGINE_INPUT_ACTION_TIMED_OUT call:call with:@{@"action" : number}];
}

- (void)providerDidReset:(CXProvider*)provider {
    [self forget];
    [self.shell feed:@{@"type" : @CLARION_ENGINE_INPUT_PROVIDER_RESET}];
}

- (void)provider:(CXProvider*)provider didActivateAudioSession:(AVAudioSession*)session {
    [self.shell.audio sessionIsActive:YES];
}

- (void)provider:(CXProvider*)provider didDeactivateAudioSession:(AVAudioSession*)session {
    [self.shell.audio sessionIsActive:NO];
}

@end
