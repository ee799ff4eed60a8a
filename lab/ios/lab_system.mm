/* SPDX-License-Identifier: Apache-2.0 */
#include <algorithm>

#import "lab/ios/iphone.h"

// ---- the system of one process ----

@implementation LabSystem {
    std::uint64_t _generation;
    std::uint64_t _armed;  // Tells the newest timer.
}

- (instancetype)init {
    if ((self = [super init])) _generation = clarion::lab::IPhone::current().generation();
    return self;
}

- (dispatch_queue_t)queue {
    return (dispatch_queue_t)self;
}

- (int64_t)now {
    return clarion::lab::IPhone::current().now;
}

- (int64_t)wallNow {
    return clarion::lab::IPhone::current().wall_now;
}

- (NSString*)bootId {
    return @(clarion::lab::IPhone::current().boot.c_str());
}

- (uint64_t)randomNumber {
    return clarion::lab::IPhone::current().seed;
}

- (void)post:(void (^)(void))block {
    clarion::lab::IPhone::current().post(_generation, block);
}

- (void)postAfter:(int64_t)wait block:(void (^)(void))block {
    auto& phone = clarion::lab::IPhone::current();
    phone.post_at(phone.now + wait, _generation, block);
}

- (void)postToApp:(void (^)(void))block {
    clarion::lab::IPhone::current().post(_generation, block);
}

- (void)armAt:(int64_t)at block:(void (^)(void))block {
    const auto mine = ++_armed;
    if (at == INT64_MAX) return;
    __weak LabSystem* weakly = self;
    auto& phone = clarion::lab::IPhone::current();
    phone.post_at(std::max(at, phone.now), _generation, ^{
      LabSystem* system = weakly;
      if (system != nil && system->_armed == mine) block();
    });
}

- (void)keepAwake:(BOOL)on {
    auto& phone = clarion::lab::IPhone::current();
    if (phone.enters(_generation)) phone.is_kept_awake = on;
}

- (void)watchNetwork:(void (^)(BOOL))changed {
    auto& phone = clarion::lab::IPhone::current();
    if (phone.is_running() && phone.generation() == _generation) phone.network_changed = changed;
}

@end
