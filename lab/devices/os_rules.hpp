// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/time.hpp"

namespace clarion::lab {

/// Numbers of the rules. "Knob" marks what Apple and Google do not document; the default is what was observed.
/// Every virtual phone has them from here: lab/devices, lab/world, lab/ios. Rule ids: docs/rules/.
struct OsRules {
    Duration push_hard_kill{7'000};           // IOS-PK-03: about 7 s after delivery.
    unsigned push_failures_before_block = 3;  // IOS-PK-04, knob.
    Duration action_timeout{10'000};          // IOS-CK-09, knob.
    Duration background_grace{30'000};        // IOS-PK-19, knob: after the last call.
    Duration push_window{20'000};             // AND-FCM-04: what onMessageReceived gets.
    Duration fgs_exemption{10'000};  // AND-FGS-03, knob: a service may start so long after a high-priority push.
    Duration tap_exemption{5'000};   // AND-BAL-01, knob: and so long after a tap.
};

}  // namespace clarion::lab
