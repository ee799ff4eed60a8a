/* SPDX-License-Identifier: Apache-2.0 */
#import "include/CLRPorts.h"

NS_ASSUME_NONNULL_BEGIN

/// The door for Objective-C: clarion.h with ownership and JSON as text. Times, codes and order as there. One thread at
/// a time.
@interface CLREngine : NSObject

/// nil: refused; `error` gets one line.
+ (nullable instancetype)createWithConfig:(NSString*)config
                                      now:(int64_t)now
                                     seed:(uint64_t)seed
                                    error:(NSString* _Nonnull* _Nonnull)error;
+ (nullable instancetype)restoreWithConfig:(NSString*)config
                                  snapshot:(NSData*)snapshot
                                       now:(int64_t)now
                                   wallNow:(int64_t)wallNow
                                  sameBoot:(BOOL)isSameBoot
                                     error:(NSString* _Nonnull* _Nonnull)error;

- (int32_t)send:(NSString*)input now:(int64_t)now;
- (int32_t)handleTimeout:(int64_t)now;
/// The oldest command; nil when drained.
- (nullable NSString*)receive;
- (int64_t)nextDeadline;
- (NSString*)nextTimer;
- (NSString*)calls;
- (nullable NSString*)adopt:(NSString*)call;
- (int32_t)startFail:(NSString*)place;
- (NSData*)snapshot;
/// About the last error; names a field, repeats no value.
- (NSString*)errorText;

@end

/// The code of a frame_received that means: the server is broken.
extern const int32_t CLRBrokenFrame;

/// JSON from and to the objects of NSJSONSerialization; nil when it is not an object.
NSString* CLRTextOf(id json);
CLRMessage* _Nullable CLRObjectOf(NSString* text);

NS_ASSUME_NONNULL_END
