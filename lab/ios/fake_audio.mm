/* SPDX-License-Identifier: Apache-2.0 */
#import "lab/ios/iphone.h"

using clarion::lab::IPhone;

const AVAudioSessionCategory AVAudioSessionCategoryPlayAndRecord = @"AVAudioSessionCategoryPlayAndRecord";
const AVAudioSessionCategory AVAudioSessionCategorySoloAmbient = @"AVAudioSessionCategorySoloAmbient";
const AVAudioSessionMode AVAudioSessionModeDefault = @"AVAudioSessionModeDefault";
const AVAudioSessionMode AVAudioSessionModeGameChat = @"AVAudioSessionModeGameChat";
const AVAudioSessionMode AVAudioSessionModeMeasurement = @"AVAudioSessionModeMeasurement";
const AVAudioSessionMode AVAudioSessionModeMoviePlayback = @"AVAudioSessionModeMoviePlayback";
const AVAudioSessionMode AVAudioSessionModeSpokenAudio = @"AVAudioSessionModeSpokenAudio";
const AVAudioSessionMode AVAudioSessionModeVideoChat = @"AVAudioSessionModeVideoChat";
const AVAudioSessionMode AVAudioSessionModeVideoRecording = @"AVAudioSessionModeVideoRecording";
const AVAudioSessionMode AVAudioSessionModeVoiceChat = @"AVAudioSessionModeVoiceChat";
const AVAudioSessionMode AVAudioSessionModeVoicePrompt = @"AVAudioSessionModeVoicePrompt";
const AVAudioSessionPort AVAudioSessionPortBuiltInReceiver = @"Receiver";
const AVAudioSessionPort AVAudioSessionPortBuiltInSpeaker = @"Speaker";
const AVAudioSessionPort AVAudioSessionPortHeadphones = @"Headphones";
const AVAudioSessionPort AVAudioSessionPortUSBAudio = @"USBAudio";
const AVAudioSessionPort AVAudioSessionPortBluetoothHFP = @"BluetoothHFP";
const AVAudioSessionPort AVAudioSessionPortBluetoothA2DP = @"BluetoothA2DPOutput";
const AVAudioSessionPort AVAudioSessionPortBluetoothLE = @"BluetoothLE";
const AVAudioSessionPort AVAudioSessionPortCarAudio = @"CarAudio";
NSString* const AVAudioSessionRouteChangeNotification = @"AVAudioSessionRouteChangeNotification";
NSString* const AVAudioSessionMediaServicesWereResetNotification = @"AVAudioSessionMediaServicesWereResetNotification";

@implementation AVAudioSessionPortDescription
- (AVAudioSessionPort)portType {
    return IPhone::current().output_port;
}
@end

@implementation AVAudioSessionRouteDescription
- (NSArray*)outputs {
    return @[ [AVAudioSessionPortDescription new] ];
}
@end

@implementation AVAudioSession
+ (AVAudioSession*)sharedInstance {
    static AVAudioSession* shared = [AVAudioSession new];
    return shared;
}
- (BOOL)enters {
    return IPhone::current().enters(IPhone::current().generation());
}
- (BOOL)setCategory:(AVAudioSessionCategory)category
               mode:(AVAudioSessionMode)mode
            options:(AVAudioSessionCategoryOptions)options
              error:(NSError* __autoreleasing*)outError {
    if (![self enters]) return NO;
    IPhone::current().category = category;
    IPhone::current().mode = mode;
    return YES;
}
- (BOOL)setActive:(BOOL)active error:(NSError* __autoreleasing*)outError {
    if (![self enters]) return NO;
    IPhone::current().app_activates_session();
    if (outError != nullptr) *outError = [NSError errorWithDomain:NSOSStatusErrorDomain code:561017449 userInfo:nil];
    return NO;
}
- (BOOL)setPreferredSampleRate:(double)sampleRate error:(NSError* __autoreleasing*)outError {
    return [self enters];
}
- (BOOL)setPreferredIOBufferDuration:(NSTimeInterval)duration error:(NSError* __autoreleasing*)outError {
    return [self enters];
}
- (BOOL)overrideOutputAudioPort:(AVAudioSessionPortOverride)portOverride error:(NSError* __autoreleasing*)outError {
    if (![self enters]) return NO;
    IPhone::current().output_override = portOverride;
    return YES;
}
- (AVAudioSessionCategory)category {
    return IPhone::current().category;
}
- (AVAudioSessionMode)mode {
    return IPhone::current().mode;
}
- (void)requestRecordPermission:(void (^)(BOOL))response {
    if (![self enters]) return;
    auto& phone = IPhone::current();
    if (phone.record_permission == AVAudioSessionRecordPermissionUndetermined) {
        phone.record_permission =
            phone.ask("microphone") ? AVAudioSessionRecordPermissionGranted : AVAudioSessionRecordPermissionDenied;
    }
    phone.post(phone.generation(), ^{
      response(IPhone::current().record_permission == AVAudioSessionRecordPermissionGranted);
    });
}
- (AVAudioSessionRecordPermission)recordPermission {
    return IPhone::current().record_permission;
}
- (AVAudioSessionRouteDescription*)currentRoute {
    return [AVAudioSessionRouteDescription new];
}
@end

@implementation AVAudioPlayer {
    NSURL* _url;
}
- (instancetype)initWithContentsOfURL:(NSURL*)url error:(NSError* __autoreleasing*)outError {
    if ((self = [super init])) _url = url;
    return self;
}
- (BOOL)play {
    auto& phone = IPhone::current();
    if (!phone.enters(phone.generation())) return NO;
    if (!phone.is_audio_active()) {
        phone.violate("IOS_IO_OUTSIDE_ACTIVATION IOS-AU-02: a tone, error 561015905");
        return NO;
    }
    phone.tones_played.emplace_back(_url.lastPathComponent.UTF8String);
    return YES;
}
- (void)stop {
}
@end
