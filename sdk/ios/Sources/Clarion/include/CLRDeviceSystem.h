/* SPDX-License-Identifier: Apache-2.0 */
#import "CLRSystem.h"

NS_ASSUME_NONNULL_BEGIN

/// CLRSystem of a phone: libdispatch, continuous time, background tasks, Network.framework.
@interface CLRDeviceSystem : NSObject <CLRSystem>
@end

NS_ASSUME_NONNULL_END
