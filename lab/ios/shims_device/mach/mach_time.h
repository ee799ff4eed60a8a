/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <stddef.h>
#include <stdint.h>

struct mach_timebase_info_data_t {
    uint32_t numer;
    uint32_t denom;
};
extern "C" int mach_timebase_info(mach_timebase_info_data_t* info);
extern "C" uint64_t mach_continuous_time(void);
