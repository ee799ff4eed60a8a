/* SPDX-License-Identifier: Apache-2.0 */
/* GNUstep's Foundation and the parts of Apple's that it lacks: sessions with WebSockets, file protection, activities.
 */
#pragma once
#include_next <Foundation/Foundation.h>

#include "lab/ios/shims/foundation_extras.h"
