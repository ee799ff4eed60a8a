/* SPDX-License-Identifier: Apache-2.0 */
#import "CLRStore.h"

BOOL CLRMakeDirectory(NSURL* directory, NSError* __autoreleasing* error) {
    if (![[NSFileManager defaultManager] createDirectoryAtPath:directory.path
                                   withIntermediateDirectories:YES
                                                    attributes:@{NSFileProtectionKey : NSFileProtectionNone}
                                                         error:error]) {
        return NO;
    }
    [directory setResourceValue:@YES forKey:NSURLIsExcludedFromBackupKey error:nil];
    return YES;
}

BOOL CLRWriteUnprotected(NSData* data, NSURL* file, NSError* __autoreleasing* error) {
    return [data writeToFile:file.path options:NSDataWritingAtomic | NSDataWritingFileProtectionNone error:error];
}

id CLRFail(NSError* __autoreleasing* error, NSString* text) {
    NSDictionary* said = @{NSLocalizedDescriptionKey : text};
    if (error != nullptr) *error = [NSError errorWithDomain:@"Clarion" code:1 userInfo:said];
    return nil;
}

@implementation CLRStore {
    NSURL* _file;
    id<CLRSystem> _system;
}

- (instancetype)initWithDirectory:(NSURL*)directory
                           system:(id<CLRSystem>)system
                            error:(NSError* __autoreleasing*)error {
    if (!(self = [super init])) return nil;
    if (!CLRMakeDirectory(directory, error)) return nil;
    _file = [directory URLByAppendingPathComponent:@"journal"];
    _system = system;
    [self load];
    return self;
}

/// The boot and the wall clock on the first line, then the snapshot.
- (void)load {
    NSData* data = [NSData dataWithContentsOfFile:_file.path] ?: [NSData data];
    const NSRange all = NSMakeRange(0, data.length);
    const NSUInteger length = [data rangeOfData:[NSData dataWithBytes:"\n" length:1] options:0 range:all].location;
    if (length == NSNotFound) return;
    NSData* line = [data subdataWithRange:NSMakeRange(0, length)];
    NSString* head = [[NSString alloc] initWithData:line encoding:NSUTF8StringEncoding];
    NSArray<NSString*>* parts = [head componentsSeparatedByString:@" "];
    const BOOL isSameBoot = [parts.firstObject isEqualToString:_system.bootId];
    _elapsed = isSameBoot ? -1 : MAX(0, _system.wallNow - parts.lastObject.longLongValue);
    _snapshot = [data subdataWithRange:NSMakeRange(length + 1, data.length - length - 1)];
}

- (BOOL)store:(NSData*)snapshot {
    NSString* head = [NSString stringWithFormat:@"%@ %lld\n", _system.bootId, (long long)_system.wallNow];
    NSMutableData* data = [[head dataUsingEncoding:NSUTF8StringEncoding] mutableCopy];
    [data appendData:snapshot];
    return CLRWriteUnprotected(data, _file, nil);
}

@end
