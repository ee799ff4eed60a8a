/* SPDX-License-Identifier: Apache-2.0 */
/* The names of libdispatch that the shell uses. The lab has a queue of its own (lab_system.mm) and implements none. */
#pragma once
#import <Foundation/NSObject.h>
#include <stdint.h>

@protocol OS_dispatch_queue <NSObject>
@end
@protocol OS_dispatch_queue_attr <NSObject>
@end
@protocol OS_dispatch_source <NSObject>
@end
typedef NSObject<OS_dispatch_queue>* dispatch_queue_t;
typedef NSObject<OS_dispatch_queue_attr>* dispatch_queue_attr_t;
typedef NSObject<OS_dispatch_source>* dispatch_source_t;
typedef uint64_t dispatch_time_t;
typedef const void* dispatch_source_type_t;

#define NSEC_PER_MSEC 1000000ull
#define DISPATCH_TIME_FOREVER (~0ull)
#define DISPATCH_QUEUE_SERIAL ((dispatch_queue_attr_t)nil)
#define QOS_CLASS_USER_INITIATED 0x19
#define DISPATCH_SOURCE_TYPE_TIMER (&dispatch_source_type_timer)

extern "C" {
extern const int dispatch_source_type_timer;
dispatch_queue_attr_t dispatch_queue_attr_make_with_qos_class(
    dispatch_queue_attr_t attribute, unsigned qos, int priority
);
dispatch_queue_t dispatch_queue_create(const char* label, dispatch_queue_attr_t attribute);
dispatch_queue_t dispatch_get_main_queue(void);
void dispatch_after(dispatch_time_t when, dispatch_queue_t queue, void (^block)(void));
void dispatch_async(dispatch_queue_t queue, void (^block)(void));
dispatch_time_t dispatch_walltime(const struct timespec* when, int64_t delta);
dispatch_source_t dispatch_source_create(
    dispatch_source_type_t type, uintptr_t handle, uintptr_t mask, dispatch_queue_t queue
);
void dispatch_source_set_timer(dispatch_source_t source, dispatch_time_t start, uint64_t interval, uint64_t leeway);
void dispatch_source_set_event_handler(dispatch_source_t source, void (^handler)(void));
void dispatch_source_cancel(dispatch_source_t source);
void dispatch_resume(dispatch_source_t source);
}
