/* SPDX-License-Identifier: Apache-2.0 */
#import <Foundation/Foundation.h>

NS_ASSUME_NONNULL_BEGIN

/// A fact or a command of docs/engine.md: JSON with a "type".
typedef NSDictionary<NSString*, id> CLRMessage;

/// What is behind the shell (docs/callui.md, docs/engine.md).
typedef NS_ENUM(NSInteger, CLRMachine) {
    CLRMachineEngine,  ///< The client of a Clarion server.
    CLRMachineCallUi,  ///< The call screen alone, for a voice service of the app's own.
};

/// Reads the VoIP pushes of a voice service of the app's own. Called on the engine's queue in the stack of the push's
/// handler: it must not wait.
@protocol CLRPushReader <NSObject>
/// The fact of docs/callui.md, "from the backend", that this push brings; nil: it is no call of this user, which is
/// reported and ended at once (IOS-PK-01).
- (nullable CLRMessage*)factOfPush:(NSDictionary*)payload;
@end

/// What is read without a reader: the member "callui", an object or JSON text.
CLRMessage* _Nullable CLRFactInPush(NSDictionary* payload);

/// Voice and video of the calls, in commands and facts of docs/engine.md, "media". Called on the engine's queue.
@protocol CLRMedia <NSObject>
/// How it tells facts ("offer_prepared", "media_connected", ...), from any thread. Set before the first command.
@property(nonatomic, copy, nullable) void (^tell)(CLRMessage* fact);
/// Starts the work of one command and returns. A "type" that it does not know comes from a newer library: skip it.
- (void)performMedia:(CLRMessage*)command;
@end

/// Opens invites with keys that stay on this device: the seal, then the server's signature. Called on the engine's
/// queue; takes microseconds and asks nobody.
@protocol CLRInviteOpener <NSObject>
/// @return the JSON text that was inside, or nil with `fault`: "malformed", "not_for_this_device", "bad_signature",
/// "unsupported_version".
- (nullable NSString*)openInvite:(NSString*)ccParam fault:(NSString* _Nonnull* _Nonnull)fault;
@end

NS_ASSUME_NONNULL_END
