/* SPDX-License-Identifier: Apache-2.0 */
#import <Foundation/Foundation.h>

#import "CLRPorts.h"
#import "CLRSystem.h"

NS_ASSUME_NONNULL_BEGIN

@class NSUserActivity;
@class UNNotificationResponse;

/// Who this device is and what it uses. Everything that a push needs before the app has logged in.
@interface CLRConfiguration : NSObject
/// The call screen alone, for calls of a voice service of the app's own: no Clarion server, no keys.
/// `reader` nil: a push has the fact, as an object or as JSON text, in its member "callui".
+ (instancetype)callScreenWithDirectory:(NSURL*)directory reader:(nullable id<CLRPushReader>)reader;

@property(nonatomic) CLRMachine machine;  ///< CLRMachineEngine.
@property(nonatomic, strong, nullable) id<CLRPushReader>
    reader;                                ///< With CLRMachineCallUi; the rest up to `media` without.
@property(nonatomic, copy) NSURL* server;  ///< https://host; its WebSocket is wss.
@property(nonatomic, copy) NSString* service;
@property(nonatomic, copy) NSString* user;
@property(nonatomic, copy) NSString* device;
@property(nonatomic, copy, nullable) NSString* token;  ///< Access token: to place calls and to be online.
@property(nonatomic, copy) NSURL* directory;           ///< For the journal; made when absent. Not in a backup.
@property(nonatomic, strong) id<CLRInviteOpener> opener;
@property(nonatomic, strong, nullable) id<CLRMedia> media;
@property(nonatomic, copy) NSString* inviteField;  ///< Of the push's payload; "cc_param".
/// Sounds of the bundle by tone: "ringback", "hold", "end", "busy". A tone without one is silent.
@property(nonatomic, copy) NSDictionary<NSString*, NSURL*>* tones;
/// Members of "config" in the schema that are not above ("allow_waiting", "on_video", ...).
@property(nonatomic, copy) CLRMessage* options;
@end

/// What the app hears, on the thread of its interface.
@protocol CLRClientDelegate <NSObject>
/// Exactly once and in order, however late the app attached ("event" in the schema). It counts as heard when this
/// returned.
- (void)clarionDidReceiveEvent:(CLRMessage*)event;
@optional
/// Yes: the delegate says "events_acknowledged" itself, since it hands events on to somebody else.
@property(nonatomic, readonly) BOOL clarionAcknowledges;
/// What is worth nothing later ("notice" in the schema), and {"kind":"audio_session","active":...}.
- (void)clarionDidReceiveNotice:(CLRMessage*)notice;
/// The app's backend has to make an access token; `isRefused`: the server did not take the old one. Then supplyToken:.
- (void)clarionNeedsToken:(BOOL)isRefused;
@end

/// The shell: carries what iOS says into the engine and performs what the engine says. It decides nothing.
///
/// Make one in application:didFinishLaunchingWithOptions: and keep it: a VoIP push that launches the app is delivered
/// only then, and has to find it (IOS-PK-16). One a process (IOS-CK-14). Threads: every method from any thread.
@interface CLRClient : NSObject

/// Takes the calls of the process before, registers for VoIP pushes and with CallKit. nil: `error` says what is wrong
/// with the configuration.
- (nullable instancetype)initWithConfiguration:(CLRConfiguration*)configuration
                                        system:(id<CLRSystem>)system
                                         error:(NSError**)error;

/// Lines for a log; never a name, token or key. On the engine's queue.
@property(nonatomic, copy, nullable) void (^log)(NSString* line);

/// The app's interface listens: it hears what it missed. nil: events wait again. Held weakly.
- (void)attach:(nullable id<CLRClientDelegate>)delegate;

/// Any fact of docs/engine.md, or docs/callui.md, that an app may tell. `done`, if there is one, gets on the app's
/// thread 0 or the code of clarion.h why it was refused.
- (void)send:(CLRMessage*)fact done:(void (^_Nullable)(int32_t code))done;

/// Places a call and says its id. What it is not allowed now: `done` of send:, or startFail:.
- (NSUUID*)callUser:(NSString*)user video:(BOOL)isVideo done:(void (^_Nullable)(int32_t code))done;
- (void)answer:(NSUUID*)call;
/// Declines, cancels or hangs up.
- (void)end:(NSUUID*)call;
- (void)setMuted:(BOOL)on call:(NSUUID*)call;
- (void)setHeld:(BOOL)on call:(NSUUID*)call;
- (void)supplyToken:(NSString*)token;

/// Every call with its state ("call" in the schema, or of "callui_view"), on the app's thread.
- (void)calls:(void (^)(NSArray<CLRMessage*>* calls))done;
/// Of the call screen alone everything at once ("callui_view" in the schema); else the calls. On the app's thread.
- (void)view:(void (^)(CLRMessage* view))done;
/// What became of the call that the app was opened for ("adoption" in the schema; empty without a Clarion server), on
/// the app's thread.
- (void)adopt:(NSUUID*)call done:(void (^)(CLRMessage* adoption))done;
/// 0, or LINE Planet's number why this "place_requested" would be refused, on the app's thread.
- (void)startFail:(CLRMessage*)placeRequested done:(void (^)(int32_t number))done;

// ---- what only the app's delegate hears of the system ----

/// application:didRegisterForRemoteNotificationsWithDeviceToken:, where alert pushes are the fall-back.
- (void)didRegisterAlertToken:(nullable NSData*)token;
/// application:continueUserActivity:. Yes: it was a call from Recents, Siri or the contacts (IOS-CK-21).
- (BOOL)continueUserActivity:(NSUserActivity*)activity;
/// userNotificationCenter:didReceiveNotificationResponse:. Yes: it was a missed-call notice of ours.
- (BOOL)didReceiveNotificationResponse:(UNNotificationResponse*)response;

/// Ends this object's part in the process, as far as anything may live longer than it.
- (void)invalidate;

@end

NS_ASSUME_NONNULL_END
