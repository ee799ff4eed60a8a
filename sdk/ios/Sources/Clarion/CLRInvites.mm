/* SPDX-License-Identifier: Apache-2.0 */
#import "CLRInvites.h"

@implementation CLRInvites {
    __weak id<CLRFacts> _facts;
    id<CLRInviteOpener> _opener;
    NSString* _field;
}

- (instancetype)initWithFacts:(id<CLRFacts>)facts opener:(id<CLRInviteOpener>)opener field:(NSString*)field {
    if ((self = [super init])) {
        _facts = facts;
        _opener = opener;
        _field = field;
    }
    return self;
}

- (void)takePush:(NSDictionary*)payload mustReport:(BOOL)mustReport {
    [self received:CLRKind([NSString class], payload[_field]) mustReport:mustReport];
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

@end
