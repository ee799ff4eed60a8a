/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#import <dispatch/dispatch.h>

@protocol OS_nw_path_monitor <NSObject>
@end
@protocol OS_nw_path <NSObject>
@end
typedef NSObject<OS_nw_path_monitor>* nw_path_monitor_t;
typedef NSObject<OS_nw_path>* nw_path_t;
typedef enum { nw_path_status_invalid = 0, nw_path_status_satisfied = 1 } nw_path_status_t;

extern "C" {
nw_path_monitor_t nw_path_monitor_create(void) NS_RETURNS_RETAINED;
void nw_path_monitor_set_queue(nw_path_monitor_t monitor, dispatch_queue_t queue);
void nw_path_monitor_set_update_handler(nw_path_monitor_t monitor, void (^handler)(nw_path_t path));
void nw_path_monitor_start(nw_path_monitor_t monitor);
void nw_path_monitor_cancel(nw_path_monitor_t monitor);
nw_path_status_t nw_path_get_status(nw_path_t path);
}
