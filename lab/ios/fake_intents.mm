/* SPDX-License-Identifier: Apache-2.0 */
#import "lab/ios/fake_intents.h"

@implementation INPersonHandle
- (instancetype)initWithLabValue:(NSString*)value {
    if ((self = [super init])) _value = [value copy];
    return self;
}
@end

@implementation INPerson
- (instancetype)initWithLabHandle:(NSString*)handle {
    if ((self = [super init])) _personHandle = [[INPersonHandle alloc] initWithLabValue:handle];
    return self;
}
@end

@implementation INIntent
@end

@implementation INStartCallIntent
- (instancetype)initWithLabHandle:(NSString*)handle capability:(INCallCapability)capability {
    if ((self = [super init])) {
        _contacts = @[ [[INPerson alloc] initWithLabHandle:handle] ];
        _callCapability = capability;
    }
    return self;
}
@end

@implementation INInteraction
- (instancetype)initWithLabIntent:(INIntent*)intent {
    if ((self = [super init])) _intent = intent;
    return self;
}
@end

@implementation NSUserActivity (ClarionShim)
- (INInteraction*)interaction {
    return nil;
}
@end

@implementation LabActivity {
    INInteraction* _interaction;
}
- (instancetype)initWithIntent:(INIntent*)intent {
    if ((self = [super init])) _interaction = [[INInteraction alloc] initWithLabIntent:intent];
    return self;
}
- (INInteraction*)interaction {
    return _interaction;
}
@end
