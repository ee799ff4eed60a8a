/* SPDX-License-Identifier: Apache-2.0 */
#import <Foundation/Foundation.h>

NS_ASSUME_NONNULL_BEGIN

/// What must survive the process: files that can be read before the first unlock, when pushes come already (IOS-PK-11),
/// and that no backup carries to another phone. Replaced in one step.
@interface CLRStore : NSObject
/// Makes the directory. nil: `error`.
- (nullable instancetype)initWithDirectory:(NSURL*)directory bootId:(NSString*)bootId error:(NSError**)error;
/// nil: there is none, or it cannot be read.
@property(nonatomic, readonly, nullable) NSData* snapshot;
/// Whether the monotonic times in the snapshot are of this boot.
@property(nonatomic, readonly) BOOL isSameBoot;
/// No: the old one is still whole; the calls go on without protection.
- (BOOL)store:(NSData*)snapshot;
@end

/// For files of that kind.
BOOL CLRMakeDirectory(NSURL* directory, NSError** error);
/// Writes a file of that kind.
BOOL CLRWriteUnprotected(NSData* data, NSURL* file, NSError** error);

NS_ASSUME_NONNULL_END
