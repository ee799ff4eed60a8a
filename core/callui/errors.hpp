// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <utility>

namespace clarion::callui {

/// Why an input was refused. A refused input changed nothing.
struct InputError {
    enum Code : std::uint8_t {
        undrained,       // Outputs wait: poll them first. A bug of the shell.
        time_went_back,  // `now` is before the last one. A bug of the shell: use a clock that counts in sleep.
        unknown_call,    // No such call: normal for a late tap or message; do nothing.
        wrong_state,     // The call cannot do that now; do nothing. `field` may say what stands in the way.
        duplicate_call,  // The id is in use by another call of this device.
        too_many_calls,  // kCallsMax calls (kRecordsMax for callui alone).
        bad_input,       // A field is out of its limits; `field` names it. A bug of whoever made the input.
    };

    Code code = bad_input;
    std::string field;  // "style.android.text_color", "digits"; empty where no single field is to blame.

    // Implicit: an error is one word wherever nobody asks for more, and can be switched over.
    InputError(Code why) : code{why} {}  // NOLINT(google-explicit-constructor)
    InputError(Code why, std::string what) : code{why}, field{std::move(what)} {}
    operator Code() const { return code; }  // NOLINT(google-explicit-constructor)

    // What went wrong is the error; the field only helps to find it.
    friend bool operator==(const InputError& a, const InputError& b) { return a.code == b.code; }
    friend bool operator==(const InputError& a, Code b) { return a.code == b; }
};

enum class RestoreError : std::uint8_t { unknown_version, damaged };

}  // namespace clarion::callui
