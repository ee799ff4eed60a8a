/* SPDX-License-Identifier: Apache-2.0 */
#include <initializer_list>

#import "CLREngine.h"
#import "include/CLRPorts.h"
#import "include/CLRSystem.h"
#import "sdk/generated/clarion_words.h"

NS_ASSUME_NONNULL_BEGIN

/// Where facts go. On the engine's queue; returns when every command that follows was performed.
@protocol CLRFacts <NSObject>
@property(nonatomic, readonly) id<CLRSystem> system;
/// 0, or a code of clarion.h: refused.
- (int32_t)feed:(CLRMessage*)fact;
- (void)note:(NSString*)line;
/// Network, microphone, route: who has a service of its own asks iOS for them.
- (void)deviceChanged:(CLRMessage*)fact;
@end

/// Whose pushes these are.
@protocol CLRPushTaker <NSObject>
/// Reports the call in this stack if iOS insists on it, whatever the payload is (IOS-PK-02).
- (void)takePush:(NSDictionary*)payload mustReport:(BOOL)mustReport;
@end

/// A command and the method that performs it.
struct CLRPerformer {
    NSString* __unsafe_unretained type;
    SEL method;  // - (void)method:(CLRMessage*)command
};

/// Performs `command` if it stands in the table.
inline BOOL CLRPerform(NSObject* room, std::initializer_list<CLRPerformer> table, CLRMessage* command) {
    for (const auto& row : table) {
        if (![row.type isEqualToString:command[@"type"]]) continue;
        const auto method = reinterpret_cast<void (*)()>([room methodForSelector:row.method]);
        reinterpret_cast<void (*)(id, SEL, CLRMessage*)>(method)(room, row.method, command);
        return YES;
    }
    return NO;
}

/// The id as the engine writes it; iOS writes it in upper case (IOS-CK-11).
inline NSString* CLRCallId(NSUUID* call) { return call.UUIDString.lowercaseString; }
inline NSUUID* CLRUUID(id text) { return [[NSUUID alloc] initWithUUIDString:text]; }

/// A push token as APNs' addresses write it; empty for nil.
inline NSString* CLRHex(NSData* _Nullable token) {
    NSMutableString* text = [NSMutableString stringWithCapacity:token.length * 2];
    const auto* bytes = static_cast<const unsigned char*>(token.bytes);
    for (NSUInteger i = 0; i < token.length; ++i) [text appendFormat:@"%02x", bytes[i]];
    return text;
}

/// `object`, if it is one of `kind`: the payload of a push and the frames of a server are anybody's.
inline id _Nullable CLRKind(Class kind, id _Nullable object) { return [object isKindOfClass:kind] ? object : nil; }

NS_ASSUME_NONNULL_END
