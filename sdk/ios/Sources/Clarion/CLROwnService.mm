/* SPDX-License-Identifier: Apache-2.0 */
#import "CLROwnService.h"

CLRMessage* CLRFactInPush(NSDictionary* payload) {
    id said = payload[@"callui"];
    NSString* text = CLRKind([NSString class], said);
    return text != nil ? CLRObjectOf(text) : CLRKind([NSDictionary class], said);
}

@implementation CLROwnService {
    __weak id<CLRFacts> _facts;
    id<CLRPushReader> _reader;
}

- (instancetype)initWithFacts:(id<CLRFacts>)facts reader:(id<CLRPushReader>)reader {
    if ((self = [super init])) {
        _facts = facts;
        _reader = reader;
    }
    return self;
}

/// Whoever can send a push says what its sender knows, and never what the user did.
- (CLRMessage*)factOf:(NSDictionary*)payload {
    NSArray<NSString*>* types = @[
        @CLARION_CALLUI_INPUT_INCOMING_ANNOUNCED, @CLARION_CALLUI_INPUT_CALL_DISMISSED,
        @CLARION_CALLUI_INPUT_CALL_UPDATED, @CLARION_CALLUI_INPUT_CALL_ENDED, @CLARION_CALLUI_INPUT_MISSED_CALL_LEARNED
    ];
    CLRMessage* fact = _reader != nil ? [_reader factOfPush:payload] : CLRFactInPush(payload);
    return [types containsObject:fact[@"type"] ?: @""] ? fact : nil;
}

/// iOS wants a report for every push. One that says something else of a call than that it rings is told first; then the
/// call is announced as well: what is over by that is reported and ended at once, what is on the screen stays there.
- (void)takePush:(NSDictionary*)payload mustReport:(BOOL)mustReport {
    CLRMessage* fact = [self factOf:payload];
    const BOOL rings = [fact[@"type"] isEqual:@CLARION_CALLUI_INPUT_INCOMING_ANNOUNCED];
    if (fact != nil && !rings) [_facts feed:fact];
    if (!rings && !mustReport) return;
    NSMutableDictionary* call = [NSMutableDictionary dictionaryWithDictionary:fact ?: @{}];
    call[@"type"] = @CLARION_CALLUI_INPUT_INCOMING_ANNOUNCED;
    call[@"must_report"] = mustReport ? @YES : @NO;
    if (!rings) call[@"ring_for"] = @0;
    if (fact != nil && [_facts feed:call] == 0) return;
    if (!mustReport) return;
    [_facts feed:@{@"type" : @CLARION_CALLUI_INPUT_UNUSABLE_PUSH_ARRIVED, @"call_id" : CLRCallId([NSUUID UUID])}];
}

@end
