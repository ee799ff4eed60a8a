/* SPDX-License-Identifier: Apache-2.0 */
#import <WebRTC/WebRTC.h>

#import "sdk/ios/Sources/Clarion/include/CLRSystem.h"

NS_ASSUME_NONNULL_BEGIN

@class CLRConnection;

/// What one connection has to say, on the engine's queue; nothing after its end.
@protocol CLRConnectionListener <NSObject>
- (void)connection:(CLRConnection*)connection found:(RTCIceCandidate*)candidate;
- (void)connection:(CLRConnection*)connection changedState:(RTCPeerConnectionState)state;
/// The pictures of the peer may be others than before.
- (void)connectionWasNegotiated:(CLRConnection*)connection;
@end

/// What of the voice may pass.
struct CLRManner {
    bool is_open = false;
    bool microphone = true;
    bool muted = false;
    bool held = false;
    bool peer_silenced = false;
};

/// One RTCPeerConnection whose steps are taken one after the other. On the engine's queue: what WebRTC calls on its
/// signalling thread is brought there.
@interface CLRConnection : NSObject
- (nullable instancetype)initWithFactory:(RTCPeerConnectionFactory*)factory
                           configuration:(RTCConfiguration*)configuration
                                  system:(id<CLRSystem>)system
                                listener:(id<CLRConnectionListener>)listener;
/// `done` gets the own description, or why there is none. Candidates are told after it.
- (void)offerVideo:(BOOL)hasVideo restart:(BOOL)isRestart done:(void (^)(NSString* _Nullable sdp, NSString* why))done;
- (void)answer:(NSString*)offer video:(BOOL)hasVideo done:(void (^)(NSString* _Nullable sdp, NSString* why))done;
- (void)takeAnswer:(NSString*)answer failed:(void (^)(NSString* why))failed;
/// The own offer that is not answered, if there is one.
- (void)rollBack;
- (void)addCandidate:(RTCIceCandidate*)candidate;
/// Whether this offer comes from the connection at the other end, not from a new one (RFC 8829, 5.2.1: its "o=" line).
- (BOOL)isOfPresentPeer:(NSString*)offer;
@property(nonatomic) CLRManner manner;
@property(nonatomic, strong, nullable) RTCVideoTrack* ownVideo;
@property(nonatomic, readonly, nullable) RTCVideoTrack* peerVideo;
- (void)measure:(void (^)(RTCStatisticsReport* report))done;
- (void)close;
@end

NS_ASSUME_NONNULL_END
