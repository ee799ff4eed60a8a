/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#import <Intents/Intents.h>

@interface INPersonHandle ()
- (instancetype)initWithLabValue:(NSString*)value;
@end
@interface INPerson ()
- (instancetype)initWithLabHandle:(NSString*)handle;
@end
@interface INStartCallIntent ()
- (instancetype)initWithLabHandle:(NSString*)handle capability:(INCallCapability)capability;
@end
@interface INInteraction ()
- (instancetype)initWithLabIntent:(INIntent*)intent;
@end

/// An activity as Recents and Siri send it.
@interface LabActivity : NSUserActivity
- (instancetype)initWithIntent:(INIntent*)intent;
@end
