/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#import "lab/ios/fake_webrtc.h"
#include "net/loop.hpp"
#import "sdk/ios/Sources/ClarionWebRTC/include/CLRWebRTC.h"
#include "sdk/media/media.hpp"

/// Real voice behind the lab's WebRTC.framework: each connection has a leg of sdk/media. What the app says to WebRTC
/// becomes media commands of docs/engine.md again; what is sent and heard is read off the connection after each turn of
/// the app.
@interface LiveVoice : NSObject <LabWire>
/// nil: `error` names the package that is missing.
- (nullable instancetype)initWithLoop:(clarion::net::Loop* _Nonnull)loop
                                voice:(const clarion::media::LegOptions&)voice
                                error:(NSString* _Nonnull* _Nonnull)error;
/// The shell's own port as an app has it, over this voice. One a process.
- (nonnull CLRWebRTC*)port;
@end
