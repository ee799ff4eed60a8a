// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace clarion::callui {

/// Why an input was refused. A refused input changed nothing.
enum class InputError : std::uint8_t {
    undrained,       // Outputs wait: poll them first. A bug of the shell.
    time_went_back,  // `now` is before the last one. A bug of the shell: use a clock that counts in sleep.
    unknown_call,    // No such call: normal for a late tap or message; do nothing.
    wrong_state,     // The call cannot do that now; do nothing.
    duplicate_call,  // The id is in use by another call of this device.
    too_many_calls,  // kCallsMax calls (kRecordsMax for callui alone).
    bad_input,       // A field is out of its limits.
};

enum class RestoreError : std::uint8_t { unknown_version, damaged };

}  // namespace clarion::callui
