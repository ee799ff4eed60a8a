/* SPDX-License-Identifier: Apache-2.0 */
/* The names of Google's WebRTC.framework that sdk/ios uses. lab/ios/webrtc_names_test.py compares them with the
 * published ones. */
#pragma once
#import <AVFoundation/AVFoundation.h>

NS_ASSUME_NONNULL_BEGIN

typedef NS_ENUM(NSInteger, RTCSdpType) {
    RTCSdpTypeOffer = 0,
    RTCSdpTypePrAnswer = 1,
    RTCSdpTypeAnswer = 2,
    RTCSdpTypeRollback = 3,
};
typedef NS_ENUM(NSInteger, RTCSignalingState) {
    RTCSignalingStateStable = 0,
    RTCSignalingStateHaveLocalOffer = 1,
    RTCSignalingStateHaveLocalPrAnswer = 2,
    RTCSignalingStateHaveRemoteOffer = 3,
    RTCSignalingStateHaveRemotePrAnswer = 4,
    RTCSignalingStateClosed = 5,
};
typedef NS_ENUM(NSInteger, RTCPeerConnectionState) {
    RTCPeerConnectionStateNew = 0,
    RTCPeerConnectionStateConnecting = 1,
    RTCPeerConnectionStateConnected = 2,
    RTCPeerConnectionStateDisconnected = 3,
    RTCPeerConnectionStateFailed = 4,
    RTCPeerConnectionStateClosed = 5,
};
typedef NS_ENUM(NSInteger, RTCIceConnectionState) { RTCIceConnectionStateNew = 0 };
typedef NS_ENUM(NSInteger, RTCIceGatheringState) { RTCIceGatheringStateNew = 0 };
typedef NS_ENUM(NSInteger, RTCSdpSemantics) { RTCSdpSemanticsPlanB = 0, RTCSdpSemanticsUnifiedPlan = 1 };
typedef NS_ENUM(NSInteger, RTCBundlePolicy) {
    RTCBundlePolicyBalanced = 0,
    RTCBundlePolicyMaxCompat = 1,
    RTCBundlePolicyMaxBundle = 2,
};
typedef NS_ENUM(NSInteger, RTCContinualGatheringPolicy) {
    RTCContinualGatheringPolicyGatherOnce = 0,
    RTCContinualGatheringPolicyGatherContinually = 1,
};
typedef NS_ENUM(NSInteger, RTCRtpMediaType) {
    RTCRtpMediaTypeAudio = 0,
    RTCRtpMediaTypeVideo = 1,
    RTCRtpMediaTypeData = 2,
};
typedef NS_ENUM(NSInteger, RTCRtpTransceiverDirection) {
    RTCRtpTransceiverDirectionSendRecv = 0,
    RTCRtpTransceiverDirectionSendOnly = 1,
    RTCRtpTransceiverDirectionRecvOnly = 2,
    RTCRtpTransceiverDirectionInactive = 3,
    RTCRtpTransceiverDirectionStopped = 4,
};

extern NSString* const kRTCMediaConstraintsIceRestart;
extern NSString* const kRTCMediaConstraintsValueTrue;

@class RTCDataChannel;
@class RTCMediaStream;
@class RTCPeerConnection;

// ---- values ----

@interface RTCSessionDescription : NSObject
@property(nonatomic, readonly) RTCSdpType type;
@property(nonatomic, readonly) NSString* sdp;
- (instancetype)initWithType:(RTCSdpType)type sdp:(NSString*)sdp;
@end

@interface RTCIceCandidate : NSObject
@property(nonatomic, readonly, nullable) NSString* sdpMid;
@property(nonatomic, readonly) int sdpMLineIndex;
@property(nonatomic, readonly) NSString* sdp;
- (instancetype)initWithSdp:(NSString*)sdp sdpMLineIndex:(int)sdpMLineIndex sdpMid:(nullable NSString*)sdpMid;
@end

@interface RTCIceServer : NSObject
@property(nonatomic, readonly) NSArray<NSString*>* urlStrings;
- (instancetype)initWithURLStrings:(NSArray<NSString*>*)urlStrings
                          username:(nullable NSString*)username
                        credential:(nullable NSString*)credential;
@end

@interface RTCConfiguration : NSObject
@property(nonatomic, copy) NSArray<RTCIceServer*>* iceServers;
@property(nonatomic) RTCSdpSemantics sdpSemantics;
@property(nonatomic) RTCBundlePolicy bundlePolicy;
@property(nonatomic) RTCContinualGatheringPolicy continualGatheringPolicy;
@end

@interface RTCMediaConstraints : NSObject
- (instancetype)initWithMandatoryConstraints:(nullable NSDictionary<NSString*, NSString*>*)mandatory
                         optionalConstraints:(nullable NSDictionary<NSString*, NSString*>*)optional;
@end

@interface RTCStatistics : NSObject
@property(nonatomic, readonly) NSString* type;
@property(nonatomic, readonly) NSDictionary<NSString*, NSObject*>* values;
@end

@interface RTCStatisticsReport : NSObject
@property(nonatomic, readonly) NSTimeInterval timestamp_us;  // CFTimeInterval
@property(nonatomic, readonly) NSDictionary<NSString*, RTCStatistics*>* statistics;
@end

// ---- tracks ----

@interface RTCMediaStreamTrack : NSObject
@property(nonatomic, assign) BOOL isEnabled;
@end

@interface RTCAudioTrack : RTCMediaStreamTrack
@end

@interface RTCVideoTrack : RTCMediaStreamTrack
@end

@protocol RTCVideoCapturerDelegate <NSObject>
@end

@interface RTCVideoSource : NSObject <RTCVideoCapturerDelegate>
@end

@interface RTCVideoCapturer : NSObject
- (instancetype)initWithDelegate:(id<RTCVideoCapturerDelegate>)delegate;
@end

@interface RTCCameraVideoCapturer : RTCVideoCapturer
+ (NSArray<AVCaptureDevice*>*)captureDevices;
+ (NSArray<AVCaptureDeviceFormat*>*)supportedFormatsForDevice:(AVCaptureDevice*)device;
- (void)startCaptureWithDevice:(AVCaptureDevice*)device
                        format:(AVCaptureDeviceFormat*)format
                           fps:(NSInteger)fps
             completionHandler:(nullable void (^)(NSError* _Nullable error))completionHandler;
- (void)stopCaptureWithCompletionHandler:(nullable void (^)(void))completionHandler;
@end

@interface RTCRtpEncodingParameters : NSObject
@property(nonatomic, assign) BOOL isActive;
@end

@interface RTCRtpParameters : NSObject
@property(nonatomic, copy) NSArray<RTCRtpEncodingParameters*>* encodings;
@end

@interface RTCRtpSender : NSObject
@property(nonatomic, copy) RTCRtpParameters* parameters;
@property(nonatomic, copy, nullable) RTCMediaStreamTrack* track;
@end

@interface RTCRtpReceiver : NSObject
@property(nonatomic, readonly, nullable) RTCMediaStreamTrack* track;
@end

@interface RTCRtpTransceiverInit : NSObject
@property(nonatomic) RTCRtpTransceiverDirection direction;
@property(nonatomic) NSArray<NSString*>* streamIds;
@end

@interface RTCRtpTransceiver : NSObject
@property(nonatomic, readonly) RTCRtpMediaType mediaType;
@property(nonatomic, readonly) RTCRtpSender* sender;
@property(nonatomic, readonly) RTCRtpReceiver* receiver;
@property(nonatomic, readonly) BOOL isStopped;
@property(nonatomic, readonly) RTCRtpTransceiverDirection direction;
- (BOOL)currentDirection:(RTCRtpTransceiverDirection*)currentDirectionOut;
- (void)setDirection:(RTCRtpTransceiverDirection)direction error:(NSError**)error;
@end

// ---- the connection ----

@protocol RTCPeerConnectionDelegate <NSObject>
- (void)peerConnection:(RTCPeerConnection*)peerConnection didChangeSignalingState:(RTCSignalingState)stateChanged;
- (void)peerConnection:(RTCPeerConnection*)peerConnection didAddStream:(RTCMediaStream*)stream;
- (void)peerConnection:(RTCPeerConnection*)peerConnection didRemoveStream:(RTCMediaStream*)stream;
- (void)peerConnectionShouldNegotiate:(RTCPeerConnection*)peerConnection;
- (void)peerConnection:(RTCPeerConnection*)peerConnection didChangeIceConnectionState:(RTCIceConnectionState)newState;
- (void)peerConnection:(RTCPeerConnection*)peerConnection didChangeIceGatheringState:(RTCIceGatheringState)newState;
- (void)peerConnection:(RTCPeerConnection*)peerConnection didGenerateIceCandidate:(RTCIceCandidate*)candidate;
- (void)peerConnection:(RTCPeerConnection*)peerConnection didRemoveIceCandidates:(NSArray<RTCIceCandidate*>*)candidates;
- (void)peerConnection:(RTCPeerConnection*)peerConnection didOpenDataChannel:(RTCDataChannel*)dataChannel;
@optional
- (void)peerConnection:(RTCPeerConnection*)peerConnection didChangeConnectionState:(RTCPeerConnectionState)newState;
@end

@interface RTCPeerConnection : NSObject
@property(nonatomic, weak, nullable) id<RTCPeerConnectionDelegate> delegate;
@property(nonatomic, readonly, nullable) RTCSessionDescription* remoteDescription;
@property(nonatomic, readonly) RTCSignalingState signalingState;
@property(nonatomic, readonly) NSArray<RTCRtpTransceiver*>* transceivers;
- (nullable RTCRtpSender*)addTrack:(RTCMediaStreamTrack*)track streamIds:(NSArray<NSString*>*)streamIds;
- (nullable RTCRtpTransceiver*)addTransceiverOfType:(RTCRtpMediaType)mediaType init:(RTCRtpTransceiverInit*)init;
- (void)offerForConstraints:(RTCMediaConstraints*)constraints
          completionHandler:(void (^)(RTCSessionDescription* _Nullable sdp, NSError* _Nullable error))completionHandler;
- (void)answerForConstraints:(RTCMediaConstraints*)constraints
           completionHandler:(void (^)(RTCSessionDescription* _Nullable sdp, NSError* _Nullable error)
                             )completionHandler;
- (void)setLocalDescription:(RTCSessionDescription*)sdp
          completionHandler:(void (^)(NSError* _Nullable error))completionHandler;
- (void)setRemoteDescription:(RTCSessionDescription*)sdp
           completionHandler:(void (^)(NSError* _Nullable error))completionHandler;
- (void)addIceCandidate:(RTCIceCandidate*)candidate
      completionHandler:(void (^)(NSError* _Nullable error))completionHandler;
- (void)statisticsWithCompletionHandler:(void (^)(RTCStatisticsReport* report))completionHandler;
- (void)close;
@end

@protocol RTCVideoEncoderFactory <NSObject>
@end
@protocol RTCVideoDecoderFactory <NSObject>
@end
@interface RTCDefaultVideoEncoderFactory : NSObject <RTCVideoEncoderFactory>
@end
@interface RTCDefaultVideoDecoderFactory : NSObject <RTCVideoDecoderFactory>
@end

@interface RTCPeerConnectionFactory : NSObject
- (instancetype)initWithEncoderFactory:(nullable id<RTCVideoEncoderFactory>)encoderFactory
                        decoderFactory:(nullable id<RTCVideoDecoderFactory>)decoderFactory;
- (RTCAudioTrack*)audioTrackWithTrackId:(NSString*)trackId;
- (RTCVideoSource*)videoSource;
- (RTCVideoTrack*)videoTrackWithSource:(RTCVideoSource*)source trackId:(NSString*)trackId;
- (nullable RTCPeerConnection*)peerConnectionWithConfiguration:(RTCConfiguration*)configuration
                                                   constraints:(RTCMediaConstraints*)constraints
                                                      delegate:(nullable id<RTCPeerConnectionDelegate>)delegate;
@end

// ---- the audio session ----

@interface RTCAudioSessionConfiguration : NSObject
@property(nonatomic, strong) NSString* category;
@property(nonatomic, strong) NSString* mode;
+ (instancetype)webRTCConfiguration;
+ (void)setWebRTCConfiguration:(RTCAudioSessionConfiguration*)configuration;
@end

@protocol RTCAudioSessionActivationDelegate <NSObject>
- (void)audioSessionDidActivate:(AVAudioSession*)session;
- (void)audioSessionDidDeactivate:(AVAudioSession*)session;
@end

@interface RTCAudioSession : NSObject <RTCAudioSessionActivationDelegate>
@property(nonatomic, assign) BOOL useManualAudio;
@property(nonatomic, assign) BOOL isAudioEnabled;
+ (instancetype)sharedInstance;
@end

NS_ASSUME_NONNULL_END
