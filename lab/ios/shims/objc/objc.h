/* SPDX-License-Identifier: Apache-2.0 */
/* GCC's header with YES, NO and nil as Apple's have them: ARC's literals, and a nil that any pointer takes. */
#pragma once
#include_next <objc/objc.h>
#undef YES
#undef NO
#undef nil
#define YES __objc_yes
#define NO __objc_no
#if defined(__cplusplus)
#define nil nullptr
#else
#define nil ((id)0)
#endif
