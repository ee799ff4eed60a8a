// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <map>

#include "lab/devices/device_os.hpp"

namespace clarion::lab {

struct DemoOptions {
    std::filesystem::path clariond;
    std::filesystem::path clarion;
    std::map<Platform, std::filesystem::path> shells;  // Bob's phones run these; without one, the native client.
    std::filesystem::path directory;  // Empty: a temporary one, removed at the end unless something failed.
    bool stay = false;                // Leave everything running until Ctrl-C.
    bool color = false;
};

/// Alice calls Bob, whose two phones sleep: the product's main job, on real input, checked by itself.
/// Returns the exit code of the process: 0 only when everything that was promised happened.
[[nodiscard]] int run_demo(const DemoOptions& options);

}  // namespace clarion::lab
