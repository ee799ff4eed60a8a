/* SPDX-License-Identifier: Apache-2.0 */
#import "CLREngine.h"
#import "include/CLRClient.h"
#import "sdk/generated/clarion_words.h"

NS_ASSUME_NONNULL_BEGIN

@class CLRAudio;

/// What the rooms of the shell have in common. On the engine's queue.
@protocol CLRShell <NSObject>
@property(nonatomic, readonly) CLRConfiguration* configuration;
@property(nonatomic, readonly) id<CLRSystem> system;
@property(nonatomic, readonly) CLRAudio* audio;
/// Returns when every command that follows was performed. 0, or a code of clarion.h: refused.
- (int32_t)feed:(CLRMessage*)fact;
/// Network, microphone, route: who has a service of its own asks iOS for them.
- (void)deviceChanged:(CLRMessage*)fact;
- (void)perform:(CLRMessage*)command;
- (void)note:(NSString*)line;
@end

/// One part of the shell: what iOS says to it becomes facts, and it has a method for each command that it performs,
/// `- (void)performReportIncoming:(CLRMessage*)command` for "report_incoming". On the engine's queue.
@interface CLRRoom : NSObject
@property(nonatomic, readonly, weak) id<CLRShell> shell;
- (instancetype)initWithShell:(id<CLRShell>)shell;
/// Begins to hear iOS. On the thread that launches the app (IOS-PK-16).
- (void)start;
/// Ends what may live longer than the shell.
- (void)invalidate;
/// A fact of a call, and what else it says.
- (int32_t)tell:(NSString*)type call:(NSString*)call with:(CLRMessage*)members;
/// On the queue, if this room lives then. From any thread.
- (void)later:(void (^)(id room))block;
@end

/// Performs `command` if `object` has the method for it.
BOOL CLRPerform(NSObject* object, CLRMessage* command);

/// On the engine's queue, if `object` lives then. From any thread.
void CLRLater(id<CLRSystem> system, id object, void (^block)(id object));

/// The id as the engine writes it; iOS writes it in upper case (IOS-CK-11).
NSString* CLRCallId(NSUUID* call);
NSUUID* _Nullable CLRUUID(id text);

NSNumber* CLRBool(BOOL on);
BOOL CLRIsVideo(CLRMessage* command);

/// `object`, if it is one of `kind`: the payload of a push and the frames of a server are anybody's.
id _Nullable CLRKind(Class kind, id _Nullable object);

/// https://host/path/ and /v1/connect make https://host/path/v1/connect.
NSString* CLRAddress(NSURL* server, NSString* path);

NS_ASSUME_NONNULL_END
