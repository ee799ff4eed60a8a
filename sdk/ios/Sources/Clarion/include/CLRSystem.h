/* SPDX-License-Identifier: Apache-2.0 */
#import <Foundation/Foundation.h>
#import <dispatch/dispatch.h>

NS_ASSUME_NONNULL_BEGIN

/// What the shell needs of the device beside Apple's call frameworks: one serial queue with clocks. On a phone
/// CLRDeviceSystem; a test passes virtual time.
@protocol CLRSystem <NSObject>

/// The engine's queue. PushKit and CallKit call back on it, so that a push is reported before its handler returns
/// (IOS-PK-02). Never the main queue: a blocked main thread must not delay a report (IOS-PK-03).
@property(nonatomic, readonly) dispatch_queue_t queue;

/// Milliseconds of a clock that counts while the device sleeps; never goes back within a boot.
- (int64_t)now;
/// Milliseconds since 1970 UTC.
- (int64_t)wallNow;
/// Another text after each boot.
- (NSString*)bootId;
- (uint64_t)randomNumber;

/// On the queue, later, in order. From any thread.
- (void)post:(void (^)(void))block;
/// The same after so many milliseconds; there may be several. On the queue.
- (void)postAfter:(int64_t)wait block:(void (^)(void))block;
/// The one timer: replaces the one before. INT64_MAX: none. On the queue.
- (void)armAt:(int64_t)at block:(void (^)(void))block;
/// On the thread of the app's interface, in order. From any thread.
- (void)postToApp:(void (^)(void))block;

/// Asks the system not to suspend the process, or no more. It may suspend it all the same, after its own time.
- (void)keepAwake:(BOOL)on;
/// Tells, on the queue, whenever the network came, went or became another one. Not its first state. Nil: no more.
- (void)watchNetwork:(void (^_Nullable)(BOOL isAvailable))changed;

@end

NS_ASSUME_NONNULL_END
