// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "sdk/media/media.hpp"

namespace clarion::lab {

struct IPhoneOptions {
    std::string state_directory;  // The app's: device.json by `clarion device add`, box.key, journal.
    std::string push_token;       // What PushKit gives to the app, in hex. Empty: nothing.
    int system_fd = -1;           // Where the rest of the phone is (lab/phone).
    bool installs = false;        // Only makes the app's key, then leaves.
    bool is_alone = false;        // A voice service of the app's own: the call screen alone, no server, no keys.
    bool is_verbose = false;
    int die_at = 0;  // The first process of these files dies at its so many-th call to the system; 0: it lives.
    media::LegOptions voice;
};

/// The process of an app on an iPhone: the shell of sdk/ios over the lab's frameworks, in real time. Returns its exit
/// status; the end of `system_fd` is the system's SIGKILL.
[[nodiscard]] int run_iphone(const IPhoneOptions& options);

}  // namespace clarion::lab
