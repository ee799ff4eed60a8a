/* SPDX-License-Identifier: Apache-2.0 */
#import "sdk/ios/Sources/Clarion/include/CLRDeviceSystem.h"

#import <Network/Network.h>
#import <UIKit/UIKit.h>
#import <mach/mach_time.h>
#include <stdlib.h>
#include <sys/sysctl.h>

@implementation CLRDeviceSystem {
    dispatch_queue_t _queue;
    dispatch_source_t _timer;
    nw_path_monitor_t _monitor;
    mach_timebase_info_data_t _base;
    UIBackgroundTaskIdentifier _task;  // On the main thread.
}

- (instancetype)init {
    if (!(self = [super init])) return nil;
    dispatch_queue_attr_t attributes =
        dispatch_queue_attr_make_with_qos_class(DISPATCH_QUEUE_SERIAL, QOS_CLASS_USER_INITIATED, 0);
    _queue = dispatch_queue_create("clarion", attributes);
    mach_timebase_info(&_base);
    _task = UIBackgroundTaskInvalid;
    return self;
}

- (dispatch_queue_t)queue {
    return _queue;
}

- (int64_t)now {
    const uint64_t nanoseconds = mach_continuous_time() * _base.numer / _base.denom;
    return static_cast<int64_t>(nanoseconds / NSEC_PER_MSEC);
}

- (int64_t)wallNow {
    return static_cast<int64_t>([NSDate date].timeIntervalSince1970 * 1000);
}

- (NSString*)bootId {
    char text[64] = {};
    size_t length = sizeof text - 1;
    if (sysctlbyname("kern.bootsessionuuid", text, &length, nullptr, 0) != 0) return NSUUID.UUID.UUIDString;
    return @(text);
}

- (uint64_t)randomNumber {
    return static_cast<uint64_t>(arc4random()) << 32 | arc4random();
}

- (void)post:(void (^)(void))block {
    dispatch_async(_queue, block);
}

- (void)postAfter:(int64_t)wait block:(void (^)(void))block {
    const auto at = dispatch_walltime(nullptr, wait * static_cast<int64_t>(NSEC_PER_MSEC));
    dispatch_after(at, _queue, block);
}

- (void)postToApp:(void (^)(void))block {
    dispatch_async(dispatch_get_main_queue(), block);
}

- (void)armAt:(int64_t)at block:(void (^)(void))block {
    if (_timer != nil) dispatch_source_cancel(_timer);
    _timer = nil;
    if (at == INT64_MAX) return;
    const int64_t wait = at > self.now ? at - self.now : 0;
    _timer = dispatch_source_create(DISPATCH_SOURCE_TYPE_TIMER, 0, 0, _queue);
    // By the wall clock, which goes on while the device sleeps; the engine allows a timer that comes early or late.
    dispatch_source_set_timer(
        _timer, dispatch_walltime(nullptr, wait * static_cast<int64_t>(NSEC_PER_MSEC)), DISPATCH_TIME_FOREVER, 0
    );
    dispatch_source_set_event_handler(_timer, block);
    dispatch_resume(_timer);
}

- (void)keepAwake:(BOOL)on {
    dispatch_async(dispatch_get_main_queue(), ^{
      if (on) {
          [self beginTask];
      } else {
          [self endTask];
      }
    });
}

- (void)beginTask {
    if (_task != UIBackgroundTaskInvalid) return;
    _task = [UIApplication.sharedApplication beginBackgroundTaskWithName:@"clarion"
                                                       expirationHandler:^{
                                                         [self endTask];
                                                       }];
}

- (void)endTask {
    if (_task == UIBackgroundTaskInvalid) return;
    [UIApplication.sharedApplication endBackgroundTask:_task];
    _task = UIBackgroundTaskInvalid;
}

- (void)watchNetwork:(void (^)(BOOL))changed {
    if (_monitor != nil) nw_path_monitor_cancel(_monitor);
    _monitor = nil;
    if (changed == nil) return;
    _monitor = nw_path_monitor_create();
    nw_path_monitor_set_queue(_monitor, _queue);
    __block BOOL isFirst = YES;
    nw_path_monitor_set_update_handler(_monitor, ^(nw_path_t path) {
      if (!isFirst) changed(nw_path_get_status(path) == nw_path_status_satisfied);
      isFirst = NO;
    });
    nw_path_monitor_start(_monitor);
}

@end
