/* SPDX-License-Identifier: Apache-2.0 */
#import "CLRRoom.h"

NS_ASSUME_NONNULL_BEGIN

/// The pushes of a voice service of the app's own, for the call screen alone. On the engine's queue.
@interface CLROwnService : NSObject <CLRPushTaker>
/// nil: the fact stands in the payload.
- (instancetype)initWithFacts:(id<CLRFacts>)facts reader:(nullable id<CLRPushReader>)reader;
@end

NS_ASSUME_NONNULL_END
