/* SPDX-License-Identifier: Apache-2.0 */
#import "CLRRooms.h"

@implementation CLRAudio {
    AVAudioPlayer* _player;
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
    [self later:^(CLRAudio* audio) {
      [audio tellMicrophone];
    }];
}

- (void)dealloc {
    [self invalidate];
}

- (void)invalidate {
    [[NSNotificationCenter defaultCenter] removeObserver:self];
    [_player stop];
}

- (void)configure {
    if (_style != nil && ![_style[@"configure_audio"] boolValue]) return;
    AVAudioSession* session = [AVAudioSession sharedInstance];
    NSError* error = nil;
    [session setCategory:AVAudioSessionCategoryPlayAndRecord
                    mode:CLRConstantOf(CLRAudioModes(), _style[@"audio_mode"], AVAudioSessionModeVoiceChat)
                 options:AVAudioSessionCategoryOptionAllowBluetooth
                   error:&error];
    if (error != nil) [self.shell note:[NSString stringWithFormat:@"audio category refused: %ld", (long)error.code]];
    if (_style == nil) return;
    [session setPreferredSampleRate:[_style[@"sample_rate_hz"] doubleValue] error:nil];
    [session setPreferredIOBufferDuration:[_style[@"io_buffer_us"] doubleValue] / 1e6 error:nil];
}

- (void)sessionIsActive:(BOOL)isActive {
    if (isActive) [self tellMicrophone];  // The user may have been asked meanwhile (IOS-AU-07).
    NSString* type = isActive ? @CLARION_ENGINE_INPUT_AUDIO_ACTIVATED : @CLARION_ENGINE_INPUT_AUDIO_DEACTIVATED;
    [self.shell feed:@{@"type" : type}];
}

- (void)tellMicrophone {
    const BOOL isDenied = [AVAudioSession sharedInstance].recordPermission == AVAudioSessionRecordPermissionDenied;
    [self.shell deviceChanged:@{@"type" : @CLARION_ENGINE_INPUT_MICROPHONE_CHANGED, @"available" : CLRBool(!isDenied)}];
}

// ---- routes ----

/// Only the speaker can be forced; of everything else the system takes what is plugged in.
- (void)performSetAudioRoute:(CLRMessage*)command {
    const BOOL isSpeaker = [command[@"route"] isEqual:@CLARION_AUDIO_ROUTE_SPEAKER];
    [[AVAudioSession sharedInstance]
        overrideOutputAudioPort:isSpeaker ? AVAudioSessionPortOverrideSpeaker : AVAudioSessionPortOverrideNone
                          error:nil];
}

- (void)routeChanged:(NSNotification*)notification {
    AVAudioSessionPort port = [AVAudioSession sharedInstance].currentRoute.outputs.firstObject.portType;
    NSString* route = (port == nil ? nil : CLRAudioRoutes()[port]) ?: @CLARION_AUDIO_ROUTE_UNKNOWN;
    [self later:^(CLRAudio* audio) {
      [audio.shell deviceChanged:@{@"type" : @CLARION_ENGINE_INPUT_AUDIO_ROUTE_CHANGED, @"route" : route}];
    }];
}

/// The session is gone; CallKit activates it again (IOS-AU-06).
- (void)servicesWereReset:(NSNotification*)notification {
    [self later:^(CLRAudio* audio) {
      [audio sessionIsActive:NO];
    }];
}

// ---- tones: only while the session is active; the engine knows ----

- (void)performPlayTone:(CLRMessage*)command {
    [_player stop];
    NSString* tone = command[@"tone"];
    NSURL* sound = self.shell.configuration.tones[tone];
    _player = sound == nil ? nil : [[AVAudioPlayer alloc] initWithContentsOfURL:sound error:nil];
    const BOOL isOnce = [@[ @CLARION_TONE_END, @CLARION_TONE_BUSY ] containsObject:tone];
    _player.numberOfLoops = isOnce ? 0 : -1;
    [_player play];
}

- (void)performStopTone:(CLRMessage*)command {
    [_player stop];
    _player = nil;
}

@end
