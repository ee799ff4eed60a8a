/* SPDX-License-Identifier: Apache-2.0 */
#import "CLRConnection.h"

#include <deque>

namespace {

constexpr NSUInteger kWaitingCandidatesMax = 100;

/// The part of "o=" that stays the same as long as a connection lives: user and session.
NSString* origin_of(NSString* sdp) {
    for (NSString* line in [sdp componentsSeparatedByString:@"\n"]) {
        if (![line hasPrefix:@"o="]) continue;
        NSArray<NSString*>* words = [line componentsSeparatedByString:@" "];
        return words.count < 2 ? line : [NSString stringWithFormat:@"%@ %@", words[0], words[1]];
    }
    return @"";
}

BOOL receives(RTCRtpTransceiver* transceiver) {
    RTCRtpTransceiverDirection now = RTCRtpTransceiverDirectionInactive;
    return [transceiver currentDirection:&now] &&
           (now == RTCRtpTransceiverDirectionSendRecv || now == RTCRtpTransceiverDirectionRecvOnly);
}

}  // namespace

@interface CLRConnection () <RTCPeerConnectionDelegate>
@end

@implementation CLRConnection {
    id<CLRSystem> _system;
    __weak id<CLRConnectionListener> _listener;
    RTCPeerConnection* _peer;
    RTCAudioTrack* _voice;
    std::deque<void (^)(void)> _steps;       // The first one is under way.
    NSMutableArray<RTCIceCandidate*>* _own;  // Found before the description that they belong to was told.
    NSMutableArray<RTCIceCandidate*>* _theirs;
    BOOL _isDescribing;
}

- (instancetype)initWithFactory:(RTCPeerConnectionFactory*)factory
                  configuration:(RTCConfiguration*)configuration
                         system:(id<CLRSystem>)system
                       listener:(id<CLRConnectionListener>)listener {
    if (!(self = [super init])) return nil;
    _system = system;
    _listener = listener;
    _own = [NSMutableArray new];
    _theirs = [NSMutableArray new];
    _peer = [factory peerConnectionWithConfiguration:configuration constraints:[self constraints:@{}] delegate:self];
    _voice = [factory audioTrackWithTrackId:@"voice"];
    _voice.isEnabled = NO;
    if (_peer == nil || [_peer addTrack:_voice streamIds:@[ @"clarion" ]] == nil) return nil;
    return self;
}

- (void)dealloc {
    [self close];
}

- (RTCMediaConstraints*)constraints:(NSDictionary*)mandatory {
    return [[RTCMediaConstraints alloc] initWithMandatoryConstraints:mandatory optionalConstraints:nil];
}

// ---- steps ----

/// A step ends with `endStep`. One that WebRTC never ends holds up the others: the engine's deadlines are over it.
- (void)run:(void (^)(void))step {
    if (_peer == nil) return;
    _steps.push_back(step);
    if (_steps.size() == 1) step();
}

- (void)endStep {
    if (_steps.empty()) return;
    _steps.pop_front();
    if (_steps.empty()) return;
    void (^next)(void) = _steps.front();  // Held here: it may end, and leave the list, at once.
    next();
}

/// Back on the engine's queue, if this connection is still there.
- (void)post:(void (^)(CLRConnection* me))block {
    __weak CLRConnection* weakly = self;
    [_system post:^{
      CLRConnection* me = weakly;
      if (me != nil && me->_peer != nil) block(me);
    }];
}

- (void)offerVideo:(BOOL)hasVideo restart:(BOOL)isRestart done:(void (^)(NSString*, NSString*))done {
    __weak CLRConnection* weakly = self;
    [self run:^{
      CLRConnection* me = weakly;
      [me beginToDescribe];
      [me wantVideo:hasVideo isOffer:YES];
      NSDictionary* wishes = isRestart ? @{kRTCMediaConstraintsIceRestart : kRTCMediaConstraintsValueTrue} : @{};
      [me->_peer offerForConstraints:[me constraints:wishes]
                   completionHandler:^(RTCSessionDescription* made, NSError* error) {
                     [weakly post:^(CLRConnection* it) {
                       [it keep:made error:error done:done];
                     }];
                   }];
    }];
}

- (void)answer:(NSString*)offer video:(BOOL)hasVideo done:(void (^)(NSString*, NSString*))done {
    __weak CLRConnection* weakly = self;
    [self run:^{
      CLRConnection* me = weakly;
      [me beginToDescribe];
      [me->_peer setRemoteDescription:[[RTCSessionDescription alloc] initWithType:RTCSdpTypeOffer sdp:offer]
                    completionHandler:^(NSError* error) {
                      [weakly post:^(CLRConnection* it) {
                        if (error != nil) return [it tell:nil error:error done:done];
                        [it makeAnswer:hasVideo done:done];
                      }];
                    }];
    }];
}

- (void)makeAnswer:(BOOL)hasVideo done:(void (^)(NSString*, NSString*))done {
    [self wantVideo:hasVideo isOffer:NO];
    __weak CLRConnection* weakly = self;
    [_peer answerForConstraints:[self constraints:@{}]
              completionHandler:^(RTCSessionDescription* made, NSError* error) {
                [weakly post:^(CLRConnection* it) {
                  [it keep:made error:error done:done];
                }];
              }];
}

/// What was made becomes the own description.
- (void)keep:(RTCSessionDescription*)made error:(NSError*)error done:(void (^)(NSString*, NSString*))done {
    if (made == nil) return [self tell:nil error:error done:done];
    __weak CLRConnection* weakly = self;
    [_peer setLocalDescription:made
             completionHandler:^(NSError* refused) {
               [weakly post:^(CLRConnection* it) {
                 [it tell:refused == nil ? made.sdp : nil error:refused done:done];
               }];
             }];
}

/// An offer of the peer that cannot be answered must not stay: everything is as it was.
- (void)tell:(NSString*)sdp error:(NSError*)error done:(void (^)(NSString*, NSString*))done {
    if (sdp == nil && _peer.signalingState == RTCSignalingStateHaveRemoteOffer) {
        [_peer setRemoteDescription:[[RTCSessionDescription alloc] initWithType:RTCSdpTypeRollback sdp:@""]
                  completionHandler:^(NSError* ignored){
                  }];
    }
    done(sdp, error.localizedDescription ?: @"no description was made");
    _isDescribing = NO;
    for (RTCIceCandidate* candidate in _own) [_listener connection:self found:candidate];
    [_own removeAllObjects];
    [self negotiated];
    [self endStep];
}

- (void)takeAnswer:(NSString*)answer failed:(void (^)(NSString*))failed {
    __weak CLRConnection* weakly = self;
    [self run:^{
      CLRConnection* me = weakly;
      // A second answer, or one to an offer that was taken back.
      if (me->_peer.signalingState != RTCSignalingStateHaveLocalOffer) return [me endStep];
      [me->_peer setRemoteDescription:[[RTCSessionDescription alloc] initWithType:RTCSdpTypeAnswer sdp:answer]
                    completionHandler:^(NSError* error) {
                      [weakly post:^(CLRConnection* it) {
                        if (error != nil) failed(error.localizedDescription);
                        [it negotiated];
                        [it endStep];
                      }];
                    }];
    }];
}

- (void)rollBack {
    __weak CLRConnection* weakly = self;
    [self run:^{
      CLRConnection* me = weakly;
      if (me->_peer.signalingState != RTCSignalingStateHaveLocalOffer) return [me endStep];
      [me->_peer setLocalDescription:[[RTCSessionDescription alloc] initWithType:RTCSdpTypeRollback sdp:@""]
                   completionHandler:^(NSError* error) {
                     [weakly post:^(CLRConnection* it) {
                       [it endStep];
                     }];
                   }];
    }];
}

- (void)beginToDescribe {
    _isDescribing = YES;
    [_own removeAllObjects];
}

/// WebRTC makes senders and receivers as it negotiates; they know nothing of what this call was told.
- (void)negotiated {
    for (RTCIceCandidate* candidate in _theirs) [self give:candidate];
    [_theirs removeAllObjects];
    [self apply];
    [_listener connectionWasNegotiated:self];
}

// ---- candidates ----

- (void)addCandidate:(RTCIceCandidate*)candidate {
    __weak CLRConnection* weakly = self;
    [self run:^{
      CLRConnection* me = weakly;
      if (me->_peer.remoteDescription != nil) {
          [me give:candidate];
      } else if (me->_theirs.count < kWaitingCandidatesMax) {
          [me->_theirs addObject:candidate];
      }
      [me endStep];
    }];
}

/// One that is no good only takes from the peer a way to itself.
- (void)give:(RTCIceCandidate*)candidate {
    if (_peer.remoteDescription == nil) return;
    [_peer addIceCandidate:candidate
         completionHandler:^(NSError* error){
         }];
}

- (BOOL)isOfPresentPeer:(NSString*)offer {
    NSString* known = _peer.remoteDescription.sdp;
    return known != nil && [origin_of(known) isEqualToString:origin_of(offer)];
}

// ---- voice and pictures ----

- (RTCRtpTransceiver*)transceiver:(RTCRtpMediaType)type {
    for (RTCRtpTransceiver* one in _peer.transceivers) {
        if (one.mediaType == type && !one.isStopped) return one;
    }
    return nil;
}

- (void)wantVideo:(BOOL)isWanted isOffer:(BOOL)isOffer {
    RTCRtpTransceiver* video = [self transceiver:RTCRtpMediaTypeVideo];
    if (video == nil && isWanted && isOffer) {
        RTCRtpTransceiverInit* both = [RTCRtpTransceiverInit new];
        both.direction = RTCRtpTransceiverDirectionSendRecv;
        both.streamIds = @[ @"clarion" ];
        video = [_peer addTransceiverOfType:RTCRtpMediaTypeVideo init:both];
    }
    [video setDirection:isWanted ? RTCRtpTransceiverDirectionSendRecv : RTCRtpTransceiverDirectionInactive error:nil];
    video.sender.track = isWanted ? _ownVideo : nil;
}

- (void)setManner:(CLRManner)manner {
    _manner = manner;
    [self apply];
}

- (void)setOwnVideo:(RTCVideoTrack*)track {
    _ownVideo = track;
    [self transceiver:RTCRtpMediaTypeVideo].sender.track = track;
}

- (RTCVideoTrack*)peerVideo {
    RTCRtpTransceiver* video = [self transceiver:RTCRtpMediaTypeVideo];
    return video != nil && receives(video) ? (RTCVideoTrack*)video.receiver.track : nil;
}

/// A track that is off is heard as silence; an encoding that is off sends nothing at all.
- (void)apply {
    if (_peer == nil) return;
    const BOOL isTalked = _manner.is_open && !_manner.held;
    _voice.isEnabled = isTalked && _manner.microphone && !_manner.muted;
    for (RTCRtpTransceiver* one in _peer.transceivers) {
        if (one.mediaType != RTCRtpMediaTypeAudio) continue;
        one.receiver.track.isEnabled = isTalked && !_manner.peer_silenced;
        RTCRtpParameters* parameters = one.sender.parameters;
        for (RTCRtpEncodingParameters* encoding in parameters.encodings) encoding.isActive = isTalked;
        one.sender.parameters = parameters;
    }
    if (RTCVideoTrack* theirs = self.peerVideo) theirs.isEnabled = !_manner.held;
}

- (void)measure:(void (^)(RTCStatisticsReport*))done {
    if (_peer == nil) return;
    __weak CLRConnection* weakly = self;
    [_peer statisticsWithCompletionHandler:^(RTCStatisticsReport* report) {
      [weakly post:^(CLRConnection* it) {
        done(report);
      }];
    }];
}

- (void)close {
    RTCPeerConnection* peer = _peer;
    _peer = nil;
    _steps.clear();
    peer.delegate = nil;
    [peer close];
}

// ---- RTCPeerConnectionDelegate, on WebRTC's signalling thread ----

- (void)peerConnection:(RTCPeerConnection*)peerConnection didGenerateIceCandidate:(RTCIceCandidate*)candidate {
    [self post:^(CLRConnection* me) {
      if (me->_isDescribing) {
          [me->_own addObject:candidate];
      } else {
          [me->_listener connection:me found:candidate];
      }
    }];
}

- (void)peerConnection:(RTCPeerConnection*)peerConnection didChangeConnectionState:(RTCPeerConnectionState)newState {
    [self post:^(CLRConnection* me) {
      [me->_listener connection:me changedState:newState];
    }];
}

- (void)peerConnection:(RTCPeerConnection*)peerConnection didChangeSignalingState:(RTCSignalingState)stateChanged {
}
- (void)peerConnection:(RTCPeerConnection*)peerConnection didAddStream:(RTCMediaStream*)stream {
}
- (void)peerConnection:(RTCPeerConnection*)peerConnection didRemoveStream:(RTCMediaStream*)stream {
}
/// The engine says when there is something to negotiate.
- (void)peerConnectionShouldNegotiate:(RTCPeerConnection*)peerConnection {
}
- (void)peerConnection:(RTCPeerConnection*)peerConnection didChangeIceConnectionState:(RTCIceConnectionState)newState {
}
- (void)peerConnection:(RTCPeerConnection*)peerConnection didChangeIceGatheringState:(RTCIceGatheringState)newState {
}
- (void)peerConnection:(RTCPeerConnection*)peerConnection
    didRemoveIceCandidates:(NSArray<RTCIceCandidate*>*)candidates {
}
- (void)peerConnection:(RTCPeerConnection*)peerConnection didOpenDataChannel:(RTCDataChannel*)dataChannel {
}

@end
