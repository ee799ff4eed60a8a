/* SPDX-License-Identifier: Apache-2.0 */
#import <UserNotifications/UserNotifications.h>

#import "CLRRoom.h"

NS_ASSUME_NONNULL_BEGIN

/// Missed-call notices: local notifications. On the engine's queue.
@interface CLRNotices : NSObject
- (instancetype)initWithFacts:(id<CLRFacts>)facts;
- (BOOL)perform:(CLRMessage*)command;
/// Yes: it was a notice of ours. From any thread.
- (BOOL)didReceiveResponse:(UNNotificationResponse*)response;
@end

NS_ASSUME_NONNULL_END
