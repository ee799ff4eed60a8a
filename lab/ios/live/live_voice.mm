/* SPDX-License-Identifier: Apache-2.0 */
#import "lab/ios/live/live_voice.h"

#include <memory>
#include <string>

#include "lab/phone/media_port.hpp"
#import "sdk/ios/Sources/Clarion/CLRRoom.h"

using namespace clarion;

namespace {

BOOL is(CLRMessage* fact, const char* type) { return [fact[@"type"] isEqual:@(type)]; }

}  // namespace

/// The voice of one connection.
@interface LiveLeg : NSObject
@property(nonatomic, weak) RTCPeerConnection* peer;
@property(nonatomic, strong) NSString* name;
@property(nonatomic, copy) void (^made)(NSString* sdp);
@property(nonatomic) int revision;
@property(nonatomic) BOOL isOpen;
@property(nonatomic) BOOL isMuted;
@property(nonatomic) BOOL isPeerSilenced;
@end

@implementation LiveLeg
/// Once for each time that it was asked for.
- (void)describe:(NSString*)sdp {
    void (^asked)(NSString*) = _made;
    _made = nil;
    if (asked != nil) asked(sdp);
}
@end

/// Calls `after` behind each turn.
@interface LiveTurns : LabSystem
@property(nonatomic, copy) void (^after)();
@end

@implementation LiveTurns
- (void)post:(void (^)(void))block {
    [self postAfter:0 block:block];
}
- (void)postAfter:(int64_t)wait block:(void (^)(void))block {
    [super postAfter:wait
               block:^{
                 block();
                 self.after();
               }];
}
@end

@interface LivePort : CLRWebRTC
@property(nonatomic, copy) void (^after)();
@end

@implementation LivePort
- (void)performMedia:(CLRMessage*)command {
    [super performMedia:command];
    self.after();
}
@end

@implementation LiveVoice {
    std::unique_ptr<lab::MediaPort> _legsOfVoice;
    NSMutableArray<LiveLeg*>* _legs;
}

- (instancetype)initWithLoop:(net::Loop*)loop
                       voice:(const media::LegOptions&)voice
                       error:(NSString* __autoreleasing*)error {
    if (!(self = [super init])) return nil;
    _legs = [NSMutableArray new];
    __weak LiveVoice* weakly = self;
    auto port = lab::MediaPort::create(
        *loop, voice,
        [weakly](const std::string& fact) {
            @autoreleasepool {
                [weakly take:CLRObjectOf(@(fact.c_str()))];
            }
        },
        [](const std::string& line) { NSLog(@"media: %s", line.c_str()); }
    );
    if (!port) {
        *error = @(port.error().c_str());
        return nil;
    }
    _legsOfVoice = std::move(*port);
    return self;
}

- (CLRWebRTC*)port {
    __weak LiveVoice* weakly = self;
    void (^settle)() = ^{
      [weakly settle];
    };
    LiveTurns* turns = [LiveTurns new];
    turns.after = settle;
    RTCPeerConnection.labWire = self;
    LivePort* port = [[LivePort alloc] initWithSystem:turns];
    port.after = settle;
    return port;
}

- (LiveLeg*)legOf:(RTCPeerConnection*)peer {
    for (LiveLeg* leg in _legs) {
        if (leg.peer == peer) return leg;
    }
    return nil;
}

- (void)say:(const char*)type leg:(LiveLeg*)leg with:(NSDictionary*)members {
    NSMutableDictionary* command = [@{@"type" : @(type), @"call_id" : leg.name} mutableCopy];
    [command addEntriesFromDictionary:members];
    if (!_legsOfVoice->perform(CLRTextOf(command).UTF8String)) NSLog(@"media: %@ is no command", command);
}

// ---- what the app says ----

- (void)describe:(RTCPeerConnection*)peer offer:(NSString*)offer made:(void (^)(NSString*))made {
    LiveLeg* leg = [self legOf:peer];
    if (leg == nil) {
        leg = [LiveLeg new];
        leg.peer = peer;
        leg.name = [NSUUID UUID].UUIDString.lowercaseString;
        leg.revision = -1;
        [_legs addObject:leg];
    }
    leg.made = made;
    leg.revision += 1;
    NSMutableDictionary* members = [@{
        @"media" : peer.labWantsPictures ? @CLARION_MEDIA_VIDEO : @CLARION_MEDIA_AUDIO,
        @"revision" : @(leg.revision),
        @"purpose" : leg.revision == 0 ? @CLARION_NEGOTIATION_MEDIA : @CLARION_NEGOTIATION_ICE_RESTART
    } mutableCopy];
    if (offer == nil) return [self say:CLARION_ENGINE_OUTPUT_PREPARE_OFFER leg:leg with:members];
    members[@"offer"] = offer;
    [self say:CLARION_ENGINE_OUTPUT_PREPARE_ANSWER leg:leg with:members];
}

- (void)peer:(RTCPeerConnection*)peer wasAnswered:(NSString*)answer {
    LiveLeg* leg = [self legOf:peer];
    [self say:CLARION_ENGINE_OUTPUT_APPLY_ANSWER leg:leg with:@{@"sdp" : answer, @"revision" : @(leg.revision)}];
}

- (void)peer:(RTCPeerConnection*)peer tookCandidate:(RTCIceCandidate*)candidate {
    LiveLeg* leg = [self legOf:peer];
    if (leg == nil) return;
    [self say:CLARION_ENGINE_OUTPUT_ADD_CANDIDATE
          leg:leg
         with:@{@"candidate" : candidate.sdp, @"mid" : candidate.sdpMid ?: @"", @"line" : @(candidate.sdpMLineIndex)}];
}

- (void)peerClosed:(RTCPeerConnection*)peer {
    LiveLeg* leg = [self legOf:peer];
    if (leg == nil) return;
    [_legs removeObject:leg];
    [self say:CLARION_ENGINE_OUTPUT_CLOSE_MEDIA leg:leg with:@{}];
}

/// What flows now, by tracks, encodings and the audio unit. A source that nothing captures stands still: who holds a
/// call and comes back goes on where the words ended.
- (void)settle {
    for (LiveLeg* leg in [_legs copy]) {
        const BOOL sends = leg.peer.labSends;
        const BOOL isPeerSilenced = !leg.peer.labPlays;
        if (isPeerSilenced != leg.isPeerSilenced) {
            [self say:CLARION_ENGINE_OUTPUT_SET_PEER_SILENCED leg:leg with:@{@"on" : @(isPeerSilenced)}];
        }
        leg.isPeerSilenced = isPeerSilenced;
        const BOOL isMuted = sends ? !leg.peer.labSendsVoice : leg.isMuted;
        if (isMuted != leg.isMuted) [self say:CLARION_ENGINE_OUTPUT_SET_MUTED leg:leg with:@{@"on" : @(isMuted)}];
        leg.isMuted = isMuted;
        if (sends && !leg.isOpen) [self say:CLARION_ENGINE_OUTPUT_OPEN_AUDIO leg:leg with:@{@"microphone" : @YES}];
        if (!sends && leg.isOpen) [self say:CLARION_ENGINE_OUTPUT_CLOSE_AUDIO leg:leg with:@{}];
        leg.isOpen = sends;
    }
}

// ---- what its voice says ----

- (void)take:(CLRMessage*)fact {
    LiveLeg* leg = nil;
    for (LiveLeg* one in _legs) {
        if ([one.name isEqual:fact[@"call_id"]]) leg = one;
    }
    if (leg == nil) return;
    if (is(fact, CLARION_ENGINE_INPUT_OFFER_PREPARED) || is(fact, CLARION_ENGINE_INPUT_ANSWER_PREPARED)) {
        [leg describe:fact[@"sdp"]];
    } else if (is(fact, CLARION_ENGINE_INPUT_NEGOTIATION_FAILED)) {
        [leg describe:nil];
    } else if (is(fact, CLARION_ENGINE_INPUT_MEDIA_FAILED)) {
        [leg describe:nil];
        [leg.peer labState:RTCPeerConnectionStateFailed];
    } else if (is(fact, CLARION_ENGINE_INPUT_CANDIDATE_FOUND)) {
        [leg.peer labFindCandidate:[[RTCIceCandidate alloc] initWithSdp:fact[@"candidate"]
                                                          sdpMLineIndex:[fact[@"line"] intValue]
                                                                 sdpMid:fact[@"mid"]]];
    } else if (is(fact, CLARION_ENGINE_INPUT_MEDIA_CONNECTED)) {
        [leg.peer labState:RTCPeerConnectionStateConnected];
    } else if (is(fact, CLARION_ENGINE_INPUT_MEDIA_LOST)) {
        [leg.peer labState:RTCPeerConnectionStateDisconnected];
    } else if (is(fact, CLARION_ENGINE_INPUT_FIRST_AUDIO_HEARD)) {
        [self leg:leg hears:1];
    } else if (is(fact, CLARION_ENGINE_INPUT_STATISTICS_MEASURED)) {
        [self leg:leg hears:[fact[@"statistics"][@"peer_level"] intValue]];
    }
}

/// A report of a connection whose peer is so loud, of 100.
- (void)leg:(LiveLeg*)leg hears:(int)level {
    leg.peer.labStatistics = @{@"inbound-rtp" : @{@"kind" : @"audio", @"audioLevel" : @(level / 100.0)}};
}

@end
