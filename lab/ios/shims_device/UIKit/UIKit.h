/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#import <Foundation/Foundation.h>

typedef NSUInteger UIBackgroundTaskIdentifier;
extern const UIBackgroundTaskIdentifier UIBackgroundTaskInvalid;

@interface UIApplication : NSObject
@property(class, nonatomic, readonly) UIApplication* sharedApplication;
- (UIBackgroundTaskIdentifier)beginBackgroundTaskWithName:(NSString*)taskName expirationHandler:(void (^)(void))handler;
- (void)endBackgroundTask:(UIBackgroundTaskIdentifier)identifier;
@end
