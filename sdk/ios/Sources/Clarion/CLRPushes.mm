/* SPDX-License-Identifier: Apache-2.0 */
#import "CLRPushes.h"

@implementation CLRPushes {
    __weak id<CLRFacts> _facts;
    id<CLRPushTaker> _taker;
    PKPushRegistry* _registry;
}

- (instancetype)initWithFacts:(id<CLRFacts>)facts taker:(id<CLRPushTaker>)taker {
    if ((self = [super init])) {
        _facts = facts;
        _taker = taker;
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

- (void)pushRegistry:(PKPushRegistry*)registry
    didReceiveIncomingPushWithPayload:(PKPushPayload*)payload
                              forType:(PKPushType)type
                withCompletionHandler:(void (^)(void))completion {
    [_taker takePush:payload.dictionaryPayload mustReport:YES];
    completion();
}

/// iOS 26.4 and later (IOS-PK-09).
- (void)pushRegistry:(PKPushRegistry*)registry
    didReceiveIncomingVoIPPushWithPayload:(PKPushPayload*)payload
                                 metadata:(PKVoIPPushMetadata*)metadata
                    withCompletionHandler:(void (^)(void))completion {
    [_taker takePush:payload.dictionaryPayload mustReport:metadata.mustReport];
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
