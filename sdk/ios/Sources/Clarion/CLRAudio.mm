/* SPDX-License-Identifier: Apache-2.0 */
#import "CLRAudio.h"

namespace {

AVAudioSessionMode mode_of(NSString* word) {
    NSDictionary<NSString*, AVAudioSessionMode>* modes = @{
        @CLARION_AUDIO_MODE_STANDARD : AVAudioSessionModeDefault,
        @CLARION_AUDIO_MODE_GAME_CHAT : AVAudioSessionModeGameChat,
        @CLARION_AUDIO_MODE_MEASUREMENT : AVAudioSessionModeMeasurement,
        @CLARION_AUDIO_MODE_MOVIE_PLAYBACK : AVAudioSessionModeMoviePlayback,
        @CLARION_AUDIO_MODE_SPOKEN_AUDIO : AVAudioSessionModeSpokenAudio,
        @CLARION_AUDIO_MODE_VIDEO_CHAT : AVAudioSessionModeVideoChat,
        @CLARION_AUDIO_MODE_VIDEO_RECORDING : AVAudioSessionModeVideoRecording,
        @CLARION_AUDIO_MODE_VOICE_CHAT : AVAudioSessionModeVoiceChat,
        @CLARION_AUDIO_MODE_VOICE_PROMPT : AVAudioSessionModeVoicePrompt,
    };
    return modes[word] ?: AVAudioSessionModeVoiceChat;
}

NSString* route_of(AVAudioSessionPort port) {
    NSDictionary<AVAudioSessionPort, NSString*>* words = @{
        AVAudioSessionPortBuiltInReceiver : @CLARION_AUDIO_ROUTE_EARPIECE,
        AVAudioSessionPortBuiltInSpeaker : @CLARION_AUDIO_ROUTE_SPEAKER,
        AVAudioSessionPortHeadphones : @CLARION_AUDIO_ROUTE_WIRED,
        AVAudioSessionPortUSBAudio : @CLARION_AUDIO_ROUTE_WIRED,
        AVAudioSessionPortBluetoothHFP : @CLARION_AUDIO_ROUTE_BLUETOOTH,
        AVAudioSessionPortBluetoothA2DP : @CLARION_AUDIO_ROUTE_BLUETOOTH,
        AVAudioSessionPortBluetoothLE : @CLARION_AUDIO_ROUTE_BLUETOOTH,
        AVAudioSessionPortCarAudio : @CLARION_AUDIO_ROUTE_CAR,
    };
    return words[port] ?: @CLARION_AUDIO_ROUTE_UNKNOWN;
}

}  // namespace

@implementation CLRAudio {
    __weak id<CLRFacts> _facts;
    NSDictionary<NSString*, NSURL*>* _tones;
    CLRMessage* _style;
    BOOL _isActive;
    NSURL* _tone;  // To be heard as soon as the session is active.
    BOOL _isEndless;
    AVAudioPlayer* _player;
}

- (instancetype)initWithFacts:(id<CLRFacts>)facts tones:(NSDictionary<NSString*, NSURL*>*)tones {
    if ((self = [super init])) {
        _facts = facts;
        _tones = tones;
    }
    return self;
}

- (void)start {
    NSNotificationCenter* center = [NSNotificationCenter defaultCenter];
    AVAudioSession* session = [AVAudioSession sharedInstance];
    [center addObserver:self
               selector:@selector(routeChanged:)
                   name:AVAudioSessionRouteChangeNotification
                 object:session];
    [center addObserver:self
               selector:@selector(servicesWereReset:)
                   name:AVAudioSessionMediaServicesWereResetNotification
                 object:session];
    __weak CLRAudio* weakly = self;
    [_facts.system post:^{
      [weakly tellMicrophone];
    }];
}

- (void)dealloc {
    [[NSNotificationCenter defaultCenter] removeObserver:self];
}

- (void)invalidate {
    [[NSNotificationCenter defaultCenter] removeObserver:self];
    [_player stop];
}

- (BOOL)perform:(CLRMessage*)command {
    return CLRPerform(
        self,
        {
            {@CLARION_ENGINE_OUTPUT_SET_AUDIO_ROUTE, @selector(setRoute:)},
            {@CLARION_ENGINE_OUTPUT_PLAY_TONE, @selector(playTone:)},
            {@CLARION_ENGINE_OUTPUT_STOP_TONE, @selector(stopTone:)},
        },
        command
    );
}

- (void)chooseStyle:(CLRMessage*)style {
    _style = style;
}

- (void)configure {
    if (_style != nil && ![_style[@"configure_audio"] boolValue]) return;
    AVAudioSession* session = [AVAudioSession sharedInstance];
    NSError* error = nil;
    [session setCategory:AVAudioSessionCategoryPlayAndRecord
                    mode:mode_of(_style[@"audio_mode"])
                 options:AVAudioSessionCategoryOptionAllowBluetooth
                   error:&error];
    if (error != nil) [_facts note:[NSString stringWithFormat:@"audio category refused: %ld", (long)error.code]];
    if (_style == nil) return;
    [session setPreferredSampleRate:[_style[@"sample_rate_hz"] doubleValue] error:nil];
    [session setPreferredIOBufferDuration:[_style[@"io_buffer_us"] doubleValue] / 1e6 error:nil];
}

- (void)sessionIsActive:(BOOL)isActive {
    _isActive = isActive;
    if (isActive) {
        [self tellMicrophone];  // The user may have been asked meanwhile (IOS-AU-07).
        [self playNow];
    } else {
        [_player stop];
        _player = nil;
    }
    NSString* type = isActive ? @CLARION_ENGINE_INPUT_AUDIO_ACTIVATED : @CLARION_ENGINE_INPUT_AUDIO_DEACTIVATED;
    [_facts feed:@{@"type" : type}];
}

- (void)tellMicrophone {
    const BOOL isDenied = [AVAudioSession sharedInstance].recordPermission == AVAudioSessionRecordPermissionDenied;
    [_facts deviceChanged:@{@"type" : @CLARION_ENGINE_INPUT_MICROPHONE_CHANGED, @"available" : isDenied ? @NO : @YES}];
}

// ---- routes ----

/// Only the speaker can be forced; of everything else the system takes what is plugged in.
- (void)setRoute:(CLRMessage*)command {
    const BOOL isSpeaker = [command[@"route"] isEqual:@CLARION_AUDIO_ROUTE_SPEAKER];
    [[AVAudioSession sharedInstance]
        overrideOutputAudioPort:isSpeaker ? AVAudioSessionPortOverrideSpeaker : AVAudioSessionPortOverrideNone
                          error:nil];
}

- (void)routeChanged:(NSNotification*)notification {
    NSString* route = route_of([AVAudioSession sharedInstance].currentRoute.outputs.firstObject.portType);
    __weak id<CLRFacts> facts = _facts;
    [_facts.system post:^{
      [facts deviceChanged:@{@"type" : @CLARION_ENGINE_INPUT_AUDIO_ROUTE_CHANGED, @"route" : route}];
    }];
}

/// The session is gone; CallKit activates it again (IOS-AU-06).
- (void)servicesWereReset:(NSNotification*)notification {
    __weak CLRAudio* weakly = self;
    [_facts.system post:^{
      [weakly sessionIsActive:NO];
    }];
}

// ---- tones: silence without an active session (IOS-AU-02) ----

- (void)playTone:(CLRMessage*)command {
    NSString* tone = command[@"tone"];
    _tone = _tones[tone];
    _isEndless = ![tone isEqualToString:@CLARION_TONE_END] && ![tone isEqualToString:@CLARION_TONE_BUSY];
    [_player stop];
    _player = nil;
    [self playNow];
}

- (void)playNow {
    if (!_isActive || _tone == nil) return;
    _player = [[AVAudioPlayer alloc] initWithContentsOfURL:_tone error:nil];
    _player.numberOfLoops = _isEndless ? -1 : 0;
    [_player play];
}

- (void)stopTone:(CLRMessage*)command {
    _tone = nil;
    [_player stop];
    _player = nil;
}

@end
