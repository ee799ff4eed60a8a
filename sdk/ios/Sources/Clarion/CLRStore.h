/* SPDX-License-Identifier: Apache-2.0 */
#import <Foundation/Foundation.h>

#import "include/CLRSystem.h"

NS_ASSUME_NONNULL_BEGIN

/// What must survive the process: files that can be read before the first unlock, when pushes come already (IOS-PK-11),
/// and that no backup carries to another phone. Replaced in one step.
@interface CLRStore : NSObject
/// Makes the directory. nil: `error`.
- (nullable instancetype)initWithDirectory:(NSURL*)directory system:(id<CLRSystem>)system error:(NSError**)error;
/// nil: there is none, or it cannot be read.
@property(nonatomic, readonly, nullable) NSData* snapshot;
/// Milliseconds since the snapshot, by the wall clock; below 0: its monotonic times are of this boot.
@property(nonatomic, readonly) int64_t elapsed;
/// No: the old one is still whole; the calls go on without protection.
- (BOOL)store:(NSData*)snapshot;
@end

/// For files of that kind.
BOOL CLRMakeDirectory(NSURL* directory, NSError** error);
/// Writes a file of that kind.
BOOL CLRWriteUnprotected(NSData* data, NSURL* file, NSError** error);
/// nil; `error` says why.
id _Nullable CLRFail(NSError* _Nullable* _Nullable error, NSString* text);

NS_ASSUME_NONNULL_END
