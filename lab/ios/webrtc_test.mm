/* SPDX-License-Identifier: Apache-2.0 */
#import <objc/runtime.h>

#import "lab/ios/fake_webrtc.h"
#import "lab/ios/shell_test.hpp"
#import "sdk/ios/Sources/ClarionWebRTC/include/CLRWebRTC.h"

/// The port with what it told, in order.
@interface LabWebRTC : CLRWebRTC
@property(nonatomic, readonly) NSMutableArray<CLRMessage*>* told;
@end

@implementation LabWebRTC
- (void)setTell:(void (^)(CLRMessage*))tell {
    _told = _told ?: [NSMutableArray new];
    NSMutableArray* told = _told;
    void (^both)(CLRMessage*) = ^(CLRMessage* fact) {
      [told addObject:fact];
      tell(fact);
    };
    if (tell == nil) {
        super.tell = nil;
    } else {
        super.tell = both;
    }
}
@end

/// What an app draws.
@interface LabPictures : NSObject <CLRWebRTCVideo>
@property(nonatomic, strong) RTCVideoTrack* own;
@property(nonatomic, strong) RTCVideoTrack* peer;
@property(nonatomic, strong) NSString* cameraFault;
@property(nonatomic) int screenStops;
@end

@implementation LabPictures
- (void)call:(NSUUID*)call showsPeer:(RTCVideoTrack*)track {
    _peer = track;
}
- (void)call:(NSUUID*)call showsOwn:(RTCVideoTrack*)track {
    _own = track;
}
- (void)call:(NSUUID*)call cameraFailed:(NSString*)why {
    _cameraFault = why;
}
- (void)callStopsScreenShare:(NSUUID*)call {
    ++_screenStops;
}
@end

namespace clarion::lab {
namespace {

using State = ScreenCall::State;

/// Alice's call at Bob's iPhone, whose media is the port over a WebRTC that keeps its rules.
struct IosWebRtc : ShellTest {
    IosWebRtc() {
        [RTCPeerConnection labReset];
        server.offer = peer_description(1, false);
        make_media = [this](id<CLRSystem> system) {
            LabWebRTC* made = [[LabWebRTC alloc] initWithSystem:system];
            made.video = pictures;
            port = made;
            return made;
        };
    }

    /// The connection that was made last.
    static RTCPeerConnection* peer() { return [RTCPeerConnection labAll].lastObject; }
    static bool runs() { return [RTCAudioSession sharedInstance].labRuns; }

    void connect() { changes(RTCPeerConnectionStateConnected); }
    void changes(RTCPeerConnectionState state) {
        [peer() labState:state];
        phone.run();
    }
    void talk_over_webrtc() {
        ring();
        answer();
        connect();
    }
    /// A command of the engine, past the engine.
    void perform(NSDictionary* command) {
        [port performMedia:command];
        phone.run();
    }
    void prepare(
        NSString* type,
        int revision,
        NSString* purpose,
        NSString* media = @"audio",
        NSString* offer = @"",
        NSString* call = kCall
    ) {
        perform(@{
            @"type" : type,
            @"call_id" : call,
            @"media" : media,
            @"revision" : @(revision),
            @"purpose" : purpose,
            @"offer" : offer
        });
    }
    void apply_answer(int revision, NSString* sdp, NSString* call = kCall) {
        perform(@{@"type" : @"apply_answer", @"call_id" : call, @"sdp" : sdp, @"revision" : @(revision)});
    }
    void switches(NSString* type, bool on) {
        perform(@{@"type" : type, @"call_id" : kCall, @"on" : on ? @YES : @NO});
    }
    void video(NSString* word) { perform(@{@"type" : @"set_video", @"call_id" : kCall, @"video" : word}); }

    [[nodiscard]] NSUInteger told(NSString* type) const {
        NSUInteger count = 0;
        for (CLRMessage* fact in port.told) count += [fact[@"type"] isEqual:type] ? 1 : 0;
        return count;
    }
    [[nodiscard]] CLRMessage* last(NSString* type) const {
        CLRMessage* found = nil;
        for (CLRMessage* fact in port.told) {
            if ([fact[@"type"] isEqual:type]) found = fact;
        }
        return found;
    }
    [[nodiscard]] static bool has(NSString* text, NSString* part) {
        return [text rangeOfString:part].location != NSNotFound;
    }

    LabWebRTC* __weak port = nil;
    LabPictures* pictures = [LabPictures new];
};

NSDictionary* numbers(int received, int lost, double level) {
    return @{
        @"inbound-rtp" : @{
            @"kind" : @"audio",
            @"packetsReceived" : @(received),
            @"packetsLost" : @(lost),
            @"jitter" : @0.012,
            @"bytesReceived" : @(received * 100),
            @"audioLevel" : @(level)
        },
        @"inbound-rtp#2" : @{@"kind" : @"video", @"packetsReceived" : @7, @"packetsLost" : @700},
        @"outbound-rtp" : @{@"kind" : @"audio", @"bytesSent" : @(received * 50)},
        @"media-source" : @{@"kind" : @"audio", @"audioLevel" : @0.25},
        @"candidate-pair" : @{@"state" : @"succeeded", @"nominated" : @YES, @"currentRoundTripTime" : @0.08},
    };
}

// ---- a call ----

TEST_F(IosWebRtc, PreparesWhileItRingsAndIsHeardOnlyInsideTheActivation) {
    ring();
    ASSERT_EQ(told(@"answer_prepared"), 1U);
    EXPECT_TRUE(has(last(@"answer_prepared")[@"sdp"], @"m=audio"));
    EXPECT_FALSE(runs()) << "IOS-AU-02: a negotiated call, and the phone rings";
    answer();
    EXPECT_FALSE(runs());
    connect();
    ASSERT_EQ(state(), State::connected);
    EXPECT_TRUE(phone.is_audio_active());
    EXPECT_TRUE(peer().labSendsVoice);
    EXPECT_TRUE(peer().labPlays);
    phone.tap_end(uuid(kCall));
    phone.run();
    EXPECT_EQ([RTCPeerConnection labAll].count, 0U);
    EXPECT_FALSE(runs());
}

TEST_F(IosWebRtc, APlacedCallOffersAndTakesTheAnswer) {
    token = "access-token";
    phone.open_app();
    phone.run();
    NSUUID* call = [app.client callUser:@"alice" video:NO done:nil];
    NSString* call_id = call.UUIDString.lowercaseString;
    phone.run();
    ASSERT_EQ(told(@"offer_prepared"), 1U);
    [server
        event:@{@"type" : @"answered", @"call_id" : call_id, @"device" : @"a", @"sdp" : peer_description(1, false)}];
    phone.run();
    connect();
    EXPECT_EQ(state(call_id), State::connected);
    EXPECT_TRUE(peer().labSendsVoice);
    EXPECT_GT([server count:@"candidate"], 0U);
    phone.tap_end(call);
    phone.run();
    EXPECT_FALSE(runs());
}

TEST_F(IosWebRtc, TheStylesModeOfTheSessionStandsWhenWebRtcBegins) {
    options = @{};
    ring();
    answer();
    phone.mode = AVAudioSessionModeVideoChat;
    connect();
    EXPECT_TRUE(runs());
    EXPECT_TRUE([phone.mode isEqualToString:AVAudioSessionModeVideoChat]);
}

TEST_F(IosWebRtc, TheAppsIceServersAreAskedForEachConnection) {
    ring();
    EXPECT_EQ(peer().labServers.count, 0U);
    port.iceServers = ^{
      return @[ [[RTCIceServer alloc] initWithURLStrings:@[ @"turn:turn.example.test" ]
                                                username:@"u"
                                              credential:@"c"] ];
    };
    prepare(@"prepare_offer", 0, @"media", @"audio", @"", kOther);
    EXPECT_EQ(peer().labServers.count, 1U);
}

// ---- voice ----

TEST_F(IosWebRtc, AHeldCallNeitherSendsNorPlays) {
    talk_over_webrtc();
    switches(@"set_held", true);
    EXPECT_FALSE(peer().labSends) << "nothing is sent, not even silence";
    EXPECT_FALSE(peer().labPlays);
    switches(@"set_held", false);
    EXPECT_TRUE(peer().labSendsVoice);
    phone.tap_hold(uuid(kCall), true);
    phone.run();
    EXPECT_FALSE(runs()) << "no capture";
    phone.tap_hold(uuid(kCall), false);
    phone.run();
    EXPECT_TRUE(peer().labSendsVoice);
    EXPECT_TRUE(peer().labPlays);
}

TEST_F(IosWebRtc, AMutedCallSendsSilenceAndPlays) {
    talk_over_webrtc();
    phone.tap_mute(uuid(kCall), true);
    phone.run();
    EXPECT_TRUE(peer().labSends);
    EXPECT_FALSE(peer().labSendsVoice);
    EXPECT_TRUE(peer().labPlays);
    phone.tap_mute(uuid(kCall), false);
    phone.run();
    EXPECT_TRUE(peer().labSendsVoice);
}

TEST_F(IosWebRtc, ASilencedPeerIsNotPlayedAndAMicrophoneThatIsGoneNotSent) {
    talk_over_webrtc();
    switches(@"set_peer_silenced", true);
    EXPECT_FALSE(peer().labPlays);
    EXPECT_TRUE(peer().labSendsVoice);
    switches(@"set_peer_silenced", false);
    switches(@"set_microphone", false);
    EXPECT_TRUE(peer().labPlays);
    EXPECT_FALSE(peer().labSendsVoice);
}

TEST_F(IosWebRtc, ACallThatIsMutedBeforeItIsNegotiatedStaysMuted) {
    ring();
    switches(@"set_muted", true);
    answer();
    connect();
    EXPECT_TRUE(peer().labPlays);
    EXPECT_FALSE(peer().labSendsVoice);
}

// ---- candidates ----

TEST_F(IosWebRtc, CandidatesOfThePeerWaitForItsDescription) {
    ring();
    prepare(@"prepare_offer", 0, @"media", @"audio", @"", kOther);
    perform(
        @{@"type" : @"add_candidate",
          @"call_id" : kOther,
          @"candidate" : @"candidate:1",
          @"mid" : @"0",
          @"line" : @0}
    );
    EXPECT_EQ(peer().labCandidates.count, 0U);
    apply_answer(0, peer_description(2, false), kOther);
    ASSERT_EQ(peer().labCandidates.count, 1U);
    EXPECT_TRUE([peer().labCandidates[0].sdp isEqualToString:@"candidate:1"]);
    perform(
        @{@"type" : @"add_candidate",
          @"call_id" : kOther,
          @"candidate" : @"candidate:2",
          @"mid" : @"0",
          @"line" : @0}
    );
    EXPECT_EQ(peer().labCandidates.count, 2U);
}

TEST_F(IosWebRtc, OwnCandidatesComeAfterTheDescriptionThatTheyBelongTo) {
    talk_over_webrtc();
    [port.told removeAllObjects];
    prepare(@"prepare_offer", 1, @"ice_restart");
    ASSERT_EQ(port.told.count, 2U);
    EXPECT_TRUE([port.told[0][@"type"] isEqual:@"offer_prepared"]);
    EXPECT_TRUE([port.told[1][@"type"] isEqual:@"candidate_found"]);
    EXPECT_TRUE([port.told[1][@"mid"] isEqual:@"0"]);
}

// ---- ways ----

TEST_F(IosWebRtc, AWayThatIsLostAndFoundIsToldOnce) {
    talk_over_webrtc();
    changes(RTCPeerConnectionStateDisconnected);
    changes(RTCPeerConnectionStateFailed);
    EXPECT_EQ(told(@"media_lost"), 1U);
    connect();
    EXPECT_EQ(told(@"media_connected"), 2U);
}

TEST_F(IosWebRtc, ACalleesWayThatWaitsForItsCallerDoesNotFail) {
    ring();
    changes(RTCPeerConnectionStateFailed);
    EXPECT_EQ(told(@"media_failed"), 0U);
    EXPECT_EQ(told(@"media_lost"), 0U);
    answer();
    connect();
    EXPECT_EQ(state(), State::connected);
}

TEST_F(IosWebRtc, AnIceRestartKeepsTheConnection) {
    talk_over_webrtc();
    RTCPeerConnection* before = peer();
    NSString* first = before.labOffered;
    changes(RTCPeerConnectionStateDisconnected);
    prepare(@"prepare_offer", 1, @"ice_restart");
    EXPECT_EQ(peer(), before);
    EXPECT_TRUE(has(last(@"offer_prepared")[@"sdp"], @"ice-ufrag:u1"));
    EXPECT_FALSE(has(first, @"ice-ufrag:u1"));
    apply_answer(1, peer_description(1, false, @"again"));
    connect();
    EXPECT_TRUE(peer().labSendsVoice);
    prepare(@"prepare_answer", 2, @"ice_restart", @"audio", peer_description(1, false, @"more"));
    EXPECT_EQ(peer(), before) << "its connection is the one from before";
    EXPECT_TRUE([last(@"answer_prepared")[@"revision"] isEqual:@2]);
}

TEST_F(IosWebRtc, APeerThatMadeAnewConnectionGetsOneThatTakesOverWhenItIsUp) {
    talk_over_webrtc();
    switches(@"set_muted", true);
    RTCPeerConnection* before = peer();
    prepare(@"prepare_answer", 2, @"ice_restart", @"audio", peer_description(9, false));
    RTCPeerConnection* next = peer();
    ASSERT_NE(next, before);
    EXPECT_TRUE(before.labPlays) << "goes on until then";
    EXPECT_FALSE(next.labPlays);
    perform(
        @{@"type" : @"add_candidate",
          @"call_id" : kCall,
          @"candidate" : @"candidate:n",
          @"mid" : @"0",
          @"line" : @0}
    );
    EXPECT_EQ(next.labCandidates.count, 1U);
    connect();
    EXPECT_EQ([RTCPeerConnection labAll].count, 1U);
    EXPECT_TRUE(next.labPlays);
    EXPECT_TRUE(next.labSends);
    EXPECT_FALSE(next.labSendsVoice) << "muted as before";
}

TEST_F(IosWebRtc, ATransferThatIsDroppedOrFailsLeavesTheCallAsItWas) {
    talk_over_webrtc();
    RTCPeerConnection* before = peer();
    prepare(@"prepare_offer", 1, @"transfer");
    ASSERT_EQ([RTCPeerConnection labAll].count, 2U);
    perform(@{@"type" : @"drop_offer", @"call_id" : kCall, @"revision" : @1});
    ASSERT_EQ([RTCPeerConnection labAll].count, 1U);
    prepare(@"prepare_offer", 3, @"transfer");
    changes(RTCPeerConnectionStateFailed);
    EXPECT_TRUE([last(@"negotiation_failed")[@"revision"] isEqual:@3]);
    EXPECT_EQ(peer(), before);
    EXPECT_TRUE(before.labSendsVoice);
}

// ---- negotiations ----

TEST_F(IosWebRtc, AnOfferThatIsDroppedIsRolledBack) {
    talk_over_webrtc();
    prepare(@"prepare_offer", 1, @"media", @"video");
    EXPECT_EQ(peer().signalingState, RTCSignalingStateHaveLocalOffer);
    perform(@{@"type" : @"drop_offer", @"call_id" : kCall, @"revision" : @1});
    EXPECT_EQ(peer().signalingState, RTCSignalingStateStable);
    prepare(@"prepare_answer", 2, @"media", @"video", peer_description(1, true));
    EXPECT_EQ(told(@"answer_prepared"), 2U);
    EXPECT_EQ(peer().signalingState, RTCSignalingStateStable);
}

TEST_F(IosWebRtc, WhatComesWhileADescriptionIsMadeWaitsForIt) {
    talk_over_webrtc();
    RTCPeerConnection.labIsSlow = YES;
    prepare(@"prepare_offer", 1, @"media", @"video");
    perform(@{@"type" : @"drop_offer", @"call_id" : kCall, @"revision" : @1});
    prepare(@"prepare_answer", 2, @"media", @"audio", peer_description(1, false));
    EXPECT_EQ(told(@"offer_prepared"), 0U);
    [RTCPeerConnection labGoOn];
    phone.run();
    EXPECT_EQ(told(@"answer_prepared"), 2U) << "glare: the peer's goes first";
    EXPECT_EQ(peer().signalingState, RTCSignalingStateStable);
}

TEST_F(IosWebRtc, NothingIsToldOfACallThatWasClosedMeanwhile) {
    ring();
    RTCPeerConnection.labIsSlow = YES;
    prepare(@"prepare_offer", 0, @"media", @"audio", @"", kOther);
    perform(@{@"type" : @"close_media", @"call_id" : kOther});
    [RTCPeerConnection labGoOn];
    phone.run();
    EXPECT_EQ(told(@"offer_prepared"), 0U);
}

TEST_F(IosWebRtc, AFirstDescriptionThatIsRefusedFailsTheMedia) {
    ring();
    RTCPeerConnection.labRefuses = YES;
    prepare(@"prepare_offer", 0, @"media", @"audio", @"", kOther);
    EXPECT_TRUE([last(@"media_failed")[@"call_id"] isEqual:kOther]);
    prepare(@"prepare_answer", 0, @"media", @"audio", @"no SDP", kOther);
    EXPECT_EQ(told(@"media_failed"), 2U);
}

TEST_F(IosWebRtc, AChangeThatIsRefusedLeavesTheCallAsItWas) {
    talk_over_webrtc();
    RTCPeerConnection.labRefuses = YES;
    prepare(@"prepare_answer", 2, @"media", @"video", peer_description(1, true));
    EXPECT_TRUE([last(@"negotiation_failed")[@"revision"] isEqual:@2]);
    EXPECT_EQ(peer().signalingState, RTCSignalingStateStable) << "the peer's offer does not stay";
    prepare(@"prepare_offer", 3, @"media", @"audio");
    apply_answer(3, @"no SDP");
    EXPECT_TRUE([last(@"negotiation_failed")[@"revision"] isEqual:@3]);
    EXPECT_EQ(told(@"media_failed"), 0U);
    EXPECT_TRUE(peer().labSendsVoice);
    prepare(@"prepare_offer", 5, @"media", @"audio", @"", kOther);
    EXPECT_TRUE([last(@"negotiation_failed")[@"call_id"] isEqual:kOther]) << "no such call";
}

TEST_F(IosWebRtc, ASecondAnswerIsIgnored) {
    ring();
    prepare(@"prepare_offer", 0, @"media", @"audio", @"", kOther);
    apply_answer(0, peer_description(2, false), kOther);
    apply_answer(0, peer_description(3, false), kOther);
    EXPECT_TRUE(has(peer().remoteDescription.sdp, @"o=- 2 "));
}

// ---- pictures ----

TEST_F(IosWebRtc, AVoiceCallBecomesAVideoCallAndGoesBack) {
    talk_over_webrtc();
    prepare(@"prepare_offer", 1, @"media", @"video");
    EXPECT_TRUE(has(last(@"offer_prepared")[@"sdp"], @"m=video"));
    EXPECT_EQ(RTCCameraVideoCapturer.labWidth, 0) << "nobody agreed yet";
    apply_answer(1, peer_description(1, true));
    ASSERT_NE(pictures.peer, nil);
    video(@"on");
    EXPECT_EQ(RTCCameraVideoCapturer.labWidth, 1280);
    EXPECT_TRUE(peer().labSendsPictures);
    EXPECT_NE(pictures.own, nil);
    video(@"paused");
    EXPECT_EQ(RTCCameraVideoCapturer.labWidth, 0) << "the camera is let go";
    EXPECT_FALSE(peer().labSendsPictures);
    port.usesBackCamera = YES;
    video(@"on");
    EXPECT_EQ(RTCCameraVideoCapturer.labWidth, -1280);
    prepare(@"prepare_answer", 2, @"media", @"audio", peer_description(1, true));
    video(@"off");
    EXPECT_EQ(RTCCameraVideoCapturer.labWidth, 0);
    EXPECT_EQ(pictures.own, nil);
    EXPECT_EQ(pictures.peer, nil);
    EXPECT_TRUE(has(last(@"answer_prepared")[@"sdp"], @"a=inactive"));
}

TEST_F(IosWebRtc, AnAnsweredVideoOfferSendsAndShows) {
    talk_over_webrtc();
    prepare(@"prepare_answer", 2, @"media", @"video", peer_description(1, true));
    video(@"on");
    EXPECT_TRUE(peer().labSendsPictures);
    EXPECT_NE(pictures.peer, nil);
    perform(@{@"type" : @"close_media", @"call_id" : kCall});
    EXPECT_EQ(RTCCameraVideoCapturer.labWidth, 0);
    EXPECT_EQ(pictures.peer, nil);
}

TEST_F(IosWebRtc, PicturesGoOnOverAnotherWay) {
    talk_over_webrtc();
    prepare(@"prepare_answer", 2, @"media", @"video", peer_description(1, true));
    video(@"on");
    prepare(@"prepare_answer", 4, @"ice_restart", @"video", peer_description(9, true));
    connect();
    EXPECT_EQ([RTCPeerConnection labAll].count, 1U);
    EXPECT_TRUE(peer().labSendsPictures);
}

TEST_F(IosWebRtc, WithoutACameraTheCallGoesOn) {
    talk_over_webrtc();
    RTCCameraVideoCapturer.labHasCamera = NO;
    prepare(@"prepare_answer", 2, @"media", @"video", peer_description(1, true));
    video(@"on");
    EXPECT_NE(pictures.cameraFault, nil);
    EXPECT_TRUE(peer().labSendsVoice);
}

TEST_F(IosWebRtc, TheAppIsToldToStopSharingItsScreen) {
    talk_over_webrtc();
    perform(@{@"type" : @"stop_screen_share", @"call_id" : kCall});
    EXPECT_EQ(pictures.screenStops, 1);
}

TEST_F(IosWebRtc, ACommandOfANewerLibraryIsSkipped) {
    talk_over_webrtc();
    perform(@{@"type" : @"sing", @"call_id" : kCall});
    EXPECT_TRUE(peer().labSendsVoice);
}

// ---- numbers ----

TEST_F(IosWebRtc, QualityIsMeasuredWhileItIsTalked) {
    talk_over_webrtc();
    peer().labStatistics = numbers(100, 0, 0);
    phone.advance(2'500);
    EXPECT_EQ(told(@"statistics_measured"), 0U) << "the first report has nothing before it";
    EXPECT_EQ(told(@"first_audio_heard"), 0U) << "silence";
    peer().labStatistics = numbers(190, 10, 0.5);
    phone.advance(2'000);
    ASSERT_EQ(told(@"statistics_measured"), 1U);
    CLRMessage* found = last(@"statistics_measured")[@"statistics"];
    EXPECT_EQ([found[@"loss_permille"] intValue], 100);
    EXPECT_EQ([found[@"jitter"] intValue], 12);
    EXPECT_EQ([found[@"latency"] intValue], 80);
    EXPECT_EQ([found[@"received_bps"] intValue], 90 * 100 * 8 / 2);
    EXPECT_EQ([found[@"sent_bps"] intValue], 90 * 50 * 8 / 2);
    EXPECT_EQ([found[@"own_level"] intValue], 25);
    EXPECT_EQ([found[@"peer_level"] intValue], 50);
    EXPECT_EQ(told(@"first_audio_heard"), 1U);
    phone.tap_hold(uuid(kCall), true);
    phone.advance(10'000);
    EXPECT_EQ(told(@"statistics_measured"), 1U) << "nobody talks";
    EXPECT_EQ(told(@"first_audio_heard"), 1U);
}

// ---- deliberate faults ----

struct Stage : IosWebRtc {
    void TestBody() override {}
    void TearDown() override {}
};

struct Fault {
    const char* name;
    const char* in_class;
    const char* method;
    IMP wrong;
    std::string (*story)(Stage&);
};

std::string verdict(const Stage& stage, bool is_good, const char* what) {
    if (!stage.phone.violations.empty()) return stage.phone.violations.front();
    return is_good ? "" : what;
}

std::string talks(Stage& stage) {
    stage.talk_over_webrtc();
    const bool is_good = Stage::peer().labSendsVoice && Stage::peer().labPlays;
    return verdict(stage, is_good, "nobody is heard");
}

std::string ends(Stage& stage) {
    stage.talk_over_webrtc();
    stage.phone.tap_end(Stage::uuid(kCall));
    stage.phone.run();
    return verdict(stage, [RTCPeerConnection labAll].count == 0 && !Stage::runs(), "it goes on");
}

std::string holds(Stage& stage) {
    stage.talk_over_webrtc();
    stage.switches(@"set_held", true);
    return verdict(stage, !Stage::peer().labSends && !Stage::peer().labPlays, "audio goes on");
}

std::string hears_candidates(Stage& stage) {
    stage.ring();
    stage.prepare(@"prepare_offer", 0, @"media", @"audio", @"", kOther);
    stage.perform(
        @{@"type" : @"add_candidate",
          @"call_id" : kOther,
          @"candidate" : @"candidate:1",
          @"mid" : @"0",
          @"line" : @0}
    );
    stage.apply_answer(0, peer_description(2, false), kOther);
    return verdict(stage, Stage::peer().labCandidates.count == 1, "a candidate is lost");
}

std::string gives_way(Stage& stage) {
    stage.talk_over_webrtc();
    stage.prepare(@"prepare_offer", 1, @"media");
    stage.perform(@{@"type" : @"drop_offer", @"call_id" : kCall, @"revision" : @1});
    stage.prepare(@"prepare_answer", 2, @"media", @"audio", peer_description(1, false));
    return verdict(stage, [stage.last(@"answer_prepared")[@"revision"] isEqual:@2], "no answer");
}

std::string moves(Stage& stage) {
    stage.talk_over_webrtc();
    RTCPeerConnection* before = Stage::peer();
    stage.prepare(@"prepare_answer", 2, @"ice_restart", @"audio", peer_description(9, false));
    stage.connect();
    const bool is_one = [RTCPeerConnection labAll].count == 1 && Stage::peer() != before;
    return verdict(stage, is_one && Stage::peer().labSendsVoice, "the old way is used");
}

std::string pauses(Stage& stage) {
    stage.talk_over_webrtc();
    stage.prepare(@"prepare_answer", 2, @"media", @"video", peer_description(1, true));
    stage.video(@"on");
    stage.video(@"paused");
    return verdict(stage, RTCCameraVideoCapturer.labWidth == 0, "the camera is on");
}

void nothing(id, SEL) {}
void nothing_of_one(id, SEL, id) {}
BOOL always(id, SEL, id) { return YES; }
void at_once(id me, SEL, void (^block)(id)) { block(me); }
void gives_at_once(id, SEL, RTCIceCandidate* candidate) {
    [Stage::peer() addIceCandidate:candidate
                 completionHandler:^(NSError*){
                 }];
}
void enables_only(id, SEL) { [RTCAudioSession sharedInstance].isAudioEnabled = YES; }

template <class Function>
IMP imp(Function* function) {
    return reinterpret_cast<IMP>(reinterpret_cast<void (*)()>(function));
}

const std::vector<Fault>& faults() {
    static const std::vector<Fault> all{
        {"WorksOnTheSignallingThread", "CLRConnection", "post:", imp(at_once), talks},
        {"GivesCandidatesAtOnce", "CLRConnection", "addCandidate:", imp(gives_at_once), hears_candidates},
        {"LetsWebRtcActivateTheSession", "CLRWebRTC", "settleAudio", imp(enables_only), talks},
        {"ForgetsTheAudioSession", "CLRWebRTC", "settleAudio", imp(nothing), talks},
        {"ForgetsTheManner", "CLRConnection", "apply", imp(nothing), holds},
        {"NeverClosesAConnection", "CLRConnection", "close", imp(nothing), ends},
        {"NeverRollsBack", "CLRConnection", "rollBack", imp(nothing), gives_way},
        {"AnswersEveryOfferWithTheOldConnection", "CLRConnection", "isOfPresentPeer:", imp(always), moves},
        {"NeverTakesOver", "CLRWebRTC", "takeOver:", imp(nothing_of_one), moves},
        {"KeepsTheCameraOn", "CLRCamera", "stop", imp(nothing), pauses},
    };
    return all;
}

class IosWebRtcFaults : public ::testing::TestWithParam<std::size_t> {};

TEST_P(IosWebRtcFaults, IsCaught) {
    const Fault& fault = faults()[GetParam()];
    @autoreleasepool {
        Stage stage;
        ASSERT_EQ(fault.story(stage), "") << "the story without the fault";
    }
    Method method = class_getInstanceMethod(NSClassFromString(@(fault.in_class)), sel_registerName(fault.method));
    ASSERT_NE(method, nullptr) << fault.method;
    const IMP right = method_setImplementation(method, fault.wrong);
    std::string caught;
    @autoreleasepool {
        Stage stage;
        caught = fault.story(stage);
    }
    method_setImplementation(method, right);
    EXPECT_NE(caught, "") << fault.name << " was not noticed";
    RecordProperty("caught", caught);
}

INSTANTIATE_TEST_SUITE_P(
    Port,
    IosWebRtcFaults,
    ::testing::Range(std::size_t{0}, faults().size()),
    [](const ::testing::TestParamInfo<std::size_t>& info) { return std::string{faults()[info.param].name}; }
);

}  // namespace
}  // namespace clarion::lab
