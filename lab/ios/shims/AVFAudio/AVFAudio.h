/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#import <Foundation/Foundation.h>

NS_ASSUME_NONNULL_BEGIN

typedef NSString* AVAudioSessionCategory;
typedef NSString* AVAudioSessionMode;
typedef NSString* AVAudioSessionPort;

extern const AVAudioSessionCategory AVAudioSessionCategoryPlayAndRecord;
extern const AVAudioSessionCategory AVAudioSessionCategorySoloAmbient;
extern const AVAudioSessionMode AVAudioSessionModeDefault;
extern const AVAudioSessionMode AVAudioSessionModeGameChat;
extern const AVAudioSessionMode AVAudioSessionModeMeasurement;
extern const AVAudioSessionMode AVAudioSessionModeMoviePlayback;
extern const AVAudioSessionMode AVAudioSessionModeSpokenAudio;
extern const AVAudioSessionMode AVAudioSessionModeVideoChat;
extern const AVAudioSessionMode AVAudioSessionModeVideoRecording;
extern const AVAudioSessionMode AVAudioSessionModeVoiceChat;
extern const AVAudioSessionMode AVAudioSessionModeVoicePrompt;
extern const AVAudioSessionPort AVAudioSessionPortBuiltInReceiver;
extern const AVAudioSessionPort AVAudioSessionPortBuiltInSpeaker;
extern const AVAudioSessionPort AVAudioSessionPortHeadphones;
extern const AVAudioSessionPort AVAudioSessionPortUSBAudio;
extern const AVAudioSessionPort AVAudioSessionPortBluetoothHFP;
extern const AVAudioSessionPort AVAudioSessionPortBluetoothA2DP;
extern const AVAudioSessionPort AVAudioSessionPortBluetoothLE;
extern const AVAudioSessionPort AVAudioSessionPortCarAudio;
extern NSString* const AVAudioSessionRouteChangeNotification;
extern NSString* const AVAudioSessionMediaServicesWereResetNotification;

typedef NS_ENUM(NSUInteger, AVAudioSessionCategoryOptions) { AVAudioSessionCategoryOptionAllowBluetooth = 4 };
typedef NS_ENUM(NSUInteger, AVAudioSessionPortOverride) {
    AVAudioSessionPortOverrideNone = 0,
    AVAudioSessionPortOverrideSpeaker = 0x73706b72,
};
typedef NS_ENUM(NSUInteger, AVAudioSessionRecordPermission) {
    AVAudioSessionRecordPermissionUndetermined = 0x756e6474,
    AVAudioSessionRecordPermissionDenied = 0x64656e79,
    AVAudioSessionRecordPermissionGranted = 0x67726e74,
};

@interface AVAudioSessionPortDescription : NSObject
@property(readonly) AVAudioSessionPort portType;
@end

@interface AVAudioSessionRouteDescription : NSObject
@property(readonly) NSArray<AVAudioSessionPortDescription*>* outputs;
@end

@interface AVAudioSession : NSObject
+ (AVAudioSession*)sharedInstance;
- (BOOL)setCategory:(AVAudioSessionCategory)category
               mode:(AVAudioSessionMode)mode
            options:(AVAudioSessionCategoryOptions)options
              error:(NSError* _Nullable* _Nullable)outError;
- (BOOL)setActive:(BOOL)active error:(NSError* _Nullable* _Nullable)outError;
- (BOOL)setPreferredSampleRate:(double)sampleRate error:(NSError* _Nullable* _Nullable)outError;
- (BOOL)setPreferredIOBufferDuration:(NSTimeInterval)duration error:(NSError* _Nullable* _Nullable)outError;
- (void)requestRecordPermission:(void (^)(BOOL granted))response;
- (BOOL)overrideOutputAudioPort:(AVAudioSessionPortOverride)portOverride error:(NSError* _Nullable* _Nullable)outError;
@property(readonly) AVAudioSessionCategory category;
@property(readonly) AVAudioSessionMode mode;
@property(readonly) AVAudioSessionRecordPermission recordPermission;
@property(readonly) AVAudioSessionRouteDescription* currentRoute;
@end

@interface AVAudioPlayer : NSObject
- (nullable instancetype)initWithContentsOfURL:(NSURL*)url error:(NSError* _Nullable* _Nullable)outError;
- (BOOL)play;
- (void)stop;
@property NSInteger numberOfLoops;
@end

NS_ASSUME_NONNULL_END
