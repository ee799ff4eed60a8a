/* SPDX-License-Identifier: Apache-2.0 */
#import "CLRRoom.h"

BOOL CLRPerform(NSObject* object, CLRMessage* command) {
    NSString* words = [command[@"type"] stringByReplacingOccurrencesOfString:@"_" withString:@" "].capitalizedString;
    NSString* name = [words stringByReplacingOccurrencesOfString:@" " withString:@""];
    const SEL method = NSSelectorFromString([NSString stringWithFormat:@"perform%@:", name]);
    if (![object respondsToSelector:method]) return NO;
    const auto perform = reinterpret_cast<void (*)()>([object methodForSelector:method]);
    reinterpret_cast<void (*)(id, SEL, CLRMessage*)>(perform)(object, method, command);
    return YES;
}

void CLRLater(id<CLRSystem> system, id object, void (^block)(id object)) {
    __weak id weakly = object;
    [system post:^{
      if (id strongly = weakly; strongly != nil) block(strongly);
    }];
}

NSString* CLRCallId(NSUUID* call) { return call.UUIDString.lowercaseString; }
NSUUID* CLRUUID(id text) { return [[NSUUID alloc] initWithUUIDString:text]; }
NSNumber* CLRBool(BOOL on) { return on ? @YES : @NO; }
BOOL CLRIsVideo(CLRMessage* command) { return [command[@"media"] isEqual:@CLARION_MEDIA_VIDEO]; }
id CLRKind(Class kind, id object) { return [object isKindOfClass:kind] ? object : nil; }

NSString* CLRAddress(NSURL* server, NSString* path) {
    NSCharacterSet* slash = [NSCharacterSet characterSetWithCharactersInString:@"/"];
    return [[server.absoluteString stringByTrimmingCharactersInSet:slash] stringByAppendingString:path];
}

@implementation CLRRoom

- (instancetype)initWithShell:(id<CLRShell>)shell {
    if ((self = [super init])) _shell = shell;
    return self;
}

- (void)start {
}

- (void)invalidate {
}

- (int32_t)tell:(NSString*)type call:(NSString*)call with:(CLRMessage*)members {
    NSMutableDictionary* fact = [members mutableCopy];
    fact[@"type"] = type;
    fact[@"call_id"] = call;
    return [_shell feed:fact];
}

- (void)later:(void (^)(id))block {
    CLRLater(_shell.system, self, block);
}

@end
