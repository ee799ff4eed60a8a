/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <stdint.h>

typedef const struct opaqueCMFormatDescription* CMFormatDescriptionRef;
typedef struct {
    int32_t width;
    int32_t height;
} CMVideoDimensions;

#ifdef __cplusplus
extern "C"
#endif
    CMVideoDimensions
    CMVideoFormatDescriptionGetDimensions(CMFormatDescriptionRef videoDesc);
