/* SPDX-License-Identifier: Apache-2.0 */
/* What GNUstep includes for blocks, from Debian's libblocksruntime. */
#pragma once
#include <Block.h>
