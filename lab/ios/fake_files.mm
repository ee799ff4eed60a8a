/* SPDX-License-Identifier: Apache-2.0 */
#import <Intents/Intents.h>
#import <objc/runtime.h>

#include <cstdio>
#include <fstream>
#include <map>
#include <string>

#import "lab/ios/iphone.h"

using clarion::lab::IPhone;

NSString* const NSFileProtectionKey = @"NSFileProtectionKey";
NSString* const NSFileProtectionNone = @"NSFileProtectionNone";

@implementation NSURL (ClarionShim)
- (BOOL)setResourceValue:(id)value forKey:(NSString*)key error:(NSError* __autoreleasing*)error {
    return YES;
}
@end

namespace {

/// Files without protection; everything else is closed until the first unlock after a boot (IOS-PK-11).
std::map<std::string, bool> unprotected;

using Read = id (*)(id, SEL, NSString*);
Read read_really = nullptr;

id read_file(id type, SEL selector, NSString* path) {
    if (!IPhone::is_there()) return read_really(type, selector, path);
    if (!IPhone::current().is_unlocked_since_boot && !unprotected[path.UTF8String]) return nil;
    return read_really(type, selector, path);
}

bool replace_file(NSData* data, const std::string& path) {
    const std::string fresh = path + ".new";
    std::ofstream file{fresh, std::ios::binary};
    file.write(static_cast<const char*>(data.bytes), static_cast<std::streamsize>(data.length));
    file.close();
    return file.good() && std::rename(fresh.c_str(), path.c_str()) == 0;
}

}  // namespace

/// In the place of GNUstep's own, which knows no protection.
#pragma clang diagnostic ignored "-Wobjc-protocol-method-implementation"
@implementation NSData (LabFiles)
- (BOOL)writeToFile:(NSString*)path options:(NSUInteger)options error:(NSError* __autoreleasing*)error {
    if (IPhone::is_there()) {
        auto& phone = IPhone::current();
        if (!phone.enters(phone.generation())) return NO;
        const bool is_open = (options & NSDataWritingFileProtectionNone) != 0;
        if (!is_open && !phone.is_unlocked_since_boot) return NO;
        unprotected[path.UTF8String] = is_open;
    }
    return replace_file(self, path.UTF8String) ? YES : NO;
}
@end

namespace clarion::lab {

void protect_files() {
    if (read_really != nullptr) return;
    Method reading = class_getClassMethod([NSData class], @selector(dataWithContentsOfFile:));
    read_really = reinterpret_cast<Read>(reinterpret_cast<void (*)()>(method_getImplementation(reading)));
    method_setImplementation(reading, reinterpret_cast<IMP>(reinterpret_cast<void (*)()>(read_file)));
}

}  // namespace clarion::lab
