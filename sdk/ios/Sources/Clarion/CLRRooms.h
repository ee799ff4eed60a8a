/* SPDX-License-Identifier: Apache-2.0 */
#import <AVFAudio/AVFAudio.h>
#import <CallKit/CallKit.h>
#import <Intents/Intents.h>
#import <PushKit/PushKit.h>
#import <UserNotifications/UserNotifications.h>

#import "CLRRoom.h"
#import "CLRWords.h"

NS_ASSUME_NONNULL_BEGIN

/// The system's call screen: commands to CallKit, its callbacks to facts. Every action is held until the engine says
/// what became of it.
@interface CLRScreen : CLRRoom <CXProviderDelegate>
@end

/// The audio session, as far as an app under CallKit may touch it: category, mode and route, never its activation
/// (IOS-AU-01). And the tones.
@interface CLRAudio : CLRRoom
/// "ios" of the style of the calls that come.
@property(nonatomic, copy, nullable) CLRMessage* style;
/// For the call that begins now.
- (void)configure;
/// CallKit activated or deactivated the session.
- (void)sessionIsActive:(BOOL)isActive;
@end

/// Missed-call notices: local notifications.
@interface CLRNotices : CLRRoom
/// Yes: it was a notice of ours. From any thread.
- (BOOL)didReceiveResponse:(UNNotificationResponse*)response;
@end

/// VoIP pushes and tokens. The registry calls back on the engine's queue, so that the call is reported in the stack of
/// the handler (IOS-PK-02).
@interface CLRPushes : CLRRoom <PKPushRegistryDelegate>
@end

/// What whose pushes they are makes of it.
@interface CLRPushes (Kind)
/// Reports the call in this stack if iOS insists on it, whatever the payload is.
- (void)takePush:(NSDictionary*)payload mustReport:(BOOL)mustReport;
@end

/// Those of a Clarion server: invites, sealed and signed.
@interface CLRInvites : CLRPushes
@end

/// Those of a voice service of the app's own, for the call screen alone.
@interface CLROwnService : CLRPushes
@end

/// The connection to the server: one WebSocket of NSURLSession.
@interface CLRSignalling : CLRRoom <NSURLSessionWebSocketDelegate>
@end

/// The fact in an activity that starts a call: Recents, Siri, contacts (IOS-CK-21). nil: another activity.
CLRMessage* _Nullable CLRRedialOf(NSUserActivity* activity);

/// Where this device is woken, in hexadecimal as APNs' addresses write it; nil: nowhere any more.
CLRMessage* CLRTokenFact(NSString* kind, NSData* _Nullable token);

NS_ASSUME_NONNULL_END
