/* SPDX-License-Identifier: Apache-2.0 */
#import "CLRRoom.h"

NS_ASSUME_NONNULL_BEGIN

/// The invites of a Clarion server, sealed and signed, by push and over the connection. On the engine's queue.
@interface CLRInvites : NSObject <CLRPushTaker>
- (instancetype)initWithFacts:(id<CLRFacts>)facts opener:(id<CLRInviteOpener>)opener field:(NSString*)field;
/// One that came over the connection: nothing has to be reported for it.
- (void)openInvite:(nullable NSString*)ccParam;
@end

NS_ASSUME_NONNULL_END
