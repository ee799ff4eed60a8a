/* SPDX-License-Identifier: Apache-2.0 */
#import "include/CLRWebRTC.h"

#import "CLRCamera.h"
#import "CLRConnection.h"
#import "CLRQuality.h"
#import "sdk/ios/Sources/Clarion/CLRRoom.h"

namespace {

constexpr int64_t kTick = 500;          // ms
constexpr int kTicksPerStatistics = 4;  // Between, only the first sound is looked for.
constexpr NSInteger kSoundPercent = 1;  // About -40 dBFS.

BOOL is(CLRMessage* command, NSString* member, const char* word) { return [command[member] isEqual:@(word)]; }
BOOL has_video(CLRMessage* command) { return is(command, @"media", CLARION_MEDIA_VIDEO); }
uint32_t revision_of(CLRMessage* command) { return [command[@"revision"] unsignedIntValue]; }

}  // namespace

/// The media of one call.
@interface CLRMediaCall : NSObject
@property(nonatomic, copy) NSString* name;  ///< Its id.
@property(nonatomic, strong) CLRConnection* connection;
/// To another peer, or by another way: it takes over when it is connected.
@property(nonatomic, strong) CLRConnection* next;
@property(nonatomic) uint32_t nextRevision;
@property(nonatomic) CLRManner manner;
@property(nonatomic) BOOL isConnected;
@property(nonatomic) BOOL heardSound;
@property(nonatomic, strong) CLRCamera* camera;
@property(nonatomic, strong) RTCVideoTrack* shownPeer;
@property(nonatomic, strong) CLRQuality* quality;
@end

@implementation CLRMediaCall
@end

@interface CLRWebRTC () <CLRConnectionListener>
@end

@implementation CLRWebRTC {
    id<CLRSystem> _system;
    RTCPeerConnectionFactory* _factory;  // Made with the first connection: it takes a tenth of a second.
    NSMutableDictionary<NSString*, CLRMediaCall*>* _calls;
    BOOL _isAudioOn;
    BOOL _isTicking;
    int _ticks;
}

@synthesize tell = _tell;

- (instancetype)initWithSystem:(id<CLRSystem>)system {
    if ((self = [super init])) {
        _system = system;
        _calls = [NSMutableDictionary new];
        RTCAudioSession* session = [RTCAudioSession sharedInstance];
        session.useManualAudio = YES;  // Before any track: else WebRTC takes the session when a description is set.
        session.isAudioEnabled = NO;
    }
    return self;
}

- (void)performMedia:(CLRMessage*)command {
    (void)CLRPerform(self, command);
}

- (CLRMediaCall*)callOf:(CLRMessage*)command {
    return _calls[command[@"call_id"]];
}

- (void)say:(const char*)type call:(CLRMediaCall*)call with:(NSDictionary*)members {
    NSMutableDictionary* fact = [@{@"type" : @(type), @"call_id" : call.name} mutableCopy];
    [fact addEntriesFromDictionary:members];
    if (_tell != nil) _tell(fact);
}

/// How a failure is told depends on whether there is something that goes on.
- (void)sayFailed:(NSString*)why call:(CLRMediaCall*)call revision:(uint32_t)revision {
    if (revision == 0) {
        [self say:CLARION_ENGINE_INPUT_MEDIA_FAILED call:call with:@{@"detail" : [self short:why]}];
        return;
    }
    [self say:CLARION_ENGINE_INPUT_NEGOTIATION_FAILED
         call:call
         with:@{@"revision" : @(revision), @"detail" : [self short:why]}];
}

/// The engine takes 256 bytes.
- (NSString*)short:(NSString*)text {
    return text.length <= 64 ? text : [text substringToIndex:64];
}

// ---- connections ----

- (CLRConnection*)makeConnection {
    if (_factory == nil) {
        _factory = [[RTCPeerConnectionFactory alloc] initWithEncoderFactory:[RTCDefaultVideoEncoderFactory new]
                                                             decoderFactory:[RTCDefaultVideoDecoderFactory new]];
    }
    RTCConfiguration* configuration = [RTCConfiguration new];
    configuration.sdpSemantics = RTCSdpSemanticsUnifiedPlan;
    configuration.bundlePolicy = RTCBundlePolicyMaxBundle;
    configuration.continualGatheringPolicy = RTCContinualGatheringPolicyGatherContinually;
    configuration.iceServers = _iceServers == nil ? @[] : _iceServers();
    return [[CLRConnection alloc] initWithFactory:_factory configuration:configuration system:_system listener:self];
}

/// The connection that this description is for; nil was told. A first one throws away what there was.
- (CLRConnection*)connectionFor:(CLRMessage*)command isNew:(BOOL)isNew {
    const uint32_t revision = revision_of(command);
    CLRMediaCall* call = [self callOf:command];
    if (revision == 0) {
        if (call != nil) [self performCloseMedia:command];
        call = [CLRMediaCall new];
        call.name = command[@"call_id"];
        call.quality = [CLRQuality new];
        call.connection = [self makeConnection];
        if (call.connection != nil) _calls[call.name] = call;
    } else if (call == nil) {
        CLRMediaCall* gone = [CLRMediaCall new];
        gone.name = command[@"call_id"];
        [self sayFailed:@"no media of this call" call:gone revision:revision];
        return nil;
    } else if (isNew) {
        [call.next close];
        call.next = [self makeConnection];
        call.nextRevision = revision;
    }
    CLRConnection* connection = revision != 0 && isNew ? call.next : call.connection;
    if (connection == nil) [self sayFailed:@"WebRTC makes no connection" call:call revision:revision];
    return connection;
}

/// A description is made by `step`, and told. The call may be gone by then, or another one by the same id.
- (void)tell:(const char*)type
     command:(CLRMessage*)command
          of:(CLRConnection*)made
          by:(void (^)(void (^done)(NSString* sdp, NSString* why)))step {
    const uint32_t revision = revision_of(command);
    CLRMediaCall* call = [self callOf:command];
    __weak CLRWebRTC* weakly = self;
    __weak CLRConnection* connection = made;
    step(^(NSString* sdp, NSString* why) {
      if (sdp != nil) return [weakly say:type call:call with:@{@"sdp" : sdp, @"revision" : @(revision)}];
      [weakly dropNext:call ifIts:connection];
      [weakly sayFailed:why call:call revision:revision];
    });
}

- (void)dropNext:(CLRMediaCall*)call ifIts:(CLRConnection*)connection {
    if (connection == nil || call.next != connection) return;
    [connection close];
    call.next = nil;
}

- (void)performPrepareOffer:(CLRMessage*)command {
    const BOOL isNew = is(command, @"purpose", CLARION_NEGOTIATION_TRANSFER);
    const BOOL isRestart = is(command, @"purpose", CLARION_NEGOTIATION_ICE_RESTART);
    CLRConnection* connection = [self connectionFor:command isNew:isNew];
    [self tell:CLARION_ENGINE_INPUT_OFFER_PREPARED
        command:command
             of:connection
             by:^(void (^done)(NSString*, NSString*)) {
               [connection offerVideo:has_video(command) restart:isRestart done:done];
             }];
}

/// An offer of a connection that the peer made anew needs a new one here as well.
- (void)performPrepareAnswer:(CLRMessage*)command {
    NSString* offer = command[@"offer"];
    CLRMediaCall* call = [self callOf:command];
    const BOOL isNew =
        is(command, @"purpose", CLARION_NEGOTIATION_TRANSFER) || ![call.connection isOfPresentPeer:offer];
    CLRConnection* connection = [self connectionFor:command isNew:isNew];
    [self tell:CLARION_ENGINE_INPUT_ANSWER_PREPARED
        command:command
             of:connection
             by:^(void (^done)(NSString*, NSString*)) {
               [connection answer:offer video:has_video(command) done:done];
             }];
}

- (void)performApplyAnswer:(CLRMessage*)command {
    const uint32_t revision = revision_of(command);
    CLRMediaCall* call = [self callOf:command];
    CLRConnection* connection = call.next != nil && call.nextRevision == revision ? call.next : call.connection;
    __weak CLRWebRTC* weakly = self;
    [connection takeAnswer:command[@"sdp"]
                    failed:^(NSString* why) {
                      [weakly dropNext:call ifIts:call.next];
                      [weakly sayFailed:why call:call revision:revision];
                    }];
}

- (void)performDropOffer:(CLRMessage*)command {
    CLRMediaCall* call = [self callOf:command];
    if (call.next != nil && call.nextRevision == revision_of(command)) return [self dropNext:call ifIts:call.next];
    [call.connection rollBack];
}

/// The peer speaks of the way that is looked for.
- (void)performAddCandidate:(CLRMessage*)command {
    CLRMediaCall* call = [self callOf:command];
    RTCIceCandidate* candidate = [[RTCIceCandidate alloc] initWithSdp:command[@"candidate"]
                                                        sdpMLineIndex:[command[@"line"] intValue]
                                                               sdpMid:command[@"mid"]];
    [call.next ?: call.connection addCandidate:candidate];
}

- (void)performCloseMedia:(CLRMessage*)command {
    CLRMediaCall* call = [self callOf:command];
    if (call == nil) return;
    [_calls removeObjectForKey:call.name];
    [self settleAudio];
    [self stopCamera:call];
    [self showPeer:nil of:call];
    [call.next close];
    [call.connection close];
}

// ---- voice ----

- (void)change:(CLRMessage*)command by:(void (^)(CLRManner& manner))change {
    CLRMediaCall* call = [self callOf:command];
    CLRManner manner = call.manner;
    change(manner);
    call.manner = manner;
    call.connection.manner = manner;
    [self settleAudio];
}

- (void)performOpenAudio:(CLRMessage*)command {
    const bool microphone = [command[@"microphone"] boolValue];
    [self change:command
              by:^(CLRManner& manner) {
                manner.is_open = true;
                manner.microphone = microphone;
              }];
    [self tickLater];
}

- (void)performCloseAudio:(CLRMessage*)command {
    [self change:command
              by:^(CLRManner& manner) {
                manner.is_open = false;
              }];
}

- (void)performSetMicrophone:(CLRMessage*)command {
    const bool on = [command[@"on"] boolValue];
    [self change:command
              by:^(CLRManner& manner) {
                manner.microphone = on;
              }];
}

- (void)performSetMuted:(CLRMessage*)command {
    const bool on = [command[@"on"] boolValue];
    [self change:command
              by:^(CLRManner& manner) {
                manner.muted = on;
              }];
}

- (void)performSetHeld:(CLRMessage*)command {
    const bool on = [command[@"on"] boolValue];
    [self change:command
              by:^(CLRManner& manner) {
                manner.held = on;
              }];
}

- (void)performSetPeerSilenced:(CLRMessage*)command {
    const bool on = [command[@"on"] boolValue];
    [self change:command
              by:^(CLRManner& manner) {
                manner.peer_silenced = on;
              }];
}

/// "open_audio" comes inside CallKit's activation only (I6), so this is where WebRTC learns of it. It must: a session
/// that WebRTC holds for inactive it activates by itself, which CallKit forbids (IOS-AU-01).
- (void)settleAudio {
    BOOL isOn = NO;
    for (CLRMediaCall* call in _calls.allValues) isOn = isOn || call.manner.is_open;
    if (isOn == _isAudioOn) return;
    _isAudioOn = isOn;
    RTCAudioSession* session = [RTCAudioSession sharedInstance];
    AVAudioSession* system = [AVAudioSession sharedInstance];
    if (isOn) {
        // WebRTC sets category and mode again when it begins; what the call's style chose must stand.
        RTCAudioSessionConfiguration* configuration = [RTCAudioSessionConfiguration webRTCConfiguration];
        configuration.category = system.category;
        configuration.mode = system.mode;
        [RTCAudioSessionConfiguration setWebRTCConfiguration:configuration];
        [session audioSessionDidActivate:system];
        session.isAudioEnabled = YES;
    } else {
        session.isAudioEnabled = NO;
        [session audioSessionDidDeactivate:system];
    }
}

// ---- pictures ----

- (void)performSetVideo:(CLRMessage*)command {
    CLRMediaCall* call = [self callOf:command];
    if (call == nil) return;
    if (is(command, @"video", CLARION_VIDEO_OFF)) return [self stopCamera:call];
    if (is(command, @"video", CLARION_VIDEO_PAUSED)) return [call.camera stop];
    if (call.camera == nil) {
        call.camera = [[CLRCamera alloc] initWithFactory:_factory];
        call.connection.ownVideo = call.camera.track;
        [self showOwn:call.camera.track of:call];
    }
    __weak CLRWebRTC* weakly = self;
    [call.camera startAtBack:_usesBackCamera
                      failed:^(NSString* why) {
                        [weakly say:why cameraOf:call.name];
                      }];
}

- (void)stopCamera:(CLRMediaCall*)call {
    if (call.camera == nil) return;
    [call.camera stop];
    call.camera = nil;
    call.connection.ownVideo = nil;
    [self showOwn:nil of:call];
}

- (void)showOwn:(RTCVideoTrack*)track of:(CLRMediaCall*)call {
    [self tellVideo:^(id<CLRWebRTCVideo> video) {
      [video call:CLRUUID(call.name) showsOwn:track];
    }];
}

- (void)showPeer:(RTCVideoTrack*)track of:(CLRMediaCall*)call {
    if (track == call.shownPeer || [track isEqual:call.shownPeer]) return;
    call.shownPeer = track;
    [self tellVideo:^(id<CLRWebRTCVideo> video) {
      [video call:CLRUUID(call.name) showsPeer:track];
    }];
}

- (void)say:(NSString*)why cameraOf:(NSString*)call {
    [self tellVideo:^(id<CLRWebRTCVideo> video) {
      if ([video respondsToSelector:@selector(call:cameraFailed:)]) [video call:CLRUUID(call) cameraFailed:why];
    }];
}

- (void)performStopScreenShare:(CLRMessage*)command {
    NSUUID* call = CLRUUID(command[@"call_id"]);
    [self tellVideo:^(id<CLRWebRTCVideo> video) {
      if ([video respondsToSelector:@selector(callStopsScreenShare:)]) [video callStopsScreenShare:call];
    }];
}

- (void)tellVideo:(void (^)(id<CLRWebRTCVideo> video))block {
    __weak id<CLRWebRTCVideo> video = _video;
    [_system postToApp:^{
      if (id<CLRWebRTCVideo> there = video) block(there);
    }];
}

// ---- what connections say ----

- (CLRMediaCall*)callWith:(CLRConnection*)connection {
    for (CLRMediaCall* call in _calls.allValues) {
        if (call.connection == connection || call.next == connection) return call;
    }
    return nil;
}

- (void)connection:(CLRConnection*)connection found:(RTCIceCandidate*)candidate {
    CLRMediaCall* call = [self callWith:connection];
    if (call == nil) return;
    [self say:CLARION_ENGINE_INPUT_CANDIDATE_FOUND
         call:call
         with:@{@"candidate" : candidate.sdp, @"mid" : candidate.sdpMid ?: @"", @"line" : @(candidate.sdpMLineIndex)}];
}

/// A way that was never found is the engine's to give up: a callee's waits through the whole ring time, for a caller
/// who begins when the answer comes.
- (void)connection:(CLRConnection*)connection changedState:(RTCPeerConnectionState)state {
    CLRMediaCall* call = [self callWith:connection];
    if (call == nil) return;
    const BOOL isLost = state == RTCPeerConnectionStateDisconnected || state == RTCPeerConnectionStateFailed;
    if (state == RTCPeerConnectionStateConnected) {
        if (connection == call.next) [self takeOver:call];
        call.isConnected = YES;
        [self say:CLARION_ENGINE_INPUT_MEDIA_CONNECTED call:call with:@{}];
        [self tickLater];
    } else if (connection == call.next && state == RTCPeerConnectionStateFailed) {
        const uint32_t revision = call.nextRevision;
        [self dropNext:call ifIts:connection];
        [self sayFailed:@"no way to the peer" call:call revision:revision];
    } else if (connection == call.connection && isLost && call.isConnected) {
        call.isConnected = NO;
        [self say:CLARION_ENGINE_INPUT_MEDIA_LOST call:call with:@{}];
    }
}

- (void)takeOver:(CLRMediaCall*)call {
    [call.connection close];
    call.connection = call.next;
    call.next = nil;
    call.quality = [CLRQuality new];
    call.connection.ownVideo = call.camera.track;
    call.connection.manner = call.manner;
    [self connectionWasNegotiated:call.connection];
}

- (void)connectionWasNegotiated:(CLRConnection*)connection {
    CLRMediaCall* call = [self callWith:connection];
    if (call.connection == connection) [self showPeer:connection.peerVideo of:call];
}

// ---- numbers ----

- (void)tickLater {
    if (_isTicking) return;
    _isTicking = YES;
    __weak CLRWebRTC* weakly = self;
    [_system postAfter:kTick
                 block:^{
                   [weakly tick];
                 }];
}

/// As long as somebody talks.
- (void)tick {
    _isTicking = NO;
    const BOOL isMeasured = ++_ticks % kTicksPerStatistics == 0;
    for (CLRMediaCall* call in _calls.allValues) {
        if (!call.isConnected || !call.manner.is_open) continue;
        [self tickLater];
        if (!isMeasured && call.heardSound) continue;
        __weak CLRWebRTC* weakly = self;
        [call.connection measure:^(RTCStatisticsReport* report) {
          [weakly take:report of:call isMeasured:isMeasured];
        }];
    }
}

- (void)take:(RTCStatisticsReport*)report of:(CLRMediaCall*)call isMeasured:(BOOL)isMeasured {
    if (!call.heardSound && [CLRQuality peerLevel:report] >= kSoundPercent) {
        call.heardSound = YES;
        [self say:CLARION_ENGINE_INPUT_FIRST_AUDIO_HEARD call:call with:@{}];
    }
    if (!isMeasured) return;
    NSDictionary* statistics = [call.quality take:report];
    if (statistics != nil) {
        [self say:CLARION_ENGINE_INPUT_STATISTICS_MEASURED call:call with:@{@"statistics" : statistics}];
    }
}

@end
