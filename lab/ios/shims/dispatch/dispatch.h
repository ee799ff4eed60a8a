/* SPDX-License-Identifier: Apache-2.0 */
/* The names of libdispatch that the shell uses. The lab has a queue of its own (lab/ios/lab_system.h) and implements
 * none. */
#pragma once
#import <Foundation/NSObject.h>
#include <stdint.h>

@protocol OS_dispatch_queue <NSObject>
@end
@protocol OS_dispatch_source <NSObject>
@end
typedef NSObject<OS_dispatch_queue>* dispatch_queue_t;
typedef NSObject<OS_dispatch_source>* dispatch_source_t;
