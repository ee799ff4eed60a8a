/* SPDX-License-Identifier: Apache-2.0 */
#import <WebRTC/WebRTC.h>

NS_ASSUME_NONNULL_BEGIN

/// The numbers of one connection, from one report to the next. On the engine's queue.
@interface CLRQuality : NSObject
/// "statistics" of docs/engine.md since the report before; nil for the first one.
- (nullable NSDictionary<NSString*, NSNumber*>*)take:(RTCStatisticsReport*)report;
/// 0 to 100, of the peer's voice in this report.
+ (NSInteger)peerLevel:(RTCStatisticsReport*)report;
@end

NS_ASSUME_NONNULL_END
