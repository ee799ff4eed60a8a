/* SPDX-License-Identifier: Apache-2.0 */
#import <CallKit/CallKit.h>

#import "CLRAudio.h"
#import "CLRRoom.h"

NS_ASSUME_NONNULL_BEGIN

/// The system's call screen: commands to CallKit, its callbacks to facts. Every action is held until the engine says
/// what became of it. On the engine's queue.
@interface CLRScreen : NSObject <CXProviderDelegate>
- (instancetype)initWithFacts:(id<CLRFacts>)facts audio:(CLRAudio*)audio;
/// The provider is made on the thread that launches the app (IOS-PK-16).
- (void)start;
- (BOOL)perform:(CLRMessage*)command;
- (void)invalidate;
@end

NS_ASSUME_NONNULL_END
