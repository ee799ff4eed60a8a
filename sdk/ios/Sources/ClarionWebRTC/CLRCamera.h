/* SPDX-License-Identifier: Apache-2.0 */
#import <WebRTC/WebRTC.h>

NS_ASSUME_NONNULL_BEGIN

/// The camera as a track. On the engine's queue.
@interface CLRCamera : NSObject
- (instancetype)initWithFactory:(RTCPeerConnectionFactory*)factory;
@property(nonatomic, readonly) RTCVideoTrack* track;
/// `failed` on any thread.
- (void)startAtBack:(BOOL)isBack failed:(void (^)(NSString* why))failed;
- (void)stop;  ///< The camera is let go; the track goes on, dark.
@end

NS_ASSUME_NONNULL_END
