/* SPDX-License-Identifier: Apache-2.0 */
#import "lab/ios/iphone.h"

using clarion::lab::IPhone;

NSString* const CXErrorDomainIncomingCall = @"com.apple.CallKit.error.incomingcall";
NSString* const CXErrorDomainRequestTransaction = @"com.apple.CallKit.error.requesttransaction";

@implementation CXHandle
- (instancetype)initWithType:(CXHandleType)type value:(NSString*)value {
    if ((self = [super init])) {
        _type = type;
        _value = [value copy];
    }
    return self;
}
- (id)copyWithZone:(NSZone*)zone {
    return self;
}
@end

@implementation CXCallUpdate
@end

@implementation CXProviderConfiguration
- (instancetype)init {
    if ((self = [super init])) {
        _maximumCallGroups = 2;
        _maximumCallsPerCallGroup = 5;
        _supportedHandleTypes = [NSSet set];
    }
    return self;
}
- (id)copyWithZone:(NSZone*)zone {
    return self;
}
@end

@implementation CXAction
@synthesize labGeneration = _labGeneration;
@synthesize labState = _labState;
@synthesize labNumber = _labNumber;
- (instancetype)init {
    if ((self = [super init])) {
        _UUID = [NSUUID UUID];
        _labGeneration = IPhone::current().generation();
    }
    return self;
}
- (BOOL)isComplete {
    return _labState > 1;
}
- (void)fulfill {
    if (IPhone::current().enters(_labGeneration)) IPhone::current().settled(self, true);
}
- (void)fail {
    if (IPhone::current().enters(_labGeneration)) IPhone::current().settled(self, false);
}
@end

@implementation CXCallAction
- (instancetype)initWithCallUUID:(NSUUID*)callUUID {
    if ((self = [super init])) _callUUID = callUUID;
    return self;
}
@end

@implementation CXStartCallAction
- (instancetype)initWithCallUUID:(NSUUID*)callUUID handle:(CXHandle*)handle {
    if ((self = [super initWithCallUUID:callUUID])) _handle = handle;
    return self;
}
@end

@implementation CXAnswerCallAction
@end

@implementation CXEndCallAction
@end

@implementation CXSetHeldCallAction
- (instancetype)initWithCallUUID:(NSUUID*)callUUID onHold:(BOOL)onHold {
    if ((self = [super initWithCallUUID:callUUID])) _onHold = onHold;
    return self;
}
@end

@implementation CXSetMutedCallAction
- (instancetype)initWithCallUUID:(NSUUID*)callUUID muted:(BOOL)muted {
    if ((self = [super initWithCallUUID:callUUID])) _muted = muted;
    return self;
}
@end

@implementation CXSetGroupCallAction
- (instancetype)initWithCallUUID:(NSUUID*)callUUID callUUIDToGroupWith:(NSUUID*)callUUIDToGroupWith {
    if ((self = [super initWithCallUUID:callUUID])) _callUUIDToGroupWith = callUUIDToGroupWith;
    return self;
}
@end

@implementation CXPlayDTMFCallAction
- (instancetype)initWithCallUUID:(NSUUID*)callUUID digits:(NSString*)digits type:(CXPlayDTMFCallActionType)type {
    if ((self = [super initWithCallUUID:callUUID])) {
        _digits = [digits copy];
        _type = type;
    }
    return self;
}
@end

@implementation CXTransaction
- (instancetype)initWithAction:(CXAction*)action {
    if ((self = [super init])) _actions = @[ action ];
    return self;
}
@end

@implementation CXProvider {
    std::uint64_t _generation;
}
@synthesize labDelegate = _labDelegate;
- (instancetype)initWithConfiguration:(CXProviderConfiguration*)configuration {
    if (!(self = [super init])) return nil;
    _configuration = configuration;
    auto& phone = IPhone::current();
    _generation = phone.generation();
    if (!phone.enters(_generation)) return self;
    if (phone.provider != nil) phone.violate("IOS_SECOND_PROVIDER IOS-CK-14");
    phone.provider = self;
    return self;
}
- (void)setDelegate:(id<CXProviderDelegate>)delegate queue:(dispatch_queue_t)queue {
    _labDelegate = delegate;
}
- (void)setConfiguration:(CXProviderConfiguration*)configuration {
    if (IPhone::current().enters(_generation)) _configuration = configuration;
}
- (void)reportNewIncomingCallWithUUID:(NSUUID*)UUID
                               update:(CXCallUpdate*)update
                           completion:(void (^)(NSError*))completion {
    if (IPhone::current().enters(_generation)) IPhone::current().reported(UUID, update, completion, _generation);
}
- (void)reportCallWithUUID:(NSUUID*)UUID updated:(CXCallUpdate*)update {
    if (IPhone::current().enters(_generation)) IPhone::current().updated(UUID, update);
}
- (void)reportCallWithUUID:(NSUUID*)UUID endedAtDate:(NSDate*)dateEnded reason:(CXCallEndedReason)endedReason {
    if (IPhone::current().enters(_generation)) IPhone::current().ended_by_app(UUID, endedReason);
}
- (void)reportOutgoingCallWithUUID:(NSUUID*)UUID startedConnectingAtDate:(NSDate*)dateStartedConnecting {
    if (IPhone::current().enters(_generation)) IPhone::current().outgoing(UUID, false);
}
- (void)reportOutgoingCallWithUUID:(NSUUID*)UUID connectedAtDate:(NSDate*)dateConnected {
    if (IPhone::current().enters(_generation)) IPhone::current().outgoing(UUID, true);
}
- (void)invalidate {
    _labDelegate = nil;
}
@end

@implementation CXCallController {
    std::uint64_t _generation;
}
- (instancetype)initWithQueue:(dispatch_queue_t)queue {
    if ((self = [super init])) _generation = IPhone::current().generation();
    return self;
}
- (void)requestTransaction:(CXTransaction*)transaction completion:(void (^)(NSError*))completion {
    if (!IPhone::current().enters(_generation)) return;
    IPhone::current().requested((CXCallAction*)transaction.actions.firstObject, completion, _generation);
}
@end
