/* SPDX-License-Identifier: Apache-2.0 */
/* What the two halves of the fake WebRTC.framework share. */
#pragma once
#import "lab/ios/fake_webrtc.h"

namespace clarion::lab::webrtc {

/// Whether this thread is one of WebRTC's.
inline thread_local bool is_signalling = false;
inline BOOL has_camera = YES;
inline BOOL has_audio_track = NO;
inline int running_width = 0;

/// Later, on a thread of WebRTC's.
void signal(void (^block)());
/// An application's call: not from such a thread.
void enters(NSString* what);
NSError* fault(NSString* why);

}  // namespace clarion::lab::webrtc

@interface RTCMediaConstraints ()
@property(nonatomic, copy) NSDictionary* labMandatory;
@end

@interface RTCStatisticsReport ()
- (instancetype)initWithLabStatistics:(NSDictionary<NSString*, NSDictionary*>*)statistics;
@end

@interface RTCMediaStreamTrack ()
- (instancetype)initLab;
@end

@interface RTCVideoSource ()
- (instancetype)initLab;
@end

@interface RTCPeerConnection ()
- (BOOL)labEnters:(NSString*)what;
@end

@interface RTCRtpParameters ()
@property(nonatomic) int labTransaction;
@end

@interface RTCRtpSender ()
@property(nonatomic) RTCRtpMediaType labType;
@property(nonatomic, weak) RTCPeerConnection* labPeer;
@property(nonatomic, readonly) BOOL labIsActive;
- (instancetype)initLab;
@end

@interface RTCRtpReceiver ()
- (instancetype)initWithLabType:(RTCRtpMediaType)type;
@end

@interface RTCRtpTransceiver ()
@property(nonatomic) int labCurrent;  ///< -1: not negotiated.
@property(nonatomic) BOOL labIsAssociated;
@property(nonatomic) BOOL labIsOfTrack;  ///< Made by addTrack:, so an offer of the peer may take it.
- (instancetype)initWithLabType:(RTCRtpMediaType)type direction:(RTCRtpTransceiverDirection)direction;
@end

@interface RTCAudioSession ()
- (void)labSettle;
- (void)labForget;
@end
