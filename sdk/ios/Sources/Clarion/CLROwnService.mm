/* SPDX-License-Identifier: Apache-2.0 */
#import "CLRRooms.h"

CLRMessage* CLRFactInPush(NSDictionary* payload) {
    id said = payload[@"callui"];
    NSString* text = CLRKind([NSString class], said);
    return text != nil ? CLRObjectOf(text) : CLRKind([NSDictionary class], said);
}

@implementation CLROwnService

/// Whoever can send a push says what its sender knows, and never what the user did.
- (CLRMessage*)factOf:(NSDictionary*)payload {
    NSArray<NSString*>* types = @[
        @CLARION_CALLUI_INPUT_INCOMING_ANNOUNCED, @CLARION_CALLUI_INPUT_CALL_DISMISSED,
        @CLARION_CALLUI_INPUT_CALL_UPDATED, @CLARION_CALLUI_INPUT_CALL_ENDED, @CLARION_CALLUI_INPUT_MISSED_CALL_LEARNED
    ];
    id<CLRPushReader> reader = self.shell.configuration.reader;
    CLRMessage* fact = reader != nil ? [reader factOfPush:payload] : CLRFactInPush(payload);
    return [types containsObject:fact[@"type"] ?: @""] ? fact : nil;
}

/// iOS wants a report for every push. One that says something else of a call than that it rings is told first; then the
/// call is announced as well: what is over by that is reported and ended at once, what is on the screen stays there.
- (void)takePush:(NSDictionary*)payload mustReport:(BOOL)mustReport {
    CLRMessage* fact = [self factOf:payload];
    const BOOL rings = [fact[@"type"] isEqual:@CLARION_CALLUI_INPUT_INCOMING_ANNOUNCED];
    if (fact != nil && !rings) [self.shell feed:fact];
    if (!rings && !mustReport) return;
    NSMutableDictionary* call = [NSMutableDictionary dictionaryWithDictionary:fact ?: @{}];
    call[@"type"] = @CLARION_CALLUI_INPUT_INCOMING_ANNOUNCED;
    call[@"must_report"] = CLRBool(mustReport);
    if (!rings) call[@"ring_for"] = @0;
    if (fact != nil && [self.shell feed:call] == 0) return;
    if (!mustReport) return;
    [self tell:@CLARION_CALLUI_INPUT_UNUSABLE_PUSH_ARRIVED call:CLRCallId([NSUUID UUID]) with:@{}];
}

@end
