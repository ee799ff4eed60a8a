/* SPDX-License-Identifier: Apache-2.0 */
#import "sdk/ios/Sources/Clarion/include/CLRInviteBox.h"

#include <optional>
#include <string>
#include <vector>

#include "crypto/invite_box.hpp"
#import "sdk/generated/clarion_words.h"
#import "sdk/ios/Sources/Clarion/CLRStore.h"

using namespace clarion;

namespace {

NSString* fault_of(crypto::OpenError error) {
    switch (error) {
        case crypto::OpenError::not_for_this_device:
        case crypto::OpenError::no_key: return @CLARION_PUSH_FAULT_NOT_FOR_THIS_DEVICE;
        case crypto::OpenError::bad_signature: return @CLARION_PUSH_FAULT_BAD_SIGNATURE;
        case crypto::OpenError::unsupported_version: return @CLARION_PUSH_FAULT_UNSUPPORTED_VERSION;
        case crypto::OpenError::too_large:
        case crypto::OpenError::malformed: return @CLARION_PUSH_FAULT_MALFORMED;
    }
    return @CLARION_PUSH_FAULT_MALFORMED;
}

}  // namespace

@implementation CLRInviteBox {
    std::optional<crypto::BoxSecret> _secret;
    std::vector<crypto::VerifyKey> _servers;
}

- (instancetype)initWithDirectory:(NSURL*)directory
                       verifyKeys:(NSArray<NSString*>*)verifyKeys
                            error:(NSError* __autoreleasing*)error {
    if (!(self = [super init])) return nil;
    for (NSString* text in verifyKeys) {
        const auto key = crypto::VerifyKey::parse(text.UTF8String);
        if (!key) return CLRFail(error, @"a verify key is not 43 characters of base64url");
        _servers.push_back(*key);
    }
    if (!CLRMakeDirectory(directory, error)) return nil;
    NSURL* file = [directory URLByAppendingPathComponent:@"box.key"];
    if ([[NSFileManager defaultManager] fileExistsAtPath:file.path]) {
        NSData* data = [NSData dataWithContentsOfFile:file.path];
        _secret = crypto::BoxSecret::parse(std::string{static_cast<const char*>(data.bytes), data.length});
        // Not replaced: the server seals to it.
        return _secret ? self : CLRFail(error, @"box.key is damaged or cannot be read");
    }
    _secret = crypto::BoxSecret::generate();
    const auto text = _secret->reveal_text();
    return CLRWriteUnprotected([NSData dataWithBytes:text.data() length:text.size()], file, error) ? self : nil;
}

- (NSString*)publicKey {
    return @(_secret->box_public().text().c_str());
}

- (NSString*)openInvite:(NSString*)ccParam fault:(NSString* __autoreleasing*)fault {
    const std::string text = ccParam.UTF8String;
    const auto json = crypto::open_invite(text, &*_secret, _servers);
    if (json) return @(json->c_str());
    *fault = fault_of(json.error());
    return nil;
}

@end
