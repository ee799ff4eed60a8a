/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <stddef.h>

extern "C" int sysctlbyname(const char* name, void* old, size_t* old_length, void* fresh, size_t fresh_length);
