/* SPDX-License-Identifier: Apache-2.0 */
#import "CLRStore.h"
#import "include/CLRPorts.h"

NS_ASSUME_NONNULL_BEGIN

/// The door for Objective-C: either machine of clarion.h with ownership and JSON as text. Times, codes and order as
/// there. One thread at a time.
@interface CLREngine : NSObject

/// The machine of `store`'s snapshot, else a new one. nil: refused. `why` gets one line about the configuration, or
/// about the snapshot that was not taken.
+ (nullable instancetype)open:(CLRMachine)machine
                       config:(NSString*)config
                        store:(CLRStore*)store
                       system:(id<CLRSystem>)system
                          why:(NSString* _Nonnull* _Nonnull)why;

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
/// nil while commands wait.
- (nullable NSData*)snapshot;
/// About the last error; names a field, repeats no value.
- (NSString*)errorText;

@end

/// The code of a frame_received that means: the server is broken.
extern const int32_t CLRBrokenFrame;

/// JSON from and to the objects of NSJSONSerialization; nil when it is not an object.
NSString* CLRTextOf(id json);
CLRMessage* _Nullable CLRObjectOf(NSString* _Nullable text);

NS_ASSUME_NONNULL_END
