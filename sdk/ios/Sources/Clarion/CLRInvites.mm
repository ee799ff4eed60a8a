/* SPDX-License-Identifier: Apache-2.0 */
#import "CLRRooms.h"

@implementation CLRInvites

- (void)performOpenInvite:(CLRMessage*)command {
    [self takePush:@{self.shell.configuration.inviteField : command[@"cc_param"]} mustReport:NO];
}

/// Whatever the bytes are, the engine hears of a push, and of a broken one as well: it makes the report.
- (void)takePush:(NSDictionary*)payload mustReport:(BOOL)mustReport {
    CLRConfiguration* configuration = self.shell.configuration;
    NSString* ccParam = CLRKind([NSString class], payload[configuration.inviteField]);
    NSString* fault = @CLARION_PUSH_FAULT_MALFORMED;
    NSString* text = ccParam == nil ? nil : [configuration.opener openInvite:ccParam fault:&fault];
    NSMutableDictionary* fact = [@{
        @"type" : @CLARION_ENGINE_INPUT_PUSH_RECEIVED,
        @"wall_now" : @(self.shell.system.wallNow),
        @"must_report" : CLRBool(mustReport),
        @"fault" : fault
    } mutableCopy];
    if (CLRMessage* invite = CLRObjectOf(text); invite != nil) {
        fact[@"invite"] = invite;
        fact[@"fault"] = @CLARION_PUSH_FAULT_NONE;
        if ([self.shell feed:fact] == 0) return;
        // The signature was good: our server wrote it, in a form that this version does not know.
        [fact removeObjectForKey:@"invite"];
        fact[@"fault"] = @CLARION_PUSH_FAULT_UNSUPPORTED_VERSION;
    }
    [self.shell feed:fact];
}

@end
