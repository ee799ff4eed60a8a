/* SPDX-License-Identifier: Apache-2.0 */
#import "CLRInvites.h"
#import "CLRRoom.h"

NS_ASSUME_NONNULL_BEGIN

/// The connection to the server: one WebSocket of NSURLSession. On the engine's queue.
@interface CLRSignalling : NSObject <NSURLSessionWebSocketDelegate>
- (instancetype)initWithFacts:(id<CLRFacts>)facts invites:(CLRInvites*)invites server:(NSURL*)server;
- (BOOL)perform:(CLRMessage*)command;
- (void)invalidate;
@end

NS_ASSUME_NONNULL_END
