/* SPDX-License-Identifier: Apache-2.0 */
#import "lab/ios/fake_webrtc_parts.h"

#include <thread>

using clarion::lab::IPhone;
using namespace clarion::lab::webrtc;

NSString* const kRTCMediaConstraintsIceRestart = @"IceRestart";
NSString* const kRTCMediaConstraintsValueTrue = @"true";

namespace clarion::lab::webrtc {

void signal(void (^block)()) {
    auto& phone = IPhone::current();
    phone.post(phone.generation(), ^{
      std::thread{[block] {
          @autoreleasepool {
              is_signalling = true;
              block();
          }
      }}.join();
    });
}

void enters(NSString* what) {
    if (is_signalling) IPhone::current().violate("WRTC-04 on a thread of WebRTC: " + std::string{what.UTF8String});
}

NSError* fault(NSString* why) {
    return [NSError errorWithDomain:@"org.webrtc.RTCPeerConnection" code:1 userInfo:@{NSLocalizedDescriptionKey : why}];
}

}  // namespace clarion::lab::webrtc

// ---- values ----

@implementation RTCSessionDescription
- (instancetype)initWithType:(RTCSdpType)type sdp:(NSString*)sdp {
    if ((self = [super init])) {
        _type = type;
        _sdp = [sdp copy];
    }
    return self;
}
@end

@implementation RTCIceCandidate
- (instancetype)initWithSdp:(NSString*)sdp sdpMLineIndex:(int)sdpMLineIndex sdpMid:(NSString*)sdpMid {
    if ((self = [super init])) {
        _sdp = [sdp copy];
        _sdpMLineIndex = sdpMLineIndex;
        _sdpMid = [sdpMid copy];
    }
    return self;
}
@end

@implementation RTCIceServer
- (instancetype)initWithURLStrings:(NSArray*)urlStrings username:(NSString*)username credential:(NSString*)credential {
    if ((self = [super init])) _urlStrings = [urlStrings copy];
    return self;
}
@end

@implementation RTCConfiguration
@end

@implementation RTCMediaConstraints
- (instancetype)initWithMandatoryConstraints:(NSDictionary*)mandatory optionalConstraints:(NSDictionary*)optional {
    if ((self = [super init])) _labMandatory = [mandatory copy];
    return self;
}
@end

@interface RTCStatistics ()
- (instancetype)initWithLabType:(NSString*)type values:(NSDictionary*)values;
@end

@implementation RTCStatistics
- (instancetype)initWithLabType:(NSString*)type values:(NSDictionary*)values {
    if ((self = [super init])) {
        _type = type;
        _values = values;
    }
    return self;
}
@end

@implementation RTCStatisticsReport
- (instancetype)initWithLabStatistics:(NSDictionary<NSString*, NSDictionary*>*)statistics {
    if ((self = [super init])) {
        NSMutableDictionary* all = [NSMutableDictionary new];
        for (NSString* type in statistics.allKeys) {
            all[type] = [[RTCStatistics alloc] initWithLabType:[type componentsSeparatedByString:@"#"].firstObject
                                                        values:statistics[type]];
        }
        _statistics = all;
        _timestamp_us = static_cast<double>(IPhone::current().now) * 1e3;
    }
    return self;
}
@end

// ---- tracks ----

@implementation RTCMediaStreamTrack
- (instancetype)initLab {
    if ((self = [super init])) _isEnabled = YES;
    return self;
}
@end

@implementation RTCAudioTrack
@end
@implementation RTCVideoTrack
@end

@implementation RTCVideoSource
- (instancetype)initLab {
    return [super init];
}
@end

@implementation RTCVideoCapturer {
    __weak id<RTCVideoCapturerDelegate> _delegate;
}
- (instancetype)initWithDelegate:(id<RTCVideoCapturerDelegate>)delegate {
    if ((self = [super init])) _delegate = delegate;
    return self;
}
@end

@implementation AVFrameRateRange
- (double)maxFrameRate {
    return 60;
}
@end

@interface AVCaptureDeviceFormat ()
@property(nonatomic) std::uintptr_t labWidth;
@end

@implementation AVCaptureDeviceFormat
- (CMFormatDescriptionRef)formatDescription {
    return reinterpret_cast<CMFormatDescriptionRef>(_labWidth);
}
- (NSArray<AVFrameRateRange*>*)videoSupportedFrameRateRanges {
    return @[ [AVFrameRateRange new] ];
}
@end

CMVideoDimensions CMVideoFormatDescriptionGetDimensions(CMFormatDescriptionRef videoDesc) {
    const auto width = static_cast<std::int32_t>(reinterpret_cast<std::uintptr_t>(videoDesc));
    return {width, width * 9 / 16};
}

@interface AVCaptureDevice ()
@property(nonatomic) AVCaptureDevicePosition labPosition;
@end

@implementation AVCaptureDevice
- (AVCaptureDevicePosition)position {
    return _labPosition;
}
@end

@implementation RTCCameraVideoCapturer {
    BOOL _runs;
}
+ (NSArray<AVCaptureDevice*>*)captureDevices {
    if (!has_camera) return @[];
    AVCaptureDevice* back = [AVCaptureDevice new];
    back.labPosition = AVCaptureDevicePositionBack;
    AVCaptureDevice* front = [AVCaptureDevice new];
    front.labPosition = AVCaptureDevicePositionFront;
    return @[ back, front ];
}
+ (NSArray<AVCaptureDeviceFormat*>*)supportedFormatsForDevice:(AVCaptureDevice*)device {
    NSMutableArray* formats = [NSMutableArray new];
    for (NSNumber* width in @[ @640, @1280, @3840 ]) {
        AVCaptureDeviceFormat* format = [AVCaptureDeviceFormat new];
        format.labWidth = width.unsignedIntValue;
        [formats addObject:format];
    }
    return formats;
}
- (void)startCaptureWithDevice:(AVCaptureDevice*)device
                        format:(AVCaptureDeviceFormat*)format
                           fps:(NSInteger)fps
             completionHandler:(void (^)(NSError*))completionHandler {
    enters(@"startCapture");
    if (running_width != 0) IPhone::current().violate("WRTC-08 a second camera");
    if (fps < 1 || fps > 60) IPhone::current().violate("WRTC-08 no such rate of frames");
    _runs = YES;
    const auto width = static_cast<int>(format.labWidth);
    running_width = device.position == AVCaptureDevicePositionBack ? -width : width;
    if (completionHandler != nil) {
        signal(^{
          completionHandler(nil);
        });
    }
}
- (void)stopCaptureWithCompletionHandler:(void (^)())completionHandler {
    enters(@"stopCapture");
    if (_runs) running_width = 0;
    _runs = NO;
    if (completionHandler != nil) signal(completionHandler);
}
- (void)dealloc {
    if (_runs && IPhone::is_there()) IPhone::current().violate("WRTC-08 the camera was left on");
}
+ (BOOL)labHasCamera {
    return has_camera;
}
+ (void)setLabHasCamera:(BOOL)on {
    has_camera = on;
}
+ (int)labWidth {
    return running_width;
}
@end

@implementation RTCRtpEncodingParameters
@end

@implementation RTCRtpParameters
@end

@implementation RTCRtpSender {
    int _transactions;
}
- (instancetype)initLab {
    if ((self = [super init])) _labIsActive = YES;
    return self;
}
- (RTCRtpParameters*)parameters {
    [_labPeer labEnters:@"parameters"];
    RTCRtpParameters* parameters = [RTCRtpParameters new];
    RTCRtpEncodingParameters* encoding = [RTCRtpEncodingParameters new];
    encoding.isActive = _labIsActive;
    parameters.encodings = @[ encoding ];
    parameters.labTransaction = ++_transactions;
    return parameters;
}
- (void)setParameters:(RTCRtpParameters*)parameters {
    [_labPeer labEnters:@"setParameters"];
    if (parameters.labTransaction != _transactions || parameters.encodings.count != 1) {
        IPhone::current().violate("WRTC-06 parameters that are not the last ones");
        return;
    }
    _labIsActive = parameters.encodings[0].isActive;
}
- (void)setTrack:(RTCMediaStreamTrack*)track {
    [_labPeer labEnters:@"setTrack"];
    Class kind = _labType == RTCRtpMediaTypeAudio ? [RTCAudioTrack class] : [RTCVideoTrack class];
    if (track != nil && ![track isKindOfClass:kind]) IPhone::current().violate("WRTC-01 a track of another kind");
    _track = track;
}
@end

@implementation RTCRtpReceiver
- (instancetype)initWithLabType:(RTCRtpMediaType)type {
    if ((self = [super init])) {
        _track = type == RTCRtpMediaTypeAudio ? [[RTCAudioTrack alloc] initLab] : [[RTCVideoTrack alloc] initLab];
    }
    return self;
}
@end

@implementation RTCRtpTransceiverInit
@end

@implementation RTCRtpTransceiver
- (instancetype)initWithLabType:(RTCRtpMediaType)type direction:(RTCRtpTransceiverDirection)direction {
    if ((self = [super init])) {
        _mediaType = type;
        _direction = direction;
        _labCurrent = -1;
        _sender = [[RTCRtpSender alloc] initLab];
        _sender.labType = type;
        _receiver = [[RTCRtpReceiver alloc] initWithLabType:type];
    }
    return self;
}
- (BOOL)currentDirection:(RTCRtpTransceiverDirection*)currentDirectionOut {
    if (_labCurrent < 0) return NO;
    *currentDirectionOut = static_cast<RTCRtpTransceiverDirection>(_labCurrent);
    return YES;
}
- (void)setDirection:(RTCRtpTransceiverDirection)direction error:(NSError* __autoreleasing*)error {
    [_sender.labPeer labEnters:@"setDirection"];
    _direction = direction;
}
@end

// ---- the audio session ----

@implementation RTCAudioSessionConfiguration
static NSString* webrtc_category = @"AVAudioSessionCategoryPlayAndRecord";
static NSString* webrtc_mode = @"AVAudioSessionModeVoiceChat";
+ (instancetype)webRTCConfiguration {
    RTCAudioSessionConfiguration* configuration = [self new];
    configuration.category = webrtc_category;
    configuration.mode = webrtc_mode;
    return configuration;
}
+ (void)setWebRTCConfiguration:(RTCAudioSessionConfiguration*)configuration {
    webrtc_category = configuration.category;
    webrtc_mode = configuration.mode;
}
@end

@implementation RTCAudioSession {
    int _activations;
    BOOL _runs;
}
+ (instancetype)sharedInstance {
    static RTCAudioSession* shared = [[RTCAudioSession alloc] initLab];
    return shared;
}
- (instancetype)initLab {
    return [super init];
}
- (void)setUseManualAudio:(BOOL)on {
    if (on && !_useManualAudio && has_audio_track) IPhone::current().violate("WRTC-07 manual audio comes too late");
    _useManualAudio = on;
    [self labSettle];
}
- (void)setIsAudioEnabled:(BOOL)on {
    enters(@"isAudioEnabled");
    _isAudioEnabled = on;
    [self labSettle];
}
- (void)audioSessionDidActivate:(AVAudioSession*)session {
    ++_activations;
}
- (void)audioSessionDidDeactivate:(AVAudioSession*)session {
    if (--_activations < 0) IPhone::current().violate("IOS-AU-02 deactivated more often than activated");
    if (_runs) IPhone::current().violate("IOS-AU-02 deactivated while the audio unit runs");
}
- (BOOL)labRuns {
    return _runs;
}
- (void)labForget {
    _useManualAudio = _isAudioEnabled = _runs = NO;
    _activations = 0;
    webrtc_mode = @"AVAudioSessionModeVoiceChat";
}
/// As WebRTC does it: the unit runs from the moment that there is a call with voice, if it may.
- (void)labSettle {
    BOOL isWanted = NO;
    for (RTCPeerConnection* one in [RTCPeerConnection labAll]) {
        isWanted = isWanted || (one.remoteDescription != nil && one.signalingState == RTCSignalingStateStable);
    }
    const BOOL mayRun = !_useManualAudio || _isAudioEnabled;
    if (_runs == (isWanted && mayRun)) return;
    _runs = isWanted && mayRun;
    if (!_runs) return;
    auto& phone = IPhone::current();
    phone.category = webrtc_category;
    phone.mode = webrtc_mode;
    if (_activations == 0) phone.app_activates_session();
    if (!phone.is_audio_active()) phone.violate("IOS_IO_OUTSIDE_ACTIVATION IOS-AU-02: the audio unit");
}
@end
