/* SPDX-License-Identifier: Apache-2.0 */
#import "include/CLRPorts.h"

NS_ASSUME_NONNULL_BEGIN

/// The door for Objective-C: either machine of clarion.h with ownership and JSON as text. Times, codes and order as
/// there. One thread at a time.
@interface CLREngine : NSObject

/// nil: refused; `error` gets one line.
+ (nullable instancetype)create:(CLRMachine)machine
                         config:(NSString*)config
                            now:(int64_t)now
                           seed:(uint64_t)seed
                          error:(NSString* _Nonnull* _Nonnull)error;
/// `elapsed`: milliseconds since the snapshot, by the wall clock; below 0: it is of this boot.
+ (nullable instancetype)restore:(CLRMachine)machine
                          config:(NSString*)config
                        snapshot:(NSData*)snapshot
                         elapsed:(int64_t)elapsed
                             now:(int64_t)now
                         wallNow:(int64_t)wallNow
                           error:(NSString* _Nonnull* _Nonnull)error;

- (int32_t)send:(NSString*)input now:(int64_t)now;
- (int32_t)handleTimeout:(int64_t)now;
/// The oldest command; nil when drained.
- (nullable NSString*)receive;
- (int64_t)nextDeadline;
- (NSString*)nextTimer;
/// "callui_view" in the schema; of the engine `calls` alone.
- (NSString*)view;
/// nil: the id is not a UUID, or the machine is not the engine.
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
