/* SPDX-License-Identifier: Apache-2.0 */
#import <AVFAudio/AVFAudio.h>
#import <UserNotifications/UserNotifications.h>

#import "CLRDeviceSystem.h"
#import "CLRInviteBox.h"
#import "ClarionPlugin.h"

@implementation ClarionPlugin (Phone)

+ (void)start {
    NSURL* support = [[NSFileManager defaultManager] URLForDirectory:NSApplicationSupportDirectory
                                                            inDomain:NSUserDomainMask
                                                   appropriateForURL:nil
                                                              create:YES
                                                               error:nil];
    NSURL* directory = [support URLByAppendingPathComponent:@"clarion"];
    [self startWithSystem:[CLRDeviceSystem new]
                directory:directory
                   opener:^(NSDictionary* setup) {
                     return [[CLRInviteBox alloc] initWithDirectory:directory
                                                         verifyKeys:setup[@"verify_keys"]
                                                              error:nil];
                   }];
}

+ (NSString*)publicKeyOf:(id<CLRInviteOpener>)opener {
    return ((CLRInviteBox*)opener).publicKey;
}

- (void)preflight:(NSDictionary*)message result:(FlutterResult)result {
    NSMutableArray<NSString*>* missing = [NSMutableArray new];
    if ([AVAudioSession sharedInstance].recordPermission != AVAudioSessionRecordPermissionGranted) {
        [missing addObject:@"MICROPHONE"];
    }
    [[UNUserNotificationCenter currentNotificationCenter]
        getNotificationSettingsWithCompletionHandler:^(UNNotificationSettings* settings) {
          if (settings.authorizationStatus != UNAuthorizationStatusAuthorized) [missing addObject:@"NOTIFICATIONS"];
          dispatch_async(dispatch_get_main_queue(), ^{
            result(ClarionTextOf(missing));
          });
        }];
}

- (void)ask:(NSDictionary*)message result:(FlutterResult)result {
    void (^answer)(BOOL) = ^(BOOL isGranted) {
      dispatch_async(dispatch_get_main_queue(), ^{
        result(isGranted ? @"true" : @"false");
      });
    };
    if ([message[@"what"] isEqual:@"NOTIFICATIONS"]) {
        [[UNUserNotificationCenter currentNotificationCenter]
            requestAuthorizationWithOptions:UNAuthorizationOptionAlert | UNAuthorizationOptionSound
                          completionHandler:^(BOOL isGranted, NSError* error) {
                            answer(isGranted);
                          }];
    } else if ([message[@"what"] isEqual:@"MICROPHONE"]) {
        [[AVAudioSession sharedInstance] requestRecordPermission:answer];
    } else {
        answer(YES);  // iOS has no other.
    }
}

@end
