/* SPDX-License-Identifier: Apache-2.0 */
#include <string>
#include <utility>
#include <vector>

#import "lab/ios/fake_webrtc_parts.h"

using clarion::lab::IPhone;
using namespace clarion::lab::webrtc;

namespace {

std::vector<__weak RTCPeerConnection*> connections;
std::vector<void (^)()> late;  // Descriptions that are slow.
int sessions = 0;
BOOL refuses = NO;
BOOL is_slow = NO;
id<LabWire> wire = nil;

const char* word_of(RTCRtpTransceiverDirection direction) {
    switch (direction) {
        case RTCRtpTransceiverDirectionSendRecv: return "sendrecv";
        case RTCRtpTransceiverDirectionSendOnly: return "sendonly";
        case RTCRtpTransceiverDirectionRecvOnly: return "recvonly";
        default: return "inactive";
    }
}

/// The sections of a description: "audio" or "video" with its direction.
std::vector<std::pair<std::string, std::string>> sections_of(NSString* sdp) {
    std::vector<std::pair<std::string, std::string>> found;
    for (NSString* line in [sdp componentsSeparatedByString:@"\r\n"]) {
        if ([line hasPrefix:@"m="]) {
            found.emplace_back([line substringWithRange:NSMakeRange(2, 5)].UTF8String, "sendrecv");
        } else if (!found.empty() &&
                   ([line hasPrefix:@"a=send"] || [line hasPrefix:@"a=recv"] || [line hasPrefix:@"a=inactive"])) {
            found.back().second = [line substringFromIndex:2].UTF8String;
        }
    }
    return found;
}

NSString* section(const std::string& kind, const char* direction) {
    return [NSString stringWithFormat:@"m=%s 9 UDP/TLS/RTP/SAVPF 111\r\na=%s\r\n", kind.c_str(), direction];
}

NSString* head(int session, int version, NSString* ufrag) {
    return [NSString
        stringWithFormat:@"v=0\r\no=- %d %d IN IP4 127.0.0.1\r\ns=-\r\na=ice-ufrag:%@\r\n", session, version, ufrag];
}

}  // namespace

NSString* clarion::lab::peer_description(int session, bool has_video, NSString* ufrag) {
    NSString* text = [head(session, 1, ufrag) stringByAppendingString:section("audio", "sendrecv")];
    return has_video ? [text stringByAppendingString:section("video", "sendrecv")] : text;
}

// ---- the connection ----

@implementation RTCPeerConnection {
    NSMutableArray<RTCRtpTransceiver*>* _transceivers;
    NSMutableArray<RTCIceCandidate*>* _candidates;
    RTCConfiguration* _configuration;
    RTCSessionDescription* _made;
    RTCSessionDescription* _stableRemote;
    NSString* _remoteOffer;
    NSDictionary* _statistics;
    NSString* _offered;
    int _session;
    int _version;
    int _ufrag;
    BOOL _isClosed;
}

@synthesize remoteDescription = _remoteDescription;

+ (NSArray<RTCPeerConnection*>*)labAll {
    NSMutableArray* all = [NSMutableArray new];
    for (const auto& weakly : connections) {
        RTCPeerConnection* one = weakly;
        if (one != nil && !one->_isClosed) [all addObject:one];
    }
    return all;
}

+ (void)labReset {
    connections.clear();
    late.clear();
    refuses = is_slow = has_audio_track = NO;
    wire = nil;
    has_camera = YES;
    running_width = 0;
    [[RTCAudioSession sharedInstance] labForget];
}

- (instancetype)initWithLab:(RTCConfiguration*)configuration {
    if ((self = [super init])) {
        _transceivers = [NSMutableArray new];
        _candidates = [NSMutableArray new];
        _configuration = configuration;
        _session = ++sessions;
        connections.push_back(self);
    }
    return self;
}

- (BOOL)labEnters:(NSString*)what {
    enters(what);
    if (_isClosed) IPhone::current().violate("WRTC-02 after close: " + std::string{what.UTF8String});
    return !_isClosed;
}

- (RTCRtpSender*)addTrack:(RTCMediaStreamTrack*)track streamIds:(NSArray*)streamIds {
    if (![self labEnters:@"addTrack"]) return nil;
    const auto type = [track isKindOfClass:[RTCAudioTrack class]] ? RTCRtpMediaTypeAudio : RTCRtpMediaTypeVideo;
    RTCRtpTransceiver* made = [self labAdd:type direction:RTCRtpTransceiverDirectionSendRecv];
    made.labIsOfTrack = YES;
    made.sender.track = track;
    return made.sender;
}

- (RTCRtpTransceiver*)addTransceiverOfType:(RTCRtpMediaType)mediaType init:(RTCRtpTransceiverInit*)init {
    return [self labEnters:@"addTransceiver"] ? [self labAdd:mediaType direction:init.direction] : nil;
}

- (RTCRtpTransceiver*)labAdd:(RTCRtpMediaType)type direction:(RTCRtpTransceiverDirection)direction {
    RTCRtpTransceiver* made = [[RTCRtpTransceiver alloc] initWithLabType:type direction:direction];
    made.sender.labPeer = self;
    [_transceivers addObject:made];
    return made;
}

- (NSArray<RTCRtpTransceiver*>*)transceivers {
    [self labEnters:@"transceivers"];
    return [_transceivers copy];
}

/// What was asked for is told later, in order; slow ones when they are let go.
- (void)labMake:(RTCSdpType)type then:(void (^)(RTCSessionDescription*, NSError*))done {
    if (wire == nil) return [self labMade:type sdp:[self labText] then:done];
    __weak RTCPeerConnection* weakly = self;
    [wire describe:self
             offer:type == RTCSdpTypeAnswer ? _remoteDescription.sdp : nil
              made:^(NSString* sdp) {
                [weakly labMade:type sdp:sdp then:done];
              }];
}

- (void)labMade:(RTCSdpType)type sdp:(NSString*)sdp then:(void (^)(RTCSessionDescription*, NSError*))done {
    RTCSessionDescription* made = [[RTCSessionDescription alloc] initWithType:type sdp:sdp];
    NSError* error = refuses || sdp == nil ? fault(@"refused by the lab") : nil;
    refuses = NO;
    if (error == nil) _made = made;
    void (^tell)() = ^{
      done(error == nil ? made : nil, error);
    };
    if (is_slow) {
        late.push_back(tell);
    } else {
        signal(tell);
    }
}

- (NSString*)labText {
    NSMutableString* text = [head(_session, ++_version, [NSString stringWithFormat:@"u%d", _ufrag]) mutableCopy];
    for (RTCRtpTransceiver* one in _transceivers) {
        [text appendString:section(one.mediaType == RTCRtpMediaTypeAudio ? "audio" : "video", word_of(one.direction))];
    }
    return text;
}

- (void)offerForConstraints:(RTCMediaConstraints*)constraints
          completionHandler:(void (^)(RTCSessionDescription*, NSError*))completionHandler {
    if (![self labEnters:@"offer"]) return;
    if ([constraints.labMandatory[kRTCMediaConstraintsIceRestart] isEqual:@"true"]) ++_ufrag;
    [self labMake:RTCSdpTypeOffer then:completionHandler];
}

- (void)answerForConstraints:(RTCMediaConstraints*)constraints
           completionHandler:(void (^)(RTCSessionDescription*, NSError*))completionHandler {
    if (![self labEnters:@"answer"]) return;
    if (_signalingState != RTCSignalingStateHaveRemoteOffer) [self labWrongState:@"an answer to nothing"];
    [self labMake:RTCSdpTypeAnswer then:completionHandler];
}

- (void)labWrongState:(NSString*)what {
    IPhone::current().violate("WRTC-01 in a wrong state: " + std::string{what.UTF8String});
}

- (void)setLocalDescription:(RTCSessionDescription*)sdp completionHandler:(void (^)(NSError*))completionHandler {
    if (![self labEnters:@"setLocalDescription"]) return;
    const auto from = sdp.type == RTCSdpTypeAnswer ? RTCSignalingStateHaveRemoteOffer : RTCSignalingStateStable;
    NSError* error = nil;
    if (sdp.type == RTCSdpTypeRollback) {
        if (_signalingState != RTCSignalingStateHaveLocalOffer) [self labWrongState:@"nothing to roll back"];
        [self labChange:RTCSignalingStateStable];
    } else if (_signalingState != from) {
        [self labWrongState:@"setLocalDescription"];
        error = fault(@"Called in wrong state");
    } else if (![sdp.sdp isEqualToString:_made.sdp]) {
        IPhone::current().violate("WRTC-05 another description than was made");
        error = fault(@"not what was made");
    } else {
        _offered = sdp.sdp;
        [self labChange:sdp.type == RTCSdpTypeOffer ? RTCSignalingStateHaveLocalOffer : RTCSignalingStateStable];
        if (sdp.type == RTCSdpTypeAnswer) [self labAgree:_remoteOffer];
        if (_signalingState == RTCSignalingStateHaveLocalOffer) {
            for (RTCRtpTransceiver* one in _transceivers) one.labIsAssociated = YES;
        }
        // Before the completion is told.
        if (wire == nil) [self labFind:[NSString stringWithFormat:@"candidate:%d own", _session]];
    }
    signal(^{
      completionHandler(error);
    });
}

- (void)setRemoteDescription:(RTCSessionDescription*)sdp completionHandler:(void (^)(NSError*))completionHandler {
    if (![self labEnters:@"setRemoteDescription"]) return;
    NSError* error = nil;
    const auto sections = sections_of(sdp.sdp);
    if (sdp.type == RTCSdpTypeRollback) {
        if (_signalingState != RTCSignalingStateHaveRemoteOffer) [self labWrongState:@"nothing to roll back"];
        _remoteDescription = _stableRemote;
        [self labChange:RTCSignalingStateStable];
    } else if (sdp.type == RTCSdpTypeOffer) {
        if (_signalingState != RTCSignalingStateStable) [self labWrongState:@"an offer"];
        if (sections.empty()) {
            error = fault(@"Failed to parse SessionDescription");
        } else {
            [self labTakeOffer:sdp];
        }
    } else if (_signalingState != RTCSignalingStateHaveLocalOffer) {
        [self labWrongState:@"an answer"];
        error = fault(@"Called in wrong state");
    } else if (sections.size() != _transceivers.count) {
        error = fault(@"The order of m-lines in answer doesn't match order in offer");
    } else {
        _remoteDescription = _stableRemote = sdp;
        [self labChange:RTCSignalingStateStable];
        [self labAgree:sdp.sdp];
        [wire peer:self wasAnswered:sdp.sdp];
    }
    signal(^{
      completionHandler(error);
    });
}

- (void)labTakeOffer:(RTCSessionDescription*)sdp {
    _remoteDescription = sdp;
    _remoteOffer = sdp.sdp;
    NSUInteger index = 0;
    for (const auto& [kind, direction] : sections_of(sdp.sdp)) {
        const auto type = kind == "audio" ? RTCRtpMediaTypeAudio : RTCRtpMediaTypeVideo;
        if (index < _transceivers.count && _transceivers[index].mediaType == type &&
            (_transceivers[index].labIsAssociated || _transceivers[index].labIsOfTrack)) {
            _transceivers[index].labIsAssociated = YES;
        } else {
            [self labAdd:type direction:RTCRtpTransceiverDirectionRecvOnly].labIsAssociated = YES;
        }
        ++index;
    }
    [self labChange:RTCSignalingStateHaveRemoteOffer];
}

/// What both sides want.
- (void)labAgree:(NSString*)remote {
    NSUInteger index = 0;
    for (const auto& [kind, direction] : sections_of(remote)) {
        if (index >= _transceivers.count) break;
        RTCRtpTransceiver* one = _transceivers[index++];
        const bool they_send = direction == "sendrecv" || direction == "sendonly";
        const bool they_receive = direction == "sendrecv" || direction == "recvonly";
        const std::string own = word_of(one.direction);
        const bool sends = they_receive && (own == "sendrecv" || own == "sendonly");
        const bool receives = they_send && (own == "sendrecv" || own == "recvonly");
        one.labCurrent = sends && receives ? RTCRtpTransceiverDirectionSendRecv
                         : sends           ? RTCRtpTransceiverDirectionSendOnly
                         : receives        ? RTCRtpTransceiverDirectionRecvOnly
                                           : RTCRtpTransceiverDirectionInactive;
    }
    _stableRemote = _remoteDescription;
    [[RTCAudioSession sharedInstance] labSettle];
}

- (void)labChange:(RTCSignalingState)state {
    _signalingState = state;
    __weak RTCPeerConnection* weakly = self;
    signal(^{
      RTCPeerConnection* me = weakly;
      [me.delegate peerConnection:me didChangeSignalingState:state];
    });
}

- (void)addIceCandidate:(RTCIceCandidate*)candidate completionHandler:(void (^)(NSError*))completionHandler {
    if (![self labEnters:@"addIceCandidate"]) return;
    const BOOL isEarly = _remoteDescription == nil;
    if (isEarly) IPhone::current().violate("WRTC-03 the remote description was null");
    if (!isEarly) {
        [_candidates addObject:candidate];
        [wire peer:self tookCandidate:candidate];
    }
    signal(^{
      completionHandler(isEarly ? fault(@"The remote description was null") : nil);
    });
}

- (void)statisticsWithCompletionHandler:(void (^)(RTCStatisticsReport*))completionHandler {
    if (![self labEnters:@"statistics"]) return;
    RTCStatisticsReport* report = [[RTCStatisticsReport alloc] initWithLabStatistics:_statistics ?: @{}];
    signal(^{
      completionHandler(report);
    });
}

- (void)close {
    enters(@"close");
    if (_isClosed) IPhone::current().violate("WRTC-09 closed twice");
    if (!_isClosed) [wire peerClosed:self];
    _isClosed = YES;
    _signalingState = RTCSignalingStateClosed;
    [[RTCAudioSession sharedInstance] labSettle];
}

- (void)dealloc {
    if (!_isClosed && IPhone::is_there()) IPhone::current().violate("WRTC-09 never closed");
}

// ---- the lab ----

- (void)labFind:(NSString*)candidate {
    [self labFindCandidate:[[RTCIceCandidate alloc] initWithSdp:candidate sdpMLineIndex:0 sdpMid:@"0"]];
}

- (void)labFindCandidate:(RTCIceCandidate*)candidate {
    __weak RTCPeerConnection* weakly = self;
    signal(^{
      RTCPeerConnection* me = weakly;
      [me.delegate peerConnection:me didGenerateIceCandidate:candidate];
    });
}

- (void)labState:(RTCPeerConnectionState)state {
    __weak RTCPeerConnection* weakly = self;
    signal(^{
      RTCPeerConnection* me = weakly;
      [me.delegate peerConnection:me didChangeConnectionState:state];
    });
}

+ (id<LabWire>)labWire {
    return wire;
}
+ (void)setLabWire:(id<LabWire>)real {
    wire = real;
}
+ (BOOL)labRefuses {
    return refuses;
}
+ (void)setLabRefuses:(BOOL)on {
    refuses = on;
}
+ (BOOL)labIsSlow {
    return is_slow;
}
+ (void)setLabIsSlow:(BOOL)on {
    is_slow = on;
}
+ (void)labGoOn {
    is_slow = NO;
    for (void (^tell)() : std::exchange(late, {})) signal(tell);
}

- (RTCRtpTransceiver*)labVoice {
    return _transceivers.firstObject;
}
- (RTCRtpTransceiver*)labPictures {
    return _transceivers.count > 1 ? _transceivers[1] : nil;
}
- (BOOL)labSends {
    const int now = self.labVoice.labCurrent;
    return [RTCAudioSession sharedInstance].labRuns && self.labVoice.sender.labIsActive &&
           (now == RTCRtpTransceiverDirectionSendRecv || now == RTCRtpTransceiverDirectionSendOnly);
}
- (BOOL)labSendsVoice {
    return self.labSends && self.labVoice.sender.track.isEnabled;
}
- (BOOL)labPlays {
    const int now = self.labVoice.labCurrent;
    return [RTCAudioSession sharedInstance].labRuns && self.labVoice.receiver.track.isEnabled &&
           (now == RTCRtpTransceiverDirectionSendRecv || now == RTCRtpTransceiverDirectionRecvOnly);
}
- (BOOL)labSendsPictures {
    const int now = self.labPictures.labCurrent;
    return running_width != 0 && self.labPictures != nil && self.labPictures.sender.track.isEnabled &&
           (now == RTCRtpTransceiverDirectionSendRecv || now == RTCRtpTransceiverDirectionSendOnly);
}
- (BOOL)labWantsPictures {
    return self.labPictures != nil && self.labPictures.direction != RTCRtpTransceiverDirectionInactive;
}
- (NSArray<RTCIceCandidate*>*)labCandidates {
    return _candidates;
}
- (NSArray<RTCIceServer*>*)labServers {
    return _configuration.iceServers;
}
- (NSString*)labOffered {
    return _offered;
}
- (NSDictionary*)labStatistics {
    return _statistics;
}
- (void)setLabStatistics:(NSDictionary*)statistics {
    _statistics = [statistics copy];
}

@end

@implementation RTCDefaultVideoEncoderFactory
@end
@implementation RTCDefaultVideoDecoderFactory
@end

@implementation RTCPeerConnectionFactory
- (instancetype)initWithEncoderFactory:(id<RTCVideoEncoderFactory>)encoderFactory
                        decoderFactory:(id<RTCVideoDecoderFactory>)decoderFactory {
    return [super init];
}
- (RTCAudioTrack*)audioTrackWithTrackId:(NSString*)trackId {
    enters(@"audioTrack");
    has_audio_track = YES;
    return [[RTCAudioTrack alloc] initLab];
}
- (RTCVideoSource*)videoSource {
    enters(@"videoSource");
    return [[RTCVideoSource alloc] initLab];
}
- (RTCVideoTrack*)videoTrackWithSource:(RTCVideoSource*)source trackId:(NSString*)trackId {
    enters(@"videoTrack");
    return [[RTCVideoTrack alloc] initLab];
}
- (RTCPeerConnection*)peerConnectionWithConfiguration:(RTCConfiguration*)configuration
                                          constraints:(RTCMediaConstraints*)constraints
                                             delegate:(id<RTCPeerConnectionDelegate>)delegate {
    enters(@"peerConnection");
    if (configuration.sdpSemantics != RTCSdpSemanticsUnifiedPlan) return nil;
    RTCPeerConnection* made = [[RTCPeerConnection alloc] initWithLab:configuration];
    made.delegate = delegate;
    return made;
}
@end
