/* SPDX-License-Identifier: Apache-2.0 */
#import <AVFAudio/AVFAudio.h>

#import "CLRRoom.h"

NS_ASSUME_NONNULL_BEGIN

/// The audio session, as far as an app under CallKit may touch it: category, mode and route, never its activation
/// (IOS-AU-01). And the tones. On the engine's queue.
@interface CLRAudio : NSObject
- (instancetype)initWithFacts:(id<CLRFacts>)facts tones:(NSDictionary<NSString*, NSURL*>*)tones;
- (void)start;
- (BOOL)perform:(CLRMessage*)command;
/// "ios" of a style.
- (void)chooseStyle:(CLRMessage*)style;
/// For the call that begins now.
- (void)configure;
/// CallKit activated or deactivated the session.
- (void)sessionIsActive:(BOOL)isActive;
- (void)invalidate;
@end

NS_ASSUME_NONNULL_END
