/* SPDX-License-Identifier: Apache-2.0 */
#import <Intents/Intents.h>

#import "CLRRoom.h"

NS_ASSUME_NONNULL_BEGIN

/// The fact in an activity that starts a call: Recents, Siri, contacts (IOS-CK-21). nil: another activity.
CLRMessage* _Nullable CLRRedialOf(NSUserActivity* activity);

NS_ASSUME_NONNULL_END
