/* SPDX-License-Identifier: Apache-2.0 */
#import <PushKit/PushKit.h>

#import "CLRRoom.h"

NS_ASSUME_NONNULL_BEGIN

/// VoIP pushes and tokens. The registry calls back on the engine's queue, so that the call is reported in the stack of
/// the handler (IOS-PK-02).
@interface CLRPushes : NSObject <PKPushRegistryDelegate>
- (instancetype)initWithFacts:(id<CLRFacts>)facts taker:(id<CLRPushTaker>)taker;
- (void)start;
- (void)invalidate;
@end

NS_ASSUME_NONNULL_END
