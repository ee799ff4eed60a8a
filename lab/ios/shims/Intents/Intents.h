/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#import <Foundation/Foundation.h>

NS_ASSUME_NONNULL_BEGIN

typedef NS_ENUM(NSInteger, INCallCapability) {
    INCallCapabilityUnknown = 0,
    INCallCapabilityAudioCall = 1,
    INCallCapabilityVideoCall = 2,
};

@interface INPersonHandle : NSObject
@property(readonly, copy, nullable) NSString* value;
@end

@interface INPerson : NSObject
@property(readonly, copy, nullable) INPersonHandle* personHandle;
@end

@interface INIntent : NSObject
@end

@interface INStartCallIntent : INIntent
@property(readonly, copy, nullable) NSArray<INPerson*>* contacts;
@property(readonly) INCallCapability callCapability;
@end

@interface INInteraction : NSObject
@property(readonly, copy) INIntent* intent;
@end

@interface NSUserActivity (ClarionShim)
@property(readonly, nullable) INInteraction* interaction;
@end

NS_ASSUME_NONNULL_END
