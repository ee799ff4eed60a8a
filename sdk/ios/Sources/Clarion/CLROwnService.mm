/* SPDX-License-Identifier: Apache-2.0 */
#import "CLRRooms.h"

CLRMessage* CLRFactInPush(NSDictionary* payload) {
    id said = payload[@"callui"];
    NSString* text = CLRKind([NSString class], said);
    return text != nil ? CLRObjectOf(text) : CLRKind([NSDictionary class], said);
}

@implementation CLROwnService

- (CLRMessage*)factOf:(NSDictionary*)payload {
    id<CLRPushReader> reader = self.shell.configuration.reader;
    return reader != nil ? [reader factOfPush:payload] : CLRFactInPush(payload);
}

/// What it says is told as it is. What cannot be read of that is nothing, and the push is one all the same.
- (void)takePush:(NSDictionary*)payload mustReport:(BOOL)mustReport {
    NSMutableDictionary* push = [@{@"must_report" : CLRBool(mustReport)} mutableCopy];
    push[@"fact"] = [self factOf:payload];
    NSString* fresh = CLRCallId([NSUUID UUID]);
    if ([self tell:@CLARION_CALLUI_INPUT_PUSH_ARRIVED call:fresh with:push] == 0) return;
    [push removeObjectForKey:@"fact"];
    [self tell:@CLARION_CALLUI_INPUT_PUSH_ARRIVED call:fresh with:push];
}

@end
