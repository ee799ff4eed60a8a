/* SPDX-License-Identifier: Apache-2.0 */
/* GCC's header without its inline object_getClass, which reads a member that ARC does not allow to read. */
#pragma once
#include <objc/objc.h>
#define object_getClass(x) gcc_object_getClass(struct objc_object* object)
#include_next <objc/runtime.h>
#undef object_getClass
static inline Class object_getClass(id o) { return gcc_object_getClass((__bridge struct objc_object*)o); }
