// SPDX-License-Identifier: Apache-2.0
#include "server/ports/store.hpp"

namespace clarion::server {

std::string_view name_of(StoreFault fault) {
    switch (fault) {
        case StoreFault::exists: return "exists";
        case StoreFault::crossed: return "crossed";
        case StoreFault::conflict: return "conflict";
        case StoreFault::full: return "full";
        case StoreFault::locked: return "locked";
        case StoreFault::corrupt: return "corrupt";
        case StoreFault::newer: return "newer";
        case StoreFault::unavailable: return "unavailable";
    }
    return "unavailable";
}

}  // namespace clarion::server
