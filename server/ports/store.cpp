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

std::vector<const PushEndpoint*> endpoints_of(const DeviceRecord& device) {
    std::vector<const PushEndpoint*> all;
    if (device.push) all.push_back(&*device.push);
    for (const PushEndpoint& one : device.push_more) all.push_back(&one);
    return all;
}

}  // namespace clarion::server
