/* SPDX-License-Identifier: Apache-2.0 */
#import <Flutter/Flutter.h>

#import "CLRClient.h"

NS_ASSUME_NONNULL_BEGIN

/// Flutter's messages to the shell and back: one JSON text each way. One object for each engine (isolate); the calls
/// are the process's. Of the isolates that listen the last one hears, and when it goes the one before.
@interface ClarionPlugin : NSObject <FlutterPlugin, FlutterStreamHandler, CLRClientDelegate>

/// Whoever is signed in, rings from now on. With the first engine by itself; an app whose engine is made later says it
/// in application:didFinishLaunchingWithOptions:, before that returns (IOS-PK-16). Does nothing the second time.
+ (void)startWithSystem:(id<CLRSystem>)system
              directory:(NSURL*)directory
                 opener:(id<CLRInviteOpener> _Nullable (^_Nullable)(NSDictionary* setup))opener;
/// Ends the shell's part in the process, as far as anything may live longer than it.
+ (void)invalidate;
/// userNotificationCenter:didReceiveNotificationResponse:. Yes: it was a missed-call notice of ours.
+ (BOOL)didReceiveNotificationResponse:(UNNotificationResponse*)response;

@end

/// What only a phone has.
@interface ClarionPlugin (Phone)
/// startWithSystem:directory:opener: with libdispatch, the app's own folder and a CLRInviteBox.
+ (void)start;
/// The public key of the device's box.
+ (nullable NSString*)publicKeyOf:(id<CLRInviteOpener>)opener;
@end

/// A JSON value as text; nil for nil.
NSString* _Nullable ClarionTextOf(id _Nullable value);

NS_ASSUME_NONNULL_END
