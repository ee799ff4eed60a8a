/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <functional>

#import "lab/ios/iphone.h"
#include "lab/phone/system_lines.hpp"
#include "net/loop.hpp"

/// The rest of the phone is another process (lab/phone): the line to it, in the words of lab/phone/system_lines.hpp.
///
/// The screen, the user and the life of the process are there. The audio session is here: IPhone's rules for it are
/// stricter, so what the other side says about it is not used.
@interface CallService : NSObject <LabCallService>
/// `fd` is open for both directions and stays the caller's. Its end is the end of this process.
- (instancetype)initWithLoop:(clarion::net::Loop*)loop fd:(int)fd;
/// The user opened the app.
@property(nonatomic, copy) void (^appOpened)(void);
/// Says that the app runs, and begins to read.
- (void)start;
- (void)say:(const clarion::lab::FromApp&)word;
/// A word that is JSON already.
- (void)sayText:(NSString*)text;
@end
