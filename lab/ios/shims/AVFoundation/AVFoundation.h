/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#import <AVFAudio/AVFAudio.h>
#import <CoreMedia/CoreMedia.h>

NS_ASSUME_NONNULL_BEGIN

typedef NS_ENUM(NSInteger, AVCaptureDevicePosition) {
    AVCaptureDevicePositionUnspecified = 0,
    AVCaptureDevicePositionBack = 1,
    AVCaptureDevicePositionFront = 2,
};

@interface AVFrameRateRange : NSObject
@property(readonly) double maxFrameRate;
@end

@interface AVCaptureDeviceFormat : NSObject
@property(readonly) CMFormatDescriptionRef formatDescription;
@property(readonly) NSArray<AVFrameRateRange*>* videoSupportedFrameRateRanges;
@end

@interface AVCaptureDevice : NSObject
@property(readonly) AVCaptureDevicePosition position;
@end

NS_ASSUME_NONNULL_END
