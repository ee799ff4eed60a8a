/* SPDX-License-Identifier: Apache-2.0 */
#import "CLRCamera.h"

#include <algorithm>
#include <cstdlib>

namespace {

constexpr int32_t kWidth = 1280;
constexpr double kFramesPerSecond = 30;

AVCaptureDevice* device_at(AVCaptureDevicePosition position) {
    NSArray<AVCaptureDevice*>* devices = [RTCCameraVideoCapturer captureDevices];
    for (AVCaptureDevice* device in devices) {
        if (device.position == position) return device;
    }
    return devices.firstObject;
}

AVCaptureDeviceFormat* format_of(AVCaptureDevice* device) {
    AVCaptureDeviceFormat* best = nil;
    int32_t distance = INT32_MAX;
    for (AVCaptureDeviceFormat* format in [RTCCameraVideoCapturer supportedFormatsForDevice:device]) {
        const int32_t width = CMVideoFormatDescriptionGetDimensions(format.formatDescription).width;
        if (std::abs(width - kWidth) >= distance) continue;
        distance = std::abs(width - kWidth);
        best = format;
    }
    return best;
}

NSInteger rate_of(AVCaptureDeviceFormat* format) {
    double most = 0;
    for (AVFrameRateRange* range in format.videoSupportedFrameRateRanges) most = std::max(most, range.maxFrameRate);
    return static_cast<NSInteger>(std::min(most, kFramesPerSecond));
}

}  // namespace

@implementation CLRCamera {
    RTCVideoSource* _source;
    RTCCameraVideoCapturer* _capturer;
    BOOL _isOn;
}

- (instancetype)initWithFactory:(RTCPeerConnectionFactory*)factory {
    if ((self = [super init])) {
        _source = [factory videoSource];
        _track = [factory videoTrackWithSource:_source trackId:@"pictures"];
        _capturer = [[RTCCameraVideoCapturer alloc] initWithDelegate:_source];
    }
    return self;
}

- (void)dealloc {
    [self stop];
}

- (void)startAtBack:(BOOL)isBack failed:(void (^)(NSString*))failed {
    if (_isOn) return;
    AVCaptureDevice* device = device_at(isBack ? AVCaptureDevicePositionBack : AVCaptureDevicePositionFront);
    AVCaptureDeviceFormat* format = device == nil ? nil : format_of(device);
    if (format == nil) return failed(@"there is no camera");
    _isOn = YES;
    _track.isEnabled = YES;
    [_capturer startCaptureWithDevice:device
                               format:format
                                  fps:rate_of(format)
                    completionHandler:^(NSError* error) {
                      if (error != nil) failed(error.localizedDescription);
                    }];
}

- (void)stop {
    if (!_isOn) return;
    _isOn = NO;
    _track.isEnabled = NO;
    [_capturer stopCaptureWithCompletionHandler:nil];
}

@end
