/* SPDX-License-Identifier: Apache-2.0 */
#import "CLRRooms.h"

CLRMessage* CLRTokenFact(NSString* kind, NSData* token) {
    NSMutableString* text = [NSMutableString stringWithCapacity:token.length * 2];
    const auto* bytes = static_cast<const unsigned char*>(token.bytes);
    for (NSUInteger i = 0; i < token.length; ++i) [text appendFormat:@"%02x", bytes[i]];
    return @{@"type" : @CLARION_ENGINE_INPUT_PUSH_TOKEN_CHANGED, @"kind" : kind, @"token" : text};
}

@implementation CLRPushes {
    PKPushRegistry* _registry;
}

- (void)start {
    _registry = [[PKPushRegistry alloc] initWithQueue:self.shell.system.queue];
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
    [self takePush:payload.dictionaryPayload mustReport:YES];
    completion();
}

/// iOS 26.4 and later (IOS-PK-09).
- (void)pushRegistry:(PKPushRegistry*)registry
    didReceiveIncomingVoIPPushWithPayload:(PKPushPayload*)payload
                                 metadata:(PKVoIPPushMetadata*)metadata
                    withCompletionHandler:(void (^)(void))completion {
    [self takePush:payload.dictionaryPayload mustReport:metadata.mustReport];
    completion();
}

- (void)pushRegistry:(PKPushRegistry*)registry
    didUpdatePushCredentials:(PKPushCredentials*)credentials
                     forType:(PKPushType)type {
    [self.shell feed:CLRTokenFact(@CLARION_TOKEN_KIND_APNS_VOIP, credentials.token)];
}

- (void)pushRegistry:(PKPushRegistry*)registry didInvalidatePushTokenForType:(PKPushType)type {
    [self.shell feed:CLRTokenFact(@CLARION_TOKEN_KIND_APNS_VOIP, nil)];
}

@end
