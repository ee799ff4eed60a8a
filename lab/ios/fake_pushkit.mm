/* SPDX-License-Identifier: Apache-2.0 */
#import "lab/ios/iphone.h"

using clarion::lab::IPhone;

const PKPushType PKPushTypeVoIP = @"PKPushTypeVoIP";

@implementation PKPushCredentials
- (instancetype)initWithLabToken:(NSData*)token {
    if ((self = [super init])) {
        _type = PKPushTypeVoIP;
        _token = token;
    }
    return self;
}
@end

@implementation PKPushPayload
- (instancetype)initWithLabPayload:(NSDictionary*)payload {
    if ((self = [super init])) {
        _type = PKPushTypeVoIP;
        _dictionaryPayload = payload;
    }
    return self;
}
@end

@implementation PKVoIPPushMetadata
- (instancetype)initWithLabMustReport:(BOOL)mustReport {
    if ((self = [super init])) _mustReport = mustReport;
    return self;
}
@end

@implementation PKPushRegistry
- (instancetype)initWithQueue:(dispatch_queue_t)queue {
    if (!(self = [super init])) return nil;
    auto& phone = IPhone::current();
    if (phone.enters(phone.generation())) phone.registry = self;
    return self;
}
- (void)setDesiredPushTypes:(NSSet<PKPushType>*)types {
    _desiredPushTypes = [types copy];
    IPhone::current().registry_is_ready();
}
@end
