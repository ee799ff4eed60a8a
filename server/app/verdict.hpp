// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>

#include "core/routing/routing.hpp"
#include "server/ports/store.hpp"

namespace clarion::server {

/// One or more sentences for people: how the call went, and for each device that did not ring or whose word is missing,
/// why. Pure. Names no person and repeats no token; ids of devices and users only.
///
///     "bob's bob-phone (android) answered after 2.3 s. bob-ipad (ios): stopped, answered elsewhere."
///     "Nobody answered within 60 s. bob-phone (ios) did not ring: push refused, APNs: 410 Unregistered."
[[nodiscard]] std::string verdict(const routing::CallDocument& call, std::span<const TraceStep> steps);

}  // namespace clarion::server
