/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#import <WebRTC/WebRTC.h>

#import "lab/ios/iphone.h"

/// Real media behind connections that keep these rules. Called on the phone's thread, and answers there.
@protocol LabWire <NSObject>
/// `made` gets an offer, or what this one is answered with; nil: neither can be.
- (void)describe:(RTCPeerConnection*)peer offer:(NSString*)offer made:(void (^)(NSString* sdp))made;
- (void)peer:(RTCPeerConnection*)peer wasAnswered:(NSString*)answer;
- (void)peer:(RTCPeerConnection*)peer tookCandidate:(RTCIceCandidate*)candidate;
- (void)peerClosed:(RTCPeerConnection*)peer;
@end

/// WebRTC.framework as the lab has it: no media of its own (a LabWire may bring real ones), but the order of its calls,
/// its threads and its audio session, which breaks with IPhone::violate() where the real one fails, hangs or takes what
/// CallKit owns:
///
///   WRTC-01  a description is set only in the state that allows it
///   WRTC-02  nothing is called after close
///   WRTC-03  a candidate needs the remote description
///   WRTC-04  calls do not come from its own threads
///   WRTC-05  only what was made is set as the own description
///   WRTC-06  parameters are set from the last get
///   WRTC-07  manual audio is chosen before the first audio track
///   WRTC-08  one camera at a time, and let go
///   WRTC-09  a connection is closed, once
///   IOS-AU-01, IOS-AU-02 as for any app
///
/// Everything that it tells comes on a thread of its own, the signalling thread, in the order in which it happened.
@interface RTCPeerConnection (Lab)
/// Those that are not closed, oldest first.
+ (NSArray<RTCPeerConnection*>*)labAll;
+ (void)labReset;                                         ///< A new phone: nothing is left of the one before.
@property(nonatomic, class, strong) id<LabWire> labWire;  ///< nil: no media at all.
- (void)labFind:(NSString*)candidate;
- (void)labFindCandidate:(RTCIceCandidate*)candidate;
- (void)labState:(RTCPeerConnectionState)state;
/// The words of the next description fail instead.
@property(nonatomic, class) BOOL labRefuses;
/// The own description comes only with the next one; then as usual.
@property(nonatomic, class) BOOL labIsSlow;
+ (void)labGoOn;
/// RTP leaves, and its sound is the microphone's.
@property(nonatomic, readonly) BOOL labSends;
@property(nonatomic, readonly) BOOL labSendsVoice;
@property(nonatomic, readonly) BOOL labPlays;
@property(nonatomic, readonly) BOOL labSendsPictures;
@property(nonatomic, readonly) BOOL labWantsPictures;                     ///< A section of the next description.
@property(nonatomic, readonly) NSArray<RTCIceCandidate*>* labCandidates;  ///< Of the peer.
@property(nonatomic, readonly) NSArray<RTCIceServer*>* labServers;
@property(nonatomic, readonly) NSString* labOffered;  ///< The last own description.
/// "type" -> values of the next report.
@property(nonatomic, copy) NSDictionary<NSString*, NSDictionary*>* labStatistics;
@end

@interface RTCAudioSession (Lab)
/// The audio unit: microphone and speaker.
@property(nonatomic, readonly) BOOL labRuns;
@end

@interface RTCCameraVideoCapturer (Lab)
@property(nonatomic, class) BOOL labHasCamera;
/// Width that is captured; negative: by the camera at the back; 0: the camera is off.
@property(nonatomic, class, readonly) int labWidth;
@end

namespace clarion::lab {

/// A description as the other end writes it. `session`: of its connection.
NSString* peer_description(int session, bool has_video, NSString* ufrag = @"peer");

}  // namespace clarion::lab
