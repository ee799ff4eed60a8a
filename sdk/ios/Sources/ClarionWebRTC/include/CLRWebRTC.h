/* SPDX-License-Identifier: Apache-2.0 */
#if __has_include(<Clarion/CLRPorts.h>)
#import <Clarion/CLRPorts.h>
#import <Clarion/CLRSystem.h>
#else
#import "CLRPorts.h"
#import "CLRSystem.h"
#endif

@class RTCIceServer;
@class RTCVideoTrack;

NS_ASSUME_NONNULL_BEGIN

/// Where the app draws pictures. On the thread of its interface.
@protocol CLRWebRTCVideo <NSObject>
/// The peer's pictures, for a renderer (RTCMTLVideoView); nil: no more.
- (void)call:(NSUUID*)call showsPeer:(nullable RTCVideoTrack*)track;
/// What the camera of this device sends; nil: no more.
- (void)call:(NSUUID*)call showsOwn:(nullable RTCVideoTrack*)track;
@optional
/// There is no camera, or it did not start: the call goes on without own pictures.
- (void)call:(NSUUID*)call cameraFailed:(NSString*)why;
/// The app captures the screen itself: it has to stop.
- (void)callStopsScreenShare:(NSUUID*)call;
@end

/// The media of calls over Google's WebRTC.framework: every media command of docs/engine.md, and its facts.
///
///     configuration.media = [[CLRWebRTC alloc] initWithSystem:system];
///
/// The audio session stays CallKit's: RTCAudioSession is in manual mode, and its audio unit runs from "open_audio" to
/// "close_audio" only. One a process, made before any other user of WebRTC. Threads: everything on the engine's queue,
/// where it also brings what WebRTC calls on its own; the properties are set before the first call. Limits: 100
/// candidates wait for their description.
@interface CLRWebRTC : NSObject <CLRMedia>
- (instancetype)initWithSystem:(id<CLRSystem>)system;
/// STUN and TURN, asked for each connection on the engine's queue; nil: none. Must not wait.
@property(nonatomic, copy, nullable) NSArray<RTCIceServer*>* (^iceServers)(void);
@property(nonatomic, weak, nullable) id<CLRWebRTCVideo> video;
@property(nonatomic) BOOL usesBackCamera;  ///< From the next start of the camera on.
@end

NS_ASSUME_NONNULL_END
