/* SPDX-License-Identifier: Apache-2.0 */
#import "CLRPushes.h"

@implementation CLRPushes {
    __weak id<CLRFacts> _facts;
    id<CLRInviteOpener> _opener;
    NSString* _field;
    PKPushRegistry* _registry;
}

- (instancetype)initWithFacts:(id<CLRFacts>)facts opener:(id<CLRInviteOpener>)opener field:(NSString*)field {
    if ((self = [super init])) {
        _facts = facts;
        _opener = opener;
        _field = field;
    }
    return self;
}

- (void)start {
    _registry = [[PKPushRegistry alloc] initWithQueue:_facts.system.queue];
    _registry.delegate = self;
    _registry.desiredPushTypes = [NSSet setWithObject:PKPushTypeVoIP];
}

- (void)invalidate {
    _registry.delegate = nil;
}

- (void)openInvite:(NSString*)ccParam {
    [self received:ccParam mustReport:NO];
}

/// Whatever the bytes are, the engine hears of a push, and of a broken one as well: it makes the report.
- (void)received:(NSString*)ccParam mustReport:(BOOL)mustReport {
    NSString* fault = @CLARION_PUSH_FAULT_MALFORMED;
    NSString* text = ccParam == nil ? nil : [_opener openInvite:ccParam fault:&fault];
    CLRMessage* invite = text == nil ? nil : CLRObjectOf(text);
    NSMutableDictionary* fact = [@{
        @"type" : @CLARION_ENGINE_INPUT_PUSH_RECEIVED,
        @"wall_now" : @(_facts.system.wallNow),
        @"must_report" : mustReport ? @YES : @NO,
        @"fault" : fault
    } mutableCopy];
    if (invite != nil) {
        fact[@"invite"] = invite;
        fact[@"fault"] = @CLARION_PUSH_FAULT_NONE;
        if ([_facts feed:fact] == 0) return;
        // The signature was good: our server wrote it, in a form that this version does not know.
        [fact removeObjectForKey:@"invite"];
        fact[@"fault"] = @CLARION_PUSH_FAULT_UNSUPPORTED_VERSION;
    }
    [_facts feed:fact];
}

// ---- PushKit ----

- (void)pushRegistry:(PKPushRegistry*)registry
    didReceiveIncomingPushWithPayload:(PKPushPayload*)payload
                              forType:(PKPushType)type
                withCompletionHandler:(void (^)(void))completion {
    [self received:CLRKind([NSString class], payload.dictionaryPayload[_field]) mustReport:YES];
    completion();
}

/// iOS 26.4 and later (IOS-PK-09).
- (void)pushRegistry:(PKPushRegistry*)registry
    didReceiveIncomingVoIPPushWithPayload:(PKPushPayload*)payload
                                 metadata:(PKVoIPPushMetadata*)metadata
                    withCompletionHandler:(void (^)(void))completion {
    [self received:CLRKind([NSString class], payload.dictionaryPayload[_field]) mustReport:metadata.mustReport];
    completion();
}

- (void)pushRegistry:(PKPushRegistry*)registry
    didUpdatePushCredentials:(PKPushCredentials*)credentials
                     forType:(PKPushType)type {
    [self token:credentials.token];
}

- (void)pushRegistry:(PKPushRegistry*)registry didInvalidatePushTokenForType:(PKPushType)type {
    [self token:nil];
}

- (void)token:(NSData*)token {
    [_facts feed:@{
        @"type" : @CLARION_ENGINE_INPUT_PUSH_TOKEN_CHANGED,
        @"kind" : @CLARION_TOKEN_KIND_APNS_VOIP,
        @"token" : CLRHex(token)
    }];
}

@end
