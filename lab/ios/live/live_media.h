/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "net/loop.hpp"
#import "sdk/ios/Sources/Clarion/include/CLRPorts.h"
#include "sdk/media/media.hpp"

/// Real voice: the WebRTC leg of sdk/media as the shell's media port.
@interface LiveMedia : NSObject <CLRMedia>
/// nil: `error` names the package that is missing.
- (nullable instancetype)initWithLoop:(clarion::net::Loop* _Nonnull)loop
                                voice:(const clarion::media::LegOptions&)voice
                                error:(NSString* _Nonnull* _Nonnull)error;
@end
